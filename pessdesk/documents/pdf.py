"""A document on paper: A4, the codes in a wide left margin, thin lines, the same family as the window's.

Two steps. *Setting* puts letters and lines on pages as plain marks, which only needs widths; *printing* hands them to
reportlab. So a page knows how many there are, and nothing but the content decides what comes out: the same content gives
the same bytes. reportlab cannot tag a PDF: for screen readers there is the page for the web.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeGuard

from pessdesk.documents.content import (
    Blanks,
    Block,
    Boxes,
    Chart,
    Document,
    Entry,
    Facts,
    Groups,
    Heading,
    Paragraph,
    Points,
    References,
    Table,
    paragraphs,
    short_digest,
)
from pessdesk.documents.typeset import Face, Faces, break_lines, load_faces
from pessdesk.wording.catalog import Catalog

WIDTH, HEIGHT = 595.276, 841.89
LEFT, RIGHT = 57.0, WIDTH - 57.0
TEXT = 184.0
"""Where the text begins; what is before it is the margin of the codes."""
TOP, BOTTOM = HEIGHT - 62.0, 78.0
FOOT = 46.0
MARGIN = TEXT - LEFT - 14.0
MEASURE = RIGHT - TEXT

INK, SOFT, ACCENT, LINE = "#1d2125", "#565c64", "#0a6658", "#c4c0b4"


@dataclass(frozen=True, slots=True)
class Style:
    """A face at a size; `leading` is from one baseline to the next."""

    face: Face
    size: float
    leading: float
    colour: str = INK


@dataclass(frozen=True, slots=True)
class Letters:
    """A line of text from `x` on the baseline `y`."""

    x: float
    y: float
    style: Style
    text: str


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle: a rule, or the bar of a chart."""

    x: float
    y: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True, slots=True)
class Place:
    """A heading, for the reader's table of contents."""

    y: float
    level: int
    title: str


Cells = tuple[tuple[float, float, Style, str], ...]
"""A row of a table: where each cell begins, how wide it is, its style and text."""


@dataclass(slots=True)
class Page:
    marks: list[Letters | Box] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)


def render_pdf(document: Document, catalog: Catalog, fonts: Path) -> tuple[bytes, int]:
    """The PDF's bytes, and how many pages it has."""
    faces = load_faces(fonts)
    pages = _Setter(faces).set(document)
    _number(pages, document, catalog, faces)
    return _print(pages, document, faces), len(pages)


def _introduces(block: Block, held: Sequence[Heading | Paragraph], following: Block | None) -> TypeGuard[Paragraph]:
    """Whether a quiet paragraph stays with what follows it, as the heading before it does."""
    if not (held and isinstance(block, Paragraph) and block.quiet) or following is None:
        return False
    level = max((one.level for one in held if isinstance(one, Heading)), default=0)
    return not isinstance(following, Heading) or following.level > level


