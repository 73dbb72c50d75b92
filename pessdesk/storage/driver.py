"""How a connection to a store's file is made, for everyone who makes one: the driver, the key, the pragmas.

The driver is sqlcipher3 also while no key is set: one current SQLite everywhere. It opens no transaction by itself.
This module imports nothing that is slow: the screens' first question goes through it.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import cast

DATABASE = "store.db"
PLAIN = b"SQLite format 3\0"
"""How a file begins that is under no key; one under a key begins with its salt."""
BUSY_S = 15.0


def connect(path: Path, key: bytes | None = None, *, any_thread: bool = False, only: str = "") -> sqlite3.Connection:
    """A connection to the database `path`, made where there is none. `key` are the 32 bytes that it is under, if any.

    `only` is a parameter of SQLite's for one that changes nothing: `mode=ro`, or `immutable=1`, which leaves a log aside.
    Nothing is read yet: a wrong key shows at the first statement, as "file is not a database".
    """
    import sqlcipher3.dbapi2 as driver

    connection = cast(
        sqlite3.Connection,
        driver.connect(
            f"{path.resolve().as_uri()}?{only}" if only else str(path),
            isolation_level=None,
            timeout=BUSY_S,
            check_same_thread=not any_thread,
            uri=bool(only),
        ),
    )
    if key is not None:
        # A raw key: SQLCipher derives nothing from it, so that opening takes 5 ms and not 200 (zetetic.net, "Raw Key Data").
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    return connection


def is_plain(path: Path) -> bool:
    """Whether a database file is under no key; an empty one is."""
    with path.open("rb") as file:
        return file.read(len(PLAIN)) in (PLAIN, b"")
