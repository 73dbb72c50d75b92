"""A keychain for tests: in a file, so that a process that is killed leaves what a real one would."""

from __future__ import annotations

import json
from pathlib import Path


class FileKeychain:
    """`broken`: there is none that works, as on a computer without a desktop."""

    def __init__(self, file: Path, *, broken: bool = False) -> None:
        self.file = file
        self.broken = broken

    def _all(self) -> dict[str, str]:
        return dict(json.loads(self.file.read_text())) if self.file.exists() else {}

    def _write(self, entries: dict[str, str]) -> None:
        partial = self.file.with_suffix(".part")
        partial.write_text(json.dumps(entries))
        partial.replace(self.file)

    @property
    def stores(self) -> set[str]:
        return set(self._all())

    def works(self) -> bool:
        return not self.broken

    def get(self, store: str) -> bytes | None:
        found = None if self.broken else self._all().get(store)
        return None if found is None else bytes.fromhex(found)

    def put(self, store: str, master: bytes) -> None:
        self._write({**self._all(), store: master.hex()})

    def drop(self, store: str) -> None:
        self._write({name: key for name, key in self._all().items() if name != store})
