"""Commands for people and for erasing. Names are shown by `people list` alone, and never stand in a refusal."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pessdesk.cli.app import App
from pessdesk.cli.output import Output
from pessdesk.domain.errors import InputRefused
from pessdesk.domain.kinds import CONSENT_PURPOSES, CONSENT_WAYS, PERSON_REASONS
from pessdesk.wording.catalog import Catalog
from pessdesk.wording.labels import CONSENT_PURPOSES as PURPOSES

if TYPE_CHECKING:
    from pessdesk.application.erase import Reach
    from pessdesk.application.people import Given
    from pessdesk.application.ports import Row

SHORT = 8
"""So many of the last characters of a record name a person in one workshop."""


def add_commands(commands: Any, common: argparse.ArgumentParser, catalog: Catalog) -> None:
    t = catalog.text
    about = t("people of a workshop, what they agreed to, until when they are kept")
    people = commands.add_parser("people", parents=[common], help=about, description=about)
    parts = people.add_subparsers(required=True, metavar=t("COMMAND"))

    def add(where: Any, name: str, about: str, run: Any, *, workshop: bool = True) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = where.add_parser(name, parents=[common], help=about, description=about)
        made.set_defaults(run=run)
        if workshop:
            made.add_argument("--workshop", required=True, metavar=t("CODE"))
        return made

    new = add(parts, "add", t("write down a person, with what they agreed to"), add_person)
    new.add_argument("--name", required=True)
    new.add_argument("--contact", default="", help=t("an e-mail address or a telephone number"))
    new.add_argument("--entity", default="", help=t("the name of an entity"))
    more = add(parts, "consent", t("write down that a person agrees to more"), give_consent)
    for parser in (new, more):
        parser.add_argument("--agrees", nargs="+", required=True, choices=CONSENT_PURPOSES, help=t("to what"))
        parser.add_argument("--how", choices=CONSENT_WAYS, default="paper")
        parser.add_argument("--date", default="", help=t("on which day, as 2026-03-12; without it, today"))
        parser.add_argument("--text-version", default="", help=t("the version of the text that was read"))
    change = add(parts, "change", t("correct what is written down of a person"), change_person)
    for name in ("name", "contact", "entity"):
        change.add_argument(f"--{name}")
    back = add(parts, "withdraw", t("a person no longer agrees"), withdraw_consent)
    back.add_argument("--from", dest="purposes", nargs="+", choices=CONSENT_PURPOSES, default=CONSENT_PURPOSES)
    back.add_argument("--date", default="")
    for parser in (more, change, back):
        parser.add_argument("person", metavar=t("PERSON"), help=t("as `people list` shows it"))
    add(parts, "list", t("the people of a workshop"), list_people)
    gone = add(parts, "erase", t("erase people for good"), erase_people)
    gone.add_argument("person", nargs="?", default="", metavar=t("PERSON"))
    gone.add_argument("--all", action="store_true", help=t("everybody in this workshop"))
    gone.add_argument("--reason", required=True, choices=PERSON_REASONS)
    gone.add_argument("--yes", action="store_true", help=t("what it reaches has been read"))
    about = t("until when people are kept: of every workshop that has any, or of one")
    until = add(parts, "retention", about, show_retention, workshop=False)
    until.add_argument("--workshop", default="", metavar=t("CODE"))
    until.add_argument("--until", default="", help=t("as 2027-03-12"))
    us = add(parts, "about", t("who is responsible for the people's data"), about_us, workshop=False)
    us.add_argument("--responsible", help=t("the body and its address"))
    us.add_argument("--contact", help=t("where people can write to"))
    us.add_argument("--officer", help=t("how to reach the data protection officer"))
    us.add_argument("--months", type=int, help=t("how many months after a workshop its people are kept"))
    sheet = add(parts, "sheet", t("write the sheet on data protection, in the language of --lang"), write_sheet)
    sheet.add_argument("--to", type=Path, required=True, metavar=t("FILE"), help=t("ends in .pdf or .html"))

    erase = add(commands, "erase", t("erase contributions or files for good"), erase_records, workshop=False)
    erase.add_argument("code", nargs="+", metavar=t("CODE"))
    erase.add_argument("--reason", required=True, help=t("why, without naming anybody: it is handed over"))
    erase.add_argument("--yes", action="store_true", help=t("what it reaches has been read"))


def _given(app: App, output: Output, options: argparse.Namespace) -> Given:
    from pessdesk.application.people import Given

    text = app.consent_text(output.catalog.language, options.text_version)
    day = options.date or date.today().isoformat()
    return Given(tuple(options.agrees), options.how, day, text.id, text.version, text.language)


def add_person(app: App, output: Output, options: argparse.Namespace) -> int:
    from pessdesk.application.people import add_person as add

    given = _given(app, output, options)
    with app.desk(options.data_dir, write=True) as desk:
        record = add(desk, options.workshop, options.name, options.contact, options.entity, given)
    output.json({"id": record, "agrees": given.purposes, "text": given.text, "version": given.version})
    output.say("Written down as {id}, under the text {text} {version}.", id=record[-SHORT:], text=given.text, version=given.version)  # fmt: skip
    return 0


def give_consent(app: App, output: Output, options: argparse.Namespace) -> int:
    from pessdesk.application.people import give_consent as give

    given = _given(app, output, options)
    with app.desk(options.data_dir, write=True) as desk:
        count = give(desk, _workshop(desk, options.workshop), options.person, given)
    output.json({"changed": count})
    _say_changed(output, count)
    return 0


def withdraw_consent(app: App, output: Output, options: argparse.Namespace) -> int:
    from pessdesk.application.people import withdraw_consent as withdraw

    day = options.date or date.today().isoformat()
    with app.desk(options.data_dir, write=True) as desk:
        count = len(withdraw(desk, _workshop(desk, options.workshop), options.person, options.purposes, day).undo)
    output.json({"changed": count})
    _say_changed(output, count)
    return 0


def _say_changed(output: Output, count: int) -> None:
    if count:
        output.count("{count} consent changed.", "{count} consents changed.", count)
    else:
        output.say("It was so already.")


def change_person(app: App, output: Output, options: argparse.Namespace) -> int:
    from pessdesk.application.people import change_person as change

    fields = {name: value for name in ("name", "contact", "entity") if (value := getattr(options, name)) is not None}
    with app.desk(options.data_dir, write=True) as desk:
        changed = bool(change(desk, _workshop(desk, options.workshop), options.person, fields).undo)
    output.json({"changed": changed})
    if changed:
        output.say("Changed. What stood there before stays in the history until the person is erased.")
    else:
        output.say("It was so already.")
    return 0


def list_people(app: App, output: Output, options: argparse.Namespace) -> int:
    from pessdesk.application.find import workshop
    from pessdesk.application.people import agreed, keep_until

    with app.desk(options.data_dir, write=False) as desk, desk.store.read() as unit:
        row = workshop(unit, options.workshop)
        people = unit.people(row["record"])
        until = keep_until(unit, row)
    output.json({"people": [_person(one) for one in people], "keep_until": until})
    for one in people:
        if not output.as_json:
            agrees = ", ".join(output.catalog.label(PURPOSES, token) for token in agreed(one)) or "–"
            said = (one["record"][-SHORT:], one["name"], one["entity_name"], one["contact"], agrees)
            output.line("  ".join(part for part in said if part))
    output.count("{count} person, kept until {date}.", "{count} people, kept until {date}.", len(people), date=until)
    return 0


def _person(row: Row) -> Row:
    names = ("purposes", "text", "version", "language", "date", "how", "withdrawn_on")
    consents = [{name: one[name] for name in names} for one in row["consents"]]
    told = {"id": row["record"], "name": row["name"], "contact": row["contact"], "entity": row["entity_name"]}
    return {**told, "consents": consents}


def erase_people(app: App, output: Output, options: argparse.Namespace) -> int:
    from pessdesk.application.erase import reach_of_people
    from pessdesk.application.people import find_person

    if bool(options.person) == options.all:
        raise InputRefused("erase-whom")
    with app.desk(options.data_dir, write=True) as desk:
        workshop = _workshop(desk, options.workshop)
        with desk.store.read() as unit:
            record = find_person(unit, workshop, options.person)["record"] if options.person else ""
            reach = reach_of_people(unit, workshop, record)
        return _erase(desk, output, reach, options)


def erase_records(app: App, output: Output, options: argparse.Namespace) -> int:
    from pessdesk.application.erase import reach_of

    with app.desk(options.data_dir, write=True) as desk:
        with desk.store.read() as unit:
            reach = reach_of(unit, options.code)
        return _erase(desk, output, reach, options)


def _erase(desk: Any, output: Output, reach: Reach, options: argparse.Namespace) -> int:
    """Say what is reached, erase it if that has been read, and clean up after it."""
    from pessdesk.application.erase import clean, erase

    _say_reach(output, reach)
    if not options.yes:
        raise InputRefused("erase-unsure")
    erase(desk, reach, options.reason)
    clean(desk)
    output.json(
        {
            "records": reach.records, "people": reach.people, "consents": reach.consents,
            "contributions": reach.contributions, "attachments": reach.attachments, "mentions": reach.mentions,
            "drafts": len(reach.drafts),
        }
    )  # fmt: skip
    output.say(
        "Erased here. What was handed over, printed or copied elsewhere is not reached: tell those who have it. Backups"
        " forget it when the next one is made."
    )
    return 0


def _say_reach(output: Output, reach: Reach) -> None:
    if reach.people:
        output.count("{count} person", "{count} people", reach.people)
    if reach.consents:
        output.count("{count} consent", "{count} consents", reach.consents)
    if reach.contributions:
        output.count("{count} contribution", "{count} contributions", reach.contributions)
    if reach.attachments:
        output.count("{count} file", "{count} files", reach.attachments)
    if reach.drafts:
        output.count(
            "{count} unfinished text that holds a name", "{count} unfinished texts that hold a name", len(reach.drafts)
        )
    if reach.mentions:
        output.note("The name stands in contributions, which stay: {codes}", codes=", ".join(reach.mentions))


def show_retention(app: App, output: Output, options: argparse.Namespace) -> int:
    from pessdesk.application.find import workshop
    from pessdesk.application.people import kept_people, set_keep_until

    if options.until and not options.workshop:
        raise InputRefused("retention-of-what")
    with app.desk(options.data_dir, write=bool(options.until)) as desk:
        if options.until:
            set_keep_until(desk, _workshop(desk, options.workshop), options.until)
        with desk.store.read() as unit:
            one = workshop(unit, options.workshop)["record"] if options.workshop else ""
            rows = kept_people(unit, one)
    today = date.today().isoformat()
    output.json([{"code": k.code, "keep_until": k.until, "people": k.people, "over": k.until < today} for k in rows])
    for kept in rows:
        output.count(
            "{code}: {count} person, kept until {date}.", "{code}: {count} people, kept until {date}.",
            kept.people, code=kept.code, date=kept.until,
        )  # fmt: skip
        if kept.people and kept.until < today:
            output.say("  That day is over: people erase --workshop {code} --all --reason retention", code=kept.code)
    if not rows:
        output.say("Nobody is written down.")
    return 0


def about_us(app: App, output: Output, options: argparse.Namespace) -> int:
    from pessdesk.application.people import about_us as read
    from pessdesk.application.people import say_about_us, set_months
    from pessdesk.application.retention import ABOUT, MONTHS, USUAL_MONTHS

    wanted = {name: value for name in ABOUT if (value := getattr(options, name)) is not None}
    with app.desk(options.data_dir, write=bool(wanted or options.months)) as desk:
        if options.months is not None:
            set_months(desk, options.months)
        if wanted:
            say_about_us(desk, wanted)
        with desk.store.read() as unit:
            values, months = read(unit), int(unit.setting(MONTHS) or USUAL_MONTHS)
    output.json({**values, "months": months})
    t = output.catalog.text
    labels = {"responsible": t("Responsible"), "contact": t("Contact"), "officer": t("Data protection officer")}
    for name, label in labels.items():
        if not output.as_json:
            output.line(f"{label}: {values[name] or '–'}")
    output.count("Kept for {count} month after a workshop.", "Kept for {count} months after a workshop.", months)
    return 0


def write_sheet(app: App, output: Output, options: argparse.Namespace) -> int:
    with app.desk(options.data_dir, write=False) as desk:
        file = app.participants_sheet(desk, options.workshop, options.to, output.catalog.language, replace=False)
    output.json({"file": str(file)})
    output.say("Sheet for the participants written: {file}", file=file)
    return 0


def _workshop(desk: Any, code: str) -> str:
    """The record of a workshop's code."""
    from pessdesk.application.find import workshop

    with desk.store.read() as unit:
        return str(workshop(unit, code)["record"])
