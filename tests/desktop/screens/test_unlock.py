"""A protected store at the start: nothing of it is shown or asked before it is open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit

from pessdesk.bootstrap import Program
from pessdesk.desktop.screens.help import HelpScreen
from pessdesk.desktop.screens.receive import ReceiveScreen
from pessdesk.desktop.screens.today import TodayScreen
from pessdesk.desktop.screens.unlock import Ask, UnlockScreen
from pessdesk.domain.errors import StoreLocked
from tests.desktop.conftest import Desktop
from tests.desktop.keys import PASSPHRASE, FakeKeychain, protect, unlock
from tests.desktop.lived import Lived
from tests.desktop.looking import texts

OpenDesktop = Callable[[Path], Desktop]


@pytest.fixture(autouse=True)
def keychain(program: Program, monkeypatch: pytest.MonkeyPatch) -> FakeKeychain:
    fake = FakeKeychain()
    monkeypatch.setattr(program, "_given_keychain", fake)
    return fake


def test_passphrase_enter_and_the_day_is_there(open_desktop: OpenDesktop, home: Path) -> None:
    protect(home)
    desktop = open_desktop(home)
    screen = desktop.screen(UnlockScreen)
    assert desktop.focus is screen.passphrase.line
    assert not desktop.window.sidebar.isVisible() and not desktop.window.top.isVisible()
    assert not any("Taller obert" in words for _, _, words in texts(desktop.window))
    unlock(desktop)
    desktop.screen(TodayScreen)
    assert desktop.window.sidebar.isVisible() and desktop.message == ""
    assert any("Taller obert" in words for _, _, words in texts(desktop.window))


def test_a_wrong_passphrase_is_a_sentence_and_the_next_key_begins_anew(open_desktop: OpenDesktop, home: Path) -> None:
    protect(home)
    desktop = open_desktop(home)
    screen = desktop.screen(UnlockScreen)
    unlock(desktop, "una altra cosa ben llarga")
    assert screen.passphrase.wrong.isVisible() and "majúscules" in screen.passphrase.wrong.text()
    assert desktop.focus is screen.passphrase.line
    assert screen.passphrase.line.selectedText() == "una altra cosa ben llarga"
    assert desktop.message == ""
    unlock(desktop)
    desktop.screen(TodayScreen)


def test_nothing_can_be_reached_past_the_page(open_desktop: OpenDesktop, home: Path) -> None:
    protect(home)
    desktop = open_desktop(home)
    screen = desktop.screen(UnlockScreen)
    for keys in ("Ctrl+K", "Ctrl+N", "Alt+1", "Alt+2", "Ctrl+,", "Ctrl+F", "Ctrl+Z"):
        desktop.press(keys)
        desktop.settle()
        assert desktop.window.screen_now is screen, keys
    assert desktop.message == ""
    desktop.press("F1")
    desktop.screen(HelpScreen)
    desktop.press("Alt+Left")
    assert desktop.screen(UnlockScreen).passphrase.line.hasFocus()


def test_files_wait_until_it_is_open(open_desktop: OpenDesktop, lived: Lived) -> None:
    protect(lived.folder)
    desktop = open_desktop(lived.folder)
    desktop.window.receive([lived.bundle])
    desktop.window.take_dropped([lived.bundle])
    desktop.screen(UnlockScreen)
    unlock(desktop)
    screen = desktop.screen(ReceiveScreen)
    assert len(screen.model.rows) == 1


def test_show_and_hide_and_caps_lock(open_desktop: OpenDesktop, home: Path) -> None:
    protect(home)
    desktop = open_desktop(home)
    field = desktop.screen(UnlockScreen).passphrase
    desktop.type("secret")
    assert field.line.echoMode() == QLineEdit.EchoMode.Password and not field.caps.isVisible()
    desktop.press("Space", field.look)
    assert field.line.echoMode() == QLineEdit.EchoMode.Normal
    desktop.press("Space", field.look)
    assert field.line.echoMode() == QLineEdit.EchoMode.Password
    for text, shift, warned in (("A", False, True), ("a", True, True), ("A", True, False), ("a", False, False)):
        held = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(field.line, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, held, text))
        assert field.caps.isVisible() is warned, (text, shift)


def test_the_recovery_key_opens_it_and_a_new_passphrase_is_chosen(open_desktop: OpenDesktop, home: Path) -> None:
    recovery = protect(home)
    desktop = open_desktop(home)
    screen = desktop.screen(UnlockScreen)
    desktop.click(screen.other)
    assert desktop.focus is screen.recovery.line
    desktop.type(recovery.lower().replace("-", ""))
    assert screen.recovery.line.text() == recovery and "correctes" in screen.recovery.hint.text()
    desktop.press("Return")
    desktop.settle()
    assert screen.ask is Ask.NEW and desktop.focus is screen.new.first.line
    desktop.type("una contrasenya nova")
    desktop.press("Return")
    desktop.type("una contrasenya nova")
    desktop.press("Return")
    desktop.settle()
    desktop.screen(TodayScreen)
    desktop.window.close()
    for secret in ("una contrasenya nova", recovery):
        Program(FakeKeychain()).unlock(home, secret)
    with pytest.raises(StoreLocked):
        Program(FakeKeychain()).unlock(home, PASSPHRASE)


def test_a_mistyped_group_is_named_while_it_is_typed(open_desktop: OpenDesktop, home: Path) -> None:
    groups = protect(home).split("-")
    desktop = open_desktop(home)
    screen = desktop.screen(UnlockScreen)
    desktop.click(screen.other)
    wrong = groups[1][:-1] + ("0" if groups[1][-1] != "0" else "1")
    desktop.type(groups[0] + wrong)
    assert "grup 2" in screen.recovery.hint.text().lower()
    for _ in range(5):
        desktop.press("Backspace")
    desktop.type(groups[1])
    assert "grup 2" in screen.recovery.hint.text().lower() and "mal escrit" not in screen.recovery.hint.text()
    screen.recovery.line.setText("-".join([groups[0], wrong, *groups[2:]]))
    desktop.press("Return")
    desktop.settle()
    assert "grup 2" in screen.recovery.wrong.text().lower() or "grup 2" in screen.recovery.hint.text().lower()
    assert screen.ask is Ask.RECOVERY


def test_the_keychain_opens_without_a_question(open_desktop: OpenDesktop, home: Path, keychain: FakeKeychain) -> None:
    protect(home, "keychain", keychain)
    desktop = open_desktop(home)
    desktop.screen(TodayScreen)
    assert not desktop.window.gate.can_lock


def test_a_keychain_that_does_not_answer_leaves_the_recovery_key(
    open_desktop: OpenDesktop, home: Path, keychain: FakeKeychain
) -> None:
    recovery = protect(home, "keychain", keychain)
    keychain.entries.clear()
    desktop = open_desktop(home)
    screen = desktop.screen(UnlockScreen)
    assert screen.ask is Ask.RECOVERY and desktop.focus is screen.recovery.line and not screen.other.isVisible()
    assert "clauer" in screen.about.text()
    screen.recovery.line.setText(recovery)
    desktop.press("Return")
    desktop.settle()
    desktop.click(screen.to_keychain)
    desktop.screen(TodayScreen)
    desktop.window.close()
    open_desktop(home).screen(TodayScreen)


def test_help_in_between_does_not_ask_for_the_recovery_key_again(open_desktop: OpenDesktop, home: Path) -> None:
    recovery = protect(home)
    desktop = open_desktop(home)
    screen = desktop.screen(UnlockScreen)
    desktop.click(screen.other)
    desktop.type(recovery)
    desktop.press("Return")
    desktop.settle()
    desktop.press("F1")
    desktop.settle()
    desktop.press("Alt+Left")
    desktop.settle()
    assert desktop.focus is screen.new.first.line