class _Setter:
    """Sets blocks one below the other; `_y` is the lower edge of what stands already."""

    def __init__(self, faces: Faces) -> None:
        regular, semibold, bold = faces.regular, faces.semibold, faces.bold
        self._body = Style(regular, 10, 14.2)
        self._quiet = Style(regular, 9.2, 13, SOFT)
        self._strong = Style(semibold, 10, 14.2)
        self._code = Style(semibold, 8.2, 14.2, ACCENT)
        self._note = Style(regular, 8.2, 11, SOFT)
        self._small = Style(regular, 8.2, 12, SOFT)
        self._title = Style(bold, 24, 28)
        self._under = Style(regular, 12, 17)
        self._sort = Style(semibold, 12, 18, ACCENT)
        self._headings = {
            2: Style(bold, 15, 20),
            3: Style(semibold, 12.5, 16.5),
            4: Style(semibold, 10.5, 14.5),
        }
        self._before = {2: 22.0, 3: 22.0, 4: 16.0}
        self._group = Style(bold, 30, 50)
        self._blank = 27.0
        """The height of a line to write on."""
        self._pages: list[Page] = []
        self._y = 0.0
        self._turn()

    def set(self, document: Document) -> list[Page]:
        self._set_title(document)
        held: list[Heading | Paragraph] = []
        for block, following in zip(document.blocks, (*document.blocks[1:], None), strict=True):
            if isinstance(block, Heading) or _introduces(block, held, following):
                held.append(block)
                continue
            self._room(sum(self._height(one) for one in held) + self._beginning(block))
            for one in held:
                self._set_block(one)
            held.clear()
            self._set_block(block)
        for one in held:
            self._set_block(one)
        return self._pages

    # Pages

    def _turn(self) -> None:
        self._pages.append(Page())
        self._y = TOP

    def _room(self, height: float) -> None:
        """Turn the page unless this much fits; what is higher than a page simply begins."""
        if self._y - height < BOTTOM and self._y < TOP:
            self._turn()

    def _space(self, height: float) -> None:
        """White above a block; none at the head of a page."""
        if self._y < TOP:
            self._y -= height

    def _put(self, x: float, style: Style, text: str, *, up: float = 0.0) -> None:
        """A line on the current line's baseline."""
        self._pages[-1].marks.append(Letters(x, self._y - style.leading + style.size * 0.3 + up, style, text))

    def _line(self, x: float, style: Style, text: str) -> None:
        """A line, and down to the next."""
        self._room(style.leading)
        self._put(x, style, text)
        self._y -= style.leading

    def _rule(self, x: float = LEFT, width: float = RIGHT - LEFT, colour: str = LINE, height: float = 0.5) -> None:
        self._pages[-1].marks.append(Box(x, self._y, width, height, colour))

    def _prose(self, x: float, width: float, style: Style, text: str, *, between: float = 5.0) -> None:
        """Paragraphs; a first or last line does not stay alone on a page."""
        for index, lines in enumerate(paragraphs(text)):
            if index:
                self._space(between)
            broken = [part for line in lines for part in break_lines(style.face, line, style.size, width)]
            for number, part in enumerate(broken):
                if number in (0, len(broken) - 2):
                    self._room(style.leading * min(2, len(broken)))
                self._line(x, style, part)

    def _aligned(self, right: float, style: Style, text: str) -> float:
        """Where a text begins that ends at `right`."""
        return right - style.face.width(style.face.show(text), style.size)

    # Blocks

    def _set_title(self, document: Document) -> None:
        self._pages[-1].marks.append(Box(LEFT, self._y + 6, 28, 3, ACCENT))
        for line in break_lines(self._sort.face, document.sort, self._sort.size, RIGHT - LEFT):
            self._line(LEFT, self._sort, line)
        self._y -= 10
        if document.over:
            self._prose(LEFT, RIGHT - LEFT, self._quiet, document.over)
            self._y -= 4
        self._pages[-1].places.append(Place(self._y, 0, document.title))
        for line in break_lines(self._title.face, document.title, self._title.size, RIGHT - LEFT):
            self._line(LEFT, self._title, line)
        self._y -= 6
        self._prose(LEFT, RIGHT - LEFT, self._under, document.under)
        self._y -= 8

    def _height(self, block: Heading | Paragraph) -> float:
        style = self._headings[block.level] if isinstance(block, Heading) else self._quiet
        around = self._before[block.level] + 12 if isinstance(block, Heading) else 4
        return around + len(break_lines(style.face, block.text, style.size, MEASURE)) * style.leading

    def _set_heading(self, heading: Heading) -> None:
        style = self._headings[heading.level]
        self._space(self._before[heading.level])
        if heading.level == 2:
            self._rule(colour=INK, height=0.8)
            self._y -= 8
        self._pages[-1].places.append(Place(self._y, heading.level - 2, heading.text))
        x, width = (LEFT, RIGHT - LEFT) if heading.level == 2 else (TEXT, MEASURE)
        if heading.mark:
            self._put(LEFT, Style(self._code.face, 9.2, style.leading, ACCENT), heading.mark)
        for line in break_lines(style.face, heading.text, style.size, width):
            self._line(x, style, line)
        self._y -= 4

    def _beginning(self, block: Block) -> float:
        """How much of a block should stand on the page of its heading."""
        match block:
            case Entry():
                return 9 + max(self._notes_height(block), 3 * self._body.leading)
            case Chart():
                return 48 + sum(self._bar_height(bar.label) for bar in block.bars[:8])
            case Boxes():
                return 4 + 3 * 2 * self._body.leading
            case Blanks():
                return self._blank * len(block.names)
            case Groups():
                return self._group.leading * -(-len(block.texts) // 2) + 24
            case Facts() | Table():
                return 4 + sum(self._row_height(row) for row in self._rows(block)[:3])
            case _:
                return 4 + 3 * self._body.leading

    def _set_block(self, block: Block) -> None:
        setters: dict[type, Callable[[Any], None]] = {
            Heading: self._set_heading, Paragraph: self._set_paragraph, Points: self._set_points,
            Facts: self._set_facts, Table: self._set_table, Chart: self._set_chart, Entry: self._set_entry,
            References: self._set_references, Boxes: self._set_boxes, Blanks: self._set_blanks,
            Groups: self._set_groups,
        }  # fmt: skip
        setters[type(block)](block)

    def _set_paragraph(self, paragraph: Paragraph) -> None:
        self._space(4)
        self._prose(TEXT, MEASURE, self._quiet if paragraph.quiet else self._body, paragraph.text)

    def _set_points(self, points: Points) -> None:
        self._space(4)
        for text in points.texts:
            self._room(self._body.leading)
            self._pages[-1].marks.append(Box(TEXT, self._y - 8.6, 5, 0.9, ACCENT))
            self._prose(TEXT + 13, MEASURE - 13, self._body, text)
            self._space(2.5)

    def _set_facts(self, facts: Facts) -> None:
        self._space(2)
        self._set_rows(self._rows(facts), rule=(LEFT, RIGHT - LEFT))

    def _set_table(self, table: Table) -> None:
        head, *rows = self._rows(table)
        self._space(4)
        self._set_rows(rows, rule=(TEXT, MEASURE), head=head)

    def _rows(self, block: Facts | Table) -> list[Cells]:
        """The rows of a table with its head first, or of facts, which have none: their names stand in the margin."""
        if isinstance(block, Facts):
            return [
                ((LEFT, MARGIN, self._quiet, name), (TEXT, MEASURE, self._body, value)) for name, value in block.rows
            ]
        numbers = 76.0
        inner = (MEASURE - numbers) * (0.56 if len(block.columns) == 3 else 1)
        places = ((TEXT, inner - 12), (TEXT + inner, MEASURE - numbers - inner - 12))

        def cells(texts: tuple[str, ...], style: Style) -> Cells:
            words = [(x, width, style, text) for (x, width), text in zip(places, texts[:-1], strict=False)]
            return (*words, (self._aligned(RIGHT, style, texts[-1]), numbers, style, texts[-1]))

        rows = [cells(block.columns, self._small), *(cells(texts, self._body) for texts in block.rows)]
        return [*rows, cells(block.total, self._strong)] if block.total else rows

    def _set_rows(self, rows: Sequence[Cells], *, rule: tuple[float, float], head: Cells = ()) -> None:
        """Rows with a thin line below each; the head stands on every page, and no row is first or last alone."""
        heights = [self._row_height(row) for row in rows]
        page = 0
        for index, (row, height) in enumerate(zip(rows, heights, strict=True)):
            together = sum(heights[index : index + 2]) if index in (0, len(rows) - 2) else height
            self._room(together + (self._row_height(head) if not index else 0))
            if head and len(self._pages) != page:
                page = len(self._pages)
                self._set_row(head, rule)
            self._set_row(row, rule)

    def _row_height(self, row: Cells) -> float:
        lines = (len(break_lines(style.face, text, style.size, width)) for _, width, style, text in row)
        return max(lines, default=0) * self._body.leading + 4

    def _set_row(self, row: Cells, rule: tuple[float, float]) -> None:
        top, page = self._y - 1, len(self._pages)
        lowest = top
        for x, width, style, text in row:
            if len(self._pages) == page:
                self._y = top
            level = Style(style.face, style.size, self._body.leading, style.colour)
            for line in break_lines(style.face, text, style.size, width):
                self._line(x, level, line)
            lowest = min(lowest, self._y) if len(self._pages) == page else self._y
        self._y = lowest - 3
        self._rule(*rule)

    def _bar_height(self, label: str) -> float:
        return len(break_lines(self._body.face, label, 9.2, 150)) * 12 + 6

    def _set_chart(self, chart: Chart) -> None:
        label = Style(self._body.face, 9.2, 12)
        value = Style(self._strong.face, 9.2, 12)
        from_x, widest = TEXT + 162, RIGHT - TEXT - 162 - 34
        highest = max((bar.value for bar in chart.bars), default=1)
        self._space(12)
        self._line(TEXT, self._strong, chart.caption)
        self._y -= 2
        self._put(TEXT, self._small, chart.columns[0])
        self._put(from_x, self._small, chart.columns[1])
        self._y -= self._small.leading + 3
        self._rule(TEXT, MEASURE)
        self._y -= 4
        for bar in chart.bars:
            self._room(self._bar_height(bar.label))
            if bar.mark:
                self._put(LEFT, Style(self._code.face, 8.2, 12, ACCENT), bar.mark)
            lines = break_lines(label.face, bar.label, label.size, 150)
            length = max(1.0, widest * bar.value / highest)
            lowered = (len(lines) - 1) * 6.0  # the bar stands at half the height of its label
            for number, line in enumerate(lines):
                self._put(TEXT, label, line, up=-12.0 * number)
            self._pages[-1].marks.append(Box(from_x, self._y - lowered - 11, length, 9, ACCENT))
            self._put(from_x + length + 5, value, bar.shown, up=-lowered)
            self._y -= self._bar_height(bar.label)

    def _notes(self, entry: Entry) -> list[tuple[Style, str]]:
        """What stands in the margin beside an entry, line by line."""
        code = [(self._code, line) for line in break_lines(self._code.face, entry.code, self._code.size, MARGIN)]
        note = self._note
        return code + [(note, part) for text in entry.notes for part in break_lines(note.face, text, note.size, MARGIN)]

    def _notes_height(self, entry: Entry) -> float:
        return sum(style.leading for style, _ in self._notes(entry))

    def _set_entry(self, entry: Entry) -> None:
        self._space(9)
        notes = self._notes(entry)
        self._room(max(self._notes_height(entry), 2 * self._body.leading))
        top, page = self._y, len(self._pages)
        for style, line in notes:
            self._line(LEFT, style, line)
        lowest, self._y = self._y, top
        if entry.title:
            self._prose(TEXT, MEASURE, self._strong, entry.title)
        self._prose(TEXT, MEASURE, self._body, entry.text)
        if entry.after:
            self._y -= 2
            self._prose(TEXT, MEASURE, self._note, entry.after)
        if len(self._pages) == page:
            self._y = min(self._y, lowest)

    def _set_boxes(self, boxes: Boxes) -> None:
        side, thin = 9.0, 0.6
        for text in boxes.texts:
            self._space(5)
            self._room(self._body.leading)
            x, y = LEFT, self._y - self._body.leading + 2.4
            edges = (
                (x, y, side, thin),
                (x, y + side - thin, side, thin),
                (x, y, thin, side),
                (x + side - thin, y, thin, side),
            )
            self._pages[-1].marks += [Box(*edge, INK) for edge in edges]
            self._prose(LEFT + 18, RIGHT - LEFT - 18, self._body, text)

    def _set_blanks(self, blanks: Blanks) -> None:
        self._space(6)
        self._room(self._blank * len(blanks.names))
        for name in blanks.names:
            self._y -= self._blank - self._quiet.leading
            self._put(LEFT, self._quiet, name)
            self._y -= self._quiet.leading
            self._rule(TEXT, MEASURE, INK)

    def _set_groups(self, groups: Groups) -> None:
        """In frames of thin lines, the signs spread so that each stands alone; the number stands before its group."""
        style, apart, wide = self._group, 10.0, (RIGHT - LEFT) / 2
        self._space(12)
        self._rule(colour=INK)
        for number, text in enumerate(groups.texts):
            left = LEFT + wide * (number % 2)
            self._put(
                left, Style(self._code.face, 10, style.leading, ACCENT), str(number + 1), up=(style.size - 10) * 0.3
            )
            at = left + 28
            for sign in text:
                self._put(at, style, sign)
                at += style.face.width(sign, style.size) + apart
            if number % 2 or number == len(groups.texts) - 1:
                self._y -= style.leading + 6
                self._rule()
        self._y -= 8

    def _set_references(self, references: References) -> None:
        self._space(9)
        self._prose(TEXT, MEASURE, self._note, f"{references.text} {', '.join(references.codes)}")


def _number(pages: Sequence[Page], document: Document, catalog: Catalog, faces: Faces) -> None:
    """The foot of each page: what this is, the name of its content, and where one is."""
    style = Style(faces.regular, 8, 11, SOFT)
    content = catalog.text("Content {digest}", digest=short_digest(document))
    for number, page in enumerate(pages, start=1):
        where = catalog.text("Page {page} of {pages}", page=number, pages=len(pages))
        page.marks.append(Box(LEFT, FOOT + 13, RIGHT - LEFT, 0.4, LINE))
        page.marks.append(Letters(LEFT, FOOT, style, document.reference))
        beside = LEFT + style.face.width(style.face.show(document.reference), style.size) + 14
        page.marks.append(Letters(max(TEXT, beside), FOOT, style, content))
        page.marks.append(Letters(RIGHT - style.face.width(where, style.size), FOOT, style, where))


def _print(pages: Sequence[Page], document: Document, faces: Faces) -> bytes:
    from reportlab.lib.colors import HexColor
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    plain = faces.regular
    canvas: Any = Canvas(
        out, (WIDTH, HEIGHT), invariant=1, pageCompression=1, lang=document.language, initialFontName=plain.name
    )
    canvas.setTitle(plain.show(f"{document.sort} · {document.title}"))
    canvas.setAuthor("")
    canvas.setSubject(document.reference)
    canvas.setCreator("PessDesk")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    colours = {colour: HexColor(colour) for colour in (INK, SOFT, ACCENT, LINE)}
    for number, page in enumerate(pages):
        for mark in page.marks:
            if isinstance(mark, Box):
                canvas.setFillColor(colours[mark.colour])
                canvas.rect(mark.x, mark.y, mark.width, mark.height, stroke=0, fill=1)
            else:
                style = mark.style
                canvas.setFillColor(colours[style.colour])
                canvas.setFont(style.face.name, style.size)
                canvas.drawString(mark.x, mark.y, style.face.show(mark.text))
        for index, place in enumerate(page.places):
            key = f"{number}-{index}"
            canvas.bookmarkPage(key, fit="XYZ", left=0, top=place.y + 20, zoom=0)
            canvas.addOutlineEntry(plain.show(place.title), key, place.level)
        canvas.showPage()
    canvas.save()
    return out.getvalue()
