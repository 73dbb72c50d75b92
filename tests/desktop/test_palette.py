"""Ctrl+K: everything in one list."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from pessdesk.desktop.palette import Palette
from pessdesk.desktop.screens.workshop import WorkshopScreen
from pessdesk.desktop.screens.workshops import WorkshopsScreen
from pessdesk.desktop.words import WORDS
from tests.desktop.conftest import Desktop
from tests.desktop.lived import SAID, Lived

OpenDesktop = Callable[[Path], Desktop]


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


def _type(desktop: Desktop, palette: Palette, words: str) -> list[str]:
    palette.field.clear()
    desktop.type(words, palette.field)
    desktop.until(lambda: not palette._soon.isActive())
    desktop.settle()
    return _said(palette)


def test_what_cannot_be_done_now_is_not_offered(desktop: Desktop, workshop: str) -> None:
    desktop.until(lambda: not desktop.window.session.history.can_undo)  # what was done yesterday has been read
    screen = desktop.go("workshop", workshop=workshop)
    palette = _open(desktop)
    assert not any(said.startswith("Desfés") for said in _said(palette))
    assert "Troba i fes" not in _said(palette), "it is open already"
    palette.close()
    desktop.type("Hola", screen.line.text)
    desktop.press("Return", screen.line.text)
    desktop.settle()
    palette = _open(desktop)
    assert _type(desktop, palette, "desfes")[0] == "Desfés: l'aportació"
    desktop.press("Return", palette.field)
    desktop.settle()
    assert screen.model.counts().all == 0


def test_a_workshop_by_its_code(open_desktop: OpenDesktop, lived: Lived) -> None:
    desktop = open_desktop(lived.folder)
    screen = desktop.go("workshop", workshop=lived.empty)
    code = screen.row.code
    palette = _open(desktop)
    assert _type(desktop, palette, code.lower()) == ["Taller buit"]
    palette.close()


def test_a_contribution_that_is_filtered_away_is_shown_and_a_withdrawn_one_is_not_found(
    open_desktop: OpenDesktop, lived: Lived
) -> None:
    desktop = open_desktop(lived.folder)
    screen = desktop.go("workshop", workshop=lived.workshop)
    screen.search.setText("no hi és")
    screen.search.textEdited.emit("no hi és")
    palette = _open(desktop)
    assert SAID[7] not in _type(desktop, palette, "mes places")
    assert _type(desktop, palette, "collegi") == [SAID[1]]
    desktop.press("Return", palette.field)
    desktop.settle()
    assert screen.detail.text.toPlainText() == SAID[1] and screen.list.currentIndex().isValid()


def test_the_arrows_go_round_and_a_click_does_it(desktop: Desktop) -> None:
    palette = _open(desktop)
    said = _type(desktop, palette, "mes")
    assert {"Més gran", "Més petit"} <= set(said) and palette.list.currentRow() == 0
    desktop.press("Up", palette.field)
    assert palette.list.currentRow() == len(said) - 1
    desktop.press("Down", palette.field)
    assert palette.list.currentRow() == 0
    place = _type(desktop, palette, "configuracio").index("Configuració")
    area = palette.list.visualItemRect(palette.list.item(place))
    QTest.mouseClick(palette.list.viewport(), Qt.MouseButton.LeftButton, pos=area.center())
    desktop.settle()
    assert desktop.window.screen_now is not None and desktop.window.screen_now.name == "settings"


def test_escape_leaves_the_next_key_where_it_went_before(desktop: Desktop, workshop: str) -> None:
    screen = desktop.go("workshop", workshop=workshop)
    desktop.press("Escape", _open(desktop).field)
    desktop.until(lambda: QApplication.focusWidget() is screen.line.text)
    assert desktop.window.screen_now is screen


def test_it_speaks_the_language_and_its_rows_speak(desktop: Desktop) -> None:
    WORDS.use("en")
    palette = _open(desktop)
    assert "New workshop" in _said(palette)
    rows = (palette.list.item(n) for n in range(palette.list.count()))
    assert all(row.data(Qt.ItemDataRole.AccessibleTextRole) for row in rows)
    assert not palette.grab().isNull()
    palette.close()
