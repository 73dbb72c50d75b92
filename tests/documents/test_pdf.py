"""Minutes on paper: words that can be copied, fonts inside, nothing that breaks a page."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pessdesk.application.minutes import Minutes, Present
from pessdesk.documents import pdf
from pessdesk.documents.content import paragraphs, short_digest
from pessdesk.documents.minutes import minutes_document
from pessdesk.documents.typeset import MISSING, break_lines, load_faces
from tests.documents.reading import pdf_feet, pdf_lines, pdf_pages, squeezed
from tests.documents.samples import FONTS, LANGUAGES, WORKSHOP, catalog, entry, minutes, saying

FACES = load_faces(FONTS)


def printed(said: Minutes, language: str = "ca") -> tuple[bytes, int]:
    words = catalog(language)
    return pdf.render_pdf(minutes_document(said, words), words, FONTS)


def said_on(data: bytes) -> str:
    return " ".join(pdf_lines(data))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_can_be_copied(language: str) -> None:
    words = said_on(printed(minutes(), language)[0])
    assert "El col·legi diu: «l’atenció»" in words
    assert f"{WORKSHOP}-AB001" in words and f"{WORKSHOP}-AB005" in words


@pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils), a stranger's reader, is missing"
)
def test_a_strangers_reader_finds_the_same(tmp_path: Path) -> None:
    file = tmp_path / "acta.pdf"
    data, pages = printed(minutes())
    file.write_bytes(data)
    done = subprocess.run(["pdftotext", "-raw", "-enc", "UTF-8", str(file), "-"], capture_output=True, check=True)
    words = squeezed(done.stdout.decode())
    for line in pdf_lines(data):
        assert squeezed(line) in words, line
    assert done.stdout.count(b"\f") == pages


def test_fonts_are_inside_as_subsets() -> None:
    data, _ = printed(minutes())
    fonts = set(re.findall(rb"/BaseFont /(\S+)", data))
    assert fonts == {b"AAAAAA+SourceSans3-Regular", b"AAAAAA+SourceSans3-Semibold", b"AAAAAA+SourceSans3-Bold"}
    assert data.count(b"/FontFile2") == 3
    assert len(data) < 200_000, "whole fonts would be more than a megabyte"


def test_title_and_language_are_set_and_no_author() -> None:
    data, _ = printed(minutes(title="Taller"), "es")
    assert b"/Lang (es)" in data
    assert b"/Title (Acta \\267 Taller)" in data
    assert b"/Author ()" in data
    assert f"/Subject ({WORKSHOP})".encode() in data


def test_the_same_content_gives_the_same_bytes() -> None:
    assert printed(minutes()) == printed(minutes())
    assert printed(minutes()) != printed(minutes(title="Un altre"))


def test_every_page_says_where_one_is_and_what_it_holds() -> None:
    said = saying(*(["Una aportació de debò. " * 60] * 12))
    data, pages = printed(said)
    digest = short_digest(minutes_document(said, catalog()))
    assert pages > 2
    assert pdf_feet(data) == [
        [WORKSHOP, f"Contingut {digest}", f"Pàgina {number} de {pages}"] for number in range(1, pages + 1)
    ]


def test_codes_stand_in_the_margin_beside_what_was_said() -> None:
    data, _ = printed(minutes())
    words = [(number, word) for number, page in enumerate(pdf_pages(data)) for word in page]
    code = next((n, w) for n, w in words if w.text == f"{WORKSHOP}-AB004")
    text = next((n, w) for n, w in words if w.text.startswith("El col·legi diu"))
    assert code[0] == text[0], "on the same page"
    assert code[1].x == pdf.LEFT and text[1].x == pdf.TEXT
    assert abs(code[1].y - text[1].y) < 2, "on the same line"


def test_nothing_leaves_the_paper() -> None:
    """The longest that the domain lets in: texts, titles, names, addresses without an end."""
    long = "https://participa.gencat.cat/" + "x" * 471
    said = minutes(
        title="W" * 500,
        venue=long,
        facilitators="M" * 500,
        objectives="paraula " * 2_500,
        agenda="\n".join(f"{n % 24}.00 punt {n}" for n in range(1_000)),
        programme={"ca": "P" * 500},
        document={"ca": "D" * 500},
        entities=tuple(Present("Entitat" * 42, "municipality", n) for n in range(60)),
    )
    said = _with(said, entry(1, "x" * 20_000, title="T" * 500, entity="E" * 300, table="G" * 120))
    data, pages = printed(said)
    words = pdf_pages(data)
    assert len(words) == pages
    for word in (word for page in words for word in page[:-3]):
        assert word.x >= pdf.LEFT and word.y >= pdf.BOTTOM - 1 and word.y <= pdf.HEIGHT
        widest = max(face.width(word.text, 7.9) for face in (FACES.regular,))
        assert word.x + widest <= pdf.RIGHT + 1, word.text
    assert said_on(data).count("x") > 20_000


def _with(said: Minutes, *entries: object) -> Minutes:
    from dataclasses import replace

    from pessdesk.application.minutes import Lever

    return replace(said, levers=(Lever(None, "", (), entries),))  # type: ignore[arg-type]


def test_a_long_address_breaks_after_a_sign() -> None:
    address = "https://participa.gencat.cat/processes/plaestrategicserveissocials/f/1234/proposals/que-mai-no-cap"
    lines = break_lines(FACES.regular, f"Vegeu {address}", 10, 200)
    assert "".join(lines).replace("Vegeu", "", 1) == address
    assert all(FACES.regular.width(line, 10) <= 200 for line in lines)
    assert all(line[-1] in "/-" for line in lines[1:-1])


def test_what_the_font_lacks_shows_as_a_square() -> None:
    words = said_on(printed(saying("abans 😀日ع després"))[0])
    assert f"abans {MISSING * 3} després" in words


def test_marks_without_a_shape_are_left_out_and_accents_are_composed() -> None:
    words = said_on(printed(saying("a\u202eb\u200dc\u00adé e\u0301 \u2066x\u2069\ufe0f"))[0])
    assert "abcé é x" in words


def test_markup_shows_as_it_was_typed() -> None:
    assert "<b>fort</b> & <para> &amp;" in said_on(printed(saying("<b>fort</b> & <para> &amp;"))[0])


def test_lines_and_paragraphs_are_kept() -> None:
    lines = pdf_lines(printed(saying("u\ndos\n\n\ntres"))[0])
    start = lines.index("u")
    assert lines[start : start + 3] == ["u", "dos", "tres"]


def test_headings_stay_with_what_they_head() -> None:
    """However long what comes before: no heading is the last thing on its page."""
    headings = {"Passos següents", "Resultats", "Entitats assistents", "Metodologia"}
    for length in range(0, 1_200, 40):
        data, _ = printed(minutes(objectives="paraula " * length))
        for page in pdf_pages(data):
            assert page[-4].text not in headings, length


def test_a_chart_is_not_torn() -> None:
    """However long what comes before: its bars, its title and the heading of the results are on one page."""
    whole = ["Resultats", "Aportacions per palanca", "Persones i professionals", "Sense línia"]
    for length in range(0, 1_200, 40):
        pages = [
            [word.text for word in page] for page in pdf_pages(printed(minutes(objectives="paraula " * length))[0])
        ]
        (page,) = [page for page in pages if "Aportacions per palanca" in page]
        assert [text for text in whole if text not in page] == [], length


def test_a_tables_head_stands_on_each_of_its_pages() -> None:
    said = minutes(entities=tuple(Present(f"Entitat {n:03d}", "company", n + 1) for n in range(90)))
    pages = [[word.text for word in page] for page in pdf_pages(printed(said)[0])]
    holding = [page for page in pages if any(text.startswith("Entitat 0") for text in page)]
    assert len(holding) > 2
    assert all(
        page.index("Entitat") < min(i for i, t in enumerate(page) if t.startswith("Entitat 0")) for page in holding
    )


texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300)


@given(text=texts)
def test_any_text_can_be_printed(text: str) -> None:
    data, _ = printed(saying(text))
    shown = "".join(FACES.regular.show(line) for lines in paragraphs(text) for line in lines)
    assert squeezed(shown) in squeezed(said_on(data))


@given(text=texts, width=st.floats(30, 400))
def test_breaking_lines_loses_nothing(text: str, width: float) -> None:
    face = FACES.regular
    lines = break_lines(face, text, 10, width)
    assert "".join(lines).replace(" ", "") == face.show(text).replace(" ", "")
    assert all(face.width(line, 10) <= width or len(line) == 1 for line in lines)
