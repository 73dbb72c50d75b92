"""Places by code and by name."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pessdesk.domain.errors import InputRefused
from pessdesk.domain.text import fold
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


WORDS = [(row["code"], row["name"], row["name_indexed"]) for row in Territory(FOLDER)._rows("municipalities.csv")]


def test_there_are_947() -> None:
    assert len(WORDS) == 947


@given(place=st.sampled_from(WORDS), letters=st.integers(min_value=2, max_value=60))
def test_law_every_municipality_is_found_by_its_first_letters(
    place: tuple[str, str, str], letters: int, territory: Territory
) -> None:
    """With its article and without, with accents and without, however many letters are typed."""
    code, said, indexed = place
    for name in (said, indexed, indexed.partition(",")[0]):
        for typed in (name[:letters], fold(name)[:letters], name[:letters].upper()):
            found = [one.code for one in territory.places(typed, 947)]
            if len(fold(typed)) > 1:
                assert code in found, typed


@given(place=st.sampled_from(WORDS))
def test_law_a_whole_name_is_offered_first(place: tuple[str, str, str], territory: Territory) -> None:
    """Enter takes the first: who has typed a whole name means that place (or the other one of the same name)."""
    code, said, _ = place
    first = territory.places(said, 1)[0]
    assert first.code == code or fold(first.name) == fold(said)


@pytest.mark.parametrize("typed", ["se", "seu", "la seu", "La Seu", "seu d'u", "SEU D’URGELL"])
def test_la_seu_by_what_people_type(typed: str, territory: Territory) -> None:
    assert "252038" in [place.code for place in territory.places(typed, 30)]


def test_names_that_begin_so_come_before_those_that_hold_it(territory: Territory) -> None:
    names = [place.name for place in territory.places("sol", 947)]
    assert names[:3] == ["el Soleràs", "Solivella", "Solsona"]
    assert "Gósol" in names[3:]


def test_nothing_typed_offers_nothing(territory: Territory) -> None:
    assert territory.places("", 30) == territory.places(" · ", 30) == []
