"""Counts that filter: live, by mouse and by keyboard, one of each kind at a time."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from pessdesk.desktop.models.contributions import NONE, Filter
from pessdesk.desktop.widgets.filters import _ITEM
from pessdesk.desktop.words import WORDS
from tests.desktop.widgets.conftest import Room


@pytest.fixture
def full(room: Room) -> Room:
    room.say("@1 #1.1 !pro Una", "@2 #1.2 !nec Dues", "@2 #4.2 !nec Tres", "@- #- !com Quatre")
    return room


def counts(room: Room) -> dict[str, int]:
    """What the column says, by its words; headings are left out."""
    room.desktop.settle()
    items = [room.screen.filters.item(n).data(_ITEM) for n in range(room.screen.filters.count())]
    return {item.text: item.count for item in items if item.field}


def on(room: Room) -> list[str]:
    items = [room.screen.filters.item(n).data(_ITEM) for n in range(room.screen.filters.count())]
    return [item.text for item in items if item.on]


def toggle(room: Room, text: str, *, keys: bool = False) -> None:
    """Press the row of these words."""
    filters = room.screen.filters
    place = next(n for n in range(filters.count()) if filters.item(n).data(_ITEM).text == text)
    if keys:
        filters.setFocus()
        filters.setCurrentRow(0)
        for _ in range(filters.count()):
            if filters.currentItem().data(_ITEM).text == text:
                break
            room.desktop.press("Down")
        room.desktop.press("Space")
    else:
        area = filters.visualItemRect(filters.item(place))
        QTest.mouseClick(filters.viewport(), Qt.MouseButton.LeftButton, pos=area.center())
    room.desktop.settle()


def shown(room: Room) -> list[str]:
    return [room.screen.model.index(n).data() for n in range(room.screen.model.rowCount())]


def test_everything_is_counted(full: Room) -> None:
    found = counts(full)
    assert found["Totes"] == 4
    assert (found["Taula 1"], found["Taula 2"], found["Taula 3"], found["Sense taula"]) == (1, 2, 0, 1)
    assert (found["Proposta"], found["Necessitat"], found["Comentari"], found["Sense línia"]) == (1, 2, 1, 1)
    assert next(count for name, count in found.items() if name.startswith("1  ")) == 2
    assert "Amenaça" not in found, "kinds that nobody used take no room"


@pytest.mark.parametrize("keys", [False, True])
def test_a_row_shows_only_its_own_and_once_more_all(full: Room, keys: bool) -> None:
    toggle(full, "Taula 2", keys=keys)
    assert shown(full) == ["Tres", "Dues"] and on(full) == ["Taula 2"]
    assert full.screen.counted.text() == "Se'n mostren 2 de 4"
    toggle(full, "Taula 2", keys=keys)
    assert len(shown(full)) == 4 and on(full) == ["Totes"]


def test_filters_of_different_kinds_hold_together(full: Room) -> None:
    toggle(full, "Necessitat")
    lever = next(name for name in counts(full) if name.startswith("4  "))
    toggle(full, lever)
    assert shown(full) == ["Tres"]
    toggle(full, "Totes")
    assert len(shown(full)) == 4


def test_those_without_a_table_or_a_line(full: Room) -> None:
    toggle(full, "Sense taula")
    assert shown(full) == ["Quatre"]
    toggle(full, "Totes")
    toggle(full, "Sense línia")
    assert shown(full) == ["Quatre"] and full.screen.model.filter == Filter(lever=NONE)


def test_counts_follow_what_is_said_withdrawn_and_undone(full: Room) -> None:
    full.say("!ame Cinc")
    assert counts(full)["Amenaça"] == 1 and counts(full)["Totes"] == 5
    full.desktop.press("Ctrl+Z")
    assert counts(full)["Totes"] == 4 and "Amenaça" not in counts(full)
    assert counts(full)["Retirades"] == 1
    toggle(full, "Retirades")
    assert shown(full) == ["Cinc"]
    toggle(full, "Retirades")
    assert len(shown(full)) == 4


def test_what_is_filtered_away_is_still_recorded(full: Room) -> None:
    toggle(full, "Taula 1")
    full.say("@3 Nova")
    assert "Nova" not in shown(full) and counts(full)["Totes"] == 5
    assert full.said[0] == "Nova"


def test_the_search_holds_with_the_filters_and_escape_lets_all_go(full: Room) -> None:
    full.desktop.press("Ctrl+F")
    full.desktop.type("tr")
    assert shown(full) == ["Quatre", "Tres"]
    toggle(full, "Necessitat")
    assert shown(full) == ["Tres"] and full.screen.search.text() == "tr"
    full.screen.search.setFocus()
    full.desktop.press("Escape")
    full.desktop.settle()
    assert len(shown(full)) == 4 and full.screen.search.text() == "" and on(full) == ["Totes"]
    full.desktop.press("Escape")
    assert full.desktop.focus is full.line.text


def test_the_keyboard_keeps_its_place_while_counts_change(full: Room) -> None:
    toggle(full, "Necessitat", keys=True)
    assert full.screen.filters.currentItem().data(_ITEM).text == "Necessitat"
    full.screen.model.counted.emit()
    full.desktop.settle()
    assert full.screen.filters.currentItem().data(_ITEM).text == "Necessitat"
    assert full.screen.filters.hasFocus()


def test_headings_cannot_be_chosen(full: Room) -> None:
    filters = full.screen.filters
    headings = [filters.item(n) for n in range(filters.count()) if not filters.item(n).data(_ITEM).field]
    assert headings and all(not item.flags() & Qt.ItemFlag.ItemIsSelectable for item in headings)
    before = full.screen.model.filter
    QTest.mouseClick(filters.viewport(), Qt.MouseButton.LeftButton, pos=filters.visualItemRect(headings[0]).center())
    assert full.screen.model.filter == before


def test_each_row_says_its_count_to_a_screen_reader(full: Room) -> None:
    filters = full.screen.filters
    toggle(full, "Taula 2")

    def spoken() -> list[str]:
        return [filters.item(n).data(Qt.ItemDataRole.AccessibleTextRole) for n in range(filters.count())]

    assert "Taula 1: 1" in spoken() and any("Taula 2: 2, " in words for words in spoken())
    WORDS.use("en")
    full.desktop.settle()
    assert "Table 1: 1" in spoken()


def test_a_workshop_without_a_programme_has_no_levers_and_no_line_chip(room: Room) -> None:
    from pessdesk.application.screens import Tree
    from pessdesk.desktop.models.lines import LineBook

    room.screen.model.use_book(LineBook(Tree("", ())))
    room.screen.book = LineBook(Tree("", ()))
    room.line.use(room.screen.book, room.screen._groups)
    room.screen._show_counts()
    assert not any(name.startswith("1  ") for name in counts(room))
    assert not room.line.line.isVisible()
