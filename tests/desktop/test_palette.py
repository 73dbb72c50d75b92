"""Ctrl+K: everything in one list."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from pessdesk.desktop.palette import Palette
from pessdesk.desktop.screens.workshop import WorkshopScreen
from pessdesk.desktop.screens.workshops import WorkshopsScreen
from tests.desktop.conftest import Desktop


def _open(desktop: Desktop) -> Palette:
    desktop.press("Ctrl+K", desktop.window)
    desktop.settle()
    return next(w for w in QApplication.topLevelWidgets() if isinstance(w, Palette) and w.isVisible())


def _said(palette: Palette) -> list[str]:
    return [palette.list.item(n).data(0x0100).text for n in range(palette.list.count())]


def test_an_action_is_found_by_a_few_letters_and_done(desktop: Desktop) -> None:
    palette = _open(desktop)
    desktop.type("tallers", palette.field)
    assert _said(palette)[0] == "Tallers"
    desktop.press("Return", palette.field)
    desktop.screen(WorkshopsScreen)


def test_each_action_shows_its_keys(desktop: Desktop) -> None:
    palette = _open(desktop)
    shown = {
        palette.list.item(n).data(0x0100).text: palette.list.item(n).data(0x0100).remark
        for n in range(palette.list.count())
    }
    assert shown["Ajuda sobre aquesta pantalla"] == "F1"
    assert shown["Taller nou"] == "Ctrl+N"
    palette.close()


def test_a_workshop_and_what_was_said_are_found_without_accents(desktop: Desktop, workshop: str) -> None:
    desktop.go("workshop", workshop=workshop)
    desktop.type("Que el col·legi obri a l'estiu")
    desktop.press("Return")
    desktop.settle()
    desktop.go("today")
    palette = _open(desktop)
    desktop.type("taller obert", palette.field)
    assert "Taller obert" in _said(palette)
    palette.field.clear()
    desktop.type("COLLEGI estiu", palette.field)
    desktop.until(lambda: any("col·legi" in said for said in _said(palette)))
    desktop.settle()
    while "col·legi" not in _said(palette)[palette.list.currentRow()]:
        desktop.press("Down", palette.field)
    desktop.press("Return", palette.field)
    screen = desktop.screen(WorkshopScreen)
    desktop.until(lambda: bool(screen.looked_at))
    assert screen.detail.text.toPlainText() == "Que el col·legi obri a l'estiu"


def test_what_nobody_could_have_meant_finds_nothing_and_enter_does_nothing(desktop: Desktop) -> None:
    palette = _open(desktop)
    desktop.type("xqzw", palette.field)
    desktop.settle()
    assert _said(palette) == []
    desktop.press("Return", palette.field)
    assert palette.isVisible()
    desktop.press("Escape", palette.field)
    assert not [w for w in QApplication.topLevelWidgets() if isinstance(w, Palette) and w.isVisible()]
