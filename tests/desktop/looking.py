"""What a person sees and a screen reader says: the texts and the controls of a window, and whether any is cut."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QTabBar,
    QTextBrowser,
    QToolButton,
    QWidget,
)

from pessdesk.desktop import ui

INTERACTIVE = (
    QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox, QAbstractSpinBox, QAbstractItemView, QTabBar, QTextBrowser,
)  # fmt: skip


def shown(top: QWidget) -> Iterator[QWidget]:
    """A widget and all that can be seen in it, in the order in which it was made."""
    yield top
    for child in top.findChildren(QWidget):
        if child.isVisibleTo(top) and child.window() is top.window():
            yield child


def texts(top: QWidget) -> list[tuple[str, str, str]]:
    """(class, what, text) of everything with words on it, whether they show, explain or are spoken."""
    found: list[tuple[str, str, str]] = []
    for widget in shown(top):
        kind = type(widget).__name__
        for what in ("text", "toolTip", "accessibleName", "accessibleDescription", "placeholderText", "windowTitle"):
            said = getattr(widget, what, None)
            if callable(said) and not isinstance(widget, QAbstractSpinBox) and (words := said()):
                found.append((kind, what, str(words)))
        if isinstance(widget, QComboBox):
            found += [(kind, "item", widget.itemText(place)) for place in range(widget.count())]
        elif isinstance(widget, QAbstractItemView) and (model := widget.model()) is not None:
            found += [(kind, what, words) for what, words in _items(model, QModelIndex())]
    found += [("QAction", "text", action.text()) for action in top.findChildren(QAction) if action.text()]
    return found


def _items(model: QAbstractItemModel, parent: QModelIndex) -> Iterator[tuple[str, str]]:
    roles = {
        "item": Qt.ItemDataRole.DisplayRole, "tip": Qt.ItemDataRole.ToolTipRole,
        "spoken": Qt.ItemDataRole.AccessibleTextRole,
    }  # fmt: skip
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(parent)
    for row in range(min(200, model.rowCount(parent))):
        for column in range(columns):
            index = model.index(row, column, parent)
            for what, role in roles.items():
                if isinstance(words := index.data(role), str) and words:
                    yield what, words
        if not isinstance(model, QAbstractListModel):
            yield from _items(model, model.index(row, 0, parent))
    if not parent.isValid():
        for column in range(columns):
            if isinstance(words := model.headerData(column, Qt.Orientation.Horizontal), str):
                yield "heading", words


def interactive(top: QWidget) -> list[QWidget]:
    """What can be pressed, written in or chosen, outermost (a field's own button or list is not another)."""
    whole = QComboBox | QAbstractSpinBox | QAbstractItemView | QLineEdit
    return [
        widget
        for widget in shown(top)
        if isinstance(widget, INTERACTIVE) and not any(isinstance(above, whole) for above in _above(widget))
    ]


def _above(widget: QWidget) -> Iterator[QWidget]:
    while (parent := widget.parentWidget()) is not None and not widget.isWindow():
        yield parent
        widget = parent


def described(widget: QWidget) -> str:
    """Which widget it is, for a person who reads a failed test."""
    words = getattr(widget, "text", str)
    said = words() if callable(words) and not isinstance(widget, QAbstractSpinBox) else ""
    return f"{type(widget).__name__}[{widget.property('role') or ''}] {widget.accessibleName() or said!r}"


# What is cut


def cut(top: QWidget) -> list[str]:
    """Words that have no room, and controls of which a part lies outside what can be seen or scrolled to."""
    found = []
    for widget in shown(top):
        if widget is top or widget.width() == 0 or widget.height() == 0:
            continue
        if (reason := _cut_words(widget)) or (reason := _out_of_sight(widget)):
            found.append(f"{described(widget)}: {reason}")
    return found


def _cut_words(widget: QWidget) -> str:
    if isinstance(widget, ui.Elided):
        return ""
    if isinstance(widget, QLabel) and widget.text():
        room, margins = widget.contentsRect(), widget.margin() * 2
        if widget.wordWrap():
            needed = widget.heightForWidth(widget.width())
            return f"{widget.height()} high, needs {needed}" if needed > widget.height() + 1 else ""
        width = max(widget.fontMetrics().horizontalAdvance(line) for line in widget.text().split("\n")) + margins
        return f"{room.width()} wide, needs {width}" if width > room.width() + 1 else ""
    if isinstance(widget, QPushButton | QCheckBox | QRadioButton) and widget.text():
        needed = widget.minimumSizeHint() if isinstance(widget, QPushButton) else widget.sizeHint()
        if widget.width() + 1 < needed.width() or widget.height() + 1 < needed.height():
            return f"{_size(widget)}, needs {needed.width()}×{needed.height()}"
    words = isinstance(widget, QToolButton) and widget.toolButtonStyle() != Qt.ToolButtonStyle.ToolButtonIconOnly
    if words and widget.text() and widget.width() < widget.sizeHint().width():
        return f"{widget.width()} wide, needs {widget.sizeHint().width()}"
    return ""


def _out_of_sight(widget: QWidget) -> str:
    """A widget that its parents' edges cut. What is scrolled can be reached; only along the way it cannot be scrolled
    counts."""
    if not isinstance(widget, (QLabel, *INTERACTIVE)):
        return ""
    area = QRect(widget.mapTo(widget.window(), QPoint(0, 0)), widget.size())
    for above in _above(widget):
        if isinstance(above, QAbstractItemView):
            return ""
        if isinstance(above, QAbstractScrollArea):
            ground = QRect(above.mapTo(widget.window(), QPoint(0, 0)), above.size())
            sideways = above.horizontalScrollBar().maximum() == 0 or (
                above.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff
            )
            if sideways and (area.left() < ground.left() - 1 or area.right() > ground.right() + 1):
                return f"{area.left()}–{area.right()} sideways out of {ground.left()}–{ground.right()}"
            return ""
    window = widget.window().rect()
    return "" if window.adjusted(-1, -1, 1, 1).contains(area) else f"{area} out of the window {window}"


def _size(widget: QWidget) -> str:
    return f"{widget.width()}×{widget.height()}"


def panels() -> list[QWidget]:
    """The panels, menus and lists that lie over the window."""
    return [widget for widget in QApplication.topLevelWidgets() if widget.isVisible() and widget.parentWidget()]
