"""A text with the words marked in which it differs from others: bold and underlined, for colour alone is no sign.

The words are put into the document as plain characters; what somebody wrote is never read as markup.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QResizeEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PARTS = re.compile(r"\s+|[^\W_]+|[\W_]")
LONGEST = 4000
"""Words from which on texts are compared whole: the comparison would take longer than a glance."""


def parts(text: str) -> list[str]:
    """Words, spaces and signs, in their order: nothing is lost."""
    return _PARTS.findall(text)


def marked(text: str, others: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether it differs from one of the others."""
    mine = parts(text)
    differs = [False] * len(mine)
    for other in others:
        theirs = parts(other)
        if len(mine) * len(theirs) > LONGEST**2:
            differs = [True] * len(mine)
            break
        for kind, start, end, _, _ in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
            if kind in ("replace", "delete"):
                differs[start:end] = [True] * (end - start)
    for place, part in enumerate(mine):  # spaces are marked between marked words only
        if part.isspace():
            differs[place] = 0 < place < len(mine) - 1 and differs[place - 1] and differs[place + 1]
    for differing, those in groupby(zip(mine, differs, strict=True), key=itemgetter(1)):
        yield "".join(part for part, _ in those), differing


class DifferingText(QTextEdit):
    """As high as its text; to be read and copied, not changed."""

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setAcceptRichText(False)
        self.setProperty("role", "plain")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(0)
        self.document().documentLayout().documentSizeChanged.connect(lambda _: self._grow())

    def show_text(self, text: str, others: Iterable[str]) -> None:
        self.clear()
        cursor = QTextCursor(self.document())
        plain, different = QTextCharFormat(), QTextCharFormat()
        different.setFontWeight(QFont.Weight.DemiBold)
        different.setFontUnderline(True)
        for piece, differs in marked(text, others):
            cursor.insertText(piece, different if differs else plain)
        self.setAccessibleName(text)
        self._grow()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._height())

    def _height(self) -> int:
        return round(self.document().size().height()) + 2 * self.frameWidth() + 4

    def _grow(self) -> None:
        self.setFixedHeight(max(self.fontMetrics().lineSpacing(), self._height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._grow()
