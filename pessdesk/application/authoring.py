"""How this laptop states something: counter, clock and author of its revisions.

The counter grows by one a revision and is written in the transaction that keeps the revisions, so that no two share
one and none is missing.
"""

from __future__ import annotations

import secrets
from typing import Self

from pessdesk.application.ports import Desk, Unit
from pessdesk.application.steps import Steps, Turn
from pessdesk.domain import hlc
from pessdesk.domain.kinds import PERSONAL_KINDS
from pessdesk.domain.model import Act, Device, Value
from pessdesk.records.codec import Content, to_content
from pessdesk.records.envelope import Revision, make_revision


class Author:
    """Makes revisions in one unit of work; `save` must be called before it ends."""

    def __init__(self, desk: Desk, unit: Unit) -> None:
        self._desk = desk
        self._unit = unit
        unit.expect_settings("epoch", "counter", "hlc", "actor")
        self._kept: dict[str, str] = {}
        self.epoch = int(unit.setting("epoch") or 1)
        self._counter = int(unit.setting("counter") or 0)
        self._stamp = unit.setting("hlc") or hlc.ZERO
        self._actor = unit.setting("actor") or ""
        if not self._actor:
            self._actor = desk.new_id()
            unit.set_setting("actor", self._actor)

    def state(self, value: Value, *, record: str = "", parents: tuple[str, ...] = ()) -> Revision:
        """A revision that says `value`, of a new record when none is named: its id has the stamp of its first statement."""
        return self.state_content(value.KIND, to_content(value), record=record, parents=parents)

    def state_content(
        self, kind: str, content: Content, *, record: str = "", parents: tuple[str, ...] = ()
    ) -> Revision:
        self._counter += 1
        self._stamp = hlc.tick(self._stamp, self._desk.clock.now_ms())
        return make_revision(
            kind=kind,
            record=record or hlc.as_record(self._stamp, secrets.randbits(58)),
            parents=parents,
            device=self._desk.device,
            epoch=self.epoch,
            counter=self._counter,
            hlc=self._stamp,
            actor=self._actor,
            content=content,
            salt=secrets.token_hex(16) if kind in PERSONAL_KINDS else "",
        )

    def act(self, action: str, *, workshop: str = "", subjects: tuple[str, ...] = (), note: str = "") -> Revision:
        """What a person decided, for the log."""
        return self.state(Act(action=action, workshop=workshop, subjects=subjects, note=note))

    def keep(self, key: str, value: str) -> None:
        """A setting that is to be written together with the counter and the clock."""
        self._kept[key] = value

    def save(self, undo: Steps = (), about: str = "") -> Self:
        """Write the counter and the clock, and, for a change that a screen asked for, its way back into the list of what
        can be undone: in one commit with the change, so that neither is ever there without the other.

        `about` is the record that the change is about.
        """
        self._unit.set_settings({**self._kept, "counter": str(self._counter), "hlc": self._stamp})
        intent = self._desk.intent
        if isinstance(intent, Turn):
            self._unit.turn_undo(intent, undo)
        elif intent is not None:
            if undo:
                self._unit.note_undo(intent, undo, about)
            if intent.drafts:
                self._unit.drop_settings(intent.drafts)
        return self


def introduce(desk: Desk) -> None:
    """State this laptop's name, once, before it hands over for the first time.

    Not earlier: a store that only receives then holds what it received and nothing else, and two such stores agree.
    """
    with desk.store.write() as unit:
        if unit.setting("introduced") is None:
            author = Author(desk, unit)
            unit.append_new([author.state(Device(label=desk.label))])
            unit.set_setting("introduced", "1")
            author.save()


def follow_clock(unit: Unit, seen: str, now_ms: int) -> None:
    """Let this laptop's stamps come after what it has read from others."""
    last = unit.setting("hlc") or hlc.ZERO
    unit.set_setting("hlc", hlc.observe(last, seen, now_ms))
