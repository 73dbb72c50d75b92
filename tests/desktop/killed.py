"""A person who types into the window of a store, and whose laptop dies the moment the state at the top says saved.

Run as a program: `python -m tests.desktop.killed FOLDER SCENE WORKSHOP [CONTRIBUTION]`. It ends by SIGKILL.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from pessdesk.bootstrap import Program
from pessdesk.desktop.app import dress
from pessdesk.desktop.settings import Settings
from pessdesk.desktop.window import Window

WORDS = "Que obri a l'estiu"
PATIENCE_S = 20


def _line(window: Window, wanted: dict[str, str]) -> QWidget:
    window.go("workshop", workshop=wanted["workshop"])
    screen: Any = window.screen_now
    _until(lambda: bool(screen.draft.key))
    QTest.keyClicks(screen.line.text, "@3 ")
    text: QWidget = screen.line.text
    return text


def _text(window: Window, wanted: dict[str, str]) -> QWidget:
    window.go("workshop", **wanted)
    screen: Any = window.screen_now
    _until(lambda: bool(screen.looked_at))
    text: QWidget = screen.detail.text
    text.setFocus()
    QTest.keyClick(text, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    return text


def _title(window: Window, wanted: dict[str, str]) -> QWidget:
    _text(window, wanted)
    screen: Any = window.screen_now
    title: QWidget = screen.detail.title
    title.setFocus()
    return title


def _facts(window: Window, wanted: dict[str, str]) -> QWidget:
    window.go("facts", workshop=wanted["workshop"])
    screen: Any = window.screen_now
    _until(lambda: bool(screen.drafts["objectives"].key))
    text: QWidget = screen.paragraphs["objectives"]
    text.setFocus()
    return text


def _new(window: Window, wanted: dict[str, str]) -> QWidget:
    window.go("new")
    screen: Any = window.screen_now
    _until(lambda: bool(screen.draft.key))
    text: QWidget = screen.workshop_title
    text.setFocus()
    return text


SCENES: dict[str, Callable[[Window, dict[str, str]], QWidget]] = {
    "line": _line, "text": _text, "title": _title, "facts": _facts, "new": _new,
}  # fmt: skip


def _until(so: Callable[[], bool]) -> None:
    patience = time.monotonic() + PATIENCE_S
    while not so():
        QApplication.processEvents()
        if time.monotonic() > patience:
            sys.exit("it never came")


def main(folder: str, scene: str, workshop: str, contribution: str = "") -> None:
    """Type, and die."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    dress(app, Program(), Settings(Path(folder)), "ca")
    sys.excepthook = sys.__excepthook__  # a mistake shall end this, not open a window
    window = Window(Program(), Path(folder), Settings(Path(folder)))
    window.show()
    window.start()
    window.activateWindow()
    wanted = {"workshop": workshop} | ({"contribution": contribution} if contribution else {})
    field = SCENES[scene](window, wanted)
    safety = window.top.safety
    _until(lambda: safety.property("state") == "saved")
    for letter in WORDS:
        QTest.keyClick(field, letter)
        if safety.property("state") == "saved":
            sys.exit(f"it says saved, and {letter!r} is not")
    _until(lambda: safety.property("state") == "saved")
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(*sys.argv[1:])
