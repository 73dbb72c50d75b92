"""The demonstration: the main job from end to end, on real texts, by the same commands that people use.

An office prepares a programme; three laptops record the proposals and comments of Decide Madrid (2019, Apache-2.0,
`resources/demo`) in three workshops, edit, attach, clash, relay and hand over; every bundle is verified by PessDesk and
by strangers' tools; the office takes all in, twice and in another order, and settles the clash. Tables, lines and
photos are dealt out in turn: Madrid's texts know nothing of this plan.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import shutil
import subprocess
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import Any

from pessdesk.cli.app import App
from pessdesk.cli.output import Output
from pessdesk.domain.errors import InputRefused, PessError, UsageRefused
from pessdesk.wording.catalog import Catalog

LINES = ("4.1", "4.3", "4.5", "1", "2", "3", "5")
COMMENTS = 2_000
"""Comments that are recorded beside the 80 proposals: enough to be real, few enough for a minute."""


def add_commands(commands: Any, common: argparse.ArgumentParser, catalog: Catalog) -> None:
    about = catalog.text("the main job from end to end, on real texts")
    demo = commands.add_parser("demo", parents=[common], help=about, description=about)
    demo.add_argument("--to", type=Path, default=Path("build/demo"), metavar=catalog.text("FOLDER"))
    demo.set_defaults(run=run_demo)


def run_demo(app: App, output: Output, options: argparse.Namespace) -> int:
    """Play the whole job under `--to`, and write `account.json` there."""
    folder: Path = options.to.resolve()
    if folder.exists() and any(folder.iterdir()) and not (folder / "account.json").exists():
        raise InputRefused("folder-not-data", path=str(folder))
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("bundles", "trust", "sheets"):
        (folder / name).mkdir(parents=True)
    # Written first as well: an interrupted demonstration's folder can be used again.
    (folder / "account.json").write_text("{}\n", encoding="utf-8")
    account = _Demo(app, output, folder).play()
    (folder / "account.json").write_text(json.dumps(account, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    output.json(account)
    output.say("Everything lies in {folder}; the figures in account.json.", folder=folder)
    output.say("Open the window on it: pessdesk --data-dir {store}", store=folder / "laptop-1")
    return 0


class _Demo:
    """One run: who does what, in order, and what came of it."""

    def __init__(self, app: App, output: Output, folder: Path) -> None:
        self._app = app
        self._output = output
        self._folder = folder
        self._times: dict[str, float] = {}
        self._first_title = ""
        self._started = time.monotonic()

    def play(self) -> dict[str, Any]:
        cards = self._step("programme", self._prepare)
        workshops = self._run("laptop-1", "workshop", "list")[0]
        codes = [workshop["code"] for workshop in workshops]
        recorded = self._step("record", lambda: self._record(codes))
        self._step("describe", lambda: self._describe(codes))
        relayed = self._step("clash-and-relay", lambda: self._clash(codes[0], recorded[codes[0]][0]))
        bundles = self._step("export", lambda: self._export(codes, relayed))
        verified = self._step("verify", lambda: self._verify(bundles, cards))
        digests = self._step("import", lambda: self._consolidate(bundles))
        clashes, settled = self._step("settle", self._settle)
        minutes = self._step("minutes", lambda: self._minutes(codes))
        pictures = self._step("pictures", self._pictures)
        stats = self._run("office", "stats")[0]
        check = self._run("office", "check")[0]
        self._output.say(
            "The office has {contributions} contributions from {workshops} workshops, {attachments} attachments.",
            contributions=stats["contributions"], workshops=stats["workshops"], attachments=stats["attachments"],
        )  # fmt: skip
        return {
            "folder": str(self._folder),
            "programme": str(self._folder / "programme.asice"),
            "workshops": codes,
            "recorded": {code: len(found) for code, found in recorded.items()},
            "bundles": verified,
            "digests": digests,
            "clashes": clashes,
            "settled": settled,
            "minutes": minutes,
            "pictures": pictures,
            "counts": stats,
            "check": check,
            "seconds": {name: round(taken, 2) for name, taken in self._times.items()}
            | {"total": round(time.monotonic() - self._started, 2)},
        }

    def _name(self, who: str) -> str:
        return self._output.catalog.text("Laptop {number}", number=who[-1])

    def _counted(self, counts: dict[str, int]) -> str:
        t = self._output.catalog.text
        labels = {
            "programme": t("programmes"), "base_document": t("base documents"), "workshop": t("workshops"),
            "group": t("tables"), "entity": t("entities"), "contribution": t("contributions"), "tally": t("tallies"),
            "attachment": t("attachments"), "device": t("laptops"),
        }  # fmt: skip
        return ", ".join(f"{labels[name]}: {number}" for name, number in counts.items() if name in labels)

    def _step(self, name: str, what: Callable[[], Any]) -> Any:
        begun = time.monotonic()
        result = what()
        self._times[name] = time.monotonic() - begun
        return result

    def _run(self, who: str, *words: str, expect: int = 0) -> list[Any]:
        """One command of one laptop, as a person would give it; gives its JSON lines."""
        from pessdesk.cli.main import main

        out, err = io.StringIO(), io.StringIO()
        home = ["--data-dir", str(self._folder / who)] if who else []
        code = main(["--json", "--lang", self._output.catalog.language, *home, *words], self._app, out, err)
        if code != expect:
            raise PessError("demo-failed", what=f"pessdesk {' '.join(words)} → {code} {err.getvalue().strip()}")
        return [json.loads(line) for line in out.getvalue().splitlines()]

    def _prepare(self) -> dict[str, Path]:
        """Cards, trust in both directions, the programme out of the office and into three laptops."""
        cards: dict[str, Path] = {}
        text = self._output.catalog.text
        names = {
            "office": text("Office"),
            **{f"laptop-{n}": text("Laptop {number}", number=n) for n in (1, 2, 3)},
        }
        for who, label in names.items():
            card = self._folder / "trust" / f"{who}.pem"
            device = self._run(who, "device", "card", "--label", label, "--to", str(card))[0]["device"]
            cards[device] = card
        source = self._app.resources() / "demo" / "programme"
        bundle = self._folder / "programme.asice"
        built = self._run("office", "programme", "build", str(source), "--to", str(bundle))[0]
        self._output.say("The office builds the programme: {counts}", counts=self._counted(built["counts"]))
        for who in names:
            self._run(who, "trust", "add", *(str(path) for path in cards.values()))
            if who != "office":
                self._run(who, "programme", "import", str(bundle))
        self._output.say("Three laptops open it; each knows the cards of the others.")
        return cards

    def _record(self, codes: list[str]) -> dict[str, list[str]]:
        """Proposals and comments, dealt over the workshops; one of the three sheets is an .xlsx."""
        rows = _madrid(self._app.resources() / "demo", len(codes))
        recorded: dict[str, list[str]] = {}
        for number, code in enumerate(codes, start=1):
            who = f"laptop-{number}"
            photos = self._folder / "sheets" / f"photos-{number}"
            photos.mkdir()
            for index, row in enumerate(rows[number - 1]):
                if row["kind"] == "proposal" and index % 5 == 0:
                    row["photo"] = f"{photos.name}/{index + 1:03d}.jpg"
                    _photo(photos / f"{index + 1:03d}.jpg", row["title"], index)
            self._first_title = self._first_title or rows[number - 1][0]["title"]
            sheet = self._folder / "sheets" / f"workshop-{number}.{'xlsx' if number == len(codes) else 'csv'}"
            _write_sheet(sheet, rows[number - 1])
            done = self._run(who, "record", "--workshop", code, str(sheet))
            recorded[code] = [one["code"] for one in done]
            again = self._run(who, "record", "--workshop", code, str(sheet))
            if again:
                raise PessError("demo-failed", what=f"record again → {len(again)}")
            extra = photos / "flipchart.jpg"
            _photo(extra, code, 7)
            self._run(who, "attach", recorded[code][1], str(extra))
            self._run(who, "edit", recorded[code][2], "--title", f"{number}. {rows[number - 1][2]['title']}"[:150])
            self._run(who, "withdraw", recorded[code][-1])
            self._output.say(
                "{who} records {count} contributions in {code}, attaches, edits, withdraws one.",
                who=self._name(who), count=len(done), code=code,
            )  # fmt: skip
        return recorded

    def _describe(self, codes: list[str]) -> None:
        """What the minutes say beside the contributions: all of it for the first workshop, some for the second."""
        sessions = json.loads((self._app.resources() / "demo" / "sessions.json").read_text(encoding="utf-8"))
        for number, (code, session) in enumerate(zip(codes, sessions, strict=False), start=1):
            options = [word for name, text in session["describe"].items() for word in (f"--{name}", text)]
            self._run(f"laptop-{number}", "workshop", "describe", code, *options)
            for entity, people in session["present"]:
                counted = ("--entity", entity, "--people", str(people))
                self._run(f"laptop-{number}", "workshop", "present", code, *counted)

    def _pictures(self) -> list[str]:
        """The window on the first laptop's store, as it looks; on a copy, for a window may change what it shows."""
        copy = self._folder / "window"
        shutil.copytree(self._folder / "laptop-1", copy)
        taken = self._app.pictures(copy, self._folder / "pictures", self._output.catalog.language)
        shutil.rmtree(copy)
        self._output.say("{count} pictures of the window.", count=len(taken))
        return [str(path) for path in taken]

    def _minutes(self, codes: list[str]) -> list[dict[str, Any]]:
        """Each workshop's minutes on paper and for the web, one in each language."""
        folder = self._folder / "minutes"
        folder.mkdir()
        account: list[dict[str, Any]] = []
        for code, language in zip(codes, cycle(("ca", "es", "en")), strict=False):
            for ending in ("pdf", "html"):
                file = folder / f"{code}-{language}.{ending}"
                made = self._run("office", "--lang", language, "minutes", "--workshop", code, "--to", str(file))[0]
                account.append({"workshop": code, "language": language, **made})
        self._output.say(
            "Minutes of {count} workshops on paper and for the web: {folder}", count=len(codes), folder=folder
        )
        return account

    def _clash(self, code: str, contribution: str) -> Path:
        """Laptop 1 hands over to laptop 2 in the room; then both edit the same contribution."""
        self._run("laptop-1", "export", "--workshop", code, "--to", str(self._folder / "bundles"))
        first = next((self._folder / "bundles").glob("*.asice"))
        self._run("laptop-2", "import", str(first), "--plan")
        self._run("laptop-2", "import", str(first))
        row = self._run("laptop-1", "search", *self._first_title.split(), "--limit", "1000")[0]
        said = next(r for r in row if r["code"] == contribution)["text"]
        self._run("laptop-1", "edit", contribution, "--text", f"{said} (1)")
        self._run("laptop-2", "edit", contribution, "--text", f"{said} (2)")
        self._output.say("Laptop 2 takes in laptop 1's bundle; then both edit {code}.", code=contribution)
        return first

    def _export(self, codes: list[str], first: Path) -> list[Path]:
        target = str(self._folder / "bundles")
        jobs = [
            ("laptop-1", codes[0]),
            ("laptop-2", codes[0]),
            ("laptop-2", codes[1]),
            ("laptop-3", codes[2]),
        ]
        files = [first]
        for who, code in jobs:
            done = self._run(who, "export", "--workshop", code, "--to", target)[0]
            files += [Path(path) for path in (*done["files"], *done["beside"])]
            self._output.say(
                "{who} exports {code}: {counts}; bundles of others inside: {relayed}",
                who=self._name(who), code=code, counts=self._counted(done["counts"]), relayed=done["relayed"],
            )  # fmt: skip
        return files

    def _verify(self, bundles: list[Path], cards: dict[str, Path]) -> list[dict[str, Any]]:
        """By PessDesk, and by the script that needs unzip, openssl, sed and sha256sum alone."""
        account: list[dict[str, Any]] = []
        trust = self._folder / "trust"
        for path in [self._folder / "programme.asice", *bundles]:
            verdict = self._run("", "verify", "--trust", str(trust), str(path))[0]
            script = self._script(path, cards[verdict["device"]])
            account.append(
                {
                    "file": str(path), "size": path.stat().st_size, "outcome": verdict["outcome"],
                    "content_id": verdict["content_id"], "device": verdict["device"],
                    "relayed": [relay["content_id"] for relay in verdict.get("relays", [])],
                    "verify_bundle_sh": script,
                }
            )  # fmt: skip
        self._output.say("{count} bundles verified twice: by PessDesk and by verify-bundle.sh.", count=len(account))
        return account

    def _script(self, path: Path, card: Path) -> int:
        script = self._app.verify_script()
        tools = [tool for tool in ("sh", "unzip", "openssl", "sed", "sha256sum") if shutil.which(tool) is None]
        if tools or not script.exists():
            raise UsageRefused("file-unreadable", path=", ".join(tools) or str(script), reason="ENOENT")
        done = subprocess.run(  # noqa: S603 - our own script, our own files
            [str(shutil.which("sh")), str(script), str(path), str(card)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise PessError("demo-failed", what=f"verify-bundle.sh {path.name} → {done.returncode} {done.stderr}")
        return done.returncode

    def _consolidate(self, bundles: list[Path]) -> dict[str, str]:
        """The office imports all, again, and a second store imports the same in the other order."""
        files = [str(path) for path in bundles]
        arrivals = self._run("office", "import", *files)
        self._run("office", "import", *files)
        self._run(
            "office-other-order",
            "trust",
            "add",
            *(str(p) for p in sorted((self._folder / "trust").iterdir())),
        )
        self._run("office-other-order", "import", *reversed(files), str(self._folder / "programme.asice"))
        digests = {
            "office": self._run("office", "check", "--digest")[0]["digest"],
            "other_order": self._run("office-other-order", "check", "--digest")[0]["digest"],
        }
        if len(set(digests.values())) != 1:
            raise PessError("demo-failed", what=f"digests differ: {digests}")
        new = sum(arrival["new"] for arrival in arrivals)
        self._output.say(
            "The office takes in {new} revisions; twice changes nothing; in another order the same digest:",
            new=new,
        )
        self._output.say("  {digest}", digest=digests["office"])
        return digests

    def _settle(self) -> tuple[list[Any], list[Any]]:
        clashes = self._run("office", "clash", "list")[0]
        settled = [self._run("office", "clash", "settle", clash["code"], "--take", "1")[0] for clash in clashes]
        left = self._run("office", "clash", "list")[0]
        if len(clashes) != 1 or left:
            raise PessError("demo-failed", what=f"clashes {len(clashes)}, left {len(left)}")
        for clash in clashes:
            sides = " / ".join(str(claim["value"])[-24:] for claim in clash["claims"])
            self._output.say(
                "One clash, {code} ({field}): … {sides}; settled.",
                code=clash["code"],
                field=clash["field"],
                sides=sides,
            )
        return clashes, settled


def _madrid(folder: Path, parts: int) -> list[list[dict[str, str]]]:
    """The 80 proposals dealt over the workshops, each followed by its share of comments."""
    with (folder / "decide_madrid2019_proposals.csv").open(encoding="utf-8", newline="") as file:
        proposals = list(csv.DictReader(file))
    with (folder / "decide_madrid2019_comments.csv").open(encoding="utf-8", newline="") as file:
        comments = [row for row in csv.DictReader(file) if row["text"].strip()][:COMMENTS]
    rows: list[list[dict[str, str]]] = [[] for _ in range(parts)]
    place: dict[str, int] = {}
    for index, proposal in enumerate(proposals):
        part = place[proposal["id"]] = index % parts
        rows[part].append(
            {
                "text": _clean(proposal["text"].strip() or proposal["summary"]), "title": _clean(proposal["title"]),
                "group": str(index % 5 + 1), "line": LINES[index % len(LINES)], "kind": "proposal",
                "votes": proposal["numSupports"], "language": "es", "entity": "", "photo": "",
                "reference": proposal["code"],
            }
        )  # fmt: skip
    for index, comment in enumerate(comments):
        part = place.get(comment["proposalId"], index % parts)
        rows[part].append(
            {
                "text": _clean(comment["text"]), "title": "", "group": str(index % 5 + 1), "line": "",
                "kind": "comment", "votes": comment["numPositiveVotes"], "language": "es", "entity": "", "photo": "",
                "reference": f"comment {comment['id']}",
            }
        )  # fmt: skip
    return rows


def _clean(text: str) -> str:
    """Without the stray control characters of a web form, which a spreadsheet program would not let anybody type."""
    return "".join(c if c in "\n\t" or (ord(c) >= 32 and ord(c) != 127) else " " for c in text)


def _write_sheet(path: Path, rows: list[dict[str, str]]) -> None:
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return
    _write_excel(path, rows)


def _write_excel(path: Path, rows: list[dict[str, str]]) -> None:
    """A minimal workbook with inline texts (ECMA-376, part 1, 18.3): enough for a demonstration's input."""
    import zipfile
    from xml.sax.saxutils import escape

    def line(cells: list[str]) -> str:
        texts = (f'<c t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>' for cell in cells)
        return f"<row>{''.join(texts)}</row>"

    lines = "".join([line(list(rows[0])), *(line(list(row.values())) for row in rows)])
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    sheet_type = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    parts = {
        "[Content_Types].xml": f'{head}<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType='
        f'"application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType='
        f'"{sheet_type}.sheet.main+xml"/><Override PartName="/xl/sheet1.xml" ContentType="{sheet_type}.worksheet+xml"/>'
        "</Types>",
        "_rels/.rels": f'{head}<Relationships xmlns="{package}/relationships"><Relationship Id="a" Type='
        f'"{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{head}<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="1" sheetId="1" '
        'r:id="a"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{head}<Relationships xmlns="{package}/relationships"><Relationship Id="a" Type='
        f'"{office}/worksheet" Target="sheet1.xml"/></Relationships>',
        "xl/sheet1.xml": f'{head}<worksheet xmlns="{main}"><sheetData>{lines}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)


def _photo(path: Path, title: str, seed: int) -> None:
    """A picture of a card on a flipchart, drawn: nobody's photograph."""
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("RGB", (800, 600), (244, 241, 232))
    draw = ImageDraw.Draw(image)
    colours = ((250, 224, 120), (170, 214, 236), (190, 226, 170), (244, 190, 190))
    draw.rectangle((60, 60, 740, 540), fill=colours[seed % 4], outline=(60, 60, 60), width=3)
    font = ImageFont.load_default(size=36)
    words = title.split()
    for line in range(0, len(words), 4):
        draw.text((90, 100 + line * 14), " ".join(words[line : line + 4]), fill=(30, 30, 30), font=font)
    image.save(path, "JPEG", quality=80)
