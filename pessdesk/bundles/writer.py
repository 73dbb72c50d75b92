"""Writes a bundle: streamed, signed, fsynced, and only then under its name."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Protocol

from pessdesk.application.bundle import BundleDraft, WrittenBundle
from pessdesk.application.durable import sync_folder
from pessdesk.bundles import layout
from pessdesk.bundles.manifest import bag_info, bag_manifest, manifest
from pessdesk.bundles.zipped import Opener, ZipWriter, open_plain
from pessdesk.domain.errors import StoreUnusable, WorldUnkind
from pessdesk.records import canonical
from pessdesk.records.codec import to_content

Progress = Callable[[int], None]
"""Called with the number of bytes written so far; raise in it to cancel."""
WATCHED = 16 * 1024**2
"""Bytes after which a writing that somebody watches waits for the disk: a stick takes minutes for what memory takes at
once, and the progress must be the stick's."""


class Signer(Protocol):
    def sign(self, data: bytes) -> bytes: ...


def write_bundle(
    path: Path,
    draft: BundleDraft,
    signer: Signer,
    progress: Progress | None = None,
    *,
    opener: Opener = open_plain,
) -> WrittenBundle:
    """Write `draft` to `path`, in place of what may be there. On any failure nothing is left behind. `opener` opens the
    draft's files.

    Raises `WorldUnkind` when the disk is full or the folder cannot be written, `StoreUnusable` when an attachment's
    bytes are not those of its name.
    """
    partial = path.with_name(f".{path.name}.part")
    try:
        with partial.open("wb") as file:
            content_id, size = _write(ZipWriter(file), draft, signer, progress and _of_the_disk(file, progress), opener)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
        try:
            sync_folder(path.parent)
        except OSError:
            path.unlink(missing_ok=True)  # nobody has read it back: it must not be taken for one that was
            raise
    except OSError as problem:
        raise WorldUnkind.from_os(problem, path) from problem
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
    return WrittenBundle(path, content_id, size)


def _of_the_disk(file: BinaryIO, progress: Progress) -> Progress:
    """The same progress, told of bytes that the disk has, but for the last few."""
    safe = 0

    def told(count: int) -> None:
        nonlocal safe
        if count - safe >= WATCHED:
            file.flush()
            os.fsync(file.fileno())
            safe = count
        progress(count)

    return told


def _write(
    archive: ZipWriter, draft: BundleDraft, signer: Signer, progress: Progress | None, opener: Opener
) -> tuple[str, int]:
    digests: dict[str, str] = {}
    octets = 0

    def add(name: str, data: bytes) -> None:
        nonlocal octets
        digests[name] = hashlib.sha256(data).hexdigest()
        octets += len(data) if name.startswith("data/") else 0
        archive.add(name, data)

    def copied(count: int) -> None:
        if progress:
            progress(octets + count)

    archive.add(layout.MIMETYPE, layout.MIMETYPE_CONTENT)
    add(layout.HEADER, canonical.encode(to_content(draft.header)))
    add(layout.REVISIONS, b"".join(line + b"\n" for line in draft.revisions))
    copied(0)
    files = [(f"data/attachments/{n}", p, n[:64]) for n, p in sorted(draft.attachments.items())]
    files += [(f"data/relayed/{n}.asice", p, "") for n, p in sorted(draft.relayed.items())]
    for name, source, expected in files:
        digest = hashlib.sha256()
        with opener(source) as stream:
            octets += archive.add_stream(name, stream, digest, copied)
        digests[name] = digest.hexdigest()
        if expected and digests[name] != expected:
            raise StoreUnusable("attachment-damaged", path=str(source))
    payload = sum(1 for name in digests if name.startswith("data/"))
    add(layout.BAGIT, layout.BAGIT_CONTENT)
    add(layout.BAG_MANIFEST, bag_manifest(digests))
    add(
        layout.BAG_INFO,
        bag_info(identifier=draft.header.id, created=draft.header.created, octets=octets, files=payload),
    )
    listed = manifest(digests)
    archive.add(layout.MANIFEST, listed)
    archive.add(layout.SIGNATURE, signer.sign(listed))
    return hashlib.sha256(listed).hexdigest(), archive.finish()
