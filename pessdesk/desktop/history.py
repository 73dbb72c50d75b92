"""Undo and redo of everything that people do to the words: one list for the whole window, newest last.

An entry is the way back that a use case returned. Undoing it gives the way forth again. Decisions that others rely on
(a bundle handed over, a card trusted) are not in it. Undoing the decision on a clash brings back what was shown before;
the clash stays settled.

The store keeps the list as well (`pessdesk.storage.undo`), each entry in the commit of its change, so that it outlives
the window. It is read while nobody waits, or when somebody undoes before that.
"""

from __future__ import annotations

import enum
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Signal

from pessdesk.desktop.words import t
from pessdesk.domain.errors import UnknownThing

if TYPE_CHECKING:
    from collections.abc import Collection

    from pessdesk.application.steps import Entry as Kept
    from pessdesk.application.steps import Steps
    from pessdesk.desktop.session import Change, Session
    from pessdesk.domain.errors import PessError

DEEPEST = 500


class Undoable(enum.Enum):
    """What can be undone, as the menu names it."""

    RECORDED = enum.auto()
    TEXT = enum.auto()
    TITLE = enum.auto()
    KIND = enum.auto()
    TABLE = enum.auto()
    LINE = enum.auto()
    ENTITY = enum.auto()
    LANGUAGE = enum.auto()
    DOTS = enum.auto()
    PHOTO = enum.auto()
    PHOTO_AWAY = enum.auto()
    WITHDRAWN = enum.auto()
    BROUGHT_BACK = enum.auto()
    VERSION = enum.auto()
    WORKSHOP = enum.auto()
    WORKSHOP_FACTS = enum.auto()
    PRESENT = enum.auto()
    SHEET = enum.auto()
    CLASH = enum.auto()
    PERSON = enum.auto()
    CONSENT = enum.auto()

    def words(self) -> str:
        names = {
            Undoable.RECORDED: t("the contribution"),
            Undoable.TEXT: t("the text"),
            Undoable.TITLE: t("the title"),
            Undoable.KIND: t("the kind"),
            Undoable.TABLE: t("the table"),
            Undoable.LINE: t("the line"),
            Undoable.ENTITY: t("the entity"),
            Undoable.LANGUAGE: t("the language"),
            Undoable.DOTS: t("the dots"),
            Undoable.PHOTO: t("the photo"),
            Undoable.PHOTO_AWAY: t("taking the photo away"),
            Undoable.WITHDRAWN: t("withdrawing"),
            Undoable.BROUGHT_BACK: t("bringing back"),
            Undoable.VERSION: t("bringing back an earlier version"),
            Undoable.WORKSHOP: t("the new workshop"),
            Undoable.WORKSHOP_FACTS: t("the workshop's data"),
            Undoable.PRESENT: t("the attendance"),
            Undoable.SHEET: t("the spreadsheet's contributions"),
            Undoable.CLASH: t("the decision on a clash"),
            Undoable.PERSON: t("a person's data"),
            Undoable.CONSENT: t("withdrawing a consent"),
        }
        return names[self]


class Entry(NamedTuple):
    """`number` is the entry's place in the store's list."""

    what: Undoable
    steps: Steps
    change: Change
    number: int = 0


