"""What can go wrong, as a stable code and facts; the words are found in `pessdesk.wording`.

A code never changes its meaning once released: people read it over the phone and scripts test it. The class
says whose move it is, and becomes the exit code of the command line.
"""

from __future__ import annotations

import errno
from pathlib import Path
from typing import ClassVar, Self


class PessError(Exception):
    """Anything PessDesk refuses or cannot do: a code, and the facts that the sentence needs."""

    exit_code: ClassVar[int] = 1

    def __init__(self, code: str, /, **facts: object) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        return f"{self.code} {self.facts}" if self.facts else self.code


class UsageRefused(PessError):
    """The command's words or files are off: nothing was tried."""

    exit_code = 2


class BundleQuarantined(PessError):
    """A bundle is intact, but a person must decide."""

    exit_code = 3


class BundleRefused(PessError):
    """A bundle breaks a rule of the format or its signature: nothing of it is used."""

    exit_code = 4


class InputRefused(PessError):
    """What was given breaks a rule: said beside the thing, nothing written."""

    exit_code = 5


class UnknownThing(PessError):
    """A code or id that names nothing in this store (or more than one thing)."""

    exit_code = 6


class StoreBusy(PessError):
    """Another PessDesk is writing to this store."""

    exit_code = 7


class WorldUnkind(PessError):
    """Disk full, folder read-only, file gone: not the person's fault, and not ours."""

    exit_code = 8

    @classmethod
    def from_os(cls, problem: OSError, path: Path | str) -> Self:
        """What the operating system said, as one of a few things that a person can mend."""
        codes = {
            errno.ENOSPC: "disk-full",
            getattr(errno, "EDQUOT", errno.ENOSPC): "disk-full",
            errno.EROFS: "folder-read-only",
            errno.EACCES: "folder-read-only",
            errno.EPERM: "folder-read-only",
            errno.ENOENT: "folder-missing",
            errno.ENOTDIR: "folder-missing",
            errno.EEXIST: "file-exists",
        }
        return cls(codes.get(problem.errno or 0, "disk-trouble"), path=str(path), reason=problem.strerror or "")


class StoreUnusable(PessError):
    """The store is newer than this program, damaged, or not a store."""

    exit_code = 9


class StoreLocked(PessError):
    """The store is protected, and what opens it was not given or is wrong."""

    exit_code = 11


class Stopped(PessError):
    """A person stopped it: nothing half-done is left behind."""

    exit_code = 130


class CheckFailed(PessError):
    """`check` found something that should not be."""

    exit_code = 10
