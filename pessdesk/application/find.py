"""From the code a person typed to the one thing it names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pessdesk.application.ports import Row, Unit
from pessdesk.domain.errors import InputRefused, UnknownThing


def workshop(unit: Unit, code: str) -> Row:
    """The workshop of a code (or record id)."""
    return _one(unit.workshops_by_code(code.strip()), code, "workshop-unknown")


def contribution(unit: Unit, code: str) -> Row:
    """The contribution of a code (or record id)."""
    return _one(unit.contributions_by_code(code.strip()), code, "contribution-unknown")


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of the base document's version: by id and by code, in small letters."""

    version: str
    ids: Mapping[str, str]

    def read(self, value: str) -> tuple[str, ...]:
        """The ids of the lines that a person named, separated by spaces, commas or semicolons."""
        found: list[str] = []
        for part in value.replace(",", " ").replace(";", " ").split():
            node = self.ids.get(part.lower()) or self.ids.get(part.lower().lstrip("#"))
            if node is None:
                raise InputRefused("line-unknown", field="line", value=part[:40], version=self.version or "-")
            if node not in found:
                found.append(node)
        return tuple(found)


def lines(unit: Unit) -> Lines:
    """The lines of this store's programme; none when it has no programme."""
    programme = unit.programme()
    document = unit.base_document(programme["document"]) if programme else None
    ids: dict[str, str] = {}
    for node in document["nodes"] if document else ():
        ids[node["id"].lower()] = node["id"]
        if node.get("code"):
            ids.setdefault(node["code"].lower(), node["id"])
    return Lines(document["version"] if document else "", ids)


def _one(rows: list[Row], code: str, unknown: str) -> Row:
    if not rows:
        raise UnknownThing(unknown, value=code[:80])
    if len(rows) > 1:
        raise UnknownThing("code-ambiguous", value=code[:80], records=", ".join(row["record"] for row in rows))
    return rows[0]
