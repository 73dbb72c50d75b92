"""What screens show, as plain frozen rows, and the questions that they ask of a store.

The rows are named tuples: a start makes these classes and thousands of their values before anything stands on screen,
and both cost a fraction of what dataclasses cost.

A screen reads through a connection that never writes (`pessdesk.storage.reading`), so that scrolling and searching
wait for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from pessdesk.application.steps import Entry


MOST_PENDING = 100
"""What is not handed over is counted so far: counting all of a large workshop would take longer than reading a page."""


class WorkshopRow(NamedTuple):
    """A workshop in a list. `contributions` counts those that stand; `pending` counts this laptop's revisions that no
    bundle has carried yet, up to `MOST_PENDING`; `handed` is when its last bundle was written (UTC, RFC 3339), empty if never."""

    record: str
    code: str
    title: str
    date: str
    comarca: str
    municipality: str
    venue: str
    method: str
    planned: bool
    groups: int
    contributions: int
    pending: int
    handed: str
    start: str = ""
    end: str = ""
    facilitators: str = ""
    objectives: str = ""
    agenda: str = ""
    next_steps: str = ""


class ContributionRow(NamedTuple):
    """A contribution in a list, with the names of what it points to. Records are UUIDv7: their order is that of time."""

    record: str
    workshop: str
    code: str
    kind: str
    title: str
    text: str
    group: str
    group_name: str
    lines: tuple[str, ...]
    document: str
    language: str
    entity: str
    entity_name: str
    votes: int
    withdrawn: bool
    attachments: int
    clash: bool

    @property
    def short_code(self) -> str:
        """The part of the code that is its own within the workshop: `AB001`."""
        return self.code.rpartition("-")[2]


class GroupRow(NamedTuple):
    record: str
    name: str


class EntityRow(NamedTuple):
    """An entity; `present` is how many people of it were counted in the workshop that was asked for."""

    record: str
    name: str
    kind: str
    aliases: tuple[str, ...]
    present: int = 0


class NodeRow(NamedTuple):
    """A node of the base document, titles by language; `depth` from 0."""

    id: str
    parent: str
    kind: str
    code: str
    depth: int
    title: Mapping[str, str]
    short: Mapping[str, str]


class Tree(NamedTuple):
    """The base document in force: its version and its nodes, parents before children."""

    version: str
    nodes: tuple[NodeRow, ...]


class AttachmentRow(NamedTuple):
    record: str
    subject: str
    file: str
    name: str
    size: int
    media_type: str


class Version(NamedTuple):
    """What a record said once: `at` in milliseconds since 1970 as that laptop's clock claimed, `changed` the fields
    that this revision gave other values than its parents have."""

    revision: str
    at: int
    device: str
    label: str
    changed: Mapping[str, Any]


FIXED = frozenset(("workshop", "code", "programme", "planned"))
"""Fields that are said once, and never brought back."""


def changed_fields(content: Mapping[str, Any], parents: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The fields to which a revision gave other values than one of its parents has; all, where it has none."""
    if not parents:
        return dict(content)
    names = {*content, *(name for parent in parents for name in parent)}
    return {n: content.get(n) for n in sorted(names) if any(parent.get(n) != content.get(n) for parent in parents)}


class DraftRow(NamedTuple):
    """A text that somebody left unfinished: in which field (empty: the capture line, or a contribution's text) of what;
    `kind` is `workshop`, `contribution` or empty (a workshop that is not made yet), `name` what it is called."""

    record: str
    field: str
    kind: str
    workshop: str
    name: str


class ActRow(NamedTuple):
    """Something that a person decided: `at` in milliseconds since 1970 as that laptop's clock claimed, `about` the names
    of what it is about (`subjects`: ids, or files), `contribution` the first of them that is one. `waiting`: something
    that it names has not arrived yet."""

    device: str
    label: str
    epoch: int
    counter: int
    at: int
    action: str
    workshop: str
    workshop_title: str
    about: tuple[str, ...]
    contribution: str
    subjects: tuple[str, ...]
    note: str
    waiting: bool


class ClaimRow(NamedTuple):
    """One side of a clash; the first one is what shows."""

    value: Any
    device: str
    label: str
    at: int


class ClashRow(NamedTuple):
    """A field of a record that laptops gave different values; `name` is the contribution's code, or what the workshop,
    table or entity is called."""

    record: str
    code: str
    workshop: str
    kind: str
    field: str
    claims: tuple[ClaimRow, ...]
    name: str = ""


class BundleRow(NamedTuple):
    """A bundle sent or received. `created` is UTC as its maker claimed."""

    content_id: str
    direction: str
    kind: str
    device: str
    label: str
    workshop: str
    workshop_code: str
    seq: int
    created: str


class SetAside(NamedTuple):
    """A bundle in the quarantine folder, whole, with the reason."""

    file: str
    outcome: str
    code: str
    facts: Mapping[str, object]
    content_id: str


class ConsentRow(NamedTuple):
    """Something that a person agreed to; `withdrawn_on` is empty while it holds."""

    record: str
    purposes: tuple[str, ...]
    text: str
    version: str
    date: str
    how: str
    withdrawn_on: str


class PersonRow(NamedTuple):
    """A person of a workshop, with everything that they ever agreed to there, by date."""

    record: str
    name: str
    contact: str
    entity: str
    entity_name: str
    consents: tuple[ConsentRow, ...] = ()

    @property
    def agreed(self) -> dict[str, ConsentRow]:
        """What they agree to now, by purpose."""
        return {purpose: one for one in self.consents if not one.withdrawn_on for purpose in one.purposes}


class KeptRow(NamedTuple):
    """A workshop with people, how many, and until when they are kept."""

    record: str
    title: str
    date: str
    people: int
    until: str


class ProgrammeRow(NamedTuple):
    code: str
    title: Mapping[str, str]
    version: str


class Reading(Protocol):
    """What screens ask (`pessdesk.storage.reading.StoreReading` answers)."""

    def close(self) -> None: ...
    def setting(self, key: str) -> str: ...
    def drafts(self, record: str) -> dict[str, str]: ...
    def acts(self) -> list[ActRow]: ...
    def open_drafts(self) -> list[DraftRow]: ...
    def undo_list(self) -> list[Entry]: ...
    def programme(self) -> ProgrammeRow | None: ...
    def workshops(self) -> list[WorkshopRow]: ...
    def workshop(self, record: str) -> WorkshopRow | None: ...
    def contributions(self, workshop: str, before: str, limit: int) -> list[ContributionRow]: ...
    def rows(self, records: Sequence[str]) -> list[ContributionRow]: ...
    def groups(self, workshop: str) -> list[GroupRow]: ...
    def entities(self, workshop: str) -> list[EntityRow]: ...
    def people_of_none(self, workshop: str) -> int: ...
    def tree(self) -> Tree: ...
    def attachments(self, subject: str) -> list[AttachmentRow]: ...
    def history(self, record: str) -> list[Version]: ...
    def search(self, words: str, limit: int) -> list[ContributionRow]: ...
    def clashes(self) -> list[ClashRow]: ...
    def clash_count(self) -> int: ...
    def bundles(self) -> list[BundleRow]: ...
    def set_aside(self) -> list[SetAside]: ...
    def names(self, records: Sequence[str]) -> dict[str, str]: ...
    def people(self, workshop: str) -> list[PersonRow]: ...
    def kept_people(self) -> list[KeptRow]: ...
