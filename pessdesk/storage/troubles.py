"""What SQLite says when something is wrong, as one of a few things that a person can understand and mend."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pessdesk.domain.errors import PessError, StoreBusy, StoreUnusable, WorldUnkind

_LEAST = 64 * 1024
"""Bytes without which a store cannot be opened: its log and the index of that are made then."""
_DAMAGED = (
    "malformed",
    "not a database",
    "encrypted",
    "no such table",
    "no such column",
    "corrupt",
    "vtable",
    "decode",
    "parse error in",
    "unrecognized",
    "tokenizer",
)
"""The last three are said of the index of words, whose settings stand in the file."""


def trouble(said: str, folder: Path) -> PessError | None:
    """The refusal for a message of SQLite; None for one that only a mistake of ours can cause."""
    said = said.lower()
    if "disk is full" in said or (_is_unclear(said) and _is_full(folder)):
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


def _is_unclear(said: str) -> bool:
    """Where SQLite cannot make the companions of its file, it does not say why."""
    return "unable to open" in said or "disk i/o" in said


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < _LEAST
    except OSError:
        return False


def is_of_driver(problem: BaseException) -> bool:
    """Whether the driver raised this, or SQLAlchemy for it: its exceptions are not those of the standard library, but for
    the one with which it gives up on a damaged text, be it a name in its own message."""
    said = getattr(problem, "orig", None) or problem
    if isinstance(said, UnicodeDecodeError):
        return True
    return any(kind.__name__ == "Error" and kind.__module__.startswith("sqlcipher3") for kind in type(said).__mro__)


@contextmanager
def kindly(folder: Path) -> Iterator[None]:
    """What SQLite and the operating system say inside of the block, as one of a few things that a person can mend."""
    try:
        yield
    except PessError:
        raise
    except OSError as problem:
        raise WorldUnkind.from_os(problem, problem.filename or folder) from problem
    except Exception as problem:
        said = str(getattr(problem, "orig", None) or problem)
        if is_of_driver(problem) and (known := trouble(said, folder)) is not None:
            raise known from problem
        raise
