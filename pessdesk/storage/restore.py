"""A store made anew from a backup and from what can still be read of the store that it replaces.

The new store is prepared beside the old one, whole, looked through and synced, before anything of the old one moves
(`pessdesk.storage.swap`). It counts under a later epoch, so that nothing the laptop states from now on can be taken for
something it stated before. What was erased stays erased: that is united first, whatever else is wanted.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine
from sqlalchemy.exc import DBAPIError

from pessdesk.application.backups import Backup, Loss, Restored
from pessdesk.application.durable import sync_folder
from pessdesk.domain.errors import StoreUnusable
from pessdesk.records.envelope import Revision, trusted_revision
from pessdesk.storage import projections, revisions, schema, swap
from pessdesk.storage.backups import TRIAL, Backups, Facts, Pulse, finish, forget_database, key_of, wrong_in
from pessdesk.storage.driver import DATABASE, connect, make_private
from pessdesk.storage.engine import make_engine
from pessdesk.storage.mark import LOG, MARK, Marker, check_log, connect_checked, read_mark, read_tide
from pessdesk.storage.protection import put_under, sealed_copies
from pessdesk.storage.store import bring_up_to_date, locked, open_store
from pessdesk.storage.troubles import is_of_driver, kindly

_PORTION = 500
_REST_S = 0.001
_PATIENCE = 1000
"""After so many single rows that could not be read, only whole portions are tried."""
_UNITED = ("bundle", "sequence", "recorded_row", "quarantined")
"""Local state of the replaced store that is taken over where the backup does not have it."""


class Old:
    """The store of a folder as far as it can be read, whatever state it is in. Nothing in it is changed."""

    def __init__(self, folder: Path, key: bytes | None) -> None:
        self._path = folder / DATABASE
        self._key = key
        # With a foreign log it would show what was never in it; without one nobody has it open, and no file is made.
        self._only = "mode=ro" if (folder / LOG).exists() and _has_own_log(folder) else "immutable=1"
        self.unread = 0
        self._connection = self._opened()

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _opened(self) -> sqlite3.Connection | None:
        if not self._path.exists():
            return None
        connection = connect(self._path, self._key, any_thread=True, only=self._only)
        with suppress(Exception):  # a wrong key or no database at all: the questions will show it
            # Else one damaged line of the schema would hide every table.
            connection.execute("PRAGMA writable_schema=ON")
        return connection

    def ask(self, sql: str, values: Sequence[object] = ()) -> list[tuple[object, ...]] | None:
        """The rows of a question; None where they cannot be read."""
        if self._connection is None:
            return None
        try:
            return self._connection.execute(sql, values).fetchall()
        except Exception as problem:
            if not is_of_driver(problem) and not isinstance(problem, OverflowError):
                raise
            # Under a key, a connection that met one damaged page reads none any more.
            self.close()
            self._connection = self._opened()
            return None

    def setting(self, key: str) -> str:
        rows = self.ask("SELECT value FROM setting WHERE key = ?", (key,))
        return str(rows[0][0]) if rows else ""

    def erased(self) -> list[str]:
        return [str(row[0]) for row in self.ask("SELECT record FROM erased") or ()]

    def settings(self, beginning: str) -> dict[str, str]:
        """The settings that are not empty and begin so."""
        sql = "SELECT key, value FROM setting WHERE substr(key, 1, ?) = ? AND value <> ''"
        return {str(key): str(value) for key, value in self.ask(sql, (len(beginning), beginning)) or ()}

    def revisions(self) -> Iterator[Revision]:
        """Every revision that can be read and is what its id says; `unread` counts the rows that are not."""
        place = 0
        top = self.ask("SELECT max(seq) FROM revision")
        last = int(str(top[0][0] or 0)) if top else None
        blind = 0
        while self._connection is not None and (last is None or place < last) and blind < 20:
            rows = self.ask("SELECT seq, id, data FROM revision WHERE seq > ? ORDER BY seq LIMIT ?", (place, _PORTION))
            if rows is None:
                before = self.unread
                rows = list(self._one_by_one(place))
                place += _PORTION
                if self.unread - before < _PORTION:
                    blind = 0
                elif last is None:  # nobody knows whether there ever were any
                    blind, self.unread = blind + 1, before
            elif rows:
                place, blind = int(str(rows[-1][0])), 0
            else:
                return
            for _, id_, data in rows:
                if isinstance(data, bytes) and hashlib.sha256(data).digest() == id_:
                    yield trusted_revision(data)
                elif data is not None:
                    self.unread += 1

    def _one_by_one(self, place: int) -> Iterator[tuple[object, ...]]:
        for seq in range(place + 1, place + _PORTION + 1):
            rows = (
                None
                if self.unread > _PATIENCE
                else self.ask("SELECT seq, id, data FROM revision WHERE seq = ?", (seq,))
            )
            if rows is None:
                self.unread += 1
            else:
                yield from rows


def _has_own_log(folder: Path) -> bool:
    try:
        check_log(folder)
    except StoreUnusable:
        return False
    return True


@contextmanager
def _old(folder: Path, key: bytes | None) -> Iterator[Old]:
    old = Old(folder, key)
    try:
        yield old
    finally:
        old.close()


# What would be lost


def loss(folder: Path, key: bytes | None, backup: Backup) -> Loss:
    """What the store of now has and the backup lacks. Raises `StoreUnusable` (`backup-damaged`)."""
    with kindly(folder), _old(folder, key) as old:
        with _of_backup(backup, key) as kept:
            ids = {row[0].hex() for row in kept.execute("SELECT id FROM revision")}
            records = {row[0] for row in kept.execute("SELECT DISTINCT record FROM revision")}
            codes = dict(kept.execute("SELECT record, code FROM workshop").fetchall())
            drafts = {row[0] for row in kept.execute("SELECT key FROM setting WHERE value <> ''")}
        lacking = _Lacking(codes)
        for revision in old.revisions():
            if revision.id not in ids:
                lacking.add(revision, known=revision.record in records)
        unfinished = len(old.settings("draft:").keys() - drafts)
        readable = old.unread == 0 and bool(old.ask("SELECT count(*) FROM revision"))
    return Loss(lacking.contributions(), lacking.edits, unfinished, readable)


@dataclass
class _Lacking:
    """Counts what a backup lacks."""

    codes: dict[str, str]
    edits: int = 0
    made: dict[str, Revision] = field(default_factory=dict)

    def add(self, revision: Revision, *, known: bool) -> None:
        if revision.kind == "workshop":
            self.codes[revision.record] = str(revision.content.get("code", ""))
        if revision.kind == "contribution" and not known:
            if revision.record not in self.made or self.made[revision.record].hlc < revision.hlc:
                self.made[revision.record] = revision
        elif revision.kind != "act":
            self.edits += 1

    def contributions(self) -> tuple[tuple[str, str, str], ...]:
        shown = [revision for revision in self.made.values() if not revision.content.get("withdrawn", False)]
        return tuple(
            sorted(
                (self.codes.get(r.workshop, ""), str(r.content.get("code", "")), str(r.content.get("text", ""))[:80])
                for r in shown
            )
        )


@contextmanager
def _of_backup(backup: Backup, key: bytes | None) -> Iterator[sqlite3.Connection]:
    """A look into a backup. Raises `StoreUnusable` (`backup-damaged`)."""
    try:
        with closing(connect(backup.path, key_of(backup.path, key), any_thread=True, only="mode=ro")) as connection:
            yield connection
    except Exception as problem:
        if not is_of_driver(problem):
            raise
        raise _damaged(backup) from problem


def _damaged(backup: Backup) -> StoreUnusable:
    return StoreUnusable("backup-damaged", path=str(backup.path), number=backup.number)


# Restoring


def restore(
    folder: Path, key: bytes | None, backup: Backup, progress: Pulse, *, keep: bool, now_ms: int | None = None
) -> Restored:
    """Put a backup in the place of the store of a folder, which must be closed.

    With `keep` the revisions and unfinished texts that can still be read from the replaced store are united with the
    backup's. Raises `StoreUnusable` (`backup-damaged`, `store-newer`), `StoreBusy`, `WorldUnkind`, and what `progress`
    raises: then the store is as it was. From the moment at which it is decided, the next opening brings it to its end.
    """
    moment = time.time_ns() // 1_000_000 if now_ms is None else now_ms
    with kindly(folder), locked(folder):
        if swap.is_pending(folder):
            swap.finish(folder)
        prepared = folder / swap.PREPARED
        try:
            prepare(backup, key, prepared, progress)
            with _old(folder, key) as old:
                saved, lost = _unite(prepared, key, old, folder, moment, progress, keep=keep)
            finish(prepared, key, None, progress)
            swap.decide(folder, _new_folder(folder, moment))
        except BaseException:
            if not swap.is_pending(folder):
                forget_database(prepared)
            raise
        return Restored(swap.finish(folder), saved, lost)


def prepare(backup: Backup, key: bytes | None, target: Path, progress: Pulse) -> None:
    """A sound copy of a backup, of this version and under the store's key. Raises `StoreUnusable`."""
    forget_database(target)
    make_private(target)
    shutil.copyfile(backup.path, target)
    try:
        with kindly(target.parent):
            finish(target, key_of(target, key), None, progress)
    except StoreUnusable as problem:
        raise _damaged(backup) from problem
    if key is not None and key_of(target, key) is None:
        put_under(target, None, key)
    engine = make_engine(target, key=key)
    try:
        bring_up_to_date(engine, target.parent, may_write=True, before=lambda: None)
    finally:
        engine.dispose()
    with _writing(target, key) as connection:
        revisions.rebuild(connection)  # a backup vouches for its revisions; what screens show is made of them


