"""The window around the screens: nothing else opens by itself, files find their way, it comes back as it was left."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

from pessdesk.desktop.screens import SCREENS
from pessdesk.desktop.window import Window
from pessdesk.desktop.words import WORDS
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