class History(QObject):
    """What can be undone and redone. `changed` when either list does; `moved` after an undo or redo took place;
    `overtaken` where there was nothing left to take back."""

    changed = Signal()
    moved = Signal(object, bool)
    overtaken = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._done: list[Entry] = []
        self._undone: list[Entry] = []
        self._busy = False
        self._coming = 0
        self._asked: deque[bool] = deque()
        self._loaded: bool | None = False
        """None while it is being read."""
        self._since: set[int] = set()
        """Entries that were written or turned since the window opened: as they are here, not as they were read."""
        self._ended = False

    @property
    def next_undo(self) -> Entry | None:
        return self._done[-1] if self._done else None

    @property
    def next_redo(self) -> Entry | None:
        return self._undone[-1] if self._undone else None

    @property
    def can_undo(self) -> bool:
        """Whether undo would find something, now or once what is under way has come; perhaps, until the list is read."""
        return bool(self._done or self._coming or self._busy or self._unread)

    @property
    def can_redo(self) -> bool:
        return bool(self._undone or self._busy or (self._unread and not self._ended))

    @property
    def _unread(self) -> bool:
        """Whether the store may have entries that were not read yet. Where there is none, none must be made by asking."""
        return self._loaded is not True and self._session.program.store_exists(self._session.folder)

    @property
    def may_redo(self) -> bool:
        """Whether the store may have something that can be done again, for all that is known here."""
        return bool(self._undone or self._busy or self._loaded is not True)

    def add(self, what: Undoable, steps: Steps, change: Change, number: int = 0) -> None:
        self._since.add(number)
        self._done.append(Entry(what, steps, change, number))
        del self._done[:-DEEPEST]
        self._undone.clear()
        self._ended = True
        self.load()
        self.changed.emit()

    def load(self) -> None:
        """Read what could be undone when the window was closed."""
        if self._loaded is False and self._unread:
            self._loaded = None
            self._session.read(lambda reading: reading.undo_list(), self._read, owner=self, trouble=self._cannot)

    def _read(self, found: list[Kept]) -> None:
        self._loaded = True
        known = Undoable.__members__
        entries = [kept for kept in found if kept.intent.what in known and kept.intent.number not in self._since]
        self._done[:0] = [_of(kept) for kept in entries if not kept.undone]
        del self._done[:-DEEPEST]
        if not self._ended:
            self._undone[:0] = [_of(kept) for kept in reversed(entries) if kept.undone]
        self.changed.emit()
        self._go_on()

    def _cannot(self, _: PessError) -> None:
        """Why the store cannot be read is told by whoever shows something of it."""
        self._loaded = False
        self._asked.clear()

    def forget(self, records: Collection[str]) -> None:
        """Take out the entries that name one of these records; the store has forgotten them in the commit that erased
        them (`Unit.forget_undo`)."""
        for entries in (self._done, self._undone):
            entries[:] = [entry for entry in entries if not _names(entry, records)]
        self.changed.emit()

    def coming(self) -> None:
        """A change is on its way to the disk; `arrived` says that it is there, or was refused."""
        self._coming += 1
        if not self._done:
            self.changed.emit()

    def arrived(self) -> None:
        self._coming -= 1
        self.changed.emit()
        self._go_on()

    def undo(self) -> None:
        self._ask(undo=True)

    def redo(self) -> None:
        self._ask(undo=False)

    def _ask(self, *, undo: bool) -> None:
        """Keys are quicker than disks: what was asked for waits for what was done before it."""
        self._asked.append(undo)
        self._go_on()

    def _go_on(self) -> None:
        while self._asked and not self._busy and not self._coming:
            if self._unread and not (self._done if self._asked[0] else self._undone):
                self.load()
                return
            if self._asked.popleft():
                self._move(self._done, self._undone, undo=True)
            else:
                self._move(self._undone, self._done, undo=False)

    def _move(self, source: list[Entry], target: list[Entry], *, undo: bool) -> None:
        if not source:
            return
        entry = source.pop()
        self._busy = True
        self._since.add(entry.number)
        self.changed.emit()

        def done(back: Steps) -> None:
            self._busy = False
            if back:
                target.append(entry._replace(steps=back))
                self.moved.emit(entry, undo)
            else:
                self.overtaken.emit(entry)
            self.changed.emit()
            self._go_on()

        def refused(problem: PessError) -> None:
            self._busy = False
            self._asked.clear()
            if problem.exit_code != UnknownThing.exit_code:  # what is erased cannot be undone later either
                source.append(entry)
            self.changed.emit()

        self._session.step(entry, done, refused, undone=undo)


def _of(kept: Kept) -> Entry:
    from pessdesk.desktop.session import Change

    told = kept.intent
    change = Change(frozenset(told.kinds), told.workshop, told.records)
    return Entry(Undoable[told.what], kept.steps, change, told.number)


def _names(entry: Entry, records: Collection[str]) -> bool:
    said = repr(entry)
    return any(record in said for record in records)
