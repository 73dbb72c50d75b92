"""The line at the bottom: type, Enter, saved; nothing that is typed is ever gone, and nothing is taken for what it is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from pessdesk.application.capture_line import MOST_DOTS
from pessdesk.desktop.words import WORDS
from pessdesk.domain.errors import StoreBusy
from tests.desktop.widgets.conftest import Room, files, menu

Broken = Callable[..., Callable[[], None]]


def context(room: Room) -> tuple[str, str, str, int]:
    """The chips as they read: table, line, kind, dots."""
    line = room.line
    return line.table.text(), line.line.text(), line.kind.text(), line.context.votes


def paste(room: Room, words: str) -> None:
    QGuiApplication.clipboard().setText(words)
    room.desktop.press("Ctrl+V", room.line.text)


# Blocks


def test_blocks_at_the_start_set_the_context_and_leave_the_text(room: Room) -> None:
    room.desktop.type("@3 #4.2 !nec +3 Que hi hagi transport")
    assert context(room) == ("Taula 3", "4.2", "Necessitat", 3)
    assert room.text == "Que hi hagi transport"
    room.desktop.press("Return")
    row = room.newest
    assert (row.text, row.group_name, row.kind, row.votes, len(row.lines)) == (
        "Que hi hagi transport",
        "3",
        "need",
        3,
        1,
    )


def test_the_context_stays_and_the_dots_go(room: Room) -> None:
    room.say("@3 #4.2 !nec +3 Una", "Una altra")
    row = room.newest
    assert (row.text, row.group_name, row.kind, row.votes) == ("Una altra", "3", "need", 0)


def test_a_line_of_blocks_alone_only_changes_the_context(room: Room) -> None:
    room.desktop.type("@2 !pre")
    room.desktop.press("Return")
    room.desktop.settle()
    assert room.said == [] and room.text == ""
    assert context(room)[0] == "Taula 2" and context(room)[2] == "Pregunta"
    room.say("@- Sense taula")
    assert room.newest.group_name == ""


@pytest.mark.parametrize(
    "said", ["+65 anys", "#MeToo", "@home", "!", "+0", "+21 punts", "@9 ningú", "!p ambigu", " @2 no"]
)
def test_what_is_no_block_is_what_was_said(room: Room, said: str) -> None:
    room.say(said)
    assert room.newest.text == said
    assert context(room)[0] == "Taula"


def test_a_block_that_is_pasted_with_its_text(room: Room) -> None:
    paste(room, "@2 +5 Des del porta-retalls")
    assert context(room)[0] == "Taula 2" and context(room)[3] == 5
    assert room.text == "Des del porta-retalls"


def test_backspace_at_the_start_gives_the_block_back_as_text(room: Room) -> None:
    room.desktop.type("@2 !nec Hola")
    room.desktop.press("Home")
    room.desktop.press("Backspace")
    assert room.text == "!necHola" and context(room)[2] == "Proposta"
    room.desktop.press("Home")
    room.desktop.press("Backspace")
    assert room.text == "@2!necHola" and context(room)[0] == "Taula"
    room.desktop.press("Home")
    room.desktop.press("Backspace")
    assert room.text == "@2!necHola", "there is nothing more to give back"


def test_backspace_over_a_selection_is_only_backspace(room: Room) -> None:
    room.desktop.type("@2 Hola")
    room.desktop.press("Ctrl+A")
    room.desktop.press("Backspace")
    assert room.text == "" and context(room)[0] == "Taula 2"


def test_undo_of_typing_does_not_get_stuck_at_a_block(room: Room) -> None:
    room.say("Abans")
    room.desktop.type("@2 ")
    room.desktop.press("Ctrl+Z")
    room.desktop.settle()
    assert room.said == [], "there was no typing left to undo, so what was said before is undone"


# Completion


def test_tab_completes_a_table_a_kind_and_a_line_anywhere_in_the_text(room: Room) -> None:
    room.desktop.type("Que hi hagi @")
    assert len(room.line._offers.items) == 5
    room.desktop.press("Down")
    room.desktop.press("Tab")
    assert (room.text, context(room)[0]) == ("Que hi hagi ", "Taula 2")
    room.desktop.type("!fo")
    room.desktop.press("Tab")
    room.desktop.type("#xarx")
    room.desktop.press("Tab")
    assert room.text == "Que hi hagi " and context(room)[2] == "Fortalesa" and context(room)[1] != "Línia"
    room.desktop.type("més places")
    room.desktop.press("Return")
    assert room.newest.text == "Que hi hagi més places" and room.newest.kind == "strength"


def test_enter_never_takes_a_suggestion(room: Room) -> None:
    room.desktop.type("Correu a @")
    assert room.line._offers.isVisible()
    room.desktop.press("Return")
    assert room.newest.text == "Correu a @" and context(room)[0] == "Taula"
    assert not room.line._offers.isVisible()


def test_escape_first_lets_the_suggestions_go_then_the_text(room: Room) -> None:
    room.desktop.type("Hola @")
    room.desktop.press("Escape")
    assert room.text == "Hola @" and not room.line._offers.isVisible()
    room.desktop.press("Escape")
    assert room.text == ""
    room.desktop.press("Ctrl+Z")
    assert room.text == "Hola @", "what was cleared by mistake comes back"


def test_tab_without_suggestions_goes_on(room: Room) -> None:
    room.desktop.type("Hola")
    room.desktop.press("Tab")
    assert room.desktop.focus is room.line.dots and room.text == "Hola"


def test_suggestions_go_when_the_line_is_left(room: Room) -> None:
    room.desktop.type("@")
    assert room.line._offers.isVisible()
    room.screen.search.setFocus()
    QApplication.processEvents()
    assert not room.line._offers.isVisible()
    room.line.text.setFocus()
    room.desktop.press("Tab")
    assert room.desktop.focus is room.line.dots, "Tab takes nothing that is not to be seen"


def test_an_ambiguous_kind_is_asked_by_completion(room: Room) -> None:
    room.desktop.type("!p")
    assert [item.text for item in room.line._offers.items] == ["Proposta", "Pregunta"]
    room.desktop.press("Down")
    room.desktop.press("Tab")
    assert context(room)[2] == "Pregunta" and room.text == ""


def test_kinds_are_named_in_the_language_of_the_screen(room: Room) -> None:
    WORDS.use("en")
    room.say("!weak Hola")
    assert (room.newest.kind, room.newest.text) == ("weakness", "Hola")
    WORDS.use("es")
    room.say("!nece Hola")
    assert (room.newest.kind, room.newest.text) == ("need", "Hola")


# Enter, Shift+Enter, Esc, up


def test_several_lines_are_one_contribution(room: Room) -> None:
    room.desktop.type("Una línia")
    QTest.keyClick(room.line.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    room.desktop.type("i una altra")
    before = room.line.text.height()
    assert before > room.line.text.fontMetrics().lineSpacing() * 2
    room.desktop.press("Return")
    assert room.newest.text == "Una línia\ni una altra"
    assert room.line.text.height() < before


def test_the_enter_of_the_numbers_is_an_enter(room: Room) -> None:
    room.desktop.type("Hola")
    QTest.keyClick(room.line.text, Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)
    assert room.said == ["Hola"]


@pytest.mark.parametrize("nothing", ["", "   ", "\n\n", "  "])
def test_nothing_is_not_recorded(room: Room, nothing: str) -> None:
    room.line.text.setPlainText(nothing)
    room.desktop.press("Return")
    assert room.said == [] and room.line.wrong.text() == ""


def test_up_in_an_empty_line_edits_the_last_one(room: Room) -> None:
    room.say("Primera", "Segona")
    room.desktop.press("Up")
    assert room.screen.looked_at == room.newest.record
    assert room.desktop.focus is room.detail.text
    room.desktop.type(" vegada")
    room.desktop.press("Ctrl+Return")
    assert room.newest.text == "Segona vegada"
    room.desktop.press("Escape")
    assert room.desktop.focus is room.line.text


def test_up_passes_over_what_was_withdrawn_and_what_is_filtered_away(room: Room) -> None:
    room.say("Primera", "Segona")
    room.desktop.press("Ctrl+Z")
    room.desktop.settle()
    room.screen.search.setText("no hi és")
    room.screen.search.textEdited.emit("no hi és")
    room.line.text.setFocus()
    room.desktop.press("Up")
    room.desktop.settle()
    assert room.detail.text.toPlainText() == "Primera"
    assert room.screen.search.text() == "" and room.screen.model.rowCount() == 1


def test_up_in_a_text_moves_the_cursor(room: Room) -> None:
    room.say("Abans")
    room.desktop.type("Hola")
    room.desktop.press("Up")
    assert room.desktop.focus is room.line.text and room.screen.looked_at == ""


def test_twenty_contributions_in_one_breath(room: Room) -> None:
    for number in range(20):
        room.desktop.type(f"Aportació {number}")
        room.desktop.press("Return")
    assert room.said == [f"Aportació {number}" for number in reversed(range(20))]
    assert len({row.code for row in room.screen.model.rows}) == 20


def test_a_new_table_for_two_quick_contributions_is_one(room: Room) -> None:
    room.line._new_table()
    assert room.line.table.text() == "Taula 6"
    for text in ("Una", "Una altra"):
        room.desktop.type(text)
        room.desktop.press("Return")
    assert {row.group_name for row in room.screen.model.rows} == {"6"} or room.said
    room.desktop.settle()
    assert [row.name for row in room.screen._groups] == ["1", "2", "3", "4", "5", "6"]
    assert {row.group_name for row in room.screen.model.rows} == {"6"}


# Chips by keyboard


def test_the_chips_are_chosen_with_tab_and_space(room: Room) -> None:
    desktop = room.desktop
    for chip, downs, place, shown in (
        (room.line.kind, 4, 2, "Necessitat"), (room.line.table, 3, 0, "Taula 3"), (room.line.dots, 5, 3, 4),
    ):  # fmt: skip
        for _ in range(40):
            desktop.press("Shift+Tab")
            if desktop.focus is chip:
                break
        desktop.press("Space")
        opened = menu()
        for _ in range(downs):
            QTest.keyClick(opened, Qt.Key.Key_Down)
        QTest.keyClick(opened, Qt.Key.Key_Return)
        QApplication.processEvents()
        assert context(room)[place] == shown
        assert desktop.focus is room.line.text, "and the next key is the text's again"


def test_a_menu_that_is_left_changes_nothing(room: Room) -> None:
    room.line.kind.setFocus()
    room.desktop.press("Space")
    QTest.keyClick(menu(), Qt.Key.Key_Escape)
    QApplication.processEvents()
    assert context(room)[2] == "Proposta" and room.desktop.focus is room.line.text


def test_a_line_from_the_tree_by_keyboard(room: Room) -> None:
    room.line.line.setFocus()
    room.desktop.press("Space")
    QApplication.processEvents()
    panel = QApplication.activePopupWidget()
    assert panel is not None
    room.desktop.type("4.2", panel.search)  # type: ignore[attr-defined]
    QTest.keyClick(panel.search, Qt.Key.Key_Return)  # type: ignore[attr-defined]
    QApplication.processEvents()
    assert context(room)[1] == "4.2" and room.desktop.focus is room.line.text


def test_an_ampersand_in_a_tables_name_is_shown(room: Room) -> None:
    room.say("Hola")
    from pessdesk.desktop import operations
    from pessdesk.desktop.history import Undoable
    from pessdesk.desktop.session import Change

    row = room.newest
    change = Change(frozenset(("contributions", "groups")), row.workshop, (row.record,))
    room.desktop.window.session.write(operations.put_at_new_table(row, "Salut & drets"), Undoable.TABLE, change)
    room.desktop.settle()
    room.line.table.setFocus()
    room.desktop.press("Space")
    opened = menu()
    assert "Taula Salut && drets" in [action.text() for action in opened.actions()], "&& is how a menu shows &"
    opened.close()


def test_more_dots_than_the_menu_has_are_counted_in_the_detail(room: Room) -> None:
    room.line.set_dots(MOST_DOTS)
    room.say("Hola")
    assert room.newest.votes == MOST_DOTS


# What is refused


def test_a_text_that_is_too_long_stays_with_the_reason(room: Room) -> None:
    room.line.text.setPlainText("x" * 20_001)
    room.desktop.press("Return")
    room.desktop.settle()
    assert room.text == "x" * 20_001 + "\n"
    assert "20001" in room.line.wrong.text() and room.line.wrong.isVisible()
    assert room.line.wrong.text().startswith("Què s'ha dit"), "the field by its name on the screen"
    assert room.said == []
    room.line.text.setPlainText("Més curt")
    assert not room.line.wrong.isVisible(), "typing on lets the reason go"


def test_a_character_that_no_screen_shows_is_refused_and_stays(room: Room) -> None:
    paste(room, "Hola\x0bcom va\x07")
    room.desktop.press("Return")
    room.desktop.settle()
    assert "U+000B" in room.line.wrong.text()
    assert "com va" in room.text and room.said == []


def test_what_a_full_disk_refuses_comes_back_whole_before_what_is_typed_since(room: Room, broken: Broken) -> None:
    mend = broken("capture.record_contribution")
    room.desktop.type("@3 +4 Primera cosa")
    room.desktop.press("Return")
    room.desktop.type("Seg")
    room.desktop.settle()
    room.desktop.type("ona")
    assert room.text == "Primera cosa\nSegona"
    assert context(room) == ("Taula 3", "Línia", "Proposta", 4), "its dots come back with it"
    assert "El disc és ple" in room.line.wrong.text()
    safety = room.desktop.window.top.safety
    assert "Sense desar" in safety.text() and "disc és ple" in safety.toolTip()
    mend()
    room.desktop.press("Return")
    assert room.said == ["Primera cosa\nSegona"]
    room.desktop.until(lambda: "Desat" in safety.text())


def test_several_that_are_refused_come_back_in_their_order(room: Room, broken: Broken) -> None:
    broken("capture.record_contribution")
    go = _hold(room)
    for text in ("Una", "Dues", "Tres"):
        room.desktop.type(text)
        room.desktop.press("Return")
    room.desktop.type("i quatre")
    go()
    room.desktop.settle()
    assert room.text == "Una\nDues\nTres\ni quatre"


def _hold(room: Room) -> Callable[[], None]:
    import threading

    event = threading.Event()
    room.desktop.window.session.writer.do(lambda _: event.wait())
    return event.set


def test_what_is_refused_when_another_workshop_is_shown_waits_in_its_own(room: Room, broken: Broken) -> None:
    mine = room.screen.record
    mend = broken("capture.record_contribution", StoreBusy("store-busy", path="x"))
    go = _hold(room)
    room.desktop.type("D'aquest taller")
    room.desktop.press("Return")
    room.desktop.window.go("workshop", workshop=_another(room, go))
    room.desktop.settle()
    assert room.text == "", "not in the other one's line"
    assert room.desktop.message
    mend()
    room.desktop.go("workshop", workshop=mine)
    assert room.text == "D'aquest taller"
    room.desktop.press("Return")
    assert room.said == ["D'aquest taller"]


def _another(room: Room, go: Callable[[], None]) -> str:
    found: list[str] = []
    room.desktop.window.session.read(
        lambda reading: next(row.record for row in reading.workshops() if row.record != room.screen.record),
        found.append,
    )
    room.desktop.until(lambda: bool(found))
    go()
    return found[0]


def test_an_own_mistake_gives_the_text_back_too(room: Room, qtbot: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pessdesk.application.capture.record_contribution", lambda *_: 1 // 0)
    room.desktop.type("No es perd")
    with room.desktop.qtbot.captureExceptions() as raised:
        room.desktop.press("Return")
        room.desktop.settle()
    assert len(raised) == 1
    assert room.text == "No es perd\n"


# Any text


@pytest.mark.parametrize(
    "said",
    [
        "l·l ŀl col·legi", "مرحبا بكم في الورشة", "שלום", "👩‍👩‍👧 família", "中文", "<b>negreta</b> & <script>", "{nom} %s",
        "a\u00a0b\u202fc", "\u201ccometes\u201d «llatines»", "à\u0300 combinat", "\u200f\u200eDirecció",
    ],
)  # fmt: skip
def test_every_script_is_kept_letter_by_letter(room: Room, said: str) -> None:
    room.line.text.setPlainText(said)
    room.desktop.press("Return")
    assert room.newest.text == said
    assert room.look_at().text.words() == said


def test_a_million_letters_pasted_are_refused_and_not_lost(room: Room) -> None:
    """Cut into lines or in one: the line goes on answering, and what was pasted is there to be split."""
    million = "paraula " * 125_000
    paste(room, million)
    assert len(room.text) == len(million)
    room.desktop.press("Return")
    room.desktop.settle()
    assert "1000000" in room.line.wrong.text().replace(".", "")
    assert room.line.text.words() == million + "\n"
    room.desktop.press("Ctrl+A")
    room.desktop.type("curt")
    room.desktop.press("Return")
    assert room.said == ["curt"]


def test_the_work_per_key_does_not_grow_with_what_was_said(room: Room) -> None:
    """A key repaints the line, not the list."""
    room.say(*(f"Aportació {number}" for number in range(5)))
    painted: list[int] = []
    delegate = room.screen.list.itemDelegate()
    original = type(delegate).paint
    try:
        type(delegate).paint = lambda *given: (painted.append(1), original(*given))[1]  # type: ignore[method-assign]
        QApplication.processEvents()
        painted.clear()
        room.desktop.type("Una frase sencera")
        QApplication.processEvents()
    finally:
        type(delegate).paint = original  # type: ignore[method-assign]
    assert painted == []


# Drafts, files


def test_an_unfinished_text_is_kept_soon_and_let_go_with_enter(room: Room) -> None:
    room.desktop.type("A mitg")
    room.desktop.until(lambda: not room.screen.draft.waits)
    assert room.draft() == "A mitg"
    room.desktop.type("es, i acabat")
    room.desktop.press("Return")
    assert room.newest.text == "A mitges, i acabat"
    assert room.draft() == ""


def test_leaving_the_line_keeps_it_at_once(room: Room) -> None:
    room.desktop.type("A mitges")
    room.screen.search.setFocus()
    QApplication.processEvents()
    assert room.draft() == "A mitges"


def test_a_draft_that_is_cleared_is_no_draft(room: Room) -> None:
    room.desktop.type("A mitges")
    room.desktop.until(lambda: not room.screen.draft.waits)
    room.desktop.press("Escape")
    room.desktop.until(lambda: not room.screen.draft.waits)
    assert room.draft() == ""


def test_each_workshop_has_its_own_draft(room: Room) -> None:
    mine = room.screen.record
    room.desktop.type("Aquí")
    other = _another(room, lambda: None)
    room.desktop.go("workshop", workshop=other)
    assert room.text == ""
    room.desktop.type("Allà")
    room.desktop.go("workshop", workshop=mine)
    assert room.text == "Aquí"
    room.desktop.go("workshop", workshop=other)
    assert room.text == "Allà"


def test_there_and_back_before_the_disk_has_the_draft(room: Room) -> None:
    mine, other = room.screen.record, _another(room, lambda: None)
    go = _hold(room)
    room.desktop.type("Encara no és al disc")
    window = room.desktop.window
    for workshop in (other, mine):
        window.go("workshop", workshop=workshop)
        room.desktop.until(lambda: not window.session.reader.busy)
    assert room.text == "Encara no és al disc"
    go()


def test_a_draft_that_cannot_be_kept_is_not_called_saved(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    from pessdesk.domain.errors import WorldUnkind
    from pessdesk.storage.unit import Unit

    def full(*_: object) -> None:
        raise WorldUnkind("disk-full", path="/data", reason="")

    monkeypatch.setattr(Unit, "set_setting", full)
    room.desktop.type("A mitges")
    room.desktop.until(lambda: not room.screen.draft.waits)
    room.desktop.settle()
    assert "Sense desar" in room.desktop.window.top.safety.text()
    assert room.text == "A mitges"


def test_a_file_is_not_taken_for_words(room: Room, tmp_path: Path) -> None:
    photo = tmp_path / "mural.png"
    photo.write_bytes(b"\x89PNG")
    room.drop(room.line.text, files(photo))
    assert room.text == ""
    QGuiApplication.clipboard().setMimeData(files(photo))
    room.desktop.press("Ctrl+V", room.line.text)
    assert room.text == ""
