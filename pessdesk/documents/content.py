"""What a document says, without a look: a title and a row of blocks, every text already in the document's language.

`pessdesk.documents.pdf` and `pessdesk.documents.html` set the same value, so that paper and web never differ. Texts are
plain: nothing in them is markup, `\\n` breaks a line and an empty line parts paragraphs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` 2 to 4 (1 is the document's title); `mark` stands before it: "Line 4.1"."""

    level: int
    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One or more paragraphs; a `quiet` one says something about the document, such as that nothing was recorded."""

    text: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Points:
    """Short texts one below the other."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and what they are."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The last column holds numbers; `total` is a last row."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """`mark` is the code of what is counted, if it has one; `note` says the value among all."""

    label: str
    value: int
    shown: str
    note: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars with their numbers: of what, and how many."""

    caption: str
    columns: tuple[str, str]
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A contribution: code and notes beside it, then what was said, in `language` (empty: unknown), then `after`."""

    code: str
    notes: tuple[str, ...]
    title: str
    text: str
    language: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class References:
    """Codes of entries that stand elsewhere in the document."""

    text: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Boxes:
    """Sentences with a box before each, to be ticked by hand."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Blanks:
    """Lines to be filled in by hand: what goes on each."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Groups:
    """Groups of signs to be copied by hand: large, numbered from 1, two on a line."""

    texts: tuple[str, ...]


Block = Heading | Paragraph | Points | Facts | Table | Chart | Entry | References | Boxes | Blanks | Groups


@dataclass(frozen=True, slots=True)
class Document:
    """`sort` says what kind of document this is, `over` and `under` stand around the title, `reference` in the footer."""

    language: str
    sort: str
    title: str
    over: str
    under: str
    reference: str
    blocks: tuple[Block, ...] = field(default=())


def digest(document: Document) -> str:
    """SHA-256 (hex) of the content: two documents with the same one say the same, whatever they look like."""
    blocks = [[type(block).__name__, asdict(block)] for block in document.blocks]
    head = {name: getattr(document, name) for name in ("language", "sort", "title", "over", "under", "reference")}
    plain = json.dumps([head, blocks], ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def short_digest(document: Document) -> str:
    """As it stands in the footer."""
    return digest(document)[:16]


def paragraphs(text: str) -> Iterator[list[str]]:
    """The paragraphs of a text, each as its lines; spaces at the ends and empty lines left out."""
    lines: list[str] = []
    for line in [*(part.strip() for part in text.splitlines()), ""]:
        if line:
            lines.append(line)
        elif lines:
            yield lines
            lines = []
