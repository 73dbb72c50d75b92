"""Fault 12: a hundred workshops, five thousand contributions in one: what a person types is kept at the same cost as on the first day.

Counted, not timed: the statements of one autosave or Enter, and the bytes that it adds to the log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event

from pessdesk.application.programme import PlannedWorkshop, begin_workshop
from pessdesk.storage.driver import DATABASE
from pessdesk.storage.store import Store
from tests.faults.acts import STORE, Act, Draft, Enter, Laptop, Rest, Sheet
from tests.faults.ground import Ground

FRAME = 4096 + 24
WORKSHOPS, CONTRIBUTIONS = 100, 5_000
ACTS: tuple[Act, ...] = (
    Draft("Que el"),
    Draft("Que el col·legi obri a l'estiu"),
    Enter("Transport", 2),
    Draft("x"),
    Enter("y"),
)


@contextmanager
def opened(root: Path) -> Iterator[Laptop]:
    laptop = Laptop(root)
    laptop.open()
    yield laptop
    laptop.leave()


def costs(laptop: Laptop) -> list[tuple[int, int]]:
    """(statements, bytes of the log) of each act, once each has been done before."""
    assert isinstance(laptop.desk.store, Store)
    statements = 0

    def one_more(*_: Any) -> None:
        nonlocal statements
        statements += 1

    event.listen(laptop.desk.store._engine, "before_cursor_execute", one_more)
    log = laptop.root / STORE / f"{DATABASE}-wal"
    found = []
    for act in (*ACTS, Rest(), Draft("the log begins anew"), *ACTS):
        before, size = statements, log.stat().st_size if log.exists() else 0
        act.do(laptop)
        found.append((statements - before, log.stat().st_size - size))
    return found[-len(ACTS) :]


def test_what_is_typed_costs_the_same_in_a_large_store(
    ground: Ground, tmp_path: Path, ledger: Callable[..., None]
) -> None:
    with opened(ground.copy(tmp_path / "small")) as laptop:
        small = costs(laptop)
    with opened(ground.copy(tmp_path / "large")) as laptop:
        for number in range(WORKSHOPS - 1):
            begin_workshop(laptop.desk, PlannedWorkshop(f"Taller {number}", "2026-03-12", "04", groups=3))
        Sheet(tuple(f"Transport a demanda, proposta {number}" for number in range(CONTRIBUTIONS))).do(laptop)
        Rest().do(laptop)
        large = costs(laptop)
    for act, (asked, added), (asked_then, added_then) in zip(ACTS, large, small, strict=True):
        assert asked == asked_then, act
        # a deeper tree has a page more on the way to each leaf: an autosave writes two trees at most, Enter one for each index
        assert added <= added_then + (2 if isinstance(act, Draft) else 12) * FRAME, (
            act,
            added // FRAME,
            added_then // FRAME,
        )
    ledger(
        12, f"autosave and Enter with {CONTRIBUTIONS} contributions and {WORKSHOPS} workshops: the same statements, at most"
        f" {max(a - b for (_, a), (_, b) in zip(large, small, strict=True)) // FRAME} more pages than in an empty store",
        repetitions=len(ACTS),
    )  # fmt: skip
