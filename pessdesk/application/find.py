"""From the code a person typed to the one thing it names."""

from __future__ import annotations

from pessdesk.application.ports import Row, Unit
from pessdesk.domain.errors import UnknownThing


def workshop(unit: Unit, code: str) -> Row:
    """The workshop of a code (or record id)."""
    return _one(unit.workshops_by_code(code.strip()), code, "workshop-unknown")


def contribution(unit: Unit, code: str) -> Row:
    """The contribution of a code (or record id)."""
    return _one(unit.contributions_by_code(code.strip()), code, "contribution-unknown")


def _one(rows: list[Row], code: str, unknown: str) -> Row:
    if not rows:
        raise UnknownThing(unknown, value=code[:80])
    if len(rows) > 1:
        raise UnknownThing("code-ambiguous", value=code[:80], records=", ".join(row["record"] for row in rows))
    return rows[0]
