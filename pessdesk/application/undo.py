"""Changes that can be taken back: fields of records get new values, and what comes out is the way back.

Undoing overwrites nothing: it states the earlier values as one more revision, and only of the fields that the change
touched, so that what somebody else did to the same record meanwhile stays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pessdesk.application.authoring import Author
from pessdesk.application.ports import Desk, Unit
from pessdesk.domain.errors import UnknownThing
from pessdesk.records.codec import Content, from_content
from pessdesk.records.envelope import Revision
from pessdesk.records.merge import MergedView, merged_view

Authors = Callable[[], Author]


@dataclass(frozen=True, slots=True)
class Step:
    """New values for fields of one record; an empty value (`""`, `[]`, `None`, `False`) clears the field."""

    record: str
    fields: Mapping[str, Any]


Steps = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """What an action did: `record` is the one that it is about, `undo` the way back (empty when nothing changed)."""

    record: str
    workshop: str
    undo: Steps
    code: str = ""


def apply_steps(desk: Desk, steps: Sequence[Step]) -> Steps:
    """Make the changes, all of them or none, and give the steps that take them back.

    Raises `UnknownThing("record-unknown")` and whatever the domain refuses.
    """
    with desk.store.write() as unit:
        author = Author(desk, unit)
        inverse = tuple(step for step in (change_record(unit, author, step) for step in steps) if step)
        author.save()
    return inverse[::-1]


def change_record(unit: Unit, author: Author, step: Step) -> Step | None:
    """One step within a unit of work; gives its way back, or None when the record was so already."""
    history = unit.histories([step.record]).get(step.record)
    if not history:
        raise UnknownThing("record-unknown", value=step.record)
    view = merged_view(history)
    content = changed_content(view.content, step.fields)
    if content == view.content:
        return None
    base, parents = base_of_edit(view, history, step.fields)
    from_content(view.kind, content)
    made = author.state_content(view.kind, changed_content(base, step.fields), record=view.record, parents=parents)
    unit.add([made])
    return Step(step.record, {name: view.content.get(name) for name in step.fields})


def changed_content(content: Content, changes: Mapping[str, Any]) -> Content:
    """The content with new values, empty ones left out as the codec does."""
    merged = {**content, **changes}
    return {name: value for name, value in merged.items() if type(value) is int or value not in ("", [], None, False)}


def base_of_edit(
    view: MergedView, history: Sequence[Revision], changes: Mapping[str, Any]
) -> tuple[Content, tuple[str, ...]]:
    """On what an edit stands. With a clash open it must not settle it unseen: it stands on the one head whose value
    it changes, so that the others stay heads and the clash stays listed."""
    if not view.clashes:
        return view.content, view.heads
    shown = {revision.id: revision for revision in history}
    for head in view.heads:
        if all(shown[head].content.get(name) == view.content.get(name) for name in changes):
            return shown[head].content, (head,)
    return shown[view.winner].content, (view.winner,)
