"""Text fields that leave undo and redo to the window, which knows whose turn it is: the typing or the last change."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QSizePolicy

from pessdesk.desktop.dropped import local_files
from pessdesk.desktop.theme import THEME
from pessdesk.domain.errors import InputRefused
from pessdesk.domain.text import MAX_TEXT


def is_undo(event: QEvent) -> bool:
    """Whether a field asks to keep Ctrl+Z (or its sisters) for itself: Qt's fields do, even with nothing to undo."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    return event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)


def is_escape(event: QEvent) -> bool:
    """Whether a field is asked if it wants Esc for itself, before that leaves what is around it."""
    return (
        event.type() == QEvent.Type.ShortcutOverride
        and isinstance(event, QKeyEvent)
        and event.key() == Qt.Key.Key_Escape
    )


LONGEST_WORD = MAX_TEXT
"""Letters without a space between them that a field takes. A text that is too long can be shortened there; a single word of
a megabyte would stop the window for minutes, and is refused where it is pasted."""


class PlainText(QPlainTextEdit):
    """Several lines of plain text, kept letter by letter. Files are no text: dropped ones go to what is around it.
    `overfull` tells why what was pasted or dropped was not taken."""

    overfull = Signal(object)

    def words(self) -> str:
        """What stands here. `toPlainText` would make a space of a no-break space."""
        return self.document().toRawText().replace("\u2029", "\n").replace("\u2028", "\n")

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return not local_files(source) and super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        if local_files(source):
            return
        length = max(map(len, source.text().split()), default=0)
        if length > LONGEST_WORD:
            self.overfull.emit(InputRefused("text-too-long", field="text", length=length, limit=MAX_TEXT))
        else:
            super().insertFromMimeData(source)

    def event(self, event: QEvent) -> bool:
        if is_undo(event):
            event.ignore()
            return False
        return super().event(event)


class PlainLine(QLineEdit):
    """One line of plain text."""

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptDrops(False)  # it would take a file's name for words

    def event(self, event: QEvent) -> bool:
        if is_undo(event):
            event.ignore()
            return False
        return super().event(event)


class GrowingText(PlainText):
    """A text of several lines, kept when it is left or with Ctrl+Enter.

    A field may show a text otherwise than it is (line ends, control characters): only typing makes it another one.
    """

    finished = Signal()

    def __init__(self, lines: int) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self._source = self._filled = ""
        self._lines = lines
        self.document().documentLayout().documentSizeChanged.connect(lambda _: self._grow())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._grow()

    def fill(self, words: str) -> None:
        """Show a text as it is kept; the cursor stays where the same text stands already."""
        if self.words() != words and (words != self._source or self.edited):
            self.setPlainText(words)
        self._source, self._filled = words, self.words()

    @property
    def edited(self) -> bool:
        """Whether something else stands here than was filled in."""
        return self.words() != self._filled

    def _grow(self) -> None:
        lines = max(self._lines, min(16, round(self.document().size().height())))
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + THEME.px(12) + 12)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._grow()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:  # its own context menu
            self.finished.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.finished.emit()
        else:
            super().keyPressEvent(event)
