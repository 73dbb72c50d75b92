"""Text fields that leave undo and redo to the window, which knows whose turn it is: the typing or the last change."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit


def is_undo(event: QEvent) -> bool:
    """Whether a field asks to keep Ctrl+Z (or its sisters) for itself: Qt's fields do, even with nothing to undo."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    return event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)


class PlainText(QPlainTextEdit):
    """Several lines of plain text."""

    def event(self, event: QEvent) -> bool:
        if is_undo(event):
            event.ignore()
            return False
        return super().event(event)


class PlainLine(QLineEdit):
    """One line of plain text."""

    def event(self, event: QEvent) -> bool:
        if is_undo(event):
            event.ignore()
            return False
        return super().event(event)
