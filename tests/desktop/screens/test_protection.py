"""Protecting the data, with the recovery key tried at once; changing what opens them; taking the protection off."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from pessdesk.bootstrap import Program
from pessdesk.desktop.screens.protection import ProtectionScreen, Step
from pessdesk.desktop.screens.today import TodayScreen
from pessdesk.desktop.screens.unlock import UnlockScreen
from pessdesk.domain.errors import StoreLocked, WorldUnkind
from tests.desktop.conftest import Desktop
from tests.desktop.keys import PASSPHRASE, FakeKeychain, protect, unlock

OpenDesktop = Callable[[Path], Desktop]


@pytest.fixture(autouse=True)
def keychain(program: Program, monkeypatch: pytest.MonkeyPatch) -> FakeKeychain:
    fake = FakeKeychain()
    monkeypatch.setattr(program, "_given_keychain", fake)
    return fake


@pytest.fixture
def steps(desktop: Desktop) -> ProtectionScreen:
    desktop.go("protection")
    return desktop.screen(ProtectionScreen)


def _choose_passphrase(desktop: Desktop, screen: ProtectionScreen, first: str, again: str) -> None:
    desktop.click(screen.ways["passphrase"])
    screen.new.first.setFocus()
    desktop.type(first)
    desktop.press("Return")
    assert desktop.focus is screen.new.again.line
    desktop.type(again)
    desktop.press("Return")
    desktop.settle()


def test_with_a_passphrase_and_one_group_of_the_recovery_key(
    desktop: Desktop, steps: ProtectionScreen, home: Path, program: Program
) -> None:
    _choose_passphrase(desktop, steps, PASSPHRASE, PASSPHRASE)
    assert steps.step is Step.RECOVERY and program.protection(home).protected
    shown = steps.shown_key.text().split()
    assert len(shown) == 8 and steps.step is Step.RECOVERY
    assert not program.protection(home).recovery_tried
    steps.typed.setFocus()
    desktop.type(shown[steps.group % 8])
    desktop.press("Return")
    desktop.settle()
    assert steps.step is Step.RECOVERY and steps.typed.wrong.isVisible(), "another group is not the one"
    desktop.type(shown[steps.group - 1].lower())
    desktop.press("Return")
    desktop.settle()
    assert steps.step is Step.STATE and program.protection(home).recovery_tried
    assert "protegides" in steps.heading.text() and not steps.key
    Program(FakeKeychain()).unlock(home, "-".join(shown))
    assert desktop.window.gate.can_lock and desktop.window.session.writer is not None
    desktop.window.close()
    assert not (home / "store.db").read_bytes().startswith(b"SQLite format 3")


def test_the_workshop_goes_on_after_it(desktop: Desktop, steps: ProtectionScreen, workshop: str) -> None:
    _choose_passphrase(desktop, steps, PASSPHRASE, PASSPHRASE)
    screen = desktop.go("workshop", workshop=workshop)
    desktop.type("Després de protegir")
    desktop.press("Return")
    desktop.settle()
    assert [row.text for row in screen.model.rows] == ["Després de protegir"]


@pytest.mark.parametrize(
    ("first", "again", "said"), [("curta", "curta", "10"), (PASSPHRASE, "una altra ben llarga", "iguals")]
)
def test_what_is_no_passphrase_is_said_beside_it(
    desktop: Desktop, steps: ProtectionScreen, home: Path, program: Program, first: str, again: str, said: str
) -> None:
    _choose_passphrase(desktop, steps, first, again)
    assert said in steps.new.first.wrong.text() + steps.new.again.wrong.text()
    assert steps.step is Step.CHOOSE and not program.protection(home).protected


def test_how_good_a_passphrase_is_stands_below_it(desktop: Desktop, steps: ProtectionScreen) -> None:
    desktop.click(steps.ways["passphrase"])
    said = []
    for words in ("", "curta", "una mica més", "tres paraules bones", "quatre paraules ben triades"):
        steps.new.first.line.setText(words)
        said.append(steps.new.first.hint.text())
    assert len(set(said)) == 5


def test_with_the_keychain(desktop: Desktop, steps: ProtectionScreen, home: Path, keychain: FakeKeychain) -> None:
    desktop.click(steps.ways["keychain"])
    assert not steps.new.isVisible()
    desktop.click(steps.go_on)
    assert steps.step is Step.RECOVERY and len(keychain.entries) == 1
    desktop.window.close()


def test_without_a_keychain_it_is_not_offered(desktop: Desktop, keychain: FakeKeychain) -> None:
    keychain.there = False
    desktop.go("protection")
    screen = desktop.screen(ProtectionScreen)
    assert not screen.ways["keychain"].isVisible() and screen.new.first.isVisible()


def test_the_sheet_is_saved(
    desktop: Desktop, steps: ProtectionScreen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "full.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    _choose_passphrase(desktop, steps, PASSPHRASE, PASSPHRASE)
    desktop.click(steps.sheet)
    assert target.read_bytes().startswith(b"%PDF-") and target.name in desktop.message
    assert desktop.focus is steps.typed.line


def test_a_full_disk_leaves_everything_as_it_was(
    desktop: Desktop, steps: ProtectionScreen, home: Path, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise WorldUnkind("disk-full", path=str(home), reason="")

    with monkeypatch.context() as broken:
        broken.setattr("pessdesk.storage.protection.put_under", full)
        _choose_passphrase(desktop, steps, PASSPHRASE, PASSPHRASE)
    assert "disc és ple" in steps.wrong.text() and steps.wrong.isVisible() and steps.step is Step.CHOOSE
    assert not program.protection(home).protected
    desktop.go("today")
    desktop.screen(TodayScreen)
    assert desktop.message == ""


@pytest.fixture
def protected(open_desktop: OpenDesktop, home: Path) -> tuple[Desktop, ProtectionScreen, str]:
    recovery = protect(home)
    desktop = open_desktop(home)
    unlock(desktop)
    desktop.go("protection")
    return desktop, desktop.screen(ProtectionScreen), recovery


def test_a_key_that_was_never_tried_is_tried_later(protected: tuple[Desktop, ProtectionScreen, str]) -> None:
    desktop, screen, recovery = protected
    assert screen.warn.isVisible()
    desktop.click(screen.try_it)
    assert desktop.focus is screen.typed.line and not screen.key_panel.isVisible()
    desktop.type(recovery.split("-")[screen.group - 1])
    desktop.press("Return")
    desktop.settle()
    assert screen.step is Step.STATE and not screen.warn.isVisible()


def test_another_passphrase(protected: tuple[Desktop, ProtectionScreen, str], home: Path) -> None:
    desktop, screen, recovery = protected
    desktop.click(screen.change)
    assert desktop.focus is screen.secret.line
    desktop.type("no és aquesta, no")
    desktop.press("Return")
    for _ in range(2):
        desktop.type("la contrasenya nova")
        desktop.press("Return")
    desktop.settle()
    assert screen.secret.wrong.isVisible() and screen.step is Step.CHANGE
    screen.secret.line.setText(PASSPHRASE)
    desktop.click(screen.go_on)
    assert screen.step is Step.STATE
    with pytest.raises(StoreLocked):
        Program(FakeKeychain()).unlock(home, PASSPHRASE)
    for secret in ("la contrasenya nova", recovery):
        Program(FakeKeychain()).unlock(home, secret)


def test_another_recovery_key(protected: tuple[Desktop, ProtectionScreen, str], home: Path) -> None:
    desktop, screen, recovery = protected
    desktop.click(screen.renew)
    desktop.type(PASSPHRASE)
    desktop.press("Return")
    desktop.settle()
    assert screen.step is Step.RECOVERY
    Program(FakeKeychain()).unlock(home, screen.key)
    with pytest.raises(StoreLocked):
        Program(FakeKeychain()).unlock(home, recovery)


def test_taken_off_by_who_knows_the_secret(
    protected: tuple[Desktop, ProtectionScreen, str], home: Path, program: Program
) -> None:
    desktop, screen, recovery = protected
    desktop.click(screen.remove)
    assert "pot llegir" in screen.about.text() or "podrà llegir" in screen.about.text()
    desktop.press("Return")
    desktop.settle()
    assert screen.secret.wrong.isVisible() and program.protection(home).protected
    screen.secret.line.setText(recovery)
    desktop.press("Return")
    desktop.settle()
    assert screen.step is Step.CHOOSE and not program.protection(home).protected
    assert not desktop.window.gate.can_lock
    desktop.go("today")
    desktop.screen(TodayScreen)
    desktop.window.close()
    assert (home / "store.db").read_bytes().startswith(b"SQLite format 3")


def test_cancel_goes_back_and_forgets_what_was_typed(protected: tuple[Desktop, ProtectionScreen, str]) -> None:
    desktop, screen, _ = protected
    desktop.click(screen.remove)
    desktop.type(PASSPHRASE)
    desktop.click(screen.stop)
    assert screen.step is Step.STATE and screen.secret.text == ""


def test_lock_now(protected: tuple[Desktop, ProtectionScreen, str]) -> None:
    desktop, screen, _ = protected
    desktop.click(screen.lock)
    desktop.screen(UnlockScreen)
    unlock(desktop)
    desktop.screen(ProtectionScreen)
