"""Commands that look back: what a record said before, and what people decided."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import Any

from pessdesk.application.ports import Row
from pessdesk.application.screens import Version
from pessdesk.cli.app import App
from pessdesk.cli.output import Output
from pessdesk.domain.errors import UnknownThing
from pessdesk.wording.catalog import Catalog
from pessdesk.wording.labels import ACTS, PERSON_REASONS


def add_commands(commands: Any, common: argparse.ArgumentParser, catalog: Catalog) -> None:
    t = catalog.text
    about = t("what a contribution or workshop said before, and bringing it back")
    history = commands.add_parser("history", parents=[common], help=about, description=about)
    history.add_argument("code", metavar=t("CODE"))
    history.add_argument(
        "--bring-back", type=int, metavar=t("NUMBER"), help=t("let it say again what this version said")
    )
    history.set_defaults(run=show_history)
    about = t("what people decided, laptop by laptop, in its order")
    acts = commands.add_parser("acts", parents=[common], help=about, description=about)
    acts.set_defaults(run=show_acts)


def show_history(app: App, output: Output, options: argparse.Namespace) -> int:
    from pessdesk.application import history

    if options.bring_back is not None:
        return _bring_back(app, output, options)
    with app.desk(options.data_dir, write=False) as desk, desk.store.read() as unit:
        versions = history.versions(unit, history.record_of(unit, options.code))
    output.json([_version(number, version) for number, version in enumerate(versions, start=1)])
    for number, version in enumerate(versions, start=1):
        who = version.label or version.device[:6]
        output.say("{number}. {when} · {laptop}", number=number, when=_local(version.at), laptop=who)
        for name, value in version.changed.items():
            if not output.as_json:
                output.line(f"   {name}: {value if value is not None else '–'}")
    return 0


def _bring_back(app: App, output: Output, options: argparse.Namespace) -> int:
    from pessdesk.application import history

    number = options.bring_back
    with app.desk(options.data_dir, write=True) as desk:
        with desk.store.read() as unit:
            record = history.record_of(unit, options.code)
            versions = history.versions(unit, record)
        if not 1 <= number <= len(versions):
            raise UnknownThing("revision-unknown", value=number)
        history.bring_back(desk, record, versions[number - 1].revision)
    output.json({"code": options.code, "id": record, "brought_back": number})
    output.say("{code}: it says again what version {number} said.", code=options.code, number=number)
    return 0


def show_acts(app: App, output: Output, options: argparse.Namespace) -> int:
    with app.desk(options.data_dir, write=False) as desk, desk.store.read() as unit:
        acts = unit.told_acts()
    output.json([{**act, "at": _utc(act["at"])} for act in acts])
    device = ""
    for act in acts:
        if act["device"] != device:
            device = act["device"]
            output.say("{laptop}:", laptop=act["label"] or app.fingerprint(device))
        if not output.as_json:
            output.line(
                "  ".join(part for part in (f"{act['counter']:>6}", _local(act["at"]), *_told(output, act)) if part)
            )
    if not acts:
        output.say("Nobody has decided anything yet.")
    return 0


def _told(output: Output, act: Row) -> list[str]:
    """What was decided, about what, and what was noted beside it."""
    action = act["action"]
    return [
        output.catalog.label(ACTS, action),
        " · ".join(act["about"]),
        output.catalog.label(PERSON_REASONS, act["note"]),
    ]


def _version(number: int, version: Version) -> Row:
    return {
        "number": number, "revision": version.revision, "at": _utc(version.at), "device": version.device,
        "label": version.label, "changed": dict(version.changed),
    }  # fmt: skip


def _utc(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _local(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000).strftime("%Y-%m-%d %H:%M")
