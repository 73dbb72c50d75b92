"""On a small screen or with large letters columns fold away and pages scroll; nothing is ever cut."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from pessdesk.application import capture
from pessdesk.bootstrap import Program
from pessdesk.desktop.screens import SCREENS
from pessdesk.desktop.theme import THEME
from pessdesk.desktop.words import WORDS
from tests.desktop.conftest import Desktop
from tests.desktop.lived import Lived
from tests.desktop.looking import cut

OpenDesktop = Callable[[Path], Desktop]
SIZES = [(1366, 768, 1.0), (1024, 600, 1.0), (800, 600, 1.0), (1366, 768, 2.0), (1024, 600, 1.5), (1920, 1080, 2.5)]
"""A small laptop, an old projector, an older one; the letters of somebody who sees badly."""


def test_what_is_cut_would_be_seen(qtbot: QtBot) -> None:
    """The measure itself: a word in too small a place, one outside its window, one without enough lines."""
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(200, 100)
    narrow, outside, low, good = (
        QPushButton("Lliura el paquet", window),
        QLabel("Hola", window),
        QLabel(window),
        QLabel("l·l", window),
    )
    narrow.setGeometry(0, 0, 40, 30)
    outside.setGeometry(190, 30, 60, 20)
    low.setWordWrap(True)
    low.setText("Una frase que necessita unes quantes línies per dir el que ha de dir")
    low.setGeometry(0, 50, 80, 20)
    good.setGeometry(100, 0, 60, 30)
    window.show()
    assert len(cut(window)) == 3 and not any("l·l" in one for one in cut(window))


@pytest.mark.parametrize(("width", "height", "zoom"), SIZES)
def test_nothing_is_cut(open_desktop: OpenDesktop, lived: Lived, width: int, height: int, zoom: float) -> None:
    THEME.use("light", zoom)
    desktop = open_desktop(lived.folder)
    window = desktop.window
    found = {}
    for name in SCREENS:
        for language in ("ca", "es"):
            WORDS.use(language)
            window.resize(width, height)
            desktop.go(name, **lived.ways()[name])
            QApplication.processEvents()
            if wrong := cut(window):
                found[name, language] = wrong
            if (window.width(), window.height()) != (width, height):
                found[name, language] = [f"the window cannot be smaller than {window.width()}×{window.height()}"]
    assert found == {}, "\n".join(f"{key}: {one}" for key, all_ in found.items() for one in all_)


@pytest.mark.parametrize("first", [2.0, 1.0])
def test_letters_grow_and_shrink_while_a_screen_is_shown(open_desktop: OpenDesktop, lived: Lived, first: float) -> None:
    """Each screen is opened at one size and looked at in the other."""
    desktop = open_desktop(lived.folder)
    zooms = itertools.cycle((first, 3.0 - first))
    THEME.use("light", 3.0 - first)
    for name, wanted in lived.ways().items():
        desktop.go(name, **wanted)
        THEME.use("light", next(zooms))
        desktop.settle()
        for _ in range(10):  # each line that folds moves the next
            QApplication.processEvents()
        assert cut(desktop.window) == [], (name, THEME.zoom)


def test_the_window_in_which_one_rehearses(open_desktop: OpenDesktop, home: Path) -> None:
    desktop = open_desktop(home)
    desktop.window.rehearse()
    desktop.settle()
    for width, height, zoom in SIZES:
        THEME.use("light", zoom)
        desktop.window.resize(width, height)
        desktop.settle()
        QApplication.processEvents()
        assert cut(desktop.window) == [], (width, height, zoom)


@pytest.mark.parametrize("word", ["llarg ", "llarguíssim"], ids=["words", "one-word"])
def test_names_as_long_as_they_may_be(open_desktop: OpenDesktop, lived: Lived, word: str) -> None:
    with Program().desk(lived.folder, write=True) as desk:

        def name(limit: int) -> str:
            return ("Nom " + word * 100)[:limit].strip()

        with desk.store.read() as unit:
            tables, entities = unit.groups(lived.workshop), unit.entities()
            workshops = [row["record"] for row in unit.workshops()]
        for record in workshops:
            capture.change_fields(desk, record, record, {"title": name(500)})
        capture.change_fields(desk, lived.workshop, lived.workshop, {"venue": name(500), "facilitators": name(500)})
        for table in tables:
            capture.change_fields(desk, table["record"], lived.workshop, {"name": name(120)})
        for entity in entities:
            capture.change_fields(desk, entity["record"], lived.workshop, {"name": name(300)})
        capture.change_fields(desk, lived.contribution, lived.workshop, {"title": name(500), "text": name(2000)})
    desktop = open_desktop(lived.folder)
    window = desktop.window
    window.resize(1024, 700)
    wide = {}
    for screen, wanted in lived.ways().items():
        shown = desktop.go(screen, **wanted)
        if screen == "workshop":
            shown.line.set_table(shown._groups[0].record)
            shown.line.set_lines(tuple(node.id for node in shown.book.pointable[:9]))
            desktop.settle()
        for _ in range(5):
            QApplication.processEvents()
        wrong = cut(window)
        if window.width() > 1024:
            wrong.append(f"the window grew to {window.width()}")
        wrong += [
            f"{type(area).__name__} scrolls sideways by {area.horizontalScrollBar().maximum()}"
            for area in window.findChildren(QScrollArea)
            if area.isVisible() and area.horizontalScrollBar().maximum() > 0
        ]
        if wrong:
            wide[screen] = wrong
    assert wide == {}, "\n".join(f"{screen}: {one}" for screen, all_ in wide.items() for one in all_)
