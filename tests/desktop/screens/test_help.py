"""The guide on screen: opened at what is in hand, with its pictures, and nothing from anywhere else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QTextDocument

from pessdesk.bootstrap import Program
from pessdesk.desktop.screens import SCREENS
from pessdesk.desktop.screens.help import HelpScreen, sections
from pessdesk.desktop.theme import THEME
from tests.desktop.conftest import Desktop

GUIDE = Program().guide()
TEXT = (GUIDE / "guia.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [name for name in SCREENS if name not in ("help", "first")])
def test_f1_opens_the_guide_at_the_screen_in_hand(desktop: Desktop, workshop: str, name: str) -> None:
    wanted = {"workshop": workshop} if name in ("workshop", "facts", "sheet") else {}
    desktop.go(name, **wanted)
    desktop.press("F1", desktop.window)
    screen = desktop.screen(HelpScreen)
    section = screen._sections[screen.list.currentRow()]
    assert name in section.screens, section.title
    assert screen.page.toPlainText().strip().startswith(section.title)
    desktop.press("Alt+Left", desktop.window)
    desktop.settle()
    assert desktop.window.screen_now is not None and desktop.window.screen_now.name == name


def test_every_screen_has_a_section() -> None:
    told = {name for section in sections(TEXT) for name in section.screens}
    assert set(SCREENS) - {"help"} <= told
    assert told <= {*SCREENS, "rehearsal", "palette", "crash"}, "and no section speaks of what is not there"


def test_every_picture_is_there_and_shown(desktop: Desktop) -> None:
    screen = desktop.go("help")
    pictures = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", TEXT)
    assert pictures
    for picture in pictures:
        assert (GUIDE / picture).is_file(), picture
        image = screen.page.loadResource(QTextDocument.ResourceType.ImageResource.value, QUrl(picture))
        assert image is not None and not image.isNull()
        assert image.width() <= screen.page.viewport().width()


@pytest.mark.parametrize(
    "name",
    [
        "https://example.org/x.png",
        "file:///etc/hostname",
        "../NOTICE",
        "../../../../etc/hostname",
        "pictures/../../README.md",
    ],
)
def test_nothing_comes_from_outside_the_guides_folder(desktop: Desktop, name: str) -> None:
    screen = desktop.go("help")
    loaded = screen.page.loadResource(QTextDocument.ResourceType.ImageResource.value, QUrl(name))
    assert loaded is None or loaded.isNull()
    assert screen.page.loadResource(QTextDocument.ResourceType.StyleSheetResource.value, QUrl("guia.md")) is None
    assert not screen.page.openLinks()


def test_sections_are_chosen_by_keyboard(desktop: Desktop) -> None:
    screen = desktop.go("help")
    assert desktop.focus is screen.list
    seen = set()
    for _ in range(screen.list.count()):
        seen.add(screen.page.toPlainText())
        desktop.press("Down")
    assert len(seen) == screen.list.count() > 8


def test_letters_grow_and_the_section_stays(desktop: Desktop) -> None:
    screen = desktop.go("help", about="workshop")
    before, width = screen.list.currentRow(), screen.list.width()
    THEME.use("light", 2.0)
    desktop.settle()
    assert screen.list.currentRow() == before and screen.list.width() > width
    assert screen.page.document().defaultFont().pixelSize() == THEME.px(15)


@pytest.mark.parametrize(
    ("guide", "titles"),
    [
        ("", []), ("només text", ["només text"]), ("# Guia\nhola\n## Una\n<!-- screens: a, b -->\nx\n## Dues\n", ["Guia", "Una", "Dues"]),
        ("## Una\n### No és secció\n", ["Una"]),
    ],
)  # fmt: skip
def test_sections_of_a_guide(guide: str, titles: list[str]) -> None:
    assert [section.title for section in sections(guide)] == titles
    for section in sections(guide):
        assert "<!--" not in section.text
        if section.title == "Una" and "screens" in guide:
            assert section.screens == ("a", "b")


def test_the_guide_keeps_its_words() -> None:
    """No word of computers, l·l with its dot, quotes that are «»."""
    assert not re.search(r"\berror\b|\barxiu\b|\bguardar\b", TEXT, re.I)
    assert not re.search(r"[lL][.•‧-][lL]", TEXT)
    assert Path(GUIDE / "guia.md").stat().st_size > 3000
