"""What a bundle says of itself, and what became of one: the values that export, import and verification exchange."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pessdesk.domain.errors import InputRefused
from pessdesk.domain.model import check_digest, check_id
from pessdesk.domain.text import check_line
from pessdesk.records.envelope import Revision

_UTC = re.compile(r"\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-6]\dZ")
SCHEMA = "pessdesk-bundle"
SCHEMA_VERSION = 1
KINDS = ("programme", "export")


@dataclass(frozen=True, slots=True)
class BundleHeader:
    """`data/bundle.json`. `prev` is the content id of this device's bundle before (empty for its first of an epoch);
    `seq` counts them from 1; `void` are numbers taken but never handed over; `created` is UTC, RFC 3339, a claim."""

    schema: str
    version: int
    id: str
    kind: str
    device: str
    epoch: int
    seq: int
    created: str
    application: str
    counts: Mapping[str, int]
    prev: str = ""
    part: int = 1
    parts: int = 1
    programme: str = ""
    programme_version: str = ""
    workshop: str = ""
    workshop_code: str = ""
    comarca: str = ""
    label: str = ""
    clock: Mapping[str, str] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    void: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        check_id(self.id, "id")
        check_digest(self.device, "device")
        if self.prev:
            check_digest(self.prev, "prev")
        for name in ("programme", "workshop"):
            if getattr(self, name):
                check_id(getattr(self, name), name)
        for name in ("created", "application", "programme_version", "workshop_code", "comarca", "label"):
            check_line(getattr(self, name), name, limit=120)
        if not _UTC.fullmatch(self.created):
            raise InputRefused("date-wrong", field="created", value=self.created[:40])
        for name, low in (("epoch", 1), ("seq", 1), ("part", 1), ("parts", 1)):
            if getattr(self, name) < low:
                raise InputRefused("number-out-of-range", field=name, value=getattr(self, name), low=low, high=2**53)
        if self.part > self.parts:
            raise InputRefused("number-out-of-range", field="part", value=self.part, low=1, high=self.parts)
        if self.seq == 1 and self.prev:
            raise InputRefused("bundle-prev", seq=self.seq)


class Outcome(enum.IntEnum):
    """What verification says, from best to worst; the values are the exit codes of `verify`."""

    ACCEPT = 0
    QUARANTINE = 3
    REJECT = 4


@dataclass(frozen=True, slots=True)
class PlacedFile:
    """A file inside a bundle: its bytes start at `offset` of the outermost file."""

    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one bundle. `revisions` are filled only on request and only for an accepted or quarantined one.

    `attachments` maps `<sha256>.<ext>` and `relayed` maps content ids to where the bytes stand; `relays` are the
    verdicts of the relayed bundles, in the order of their content ids.
    """

    outcome: Outcome
    code: str
    facts: Mapping[str, object]
    content_id: str = ""
    device: str = ""
    header: BundleHeader | None = None
    revisions: tuple[Revision, ...] = ()
    attachments: Mapping[str, PlacedFile] = field(default_factory=dict)
    relayed: Mapping[str, PlacedFile] = field(default_factory=dict)
    relays: tuple[Verdict, ...] = ()
    certificate: bytes = b""
    place: PlacedFile = PlacedFile(0, 0)

    @property
    def worst(self) -> Outcome:
        return max([self.outcome, *(relay.outcome for relay in self.relays)])


@dataclass(frozen=True, slots=True)
class BundleDraft:
    """What goes into a bundle: `revisions` are the bytes of envelopes in the order (record, id)."""

    header: BundleHeader
    revisions: tuple[bytes, ...]
    attachments: Mapping[str, Path] = field(default_factory=dict)
    relayed: Mapping[str, Path] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WrittenBundle:
    path: Path
    content_id: str
    size: int
