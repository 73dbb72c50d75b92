"""The base document on screen: codes, levers, and finding a line by what somebody remembers of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pessdesk.application.screens import NodeRow, Tree
from pessdesk.desktop.models.lines import LineBook
from pessdesk.desktop.words import WORDS
from pessdesk.storage.reading import open_reading
from tests.desktop.conftest import PROGRAMME


@pytest.fixture
def book(home: Path) -> LineBook:
    look = open_reading(home)
    assert look is not None
    try:
        return LineBook(look.tree())
    finally:
        look.close()


def node(id_: str, parent: str = "", kind: str = "line", code: str = "", title: str = "Títol") -> NodeRow:
    return NodeRow(id_, parent, kind, code, 0, {"ca": title, "es": f"{title} (es)"}, {})


def test_the_demonstrations_document(book: LineBook) -> None:
    document = json.loads((PROGRAMME / "base_document.json").read_text(encoding="utf-8"))
    assert book.version == document["version"]
    assert book.levers and all(lever.kind == "lever" for lever in book.levers)
    assert [book.lever_number(lever.id) for lever in book.levers] == list(range(1, len(book.levers) + 1))
    assert "plan" not in {one.kind for one in book.pointable}
    for one in book.pointable:
        assert book.lever(one.id) in {lever.id for lever in book.levers}
        assert book.lever_number(one.id) > 0
        assert one.code in book.named(one.id)
        if one.code:
            assert book.by_code(one.code) == book.by_code(one.code.upper()) == one.id


def test_every_line_is_found_by_its_code_and_by_its_title(book: LineBook) -> None:
    for one in book.pointable:
        if one.code:
            assert one.id in [found.id for found in book.matching(one.code)]
        assert one.id in [found.id for found in book.matching(one.title["ca"])]
        assert one.id in [found.id for found in book.matching(one.title["ca"].upper())]
        assert one.id in [found.id for found in book.matching(" ".join(reversed(one.title["ca"].split())))]


def test_codes_stand_before_words() -> None:
    book = LineBook(Tree("v", (node("a", code="1", title="Dos"), node("b", code="2", title="Punt 1"))))
    assert [found.id for found in book.matching("1")] == ["a", "b"]
    assert [found.id for found in book.matching("punt")] == ["b"]
    assert [found.id for found in book.matching("…")] == []
    assert [found.id for found in book.matching("  ")] == ["a", "b"]


def test_a_line_of_another_version_shows_as_itself() -> None:
    book = LineBook(Tree("v", (node("a", code="1"),)))
    assert book.code("L9-9") == book.title("L9-9") == book.named("L9-9") == "L9-9"
    assert (book.lever("L9-9"), book.lever_number("L9-9"), book.node("L9-9")) == ("", 0, None)


def test_titles_in_the_language_of_the_screen(dressed: object) -> None:
    book = LineBook(Tree("v", (node("a", code="1"),)))
    assert book.named("a") == "1 Títol"
    WORDS.use("es")
    assert book.named("a") == "1 Títol (es)"
    WORDS.use("en")
    assert book.named("a") == "1 Títol", "what has no English is said in Catalan"


def test_without_a_programme_there_is_nothing_to_point_to() -> None:
    book = LineBook(Tree("", ()))
    assert (book.levers, book.pointable, book.matching("x"), book.by_code("1")) == ([], [], [], "")


def test_a_document_without_a_plan_above_its_levers() -> None:
    book = LineBook(
        Tree("v", (node("a", kind="lever", code="A"), node("b", "a", code="A.1"), node("c", "gone", code="C")))
    )
    assert [lever.id for lever in book.levers] == ["a"]
    assert book.lever("b") == "a" and book.lever_number("b") == 1
    assert book.lever("c") == "", "a line whose parent never came"
