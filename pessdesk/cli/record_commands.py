"""Commands for a workshop: programme, workshop, record, edit, attach, withdraw, search."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from pessdesk.application.ports import Row
from pessdesk.cli.app import App
from pessdesk.cli.begin import begin
from pessdesk.cli.document_commands import add_workshop_commands
from pessdesk.cli.output import Output
from pessdesk.domain.errors import InputRefused
from pessdesk.wording.catalog import Catalog

Commands = Any


def add_commands(commands: Commands, common: argparse.ArgumentParser, catalog: Catalog) -> None:
    t = catalog.text

    def add(where: Commands, name: str, about: str, run: Any) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = where.add_parser(name, parents=[common], help=about, description=about)
        made.set_defaults(run=run)
        return made

    programme = commands.add_parser("programme", parents=[common], help=t("prepare or open a programme"))
    parts = programme.add_subparsers(required=True, metavar=t("COMMAND"))
    build = add(parts, "build", t("make a signed programme bundle from a folder"), build_programme)
    build.add_argument("folder", type=Path, metavar=t("FOLDER"))
    build.add_argument("--to", type=Path, required=True, metavar=t("FILE"))
    opening = add(parts, "import", t("open a programme bundle"), import_programme)
    opening.add_argument("file", type=Path, metavar=t("FILE"))

    workshop = commands.add_parser("workshop", parents=[common], help=t("workshops: new, list, describe, present"))
    parts = workshop.add_subparsers(required=True, metavar=t("COMMAND"))
    new = add(parts, "new", t("a workshop that nobody planned"), new_workshop)
    for name in ("title", "date"):
        new.add_argument(f"--{name}", required=True)
    for name in ("municipality", "comarca", "venue", "method", "groups"):
        new.add_argument(f"--{name}", default="")
    add(parts, "list", t("the workshops and how many contributions each has"), list_workshops)
    add_workshop_commands(parts, common, catalog)

    record = add(commands, "record", t("record the contributions of a spreadsheet"), record_file)
    record.add_argument("--workshop", required=True, metavar=t("CODE"))
    record.add_argument("file", type=Path, metavar=t("FILE"))

    edit = add(commands, "edit", t("change a contribution; what it said before is kept"), edit_contribution)
    edit.add_argument("code", metavar=t("CODE"))
    for name in ("text", "title", "kind", "language", "line"):
        edit.add_argument(f"--{name}")
    attach = add(commands, "attach", t("put a file beside a contribution"), attach_file)
    attach.add_argument("code", metavar=t("CODE"))
    attach.add_argument("file", type=Path, metavar=t("FILE"))
    withdraw = add(commands, "withdraw", t("take a contribution back; it keeps its code"), withdraw_contribution)
    withdraw.add_argument("code", metavar=t("CODE"))
    search = add(commands, "search", t("find contributions; accents and case do not matter"), search_text)
    search.add_argument("text", nargs="+", metavar=t("TEXT"))
    search.add_argument("--limit", type=int, default=50)


def build_programme(app: App, output: Output, options: argparse.Namespace) -> int:
    from pessdesk.application.programme import build_programme as build

    plan = app.read_programme(options.folder)
    with begin(app, output, options) as desk:
        built = build(desk, plan, options.to)
    output.json({"file": str(built.file), "content_id": built.content_id, "counts": dict(built.counts)})
    output.say("Programme written: {file}", file=built.file)
    output.say("Content id: {id}", id=built.content_id)
    return 0


def import_programme(app: App, output: Output, options: argparse.Namespace) -> int:
    from pessdesk.application.bundle import Outcome
    from pessdesk.application.import_bundles import import_bundles, worst_exit
    from pessdesk.cli.bundle_commands import show_arrival

    header = app.verify(options.file, None)
    if header.outcome is not Outcome.REJECT and header.header and header.header.kind != "programme":
        raise InputRefused("not-programme", path=str(options.file))
    with begin(app, output, options) as desk:
        before = desk.bundles.trusted()
        arrivals = import_bundles(desk, [options.file], first_programme=True)
        for arrival in arrivals:
            show_arrival(app, output, arrival)
            if arrival.device in desk.bundles.trusted() - before:
                output.note(
                    "First programme of this store: its signer is trusted from now on. Compare by phone: {fingerprint}",
                    fingerprint=app.fingerprint(arrival.device),
                )
    return worst_exit(arrivals)


def new_workshop(app: App, output: Output, options: argparse.Namespace) -> int:
    from pessdesk.application.programme import new_workshop as new

    names = ("title", "date", "municipality", "comarca", "venue", "method", "groups")
    plan = app.plan_workshop({name: getattr(options, name) for name in names})
    with begin(app, output, options) as desk:
        row = new(desk, plan)
    output.json({"code": row["code"], "id": row["record"]})
    output.say("New workshop {code}: {title}, {date}", code=row["code"], title=row["title"], date=row["date"])
    return 0


def list_workshops(app: App, output: Output, options: argparse.Namespace) -> int:
    with app.desk(options.data_dir, write=False) as desk, desk.store.read() as unit:
        rows = unit.workshops()
    keys = ("code", "title", "date", "comarca", "municipality", "venue", "method", "contributions")
    output.json([{**{k: row[k] for k in keys}, "id": row["record"], "planned": bool(row["planned"])} for row in rows])
    if not rows:
        output.say("No workshops yet. Open a programme (programme import) or make one (workshop new).")
    for row in rows:
        output.count(
            "{code}  {date}  {title}: {count} contribution",
            "{code}  {date}  {title}: {count} contributions",
            row["contributions"], code=row["code"], date=row["date"], title=row["title"],
        )  # fmt: skip
    return 0


def record_file(app: App, output: Output, options: argparse.Namespace) -> int:
    from pessdesk.application.record_contributions import COLUMNS, record_rows

    with app.desk(options.data_dir, write=True) as desk:
        sheet = app.read_sheet(options.file, COLUMNS, ("text",))
        recorded = 0
        folder = options.file.resolve().parent
        for batch in record_rows(desk, options.workshop, sheet.rows, folder=folder, words=app.words()):
            recorded += len(batch)
            for one in batch:
                output.json({"code": one.code, "id": one.id})
    if sheet.encoding:
        output.note("The file was read as {encoding}.", encoding=sheet.encoding)
    output.count("{count} contribution recorded.", "{count} contributions recorded.", recorded)
    if known := len(sheet.rows) - recorded:
        output.count("{count} row was recorded before.", "{count} rows were recorded before.", known)
    return 0


def edit_contribution(app: App, output: Output, options: argparse.Namespace) -> int:
    from pessdesk.application.change_contribution import edit_contribution as edit

    changes: dict[str, Any] = {
        name: getattr(options, name)
        for name in ("text", "title", "kind", "language")
        if getattr(options, name) is not None
    }
    if options.line is not None:
        changes["lines"] = options.line.replace(",", " ").split()
    if not changes:
        raise InputRefused("nothing-to-change")
    with app.desk(options.data_dir, write=True) as desk:
        changed = edit(desk, options.code, changes)
    return _show_changed(output, changed)


def withdraw_contribution(app: App, output: Output, options: argparse.Namespace) -> int:
    from pessdesk.application.change_contribution import withdraw_contribution as withdraw

    with app.desk(options.data_dir, write=True) as desk:
        return _show_changed(output, withdraw(desk, options.code))


def _show_changed(output: Output, changed: Any) -> int:
    output.json({"code": changed.code, "id": changed.id, "revision": changed.revision, "changed": changed.changed})
    if changed.changed:
        output.say("{code}: changed; what it said before is kept.", code=changed.code)
    else:
        output.say("{code}: it was so already.", code=changed.code)
    return 0


def attach_file(app: App, output: Output, options: argparse.Namespace) -> int:
    from pessdesk.application.change_contribution import attach_file as attach

    with app.desk(options.data_dir, write=True) as desk:
        record = attach(desk, options.code, options.file)
    output.json({"code": options.code, "id": record})
    output.say("{code}: {file} attached.", code=options.code, file=options.file.name)
    return 0


def search_text(app: App, output: Output, options: argparse.Namespace) -> int:
    with app.desk(options.data_dir, write=False) as desk, desk.store.read() as unit:
        rows = unit.search(" ".join(options.text), max(1, min(options.limit, 1000)))
    output.json([_found(row) for row in rows])
    for row in rows:
        withdrawn = output.catalog.text("(withdrawn)") + " " if row["withdrawn"] else ""
        text = row["text"] if len(row["text"]) <= 160 else row["text"][:159] + "…"
        if not output.as_json:
            output.line(f"{row['code']}  {withdrawn}{text}")
    if not rows:
        output.say("Nothing found.")
    return 0


def _found(row: Row) -> Row:
    keys = ("code", "kind", "title", "text", "language", "workshop_code", "reference")
    return {
        **{k: row[k] for k in keys},
        "id": row["record"],
        "withdrawn": bool(row["withdrawn"]),
        "lines": row["lines"].split(),
    }
