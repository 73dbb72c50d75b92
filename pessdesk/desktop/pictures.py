"""Pictures of the window, taken without a display: for the demonstration, for the guide, for eyes that check it.

A scene is a name and what to do before the picture is taken. Between the two everything that is under way is waited for.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QEventLoop, QMessageLogContext, QPoint, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QCursor, QGuiApplication, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from pessdesk.desktop.app import dress, speak_qt
from pessdesk.desktop.program import Program
from pessdesk.desktop.settings import Settings
from pessdesk.desktop.theme import STYLE, THEME
from pessdesk.desktop.window import Window
from pessdesk.desktop.words import WORDS

SIZE = (1366, 768)
PATIENCE_S = 60.0


class Scene(NamedTuple):
    """A picture to be: its name and the way to what it shows."""

    name: str
    act: Callable[[Window], object]


class Look(NamedTuple):
    """How it is to be taken: colours, and how large the letters are."""

    scheme: str = "light"
    zoom: float = 1.0

    @property
    def suffix(self) -> str:
        return ("" if self.scheme == "light" else f"-{self.scheme}") + (
            "" if self.zoom == 1.0 else f"-{self.zoom:.0%}"[:-1]
        )


def application() -> QApplication:
    """The running application, or one that needs no display."""
    app = QApplication.instance()
    if isinstance(app, QApplication):
        return app
    if sys.platform.startswith("linux"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        qInstallMessageHandler(_told)
    return QApplication(["pessdesk", *STYLE])


def _told(_: QtMsgType, __: QMessageLogContext, words: str) -> None:
    """Qt's messages, but for what the display that is none says of itself."""
    if "This plugin does not support" not in words:
        print(words, file=sys.stderr)


def take(
    program: Program, folder: Path, target: Path, scenes: Iterable[Scene], looks: Iterable[Look], language: str
) -> list[Path]:
    """Pictures of a store's window: one for each scene and look, as `<scene><look>.png` in `target`."""
    app = application()
    dress(app, program, Settings(folder), language)
    speak_qt()
    target.mkdir(parents=True, exist_ok=True)
    taken: list[Path] = []
    for look in looks:
        THEME.use(look.scheme, look.zoom)
        with opened(program, folder, language) as window:
            for scene in scenes:
                scene.act(window)
                settle(window)
                taken.append(target / f"{scene.name}{look.suffix}.png")
                picture(window).save(str(taken[-1]))
                _close_panels(window)
    THEME.use("light", 1.0)
    return taken


@contextmanager
def opened(program: Program, folder: Path, language: str) -> Iterator[Window]:
    """A window on a folder, at the size of a small laptop's screen."""
    folder.mkdir(parents=True, exist_ok=True)
    WORDS.use(language)
    window = Window(program, folder, Settings(folder))
    window.resize(*SIZE)
    window.show()
    QCursor.setPos(window.mapToGlobal(window.rect().bottomRight()))  # over nothing that would show it
    window.start()
    settle(window)
    try:
        yield window
    finally:
        window.close()
        window.deleteLater()
        QCoreApplication.processEvents()


def settle(window: Window) -> None:
    """Wait until nothing is under way any more, and what came of it is painted."""
    until = time.monotonic() + PATIENCE_S
    calm = 0
    while calm < 3 and time.monotonic() < until:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        session = window.session
        lanes = (session.reader, session.writer, session.errands, window.pure)
        calm = 0 if any(lane.busy for lane in lanes) else calm + 1


def picture(window: Window) -> QPixmap:
    """The window as it looks, with the panels that lie over it."""
    canvas = window.grab()
    painter = QPainter(canvas)
    origin = window.mapToGlobal(QPoint(0, 0))
    for panel in _panels(window):
        painter.drawPixmap(panel.mapToGlobal(QPoint(0, 0)) - origin, panel.grab())
    painter.end()
    return canvas


def _panels(window: Window) -> list[QWidget]:
    return [w for w in QApplication.topLevelWidgets() if w is not window and w.isVisible() and w.parentWidget()]


def _close_panels(window: Window) -> None:
    for panel in _panels(window):
        panel.close()
    QGuiApplication.clipboard().clear()


def newest(window: Window) -> str:
    """The record of the workshop with the latest date."""
    found: list[str] = []
    window.session.read(
        lambda reading: max(reading.workshops(), key=lambda row: (row.date, row.contributions)).record, found.append
    )
    settle(window)
    return found[0]


def show_workshop(window: Window) -> None:
    """The newest workshop, its newest contribution looked at, something being typed."""
    window.go("workshop", workshop=newest(window))
    settle(window)
    screen = window.screen_now
    screen.list.setCurrentIndex(screen.model.index(0))  # type: ignore[union-attr]


def demonstration() -> list[Scene]:
    """What the demonstration shows of a laptop's store."""
    return [
        Scene("today", lambda window: window.go("today")),
        Scene("workshop", show_workshop),
        Scene("workshops", lambda window: window.go("workshops")),
        Scene("handover", lambda window: window.go("handover")),
        Scene("laptops", lambda window: window.go("laptops")),
    ]
