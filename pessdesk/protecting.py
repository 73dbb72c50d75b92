"""The part of the program that has to do with keys: whether a store is protected, what opens it, turning it on and off.

Whether a store is protected is said by the first bytes of its database and by nothing else, so that nothing can
contradict them: `keys.json` beside a plain store is what an interrupted change left. What opened a store is kept in this
object's memory, until it is locked again or the program ends.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from pessdesk.domain.errors import InputRefused, Stopped, StoreBusy, StoreLocked, StoreUnusable, WorldUnkind
from pessdesk.system.paths import KEYS, SEALED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from pessdesk.application.protection import Keys, Protection
    from pessdesk.system.keys import Keychain, KeyFile

    Progress = Callable[[int, int], None]

DEVICE_KEY = "device.pem"


def _unheard(count: int, total: int) -> None:
    """Progress that nobody hears."""


def _own(folder: Path) -> Iterable[Path]:
    """The store's files that lie in none of the folders for files: the laptop's key, and what lies beside copies of the
    store that cannot be under a key themselves (damaged ones, the logs of those that were replaced)."""
    from pessdesk.storage.protection import copies_with_company
    from pessdesk.system.sealing import SUFFIX

    company = {path.with_suffix("") if path.suffix == SUFFIX else path for path in copies_with_company(folder)}
    return (*sorted(company), folder / DEVICE_KEY)  # the key last: while it is plain something may be left to do


def is_protected(folder: Path) -> bool:
    """Whether what is in this folder is under a key. A store that is not there (any more) is, where its keys wait."""
    # The names first: what has neither keys nor anything sealed beside it is plain, or damaged, whatever it begins with.
    keys, sealed = (folder / KEYS).exists(), (folder / f"{DEVICE_KEY}{SEALED}").exists()
    if not keys and not sealed:
        return False
    from pessdesk.storage.driver import DATABASE, PLAIN, head

    try:
        begins = head(folder / DATABASE)
    except OSError:
        begins = b""
    return begins != PLAIN and (keys or bool(begins))


class Protecting:
    """Keys of stores by their folder. `pessdesk.bootstrap.Program` is one."""

    def __init__(self, keychain: Keychain | None = None) -> None:
        self._given_keychain = keychain
        self._masters: dict[Path, bytes] = {}
        self._asked: Callable[[], str] | None = None

    def when_locked(self, ask: Callable[[], str]) -> None:
        """What gives a passphrase or a recovery key when a store wants one and the keychain does not have it; without
        it `key` refuses."""
        self._asked = ask

    # What opens a store

    def key(self, folder: Path) -> Keys | None:
        """The keys of a protected store that was opened; None while it is not protected.

        Raises `StoreLocked` when nothing has opened it, `StoreUnusable` when its `keys.json` is missing or damaged.
        """
        if not is_protected(folder):
            return None
        from pessdesk.system.keys import keys_of

        return keys_of(self._master(folder))

    def _master(self, folder: Path) -> bytes:
        known = self._masters.get(folder.resolve())
        if known is not None:
            return known
        if self._asked is not None:
            if not self.unlock_by_keychain(folder):
                self.unlock(folder, self._asked())
            return self._masters[folder.resolve()]
        from pessdesk.system.keys import read_key_file

        read_key_file(folder / KEYS)
        raise StoreLocked("store-locked", path=str(folder))

    def protection(self, folder: Path) -> Protection:
        """How the store of a folder is protected."""
        from pessdesk.application.protection import Protection

        if not is_protected(folder):
            return Protection(False)
        from pessdesk.system.keys import read_key_file

        file = read_key_file(folder / KEYS)
        return Protection(True, folder.resolve() not in self._masters, file.way, file.recovery_tried)

    def unlock(self, folder: Path, secret: str) -> None:
        """Open a protected store by its passphrase or its recovery key; does nothing to one that is not protected.

        Raises `StoreLocked` (`passphrase-wrong`; `recovery-mistyped` with the group; `recovery-wrong`).
        """
        if is_protected(folder):
            from pessdesk.system.keys import open_by_secret, read_key_file

            path = folder / KEYS
            self._masters[folder.resolve()] = open_by_secret(read_key_file(path), secret, path)

    def unlock_by_keychain(self, folder: Path) -> bool:
        """Open a protected store by what the computer's keychain has; False where it has nothing that fits."""
        if not is_protected(folder):
            return True
        from pessdesk.system.keys import is_master, read_key_file

        file = read_key_file(folder / KEYS)
        master = self._keychain().get(file.store) if "keychain" in file.slots else None
        if master is None or not is_master(file, master):
            return False
        self._masters[folder.resolve()] = master
        return True

    def lock(self, folder: Path) -> None:
        """Forget the key of a store."""
        self._masters.pop(folder.resolve(), None)

    def keychain_works(self) -> bool:
        """Whether this computer has a keychain that can keep a key."""
        return self._keychain().works()

    def is_well_typed(self, number: int, typed: str) -> bool:
        """Whether a group of a recovery key (from 1) has no wrong sign. Of whose key it is, it says nothing."""
        from pessdesk.domain.errors import StoreLocked
        from pessdesk.system.keys import read_group

        try:
            read_group(number, typed)
        except StoreLocked:
            return False
        return True

    # Turning it on and off, and changing what opens

    def protect(self, folder: Path, way: str, passphrase: str, progress: Progress = _unheard) -> str:
        """Put a store under a key, opened by `way`; gives the recovery key, which is shown once and kept nowhere.

        Wants the store closed: `StoreBusy` otherwise. Whoever stops it before the database has changed places leaves the
        store as it was; after that the next opening for writing finishes it. So it does with what cannot be sealed now,
        which `left_readable` counts: the recovery key is given all the same.
        """
        from pessdesk.storage import protection
        from pessdesk.storage.driver import DATABASE
        from pessdesk.storage.store import open_store
        from pessdesk.system import keys

        if is_protected(folder):
            raise InputRefused("protected-already", path=str(folder))
        self._check_way(way, passphrase)
        protection.check_links(folder)
        with open_store(folder, write=True):
            pass  # says what is wrong with it, and finishes what was interrupted
        with protection.held(folder):
            if is_protected(folder):  # by another program, since: its keys are not to be dropped
                raise InputRefused("protected-already", path=str(folder))
            protection.sweep(folder)
            protection.forget_trials(folder)
            self._drop_keys(folder)
            file, master = keys.make_key_file()
            recovery = keys.make_recovery_key()
            file = keys.with_recovery_key(self._with_way(file, master, way, passphrase), master, recovery)
            made = keys.keys_of(master)
            try:
                keys.write_key_file(folder / KEYS, file)
                if way == "keychain":
                    self._keychain().put(file.store, master)
                progress(0, 0)
                protection.put_under(folder / DATABASE, None, made.database)
            except BaseException:
                if not is_protected(folder):
                    self._drop_keys(folder)
                raise
            self._masters[folder.resolve()] = master
            self._seal_rest(folder, made, progress)
        with suppress(Stopped):
            self._follow_elsewhere(folder, progress)
        return recovery

    def unprotect(self, folder: Path, secret: str, progress: Progress = _unheard) -> None:
        """Take a store from under its key. `secret` is its passphrase or recovery key; it may be empty where the keychain
        opens the store. Wants the store closed. Whoever stops it before the database has changed places leaves the store
        protected, and the next opening for writing seals what was unsealed."""
        from pessdesk.storage import protection
        from pessdesk.storage.driver import DATABASE
        from pessdesk.storage.store import open_store
        from pessdesk.system import keys

        self._check_protected(folder)
        made = keys.keys_of(self._proved(folder, secret))
        with open_store(folder, write=True, key=made.database):
            pass
        with protection.held(folder):
            self._unseal_all(folder, made, progress)
            protection.put_under(folder / DATABASE, made.database, None)
            self.lock(folder)
            self._drop_keys(folder)

    def change_passphrase(self, folder: Path, secret: str, way: str, new: str) -> None:
        """Let another passphrase, or the keychain, open a protected store from now on. What is protected is not touched."""
        from pessdesk.system import keys

        self._check_way(way, new)
        self._check_protected(folder)
        master = self._proved(folder, secret)
        file = keys.read_key_file(folder / KEYS)
        if way == "keychain":
            self._keychain().put(file.store, master)
        keys.write_key_file(folder / KEYS, self._with_way(file, master, way, new))
        if way != "keychain" and "keychain" in file.slots:
            self._keychain().drop(file.store)

    def new_recovery_key(self, folder: Path, secret: str) -> str:
        """Another recovery key in place of the one before, which opens nothing from then on."""
        from pessdesk.system import keys

        self._check_protected(folder)
        master = self._proved(folder, secret)
        recovery = keys.make_recovery_key()
        file = keys.read_key_file(folder / KEYS)
        keys.write_key_file(folder / KEYS, keys.with_recovery_key(file, master, recovery))
        return recovery

    def is_recovery_group(self, folder: Path, number: int, typed: str) -> bool:
        """Whether group `number` (from 1) of the recovery key reads so: whoever knows it has the sheet. Wants the store
        opened; raises `StoreLocked` (`recovery-mistyped`) where a sign of the group is wrong."""
        from pessdesk.system import keys

        self._check_protected(folder)
        return keys.is_group(keys.read_key_file(folder / KEYS), self._master(folder), number, typed)

    def recovery_was_tried(self, folder: Path) -> None:
        """Somebody has shown that the recovery key was written down."""
        from dataclasses import replace

        from pessdesk.system import keys

        file = keys.read_key_file(folder / KEYS)
        keys.write_key_file(folder / KEYS, replace(file, recovery_tried=True))

    def recovery_sheet(self, folder: Path, key: str, target: Path, language: str, *, replace: bool = True) -> None:
        """Write the sheet with a recovery key, as a PDF or a page for the web, by the ending of `target`.

        Raises `UsageRefused` for another ending, `WorldUnkind` when it cannot be written (or is there, unless `replace`).
        """
        from datetime import date

        from pessdesk.documents.recovery import recovery_document
        from pessdesk.documents.writing import write_document
        from pessdesk.storage.reading import open_reading
        from pessdesk.system import paths
        from pessdesk.wording.catalog import Catalog

        opened = self.key(folder)
        reading = open_reading(folder, opened.database if opened else None)
        try:
            label = reading.setting("label") if reading else ""
        finally:
            if reading:
                reading.close()
        catalog = Catalog(language, paths.resources() / "locale")
        sheet = recovery_document(key, label or "PessDesk", date.today().isoformat(), catalog)
        write_document(sheet, target, catalog, paths.resources() / "fonts", replace=replace)

    def check_sheet(self, target: Path) -> None:
        """Refuse, before there is a key, what `recovery_sheet` could not write without replacing something."""
        from pessdesk.documents.writing import check_target

        check_target(target, replace=False)

    def _follow_elsewhere(self, folder: Path, progress: Progress) -> None:
        """Let copies of a store that lie elsewhere be under its key too, once it is protected."""

    def _check_way(self, way: str, passphrase: str) -> None:
        from pessdesk.application.protection import WAYS
        from pessdesk.system.keys import check_passphrase

        if way not in WAYS:
            raise InputRefused("choice-unknown", field="way", value=way, allowed=", ".join(WAYS))
        if way == "passphrase" or passphrase:
            check_passphrase(passphrase)
        if way == "keychain" and not self.keychain_works():
            raise WorldUnkind("keychain-missing")

    def _check_protected(self, folder: Path) -> None:
        if not is_protected(folder):
            raise InputRefused("protected-not", path=str(folder))

    def _with_way(self, file: KeyFile, master: bytes, way: str, passphrase: str) -> KeyFile:
        from pessdesk.system import keys

        file = keys.with_keychain(file) if way == "keychain" else keys.without(file, "keychain")
        return keys.with_passphrase(file, master, passphrase) if passphrase else keys.without(file, "passphrase")

    def _proved(self, folder: Path, secret: str) -> bytes:
        """The master key for who may change how the store is protected."""
        from pessdesk.system import keys

        file = keys.read_key_file(folder / KEYS)
        if secret:
            return keys.open_by_secret(file, secret, folder / KEYS)
        if file.way == "keychain" and self.unlock_by_keychain(folder):
            return self._masters[folder.resolve()]
        raise StoreLocked("store-locked", path=str(folder))

    def _drop_keys(self, folder: Path) -> None:
        """`keys.json` and its entry in the keychain go; only where nothing is under them (any more)."""
        from pessdesk.application.durable import sync_folder
        from pessdesk.system.keys import read_key_file

        path = folder / KEYS
        if not path.exists():
            return
        try:
            file = read_key_file(path)
            if "keychain" in file.slots:
                self._keychain().drop(file.store)
        except StoreUnusable:
            pass  # a damaged file names no entry
        path.unlink()
        sync_folder(folder)

    # What lies beside the database

    def finish_change(self, folder: Path) -> None:
        """What a change of protection left undone when it was interrupted; for whoever opens the store for writing and
        holds its lock."""
        from pessdesk.storage import protection
        from pessdesk.system.files import StoreFiles

        if not (folder / KEYS).exists():
            return
        protection.sweep(folder)
        keys = self.key(folder)
        if keys is not None:
            self._seal_rest(folder, keys, _unheard)
        elif not StoreFiles(folder).sealed(_own(folder)) and not protection.copies_under(folder, plain=False):
            self._drop_keys(folder)

    def left_readable(self, folder: Path) -> int:
        """How many files beside a protected store could not be sealed yet: the disk is full, a program has them open."""
        from pessdesk.storage import protection
        from pessdesk.system.files import StoreFiles

        if not is_protected(folder):
            return 0
        return len({*StoreFiles(folder).plain(_own(folder)), *protection.copies_under(folder, plain=True)})

    def _seal_rest(self, folder: Path, keys: Keys, progress: Progress) -> None:
        """Seal every file beside a protected store and put every copy of it under its key; what the disk or another
        program refuses waits for the next opening, and keeps nobody out of the store."""
        from pessdesk.storage import protection
        from pessdesk.system.files import StoreFiles

        files = StoreFiles(folder, keys.files)
        copies = protection.copies_under(folder, plain=True)
        if not copies and not files.plain(_own(folder)):
            return
        for copy in protection.copies_under(folder, plain=False):
            if not protection.opens_under(copy, keys.database):
                with suppress(WorldUnkind):
                    files.seal(copy)
        for copy in copies:
            with suppress(WorldUnkind, StoreBusy):
                try:
                    protection.put_under(copy, None, keys.database)
                except StoreUnusable:
                    files.seal(copy)  # damaged: it is kept as it is
        if copies:
            protection.forget_known(folder / protection.BACKUPS)
        rest = files.plain(_own(folder))
        for count, path in enumerate(rest, start=1):
            with suppress(WorldUnkind):
                files.seal(path)
            with suppress(Stopped):  # the store is protected: stopping now would only leave some files readable
                progress(count, len(rest))

    def _unseal_all(self, folder: Path, keys: Keys, progress: Progress) -> None:
        from pessdesk.storage import protection
        from pessdesk.system.files import StoreFiles

        files = StoreFiles(folder, keys.files)
        sealed = files.sealed(_own(folder))
        for count, path in enumerate(sealed, start=1):
            progress(count, len(sealed))
            files.unseal(path)
        for copy in protection.copies_under(folder, plain=False):
            with suppress(StoreUnusable):  # damaged: nobody could have opened it with the key either
                protection.put_under(copy, keys.database, None)
        protection.forget_known(folder / protection.BACKUPS)

    def _keychain(self) -> Keychain:
        if self._given_keychain is None:
            from pessdesk.system.keychain import SystemKeychain

            self._given_keychain = SystemKeychain()
        return self._given_keychain
