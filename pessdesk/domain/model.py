"""The things that are recorded, as frozen values: one class a kind of record.

Each checks its own rules when it is made and refuses with a code (`pessdesk.domain.errors`). None reaches for a
clock, a disk or another record: a reference is an id that may name something that has not arrived yet.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from pessdesk.domain import codes, kinds
from pessdesk.domain.errors import InputRefused
from pessdesk.domain.text import MAX_NAME, check_line, check_text, require

LocalText = Mapping[str, str]
"""A text by language code; Catalan (`ca`) is always there."""

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_NODE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,80}")
_EXTENSION = re.compile(r"[a-z0-9]{1,8}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")


def check_id(value: str, name: str) -> str:
    if not _UUID.fullmatch(value):
        raise InputRefused("id-wrong", field=name, value=value[:60])
    return value


def check_digest(value: str, name: str) -> str:
    if not _DIGEST.fullmatch(value):
        raise InputRefused("id-wrong", field=name, value=value[:70])
    return value


def check_one_of(value: str, allowed: tuple[str, ...], name: str) -> str:
    if value not in allowed:
        raise InputRefused("choice-unknown", field=name, value=value[:60], allowed=", ".join(allowed))
    return value


def check_local(value: LocalText, name: str, *, limit: int = MAX_NAME) -> LocalText:
    for language, text in value.items():
        if not _LANGUAGE.fullmatch(language):
            raise InputRefused("language-unknown", field=name, value=language[:20])
        check_text(text, f"{name}.{language}", limit=limit)
    if not value.get("ca", "").strip():
        raise InputRefused("catalan-missing", field=name)
    return value


@dataclass(frozen=True, slots=True)
class Programme:
    """One participatory process; `document` is the record of the base document that is in force."""

    KIND: ClassVar[str] = "programme"
    code: str
    title: LocalText
    version: str
    document: str

    def __post_init__(self) -> None:
        require(check_line(self.code, "code", limit=40), "code")
        check_local(self.title, "title")
        require(check_line(self.version, "version", limit=60), "version")
        check_id(self.document, "document")


@dataclass(frozen=True, slots=True)
class Node:
    """One node of a base document; `parent` is the id of another node, empty for a root."""

    id: str
    kind: str
    title: LocalText
    parent: str = ""
    code: str = ""
    text: LocalText = field(default_factory=dict)
    short: LocalText = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not _NODE_ID.fullmatch(self.id):
            raise InputRefused("node-id-wrong", node=self.id[:60])
        check_one_of(self.kind, kinds.NODE_KINDS, f"{self.id}.kind")
        check_line(self.code, f"{self.id}.code", limit=20)
        check_local(self.title, f"{self.id}.title", limit=2000)
        for name, value in (("text", self.text), ("short", self.short)):
            if value:
                check_local(value, f"{self.id}.{name}", limit=20_000)


@dataclass(frozen=True, slots=True)
class BaseDocument:
    """One version of the tree to which contributions point: parents stand before their children."""

    KIND: ClassVar[str] = "base_document"
    document: str
    version: str
    title: LocalText
    nodes: tuple[Node, ...]

    def __post_init__(self) -> None:
        require(check_line(self.document, "document", limit=60), "document")
        require(check_line(self.version, "version", limit=60), "version")
        check_local(self.title, "title")
        if not self.nodes:
            raise InputRefused("document-empty")
        seen: set[str] = set()
        codes_seen: dict[str, str] = {}
        everything = {node.id for node in self.nodes}
        for node in self.nodes:
            if node.id in seen:
                raise InputRefused("node-doubled", node=node.id)
            if node.parent and node.parent not in everything:
                raise InputRefused("node-parent-unknown", node=node.id, parent=node.parent[:60])
            if node.parent and node.parent not in seen:
                raise InputRefused("node-cycle", node=node.id, parent=node.parent)
            if node.code and codes_seen.setdefault(node.code, node.id) != node.id:
                raise InputRefused("node-code-doubled", node=node.id, code=node.code, other=codes_seen[node.code])
            seen.add(node.id)


@dataclass(frozen=True, slots=True)
class Workshop:
    """One session. `municipality` is Idescat's six digits, `comarca` its two; `date` is local, without zone, and so are
    `start` and `end` (`HH:MM`). `objectives`, `agenda` and `next_steps` are paragraphs for the minutes."""

    KIND: ClassVar[str] = "workshop"
    programme: str
    code: str
    title: str
    date: str
    comarca: str
    municipality: str = ""
    venue: str = ""
    method: str = ""
    planned: bool = False
    start: str = ""
    end: str = ""
    facilitators: str = ""
    objectives: str = ""
    agenda: str = ""
    next_steps: str = ""
    withdrawn: bool = False

    def __post_init__(self) -> None:
        if self.programme:
            check_id(self.programme, "programme")
        codes.check_workshop_code(self.code)
        require(check_line(self.title, "title"), "title")
        codes.check_date(self.date, "date")
        if not re.fullmatch(r"[0-9]{2}", self.comarca):
            raise InputRefused("comarca-unknown", value=self.comarca[:60])
        if self.municipality and not re.fullmatch(r"[0-9]{6}", self.municipality):
            raise InputRefused("municipality-unknown", value=self.municipality[:60])
        check_line(self.venue, "venue")
        if self.method:
            check_one_of(self.method, kinds.METHODS, "method")
        for name in ("start", "end"):
            codes.check_time(getattr(self, name), name)
        check_line(self.facilitators, "facilitators")
        for name in ("objectives", "agenda", "next_steps"):
            check_text(getattr(self, name), name)


@dataclass(frozen=True, slots=True)
class Group:
    """A table of a workshop."""

    KIND: ClassVar[str] = "group"
    workshop: str
    name: str
    withdrawn: bool = False

    def __post_init__(self) -> None:
        check_id(self.workshop, "workshop")
        require(check_line(self.name, "group", limit=120), "group")


@dataclass(frozen=True, slots=True)
class Contribution:
    """What somebody said, in the language in which it was said.

    `lines` are ids of nodes of the base document's version `document`, in the order of their weight.
    """

    KIND: ClassVar[str] = "contribution"
    workshop: str
    code: str
    text: str
    kind: str = "proposal"
    title: str = ""
    group: str = ""
    document: str = ""
    lines: tuple[str, ...] = ()
    language: str = ""
    entity: str = ""
    reference: str = ""
    withdrawn: bool = False

    def __post_init__(self) -> None:
        check_id(self.workshop, "workshop")
        codes.check_contribution_code(self.code)
        require(check_text(self.text, "text"), "text")
        if self.kind not in kinds.CONTRIBUTION_KINDS:
            check_one_of(self.kind, kinds.CONTRIBUTION_KINDS, "kind")
        if self.title:
            check_line(self.title, "title")
        if self.group:
            check_id(self.group, "group")
        if self.entity:
            check_id(self.entity, "entity")
        if self.language and self.language not in kinds.LANGUAGES:
            check_one_of(self.language, kinds.LANGUAGES, "language")
        check_line(self.document, "document", limit=60)
        check_line(self.reference, "reference", limit=200)
        for line in self.lines:
            if not _NODE_ID.fullmatch(line):
                raise InputRefused("node-id-wrong", node=line[:60])


@dataclass(frozen=True, slots=True)
class Tally:
    """What one laptop counted for one record; the total is the sum over laptops, never stored.

    Measures: `votes` (the subject is a contribution), `present` (an entity; or the workshop, for people of none).
    """

    KIND: ClassVar[str] = "tally"
    workshop: str
    subject: str
    measure: str
    value: int

    def __post_init__(self) -> None:
        check_id(self.workshop, "workshop")
        check_id(self.subject, "subject")
        check_one_of(self.measure, kinds.MEASURES, "measure")
        if not 0 <= self.value <= 1_000_000:
            raise InputRefused("number-out-of-range", field=self.measure, value=self.value, low=0, high=1_000_000)


@dataclass(frozen=True, slots=True)
class Entity:
    """An organisation. `workshop` is where it was first met, empty when it is of the office's register."""

    KIND: ClassVar[str] = "entity"
    name: str
    kind: str = "other"
    aliases: tuple[str, ...] = ()
    comarca: str = ""
    workshop: str = ""
    withdrawn: bool = False

    def __post_init__(self) -> None:
        require(check_line(self.name, "name", limit=300), "name")
        check_one_of(self.kind, kinds.ENTITY_KINDS, "kind")
        for alias in self.aliases:
            check_line(alias, "aliases", limit=300)
        if self.workshop:
            check_id(self.workshop, "workshop")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file beside a contribution; its bytes are named by their SHA-256, `name` is only shown."""

    KIND: ClassVar[str] = "attachment"
    workshop: str
    subject: str
    sha256: str
    extension: str
    size: int
    media_type: str
    name: str
    withdrawn: bool = False

    def __post_init__(self) -> None:
        check_id(self.workshop, "workshop")
        check_id(self.subject, "subject")
        check_digest(self.sha256, "sha256")
        if not _EXTENSION.fullmatch(self.extension):
            raise InputRefused("extension-wrong", value=self.extension[:20])
        if not 0 < self.size < 2**31:
            raise InputRefused("number-out-of-range", field="size", value=self.size, low=1, high=2**31 - 1)
        if not _MEDIA_TYPE.fullmatch(self.media_type):
            raise InputRefused("media-type-wrong", value=self.media_type[:100])
        require(check_line(self.name, "name", limit=300), "name")


@dataclass(frozen=True, slots=True)
class Device:
    """A laptop, as it names itself."""

    KIND: ClassVar[str] = "device"
    label: str

    def __post_init__(self) -> None:
        require(check_line(self.label, "label", limit=120), "label")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who takes part in a workshop and agreed that their name is written down. Nothing more is asked for: no
    role, no note, and never the anonymous profile. `contact` is an e-mail address or a telephone number."""

    KIND: ClassVar[str] = "person"
    workshop: str
    name: str
    contact: str = ""
    entity: str = ""

    def __post_init__(self) -> None:
        check_id(self.workshop, "workshop")
        require(check_line(self.name, "name", limit=200), "name")
        check_line(self.contact, "contact", limit=200)
        if self.entity:
            check_id(self.entity, "entity")


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person agreed to, on which day, and under which words: `text` and `version` name a published text, which
    never changes. `withdrawn_on` is the day on which it was taken back, empty while it holds."""

    KIND: ClassVar[str] = "consent"
    workshop: str
    person: str
    purposes: tuple[str, ...]
    text: str
    version: str
    language: str
    date: str
    how: str
    withdrawn_on: str = ""

    def __post_init__(self) -> None:
        check_id(self.workshop, "workshop")
        check_id(self.person, "person")
        if not self.purposes:
            raise InputRefused("consent-empty")
        for purpose in self.purposes:
            check_one_of(purpose, kinds.CONSENT_PURPOSES, "purposes")
        require(check_line(self.text, "text", limit=60), "text")
        require(check_line(self.version, "version", limit=20), "version")
        check_one_of(self.language, kinds.LANGUAGES, "language")
        codes.check_date(self.date, "date")
        check_one_of(self.how, kinds.CONSENT_WAYS, "how")
        if self.withdrawn_on:
            codes.check_date(self.withdrawn_on, "withdrawn_on")


@dataclass(frozen=True, slots=True)
class Act:
    """Something a person decided (a clash settled, a card trusted …): the audit log, never merged or shown as content."""

    KIND: ClassVar[str] = "act"
    action: str
    workshop: str = ""
    subjects: tuple[str, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        require(check_line(self.action, "action", limit=60), "action")
        if self.workshop:
            check_id(self.workshop, "workshop")
        for subject in self.subjects:
            check_line(subject, "subjects", limit=120)
        check_text(self.note, "note", limit=2000)


@dataclass(frozen=True, slots=True)
class Erasure:
    """These records are erased, whatever else arrives in whatever order: their digests remain, nothing more."""

    KIND: ClassVar[str] = "erasure"
    records: tuple[str, ...]
    reason: str
    workshop: str = ""

    def __post_init__(self) -> None:
        if not self.records:
            raise InputRefused("text-missing", field="records")
        for record in self.records:
            check_id(record, "records")
        require(check_text(self.reason, "reason", limit=500), "reason")
        if self.workshop:
            check_id(self.workshop, "workshop")


Value = (
    Programme
    | BaseDocument
    | Workshop
    | Group
    | Contribution
    | Tally
    | Entity
    | Attachment
    | Device
    | Act
    | Erasure
    | Person
    | Consent
)
KINDS: dict[str, type[Value]] = {
    cls.KIND: cls
    for cls in (
        Programme, BaseDocument, Workshop, Group, Contribution, Tally, Entity, Attachment, Device, Act, Erasure, Person,
        Consent,
    )
}  # fmt: skip
