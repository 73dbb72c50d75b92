"""Bundles that are about to be taken in, or have been: a row each, with what becomes of it in an icon and a word.

What a person must see to stands first; what is fine or known already needs no eyes.
"""

from __future__ import annotations

import enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from pessdesk.desktop.icons import icon
from pessdesk.desktop.theme import THEME
from pessdesk.desktop.words import WORDS, t

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pessdesk.application.import_bundles import Arrival

Index = QModelIndex | QPersistentModelIndex
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class Column(enum.IntEnum):
    OUTCOME = 0
    SENDER = 1
    WORKSHOP = 2
    NEW = 3
    KNOWN = 4
    CLASHING = 5
    REASON = 6


NUMBERS = {Column.NEW: "new", Column.KNOWN: "known", Column.CLASHING: "clashing"}
ORDER = ("quarantined", "refused", "accepted", "intact", "known")
LOOK = {
    "accepted": ("circle-check", "good"), "known": ("check", "ink_soft"), "intact": ("shield-check", "ink"),
    "quarantined": ("circle-question-mark", "warn"), "refused": ("circle-alert", "danger"),
}  # fmt: skip


class Row(NamedTuple):
    """One bundle; `done` once it was applied, else what would become of it."""

    arrival: Arrival
    done: bool = False


def outcome(row: Row) -> str:
    """What becomes of a bundle, in a word or two."""
    if row.done:
        words = {
            "accepted": t("taken in"), "known": t("known"), "quarantined": t("set aside: a person must decide"),
            "refused": t("refused"),
        }  # fmt: skip
    else:
        words = {
            "accepted": t("would be taken in"), "known": t("known"), "quarantined": t("a person must decide"),
            "refused": t("refused"), "intact": t("intact"),
        }  # fmt: skip
    return words[row.arrival.outcome]


def reason(code: str, facts: Mapping[str, object], notes: Sequence[str] = ()) -> str:
    """Why, in a sentence; nothing for what is simply taken in."""
    said: list[str] = []
    if code == "signer-unknown":  # the terminal's sentence names a command
        said.append(t("Intact, but its signer is not known here. Compare the fingerprint by phone, then trust it."))
    elif code != "accepted":
        said.append(WORDS.catalog.sentence(code, facts))
    said += [WORDS.catalog.sentence(note, {}) for note in notes]
    return "".join(c if c.isprintable() else " " for c in " ".join(said))


def why(arrival: Arrival) -> str:
    """The same for an arrival; where nobody is known yet, an intact bundle has nothing to be compared with."""
    if arrival.outcome == "intact":
        return t("Intact. Nobody is known here yet.")
    return reason(arrival.code, arrival.facts, arrival.notes)


class ArrivalModel(QAbstractTableModel):
    """Rows for a table."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self._titles: Mapping[str, str] = {}

    # What Qt asks

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
            return _RIGHT if section in NUMBERS else _LEFT
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return (
            t("Outcome"), t("From"), t("Workshop"), t("New"), t("Known"), t("Clashing"), t("Why"),
        )[section]  # fmt: skip

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row_at(index)
        if row is None:
            return None
        column = Column(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._hint(row, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(row) if column == Column.OUTCOME else self._text(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column in NUMBERS else _LEFT
        if role == Qt.ItemDataRole.DecorationRole and column == Column.OUTCOME:
            return icon(*LOOK[row.arrival.outcome])
        if role == Qt.ItemDataRole.ForegroundRole:
            return THEME.colour(_ink(row, column))
        return None

    def _text(self, row: Row, column: Column) -> str:
        arrival = row.arrival
        if column in NUMBERS:
            return str(getattr(arrival, NUMBERS[column])) if arrival.outcome in ("accepted", "known") else ""
        if column == Column.OUTCOME:
            return outcome(row)
        if column == Column.SENDER:
            return sender(arrival)
        if column == Column.WORKSHOP:
            return self.workshop(arrival)
        return why(arrival)

    def workshop(self, arrival: Arrival) -> str:
        """The workshop's title where it is known, else its code; a programme is of none."""
        if arrival.kind == "programme":
            return t("Programme")
        return self._titles.get(arrival.workshop, arrival.workshop) or "–"

    def _hint(self, row: Row, column: Column) -> str:
        if column == Column.WORKSHOP:
            return row.arrival.workshop
        return row.arrival.file if column == Column.SENDER else self._text(row, column)

    def _spoken(self, row: Row) -> str:
        """The whole row in a sentence, for a screen reader."""
        said = [outcome(row), sender(row.arrival), self.workshop(row.arrival)]
        if row.arrival.outcome == "accepted":
            said.append(t("{new} new, {known} known, {clashing} clashing", **_numbers(row.arrival)))
        said.append(why(row.arrival))
        return ". ".join(part.rstrip(".") for part in said if part)

    # Filling

    def fill(self, rows: Sequence[Row]) -> None:
        """Show these bundles, those first that somebody must look at."""
        self.beginResetModel()
        self.rows = sorted(rows, key=self._urgency(rows))
        self.endResetModel()

    def use_titles(self, titles: Mapping[str, str]) -> None:
        """The workshops' titles, by code, as the store knows them now."""
        self._titles = titles
        if self.rows:
            column = Column.WORKSHOP
            self.dataChanged.emit(self.index(0, column), self.index(len(self.rows) - 1, column))

    def _urgency(self, rows: Sequence[Row]) -> Callable[[Row], int]:
        """What is inside a bundle stays below it; the most urgent of them speaks for all."""
        first: dict[str, int] = {}
        for row in rows:
            place = ORDER.index(row.arrival.outcome)
            first[row.arrival.file] = min(place, first.get(row.arrival.file, place))
        return lambda row: first[row.arrival.file]

    def row_at(self, index: Index) -> Row | None:
        return self.rows[index.row()] if index.isValid() and 0 <= index.row() < len(self.rows) else None


def sender(arrival: Arrival) -> str:
    """The laptop's own name; where it cannot be known the file's."""
    if arrival.relayed_by:
        return t("↳ inside it: {label}", label=arrival.label or arrival.content_id[:16])
    return arrival.label or Path(arrival.file).name


def _numbers(arrival: Arrival) -> dict[str, int]:
    return {name: getattr(arrival, name) for name in NUMBERS.values()}


def _ink(row: Row, column: Column) -> str:
    if column == Column.OUTCOME:
        return LOOK[row.arrival.outcome][1]
    if column == Column.CLASHING and row.arrival.clashing:
        return "warn"
    return "ink_soft" if row.arrival.outcome == "known" else "ink"
