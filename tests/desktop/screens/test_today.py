"""Today: the one thing to do next has the focus by itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from pessdesk.application.capture_line import Said
from pessdesk.application.programme import PlannedWorkshop, new_workshop
from pessdesk.bootstrap import Program
from pessdesk.desktop import operations
from pessdesk.desktop.history import Undoable
from pessdesk.desktop.screens.today import TodayScreen
from pessdesk.desktop.session import Change
from tests.desktop.conftest import Desktop
from tests.desktop.lived import HOSTILE, Lived


def test_today_s_workshop_is_one_key_away(desktop: Desktop) -> None:
    desktop.until(lambda: isinstance(desktop.focus, QPushButton))
    assert desktop.focus.accessibleName() == "Obre Taller obert"
    desktop.press("Space")
    desktop.settle()
    assert desktop.window.windowTitle() == "Taller obert – PessDesk"


def buttons(desktop: Desktop) -> dict[str, QPushButton]:
    screen = desktop.screen(TodayScreen)
    return {button.accessibleName(): button for button in screen.findChildren(QPushButton) if button.isVisible()}


def words(desktop: Desktop) -> list[str]:
    screen = desktop.screen(TodayScreen)
    return [label.text() for label in screen.findChildren(QLabel) if label.isVisible()]


def test_everything_that_waits_has_its_button(open_desktop: Callable[[Path], Desktop], lived: Lived) -> None:
    desktop = open_desktop(lived.folder)
    said = " ".join(words(desktop))
    assert HOSTILE in said and "Hi ha un text a mitges que us espera." in said
    assert "Hi ha un text a mitges a «Taller buit»." in said and "Taller passat" in [
        b.text() for b in buttons(desktop).values()
    ]
    wanted = {"clashes": "1 aportació", "receive": "1 paquet", "handover": "només són en aquest portàtil"}
    for screen, about in wanted.items():
        desktop.go("today")
        found = [button for name, button in buttons(desktop).items() if about in name]
        assert len(found) == 1, (about, list(buttons(desktop)))
        desktop.click(found[0])
        assert desktop.window.screen_now is not None and desktop.window.screen_now.name == screen


def test_words_of_people_are_shown_as_they_are(open_desktop: Callable[[Path], Desktop], lived: Lived) -> None:
    desktop = open_desktop(lived.folder)
    title = next(label for label in desktop.screen(TodayScreen).findChildren(QLabel) if label.text() == HOSTILE)
    assert title.textFormat() == Qt.TextFormat.PlainText
    assert any("Sala & <b>gran</b>" in text for text in words(desktop))
    button = next(button for name, button in buttons(desktop).items() if name == f"Obre {HOSTILE}")
    assert "<b>" not in button.toolTip()


def test_it_follows_what_happens_elsewhere(desktop: Desktop, workshop: str) -> None:
    assert "0 aportacions" in words(desktop)
    desktop.window.session.write(
        operations.record(workshop, Said("Hola")), Undoable.RECORDED, Change(frozenset(("contributions",)), workshop)
    )
    desktop.settle()
    assert "1 aportació" in words(desktop)
    desktop.press("Ctrl+Z", desktop.window)
    desktop.settle()
    assert "0 aportacions" in words(desktop)


def test_on_a_day_without_a_workshop_there_is_something_to_do(
    open_desktop: Callable[[Path], Desktop], tmp_path: Path
) -> None:
    desktop = open_desktop(tmp_path / "new")
    desktop.window.screen_now.begin(rehearse=False)  # type: ignore[union-attr]
    desktop.settle()
    assert {"Taller nou", "Obre el programa de l'oficina", "Assaja amb paraules inventades"} <= set(buttons(desktop))
    desktop.until(lambda: desktop.focus is buttons(desktop)["Taller nou"])
    primary = [button for button in buttons(desktop).values() if button.property("role") == "primary"]
    assert len(primary) == 1, "one thing to do next"
    desktop.press("Space")
    desktop.settle()
    assert desktop.window.screen_now is not None and desktop.window.screen_now.name == "new"


def test_a_hundred_workshops_do_not_fill_the_day(home: Path, open_desktop: Callable[[Path], Desktop]) -> None:
    with Program().desk(home, write=True, keep=True) as desk:
        for number in range(60):
            new_workshop(desk, PlannedWorkshop(f"Taller {number}", f"20{30 + number % 30}-01-02", "04"))
    desktop = open_desktop(home)
    assert len(buttons(desktop)) < 20
