"""The sheet for the participants: one page, in three languages, with what the law wants said and room to sign."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from pessdesk.application.people import Notice
from pessdesk.bootstrap import Program
from pessdesk.documents.participants import participants_document
from pessdesk.documents.pdf import RIGHT
from pessdesk.documents.writing import write_document
from pessdesk.system import paths
from tests.documents.reading import html_words, pdf_feet, pdf_lines, pdf_pages

US = {
    "responsible": "Consell Comarcal del Solsonès, carrer de Dalt 12, 25280 Solsona",
    "contact": "taller@consell.exemple.cat",
    "officer": "dpd@consell.exemple.cat",
}


def sheet(folder: Path, language: str, about: dict[str, str], ending: str = "pdf") -> tuple[bytes, int | None]:
    program = Program()
    notice = Notice(
        "PESS-04-260312-7K", "Taller obert", "2026-03-12", "Sala de plens, Solsona (Solsonès)", "2027-03-12", about
    )
    catalog, text = program.catalog(language), program.consent_text(language)
    path = folder / f"sheet.{ending}"
    document = participants_document(notice, text, catalog)
    pages = write_document(document, path, catalog, paths.resources() / "fonts", replace=True)
    return path.read_bytes(), pages


@pytest.mark.parametrize("language", ["ca", "es", "en"])
@pytest.mark.parametrize("about", [US, {}], ids=["filled", "blank"])
def test_it_is_one_page_with_everything_on_it(tmp_path: Path, language: str, about: dict[str, str]) -> None:
    data, pages = sheet(tmp_path, language, about)
    text = Program().consent_text(language)
    paper = " ".join(pdf_lines(data))
    assert pages == 1
    for words in ("Taller obert", "Sala de plens", "2027", "apdcat.gencat.cat", text.title, text.ask, *about.values()):
        assert words in paper
    for sentence in text.boxes.values():
        assert sentence in paper.replace("\n", " ")
    assert ("………" in paper) is not bool(about), "what is not known is left to be written by hand"


def test_the_foot_names_the_text_and_nothing_stands_on_anything_else(tmp_path: Path) -> None:
    data, _ = sheet(tmp_path, "ca", US)
    assert pdf_feet(data)[0][0] == "PESS-04-260312-7K · text participants 1"
    foot = sorted(pdf_pages(data)[0][-3:], key=lambda word: word.x)
    assert all(one.x + len(one.text) * 3 < other.x for one, other in pairwise(foot))
    assert all(word.x < RIGHT for word in pdf_pages(data)[0])


def test_the_page_for_the_web_says_the_same(tmp_path: Path) -> None:
    data, pages = sheet(tmp_path, "ca", US, "html")
    said = html_words(data)
    assert pages is None and "Delegat o delegada de protecció de dades: dpd@consell.exemple.cat" in said
    assert said.count("☐") == 4


def test_a_very_long_body_takes_a_second_page_and_the_signature_stays_whole(tmp_path: Path) -> None:
    data, pages = sheet(tmp_path, "ca", US | {"responsible": "Consorci " * 120})
    assert pages == 2
    last = " ".join(word.text for word in pdf_pages(data)[-1])
    assert all(words in last for words in ("Nom i cognoms", "Entitat", "Data i signatura"))
