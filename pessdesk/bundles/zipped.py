"""The ZIP container, as narrow as it can be: written and demanded alike.

STORED, no flags, one fixed date, regular files, no extra fields, comments, descriptors, zip64, encryption or folders;
the entries tile the file from its first byte in the order of the central directory, local headers equal it, and the
end record is the last 22 bytes. So there is one way only to read such a file, and no room to hide anything in it.
APPNOTE.TXT 6.3.10 gives the fields.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from pessdesk.bundles import layout
from pessdesk.domain.errors import BundleRefused

LOCAL = struct.Struct("<4sHHHHHIIIHH")
CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
END = struct.Struct("<4sHHHHIIH")
LOCAL_MAGIC, CENTRAL_MAGIC, END_MAGIC = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
VERSION_NEEDED, VERSION_MADE, STORED, DOS_TIME, DOS_DATE = 10, 20, 0, 0, 0x21
CHUNK = 1024 * 1024

Opener = Callable[[Path], BinaryIO]
"""How a file is opened to be read and sought in: files beside a protected store are sealed."""


def open_plain(path: Path) -> BinaryIO:
    return path.open("rb")


class Hash(Protocol):
    def update(self, data: bytes, /) -> None: ...


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the container; `start` is where its bytes begin, counted from the container's first byte."""

    name: str
    crc: int
    size: int
    start: int


def local_header(name: bytes, crc: int, size: int) -> bytes:
    fields = (VERSION_NEEDED, 0, STORED, DOS_TIME, DOS_DATE, crc, size, size, len(name), 0)
    return LOCAL.pack(LOCAL_MAGIC, *fields) + name


def central_header(name: bytes, crc: int, size: int, offset: int) -> bytes:
    fields = (
        VERSION_MADE,
        VERSION_NEEDED,
        0,
        STORED,
        DOS_TIME,
        DOS_DATE,
        crc,
        size,
        size,
        len(name),
        0,
        0,
        0,
        0,
        0,
    )
    return CENTRAL.pack(CENTRAL_MAGIC, *fields, offset) + name


def end_record(count: int, size: int, offset: int) -> bytes:
    return END.pack(END_MAGIC, 0, 0, count, count, size, offset, 0)


