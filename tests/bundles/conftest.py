from __future__ import annotations

import pytest

from tests.bundles.craft import Kit


@pytest.fixture(scope="session")
def kit() -> Kit:
    return Kit()


@pytest.fixture(scope="session")
def honest(kit: Kit) -> bytes:
    return kit.honest().build()
