"""What Today says of the laptop's safety: nothing before there is anything to lose, and nothing once all is well."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton

from pessdesk.bootstrap import Program
from pessdesk.desktop.screens.protection import ProtectionScreen
from tests.desktop.conftest import Desktop, Laptop
from tests.desktop.keys import FakeKeychain, protect, unlock
from tests.desktop.looking import texts

OpenDesktop = Callable[[Path], Desktop]


@pytest.fixture(autouse=True)
def keychain(program: Program, monkeypatch: pytest.MonkeyPatch) -> FakeKeychain:
    fake = FakeKeychain()
    monkeypatch.setattr(program, "_given_keychain", fake)
    return fake


@pytest.fixture
def used(home: Path, tmp_path: Path) -> Iterator[Path]:
    """A laptop with a first real contribution."""
    Laptop(home).record(tmp_path / "x.csv", "La primera")
    yield home


def said(desktop: Desktop) -> str:
    desktop.settle()
    return "\n".join(words for _, what, words in texts(desktop.window) if what == "text")


def button(desktop: Desktop, words: str) -> QPushButton:
    return next(b for b in desktop.window.findChildren(QPushButton) if b.isVisible() and b.text() == words)


def test_before_the_first_contribution_nobody_is_bothered(desktop: Desktop) -> None:
    assert "Protegeix" not in said(desktop) and "còpia" not in said(desktop).lower()


def test_after_it_protection_is_offered_until_it_is_there(open_desktop: OpenDesktop, used: Path) -> None:
    desktop = open_desktop(used)
    assert "Si aquest portàtil es perd" in said(desktop)
    desktop.click(button(desktop, "Protegeix"))
    desktop.screen(ProtectionScreen)
    desktop.window.close()
    protect(used)
    again = open_desktop(used)
    unlock(again)
    assert "Si aquest portàtil es perd" not in said(again)
    assert "no s'ha provat mai" in said(again)
    Program(FakeKeychain()).recovery_was_tried(used)
    again.go("workshops")
    again.go("today")
    assert "no s'ha provat mai" not in said(again)


def test_the_reminder_can_be_put_away_for_good(open_desktop: OpenDesktop, used: Path) -> None:
    desktop = open_desktop(used)
    said(desktop)
    desktop.click(button(desktop, "No m'ho recordis més"))
    assert "Si aquest portàtil es perd" not in said(desktop)
    desktop.window.close()
    assert "Si aquest portàtil es perd" not in said(open_desktop(used))


def test_a_backup_of_last_month_is_mentioned_until_there_is_a_new_one(
    open_desktop: OpenDesktop, used: Path, tmp_path: Path, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = time.time_ns
    with monkeypatch.context() as past:
        past.setattr(time, "time_ns", lambda: real() - 30 * 86_400 * 10**9)
        assert Program().back_up(used) is not None
    Laptop(used).record(tmp_path / "y.csv", "La segona")
    desktop = open_desktop(used)
    assert "Última còpia:" in said(desktop)
    desktop.window.gate.keeper.soon.timeout.emit()
    desktop.until(lambda: not desktop.window.gate.keeper.busy)
    assert "Última còpia:" not in said(desktop)


def test_an_old_backup_of_what_has_not_changed_is_as_good_as_new(
    open_desktop: OpenDesktop, used: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = time.time_ns
    with monkeypatch.context() as past:
        past.setattr(time, "time_ns", lambda: real() - 30 * 86_400 * 10**9)
        assert Program().back_up(used) is not None
    desktop = open_desktop(used)
    desktop.window.gate.keeper.soon.timeout.emit()
    desktop.until(lambda: not desktop.window.gate.keeper.busy)
    assert "Última còpia:" not in said(desktop)


def test_nothing_of_it_in_the_rehearsal(open_desktop: OpenDesktop, used: Path) -> None:
    desktop = open_desktop(used)
    desktop.window.rehearse()
    desktop.settle()
    desktop.go("today")
    assert "Si aquest portàtil es perd" not in said(desktop)
