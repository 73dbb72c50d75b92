"""The part of the program that has to do with keys: whether a store is protected, what opens it, turning it on and off.

Whether a store is protected is said by the first bytes of its database and by nothing else, so that nothing can
contradict them: `keys.json` beside a plain store is what an interrupted change left. What opened a store is kept in this
object's memory, until it is locked again or the program ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pessdesk.application.protection import Keys, Protection

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pessdesk.system.keys import Keychain

DEVICE_KEY = "device.pem"


def is_protected(folder: Path) -> bool:
    """Whether what is in this folder is under a key. A store that is not there (any more) is, where its keys wait."""
    from pessdesk.storage.driver import DATABASE, PLAIN
    from pessdesk.system.keys import KEYS
    from pessdesk.system.sealing import sealed_name

    try:
        with (folder / DATABASE).open("rb") as file:
            head = file.read(len(PLAIN))
    except OSError:
        head = b""
    if head == PLAIN:
        return False
    # What begins otherwise and has neither keys nor anything sealed beside it is a damaged plain store.
    return (folder / KEYS).exists() or (bool(head) and sealed_name(folder / DEVICE_KEY).exists())


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
        from pessdesk.domain.errors import StoreLocked
        from pessdesk.system.keys import KEYS, read_key_file

        read_key_file(folder / KEYS)
        raise StoreLocked("store-locked", path=str(folder))

    def protection(self, folder: Path) -> Protection:
        """How the store of a folder is protected."""
        if not is_protected(folder):
            return Protection(False)
        from pessdesk.system.keys import KEYS, read_key_file

        file = read_key_file(folder / KEYS)
        return Protection(True, folder.resolve() not in self._masters, file.way, file.recovery_tried)

    def unlock(self, folder: Path, secret: str) -> None:
        """Open a protected store by its passphrase or its recovery key; does nothing to one that is not protected.

        Raises `StoreLocked` (`passphrase-wrong`; `recovery-mistyped` with the group; `recovery-wrong`).
        """
        if is_protected(folder):
            from pessdesk.system.keys import KEYS, open_by_secret, read_key_file

            path = folder / KEYS
            self._masters[folder.resolve()] = open_by_secret(read_key_file(path), secret, path)

    def unlock_by_keychain(self, folder: Path) -> bool:
        """Open a protected store by what the computer's keychain has; False where it has nothing that fits."""
        if not is_protected(folder):
            return True
        from pessdesk.system.keys import KEYS, is_master, read_key_file

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

    def _keychain(self) -> Keychain:
        if self._given_keychain is None:
            from pessdesk.system.keychain import SystemKeychain

            self._given_keychain = SystemKeychain()
        return self._given_keychain
