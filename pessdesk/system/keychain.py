"""The keychain of the computer (Windows' credential store, macOS' keychain, the Secret Service), through `keyring`.

A computer may have none: then it does not work, and says so without a sound. It is asked only where a store is protected.

Backends raise what their systems raise (Windows' `pywintypes.error` where a policy forbids keeping passwords, D-Bus' own
where nobody answers), and `keyring` hands some of it on; whatever it is, the keychain does not help, and the passphrase does.
"""

from __future__ import annotations

from contextlib import suppress

from pessdesk.domain.errors import WorldUnkind

_SERVICE = "PessDesk"


class SystemKeychain:
    """The entries of this program: the store's id → the master key."""

    def works(self) -> bool:
        """Whether there is a keychain that keeps secrets: `keyring` also knows stand-ins that keep nothing, or in plain
        text; their priority is below 1."""
        import keyring

        try:
            return bool(keyring.get_keyring().priority >= 1)
        except Exception:
            return False

    def get(self, store: str) -> bytes | None:
        """The master key, or None where there is no such entry or no keychain that answers."""
        if not self.works():
            return None
        import keyring

        try:
            text = keyring.get_password(_SERVICE, store)
            return None if text is None else bytes.fromhex(text)
        except Exception:
            return None

    def put(self, store: str, master: bytes) -> None:
        """Keep the master key, and read it back. Raises `WorldUnkind`."""
        import keyring

        try:
            if self.works():
                keyring.set_password(_SERVICE, store, master.hex())
        except Exception as problem:
            raise WorldUnkind("keychain-refused") from problem
        if self.get(store) != master:
            raise WorldUnkind("keychain-refused")

    def drop(self, store: str) -> None:
        """Forget the entry; where there is none, or no keychain, there is nothing to forget."""
        import keyring

        if self.works():
            with suppress(Exception):
                keyring.delete_password(_SERVICE, store)