def _unite(
    prepared: Path, key: bytes | None, old: Old, folder: Path, moment: int, progress: Pulse, *, keep: bool
) -> tuple[int, int]:
    with _writing(prepared, key) as connection:
        erased = old.erased()
        if erased:
            revisions.erase(connection, erased)
        saved, lacking = _unite_revisions(connection, old, progress, keep=keep)
        if keep:
            _unite_local_state(connection, old)
        for name, value in old.settings("not-relayed:").items():
            _set(connection, name, value)
        for name, value in old.settings("number:").items():  # a code that was given once is never given again
            _set(connection, name, str(max(int(_setting(connection, name) or 0), _number(value))))
        _set(connection, "hlc", max(_setting(connection, "hlc"), _stamp(old.setting("hlc"))))
        begin_epoch(connection, moment, _number(old.setting("epoch")))
        mark = read_mark(folder)
        tides = [_setting(connection, "tide"), old.setting("tide"), str(mark.tide if mark else 0)]
        _set(connection, "tide", str(max(int(tide or 0) for tide in tides) + 1))
        connection.exec_driver_sql("DELETE FROM undo_entry")
    return saved, old.unread if keep else lacking


def _number(value: str) -> int:
    """A number out of a store that may be damaged; 0 where it is none."""
    return int(value) if value.isascii() and value.isdigit() else 0


