"""Fault 3: the power is cut, and of what was not synced anything may be on the disk. And that the layer bites."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.faults.acts import STORE, Seen, look
from tests.faults.conftest import SEED, TORTURE
from tests.faults.crowd import Crowd
from tests.faults.ground import Ground
from tests.faults.powercut import Recorded, calls_of, outcome
from tests.faults.scenes import SCENES
from tests.faults.shim import run_under

STATES = max(40, TORTURE // 16)
"""Disks looked at for each scene."""
OLDEST = Path(__file__).parents[1] / "data" / "stores" / "0001"
Record = Callable[..., Recorded]


@pytest.fixture
def record(layer: Path, ground: Ground, scratch: Path) -> Record:
    """Plays a scene on the layer, once."""

    def play(name: str, on: Ground = ground, weakness: str = "") -> Recorded:
        root = on.copy(scratch / f"scene-{name}{weakness}")
        journal = root.with_suffix(".journal")
        run_under(layer, root, journal, "tests.faults.scenes", name, str(root), weakness)
        shutil.rmtree(root)
        return Recorded(on, tuple(SCENES[name]), root, journal)

    return play


def cuts(scene: Recorded, crowd: Crowd, scratch: Path, count: int, name: str) -> tuple[int, list[str]]:
    """Cut the power `count` times, at moments spread over the scene; gives the sum of acknowledged acts, and the losses."""
    chance = random.Random(f"{SEED}/{name}")
    calls = len(calls_of(scene.journal))
    tasks = [(scene, scratch / name, chance.randint(1, calls), SEED * 1_000_000 + number) for number in range(count)]
    found = list(crowd.map(outcome, tasks, f"power cuts, {name}"))
    return sum(acknowledged for acknowledged, _ in found), [lost for _, lost in found if lost]


@pytest.mark.parametrize("name", SCENES)
def test_what_was_acknowledged_survives_a_power_cut(
    name: str, record: Record, crowd: Crowd, scratch: Path, ledger: Callable[..., None]
) -> None:
    on = record
    if name == "birth":
        (scratch / "nothing").mkdir(exist_ok=True)
        on = partial(record, on=Ground(scratch / "nothing", Seen()))
    if name == "migration":
        shutil.copytree(OLDEST, scratch / "old" / STORE)
        shutil.copytree(scratch / "old", scratch / "old, opened")
        on = partial(record, on=Ground(scratch / "old", look(scratch / "old, opened")))
    count = STATES * (3 if name == "day" else 1)
    acknowledged, lost = cuts(on(name), crowd, scratch, count, name)
    ledger(3, f"power cut during: {name}", repetitions=count, acknowledged=acknowledged, lost=len(lost))
    assert not lost, f"{len(lost)} of {count}: {lost[:3]}"


@pytest.mark.parametrize(
    ("weakness", "name", "what"),
    [
        ("synchronous=OFF", "enter", "the store's database does not wait for the disk (PRAGMA synchronous=OFF)"),
        ("synchronous=OFF", "rest", "the same while the log goes into the database"),
        ("no-fsync", "export", "bundles and attachments get their names without waiting for the disk"),
    ],
)
def test_the_layer_bites(
    weakness: str, name: str, what: str, record: Record, crowd: Crowd, scratch: Path, ledger: Callable[..., None]
) -> None:
    count = STATES
    _, lost = cuts(record(name, weakness=weakness), crowd, scratch, count, f"{name}, {weakness}")
    assert len(lost) > count / 20, "the layer lets a careless program pass"
    ledger(3, what, repetitions=count, caught=len(lost))
