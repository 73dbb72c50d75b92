"""How a connection to a store's file is made, for everyone who makes one: the driver, the key, the pragmas.

The driver is sqlcipher3 also while no key is set: one current SQLite everywhere. It opens no transaction by itself.
This module imports nothing that is slow: the screens' first question goes through it.
"""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    import sqlite3

DATABASE = "store.db"
PLAIN = b"SQLite format 3\0"
"""How a file begins that is under no key; one under a key begins with its salt."""
BUSY_S = 15.0

_HEADS: dict[tuple[int, int], int] = {}
"""Descriptors that `head` keeps, by device and inode."""
_HEADS_LOCK = threading.Lock()


def connect(path: Path, key: bytes | None = None, *, any_thread: bool = False, only: str = "") -> sqlite3.Connection:
    """A connection to the database `path`, made where there is none. `key` are the 32 bytes that it is under, if any.

    `only` is a parameter of SQLite's for one that changes nothing: `mode=ro`, or `immutable=1`, which leaves a log aside.
    Nothing is read yet: a wrong key shows at the first statement, as "file is not a database".
    """
    import sqlcipher3.dbapi2 as driver

    if not only:
        make_private(path)
    connection = cast(
        "sqlite3.Connection",
        driver.connect(
            f"{path.resolve().as_uri()}?{only}" if only else str(path),
            isolation_level=None,
            timeout=BUSY_S,
            check_same_thread=not any_thread,
            uri=bool(only),
        ),
    )
    if key is not None:
        connection.execute("PRAGMA cipher_log_level = NONE")  # what is wrong is told by what raises, in words
        # A raw key: SQLCipher derives nothing from it, so that opening takes 5 ms and not 200 (zetetic.net, "Raw Key Data").
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    return connection


def make_private(path: Path) -> None:
    """Have an empty file there, where there is none, that nobody else on the computer may read; its log becomes as it is.
    One that is there is left alone: who opens and closes it takes SQLite's locks on it away (howtocorrupt, 2.2)."""
    with suppress(OSError):  # what is wrong with the folder SQLite says itself
        if not path.exists():
            path.touch(0o600)


def is_plain(path: Path) -> bool:
    """Whether a database file is under no key; an empty one is."""
    return head(path) in (PLAIN, b"")


def head(path: Path) -> bytes:
    """The first bytes of a database file, which may be open in this very process. Raises `OSError`.

    POSIX takes all locks of a process from a file as soon as the process closes any descriptor of it, and a database
    without its locks loses its log to the next program that closes it (sqlite.org/howtocorrupt.html, 2.2). So what was
    opened here stays open as long as the file has a name.
    """
    if os.name != "posix":
        with path.open("rb") as file:
            return file.read(len(PLAIN))
    with _HEADS_LOCK:
        status = path.stat()
        for known, descriptor in tuple(_HEADS.items()):
            if os.fstat(descriptor).st_nlink == 0:
                os.close(_HEADS.pop(known))
        place = (status.st_dev, status.st_ino)
        if place not in _HEADS:
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            opened = os.fstat(descriptor)
            place = (opened.st_dev, opened.st_ino)  # another file may have taken the name since
            _HEADS[place] = descriptor
        return os.pread(_HEADS[place], len(PLAIN), 0)
