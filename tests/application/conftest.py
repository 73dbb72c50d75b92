"""A laptop at work on a real store, by the use cases alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from pessdesk.application.authoring import Author
from pessdesk.application.capture import record_contribution
from pessdesk.application.capture_line import Said
from pessdesk.application.ports import Desk, Row
from pessdesk.application.programme import PlannedWorkshop, new_workshop
from pessdesk.application.steps import Done
from pessdesk.bootstrap import Program
from pessdesk.records.envelope import Revision
from pessdesk.records.merge import MergedView, merged_view


@dataclass
class Room:
    """A workshop on a laptop, and what can be asked of it."""

    desk: Desk
    workshop: str

    def say(self, text: str = "Hola", **more: Any) -> Done:
        return record_contribution(self.desk, self.workshop, replace(Said(text), **more))

    @property
    def rows(self) -> list[Row]:
        with self.desk.store.read() as unit:
            return unit.contributions(self.workshop)

    def row(self, record: str) -> Row:
        return next(row for row in self.rows if row["record"] == record)

    @property
    def tables(self) -> list[str]:
        with self.desk.store.read() as unit:
            return [row["name"] for row in unit.groups(self.workshop)]

    @property
    def entities(self) -> list[str]:
        with self.desk.store.read() as unit:
            return [row["name"] for row in unit.entities()]

    def history(self, record: str) -> list[Revision]:
        with self.desk.store.read() as unit:
            return unit.histories([record])[record]

    def view(self, record: str) -> MergedView:
        return merged_view(self.history(record))

    def setting(self, key: str) -> str | None:
        with self.desk.store.read() as unit:
            return unit.setting(key)

    def other(self, record: str, **fields: Any) -> Revision:
        """Another laptop's edit of what shows here now, arriving with a bundle; nobody here has seen it."""
        return elsewhere(self.desk, record, self.view(record).content | fields, self.view(record).heads)


def elsewhere(desk: Desk, record: str, content: dict[str, Any], parents: tuple[str, ...], kind: str = "") -> Revision:
    """What another laptop stated, by a counter of its own, put into this store."""
    stranger = replace(desk, device="f" * 64)
    with desk.store.write() as unit:
        own = unit.setting("counter") or "0"
        unit.set_setting("counter", unit.setting("stranger") or "0")
        author = Author(stranger, unit)
        known = unit.histories([record]).get(record, [])
        made = author.state_content(kind or known[0].kind, content, record=record, parents=parents)
        unit.add([made])
        author.save()
        unit.set_settings({"stranger": str(made.counter), "counter": own})
    return made


@pytest.fixture(params=[True, False], ids=["kept", "opened"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """A store with its connection kept open (as the window has it), or opened for each unit of work (as commands do)."""
    with Program().desk(tmp_path / "store", write=True, create=True, keep=request.param) as desk:
        yield desk


@pytest.fixture
def room(desk: Desk) -> Room:
    return Room(desk, str(new_workshop(desk, PlannedWorkshop("Taller", "2026-03-12", "04", groups=2))["record"]))
