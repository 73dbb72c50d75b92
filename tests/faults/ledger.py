"""Who counted what: every fault's tests enter here what they injected, and docs/durability.md is made of it.

The page is written by `make torture` alone, so that `make test` changes nothing in the tree.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from pessdesk import __version__
from tests.faults import FAULTS


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """What one test did: the fault's number, what was done, how often, how many acts had been acknowledged and were looked
    for, and how many of them were not found. `caught`: losses found where safety was taken away on purpose."""

    fault: int
    test: str
    what: str
    repetitions: int
    acknowledged: int = 0
    lost: int = 0
    caught: int = 0


class Ledger:
    """The entries of a run."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def enter(self, entry: Entry) -> None:
        """Add an entry; one of the same test with the same words is counted to that."""
        for number, there in enumerate(self.entries):
            if (there.fault, there.test, there.what) == (entry.fault, entry.test, entry.what):
                entry = replace(
                    there, repetitions=there.repetitions + entry.repetitions,
                    acknowledged=there.acknowledged + entry.acknowledged, lost=there.lost + entry.lost,
                    caught=there.caught + entry.caught,
                )  # fmt: skip
                self.entries[number] = entry
                return
        self.entries.append(entry)

    def keep(self, path: Path) -> None:
        lines = [json.dumps(asdict(entry), ensure_ascii=False) for entry in self.entries]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def read(path: Path) -> list[Entry]:
    return [Entry(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines() if line]


def page(entries: Iterable[Entry], *, seed: int, seconds: float) -> str:
    """docs/durability.md."""
    rows = sorted(entries)
    proofs = [entry for entry in rows if entry.caught]
    done = [entry for entry in rows if not entry.caught]
    return "\n".join(
        [
            "# What PessDesk survives",
            "",
            "Written by `make torture`; not by hand. How it is proven stands in [architecture.md](architecture.md).",
            "",
            "An act is *acknowledged* when its use case has returned; *lost* is what was acknowledged and is not there"
            " when the real program opens the store afterwards. Anything half-done, damaged or twice there stops the run.",
            "",
            f"- PessDesk {__version__}, {date.today().isoformat()}, seed {seed}",
            f"- {platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()},"
            f" {seconds / 60:.0f} minutes",
            f"- {_number(sum(e.repetitions for e in done))} injected faults,"
            f" {_number(sum(e.acknowledged for e in done))} acknowledged acts looked for,"
            f" **{_number(sum(e.lost for e in done))} lost**",
            "",
            "| # | fault | what was done | test | repetitions | acknowledged | lost |",
            "|--:|---|---|---|--:|--:|--:|",
            *(
                f"| {e.fault} | {FAULTS[e.fault]} | {e.what} | `{e.test}` | {_number(e.repetitions)} |"
                f" {_number(e.acknowledged) if e.acknowledged else '–'} | {_number(e.lost)} |"
                for e in done
            ),
            "",
            "## That the layer bites",
            "",
            "The same with safety taken away on purpose must lose something; a test fails where it does not.",
            "",
            "| # | what was taken away | test | states looked at | in which something was lost |",
            "|--:|---|---|--:|--:|",
            *(
                f"| {e.fault} | {e.what} | `{e.test}` | {_number(e.repetitions)} | {_number(e.caught)} |"
                for e in proofs
            ),
            "",
        ]
    )


def _number(number: int) -> str:
    return f"{number:,}".replace(",", "\u202f")
