"""Backups that nobody need think of, and a look at the store's health: on a thread of their own, while people work.

A few seconds after the start the store is looked through, then copied if it changed since its last backup; afterwards
once an hour, and at closing where that takes a moment only. What goes wrong is told once and calmly: the work itself is
on the disk whatever becomes of its copies.
"""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from pessdesk.desktop.work import Lane
from pessdesk.domain.errors import PessError, Stopped, StoreUnusable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from pessdesk.application.backups import Backup
    from pessdesk.desktop.program import Program, Pulse

SOON_MS = 15_000
EVERY_MS = 3_600_000
CLOSING_S = 3.0
"""So long closing may take for a backup; one that needs more is made at the next start."""
CLOSING_BYTES = 64 << 20
DAMAGE = ("check-database", "check-revision")
"""What the look says of a store that is damaged."""


class Keeper(QObject):
    """Looks after the store of one folder. `told` when something is known anew of its backups; `found` gives what is
    wrong with the store; `trouble` why there is no backup."""

    told = Signal()
    found = Signal(object)
    trouble = Signal(object)

    def __init__(self, program: Program, folder: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._program = program
        self._folder = folder
        self._ending = threading.Event()
        self._lane: Lane[None] | None = None
        self.current = False
        """Whether nothing has changed since the newest backup, as far as is known."""
        self._changed = False
        self.soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self.soon.timeout.connect(self.look)
        self.hourly = QTimer(self, interval=EVERY_MS)
        self.hourly.timeout.connect(self._again)

    def begin(self) -> None:
        """The store is open."""
        self._ending.clear()
        if self._lane is None:
            self._lane = Lane("keeper", _nothing, self.trouble.emit)
        self.soon.start()
        self.hourly.start()

    def rest(self) -> None:
        """The store is about to be closed: what is under way is stopped, and leaves nothing behind."""
        self.soon.stop()
        self.hourly.stop()
        self._ending.set()
        if self._lane is not None:
            self._lane.close()
            self._lane = None

    @property
    def busy(self) -> bool:
        return self._lane is not None and self._lane.busy

    def changed(self) -> None:
        """Something was saved."""
        self._changed, self.current = True, False

    def look(self) -> None:
        """Look the store through, then back it up; what is wrong with it must not get into a backup."""
        folder, program = self._folder, self._program

        def work(_: None) -> tuple[list[PessError], Backup | None]:
            wrong = [_problem(folder, code, facts) for code, facts in program.health(folder, self._pulse)]
            return wrong, None if wrong else program.back_up(folder, self._pulse)

        def looked(result: tuple[list[PessError], Backup | None]) -> None:
            wrong, _ = result
            if wrong:
                self.found.emit(wrong)
            else:
                self._is_current()

        def refused(problem: PessError) -> None:
            if isinstance(problem, StoreUnusable):
                self.found.emit([problem])
            else:
                self._quietly(problem)

        self._do(work, looked, refused)

    def _again(self) -> None:
        if self._changed:
            self.back_up()

    def back_up(
        self,
        then: Callable[[Backup | None], object] | None = None,
        trouble: Callable[[PessError], object] | None = None,
        progress: Pulse | None = None,
    ) -> None:
        """Make a backup now; `then` gets None when nothing has changed since the last one."""
        folder, program = self._folder, self._program
        self._changed = False

        def pulse(count: int, total: int) -> None:
            self._pulse(count, total)
            if progress is not None:
                progress(count, total)

        def done(backup: Backup | None) -> None:
            self._is_current()
            if then is not None:
                then(backup)

        def refused(problem: PessError) -> None:
            self._changed = True
            self._quietly(problem) if trouble is None else trouble(problem)

        self._do(lambda _: program.back_up(folder, pulse), done, refused)

    def at_closing(self) -> None:
        """A last backup after a day's work, where that is quick. Called when the store is closed."""
        if not self._changed:
            return
        until = time.monotonic() + CLOSING_S

        def pulse(_: int, __: int) -> None:
            if time.monotonic() > until:
                raise Stopped("stopped")

        try:
            newest = next(iter(self._program.backups(self._folder)), None)
            if newest is None or newest.size < CLOSING_BYTES:
                self._program.back_up(self._folder, pulse)
        except PessError:
            pass  # the next start makes it, and says what stands in its way

    def _do(
        self, work: Callable[[None], object], then: Callable[..., None], trouble: Callable[[PessError], None]
    ) -> None:
        if self._lane is not None:
            self._lane.do(work, then, trouble=trouble, owner=self)

    def _pulse(self, _: int, __: int) -> None:
        if self._ending.is_set():
            raise Stopped("stopped")

    def _is_current(self) -> None:
        self.current = not self._changed
        self.told.emit()

    def _quietly(self, problem: PessError) -> None:
        if problem.code != "stopped":
            self.trouble.emit(problem)


def _problem(folder: Path, code: str, facts: Mapping[str, object]) -> PessError:
    """What the look found, as the store's own trouble where it is the store that is damaged."""
    if code in DAMAGE:
        what = str(facts.get("what") or facts.get("id") or code).strip().splitlines()
        return StoreUnusable("store-damaged", path=str(folder), what=what[-1])
    return PessError(code, **facts)


@contextmanager
def _nothing() -> Iterator[None]:
    yield None
