"""Commands for bundles: export, verify, import, clash, device card, trust add."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from pessdesk.application.bundle import Outcome, Verdict
from pessdesk.application.import_bundles import Arrival
from pessdesk.cli.app import App
from pessdesk.cli.begin import begin
from pessdesk.cli.output import Output
from pessdesk.domain.errors import InputRefused, PessError, WorldUnkind
from pessdesk.wording.catalog import Catalog

_OUTCOMES = {Outcome.ACCEPT: "accept", Outcome.QUARANTINE: "quarantine", Outcome.REJECT: "reject"}


def add_commands(commands: Any, common: argparse.ArgumentParser, catalog: Catalog) -> None:
    t = catalog.text

    def add(where: Any, name: str, about: str, run: Any) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = where.add_parser(name, parents=[common], help=about, description=about)
        made.set_defaults(run=run)
        return made

    export = add(commands, "export", t("write a workshop's signed bundle"), export_workshop)
    export.add_argument("--workshop", required=True, metavar=t("CODE"))
    export.add_argument("--to", type=Path, required=True, metavar=t("FOLDER"))
    verify = add(commands, "verify", t("say what bundles are worth; needs no store"), verify_files)
    verify.add_argument("--trust", type=Path, metavar=t("FOLDER"))
    verify.add_argument("files", nargs="+", type=Path, metavar=t("FILE"))
    receive = add(commands, "import", t("take in bundles; twice changes nothing"), import_files)
    receive.add_argument("files", nargs="+", type=Path, metavar=t("FILE"))
    receive.add_argument("--plan", action="store_true", help=t("only say what would happen"))

    clash = commands.add_parser("clash", parents=[common], help=t("contributions that two laptops changed"))
    parts = clash.add_subparsers(required=True, metavar=t("COMMAND"))
    add(parts, "list", t("the open clashes, side by side"), list_clashes)
    settle = add(parts, "settle", t("decide a clash"), settle_clash)
    settle.add_argument("code", metavar=t("CODE"))
    settle.add_argument("--field", default="")
    choice = settle.add_mutually_exclusive_group(required=True)
    choice.add_argument("--take", type=int, metavar="N", help=t("the version with this number in the list"))
    choice.add_argument("--text", help=t("a new text in place of both"))

    device = commands.add_parser("device", parents=[common], help=t("this laptop"))
    parts = device.add_subparsers(required=True, metavar=t("COMMAND"))
    card = add(parts, "card", t("this laptop's card, for others to trust"), device_card)
    card.add_argument("--to", type=Path, metavar=t("FILE"))
    card.add_argument("--label", default="", help=t("the laptop's name, at its first use"))
    trust = commands.add_parser("trust", parents=[common], help=t("whom this laptop trusts"))
    parts = trust.add_subparsers(required=True, metavar=t("COMMAND"))
    adding = add(parts, "add", t("trust a laptop by its card"), trust_add)
    adding.add_argument("files", nargs="+", type=Path, metavar=t("FILE"))
    adding.add_argument("--trust", type=Path, metavar=t("FOLDER"), help=t("a folder of cards instead of the store's"))
    adding.add_argument("--fingerprint", help=t("the fingerprint as read over the phone"))


def export_workshop(app: App, output: Output, options: argparse.Namespace) -> int:
    from pessdesk.application.export_bundle import export_workshop as export

    with app.desk(options.data_dir, write=True) as desk:
        done = export(desk, options.workshop, options.to)
    output.json(
        {
            "files": [str(path) for path in done.files], "content_ids": list(done.content_ids),
            "beside": [str(path) for path in done.beside], "counts": done.counts, "relayed": done.relayed, "left_out": done.left_out,
        }
    )  # fmt: skip
    for path, content_id in zip(done.files, done.content_ids, strict=True):
        output.say("Written, read back and signed: {file}", file=path)
        output.say("Content id: {id}", id=content_id)
    if done.left_out:
        output.count(
            "Without {count} bundle of another laptop, removed here for something in it was erased: that laptop must hand"
            " over again.",
            "Without {count} bundles of other laptops, removed here for something in them was erased: those laptops must"
            " hand over again.",
            done.left_out,
        )
    if done.relayed:
        output.count(
            "It carries {count} bundle of another laptop.",
            "It carries {count} bundles of other laptops.",
            done.relayed,
        )
    for path in done.beside:
        output.say("Hand this one over as well: {file}", file=path)
    return 0


def verify_files(app: App, output: Output, options: argparse.Namespace) -> int:
    worst = 0
    unreadable = 0
    for path in options.files:
        try:
            verdict = app.verify(path, options.trust)
        except PessError as problem:
            output.trouble(problem)
            unreadable = problem.exit_code
            continue
        worst = max(worst, verdict.worst)
        output.json(_verdict(path, verdict))
        if not output.as_json:
            _show_verdict(app, output, path, verdict)
    return worst or unreadable


def _verdict(path: Path, verdict: Verdict) -> dict[str, Any]:
    value: dict[str, Any] = {
        "file": str(path),
        "outcome": _OUTCOMES[verdict.worst],
        "code": verdict.code,
        "facts": dict(verdict.facts),
        "content_id": verdict.content_id,
        "device": verdict.device,
    }
    if verdict.worst is not verdict.outcome:
        worse = max(verdict.relays, key=lambda relay: relay.outcome)
        value |= {"code": f"relay-{worse.code}", "facts": {"relayed": worse.content_id, **worse.facts}}
    if verdict.relays:
        value["relays"] = [
            {"content_id": r.content_id, "device": r.device, "outcome": _OUTCOMES[r.outcome], "code": r.code}
            for r in verdict.relays
        ]
    return value


def _show_verdict(app: App, output: Output, path: Path, verdict: Verdict) -> None:
    words = {
        Outcome.ACCEPT: output.catalog.text("accepted"),
        Outcome.QUARANTINE: output.catalog.text("a person must decide"),
        Outcome.REJECT: output.catalog.text("refused"),
    }
    output.line(f"{path.name}: {words[verdict.worst]}. {output.catalog.sentence(verdict.code, verdict.facts)}")
    if verdict.header and not verdict.relays:
        counted = sum(verdict.header.counts.values())
        output.say(
            "  {label} · {fingerprint} · number {seq} · {count} records",
            label=verdict.header.label, fingerprint=app.fingerprint(verdict.device), seq=verdict.header.seq, count=counted,
        )  # fmt: skip
    for relay in verdict.relays:
        sentence = output.catalog.sentence(relay.code, relay.facts)
        output.say(
            "  carries {id}: {sentence}",
            id=relay.content_id[:16],
            sentence=f"{words[relay.outcome]}. {sentence}",
        )
    if verdict.outcome is Outcome.REJECT:
        output.line(f"  [{verdict.code}]")


def import_files(app: App, output: Output, options: argparse.Namespace) -> int:
    from pessdesk.application.import_bundles import check_there, import_bundles, plan_import, worst_exit

    check_there(options.files)
    if options.plan:
        with app.desk(options.data_dir, write=False) as desk:
            arrivals = plan_import(desk, options.files)
        for arrival in arrivals:
            show_arrival(app, output, arrival)
        output.say("Nothing was written: this was the plan.")
    else:
        with begin(app, output, options) as desk:
            arrivals = import_bundles(desk, options.files, progress=lambda arrival: show_arrival(app, output, arrival))
    totals = {name: sum(getattr(a, name) for a in arrivals) for name in ("new", "known", "clashing")}
    output.say("In all: {new} new, {known} known, {clashing} clashing.", **totals)
    return worst_exit(arrivals)


def show_arrival(app: App, output: Output, arrival: Arrival) -> None:
    """What became of one bundle."""
    output.json(
        {
            "file": arrival.file, "outcome": arrival.outcome, "code": arrival.code, "facts": dict(arrival.facts),
            "content_id": arrival.content_id, "device": arrival.device, "workshop": arrival.workshop,
            "new": arrival.new, "known": arrival.known, "clashing": arrival.clashing,
            "relayed_by": arrival.relayed_by, "notes": list(arrival.notes),
        }
    )  # fmt: skip
    words = {
        "accepted": output.catalog.text("taken in"),
        "known": output.catalog.text("known"),
        "quarantined": output.catalog.text("set aside: a person must decide"),
        "refused": output.catalog.text("refused"),
    }
    if output.as_json:
        return
    name = Path(arrival.file).name
    if arrival.relayed_by:
        name = output.catalog.text("{file}, inside: {label}", file=name, label=arrival.label or arrival.content_id[:16])
    sentence = output.catalog.sentence(arrival.code, arrival.facts)
    output.line(f"{name}: {words[arrival.outcome]}. {sentence}")
    if arrival.outcome == "accepted":
        output.say(
            "  {new} new, {known} known, {clashing} clashing",
            new=arrival.new,
            known=arrival.known,
            clashing=arrival.clashing,
        )
    for note in arrival.notes:
        output.line("  " + output.catalog.sentence(note, {}))


def list_clashes(app: App, output: Output, options: argparse.Namespace) -> int:
    from pessdesk.application.settle_clash import open_clashes

    with app.desk(options.data_dir, write=False) as desk, desk.store.read() as unit:
        clashes = open_clashes(unit)
    output.json(clashes)
    if not clashes:
        output.say("No clashes.")
    for clash in clashes:
        if output.as_json:
            break
        output.line(f"{clash['code'] or clash['id']} · {clash['field']}")
        for number, claim in enumerate(clash["claims"], start=1):
            output.line(f"  {number}. {claim['label'] or claim['device'][:8]}: {claim['value']}")
    return 0


def settle_clash(app: App, output: Output, options: argparse.Namespace) -> int:
    from pessdesk.application.settle_clash import settle_clash as settle

    if options.text is not None and options.field not in ("", "text"):
        raise InputRefused("nothing-to-change")
    with app.desk(options.data_dir, write=True) as desk:
        field = "text" if options.text is not None else options.field
        settled = settle(desk, options.code, field=field, take=options.take or 0, value=options.text)
    output.json({"code": settled.code, "id": settled.id, "revision": settled.revision})
    output.say("{code}: settled.", code=settled.code)
    return 0


def device_card(app: App, output: Output, options: argparse.Namespace) -> int:
    with begin(app, output, options, options.label) as desk:
        card = app.own_card(options.data_dir)
        label = desk.label
    fingerprint = app.fingerprint(card.device)
    if options.to:
        target = options.to / f"{card.device}.pem" if options.to.is_dir() else options.to
        if target.exists() and target.read_bytes() != card.pem:
            raise WorldUnkind("file-exists", path=str(target))
        target.write_bytes(card.pem)
        output.json({"device": card.device, "fingerprint": fingerprint, "label": label, "file": str(target)})
        output.say("Card written: {file}", file=target)
        output.say("Fingerprint, to be compared by phone: {fingerprint}", fingerprint=fingerprint)
        return 0
    pem = card.pem.decode("ascii")
    output.json({"device": card.device, "fingerprint": fingerprint, "label": label, "card": pem})
    if not output.as_json:
        for line in pem.splitlines():
            output.line(line)
    output.note("Fingerprint, to be compared by phone: {fingerprint}", fingerprint=fingerprint)
    return 0


def trust_add(app: App, output: Output, options: argparse.Namespace) -> int:
    from pessdesk.application.pairing import hold_against, trust

    cards = [app.read_card(path) for path in options.files]
    for path, card in zip(options.files, cards, strict=True):
        found = app.fingerprint(card.device)
        wanted = options.fingerprint
        if wanted and not hold_against(found, wanted).whole:
            raise InputRefused("fingerprint-differs", path=str(path), found=found, wanted=wanted)
    if options.trust:
        added = [app.add_card(options.trust, card) for card in cards]
    else:
        with begin(app, output, options) as desk:
            added = trust(desk, cards)
    for card, new in zip(cards, added, strict=True):
        fingerprint = app.fingerprint(card.device)
        output.json({"device": card.device, "fingerprint": fingerprint, "label": card.label, "added": new})
        if new:
            output.say("Trusted from now on: {label} · {fingerprint}", label=card.label, fingerprint=fingerprint)
        else:
            output.say("Trusted before: {label} · {fingerprint}", label=card.label, fingerprint=fingerprint)
    return 0
