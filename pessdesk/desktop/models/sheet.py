"""The rows of a spreadsheet with what recording each would do: ready, here already, or why it is refused."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from pessdesk.desktop.theme import THEME
from pessdesk.desktop.words import sentence, t
from pessdesk.domain.errors import PessError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pessdesk.application.record_contributions import Checked, SheetRow

Index = QModelIndex | QPersistentModelIndex
_LONG, _SHORT = 240, 40


class Column(enum.IntEnum):
    NUMBER = 0
    VERDICT = 1
    TEXT = 2
    TABLE = 3
    LINE = 4
    KIND = 5


CELLS = {Column.TEXT: "text", Column.TABLE: "group", Column.LINE: "line", Column.KIND: "kind"}
"""The column of the spreadsheet that stands in a column of the screen."""


class SheetModel(QAbstractTableModel):
    """Rows for a table; all of them, or only those that must be corrected."""

    def __init__(self) -> None:
        super().__init__()
        self._all: Sequence[SheetRow] = ()
        self._shown: Sequence[SheetRow] = ()
        self._checked: Checked | None = None
        self._problems: dict[int, PessError] = {}
        self._wrong_only = False

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
        return (t("Row"), t("What becomes of it"), t("Text"), t("Table"), t("Line"), t("Kind"))[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self._shown):
            return None
        row, column = self._shown[index.row()], Column(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return t("Row {number}: {verdict}", number=row.number, verdict=self.verdict(row))
        if role == Qt.ItemDataRole.ToolTipRole and column == Column.VERDICT:
            return self.verdict(row)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            across = Qt.AlignmentFlag.AlignRight if column == Column.NUMBER else Qt.AlignmentFlag.AlignLeft
            return across | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ForegroundRole:
            return THEME.colour(self._ink(row, column))
        return None

    def _text(self, row: SheetRow, column: Column) -> str:
        if column == Column.NUMBER:
            return str(row.number)
        if column == Column.VERDICT:
            return self.verdict(row)
        return _short(row.cells.get(CELLS[column], ""), _LONG if column == Column.TEXT else _SHORT)

    def verdict(self, row: SheetRow) -> str:
        """What recording would do with a row, in words."""
        number, checked = row.number, self._checked
        if (problem := self._problems.get(number)) is not None:
            return sentence(problem)
        if checked is None or number not in checked.new | checked.known:
            return "–"
        if number in checked.new:
            return t("Ready")
        return t("Here already, withdrawn") if number in checked.withdrawn else t("Here already")

    def _ink(self, row: SheetRow, column: Column) -> str:
        if column == Column.VERDICT:
            if row.number in self._problems:
                return "danger"
            return "good" if self._checked is not None and row.number in self._checked.new else "ink_soft"
        return "ink_soft" if column == Column.NUMBER else "ink"

    # Filling

    def fill(self, rows: Sequence[SheetRow], checked: Checked | None, *, wrong_only: bool) -> None:
        self.beginResetModel()
        self._all, self._checked, self._wrong_only = rows, checked, wrong_only
        complaints = checked.complaints if checked else ()
        self._problems = {one.row: PessError(one.code, **one.facts) for one in complaints}
        self._arrange()
        self.endResetModel()

    def show_wrong_only(self, wrong_only: bool) -> None:
        self.beginResetModel()
        self._wrong_only = wrong_only
        self._arrange()
        self.endResetModel()

    def _arrange(self) -> None:
        self._shown = [row for row in self._all if row.number in self._problems] if self._wrong_only else self._all

    def wrong_rows(self) -> list[int]:
        """Where in the table the rows stand that must be corrected: their sentences may need several lines."""
        return [place for place, row in enumerate(self._shown) if row.number in self._problems]


def _short(words: str, limit: int) -> str:
    """One line, cut where nobody reads on."""
    words = " ".join(words[: limit + 1].split())
    return words if len(words) <= limit else words[: limit - 1] + "…"
