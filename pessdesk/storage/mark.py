"""What must be there when a store is opened: the *tide* and the *mark*.

Every unit of work raises the setting `tide` by one, in its own transaction. After the commit has returned, `store.mark`
says how high the tide is and to which log (`store.db-wal`) the commit went. Whoever opens the store compares: a tide lower
than the mark's means that acknowledged work is missing, a log with other salts that it belongs to another database.
The second is found before SQLite would replay it (docs/decisions/0012).

The mark is never ahead of what is durable: a commit is synced before it returns. It may lag behind, for it is not synced
itself: a power cut can take the last ones, and a lagging mark accuses nobody. That is also why a log may be some restarts
ahead of the mark (SQLite adds one to the first salt at each), and why the mark says, synced, that nothing is known of the
log before SQLite begins a new one with salts of its own.

This module imports nothing that is slow: the screens' first question goes through it.
"""

from __future__ import annotations

import os
import sqlite3
import struct
import threading
import zlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pessdesk.domain.errors import StoreUnusable
from pessdesk.storage.driver import DATABASE, connect

MARK = "store.mark"
LOG = DATABASE + "-wal"
TIDE = "tide"

RAISE_TIDE = (
    "INSERT INTO setting (key, value) VALUES ('tide', '1') ON CONFLICT (key) DO UPDATE SET"
    " value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) RETURNING value"
)

Salts = tuple[int, int]

_FORM = struct.Struct("<8sQIIBB2x")
"""Magic, tide, two salts, whether they are known, whether all is in the file; a CRC-32 of these bytes follows."""
_MAGIC = b"PessMark"
_LOG_HEADER = struct.Struct(">8I")
_LITTLE, _BIG = 0x377F0682, 0x377F0683
_RESTARTS = 1 << 16
"""So many restarts a log may be ahead of a mark that a power cut took back. A foreign log passes once in 65 536 times."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How many units of work were committed; the salts of the log, None where the log may be a new one; `at_rest`: the log
    was brought into the file, so that none is needed."""

    tide: int
    salts: Salts | None
    at_rest: bool = False


def read_mark(folder: Path) -> Mark | None:
    """What `store.mark` says; None where there is none, or half of one."""
    try:
        data = (folder / MARK).read_bytes()
    except OSError:
        return None
    if len(data) != _FORM.size + 4 or zlib.crc32(data[:-4]) != int.from_bytes(data[-4:], "little"):
        return None
    magic, tide, first, second, known, at_rest = _FORM.unpack(data[:-4])
    return Mark(tide, (first, second) if known else None, bool(at_rest)) if magic == _MAGIC else None


def connect_checked(folder: Path, key: bytes | None) -> sqlite3.Connection:
    """A connection to the store of a folder, for any thread, once it is sure that it is the store and has what it must have.

    Raises `StoreUnusable` (`store-missing`, `store-gone`, `store-log-missing`, `store-log-foreign`, `store-behind`)."""
    if not (folder / DATABASE).exists():
        raise StoreUnusable("store-gone" if is_gone(folder) else "store-missing", path=str(folder))
    mark, had_log = check_log(folder), log_salts(folder) is not None
    connection = connect(folder / DATABASE, key, any_thread=True)
    try:
        check_tide(folder, mark, read_tide(connection, folder), had_log=had_log)
    except BaseException:
        connection.close()
        raise
    return connection


def is_gone(folder: Path) -> bool:
    """Whether a store was here, with something in it, and its file is not there any more."""
    if (folder / DATABASE).exists():
        return False
    mark = read_mark(folder)
    return mark is not None and mark.tide > 0


def log_salts(folder: Path) -> Salts | None:
    """The salts of the log; None where there is no log, or one that SQLite will not read either."""
    try:
        with (folder / LOG).open("rb") as file:
            return _salts(file.read(_LOG_HEADER.size))
    except OSError:
        return None


def _salts(header: bytes) -> Salts | None:
    if len(header) < _LOG_HEADER.size:
        return None
    words = _LOG_HEADER.unpack(header)
    if words[0] not in (_LITTLE, _BIG) or words[6:] != _checksum(header[:24], big=words[0] == _BIG):
        return None
    return words[4], words[5]


def _checksum(data: bytes, *, big: bool) -> tuple[int, int]:
    """The checksum of a log's header (sqlite.org/fileformat2.html, section 4.2)."""
    first = second = 0
    words = struct.unpack(f"{'>' if big else '<'}{len(data) // 4}I", data)
    for one, two in zip(words[::2], words[1::2], strict=True):
        first = (first + one + second) & 0xFFFFFFFF
        second = (second + two + first) & 0xFFFFFFFF
    return first, second


