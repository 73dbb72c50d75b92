"""All workshops: find one, see where it is safe, open it or make a new one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from pessdesk.desktop import ui
from pessdesk.desktop.models.workshops import Column, WorkshopModel
from pessdesk.desktop.screens.base import Screen, Shell
from pessdesk.desktop.theme import THEME
from pessdesk.desktop.widgets.table import Table
from pessdesk.desktop.words import plural, t

if TYPE_CHECKING:
    from pessdesk.application.screens import WorkshopRow
    from pessdesk.desktop.session import Change

ROOM = {Column.STATE: 7.4, Column.TABLES: 6.6, Column.PLACE: 5.4}
"""The width of the screen, in hundreds of pixels at the usual font's size, from which a column has room."""


class WorkshopsScreen(Screen):
    name = "workshops"

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._looked_at = ""
        self.model = WorkshopModel(shell.program.place_name)
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._find)
        self.search.returnPressed.connect(self._to_table)
        self.counted = ui.words("small")
        self.new = ui.button("primary", "plus", partial(shell.go, "new"))
        self.table = Table(self.model, Column.TITLE)
        self.table.horizontalHeader().setSortIndicatorClearable(True)
        self.table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.table.setSortingEnabled(True)
        self.table.opened.connect(self._open)
        self.empty = self._nothing()
        head = ui.row(self.search, self.counted, None, self.new, gap=12)
        head.setStretch(0, 100)
        self.empty.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        layout = ui.column(head, self.empty, self.table, None, gap=12, margin=20)
        layout.setStretch(2, 1000)
        self.setLayout(layout)
        leave = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        leave.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        leave.activated.connect(self._all_again)
        self.empty.hide()
        THEME.changed.connect(self._fit)
        self.retranslate()

    def _nothing(self) -> QWidget:
        """What stands here while there is no workshop, or none that fits what was looked for."""
        self.said = ui.words("strong", wrap=True)
        self.what = ui.words("hint", wrap=True)
        self.receive = ui.button("", "inbox", partial(self.shell.go, "receive"))
        self.clear = ui.button("", "x", self._all_again)
        return ui.frame(
            "surface", ui.column(self.said, self.what, ui.row(self.receive, self.clear, None), gap=8, margin=24)
        )

    def title(self) -> str:
        return t("Workshops")

    def retranslate(self) -> None:
        self.search.setPlaceholderText(t("Search: title, place, date, code"))
        ui.name_it(self.search, t("Search the workshops"), t("Search the workshops (Ctrl+F)"))
        self.new.setText(t("New workshop"))
        ui.name_it(self.new, t("New workshop"), t("A workshop that nobody planned, ready to write in (Ctrl+N)"))
        self.receive.setText(t("Open the office's programme"))
        ui.name_it(self.receive, t("Open the office's programme"))
        self.clear.setText(t("Show all"))
        ui.name_it(self.clear, t("Show all"), t("Show all (Esc)"))
        ui.name_it(self.table, t("Workshops: Enter opens one"), " ")
        self.model.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(Column) - 1)
        self._show_counts()
        self.table.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Which columns there is room for."""
        self.search.setMaximumWidth(THEME.px(420))
        self.table.fold(ROOM, self.width())

    # What is shown

    def enter(self, **_: Any) -> None:
        self._ask()

    def changed(self, change: Change) -> None:
        if self.isVisible() and change.touches("workshops", "groups", "contributions", "bundles", "programme"):
            self._ask()

    def _ask(self) -> None:
        self.session.read(lambda reading: reading.workshops(), self._show, owner=self)

    def _show(self, rows: list[WorkshopRow]) -> None:
        """The rows as they are now; the one that is looked at stays chosen."""
        if (row := self.model.row_at(self.table.currentIndex())) is not None:
            self._looked_at = row.record
        waiting = self.isVisible() and not self.table.isVisible() and not self.search.hasFocus()
        self.model.fill(rows)
        self._reselect()
        self._show_counts()
        if waiting and rows:
            self.focus_first()

    def _reselect(self) -> None:
        index = self.model.index_of(self._looked_at) if self._looked_at else self.model.index(0, Column.TITLE)
        if not index.isValid():
            index = self.model.index(0, Column.TITLE)
        rows = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.table.selectionModel().setCurrentIndex(index, rows)

    def _show_counts(self) -> None:
        shown, there = self.model.rowCount(), self.model.all
        words = plural("{count} workshop", "{count} workshops", there)
        if shown != there:
            words = t("{shown} of {all} shown", shown=shown, all=there)
        self.counted.setText(words)
        self.counted.setVisible(there > 0)
        self.search.setVisible(there > 0)
        self.table.setVisible(shown > 0)
        self.empty.setVisible(shown == 0)
        self.receive.setVisible(there == 0)
        self.clear.setVisible(there > 0)
        if there:
            self.said.setText(t("No workshop fits."))
            self.what.setText(t("Fewer letters find more; accents do not matter."))
        else:
            self.said.setText(t("There are no workshops yet."))
            self.what.setText(
                t(
                    "The office's programme brings the planned workshops and the base document. Without it a workshop can be made at any time."
                )
            )

    # What can be done

    def _find(self, words: str) -> None:
        self.model.find(words)
        self._reselect()
        self._show_counts()

    def _open(self, place: int) -> None:
        if (row := self.model.row_at(self.model.index(place, 0))) is not None:
            self._looked_at = row.record
            self.shell.go("workshop", workshop=row.record)

    def search_here(self) -> bool:
        self.search.setFocus()
        self.search.selectAll()
        return True

    def _to_table(self) -> None:
        """Enter in the search: the only one that fits opens, of several the first is chosen."""
        if self.model.rowCount() == 1:
            self._open(0)
        elif self.model.rowCount():
            self.table.setFocus()

    def _all_again(self) -> None:
        self.search.clear()
        self.focus_first()

    def focus_first(self) -> None:
        if self.table.isHidden():
            (self.search if self.model.all else self.new).setFocus()
        else:
            self.table.setFocus()
