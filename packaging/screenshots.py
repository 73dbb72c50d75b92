"""Pictures of every screen for the guide and for eyes that check them: in Catalan, light and dark, at 100 % and 200 %.

    make screenshots

All of them go to build/screenshots; those that the guide and the README show (light, 100 %) are written, small, to
docs/pictures. The words are invented (resources/demo); two laptops and an office play them.
"""

from __future__ import annotations

import io
import json
import shutil
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from pessdesk.bootstrap import Program
from pessdesk.cli.main import main as command
from pessdesk.desktop.pictures import Look, Scene, application, newest, settle, show_workshop, take
from pessdesk.desktop.window import Window

ROOT = Path(__file__).resolve().parents[1]
PLAYED = Path(tempfile.gettempdir()) / "PessDesk"
"""Where the invented laptops stand: screens show this folder, so it tells nothing of the machine."""
BUILD = ROOT / "build" / "screenshots"
SHOWN = ROOT / "docs" / "pictures"
LOOKS = (Look(), Look("dark"), Look("light", 2.0), Look("dark", 2.0))


class Stage:
    """The folders of an invented office and two laptops."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.workshop = ""

    def run(self, who: str, *words: object) -> list[Any]:
        """One command of one of them; gives its JSON lines."""
        out, err = io.StringIO(), io.StringIO()
        arguments = ["--json", "--lang", "ca", "--data-dir", str(self.folder / who), *map(str, words)]
        if command(arguments, Program(), out, err) not in (0, 3, 4):
            raise SystemExit(f"{words}: {err.getvalue()}")
        return [json.loads(line) for line in out.getvalue().splitlines()]

    def play(self) -> None:
        """A programme, a workshop of today on one laptop, a bundle that the other changed: all screens have something."""
        demo = ROOT / "resources" / "demo"
        for who, name in (
            ("office", "Oficina"),
            ("seu", "La Seu, taula 1"),
            ("two", "La Seu, taula 2"),
            ("far", "Solsona"),
        ):
            self.run(who, "device", "card", "--label", name, "--to", self.folder / f"{who}.pem")
        self.run("office", "programme", "build", demo / "programme", "--to", self.folder / "programa.asice")
        for who in ("seu", "two", "far"):
            self.run(who, "programme", "import", self.folder / "programa.asice")
        place = (
            "--municipality",
            "la Seu d'Urgell",
            "--venue",
            "Sala de plens",
            "--method",
            "world_cafe",
            "--groups",
            5,
        )
        made = self.run(
            "seu", "workshop", "new", "--title", "Taller territorial de l'Alt Urgell", "--date", date.today(), *place
        )
        self.workshop = made[0]["code"]
        codes = [one["code"] for one in self.run("seu", "record", "--workshop", self.workshop, demo / "rehearsal.csv")]
        self.people()
        self.run("seu", "trust", "add", self.folder / "two.pem")
        self.run("two", "trust", "add", self.folder / "seu.pem")
        for name in ("lliurats", "rebuts"):
            (self.folder / name).mkdir()
        self.run("seu", "export", "--workshop", self.workshop, "--to", self.folder / "lliurats")
        self.run("two", "import", self.folder / "lliurats")
        self.run(
            "two",
            "edit",
            codes[0],
            "--text",
            "Que els pobles petits comparteixin una tècnica de serveis socials i un telèfon de guàrdia comú.",
        )
        self.run(
            "seu",
            "edit",
            codes[0],
            "--text",
            "Que els ajuntaments petits i les EMD comparteixin una tècnica de serveis socials i un servei de guàrdia comú.",
        )
        self.run(
            "two",
            "record",
            "--workshop",
            self.workshop,
            self.sheet(
                "dues.csv", ["Que el bus passi també els dissabtes.", "Un hort compartit al costat del centre de dia."]
            ),
        )
        self.run("two", "export", "--workshop", self.workshop, "--to", self.folder / "rebuts")
        self.run(
            "far",
            "record",
            "--workshop",
            self.run("far", "workshop", "list")[0][1]["code"],
            self.sheet("sol.csv", ["Un punt d'atenció al mercat."]),
        )
        self.run(
            "far",
            "export",
            "--workshop",
            self.run("far", "workshop", "list")[0][1]["code"],
            "--to",
            self.folder / "rebuts",
        )
        (self.folder / "rebuts" / "foto.asice").write_bytes(b"no es cap paquet")
        shutil.copy(next((self.folder / "lliurats").glob("*.asice")), self.folder / "rebuts" / "el-mateix.asice")
        shutil.copytree(self.folder / "seu", self.folder / "clash")
        self.run("clash", "import", *sorted((self.folder / "rebuts").glob(f"{self.workshop}*.asice")))

    def people(self) -> None:
        """Three invented people who agreed to something."""
        about = ("--responsible", "Consell Comarcal de l'Alt Urgell", "--contact", "taller@exemple.cat")
        self.run("seu", "people", "about", *about, "--officer", "dpd@exemple.cat")
        for name, entity, *agrees in (
            ("Montserrat Ferrer i Güell", "Ajuntament de la Seu d'Urgell", "attendance", "answers"),
            ("Iu Soler", "Càritas", "attendance"),
            ("Núria Puig-Antich", "Associació de veïns", "attendance", "answers", "image"),
        ):
            person = ("--workshop", self.workshop, "--name", name, "--entity", entity)
            self.run("seu", "people", "add", *person, "--agrees", *agrees)

    def sheet(self, name: str, said: list[str]) -> Path:
        path = self.folder / name
        path.write_text("text\n" + "".join(f'"{words}"\n' for words in said), encoding="utf-8")
        return path

    def wrong_sheet(self) -> Path:
        path = self.folder / "aportacions.csv"
        path.write_text(
            "text,group,line,kind,votes\n"
            "Que hi hagi un banc a cada parada del bus.,1,3,proposta,2\n"
            "Formació per a cuidadores a casa.,2,9.9,proposta,1\n"
            ",3,1.1,necessitat,\n"
            "Un teixit d'entitats molt viu.,3,3,fortalesa,molts\n"
            "Que el casal obri a l'estiu.,4,3,proposta,3\n",
            encoding="utf-8",
        )
        return path


def _typing(window: Window) -> None:
    show_workshop(window)
    settle(window)
    screen: Any = window.screen_now
    screen.line.text.clear()
    screen.line.text.insertPlainText("@3 #1.1 !nec ")
    screen.line.text.insertPlainText("Que algú acompanyi la gent gran a fer els tràmits que ara són només per internet")


def _lines(window: Window) -> None:
    show_workshop(window)
    settle(window)
    window.screen_now.line.line.click()  # type: ignore[union-attr]


def _people(window: Window) -> None:
    window.go("people", workshop=newest(window))
    settle(window)
    window.screen_now.table.choose(1)  # type: ignore[union-attr]


def _backups(window: Window) -> None:
    """One backup, and a second place."""
    window.program.back_up(window.session.folder)
    window.go("backups")


def _hurt(folder: Path) -> None:
    """A disk that gave back something else than was written."""
    (folder / "store.db").write_bytes(bytes(4096) + (folder / "store.db").read_bytes()[4096:])


def _protect(folder: Path) -> None:
    Program().protect(folder, "passphrase", "quatre paraules ben triades")


def main() -> None:
    shutil.rmtree(BUILD, ignore_errors=True)
    stage = Stage(PLAYED)
    shutil.rmtree(stage.folder, ignore_errors=True)
    stage.folder.mkdir(parents=True)
    BUILD.mkdir(parents=True)
    stage.play()
    application()
    received = sorted((stage.folder / "rebuts").iterdir())
    sheet = stage.wrong_sheet()
    seu = [
        Scene("today", lambda window: window.go("today")),
        Scene("workshops", lambda window: window.go("workshops")),
        Scene("new", lambda window: window.go("new")),
        Scene("workshop", _typing),
        Scene("lines", _lines),
        Scene("palette", lambda window: window._palette()),
        Scene("facts", lambda window: window.go("facts", workshop=newest(window))),
        Scene("people", _people),
        Scene("sheet", lambda window: window.go("sheet", workshop=newest(window), file=sheet)),
        Scene("handover", lambda window: window.go("handover")),
        Scene("receive", lambda window: window.go("receive", files=received)),
        Scene("laptops", lambda window: window.go("laptops")),
        Scene("settings", lambda window: window.go("settings")),
        Scene("protection", lambda window: window.go("protection")),
        Scene("backups", _backups),
        Scene("help", lambda window: window.go("help", about="workshop")),
    ]
    program = Program()
    taken = take(program, stage.folder / "seu", BUILD, seu, LOOKS, "ca")
    taken += take(program, stage.folder / "clash", BUILD, [Scene("clashes", lambda w: w.go("clashes"))], LOOKS, "ca")
    taken += take(program, stage.folder / "new", BUILD, [Scene("first", lambda _: None)], LOOKS, "ca")
    shutil.copytree(stage.folder / "seu", stage.folder / "hurt")
    _hurt(stage.folder / "hurt")
    taken += take(program, stage.folder / "hurt", BUILD, [Scene("rescue", lambda _: None)], LOOKS, "ca")
    _protect(stage.folder / "seu")
    taken += take(program, stage.folder / "seu", BUILD, [Scene("unlock", lambda _: None)], LOOKS, "ca")
    taken += take(program, stage.folder / "new", BUILD, [Scene("rehearsal", lambda w: w.rehearse())], LOOKS, "ca")
    shutil.rmtree(stage.folder)
    for path in taken:
        if "-" not in path.stem or path.stem == "workshop-dark":
            _small(path, SHOWN / path.name)
    print(f"{len(taken)} pictures in {BUILD.relative_to(ROOT)}, those of the guide in {SHOWN.relative_to(ROOT)}")


def _small(source: Path, target: Path) -> None:
    """The picture with a palette of its own: a third of the size, and nobody sees the difference."""
    from PIL import Image

    target.parent.mkdir(exist_ok=True)
    with Image.open(source) as image:
        image.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(target, optimize=True)


if __name__ == "__main__":
    main()
