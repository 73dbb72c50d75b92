"""People of a workshop at the screen: names only under the text, each consent by itself, erased for good or not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QBoxLayout, QCheckBox, QLineEdit, QPushButton

from pessdesk.application.authoring import Author
from pessdesk.application.capture import change_fields
from pessdesk.application.erase import erase, reach_of_people
from pessdesk.application.people import Given, add_person, set_keep_until
from pessdesk.application.ports import Desk
from pessdesk.bootstrap import Program
from pessdesk.desktop.screens.people import PeopleScreen
from pessdesk.desktop.screens.today import TodayScreen
from pessdesk.desktop.session import EVERYTHING
from pessdesk.desktop.theme import THEME
from pessdesk.desktop.widgets.erasing import EraseDialog
from pessdesk.desktop.words import WORDS
from pessdesk.domain.model import Erasure
from tests.desktop.conftest import Desktop, Laptop
from tests.documents.reading import pdf_lines
from tests.test_privacy import found_in, needles

NAME = "Ermessenda Quinzà·Çolomines"
TODAY = date.today().isoformat()


def write_down(home: Path, workshop: str, name: str = NAME, *purposes: str) -> str:
    with Program().desk(home, write=True) as desk:
        given = Given(purposes or ("attendance",), "paper", "2026-03-12", "participants", "1", "ca")
        return add_person(desk, workshop, name, "e@exemple.cat" if name == NAME else "", "", given)


@pytest.fixture
def screen(desktop: Desktop, workshop: str) -> PeopleScreen:
    shown: PeopleScreen = desktop.go("people", workshop=workshop)
    return shown


@pytest.fixture
def with_people(home: Path, workshop: str, open_desktop: Callable[[Path], Desktop]) -> tuple[Desktop, PeopleScreen]:
    """A window on a workshop with two people, the first of them chosen."""
    write_down(home, workshop, "Iu Soler", "attendance")
    write_down(home, workshop, NAME, "attendance", "answers")
    desktop = open_desktop(home)
    shown: PeopleScreen = desktop.go("people", workshop=workshop)
    shown.table.choose(0)
    desktop.settle()
    return desktop, shown


def names(screen: PeopleScreen) -> list[str]:
    return [row.name for row in screen.model.rows]


def agreed(screen: PeopleScreen, row: int = 0) -> set[str]:
    return set(screen.model.rows[row].agreed)


def asked(desktop: Desktop) -> EraseDialog:
    def dialogs() -> list[EraseDialog]:
        return [w for w in QApplication.topLevelWidgets() if isinstance(w, EraseDialog) and w.isVisible()]

    desktop.until(lambda: bool(dialogs()))
    return dialogs()[0]


def test_a_workshop_is_without_names_until_the_text_was_shown(desktop: Desktop, screen: PeopleScreen) -> None:
    assert screen.notice_head.text() == "Aquest taller és sense noms"
    said = [label.text() for label in screen.notice_box.findChildren(type(screen.about)) if label.isVisible()]
    assert any("Només escriurem el vostre nom si hi esteu d'acord" in words for words in said)
    assert any("apdcat.gencat.cat" in words for words in said)
    assert not screen.form.isVisible()
    assert desktop.focus is screen.begin
    desktop.press("Space")
    desktop.settle()
    assert screen.form.isVisible() and not screen.begin.isVisible() and not screen.notice_box.isVisible()
    assert desktop.focus is screen.form.name.editor
    desktop.click(screen.without)
    assert screen.begin.isVisible() and not screen.form.isVisible()


def test_somebody_is_written_down_with_the_keyboard_alone(desktop: Desktop, screen: PeopleScreen) -> None:
    desktop.press("Space")
    desktop.settle()
    desktop.type(NAME)
    desktop.press("Tab")
    desktop.type("e@exemple.cat")
    desktop.press("Tab")
    desktop.type("Ajuntament de la s")
    desktop.press("Return")
    desktop.press("Tab")
    for _ in range(2):
        assert isinstance(desktop.focus, QCheckBox)
        desktop.press("Space")
        desktop.press("Tab")
    while desktop.focus is not screen.form.add:
        desktop.press("Tab")
    desktop.press("Space")
    desktop.settle()
    (row,) = screen.model.rows
    assert (row.name, row.contact, row.entity_name) == (NAME, "e@exemple.cat", "Ajuntament de la Seu d'Urgell")
    assert {(one.date, one.how, one.text, one.version) for one in row.consents} == {
        (TODAY, "paper", "participants", "1")
    }
    assert agreed(screen) == {"attendance", "answers"}
    assert desktop.focus is screen.form.name.editor and desktop.focus.text() == "", "ready for the next one"


def test_nobody_is_written_down_without_a_tick(desktop: Desktop, screen: PeopleScreen) -> None:
    screen.with_names()
    desktop.settle()
    desktop.type(NAME)
    desktop.click(screen.form.add)
    assert "marqueu-ne almenys una" in screen.form.wrong.text()
    assert screen.form.name.editor.text() == NAME, "what was typed stays"  # type: ignore[attr-defined]
    assert names(screen) == []
    screen.form.name.editor.setText("")  # type: ignore[attr-defined]
    screen.form.ticks["image"].box.click()
    desktop.click(screen.form.add)
    assert "Nom i cognoms" in screen.form.name.wrong.text()


def test_a_half_written_name_is_on_no_disk(desktop: Desktop, screen: PeopleScreen, home: Path) -> None:
    screen.with_names()
    desktop.settle()
    desktop.type("Ermessenda Quinz")
    desktop.go("today")
    desktop.window.close()
    assert found_in(home, needles("Ermessenda Quinz")) == {}


def test_a_field_is_kept_when_it_is_left_and_undone(with_people: tuple[Desktop, PeopleScreen]) -> None:
    desktop, screen = with_people
    contact = screen.form.contact.editor
    assert isinstance(contact, QLineEdit)
    contact.setFocus()
    contact.setText("973480000")
    desktop.press("Tab")
    desktop.settle()
    assert screen.model.rows[0].contact == "973480000"
    screen.table.setFocus()
    desktop.press("Ctrl+Z")
    desktop.settle()
    assert screen.model.rows[0].contact == "e@exemple.cat" == contact.text()


def test_a_tick_taken_away_withdraws_and_can_be_undone(with_people: tuple[Desktop, PeopleScreen]) -> None:
    desktop, screen = with_people
    tick = screen.form.ticks["answers"]
    assert "12/03/2026" in tick.since.text() and "Signat en paper" in tick.since.text()
    tick.box.setFocus()
    desktop.press("Space")
    desktop.settle()
    assert agreed(screen) == {"attendance"} and not tick.since.isVisible()
    (held,) = [one for one in screen.model.rows[0].consents if one.withdrawn_on]
    assert (held.purposes, held.withdrawn_on) == (("answers",), TODAY)
    desktop.press("Ctrl+Z")
    desktop.settle()
    assert agreed(screen) == {"attendance", "answers"} and tick.box.isChecked()


def test_a_click_on_the_sentence_ticks(with_people: tuple[Desktop, PeopleScreen]) -> None:
    desktop, screen = with_people
    screen.form.ways["screen"].click()
    QTest.mouseClick(screen.form.ticks["image"].words, Qt.MouseButton.LeftButton)
    desktop.settle()
    assert agreed(screen) == {"attendance", "answers", "image"}
    assert screen.model.rows[0].agreed["image"].how == "screen"


def test_who_agrees_to_nothing_any_more_is_to_be_erased(with_people: tuple[Desktop, PeopleScreen]) -> None:
    desktop, screen = with_people
    screen.table.choose(1)
    desktop.settle()
    assert screen.form.heading.text() == "Iu Soler" and not screen.form.nothing.isVisible()
    screen.form.ticks["attendance"].box.click()
    desktop.settle()
    assert screen.form.nothing.isVisible() and "Cal esborrar-lo" in screen.form.nothing.text()


def test_erasing_asks_first_and_enter_leaves_it(with_people: tuple[Desktop, PeopleScreen]) -> None:
    desktop, screen = with_people
    desktop.click(screen.form.gone)
    dialog = asked(desktop)
    assert "1 nom, amb el seu contacte.\n2 consentiments." in dialog.reached.text()
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    desktop.settle()
    assert len(names(screen)) == 2


def test_erased_is_erased_from_every_byte(with_people: tuple[Desktop, PeopleScreen], home: Path, workshop: str) -> None:
    desktop, screen = with_people
    contact = screen.form.contact.editor
    assert isinstance(contact, QLineEdit)
    contact.setFocus()
    contact.setText("Ermessenda@exemple.cat")
    desktop.press("Tab")
    desktop.settle()
    history = desktop.window.session.history
    assert history.can_undo
    desktop.click(screen.form.gone)
    dialog = asked(desktop)
    dialog.reasons["mistake"].click()
    dialog.erase.click()
    desktop.settle()
    assert names(screen) == ["Iu Soler"] and screen.said.text().startswith("Esborrat.")
    assert not history.can_undo, "Ctrl+Z does not bring anybody back"
    assert screen.form.row is None and desktop.focus is screen.form.name.editor
    desktop.window.close()
    there = found_in(home, needles(NAME, "Ermessenda", "e@exemple.cat"))
    assert there == {}, "nor in the backup that was made on closing"
    acts = Laptop(home).ok("check")
    assert acts[0]["ok"] is True


def test_a_draft_and_a_contribution_with_the_name_are_named(
    home: Path, workshop: str, open_desktop: Callable[[Path], Desktop]
) -> None:
    write_down(home, workshop)
    code = Laptop(home).record(home.parent / "f.csv", f"Diu {NAME} que falta transport", workshop=0)
    with Program().desk(home, write=True) as desk, desk.store.write() as unit:
        unit.set_setting(f"draft:{workshop}", f"I {NAME.lower()} també")
    desktop = open_desktop(home)
    screen = desktop.go("people", workshop=workshop)
    screen.erase_all()
    dialog = asked(desktop)
    assert "1 text a mig escriure" in dialog.reached.text()
    assert code[0] in dialog.mentions.text() and dialog.mentions.isVisible()
    dialog.erase.click()
    desktop.settle()
    assert desktop.window.session.drafts.of(f"draft:{workshop}") == ""


def test_until_when_they_are_kept_is_chosen_and_today_reminds(
    with_people: tuple[Desktop, PeopleScreen], workshop: str
) -> None:
    desktop, screen = with_people
    over = date.today() - timedelta(days=1)
    screen.until_day.setDate(QDate(over.year, over.month, over.day))
    desktop.settle()
    desktop.go("today")
    today = desktop.screen(TodayScreen)
    said = [label.text() for label in today.content.findChildren(type(screen.about)) if label.isVisible()]
    assert any("2 persones només s'havien de conservar fins al" in words for words in said)
    button = next(
        b for b in today.content.findChildren(type(screen.sheet)) if "s'havien de conservar" in b.accessibleName()
    )
    desktop.click(button)
    assert desktop.screen(PeopleScreen).record == workshop
    screen.erase_all()
    dialog = asked(desktop)
    assert dialog.reason == "retention"
    dialog.erase.click()
    desktop.settle()
    desktop.go("today")
    said = [label.text() for label in desktop.screen(TodayScreen).content.findChildren(type(screen.about))]
    assert not any("conservar" in words for words in said if words)


def test_nothing_is_said_while_there_is_time(with_people: tuple[Desktop, PeopleScreen]) -> None:
    desktop, screen = with_people
    assert screen.until_day.date().toString(Qt.DateFormat.ISODate) > TODAY
    desktop.go("today")
    labels = desktop.screen(TodayScreen).content.findChildren(type(screen.about))
    assert not any("conserv" in label.text() for label in labels if label.isVisible())


def test_who_is_responsible_is_asked_once(desktop: Desktop, screen: PeopleScreen, home: Path, workshop: str) -> None:
    responsible = screen.us["responsible"].editor
    assert isinstance(responsible, QLineEdit)
    responsible.setFocus()
    desktop.type("Consell Comarcal")
    desktop.press("Tab")
    desktop.settle()
    said = [label.text() for label in screen.notice_box.findChildren(type(screen.about)) if label.isVisible()]
    assert any(words.startswith("Consell Comarcal\n") for words in said)
    sheet = home.parent / "full.pdf"
    screen.write_sheet_to(sheet)
    desktop.settle()
    assert "full.pdf" in desktop.message
    assert any("Consell Comarcal" in line for line in pdf_lines(sheet.read_bytes()))


def test_the_sheet_that_cannot_be_written_says_so(desktop: Desktop, screen: PeopleScreen, home: Path) -> None:
    screen.write_sheet_to(home / "no" / "full")
    desktop.settle()
    assert screen.wrong.isVisible() and "full.pdf" in screen.wrong.text()


def test_it_is_reached_from_the_workshop_by_button_key_and_palette(desktop: Desktop, workshop: str) -> None:
    shown = desktop.go("workshop", workshop=workshop)
    desktop.click(shown.people)
    assert desktop.screen(PeopleScreen).record == workshop
    desktop.window.back()
    desktop.settle()
    desktop.press("Ctrl+P", desktop.window)
    assert desktop.screen(PeopleScreen).record == workshop
    assert any("Persones d'aquest taller" in entry.text for entry in desktop.window._actions.entries())


def test_the_sentences_follow_the_language(with_people: tuple[Desktop, PeopleScreen]) -> None:
    desktop, screen = with_people
    WORDS.use("es")
    desktop.settle()
    assert screen.form.ticks["answers"].words.text().startswith("En que me hagan llegar el acta")
    assert screen.title() == "Personas"


def test_halves_stand_one_below_the_other_where_there_is_little_room(with_people: tuple[Desktop, PeopleScreen]) -> None:
    desktop, screen = with_people
    assert screen.halves.direction() == QBoxLayout.Direction.LeftToRight
    THEME.use("light", 2.0)
    desktop.settle()
    assert screen.halves.direction() == QBoxLayout.Direction.TopToBottom


def test_what_an_erasure_left_is_reached_when_the_window_is_opened_again(
    home: Path, workshop: str, open_desktop: Callable[[Path], Desktop]
) -> None:
    record = write_down(home, workshop)
    with Program().desk(home, write=True, keep=True) as desk:  # as the window has it: it cleans by itself, later
        with desk.store.read() as unit:
            reach = reach_of_people(unit, workshop, record)
        erase(desk, reach, "request")
    assert found_in(home, needles(NAME)), "killed right after"
    desktop = open_desktop(home)
    desktop.until(lambda: not found_in(home, needles(NAME)))


def test_people_of_a_workshop_that_was_taken_back_are_reached(
    home: Path, workshop: str, open_desktop: Callable[[Path], Desktop]
) -> None:
    write_down(home, workshop)
    with Program().desk(home, write=True) as desk:
        set_keep_until(desk, workshop, "2026-01-01")
        change_fields(desk, workshop, workshop, {"withdrawn": True})
    desktop = open_desktop(home)
    button = next(
        button for button in desktop.screen(TodayScreen).content.findChildren(QPushButton)
        if "s'havia de conservar" in button.accessibleName()
    )  # fmt: skip
    desktop.click(button)
    screen = desktop.screen(PeopleScreen)
    assert names(screen) == [NAME] and not screen.sheet.isEnabled()
    desktop.click(screen.all_gone)
    asked(desktop).erase.click()
    desktop.settle()
    assert found_in(home, needles(NAME)) == {}


def test_a_contribution_that_was_withdrawn_is_erased_for_good(
    home: Path, workshop: str, open_desktop: Callable[[Path], Desktop]
) -> None:
    said = "La xafarranxa del carrer Nou"
    (code, _) = Laptop(home).record(home.parent / "f.csv", said, "Transport a demanda")
    desktop = open_desktop(home)
    shown = desktop.go("workshop", workshop=Laptop(home).ok("workshop", "list")[0][0]["id"])
    row = next(row for row in shown.model.rows if row.code == code)
    shown.list.setCurrentIndex(shown.model.index_of(row.record))
    desktop.settle()
    assert not shown.detail.erase.isVisible(), "first it is withdrawn, which can be undone"
    desktop.click(shown.detail.withdraw)
    shown._show_it(row.record)
    desktop.settle()
    desktop.click(shown.detail.erase)
    dialog = asked(desktop)
    assert code in dialog.findChildren(type(dialog.reached))[0].text()
    assert dialog.reached.text().startswith("1 aportació, amb els seus gomets.")
    dialog.erase.click()
    desktop.settle()
    assert [row.text for row in shown.model.rows] == ["Transport a demanda"]
    assert not shown.detail.isVisible() and shown.hint.isVisible()
    assert code in desktop.message and not desktop.window.session.history.can_undo
    desktop.window.close()
    assert found_in(home, needles(said, "xafarranxa")) == {}


def test_what_another_laptop_erased_leaves_the_screen_that_shows_it(
    home: Path, workshop: str, open_desktop: Callable[[Path], Desktop]
) -> None:
    Laptop(home).record(home.parent / "f.csv", "Una", "Una altra")
    desktop = open_desktop(home)
    shown = desktop.go("workshop", workshop=Laptop(home).ok("workshop", "list")[0][0]["id"])
    gone = shown.model.rows[0]
    shown.list.setCurrentIndex(shown.model.index_of(gone.record))
    desktop.settle()

    def arrived(desk: Desk) -> None:
        with desk.store.write() as unit:
            author = Author(desk, unit)
            unit.add([author.state(Erasure((gone.record,), "ho ha demanat", gone.workshop))])
            author.save()

    desktop.window.session.decide(arrived, EVERYTHING)
    desktop.settle()
    assert [row.record for row in shown.model.rows] == [shown.model.rows[0].record] != [gone.record]
    assert shown.model.counts().all == 1 and shown.looked_at != gone.record


def test_a_name_that_is_not_written_down_is_not_called_saved(desktop: Desktop, screen: PeopleScreen) -> None:
    """It is on purpose no draft: what stands on the screen alone is said to."""
    safety = desktop.window.top.safety
    assert "✓" in safety.text()
    QTest.keyClicks(screen.form.name.editor, "Ermes")
    assert "✓" not in safety.text() and safety.text() == "A mig escriure"
    for _ in range(5):
        QTest.keyClick(screen.form.name.editor, Qt.Key.Key_Backspace)
    assert "✓" in safety.text()
