"""Spreadsheets as they come from people."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pessdesk.domain.errors import InputRefused, PessError, UsageRefused
from pessdesk.interchange import spreadsheets
from pessdesk.interchange.spreadsheets import read_sheet, write_sheet

COLUMNS = ("text", "title", "votes")


def write(folder: Path, content: bytes, name: str = "a.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("text\ncol·legi\n".encode(), ""),
        ("text\ncol·legi\n".encode("utf-8-sig"), ""),
        ("text\ncol·legi\n".encode("utf-16"), "utf-16"),
        ("text\ncol·legi\n".encode("cp1252"), "cp1252"),
    ],
)
def test_how_a_csv_was_read_is_told(content: bytes, encoding: str, tmp_path: Path) -> None:
    sheet = read_sheet(write(tmp_path, content), COLUMNS, ("text",))
    assert [dict(row.cells) for row in sheet.rows] == [{"text": "col·legi"}]
    assert sheet.encoding == encoding


def test_rows_have_the_number_that_a_person_sees(tmp_path: Path) -> None:
    content = b'\ntext;title\n\n"two\nlines";b\n;\nlast;\n'
    rows = read_sheet(write(tmp_path, content), COLUMNS, ("text",)).rows
    assert [(row.number, row.cells["text"]) for row in rows] == [(4, "two\nlines"), (7, "last")]


def test_the_text_alone_is_kept_with_its_spaces(tmp_path: Path) -> None:
    row = read_sheet(write(tmp_path, b"text,title\n  a  ,  b  \n"), COLUMNS, ("text",)).rows[0]
    assert row.cells == {"text": "  a  ", "title": "b"}


def test_cells_of_excel_as_they_are_shown(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for cells in (["text", "title", "votes"], ["a", 12, 3.0], ["b", date(2026, 3, 12), 2.5], [True, None, 0]):
        book.active.append(cells)
    book.create_sheet("another").append(["ignored"])
    target = io.BytesIO()
    book.save(target)
    rows = read_sheet(write(tmp_path, target.getvalue(), "a.xlsx"), COLUMNS, ("text",)).rows
    assert [tuple(row.cells.values()) for row in rows] == [
        ("a", "12", "3"),
        ("b", "2026-03-12 00:00:00", "2.5"),
        ("True", "", "0"),
    ]
    renamed = write(tmp_path, target.getvalue(), "a.csv")
    assert len(read_sheet(renamed, COLUMNS, ("text",)).rows) == 3, "an Excel under another name is known by its bytes"


def test_limits_are_said_before_memory_is_spent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, b"text\na\nb\nc\n")
    monkeypatch.setattr(spreadsheets, "MAX_ROWS", 2)
    with pytest.raises(InputRefused, match="sheet-too-long"):
        read_sheet(path, COLUMNS, ("text",))
    monkeypatch.setattr(spreadsheets, "MAX_FILE", 5)
    with pytest.raises(InputRefused, match="sheet-too-big"):
        read_sheet(path, COLUMNS, ("text",))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(UsageRefused):
            read_sheet(path, COLUMNS, ("text",))


@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.xlsx"]))
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes, name: str) -> None:
    try:
        sheet = read_sheet(write(tmp_path, content, name), COLUMNS, ("text",))
    except PessError:
        return
    assert all(set(row.cells) <= set(COLUMNS) for row in sheet.rows)


@given(
    st.lists(st.text(st.characters(exclude_characters="\x00\r", exclude_categories=("Cs",)), min_size=1), min_size=1)
)
def test_what_is_written_as_csv_is_read_again(tmp_path: Path, texts: list[str]) -> None:
    texts = [text for text in texts if text.strip()]
    quoted = "".join('"' + text.replace('"', '""') + '"\n' for text in texts)
    sheet = read_sheet(write(tmp_path, f"text\n{quoted}".encode()), COLUMNS, ("text",))
    assert [row.cells["text"] for row in sheet.rows] == texts


@pytest.mark.parametrize("language", ["ca", "es", "en"])
def test_what_is_written_reads_back(language: str, tmp_path: Path) -> None:
    path = tmp_path / "full.csv"
    said = 'Que el col·legi obri; «sempre», "també" a l\'estiu,\nper a tothom'
    write_sheet(path, [["text", "votes"], [said, "3"]], language)
    sheet = read_sheet(path, COLUMNS, ("text",))
    assert [dict(row.cells) for row in sheet.rows] == [{"text": said, "votes": "3"}]
    assert path.read_bytes().startswith(b"\xef\xbb\xbf"), "without it Excel takes the accents for something else"
