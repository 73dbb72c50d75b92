"""The tree of the base document over the window: found by code or words, ticked by keyboard, left without a trace."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from pessdesk.desktop.models.lines import LineBook
from pessdesk.desktop.theme import THEME
from pessdesk.desktop.widgets.line_picker import LinePicker, pick_lines
from pessdesk.storage.reading import open_reading
from tests.desktop.conftest import Desktop


@pytest.fixture
def book(home: Path) -> LineBook:
    look = open_reading(home)
    assert look is not None
    try:
        return LineBook(look.tree())
    finally:
        look.close()


class Picking:
    """The panel, and what was taken."""

    def __init__(self, desktop: Desktop, book: LineBook, *chosen: str, single: bool = False) -> None:
        self.desktop, self.book = desktop, book
        self.taken: list[tuple[str, ...]] = []
        self.closed: list[bool] = []
        self.panel: LinePicker = pick_lines(desktop.window.top.finder, book, chosen, self.taken.append, single=single)
        self.panel.destroyed.connect(lambda: self.closed.append(True))
        QApplication.processEvents()

    def press(self, key: Qt.Key, widget: Any = None) -> None:
        QTest.keyClick(widget or self.panel.focusWidget(), key)

    def type(self, words: str) -> None:
        self.desktop.type(words, self.panel.search)

    @property
    def offered(self) -> list[str]:
        tree = self.panel.tree
        return [tree.topLevelItem(n).data(0, Qt.ItemDataRole.UserRole) for n in range(tree.topLevelItemCount())]

    def finish(self) -> list[tuple[str, ...]]:
        QApplication.sendPostedEvents(None, 0)
        QApplication.processEvents()
        return self.taken


def test_a_code_and_enter(desktop: Desktop, book: LineBook) -> None:
    picking = Picking(desktop, book)
    assert picking.panel.focusWidget() is picking.panel.search, "typing can begin at once"
    picking.type("4.2")
    picking.press(Qt.Key.Key_Return)
    assert picking.finish() == [(book.by_code("4.2"),)]


def test_words_without_accents(desktop: Desktop, book: LineBook) -> None:
    picking = Picking(desktop, book)
    line = book.pointable[3]
    picking.type(" ".join(word[:6] for word in line.title["ca"].lower().split()[:3]))
    assert line.id in picking.offered


def test_several_are_ticked_with_space_and_taken_in_the_order_in_which_they_were(
    desktop: Desktop, book: LineBook
) -> None:
    picking = Picking(desktop, book)
    for code in ("4.2", "1.1"):
        picking.panel.search.setFocus()
        picking.panel.search.selectAll()
        picking.type(code)
        picking.press(Qt.Key.Key_Down)
        assert picking.panel.focusWidget() is picking.panel.tree
        picking.panel.tree.setCurrentItem(picking.panel.tree.topLevelItem(0))
        picking.press(Qt.Key.Key_Space)
    picking.press(Qt.Key.Key_Return)
    assert picking.finish() == [(book.by_code("4.2"), book.by_code("1.1"))]


def test_what_was_chosen_is_ticked_and_can_be_let_go(desktop: Desktop, book: LineBook) -> None:
    line, other = book.by_code("4.2"), book.by_code("1.1")
    picking = Picking(desktop, book, line, other, "gone")
    assert picking.panel.tree.currentItem().data(0, Qt.ItemDataRole.UserRole) == line, "and is what one sees first"
    picking.panel.tree.setFocus()
    picking.press(Qt.Key.Key_Space)
    picking.press(Qt.Key.Key_Return)
    assert picking.finish() == [(other,)]


def test_a_search_in_between_forgets_no_tick(desktop: Desktop, book: LineBook) -> None:
    line = book.by_code("4.2")
    picking = Picking(desktop, book, line)
    picking.type("1.1")
    picking.press(Qt.Key.Key_Return)
    assert picking.finish() == [(line,)], "Enter takes what is ticked"


def test_escape_takes_nothing(desktop: Desktop, book: LineBook) -> None:
    for focus in ("search", "tree"):
        picking = Picking(desktop, book, book.by_code("4.2"))
        getattr(picking.panel, focus).setFocus()
        picking.type("1.1")
        picking.press(Qt.Key.Key_Escape, getattr(picking.panel, focus))
        assert picking.finish() == [] and picking.closed == [True]


def test_without_a_line(desktop: Desktop, book: LineBook) -> None:
    picking = Picking(desktop, book, book.by_code("4.2"))
    QTest.mouseClick(picking.panel.none, Qt.MouseButton.LeftButton)
    assert picking.finish() == [()]


def test_nothing_fits_and_nothing_is_taken(desktop: Desktop, book: LineBook) -> None:
    picking = Picking(desktop, book)
    picking.type("no existeix pas")
    assert picking.offered == []
    picking.press(Qt.Key.Key_Down)
    picking.press(Qt.Key.Key_Space, picking.panel.tree)
    picking.press(Qt.Key.Key_Return)
    assert picking.finish() == [()]


def test_a_click_ticks_and_a_single_choice_is_taken_at_once(desktop: Desktop, book: LineBook) -> None:
    picking = Picking(desktop, book, single=True)
    tree = picking.panel.tree
    QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=tree.visualItemRect(tree.topLevelItem(1)).center())
    assert picking.finish() == [(book.levers[1].id,)]


@pytest.mark.parametrize("zoom", [1.0, 2.5])
def test_the_panel_fits_into_the_window(desktop: Desktop, book: LineBook, zoom: float) -> None:
    THEME.use("light", zoom)
    desktop.window.resize(800, 600)
    picking = Picking(desktop, book)
    assert desktop.window.geometry().contains(picking.panel.geometry())
    picking.panel.close()


def test_titles_are_explained_in_plain_words(desktop: Desktop, book: LineBook) -> None:
    picking = Picking(desktop, book)
    item = picking.panel.tree.topLevelItem(0)
    assert book.levers[0].title["ca"] in item.toolTip(0) and item.toolTip(0).startswith("Palanca")
    picking.panel.close()
