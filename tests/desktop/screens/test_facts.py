"""Attendance and the workshop's data, as a tired person writes them down at the end."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QDate, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QBoxLayout

from pessdesk.application.minutes import read_minutes
from pessdesk.desktop.screens.facts import FactsScreen, time_of_day
from pessdesk.desktop.screens.workshop import WorkshopScreen
from pessdesk.desktop.theme import THEME
from tests.desktop.conftest import Desktop, Laptop


@pytest.fixture
def screen(desktop: Desktop, workshop: str) -> FactsScreen:
    shown: FactsScreen = desktop.go("facts", workshop=workshop)
    return shown


def present(screen: FactsScreen) -> dict[str, int]:
    return {row.name.text(): row.people.value() for row in screen.people.rows.values()}


def test_two_letters_and_enter_add_one_person(desktop: Desktop, screen: FactsScreen) -> None:
    assert desktop.focus is screen.people.who
    assert screen.people.total.text() == "Encara no s'hi ha comptat ningú."
    for typed in ("ajuntament de la s", "ajuntament de la s"):
        desktop.type(typed)
        desktop.press("Return")
    desktop.settle()
    assert present(screen) == {"Ajuntament de la Seu d'Urgell": 2}, "two quick Enters are two people"
    assert screen.people.total.text() == "2 persones · 1 entitat"
    assert screen.people.who.text() == ""


@pytest.mark.parametrize("typed", ["ajuntament de la s 3", "ajuntament de la s +3"])
def test_a_number_behind_the_name_adds_so_many(desktop: Desktop, screen: FactsScreen, typed: str) -> None:
    desktop.type(typed)
    assert screen.people.who.list.items[0].remark == "suma 3 persones"
    desktop.press("Return")
    desktop.settle()
    assert present(screen) == {"Ajuntament de la Seu d'Urgell": 3}


def test_a_new_entity_in_one_line_and_undone(desktop: Desktop, screen: FactsScreen) -> None:
    desktop.type("Colla de dansaires 4")
    assert screen.people.who.list.items[-1].remark == "no és al registre: s'hi afegeix, amb 4 persones"
    desktop.press("Return")
    desktop.settle()
    assert present(screen) == {"Colla de dansaires": 4}
    desktop.type("colla")
    desktop.press("Return")
    desktop.settle()
    assert present(screen) == {"Colla de dansaires": 5}, "from now on two letters find it"
    for _ in range(2):
        desktop.press("Ctrl+Z")
        desktop.settle()
    assert present(screen) == {}
    assert screen.people._suggest("colla") != []
    assert all(not item.value.record for item in screen.people._suggest("colla")), "it is in the register no more"


def test_an_entity_whose_name_ends_with_a_number(desktop: Desktop, screen: FactsScreen) -> None:
    desktop.type("Llar 2 +1")
    desktop.press("Return")
    desktop.settle()
    desktop.type("llar 2")
    desktop.press("Return")
    desktop.settle()
    assert present(screen) == {"Llar 2": 2}


def test_people_of_no_entity_and_corrections(desktop: Desktop, screen: FactsScreen) -> None:
    others = screen.people.others.people
    others.setFocus()
    others.selectAll()
    desktop.type("7", others)
    desktop.press("Tab", others)
    desktop.settle()
    assert screen.people.total.text() == "7 persones"
    screen.people.who.setFocus()
    desktop.type("ajuntament de la s 2")
    desktop.press("Return")
    desktop.settle()
    row = next(iter(screen.people.rows.values())).people
    row.setFocus()
    desktop.press("Up", row)
    desktop.settle()
    assert screen.people.total.text() == "10 persones · 1 entitat"
    row = next(iter(screen.people.rows.values())).people
    for _ in range(3):
        desktop.press("Down", row)
    desktop.settle()
    assert present(screen) == {}
    assert desktop.focus is screen.people.who
    desktop.press("Ctrl+Z")
    desktop.settle()
    assert present(screen) == {"Ajuntament de la Seu d'Urgell": 1}


def test_what_another_laptop_counted_stays(desktop: Desktop, screen: FactsScreen, workshop: str) -> None:
    from dataclasses import replace

    from pessdesk.application.capture import count
    from pessdesk.desktop.session import EVERYTHING

    desktop.type("ajuntament de la s 2")
    desktop.press("Return")
    desktop.settle()
    record = next(iter(screen.people.rows))
    there = desktop.window.session
    there.decide(lambda desk: count(replace(desk, device="f" * 64), workshop, record, "present", 5), EVERYTHING)
    desktop.settle()
    assert present(screen) == {"Ajuntament de la Seu d'Urgell": 5}
    screen.people.rows[record].people.setValue(1)
    desktop.settle()
    assert present(screen) == {"Ajuntament de la Seu d'Urgell": 3}, "theirs are three"
    assert "un altre portàtil" in screen.people.wrong.text()


def test_a_field_is_kept_when_it_is_left(desktop: Desktop, screen: FactsScreen, workshop: str) -> None:
    start = screen.lines["start"]
    start.setFocus()
    desktop.type("17h30")
    desktop.press("Tab")
    desktop.settle()
    assert start.text() == "17:30"
    objectives = screen.paragraphs["objectives"]
    objectives.setFocus()
    desktop.type("Saber què cal.")
    desktop.press("Return")
    desktop.type("I qui ho pot fer.")
    screen.people.who.setFocus()
    screen.method.setFocus()
    desktop.press("Down", screen.method)
    desktop.settle()
    screen.date.setDate(QDate(2027, 1, 31))
    desktop.settle()
    row = kept(desktop, workshop)
    assert (row.start, row.objectives) == ("17:30", "Saber què cal.\nI qui ho pot fer.")
    assert (row.method, row.date) == ("open_debate", "2027-01-31")
    for _ in range(4):
        desktop.press("Ctrl+Z")
        desktop.settle()
    row = kept(desktop, workshop)
    assert (row.start, row.objectives, row.method) == ("", "", "")
    assert (start.text(), objectives.toPlainText(), screen.method.method) == ("", "", "")


def kept(desktop: Desktop, workshop: str) -> Any:
    found: list[Any] = []
    desktop.window.session.read(lambda reading: reading.workshop(workshop), found.append)
    desktop.settle()
    return found[0]


def test_what_is_refused_stays_with_the_reason_below_it(desktop: Desktop, screen: FactsScreen, workshop: str) -> None:
    end = screen.lines["end"]
    end.setFocus()
    desktop.type("aviat")
    screen.lines["title"].setFocus()
    screen.lines["title"].selectAll()
    desktop.press("Backspace")
    screen.people.who.setFocus()
    desktop.settle()
    assert screen.fields["end"].wrong.text() == "Hora de final: «aviat» no és una hora. Escriviu-la així: 17:30."
    assert screen.fields["title"].wrong.text() == "Títol: és buit i s'ha d'omplir."
    assert end.text() == "aviat"
    row = kept(desktop, workshop)
    assert (row.title, row.end) == ("Taller obert", "")
    end.setFocus()
    end.selectAll()
    desktop.type("19")
    screen.people.who.setFocus()
    desktop.settle()
    assert not screen.fields["end"].wrong.isVisible()
    assert end.text() == "19:00"


def test_leaving_the_screen_keeps_what_is_being_typed(desktop: Desktop, screen: FactsScreen, workshop: str) -> None:
    screen.lines["venue"].setFocus()
    desktop.type("Sala petita")
    desktop.go("today")
    assert kept(desktop, workshop).venue == "Sala petita"


def test_each_workshop_has_its_own(desktop: Desktop, screen: FactsScreen, workshop: str) -> None:
    desktop.type("ajuntament de la s")
    desktop.press("Return")
    screen.lines["venue"].setFocus()
    desktop.type("Sala petita")
    other = next(row.record for row in workshops(desktop) if row.record != workshop)
    desktop.go("facts", workshop=other)
    assert present(screen) == {}
    assert screen.lines["venue"].text() == kept(desktop, other).venue != "Sala petita"
    desktop.go("facts", workshop=workshop)
    assert screen.lines["venue"].text() == "Sala petita"
    assert present(screen) == {"Ajuntament de la Seu d'Urgell": 1}


def workshops(desktop: Desktop) -> Any:
    found: list[Any] = []
    desktop.window.session.read(lambda reading: reading.workshops(), found.extend)
    desktop.settle()
    return found


def test_it_stands_in_the_minutes(desktop: Desktop, screen: FactsScreen, workshop: str) -> None:
    desktop.type("ajuntament de la s 3")
    desktop.press("Return")
    screen.people.others.people.setValue(2)
    screen.lines["facilitators"].setFocus()
    desktop.type("Equip de l'oficina")
    desktop.press("Tab")
    desktop.settle()
    found: list[Any] = []

    def minutes(desk: Any) -> Any:
        with desk.store.read() as unit:
            return read_minutes(unit, workshop, lambda *_: "")

    desktop.window.session.errands.do(minutes, found.append)
    desktop.settle()
    assert found[0].people == 5
    assert found[0].facilitators == "Equip de l'oficina"
    assert {one.name: one.people for one in found[0].entities} == {"Ajuntament de la Seu d'Urgell": 3, "": 2}


def test_the_minutes_are_asked_for_in_the_workshop(
    desktop: Desktop, screen: FactsScreen, workshop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(WorkshopScreen, "write_minutes", lambda shown: asked.append(shown.row.record))
    screen.lines["venue"].setText("Sala petita")
    desktop.click(screen.minutes)
    assert asked == [workshop]
    desktop.screen(WorkshopScreen)
    desktop.go("facts", workshop=workshop)
    assert screen.lines["venue"].text() == "Sala petita"
    desktop.press("Ctrl+M")
    desktop.settle()
    assert asked == [workshop, workshop]


def test_the_halves_stand_below_each_other_where_it_is_narrow(desktop: Desktop, screen: FactsScreen) -> None:
    assert screen.halves.direction() == QBoxLayout.Direction.LeftToRight
    THEME.use(zoom=2.0)
    desktop.window.resize(1366, 768)
    desktop.settle()
    assert screen.halves.direction() == QBoxLayout.Direction.TopToBottom


def test_the_wheel_scrolls_and_changes_no_number(desktop: Desktop, screen: FactsScreen) -> None:
    people = screen.people.others.people
    at = QPointF(10, 10)
    turn = QWheelEvent(
        at, people.mapToGlobal(at), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(people, turn)
    assert people.value() == 0


def test_the_store_is_in_order_afterwards(desktop: Desktop, screen: FactsScreen) -> None:
    desktop.type("Colla de dansaires 4")
    desktop.press("Return")
    desktop.settle()
    desktop.window.close()
    assert Laptop(desktop.window.session.folder).ok("check")[0]["ok"]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("17:30", "17:30"), ("17.30", "17:30"), ("17h30", "17:30"), ("9:05", "09:05"), ("17 h", "17:00"), ("17", "17:00"),
        ("  8 ", "08:00"), ("17h", "17:00"), ("", ""), ("25:00", "25:00"), ("17:3", "17:3"), ("aviat", "aviat"),
    ],
)  # fmt: skip
def test_times_as_people_write_them(written: str, kept: str) -> None:
    assert time_of_day(written) == kept


def test_earlier_data_are_brought_back(desktop: Desktop, screen: FactsScreen) -> None:
    for words in ("Benvinguda", "Comiat"):
        screen.paragraphs["agenda"].setFocus()
        screen.paragraphs["agenda"].selectAll()
        desktop.type(words)
        screen.people.who.setFocus()
        desktop.settle()
    past = screen.past
    assert "Comiat" in past.list.item(0).text() and "Portàtil 1" in past.list.item(0).text()
    past.list.setFocus()
    past.list.setCurrentRow(1)
    desktop.press("Return", past.list)
    desktop.settle()
    assert screen.paragraphs["agenda"].words() == "Benvinguda"
    desktop.press("Ctrl+Z", past.list)
    desktop.settle()
    assert screen.paragraphs["agenda"].words() == "Comiat"
