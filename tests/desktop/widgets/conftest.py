"""The capture screen of today's workshop, and a person who types in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from pessdesk.application.screens import ContributionRow
from pessdesk.desktop.screens.workshop import WorkshopScreen
from pessdesk.desktop.widgets.capture_line import CaptureLine
from pessdesk.desktop.widgets.detail import Detail
from pessdesk.domain.errors import PessError, WorldUnkind
from tests.desktop.conftest import Desktop


@dataclass
class Room:
    """The screen, and what is on it."""

    desktop: Desktop
    screen: WorkshopScreen

    @property
    def line(self) -> CaptureLine:
        return self.screen.line

    @property
    def detail(self) -> Detail:
        return self.screen.detail

    @property
    def text(self) -> str:
        return self.line.text.toPlainText()

    @property
    def newest(self) -> ContributionRow:
        self.desktop.settle()
        return self.screen.model.rows[0]

    @property
    def said(self) -> list[str]:
        self.desktop.settle()
        return [row.text for row in self.screen.model.rows if not row.withdrawn]

    def say(self, *texts: str) -> None:
        for text in texts:
            self.line.text.setFocus()
            self.desktop.type(text)
            self.desktop.press("Return")
        self.desktop.settle()

    def look_at(self, place: int = 0) -> Detail:
        self.desktop.settle()
        self.screen.list.setCurrentIndex(self.screen.model.index(place))
        self.desktop.settle()
        return self.detail

    def draft(self, record: str = "") -> str:
        """The unfinished text that the store keeps, of the workshop or of a contribution."""
        self.desktop.settle()
        found: list[str] = []
        wanted = record or self.screen.record
        self.desktop.window.session.read(lambda reading: reading.setting(f"draft:{wanted}"), found.append)
        self.desktop.settle()
        return found[0]

    def drop(self, onto: QWidget, data: QMimeData, at: QPoint | None = None) -> bool:
        """Drop something on a widget, as the system does: whoever says at the door that it takes it gets it."""
        point = at or onto.rect().center()
        how = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        target: QWidget | None = onto
        while target is not None:
            where = onto.mapTo(target, point)
            enter = QDragEnterEvent(where, *how)
            enter.ignore()
            if target.acceptDrops():
                QApplication.sendEvent(target, enter)
                if enter.isAccepted():
                    QApplication.sendEvent(target, QDropEvent(QPointF(where), *how))
                    self.desktop.settle()
                    return True
            target = target.parentWidget()
        return False


def files(*paths: Any) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def menu() -> QMenu:
    """The menu that is open."""
    QApplication.processEvents()
    opened = QApplication.activePopupWidget()
    assert isinstance(opened, QMenu), opened
    return opened


@pytest.fixture
def room(desktop: Desktop, workshop: str) -> Room:
    screen = desktop.go("workshop", workshop=workshop)
    assert isinstance(screen, WorkshopScreen)
    return Room(desktop, screen)


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Callable[[], None]]:
    """Make a use case refuse as a full disk does; what comes back mends it."""

    def breaking(name: str, problem: PessError | None = None) -> Callable[[], None]:
        module, _, function = f"pessdesk.application.{name}".rpartition(".")
        patch = pytest.MonkeyPatch()

        def refuse(*_: object, **__: object) -> None:
            raise problem or WorldUnkind("disk-full", path="/data", reason="")

        patch.setattr(f"{module}.{function}", refuse)
        mends.append(patch)
        return patch.undo

    mends: list[pytest.MonkeyPatch] = []
    yield breaking  # type: ignore[misc]
    for patch in mends:
        patch.undo()


__all__ = ["QPoint", "Room", "broken", "files", "menu", "replace", "room"]
