"""Safety as a person meets it, from beginning to end, with the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from pessdesk.bootstrap import Program
from pessdesk.desktop.palette import Palette
from pessdesk.desktop.screens.backups import BackupsScreen
from pessdesk.desktop.screens.protection import ProtectionScreen, Step
from pessdesk.desktop.screens.rescue import RescueScreen
from pessdesk.desktop.screens.today import TodayScreen
from pessdesk.desktop.screens.unlock import UnlockScreen
from pessdesk.desktop.screens.workshop import WorkshopScreen
from tests.desktop.conftest import Desktop
from tests.desktop.keys import PASSPHRASE, FakeKeychain
from tests.desktop.screens.test_rescue import damage

OpenDesktop = Callable[[Path], Desktop]


@pytest.fixture(autouse=True)
def keychain(program: Program, monkeypatch: pytest.MonkeyPatch) -> FakeKeychain:
    fake = FakeKeychain()
    monkeypatch.setattr(program, "_given_keychain", fake)
    return fake


def command(desktop: Desktop, words: str) -> None:
    """Ctrl+K, some letters, Enter."""
    desktop.press("Ctrl+K")
    palette = next(w for w in QApplication.topLevelWidgets() if isinstance(w, Palette) and w.isVisible())
    desktop.type(words, palette.field)
    desktop.press("Return", palette.field)
    desktop.settle()


def tab_to(desktop: Desktop, widget: QWidget) -> None:
    for _ in range(60):
        if desktop.focus is widget:
            return
        desktop.press("Tab")
    raise AssertionError(f"Tab does not reach {widget.accessibleName()}")


def contribute(desktop: Desktop, words: str) -> None:
    desktop.type(words)
    desktop.press("Return")
    desktop.settle()


def test_protect_try_the_key_lock_and_come_back(desktop: Desktop, home: Path, workshop: str) -> None:
    desktop.go("workshop", workshop=workshop)
    contribute(desktop, "La primera de veritat")
    command(desktop, "protecci")
    screen = desktop.screen(ProtectionScreen)
    assert desktop.focus is screen.ways["passphrase"]
    tab_to(desktop, screen.new.first.line)
    desktop.type(PASSPHRASE)
    desktop.press("Return")
    desktop.type(PASSPHRASE)
    desktop.press("Return")
    desktop.settle()
    assert screen.step is Step.RECOVERY
    key = screen.shown_key.text().split()
    tab_to(desktop, screen.typed.line)
    desktop.type(key[screen.group - 1].lower())
    desktop.press("Return")
    desktop.settle()
    assert screen.step is Step.STATE

    desktop.go("workshop", workshop=workshop)
    desktop.type("I encara una altra co")
    desktop.press("Ctrl+Shift+L")
    desktop.settle()
    page = desktop.screen(UnlockScreen)
    desktop.type("no era aquesta pas")
    desktop.press("Return")
    desktop.settle()
    assert page.passphrase.wrong.isVisible()
    desktop.type(PASSPHRASE)
    desktop.press("Return")
    desktop.settle()
    back = desktop.screen(WorkshopScreen)
    assert back.line.text.toPlainText() == "I encara una altra co"
    contribute(desktop, "sa")
    assert [row.text for row in back.model.rows] == ["I encara una altra cosa", "La primera de veritat"]
    desktop.window.close()
    for path in home.rglob("*"):
        if path.is_file():
            assert b"La primera de veritat" not in path.read_bytes(), path


@pytest.mark.parametrize("protected", [False, True])
def test_backup_damage_rescue_and_everything_is_there(
    open_desktop: OpenDesktop, home: Path, workshop: str, protected: bool
) -> None:
    if protected:
        Program(FakeKeychain()).protect(home, "passphrase", PASSPHRASE)
    desktop = open_desktop(home)
    if protected:
        contribute(desktop, PASSPHRASE)
    desktop.go("workshop", workshop=workshop)
    contribute(desktop, "La primera")
    contribute(desktop, "La segona")
    command(desktop, "còpies")
    backups = desktop.screen(BackupsScreen)
    desktop.press("Return")
    desktop.until(lambda: not backups.errand.running)
    desktop.settle()
    assert "està feta" in backups.said.text()
    desktop.window.close()
    damage(home)

    again = open_desktop(home)
    if protected:
        again.screen(UnlockScreen)
        contribute(again, PASSPHRASE)
    page = again.screen(RescueScreen)
    assert again.focus is page.restore
    again.press("Return")
    again.until(lambda: not page.errand.running)
    again.settle()
    assert again.focus is page.go_on
    again.press("Return")
    again.screen(TodayScreen)
    screen = again.go("workshop", workshop=workshop)
    assert [row.text for row in screen.model.rows] == ["La segona", "La primera"]
    contribute(again, "I es continua")
    assert len(screen.model.rows) == 3
