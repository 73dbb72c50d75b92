"""Protected stores for the tests of the window: a keychain in memory, a passphrase, a folder under it."""

from __future__ import annotations

from pathlib import Path

from pessdesk.bootstrap import Program
from tests.desktop.conftest import Desktop

PASSPHRASE = "quatre paraules ben triades"


class FakeKeychain:
    """The computer's keychain, in memory. It can be made not to work, or to forget."""

    def __init__(self) -> None:
        self.there = True
        self.entries: dict[str, bytes] = {}

    def works(self) -> bool:
        return self.there

    def get(self, store: str) -> bytes | None:
        return self.entries.get(store) if self.there else None

    def put(self, store: str, master: bytes) -> None:
        self.entries[store] = master

    def drop(self, store: str) -> None:
        self.entries.pop(store, None)


def protect(folder: Path, way: str = "passphrase", keychain: FakeKeychain | None = None) -> str:
    """Put a closed store under a key, as another run of the program; gives the recovery key."""
    passphrase = PASSPHRASE if way == "passphrase" else ""
    return Program(keychain or FakeKeychain()).protect(folder, way, passphrase)


def unlock(desktop: Desktop, secret: str = PASSPHRASE) -> None:
    """Type what opens the store, and Enter."""
    desktop.type(secret)
    desktop.press("Return")
    desktop.settle()
