"""The values of undoing (`pessdesk.application.undo`), apart from it, so that a screen can name them at no cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    """New values for fields of one record; an empty value (`""`, `[]`, `None`, `False`) clears the field.

    `after` is the revision that the step takes back, where it is a way back.
    """

    record: str
    fields: Mapping[str, Any]
    after: str = ""


Steps = tuple[Step, ...]


@dataclass(slots=True)
class Intent:
    """What a screen knows of a change that it asks for: how the list of what can be undone calls it (`what`), which
    screens show it (`kinds`, `workshop`, `records`), and which unfinished texts (`drafts`, settings) it finishes.

    `ends` says that something could be done again until now, which then cannot any more; False only where whoever asks
    knows that there is nothing. `number` is the change's place in that list, once it is written.
    """

    what: str
    kinds: tuple[str, ...] = ()
    workshop: str = ""
    records: tuple[str, ...] = ()
    drafts: tuple[str, ...] = ()
    ends: bool = True
    number: int = 0


@dataclass(frozen=True, slots=True)
class Turn:
    """The entry of that list which is being undone, or done again."""

    number: int
    undone: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of what can be undone (or, `undone`, done again), as the store keeps it; what it names is in `intent`."""

    intent: Intent
    steps: Steps
    undone: bool


@dataclass(frozen=True, slots=True)
class Done:
    """What an action did: `record` is the one that it is about, `undo` the way back (empty when nothing changed)."""

    record: str
    workshop: str
    undo: Steps
    code: str = ""
