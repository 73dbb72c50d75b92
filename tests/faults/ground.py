"""The laptop on which it happens: a store with a workshop, a stick, and another laptop's bundle that may be taken in."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from pessdesk.application.capture import record_contribution
from pessdesk.application.capture_line import Said
from pessdesk.application.export_bundle import export_workshop
from pessdesk.application.programme import PlannedWorkshop, new_workshop
from pessdesk.bootstrap import Program
from tests.faults.acts import (
    ARRIVED,
    OTHER_TITLE,
    STICK,
    STORE,
    TITLE,
    Act,
    Begin,
    Enter,
    Export,
    Photo,
    Receive,
    Seen,
    Start,
    check,
    live,
)

HOLDS = 12


@dataclass(frozen=True, slots=True)
class Ground:
    """Copied for each fault: `folder` is never written, and shows `seen`."""

    folder: Path
    seen: Seen

    def copy(self, to: Path) -> Path:
        shutil.copytree(self.folder, to, dirs_exist_ok=True)
        return to


def make_ground(folder: Path) -> Ground:
    """A laptop with a workshop and no contribution, that knows another laptop."""
    program = Program()
    other = folder.with_name(f"{folder.name}-other")
    (folder / STICK).mkdir(parents=True)
    other.mkdir()
    plan = PlannedWorkshop(OTHER_TITLE, "2026-03-13", "04", groups=2)
    with program.desk(other / STORE, write=True, create=True, label="Portàtil 2") as desk:
        workshop = str(new_workshop(desk, plan)["record"])
        for number in range(HOLDS):
            record_contribution(desk, workshop, Said(f"Dit a l'altre portàtil, {number}", votes=number % 3))
        (bundle,) = export_workshop(desk, workshop, other).files
    bundle.rename(folder / ARRIVED)
    live(folder, [Start(), Begin()])
    program.add_card(folder / STORE / "trust", program.own_card(other / STORE))
    return Ground(folder, Seen((TITLE,)))


def warm_up() -> None:
    """Do something of everything once, so that all that it needs is imported."""
    with tempfile.TemporaryDirectory() as folder:
        ground = make_ground(Path(folder).resolve() / "ground")
        acts: list[Act] = [Start(), Enter("A"), Photo("A", 1), Export(), Receive(HOLDS)]
        live(ground.folder, acts)
        check(ground.folder, ground.seen, acts, len(acts))
    import_module("alembic.command")
