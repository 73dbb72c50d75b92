"""Noticing that nobody is at the laptop: no key, no mouse for so many minutes.

The window that has the focus is watched, not every widget: whatever a person does arrives there first, and nothing
that is painted or laid out passes by.
"""

from __future__ import annotations

import time

import shiboken6
from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow

CHOICES = (0, 5, 10, 30)
"""Minutes after which the window locks itself; 0 is never."""
USUAL = 10
_BY_PEOPLE = frozenset(
    (
        QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.Wheel,
        QEvent.Type.TouchBegin, QEvent.Type.TabletPress, QEvent.Type.InputMethod,
    )
)  # fmt: skip


class Idle(QObject):
    """Watches for people. `fell` when none was there for as long as `watch` was told."""

    fell = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.timer = QTimer(self, singleShot=True)
        self.timer.timeout.connect(self.fell)
        self._seen = 0.0
        self._following = False
        self._watched: QWindow | None = None

    def watch(self, minutes: int) -> None:
        """From now on; 0 ends it."""
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        self.timer.stop()
        self.timer.setInterval(minutes * 60_000)
        self._follow(None)
        if self._following:
            app.focusWindowChanged.disconnect(self._follow)
        self._following = bool(minutes)
        if minutes:
            app.focusWindowChanged.connect(self._follow)
            self._follow(app.focusWindow())

    def _follow(self, window: QWindow | None) -> None:
        """Watch the window that has the focus now; going to another one is something a person does."""
        if self._watched is not None and self._watched is not window and shiboken6.isValid(self._watched):
            self._watched.removeEventFilter(self)
        if window is not None and window is not self._watched:
            window.installEventFilter(self)
        self._watched = window
        if window is not None:
            self._somebody()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _BY_PEOPLE:
            self._somebody()
        return False

    def _somebody(self) -> None:
        """A sign of somebody. A laptop that slept did not count meanwhile: the clock on the wall did."""
        now = time.time()
        slept = self.timer.isActive() and now - self._seen > self.timer.interval() / 1000
        self._seen = now
        if slept:
            self.timer.stop()
            self.fell.emit()
        else:
            self.timer.start()
