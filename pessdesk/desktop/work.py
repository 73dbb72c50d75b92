"""Where the screens' work is done: lanes, each a thread that does its jobs in order, and gives results back here.

Three lanes belong to a session (`pessdesk.desktop.session`): one reads, one writes, one runs errands that may take
minutes (import, export). A fourth, for the program, does pure work (pictures, documents, spreadsheets). Nothing that a
lane does touches a widget; what comes back arrives on the thread of the screen, and not at all once its owner is gone.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal

from pessdesk.domain.errors import PessError, WorldUnkind

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

T = TypeVar("T")
R = TypeVar("R")
Then = Callable[[Any], None]
Trouble = Callable[[PessError], None]


class _Job(NamedTuple):
    work: Callable[[Any], Any]
    then: Then | None
    trouble: Trouble | None
    owner: QObject | None


class _Loan:
    """What another lane waits for: the thing that this one works with, or why there is none."""

    def __init__(self) -> None:
        self._there = threading.Event()
        self._outcome: Any = None

    def give(self, outcome: object) -> None:
        self._outcome = outcome
        self._there.set()

    def wait(self) -> Any:
        self._there.wait()
        if isinstance(self._outcome, BaseException):
            raise self._outcome
        return self._outcome


class Lane(QObject, Generic[T]):
    """A thread with something of its own to work with (a store, a connection), opened when it is first needed.

    Opening that fails is told to the job that asked, and tried again for the next.
    """

    _ended = Signal(object)
    idle = Signal()
    refused = Signal(object)
    """What was refused, before whoever asked hears of it."""

    def __init__(self, name: str, opened: Callable[[], AbstractContextManager[T]], trouble: Trouble) -> None:
        super().__init__()
        self._opened = opened
        self._trouble = trouble
        self._jobs: queue.SimpleQueue[_Job | _Loan | None] = queue.SimpleQueue()
        self._waiting = 0
        self._rested = threading.Event()
        self._starting = threading.Lock()
        self._ended.connect(self._give_back, Qt.ConnectionType.QueuedConnection)
        self._name = name
        self._thread: threading.Thread | None = None
        self._closed = False

    @property
    def busy(self) -> bool:
        """Whether a job waits or runs, or its result has not been given back yet."""
        return self._waiting > 0

    def do(
        self,
        work: Callable[[T], R],
        then: Callable[[R], None] | None = None,
        *,
        trouble: Trouble | None = None,
        owner: QObject | None = None,
        linger: float = 0.0,
    ) -> None:
        """Do `work` on the lane; `then` gets its result and `trouble` its refusal, here, while `owner` is alive.

        With `linger` the screen's thread stands still for so many seconds at most while the job is done: two threads
        that take turns at Python's lock would make a commit of one millisecond last three.
        """
        if self._closed:  # a timer of a screen that is going away
            return
        self._waiting += 1
        self._rested.clear()
        self._put(_Job(work, then, trouble, owner))
        if linger:
            self._rested.wait(linger)

    def lend(self) -> T:
        """What the lane works with, opened if need be; for another lane, which waits here. Never from the screen."""
        loan = _Loan()
        self._put(loan)
        lent: T = loan.wait()
        return lent

    def _put(self, job: _Job | _Loan) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=f"pessdesk-{self._name}", daemon=True)
                self._thread.start()
        self._jobs.put(job)

    def close(self) -> None:
        """Finish what was asked, and end; what is asked from now on is not done."""
        self._closed = True
        if self._thread is not None:
            self._jobs.put(None)
            self._thread.join()

    def _run(self) -> None:
        held: AbstractContextManager[T] | None = None
        thing: Any = None
        while (job := self._jobs.get()) is not None:
            outcome: object
            try:
                if held is None:
                    opening = self._opened()
                    thing = opening.__enter__()
                    held = opening
                outcome = thing if isinstance(job, _Loan) else job.work(thing)
            except OSError as problem:
                outcome = WorldUnkind.from_os(problem, problem.filename or "–")
            except BaseException as problem:
                outcome = problem
            if isinstance(job, _Loan):
                job.give(outcome)
            else:
                self._ended.emit((job, outcome))
            self._rested.set()
            del job, outcome
        if held is not None:
            held.__exit__(None, None, None)

    def _give_back(self, ended: tuple[_Job, object]) -> None:
        job, outcome = ended
        self._waiting -= 1
        try:
            if job.owner is not None and not shiboken6.isValid(job.owner):
                return
            if isinstance(outcome, PessError):
                self.refused.emit(outcome)
                (job.trouble or self._trouble)(outcome)
            elif isinstance(outcome, BaseException):  # a mistake of our own; whoever asked must still know
                if job.trouble is not None:
                    job.trouble(PessError("unknown-code", code=type(outcome).__name__))
                raise outcome
            elif job.then is not None:
                job.then(outcome)
        finally:
            if not self._waiting:
                self.idle.emit()
