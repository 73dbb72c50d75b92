"""Reading spreadsheets (CSV, XLSX) as they come from people: any usual encoding and delimiter, blank rows, a BOM.

Gives rows of texts by column. What cannot be read without guessing wrong is refused with its place in the file.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pessdesk.application.record_contributions import SheetRow
from pessdesk.domain.errors import InputRefused, PessError, UsageRefused

MAX_FILE = 512 * 1024**2
MAX_ROWS = 250_000
MAX_CELL = 2 * 1024**2
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A spreadsheet's rows, and how it was read (`encoding` of a CSV that was not UTF-8, for the account)."""

    rows: list[SheetRow]
    encoding: str


def read_sheet(path: Path, columns: Sequence[str], required: Sequence[str]) -> Sheet:
    """The rows of a spreadsheet whose first row names its columns (in any order and case; none may be unknown).

    Raises `UsageRefused` (file cannot be read), `InputRefused` (columns, encoding, size, a cell).
    """
    try:
        size = path.stat().st_size
        if not path.is_file():  # a folder; a pipe would be waited for, with the store held
            raise UsageRefused("file-unreadable", path=str(path), reason="not a file")
        with path.open("rb") as file:
            start = file.read(4)
    except OSError as problem:
        raise UsageRefused("file-unreadable", path=str(path), reason=problem.strerror or "") from problem
    if size == 0:
        raise InputRefused("sheet-empty", path=path.name)
    if size > MAX_FILE:
        raise InputRefused("sheet-too-big", path=path.name, size=size, limit=MAX_FILE)
    encoding = ""
    if start == b"PK\x03\x04" or path.suffix.lower() in (".xlsx", ".xlsm"):
        table = _excel(path)
    else:
        text, encoding = _decoded(path)
        table = _csv(text, path.name)
    return Sheet(list(_by_column(table, columns, required, path.name)), encoding)


def write_sheet(path: Path, rows: Sequence[Sequence[str]], language: str) -> None:
    """Write a CSV as the spreadsheet programs of a language open it at a double click: where the comma divides whole
    numbers from decimals, the semicolon divides columns."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter="," if language == "en" else ";").writerows(rows)


def _decoded(path: Path) -> tuple[str, str]:
    """The text of a CSV. Spreadsheet programs here write UTF-8 with or without BOM, UTF-16 with BOM, or Windows-1252."""
    data = path.read_bytes()
    for encoding in ("utf-16",) if data[:2] in _UTF16 else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            line = text[: text.index("\x00")].count("\n") + 1
            raise InputRefused("sheet-nul", path=path.name, line=line)
        return text, "" if encoding == "utf-8-sig" else encoding
    raise InputRefused("sheet-encoding", path=path.name)


def _csv(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    header = next((line for line in io.StringIO(text, newline=None) if line.strip()), "")
    delimiter = max(",;\t", key=header.count)
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        line = 1
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as problem:
        raise InputRefused("sheet-csv", path=name, line=reader.line_num, problem=str(problem)) from None


def _excel(path: Path) -> Iterator[tuple[int, list[str]]]:
    from zipfile import BadZipFile

    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        # Formulas are read as such (data_only would give a value that the last program computed, or nothing).
        with path.open("rb") as file:  # a path would be refused for its ending, whatever is inside
            book = openpyxl.load_workbook(file, read_only=True, data_only=False)
            try:
                sheet = book[book.sheetnames[0]]
                sheet.reset_dimensions()
                for number, row in enumerate(sheet.iter_rows(), start=1):
                    yield number, [_cell(cell, path.name) for cell in row]
            finally:
                book.close()
    except PessError:
        raise
    except (
        BadZipFile,
        InvalidFileException,
        KeyError,
        ValueError,
        TypeError,
        OSError,
        EOFError,
        SyntaxError,
    ) as problem:
        raise InputRefused("sheet-excel", path=path.name, problem=type(problem).__name__) from None


def _cell(cell: Any, name: str) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        raise InputRefused("sheet-formula", path=name, cell=cell.coordinate)
    if cell.data_type == "e":
        raise InputRefused("sheet-cell-error", path=name, cell=cell.coordinate, value=str(value))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _by_column(
    table: Iterable[tuple[int, list[str]]], columns: Sequence[str], required: Sequence[str], name: str
) -> Iterator[SheetRow]:
    rows = iter(table)
    header = next(((n, cells) for n, cells in rows if any(c.strip() for c in cells)), None)
    if header is None:
        raise InputRefused("sheet-empty", path=name)
    names = [cell.strip().lower() for cell in header[1]]
    while names and not names[-1]:
        names.pop()
    missing = [column for column in required if column not in names]
    unknown = [column[:40] for column in names if column not in columns]
    doubled = sorted({column for column in names if names.count(column) > 1})
    if missing:
        raise InputRefused(
            "columns-missing",
            path=name,
            missing=", ".join(missing),
            found=", ".join(n[:40] for n in names) or "-",
        )
    if unknown or doubled:
        raise InputRefused("columns-wrong", path=name, wrong=", ".join(unknown or doubled), allowed=", ".join(columns))
    count = 0
    for number, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if any(cell.strip() for cell in cells[len(names) :]):
            raise InputRefused("row-too-long", path=name, row=number, columns=len(names))
        count += 1
        if count > MAX_ROWS:
            raise InputRefused("sheet-too-long", path=name, limit=MAX_ROWS)
        row = dict(zip(names, cells, strict=False))
        yield SheetRow(number, {c: v if c == "text" else v.strip() for c, v in row.items()})
