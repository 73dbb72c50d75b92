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

from pessdesk.application.durable import make_folder
from pessdesk.domain.errors import StoreBusy, StoreUnusable, WorldUnkind
from pessdesk.storage import revisions, schema, swap
from pessdesk.storage.backups import Backups
from pessdesk.storage.driver import DATABASE, connect
from pessdesk.storage.engine import make_engine
from pessdesk.storage.mark import RAISE_TIDE, Mark, Marker, check_log, check_tide, is_gone, log_salts, read_tide
from pessdesk.storage.troubles import kindly
from pessdesk.storage.unit import Unit

LOCK = "store.lock"


class Store:
    """An open store. Made by `open_store`; closed with the `with` block, which also gives the lock back."""

    def __init__(self, folder: Path, engine: Engine, writing: _Writing | None, lock: Any) -> None:
        self.folder = folder
        self._engine = engine
        self._writing = writing
        self._lock = lock

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, tb: TracebackType | None) -> None:
        _close(self._engine, self._writing, self._lock)

    @contextmanager
    def read(self) -> Iterator[Unit]:
        """One consistent look at the store."""
        with kindly(self.folder), self._engine.connect() as connection, connection.begin():
            yield Unit(connection)

    @contextmanager
    def write(self) -> Iterator[Unit]:
        """One unit of work: all of it is kept when the block ends, nothing when it raises."""
        with (
            kindly(self.folder),
            self._engine.connect().execution_options(pessdesk_begin="IMMEDIATE") as connection,
            self._counted(connection) as unit,
        ):
            yield unit

    @contextmanager
    def _counted(self, connection: Connection) -> Iterator[Unit]:
        """One transaction that raises the tide, if it changes anything; once it is durable, the mark says so."""
        driven: Any = connection.connection.driver_connection
        tide = 0
        with connection.begin():
            before = driven.total_changes
            yield Unit(connection)
            if driven.total_changes != before:
                if self._writing is not None:
                    self._writing.check_place()
                tide = int(driven.execute(RAISE_TIDE).fetchall()[0][0])
        if self._writing is not None and tide:
            self._writing.marker.committed(tide)

    def checkpoint(self) -> None:
        """Bring the log into the database file; for when nobody waits."""
        with kindly(self.folder), self._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")
            connection.rollback()

    def checkpoint_when_asked(self) -> None:
        """From now on this thread's connection leaves checkpoints to `checkpoint`: none falls into somebody's Enter."""
        with kindly(self.folder), self._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_autocheckpoint=0")
            connection.rollback()

    def wipe(self) -> None:
        """Let nothing be left in the file of what was deleted: neither in free pages, nor in the index of words, nor in
        the log. Takes as much time and room as the file is large; raises `StoreBusy` while somebody reads on and on."""
        with kindly(self.folder):
            if self._writing is not None:
                self._writing.marker.log_is_new()
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
            if self._writing is not None:
                self._writing.marker.log_is_new()
        if busy:
            raise StoreBusy("store-busy", path=str(self.folder))

    @contextmanager
    def write_many(self) -> Iterator[Callable[[], AbstractContextManager[Unit]]]:
        """Many units of work on one connection, for opening one costs more than a commit: call what is given for each."""
        with (
            kindly(self.folder),
            self._engine.connect().execution_options(pessdesk_begin="IMMEDIATE") as connection,
        ):

            @contextmanager
            def unit() -> Iterator[Unit]:
                with kindly(self.folder), self._counted(connection) as counted:
                    yield counted

            yield unit


def open_store(
    folder: Path, *, write: bool, create: bool = False, keep: bool = False, key: bytes | None = None
) -> Store:
    """Open the store of a folder.

    Raises `StoreUnusable` (no store here, newer than this program, damaged), `StoreBusy` (another PessDesk writes),
    `WorldUnkind` (folder missing, read-only, full). With `create` an empty store is made where there is none;
    with `keep` each thread keeps its connection until the store is closed. `key` are the 32 bytes it is under, if any.
    """
    if swap.is_pending(folder):
        with kindly(folder), locked(folder):
            swap.finish(folder)
    if is_gone(folder):
        raise StoreUnusable("store-gone", path=str(folder))
    if not create and not (folder / DATABASE).exists():
        raise StoreUnusable("store-missing", path=str(folder))
    lock = locked(folder) if write else None
    engine, writing = make_engine(folder / DATABASE, keep=keep, key=key), None
    try:
        with kindly(folder):
            mark, had_log = check_log(folder), log_salts(folder) is not None
            _check_tide(engine, folder, mark, had_log=had_log)
            if write:
                writing = _Writing(folder, key, mark)
            bring_up_to_date(engine, folder, may_write=write, before=lambda: Backups(folder, key).make(always=True))
    except BaseException:
        _close(engine, writing, lock)
        raise
    return Store(folder, engine, writing, lock)


class _Writing:
    """What a store that is open for writing has besides: the one who marks what is committed, and a connection that does
    nothing but stay: without it SQLite would begin a new log after every unit of work."""

    def __init__(self, folder: Path, key: bytes | None, mark: Mark | None) -> None:
        self._folder = folder
        self._stays = connect(folder / DATABASE, key, any_thread=True)
        self._file = _file_of(folder)
        try:
            self.marker = Marker(folder, mark, read_tide(self._stays, folder))
        except BaseException:
            self._stays.close()
            raise

    def check_place(self) -> None:
        """Refuse what would be written into a file that has been deleted, or replaced, since it was opened: its connections
        would go on, and all of it would be gone with the last one. Raises `StoreUnusable` (`store-gone`)."""
        if _file_of(self._folder) != self._file:
            raise StoreUnusable("store-gone", path=str(self._folder))

    def end(self, engine: Engine) -> None:
        self.marker.close()
        engine.dispose()
        self._stays.close()
        self.marker.closed()


def _file_of(folder: Path) -> tuple[int, int] | None:
    """Which file the database is, whatever its name; None where there is none."""
    try:
        found = (folder / DATABASE).stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _close(engine: Engine, writing: _Writing | None, lock: Any) -> None:
    if writing is None:
        engine.dispose()
    else:
        writing.end(engine)
    if lock is not None:
        lock.release()


def locked(folder: Path) -> Any:
    """The lock of whoever writes to the store of a folder, held; the folder is made where there is none. Raises `StoreBusy`."""
    from filelock import FileLock, Timeout

    try:
        make_folder(folder, 0o700)
        lock = FileLock(folder / LOCK, timeout=0)
        lock.acquire()
    except Timeout:
        raise StoreBusy("store-busy", path=str(folder)) from None
    except OSError as problem:
        raise WorldUnkind.from_os(problem, folder) from problem
    return lock


def _check_tide(engine: Engine, folder: Path, mark: Mark | None, *, had_log: bool) -> None:
    lent = engine.raw_connection()
    try:
        driven: Any = lent.driver_connection
        check_tide(folder, mark, read_tide(driven, folder), had_log=had_log)
    finally:
        lent.close()


def bring_up_to_date(engine: Engine, folder: Path, *, may_write: bool, before: Callable[[], object]) -> None:
    """Give a database the tables of this version, and projections; `before` is called before one of another is migrated.
    Raises `StoreUnusable` (`store-newer`; `store-older` when it may not write)."""
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
        before()
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