class ZipWriter:
    """Writes entries one after the other into a seekable file that starts empty."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._offset = 0
        self._central: list[bytes] = []

    def add(self, name: str, data: bytes) -> None:
        self._entered(name, zlib.crc32(data), len(data))
        self._file.write(local_header(name.encode("ascii"), zlib.crc32(data), len(data)))
        self._file.write(data)

    def add_stream(self, name: str, source: BinaryIO, digest: Hash, copied: Callable[[int], None] | None = None) -> int:
        """Copy `source` in, feeding `digest`; gives the number of bytes, and tells `copied` of those so far. Memory
        stays flat."""
        raw = name.encode("ascii")
        self._file.write(local_header(raw, 0, 0))
        crc = size = 0
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            crc = zlib.crc32(chunk, crc)
            self._file.write(chunk)
            size += len(chunk)
            if copied:
                copied(size)
        start = self._offset
        self._entered(name, crc, size)
        self._file.seek(start)
        self._file.write(local_header(raw, crc, size))
        self._file.seek(self._offset)
        return size

    def _entered(self, name: str, crc: int, size: int) -> None:
        raw = name.encode("ascii")
        if len(self._central) >= layout.MAX_ENTRIES:
            raise BundleRefused("too-many", count=len(self._central) + 1, limit=layout.MAX_ENTRIES)
        self._central.append(central_header(raw, crc, size, self._offset))
        self._offset += LOCAL.size + len(raw) + size
        if self._offset > layout.MAX_SIZE:
            raise BundleRefused("too-big", size=self._offset, limit=layout.MAX_SIZE)

    def finish(self) -> int:
        """Write the central directory and the end record; gives the size of the whole."""
        directory = b"".join(self._central)
        self._file.write(directory)
        self._file.write(end_record(len(self._central), len(directory), self._offset))
        return self._offset + len(directory) + END.size


class ZipReader:
    """A container inside `file` from `offset` on, `size` bytes long, scanned strictly when it is made.

    Raises `BundleRefused` at the first thing that another reader might see otherwise. Reads by seek and read, never
    maps the file: a stick can be pulled.
    """

    def __init__(self, file: BinaryIO, offset: int, size: int) -> None:
        self._file = file
        self._offset = offset
        self.size = size
        self.entries = {entry.name: entry for entry in self._scan()}

    def read(self, name: str, limit: int) -> bytes:
        """The bytes of a small entry."""
        entry = self.entries[name]
        if entry.size > limit:
            raise BundleRefused("entry-too-big", name=name, size=entry.size, limit=limit)
        return self._read(entry.start, entry.size)

    def chunks(self, entry: Entry) -> Iterator[bytes]:
        """The bytes of an entry, a mebibyte at a time."""
        self._file.seek(self._offset + entry.start)
        left = entry.size
        while left:
            chunk = self._file.read(min(CHUNK, left))
            if not chunk:
                raise BundleRefused("zip-truncated", name=entry.name)
            left -= len(chunk)
            yield chunk

    def lines(self, entry: Entry, limit: int) -> Iterator[bytes]:
        """The lines of an entry without their line feeds; every line ends with one."""
        rest = b""
        for chunk in self.chunks(entry):
            *whole, rest = (rest + chunk).split(b"\n")
            yield from whole
            if len(rest) > limit:
                raise BundleRefused("line-too-long", name=entry.name, limit=limit)
        if rest:
            raise BundleRefused("line-unfinished", name=entry.name)

    def _read(self, start: int, size: int) -> bytes:
        self._file.seek(self._offset + start)
        data = self._file.read(size)
        if len(data) != size:
            raise BundleRefused("zip-truncated", name="")
        return data

    def _scan(self) -> list[Entry]:
        if self.size == 0:
            raise BundleRefused("empty")
        if self.size > layout.MAX_SIZE + CHUNK * 8:
            raise BundleRefused("too-big", size=self.size, limit=layout.MAX_SIZE)
        if self.size < LOCAL.size + END.size or self._read(0, 4) != LOCAL_MAGIC:
            raise BundleRefused("not-zip")
        magic, disk, cd_disk, here, total, cd_size, cd_start, comment = END.unpack(
            self._read(self.size - END.size, END.size)
        )
        if magic != END_MAGIC:
            raise BundleRefused("zip-end")
        if disk or cd_disk or here != total or comment:
            raise BundleRefused("zip-end")
        if total > layout.MAX_ENTRIES:
            raise BundleRefused("too-many", count=total, limit=layout.MAX_ENTRIES)
        if cd_start + cd_size + END.size != self.size or cd_size > total * 200:
            raise BundleRefused("zip-directory")
        return self._directory(self._read(cd_start, cd_size), total, cd_start)

    def _directory(self, directory: bytes, total: int, cd_start: int) -> list[Entry]:
        entries: list[Entry] = []
        seen: set[str] = set()
        at = expected = 0
        for _ in range(total):
            if at + CENTRAL.size > len(directory):
                raise BundleRefused("zip-directory")
            fields = CENTRAL.unpack_from(directory, at)
            name_length, crc, size, offset = fields[10], fields[7], fields[8], fields[16]
            raw = directory[at + CENTRAL.size : at + CENTRAL.size + name_length]
            name = _checked_name(raw)
            if directory[at : at + CENTRAL.size + name_length] != central_header(raw, crc, size, offset):
                raise BundleRefused(_why_central(fields), name=name)
            if name.lower() in seen:
                raise BundleRefused("zip-duplicate", name=name)
            if offset != expected:
                raise BundleRefused("zip-tiling", name=name)
            header = LOCAL.size + len(raw)
            expected = offset + header + size
            if expected > cd_start:
                raise BundleRefused("zip-tiling", name=name)
            if self._read(offset, header) != local_header(raw, crc, size):
                raise BundleRefused("zip-local", name=name)
            seen.add(name.lower())
            entries.append(Entry(name, crc, size, offset + header))
            at += CENTRAL.size + name_length
        if at != len(directory) or expected != cd_start:
            raise BundleRefused("zip-tiling", name="")
        if not entries or entries[0].name != layout.MIMETYPE:
            raise BundleRefused("mimetype")
        return entries


def _checked_name(raw: bytes) -> str:
    name = raw.decode("latin-1")
    if not layout.allowed(name):
        raise BundleRefused("zip-name", name="".join(c if c.isascii() and c.isprintable() else "?" for c in name)[:80])
    return name


def _why_central(fields: tuple[bytes | int, ...]) -> str:
    """Which rule a central header breaks, as a code."""
    rules = (
        ("zip-directory", fields[0] == CENTRAL_MAGIC),
        ("zip-flags", fields[3] == 0),
        ("zip-method", fields[4] == STORED and fields[8] == fields[9]),
        ("zip-extra", fields[11] == 0 and fields[12] == 0),
        ("zip-date", fields[5] == DOS_TIME and fields[6] == DOS_DATE),
    )
    return next((code for code, kept in rules if not kept), "zip-attributes")
