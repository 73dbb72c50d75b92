"""What the fault tests share: the ledger, the ground, the crowd, the layer, and how often each thing is done.

PESSDESK_TORTURE=N multiplies: the kill loops then kill N times, and power cuts grow with it. PESSDESK_LEDGER names the
file that keeps what was counted, from which `make torture` writes docs/durability.md. PESSDESK_SEED chooses other chances.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults import shim
from tests.faults.crowd import Crowd
from tests.faults.ground import Ground, make_ground, warm_up
from tests.faults.ledger import Entry, Ledger

USUAL = 200
"""Kills of chance in `make test`."""
BY_CASES = {"test_clock": 14, "test_names": 15, "test_text": 16}
TORTURE = int(os.environ.get("PESSDESK_TORTURE", "0"))
SEED = int(os.environ.get("PESSDESK_SEED", "1"))


STRIDE = 1 if TORTURE else 4
"""`make test` kills before every fourth statement where `make torture` does before each; autosave is killed before each in both."""


def often(usual: int) -> int:
    """How often something is done that `make test` does `usual` times."""
    return usual * max(TORTURE, USUAL) // USUAL


@pytest.fixture(scope="session")
def ledger_of_all() -> Iterator[Ledger]:
    made = Ledger()
    yield made
    if path := os.environ.get("PESSDESK_LEDGER"):
        made.keep(Path(path))


@pytest.fixture
def ledger(ledger_of_all: Ledger, request: pytest.FixtureRequest) -> Callable[..., None]:
    """Enters what this test counted: `ledger(fault, what, repetitions=…, acknowledged=…, lost=…, caught=…)`."""

    def enter(fault: int, what: str, **counted: int) -> None:
        file = request.node.path.relative_to(Path(__file__).parents[2])
        ledger_of_all.enter(Entry(fault, f"{file}::{request.node.originalname}", what, **counted))

    return enter


@pytest.fixture(autouse=True)
def _by_cases(request: pytest.FixtureRequest, ledger_of_all: Ledger) -> Iterator[None]:
    """Tests of faults that are cases, not chances, say what they do by their names, and count their cases."""
    yield
    if fault := BY_CASES.get(request.path.stem):
        name = request.node.originalname
        if fault == 14 and "clock" in name:
            fault = 13
        words = name.removeprefix("test_").replace("_", " ")
        ledger_of_all.enter(Entry(fault, f"tests/faults/{request.path.name}::{name}", words, repetitions=1))


@pytest.fixture(scope="session")
def scratch() -> Iterator[Path]:
    """A folder for thousands of copies: in memory where there is such a place."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None, prefix="pessdesk-") as folder:
        yield Path(folder).resolve()


@pytest.fixture(scope="session")
def ground(scratch: Path) -> Ground:
    return make_ground(scratch / "ground")


@pytest.fixture(scope="session")
def crowd() -> Iterator[Crowd]:
    if not sys.platform.startswith("linux"):
        pytest.skip(f"the processes that are killed are forked, which is done on Linux; this is {sys.platform}")
    with Crowd(warm_up, talk=bool(TORTURE)) as workers:
        yield workers


@pytest.fixture(scope="session")
def layer(scratch: Path) -> Path:
    """The library that records and fails calls."""
    if reason := shim.why_not():
        pytest.skip(reason)
    return shim.build(scratch)
