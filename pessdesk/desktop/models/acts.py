"""What people decided, as rows of a table: each laptop's acts, the newest first, found by word and by laptop."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QDateTime, QLocale, QModelIndex, QPersistentModelIndex, Qt

from pessdesk.desktop.theme import THEME
from pessdesk.desktop.words import WORDS, label, t
from pessdesk.domain.text import fold
from pessdesk.wording.labels import ACTS, PERSON_REASONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pessdesk.application.screens import ActRow

Index = QModelIndex | QPersistentModelIndex


class Column(enum.IntEnum):
    WHEN = 0
    LAPTOP = 1
    WHAT = 2
    ABOUT = 3
    NOTE = 4


class ActModel(QAbstractTableModel):
    """All acts, or those of one laptop that hold all the words."""

    def __init__(self) -> None:
        super().__init__()
        self._all: Sequence[ActRow] = ()
        self._shown: Sequence[ActRow] = ()
        self._device = self._words = ""

    # What Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - an empty index is a constant
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (t("When"), t("Laptop"), t("What was decided"), t("About"), t("Note"))[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row_at(index.row())
        if not index.isValid() or row is None:
            return None
        column = Column(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return said(row, column)
        if role == Qt.ItemDataRole.ToolTipRole and column in (Column.ABOUT, Column.NOTE):
            return said(row, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (said(row, one) for one in Column) if part)
        if role == Qt.ItemDataRole.ForegroundRole and column in (Column.WHEN, Column.LAPTOP):
            return THEME.colour("ink_soft")
        return None

    # What is shown

    def fill(self, rows: Sequence[ActRow]) -> None:
        """The acts as the store gives them: device by device, in the order of its counter."""
        self._all = sorted(rows, key=lambda row: (row.label.lower(), row.device, -row.epoch, -row.counter))
        self._choose()

    def filter_by(self, device: str, words: str) -> None:
        self._device, self._words = device, words
        self._choose()

    def _choose(self) -> None:
        wanted = fold(self._words).split()
        self.beginResetModel()
        self._shown = [
            row for row in self._all
            if self._device in ("", row.device) and all(word in fold(" ".join(said(row, c) for c in Column)) for word in wanted)
        ]  # fmt: skip
        self.endResetModel()

    @property
    def everything(self) -> Sequence[ActRow]:
        return self._all

    def row_at(self, place: int) -> ActRow | None:
        return self._shown[place] if 0 <= place < len(self._shown) else None


def laptop(row: ActRow) -> str:
    return row.label or t("A laptop without a name")


def said(row: ActRow, column: Column) -> str:
    """A cell in words. The time is that which the laptop claimed; the order does not depend on it."""
    if column == Column.WHEN:
        return QLocale(WORDS.language).toString(QDateTime.fromMSecsSinceEpoch(row.at), "dd/MM/yyyy HH:mm")
    if column == Column.LAPTOP:
        return laptop(row)
    if column == Column.WHAT:
        return label(ACTS, row.action)
    if column == Column.NOTE:
        return label(PERSON_REASONS, " ".join(row.note.split()))
    about = " · ".join(row.about or ((row.workshop_title,) if row.workshop_title else ()))
    return t("{about} (not arrived yet)", about=about or "…") if row.waiting else about
