"""The window around the screens: nothing else opens by itself, files find their way, it comes back as it was left."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

from pessdesk.desktop.screens import SCREENS
from pessdesk.desktop.shell import ALWAYS, SIDEBAR
from pessdesk.desktop.theme import THEME
from pessdesk.desktop.window import Window
from pessdesk.desktop.words import WORDS
from pessdesk.storage.reading import open_reading
from tests.desktop.conftest import Desktop
from tests.desktop.lived import Lived

OpenDesktop = Callable[[Path], Desktop]


class Windows(QObject):
    """Notes every window that comes up."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.seen.append(type(watched).__name__)
        return False


def test_no_part_of_a_screen_ever_flashes_up_as_a_window(
    open_desktop: OpenDesktop, lived: Lived, dressed: QApplication
) -> None:
    """A widget that is shown before it stands in its place is a window of its own, for a moment, with the focus."""
    desktop = open_desktop(lived.folder)
    windows = Windows()
    dressed.installEventFilter(windows)
    try:
        for language in ("ca", "en"):
            WORDS.use(language)
            for name, wanted in lived.ways().items():
                desktop.go(name, **wanted)
                assert windows.seen == [], name
    finally:
        dressed.removeEventFilter(windows)
    assert desktop.window.isActiveWindow()


def test_on_a_day_without_a_workshop_neither(open_desktop: OpenDesktop, tmp_path: Path, dressed: QApplication) -> None:
    windows = Windows()
    dressed.installEventFilter(windows)
    try:
        desktop = open_desktop(tmp_path / "new")
        desktop.window.screen_now.begin(rehearse=False)  # type: ignore[union-attr]
        desktop.settle()
    finally:
        dressed.removeEventFilter(windows)
    assert windows.seen == [Window.__name__]


def test_every_screen_opens_with_something_in_the_focus(open_desktop: OpenDesktop, lived: Lived) -> None:
    desktop = open_desktop(lived.folder)
    for name, wanted in lived.ways().items():
        screen = desktop.go(name, **wanted)
        assert screen.name == name
        assert screen.isAncestorOf(desktop.focus) or name in ("receive",), (name, desktop.focus)
        assert desktop.window.windowTitle().endswith("– PessDesk")
    assert set(lived.ways()) == set(SCREENS)


def test_files_from_outside_find_their_screen(open_desktop: OpenDesktop, lived: Lived, tmp_path: Path) -> None:
    desktop = open_desktop(lived.folder)
    window = desktop.window
    folder = tmp_path / "stick"
    folder.mkdir()
    for files, screen in (
        ([lived.bundle], "receive"), ([folder], "receive"), ([lived.card], "laptops"), ([lived.card, lived.bundle], "receive"),
        ([tmp_path / "gone.asice"], "receive"),
    ):  # fmt: skip
        desktop.go("today")
        window.receive(files)
        desktop.settle()
        assert window.screen_now is not None and window.screen_now.name == screen, files
    desktop.go("today")
    window.receive([tmp_path / "nota.txt"])
    desktop.settle()
    assert window.screen_now is not None and window.screen_now.name == "today"


def test_what_belongs_nowhere_is_said(open_desktop: OpenDesktop, lived: Lived, tmp_path: Path) -> None:
    desktop = open_desktop(lived.folder)
    note = tmp_path / "nota.txt"
    note.write_text("Hola", encoding="utf-8")
    desktop.window.take_dropped([note])
    assert ".asice" in desktop.message
    desktop.window.take_dropped([])


def test_back_goes_the_way_one_came(open_desktop: OpenDesktop, lived: Lived) -> None:
    desktop = open_desktop(lived.folder)
    window = desktop.window
    assert not window.top.back.isVisible()
    way = ["workshops", "settings", "handover"]
    for name in way:
        desktop.go(name)
    for name in [*reversed(way[:-1]), "today"]:
        desktop.click(window.top.back)
        assert window.screen_now is not None and window.screen_now.name == name
    assert not window.top.back.isVisible()
    window.back()
    assert window.screen_now is not None and window.screen_now.name == "today"


def test_the_sidebar_shows_what_the_role_needs_and_the_keys_reach_everything(
    open_desktop: OpenDesktop, lived: Lived
) -> None:
    desktop = open_desktop(lived.folder)
    for role, names in SIDEBAR.items():
        desktop.window.use_role(role)
        desktop.settle()
        assert list(desktop.window.sidebar._buttons) == [*names, *ALWAYS]
        for keys, name in (("Alt+4", "receive"), ("Alt+6", "laptops"), ("Alt+1", "today")):
            desktop.press(keys, desktop.window)
            desktop.settle()
            assert desktop.window.screen_now is not None and desktop.window.screen_now.name == name
            marked = [one for one, button in desktop.window.sidebar._buttons.items() if button.isChecked()]
            assert marked == ([name] if name in names else [])


def test_pressing_where_one_is_changes_nothing(open_desktop: OpenDesktop, lived: Lived) -> None:
    desktop = open_desktop(lived.folder)
    button = desktop.window.sidebar._buttons["today"]
    desktop.click(button)
    assert button.isChecked() and not desktop.window.top.back.isVisible()


def test_the_number_of_clashes_follows(open_desktop: OpenDesktop, lived: Lived) -> None:
    desktop = open_desktop(lived.folder)
    desktop.until(lambda: desktop.window.sidebar._buttons["clashes"].text().endswith("· 1"))
    desktop.window.sidebar.badge("clashes", 0)
    assert "·" not in desktop.window.sidebar._buttons["clashes"].text()


def test_letters_larger_smaller_and_usual_by_keys(open_desktop: OpenDesktop, lived: Lived) -> None:
    desktop = open_desktop(lived.folder)
    for keys, zoom in (("Ctrl++", 1.1), ("Ctrl++", 1.21), ("Ctrl+-", 1.1), ("Ctrl+0", 1.0)):
        desktop.press(keys, desktop.window)
        assert THEME.zoom == pytest.approx(zoom)
    for _ in range(30):
        desktop.press("Ctrl++", desktop.window)
    assert THEME.zoom == 3.0
    desktop.press("Ctrl+0", desktop.window)


def test_closing_twice_is_closing_once(open_desktop: OpenDesktop, lived: Lived) -> None:
    desktop = open_desktop(lived.folder)
    desktop.window.close()
    desktop.window.close()
    desktop.window.session.drafts.put("draft:x", "too late")
    desktop.window._pure.do(lambda _: None)


def test_closing_while_something_is_read_and_written(open_desktop: OpenDesktop, lived: Lived) -> None:
    """Nothing is delivered to screens that are going away, and what was asked is on the disk."""
    desktop = open_desktop(lived.folder)
    window = desktop.window
    for name, wanted in lived.ways().items():
        window.go(name, **wanted)
    window.session.drafts.put("draft:x", "kept")
    window.close()
    window.deleteLater()
    QApplication.sendPostedEvents(None, 0)
    QApplication.processEvents()
    look = open_reading(lived.folder)
    assert look is not None and look.setting("draft:x") == "kept"
    look.close()
