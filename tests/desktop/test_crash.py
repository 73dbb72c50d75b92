"""When the mistake is ours: the work is safe, the report tells nobody's words, and the program goes on."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel

from pessdesk.desktop import crash
from pessdesk.desktop.crash import CrashWindow
from tests.desktop.conftest import Desktop

SECRET = "Maria Puig, 977 00 00 00"


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    for window in _windows():
        window.close()
        window.deleteLater()
    crash._OPEN.clear()


def _windows() -> list[CrashWindow]:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, CrashWindow) and w.isVisible()]


def _stumble() -> None:
    said = SECRET
    raise ValueError(f"cannot digest {said}")


def _caught() -> None:
    try:
        _stumble()
    except ValueError:
        crash.caught(*sys.exc_info())  # type: ignore[arg-type]


def test_it_says_first_that_the_work_is_safe(desktop: Desktop, capsys: pytest.CaptureFixture[str]) -> None:
    _caught()
    window = _windows()[0]
    first = window.findChildren(QLabel)[0]
    assert first.text() == "La vostra feina està segura."
    assert "ValueError" in capsys.readouterr().err


def test_the_report_names_places_and_no_words_of_anybody(desktop: Desktop, capsys: pytest.CaptureFixture[str]) -> None:
    _caught()
    report = _windows()[0].report.toPlainText()
    assert "_stumble" in report and "ValueError" in report
    assert SECRET not in report and "Maria" not in capsys.readouterr().err
    assert "/home/" not in report and str(sys.prefix) not in report


def test_the_report_can_be_copied(desktop: Desktop) -> None:
    _caught()
    window = _windows()[0]
    window._copy()
    assert QGuiApplication.clipboard().text() == window.report.toPlainText()


def test_however_often_it_happens_one_window_tells(desktop: Desktop, workshop: str) -> None:
    for _ in range(5):
        _caught()
    assert len(_windows()) == 1
    _windows()[0].close()
    desktop.come_forward()
    screen = desktop.go("workshop", workshop=workshop)
    desktop.type("Encara funciona")
    desktop.press("Return")
    desktop.settle()
    assert screen.model.counts().all == 1, "the program goes on"
