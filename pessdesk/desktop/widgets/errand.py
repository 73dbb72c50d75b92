"""How far something is that may take minutes, with the button that stops it.

What is under way on another thread tells `pulse`, and stops where it stands once somebody has pressed the button or
the window closes: `pulse` raises `Stopped` there.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from pessdesk.desktop import ui
from pessdesk.desktop.words import t
from pessdesk.domain.errors import Stopped

if TYPE_CHECKING:
    from pessdesk.desktop.session import Session

SLOW_MS = 400
FINE = 400
"""Into so many steps a bar is divided: nobody sees more, and the screen need not hear of every byte."""


class ErrandBar(QWidget):
    """The words, the bar, the button. `heard` gives what is being done (as `pulse` got it), how much, of how much."""

    heard = Signal(object, int, int)
    appeared = Signal()

    def __init__(self, session: Session | None) -> None:
        """Without a session the store is closed meanwhile: what is under way then is not stopped half-way."""
        super().__init__()
        self._session = session
        self._stop = threading.Event()
        self._told: tuple[object, int] = (None, -1)
        self.running = False
        self.words = ui.words("small")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.stop = ui.button("", "x", self._stop_it)
        self.setLayout(ui.row(self.words, ui.wide(self.bar), self.stop, gap=12))
        self._slow = QTimer(self, singleShot=True, interval=SLOW_MS)
        self._slow.timeout.connect(self._appear)
        self.heard.connect(self._show)
        self.stop.setVisible(session is not None)
        self.hide()

    def retranslate(self) -> None:
        self.stop.setText(t("Stop"))
        ui.name_it(self.stop, t("Stop what is under way"))

    def use_session(self, session: Session) -> None:
        self._session = session

    def begin(self, words: str) -> None:
        """Something begins; the bar appears when it takes longer than a moment."""
        self._stop, self._told = threading.Event(), (None, -1)
        self.running = True
        self.words.setText(words)
        self.bar.setRange(0, 0)
        self.stop.setEnabled(True)
        self._slow.start()

    def end(self) -> None:
        self.running = False
        self._slow.stop()
        self.hide()

    # On the thread of whatever is under way

    def stopped(self) -> bool:
        """Whether somebody wants it to stop."""
        return self._stop.is_set() or (self._session is not None and self._session.ending)

    def pulse(self, what: object, count: int, total: int) -> None:
        """So much of so much is done. Raises `Stopped` when somebody wants that."""
        if self.stopped():
            raise Stopped("stopped")
        step = (what, count * FINE // total if total else 0)
        if step != self._told:
            self._told = step
            self.heard.emit(what, count, total)

    # On the screen's

    def _appear(self) -> None:
        self.show()
        self.appeared.emit()

    def _show(self, _: object, count: int, total: int) -> None:
        self.bar.setRange(0, FINE if total else 0)
        self.bar.setValue(count * FINE // total if total else 0)

    def _stop_it(self) -> None:
        self._stop.set()
        self.stop.setEnabled(False)
