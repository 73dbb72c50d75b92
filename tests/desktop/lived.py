"""A laptop in the middle of its day: everything that screens can show is there, with the words of hostile people in it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtGui import QColor, QImage

from pessdesk.application import capture
from pessdesk.application.capture_line import Said, draft_key
from pessdesk.application.people import Given, add_person
from pessdesk.application.programme import PlannedWorkshop, new_workshop
from pessdesk.bootstrap import Program
from pessdesk.domain.errors import StoreUnusable
from pessdesk.domain.kinds import CONTRIBUTION_KINDS
from tests.application.conftest import Room, elsewhere
from tests.cli.conftest import Laptop

HOSTILE = "Salut & drets <b>ara</b>: «l·l» أهلا"
SAID = (
    "Transport a demanda per anar al CAP, també els dissabtes i els dies de mercat, des de tots els nuclis de la vall",
    "Que el col·legi obri a l'estiu", "<b>Falta</b> un sol telèfon & prou", "مرحبا بكم في ورشة العمل", "l·l ŀl 👩‍👩‍👧",
    "Paraulallarguíssima" * 12, "Una línia\nuna altra\n\ni una més", "Més places", "Gràcies", "Res més",
)  # fmt: skip


@dataclass(frozen=True)
class Lived:
    """A data folder; today's workshop, one without anything, one contribution with everything."""

    folder: Path
    workshop: str
    empty: str
    contribution: str
    sheet: Path
    bundle: Path
    card: Path

    def ways(self) -> dict[str, dict[str, Any]]:
        """Every screen by name, and what it is to be entered with."""
        return {
            "today": {}, "workshops": {}, "new": {},
            "workshop": {"workshop": self.workshop, "contribution": self.contribution},
            "facts": {"workshop": self.workshop}, "people": {"workshop": self.workshop}, "sheet": {"workshop": self.workshop, "file": self.sheet},
            "handover": {"workshop": self.workshop}, "receive": {"files": [self.bundle]}, "clashes": {},
            "laptops": {"files": [self.card]}, "settings": {}, "acts": {}, "help": {"about": "workshop"}, "first": {},
            "protection": {}, "backups": {}, "unlock": {"way": "passphrase"},
            "rescue": {"problem": StoreUnusable("store-damaged", path=str(self.folder), what="?")},
            "place": {"warning": StoreUnusable("store-damaged", path=str(self.folder), what="?")},
        }  # fmt: skip


def live(template: Path, base: Path) -> Lived:
    """Make it from the template of a laptop that is ready for its workshop."""
    folder = base / "lived"
    shutil.copytree(template / "laptop", folder)
    other = Laptop(base / "other")
    other.ok("device", "card", "--label", HOSTILE, "--to", base / "other.pem")
    other.ok("programme", "import", template / "programme.asice")
    other.record(base / "other.csv", "Hola de lluny")
    foreign = Path(other.export(base / "foreign")["files"][0])
    Laptop(folder)("import", foreign)  # waits: nobody knows its signer
    with Program().desk(folder, write=True) as desk:
        with desk.store.read() as unit:
            workshop = next(row["record"] for row in unit.workshops() if row["title"] == "Taller obert")
            nodes = next(document for document in unit.base_documents())["nodes"]
            tables = [row["record"] for row in unit.groups(workshop)]
        lines = [node["id"] for node in nodes if node["kind"] != "plan"]
        room = Room(desk, workshop)
        records = []
        for number, (text, kind) in enumerate(zip(SAID, CONTRIBUTION_KINDS, strict=True)):
            said = Said(text, kind, tables[number % 5], lines=tuple(lines[number : number + number % 3]), document="v",
                        votes=number, language="ca")  # fmt: skip
            records.append(capture.record_contribution(desk, workshop, said).record)
        full = records[2]
        capture.name_entity(desk, full, workshop, HOSTILE)
        capture.put_at_table(desk, full, workshop, "Gent & <i>gran</i>")
        capture.change_fields(desk, full, workshop, {"title": HOSTILE})
        photo = base / "Mural & <b>.png"
        _picture(photo)
        capture.attach(desk, full, workshop, photo)
        capture.change_fields(desk, records[7], workshop, {"withdrawn": True})
        capture.count_new_entity(desk, workshop, "Associació Sant Tomàs & Cia <u>", 4)
        capture.count(desk, workshop, workshop, "present", 3)
        before = room.view(full)
        capture.change_fields(desk, full, workshop, {"text": f"{SAID[2]} (aquí)", "kind": "need"})
        elsewhere(desk, full, before.content | {"text": f"{SAID[2]} (allà)", "kind": "question"}, before.heads)
        given = Given(("attendance", "image"), "screen", "2026-03-12", "participants", "1", "ca")
        for name in (HOSTILE, "Montserrat Ferrer i Güell", "Nomllarguíssim" * 10):
            add_person(desk, workshop, name, "a&b@exemple.cat", HOSTILE, given)
        capture.change_fields(desk, workshop, workshop, {"title": HOSTILE, "venue": "Sala & <b>gran</b>"})
        plan = PlannedWorkshop("Taller buit", (date.today() + timedelta(days=3)).isoformat(), "04")
        empty = str(new_workshop(desk, plan)["record"])
        new_workshop(
            desk, PlannedWorkshop("Taller passat", (date.today() - timedelta(days=3)).isoformat(), "25", groups=2)
        )
    code = next(row["code"] for row in Laptop(folder).ok("workshop", "list")[0] if row["id"] == workshop)
    (base / "out").mkdir()
    Laptop(folder).ok("export", "--workshop", code, "--to", base / "out")
    with Program().desk(folder, write=True) as desk:
        capture.record_contribution(desk, workshop, Said("Després de lliurar"))
        with desk.store.write() as unit:
            unit.set_setting(draft_key(workshop), "Això s'estava escr")
            unit.set_setting(draft_key(empty), "I això també")
    sheet = base / "full & <b>.csv"
    sheet.write_text('text,group,votes\n"Del full",1,2\n"",2,x\n', encoding="utf-8")
    return Lived(folder, workshop, empty, full, sheet, foreign, base / "other.pem")


def _picture(path: Path) -> None:
    image = QImage(60, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("#1f5aa6"))
    assert image.save(str(path))
