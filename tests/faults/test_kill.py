"""Faults 1 and 2: SIGKILL, at every statement, at every file that is touched, and at moments of chance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.faults.acts import (
    Act,
    BackUp,
    Draft,
    Edit,
    Enter,
    Export,
    Leave,
    Photo,
    Receive,
    Rest,
    Restore,
    SetAside,
    Start,
    Welcome,
)
from tests.faults.conftest import SEED, STRIDE, USUAL, often
from tests.faults.crowd import Crowd
from tests.faults.ground import HOLDS, Ground
from tests.faults.kills import NEVER, Kill, Killed, killed_act, killed_day, one_kill

LONG = "Que el col·legi obri a l'estiu. " * 40
AUTOSAVE: Sequence[Act] = (Start(), Draft("Que el"), Draft("Que el col·legi"), Draft(LONG))
STORIES: dict[str, Sequence[Act]] = {
    "Enter": (Start(), Draft("Transport"), Enter("Transport a demanda", 3, "7"), Edit("Transport a demanda", LONG)),
    "closing the window": (Start(), Enter("A"), Draft("b"), Leave(), Rest(), Enter("B"), Leave()),
    "handing over": (Start(), Enter("A"), Photo("A", 1), Export(), Enter("B"), Export()),
    "receiving": (Start(), Enter("A"), Receive(HOLDS), Enter("B"), Receive(HOLDS)),
    "backing up and restoring": (Start(), Enter("A"), BackUp(), Enter("B"), Restore()),
    "a bundle set aside and welcomed": (Start(), SetAside(), Welcome(HOLDS)),
}


def kills(ground: Ground, scratch: Path, crowd: Crowd, name: str, acts: Sequence[Act], stride: int = 1) -> list[Killed]:
    """Kill the acts before each of their statements and before each file that they touch, or each so many."""
    whole = one_kill(ground, scratch / f"whole-{name}", acts, NEVER)
    assert whole.ended
    moments = [Kill(statement=number) for number in range(1, whole.statements + 1, stride)]
    moments += [Kill(file=number) for number in range(1, whole.files + 1, stride)]
    tasks = [(ground, scratch / "every", tuple(acts), moment) for moment in moments]
    return list(crowd.map(killed_act, tasks, name))


def test_a_draft_survives_a_kill_at_every_statement(
    ground: Ground, scratch: Path, crowd: Crowd, ledger: Callable[..., None]
) -> None:
    killed = kills(ground, scratch, crowd, "autosave", AUTOSAVE)
    # the same acts touch the same files and ask the same questions: not one kill missed
    assert not any(one.ended for one in killed)
    ledger(
        1, "SIGKILL before every statement and every file of opening and autosave",
        repetitions=len(killed), acknowledged=sum(one.acknowledged for one in killed),
    )  # fmt: skip


@pytest.mark.parametrize("name", STORIES)
def test_work_survives_a_kill_at_every_step(
    name: str, ground: Ground, scratch: Path, crowd: Crowd, ledger: Callable[..., None]
) -> None:
    killed = [one for one in kills(ground, scratch, crowd, name, STORIES[name], STRIDE) if not one.ended]
    ledger(
        2, f"SIGKILL before every statement and every file of {name}",
        repetitions=len(killed), acknowledged=sum(one.acknowledged for one in killed),
    )  # fmt: skip


def test_days_survive_kills_at_moments_of_chance(
    ground: Ground, scratch: Path, crowd: Crowd, ledger: Callable[..., None]
) -> None:
    tasks = [(ground, scratch / "days", SEED * 1_000_000 + number) for number in range(often(USUAL))]
    killed = [one for one in crowd.map(killed_day, tasks, "kills of chance") if not one.ended]
    assert len(killed) > len(tasks) * 0.8
    ledger(
        2, "SIGKILL by the clock, at a statement, at a file, in days of forty acts of every kind",
        repetitions=len(killed), acknowledged=sum(one.acknowledged for one in killed),
    )  # fmt: skip
