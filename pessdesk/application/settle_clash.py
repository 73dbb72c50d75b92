"""Deciding between what laptops said of the same field.

A decision is one revision with all heads as parents: wherever it arrives, the clash is over. So it settles every field
of the record that clashes, and nobody loses a version unseen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pessdesk.application import find
from pessdesk.application.authoring import Author
from pessdesk.application.ports import Desk, Row, Unit
from pessdesk.application.steps import Done, Step, Steps
from pessdesk.domain.errors import InputRefused, UnknownThing
from pessdesk.records.codec import from_content, without_empty
from pessdesk.records.merge import Clash, MergedView, merged_view


@dataclass(frozen=True, slots=True)
class Settled:
    """A record whose clash was decided, and the revision that says so."""

    code: str
    id: str
    revision: str


def settle(desk: Desk, record: str, values: Mapping[str, Any]) -> Done:
    """Decide what each clashing field of a record says: one version's value (None: nothing), or another one.

    Undoing brings back what showed before; the clash does not come back.

    Raises `UnknownThing("clash-unknown")` when nothing clashes (any more), `InputRefused("clash-more-fields")` when a
    clashing field has no value here, and whatever the domain refuses. What does not clash is left alone.
    """
    with desk.store.write() as unit:
        view = _view(unit, record)
        chosen = {clash.field: values[clash.field] for clash in view.clashes if clash.field in values}
        workshop, _, undo = _state(desk, unit, view, chosen)
    return Done(record, workshop, undo)


def settle_clash(desk: Desk, code: str, *, field: str = "", take: int = 0, value: str | None = None) -> Settled:
    """Decide by the numbers of `open_clashes`: `take` the n-th version (from 1) for `field` (or for all), or a new `value`
    for it. `code` is that of a contribution, or any record's id."""
    with desk.store.write() as unit:
        row = _clashing(unit, code, field)
        view = _view(unit, row["record"])
        wanted = [clash for clash in view.clashes if field in ("", clash.field)]
        if not wanted:
            raise UnknownThing("clash-unknown", value=code, field=field or "-")
        chosen = {c.field: _taken(c, take) if value is None else value for c in wanted}
        _, made, _ = _state(desk, unit, view, chosen)
    return Settled(row["code"], view.record, made)


def open_clashes(unit: Unit) -> list[dict[str, Any]]:
    """The clashes that wait for a person, with the laptop's own name for each side."""
    labels = {row["device"]: row["label"] for row in unit.devices()}
    return [
        {
            "code": row["code"],
            "id": row["record"],
            "field": row["field"],
            "claims": [claim | {"label": labels.get(claim["device"], "")} for claim in row["claims"]],
        }
        for row in unit.clashes()
    ]


def _clashing(unit: Unit, code: str, field: str) -> Row:
    """The record of a code or id, where it clashes."""
    wanted = code.strip()
    for row in unit.clashes():
        if wanted in (row["record"], row["code"]):
            return row
    find.contribution(unit, code)
    raise UnknownThing("clash-unknown", value=code, field=field or "-")


def _view(unit: Unit, record: str) -> MergedView:
    history = unit.histories([record]).get(record)
    if not history:
        raise UnknownThing("record-unknown", value=record)
    view = merged_view(history)
    if not view.clashes:
        raise UnknownThing("clash-unknown", value=str(view.content.get("code", record)), field="-")
    return view


def _taken(clash: Clash, number: int) -> Any:
    if not 1 <= number <= len(clash.claims):
        raise InputRefused("claim-unknown", value=number, count=len(clash.claims), field=clash.field)
    return clash.claims[number - 1].value


def _state(desk: Desk, unit: Unit, view: MergedView, chosen: Mapping[str, Any]) -> tuple[str, str, Steps]:
    """State the decision and log it; gives the workshop, the revision's id, and the way back to what showed before."""
    if left := [clash.field for clash in view.clashes if clash.field not in chosen]:
        raise InputRefused("clash-more-fields", fields=", ".join(left))
    content = without_empty(view.kind, {**view.content, **chosen})
    from_content(view.kind, content)
    workshop = view.record if view.kind == "workshop" else str(content.get("workshop", ""))
    author = Author(desk, unit)
    made = author.state_content(view.kind, content, record=view.record, parents=view.heads)
    unit.add([made])
    unit.append_new([author.act("clash-settled", workshop=workshop, subjects=(view.record, made.id))])
    changed = {name: view.content.get(name) for name, value in chosen.items() if view.content.get(name) != value}
    undo = (Step(view.record, changed, made.id),) if changed else ()
    author.save(undo, view.record)
    return workshop, made.id, undo
