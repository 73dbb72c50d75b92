"""Calls that fail: an act is done again and again, each time with the next of its calls refused by the system.

`python -m tests.faults.failing NAME ROOT GROUND STRIDE` runs on the layer (shim.c), which watches ROOT, and prints a line of JSON
for each time: after how many calls it failed, with what code the program refused, and what was wrong afterwards (nothing).
With a STRIDE of 7 only every seventh call fails, and each of the last, which come after the commit.
"""

from __future__ import annotations

import errno
import gc
import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from pessdesk.domain.errors import PessError
from tests.faults.acts import (
    TITLE,
    Act,
    Close,
    Draft,
    Edit,
    Enter,
    Export,
    Laptop,
    Leave,
    Lost,
    Photo,
    Receive,
    Seen,
    Sheet,
    Start,
    after,
    check,
    look,
)
from tests.faults.ground import HOLDS, Ground
from tests.faults.shim import CHANGE, CREATE, SYNC, WRITE, Fate

MANY = 1_000_000
LAST = 4
LONG = "Que el col·legi obri a l'estiu. " * 300


@dataclass(frozen=True, slots=True)
class Trouble:
    """Which calls fail, how, and whether they go on failing."""

    calls: str
    error: int
    lasting: bool


TROUBLES: Mapping[str, Trouble] = {
    "disk full": Trouble(WRITE + CREATE, errno.ENOSPC, lasting=True),
    "error on writing": Trouble(WRITE, errno.EIO, lasting=True),
    "error on fsync": Trouble(SYNC, errno.EIO, lasting=False),
    "read-only": Trouble(CHANGE + WRITE, errno.EROFS, lasting=True),
}
SAID = (Start(), Enter("A", 1), Draft("b"))
ACTS: Mapping[str, tuple[Sequence[Act], Act]] = {
    "autosave": (SAID, Draft(LONG)),
    "Enter": (SAID, Enter("B", 2, "9")),
    "edit": (SAID, Edit("A", LONG)),
    "file": (SAID, Photo("A", 1)),
    "sheet": (SAID, Sheet(tuple(f"Fila {number}" for number in range(40)))),
    "export": ((*SAID, Photo("A", 1)), Export()),
    "import": (SAID, Receive(HOLDS)),
    "closing": (SAID, Leave()),
    "opening": ((Start(), Enter("A"), Close()), Start()),
}
"""What is done before, and the act whose calls fail."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One time: the number of calls that succeeded, the program's code (empty: it was done all the same), what was lost."""

    calls: int
    code: str
    lost: str


@dataclass(frozen=True, slots=True)
class Failing:
    """An act that is to fail: what was done before it, and what fails."""

    ground: Ground
    before: Sequence[Act]
    act: Act
    trouble: Trouble

    def calls(self, root: Path) -> int:
        """How many calls of the act can fail."""
        laptop = self._ready(root)
        fate = Fate()
        fate.fail(self.trouble.calls, 0, MANY, lasting=False)
        self.act.do(laptop)
        seen, _ = fate.mend()
        laptop.leave()
        shutil.rmtree(root)
        return seen

    def at(self, number: int, root: Path) -> Refusal:
        """Let the act fail once so many calls have succeeded; look; then the same again, with room."""
        laptop = self._ready(root)
        fate = Fate()
        fate.fail(self.trouble.calls, self.trouble.error, number, lasting=self.trouble.lasting)
        code = lost = ""
        try:
            self.act.do(laptop)
        except PessError as problem:
            code = problem.code
        _, hits = fate.mend()
        assert hits, "nothing failed"
        try:
            self._look(root, code)
            if code:
                self.act.do(laptop)
            laptop.leave()
            check(root, self.ground.seen, [*self.before, self.act], len(self.before) + 1)
        except (Lost, PessError) as problem:
            lost = repr(problem)
        shutil.rmtree(root)
        return Refusal(number, code, lost)

    def _ready(self, root: Path) -> Laptop:
        laptop = Laptop(self.ground.copy(root))
        for act in self.before:
            act.do(laptop)
        return laptop

    def _look(self, root: Path, code: str) -> None:
        """What a start would find now: what was there before, and the act only if it was not refused. A commit whose fsync
        failed may have reached the disk all the same."""
        gc.collect()  # connections that a refusal left behind are closed now, not while files are copied
        aside = root.with_suffix(".aside")
        shutil.copytree(root, aside)
        found = look(aside)
        shutil.rmtree(aside)
        there = after(self.ground.seen, self.before)
        done = self.act.after(there)
        allowed = [done] if not code else [there, done] if self.trouble.calls == SYNC else [there]
        if found not in allowed:
            raise Lost(f"refused with {code!r}, and there is: {found}")


def main(name: str, root: Path, ground: Path, stride: int) -> None:
    act, _, trouble = name.partition(", ")
    failing = Failing(Ground(ground, Seen((TITLE,))), *ACTS[act], TROUBLES[trouble])
    calls = failing.calls(root / "all")
    for number in range(calls):
        if number % stride == 0 or number >= calls - LAST:
            print(json.dumps(asdict(failing.at(number, root / str(number)))), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
