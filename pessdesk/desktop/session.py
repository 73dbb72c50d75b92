"""One store, open in the window: its lanes, what changed in it, and whether everything is safe.

Screens ask `read`, change through `write`, and refresh themselves when `changed` names what they show. Opening happens
behind the first frame: the reading connection first, so that contributions stand on the screen, the writing one after.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal

from pessdesk.desktop.drafts import Drafts
from pessdesk.desktop.history import Entry, History, Undoable
from pessdesk.desktop.work import Lane, Trouble
from pessdesk.domain.errors import UnknownThing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from pessdesk.application.ports import Desk
    from pessdesk.application.screens import Reading
    from pessdesk.application.steps import Done, Intent, Steps
    from pessdesk.desktop.program import Program
    from pessdesk.domain.errors import PessError

R = TypeVar("R")


class Change(NamedTuple):
    """What changed: the kinds of thing (`contributions`, `workshops`, `groups`, `entities`, `clashes`, `bundles`,
    `trust`, `programme`, `people`), in which workshop (empty: maybe in all) and which contributions (empty: maybe all)."""

    kinds: frozenset[str]
    workshop: str = ""
    records: tuple[str, ...] = ()

    def of(self, done: Done) -> Change:
        """The change as it must be told when it is undone: of the record that was made or changed."""
        return self if self.records or "contributions" not in self.kinds else self._replace(records=(done.record,))

    def without(self, kind: str) -> Change:
        return self._replace(kinds=self.kinds - {kind})

    def touches(self, *kinds: str) -> bool:
        return not self.kinds.isdisjoint(kinds)


EVERYTHING = Change(
    frozenset(
        ("contributions", "workshops", "groups", "entities", "clashes", "bundles", "trust", "programme", "people")
    )
)


class Session(QObject):
    """The open store. `trouble` tells what nobody else took; `saved` and `unsaved` what became of what was written."""

    changed = Signal(object, object)
    saved = Signal()
    unsaved = Signal(object)
    saving = Signal()
    trouble = Signal(object)

    def __init__(self, program: Program, folder: Path, *, label: str = "", rehearsal: bool = False) -> None:
        super().__init__()
        self.program = program
        self.folder = folder
        self.label = label
        self.rehearsal = rehearsal
        self.ending = False
        """Whether the store is being closed: an errand that can stop between two commits does."""
        self.history = History(self)
        self.drafts = Drafts(self)
        self.reader: Lane[Reading] = Lane("reader", self._open_reading, self.trouble.emit)
        self.writer: Lane[Desk] = Lane("writer", self._open_desk, self.trouble.emit)
        self.errands: Lane[Desk] = Lane("errands", self._lend_desk, self.trouble.emit)
        self._idle = QTimer(self, singleShot=True, interval=2000)
        self._idle.timeout.connect(self._checkpoint)

    # Opening and closing

    @contextmanager
    def _open_reading(self) -> Iterator[Reading]:
        reading = self.program.reading(self.folder)
        if reading is None:  # no store yet, or an older one: the writing lane makes it or brings it up to date
            self.writer.lend()
            reading = self.program.reading(self.folder)
        assert reading is not None
        try:
            yield reading
        finally:
            reading.close()

    @contextmanager
    def _open_desk(self) -> Iterator[Desk]:
        with self.program.desk(self.folder, write=True, create=True, label=self.label, keep=True) as desk:
            self.program.checkpoint_when_asked(desk)
            yield desk

    @contextmanager
    def _lend_desk(self) -> Iterator[Desk]:
        """The writing lane's store, on a connection of this thread's own: SQLite puts the commits in order."""
        yield self.writer.lend()

    def warm_up(self) -> None:
        """Open the writing connection while nobody waits, so that the first Enter does not, and read what could be
        undone when the store was closed."""
        self.writer.do(lambda _: None)
        self.history.load()
        self.finish_erasure()

    def close(self) -> None:
        """Finish what was asked, in the order in which one lane needs the other."""
        self._idle.stop()
        self.ending = True
        for lane in (self.errands, self.reader, self.writer):
            lane.close()

    def finish_erasure(
        self,
        then: Callable[[bool], None] | None = None,
        trouble: Trouble | None = None,
        owner: QObject | None = None,
    ) -> None:
        """Reach, behind what people see, what an erasure did not reach yet; nothing where there was none."""

        def work(desk: Desk) -> bool:
            from pessdesk.application.erase import clean

            return clean(desk)

        self.errands.do(work, then, trouble=trouble or (lambda _: None), owner=owner)

    def _checkpoint(self) -> None:
        self.writer.do(self.program.checkpoint)

    # Reading and changing

    def read(
        self,
        question: Callable[[Reading], R],
        then: Callable[[R], None],
        *,
        owner: QObject | None = None,
        trouble: Trouble | None = None,
    ) -> None:
        self.reader.do(question, then, owner=owner, trouble=trouble)

    def write(
        self,
        action: Callable[[Desk], Done],
        what: Undoable,
        change: Change,
        *,
        then: Callable[[Done], None] | None = None,
        trouble: Trouble | None = None,
        owner: QObject | None = None,
        shown_by: QObject | None = None,
        linger: float = 0.0,
        drafts: Sequence[str] = (),
    ) -> None:
        """Do something that can be undone. `what` names it in the menu; `change` tells the screens what to look at;
        `drafts` are the unfinished texts that are finished with it, in one commit.

        The screen that asked may show the contribution by itself: `shown_by` need not read it again.
        `linger` as in `Lane.do`. A refusal that its screen cannot take any more is told by the window.
        """

        intent = self.intent(what, change, drafts)
        intent.ends = self.history.may_redo
        before = self.drafts.finished(drafts)

        def work(desk: Desk) -> Done:
            return action(desk.intending(intent))

        def done(result: Done) -> None:
            if result.undo:
                self.history.add(what, result.undo, change.of(result), intent.number)
            self.history.arrived()
            if result.undo:
                self.tell(change, shown_by)
            self._is_saved()
            if then is not None and (owner is None or shiboken6.isValid(owner)):
                then(result)

        def refused(problem: PessError) -> None:
            self.drafts.unfinished(before)
            self.history.arrived()
            self._is_unsaved(problem)
            self._tell_trouble(problem, trouble, owner)

        self.saving.emit()
        self.history.coming()
        self.writer.do(work, done, trouble=refused, linger=linger)

    def intent(self, what: Undoable, change: Change, drafts: Sequence[str] = ()) -> Intent:
        """What is written with a change into the store's list of what can be undone."""
        from pessdesk.application.steps import Intent

        return Intent(what.name, tuple(sorted(change.kinds)), change.workshop, change.records, tuple(drafts))

    def step(
        self, entry: Entry, then: Callable[[Steps], None], otherwise: Callable[[PessError], None], *, undone: bool
    ) -> None:
        """Undo or redo: apply an entry's steps; `then` gets their way back, `otherwise` hears that it was refused."""

        def done(back: Steps) -> None:
            self._is_saved()
            then(back)
            self.tell(entry.change)

        def refused(problem: PessError) -> None:
            otherwise(problem)
            self._is_unsaved(problem)
            self.trouble.emit(problem)

        def work(desk: Desk) -> Steps:
            from pessdesk.application.steps import Turn
            from pessdesk.application.undo import apply_steps

            turn = Turn(entry.number, undone)
            try:
                return apply_steps(desk.intending(turn), entry.steps)
            except UnknownThing:  # erased meanwhile: it cannot be undone later either
                with desk.store.write() as unit:
                    unit.turn_undo(turn, ())
                raise

        self.saving.emit()
        self.writer.do(work, done, trouble=refused)

    def decide(
        self,
        action: Callable[[Desk], R],
        change: Change,
        then: Callable[[R], object] | None = None,
        *,
        trouble: Trouble | None = None,
        owner: QObject | None = None,
    ) -> None:
        """Do something that stays done (a clash settled, a card trusted)."""

        def done(result: R) -> None:
            self._is_saved()
            self.tell(change)
            if then is not None and (owner is None or shiboken6.isValid(owner)):
                then(result)

        def refused(problem: PessError) -> None:
            self._is_unsaved(problem)
            self._tell_trouble(problem, trouble, owner)

        self.saving.emit()
        self.writer.do(action, done, trouble=refused)

    def _tell_trouble(self, problem: PessError, trouble: Trouble | None, owner: QObject | None) -> None:
        if trouble is not None and (owner is None or shiboken6.isValid(owner)):
            trouble(problem)
        else:
            self.trouble.emit(problem)

    def keep(
        self,
        key: str,
        value: str,
        then: Callable[[], object],
        trouble: Trouble,
    ) -> None:
        """Remember an unfinished text in the store, for `Drafts`; an empty one is forgotten."""

        def write(desk: Desk) -> None:
            with desk.store.write() as unit:
                if value:
                    unit.set_setting(key, value)
                else:
                    unit.drop_settings([key])

        def kept(_: None) -> None:
            self._idle.start()
            then()

        self.writer.do(write, kept, trouble=trouble)

    def tell(self, change: Change, shown_by: QObject | None = None) -> None:
        """Tell the screens that something changed; one of them may show the contributions already."""
        self.changed.emit(change, shown_by)

    def _is_saved(self) -> None:
        self._idle.start()
        self.saved.emit()

    def _is_unsaved(self, problem: PessError) -> None:
        self.unsaved.emit(problem)
