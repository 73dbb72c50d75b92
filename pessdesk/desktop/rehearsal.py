"""Making the rehearsal ready: the example programme, a workshop of today, a few invented contributions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from pessdesk.application.ports import Desk
from pessdesk.application.programme import PlannedWorkshop
from pessdesk.application.record_contributions import COLUMNS
from pessdesk.application.rehearsal import prepare_rehearsal
from pessdesk.desktop.session import EVERYTHING, Session
from pessdesk.desktop.words import t
from pessdesk.desktop.work import Trouble

PLACE = ("252038", "04")
"""La Seu d'Urgell, Alt Urgell."""


def prepare(session: Session, then: Callable[[str], object], trouble: Trouble) -> None:
    """Have it made on the writing lane; `then` gets the workshop's record."""
    program = session.program
    workshop = PlannedWorkshop(
        title=t("Rehearsal workshop"),
        date=date.today().isoformat(),
        comarca=PLACE[1],
        municipality=PLACE[0],
        method="world_cafe",
        groups=5,
    )

    def make(desk: Desk) -> str:
        folder = program.resources() / "demo"
        said = program.read_sheet(folder / "rehearsal.csv", COLUMNS, ("text",)).rows
        return prepare_rehearsal(desk, program.read_programme(folder / "programme"), workshop, said, program.words())

    session.decide(make, EVERYTHING, then, trouble=trouble)


def put_aside(folder: Path) -> None:
    """Let a rehearsal's folder be another one's, by a name that is free. Raises `OSError`."""
    number = 1
    while (aside := folder.with_name(f"{folder.name}-{number}")).exists():
        number += 1
    folder.rename(aside)
