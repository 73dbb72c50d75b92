"""The sheet with a recovery key: every group can be read back from the paper and from the page, in every language."""

from __future__ import annotations

from pathlib import Path

import pytest

from pessdesk.bootstrap import Program
from pessdesk.documents.recovery import recovery_document
from pessdesk.documents.writing import write_document
from pessdesk.system import paths
from pessdesk.system.keys import make_recovery_key
from tests.documents.reading import html_words, pdf_lines


@pytest.mark.parametrize("language", ["ca", "es", "en"])
def test_every_group_stands_on_it(tmp_path: Path, language: str) -> None:
    key = make_recovery_key()
    catalog = Program().catalog(language)
    sheet = recovery_document(key, "Portàtil de la Núria", "2026-11-25", catalog)
    pages = write_document(sheet, tmp_path / "s.pdf", catalog, paths.resources() / "fonts", replace=False)
    write_document(sheet, tmp_path / "s.html", catalog, paths.resources() / "fonts", replace=False)
    assert pages == 1, "one sheet"
    paper = "".join("".join(pdf_lines((tmp_path / "s.pdf").read_bytes())).split())
    page = html_words((tmp_path / "s.html").read_bytes())
    for number, group in enumerate(key.split("-"), start=1):
        assert f"{number}{group}" in paper
        assert group in page
    for words in (paper, "".join(page.split())):
        assert "PortàtildelaNúria" in words and "2026" in words
