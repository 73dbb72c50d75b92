"""The log: what people decided on each laptop, in its own order. Nothing can be changed here; Enter goes to what it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QComboBox, QLineEdit, QSizePolicy

from pessdesk.desktop import ui
from pessdesk.desktop.models.acts import ActModel, Column, laptop
from pessdesk.desktop.screens.base import Screen, Shell
from pessdesk.desktop.theme import THEME
from pessdesk.desktop.widgets.form import calm
from pessdesk.desktop.widgets.table import Table
from pessdesk.desktop.words import plural, t

if TYPE_CHECKING:
    from pessdesk.application.screens import ActRow
    from pessdesk.desktop.session import Change

ROOM = {Column.NOTE: 9.2, Column.LAPTOP: 6.4, Column.ABOUT: 5.0}
"""The width of the screen, in hundreds of pixels at the usual font's size, from which a column has room."""


class ActsScreen(Screen):
    name = "acts"

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.model = ActModel()
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _: self._filter())
        self.search.returnPressed.connect(self._to_table)
        self.device = QComboBox()
        self.device.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.device.setMinimumContentsLength(14)
        calm(self.device)
        self.device.activated.connect(lambda _: self._filter())
        self.counted = ui.words("small")
        self.table = Table(self.model, Column.ABOUT)
        self.table.opened.connect(self._open)
        self.said, self.what = ui.words("strong", wrap=True), ui.words("hint", wrap=True)
        self.clear = ui.button("", "x", self._all_again)
        self.empty = ui.frame("surface", ui.column(self.said, self.what, ui.row(self.clear, None), gap=8, margin=24))
        self.empty.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.empty.hide()
        self.hint = ui.words("hint", wrap=True)
        head = ui.row(self.search, self.device, self.counted, None, gap=12)
        head.setStretch(0, 100)
        layout = ui.column(head, self.empty, self.table, self.hint, None, gap=12, margin=20)
        layout.setStretch(2, 1000)
        self.setLayout(layout)
        leave = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        leave.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        leave.activated.connect(self._all_again)
        THEME.changed.connect(self._fit)
        self.retranslate()

    def title(self) -> str:
        return t("Log")

    def retranslate(self) -> None:
        self.search.setPlaceholderText(t("Search: what, about what, note"))
        ui.name_it(self.search, t("Search the log"), t("Search the log (Ctrl+F)"))
        ui.name_it(self.device, t("Which laptop"), " ")
        self.clear.setText(t("Show all"))
        ui.name_it(self.clear, t("Show all"), t("Show all (Esc)"))
        ui.name_it(self.table, t("Decisions: Enter goes to what one is about"), " ")
        self.hint.setText(
            t("Each laptop numbers its decisions: the order holds whatever its clock said. The log cannot be changed.")
        )
        self.model.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(Column) - 1)
        self._fill_laptops()
        self._show()
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
        if self.isVisible() and change.touches("clashes", "bundles", "trust", "workshops", "contributions"):
            self._ask()

    def _ask(self) -> None:
        self.session.read(lambda reading: reading.acts(), self._found, owner=self)

    def _found(self, rows: list[ActRow]) -> None:
        if rows == list(self.model.everything):
            return
        self.model.fill(rows)
        self._fill_laptops()
        self._filter()

    def _fill_laptops(self) -> None:
        chosen = self.device.currentData() or ""
        self.device.clear()
        self.device.addItem(t("All laptops"), "")
        for device, name in dict.fromkeys((row.device, laptop(row)) for row in self.model.everything):
            self.device.addItem(name, device)
        self.device.setCurrentIndex(max(0, self.device.findData(chosen)))
        self.device.setVisible(self.device.count() > 2)

    def _filter(self) -> None:
        self.model.filter_by(self.device.currentData() or "", self.search.text())
        self._show()

    def _show(self) -> None:
        every, shown = len(self.model.everything), self.model.rowCount()
        words = plural("{count} decision", "{count} decisions", every)
        if shown != every:
            words = t("{shown} of {all} shown", shown=shown, all=every)
        self.counted.setText(words if every else "")
        self.table.setVisible(shown > 0)
        self.hint.setVisible(shown > 0)
        self.empty.setVisible(shown == 0)
        self.clear.setVisible(every > 0)
        if every:
            self.said.setText(t("Nothing here fits."))
            self.what.setText(t("Other words, or all laptops."))
        else:
            self.said.setText(t("Nobody has decided anything yet."))
            self.what.setText(
                t("Here stands what people decide: whom they trust, which version holds, what was handed over.")
            )

    def focus_first(self) -> None:
        (self.table if self.table.isVisibleTo(self) else self.search).setFocus()
        if not self.table.currentIndex().isValid():
            self.table.choose(0)

    def search_here(self) -> bool:
        self.search.setFocus()
        self.search.selectAll()
        return True

    def _to_table(self) -> None:
        if self.model.rowCount():
            self.focus_first()

    def _all_again(self) -> None:
        self.search.clear()
        self.device.setCurrentIndex(0)
        self._filter()
        self.focus_first()

    def _open(self, place: int) -> None:
        """Go to what a decision is about, where there is a screen for it."""
        row = self.model.row_at(place)
        if row is None:
            return
        if row.contribution and row.workshop:
            self.shell.go("workshop", workshop=row.workshop, contribution=row.contribution)
        elif row.action == "handed-over" and row.subjects[0] != row.subjects[-1]:
            self.shell.go("handover", workshop=row.subjects[0])
        elif row.action in ("card-trusted", "programme-signer-trusted"):
            self.shell.go("laptops")
        elif row.workshop and row.workshop_title:
            self.shell.go("workshop", workshop=row.workshop)
        else:
            self.shell.announce(t("There is nothing more to see of this decision."))
