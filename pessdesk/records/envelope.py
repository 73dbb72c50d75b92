"""The envelope of a revision, and its id: the SHA-256 of exactly its canonical bytes.

The bytes are stored and handed on as they came, never encoded anew. What is checked here is the shape; who may sign
what is the business of `pessdesk.bundles`.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pessdesk.domain.errors import InputRefused
from pessdesk.domain.kinds import PERSONAL_KINDS
from pessdesk.records import canonical
from pessdesk.records.canonical import NotCanonical
from pessdesk.records.codec import Content, from_content

VERSION = 1
MAX_LINE = 8 * 1024 * 1024
"""Longest revision, in bytes."""

_UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_HEX64 = re.compile(r"[0-9a-f]{64}")
_HLC = re.compile(r"[0-9a-f]{16}")
_KIND = re.compile(r"[a-z][a-z0-9_]{0,31}")
_SALT = re.compile(r"[0-9a-f]{32}")
_FIELDS = ("actor", "content", "counter", "device", "epoch", "hlc", "kind", "parents", "record", "v")


@dataclass(frozen=True, slots=True)
class Revision:
    """One immutable statement about one record. `data` are the envelope's bytes, `id` their SHA-256 in hex."""

    id: str
    data: bytes
    kind: str
    record: str
    parents: tuple[str, ...]
    device: str
    epoch: int
    counter: int
    hlc: str
    actor: str
    content: Content

    @property
    def workshop(self) -> str:
        """The record of the workshop to which this belongs, empty for what belongs to the programme."""
        return self.record if self.kind == "workshop" else str(self.content.get("workshop", ""))


def make_revision(
    *,
    kind: str,
    record: str,
    parents: tuple[str, ...],
    device: str,
    epoch: int,
    counter: int,
    hlc: str,
    actor: str,
    content: Content,
    salt: str = "",
) -> Revision:
    """A new revision; the content must come from `codec.to_content` or from a merged view.

    `salt` are 128 random bits in hex, needed for personal kinds: what remains after an erasure is the digest, and
    without them somebody who suspects what it was could compute it.
    """
    parents = tuple(sorted(set(parents)))
    envelope = {
        "v": VERSION, "kind": kind, "record": record, "parents": parents, "device": device, "epoch": epoch,
        "counter": counter, "hlc": hlc, "actor": actor, "content": content,
    }  # fmt: skip
    data = canonical.encode(envelope | {"salt": salt} if salt else envelope)
    digest = hashlib.sha256(data).hexdigest()
    return Revision(digest, data, kind, record, parents, device, epoch, counter, hlc, actor, content)


def read_revision(data: bytes) -> Revision:
    """The revision of these bytes, every rule of the envelope and of a known kind's content checked.

    Raises `InputRefused` with `revision-json`, `revision-shape`, `revision-version` or a code of the content's rules.
    """
    if len(data) > MAX_LINE:
        raise InputRefused("revision-too-long", size=len(data), limit=MAX_LINE)
    try:
        envelope = canonical.decode(data)
    except NotCanonical as problem:
        raise InputRefused("revision-json", reason=problem.reason) from None
    revision = _shaped(envelope, data)
    from_content(revision.kind, revision.content)
    return revision


def trusted_revision(data: bytes) -> Revision:
    """The revision of bytes that this store has checked before."""
    e = canonical._decoder.decode(data)
    return Revision(
        hashlib.sha256(data).hexdigest(), data, e["kind"], e["record"], tuple(e["parents"]), e["device"],
        e["epoch"], e["counter"], e["hlc"], e["actor"], e["content"],
    )  # fmt: skip


def _shaped(e: Any, data: bytes) -> Revision:
    def bad(field: str) -> InputRefused:
        return InputRefused("revision-shape", field=field)

    if type(e) is not dict:
        raise bad("envelope")
    version = e.get("v")
    if type(version) is not int or version < 1:
        raise bad("v")
    if version > VERSION:
        raise InputRefused("revision-version", version=version, known=VERSION)
    for field in _FIELDS:
        if field not in e:
            raise bad(field)
    for field, pattern in (
        ("kind", _KIND),
        ("record", _UUID7),
        ("device", _HEX64),
        ("hlc", _HLC),
        ("actor", _UUID7),
    ):
        if type(e[field]) is not str or not pattern.fullmatch(e[field]):
            raise bad(field)
    parents = e["parents"]
    if type(parents) is not list or not all(type(p) is str and _HEX64.fullmatch(p) for p in parents):
        raise bad("parents")
    if len(parents) > 1 and any(a >= b for a, b in pairwise(parents)):
        raise bad("parents")
    for field in ("epoch", "counter"):
        if type(e[field]) is not int or e[field] < 1:
            raise bad(field)
    if type(e["content"]) is not dict:
        raise bad("content")
    if e["kind"] in PERSONAL_KINDS and "salt" not in e:
        raise bad("salt")
    if "salt" in e and not (type(e["salt"]) is str and _SALT.fullmatch(e["salt"])):
        raise bad("salt")
    return Revision(
        hashlib.sha256(data).hexdigest(), data, e["kind"], e["record"], tuple(parents), e["device"], e["epoch"],
        e["counter"], e["hlc"], e["actor"], e["content"],
    )  # fmt: skip
