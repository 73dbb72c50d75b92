"""The laptop on which it happens: a store with a workshop, a stick, and another laptop's bundle that may be taken in."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from pessdesk.application.capture import attach, record_contribution
from pessdesk.application.capture_line import Said
from pessdesk.application.export_bundle import export_workshop
from pessdesk.application.programme import PlannedWorkshop, new_workshop
from pessdesk.bootstrap import Program
from tests.faults.acts import (
    ARRIVED,
    OTHER_TITLE,
    STICK,
    STORE,
    STRANGE,
    STRANGE_CARD,
    STRANGE_TITLE,
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
    """A laptop with a workshop and no contribution; it knows one other laptop, and has a bundle of a stranger's too."""
    program = Program()
    (folder / STICK).mkdir(parents=True)
    other = _elsewhere(folder / ARRIVED, OTHER_TITLE)
    program.save_card(_elsewhere(folder / STRANGE, STRANGE_TITLE), folder / STRANGE_CARD)
    live(folder, [Start(), Begin()])
    program.add_card(folder / STORE / "trust", program.own_card(other))
    return Ground(folder, Seen((TITLE,)))


def _elsewhere(bundle: Path, title: str) -> Path:
    """A bundle of another laptop; gives the folder of that laptop's store."""
    program = Program()
    home = bundle.parent.with_name(f"{bundle.parent.name}-{bundle.stem}")
    home.mkdir()
    with program.desk(home / STORE, write=True, create=True, label=title) as desk:
        workshop = str(new_workshop(desk, PlannedWorkshop(title, "2026-03-13", "04", groups=2))["record"])
        for number in range(HOLDS):
            done = record_contribution(desk, workshop, Said(f"Dit a l'altre portàtil, {number}", votes=number % 3))
        attach(desk, done.record, workshop, program.resources() / "icons" / "key-round.svg")
        (made,) = export_workshop(desk, workshop, home).files
    made.rename(bundle)
    return home / STORE


def warm_up() -> None:
    """Do something of everything once, so that all that it needs is imported."""
    with tempfile.TemporaryDirectory() as folder:
        ground = make_ground(Path(folder).resolve() / "ground")
        acts: list[Act] = [Start(), Enter("A"), Photo("A", 1), Export(), Receive(HOLDS)]
        live(ground.folder, acts)
        check(ground.folder, ground.seen, acts, len(acts))
    import_module("alembic.command")