def check_log(folder: Path) -> Mark | None:
    """The mark, once it is sure that SQLite may replay the log. Raises `StoreUnusable` (`store-log-foreign`).

    Somebody may be writing: then the mark comes after the log, and what does not fit is looked at again.
    """
    for _ in range(4):
        salts, mark = log_salts(folder), read_mark(folder)
        if mark is None or mark.salts is None or salts is None or _follows(salts, mark.salts):
            return mark
    raise StoreUnusable("store-log-foreign", path=str(folder))


def _follows(salts: Salts, known: Salts) -> bool:
    restarts = (salts[0] - known[0]) & 0xFFFFFFFF
    return salts == known if restarts == 0 else restarts < _RESTARTS


def check_tide(folder: Path, mark: Mark | None, tide: int, *, had_log: bool) -> None:
    """Raise `StoreUnusable` when the store has less than the mark says: `store-log-missing` where it came without the log
    that it needed, else `store-behind`."""
    if mark is not None and tide < mark.tide:
        code = "store-behind" if had_log or mark.at_rest else "store-log-missing"
        raise StoreUnusable(code, path=str(folder), units=mark.tide - tide)


def read_tide(connection: sqlite3.Connection, folder: Path) -> int:
    """The tide of an open store; 0 where it has no tables yet. Raises `StoreUnusable` where it has others than a store's."""
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()}
    if "setting" not in tables:
        if tables:
            raise StoreUnusable("store-damaged", path=str(folder), what="setting")
        return 0
    rows = connection.execute("SELECT value FROM setting WHERE key = 'tide'").fetchall()
    return int(rows[0][0]) if rows and str(rows[0][0]).isdecimal() else 0


class Marker:
    """Keeps `store.mark` for the one who writes to the store; to be opened once the store is open and nobody but the
    holder of its lock writes, so that the log stays the same file until it is closed."""

    def __init__(self, folder: Path, mark: Mark | None, tide: int) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._before = mark
        self._last: Salts | None = None
        self._tide = max(tide, mark.tide if mark else 0)
        self._committed = False
        self._at_rest = mark is not None and mark.at_rest
        self._log: int | None = None
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)
        self._file = os.open(folder / MARK, flags, 0o600)
        if mark is None:
            os.ftruncate(self._file, 0)
        if mark is None or log_salts(folder) is None:
            self.log_is_new()

    def log_is_new(self) -> None:
        """Before SQLite begins a log with salts of its own choice: nothing is known of it, and that is synced."""
        with self._lock:
            self._write(None)
            os.fsync(self._file)

    def committed(self, tide: int) -> None:
        """A unit of work is durable."""
        with self._lock:
            if tide > self._tide:
                self._tide = tide
                self._committed, self._at_rest = True, False
                with suppress(OSError):  # the commit stands: a mark that could not follow lags behind
                    self._write(self._salts_now())

    def close(self) -> None:
        """Give the log back: before the store's last connection, or Windows would not let SQLite remove it."""
        with self._lock:
            if self._log is not None:
                os.close(self._log)
                self._log = None

    def closed(self) -> None:
        """The store's last connection is closed too. Where the log is gone everything is in the file; where nothing was
        committed, the log that may be put there again is the one that was known."""
        with self._lock:
            if log_salts(self._folder) is None:
                before = self._before.salts if self._before else None
                self._at_rest = True
                with suppress(OSError):
                    self._write(self._last if self._committed else before)
            os.close(self._file)

    def _salts_now(self) -> Salts | None:
        if self._log is None:
            try:
                self._log = os.open(self._folder / LOG, os.O_RDONLY | getattr(os, "O_BINARY", 0))
            except OSError:
                return None
        os.lseek(self._log, 0, os.SEEK_SET)
        header = os.read(self._log, _LOG_HEADER.size)
        return _LOG_HEADER.unpack(header)[4:6] if len(header) == _LOG_HEADER.size else None

    def _write(self, salts: Salts | None) -> None:
        self._last = salts
        first, second = salts or (0, 0)
        data = _FORM.pack(_MAGIC, self._tide, first, second, salts is not None, self._at_rest)
        os.lseek(self._file, 0, os.SEEK_SET)
        os.write(self._file, data + zlib.crc32(data).to_bytes(4, "little"))