def _stamp(value: str) -> str:
    """A stamp of the clock out of such a store; nothing where it is none."""
    return value if re.fullmatch(r"[0-9a-f]{16}", value) else ""


def _unite_revisions(connection: Connection, old: Old, progress: Pulse, *, keep: bool) -> tuple[int, int]:
    """Add the revisions that the backup lacks; gives how many were added, and how many it lacked."""
    saved = lacking = 0
    for portion in _portions(old.revisions()):
        known = revisions.known_ids(connection, [revision.id for revision in portion])
        fresh = [revision for revision in portion if revision.id not in known]
        lacking += len(fresh)
        if keep and fresh:
            saved += revisions.add(connection, fresh).new
        progress(950, 1000)
    return saved, lacking


def _portions(found: Iterator[Revision]) -> Iterator[list[Revision]]:
    portion: list[Revision] = []
    for revision in found:
        portion.append(revision)
        if len(portion) == _PORTION:
            yield portion
            portion = []
    if portion:
        yield portion


def _unite_local_state(connection: Connection, old: Old) -> None:
    for key, value in old.settings("draft:").items():
        _set(connection, key, value)
    if old.setting("introduced"):
        _set(connection, "introduced", "1")
    for table in _UNITED:
        names = [row[1] for row in connection.exec_driver_sql(f"PRAGMA table_info({table})")]
        columns, marks = ", ".join(f'"{name}"' for name in names), ", ".join("?" * len(names))
        if rows := old.ask(f"SELECT {columns} FROM {table}"):
            connection.exec_driver_sql(f"INSERT OR IGNORE INTO {table} ({columns}) VALUES ({marks})", rows)


@contextmanager
def _writing(path: Path, key: bytes | None) -> Iterator[Connection]:
    """One transaction on a database that is not a store's yet, or not any more."""
    engine: Engine = make_engine(path, key=key)
    try:
        with (
            engine.connect().execution_options(pessdesk_begin="IMMEDIATE") as connection,
            connection.begin(),
        ):
            yield connection
    finally:
        engine.dispose()


