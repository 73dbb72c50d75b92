"""Suggestions under (or above) a field while somebody types: a few rows, chosen by arrow keys, Tab, Enter or the mouse.

The list belongs to the window and never takes the focus, so that typing goes on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QPersistentModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListView, QWidget

from pessdesk.desktop.theme import THEME
from pessdesk.desktop.widgets.plain_text import is_escape, is_undo

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A row: what is shown, a softer remark behind it, and what choosing it means."""

    text: str
    value: Any
    remark: str = ""


class _Model(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.items: Sequence[Suggestion] = ()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.items)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        item = self.items[index.row()]
        return f"{item.text}   {item.remark}" if item.remark else item.text

    def fill(self, items: Sequence[Suggestion]) -> None:
        self.beginResetModel()
        self.items = items
        self.endResetModel()


class SuggestionList(QListView):
    """The rows, laid over the window beside a field."""

    chosen = Signal(object)

    def __init__(self, field: QWidget) -> None:
        super().__init__()
        self._field = field
        self._model = _Model()
        self.setModel(self._model)
        self.setProperty("role", "suggestions")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.clicked.connect(lambda index: self.choose(index.row()))
        THEME.changed.connect(self.hide)
        self.hide()

    def offer(self, items: Sequence[Suggestion], *, name: str, above: bool = False) -> None:
        """Show these rows; with none, hide."""
        self._model.fill(items)
        if not items:
            self.hide()
            return
        window = self._field.window()
        if self.parent() is not window:
            self.setParent(window)
        self.setAccessibleName(name)
        height = self.sizeHintForRow(0) * min(SHOWN, len(items)) + THEME.px(10)
        width = max(self._field.width(), min(THEME.px(480), window.width() - THEME.px(32)))
        corner = self._field.mapTo(window, QPoint(0, -height if above else self._field.height()))
        left = max(0, min(corner.x(), window.width() - width - THEME.px(8)))
        self.setGeometry(left, max(0, min(corner.y(), window.height() - height)), width, height)
        self.setCurrentIndex(self._model.index(0))
        self.show()
        self.raise_()

    def move_by(self, step: int) -> None:
        count = self._model.rowCount()
        if count:
            self.setCurrentIndex(self._model.index((self.currentIndex().row() + step) % count))

    def choose(self, place: int | None = None) -> bool:
        """Choose the current row (or that one); False when nothing is offered."""
        place = self.currentIndex().row() if place is None else place
        if not self.isVisible() or not 0 <= place < len(self._model.items):
            return False
        self.hide()
        self.chosen.emit(self._model.items[place])
        return True

    @property
    def items(self) -> Sequence[Suggestion]:
        return self._model.items if self.isVisible() else ()


class SuggestField(QLineEdit):
    """A field that offers what fits. `chosen` gives the value of a row; `written` a text that no row was chosen for."""

    chosen = Signal(object)
    written = Signal(str)

    def __init__(self, suggest: Callable[[str], Sequence[Suggestion]], *, at_once: bool = False) -> None:
        super().__init__()
        self._suggest = suggest
        self._at_once = at_once
        self.list = SuggestionList(self)
        self.list.chosen.connect(self._take)
        self.setAcceptDrops(False)  # it would take a file's name for words
        self.textEdited.connect(self._offer)
        self.destroyed.connect(self.list.deleteLater)

    def _offer(self, words: str = "") -> None:
        self.list.offer(self._suggest(self.text()), name=self.accessibleName())

    def _take(self, item: Suggestion) -> None:
        self.setText(item.text)
        self.chosen.emit(item.value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if self.list.isVisible() and key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.list.move_by(1 if key == Qt.Key.Key_Down else -1)
        elif key == Qt.Key.Key_Down:
            self._offer()
        elif self.list.isVisible() and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.list.choose()
        elif self.list.isVisible() and key == Qt.Key.Key_Escape:
            self.list.hide()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.written.emit(self.text())
            super().keyPressEvent(event)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        # Tab is taken before keyPressEvent, to move the focus.
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Tab:
            self.list.choose()
        if is_undo(event):
            event.ignore()
            return False
        if self.list.isVisible() and is_escape(event):
            event.accept()  # the list goes, what stands around the field stays
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self._at_once:
            self._offer()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.list.hide()
        super().focusOutEvent(event)
