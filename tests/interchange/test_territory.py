"""Places by code and by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from pessdesk.domain.errors import InputRefused
from pessdesk.interchange.territory import Territory

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "territory"


@pytest.fixture(scope="module")
def territory() -> Territory:
    return Territory(FOLDER)


@pytest.mark.parametrize("value", ["04", "Alt Urgell", "alt urgell", "ALT  URGELL", "Alt-Urgell"])
def test_a_comarca(value: str, territory: Territory) -> None:
    assert territory.comarca(value) == "04"
    assert territory.comarca_name("04") == "Alt Urgell"


@pytest.mark.parametrize("value", ["Aran", "Val d'Aran", "era val d’aran", "Valle de Aran", "39"])
def test_aran_by_each_of_its_names(value: str, territory: Territory) -> None:
    assert territory.comarca(value) == "39"


@pytest.mark.parametrize("value", ["252038", "la Seu d'Urgell", "La seu d’urgell", "Seu d'Urgell"])
def test_a_municipality(value: str, territory: Territory) -> None:
    assert territory.municipality(value).code == "252038"
    assert territory.municipality(value).comarca == "04"


@pytest.mark.parametrize("value", ["", "Madrid", "99", "999999", "'; --", "٠٤"])
def test_nowhere(value: str, territory: Territory) -> None:
    with pytest.raises(InputRefused, match="comarca-unknown"):
        territory.comarca(value)
    with pytest.raises(InputRefused, match="municipality-unknown"):
        territory.municipality(value)


def test_every_municipality_lies_in_a_comarca_that_exists(territory: Territory) -> None:
    rows = territory._rows("municipalities.csv")
    assert len(rows) > 900
    for row in rows:
        place = territory.municipality(row["code"])
        assert territory.comarca(place.comarca) == place.comarca
