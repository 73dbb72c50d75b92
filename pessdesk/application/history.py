"""What a record said before, and bringing it back.

Bringing back overwrites nothing either: it states what an earlier revision said as one more revision, and only of the
fields that are asked for. While a clash is open it changes this laptop's side alone, and settles nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from pessdesk.application import find
from pessdesk.application.authoring import Author
from pessdesk.application.ports import Desk, Unit
from pessdesk.application.screens import FIXED, Version, changed_fields
from pessdesk.application.steps import Done, Step
from pessdesk.application.undo import change_records
from pessdesk.domain.errors import InputRefused, UnknownThing
from pessdesk.records.envelope import Revision


def record_of(unit: Unit, code: str) -> str:
    """The record of a code of a contribution or workshop, or of any record's id."""
    wanted = code.strip()
    for rows in (unit.contributions_by_code(wanted), unit.workshops_by_code(wanted)):
        if len(rows) == 1:
            return str(rows[0]["record"])
    if unit.histories([wanted]):
        return wanted
    return str(find.contribution(unit, code)["record"])


def versions(unit: Unit, record: str) -> list[Version]:
    """What a record said, the oldest first: a version's number is its place, from 1. More may arrive between them."""
    labels = {row["device"]: row["label"] for row in unit.devices()}
    history = {revision.id: revision for revision in unit.histories([record]).get(record, [])}
    return [
        Version(r.id, int(r.hlc[:12], 16), r.device, labels.get(r.device, ""), _changed(r, history))
        for r in sorted(history.values(), key=lambda r: (r.hlc, r.id))
    ]


def bring_back(desk: Desk, record: str, revision: str, fields: Sequence[str] = ()) -> Done:
    """Let fields of a record say again what they said in a revision: those named, else those that it changed.

    Raises `UnknownThing("revision-unknown")`, `InputRefused("nothing-to-bring-back")` where all is as it was then.
    """
    with desk.store.write() as unit:
        history = {one.id: one for one in unit.histories([record]).get(record, [])}
        said = history.get(revision)
        if said is None:
            raise UnknownThing("revision-unknown", value=revision[:12])
        names = {name for name in fields or _changed(said, history) if name not in FIXED}
        if "lines" in names:
            names.add("document")  # whoever wrote one wrote the other
        author = Author(desk, unit)
        undo = change_records(unit, author, [Step(record, {name: said.content.get(name) for name in sorted(names)})])
        if not undo:
            raise InputRefused("nothing-to-bring-back")
        author.save(undo, record)
    return Done(record, said.workshop, undo, str(said.content.get("code", "")))


def _changed(revision: Revision, history: dict[str, Revision]) -> dict[str, object]:
    return changed_fields(revision.content, [history[p].content for p in revision.parents if p in history])
