"""The contributions of a workshop as an item model: newest first, filtered, counted.

All rows of the workshop are held (plain frozen values, a few megabytes for thousands); what is shown is a filter of
them. Rows that changed are put in their place, so that nothing is read again that did not change.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from pessdesk.application.screens import ContributionRow, Tree
from pessdesk.desktop.models.lines import LineBook
from pessdesk.desktop.words import label, plural, t
from pessdesk.domain.text import plain_letters
from pessdesk.wording.labels import SHORT_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole + 1
FRESH_ROLE = Qt.ItemDataRole.UserRole + 2
NONE = "-"
"""In a filter: those without a table, without a line."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What is shown: empty means all. `lever` is a node of the base document with all that hangs under it."""

    group: str = ""
    lever: str = ""
    kind: str = ""
    words: str = ""
    withdrawn: bool = False

    @property
    def active(self) -> bool:
        return self != Filter()


@dataclass(frozen=True, slots=True)
class Counts:
    """How many stand, by table, lever and kind (`NONE`: without), and how many were withdrawn."""

    all: int
    groups: Counter[str]
    levers: Counter[str]
    kinds: Counter[str]
    withdrawn: int


class ContributionModel(QAbstractListModel):
    """Rows for a list. `counted` whenever the counts may have changed."""

    counted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._all: list[ContributionRow] = []
        self._shown: list[ContributionRow] = []
        self._folded: dict[str, str] = {}
        self._filter = Filter()
        self._terms: list[str] = []
        self._tally = _Tally()
        self._fresh = ""
        self.book = LineBook(Tree("", ()))

    # What Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - an empty index is a constant
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self._shown):
            return None
        row = self._shown[index.row()]
        if role == ROW_ROLE:
            return row
        if role == FRESH_ROLE:
            return row.record == self._fresh
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(row)
        return None

    def _spoken(self, row: ContributionRow) -> str:
        """The row as a screen reader says it."""
        parts = [row.short_code, label(SHORT_KINDS, row.kind)]
        if row.withdrawn:
            parts.append(t("it was withdrawn"))
        parts += [self.book.named(line) for line in row.lines]
        if row.group_name:
            parts.append(t("Table {name}", name=row.group_name))
        if row.votes:
            parts.append(plural("{count} dot", "{count} dots", row.votes))
        if row.clash:
            parts.append(t("changed on two laptops"))
        return f"{', '.join(parts)}: {row.text}"

    # Filling

    def start(self, book: LineBook) -> None:
        """Empty, for another workshop."""
        self.beginResetModel()
        self.book = book
        self._all, self._shown, self._folded = [], [], {}
        self._tally = _Tally()
        self._fresh = ""
        self.endResetModel()
        self.counted.emit()

    def use_book(self, book: LineBook) -> None:
        self.book = book
        self._tally = _Tally()
        for row in self._all:
            self._tally.add(row, self._levers(row), 1)
        self._refilter()
        self.counted.emit()

    def append(self, rows: Sequence[ContributionRow]) -> None:
        """A further page: rows older than all that are there, but for those that came by themselves meanwhile."""
        if rows and self._all and rows[0].record >= self._all[-1].record:
            self.put(rows)
            return
        self._all += rows
        for row in rows:
            self._tally.add(row, self._levers(row), 1)
        shown = [row for row in rows if self._shows(row)]
        if shown:
            first = len(self._shown)
            self.beginInsertRows(QModelIndex(), first, first + len(shown) - 1)
            self._shown += shown
            self.endInsertRows()
        self.counted.emit()

    def put(self, rows: Iterable[ContributionRow], *, fresh: str = "") -> None:
        """Rows as they are now, new or known; `fresh` glows for a moment."""
        if fresh:
            self._fresh = fresh
        for row in rows:
            before = _place(self._all, row)
            if before == row and row.record != fresh:
                continue
            self._folded.pop(row.record, None)
            if before is not None:
                self._tally.add(before, self._levers(before), -1)
            self._tally.add(row, self._levers(row), 1)
            self._put_shown(row)
        self.counted.emit()

    def _put_shown(self, row: ContributionRow) -> None:
        place = _find(self._shown, row.record)
        there = place < len(self._shown) and self._shown[place].record == row.record
        shows = self._shows(row)
        if there and shows:
            self._shown[place] = row
            index = self.index(place)
            self.dataChanged.emit(index, index)
        elif there:
            self.beginRemoveRows(QModelIndex(), place, place)
            del self._shown[place]
            self.endRemoveRows()
        elif shows:
            self.beginInsertRows(QModelIndex(), place, place)
            self._shown.insert(place, row)
            self.endInsertRows()

    def forget(self, gone: Iterable[str]) -> None:
        """These were erased: nothing of them is shown or searched any more."""
        for record in gone:
            row = self.row_of(record)
            if row is None:
                continue
            del self._all[_find(self._all, record)]
            self._folded.pop(record, None)
            self._tally.add(row, self._levers(row), -1)
            place = _find(self._shown, record)
            if place < len(self._shown) and self._shown[place].record == record:
                self.beginRemoveRows(QModelIndex(), place, place)
                del self._shown[place]
                self.endRemoveRows()
        self.counted.emit()

    def settle(self) -> None:
        """What glowed has been seen."""
        fresh, self._fresh = self._fresh, ""
        if fresh and (index := self.index_of(fresh)).isValid():
            self.dataChanged.emit(index, index, [FRESH_ROLE])

    # Asking

    def row_at(self, index: Index) -> ContributionRow | None:
        return self._shown[index.row()] if index.isValid() and index.row() < len(self._shown) else None

    def index_of(self, record: str) -> QModelIndex:
        place = _find(self._shown, record)
        if place < len(self._shown) and self._shown[place].record == record:
            return self.index(place)
        return QModelIndex()

    def row_of(self, record: str) -> ContributionRow | None:
        place = _find(self._all, record)
        return self._all[place] if place < len(self._all) and self._all[place].record == record else None

    @property
    def rows(self) -> Sequence[ContributionRow]:
        return self._all

    @property
    def filter(self) -> Filter:
        return self._filter

    def filter_by(self, wanted: Filter) -> None:
        if wanted != self._filter:
            self._filter = wanted
            self._terms = plain_letters(wanted.words).split()
            self._refilter()

    def _refilter(self) -> None:
        self.beginResetModel()
        self._shown = [row for row in self._all if self._shows(row)]
        self.endResetModel()

    def _shows(self, row: ContributionRow) -> bool:
        f = self._filter
        if row.withdrawn is not f.withdrawn:
            return False
        if f.group and (row.group or NONE) != f.group:
            return False
        if f.kind and row.kind != f.kind:
            return False
        if f.lever and f.lever not in self._levers(row):
            return False
        if self._terms:
            said = self._words(row)
            return all(term in said for term in self._terms)
        return True

    def _levers(self, row: ContributionRow) -> set[str]:
        return {self.book.lever(line) or NONE for line in row.lines} or {NONE}

    def _words(self, row: ContributionRow) -> str:
        """What the search looks at: words without accents, and the code."""
        said = self._folded.get(row.record)
        if said is None:
            said = self._folded[row.record] = plain_letters(
                f"{row.title} {row.text} {row.entity_name} {row.short_code}"
            )
        return said

    def counts(self) -> Counts:
        t = self._tally
        return Counts(t.standing, +t.groups, +t.levers, +t.kinds, len(self._all) - t.standing)


class _Tally:
    """The counts, kept as rows come, change and go: with thousands of rows none is counted anew at each Enter."""

    def __init__(self) -> None:
        self.standing = 0
        self.groups: Counter[str] = Counter()
        self.levers: Counter[str] = Counter()
        self.kinds: Counter[str] = Counter()

    def add(self, row: ContributionRow, levers: set[str], sign: int) -> None:
        if row.withdrawn:
            return
        self.standing += sign
        self.groups[row.group or NONE] += sign
        self.kinds[row.kind] += sign
        for lever in levers:
            self.levers[lever] += sign


def _find(rows: Sequence[ContributionRow], record: str) -> int:
    """Where a record stands, or would, in rows that fall (`bisect` knows rising ones only)."""
    low, high = 0, len(rows)
    while low < high:
        middle = (low + high) // 2
        if rows[middle].record > record:
            low = middle + 1
        else:
            high = middle
    return low


def _place(rows: list[ContributionRow], row: ContributionRow) -> ContributionRow | None:
    """Put a row in its place; gives the one that stood there."""
    place = _find(rows, row.record)
    if place < len(rows) and rows[place].record == row.record:
        before = rows[place]
        rows[place] = row
        return before
    rows.insert(place, row)
    return None
