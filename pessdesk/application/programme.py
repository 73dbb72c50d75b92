"""Preparing a programme (the office) and workshops that nobody planned (anyone)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pessdesk.application.authoring import Author, introduce
from pessdesk.application.export_bundle import Context, hand_over
from pessdesk.application.ports import Desk, Row, Unit
from pessdesk.application.steps import Done, Step
from pessdesk.domain import codes
from pessdesk.domain.errors import InputRefused, WorldUnkind
from pessdesk.domain.model import BaseDocument, Entity, Group, LocalText, Programme, Workshop
from pessdesk.domain.text import fold
from pessdesk.records.codec import from_content, to_content
from pessdesk.records.envelope import Revision, trusted_revision
from pessdesk.records.merge import merged_view


@dataclass(frozen=True, slots=True)
class PlannedWorkshop:
    """A workshop as somebody plans it; `groups` is the number of tables."""

    title: str
    date: str
    comarca: str
    municipality: str = ""
    venue: str = ""
    method: str = ""
    groups: int = 0


@dataclass(frozen=True, slots=True)
class ProgrammePlan:
    """A programme as read from a folder (`pessdesk.interchange.programme_folder`)."""

    code: str
    title: LocalText
    version: str
    document: BaseDocument
    entities: tuple[Entity, ...]
    workshops: tuple[PlannedWorkshop, ...]


@dataclass(frozen=True, slots=True)
class Built:
    file: Path
    content_id: str
    counts: Mapping[str, int]


def build_programme(desk: Desk, plan: ProgrammePlan, file: Path) -> Built:
    """Bring the office's store to the plan and write the signed programme bundle.

    What is there already and equal is not stated again; a base document of the same version with other content is
    refused, because contributions point to that version.
    """
    if file.exists():
        raise WorldUnkind("file-exists", path=str(file))
    if not file.parent.is_dir():
        raise WorldUnkind("folder-missing", path=str(file.parent))
    state_programme(desk, plan)
    introduce(desk)
    with desk.store.read() as unit:
        planned = [w["record"] for w in unit.workshops() if w["planned"]]
        kinds = ("programme", "base_document", "entity", "device", "workshop", "group")
        revisions = [trusted_revision(data) for data in unit.made_by(desk.device, ["", *planned])]
        row = unit.programme()
    revisions = [r for r in revisions if r.kind in kinds]
    context = Context("programme", row, None)
    path, content_id = hand_over(desk, file.parent, context, revisions, {}, {}, name=file.name)
    counts: dict[str, int] = {}
    for revision in revisions:
        counts[revision.kind] = counts.get(revision.kind, 0) + 1
    return Built(path, content_id, counts)


def state_programme(desk: Desk, plan: ProgrammePlan) -> None:
    """Bring the store to the plan; what holds already is not stated again."""
    with desk.store.write() as unit:
        author = Author(desk, unit)
        made = _Statements(unit, author)
        document = made.document(plan.document)
        programme = made.programme(plan, document)
        for entity in plan.entities:
            made.entity(entity)
        for workshop in plan.workshops:
            made.workshop(desk, programme, workshop, planned=True)
        unit.add(made.revisions)
        author.save()


def new_workshop(desk: Desk, plan: PlannedWorkshop) -> Row:
    """A workshop that nobody planned, ready to record in."""
    record = begin_workshop(desk, plan).record
    with desk.store.read() as unit:
        row = unit.workshop(record)
    assert row is not None
    return row


def begin_workshop(desk: Desk, plan: PlannedWorkshop) -> Done:
    """The same as something that can be taken back: undoing withdraws the workshop with its tables."""
    with desk.store.write() as unit:
        author = Author(desk, unit)
        made = _Statements(unit, author)
        programme = unit.programme()
        record = made.workshop(desk, programme["record"] if programme else "", plan, planned=False)
        unit.add(made.revisions)
        undo = tuple(Step(revision.record, {"withdrawn": True}) for revision in reversed(made.revisions))
        author.save(undo, record)
    return Done(record, record, undo)


class _Statements:
    """Collects the revisions that bring a store to a plan; states nothing that holds already."""

    def __init__(self, unit: Unit, author: Author) -> None:
        self._unit = unit
        self._author = author
        self.revisions: list[Revision] = []

    def _state(self, value: Any, record: str = "") -> str:
        content = to_content(value)
        parents: tuple[str, ...] = ()
        if record:
            view = merged_view(self._unit.histories([record])[record])
            if view.content == content:
                return record
            parents = view.heads
            from_content(view.kind, content)
        revision = self._author.state_content(value.KIND, content, record=record, parents=parents)
        self.revisions.append(revision)
        return revision.record

    def document(self, document: BaseDocument) -> str:
        for there in self._unit.base_documents():
            if (there["document"], there["version"]) == (document.document, document.version):
                record = str(there.pop("record"))
                if there != to_content(document):
                    raise InputRefused("document-version-reused", version=document.version)
                return record
        return self._state(document)

    def programme(self, plan: ProgrammePlan, document: str) -> str:
        there = self._unit.programme()
        if there and there["code"] != plan.code:
            raise InputRefused("programme-second", ours=there["code"], value=plan.code)
        value = Programme(code=plan.code, title=plan.title, version=plan.version, document=document)
        return self._state(value, there["record"] if there else "")

    def entity(self, entity: Entity) -> None:
        there = {fold(row["name"]): row["record"] for row in self._unit.entities()}
        self._state(entity, there.get(fold(entity.name), ""))

    def workshop(self, desk: Desk, programme: str, plan: PlannedWorkshop, *, planned: bool) -> str:
        there = [
            row
            for row in self._unit.workshops()
            if planned
            and row["planned"]
            and (row["title"], row["date"], row["comarca"]) == (plan.title, plan.date, plan.comarca)
        ]
        record = there[0]["record"] if there else desk.new_id()
        code = there[0]["code"] if there else codes.workshop_code(plan.comarca, plan.date, record)
        value = Workshop(
            programme=programme,
            code=code,
            title=plan.title,
            date=plan.date,
            comarca=plan.comarca,
            municipality=plan.municipality,
            venue=plan.venue,
            method=plan.method,
            planned=planned,
        )
        if there:
            self._state(value, record)
        else:
            self.revisions.append(self._author.state(value, record=record))
        names = {group["name"] for group in self._unit.groups(record)}
        for number in range(1, plan.groups + 1):
            if str(number) not in names:
                self._state(Group(workshop=record, name=str(number)))
        return str(record)
