"""Letters and lines on paper: which characters a face can show, how wide they are, where a text breaks.

What the font lacks (emoji, Arabic, Chinese …) shows as an empty square: a reader must see that something stood there.
Only what has no shape anywhere (marks of direction, joiners, soft hyphens) is left out.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MISSING = "□"
_BREAKS = "/-_.?&=@:;,+"
"""After these a word that is longer than a line breaks first: web addresses."""


class _Shown(dict[int, str | None]):
    """For `str.translate`: character → what the face shows for it."""

    def __init__(self, glyphs: dict[int, int]) -> None:
        super().__init__()
        self._glyphs = glyphs

    def __missing__(self, point: int) -> str | None:
        character = chr(point)
        category = unicodedata.category(character)
        shown: str | None
        if category == "Cf" or 0xFE00 <= point <= 0xFE0F or 0xE0100 <= point <= 0xE01EF or point == 0x034F:
            shown = None
        elif category in ("Zs", "Zl", "Zp") or character in "\t\n\r":
            shown = character if point in self._glyphs and category == "Zs" else " "
        elif category == "Cc" or point not in self._glyphs:
            shown = MISSING
        else:
            shown = character
        self[point] = shown
        return shown


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One weight of the family, as reportlab knows it; widths are of a size of 1."""

    name: str
    widths: dict[int, float]
    default: float
    shown: _Shown

    def show(self, text: str) -> str:
        """The text as this face shows it, letter and accent composed."""
        if not text.isascii():
            text = unicodedata.normalize("NFC", text)
        return text if text.isascii() and text.isprintable() else text.translate(self.shown)

    def width(self, text: str, size: float) -> float:
        get, default = self.widths.get, self.default
        return sum([get(ord(character), default) for character in text]) * size


@dataclass(frozen=True, slots=True)
class Faces:
    regular: Face
    semibold: Face
    bold: Face


def load_faces(folder: Path) -> Faces:
    """The family's faces from `folder`, known to reportlab from then on."""
    return Faces(*(_load(folder, weight) for weight in ("Regular", "Semibold", "Bold")))


def _load(folder: Path, weight: str) -> Face:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    name = f"SourceSans3-{weight}"
    if name not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(name, str(folder / f"{name}.ttf")))
    face: Any = pdfmetrics.getFont(name).face
    widths = {point: width / 1000 for point, width in face.charWidths.items()}
    return Face(name, widths, face.defaultWidth / 1000, _Shown(face.charToGlyph))


def break_lines(face: Face, text: str, size: float, width: float) -> list[str]:
    """A paragraph's lines (at least one), none wider than `width`: at spaces, else within a word."""
    lines: list[str] = []
    line, used = "", 0.0
    space = face.width(" ", size)
    for word in face.show(text).split(" "):
        if not word:
            continue
        needs = face.width(word, size)
        if line and used + space + needs <= width:
            line, used = f"{line} {word}", used + space + needs
            continue
        if line:
            lines.append(line)
        rest = word
        while needs > width and len(rest) > 1:
            head = _fitting(face, rest, size, width)
            lines.append(rest[:head])
            needs -= face.width(rest[:head], size)
            rest = rest[head:]
        line, used = rest, needs
    return [*lines, line] if line or not lines else lines


def _fitting(face: Face, word: str, size: float, width: float) -> int:
    """How many characters of a word that is too long go on a line: up to a sign where it may break, if there is one."""
    used, last, end = 0.0, 0, 0
    for end, character in enumerate(word):
        used += face.widths.get(ord(character), face.default) * size
        if used > width:
            break
        if character in _BREAKS:
            last = end + 1
    return last if last > end // 2 else max(end, 1)
