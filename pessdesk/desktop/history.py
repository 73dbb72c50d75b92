"""Undo and redo of everything that people do to the words: one list for the whole window, newest last.

An entry is the way back that a use case returned. Undoing it gives the way forth again. Decisions that others rely on
(a bundle handed over, a card trusted) are not in it. Undoing the decision on a clash brings back what was shown before;
the clash stays settled.
"""

from __future__ import annotations

import enum
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Signal

from pessdesk.desktop.words import t

if TYPE_CHECKING:
    from pessdesk.application.steps import Steps
    from pessdesk.desktop.session import Change, Session

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
    WORKSHOP = enum.auto()
    WORKSHOP_FACTS = enum.auto()
    PRESENT = enum.auto()
    SHEET = enum.auto()
    CLASH = enum.auto()

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
            Undoable.WORKSHOP: t("the new workshop"),
            Undoable.WORKSHOP_FACTS: t("the workshop's data"),
            Undoable.PRESENT: t("the attendance"),
            Undoable.SHEET: t("the spreadsheet's contributions"),
            Undoable.CLASH: t("the decision on a clash"),
        }
        return names[self]


class Entry(NamedTuple):
    what: Undoable
    steps: Steps
    change: Change


class History(QObject):
    """What can be undone and redone. `changed` when either list does; `moved` after an undo or redo took place."""

    changed = Signal()
    moved = Signal(object, bool)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._done: list[Entry] = []
        self._undone: list[Entry] = []
        self._busy = False
        self._coming = 0
        self._asked: deque[bool] = deque()

    @property
    def next_undo(self) -> Entry | None:
        return self._done[-1] if self._done else None

    @property
    def next_redo(self) -> Entry | None:
        return self._undone[-1] if self._undone else None

    @property
    def can_undo(self) -> bool:
        """Whether undo would find something, now or once what is under way has come."""
        return bool(self._done or self._coming or self._busy)

    @property
    def can_redo(self) -> bool:
        return bool(self._undone or self._busy)

    def add(self, what: Undoable, steps: Steps, change: Change) -> None:
        self._done.append(Entry(what, steps, change))
        del self._done[:-DEEPEST]
        self._undone.clear()
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
            if self._asked.popleft():
                self._move(self._done, self._undone, undo=True)
            else:
                self._move(self._undone, self._done, undo=False)

    def _move(self, source: list[Entry], target: list[Entry], *, undo: bool) -> None:
        if not source:
            return
        entry = source.pop()
        self._busy = True
        self.changed.emit()

        def done(back: Steps) -> None:
            self._busy = False
            if back:
                target.append(Entry(entry.what, back, entry.change))
            self.changed.emit()
            self.moved.emit(entry, undo)
            self._go_on()

        def refused() -> None:
            self._busy = False
            self._asked.clear()
            source.append(entry)
            self.changed.emit()

        self._session.step(entry.steps, entry.change, done, refused)
