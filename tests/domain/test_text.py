"""What people said is kept to the letter; only what nothing can carry is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pessdesk.domain.errors import InputRefused
from pessdesk.domain.text import MAX_NAME, MAX_TEXT, check_line, check_text, fold, require


@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), max_size=200))
def test_words_are_kept_to_the_letter(text: str) -> None:
    assert check_text(text, "text") == text


@pytest.mark.parametrize(
    "text", ["dues\nlínies", "a\r\nb", "tab\tulat", "  espais  ", "l’hort «tot» 👩‍🌾", "שלום \u200f", "é vs é"]
)
def test_line_ends_spaces_and_typography_stay(text: str) -> None:
    assert check_text(text, "text") == text


@pytest.mark.parametrize("bad", ["\x00", "\x07", "\x1b", "\x7f", "\ud800", "\udfff", "\uffff"])
def test_what_nothing_can_carry_is_refused_with_its_place(bad: str) -> None:
    for check in (check_text, check_line):
        with pytest.raises(InputRefused) as caught:
            check(f"ab{bad}c", "text")
        assert caught.value.code == "text-control-character"
        assert caught.value.facts == {"field": "text", "character": f"U+{ord(bad):04X}", "position": 3}


@pytest.mark.parametrize("bad", ["\n", "\r", "\t", "\u2028", "\u2029"])
def test_a_line_is_one_line(bad: str) -> None:
    with pytest.raises(InputRefused):
        check_line(f"a{bad}b", "title")


def test_length_is_counted_in_characters() -> None:
    assert check_text("é" * MAX_TEXT, "text")
    assert check_line("👩" * MAX_NAME, "title")
    for check, limit in ((check_text, MAX_TEXT), (check_line, MAX_NAME)):
        with pytest.raises(InputRefused) as caught:
            check("a" * (limit + 1), "text")
        assert caught.value.facts == {"field": "text", "length": limit + 1, "limit": limit}


def test_blank_is_missing() -> None:
    for blank in ("", " ", "\n\t", "\u00a0"):
        with pytest.raises(InputRefused) as caught:
            require(blank, "text")
        assert caught.value.code == "text-missing"


@pytest.mark.parametrize(
    ("written", "searched"),
    [
        ("Col·legi", "collegi"),
        ("COĿLEGI", "collegi"),
        ("col‧legi", "COL·LEGI"),
        ("Vilafranca", "vilafranca"),
        ("l’Hospitalet", "l hospitalet"),
        ("Sant Cugat—centre", "sant cugat centre"),
        ("Àrea  Ü", "area u"),
        ("e\u0301", "é"),
        ("№ 5", "no 5"),
        ("snake_case", "snake case"),
    ],
)
def test_what_a_person_types_finds_what_was_written(written: str, searched: str) -> None:
    assert fold(written) == fold(searched)


@given(st.text(max_size=60))
def test_folding_leaves_no_space_at_the_ends_and_none_doubled(text: str) -> None:
    folded = fold(text)
    assert folded == " ".join(folded.split())
