"""Commands for documents: minutes, and what they need to know of a workshop."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from pessdesk.cli.app import App
from pessdesk.cli.output import Output
from pessdesk.domain.errors import InputRefused
from pessdesk.wording.catalog import Catalog


def add_commands(commands: Any, common: argparse.ArgumentParser, catalog: Catalog) -> None:
    t = catalog.text
    about = t("write a workshop's minutes, in the language of --lang")
    minutes = commands.add_parser("minutes", parents=[common], help=about, description=about)
    minutes.set_defaults(run=write_minutes)
    minutes.add_argument("--workshop", required=True, metavar=t("CODE"))
    minutes.add_argument("--to", type=Path, required=True, metavar=t("FILE"), help=t("ends in .pdf or .html"))


def add_workshop_commands(parts: Any, common: argparse.ArgumentParser, catalog: Catalog) -> None:
    """`workshop describe` and `workshop present`."""
    t = catalog.text
    about = t("say what the minutes need to know of a workshop")
    describe = parts.add_parser("describe", parents=[common], help=about, description=about)
    describe.set_defaults(run=describe_workshop)
    describe.add_argument("code", metavar=t("CODE"))
    for option, meaning in (
        ("--objectives", t("what the workshop was for")),
        ("--agenda", t("its parts, one a line")),
        ("--start", t("when it began, as 17:00")),
        ("--end", t("when it ended, as 19:00")),
        ("--facilitators", t("who led it; this is published with the minutes")),
        ("--next-steps", t("what happens next")),
        ("--venue", t("the place")),
        ("--method", t("the token of a method, such as world_cafe")),
    ):
        describe.add_argument(option, help=meaning)
    about = t("say how many people of an entity were there")
    present = parts.add_parser("present", parents=[common], help=about, description=about)
    present.set_defaults(run=count_present)
    present.add_argument("code", metavar=t("CODE"))
    present.add_argument("--entity", default="", help=t("its name; without it, people of no entity"))
    present.add_argument("--people", type=int, required=True, metavar="N")


def write_minutes(app: App, output: Output, options: argparse.Namespace) -> int:
    with app.desk(options.data_dir, write=False) as desk:
        written = app.minutes(desk, options.workshop, options.to, output.catalog.language, replace=False)
    value = {"file": str(written.file), "contributions": written.contributions, "digest": written.digest}
    output.json(value if written.pages is None else value | {"pages": written.pages})
    output.count(
        "Minutes of {count} contribution written: {file}", "Minutes of {count} contributions written: {file}",
        written.contributions, file=written.file,
    )  # fmt: skip
    output.say("Content: {digest}", digest=written.digest[:16])
    return 0


def describe_workshop(app: App, output: Output, options: argparse.Namespace) -> int:
    from pessdesk.application.workshop_facts import FACTS
    from pessdesk.application.workshop_facts import describe_workshop as describe

    facts = {name: value for name in FACTS if (value := getattr(options, name)) is not None}
    if not facts:
        raise InputRefused("nothing-to-describe")
    with app.desk(options.data_dir, write=True) as desk:
        done = describe(desk, options.code, facts)
    output.json({"code": options.code, "id": done.record, "changed": bool(done.undo)})
    if done.undo:
        output.say("{code}: changed; what it said before is kept.", code=options.code)
    else:
        output.say("{code}: it was so already.", code=options.code)
    return 0


def count_present(app: App, output: Output, options: argparse.Namespace) -> int:
    from pessdesk.application.workshop_facts import count_present as count

    with app.desk(options.data_dir, write=True) as desk:
        done = count(desk, options.code, options.entity, options.people)
        with desk.store.read() as unit:
            people = unit.totals(done.workshop, "present").get(done.record, 0)
    output.json({"code": options.code, "id": done.record, "people": people})
    output.count("{code}: {count} person of it.", "{code}: {count} people of it.", people, code=options.code)
    return 0
