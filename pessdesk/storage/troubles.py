"""What SQLite says when something is wrong, as one of a few things that a person can understand and mend."""

from __future__ import annotations

from pathlib import Path

from pessdesk.domain.errors import PessError, StoreBusy, StoreUnusable, WorldUnkind

_DAMAGED = ("malformed", "not a database", "encrypted", "no such table", "no such column", "corrupt", "vtable")


def trouble(said: str, folder: Path) -> PessError | None:
    """The refusal for a message of SQLite; None for one that only a mistake of ours can cause."""
    said = said.lower()
    if "disk is full" in said:
        return WorldUnkind("disk-full", path=str(folder), reason=said)
    if "readonly" in said or "unable to open" in said:
        return WorldUnkind("folder-read-only", path=str(folder), reason=said)
    if "locked" in said or "busy" in said:
        return StoreBusy("store-busy", path=str(folder))
    if any(word in said for word in _DAMAGED):
        return StoreUnusable("store-damaged", path=str(folder), what=said)
    if "disk i/o" in said:
        return WorldUnkind("disk-trouble", path=str(folder), reason=said)
    return None
