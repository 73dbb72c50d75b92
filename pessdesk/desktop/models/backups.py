"""The backups as a table, the newest first; and when something was, as people say it."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QDateTime, QLocale, QModelIndex, QPersistentModelIndex, Qt

from pessdesk.desktop.theme import THEME
from pessdesk.desktop.words import WORDS, plural, t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pessdesk.application.backups import Backup

Index = QModelIndex | QPersistentModelIndex
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
DAY_MS = 86_400_000
WEEK_MS = 7 * DAY_MS


def when(at_ms: int) -> str:
    """`today at 17:42`, `3 days ago, at 17:42`, `12/03/2026 17:42`: the local time of a moment in milliseconds."""
    at = QDateTime.fromMSecsSinceEpoch(at_ms)
    time = QLocale(WORDS.language).toString(at.time(), "HH:mm")
    days = at.date().daysTo(QDateTime.currentDateTime().date())
    if days == 0:
        return t("today at {time}", time=time)
    if days == 1:
        return t("yesterday at {time}", time=time)
    if 1 < days < 7:
        return plural("{count} day ago, at {time}", "{count} days ago, at {time}", days, time=time)
    return at.toString("dd/MM/yyyy HH:mm")


def age_ms(at_ms: int) -> int:
    """How long ago a moment was."""
    return QDateTime.currentMSecsSinceEpoch() - at_ms


class Column(enum.IntEnum):
    NUMBER = 0
    WHEN = 1
    CONTRIBUTIONS = 2
    PLACE = 3
    STATE = 4


_NUMBERS = (Column.NUMBER, Column.CONTRIBUTIONS)


class BackupModel(QAbstractTableModel):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Backup] = []

    def fill(self, rows: Sequence[Backup]) -> None:
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def row_at(self, index: Index) -> Backup | None:
        return self.rows[index.row()] if index.isValid() and index.row() < len(self.rows) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - an empty index is a constant
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | Qt.AlignmentFlag | None:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(Column):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if section in _NUMBERS else _LEFT
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return (t("No."), t("When"), t("Contributions"), t("Where"), t("State"))[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row_at(index)
        if row is None:
            return None
        column = Column(index.column())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return _text(row, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(_text(row, one) for one in Column) if column == Column.NUMBER else _text(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column in _NUMBERS else _LEFT
        if role == Qt.ItemDataRole.ForegroundRole and column == Column.STATE:
            return THEME.colour("danger" if row.good is False else "good" if row.good else "ink_soft")
        return None


def _text(row: Backup, column: Column) -> str:
    if column == Column.NUMBER:
        return str(row.number)
    if column == Column.WHEN:
        return when(row.made_ms)
    if column == Column.CONTRIBUTIONS:
        return QLocale(WORDS.language).toString(row.contributions)
    if column == Column.PLACE:
        return t("In the second place") if row.place == "second" else t("On this laptop")
    return {True: t("Looked through"), False: t("Damaged"), None: "–"}[row.good]
