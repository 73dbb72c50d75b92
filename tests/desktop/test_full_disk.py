"""The disk is full while somebody writes: SQLite itself refuses, the text stays, can be copied, and is saved once there is room."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication

from pessdesk.application.capture_line import draft_key
from pessdesk.application.ports import Desk
from pessdesk.application.screens import Reading
from pessdesk.storage.store import Store
from tests.desktop.conftest import Desktop

LONG = "Que el col·legi obri a l'estiu. " * 500
"""More than fits into the pages that a store has to spare."""


@pytest.fixture
def room_for(desktop: Desktop) -> Callable[[int], None]:
    """Leaves the store room for so many more pages."""

    def limit(pages: int) -> None:
        def work(desk: Desk) -> None:
            assert isinstance(desk.store, Store)
            with desk.store._engine.connect() as connection:
                there = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
                connection.exec_driver_sql(f"PRAGMA max_page_count = {there + pages}")

        desktop.window.session.writer.do(work)
        desktop.settle()

    return limit


def draft(desktop: Desktop, workshop: str) -> str:
    found: list[str] = []

    def question(reading: Reading) -> str:
        return reading.setting(draft_key(workshop))

    desktop.window.session.read(question, found.append)
    desktop.until(lambda: bool(found))
    return found[0]


def test_what_is_written_on_a_full_disk_stays_can_be_copied_and_is_saved_when_there_is_room(
    desktop: Desktop, workshop: str, room_for: Callable[[int], None]
) -> None:
    screen = desktop.go("workshop", workshop=workshop)
    safety = desktop.window.top.safety
    desktop.type("A mitges")
    desktop.until(lambda: draft(desktop, workshop) == "A mitges")
    room_for(0)
    QApplication.clipboard().setText(LONG)
    desktop.press("Ctrl+A")
    desktop.press("Ctrl+V")
    desktop.until(lambda: safety.property("state") == "unsaved")
    assert "Sense desar" in safety.text() and "disc és ple" in safety.toolTip()
    assert draft(desktop, workshop) == "A mitges", "the earlier version is intact"
    desktop.press("Return")
    desktop.settle()
    assert "disc és ple" in screen.line.wrong.text()
    QApplication.clipboard().clear()
    desktop.press("Ctrl+A")
    desktop.press("Ctrl+C")
    assert QApplication.clipboard().text().strip() == LONG.strip()
    room_for(10_000)
    desktop.press("Return")
    desktop.settle()
    assert [row.text.strip() for row in screen.model.rows] == [LONG.strip()]
    desktop.until(lambda: "Desat" in safety.text())
