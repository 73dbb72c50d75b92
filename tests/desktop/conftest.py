"""A real window over a real store, without a display. Tests wait for what they expect, never for a time."""

from __future__ import annotations

import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from pessdesk.bootstrap import Program
from pessdesk.desktop.app import dress
from pessdesk.desktop.screens import today
from pessdesk.desktop.screens.base import Screen
from pessdesk.desktop.settings import Settings
from pessdesk.desktop.theme import THEME
from pessdesk.desktop.window import Window
from pessdesk.desktop.words import WORDS
from tests.cli.conftest import PROGRAMME, Laptop, run
from tests.desktop.lived import Lived, live

S = TypeVar("S", bound=Screen)
PATIENCE = 20_000
"""Milliseconds until something that should happen has failed to: far more than it takes anywhere."""
SAID = ("Transport a demanda per anar al CAP", "Que el col·legi obri a l'estiu", "Falta un sol telèfon")


@pytest.fixture(scope="session")
def program() -> Program:
    return Program()


@pytest.fixture(scope="session")
def dressed(qapp: QApplication, program: Program, tmp_path_factory: pytest.TempPathFactory) -> QApplication:
    """The look and the words, once."""
    dress(qapp, program, Settings(tmp_path_factory.mktemp("settings")), "ca")
    return qapp


@pytest.fixture(autouse=True)
def _as_it_was(dressed: QApplication) -> Iterator[None]:
    """Each test begins in Catalan, light, at the usual size, with nothing of its own on what catches exceptions; none
    leaves a thread behind."""
    hook = sys.excepthook
    today.LOOK_AFTER_MS = 0
    WORDS.use("ca")
    if (THEME.scheme, THEME.zoom) != ("light", 1.0):
        THEME.use("light", 1.0)
    dressed.clipboard().clear()
    yield
    sys.excepthook = hook
    for _ in range(3):
        dressed.processEvents()
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("pessdesk-")] == []


@pytest.fixture(scope="session")
def _template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A laptop's data folder with the demonstration's programme, and a workshop of today with five tables."""
    base = tmp_path_factory.mktemp("desktop")
    office, laptop = Laptop(base / "office"), Laptop(base / "laptop")
    for one, name in ((office, "Oficina"), (laptop, "Portàtil 1")):
        one.ok("device", "card", "--label", name, "--to", base / f"{name}.pem")
    office.ok("programme", "build", PROGRAMME, "--to", base / "programme.asice")
    laptop.ok("programme", "import", base / "programme.asice")
    place = ("--municipality", "la Seu d'Urgell", "--groups", "5")
    laptop.ok("workshop", "new", "--title", "Taller obert", "--date", date.today().isoformat(), *place)
    return base


@pytest.fixture
def home(_template: Path, tmp_path: Path) -> Path:
    """The data folder of a laptop that is ready for its workshop."""
    shutil.copytree(_template / "laptop", tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture(scope="session")
def _lived(_template: Path, dressed: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Lived:
    return live(_template, tmp_path_factory.mktemp("lived"))


@pytest.fixture
def lived(_lived: Lived, tmp_path: Path) -> Lived:
    """A laptop in the middle of its day: something of everything is there."""
    shutil.copytree(_lived.folder, tmp_path / "data", dirs_exist_ok=True)
    return replace(_lived, folder=tmp_path / "data")


@pytest.fixture
def laptop(home: Path) -> Laptop:
    """The same laptop, by commands; only while no window is open on it."""
    return Laptop(home)


@dataclass
class Desktop:
    """An open window, and a person at it."""

    window: Window
    qtbot: QtBot

    def settle(self) -> None:
        """Wait until nothing is under way any more."""

        def quiet() -> bool:
            session = self.window.session
            lanes = (session.reader, session.writer, session.errands, self.window.pure)
            return not any(lane.busy for lane in lanes)

        self.until(quiet)
        QApplication.processEvents()
        self.until(quiet)

    def come_forward(self) -> None:
        """Make the window the one that gets the keys: without a display a first call may be forgotten."""

        def active() -> bool:
            self.window.activateWindow()
            return self.window.isActiveWindow()

        self.until(active)

    def until(self, so: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(so, timeout=PATIENCE)

    def screen(self, kind: type[S]) -> S:
        """The screen that is shown, which must be of this kind."""
        self.settle()
        shown = self.window.screen_now
        assert isinstance(shown, kind), shown
        return shown

    def go(self, name: str, **wanted: Any) -> Any:
        self.window.go(name, **wanted)
        self.settle()
        return self.window.screen_now

    def type(self, words: str, where: QWidget | None = None) -> None:
        """Type into what has the focus (or into `where`), letter by letter; accents as an input method gives them."""
        target = where or self.focus
        for letter in words:
            if letter.isascii():
                QTest.keyClick(target, letter)
            elif hasattr(target, "insertPlainText"):
                target.insertPlainText(letter)
            else:
                target.insert(letter)

    def press(self, keys: str, where: QWidget | None = None) -> None:
        """Press keys such as `Return`, `Ctrl+Z`, `Alt+2` on what has the focus."""
        sequence = QKeySequence(keys)[0]
        QTest.keyClick(where or self.focus, sequence.key(), sequence.keyboardModifiers())
        QApplication.processEvents()

    def click(self, widget: QWidget) -> None:
        assert widget.isEnabled() and widget.isVisible(), widget
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=QPoint(widget.width() // 2, widget.height() // 2))
        self.settle()

    @property
    def focus(self) -> QWidget:
        QApplication.processEvents()
        widget = QApplication.focusWidget() or self.window.focusWidget()
        assert widget is not None, "nothing has the focus"
        return widget

    @property
    def message(self) -> str:
        """What the strip at the bottom says; nothing when it is hidden."""
        bar = self.window.messages
        return bar.words.text() if bar.isVisible() else ""


@pytest.fixture
def open_desktop(qtbot: QtBot, program: Program) -> Iterator[Callable[[Path], Desktop]]:
    """Opens windows on data folders, and closes them after the test."""
    opened: list[Window] = []

    def open_on(folder: Path) -> Desktop:
        folder.mkdir(parents=True, exist_ok=True)
        window = Window(program, folder, Settings(folder))
        opened.append(window)
        window.resize(1366, 768)
        window.show()
        qtbot.waitExposed(window)
        desktop = Desktop(window, qtbot)
        desktop.come_forward()
        window.start()
        desktop.settle()
        return desktop

    yield open_on
    for window in opened:
        if window.isVisible():
            window.close()
        window.deleteLater()


@pytest.fixture
def desktop(open_desktop: Callable[[Path], Desktop], home: Path) -> Desktop:
    """A window on a laptop that is ready for its workshop."""
    return open_desktop(home)


@pytest.fixture
def workshop(home: Path) -> str:
    """The record of today's workshop."""
    listed = Laptop(home).ok("workshop", "list")[0]
    return str(next(row["id"] for row in listed if row["title"] == "Taller obert"))


__all__ = ["PROGRAMME", "SAID", "Desktop", "Laptop", "run"]
