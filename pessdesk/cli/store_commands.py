"""Commands for the store itself: stats, check."""

from __future__ import annotations

import argparse
from typing import Any

from pessdesk.cli.app import App
from pessdesk.cli.output import Output
from pessdesk.domain.errors import CheckFailed
from pessdesk.wording.catalog import Catalog


def add_commands(commands: Any, common: argparse.ArgumentParser, catalog: Catalog) -> None:
    t = catalog.text
    stats = commands.add_parser("stats", parents=[common], help=t("how much there is of each thing"))
    stats.set_defaults(run=show_stats)
    check = commands.add_parser("check", parents=[common], help=t("look through the whole store"))
    check.add_argument("--digest", action="store_true", help=t("one name for the whole content"))
    check.set_defaults(run=check_store)


def _labels(catalog: Catalog) -> dict[str, str]:
    t = catalog.text
    return {
        "programmes": t("programmes"), "workshops": t("workshops"), "groups": t("tables"),
        "contributions": t("contributions"), "withdrawn": t("withdrawn"), "votes": t("dots"),
        "entities": t("entities"), "attachments": t("attachments"), "clashes": t("open clashes"),
        "waiting": t("records that wait for an earlier revision"), "quarantined": t("bundles set aside"),
        "people": t("people"), "consents": t("consents"), "erased": t("erased"), "revisions": t("revisions"), "acts": t("acts"),
    }  # fmt: skip


def show_stats(app: App, output: Output, options: argparse.Namespace) -> int:
    with app.desk(options.data_dir, write=False) as desk, desk.store.read() as unit:
        counts = unit.counts()
        workshops = [
            {"code": w["code"], "title": w["title"], "contributions": w["contributions"]} for w in unit.workshops()
        ]
        bundles = unit.bundles()
    gaps = find_gaps(bundles)
    sent = sum(1 for b in bundles if b["direction"] == "sent")
    output.json(
        {
            **counts,
            "bundles_sent": sent,
            "bundles_received": len(bundles) - sent,
            "gaps": gaps,
            "by_workshop": workshops,
        }
    )
    for name, label in _labels(output.catalog).items():
        if not output.as_json:
            output.line(f"{counts[name]:>9}  {label}")
    for gap in gaps:
        output.say(
            "Bundle {seq} of {fingerprint} has not arrived.",
            seq=gap["seq"],
            fingerprint=app.fingerprint(gap["device"]),
        )
    return 0


def find_gaps(bundles: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Numbers below the highest received of a device and epoch that have not arrived."""
    seen: dict[tuple[str, int], set[int]] = {}
    for bundle in bundles:
        if bundle["direction"] == "received":
            seen.setdefault((bundle["device"], bundle["epoch"]), set()).add(bundle["seq"])
    return [
        {"device": device, "epoch": epoch, "seq": seq}
        for (device, epoch), numbers in sorted(seen.items())
        for seq in range(min(numbers) + 1, max(numbers))
        if seq not in numbers
    ]


def check_store(app: App, output: Output, options: argparse.Namespace) -> int:
    with app.desk(options.data_dir, write=False) as desk, desk.store.read() as unit:
        if options.digest:
            digest = unit.digest()
            output.json({"digest": digest})
            if not output.as_json:
                output.line(digest)
            return 0
        problems = list(unit.problems())
        files = [f"{row['sha256']}.{row['extension']}" for row in unit.all_attachments()]
        counts = unit.counts()
        waiting = sum(act["waiting"] for act in unit.told_acts())
    problems += [("check-attachment", {"name": name}) for name in app.check_files(options.data_dir, files)]
    output.json(
        {
            "ok": not problems,
            "problems": [{"code": c, "facts": f} for c, f in problems],
            "revisions": counts["revisions"],
            "acts_waiting": waiting,
        }
    )
    if waiting:
        output.count(
            "{count} decision is about something that has not arrived yet.",
            "{count} decisions are about something that has not arrived yet.",
            waiting,
        )
    for code, facts in problems:
        if not output.as_json:
            output.line(output.catalog.sentence(code, facts))
    if problems:
        raise CheckFailed("check-failed", count=len(problems))
    output.count(
        "{count} revision checked: all is well.",
        "{count} revisions checked: all is well.",
        counts["revisions"],
    )
    return 0
