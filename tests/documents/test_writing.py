"""A document in a file: whole or not at all, and never over another one unasked."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from pessdesk.documents import writing
from pessdesk.documents.writing import write_minutes
from pessdesk.domain.errors import UsageRefused, WorldUnkind
from tests.documents.samples import FONTS, catalog, minutes


def write(path: Path, **options: Any) -> writing.Written:
    return write_minutes(minutes(), path, catalog(), FONTS, **options)


def test_the_ending_chooses_the_format(tmp_path: Path) -> None:
    paper, web, old = (write(tmp_path / name) for name in ("acta.pdf", "acta.HTML", "acta.htm"))
    assert paper.file.read_bytes().startswith(b"%PDF-") and paper.pages and paper.pages > 1
    assert web.file.read_bytes() == old.file.read_bytes() and web.file.read_bytes().startswith(b"<!doctype html>")
    assert web.pages is None
    assert paper.digest == web.digest and paper.contributions == 5


@pytest.mark.parametrize("name", ["acta.docx", "acta", "acta.pdf.txt", ".pdf"])
def test_another_ending_is_refused_before_anything_is_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageRefused) as refused:
        write(tmp_path / name)
    assert refused.value.code == "document-ending"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["acta.pdf", "acta.html"])
def test_an_existing_file_is_replaced_only_when_asked(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_text("meu")
    with pytest.raises(WorldUnkind) as refused:
        write(file)
    assert refused.value.code == "file-exists" and file.read_text() == "meu"
    write(file, replace=True)
    assert len(file.read_bytes()) > 1_000


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(WorldUnkind) as refused:
        write(tmp_path / "no" / "acta.pdf")
    assert refused.value.code == "folder-missing"


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, "disk-full"), (errno.EROFS, "folder-read-only"), (errno.EACCES, "folder-read-only"),
     (errno.EIO, "disk-trouble")],
)  # fmt: skip
def test_when_the_disk_fails_nothing_is_left_and_what_was_there_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    file = tmp_path / "acta.html"
    file.write_text("abans")

    def failing(_: int) -> None:
        raise OSError(number, "no")

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(WorldUnkind) as refused:
        write(file, replace=True)
    assert refused.value.code == code
    assert [path.name for path in tmp_path.iterdir()] == ["acta.html"] and file.read_text() == "abans"


def test_the_same_content_is_the_same_file(tmp_path: Path) -> None:
    for ending in ("pdf", "html"):
        write(tmp_path / f"a.{ending}")
        write(tmp_path / f"b.{ending}")
        assert (tmp_path / f"a.{ending}").read_bytes() == (tmp_path / f"b.{ending}").read_bytes()
