"""Verification: one road, only ever towards more trust.

strict ZIP → mimetype → shape of the signature → signature by the embedded key → is that key known → manifest →
it names exactly the files → digests → BagIt agrees → strict JSON → schema → revisions and who made them → relayed
bundles, each by the same road (one level).

Nothing is extracted, nothing is written; every byte is read once, revisions twice. The road needs a file that can be
sought in and the set of known devices, and nothing else: no store, no network, no clock.
"""

from __future__ import annotations

import hashlib
import os
import re
import zlib
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO, cast

from pessdesk.application.bundle import (
    KINDS,
    SCHEMA,
    SCHEMA_VERSION,
    BundleHeader,
    Outcome,
    PlacedFile,
    Verdict,
)
from pessdesk.bundles import layout
from pessdesk.bundles.cms import Signature, check_signature
from pessdesk.bundles.identity import fingerprint
from pessdesk.bundles.manifest import bag_info, bag_manifest, read_manifest
from pessdesk.bundles.zipped import CHUNK, Entry, Opener, ZipReader, open_plain
from pessdesk.domain.errors import BundleRefused, InputRefused, PessError, Stopped, UsageRefused
from pessdesk.domain.kinds import PERSONAL_KINDS
from pessdesk.records import canonical
from pessdesk.records.codec import convert
from pessdesk.records.envelope import MAX_LINE, Revision, read_revision

_PROGRAMME_KINDS = ("programme", "base_document", "entity", "device", "workshop", "group")
_THREADED_FROM = 4 * CHUNK
"""Entries from this size on are checksummed on a second core while SHA-256 runs on the first."""


def verify_file(
    path: Path,
    trusted: Collection[str] | None,
    *,
    keep: bool = False,
    progress: Callable[[int], None] | None = None,
    opener: Opener = open_plain,
) -> Verdict:
    """What a bundle in a file is worth.

    `trusted` are the ids of known devices, None when nobody is known. `keep` puts the revisions into the verdict;
    `opener` opens the file, which may be a sealed one.
    `progress` hears of every byte that is read, some twice; `Stopped` raised in it is not taken for a refusal.
    Raises `UsageRefused` when the file cannot be read: that says nothing about the bundle.
    """
    try:
        if path.exists() and not path.is_file():  # a folder; a pipe would be waited for
            raise UsageRefused("file-unreadable", path=str(path), reason="EINVAL")
        with opener(path) as file:
            size = file.seek(0, os.SEEK_END)
            watched = cast(BinaryIO, _Watched(file, progress)) if progress else file
            return verify(watched, PlacedFile(0, size), trusted, keep=keep)
    except OSError as problem:
        raise UsageRefused("file-unreadable", path=str(path), reason=problem.strerror or "") from problem


class _Watched:
    """A file that tells how much was read of it."""

    def __init__(self, file: BinaryIO, progress: Callable[[int], None]) -> None:
        self.seek = file.seek
        self._file = file
        self._progress = progress
        self._count = 0

    def read(self, size: int) -> bytes:
        data = self._file.read(size)
        self._count += len(data)
        self._progress(self._count)
        return data


def verify(
    file: BinaryIO,
    place: PlacedFile,
    trusted: Collection[str] | None,
    *,
    keep: bool = False,
    relayed: bool = False,
) -> Verdict:
    """Like `verify_file` for a bundle that stands inside an open file; `relayed` forbids a further level."""
    road = _Road(file, place, trusted, keep=keep, relayed=relayed)
    try:
        road.walk()
    except Stopped:
        raise
    except PessError as refusal:
        return road.verdict(Outcome.REJECT, refusal.code, refusal.facts)
    for name, relay in zip(sorted(road._placed(layout.RELAYED)), road.relays, strict=True):
        if relay.outcome is Outcome.REJECT:
            return road.verdict(Outcome.REJECT, "relay-refused", {**relay.facts, "relayed": name, "why": relay.code})
    if road.known:
        return road.verdict(Outcome.ACCEPT, "accepted", {})
    return road.verdict(Outcome.QUARANTINE, "signer-unknown", {"fingerprint": fingerprint(road.device)})


