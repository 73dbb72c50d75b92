"""Locking: what is unfinished is kept, nothing of the store stays, and one comes back to where one was."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from pessdesk.bootstrap import Program
from pessdesk.desktop.gate import LOCK_AFTER
from pessdesk.desktop.screens.unlock import UnlockScreen
from pessdesk.desktop.screens.workshop import WorkshopScreen
from pessdesk.domain.errors import StoreLocked, WorldUnkind
from tests.desktop.conftest import Desktop
from tests.desktop.keys import FakeKeychain, protect, unlock
from tests.desktop.looking import texts

OpenDesktop = Callable[[Path], Desktop]


@pytest.fixture(autouse=True)
def keychain(program: Program, monkeypatch: pytest.MonkeyPatch) -> FakeKeychain:
    fake = FakeKeychain()
    monkeypatch.setattr(program, "_given_keychain", fake)
    return fake


@pytest.fixture
def writing(open_desktop: OpenDesktop, home: Path, workshop: str) -> Desktop:
    """In the middle of a sentence, in a protected store."""
    protect(home)
    desktop = open_desktop(home)
    unlock(desktop)
    desktop.go("workshop", workshop=workshop)
    desktop.type("Que el casal obri a l'")
    return desktop


def test_locked_and_opened_again_at_the_same_sentence(writing: Desktop, home: Path, program: Program) -> None:
    writing.press("Ctrl+Shift+L")
    writing.settle()
    screen = writing.screen(UnlockScreen)
    QApplication.processEvents()
    assert not any("casal" in words or "Taller obert" in words for _, _, words in texts(writing.window))
    assert writing.window.findChildren(WorkshopScreen) == []
    assert "Taller" not in writing.window.windowTitle()
    with pytest.raises(StoreLocked):
        program.key(home)
    assert writing.focus is screen.passphrase.line
    unlock(writing)
    back = writing.screen(WorkshopScreen)
    assert back.line.text.toPlainText() == "Que el casal obri a l'"
    writing.type("estiu")
    writing.press("Return")
    writing.settle()
    assert [row.text for row in back.model.rows] == ["Que el casal obri a l'estiu"]


def test_one_goes_back_from_there_as_before(writing: Desktop) -> None:
    writing.window.gate.lock()
    writing.settle()
    unlock(writing)
    writing.press("Alt+Left")
    assert writing.window.screen_now is not None and writing.window.screen_now.name == "today"


def test_it_locks_itself_when_nobody_is_there(writing: Desktop) -> None:
    writing.window.gate.idle.timer.timeout.emit()
    writing.settle()
    writing.screen(UnlockScreen)
    assert not writing.window.gate.idle.timer.isActive()
    unlock(writing)
    assert writing.window.gate.idle.timer.isActive()


def test_a_key_or_the_mouse_begins_the_minutes_anew(writing: Desktop) -> None:
    timer = writing.window.gate.idle.timer
    handle = writing.window.windowHandle()
    assert timer.isActive() and timer.interval() == 10 * 60_000
    for something in (
        lambda: QTest.keyClick(handle, Qt.Key.Key_Shift),
        lambda: QTest.mouseMove(handle, writing.window.rect().center()),
    ):
        timer.stop()
        something()
        QApplication.processEvents()
        assert timer.isActive()


def test_a_laptop_that_slept_is_locked_when_somebody_opens_it(
    writing: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    now = time.time()
    monkeypatch.setattr("pessdesk.desktop.idle.time.time", lambda: now + 3600)
    QTest.keyClick(writing.window.windowHandle(), Qt.Key.Key_Shift)
    writing.settle()
    writing.screen(UnlockScreen)


def test_never_is_a_choice_and_is_remembered(writing: Desktop, home: Path, open_desktop: OpenDesktop) -> None:
    screen = writing.go("protection")
    writing.click(screen.minutes["0"])
    assert not writing.window.gate.idle.timer.isActive()
    writing.click(screen.minutes["5"])
    assert writing.window.gate.idle.timer.interval() == 5 * 60_000
    writing.window.close()
    again = open_desktop(home)
    unlock(again)
    assert again.window.settings.word(LOCK_AFTER) == "5"
    assert again.window.gate.idle.timer.interval() == 5 * 60_000


def test_what_cannot_be_kept_is_not_locked_away(writing: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full: the sentence on the screen is worth more than the lock."""

    def full(*_: object, **__: object) -> None:
        raise WorldUnkind("disk-full", path="x", reason="")

    with monkeypatch.context() as broken:
        broken.setattr("pessdesk.storage.store.Store.write", full)
        writing.window.gate.lock()
        writing.settle()
        screen = writing.screen(WorkshopScreen)
        assert screen.line.text.toPlainText() == "Que el casal obri a l'"
        assert "disc és ple" in writing.message
    writing.window.gate.lock()
    writing.settle()
    writing.screen(UnlockScreen)


def test_the_rehearsal_is_come_back_to(writing: Desktop) -> None:
    writing.window.rehearse()
    writing.settle()
    assert writing.window.session.rehearsal
    writing.window.gate.lock()
    writing.settle()
    writing.screen(UnlockScreen)
    assert not writing.window.session.rehearsal
    unlock(writing)
    writing.screen(WorkshopScreen)
    assert writing.window.session.rehearsal


def test_an_open_store_that_is_not_protected_has_nothing_to_lock(desktop: Desktop) -> None:
    desktop.press("Ctrl+Shift+L")
    desktop.settle()
    assert desktop.window.screen_now is not None and desktop.window.screen_now.name == "today"
    assert all(entry.text != "Bloca" for entry in desktop.window._actions.entries())
    assert not desktop.window.gate.idle.timer.isActive()


