"""Locking: what is unfinished is kept, nothing of the store stays, and one comes back to where one was."""

from __future__ import annotations

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