def _belongs(revision: Revision, header: BundleHeader) -> bool:
    """Whether a bundle of this kind may carry the revision: an export speaks of its own workshop and of the laptop
    alone, and nobody slips a base document or another workshop's records into it."""
    if header.kind == "programme":
        return revision.kind in _PROGRAMME_KINDS
    if revision.kind == "device":
        return True
    return revision.kind not in ("programme", "base_document") and revision.workshop == header.workshop != ""


class _Road:
    """The state of one verification; each step is called once, in order, and only adds."""

    def __init__(
        self, file: BinaryIO, place: PlacedFile, trusted: Collection[str] | None, *, keep: bool, relayed: bool
    ) -> None:
        self._file = file
        self._place = place
        self._trusted = frozenset() if trusted is None else trusted
        self._keep = keep
        self._is_relayed = relayed
        self.content_id = ""
        self.device = ""
        self.known = False
        self.header: BundleHeader | None = None
        self.relays: list[Verdict] = []
        self._signature: Signature | None = None
        self._revisions: list[Revision] = []

    def verdict(self, outcome: Outcome, code: str, facts: dict[str, object]) -> Verdict:
        intact = outcome is not Outcome.REJECT
        return Verdict(
            outcome=outcome,
            code=code,
            facts=facts,
            content_id=self.content_id,
            device=self.device,
            header=self.header if intact else None,
            revisions=tuple(self._revisions) if intact else (),
            attachments=self._placed(layout.ATTACHMENT) if intact else {},
            relayed=self._placed(layout.RELAYED) if intact else {},
            relays=tuple(self.relays) if intact else (),
            certificate=self._signature.certificate if self._signature and intact else b"",
            place=self._place,
        )

    def walk(self) -> None:
        self._zip = ZipReader(self._file, self._place.offset, self._place.size)
        self._entries = self._zip.entries
        for name in layout.REQUIRED:
            if name not in self._entries:
                raise BundleRefused("entry-missing", name=name)
        listed = self._check_signed()
        digests = self._check_manifest(listed)
        self._check_digests(digests)
        self.header = self._check_header(digests)
        self._check_revisions(self.header)
        self._check_relayed()

    def _check_signed(self) -> bytes:
        if self._small(layout.MIMETYPE, 100) != layout.MIMETYPE_CONTENT:
            raise BundleRefused("mimetype")
        listed = self._small(layout.MANIFEST, layout.MAX_MANIFEST)
        signature = self._small(layout.SIGNATURE, layout.MAX_SIGNATURE)
        self._signature = check_signature(signature, listed)
        self.content_id = hashlib.sha256(listed).hexdigest()
        self.device = self._signature.device
        self.known = self.device in self._trusted
        return listed

    def _check_manifest(self, listed: bytes) -> dict[str, str]:
        digests = read_manifest(listed)
        unsigned = {layout.MIMETYPE, layout.MANIFEST, layout.SIGNATURE}
        present = set(self._entries) - unsigned
        for name in sorted(present ^ set(digests)):
            raise BundleRefused("file-unsigned" if name in present else "file-missing", name=name)
        return digests

    def _check_digests(self, digests: dict[str, str]) -> None:
        for name, digest in digests.items():
            found = layout.ATTACHMENT.fullmatch(name)
            if found and found[1][:64] != digest:
                raise BundleRefused("attachment-name", name=name)
            if self._digest(self._entries[name]) != digest:
                raise BundleRefused("digest", name=name)
        if self._small(layout.BAGIT, 1000) != layout.BAGIT_CONTENT:
            raise BundleRefused("bagit", name=layout.BAGIT)
        if self._small(layout.BAG_MANIFEST, layout.MAX_MANIFEST) != bag_manifest(digests):
            raise BundleRefused("bagit", name=layout.BAG_MANIFEST)

    def _check_header(self, digests: dict[str, str]) -> BundleHeader:
        data = self._small(layout.HEADER, layout.MAX_HEADER)
        try:
            raw = canonical.decode(data)
        except canonical.NotCanonical as problem:
            raise BundleRefused("header-json", reason=problem.reason) from None
        if type(raw) is not dict or raw.get("schema") != SCHEMA or type(raw.get("version")) is not int:
            raise BundleRefused("header-shape", problem="schema")
        if raw["version"] != SCHEMA_VERSION:
            raise BundleRefused("schema-newer", needed=raw["version"], known=SCHEMA_VERSION)
        if raw.get("kind") not in KINDS:
            raise BundleRefused("kind-unknown", kind=str(raw.get("kind"))[:40])
        try:
            header = convert(raw, BundleHeader)
        except InputRefused as problem:
            raise BundleRefused("header-shape", problem=f"{problem.code} {problem.facts}") from None
        if header.device != self.device:
            raise BundleRefused("header-device", claimed=header.device)
        payload = [name for name in digests if name.startswith("data/")]
        octets = sum(self._entries[name].size for name in payload)
        expected = bag_info(identifier=header.id, created=header.created, octets=octets, files=len(payload))
        if self._small(layout.BAG_INFO, 10_000) != expected:
            raise BundleRefused("bagit", name=layout.BAG_INFO)
        return header

    def _check_revisions(self, header: BundleHeader) -> None:
        entry = self._entries[layout.REVISIONS]
        if entry.size > layout.MAX_REVISIONS:
            raise BundleRefused("entry-too-big", name=entry.name, size=entry.size, limit=layout.MAX_REVISIONS)
        counts: dict[str, int] = {}
        last = ("", "")
        for number, line in enumerate(self._zip.lines(entry, MAX_LINE), start=1):
            try:
                revision = read_revision(line)
            except InputRefused as problem:
                raise BundleRefused("revision", line=number, why=problem.code, **problem.facts) from None
            if revision.device != self.device:
                raise BundleRefused("revision-device", line=number, claimed=revision.device)
            if revision.kind in PERSONAL_KINDS:
                raise BundleRefused("revision-personal", line=number, kind=revision.kind)
            if not _belongs(revision, header):
                raise BundleRefused("revision-scope", line=number, kind=revision.kind)
            if (revision.record, revision.id) <= last:
                raise BundleRefused("revision-order", line=number)
            last = (revision.record, revision.id)
            counts[revision.kind] = counts.get(revision.kind, 0) + 1
            if self._keep:
                self._revisions.append(revision)
        if counts != dict(header.counts):
            raise BundleRefused("header-counts")

    def _check_relayed(self) -> None:
        for content_id, place in sorted(self._placed(layout.RELAYED).items()):
            if self._is_relayed:
                raise BundleRefused("relay-nested", relayed=content_id)
            verdict = verify(self._file, place, self._trusted, keep=self._keep, relayed=True)
            if verdict.outcome is not Outcome.REJECT and verdict.content_id != content_id:
                raise BundleRefused("relay-name", relayed=content_id)
            self.relays.append(verdict)

    def _small(self, name: str, limit: int) -> bytes:
        data = self._zip.read(name, limit)
        if zlib.crc32(data) != self._entries[name].crc:
            raise BundleRefused("zip-crc", name=name)
        return data

    def _digest(self, entry: Entry) -> str:
        """SHA-256 of an entry, its CRC checked on the way."""
        digest = hashlib.sha256()
        crc = 0
        if entry.size < _THREADED_FROM:
            for chunk in self._zip.chunks(entry):
                digest.update(chunk)
                crc = zlib.crc32(chunk, crc)
        else:
            with ThreadPoolExecutor(1) as other:
                pending = other.submit(zlib.crc32, b"", 0)
                for chunk in self._zip.chunks(entry):
                    crc = pending.result()
                    pending = other.submit(zlib.crc32, chunk, crc)
                    digest.update(chunk)
                crc = pending.result()
        if crc != entry.crc:
            raise BundleRefused("zip-crc", name=entry.name)
        return digest.hexdigest()

    def _placed(self, pattern: re.Pattern[str]) -> dict[str, PlacedFile]:
        found: dict[str, PlacedFile] = {}
        for name, entry in self._entries.items():
            if match := pattern.fullmatch(name):
                found[match[1]] = PlacedFile(self._place.offset + entry.start, entry.size)
        return found
