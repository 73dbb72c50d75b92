"""What safety costs, each figure as a ratio against something named that is measured in turn in the same run.

python -m benchmarks durability            all of them, beside the others of `make bench`
python -m benchmarks.durability commits    a draft kept, a contribution recorded: protected and not ÷ bare sqlite3
python -m benchmarks.durability opening    opening 100 000 contributions, protected ÷ not; search; rebuild
python -m benchmarks.durability backup     Enter while 500 MB are backed up ÷ Enter without
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.window import SAID, _Bare, _cells, _environment, _quantile
from pessdesk.application.capture import record_contribution
from pessdesk.application.capture_line import Said, draft_key
from pessdesk.application.ports import Desk
from pessdesk.application.programme import PlannedWorkshop, new_workshop, state_programme
from pessdesk.application.record_contributions import SheetRow, record_rows
from pessdesk.bootstrap import Program

SECRET = "quatre paraules per provar"
MANY = 100_000
BIG_TEXT = SAID * 150
BIG = 12_500
"""That many contributions of that length make a store of half a gigabyte."""


def filled(folder: Path, count: int, cells: Callable[[int], dict[str, str]]) -> str:
    """A store with one workshop of `count` contributions; gives the workshop's record."""
    program = Program()
    with program.desk(folder, write=True, create=True, label="bench") as desk:
        state_programme(desk, program.read_programme(program.resources() / "demo" / "programme"))
        row = new_workshop(desk, PlannedWorkshop("Taller", "2026-03-12", "04", "252038", groups=5))
        rows = [SheetRow(number, cells(number)) for number in range(count)]
        for _ in record_rows(desk, row["code"], rows, folder=Path(), words={}):
            pass
    return str(row["record"])


def protected(plain: Path, folder: Path) -> Path:
    """A copy of a store, protected by a passphrase."""
    shutil.copytree(plain, folder)
    Program().protect(folder, "passphrase", SECRET, _silent)
    return folder


def _silent(_: int, __: int) -> None:
    """How far it is interests nobody here."""


@contextmanager
def at_work(folder: Path) -> Iterator[Desk]:
    """A desk as the window has it: one connection, checkpoints when nobody waits."""
    program = Program()
    if program.protection(folder).locked:
        program.unlock(folder, SECRET)
    with program.desk(folder, write=True, keep=True) as desk:
        program.checkpoint_when_asked(desk)
        yield desk


def timed(do: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    do()
    return time.perf_counter() - begun


def keep(desk: Desk, workshop: str, text: str) -> None:
    with desk.store.write() as unit:
        unit.set_setting(draft_key(workshop), text)


def commits(folder: Path, count: int = 1500) -> None:
    """A draft kept and a contribution recorded, protected and not, each ÷ a bare commit of the same words, in turn."""
    workshop = filled(folder / "plain", 20_000, _cells)
    protected(folder / "plain", folder / "protected")
    bare = _Bare(folder / "bare.db")
    for name in ("plain", "protected"):
        times: dict[str, list[float]] = {"draft": [], "Enter": [], "bare": []}
        with at_work(folder / name) as desk:
            for number in range(count):
                text = f"{SAID}, {number}"
                times["draft"].append(timed(lambda: keep(desk, workshop, text)))  # noqa: B023
                times["Enter"].append(timed(lambda: record_contribution(desk, workshop, Said(text))))  # noqa: B023
                times["bare"].append(bare.commit(text))
        for what in ("draft", "Enter"):
            for share, limit in ((0.5, "≤ 4"), (0.99, "≤ 8")):
                ours, theirs = _quantile(times[what][50:], share), _quantile(times["bare"][50:], share)
                print(
                    f"{what} → committed, {name}, p{share * 100:.0f}: {ours * 1000:.2f} ms ÷ bare commit"
                    f" {theirs * 1000:.2f} ms = {ours / theirs:.2f} {limit}"
                )


OPENED = f"""
import sys, time
from pathlib import Path
from pessdesk.bootstrap import Program
import cryptography.hazmat.primitives.asymmetric.ec, pessdesk.storage.store, pessdesk.storage.reading
program, folder = Program(), Path(sys.argv[1])
if program.protection(folder).locked:
    program.unlock(folder, {SECRET!r})
begun = time.perf_counter()
reading = program.reading(folder)
workshop = max(reading.workshops(), key=lambda row: row.contributions).record
rows = reading.contributions(workshop, "", 200)
assert len(rows) == 200
shown = time.perf_counter()
with program.desk(folder, write=True, keep=True):
    print(shown - begun, time.perf_counter() - begun)
"""


def opening(folder: Path, rounds: int = 15) -> None:
    """Opening a store of 100 000 contributions (first page read; and ready to write), searching in it, rebuilding."""
    filled(folder / "plain", MANY, _cells)
    protected(folder / "plain", folder / "protected")
    times: dict[str, list[tuple[float, float]]] = {"plain": [], "protected": []}
    for number in range(rounds + 1):
        for name, seen in times.items():
            command = [sys.executable, "-c", OPENED, str(folder / name)]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=_environment())
            shown, ready = map(float, done.stdout.split())
            if number:  # the first round warms the disk's cache
                seen.append((shown, ready))
    for place, what in ((0, "first page read"), (1, "first page read and ready to write")):
        ratios = [a[place] / b[place] for a, b in zip(times["protected"], times["plain"], strict=True)]
        medians = {name: statistics.median(t[place] for t in times[name]) * 1000 for name in times}
        print(
            f"open {MANY} contributions, {what}: protected {medians['protected']:.1f} ms ÷ plain"
            f" {medians['plain']:.1f} ms = {statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f}) ≤ 1.3"
        )
    for name in times:
        search(folder / name, name)
    for name in times:
        with at_work(folder / name) as desk, desk.store.write() as unit:
            took = timed(unit.rebuild)  # type: ignore[attr-defined]
            print(f"rebuild of all projections of {MANY} contributions, {name}: {took:.1f} s")


