"""From content to a file: the format by the ending, under its name only once it is whole and on the disk."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

from pessdesk.application.durable import sync_folder
from pessdesk.application.minutes import Minutes
from pessdesk.documents.content import Document, digest
from pessdesk.documents.minutes import minutes_document
from pessdesk.domain.errors import UsageRefused, WorldUnkind
from pessdesk.wording.catalog import Catalog

ENDINGS = (".pdf", ".html", ".htm")


@dataclass(frozen=True, slots=True)
class Written:
    """A document in a file; `pages` is None where it has none (the web), `digest` names its content (SHA-256, hex)."""

    file: Path
    pages: int | None
    contributions: int
    digest: str


def check_target(path: Path, *, replace: bool) -> None:
    """Refuse, before any work is done, what could not be written: `document-ending`, `file-exists`."""
    if path.suffix.lower() not in ENDINGS:
        raise UsageRefused("document-ending", path=str(path))
    if not replace and path.exists():
        raise WorldUnkind("file-exists", path=str(path))


def write_minutes(minutes: Minutes, path: Path, catalog: Catalog, fonts: Path, *, replace: bool = False) -> Written:
    """Write the minutes as PDF or HTML, by the ending of `path`, in the catalog's language.

    Raises `UsageRefused` for another ending and `WorldUnkind` when the file is there already (unless `replace`), the
    disk is full, or the folder is missing or read-only; then nothing is left behind.
    """
    document = minutes_document(minutes, catalog)
    pages = write_document(document, path, catalog, fonts, replace=replace)
    return Written(path, pages, minutes.contributions, digest(document))


def write_document(document: Document, path: Path, catalog: Catalog, fonts: Path, *, replace: bool) -> int | None:
    """Write any document, by the ending of `path`; gives its pages. Refuses as `write_minutes` does."""
    check_target(path, replace=replace)
    pages: int | None = None
    if path.suffix.lower() == ".pdf":
        from pessdesk.documents.pdf import render_pdf

        data, pages = render_pdf(document, catalog, fonts)
    else:
        from pessdesk.documents.html import render_html

        data = render_html(document, catalog)
    _write(path, data)
    return pages


def _write(path: Path, data: bytes) -> None:
    partial = path.with_name(f".{path.name}.part")
    try:
        with partial.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
        sync_folder(path.parent)
    except OSError as problem:
        raise WorldUnkind.from_os(problem, path) from problem
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
