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


@dataclass(frozen=True, slots=True)
class Done:
    """What an action did: `record` is the one that it is about, `undo` the way back (empty when nothing changed)."""

    record: str
    workshop: str
    undo: Steps
    code: str = ""
