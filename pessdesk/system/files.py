"""The files beside the store: attachments named by their digest, bundles sent, received and set aside, the spool.

Whatever gets a name there was written under a temporary one, fsynced and renamed; what is only half there has the
name of a temporary file and is swept away at the next start.
"""

from __future__ import annotations

import hashlib
import mimetypes
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from pessdesk.application.ports import StoredFile
from pessdesk.domain.errors import InputRefused, UsageRefused, WorldUnkind

CHUNK = 1024 * 1024
MAX_ATTACHMENT = 1024**3
MAX_BUNDLE = 2 * 1024**3 + 16 * CHUNK


class StoreFiles:
    """The folders of one store."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.attachments = folder / "attachments"
        self.received = folder / "received"
        self.sent = folder / "sent"
        self.quarantine = folder / "quarantine"
        self._spool = folder / "spool"

    def sweep(self) -> None:
        """Remove what an interrupted run left half-written; only while holding the store's lock."""
        for partial in self._spool.glob("*") if self._spool.is_dir() else ():
            partial.unlink(missing_ok=True)

    def keep_attachment(self, source: Path) -> StoredFile:
        """A copy of `source` among the attachments, whole or not at all."""
        try:
            size = source.stat().st_size
            if not source.is_file():
                raise InputRefused("photo-missing", field="photo", path=str(source))
            if not 0 < size <= MAX_ATTACHMENT:
                raise InputRefused("attachment-size", path=str(source), size=size, limit=MAX_ATTACHMENT)
            stream = source.open("rb")
        except FileNotFoundError:
            raise InputRefused("photo-missing", field="photo", path=str(source)) from None
        except OSError as problem:
            raise UsageRefused("file-unreadable", path=str(source), reason=problem.strerror or "") from problem
        extension = "".join(c for c in source.suffix.lower()[1:] if c.isascii() and c.isalnum())[:8] or "bin"
        media_type = mimetypes.guess_type(f"x.{extension}")[0] or "application/octet-stream"
        with stream:
            partial, digest, size = self._copy(_read(stream))
        name = f"{digest}.{extension}"
        self._settle(partial, self.attachment(name))
        return StoredFile(name, digest, extension, size, media_type)

    def attachment(self, name: str) -> Path:
        """Where the attachment `<sha256>.<extension>` lies, or would."""
        return self.attachments / name[:2] / name

    def has_attachment(self, name: str) -> bool:
        return self.attachment(name).is_file()

    def check_bundle(self, source: Path) -> None:
        """Refuse what is not worth opening, as `spool` does."""
        try:
            size = source.stat().st_size
            if not source.is_file():  # a pipe would be waited for, with the store held
                raise UsageRefused("file-unreadable", path=str(source), reason="EINVAL")
        except OSError as problem:
            raise _unreadable(source, problem) from problem
        if size > MAX_BUNDLE:
            # Larger than any bundle can be: its first bytes are enough for the verifier to say so.
            raise UsageRefused("file-too-big", path=str(source), size=size, limit=MAX_BUNDLE)

    def spool(self, source: Path) -> Path:
        """A local copy of a bundle: a stick can be pulled, a file can change while it is read."""
        self.check_bundle(source)
        try:
            stream = source.open("rb")
        except OSError as problem:
            raise _unreadable(source, problem) from problem
        with stream:
            partial, _, _ = self._copy(_read_of_others(stream, source), sync=False)
        return partial

    def keep_attachment_from(self, bundle: Path, offset: int, size: int, name: str) -> None:
        """Keep an attachment that stands inside a verified bundle."""
        if not self.has_attachment(name):
            with bundle.open("rb") as stream:
                stream.seek(offset)
                partial, digest, _ = self._copy(_read(stream, size))
            if digest != name[:64]:
                partial.unlink()
                raise WorldUnkind("read-back-differs", path=str(bundle), reason=name)
            self._settle(partial, self.attachment(name))

    def keep_received(self, bundle: Path, offset: int, size: int, content_id: str) -> None:
        """Keep a received bundle byte for byte, so that it can be relayed."""
        target = self.received / f"{content_id}.asice"
        if target.exists():
            return
        if offset == 0 and size == bundle.stat().st_size and (linked := self._linked(bundle)):
            self._settle(linked, target)
            return
        with bundle.open("rb") as stream:
            stream.seek(offset)
            partial, _, _ = self._copy(_read(stream, size))
        self._settle(partial, target)

    def _linked(self, spooled: Path) -> Path | None:
        """A second name for a spooled file, durable; None where the file system has no such thing."""
        other = spooled.with_suffix(".link")
        try:
            os.link(spooled, other)
            with spooled.open("rb") as file:
                os.fsync(file.fileno())
        except OSError:
            other.unlink(missing_ok=True)
            return None
        return other

    def set_aside(self, bundle: Path, offset: int, size: int) -> str:
        """Keep a bundle that was refused or waits for a decision; gives its file name in `quarantine/`."""
        with bundle.open("rb") as stream:
            stream.seek(offset)
            partial, digest, _ = self._copy(_read(stream, size))
        name = f"{digest}.asice"
        self._settle(partial, self.quarantine / name)
        return name

    def forget_aside(self, name: str) -> None:
        """A bundle that waited has been taken in: its copy in `quarantine/` goes."""
        (self.quarantine / name).unlink(missing_ok=True)

    def copy_out(self, source: Path, target: Path, progress: Callable[[int], None] | None = None) -> None:
        """A copy of one of our files in a folder of the person's choice; `progress` hears of the bytes so far."""
        partial = target.with_name(f".{target.name}.part")
        try:
            with source.open("rb") as stream, partial.open("wb") as out:
                for chunk in _read(stream):
                    out.write(chunk)
                    if progress:
                        progress(out.tell())
                out.flush()
                os.fsync(out.fileno())
            partial.replace(target)
        except OSError as problem:
            raise WorldUnkind.from_os(problem, target) from problem
        finally:
            partial.unlink(missing_ok=True)

    def room(self, folder: Path) -> int:
        """Bytes that are free where a folder lies; as good as endless where the system does not say."""
        try:
            usage = shutil.disk_usage(folder)
        except OSError as problem:
            raise WorldUnkind.from_os(problem, folder) from problem
        return usage.free if usage.total else 2**63

    def forget(self, path: Path) -> None:
        """Let the system let go of what it holds of a file in memory, so that what is read next comes from the disk
        (where the system can be asked: Linux)."""
        if hasattr(os, "posix_fadvise"):
            with suppress(OSError), path.open("rb") as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)

    def _copy(self, chunks: Iterator[bytes], *, sync: bool = True) -> tuple[Path, str, int]:
        try:
            self._spool.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._spool)
        except OSError as problem:
            raise WorldUnkind.from_os(problem, self._spool) from problem
        partial = Path(name)
        digest = hashlib.sha256()
        size = 0
        try:
            with os.fdopen(handle, "wb") as out:
                for chunk in chunks:
                    digest.update(chunk)
                    out.write(chunk)
                    size += len(chunk)
                out.flush()
                if sync:
                    os.fsync(out.fileno())
        except BaseException as problem:
            partial.unlink(missing_ok=True)
            if isinstance(problem, OSError):
                raise WorldUnkind.from_os(problem, self._spool) from problem
            raise
        return partial, digest.hexdigest(), size

    def _settle(self, partial: Path, target: Path) -> None:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            partial.replace(target)
            sync_folder(target.parent)
        except OSError as problem:
            partial.unlink(missing_ok=True)
            raise WorldUnkind.from_os(problem, target) from problem


def write_whole(target: Path, data: bytes) -> None:
    """Write a small file, whole or not at all, in place of what may be there. Raises `OSError`."""
    partial = target.with_name(f".{target.name}.part")
    try:
        with partial.open("wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` durable; Windows has no such call and needs none."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _unreadable(source: Path, problem: OSError) -> UsageRefused:
    if isinstance(problem, FileNotFoundError):
        return UsageRefused("file-gone", path=str(source))
    return UsageRefused("file-unreadable", path=str(source), reason=problem.strerror or "")


def _read_of_others(stream: BinaryIO, source: Path) -> Iterator[bytes]:
    """What stands on somebody else's stick: when it is pulled, that is not our disk's trouble."""
    try:
        yield from _read(stream)
    except OSError as problem:
        raise _unreadable(source, problem) from problem


def _read(stream: BinaryIO, size: int | None = None) -> Iterator[bytes]:
    left = size
    while chunk := stream.read(CHUNK if left is None else min(CHUNK, left)):
        yield chunk
        if left is not None:
            left -= len(chunk)
            if not left:
                return
