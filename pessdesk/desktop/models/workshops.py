"""The workshops as a table: today's and the coming ones first, found without regard to accents, sorted as Catalan sorts.

What a column shows and by what it sorts are two things: dates sort by the calendar, titles without their article,
states by what is most at risk.
"""

from __future__ import annotations

import enum
import re
from datetime import date
from functools import cmp_to_key
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QCollator, QDate, QLocale, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont

from pessdesk.desktop.theme import THEME
from pessdesk.desktop.words import plural, t
from pessdesk.domain.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pessdesk.application.screens import WorkshopRow

Index = QModelIndex | QPersistentModelIndex
_ARTICLE = re.compile(r"^(?:l['’]|els? |les |las? |los? |el |un |una |the |a )", re.I)
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class Column(enum.IntEnum):
    DATE = 0
    TITLE = 1
    PLACE = 2
    TABLES = 3
    CONTRIBUTIONS = 4
    STATE = 5


class Kept(enum.IntEnum):
    """Where a workshop is safe, what is most at risk first."""

    HERE_ONLY = 0
    CHANGED_SINCE = 1
    HANDED_OVER = 2
    NOTHING_YET = 3

    @classmethod
    def of(cls, row: WorkshopRow) -> Kept:
        if row.handed:
            return cls.CHANGED_SINCE if row.pending else cls.HANDED_OVER
        return cls.HERE_ONLY if row.pending and row.contributions else cls.NOTHING_YET


class WorkshopModel(QAbstractTableModel):
    """Rows for a table. `place` gives the name of a municipality and its comarca."""

    def __init__(self, place: Callable[[str, str], str]) -> None:
        super().__init__()
        self._place = place
        self._all: list[WorkshopRow] = []
        self._shown: list[WorkshopRow] = []
        self._folded: dict[str, str] = {}
        self._words = ""
        self._by = -1
        self._order = Qt.SortOrder.AscendingOrder
        self._today = date.today().isoformat()

    # What Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - an empty index is a constant
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | Qt.AlignmentFlag | None:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(Column):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if section in (Column.TABLES, Column.CONTRIBUTIONS) else _LEFT
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return (t("Date"), t("Title"), t("Place"), t("Tables"), t("Contributions"), t("Handed over"))[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row_at(index)
        if row is None:
            return None
        column = Column(index.column())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._text(row, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(row) if column == Column.DATE else self._text(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column in (Column.TABLES, Column.CONTRIBUTIONS) else _LEFT
        if role == Qt.ItemDataRole.FontRole and row.date == self._today:
            return THEME.font(15, QFont.Weight.DemiBold)
        if role == Qt.ItemDataRole.ForegroundRole:
            return THEME.colour(self._ink(row, column))
        return None

    def _text(self, row: WorkshopRow, column: Column) -> str:
        if column == Column.DATE:
            return t("Today") if row.date == self._today else short_date(row.date)
        if column == Column.TITLE:
            return row.title
        if column == Column.PLACE:
            return self._place(row.municipality, row.comarca)
        if column == Column.TABLES:
            return str(row.groups) if row.groups else "–"
        if column == Column.CONTRIBUTIONS:
            return QLocale().toString(row.contributions)
        return self._state(row)

    def _state(self, row: WorkshopRow) -> str:
        kept = Kept.of(row)
        if kept == Kept.HANDED_OVER:
            return t("Handed over on {date}", date=short_date(row.handed[:10]))
        if kept == Kept.CHANGED_SINCE:
            return t("Changed since {date}", date=short_date(row.handed[:10]))
        return t("Only on this laptop") if kept == Kept.HERE_ONLY else "–"

    def _ink(self, row: WorkshopRow, column: Column) -> str:
        if column == Column.STATE:
            return {Kept.HERE_ONLY: "warn", Kept.CHANGED_SINCE: "warn", Kept.HANDED_OVER: "good"}.get(
                Kept.of(row), "ink_soft"
            )
        return "ink_soft" if column == Column.PLACE or (column == Column.DATE and row.date < self._today) else "ink"

    def _spoken(self, row: WorkshopRow) -> str:
        """The whole row, as a screen reader says it at the first cell."""
        said = plural("{count} contribution", "{count} contributions", row.contributions)
        parts = [self._text(row, Column.DATE), row.title, self._text(row, Column.PLACE), said, self._state(row)]
        return ", ".join(part for part in parts if part not in ("", "–"))

    # Filling, finding, sorting

    def fill(self, rows: Sequence[WorkshopRow]) -> None:
        """All workshops, as they are now."""
        self.beginResetModel()
        self._today = date.today().isoformat()
        self._all = list(rows)
        self._folded = {row.record: self._findable(row) for row in rows}
        self._arrange()
        self.endResetModel()

    def _findable(self, row: WorkshopRow) -> str:
        """What the search looks at: words without accents."""
        return fold(f"{row.title} {self._place(row.municipality, row.comarca)} {row.venue} {row.date} {row.code}")

    def find(self, words: str) -> None:
        """Only those that hold each of the words; all with none."""
        self.beginResetModel()
        self._words = fold(words)
        self._arrange()
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """By a column; by -1 as usual: today's and the coming ones by date, then those that were, the last one first."""
        self.layoutAboutToBeChanged.emit()
        before = {row.record: place for place, row in enumerate(self._shown)}
        kept = self.persistentIndexList()
        rows = [self._shown[index.row()].record for index in kept]
        self._by, self._order = column, order
        self._arrange()
        after = {row.record: place for place, row in enumerate(self._shown)}
        assert before.keys() == after.keys()
        moved = [self.index(after[record], index.column()) for record, index in zip(rows, kept, strict=True)]
        self.changePersistentIndexList(kept, moved)
        self.layoutChanged.emit()

    def _arrange(self) -> None:
        terms = self._words.split()
        rows = [row for row in self._all if all(term in self._folded[row.record] for term in terms)]
        rows.sort(key=lambda row: (row.date, row.code))
        if self._by < 0:
            past = [row for row in rows if row.date < self._today]
            rows = [row for row in rows if row.date >= self._today] + past[::-1]
        else:
            rows.sort(key=self._key(Column(self._by)), reverse=self._order == Qt.SortOrder.DescendingOrder)
        self._shown = rows

    def _key(self, column: Column) -> Callable[[WorkshopRow], Any]:
        if column in (Column.TITLE, Column.PLACE):
            collator = QCollator(QLocale("ca"))
            collator.setNumericMode(True)
            collated = cmp_to_key(collator.compare)
            return lambda row: collated(_ARTICLE.sub("", self._text(row, column)))
        keys: dict[Column, Callable[[WorkshopRow], Any]] = {
            Column.DATE: lambda row: row.date,
            Column.TABLES: lambda row: row.groups,
            Column.CONTRIBUTIONS: lambda row: row.contributions,
            Column.STATE: lambda row: (Kept.of(row), row.handed),
        }
        return keys[column]

    # Asking

    def row_at(self, index: Index) -> WorkshopRow | None:
        return self._shown[index.row()] if index.isValid() and 0 <= index.row() < len(self._shown) else None

    def index_of(self, record: str) -> QModelIndex:
        place = next((place for place, row in enumerate(self._shown) if row.record == record), -1)
        return self.index(place, Column.TITLE) if place >= 0 else QModelIndex()

    @property
    def all(self) -> int:
        """How many there are, shown or not."""
        return len(self._all)


def short_date(day: str) -> str:
    """`12/03/2026` for `2026-03-12`."""
    return QDate.fromString(day, Qt.DateFormat.ISODate).toString("dd/MM/yyyy")
