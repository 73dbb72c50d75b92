"""How far something has come: stations on a line, each with what is known of it.

Nothing is green here: that is for what somebody else has confirmed.
"""

from __future__ import annotations

import enum

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from pessdesk.desktop import ui
from pessdesk.desktop.theme import THEME

_DOT = 12


class Station(enum.Enum):
    """Reached; reached by an earlier state of the thing; not reached."""

    REACHED = enum.auto()
    BEHIND = enum.auto()
    NEXT = enum.auto()


Line = tuple[Station, str, str]
"""A station, its name, what is known of it (in one line or two)."""


class Stations(QWidget):
    """The line, from left to right."""

    def __init__(self, *line: Line) -> None:
        super().__init__()
        layout = ui.row(gap=8)
        for place, (station, name, known) in enumerate(line):
            if place:
                layout.addWidget(_Track(), 0, Qt.AlignmentFlag.AlignTop)
            title, what = ui.words("strong"), ui.words("small", wrap=True)
            title.setText(name)
            what.setText(known)
            layout.addWidget(_Mark(station), 0, Qt.AlignmentFlag.AlignTop)
            what.setMinimumWidth(THEME.px(140))
            what.setMaximumWidth(THEME.px(240))
            layout.addLayout(ui.column(title, what, None, gap=0), 1)
        layout.addStretch(2)
        self.setLayout(layout)
        self.setAccessibleName(", ".join(f"{name}: {known}" for _, name, known in line).replace("\n", ", "))


class _Mark(QWidget):
    """A station's dot: full, half full, or empty."""

    def __init__(self, station: Station) -> None:
        super().__init__()
        self._station = station
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(THEME.px(_DOT + 2), self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        size = THEME.px(_DOT)
        dot = QRectF(1, (self.height() - size) / 2, size, size)
        ink = THEME.colour("edge" if self._station is Station.NEXT else "ink")
        painter.setPen(QPen(ink, max(1.5, THEME.px(3) / 2)))
        if self._station is Station.REACHED:
            painter.setBrush(ink)
        painter.drawEllipse(dot.adjusted(1, 1, -1, -1))
        if self._station is Station.BEHIND:
            painter.setBrush(ink)
            painter.drawPie(dot.adjusted(1, 1, -1, -1), 90 * 16, 180 * 16)
        painter.end()


class _Track(QWidget):
    """The line between two stations."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(THEME.px(56), self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QPen(THEME.colour("edge"), 1))
        painter.drawLine(0, self.height() // 2, self.width(), self.height() // 2)
        painter.end()
