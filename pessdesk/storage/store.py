"""Opening a store: its folder, its lock, its version; and the units of work in which everything happens.

`store.db` and its companions stand in the data folder beside `attachments/`, `received/`, `sent/`, `quarantine/` and
`trust/`. Whoever writes holds `store.lock`; whoever reads needs nothing (WAL).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from pessdesk.application.durable import make_folder, sync_folder
from pessdesk.domain.errors import PessError, StoreBusy, StoreUnusable, WorldUnkind
from pessdesk.storage import revisions, schema
from pessdesk.storage.driver import DATABASE
from pessdesk.storage.engine import make_engine
from pessdesk.storage.troubles import trouble
from pessdesk.storage.unit import Unit

LOCK = "store.lock"


def exists(folder: Path) -> bool:
    """Whether a store was ever made in this folder."""
    return (folder / DATABASE).exists()


class Store:
    """An open store. Made by `open_store`; closed with the `with` block, which also gives the lock back."""

    def __init__(self, folder: Path, engine: Engine, lock: Any) -> None:
        self.folder = folder
        self._engine = engine
        self._lock = lock

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, tb: TracebackType | None) -> None:
        self._engine.dispose()
        if self._lock is not None:
            self._lock.release()

    @contextmanager
    def read(self) -> Iterator[Unit]:
        """One consistent look at the store."""
        with _kindly(self.folder), self._engine.connect() as connection, connection.begin():
            yield Unit(connection)

    @contextmanager
    def write(self) -> Iterator[Unit]:
        """One unit of work: all of it is kept when the block ends, nothing when it raises."""
        with (
            _kindly(self.folder),
            self._engine.connect().execution_options(pessdesk_begin="IMMEDIATE") as connection,
            connection.begin(),
        ):
            yield Unit(connection)

    def checkpoint(self) -> None:
        """Bring the log into the database file; for when nobody waits."""
        with _kindly(self.folder), self._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")
            connection.rollback()

    def checkpoint_when_asked(self) -> None:
        """From now on this thread's connection leaves checkpoints to `checkpoint`: none falls into somebody's Enter."""
        with _kindly(self.folder), self._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_autocheckpoint=0")
            connection.rollback()

    def wipe(self) -> None:
        """Let nothing be left in the file of what was deleted: neither in free pages, nor in the index of words, nor in
        the log. Takes as much time and room as the file is large; raises `StoreBusy` while somebody reads on and on."""
        with _kindly(self.folder):
            lent = self._engine.raw_connection()
            try:
                run = lent.cursor().execute
                run("PRAGMA secure_delete=ON")
                run("INSERT INTO full_text (full_text) VALUES ('optimize')")
                run("VACUUM")
                busy = run("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
                run("PRAGMA secure_delete=OFF")
            finally:
                lent.close()
        if busy:
            raise StoreBusy("store-busy", path=str(self.folder))

    @contextmanager
    def write_many(self) -> Iterator[Callable[[], AbstractContextManager[Unit]]]:
        """Many units of work on one connection, for opening one costs more than a commit: call what is given for each."""
        with (
            _kindly(self.folder),
            self._engine.connect().execution_options(pessdesk_begin="IMMEDIATE") as connection,
        ):

            @contextmanager
            def unit() -> Iterator[Unit]:
                with _kindly(self.folder), connection.begin():
                    yield Unit(connection)

            yield unit


def open_store(
    folder: Path, *, write: bool, create: bool = False, keep: bool = False, key: bytes | None = None
) -> Store:
    """Open the store of a folder.

    Raises `StoreUnusable` (no store here, newer than this program, damaged), `StoreBusy` (another PessDesk writes),
    `WorldUnkind` (folder missing, read-only, full). With `create` an empty store is made where there is none;
    with `keep` each thread keeps its connection until the store is closed. `key` are the 32 bytes it is under, if any.
    """
    if not exists(folder) and not create:
        raise StoreUnusable("store-missing", path=str(folder))
    lock = locked(folder) if write else None
    engine = make_engine(folder / DATABASE, keep=keep, key=key)
    try:
        with _kindly(folder):
            _bring_up_to_date(engine, folder, may_write=write)
    except BaseException:
        engine.dispose()
        if lock is not None:
            lock.release()
        raise
    return Store(folder, engine, lock)


def locked(folder: Path) -> Any:
    """The lock of whoever writes to the store of a folder, held; the folder is made where there is none. Raises `StoreBusy`."""
    from filelock import FileLock, Timeout

    try:
        make_folder(folder)
        lock = FileLock(folder / LOCK, timeout=0)
        lock.acquire()
    except Timeout:
        raise StoreBusy("store-busy", path=str(folder)) from None
    except OSError as problem:
        raise WorldUnkind.from_os(problem, folder) from problem
    return lock


def _bring_up_to_date(engine: Engine, folder: Path, *, may_write: bool) -> None:
    with engine.connect() as connection, connection.begin():
        version = _version(connection, folder)
        projected = None
        if version == schema.HEAD:
            row = connection.exec_driver_sql("SELECT value FROM setting WHERE key = 'projections'").fetchone()
            projected = row and row[0]
    if version is not None and version > schema.HEAD:
        raise StoreUnusable("store-newer", path=str(folder), version=version, known=schema.HEAD)
    if version == schema.HEAD and projected == schema.PROJECTION_VERSION:
        return
    if not may_write:
        raise StoreUnusable("store-older", path=str(folder))
    if version is not None and version != schema.HEAD:
        back_up(engine, folder / "backups" / f"before-{schema.HEAD}.db")
    with engine.connect().execution_options(pessdesk_begin="IMMEDIATE") as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.rollback()
        with connection.begin():
            if version != schema.HEAD:
                _migrate(connection)
                if connection.exec_driver_sql("PRAGMA foreign_key_check").fetchone():
                    raise StoreUnusable("store-damaged", path=str(folder), what="foreign_key_check")
            revisions.rebuild(connection)
            Unit(connection).set_setting("projections", schema.PROJECTION_VERSION)


def _version(connection: Connection, folder: Path) -> str | None:
    tables = {row[0] for row in connection.exec_driver_sql("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    if "alembic_version" not in tables:
        if tables:
            raise StoreUnusable("store-damaged", path=str(folder), what="alembic_version")
        return None
    row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else None


def _migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, schema.HEAD)


def back_up(engine: Engine, target: Path) -> None:
    """A whole, consistent copy of the store in one file, checked before it gets its name."""
    make_folder(target.parent)
    partial = target.with_suffix(".part")
    partial.unlink(missing_ok=True)
    connection = engine.raw_connection()
    try:
        connection.execute("VACUUM INTO ?", (str(partial),))
    finally:
        connection.close()
    partial.replace(target)
    sync_folder(target.parent)


@contextmanager
def _kindly(folder: Path) -> Iterator[None]:
    """SQLite's errors as ours; what the operating system says of files likewise."""
    try:
        yield
    except PessError:
        raise
    except DBAPIError as problem:
        if (known := trouble(str(problem.orig), folder)) is not None:
            raise known from problem
        raise
    except OSError as problem:
        raise WorldUnkind.from_os(problem, problem.filename or folder) from problem
