"""Backups: whole copies of the store, made while others write, each looked through before it gets its name.

They stand in `backups/` as `<number>-<time>.db`, single files under the same key as the store. A number is never given
twice; the time is only for people. `index.json` beside them remembers what each was found to hold, so that a list of them
opens none: without it they are opened.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pessdesk.application.backups import Backup, to_keep
from pessdesk.application.durable import make_folder, sync_folder
from pessdesk.domain.errors import StoreBusy, StoreUnusable, WorldUnkind
from pessdesk.storage.driver import connect, is_plain
from pessdesk.storage.mark import connect_checked
from pessdesk.storage.troubles import is_of_driver, kindly

FOLDER = "backups"
INDEX = "index.json"
LOCK = "backups.lock"
TRIAL = "drill-"
"""How the folder begins in which a restore is tried."""
Pulse = Callable[[int, int], None]

_NAME = re.compile(r"(\d{6,9})-(\d{8}T\d{6}Z)\.db")
_TIME = "%Y%m%dT%H%M%SZ"
_PAGES = 64
"""Pages that are copied at a time: a quarter of a megabyte, after which somebody's Enter may pass."""
_SYNC_BYTES = 4 << 20
_REST_S = 0.001


@dataclass(frozen=True, slots=True)
class Facts:
    """What a database file holds. `tide` counts the units of work of its store (`pessdesk.storage.mark`), `erased` the
    records of which it keeps digests alone."""

    revisions: int
    contributions: int
    tide: int
    erased: int


