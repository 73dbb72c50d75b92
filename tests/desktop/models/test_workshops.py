"""The table of workshops: what comes first, what is found, how it is sorted."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from pessdesk.desktop.models.workshops import Column, WorkshopModel
from tests.desktop.models.builders import workshop

TODAY = date.today()
PLACES = {"252038": "la Seu d'Urgell (Alt Urgell)", "252075": "Solsona (Solsonès)", "": "Cerdanya"}


def day(days: int) -> str:
    return (TODAY + timedelta(days=days)).isoformat()


@pytest.fixture
def model(dressed: object) -> Iterator[WorkshopModel]:
    """Watched by Qt's own tester, whose complaints are warnings, and warnings fail."""
    made = WorkshopModel(lambda municipality, comarca: PLACES[municipality])
    tester = QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Warning)
    yield made
    del tester


def titles(model: WorkshopModel) -> list[str]:
    return [model.index(row, Column.TITLE).data() for row in range(model.rowCount())]


def cells(model: WorkshopModel, column: Column) -> list[str]:
    return [model.index(row, column).data() for row in range(model.rowCount())]


def test_today_and_what_comes_first_then_what_was(model: WorkshopModel) -> None:
    named = {-40: "fa temps", -1: "ahir", 0: "avui", 1: "demà", 30: "el mes vinent"}
    model.fill([workshop(record=title, title=title, date=day(days)) for days, title in sorted(named.items())])
    assert titles(model) == ["avui", "demà", "el mes vinent", "ahir", "fa temps"]
    assert cells(model, Column.DATE)[0] == "Avui"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("SOLSONA", ["Famílies"]), ("solsones", ["Famílies"]), ("seu fa", []), ("fami", ["Famílies"]),
        ("collegi", ["El col·legi"]), ("urgell col", ["El col·legi"]), ("", ["El col·legi", "Famílies"]),
        ("2026-03", ["El col·legi", "Famílies"]), ("-7K", ["El col·legi", "Famílies"]),
    ],
)  # fmt: skip
def test_found_without_accents(model: WorkshopModel, typed: str, found: list[str]) -> None:
    one = workshop(record="1", title="El col·legi", date="2026-03-01")
    other = workshop(record="2", title="Famílies", municipality="252075", date="2026-03-02")
    model.fill([one, other])
    model.find(typed)
    assert sorted(titles(model)) == found


def test_titles_sort_as_catalan_sorts_and_without_their_article(model: WorkshopModel) -> None:
    sorted_so = ["L'àgora", "Àmbit", "La casa", "Cel·la", "Cella b", "Els diners", "Taller 2", "Taller 10"]
    shuffled = random.Random(5).sample(sorted_so, len(sorted_so))
    model.fill([workshop(record=str(n), title=title) for n, title in enumerate(shuffled)])
    model.sort(Column.TITLE)
    assert titles(model) == sorted_so
    model.sort(Column.TITLE, Qt.SortOrder.DescendingOrder)
    assert titles(model) == sorted_so[::-1]
    model.sort(-1)
    assert sorted(titles(model)) == sorted(sorted_so)


def test_numbers_sort_as_numbers_and_states_by_what_is_at_risk(model: WorkshopModel) -> None:
    model.fill(
        [
            workshop(record="a", contributions=9, pending=0, handed="2026-03-13T10:00:00Z"),
            workshop(record="b", contributions=100, pending=3, handed="2026-03-12T10:00:00Z"),
            workshop(record="c", contributions=20, pending=30),
            workshop(record="d", pending=1),
        ]
    )
    model.sort(Column.CONTRIBUTIONS)
    assert cells(model, Column.CONTRIBUTIONS) == ["0", "9", "20", "100"]
    model.sort(Column.STATE)
    assert cells(model, Column.STATE) == [
        "Només en aquest portàtil", "Canvis des del 12/03/2026", "Lliurat el 13/03/2026", "–",
    ]  # fmt: skip


def test_what_is_looked_at_stays_so_when_it_is_sorted(model: WorkshopModel) -> None:
    model.fill([workshop(record=title, title=title) for title in "bca"])
    kept = QPersistentModelIndex(model.index_of("c"))
    model.sort(Column.TITLE)
    assert kept.row() == 2
    assert kept.data() == "c"


def test_the_whole_row_is_said_at_its_first_cell(model: WorkshopModel) -> None:
    model.fill([workshop(date="2026-03-12", title="Taller obert", contributions=1, pending=2)])
    said = model.index(0, Column.DATE).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "12/03/2026, Taller obert, la Seu d'Urgell (Alt Urgell), 1 aportació, Només en aquest portàtil"


def test_two_thousand_are_quick(model: WorkshopModel) -> None:
    rows = [workshop(record=str(n), title=f"Taller {n}", date=day(n % 400 - 300)) for n in range(2000)]
    began = time.perf_counter()
    model.fill(rows)
    model.find("taller 19")
    model.find("")
    model.sort(Column.TITLE)
    assert time.perf_counter() - began < 2
