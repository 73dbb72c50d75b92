"""A table of rows to look through and to open, with the keyboard alone if need be."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import TypeVar

from PySide6.QtCore import QAbstractItemModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from pessdesk.desktop.theme import THEME

C = TypeVar("C", bound=IntEnum)


class Table(QTableView):
    """Whole rows are chosen; Tab leaves the table. `opened` gives the row on Enter or a double click."""

    opened = Signal(int)

    def __init__(self, model: QAbstractItemModel, wide: int) -> None:
        """`wide` is the column that takes what width the others leave."""
        super().__init__()
        self.setModel(model)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(wide, QHeaderView.ResizeMode.Stretch)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))
        THEME.changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        self.verticalHeader().setMinimumSectionSize(THEME.px(36))
        self.verticalHeader().setDefaultSectionSize(THEME.px(36))

    def fold(self, room: Mapping[C, float], width: int) -> None:
        """Hide the columns for which there is no room: `room` says how wide the screen must be, in hundreds of pixels at the
        usual size of letters, for each that may go."""
        hundreds = width / THEME.px(100)
        for column, least in room.items():
            self.setColumnHidden(column, hundreds < least)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Not `activated`: on some systems it also comes of a single click, on others not of Enter.
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def choose(self, row: int) -> None:
        """Put the selection on a row, if there is one."""
        column = next((c for c in range(self.model().columnCount()) if not self.isColumnHidden(c)), 0)
        self.setCurrentIndex(self.model().index(row, column))