class Backups:
    """The backups of the store in `folder`; `key` are the 32 bytes that it is under, if any."""

    def __init__(self, folder: Path, key: bytes | None) -> None:
        self._store = folder
        self._key = key
        self._lock: Any = None
        self.path = folder / FOLDER

    # What there is

    def all(self) -> list[Backup]:
        """The backups beside the store, newest first."""
        return list_backups(self.path, "here", self._key, _read_index(self.path))

    def of_place(self, folder: Path) -> list[Backup]:
        """Those of the second place."""
        return list_backups(folder, "second", self._key, _read_index(folder))

    def count_on(self, folder: Path) -> None:
        """Go on from the numbers that were given in another folder: those of a laptop that was lost, or of an index."""
        with self.alone(), kindly(folder):
            there = [int(match[1]) for path in folder.glob("*.db") if (match := _NAME.fullmatch(path.name))]
            index = _read_index(self.path)
            if (last := max(there, default=0)) > int(index.get("last", 0)):
                _write_index(self.path, {**index, "last": last})

    def make(self, progress: Pulse | None = None, *, now_ms: int | None = None, always: bool = False) -> Backup | None:
        """One more backup; None when nothing was written since the newest good one (but `always`).

        `progress` hears of parts of a thousand; raise in it to stop. Raises `StoreBusy` while another is being made,
        `WorldUnkind` (disk full, read-only), `StoreUnusable` when the store, and so its copy, is damaged.
        """
        with self.alone(), kindly(self._store):
            found = self.all()
            source = connect_checked(self._store, self._key)
            try:
                # What is read from here on stays as it is while others commit, so the copy need not begin anew.
                source.execute("BEGIN")
                facts = read_facts(source)
                if not always and found and found[0].good and _is_current(found[0], facts, self.path):
                    return None
                return self._copied(source, facts, found, progress or _silent, now_ms)
            finally:
                source.close()

    def _copied(
        self, source: sqlite3.Connection, facts: Facts, found: list[Backup], progress: Pulse, now_ms: int | None
    ) -> Backup:
        index = _read_index(self.path)
        number = max([0, int(index.get("last", 0)), *(backup.number for backup in found)]) + 1
        stamp = datetime.fromtimestamp((time.time_ns() // 1_000_000 if now_ms is None else now_ms) / 1000, UTC)
        target = self.path / f"{number:06}-{stamp.strftime(_TIME)}.db"
        partial = target.with_suffix(".part")
        try:
            _copy_pages(source, partial, self._key, progress)
            finish(partial, self._key, facts, progress)
            digest = digest_of(partial)
            partial.replace(target)
            sync_folder(self.path)
        finally:
            forget_database(partial)
        known = {**index.get("known", {}), target.name: _entry(target, facts, digest)}
        _write_index(self.path, {**index, "last": number, "known": known})
        return _backup(target, "here", known[target.name])

    def thin(self) -> None:
        """Remove what `to_keep` lets go, and damaged ones where a newer one is good."""
        with self.alone(), kindly(self._store):
            remove_old(self.all())
            index = _read_index(self.path)
            known = {name: e for name, e in index.get("known", {}).items() if (self.path / name).exists()}
            _write_index(self.path, {**index, "known": known})

    def of_before_erasure(self, erased: int, folder: Path | None = None) -> list[Backup]:
        """The backups (here, or in another folder) that hold more than a store in which so many records were erased."""
        index = _read_index(folder or self.path)
        found = list_backups(folder or self.path, "here", self._key, index)
        known = index.get("known", {})
        entries = {b.path: known.get(b.path.name) or _opened(b.path, self._key) for b in found}
        return [backup for backup in found if int(entries[backup.path].get("erased", -1)) < erased]

    def changed(self, path: Path, facts: Facts) -> None:
        """Remember what a backup holds after it was scrubbed."""
        index = _read_index(self.path)
        known = {**index.get("known", {}), path.name: _entry(path, facts, digest_of(path))}
        _write_index(self.path, {**index, "known": known})

    def mirror(self, folder: Path, copy: Callable[[Path, Path], None], erased: int) -> None:
        """Make another folder hold these backups too, by `copy`, and thin those that lie there; one from before an erasure
        or under another key goes. Raises what `copy` raises, `WorldUnkind`."""
        with kindly(folder):
            make_folder(folder)
            mine, index = _read_index(self.path).get("known", {}), _read_index(folder)
            known = dict(index.get("known", {}))
            for backup in reversed(self.all()):
                name = backup.path.name
                entry = mine.get(name) or {**_opened(backup.path, self._key), "sha256": digest_of(backup.path)}
                if backup.good is not False and not ((folder / name).exists() and known.get(name) == entry):
                    copy(backup.path, folder / name)
                    known[name] = entry
                    _write_index(folder, {"known": known})
            for backup in self.of_before_erasure(erased, folder):
                backup.path.unlink()
            there = list_backups(folder, "second", self._key, {"known": known})
            for backup in there:
                if self._key is not None and is_plain(backup.path):
                    backup.path.unlink()
            remove_old([backup for backup in there if backup.path.exists()])
            _write_index(folder, {"known": {n: e for n, e in known.items() if (folder / n).exists()}})

    def found_damaged(self, backup: Backup) -> None:
        """Remember that a backup cannot be used."""
        with self.alone(), kindly(self._store):
            index = _read_index(self.path)
            entry = {**index.get("known", {}).get(backup.path.name, {}), "size": backup.size, "good": False}
            _write_index(self.path, {**index, "known": {**index.get("known", {}), backup.path.name: entry}})

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Only one at a time makes or removes backups of a store; what a killed one left half-made goes."""
        from filelock import FileLock, Timeout

        try:
            make_folder(self.path)
            self._lock = self._lock or FileLock(self._store / LOCK, timeout=0)
            with self._lock:
                for partial in self.path.glob("*.part*"):
                    partial.unlink(missing_ok=True)
                forget_trials(self._store)
                yield
        except Timeout:
            raise StoreBusy("backup-busy", path=str(self._store)) from None


def forget_trials(folder: Path) -> None:
    """Remove what a killed trial of a restore left: a whole copy of the store, which nobody would make forget anything."""
    for trial in folder.glob(f"{TRIAL}*"):
        shutil.rmtree(trial, ignore_errors=True)


def list_backups(folder: Path, place: str, key: bytes | None, index: Mapping[str, Any]) -> list[Backup]:
    """The backups in a folder, newest first; those that its index does not know are opened."""
    found: list[Backup] = []
    known = index.get("known", {})
    with kindly(folder):
        for path in folder.iterdir() if folder.is_dir() else ():
            if _NAME.fullmatch(path.name):
                entry = known.get(path.name)
                if entry is None or entry.get("size") != path.stat().st_size:
                    entry = _opened(path, key)
                found.append(_backup(path, place, entry))
    return sorted(found, key=lambda backup: backup.number, reverse=True)


def remove_old(found: list[Backup]) -> None:
    """Thin a list of backups (newest first) on the disk. One that cannot be opened counts for nothing."""
    sound = [backup for backup in found if backup.good is not False]
    kept = to_keep((backup.number, backup.made_ms) for backup in sound)
    for backup in found:
        unsound = backup.good is False and bool(sound) and sound[0].number > backup.number
        if unsound or (backup.good is not False and backup.number not in kept):
            backup.path.unlink(missing_ok=True)
    if found:
        sync_folder(found[0].path.parent)


# A database file that is on its way to a good name


def _copy_pages(source: sqlite3.Connection, partial: Path, key: bytes | None, progress: Pulse) -> None:
    # Under a key SQLCipher answers the second one with text.
    size = source.execute("PRAGMA page_count").fetchone()[0] * int(source.execute("PRAGMA page_size").fetchone()[0])
    if shutil.disk_usage(partial.parent).free < size * 1.02:
        raise WorldUnkind("disk-full", path=str(partial.parent), reason="")
    target = connect(partial, key, any_thread=True)
    unsynced = 0

    def portion(_: int, remaining: int, total: int) -> None:
        nonlocal unsynced
        unsynced += _PAGES * size // max(total, 1)
        if unsynced >= _SYNC_BYTES:
            unsynced = 0
            sync_file(partial)  # a little at a time, or the last one would hold up everybody's commits
        progress(800 * (total - remaining) // max(total, 1), 1000)
        time.sleep(_REST_S)

    try:
        # A half-made copy is thrown away, so nothing need be able to bring it back.
        target.execute("PRAGMA journal_mode=OFF")
        target.execute("PRAGMA synchronous=OFF")
        target.execute("PRAGMA cache_size=-4096")
        source.backup(target, pages=_PAGES, progress=portion)
    finally:
        target.close()


def finish(path: Path, key: bytes | None, facts: Facts | None, progress: Pulse) -> Facts:
    """Make of a copy a single file, look it through, and sync it. Raises `StoreUnusable`."""
    connection = connect(path, key, any_thread=True)
    try:
        connection.execute("PRAGMA journal_mode=DELETE")
        look_through(connection, path, keyed=key is not None, progress=progress)
        found = read_facts(connection)
    finally:
        connection.close()
    if facts is not None and facts != found:
        raise StoreUnusable("store-damaged", path=str(path), what="count of revisions")
    sync_file(path)
    return found


def look_through(connection: sqlite3.Connection, path: Path, *, keyed: bool, progress: Pulse) -> None:
    """Every page, and every revision against its id. Raises `StoreUnusable` at the first thing that is wrong."""
    for code, facts in wrong_in(connection, keyed=keyed, progress=lambda: progress(900, 1000)):
        raise StoreUnusable("store-damaged", path=str(path), what=facts.get("what") or code)
    progress(1000, 1000)


def wrong_in(
    connection: sqlite3.Connection, *, keyed: bool, progress: Callable[[], None]
) -> Iterator[tuple[str, dict[str, object]]]:
    """What is wrong with a store's database: damaged pages, changed ones, revisions whose bytes are not those of their id.
    `progress` is called now and then; raise in it to stop."""
    with _listening(connection, progress):
        try:
            yield from _wrong_pages(connection, keyed=keyed)
            yield from _wrong_revisions(connection, progress)
        except Exception as problem:
            if not is_of_driver(problem) or "interrupted" in str(problem):
                raise
            yield "check-database", {"what": str(problem)}


def _wrong_pages(connection: sqlite3.Connection, *, keyed: bool) -> Iterator[tuple[str, dict[str, object]]]:
    for row in connection.execute("PRAGMA cipher_integrity_check") if keyed else ():
        yield "check-database", {"what": row[0]}
    for row in connection.execute("PRAGMA integrity_check"):
        if row[0] != "ok":
            yield "check-database", {"what": row[0]}


def _wrong_revisions(
    connection: sqlite3.Connection, progress: Callable[[], None]
) -> Iterator[tuple[str, dict[str, object]]]:
    for number, row in enumerate(connection.execute("SELECT id, data FROM revision WHERE data IS NOT NULL")):
        if not isinstance(row[1], bytes) or hashlib.sha256(row[1]).digest() != row[0]:
            yield "check-revision", {"id": row[0].hex() if isinstance(row[0], bytes) else str(row[0])}
        if number % 256 == 255:
            progress()
            time.sleep(_REST_S)


@contextmanager
def _listening(connection: sqlite3.Connection, progress: Callable[[], None]) -> Iterator[None]:
    """Let `progress` stop a long statement by raising: what it raised comes out of the block."""
    raised: list[BaseException] = []

    def heard() -> int:
        try:
            progress()
        except BaseException as problem:
            raised.append(problem)
            return 1
        return 0

    connection.set_progress_handler(heard, 200_000)
    try:
        yield
    except Exception:
        if raised:
            raise raised[0] from None
        raise
    finally:
        connection.set_progress_handler(None, 0)


def read_facts(connection: sqlite3.Connection) -> Facts:
    """What a store's database holds."""
    return Facts(
        *connection.execute(
            "SELECT (SELECT count(*) FROM revision), (SELECT count(*) FROM contribution WHERE NOT withdrawn),"
            " coalesce((SELECT CAST(value AS INTEGER) FROM setting WHERE key = 'tide'), 0), (SELECT count(*) FROM erased)"
        ).fetchone()
    )


@dataclass(frozen=True, slots=True)
class Beside:
    """What a store says about the files beside it: whose it is, the attachments' files that it names, the content ids of
    bundles that were removed for something in them was erased, and how many records are erased."""

    device: str
    attachments: frozenset[str]
    bundles_gone: frozenset[str]
    erased: int

    def is_gone(self, name: str) -> bool:
        """Whether this file (its name in the open form) is no longer the store's: nobody should bring it back."""
        bundle = name.removesuffix(".asice")
        return bundle in self.bundles_gone if bundle != name else name not in self.attachments


def read_beside(folder: Path, key: bytes | None) -> Beside:
    """What the store of a folder says about the files beside it. Raises `StoreUnusable`, `WorldUnkind`."""
    with kindly(folder), closing(connect_checked(folder, key)) as connection:
        device = connection.execute("SELECT value FROM setting WHERE key = 'device'").fetchone()
        files = connection.execute("SELECT sha256 || '.' || extension FROM attachment").fetchall()
        gone = connection.execute(
            "SELECT substr(key, 13) FROM setting WHERE substr(key, 1, 12) = 'not-relayed:'"
        ).fetchall()
        erased = connection.execute("SELECT count(*) FROM erased").fetchone()[0]
    return Beside(
        device[0] if device else "", frozenset(row[0] for row in files), frozenset(row[0] for row in gone), erased
    )


def key_of(path: Path, key: bytes | None) -> bytes | None:
    """The key of a backup: one that was made before the store was protected is under none."""
    return None if key is None or is_plain(path) else key


def sync_file(path: Path) -> None:
    """Wait until the file's bytes are on the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def forget_database(path: Path) -> None:
    """Remove a database file that is of no use, and what SQLite may have put beside it."""
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm", f"{path.name}-journal"):
        path.with_name(name).unlink(missing_ok=True)


def digest_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


# The index


def forget_known(folder: Path) -> None:
    """The backups of a folder were put under another key: what was known of their bytes is not so any more."""
    if (index := _read_index(folder)).get("known"):
        _write_index(folder, {**index, "known": {}})


def _read_index(folder: Path) -> dict[str, Any]:
    """What is remembered of a folder's backups; nothing where that cannot be read."""
    with suppress(OSError, ValueError):
        value = json.loads((folder / INDEX).read_text("utf-8"))
        if isinstance(value, dict) and isinstance(value.get("known", {}), dict):
            return value
    return {}


def _write_index(folder: Path, value: Mapping[str, Any]) -> None:
    partial = folder / f"{INDEX}.part"
    partial.write_text(json.dumps(value, indent=1, sort_keys=True), "utf-8")
    sync_file(partial)
    partial.replace(folder / INDEX)


def _entry(path: Path, facts: Facts, digest: str) -> dict[str, Any]:
    return {
        "size": path.stat().st_size, "revisions": facts.revisions, "contributions": facts.contributions,
        "tide": facts.tide, "erased": facts.erased, "sha256": digest, "good": True,
    }  # fmt: skip


def _opened(path: Path, key: bytes | None) -> dict[str, Any]:
    size = path.stat().st_size
    try:
        connection = connect(path, key_of(path, key), any_thread=True)
        try:
            facts = read_facts(connection)
        finally:
            connection.close()
    except Exception as problem:
        if not is_of_driver(problem):
            raise
        return {"size": size, "good": False}
    return {
        "size": size, "revisions": facts.revisions, "contributions": facts.contributions, "tide": facts.tide,
        "erased": facts.erased,
    }  # fmt: skip


def _backup(path: Path, place: str, entry: Mapping[str, Any]) -> Backup:
    match = _NAME.fullmatch(path.name)
    assert match is not None
    made = datetime.strptime(match[2], _TIME).replace(tzinfo=UTC)
    return Backup(
        path, int(match[1]), int(made.timestamp() * 1000), int(entry.get("revisions", 0)),
        int(entry.get("contributions", 0)), int(entry["size"]), place, entry.get("good"),
    )  # fmt: skip


def _is_current(backup: Backup, facts: Facts, folder: Path) -> bool:
    entry = _read_index(folder).get("known", {}).get(backup.path.name, {})
    return (entry.get("revisions"), entry.get("tide")) == (facts.revisions, facts.tide)


def _silent(_: int, __: int) -> None:
    """For who does not want to hear how far it is."""
