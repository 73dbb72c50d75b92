"""The sheet for the participants of a workshop: what happens with their data, and what they may agree to, to be signed.

Its words are those of a published text (`pessdesk.wording.consent`), whose id and version stand in the foot: by them a
signed sheet and what was written down of it belong together.
"""

from __future__ import annotations

from collections.abc import Iterator

from pessdesk.application.people import Notice
from pessdesk.documents.content import Blanks, Block, Boxes, Document, Facts, Heading, Paragraph
from pessdesk.documents.words import date_in_words
from pessdesk.wording.catalog import Catalog
from pessdesk.wording.consent import ConsentText, Section


def participants_document(notice: Notice, text: ConsentText, catalog: Catalog) -> Document:
    """The sheet in the catalog's language."""
    t = catalog.text
    when = date_in_words(catalog, notice.date)
    until = date_in_words(catalog, notice.until)
    opening, *sections = text.filled({**notice.about, "until": until})
    blocks: tuple[Block, ...] = (
        Paragraph(opening.text),
        Facts(tuple(row for section in sections for row in _rows(section))),
        Heading(2, text.ask),
        Boxes(tuple(text.boxes.values())),
        Blanks((t("Name and surnames"), t("Entity"), t("E-mail or telephone"), t("Date and signature"))),
    )
    return Document(
        language=catalog.language,
        sort=t("Data protection"),
        title=text.title,
        over=notice.title,
        under=t("{date} · {place}", date=when, place=notice.place),
        reference=t("{code} · text {id} {version}", code=notice.code, id=text.id, version=text.version),
        blocks=blocks,
    )


def _rows(section: Section) -> Iterator[tuple[str, str]]:
    """A section's lines, the heading beside the first."""
    for number, line in enumerate(section.text.splitlines()):
        yield section.heading if number == 0 else "", line
