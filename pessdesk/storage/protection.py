"""A database put under a key, or taken from under one: copied, looked through, and put in place by one rename.

Whether a store is under a key is said by the first bytes of `store.db` alone. Until the rename the old one is there,
whole; from the rename on the new one is. A copy that was not finished is `store.db.new`, and nobody ever opens it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from pessdesk.application.durable import sync_folder
from pessdesk.domain.errors import PessError, StoreBusy, StoreUnusable, WorldUnkind
from pessdesk.storage.backups import FOLDER as BACKUPS
from pessdesk.storage.backups import forget_database, forget_known, forget_trials
from pessdesk.storage.driver import DATABASE, connect, is_plain, make_private
from pessdesk.storage.mark import check_log
from pessdesk.storage.store import locked
from pessdesk.storage.swap import PREPARED, REPLACED, is_pending
from pessdesk.storage.troubles import trouble

__all__ = [
    "BACKUPS",
    "check_links",
    "copies_under",
    "copies_with_company",
    "forget_known",
    "forget_trials",
    "held",
    "opens_under",
    "put_under",
    "sealed_copies",
    "sweep",
]

_MARKS = ("user_version", "application_id")


def put_under(database: Path, old: bytes | None, new: bytes | None) -> None:
    """Copy a database from under `old` to under `new` (None: no key) and put the copy in its place.

    Wants the store's lock, and that nobody else has the database open: `StoreBusy` otherwise. Raises `StoreUnusable` when
    it is damaged, `WorldUnkind` when the disk is full. Whatever is raised, the database is as it was.
    """
    with _kindly(database.parent):
        _close_log(database, old)
        _replace(database, old, new)


def copies_under(folder: Path, *, plain: bool) -> list[Path]:
    """The copies of the store beside it (backups, stores that were replaced) that are under no key, or those that are."""
    return [path for path in _copies(folder) if is_plain(path) == plain]


def opens_under(path: Path, key: bytes) -> bool:
    """Whether a copy is under this key; one whose first bytes are damaged may be under none."""
    import sqlcipher3.dbapi2 as driver

    with closing(connect(path, key)) as connection:
        try:
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        except driver.DatabaseError:
            return False
        return True


def sealed_copies(folder: Path) -> list[Path]:
    """Damaged copies of the store, sealed as they were, for no key can be put on them."""
    return [*(folder / BACKUPS).glob("*.db.sealed"), *(folder / REPLACED).rglob("*.sealed")]


def copies_with_company(folder: Path) -> list[Path]:
    """What lies beside copies that were replaced, and damaged copies: all but those under a key and their logs."""
    under_key = [str(path) for path in copies_under(folder, plain=False)]
    beside = [
        *(folder / BACKUPS).glob("*.db"),
        *sealed_copies(folder),
        *(folder / REPLACED).rglob("*"),
    ]
    logs = ("-wal", "-shm", "-journal")
    return [
        path
        for path in beside
        if path.is_file() and not any(str(path) in (d, *(d + log for log in logs)) for d in under_key)
    ]


def check_links(folder: Path) -> None:
    """Refuse links: what they point to lies elsewhere and would stay readable. Raises `StoreUnusable` (`protect-link`)."""
    for path in folder.rglob("*"):
        if path.is_symlink():
            raise StoreUnusable("protect-link", path=str(path))


def sweep(folder: Path) -> None:
    """Remove what an interrupted change or copy left half-made; only while holding the store's lock."""
    for path in (folder / DATABASE, *_copies(folder)):
        new_name(path).unlink(missing_ok=True)
    for path in (folder / BACKUPS).glob("*.part"):
        if is_plain(path):
            path.unlink()
    if not is_pending(folder):
        forget_database(folder / PREPARED)


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """With the store's lock, as whoever writes has it."""
    lock = locked(folder)
    try:
        yield
    finally:
        lock.release()


def new_name(path: Path) -> Path:
    """How a copy is called until it is whole."""
    return path.with_name(path.name + ".new")


def _copies(folder: Path) -> list[Path]:
    return [*sorted((folder / BACKUPS).glob("*.db")), *sorted((folder / REPLACED).rglob(DATABASE))]


def _close_log(database: Path, key: bytes | None) -> None:
    """Bring the log into the file and leave WAL, which SQLite does for nobody but the only one who has it open."""
    check_log(database.parent)
    with closing(connect(database, key)) as connection:
        connection.execute("PRAGMA busy_timeout=0")
        mode = connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
        if mode != "delete":
            raise StoreBusy("store-busy", path=str(database.parent))


def _replace(path: Path, old: bytes | None, new: bytes | None) -> None:
    copy = new_name(path)
    try:
        copy.unlink(missing_ok=True)
        with closing(connect(path, old)) as connection:
            # Nobody may come in between the copy and the rename and find WAL, or write.
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            connection.execute("PRAGMA busy_timeout=0")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("COMMIT")
            _export(connection, copy, new)
            with closing(connect(copy, new)) as copied:
                _compare(connection, copied, path)
        with copy.open("rb+") as file:
            os.fsync(file.fileno())
        copy.replace(path)
        sync_folder(path.parent)
    finally:
        with suppress(OSError):
            copy.unlink(missing_ok=True)


def _export(connection: sqlite3.Connection, copy: Path, key: bytes | None) -> None:
    """The whole content into a new file. It needs no journal: half of it is as good as nothing, and it is synced whole."""
    make_private(copy)
    word = "''" if key is None else f"\"x'{key.hex()}'\""
    connection.execute(f"ATTACH DATABASE ? AS fresh KEY {word}", (str(copy),))
    connection.execute("PRAGMA fresh.journal_mode=OFF")
    connection.execute("PRAGMA fresh.synchronous=OFF")
    connection.execute("SELECT sqlcipher_export('fresh')")
    for mark in _MARKS:
        value = connection.execute(f"PRAGMA main.{mark}").fetchone()[0]
        connection.execute(f"PRAGMA fresh.{mark}={int(value)}")
    connection.execute("DETACH DATABASE fresh")


def _compare(original: sqlite3.Connection, copied: sqlite3.Connection, path: Path) -> None:
    """Whether the copy is sound and has as much of everything; what is not is not put in place."""
    sound = copied.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if sound != "ok":
        raise StoreUnusable("store-damaged", path=str(path.parent), what=sound)
    if _account(original) != _account(copied):
        raise StoreUnusable("store-damaged", path=str(path.parent), what="sqlcipher_export")


def _account(connection: sqlite3.Connection) -> tuple[object, ...]:
    """What there is: marks, tables and indexes as they were declared, rows in each table."""
    marks = [connection.execute(f"PRAGMA {mark}").fetchone() for mark in _MARKS]
    declared = connection.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY type, name").fetchall()
    tables = [name for kind, name, _ in declared if kind == "table"]
    return marks, declared, [connection.execute(f'SELECT count(*) FROM "{name}"').fetchone() for name in tables]


@contextmanager
def _kindly(folder: Path) -> Iterator[None]:
    """The driver's and the system's words as ours."""
    import sqlcipher3.dbapi2 as driver

    try:
        yield
    except PessError:
        raise
    except driver.Error as problem:
        raise trouble(str(problem), folder) or StoreUnusable(
            "store-damaged", path=str(folder), what=str(problem)
        ) from problem
    except OSError as problem:
        raise WorldUnkind.from_os(problem, problem.filename or folder) from problem
