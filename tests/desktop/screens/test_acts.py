"""The log: what people decided, laptop by laptop, in its order, and the way to what it is about."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from pessdesk.desktop.models.acts import Column
from pessdesk.desktop.screens.acts import ActsScreen
from pessdesk.desktop.screens.laptops import LaptopsScreen
from pessdesk.desktop.screens.workshop import WorkshopScreen
from tests.desktop.conftest import Desktop, Laptop
from tests.desktop.lived import Lived


@pytest.fixture
def screen(lived: Lived, open_desktop: Callable[[Path], Desktop]) -> tuple[Desktop, ActsScreen]:
    desktop = open_desktop(lived.folder)
    return desktop, desktop.go("acts")


def cells(screen: ActsScreen, column: Column) -> list[str]:
    return [str(screen.model.index(row, column).data()) for row in range(screen.model.rowCount())]


def test_the_empty_log_says_what_will_stand_here(desktop: Desktop) -> None:
    screen = desktop.go("acts")
    for row in range(screen.model.rowCount()):
        assert "programa" in cells(screen, Column.WHAT)[row]
    screen.model.fill([])
    screen._show()
    assert screen.empty.isVisible() and not screen.table.isVisible() and not screen.clear.isVisible()
    assert "decidit" in screen.said.text()


def test_each_decision_stands_in_its_laptops_order(screen: tuple[Desktop, ActsScreen], lived: Lived) -> None:
    _, shown = screen
    rows = list(shown.model.everything)
    assert rows, "the laptop has trusted and handed over"
    by_device: dict[str, list[tuple[int, int]]] = {}
    for row in rows:
        by_device.setdefault(row.device, []).append((row.epoch, row.counter))
    for numbers in by_device.values():
        assert numbers == sorted(numbers, reverse=True), "the newest first"
    assert all(words and not words.startswith("card-") for words in cells(shown, Column.WHAT))
    assert len(Laptop(lived.folder).ok("acts")[0]) == len(rows), "the command tells the same"


def test_words_and_laptops_filter(screen: tuple[Desktop, ActsScreen]) -> None:
    desktop, shown = screen
    every = shown.model.rowCount()
    desktop.press("Ctrl+F")
    assert desktop.focus is shown.search
    desktop.type("confian")
    assert shown.model.rowCount() > 0 and all("onfian" in what for what in cells(shown, Column.WHAT))
    shown.search.setText("no hi és enlloc")
    assert shown.empty.isVisible() and shown.clear.isVisible()
    desktop.press("Escape")
    assert shown.model.rowCount() == every and shown.search.text() == ""


def test_enter_goes_to_what_it_is_about(screen: tuple[Desktop, ActsScreen]) -> None:
    desktop, shown = screen
    shown.search.setText("targeta")
    if not shown.model.rowCount():
        shown.search.setText("confiança")
    shown.focus_first()
    desktop.press("Return", shown.table)
    desktop.screen(LaptopsScreen)


def test_a_decided_clash_leads_to_its_contribution(lived: Lived, open_desktop: Callable[[Path], Desktop]) -> None:
    laptop = Laptop(lived.folder)
    clash = next(row for row in laptop.ok("clash", "list")[0] if row["code"])
    laptop.ok("clash", "settle", clash["code"], "--take", "1")
    desktop = open_desktop(lived.folder)
    shown = desktop.go("acts")
    shown.search.setText("discrepància")
    assert cells(shown, Column.ABOUT)[0] == clash["code"]
    shown.focus_first()
    desktop.press("Return", shown.table)
    workshop = desktop.screen(WorkshopScreen)
    desktop.until(lambda: workshop.looked_at == clash["id"])


def test_a_screen_reader_hears_the_whole_row(screen: tuple[Desktop, ActsScreen]) -> None:
    _, shown = screen
    said = shown.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert cells(shown, Column.WHAT)[0] in said and cells(shown, Column.LAPTOP)[0] in said