def search(folder: Path, name: str) -> None:
    program = Program()
    if program.protection(folder).locked:
        program.unlock(folder, SECRET)
    reading = program.reading(folder)
    assert reading is not None
    words = ("tra", "col", "ser", "aju", "dem", "transport", "col·legi 99", "tècnica serveis", "12345", "cap al coll")
    times = [timed(lambda w=w: reading.search(w, 200)) for w in words * 20]  # type: ignore[misc]
    reading.close()
    p95 = _quantile(times, 0.95)
    print(f"search in {MANY}, {name}, p95: {p95 * 1000:.1f} ms ÷ 30 ms = {p95 / 0.030:.2f} ≤ 1")


def backup(folder: Path, seconds: float = 5.0) -> None:
    """Enter (a contribution recorded every 20 ms) while a backup of half a gigabyte is made ÷ Enter without one."""
    workshop = filled(folder / "big", BIG, lambda number: {"text": f"{BIG_TEXT}{number}"[:19_000]})
    size = (folder / "big" / "store.db").stat().st_size / 1e6
    for number in range(3):
        with at_work(folder / "big") as desk:
            end = time.monotonic() + seconds
            alone = _entering(desk, workshop, lambda: time.monotonic() < end)  # noqa: B023
            program, made = Program(), []
            worker = threading.Thread(target=lambda: made.append(program.back_up(folder / "big")))  # noqa: B023
            begun = time.perf_counter()
            worker.start()
            during = _entering(desk, workshop, worker.is_alive)
            took = time.perf_counter() - begun
            worker.join()
            assert made and made[0] is not None
        for share in (0.5, 0.99):
            a, b = _quantile(during, share), _quantile(alone, share)
            print(
                f"round {number + 1}: Enter while {size:.0f} MB are backed up ({took:.1f} s, {len(during)} times),"
                f" p{share * 100:.0f}: {a * 1000:.2f} ms ÷ without {b * 1000:.2f} ms = {a / b:.2f} ≤ 3"
            )


def _entering(desk: Desk, workshop: str, going: Callable[[], bool]) -> list[float]:
    times = []
    while going():
        times.append(timed(lambda: record_contribution(desk, workshop, Said(f"{SAID}, {len(times)}"))))
        time.sleep(0.02)
    return times


FIGURES: dict[str, Callable[[Path], None]] = {"commits": commits, "opening": opening, "backup": backup}


if __name__ == "__main__":
    if len(sys.argv) < 2:
        for name in FIGURES:  # each in a process of its own
            subprocess.run([sys.executable, "-m", "benchmarks.durability", name], check=True, env=_environment())
    for chosen in sys.argv[1:]:
        with tempfile.TemporaryDirectory(prefix="pessdesk-bench-") as temporary:
            FIGURES[chosen](Path(temporary))
