"""The files beside the store: attachments named by their digest, bundles sent, received and set aside, the spool.

Whatever gets a name there was written under a temporary one, fsynced and renamed; what is only half there has the
name of a temporary file and is swept away at the next start.

In a protected store all of them are sealed (`pessdesk.system.sealing`), the temporary ones too, and have `.sealed` added
to their names. Others name them without it and read them through `StoreFiles.open` alone, which takes either form: while
protection is being turned on or off both lie there.
"""

from __future__ import annotations

import hashlib
import io
import mimetypes
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from pessdesk.application.durable import make_folder, sync_folder
from pessdesk.application.ports import StoredFile
from pessdesk.domain.errors import InputRefused, StoreLocked, UsageRefused, WorldUnkind
from pessdesk.system.sealing import SUFFIX, SealedWriter, open_sealed, sealed_name, sealed_size

CHUNK = 1024 * 1024
MAX_ATTACHMENT = 1024**3
MAX_BUNDLE = 2 * 1024**3 + 16 * CHUNK


class StoreFiles:
    """The folders of one store; `key` are the 32 bytes under which its files are, if any."""

    def __init__(self, folder: Path, key: bytes | None = None) -> None:
        self.folder = folder
        self._key = key
        self.attachments = folder / "attachments"
        self.received = folder / "received"
        self.sent = folder / "sent"
        self.quarantine = folder / "quarantine"
        self._spool = folder / "spool"

    def sweep(self) -> None:
        """Remove what an interrupted run left half-written; only while holding the store's lock."""
        for partial in self._spool.glob("*") if self._spool.is_dir() else ():
            partial.unlink(missing_ok=True)

    # Reading

    def open(self, path: Path) -> BinaryIO:
        """A file beside the store, sealed or not, to be read and sought in; any other file as it is.

        Raises `OSError`, `StoreLocked` when it is sealed and there is no key, `StoreUnusable` when it is damaged.
        """
        there = self._there(path)
        if not self._is_sealed(there):
            return there.open("rb")
        if self._key is None:
            raise StoreLocked("store-locked", path=str(self.folder))
        return open_sealed(there, self._key)

    def has(self, path: Path) -> bool:
        return self._there(path).is_file()

    def size(self, path: Path) -> int:
        """How many bytes `open` will give."""
        there = self._there(path)
        return sealed_size(there) if self._is_sealed(there) else there.stat().st_size

    def _there(self, path: Path) -> Path:
        """Where a file really lies. Either form is whole when it is there: without a key the plain one is what helps."""
        sealed = sealed_name(path)
        if not self._is_ours(path) or (self._key is None and path.exists()):
            return path
        return sealed if sealed.exists() else path

    def _is_sealed(self, there: Path) -> bool:
        return there.suffix == SUFFIX and self._is_ours(there)

    def _is_ours(self, path: Path) -> bool:
        return Path(os.path.abspath(path)).is_relative_to(os.path.abspath(self.folder))  # noqa: PTH100 - no link is followed

    # Keeping

    def keep_attachment(self, source: Path, content: bytes | None = None) -> StoredFile:
        """A copy of `source` among the attachments, whole or not at all; or `content`, of which `source` is the name."""
        try:
            size = source.stat().st_size if content is None else len(content)
            if content is None and not source.is_file():
                raise InputRefused("photo-missing", field="photo", path=str(source))
            if not 0 < size <= MAX_ATTACHMENT:
                raise InputRefused("attachment-size", path=str(source), size=size, limit=MAX_ATTACHMENT)
            stream: BinaryIO = source.open("rb") if content is None else io.BytesIO(content)
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
        return self.has(self.attachment(name))

    def check_bundle(self, source: Path) -> None:
        """Refuse what is not worth opening, as `spool` does."""
        try:
            there = self._there(source)
            size = there.stat().st_size
            if not there.is_file():  # a pipe would be waited for, with the store held
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
            stream = self.open(source)
        except OSError as problem:
            raise _unreadable(source, problem) from problem
        with stream:
            partial, _, _ = self._copy(_read_of_others(stream, source), sync=False)
        return partial

    def keep_attachment_from(self, bundle: Path, offset: int, size: int, name: str) -> None:
        """Keep an attachment that stands inside a verified bundle."""
        if not self.has_attachment(name):
            with self.open(bundle) as stream:
                stream.seek(offset)
                partial, digest, _ = self._copy(_read(stream, size))
            if digest != name[:64]:
                partial.unlink()
                raise WorldUnkind("read-back-differs", path=str(bundle), reason=name)
            self._settle(partial, self.attachment(name))

    def keep_received(self, bundle: Path, offset: int, size: int, content_id: str) -> None:
        """Keep a received bundle byte for byte, so that it can be relayed."""
        target = self.received / f"{content_id}.asice"
        if self.has(target):
            return
        if offset == 0 and size == self.size(bundle) and (linked := self._linked(bundle)):
            self._settle(linked, target)
            return
        with self.open(bundle) as stream:
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
        with self.open(bundle) as stream:
            stream.seek(offset)
            partial, digest, _ = self._copy(_read(stream, size))
        name = f"{digest}.asice"
        self._settle(partial, self.quarantine / name)
        return name

    def forget_aside(self, name: str) -> None:
        """A bundle that waited has been taken in: its copy in `quarantine/` goes."""
        self._remove(self.quarantine / name)

    def holding(self, words: Sequence[str]) -> list[Path]:
        """Bundles received, sent and set aside in which any of these words stands (ids, digests). Bundles are stored
        as they are, never packed, so that a search through their bytes finds them, those that nobody can read too."""
        sought = [word.encode() for word in words]
        longest = max(map(len, sought), default=0)
        found: list[Path] = []
        for folder in (self.received, self.sent, self.quarantine):
            for there in sorted(folder.glob("*")) if sought and folder.is_dir() else ():
                path = there.with_suffix("") if there.suffix == SUFFIX else there
                before = b""
                with self.open(path) as stream:
                    for chunk in _read(stream):
                        before = before[-longest:] + chunk
                        if any(word in before for word in sought):
                            found.append(path)
                            break
        return found

    def remove(self, path: Path) -> None:
        """Remove a file, sealed or not; gone for good once this returns."""
        self._remove(path)
        if path.parent.is_dir():
            sync_folder(path.parent)

    def copy_out(self, source: Path, target: Path, progress: Callable[[int], None] | None = None) -> None:
        """A copy of one of our files in a folder of the person's choice; `progress` hears of the bytes so far."""
        partial = target.with_name(f".{target.name}.part")
        try:
            with self.open(source) as stream, partial.open("wb") as out:
                for chunk in _read(stream):
                    out.write(chunk)
                    if progress:
                        progress(out.tell())
                out.flush()
                os.fsync(out.fileno())
            partial.replace(target)
            sync_folder(target.parent)
        except OSError as problem:
            raise WorldUnkind.from_os(problem, target) from problem
        finally:
            _forget(partial)

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
            handle, name = tempfile.mkstemp(dir=self._spool, suffix="" if self._key is None else SUFFIX)
        except OSError as problem:
            raise WorldUnkind.from_os(problem, self._spool) from problem
        partial = Path(name)
        digest = hashlib.sha256()
        size = 0
        try:
            with os.fdopen(handle, "wb") as out:
                sealing = None if self._key is None else SealedWriter(out, self._key)
                for chunk in chunks:
                    digest.update(chunk)
                    (sealing or out).write(chunk)
                    size += len(chunk)
                if sealing is not None:
                    sealing.finish()
                out.flush()
                if sync:
                    os.fsync(out.fileno())
        except BaseException as problem:
            _forget(partial)
            if isinstance(problem, OSError):
                raise WorldUnkind.from_os(problem, self._spool) from problem
            raise
        return partial, digest.hexdigest(), size

    def _settle(self, partial: Path, target: Path) -> None:
        if self._key is not None:
            target = sealed_name(target)
        try:
            make_folder(target.parent)
            partial.replace(target)
            sync_folder(target.parent)
        except OSError as problem:
            _forget(partial)
            raise WorldUnkind.from_os(problem, target) from problem

    def keep_own(self, path: Path, data: bytes) -> None:
        """Keep a small file of the store's own, readable by its owner only, whole or not at all."""
        partial, _, _ = self._copy(iter((data,)))  # a temporary file is its owner's alone
        self._settle(partial, path)

    def _remove(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        sealed_name(path).unlink(missing_ok=True)

    # Turning protection on and off

    def plain(self, own: Iterable[Path]) -> list[Path]:
        """The files beside the store that are not sealed: those of its folders, and these of its own."""
        return [path for path in self._all(own) if path.suffix != SUFFIX]

    def sealed(self, own: Iterable[Path]) -> list[Path]:
        """Those that are, under their names without the ending."""
        return [path.with_suffix("") for path in self._all(own) if path.suffix == SUFFIX]

    def seal(self, path: Path) -> None:
        """Put the sealed form of a file in place of the plain one; whenever it is stopped, one of them is whole."""
        with _kindly(path):
            # Also where a sealed form is there: it may be under a key that nobody has any more.
            with path.open("rb") as stream:
                partial, _, _ = self._copy(_read(stream))
            self._settle(partial, path)
            path.unlink()
            sync_folder(path.parent)

    def unseal(self, path: Path) -> None:
        """Put the plain form of a file in place of the sealed one; whenever it is stopped, one of them is whole."""
        with _kindly(path):
            with self.open(path) as stream:
                partial, _, _ = StoreFiles(self.folder)._copy(_read(stream))
            StoreFiles(self.folder)._settle(partial, path)
            sealed_name(path).unlink()
            sync_folder(path.parent)  # before the keys go: what came back after a power cut could not be opened

    def _all(self, own: Iterable[Path]) -> list[Path]:
        folders = (self.attachments, self.received, self.sent, self.quarantine)
        inside = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
        return inside + [form for path in own for form in (path, sealed_name(path)) if form.is_file()]


def write_whole(target: Path, data: bytes) -> None:
    """Write a small file, whole or not at all, in place of what may be there. Raises `OSError`."""
    partial = target.with_name(f".{target.name}.part")
    try:
        with partial.open("wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        partial.replace(target)
        sync_folder(target.parent)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def _kindly(path: Path) -> Iterator[None]:
    """What the system says of a file, such as that another program has it open, as one of ours."""
    try:
        yield
    except OSError as problem:
        raise WorldUnkind.from_os(problem, path) from problem


def _forget(partial: Path) -> None:
    """Remove what is only half there, if the disk lets us: why it is only half there is what people must hear."""
    with suppress(OSError):
        partial.unlink(missing_ok=True)


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
