"""The capture screen, used as people use it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QModelIndex, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from pessdesk.application import capture
from pessdesk.application.record_contributions import SheetRow, record_rows
from pessdesk.bootstrap import Program
from pessdesk.desktop.models.contributions import Filter
from pessdesk.desktop.screens.workshop import WorkshopScreen
from pessdesk.desktop.session import EVERYTHING
from pessdesk.desktop.theme import THEME
from pessdesk.domain.errors import StoreBusy
from tests.application.conftest import Room, elsewhere
from tests.desktop.conftest import SAID, Desktop


def test_type_enter_saved(desktop: Desktop, workshop: str) -> None:
    screen = desktop.go("workshop", workshop=workshop)
    desktop.type("Transport a demanda")
    desktop.press("Return")
    desktop.settle()
    row = screen.model.row_at(screen.model.index(0))
    assert row.text == "Transport a demanda"
    assert screen.line.text.toPlainText() == ""
    assert desktop.focus is screen.line.text
    assert "Desat" in desktop.window.top.safety.text()


def test_undo_and_redo(desktop: Desktop, workshop: str) -> None:
    screen: WorkshopScreen = desktop.go("workshop", workshop=workshop)
    for said in SAID:
        desktop.type(said)
        desktop.press("Return")
    desktop.settle()
    assert screen.model.counts().all == 3
    desktop.press("Ctrl+Z")
    desktop.settle()
    assert [row.text for row in screen.model.rows if not row.withdrawn] == [SAID[1], SAID[0]]
    desktop.press("Ctrl+Shift+Z")
    desktop.settle()
    assert screen.model.counts().all == 3
    screen.model.filter_by(Filter(words="collegi"))
    assert screen.model.rowCount() == 1


# Moving about by keyboard


@pytest.fixture
def screen(desktop: Desktop, workshop: str) -> WorkshopScreen:
    shown = desktop.go("workshop", workshop=workshop)
    assert isinstance(shown, WorkshopScreen)
    return shown


def say(desktop: Desktop, screen: WorkshopScreen, *texts: str) -> None:
    for text in texts:
        screen.line.text.setFocus()
        desktop.type(text)
        desktop.press("Return")
    desktop.settle()


def standing(screen: WorkshopScreen) -> list[str]:
    return [row.text for row in screen.model.rows if not row.withdrawn]


def test_f6_goes_round_the_parts(desktop: Desktop, screen: WorkshopScreen) -> None:
    say(desktop, screen, *SAID)
    seen = []
    for _ in range(4):
        desktop.press("F6")
        desktop.settle()
        seen.append(desktop.focus)
    assert seen == [screen.list, screen.detail.text, screen.filters, screen.line.text]
    for keys, target in (("Ctrl+L", screen.line.text), ("Ctrl+F", screen.search)):
        desktop.press(keys)
        assert desktop.focus is target


def test_enter_in_the_list_goes_to_the_text_and_escape_comes_back(desktop: Desktop, screen: WorkshopScreen) -> None:
    say(desktop, screen, *SAID)
    screen.list.setFocus()
    desktop.press("Down")
    desktop.press("Return")
    desktop.settle()
    assert desktop.focus is screen.detail.text
    desktop.press("Escape")
    assert desktop.focus is screen.line.text


def test_del_withdraws_and_the_next_one_follows(desktop: Desktop, screen: WorkshopScreen) -> None:
    say(desktop, screen, *SAID)
    screen.list.setFocus()
    screen.list.setCurrentIndex(screen.model.index(0))
    desktop.settle()
    desktop.press("Delete")
    desktop.settle()
    assert standing(screen) == [SAID[1], SAID[0]]
    assert screen.detail.text.toPlainText() == SAID[1], "going through the list, one after the other"
    desktop.press("Delete")
    desktop.settle()
    assert standing(screen) == [SAID[0]]
    for _ in range(2):
        desktop.press("Ctrl+Z")
        desktop.settle()
    assert standing(screen) == list(reversed(SAID))


def test_del_without_anything_chosen_withdraws_nothing(desktop: Desktop, screen: WorkshopScreen) -> None:
    say(desktop, screen, *SAID)
    screen.list.setFocus()
    screen.list.setCurrentIndex(QModelIndex())
    desktop.press("Delete")
    screen.line.text.setFocus()
    desktop.press("Delete")
    desktop.settle()
    assert len(standing(screen)) == 3


def test_search_ignores_accents_and_enter_goes_to_the_first(desktop: Desktop, screen: WorkshopScreen) -> None:
    say(desktop, screen, *SAID)
    desktop.press("Ctrl+F")
    desktop.type("COLLEGI")
    assert screen.model.rowCount() == 1
    desktop.press("Return")
    desktop.settle()
    assert desktop.focus is screen.list and screen.detail.text.toPlainText() == SAID[1]
    desktop.press("Escape")
    assert screen.model.rowCount() == 3 and screen.search.text() == ""


def test_an_empty_workshop_says_what_to_do_and_a_search_without_results_too(
    desktop: Desktop, screen: WorkshopScreen
) -> None:
    assert screen.empty.isVisible() and "retorn" in screen.empty.text().lower() and not screen.list.isVisible()
    say(desktop, screen, "Una")
    assert not screen.empty.isVisible()
    desktop.press("Ctrl+F")
    desktop.type("zzz")
    desktop.settle()
    assert screen.empty.isVisible() and "Esc" in screen.empty.text()


# Narrow windows


def test_in_a_narrow_window_one_column_at_a_time(desktop: Desktop, screen: WorkshopScreen) -> None:
    say(desktop, screen, *SAID)
    THEME.use("light", 1.3)
    desktop.window.resize(800, 600)
    desktop.settle()
    assert screen.middle.isVisible() and not screen.side.isVisible() and not screen.filters.isVisible()
    screen.list.setFocus()
    desktop.press("Down")
    desktop.press("Return")
    desktop.settle()
    assert screen.side.isVisible() and not screen.middle.isVisible() and desktop.focus is screen.detail.text
    assert screen.detail.back.isVisible()
    desktop.press("Escape")
    desktop.settle()
    assert screen.middle.isVisible() and desktop.focus is screen.line.text
    desktop.click(screen.columns)
    assert screen.filters.isVisible() and not screen.middle.isVisible()
    desktop.click(screen.columns)
    assert screen.middle.isVisible() and not screen.filters.isVisible()
    desktop.press("Ctrl+F")
    assert screen.search.isVisible() and desktop.focus is screen.search
    desktop.window.resize(1366, 768)
    desktop.settle()
    assert screen.middle.isVisible() and screen.side.isVisible()


# Drops


def mime(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def drop(desktop: Desktop, target: QWidget, data: QMimeData) -> None:
    how = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(target.rect().center(), *how)
    QApplication.sendEvent(target, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(target, QDropEvent(QPointF(target.rect().center()), *how))
    desktop.settle()


@pytest.mark.parametrize(
    ("name", "content", "shown"),
    [
        ("full.csv", b"text\nHola\n", "sheet"), ("FULL.CSV", b"text\nHola\n", "sheet"), ("x.asice", b"no bundle", "receive"),
        ("x.pem", b"no card", "laptops"), ("mural.jpg", b"\xff\xd8", "workshop"),
    ],
)  # fmt: skip
@pytest.mark.qt_log_ignore("JPEG", extend=True)
def test_what_is_dropped_goes_where_it_belongs(
    desktop: Desktop, screen: WorkshopScreen, tmp_path: Path, name: str, content: bytes, shown: str
) -> None:
    say(desktop, screen, "Una")
    screen.list.setCurrentIndex(screen.model.index(0))
    desktop.settle()
    path = tmp_path / name
    path.write_bytes(content)
    drop(desktop, screen, mime(path))
    assert desktop.window.screen_now is not None and desktop.window.screen_now.name == shown
    assert screen.model.rows[0].attachments == (1 if shown == "workshop" else 0)


def test_a_link_that_is_no_file_is_not_taken(desktop: Desktop, screen: WorkshopScreen) -> None:
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/x.asice")])
    enter = QDragEnterEvent(
        screen.rect().center(),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    enter.ignore()
    QApplication.sendEvent(screen, enter)
    assert not enter.isAccepted()


# Much, quickly, elsewhere


def test_pages_come_by_themselves_and_the_one_that_was_asked_for_is_chosen_once(
    home: Path, workshop: str, open_desktop: Callable[[Path], Desktop]
) -> None:
    with Program().desk(home, write=True, keep=True) as desk:
        code = next(row["code"] for row in _workshops(desk) if row["record"] == workshop)
        rows = [SheetRow(n, {"text": f"Aportació {n}"}) for n in range(2, 1302)]
        for _ in record_rows(desk, code, rows, folder=Path(), words={}):
            pass
        with desk.store.read() as unit:
            oldest = unit.contributions(workshop)[0]["record"]
    desktop = open_desktop(home)
    screen = desktop.go("workshop", workshop=workshop, contribution=oldest)
    assert screen.model.counts().all == screen.model.rowCount() == 1300
    assert screen.looked_at == oldest and screen.list.currentIndex().row() == 1299
    records = [row.record for row in screen.model.rows]
    assert records == sorted(set(records), reverse=True)


def _workshops(desk: Any) -> list[dict[str, Any]]:
    with desk.store.read() as unit:
        found: list[dict[str, Any]] = unit.workshops()
        return found


def test_from_one_workshop_to_the_next_quicker_than_the_disk(
    desktop: Desktop, screen: WorkshopScreen, workshop: str
) -> None:
    say(desktop, screen, *SAID)
    others: list[str] = []
    desktop.window.session.read(lambda reading: [row.record for row in reading.workshops()], others.extend)
    desktop.settle()
    for record in (*others, workshop, others[0], workshop):
        desktop.window.go("workshop", workshop=record)
    desktop.settle()
    assert screen.record == workshop and standing(screen) == list(reversed(SAID))
    desktop.window.go("workshop", workshop=next(record for record in others if record != workshop))
    desktop.settle()
    assert standing(screen) == [] and screen.looked_at == ""


def test_what_arrives_from_elsewhere_shows_and_what_is_looked_at_stays(
    desktop: Desktop, screen: WorkshopScreen, workshop: str
) -> None:
    say(desktop, screen, *SAID)
    screen.list.setCurrentIndex(screen.model.index(1))
    desktop.settle()
    looked_at = screen.looked_at

    def arrive(desk: Any) -> None:
        record = desk.new_id()
        said = {"workshop": workshop, "code": "PESS-04-260312-7K-ZZ001", "text": "De lluny"}
        elsewhere(desk, record, said, (), "contribution")

    desktop.window.session.decide(arrive, EVERYTHING)
    desktop.settle()
    assert "De lluny" in standing(screen) and len(standing(screen)) == 4
    assert screen.looked_at == looked_at and screen.detail.text.toPlainText() == SAID[1]


def test_a_clash_that_arrives_is_marked_and_counted(desktop: Desktop, screen: WorkshopScreen) -> None:
    say(desktop, screen, "Una")
    row = screen.model.rows[0]

    def arrive(desk: Any) -> None:
        room = Room(desk, row.workshop)
        before = room.view(row.record)
        capture.change_fields(desk, row.record, row.workshop, {"text": "aquí"})
        elsewhere(desk, row.record, before.content | {"text": "allà"}, before.heads)

    desktop.window.session.decide(arrive, EVERYTHING)
    desktop.settle()
    assert screen.model.rows[0].clash
    assert desktop.window.sidebar._buttons["clashes"].text().endswith("· 1")


# Drafts and closing


def test_a_draft_is_there_after_the_window_closed(
    desktop: Desktop, screen: WorkshopScreen, home: Path, open_desktop: Callable[[Path], Desktop]
) -> None:
    desktop.type("A mitges")
    desktop.window.close()
    again = open_desktop(home)
    shown = again.go("workshop", workshop=screen.record)
    assert "A mitges" in shown.line.text.toPlainText()
    assert shown.line.text.textCursor().atEnd()


def test_a_draft_is_on_the_disk_though_nobody_closed_anything(
    desktop: Desktop, screen: WorkshopScreen, home: Path, open_desktop: Callable[[Path], Desktop]
) -> None:
    """As the disk is when the battery is empty, a moment after the last key."""
    desktop.type("A mitges")
    desktop.until(lambda: not screen.draft.waits)
    desktop.settle()
    shutil.copytree(home, home.parent / "after")
    again = open_desktop(home.parent / "after")
    shown = again.go("workshop", workshop=screen.record)
    assert shown.line.text.toPlainText() == "A mitges"


def test_what_was_entered_a_moment_before_closing_is_saved(
    desktop: Desktop, screen: WorkshopScreen, home: Path, open_desktop: Callable[[Path], Desktop]
) -> None:
    for text in SAID:
        desktop.type(text)
        desktop.press("Return")
    desktop.window.close()
    shown = open_desktop(home).go("workshop", workshop=screen.record)
    assert standing(shown) == list(reversed(SAID))


def test_another_program_comes_forward_and_the_text_is_saved(desktop: Desktop, screen: WorkshopScreen) -> None:
    say(desktop, screen, "Una")
    screen.list.setCurrentIndex(screen.model.index(0))
    desktop.settle()
    screen.detail.text.setFocus()
    desktop.type("Ara ")
    desktop.window._keep_unfinished()
    desktop.settle()
    assert standing(screen) == ["Ara Una"]


# The store refuses


def test_while_another_program_writes_enter_waits_or_gives_the_text_back(
    desktop: Desktop, screen: WorkshopScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> None:
        raise StoreBusy("store-busy", path="x")

    with monkeypatch.context() as broken:
        broken.setattr("pessdesk.application.capture.record_contribution", busy)
        desktop.type("Una")
        desktop.press("Return")
        desktop.settle()
        assert screen.line.text.toPlainText().strip() == "Una" and screen.line.wrong.isVisible()
        assert "Sense desar" in desktop.window.top.safety.text()
    desktop.press("Return")
    desktop.settle()
    assert standing(screen) == ["Una"] and "Desat" in desktop.window.top.safety.text()


def test_saving_is_said_when_it_takes_long_enough_to_be_noticed(desktop: Desktop, screen: WorkshopScreen) -> None:
    go = threading.Event()
    desktop.window.session.writer.do(lambda _: go.wait())
    desktop.type("Una")
    desktop.press("Return")
    safety = desktop.window.top.safety
    desktop.until(lambda: "Desant" in safety.text() or "S'està desant" in safety.text())
    go.set()
    desktop.settle()
    assert safety.text().startswith("✓")


# Minutes


def test_minutes_that_cannot_be_written_say_why_and_can_be_asked_for_again(
    desktop: Desktop, screen: WorkshopScreen, tmp_path: Path
) -> None:
    say(desktop, screen, "Una")
    screen.minutes_to(tmp_path / "nowhere" / "acta.pdf")
    desktop.settle()
    assert desktop.message and screen.minutes.isEnabled()
    screen.minutes_to(tmp_path / "acta.html")
    desktop.settle()
    assert (tmp_path / "acta.html").stat().st_size > 1000 and "acta.html" in desktop.message


@pytest.mark.parametrize(
    ("typed", "filter_", "made"),
    [
        ("acta.pdf", "PDF", "acta.pdf"),
        ("acta", "PDF document (*.pdf)", "acta.pdf"),
        ("acta", "(*.html)", "acta.html"),
        ("", "", ""),
    ],
)
def test_the_file_of_the_minutes_gets_its_ending(
    desktop: Desktop,
    screen: WorkshopScreen,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    typed: str,
    filter_: str,
    made: str,
) -> None:
    say(desktop, screen, "Una")
    wanted = str(tmp_path / typed) if typed else ""
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (wanted, filter_))
    screen.write_minutes()
    desktop.settle()
    assert [path.name for path in tmp_path.glob("acta*")] == ([made] if made else [])
