"""The rows of a spreadsheet, each with what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from pessdesk.application.record_contributions import Checked, Complaint, SheetRow
from pessdesk.desktop.models.sheet import Column, SheetModel

ROWS = [
    SheetRow(2, {"text": "a punt", "group": "3", "line": "4.2", "kind": "need"}),
    SheetRow(3, {"text": "  dues\nlínies  "}),
    SheetRow(4, {"text": "ja hi era"}),
    SheetRow(5, {"text": "retirada"}),
    SheetRow(7, {"text": "x" * 20_000}),
]
CHECKED = Checked(
    frozenset((2,)), frozenset((4, 5)), {5: "record"}, (Complaint(3, "number-wrong", {"field": "votes", "value": "molts"}),)
)  # fmt: skip


@pytest.fixture
def model(dressed: object) -> Iterator[SheetModel]:
    made = SheetModel()
    tester = QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Warning)
    yield made
    del tester


def column(model: SheetModel, which: Column) -> list[str]:
    return [model.index(row, which).data() for row in range(model.rowCount())]


def test_each_row_says_what_becomes_of_it(model: SheetModel) -> None:
    model.fill(ROWS, CHECKED, wrong_only=False)
    assert column(model, Column.NUMBER) == ["2", "3", "4", "5", "7"]
    assert column(model, Column.VERDICT) == [
        "A punt", "votes: «molts» no és un nombre enter, de 0 en amunt.", "Ja hi era", "Ja hi era, retirada", "–",
    ]  # fmt: skip
    assert model.wrong_rows() == [1]
    said = model.index(1, Column.TEXT).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said.startswith("Fila 3: votes")


def test_texts_stand_on_one_line_and_end_somewhere(model: SheetModel) -> None:
    model.fill(ROWS, CHECKED, wrong_only=False)
    texts = column(model, Column.TEXT)
    assert texts[1] == "dues línies"
    assert texts[4].endswith("x…")
    assert len(texts[4]) < 300
    assert [model.index(0, c).data() for c in (Column.TABLE, Column.LINE, Column.KIND)] == ["3", "4.2", "need"]


def test_only_those_to_be_corrected(model: SheetModel) -> None:
    model.fill(ROWS, CHECKED, wrong_only=True)
    assert column(model, Column.NUMBER) == ["3"]
    assert model.wrong_rows() == [0]
    model.show_wrong_only(False)
    assert model.rowCount() == 5
