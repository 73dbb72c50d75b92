"""Reads our PDFs and pages back with nothing but the standard library, as a copy in a viewer would give the words."""

from __future__ import annotations

import base64
import re
import zlib
from dataclasses import dataclass, field
from html.parser import HTMLParser

_FOOT = 3
"""Texts in the foot of each page: reference, content, page."""


@dataclass(frozen=True, slots=True)
class Word:
    """A line of text on a page, in points from its lower left corner."""

    x: float
    y: float
    text: str


def pdf_pages(data: bytes) -> list[list[Word]]:
    """The texts of each page in the order in which they are drawn."""
    objects = {int(m[1]): m[2] for m in re.finditer(rb"\n(\d+) 0 obj\n(.*?)\nendobj", data, re.S)}
    names = next(body for body in objects.values() if re.search(rb"/F\d\+\d+ \d+ 0 R", body) and b"/Page" not in body)
    fonts = {m[1].decode(): _letters(objects, int(m[2])) for m in re.finditer(rb"/(F\d\+\d+) (\d+) 0 R", names)}
    contents = [int(m[1]) for body in objects.values() if (m := re.search(rb"/Contents (\d+) 0 R", body))]
    return [_texts(_stream(objects[number]), fonts) for number in contents]


def pdf_lines(data: bytes) -> list[str]:
    """What the pages say, line by line, without their feet."""
    return [word.text for page in pdf_pages(data) for word in page[:-_FOOT]]


def pdf_feet(data: bytes) -> list[list[str]]:
    return [[word.text for word in page[-_FOOT:]] for page in pdf_pages(data)]


def _stream(body: bytes) -> bytes:
    head, _, raw = body.partition(b"stream\n")
    length = re.search(rb"/Length (\d+)", head)
    assert length
    raw = raw[: int(length[1])]
    return zlib.decompress(base64.a85decode(b"<~" + raw.strip(), adobe=True) if b"ASCII85" in head else raw)


def _letters(objects: dict[int, bytes], font: int) -> dict[int, str]:
    """What each byte of a font's strings means (its ToUnicode map)."""
    found = re.search(rb"/ToUnicode (\d+) 0 R", objects[font])
    assert found, "a font without ToUnicode cannot be copied or read aloud"
    pairs = re.findall(rb"<([0-9A-Fa-f]{2})> <([0-9A-Fa-f]{4,})>", _stream(objects[int(found[1])]))
    return {int(code, 16): bytes.fromhex(letters.decode()).decode("utf-16-be") for code, letters in pairs}


def _texts(stream: bytes, fonts: dict[str, dict[int, str]]) -> list[Word]:
    words: list[Word] = []
    for block in re.finditer(rb"BT 1 0 0 1 (\S+) (\S+) Tm (.*?) T\* ET\n", stream, re.S):
        text = ""
        for piece in re.finditer(rb"/(F\d\+\d+) \S+ Tf|\(((?:[^\\()]|\\.)*)\) Tj", block[3], re.S):
            if piece[1]:
                letters = fonts[piece[1].decode()]
            else:
                text += "".join(letters[byte] for byte in _bytes(piece[2]))
        words.append(Word(float(block[1]), float(block[2]), text))
    return words


def _bytes(literal: bytes) -> bytes:
    """A PDF string's bytes, its escapes undone."""
    plain = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}

    def undone(found: re.Match[bytes]) -> bytes:
        return bytes([int(found[1], 8)]) if found[1].isdigit() else plain.get(found[1], found[1])

    return re.sub(rb"\\([0-7]{3}|.)", undone, literal, flags=re.S)


@dataclass
class Element:
    """A part of a page, with everything that is in it."""

    tag: str
    attributes: dict[str, str]
    children: list[Element | str] = field(default_factory=list)

    def all(self, *tags: str) -> list[Element]:
        """The elements of these names below this one, in order."""
        found: list[Element] = []
        for child in self.children:
            if isinstance(child, Element):
                found += [child] if child.tag in tags else []
                found += child.all(*tags)
        return found

    def texts(self, *, without: tuple[str, ...] = ()) -> list[str]:
        found: list[str] = []
        for child in self.children:
            if isinstance(child, str):
                found.append(child)
            elif child.tag not in without:
                found += child.texts(without=without)
        return found

    @property
    def text(self) -> str:
        return "".join(self.texts())


class _Tree(HTMLParser):
    VOID = ("meta", "br", "rect")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in self.VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().tag == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)

    def finish(self) -> Element:
        assert len(self._open) == 1, f"never closed: {[element.tag for element in self._open]}"
        return self.root


def page(data: bytes) -> Element:
    """A page for the web as a tree; refuses what is not closed."""
    tree = _Tree()
    tree.feed(data.decode())
    tree.close()
    return tree.finish()


def html_words(data: bytes) -> str:
    """What the page says in its header and main part, pictures' titles left out."""
    (body,) = page(data).all("body")
    parts = [element for element in body.children if isinstance(element, Element) and element.tag in ("header", "main")]
    return " ".join(text for part in parts for text in part.texts(without=("svg",)))


def squeezed(text: str) -> str:
    """Without any space or line break: what is left is the words."""
    return re.sub(r"\s+", "", text)
