"""What stands where on a workshop's screen: filters, list and detail side by side, the line at the bottom.

Columns fold away when there is little room (a narrow window, a large font) and are never cut.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QLineEdit,
    QListView,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from pessdesk.desktop import ui
from pessdesk.desktop.models.contributions import ContributionModel
from pessdesk.desktop.models.delegate import ContributionDelegate
from pessdesk.desktop.screens.base import Screen, Shell
from pessdesk.desktop.theme import THEME
from pessdesk.desktop.widgets.capture_line import CaptureLine
from pessdesk.desktop.widgets.filters import FilterList
from pessdesk.desktop.words import t

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from pessdesk.desktop.widgets.detail import Detail


class WorkshopView(Screen):
    """The widgets. `asked_filters` is what somebody chose for the filters' column (None: as there is room),
    `detail_alone` whether a narrow window shows the detail."""

    def __init__(self, shell: Shell, model: ContributionModel) -> None:
        super().__init__(shell)
        self.narrow = False
        self.asked_filters: bool | None = None
        self.detail_alone = False
        self._build(model)
        THEME.changed.connect(self.list.doItemsLayout)
        THEME.changed.connect(self.fold)

    def _build(self, model: ContributionModel) -> None:
        self.about = ui.Elided("small")
        self.columns = ui.button("quiet", "filter")
        self.sheet = ui.button("quiet", "file-spreadsheet")
        self.facts = ui.button("quiet", "users-round")
        self.people = ui.button("quiet", "hand-heart")
        self.minutes = ui.button("", "file-text")
        self.hand = ui.button("", "send")
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(THEME.px(180))
        self.counted = ui.words("small")
        self.filters = FilterList()
        self.list = QListView()
        self.list.setProperty("role", "contributions")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setModel(model)
        self.list.setItemDelegate(ContributionDelegate(model))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.empty = ui.words("hint", wrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._detail: Detail | None = None
        self.hint = ui.words("hint", wrap=True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.line = CaptureLine()
        self._lay_out()

    def _lay_out(self) -> None:
        middle = ui.column(ui.row(ui.wide(self.search), self.counted, gap=12), self.empty, self.list, gap=8)
        middle.setContentsMargins(THEME.px(12), THEME.px(8), THEME.px(12), THEME.px(8))
        middle_box = QWidget()
        middle_box.setLayout(middle)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setChildrenCollapsible(False)
        self.split.setHandleWidth(1)
        self.middle = middle_box
        self.beside = ui.column(self.hint, gap=0)
        self.side = ui.frame("panel", self.beside)
        for widget in (self.filters, middle_box, self.side):
            self.split.addWidget(widget)
        self.split.setStretchFactor(1, 1)
        self.split.setSizes([THEME.px(210), THEME.px(600), THEME.px(360)])
        head = ui.row(self.about, self.columns, self.sheet, self.facts, self.people, self.minutes, self.hand, gap=4)
        head.setContentsMargins(THEME.px(20), THEME.px(6), THEME.px(12), THEME.px(6))
        head.setStretch(0, 1)
        foot = ui.row(self.line)
        foot.setContentsMargins(THEME.px(12), THEME.px(8), THEME.px(12), THEME.px(8))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(ui.rule())
        layout.addWidget(self.split, 1)
        layout.addWidget(ui.rule())
        layout.addLayout(foot)

    def name_all(self) -> None:
        """Names, tool tips and texts that do not change with what is shown."""
        ui.name_it(self.columns, t("Show or hide the filters"))
        ui.name_it(self.sheet, t("Record the contributions of a spreadsheet"))
        ui.name_it(self.facts, t("Entities present, objectives, agenda: what the minutes need"))
        ui.name_it(self.people, t("People"), t("Names, only with consent; the sheet that people sign (Ctrl+P)"))
        ui.name_it(self.minutes, t("Write the minutes as PDF or as a page for the web"))
        ui.name_it(self.hand, t("Hand over this workshop as a signed bundle"))
        self.search.setPlaceholderText(t("Search in this workshop"))
        ui.name_it(self.search, t("Search in this workshop"), t("Search in this workshop (Ctrl+F)"))
        ui.name_it(self.list, t("Contributions, the newest first"), " ")
        self.filters.retranslate()
        self.hint.setText(t("Choose a contribution to see and change everything about it."))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fold()

    def fold(self) -> None:
        """Which columns there is room for: all, then without filters, then one at a time."""
        room = self.width() / THEME.px(100)
        self.narrow = room < 7.6
        filters = room >= 10.2 if self.asked_filters is None else self.asked_filters
        if self.narrow:
            alone = self.detail_alone
            self.side.setVisible(alone)
            self.side.setMinimumWidth(0)
            self.middle.setVisible(not alone and not (filters and self.asked_filters))
            self.filters.setVisible(not alone and bool(filters and self.asked_filters))
        else:
            self.middle.setVisible(True)
            self.side.setVisible(True)
            self.side.setMinimumWidth(THEME.px(330))
            self.filters.setVisible(filters)
        if self._detail is not None:
            self._detail.back.setVisible(self.narrow)
        least = {
            self.columns: 6.5,
            self.sheet: 9.5,
            self.facts: 8.2,
            self.people: 10.4,
            self.minutes: 6.0,
            self.hand: 5.0,
        }
        for button, words in self._button_words().items():
            button.setText(words if room >= least[button] else "")  # its icon and its name stay

    def _button_words(self) -> dict[QPushButton, str]:
        return {
            self.columns: t("Filters"), self.sheet: t("Spreadsheet…"), self.facts: t("Attendance and data"),
            self.people: t("People"),
            self.minutes: t("Minutes"), self.hand: t("Hand over"),
        }  # fmt: skip
