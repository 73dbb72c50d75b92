"""Everything about one contribution: what is left is saved, what is refused stays, what is only looked at stays as it is."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox

from pessdesk.application import capture
from pessdesk.application.capture_line import Said
from pessdesk.bootstrap import Program
from pessdesk.desktop.widgets.detail import Detail
from pessdesk.desktop.widgets.differing import DifferingText
from pessdesk.desktop.words import WORDS
from tests.application.conftest import elsewhere
from tests.desktop.conftest import Desktop
from tests.desktop.lived import Lived
from tests.desktop.widgets.conftest import Room

Broken = Callable[..., Callable[[], None]]


@pytest.fixture
def detail(room: Room) -> Detail:
    room.say("Una", "Dues", "Tres")
    return room.look_at()


def versions(room: Room) -> int:
    """How often what is looked at was stated."""
    found: list[Any] = []
    record = room.screen.looked_at
    room.desktop.settle()
    room.desktop.window.session.read(lambda reading: len(reading.history(record)), found.append)
    room.desktop.settle()
    return int(found[0])


def choose(room: Room, box: QComboBox, text: str) -> None:
    """Choose by keyboard, as a person does: to the field, down or up, Enter is not needed."""
    box.setFocus(Qt.FocusReason.TabFocusReason)
    place = box.findText(text)
    assert place >= 0, [box.itemText(n) for n in range(box.count())]
    while box.currentIndex() != place:
        QTest.keyClick(box, Qt.Key.Key_Down if box.currentIndex() < place else Qt.Key.Key_Up)
        room.desktop.settle()
        if box.currentText() != text and box.currentIndex() == place:
            break
    room.desktop.settle()


# Each field


def test_the_text_is_saved_when_it_is_left_and_undone(room: Room, detail: Detail) -> None:
    detail.text.setFocus()
    room.desktop.press("Ctrl+End")
    room.desktop.type(", i prou")
    room.desktop.press("Tab")
    assert room.newest.text == "Tres, i prou"
    room.desktop.press("Ctrl+Z")
    assert room.newest.text == "Tres"
    assert detail.text.toPlainText() == "Tres"
    room.desktop.press("Ctrl+Y")
    assert room.newest.text == "Tres, i prou"


def test_ctrl_enter_saves_and_stays(room: Room, detail: Detail) -> None:
    detail.text.setFocus()
    room.desktop.press("Ctrl+End")
    room.desktop.type("!")
    room.desktop.press("Ctrl+Return")
    room.desktop.settle()
    assert room.newest.text == "Tres!"
    assert room.desktop.focus is detail.text
    room.desktop.type("!")
    assert detail.text.toPlainText() == "Tres!!", "the cursor is where it was"


@pytest.mark.parametrize("field", ["kind", "table", "language"])
def test_what_is_chosen_is_saved_at_once_and_undone(room: Room, detail: Detail, field: str) -> None:
    text, value, read = {
        "kind": ("Necessitat o problema", "need", lambda row: row.kind),
        "table": ("Taula 3", "3", lambda row: row.group_name),
        "language": ("Occità (aranès)", "oc", lambda row: row.language),
    }[field]
    before = read(room.newest)
    choose(room, getattr(detail, field), text)
    assert read(room.newest) == value
    while read(room.newest) != before:
        room.desktop.press("Ctrl+Z")
        room.desktop.settle()
    assert getattr(detail, field).currentText() != text


def test_a_new_table_is_made_and_undone(room: Room, detail: Detail) -> None:
    detail.table.setCurrentIndex(detail.table.count() - 1)
    detail.table.activated.emit(detail.table.count() - 1)
    room.desktop.settle()
    assert room.newest.group_name == "6" and detail.table.currentText() == "Taula 6"
    room.desktop.press("Ctrl+Z")
    room.desktop.settle()
    assert room.newest.group_name == "" and detail.table.findText("Taula 6") < 0


def test_the_title_is_one_line(room: Room, detail: Detail) -> None:
    detail.title.setFocus()
    room.desktop.type("Un títol ")
    room.desktop.press("Return")
    room.desktop.type("de dues")
    room.desktop.press("Tab")
    assert room.newest.title == "Un títol de dues"
    room.desktop.press("Ctrl+Z")
    assert room.newest.title == ""


def test_dots_are_counted(room: Room, detail: Detail) -> None:
    detail.dots.setFocus()
    room.desktop.press("Ctrl+A")
    room.desktop.type("7")
    room.desktop.press("Return")
    assert room.newest.votes == 7
    detail.text.setFocus()
    room.desktop.press("Ctrl+Z")
    room.desktop.settle()
    assert room.newest.votes == 0 and detail.dots.value() == 0


def test_dots_that_others_counted_come_back(room: Room, home: Path) -> None:
    """Less than they counted cannot be: the field shows what holds."""
    room.desktop.window.close()
    with Program().desk(home, write=True) as desk:
        said = capture.record_contribution(desk, room.screen.record, Said("Amb punts"))
        content = {"workshop": room.screen.record, "subject": said.record, "measure": "votes", "value": 3}
        elsewhere(desk, desk.new_id(), content, (), "tally")
    again = Desktop(type(room.desktop.window)(Program(), home, room.desktop.window.settings), room.desktop.qtbot)
    again.window.show()
    again.come_forward()
    screen = again.go("workshop", workshop=room.screen.record, contribution=said.record)
    assert screen.detail.dots.value() == 3
    screen.detail.dots.setFocus()
    screen.detail.dots.setValue(1)
    screen.detail.text.setFocus()
    again.settle()
    assert screen.detail.dots.value() == 3
    screen.detail.dots.setFocus()
    screen.detail.dots.setValue(5)
    screen.detail.text.setFocus()
    again.settle()
    assert screen.model.rows[0].votes == 5
    again.window.close()
    again.window.deleteLater()


def test_lines_from_the_tree(room: Room, detail: Detail) -> None:
    detail.line.setFocus()
    room.desktop.press("Space")
    QApplication.processEvents()
    panel: Any = QApplication.activePopupWidget()
    for code in ("4.2", "1.1"):
        panel.search.setText("")
        panel.search.textEdited.emit("")
        room.desktop.type(code, panel.search)
        QTest.keyClick(panel.search, Qt.Key.Key_Down)
        panel.tree.setCurrentItem(panel.tree.topLevelItem(0))
        QTest.keyClick(panel.tree, Qt.Key.Key_Space)
        panel.search.setFocus()
    QTest.keyClick(panel.search, Qt.Key.Key_Return)
    room.desktop.settle()
    book = room.screen.book
    assert sorted(book.code(line) for line in room.newest.lines) == ["1.1", "4.2"]
    assert "4.2" in detail.line.accessibleName()
    room.desktop.press("Ctrl+Z", detail.text)
    assert room.newest.lines == ()


def test_withdrawing_and_bringing_back(room: Room, detail: Detail) -> None:
    record = room.newest.record
    detail.withdraw.setFocus()
    room.desktop.press("Space")
    room.desktop.settle()
    assert room.said == ["Dues", "Una"] and not room.screen.list.currentIndex().isValid()
    assert detail.withdraw.text() == "Recupera" and detail.record == record, "it stays in view, to be brought back"
    room.desktop.press("Space", detail.withdraw)
    room.desktop.settle()
    assert room.said == ["Tres", "Dues", "Una"] and room.screen.list.currentIndex().row() == 0


# Entities


def test_an_entity_by_two_letters(room: Room, detail: Detail) -> None:
    detail.entity.setFocus()
    room.desktop.type("ur")
    offered = [item.text for item in detail.entity.list.items]
    assert any("Urgell" in name for name in offered)
    room.desktop.press("Return")
    room.desktop.settle()
    assert room.newest.entity_name == offered[0]
    room.desktop.press("Ctrl+Z", detail.text)
    room.desktop.settle()
    assert room.newest.entity_name == "" and detail.entity.text() == ""


@pytest.mark.parametrize("keys", ["Tab", "Return"])
def test_an_entity_that_nobody_knows_is_added_once(room: Room, detail: Detail, keys: str) -> None:
    detail.entity.setFocus()
    room.desktop.type("Colla nova")
    room.desktop.press(keys)
    detail.text.setFocus()
    room.desktop.settle()
    assert room.newest.entity_name == "Colla nova"
    assert [row.name for row in room.screen._entities].count("Colla nova") == 1
    while room.newest.entity_name:
        room.desktop.press("Ctrl+Z", detail.text)
        room.desktop.settle()
    assert "Colla nova" not in [row.name for row in room.screen._entities]


def test_a_name_typed_whole_is_that_entity(room: Room, detail: Detail) -> None:
    there = room.screen._entities[0].name
    detail.entity.setFocus()
    detail.entity.setText(there.upper())
    detail.entity.textEdited.emit(there.upper())
    detail.entity.list.hide()
    detail.text.setFocus()
    detail.entity.editingFinished.emit()
    room.desktop.settle()
    assert room.newest.entity_name == there and detail.entity.text() == there


def test_an_entity_that_is_cleared_is_none(room: Room, detail: Detail) -> None:
    detail.entity.setFocus()
    room.desktop.type("Colla nova")
    room.desktop.press("Return")
    room.desktop.settle()
    room.desktop.press("Ctrl+A")
    room.desktop.press("Delete")
    room.desktop.press("Tab")
    room.desktop.settle()
    assert room.newest.entity_name == ""


def test_escape_lets_the_suggestions_go_and_leaves_the_field_only_then(room: Room, detail: Detail) -> None:
    detail.entity.setFocus()
    room.desktop.type("ur")
    room.desktop.press("Escape")
    assert not detail.entity.list.isVisible() and room.desktop.focus is detail.entity
    room.desktop.press("Escape")
    assert room.desktop.focus is room.line.text


# What is refused, what is unfinished


@pytest.mark.parametrize(("words", "reason"), [("", "és buit"), ("x" * 20_001, "20001"), ("a\x0bb", "U+000B")])
def test_a_text_that_is_refused_stays_with_the_reason(room: Room, detail: Detail, words: str, reason: str) -> None:
    detail.text.setFocus()
    detail.text.setPlainText(words)
    room.desktop.press("Tab")
    room.desktop.settle()
    assert detail.text.words() == words and detail.wrong.isVisible()
    assert reason in detail.wrong.text() and detail.wrong.text().startswith("Text: ")
    assert room.newest.text == "Tres"
    choose(room, detail.kind, "Pregunta")
    assert detail.text.words() == words, "another field is saved, and this text still stands here"
    WORDS.use("en")
    assert detail.text.words() == words and detail.wrong.isVisible()


def test_a_refused_text_is_there_again_when_one_comes_back(room: Room, detail: Detail) -> None:
    """One clicks on another contribution and only then hears that the first was too long."""
    detail.text.setFocus()
    detail.text.setPlainText("x" * 20_001)
    room.look_at(1)
    assert detail.text.toPlainText() == "Dues" and not detail.wrong.isVisible()
    bar = room.desktop.window.messages
    assert "20001" in room.desktop.message and bar.action.isVisible()
    room.desktop.click(bar.action)
    assert detail.text.toPlainText() == "x" * 20_001 and detail.unsaved.isVisible()
    detail.text.setPlainText("curt")
    room.look_at(1)
    room.look_at(0)
    assert detail.text.toPlainText() == "curt" and not detail.unsaved.isVisible()
    assert room.newest.text == "curt"


def test_with_a_full_disk_nothing_that_was_typed_is_gone(room: Room, detail: Detail, broken: Broken) -> None:
    mend = broken("undo.apply_steps")
    mends = [mend, broken("capture.apply_steps")]
    detail.text.setFocus()
    room.desktop.press("Ctrl+End")
    room.desktop.type(" i mitja")
    room.desktop.press("Tab")
    room.desktop.settle()
    assert "disc és ple" in detail.wrong.text()
    assert "Sense desar" in room.desktop.window.top.safety.text()
    room.look_at(1)
    room.look_at(0)
    assert detail.text.toPlainText() == "Tres i mitja"
    for one in mends:
        one()
    detail.text.setFocus()
    room.desktop.press("Tab")
    assert room.newest.text == "Tres i mitja"
    assert "Desat" in room.desktop.window.top.safety.text()


def test_escape_forgets_what_was_being_typed(room: Room, detail: Detail) -> None:
    detail.text.setFocus()
    room.desktop.type("Error ")
    room.desktop.press("Escape")
    room.desktop.settle()
    assert detail.text.toPlainText() == "Tres" and room.newest.text == "Tres"
    assert room.desktop.focus is room.line.text
    assert versions(room) == 1 and room.draft(detail.record) == ""
    detail.title.setFocus()
    room.desktop.type("Error")
    room.desktop.press("Escape")
    room.desktop.settle()
    assert room.newest.title == ""


def test_an_unfinished_change_is_kept_and_stands_there_after_a_crash(
    room: Room, detail: Detail, open_desktop: Callable[[Path], Desktop], home: Path
) -> None:
    """The draft is written while one types; the machine stops before the text is left."""
    detail.text.setFocus()
    room.desktop.press("Ctrl+End")
    room.desktop.type(" a mitges")
    room.desktop.until(lambda: not detail.drafts[""].waits)
    record = detail.record
    assert room.draft(record) == "Tres a mitges"
    shutil.copytree(home, home.parent / "after")  # as the disk is when the power goes
    again = open_desktop(home.parent / "after")
    screen = again.go("workshop", workshop=room.screen.record, contribution=record)
    assert screen.detail.text.toPlainText() == "Tres a mitges" and screen.detail.unsaved.isVisible()
    screen.detail.text.setFocus()
    again.press("Tab")
    again.settle()
    assert screen.model.rows[0].text == "Tres a mitges"
    assert not screen.detail.unsaved.isVisible()


def test_a_saved_change_leaves_no_draft(room: Room, detail: Detail) -> None:
    detail.text.setFocus()
    room.desktop.type("Ara ")
    room.desktop.until(lambda: not detail.drafts[""].waits)
    room.desktop.press("Tab")
    assert room.newest.text == "Ara Tres"
    assert room.draft(detail.record) == ""


def test_closing_the_window_saves_what_was_being_typed(
    room: Room, detail: Detail, open_desktop: Callable[[Path], Desktop], home: Path
) -> None:
    detail.text.setFocus()
    room.desktop.type("Ara ")
    room.desktop.window.close()
    again = open_desktop(home)
    screen = again.go("workshop", workshop=room.screen.record)
    assert screen.model.rows[0].text == "Ara Tres"


def test_going_elsewhere_saves_it_too(room: Room, detail: Detail) -> None:
    detail.text.setFocus()
    room.desktop.type("Ara ")
    room.desktop.go("today")
    room.desktop.go("workshop", workshop=room.screen.record)
    assert room.newest.text == "Ara Tres"


# What is only looked at


@pytest.mark.parametrize(
    "text", ["a\r\nb", "a\rb", "10\u00a0000 €", "a\u2028b", "a\u2029b", "tabulat\tsí", "  espais  "]
)
def test_looking_at_a_contribution_does_not_change_it(
    open_desktop: Callable[[Path], Desktop], home: Path, workshop: str, text: str
) -> None:
    """Line ends of another system and no-break spaces come with spreadsheets; a field shows them in its own way."""
    with Program().desk(home, write=True) as desk:
        for said in (text, "Una altra"):
            capture.record_contribution(desk, workshop, Said(said))
    desktop = open_desktop(home)
    room = Room(desktop, desktop.go("workshop", workshop=workshop))
    room.look_at(1).text.setFocus()
    room.look_at(0).title.setFocus()
    room.look_at(1)
    assert versions(room) == 1 and room.newest.text == "Una altra"
    assert room.screen.model.rows[1].text == text
    assert desktop.window.session.history.next_undo is None


@pytest.mark.parametrize("field", ["kind", "table", "language", "dots"])
def test_the_wheel_over_a_field_scrolls_and_changes_nothing(room: Room, detail: Detail, field: str) -> None:
    widget = getattr(detail, field)
    room.line.text.setFocus()
    before = room.newest
    middle = QPointF(widget.width() / 2, widget.height() / 2)
    event = QWheelEvent(
        middle, widget.mapToGlobal(middle), QPoint(0, -120), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)
    room.desktop.settle()
    assert room.newest == before and not widget.hasFocus()


def test_words_of_people_are_shown_as_they_are(open_desktop: Callable[[Path], Desktop], lived: Lived) -> None:
    desktop = open_desktop(lived.folder)
    screen = desktop.go("workshop", workshop=lived.workshop, contribution=lived.contribution)
    detail = screen.detail
    assert "<b>Falta</b> un sol telèfon & prou" in detail.text.toPlainText()
    assert detail.table.currentText() == "Taula Gent & <i>gran</i>"
    assert "<b>ara</b>" in detail.entity.text()
    told = [detail.history.item(n).text() for n in range(detail.history.count())]
    assert any("<b>Falta</b>" in line for line in told)
    assert detail.clash.isVisible()


def test_the_history_tells_what_became_of_what(room: Room, detail: Detail) -> None:
    choose(room, detail.kind, "Comentari o valoració")
    detail.text.setFocus()
    room.desktop.type("Ara ")
    room.desktop.press("Tab")
    detail.withdraw.click()
    room.desktop.settle()
    told = [detail.history.item(n).text().partition("\n")[2] for n in range(detail.history.count())]
    assert told[0] == "retirada"
    assert told[1] == "text: «Ara Tres»"
    assert "text: «Tres»" in told[-1]
    assert all("Portàtil 1" in detail.history.item(n).text() for n in range(detail.history.count()))


def test_what_others_do_meanwhile_shows_and_disturbs_no_typing(room: Room, detail: Detail) -> None:
    from pessdesk.desktop import operations
    from pessdesk.desktop.history import Undoable
    from pessdesk.desktop.session import Change

    row = room.newest
    detail.text.setFocus()
    room.desktop.press("Ctrl+End")
    room.desktop.type(" i")
    change = Change(frozenset(("contributions",)), row.workshop, (row.record,))
    room.desktop.window.session.write(operations.change(row, {"kind": "need"}), Undoable.KIND, change)
    room.desktop.settle()
    assert detail.kind.currentData() == "need"
    room.desktop.type(" quatre")
    assert detail.text.toPlainText() == "Tres i quatre"


def test_an_earlier_version_is_brought_back_with_the_keyboard(room: Room, detail: Detail) -> None:
    detail.text.setFocus()
    room.desktop.type("Ara ")
    room.desktop.press("Tab")
    room.desktop.settle()
    assert room.newest.text == "Ara Tres"
    assert not detail.past.bring.isVisible(), "nothing is chosen yet"
    detail.history.setFocus()
    room.desktop.press("End", detail.history)
    assert detail.past.bring.isVisible()
    shown = [
        widget.accessibleName() for widget in detail.past.shown.findChildren(DifferingText) if not widget.isHidden()
    ]
    assert shown == ["Tres"]
    room.desktop.press("Return", detail.history)
    room.desktop.settle()
    assert room.newest.text == detail.text.words() == "Tres"
    assert detail.past.same.isVisible(), "now it is so"
    assert detail.history.count() == 3
    room.desktop.press("Ctrl+Z", detail.history)
    room.desktop.settle()
    assert room.newest.text == "Ara Tres"


def test_a_version_is_brought_back_while_a_clash_is_open(open_desktop: Callable[[Path], Desktop], lived: Lived) -> None:
    desktop = open_desktop(lived.folder)
    detail = desktop.go("workshop", workshop=lived.workshop, contribution=lived.contribution).detail
    desktop.settle()
    assert detail.clash.isVisible()
    detail.history.setCurrentRow(detail.history.count() - 1)
    desktop.click(detail.past.bring)
    assert detail.clash.isVisible(), "bringing back decides nothing"


def test_what_is_being_typed_is_a_version_of_its_own_before_another_comes_back(room: Room, detail: Detail) -> None:
    detail.text.setFocus()
    room.desktop.type("Ara ")
    room.desktop.press("Tab")
    room.desktop.settle()
    detail.history.setCurrentRow(detail.history.count() - 1)
    detail.text.setPlainText("A mitges")
    detail.past.wanted.emit(detail.past.chosen)
    room.desktop.settle()
    assert room.newest.text == "Tres"
    told = [detail.history.item(n).text() for n in range(detail.history.count())]
    assert any("A mitges" in line for line in told)
