"""Fault 16: what somebody writes comes back the same, or is refused at entry with the reason, wherever it is written."""

# ruff: noqa: F811 - fixtures of the window

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication

from pessdesk.desktop.widgets.plain_text import LONGEST_WORD
from pessdesk.domain.errors import InputRefused
from pessdesk.domain.text import MAX_TEXT
from tests.desktop.conftest import (  # noqa: F401 - fixtures
    Desktop,
    Laptop,
    _as_it_was,
    _template,
    dressed,
    home,
    laptop,
    open_desktop,
    program,
    workshop,
)

SAME = {
    "geminated l": "El col·legi, l'al·lota i la ŀlum", "right to left": "مرحبا بكم في ورشة العمل 2026",
    "both ways": "abans \u202bשלום\u202c després", "letters of two parts": unicodedata.normalize("NFD", "àèéíòóú ç ñ"),
    "emoji": "👩‍👩‍👧‍👦 🏳️‍🌈 i prou", "no-break spaces": "10\u00a0000\u202f€", "markup": "<b>no</b> &amp; «sí» {x} %s",
    "a formula": "=1+1", "as long as may be": "à" * MAX_TEXT, "lines": "una\ndues\n\nquatre", "a tab": "a\tb",
}  # fmt: skip
REFUSED = {
    "nothing": ("a\x00b", "text-control-character"), "escape": ("\x1b[31mvermell", "text-control-character"),
    "a megabyte": ("paraula " * 125_000, "text-too-long"), "a word of a megabyte": ("m" * 1_000_000, "text-too-long"),
}  # fmt: skip


def code_of(laptop: Laptop) -> str:
    return str(next(row["code"] for row in laptop.ok("workshop", "list")[0] if row["title"] == "Taller obert"))


def sheet(path: Path, text: str) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([["text"], [text]])
    return path


def said(laptop: Laptop) -> list[str]:
    """Everything that was said, exactly."""
    from pessdesk.storage.reading import open_reading

    reading = open_reading(laptop.folder)
    assert reading is not None
    try:
        return [row.text for place in reading.workshops() for row in reading.contributions(place.record, "", 1000)]
    finally:
        reading.close()


# From a terminal and a spreadsheet


@pytest.mark.parametrize("text", [*SAME.values(), "a\r\nb", "a\rb"], ids=[*SAME, "CRLF", "CR"])
def test_a_spreadsheet_and_a_command_keep_it_letter_by_letter(laptop: Laptop, tmp_path: Path, text: str) -> None:
    laptop.ok("record", "--workshop", code_of(laptop), sheet(tmp_path / "one.csv", text))
    assert said(laptop) == [text]
    code = laptop.ok("record", "--workshop", code_of(laptop), sheet(tmp_path / "two.csv", "x"))[0]["code"]
    laptop.ok("edit", code, "--text", text)
    assert said(laptop) == [text, text]


@pytest.mark.parametrize(("text", "code"), REFUSED.values(), ids=REFUSED)
def test_a_spreadsheet_and_a_command_say_why_not(laptop: Laptop, tmp_path: Path, text: str, code: str) -> None:
    recorded = laptop.ok("record", "--workshop", code_of(laptop), sheet(tmp_path / "one.csv", "Hola"))[0]["code"]
    refused = laptop("record", "--workshop", code_of(laptop), sheet(tmp_path / "two.csv", text))
    assert refused.code in (2, 5), refused.err
    if "rows" in refused.trouble:
        assert refused.trouble["rows"][0]["code"] == code
    edited = laptop("edit", recorded, "--text", text)
    assert (edited.code, edited.trouble["error"]) == (5, code)
    assert said(laptop) == ["Hola"]


def test_half_of_a_letter_is_refused(laptop: Laptop, tmp_path: Path) -> None:
    """As a terminal gives a byte that is no UTF-8."""
    code = laptop.ok("record", "--workshop", code_of(laptop), sheet(tmp_path / "one.csv", "Hola"))[0]["code"]
    refused = laptop("edit", code, "--text", "Hol\udcff")
    assert (refused.code, refused.trouble["error"]) == (5, "text-control-character")


# In the window


def paste(desktop: Desktop, words: str) -> None:
    QGuiApplication.clipboard().setText(words)
    desktop.press("Ctrl+V")


@pytest.mark.parametrize("text", [*SAME.values(), "a\r\nb"], ids=[*SAME, "CRLF"])
def test_the_capture_line_and_a_change_keep_it(
    home: Path,
    workshop: str,
    open_desktop: Callable[[Path], Desktop],
    text: str,
) -> None:
    """A line break is a line break, however the other program wrote it."""
    desktop = open_desktop(home)
    screen = desktop.go("workshop", workshop=workshop)
    expected = text.replace("\r\n", "\n")
    paste(desktop, text)
    desktop.press("Return")
    desktop.settle()
    assert [row.text for row in screen.model.rows] == [expected]
    desktop.type("x")
    desktop.press("Return")
    desktop.settle()
    screen.list.setCurrentIndex(screen.model.index(0))
    screen.detail.text.setFocus()
    desktop.press("Ctrl+A")
    paste(desktop, text)
    desktop.press("Ctrl+Return")
    desktop.settle()
    assert [row.text for row in screen.model.rows] == [expected, expected]
    desktop.window.close()
    assert said(Laptop(home)) == [expected, expected]


@pytest.mark.parametrize(("text", "code"), REFUSED.values(), ids=REFUSED)
def test_the_window_says_why_not_and_keeps_what_was_written(
    home: Path,
    workshop: str,
    open_desktop: Callable[[Path], Desktop],
    text: str,
    code: str,
) -> None:
    desktop = open_desktop(home)
    screen = desktop.go("workshop", workshop=workshop)
    paste(desktop, text)
    there = screen.line.text.words()
    if " " not in text and len(text) > LONGEST_WORD:
        assert not there and "1000000" in screen.line.wrong.text().replace(".", "")
        return
    desktop.press("Return")
    desktop.settle()
    if there == text:
        assert screen.line.wrong.isVisible() and not screen.model.rows
        assert screen.line.text.words().strip("\n") == text.strip("\n")
        desktop.window.close()
        screen = open_desktop(home).go("workshop", workshop=workshop)
        assert screen.line.text.words().strip("\n") == text.strip("\n"), "after a restart it is there again"
    else:  # Qt takes such letters out when they are pasted: they were never there
        assert set(text) - set(there) and [row.text for row in screen.model.rows] == [there]


def test_the_reason_names_the_letter_and_its_place() -> None:
    from pessdesk.domain.text import check_text

    with pytest.raises(InputRefused) as refused:
        check_text("ab\x00c", "text")
    assert refused.value.facts == {"field": "text", "character": "U+0000", "position": 3}
