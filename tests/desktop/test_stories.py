"""Whole stories, with the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog

from pessdesk.desktop.palette import Palette
from pessdesk.desktop.screens.first import FirstScreen
from pessdesk.desktop.screens.new import NewWorkshopScreen
from pessdesk.desktop.screens.today import TodayScreen
from pessdesk.desktop.screens.workshop import WorkshopScreen
from tests.desktop.conftest import Desktop, Laptop


def test_first_start_to_a_first_contribution(open_desktop: Callable[[Path], Desktop], tmp_path: Path) -> None:
    """A name, Enter; a sentence, Enter. Then the real thing: a workshop of one's own, a sentence, Enter."""
    desktop = open_desktop(tmp_path / "data")
    desktop.screen(FirstScreen)
    desktop.type("Solsona 1")
    desktop.press("Return")
    desktop.until(lambda: isinstance(desktop.window.screen_now, WorkshopScreen))
    screen = desktop.screen(WorkshopScreen)
    assert desktop.window.session.rehearsal
    before = screen.model.counts().all
    desktop.type("Que hi hagi un banc a la parada del bus")
    desktop.press("Return")
    desktop.settle()
    assert screen.model.counts().all == before + 1
    assert screen.model.row_at(screen.model.index(0)).text == "Que hi hagi un banc a la parada del bus"

    desktop.press("Ctrl+K")
    palette = next(w for w in QApplication.topLevelWidgets() if isinstance(w, Palette) and w.isVisible())
    desktop.type("surt de l'assaig", palette.field)
    desktop.press("Return", palette.field)
    desktop.screen(TodayScreen)
    assert not desktop.window.session.rehearsal
    desktop.press("Ctrl+N")
    desktop.screen(NewWorkshopScreen)
    desktop.type("Taller de veritat")
    desktop.press("Tab")
    desktop.type("seu")
    desktop.press("Return")
    desktop.press("Return")
    desktop.until(lambda: isinstance(desktop.window.screen_now, WorkshopScreen))
    desktop.settle()
    desktop.type("La primera de veritat")
    desktop.press("Return")
    desktop.settle()
    desktop.window.close()
    laptop = Laptop(tmp_path / "data")
    assert laptop.stats["contributions"] == 1
    assert laptop.ok("search", "veritat")[0][0]["text"] == "La primera de veritat"
    assert laptop.ok("check")[0]["ok"]


def test_recorded_to_minutes_on_paper(
    desktop: Desktop, workshop: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "acta.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    desktop.go("workshop", workshop=workshop)
    desktop.type("@2 #1.1 !nec +3 Transport a demanda per anar al CAP")
    desktop.press("Return")
    desktop.settle()
    desktop.press("Ctrl+M")
    desktop.settle()
    assert target.read_bytes().startswith(b"%PDF-")
    assert target.name in desktop.message


def test_an_unfinished_text_is_there_again(open_desktop: Callable[[Path], Desktop], home: Path, workshop: str) -> None:
    desktop = open_desktop(home)
    desktop.go("workshop", workshop=workshop)
    desktop.type("Que el casal obri a l'")
    desktop.window.close()
    again = open_desktop(home)
    screen = again.go("workshop", workshop=workshop)
    assert screen.line.text.toPlainText() == "Que el casal obri a l'"
    again.type("estiu")
    again.press("Return")
    again.settle()
    again.window.close()
    assert Laptop(home).ok("search", "casal")[0][0]["text"] == "Que el casal obri a l'estiu"
    third = open_desktop(home)
    assert third.go("workshop", workshop=workshop).line.text.toPlainText() == ""
