"""Changes that can be taken back: fields of records get new values, and what comes out is the way back.

Undoing overwrites nothing: it states the earlier values as one more revision, and only of the fields that the change
touched, so that what somebody else did to the same record meanwhile stays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pessdesk.application.authoring import Author
from pessdesk.application.ports import Desk, Unit
from pessdesk.application.steps import Done, Step, Steps
from pessdesk.domain.errors import UnknownThing
from pessdesk.records.codec import Content, from_content, without_empty
from pessdesk.records.envelope import Revision
from pessdesk.records.merge import MergedView, merged_view

Authors = Callable[[], Author]


def apply_steps(desk: Desk, steps: Sequence[Step]) -> Steps:
    """Make the changes, all of them or none, and give the steps that take them back.

    Raises `UnknownThing("record-unknown")` and whatever the domain refuses.
    """
    with desk.store.write() as unit:
        author = Author(desk, unit)
        inverse = change_records(unit, author, steps)
        author.save(inverse, steps[0].record if steps else "")
    return inverse


def change_record(unit: Unit, author: Author, step: Step) -> Step | None:
    """One step within a unit of work; gives its way back, or None when the record was so already."""
    back = change_records(unit, author, [step])
    return back[0] if back else None


def change_records(unit: Unit, author: Author, steps: Sequence[Step]) -> Steps:
    """Steps within a unit of work, thousands as quickly as one; gives their way back, without those that hold already."""
    histories = unit.histories(list({step.record for step in steps}))
    made: list[Revision] = []
    inverse: list[Step] = []
    for step in steps:
        history = histories.get(step.record)
        if not history:
            raise UnknownThing("record-unknown", value=step.record)
        view = merged_view(history)
        base, parents = base_of_edit(view, history, step.fields, step.after)
        fields = _still_so(base, history, step)
        said = changed_content(view.kind, base, fields)
        if said == base or (not step.after and changed_content(view.kind, view.content, fields) == view.content):
            continue
        from_content(view.kind, said)
        made.append(author.state_content(view.kind, said, record=view.record, parents=parents))
        history.append(made[-1])
        inverse.append(Step(step.record, {name: base.get(name) for name in fields}, made[-1].id))
    unit.add(made)
    return tuple(inverse[::-1])


def _still_so(base: Content, history: Sequence[Revision], step: Step) -> Mapping[str, Any]:
    """The fields that still say what the change said which is taken back: a later change of them, made on another laptop
    or by a command, is not ours to undo."""
    undone = next((revision for revision in history if revision.id == step.after), None)
    if undone is None:
        return step.fields
    return {name: value for name, value in step.fields.items() if base.get(name) == undone.content.get(name)}


def changed_content(kind: str, content: Content, changes: Mapping[str, Any]) -> Content:
    """The content of a record of this kind with new values, empty ones left out as the codec does."""
    return without_empty(kind, {**content, **changes})


def base_of_edit(
    view: MergedView, history: Sequence[Revision], changes: Mapping[str, Any], after: str = ""
) -> tuple[Content, tuple[str, ...]]:
    """On what an edit stands. With a clash open it must not settle it unseen: it stands on the one head whose value
    it changes, so that the others stay heads and the clash stays listed. Taking back the revision `after` concerns
    the side on which that stands, whichever shows."""
    if not view.clashes:
        return view.content, view.heads
    known = {revision.id: revision for revision in history}
    heads = [head for head in view.heads if after and after in _line_of(head, known)] or view.heads
    for head in heads:
        if all(known[head].content.get(name) == view.content.get(name) for name in changes):
            return known[head].content, (head,)
    return known[heads[0]].content, (heads[0],)


def _line_of(head: str, known: Mapping[str, Revision]) -> set[str]:
    """A revision and all that it comes from."""
    found: set[str] = set()
    todo = [head]
    while todo:
        if (current := todo.pop()) not in found and current in known:
            found.add(current)
            todo.extend(known[current].parents)
    return found


__all__ = ["Done", "Step", "Steps", "apply_steps", "base_of_edit", "change_record", "changed_content"]
