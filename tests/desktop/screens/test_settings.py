"""Settings take effect at once, and are there at the next start."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QDesktopServices

import pessdesk
from pessdesk.desktop.screens.settings import SettingsScreen
from pessdesk.desktop.settings import Settings
from pessdesk.desktop.shell import SIDEBAR
from pessdesk.desktop.theme import DARK, THEME
from pessdesk.desktop.words import WORDS
from tests.desktop.conftest import Desktop


@pytest.fixture
def screen(desktop: Desktop) -> SettingsScreen:
    shown: SettingsScreen = desktop.go("settings")
    return shown


def test_the_language_changes_the_whole_window(desktop: Desktop, screen: SettingsScreen, home: Path) -> None:
    assert [button.text() for button in screen.languages.values()] == ["Català", "Castellano", "English"]
    assert screen.languages["ca"].isChecked()
    assert desktop.focus is screen.languages["ca"]
    desktop.press("Right")
    assert WORDS.language == "es", "the arrow keys choose"
    assert desktop.window.top.name.text() == "Configuración"
    assert screen.headings["look"].text() == "Aspecto"
    assert screen.languages["ca"].text() == "Català"
    assert Settings(home).word("language") == "es"


def test_the_look(desktop: Desktop, screen: SettingsScreen, home: Path) -> None:
    assert screen.looks["light"].isChecked()
    desktop.click(screen.looks["dark"])
    assert THEME.colours is DARK
    desktop.click(screen.looks["contrast"])
    assert (THEME.scheme, Settings(home).word("theme")) == ("contrast", "contrast")


def test_the_size_of_the_letters(desktop: Desktop, screen: SettingsScreen, home: Path) -> None:
    assert screen.percent.text() == "100 %"
    before = screen.percent.font().pixelSize() or THEME.px(15)
    desktop.click(screen.larger)
    assert screen.percent.text() == "110 %"
    assert THEME.px(15) > before
    desktop.press("Ctrl++", desktop.window)
    assert screen.percent.text() == "121 %", "also when it is changed from elsewhere"
    desktop.click(screen.smaller)
    desktop.click(screen.smaller)
    assert Settings(home).number("zoom", 0) == pytest.approx(1.0)
    desktop.click(screen.larger)
    desktop.click(screen.usual)
    assert (THEME.zoom, screen.percent.text()) == (1.0, "100 %")


def test_the_role_decides_what_the_sidebar_shows(
    desktop: Desktop, screen: SettingsScreen, open_desktop: Callable[[Path], Desktop], home: Path
) -> None:
    assert screen.roles["facilitator"].isChecked()
    for role, button in screen.roles.items():
        desktop.click(button)
        assert [*desktop.window.sidebar._buttons][: len(SIDEBAR[role])] == list(SIDEBAR[role])
    assert desktop.window.sidebar._buttons["settings"].isChecked(), "one is still where one was"
    desktop.window.close()
    again = open_desktop(home)
    assert [*again.window.sidebar._buttons][: len(SIDEBAR["trainer"])] == list(SIDEBAR["trainer"])
    assert again.go("settings").roles["trainer"].isChecked()


def test_where_the_data_lie(
    desktop: Desktop, screen: SettingsScreen, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert screen.where.text() == str(home)
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    desktop.click(screen.open_folder)
    assert opened == [str(home)]


def test_version_and_licences(desktop: Desktop, screen: SettingsScreen) -> None:
    assert screen.version.text() == f"PessDesk {pessdesk.__version__}"
    assert not screen.notice.isVisible()
    screen.licences.click()
    desktop.settle()
    assert screen.notice.isVisible()
    assert "EUPL" in screen.notice.toPlainText()
    assert screen.licences.text() == "Amaga les llicències"
    screen.licences.click()
    assert not screen.notice.isVisible()


def test_a_damaged_file_of_settings_costs_nothing(open_desktop: Callable[[Path], Desktop], home: Path) -> None:
    (home / "window.ini").write_bytes(b"\x00\xff[role]=\nrole=king\ntheme=pink\nzoom=many\n")
    desktop = open_desktop(home)
    screen = desktop.go("settings")
    assert screen.roles["facilitator"].isChecked()
