"""The field of the capture line: which key means what, and how it grows with its text."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QTextOption
from PySide6.QtWidgets import QSizePolicy

from pessdesk.desktop.theme import THEME
from pessdesk.desktop.widgets.plain_text import PlainText

MOST_LINES = 5


class CaptureText(PlainText):
    """The field itself: grows from one line to five."""

    entered = Signal()
    escaped = Signal()
    up_in_empty = Signal()
    back_at_start = Signal()
    left = Signal()
    stepped = Signal(int)
    tabbed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().documentLayout().documentSizeChanged.connect(lambda _: self._grow())
        self.offering = False

    def _grow(self) -> None:
        lines = max(1, min(MOST_LINES, round(self.document().size().height())))
        height = lines * self.fontMetrics().lineSpacing() + THEME.px(14)
        if height != self.minimumHeight():
            self.setFixedHeight(height)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._grow()

    def sizeHint(self) -> QSize:
        return QSize(THEME.px(400), max(self.minimumHeight(), self.fontMetrics().lineSpacing() + THEME.px(14)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, plain = event.key(), not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        enter = key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and plain:
            self.entered.emit()
        elif enter:
            self.insertPlainText("\n")
        elif key == Qt.Key.Key_Escape:
            self.escaped.emit()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self.offering:
            self.stepped.emit(-1 if key == Qt.Key.Key_Up else 1)
        elif key == Qt.Key.Key_Up and plain and self.document().isEmpty():
            self.up_in_empty.emit()
        elif key == Qt.Key.Key_Backspace and plain and self.textCursor().position() == 0 and not self._selected():
            self.back_at_start.emit()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        # Tab is taken before keyPressEvent, to move the focus.
        tab = event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Tab
        if tab and self.offering:
            self.tabbed.emit()
            return True
        return super().event(event)

    def _selected(self) -> bool:
        return self.textCursor().hasSelection()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()
