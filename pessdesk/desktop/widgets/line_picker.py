"""Choosing lines of the base document: the tree with a search above it, as a panel over the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QLineEdit, QTreeWidget, QTreeWidgetItem, QWidget

from pessdesk.desktop import ui
from pessdesk.desktop.theme import THEME
from pessdesk.desktop.words import label, local, t
from pessdesk.wording.labels import NODE_KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pessdesk.desktop.models.lines import LineBook

_ID = Qt.ItemDataRole.UserRole


class LinePicker(QFrame):
    """A panel with the tree. Space or a click ticks a line, Enter takes what is ticked (or the current line), Esc leaves.

    `taken` gives the ids, in the order of the document; with `single` the first choice is taken at once.
    """

    taken = Signal(object)

    def __init__(self, parent: QWidget, book: LineBook, chosen: Sequence[str], *, single: bool = False) -> None:
        super().__init__(parent.window(), Qt.WindowType.Popup)
        self.setProperty("role", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._book = book
        self._single = single
        self.search = QLineEdit()
        self.search.setPlaceholderText(t("Code or words"))
        self.search.setClearButtonEnabled(True)
        ui.name_it(self.search, t("Search the base document"))
        self.tree = QTreeWidget()
        self.tree.setHeaderHidden(True)
        self.tree.setProperty("role", "plain")
        self.tree.setRootIsDecorated(False)
        self.tree.setIndentation(THEME.px(16))
        self.tree.setWordWrap(True)
        self.tree.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        ui.name_it(self.tree, t("Lines of the base document"), " ")
        hint = ui.words("hint", wrap=True)
        hint.setText(t("Enter takes the line.") if single else t("Space ticks a line, Enter takes what is ticked."))
        self.none = ui.button("quiet", "x", lambda: self._take([]))
        self.none.setText(t("Without line"))
        self.take = ui.button("primary", "check", self._take_ticked)
        self.take.setText(t("Take"))
        buttons = ui.row(hint, None, self.none, self.take)
        self.setLayout(ui.column(self.search, self.tree, buttons, gap=8, margin=12))
        self._ticked = [line for line in chosen if book.node(line)]
        self._fill()
        self.search.textEdited.connect(self._fill)
        self.search.installEventFilter(self)
        self.tree.installEventFilter(self)
        self.tree.itemClicked.connect(self._clicked)

    def show_at(self, anchor: QWidget, *, above: bool = False) -> None:
        """Over `anchor`'s window, beside it."""
        window = anchor.window()
        width, height = min(THEME.px(560), window.width() - 16), min(THEME.px(460), window.height() - 16)
        corner = anchor.mapToGlobal(QPoint(0, -height if above else anchor.height()))
        area = window.geometry()
        left = max(area.left() + 8, min(corner.x(), area.right() - width - 8))
        top = max(area.top() + 8, min(corner.y(), area.bottom() - height - 8))
        self.setGeometry(left, top, width, height)
        self.show()
        self.search.setFocus()

    def _fill(self, words: str = "") -> None:
        self.tree.clear()
        items: dict[str, QTreeWidgetItem] = {}
        searching = bool(words.strip())
        for node in self._book.matching(words):
            parent = items.get(node.parent) if not searching else None
            item = QTreeWidgetItem([f"{node.code}   {local(node.title)}".strip()])
            item.setData(0, _ID, node.id)
            item.setToolTip(0, ui.tip(f"{label(NODE_KINDS, node.kind)}: {local(node.title)}"))
            if not self._single:
                ticked = node.id in self._ticked
                item.setCheckState(0, Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
            if parent is not None:
                parent.addChild(item)
            else:
                self.tree.addTopLevelItem(item)
            items[node.id] = item
        self.tree.expandAll()
        wanted = next((items[line] for line in self._ticked if line in items), self.tree.topLevelItem(0))
        if wanted is not None:
            self.tree.setCurrentItem(wanted)

    def _clicked(self, item: QTreeWidgetItem) -> None:
        if self._single:
            self._take([item.data(0, _ID)])
        else:
            self._note(item)

    def _note(self, item: QTreeWidgetItem) -> None:
        line = item.data(0, _ID)
        if item.checkState(0) == Qt.CheckState.Checked and line not in self._ticked:
            self._ticked.append(line)
        elif item.checkState(0) == Qt.CheckState.Unchecked and line in self._ticked:
            self._ticked.remove(line)

    def _tick(self) -> None:
        item = self.tree.currentItem()
        if item is None or self._single:
            return
        on = item.checkState(0) == Qt.CheckState.Checked
        item.setCheckState(0, Qt.CheckState.Unchecked if on else Qt.CheckState.Checked)
        self._note(item)

    def _take_ticked(self) -> None:
        item = self.tree.currentItem()
        if self._single or not self._ticked:
            self._take([item.data(0, _ID)] if item is not None else [])
        else:
            self._take(self._ticked)

    def _take(self, lines: Sequence[str]) -> None:
        self.close()
        self.taken.emit(tuple(lines))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = event.key()
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._take_ticked()
                return True
            if watched is self.tree and key == Qt.Key.Key_Space:
                self._tick()
                return True
            if watched is self.search and key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self.tree.setFocus()
                if key == Qt.Key.Key_Down and (item := self.tree.currentItem()) is not None:
                    self.tree.setCurrentItem(self.tree.itemBelow(item) or item)
                return True
        return super().eventFilter(watched, event)


def pick_lines(
    anchor: QWidget,
    book: LineBook,
    chosen: Sequence[str],
    taken: Callable[[tuple[str, ...]], object],
    *,
    single: bool = False,
    above: bool = False,
) -> LinePicker:
    """Open the panel at `anchor`."""
    picker = LinePicker(anchor, book, chosen, single=single)
    picker.taken.connect(taken)
    picker.show_at(anchor, above=above)
    return picker
