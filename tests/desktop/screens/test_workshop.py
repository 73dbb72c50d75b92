"""The capture screen, used as people use it."""

from __future__ import annotations

from pessdesk.desktop.models.contributions import Filter
from pessdesk.desktop.screens.workshop import WorkshopScreen
from tests.desktop.conftest import SAID, Desktop


def test_type_enter_saved(desktop: Desktop, workshop: str) -> None:
    screen = desktop.go("workshop", workshop=workshop)
    desktop.type("Transport a demanda")
    desktop.press("Return")
    desktop.settle()
    row = screen.model.row_at(screen.model.index(0))
    assert row.text == "Transport a demanda"
    assert screen.line.text.toPlainText() == ""
    assert desktop.focus is screen.line.text
    assert "Desat" in desktop.window.top.safety.text()


def test_undo_and_redo(desktop: Desktop, workshop: str) -> None:
    screen: WorkshopScreen = desktop.go("workshop", workshop=workshop)
    for said in SAID:
        desktop.type(said)
        desktop.press("Return")
    desktop.settle()
    assert screen.model.counts().all == 3
    desktop.press("Ctrl+Z")
    desktop.settle()
    assert [row.text for row in screen.model.rows if not row.withdrawn] == [SAID[1], SAID[0]]
    desktop.press("Ctrl+Shift+Z")
    desktop.settle()
    assert screen.model.counts().all == 3
    screen.model.filter_by(Filter(words="collegi"))
    assert screen.model.rowCount() == 1
