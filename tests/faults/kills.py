"""SIGKILL: a child does a day's acts on a real store and is killed; what it had acknowledged must be there.

The process that calls forks, so that a child costs milliseconds instead of the half second of a start; it must have no
other thread and no open store (`crowd` sees to both). The child writes a byte to a pipe after each act, which is the
acknowledgement: what it never said to be done may be missing, whole.
"""

from __future__ import annotations

import os
import random
import select
import shutil
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from tests.faults.acts import Act, check, day, live
from tests.faults.ground import HOLDS, Ground

OPENED = ("open", "os.rename", "os.remove", "os.mkdir", "os.link", "os.rmdir", "os.truncate")
"""What Python itself tells of the files that it touches (audit events)."""


@dataclass(frozen=True, slots=True)
class Kill:
    """When a child is killed: after `seconds`, before its n-th SQL statement, or before it touches its n-th file."""

    seconds: float = 0.0
    statement: int = 0
    file: int = 0


NEVER = Kill(seconds=300.0)


@dataclass(frozen=True, slots=True)
class Killed:
    """What became of a child: how many acts it acknowledged, what it counted if it came to its end, how long it took."""

    acknowledged: int
    statements: int
    files: int
    seconds: float

    @property
    def ended(self) -> bool:
        return self.statements > 0


def run_and_kill(work: Callable[[Callable[[], None]], None], kill: Kill) -> Killed:
    """Fork; the child does `work`, which calls what it is given after each act; kill it as wanted."""
    reading, writing = os.pipe()
    begun = time.monotonic()
    child = os.fork()
    if child == 0:
        _be_the_child(work, kill, writing)
    os.close(writing)
    try:
        acknowledged, told = _listen(reading, child, begun + (kill.seconds or NEVER.seconds))
    finally:
        os.close(reading)
    _, status = os.waitpid(child, 0)
    if not told and os.WTERMSIG(status) != signal.SIGKILL:
        raise AssertionError(f"the child failed by itself: {status}")
    statements, files = map(int, told.split() or (0, 0))
    return Killed(acknowledged, statements, files, time.monotonic() - begun)


def _listen(reading: int, child: int, until: float) -> tuple[int, str]:
    """Count acknowledgements until the child ends, or `until`: then it is killed, and what it had said still counts."""
    said = b""
    while True:
        ready, _, _ = select.select([reading], [], [], max(0.0, until - time.monotonic()))
        if not ready:
            os.kill(child, signal.SIGKILL)
            until += NEVER.seconds
            continue
        if not (piece := os.read(reading, 4096)):
            break
        said += piece
    dots, _, counted = said.partition(b"\n")
    return len(dots), counted.decode()


def _be_the_child(work: Callable[[Callable[[], None]], None], kill: Kill, writing: int) -> NoReturn:
    counts = _count_and_kill(kill)
    code = 1
    try:
        work(lambda: os.write(writing, b".") and None)
        os.write(writing, f"\n{counts['statement']} {counts['file']}".encode())
        code = 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(code)


def _count_and_kill(kill: Kill) -> dict[str, int]:
    """Count the SQL statements and the touched files of this process from now on, and die where `kill` says."""
    import sqlcipher3.dbapi2 as driver

    counts = {"statement": 0, "file": 0}
    fatal = {"statement": kill.statement, "file": kill.file}

    def one_more(what: str) -> None:
        counts[what] += 1
        if counts[what] == fatal[what]:
            os.kill(os.getpid(), signal.SIGKILL)

    connect = driver.connect

    def traced(*arguments: Any, **keywords: Any) -> Any:
        connection = connect(*arguments, **keywords)
        connection.set_trace_callback(lambda _: one_more("statement"))
        return connection

    driver.connect = traced
    sys.addaudithook(lambda event, _: one_more("file") if event in OPENED else None)
    return counts


def one_kill(ground: Ground, where: Path, acts: Sequence[Act], kill: Kill) -> Killed:
    """Do the acts on a copy of the ground, kill, and check what is there. Raises `Lost`."""
    root = ground.copy(where)
    try:
        killed = run_and_kill(lambda acknowledge: live(root, acts, acknowledge), kill)
        check(root, ground.seen, acts, killed.acknowledged)
    finally:
        shutil.rmtree(root, ignore_errors=True)
    return killed


def killed_day(task: tuple[Ground, Path, int]) -> Killed:
    """A day of chance, killed at a moment of chance: by the clock, at a statement, or at a file."""
    ground, scratch, seed = task
    chance = random.Random(seed)
    moment = chance.choice(
        [
            Kill(seconds=chance.uniform(0.002, 0.06)),
            Kill(statement=chance.randint(1, 500)),
            Kill(file=chance.randint(1, 40)),
        ]
    )
    return one_kill(ground, scratch / str(seed), day(seed, HOLDS, length=40), moment)


def killed_act(task: tuple[Ground, Path, tuple[Act, ...], Kill]) -> Killed:
    ground, scratch, acts, kill = task
    return one_kill(ground, scratch / f"{kill.statement}-{kill.file}", acts, kill)
