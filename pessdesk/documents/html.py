"""A document for the web: one file that refers to nothing outside, for screens, screen readers and printers.

Headings go down one level at a time, every table names its rows and columns, every picture says what it shows. What
people said is set apart from the page's own direction and carries the language in which it was said.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from pessdesk.documents.content import (
    Bar,
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
from pessdesk.documents.web_style import STYLE
from pessdesk.wording.catalog import Catalog


def render_html(document: Document, catalog: Catalog) -> bytes:
    """The page as UTF-8."""
    return "".join(_page(document, catalog)).encode()


def _page(document: Document, catalog: Catalog) -> Iterator[str]:
    title, sort = escape(document.title), escape(document.sort)
    skip = escape(catalog.text("Skip to the content"))
    yield (
        f'<!doctype html>\n<html lang="{document.language}">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="color-scheme" content="light dark">\n'
        f'<meta name="generator" content="PessDesk">\n<title>{sort} · {title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n'
        f'<a class="skip" href="#content">{skip}</a>\n'
        f'<header>\n<p class="sort">{sort}</p>\n'
    )
    if document.over:
        yield f'<p class="over" dir="auto">{escape(document.over)}</p>\n'
    yield f'<h1 dir="auto">{title}</h1>\n<p class="under" dir="auto">{escape(document.under)}</p>\n</header>\n'
    yield '<main id="content" tabindex="-1">\n'
    inside = False
    for block in document.blocks:
        if inside != isinstance(block, Entry):
            inside = not inside
            yield '<ol class="entries">\n' if inside else "</ol>\n"
        yield from _block(block)
    if inside:
        yield "</ol>\n"
    content = catalog.text("Content {digest}", digest=short_digest(document))
    yield f"</main>\n<footer>\n<p>{escape(document.reference)}</p>\n<p>{escape(content)}</p>\n</footer>\n</body>\n</html>\n"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            mark = f'<span class="mark">{escape(block.mark)}</span> ' if block.mark else ""
            kind = ' class="marked"' if block.level > 2 else ""
            yield f'<h{block.level}{kind}>{mark}<span dir="auto">{escape(block.text)}</span></h{block.level}>\n'
        case Paragraph():
            yield from _prose(block.text, "quiet" if block.quiet else "plain")
        case Points():
            points = "".join(f'<li dir="auto">{escape(text)}</li>\n' for text in block.texts)
            yield f'<ul class="points">\n{points}</ul>\n'
        case Facts():
            yield '<table class="facts">\n'
            for name, value in block.rows:
                yield f'<tr><th scope="row">{escape(name)}</th><td dir="auto">{escape(value)}</td></tr>\n'
            yield "</table>\n"
        case Boxes():
            yield from (f'<p class="plain" dir="auto">☐ {escape(text)}</p>\n' for text in block.texts)
        case Groups():
            yield from _block(Facts(tuple((str(number), text) for number, text in enumerate(block.texts, start=1))))
        case Blanks():
            yield from _block(Facts(tuple((name, "") for name in block.names)))
        case Table():
            yield from _table(block)
        case Chart():
            yield from _chart(block)
        case Entry():
            yield from _entry(block)
        case References():
            links = ", ".join(f'<a href="#{escape(code)}">{escape(code)}</a>' for code in block.codes)
            yield f'<p class="elsewhere">{escape(block.text)} {links}</p>\n'


def _prose(text: str, kind: str) -> Iterator[str]:
    for lines in paragraphs(text):
        yield f'<p class="{kind}" dir="auto">{"<br>".join(map(escape, lines))}</p>\n'


def _table(table: Table) -> Iterator[str]:
    def row(cells: tuple[str, ...], kind: str = "") -> str:
        first = f'<th scope="row" dir="auto">{escape(cells[0])}</th>'
        middle = "".join(f'<td dir="auto">{escape(cell)}</td>' for cell in cells[1:-1])
        return f'<tr{kind}>{first}{middle}<td class="number">{escape(cells[-1])}</td></tr>\n'

    yield f'<table class="list">\n<thead>\n{_columns(table.columns)}</thead>\n<tbody>\n'
    yield from map(row, table.rows)
    if table.total:
        yield row(table.total, ' class="total"')
    yield "</tbody>\n</table>\n"


def _columns(columns: tuple[str, ...]) -> str:
    last = len(columns) - 1
    cells = (
        f'<th scope="col"{" class=number" if index == last else ""}>{escape(name)}</th>'
        for index, name in enumerate(columns)
    )
    return f"<tr>{''.join(cells)}</tr>\n"


def _chart(chart: Chart) -> Iterator[str]:
    highest = max((bar.value for bar in chart.bars), default=1)
    yield f'<table class="chart">\n<caption>{escape(chart.caption)}</caption>\n<thead>\n{_columns(chart.columns)}</thead>\n'
    yield "<tbody>\n"
    for bar in chart.bars:
        yield _bar(bar, highest)
    yield "</tbody>\n</table>\n"


def _bar(bar: Bar, highest: int) -> str:
    mark = f'<span class="mark">{escape(bar.mark)}</span> ' if bar.mark else ""
    length = f"{bar.value * 100 / highest:.2f}"
    return (
        f'<tr><th scope="row" dir="auto">{mark}{escape(bar.label)}</th><td><span class="bar">'
        f'<svg role="img" viewBox="0 0 100 10" preserveAspectRatio="none"><title>{escape(bar.note)}</title>'
        f'<rect width="{length}" height="10"/></svg> <span class="number">{escape(bar.shown)}</span></span></td></tr>\n'
    )


def _entry(entry: Entry) -> Iterator[str]:
    code = escape(entry.code)
    notes = "".join(f'<li dir="auto">{escape(note)}</li>' for note in entry.notes)
    language = f' lang="{entry.language}"' if entry.language else ""
    yield f'<li class="entry" id="{code}">\n<div class="beside"><p class="code">{code}</p><ul>{notes}</ul></div>\n'
    yield f'<div class="said"><div{language}>\n'
    if entry.title:
        yield f'<p class="title" dir="auto">{escape(entry.title)}</p>\n'
    yield from _prose(entry.text, "plain")
    yield "</div>\n"
    if entry.after:
        yield f'<p class="after">{escape(entry.after)}</p>\n'
    yield "</div></li>\n"
