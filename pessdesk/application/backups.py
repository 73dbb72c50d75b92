"""The values of backups: what there is, what a restore would lose, and which of them are kept.

Order is by number, never by clock: a clock that was wrong for a day must neither hide the newest backup nor delete all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

RECENT, WEEKLY, MONTHLY = 12, 10, 9
"""How many backups are kept: the newest, then the newest of each of so many weeks, and of so many months."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A whole copy of a store in one file. `made_ms` is what the clock said, in milliseconds since 1970 (UTC); `size` in
    bytes; `place` is `here` (beside the store) or `second`; `good` is None while nobody has looked it through."""

    path: Path
    number: int
    made_ms: int
    revisions: int
    contributions: int
    size: int
    place: str = "here"
    good: bool | None = None


@dataclass(frozen=True, slots=True)
class SecondPlace:
    """The folder to which backups are copied too, None where there is none; when that was done last (milliseconds since
    1970, 0 for never), and the code of what stood in the way the last time, empty when nothing did."""

    path: Path | None = None
    last_ms: int = 0
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Loss:
    """What the store of now has and a backup lacks: contributions (the workshop's code, their own, how they begin),
    changes of what the backup has, unfinished texts. Not `readable`: the store of now cannot tell, or not wholly."""

    contributions: tuple[tuple[str, str, str], ...] = ()
    edits: int = 0
    drafts: int = 0
    readable: bool = True


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did: where the replaced store lies, how many revisions of it were saved, how many were not."""

    replaced: Path
    saved: int
    lost: int


@dataclass(frozen=True, slots=True)
class Drill:
    """How a restore of the newest backup would go: whether it opens, how many contributions it has, how many revisions of
    the store of now it lacks, how many attachments' files are missing, whether its projections made anew have the same
    digest, and how long it took."""

    backup: Backup
    opens: bool
    contributions: int
    behind: int
    files_missing: int
    digest_same: bool
    seconds: float


def to_keep(made: Iterable[tuple[int, int]]) -> frozenset[int]:
    """Which backups stay, of (number, milliseconds since 1970): the newest; of the newest weeks and months that they were
    made in, the newest of each. "Newest" is the highest number; the clock only says what belongs together."""
    newest_first = sorted(made, reverse=True)
    kept = {number for number, _ in newest_first[:RECENT]}
    for period, most in ((_week, WEEKLY), (_month, MONTHLY)):
        seen: set[object] = set()
        for number, made_ms in newest_first:
            if len(seen) == most:
                break
            if (this := period(made_ms)) not in seen:
                seen.add(this)
                kept.add(number)
    return frozenset(kept)


def _week(made_ms: int) -> object:
    return made_ms // (7 * 24 * 3_600_000)


def _month(made_ms: int) -> object:
    moment = datetime.fromtimestamp(made_ms / 1000, UTC)
    return moment.year, moment.month
