"""What the minutes need to know of a workshop beside its contributions: stated by whoever was there, by its code."""

from __future__ import annotations

from collections.abc import Mapping

from pessdesk.application import capture, find
from pessdesk.application.ports import Desk
from pessdesk.application.undo import Done
from pessdesk.domain.errors import InputRefused
from pessdesk.domain.text import fold

FACTS = ("objectives", "agenda", "start", "end", "facilitators", "next_steps", "venue", "method")
"""The fields of `domain.model.Workshop` that are told of a session once it is planned or held."""


def describe_workshop(desk: Desk, code: str, facts: Mapping[str, str]) -> Done:
    """Give fields among `FACTS` new values; an empty one clears its field, and whatever else the record holds stays."""
    with desk.store.read() as unit:
        row = find.workshop(unit, code)
    return capture.change_fields(desk, row["record"], row["record"], dict(facts))


def count_present(desk: Desk, code: str, entity: str, people: int) -> Done:
    """Say that so many people of an entity (by name or alias; empty: people of none) were there, on all laptops together.

    An entity that nobody knows yet is added to the workshop's. See `capture.count` for what other laptops counted.
    """
    if not 0 <= people <= 1_000_000:
        raise InputRefused("number-out-of-range", field="people", value=people, low=0, high=1_000_000)
    with desk.store.read() as unit:
        row = find.workshop(unit, code)
        known = {fold(name): one["record"] for one in unit.entities() for name in (*one["aliases"], one["name"])}
    if entity and fold(entity) not in known:
        return capture.count_new_entity(desk, row["record"], entity, people)
    subject = known[fold(entity)] if entity else row["record"]
    return capture.count(desk, row["record"], subject, "present", people)
