"""What a facilitator does in the room, one action a function: each is committed when it returns and can be undone.

References are ids here: the screen offers what there is, so there are no names to look up on the way to the disk.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pessdesk.application.authoring import Author
from pessdesk.application.capture_line import Said, draft_key
from pessdesk.application.ports import Desk, Unit
from pessdesk.application.record_contributions import next_code
from pessdesk.application.undo import Done, Step, Steps, apply_steps, change_record, change_records
from pessdesk.domain.model import Attachment, Contribution, Entity, Group, Tally
from pessdesk.domain.text import fold
from pessdesk.records.envelope import Revision


def record_contribution(desk: Desk, workshop: str, said: Said) -> Done:
    """Record what was said in a workshop (its record id), and let its draft go in the same commit.

    Undoing withdraws it: a code is never used again.
    """
    with desk.store.write() as unit:
        author = Author(desk, unit)
        made: list[Revision] = []
        undo: list[Step] = []
        group = said.group
        if said.new_group:
            group = _table(unit, workshop, said.new_group)
            if not group:
                made.append(author.state(Group(workshop=workshop, name=said.new_group)))
                group = made[-1].record
                undo.append(Step(group, {"withdrawn": True}))
        contribution = author.state(
            Contribution(
                workshop=workshop,
                code=next_code(desk, unit, author, workshop),
                text=said.text,
                kind=said.kind,
                group=group,
                document=said.document if said.lines else "",
                lines=said.lines,
                language=said.language,
                entity=said.entity,
            )
        )
        made.append(contribution)
        undo.append(Step(contribution.record, {"withdrawn": True}))
        if said.votes:
            made.append(author.state(Tally(workshop, contribution.record, "votes", said.votes)))
        unit.append_new(made)
        author.keep(draft_key(workshop), "")
        author.save(tuple(undo), contribution.record)
    return Done(contribution.record, workshop, tuple(undo), str(contribution.content["code"]))


def change_fields(desk: Desk, record: str, workshop: str, fields: Mapping[str, Any]) -> Done:
    """Give fields of a contribution, a table, a workshop or an entity new values."""
    return Done(record, workshop, apply_steps(desk, [Step(record, fields)]))


def put_at_table(desk: Desk, record: str, workshop: str, name: str) -> Done:
    """Put a contribution at the table of this name, which is made when there is none."""
    with desk.store.write() as unit:
        there = _table(unit, workshop, name)
        undo = _point_to(desk, unit, record, "group", there or Group(workshop=workshop, name=name))
    return Done(record, workshop, undo)


def name_entity(desk: Desk, record: str, workshop: str, name: str) -> Done:
    """Say that a contribution came from the entity of this name, which is added when nobody knows it yet."""
    with desk.store.write() as unit:
        there = _entity(unit, name)
        undo = _point_to(desk, unit, record, "entity", there or Entity(name=name, workshop=workshop))
    return Done(record, workshop, undo)


def _point_to(desk: Desk, unit: Unit, record: str, field: str, target: str | Group | Entity) -> Steps:
    """Let a contribution's field name a record, or a value that is stated for it; gives the way back."""
    author = Author(desk, unit)
    undo: Steps = ()
    if not isinstance(target, str):
        made = author.state(target)
        unit.append_new([made])
        target, undo = made.record, (Step(made.record, {"withdrawn": True}),)
    back = change_record(unit, author, Step(record, {field: target}))
    undo = (back, *undo) if back else undo
    author.save(undo, record)
    return undo


def _table(unit: Unit, workshop: str, name: str) -> str:
    """The table of this name, or "": the screen may ask for a new one twice before it has seen the first."""
    return next((row["record"] for row in unit.groups(workshop) if _alike(row["name"], name)), "")


def _entity(unit: Unit, name: str) -> str:
    """The entity of this name or other name, or ""."""
    rows = unit.entities()
    return next((row["record"] for row in rows if any(_alike(n, name) for n in (row["name"], *row["aliases"]))), "")


def _alike(one: str, other: str) -> bool:
    """Whether two names are the same to people; one without a letter folds to nothing and is like itself alone."""
    return (fold(one) or one) == (fold(other) or other)


def count(desk: Desk, workshop: str, subject: str, measure: str, total: int) -> Done:
    """Set what is counted for a subject (dots of a contribution, people of an entity) so that the total is `total`.

    Each laptop states its own part alone; what others counted stays, so the total never falls below theirs.
    """
    with desk.store.write() as unit:
        author = Author(desk, unit)
        tallies = unit.tally_of(subject, measure)
        own = next((row for row in tallies if row["device"] == desk.device), None)
        others = sum(row["value"] for row in tallies) - (own["value"] if own else 0)
        wanted = max(0, total - others)
        undo: Steps = ()
        if own is not None:
            back = change_record(unit, author, Step(own["record"], {"value": wanted}))
            undo = (back,) if back else ()
        elif wanted:
            made = author.state(Tally(workshop, subject, measure, wanted))
            unit.append_new([made])
            undo = (Step(made.record, {"value": 0}, made.id),)
        author.save(undo, subject)
    return Done(subject, workshop, undo)


def count_new_entity(desk: Desk, workshop: str, name: str, people: int) -> Done:
    """Add an entity that nobody knows yet, with the people of it who are present; if it has come meanwhile, so many more
    of it are."""
    with desk.store.read() as unit:
        there = _entity(unit, name)
        here = unit.totals(workshop, "present").get(there, 0)
    if there:
        return count(desk, workshop, there, "present", here + people)
    with desk.store.write() as unit:
        author = Author(desk, unit)
        entity = author.state(Entity(name=name, workshop=workshop))
        present = author.state(Tally(workshop, entity.record, "present", people))
        unit.append_new([entity, present])
        undo = (Step(present.record, {"value": 0}, present.id), Step(entity.record, {"withdrawn": True}))
        author.save(undo, entity.record)
    return Done(entity.record, workshop, undo)


def attach(desk: Desk, record: str, workshop: str, source: Path, content: bytes | None = None) -> Done:
    """Put a copy of a file, or a `content` that lies in none, beside a contribution. The same file twice is one; one
    taken away comes back."""
    stored = desk.files.keep_attachment(source, content)
    with desk.store.write() as unit:
        author = Author(desk, unit)
        there = _attached(unit, workshop, record, stored.sha256)
        if there is not None:
            undo = change_records(unit, author, [Step(there, {"withdrawn": False})])
            author.save(undo, record)
            return Done(record, workshop, undo)
        made = author.state(
            Attachment(
                workshop=workshop,
                subject=record,
                sha256=stored.sha256,
                extension=stored.extension,
                size=stored.size,
                media_type=stored.media_type,
                name=source.name,
            )
        )
        unit.append_new([made])
        undo = (Step(made.record, {"withdrawn": True}),)
        author.save(undo, record)
    return Done(record, workshop, undo)


def _attached(unit: Unit, workshop: str, subject: str, sha256: str) -> str | None:
    for row in unit.attachments(workshop):
        if row["subject"] == subject and row["sha256"] == sha256:
            return str(row["record"])
    return None
