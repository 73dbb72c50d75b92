"""The people of a workshop as rows: who, of which entity, to how much they agree."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from pessdesk.desktop.words import label, t
from pessdesk.domain.kinds import CONSENT_PURPOSES
from pessdesk.wording.labels import CONSENT_PURPOSES as PURPOSES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pessdesk.application.screens import PersonRow


class Column(enum.IntEnum):
    NAME = 0
    ENTITY = 1
    AGREES = 2


class PeopleModel(QAbstractTableModel):
    """One row a person, by name."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: Sequence[PersonRow] = ()

    def fill(self, rows: Sequence[PersonRow]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (t("Name"), t("Entity"), t("Agrees to"))[section]
        return None

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            if index.column() == Column.AGREES:
                return t("{count} of {all}", count=len(row.agreed), all=len(CONSENT_PURPOSES)) if row.agreed else "–"
            return row.name if index.column() == Column.NAME else row.entity_name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            agreed = ", ".join(label(PURPOSES, token) for token in row.agreed) or t("agrees to nothing any more")
            return " · ".join(part for part in (row.name, row.entity_name, agreed) if part)
        return None
