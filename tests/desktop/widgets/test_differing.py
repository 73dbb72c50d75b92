"""The words in which versions differ, and nothing else, are marked."""

from __future__ import annotations

import pytest

from pessdesk.desktop.widgets.differing import marked


@pytest.mark.parametrize(
    ("text", "other", "said"),
    [
        ("un dos tres", "un dos tres", "un dos tres"),
        ("un dos tres", "un tres", "un [dos] tres"),
        ("un dos tres", "quatre cinc", "[un dos tres]"),
        ("col·legi", "col·legis", "col·[legi]"),
        ("  a  b ", "a b c", "  a  b "),
        ("", "a", ""),
        ("a\nb", "a b", "a\nb"),
        ("Hola.", "Hola!", "Hola[.]"),
    ],
)
def test_differing_words_are_marked(text: str, other: str, said: str) -> None:
    pieces = list(marked(text, [other]))
    assert "".join(piece for piece, _ in pieces) == text, "nothing is lost"
    assert "".join(f"[{piece}]" if differs else piece for piece, differs in pieces) == said


def test_very_long_texts_are_compared_whole() -> None:
    long = "paraula " * 5000
    assert list(marked(long, [long + "x"])) != []