def begin_epoch(connection: Connection, moment: int, other: int = 0) -> None:
    """From now on this laptop counts anew, under an epoch later than any that is known (`other` among them)."""
    rows = connection.exec_driver_sql(
        "SELECT max(epoch) FROM (SELECT epoch FROM sequence UNION ALL SELECT epoch FROM revision WHERE device ="
        " (SELECT value FROM setting WHERE key = 'device') UNION ALL SELECT CAST(value AS INTEGER) FROM setting"
        " WHERE key = 'epoch')"
    ).fetchone()
    known = max(other, int((rows and rows[0]) or 0))
    _set(connection, "epoch", str(max(moment // 1000, known + 1)))
    _set(connection, "counter", "0")


def _setting(connection: Connection, key: str) -> str:
    row = connection.exec_driver_sql("SELECT value FROM setting WHERE key = ?", (key,)).fetchone()
    return str(row[0]) if row else ""


def _set(connection: Connection, key: str, value: str) -> None:
    connection.exec_driver_sql(
        "INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, value),
    )


def _new_folder(folder: Path, moment: int) -> str:
    """A name in `replaced/` that was not given yet."""
    stamp = datetime.fromtimestamp(moment / 1000, UTC).strftime("%Y%m%dT%H%M%SZ")
    names = [stamp, *(f"{stamp}-{number}" for number in range(2, 1000))]
    return next(name for name in names if not (folder / swap.REPLACED / name).exists())


# Taking a store as it is


def accept(folder: Path, key: bytes | None, now_ms: int | None = None) -> None:
    """A person takes a store as it is: what does not belong to it goes to `replaced/`, and it counts under a later epoch.

    Wants the store closed. Raises `StoreBusy`, `StoreUnusable` when the database itself is damaged.
    """
    moment = time.time_ns() // 1_000_000 if now_ms is None else now_ms
    with kindly(folder), locked(folder):
        mark = read_mark(folder)
        replaced = folder / swap.REPLACED / _new_folder(folder, moment)
        try:
            check_log(folder)
        except StoreUnusable:
            swap.move_aside(folder, replaced, swap.OLD[:2])
        if not (folder / DATABASE).exists():
            swap.move_aside(folder, replaced, (MARK, *swap.OLD[:2]))
            return
        marker = Marker(folder, mark, 0)
        marker.log_is_new()
        try:
            with closing(connect(folder / DATABASE, key)) as stays, _writing(folder / DATABASE, key) as connection:
                tide = max(read_tide(stays, folder), mark.tide if mark else 0) + 1
                begin_epoch(connection, moment)
                _set(connection, "tide", str(tide))
        finally:
            marker.closed()


# Forgetting what was erased


def scrub_copies(folder: Path, key: bytes | None, progress: Pulse) -> None:
    """Let the copies of a store (backups, stores that were replaced) forget what was erased in it since they were made.
    One that cannot forget, for it is damaged, goes."""
    with kindly(folder):
        with closing(connect_checked(folder, key)) as connection:
            erased = [str(row[0]) for row in connection.execute("SELECT record FROM erased")]
        if not erased:
            return
        backups = Backups(folder, key)
        for backup in backups.of_before_erasure(len(erased)):
            if (facts := _scrubbed(backup.path, key, erased, progress)) is not None:
                backups.changed(backup.path, facts)
        for path in sorted((folder / swap.REPLACED).glob(f"*/{DATABASE}")):
            with _old(path.parent, key_of(path, key)) as old:
                forgotten = set(erased) <= set(old.erased())
            if not forgotten:
                _scrubbed(path, key, erased, progress)
        for path in sealed_copies(folder):
            path.unlink()


def _scrubbed(path: Path, key: bytes | None, erased: Sequence[str], progress: Pulse) -> Facts | None:
    """Scrub one copy, in place by a rename; None when it had to be removed."""
    key, partial = key_of(path, key), path.with_suffix(".part")
    try:
        if path.with_name(f"{path.name}-wal").exists():
            with closing(connect(path, key, any_thread=True)) as connection:
                connection.execute("PRAGMA journal_mode=DELETE")
        forget_database(partial)
        shutil.copyfile(path, partial)
        facts = scrub(partial, key, erased, progress)
    except Exception as problem:
        if not is_of_driver(problem) and not isinstance(problem, StoreUnusable | DBAPIError):
            raise
        forget_database(path)
        return None
    else:
        partial.replace(path)
        return facts
    finally:
        forget_database(partial)
        sync_folder(path.parent)


def scrub(path: Path, key: bytes | None, erased: Sequence[str], progress: Pulse) -> Facts:
    """Erase records in a database file that nobody has open, with all that may still hold their words."""
    engine = make_engine(path, key=key)
    try:
        bring_up_to_date(engine, path.parent, may_write=True, before=lambda: None)
        with _writing(path, key) as connection:
            revisions.erase(connection, erased)
            connection.exec_driver_sql("DELETE FROM undo_entry")
            connection.exec_driver_sql("DELETE FROM setting WHERE substr(key, 1, 6) = 'draft:'")
            revisions.rebuild(connection)
    finally:
        engine.dispose()
    with closing(connect(path, key, any_thread=True)) as plain:
        plain.execute("VACUUM")
    return finish(path, key, None, progress)


# Looking through, and trying a restore


def health(folder: Path, key: bytes | None, progress: Pulse) -> list[tuple[str, dict[str, object]]]:
    """A full look at the store, while others work: what is wrong with it, as codes and facts. In a store under no key
    nothing but the revisions vouches for what the screens show, so what they show is made anew aside and compared."""
    with kindly(folder):
        with closing(connect_checked(folder, key)) as connection:
            wrong = list(wrong_in(connection, keyed=key is not None, progress=lambda: progress(0, 0)))
        if not wrong and (count := _unlike_revisions(folder, key, progress)):
            wrong = [("check-projection", {"count": count})]
        return wrong


def _unlike_revisions(folder: Path, key: bytes | None, progress: Pulse) -> int:
    """How many records do not show what their revisions say."""
    import sqlcipher3.dbapi2 as driver

    store, aside = make_engine(folder / DATABASE, key=key), create_engine("sqlite://", module=driver)
    tables = [table for table in schema.DERIVED.sorted_tables if table is not schema.size]
    try:
        with store.connect() as connection, connection.begin(), aside.connect() as memory:
            records = {
                row[0] for row in connection.exec_driver_sql("SELECT record FROM revision WHERE data IS NOT NULL")
            }
            unlike = {
                row[0]
                for table in tables
                for row in connection.exec_driver_sql(f"SELECT record FROM {table.name}")
                if row[0] not in records
            }
            for portion in revisions.chunks(sorted(records)):
                projections.create(memory)
                revisions.project(memory, revisions.histories(connection, portion))
                for table in tables:
                    unlike |= _rows_of(connection, table, portion) ^ _rows_of(memory, table, portion)
                progress(0, 0)
                time.sleep(_REST_S)
    finally:
        store.dispose()
        aside.dispose()
    return len({row if isinstance(row, str) else row[0] for row in unlike})


def _rows_of(connection: Connection, table: Table, records: Sequence[str]) -> set[Any]:
    columns = ", ".join(f'"{column.name}"' for column in table.columns if column.name not in ("number", "record"))
    sql = f"SELECT record, {columns} FROM {table.name} WHERE record IN :items"
    return {tuple(row) for row in revisions.select_in(connection, sql, records)}


@dataclass(frozen=True, slots=True)
class Tried:
    """A backup that was restored aside: whether it opens, what it holds, and which attachments' files it names."""

    opens: bool
    contributions: int = 0
    behind: int = 0
    digest_same: bool = False
    files: tuple[str, ...] = ()


def try_restore(folder: Path, key: bytes | None, backup: Backup, progress: Pulse) -> Tried:
    """Restore a backup into a folder of its own, open it, make its projections anew, and remove all of it."""
    with kindly(folder), Backups(folder, key).alone(), TemporaryDirectory(prefix=TRIAL, dir=folder) as temporary:
        place = Path(temporary)
        try:
            prepare(backup, key, place / DATABASE, progress)
            with open_store(place, write=True, key=key) as store:
                with store.read() as unit:
                    digest, counts = unit.digest(), unit.counts()
                    files = tuple(f"{row['sha256']}.{row['extension']}" for row in unit.all_attachments())
                progress(950, 1000)
                with store.write() as unit:
                    unit.rebuild()
                    same = unit.digest() == digest
            with closing(connect(place / DATABASE, key, any_thread=True)) as connection:
                ids = {row[0] for row in connection.execute("SELECT id FROM revision")}
        except StoreUnusable:
            return Tried(opens=False)
        with _old(folder, key) as old:
            now = old.ask("SELECT id FROM revision") or ()
        return Tried(True, counts["contributions"], sum(1 for row in now if row[0] not in ids), same, files)
