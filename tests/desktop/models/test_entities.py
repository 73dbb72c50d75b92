"""Two letters find an entity."""

from __future__ import annotations

import pytest

from pessdesk.desktop.models.entities import called, matching
from tests.desktop.models.builders import entity

REGISTER = [
    entity("Ajuntament de Solsona"), entity("Càritas Diocesana", "Càritas"), entity("Casal de gent gran"),
    entity("Fundació Càritas Joves"), entity("Col·legi de Treball Social", "TSC"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("c", []),
        ("ca", ["Càritas Diocesana", "Casal de gent gran", "Fundació Càritas Joves"]),
        ("CARITAS", ["Càritas Diocesana", "Fundació Càritas Joves"]),
        ("collegi", ["Col·legi de Treball Social"]),
        ("TSC", ["Col·legi de Treball Social"]),
        ("zz", []),
    ],
)
def test_by_two_letters_of_a_name_or_another_name(typed: str, found: list[str]) -> None:
    assert [row.name for row in matching(REGISTER, typed)] == found


def test_by_its_whole_name() -> None:
    assert called(REGISTER, "caritas") is REGISTER[1]
    assert called(REGISTER, "carita") is None
