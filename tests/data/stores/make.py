"""Makes the store of this version that later versions are held against: `python -m tests.data.stores.make`, before a release.

It stands in a folder of the version's name, with `shown.json`, which is what the screens show of it. Once released it is kept as
it is: a store that was made by another program than the one of that time proves nothing.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path

from pessdesk.application.capture import change_fields
from pessdesk.application.capture_line import draft_key
from pessdesk.bootstrap import Program
from pessdesk.storage import schema
from tests.cli.conftest import PROGRAMME, Laptop
from tests.faults.shown import shown

KEPT = ("store.db", "device.pem", "attachments", "received", "quarantine", "trust")
FIRST = ("Transport a demanda per anar al CAP", "Que el col·legi obri a l'estiu", "Falta un sol telèfon", "Més places")

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
"""A picture of one pixel."""


def make(folder: Path) -> Path:
    """Two laptops and an office work in `folder`; gives the data folder of the first."""
    office, one, two = (Laptop(folder / name) for name in ("office", "a", "b"))
    cards = folder / "cards"
    cards.mkdir()
    for laptop, name in ((office, "Oficina"), (one, "Portàtil A"), (two, "Portàtil B")):
        laptop.ok("device", "card", "--label", name, "--to", cards / f"{name}.pem")
    office.ok("programme", "build", PROGRAMME, "--to", folder / "programme.asice")
    for laptop in (one, two):
        laptop.ok("trust", "add", *sorted(cards.iterdir()))
        laptop.ok("programme", "import", folder / "programme.asice")
    first, second, *_ = one.record(folder / "a.csv", *FIRST)
    two.record(folder / "b.csv", *(f"Dit a l'altre portàtil ({number})" for number in range(6)))
    photo = folder / "foto.png"
    photo.write_bytes(PNG)
    one.ok("attach", first, photo)
    one.ok("edit", second, "--text", "Que el col·legi obri tot l'any")
    one.ok("withdraw", one.record(folder / "c.csv", "Això no ho volia dir ningú")[0])
    workshop = one.codes()[0]
    one.ok(
        "people",
        "add",
        "--workshop",
        workshop,
        "--name",
        "Persona Inventada",
        "--agrees",
        "sessions",
        "image",
        "--date",
        "2026-03-12",
    )
    clash(folder, one, two, first)
    broken = folder / "broken.asice"
    broken.write_bytes((folder / "programme.asice").read_bytes()[:-1000])
    one("import", broken)
    with Program().desk(one.folder, write=True) as desk:
        with desk.store.read() as unit:
            record = unit.workshops_by_code(workshop)[0]["record"]
            said = unit.contributions_by_code(second)[0]["record"]
        change_fields(desk, said, record, {"title": "Un títol que es pot desfer"})
        with desk.store.write() as unit:
            unit.set_setting(draft_key(record), "Encara no ho he acabat de dir")
    return one.folder


def clash(folder: Path, one: Laptop, two: Laptop, code: str) -> None:
    """Both change the same field without having seen each other's change."""
    two.ok("import", one.export(folder / "to-b")["files"][0])
    two.ok("edit", code, "--text", "Transport a demanda, diu el portàtil B")
    one.ok("edit", code, "--text", "Transport a demanda, diu el portàtil A")
    one.ok("import", two.export(folder / "to-a")["files"][0])


def main() -> int:
    target = Path(__file__).parent / schema.HEAD
    if target.exists():
        print(f"{target.name} is there already", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        made = make(Path(folder))
        target.mkdir()
        for name in KEPT:
            source = made / name
            shutil.copytree(source, target / name) if source.is_dir() else shutil.copy(source, target / name)
        answers = json.dumps(shown(made), ensure_ascii=False, indent=1, sort_keys=True)
        (target / "shown.json").write_text(answers + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
