"""When the mistake is ours: the work is safe, and the report says nothing of anybody."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel

from pessdesk.desktop import crash
from pessdesk.desktop.crash import CrashWindow, caught
from pessdesk.desktop.words import WORDS
from tests.desktop.conftest import Desktop

SECRET = "La Maria de cal Pau va dir que…"


def windows() -> list[CrashWindow]:
    return [
        widget for widget in QApplication.topLevelWidgets() if isinstance(widget, CrashWindow) and widget.isVisible()
    ]


@pytest.fixture(autouse=True)
def _caught(dressed: QApplication) -> Iterator[None]:
    """What the program does with what nobody caught, for as long as a test lasts."""
    before, sys.excepthook = sys.excepthook, caught
    yield
    sys.excepthook = before
    for window in windows():
        window.close()
    QApplication.sendPostedEvents(None, 0)
    QApplication.processEvents()
    crash._OPEN.clear()


def stumble() -> None:
    """A mistake whose message quotes what somebody said, in a function that has it in its hands."""
    said = SECRET
    raise ValueError(f"cannot store {said!r}")


def in_a_slot(slot: Callable[[], object]) -> None:
    QTimer.singleShot(0, slot)
    QApplication.processEvents()


def test_it_first_says_that_the_work_is_safe(capsys: pytest.CaptureFixture[str]) -> None:
    in_a_slot(stumble)
    (window,) = windows()
    words = [label.text() for label in window.findChildren(QLabel)]
    assert words[0] == "La vostra feina està segura."
    assert "ValueError" in capsys.readouterr().err


def test_nothing_of_what_anybody_said_is_in_the_report(capsys: pytest.CaptureFixture[str]) -> None:
    in_a_slot(stumble)
    (window,) = windows()
    report = window.report.toPlainText()
    assert "ValueError" in report and "stumble" in report and "tests/desktop/test_crash.py" in report
    for told in (report, capsys.readouterr().err):
        assert "Maria" not in told and "cannot store" not in told
        assert str(Path.home()) not in told and str(Path.cwd()) not in told, "nor of where somebody keeps it"


def test_the_report_is_copied(capsys: pytest.CaptureFixture[str]) -> None:
    in_a_slot(stumble)
    (window,) = windows()
    window._copy()
    assert QGuiApplication.clipboard().text() == window.report.toPlainText() != ""


def test_one_window_however_often_it_happens(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(5):
        in_a_slot(stumble)
    assert len(windows()) == 1
    windows()[0].close()
    QApplication.sendPostedEvents(None, 0)
    QApplication.processEvents()
    in_a_slot(stumble)
    assert len(windows()) == 1, "the next mistake is told again"


def test_the_program_goes_on(desktop: Desktop, workshop: str, monkeypatch: pytest.MonkeyPatch,
                             capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """A mistake in the middle of recording: the text comes back, the window tells, and the next one is saved."""
    screen = desktop.go("workshop", workshop=workshop)
    with monkeypatch.context() as broken:
        broken.setattr("pessdesk.application.capture.record_contribution", lambda *_: stumble())
        desktop.type(SECRET.replace("…", "."), screen.line.text)
        desktop.press("Return", screen.line.text)
        desktop.until(lambda: len(windows()) == 1)
    assert "Maria" not in windows()[0].report.toPlainText()
    assert "Maria" in screen.line.text.toPlainText(), "what was typed is still here"
    windows()[0].close()
    desktop.press("Return", screen.line.text)
    desktop.settle()
    assert screen.model.counts().all == 1
    assert "Desat" in desktop.window.top.safety.text()


def test_it_speaks_the_language_of_the_screen(capsys: pytest.CaptureFixture[str]) -> None:
    WORDS.use("en")
    in_a_slot(stumble)
    assert windows()[0].findChildren(QLabel)[0].text() == "Your work is safe."


def test_enter_and_escape_go_on(capsys: pytest.CaptureFixture[str]) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape):
        in_a_slot(stumble)
        QTest.keyClick(windows()[0], key)
        QApplication.sendPostedEvents(None, 0)
        QApplication.processEvents()
        assert windows() == []


def test_stopping_from_the_keyboard_is_no_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[type[BaseException]] = []

    def usual(kind: type[BaseException], value: BaseException, trace: TracebackType | None) -> None:
        told.append(kind)

    monkeypatch.setattr(sys, "__excepthook__", usual)
    caught(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert told == [KeyboardInterrupt] and windows() == []
