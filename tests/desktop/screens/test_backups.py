"""The backups on screen: made by a button, tried, gone back to after it is known what would be lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog

from pessdesk.bootstrap import Program
from pessdesk.desktop.models.backups import DAY_MS, when
from pessdesk.desktop.screens.backups import BackupsScreen
from pessdesk.desktop.screens.workshop import WorkshopScreen
from pessdesk.desktop.widgets.loss import RestoreDialog
from pessdesk.domain.errors import WorldUnkind
from tests.desktop.conftest import Desktop

OpenDesktop = Callable[[Path], Desktop]


@pytest.fixture
def screen(desktop: Desktop) -> BackupsScreen:
    desktop.go("backups")
    return desktop.screen(BackupsScreen)


def record(desktop: Desktop, workshop: str, *said: str) -> WorkshopScreen:
    desktop.go("workshop", workshop=workshop)
    for words in said:
        desktop.type(words)
        desktop.press("Return")
        desktop.settle()
    return desktop.screen(WorkshopScreen)


def make(desktop: Desktop, screen: BackupsScreen) -> None:
    """Press the button, and wait for what it says."""
    screen.make.click()
    desktop.until(lambda: not screen.errand.running)
    desktop.settle()


def dialog() -> RestoreDialog:
    return next(w for w in QApplication.topLevelWidgets() if isinstance(w, RestoreDialog) and w.isVisible())


def test_an_empty_list_says_what_to_do(desktop: Desktop, screen: BackupsScreen) -> None:
    assert "cap còpia" in screen.heading.text() and not screen.table.isVisible()
    assert desktop.focus is screen.make


def test_one_is_made_while_people_work(desktop: Desktop, screen: BackupsScreen, home: Path, workshop: str) -> None:
    record(desktop, workshop, "La primera")
    desktop.press("Alt+Left")
    make(desktop, screen)
    assert "està feta" in screen.said.text() and screen.said.isVisible()
    assert "avui" in screen.heading.text()
    assert [row.contributions for row in screen.model.rows] == [1] and screen.model.rows[0].good
    make(desktop, screen)
    assert "No ha canviat res" in screen.said.text() and len(screen.model.rows) == 1


def test_a_full_disk_is_said_beside_it_and_work_goes_on(
    desktop: Desktop, screen: BackupsScreen, workshop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise WorldUnkind("disk-full", path="x", reason="")

    monkeypatch.setattr(Program, "back_up", full)
    make(desktop, screen)
    assert "disc és ple" in screen.wrong.text() and screen.wrong.isVisible()
    assert len(record(desktop, workshop, "Encara s'escriu").model.rows) == 1


def test_the_newest_one_is_tried(desktop: Desktop, screen: BackupsScreen, workshop: str) -> None:
    record(desktop, workshop, "La primera", "La segona")
    desktop.press("Alt+Left")
    make(desktop, screen)
    desktop.click(screen.drill)
    assert "es pot recuperar" in screen.said.text() and " 2 " in screen.said.text()


def test_going_back_shows_first_what_would_be_lost(desktop: Desktop, screen: BackupsScreen, workshop: str) -> None:
    record(desktop, workshop, "La primera")
    desktop.press("Alt+Left")
    make(desktop, screen)
    record(desktop, workshop, "La segona, que encara no és a cap còpia")
    desktop.press("Alt+Left")
    screen.table.setFocus()
    desktop.press("Return")
    desktop.settle()
    asked = dialog()
    assert "La segona" in asked.loss.named.text() and "La primera" not in asked.loss.named.text()
    assert asked.focusWidget() is asked.leave_it, "Enter leaves things as they are"
    desktop.press("Return", asked.leave_it)
    desktop.settle()
    assert len(record(desktop, workshop).model.rows) == 2


def test_gone_back_and_what_was_there_lies_aside(
    desktop: Desktop, screen: BackupsScreen, home: Path, workshop: str
) -> None:
    record(desktop, workshop, "La primera")
    desktop.press("Alt+Left")
    make(desktop, screen)
    record(desktop, workshop, "La segona")
    desktop.press("Alt+Left")
    desktop.click(screen.restore)
    dialog().restore.click()
    desktop.until(lambda: not screen.closed_errand.running)
    desktop.settle()
    assert "replaced" in screen.said.text() and screen.look_there.isVisible()
    assert list((home / "replaced").iterdir())
    assert desktop.window.sidebar.isEnabled()
    shown = record(desktop, workshop, "I es continua")
    assert [row.text for row in shown.model.rows] == ["I es continua", "La primera"]


def test_closing_waits_until_the_store_is_whole_again(
    desktop: Desktop, screen: BackupsScreen, workshop: str, home: Path
) -> None:
    record(desktop, workshop, "La primera")
    desktop.press("Alt+Left")
    make(desktop, screen)
    desktop.click(screen.restore)
    dialog().restore.click()
    desktop.window.close()
    assert desktop.window.isVisible() and "es tancarà" in desktop.message
    for way in ("today", "workshops"):
        desktop.window.go(way)
        assert desktop.window.screen_now is screen
    desktop.until(lambda: not desktop.window.isVisible())


def test_a_second_place(
    desktop: Desktop, screen: BackupsScreen, workshop: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = tmp_path / "llapis"
    stick.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(stick))
    record(desktop, workshop, "La primera")
    desktop.press("Alt+Left")
    desktop.click(screen.choose)
    desktop.until(lambda: not screen.errand.running)
    desktop.settle()
    assert str(stick) in screen.second.text() and "avui" in screen.second.text()
    assert len(list(stick.rglob("*.db"))) == len(screen.model.rows) == 1
    assert screen.second_hint.isVisible(), "whoever finds the stick can read it"
    stick.rename(tmp_path / "fora")
    record(desktop, workshop, "La segona")
    desktop.press("Alt+Left")
    make(desktop, screen)
    assert screen.second_wrong.isVisible() and "avui" in screen.heading.text()
    desktop.go("today")
    assert any(
        "segon lloc" in label.text() for label in desktop.window.findChildren(type(screen.said)) if label.isVisible()
    )
    desktop.press("Alt+Left")
    desktop.click(screen.forget)
    assert str(stick) not in screen.second.text() and not screen.forget.isVisible()


def test_when_is_said_as_people_say_it() -> None:
    from PySide6.QtCore import QDateTime

    now = QDateTime.currentDateTime()
    noon = QDateTime(now.date(), now.time().fromString("12:05", "HH:mm")).toMSecsSinceEpoch()
    assert when(noon) == "avui a les 12:05"
    assert when(noon - DAY_MS).startswith("ahir a les")
    assert when(noon - 3 * DAY_MS).startswith("fa 3 dies")
    assert when(noon - 30 * DAY_MS)[2] == "/"
    assert when(noon + 40 * DAY_MS)[2] == "/", "a clock that was wrong is shown as it is"


def test_every_row_is_spoken_whole(desktop: Desktop, screen: BackupsScreen, workshop: str) -> None:
    record(desktop, workshop, "La primera")
    desktop.press("Alt+Left")
    make(desktop, screen)
    said = screen.model.data(screen.model.index(0, 0), Qt.ItemDataRole.AccessibleTextRole)
    assert "avui" in said and "1" in said and "Revisada" in said
    assert screen.model.rows[0].path.exists()
