"""The page for the web: the same words as on paper, for everybody's reader, from one file."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pessdesk.application.minutes import Minutes
from pessdesk.documents.content import paragraphs, short_digest
from pessdesk.documents.html import render_html
from pessdesk.documents.minutes import minutes_document
from pessdesk.documents.pdf import render_pdf
from pessdesk.documents.web_style import STYLE
from tests.documents.reading import html_words, page, pdf_lines, squeezed
from tests.documents.samples import EMPTY, FONTS, LANGUAGES, WORKSHOP, catalog, minutes, saying


def made(said: Minutes, language: str = "ca") -> bytes:
    words = catalog(language)
    return render_html(minutes_document(said, words), words)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("said", [minutes(), EMPTY, minutes(rehearsal=True)], ids=["whole", "empty", "rehearsal"])
def test_paper_and_page_say_the_same(said: Minutes, language: str) -> None:
    words = catalog(language)
    document = minutes_document(said, words)
    paper = " ".join(pdf_lines(render_pdf(document, words, FONTS)[0]))
    assert squeezed(html_words(render_html(document, words))) == squeezed(paper)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_is_named(language: str) -> None:
    assert page(made(minutes(), language)).all("html")[0].attributes["lang"] == language


def test_headings_go_down_one_level_at_a_time() -> None:
    for said in (minutes(), EMPTY):
        levels = [int(heading.tag[1]) for heading in page(made(said)).all("h1", "h2", "h3", "h4", "h5", "h6")]
        assert levels.count(1) == 1 and levels[0] == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_table_names_its_rows_and_columns() -> None:
    tables = page(made(minutes())).all("table")
    assert len(tables) == 6
    for table in tables:
        names = table.all("th")
        assert names and all(name.attributes.get("scope") in ("row", "col") for name in names)
        assert all(name.text.strip() for name in names)


def test_every_picture_has_its_words() -> None:
    pictures = page(made(minutes())).all("svg")
    assert len(pictures) == 5, "a bar for each lever and each kind"
    for picture in pictures:
        assert picture.attributes["role"] == "img"
        assert re.fullmatch(r"\d+ de 5", picture.all("title")[0].text)


def test_charts_give_their_numbers_as_a_table() -> None:
    charts = [table for table in page(made(minutes())).all("table") if table.attributes.get("class") == "chart"]
    rows = [[cell.texts(without=("svg",)) for cell in row.all("th", "td")] for row in charts[1].all("tr")]
    assert [["".join(cell).strip() for cell in row] for row in rows] == [
        ["Tipus", "Aportacions"], ["Proposta", "4"], ["Necessitat", "1"]
    ]  # fmt: skip


def test_a_keyboard_reaches_the_content_at_once() -> None:
    tree = page(made(minutes()))
    first = tree.all("a")[0]
    assert first.attributes["href"] == "#content" and first.text == "Vés al contingut"
    assert tree.all("main")[0].attributes["id"] == "content"


def test_nothing_outside_is_referred_to() -> None:
    data = made(minutes()).decode()
    tree = page(made(minutes()))
    assert not tree.all("script", "link", "img", "iframe", "object", "form")
    assert not re.search(r"""(?:src|srcset|action|data)=|@import|url\(|https?:""", data)
    assert {a.attributes["href"][0] for a in tree.all("a")} == {"#"}
    assert "default-src 'none'" in data


def test_codes_are_addresses_within_the_page() -> None:
    tree = page(made(minutes()))
    there = [element.attributes["id"] for element in tree.all("main", "li") if "id" in element.attributes]
    assert len(set(there)) == len(there)
    targets = {link.attributes["href"][1:] for link in tree.all("a")}
    assert targets <= set(there) and f"{WORKSHOP}-AB002" in targets


def test_a_contribution_carries_its_own_language() -> None:
    entries = {li.attributes["id"][-3:]: li for li in page(made(minutes())).all("li") if "id" in li.attributes}
    assert [div.attributes["lang"] for div in entries["005"].all("div") if "lang" in div.attributes] == ["es"]
    assert not [div for div in entries["001"].all("div") if "lang" in div.attributes]
    assert "Castellà" in entries["005"].text


def test_markup_shows_as_it_was_typed() -> None:
    said = '<script>alert("a")</script> & <b>fort</b> &amp; \' ]]> <!--'
    data = made(minutes(title=said, venue=said, objectives=said, agenda=f"{said}\n{said}", programme={"ca": said}))
    tree = page(data)
    assert not tree.all("script", "b")
    assert tree.all("h1")[0].text == said
    assert b"<script" not in data
    assert said in html_words(made(saying(said)))


def test_the_foot_names_the_workshop_and_the_content() -> None:
    foot = page(made(minutes())).all("footer")[0].text
    assert WORKSHOP in foot and short_digest(minutes_document(minutes(), catalog())) in foot


def test_colours_of_text_have_contrast() -> None:
    """WCAG 2.1 AA in both schemes: 4.5 to 1."""
    schemes = re.findall(r":root \{[^}]*?(--paper:[^}]*)", STYLE)
    assert len(schemes) == 3, "light, dark, printed"
    for scheme in schemes:
        colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{3,6})", scheme))
        for name in ("ink", "soft", "accent"):
            assert _contrast(colours[name], colours["paper"]) >= 4.5, (name, colours)


def _contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
        parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300))
def test_any_text_stands_there_escaped(text: str) -> None:
    tree = page(made(saying(text)))
    (said,) = [div for div in tree.all("div") if div.attributes.get("class") == "said"]
    assert [p.texts() for p in said.all("p")] == list(paragraphs(text))
