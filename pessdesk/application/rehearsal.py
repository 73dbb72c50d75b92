"""A store to rehearse in: an invented workshop, with the real programme's shape, of which nothing can be handed over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pessdesk.application.ports import Desk
from pessdesk.application.programme import PlannedWorkshop, ProgrammePlan, new_workshop, state_programme
from pessdesk.application.record_contributions import SheetRow, record_rows

REHEARSAL = "rehearsal"
"""The setting that marks such a store; `export_workshop` refuses there."""


def prepare_rehearsal(
    desk: Desk, plan: ProgrammePlan, workshop: PlannedWorkshop, said: Sequence[SheetRow],
    words: Mapping[str, Mapping[str, str]],
) -> str:  # fmt: skip
    """The record of the rehearsal workshop, made with its first contributions when it is not there yet."""
    with desk.store.write() as unit:
        there = unit.setting(REHEARSAL)
        if there and unit.workshop(there) is not None:
            return there
        unit.set_setting(REHEARSAL, "preparing")
    state_programme(desk, replace(plan, workshops=()))
    row = new_workshop(desk, workshop)
    for _ in record_rows(desk, row["code"], said, folder=Path(), words=words):
        pass
    with desk.store.write() as unit:
        unit.set_setting(REHEARSAL, row["record"])
    return str(row["record"])
