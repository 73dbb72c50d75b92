"""Pairing by the window: a card is given away, and another's is trusted once its fingerprint has been heard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QFileDialog, QLabel

from pessdesk.bootstrap import Program
from pessdesk.desktop.screens.laptops import LaptopsScreen
from pessdesk.desktop.screens.today import TodayScreen
from tests.desktop.conftest import Desktop, Laptop


@pytest.fixture
def cards(tmp_path: Path) -> dict[str, Path]:
    """The cards of two laptops that nobody knows here."""
    made = {}
    for name in ("Solsona", "Berga"):
        made[name] = tmp_path / f"{name}.pem"
        Laptop(tmp_path / name).ok("device", "card", "--label", name, "--to", made[name])
    return made


@pytest.fixture
def screen(desktop: Desktop) -> LaptopsScreen:
    shown: LaptopsScreen = desktop.go("laptops")
    return shown


def fingerprint(card: Path) -> str:
    return Program().fingerprint(Program().read_card(card).device)


def known(screen: LaptopsScreen) -> list[str]:
    return [label.text() for label in screen.known.findChildren(QLabel) if label.isVisible()]


def test_this_laptops_fingerprint_stands_large_and_can_be_read_aloud(screen: LaptopsScreen, home: Path) -> None:
    own = Program().fingerprint(Program().own_card(home).device)
    assert screen.own_fingerprint.text() == own
    assert screen.own_fingerprint.property("role") == "fingerprint"
    assert screen.own_heading.text() == "Aquest portàtil: Portàtil 1"
    assert own in screen.own_fingerprint.accessibleName()
    assert known(screen)[0] == "Oficina", "the office, known since its programme was opened"


def test_the_card_is_saved_for_others(
    screen: LaptopsScreen, desktop: Desktop, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered: list[str] = []

    def where(_: Any, __: str, usual: str, ___: str) -> tuple[str, str]:
        offered.append(Path(usual).name)
        return str(tmp_path / "card.pem"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", where)
    desktop.click(screen.save)
    assert offered == ["Portàtil-1.pem"]
    assert Program().read_card(tmp_path / "card.pem").device == Program().own_card(home).device
    assert str(tmp_path / "card.pem") in screen.said.text()
    screen.save_card(tmp_path / "nowhere" / "card.pem")
    desktop.settle()
    assert screen.wrong.text().startswith(f"La carpeta {tmp_path / 'nowhere' / 'card.pem'} no hi és.")
    assert not screen.said.isVisible()


def test_a_card_is_trusted_with_the_keyboard_alone(
    screen: LaptopsScreen, desktop: Desktop, cards: dict[str, Path], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(cards["Solsona"])], ""))
    assert desktop.focus is screen.add
    desktop.press("Space")
    desktop.settle()
    assert screen.panel.shown.text() == fingerprint(cards["Solsona"])
    assert desktop.focus is screen.panel.typed
    desktop.press("Return")
    desktop.settle()
    assert screen.panel.isVisible(), "nothing was typed yet"
    desktop.type(fingerprint(cards["Solsona"]).lower())
    assert screen.panel.fits.text() == "Coincideix tota."
    desktop.press("Return")
    desktop.settle()
    assert screen.said.text() == "S'hi confia a partir d'ara: Solsona"
    assert known(screen)[::2] == ["Oficina", "Solsona"]
    assert desktop.focus is screen.add
    desktop.window.close()
    with Program().desk(home, write=False) as desk, desk.store.read() as unit:
        acts = [act["action"] for act in unit.acts()]  # type: ignore[attr-defined]
    assert "card-trusted" in acts


def test_a_wrong_fingerprint_is_not_trusted(screen: LaptopsScreen, desktop: Desktop, cards: dict[str, Path]) -> None:
    screen.read([cards["Solsona"]])
    desktop.settle()
    right = fingerprint(cards["Solsona"])
    desktop.type(right[:4])
    assert not screen.panel.wrong.isVisible(), "half a group is not wrong yet"
    assert screen.panel.fits.text() == "Coincideixen 0 grups de 4."
    desktop.type("G")
    heard = f"{right[:4]}G"
    said = f"{cards['Solsona']} és la targeta {right}, no {heard}. No hi confieu; torneu-ho a preguntar per telèfon."
    assert screen.panel.wrong.text() == said
    assert screen.panel.typed.accessibleDescription() == said
    desktop.press("Return")
    desktop.settle()
    assert known(screen)[::2] == ["Oficina"]
    desktop.press("Escape")
    assert screen.panel.isHidden()
    assert known(screen)[::2] == ["Oficina"]


def test_the_first_group_is_enough(screen: LaptopsScreen, desktop: Desktop, cards: dict[str, Path]) -> None:
    screen.read([cards["Solsona"]])
    desktop.settle()
    desktop.type(fingerprint(cards["Solsona"])[:5])
    assert screen.panel.fits.text() == "Coincideix 1 grup de 4."
    desktop.click(screen.panel.yes)
    assert known(screen)[::2] == ["Oficina", "Solsona"]


def test_several_cards_come_one_after_the_other(
    desktop: Desktop, cards: dict[str, Path], home: Path, tmp_path: Path
) -> None:
    """Dropped anywhere; what needs no decision is said, what is no card too."""
    own = tmp_path / "own.pem"
    Program().save_card(home, own)
    rubbish = tmp_path / "rubbish.pem"
    rubbish.write_text("no és cap targeta", encoding="utf-8")
    assert desktop.screen(TodayScreen)
    desktop.window.receive([cards["Solsona"], cards["Berga"], own, rubbish, cards["Solsona"]])
    screen = desktop.screen(LaptopsScreen)
    for name in ("Solsona", "Berga"):
        assert screen.panel.heading.text() == f"La targeta de «{name}»"
        screen.panel.typed.setText(fingerprint(cards[name]))
        desktop.click(screen.panel.yes)
    assert screen.panel.isHidden()
    assert screen.waiting == []
    assert screen.said.text() == "Ja s'hi confiava: Solsona"
    assert screen.wrong.text() == f"{rubbish} no és la targeta d'un portàtil (un certificat en PEM o DER)."
    assert known(screen)[::2] == ["Berga", "Oficina", "Solsona"]


def test_the_own_card_is_for_the_others(screen: LaptopsScreen, desktop: Desktop, home: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.pem"
    Program().save_card(home, own)
    assert screen.take_files([own])
    desktop.settle()
    assert screen.panel.isHidden()
    assert screen.said.text() == "Aquesta és la targeta d'aquest mateix portàtil: és per als altres."
    assert not screen.take_files([tmp_path / "bundle.asice"]), "bundles are looked at elsewhere"


def test_who_knows_nobody_is_told_what_to_do(open_desktop: Callable[[Path], Desktop], tmp_path: Path) -> None:
    Laptop(tmp_path / "new").ok("device", "card", "--label", "Taula nova")
    screen: LaptopsScreen = open_desktop(tmp_path / "new").go("laptops")
    assert screen.none.isVisible()
    assert not screen.known.isVisible()


def test_the_rehearsal_has_nobody_to_pair_with(desktop: Desktop, cards: dict[str, Path]) -> None:
    desktop.window.rehearse()
    desktop.settle()
    desktop.window.receive([cards["Solsona"]])
    screen = desktop.screen(LaptopsScreen)
    assert screen.rehearsing.isVisible()
    assert not screen.real.isVisible()
    assert desktop.focus is screen.leave_it
    desktop.press("Space")
    assert desktop.screen(TodayScreen)
