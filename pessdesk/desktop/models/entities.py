"""Finding an entity of the register by what somebody types: two letters, of its name or of another name that it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pessdesk.domain.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pessdesk.application.screens import EntityRow

LEAST = 2


def matching(entities: Sequence[EntityRow], words: str) -> list[EntityRow]:
    """Those with a name that begins so, then those with one that holds it."""
    wanted = fold(words)
    if len(wanted) < LEAST:
        return []
    named = [(row, [fold(name) for name in (row.name, *row.aliases)]) for row in entities]
    starting = [row for row, names in named if any(name.startswith(wanted) for name in names)]
    there = {row.record for row in starting}
    return starting + [row for row, names in named if row.record not in there and any(wanted in n for n in names)]


def called(entities: Sequence[EntityRow], name: str) -> EntityRow | None:
    """The entity of exactly this name or other name, accents and case apart."""
    wanted = fold(name)
    return next((row for row in entities if wanted in {fold(n) for n in (row.name, *row.aliases)}), None)