def test_the_palette_locks(writing: Desktop) -> None:
    entries = {entry.text: entry for entry in writing.window._actions.entries()}
    entries["Bloca"].do()
    writing.settle()
    writing.screen(UnlockScreen)


def test_a_bundle_that_is_being_written_is_finished_first(writing: Desktop) -> None:
    """Nobody is at the laptop, but something is under way: it locks itself afterwards."""
    import threading

    go_on = threading.Event()
    idle, errands = writing.window.gate.idle, writing.window.session.errands
    errands.do(lambda _: go_on.wait(20))
    idle.timer.stop()
    idle.timer.timeout.emit()
    QApplication.processEvents()
    assert isinstance(writing.window.screen_now, WorkshopScreen) and idle.timer.isActive()
    go_on.set()
    writing.settle()
    idle.timer.timeout.emit()
    writing.settle()
    writing.screen(UnlockScreen)


def test_what_stands_over_the_window_goes_too(writing: Desktop) -> None:
    """The palette lists workshops and contributions."""
    writing.press("Ctrl+K")
    writing.settle()
    writing.window.gate.lock()
    writing.settle()
    writing.screen(UnlockScreen)
    assert [w for w in QApplication.topLevelWidgets() if w.isVisible() and w is not writing.window] == []


def test_closed_while_locked_the_draft_is_there(
    writing: Desktop, home: Path, open_desktop: OpenDesktop, workshop: str
) -> None:
    writing.window.gate.lock()
    writing.settle()
    writing.window.close()
    again = open_desktop(home)
    unlock(again)
    assert again.go("workshop", workshop=workshop).line.text.toPlainText() == "Que el casal obri a l'"


def test_what_is_handed_over_while_the_store_is_changed_waits_and_is_told(desktop: Desktop, home: Path) -> None:
    gate, arrived = desktop.window.gate, home.parent / "one.asice"
    gate.with_store_closed(lambda: None, lambda _: None, lambda _: None)
    desktop.window.receive([arrived])
    assert desktop.window.screen_now is not None and desktop.window.screen_now.name == "today"
    desktop.until(lambda: not gate.under_way)
    desktop.settle()
    assert "fitxers" in desktop.message
    desktop.click(desktop.window.messages.action)
    assert desktop.window.screen_now.name == "receive"


def test_what_is_being_taken_over_is_finished_before_the_store_is_changed(desktop: Desktop) -> None:
    session, told, go_on = desktop.window.session, list[str](), threading.Event()

    def work(_: object) -> None:
        assert go_on.wait(20) and not session.ending

    session.errands.do(work, lambda _: told.append("taken over"), owner=session)
    desktop.window.gate.with_store_closed(
        lambda: None, lambda _: told.append("changed"), lambda problem: told.append(problem.code)
    )
    desktop.window.go("workshops")
    desktop.window.close()
    assert desktop.window.isVisible()
    assert desktop.window.screen_now is not None and desktop.window.screen_now.name == "today"
    go_on.set()
    desktop.until(lambda: not desktop.window.isVisible())
    assert told == ["taken over", "changed"]


def test_undo_is_offered_again_once_the_store_was_changed(desktop: Desktop, workshop: str) -> None:
    """And not where there is nothing to undo."""
    undo = desktop.window.top.undo.defaultAction()
    for expected in (False, True):
        desktop.go("backups")
        desktop.window.gate.with_store_closed(lambda: None, lambda _: None, lambda _: None)
        desktop.until(lambda: not desktop.window.gate.under_way)
        desktop.until(lambda expected=expected: undo.isEnabled() is expected)  # type: ignore[misc]
        desktop.go("workshop", workshop=workshop)
        desktop.type("Que el casal obri")
        desktop.press("Return")
        desktop.settle()


@pytest.mark.parametrize("name", ["protection", "backups"])
def test_what_is_about_the_laptop_is_about_the_real_data_also_from_the_rehearsal(
    desktop: Desktop, home: Path, name: str
) -> None:
    """Else somebody would protect invented words, and believe that the laptop is protected."""
    desktop.window.rehearse()
    desktop.settle()
    assert desktop.window.session.rehearsal
    screen = desktop.go(name)
    assert screen.name == name and screen.session.folder == home
    assert not desktop.window.session.rehearsal
    assert "assaig s'ha acabat" in desktop.message


def test_undo_opens_nothing_while_the_store_is_closed(writing: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that it opened would stand in the way of what is done to the files."""
    writing.press("Return")
    writing.settle()
    writing.go("backups")
    changing, go_on, opened = threading.Event(), threading.Event(), list[Path]()

    def change() -> None:
        changing.set()
        assert go_on.wait(20)

    writing.window.gate.with_store_closed(change, lambda _: None, lambda _: None)
    writing.until(changing.is_set)
    with monkeypatch.context() as watched:
        watched.setattr(Program, "reading", lambda _, folder: opened.append(folder))
        for keys in ("Ctrl+Z", "Ctrl+Shift+Z"):
            writing.press(keys, writing.window)
        assert not writing.window.session.reader.busy and opened == []
    go_on.set()
    writing.until(lambda: not writing.window.gate.under_way)
    writing.settle()
    assert writing.window.top.undo.defaultAction().isEnabled()
    writing.window.gate.lock()
    writing.settle()
    assert not writing.window.top.undo.defaultAction().isEnabled()
