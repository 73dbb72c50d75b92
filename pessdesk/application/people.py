"""People of a workshop: who agreed that their name is written down, to what, and until when it is kept.

Nobody stands here without having agreed to something: a name comes with its consent, in one commit. What people agreed to is
never overwritten: withdrawing says since when it no longer holds. None of this leaves with an export.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pessdesk.application import find
from pessdesk.application.authoring import Author
from pessdesk.application.ports import Desk, Row, Unit
from pessdesk.application.retention import ABOUT, ABOUT_KEY, MONTHS, RETENTION, USUAL_MONTHS, months_after
from pessdesk.application.undo import Done, Step, change_records
from pessdesk.domain import codes
from pessdesk.domain.errors import InputRefused, UnknownThing
from pessdesk.domain.model import Consent, Entity, Person
from pessdesk.domain.text import check_line, fold
from pessdesk.records.envelope import Revision


@dataclass(frozen=True, slots=True)
class Given:
    """To what somebody agreed, how and when, and the text (its id, version and language) that was read."""

    purposes: tuple[str, ...]
    how: str
    date: str
    text: str
    version: str
    language: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What a consent's text is filled with; `date` and `until` are days (`YYYY-MM-DD`), `about` as of `about_us`."""

    code: str
    title: str
    date: str
    place: str
    until: str
    about: Mapping[str, str]


def read_notice(unit: Unit, workshop: str, place_name: Callable[[str, str], str]) -> Notice:
    """What to tell the people of a workshop (its code or record)."""
    row = find.workshop(unit, workshop)
    place = (row["venue"], place_name(row["municipality"], row["comarca"]))
    until = keep_until(unit, row)
    return Notice(row["code"], row["title"], row["date"], ", ".join(filter(None, place)), until, about_us(unit))


def add_person(desk: Desk, workshop: str, name: str, contact: str, entity: str, given: Given) -> str:
    """Write down a person of a workshop (its code or record) with what they agreed to; gives the record. `entity` is a
    name: one that nobody knows yet is added to the workshop's. Raises `InputRefused("consent-empty")` without consent."""
    with desk.store.write() as unit:
        row = find.workshop(unit, workshop)
        author = Author(desk, unit)
        made: list[Revision] = []
        record = _entity(unit, author, row["record"], entity, made)
        person = author.state(Person(row["record"], name.strip(), contact.strip(), record))
        made.append(person)
        made += [author.state(one) for one in _consents(row["record"], person.record, given)]
        unit.append_new(made)
        author.save()
    return person.record


def change_person(desk: Desk, workshop: str, person: str, fields: Mapping[str, str]) -> Done:
    """Give `name`, `contact` or `entity` (a name) of a person of a workshop (its record) new values. What stood there
    before stays in the history until the person is erased."""
    with desk.store.write() as unit:
        record = find_person(unit, workshop, person)["record"]
        author = Author(desk, unit)
        made: list[Revision] = []
        wanted = {name: value.strip() for name, value in fields.items()}
        if "entity" in wanted:
            wanted["entity"] = _entity(unit, author, workshop, wanted["entity"], made)
        if made:
            unit.append_new(made)
        back = change_records(unit, author, [Step(record, wanted)])
        author.save(back, record)
    return Done(record, workshop, back)


def give_consent(desk: Desk, workshop: str, person: str, given: Given) -> int:
    """Write down that a person of a workshop (its record) agrees to more; to how many things they did not agree before."""
    with desk.store.write() as unit:
        row = find_person(unit, workshop, person)
        author = Author(desk, unit)
        made = [
            author.state(one) for one in _consents(workshop, row["record"], given) if one.purposes[0] not in agreed(row)
        ]
        if made:
            unit.append_new(made)
        author.save()
    return len(made)


def withdraw_consent(desk: Desk, workshop: str, person: str, purposes: Sequence[str], day: str) -> Done:
    """Say that a person no longer agrees to these things since a day: a step of `undo` for each to which they did."""
    codes.check_date(day, "date")
    with desk.store.write() as unit:
        row = find_person(unit, workshop, person)
        held = [one for one in row["consents"] if not one["withdrawn_on"] and {*purposes} & {*one["purposes"]}]
        author = Author(desk, unit)
        back = change_records(unit, author, [Step(one["record"], {"withdrawn_on": day}) for one in held])
        author.save(back, row["record"])
    return Done(row["record"], workshop, back)


def agreed(row: Row) -> tuple[str, ...]:
    """To what a person of `unit.people` agrees now."""
    held = {purpose for one in row["consents"] if not one["withdrawn_on"] for purpose in one["purposes"]}
    return tuple(sorted(held))


def find_person(unit: Unit, workshop: str, code: str) -> Row:
    """The person of a record id, or of its last characters (at least six). Raises `UnknownThing`."""
    wanted = code.strip().lower()
    found = [row for row in unit.people(workshop) if len(wanted) >= 6 and row["record"].endswith(wanted)]
    if not found:
        raise UnknownThing("person-unknown", value=code[:40])
    if len(found) > 1:
        raise UnknownThing("code-ambiguous", value=code[:40], records=", ".join(row["record"] for row in found))
    return found[0]


def about_us(unit: Unit) -> dict[str, str]:
    """What is known of whoever is responsible: a value for each of `ABOUT`, empty where nobody said."""
    return {name: unit.setting(ABOUT_KEY + name) or "" for name in ABOUT}


def say_about_us(desk: Desk, values: Mapping[str, str]) -> None:
    """Remember who is responsible, how they are reached, who their data protection officer is."""
    for name, value in values.items():
        check_line(value, name, limit=300)
    with desk.store.write() as unit:
        unit.set_settings({ABOUT_KEY + name: value.strip() for name, value in values.items()})


def keep_until(unit: Unit, workshop: Row) -> str:
    """Until which day the people of a workshop (a row) are kept: as somebody said, else so many months after it."""
    said, months = unit.setting(RETENTION + workshop["record"]), unit.setting(MONTHS)
    return said or months_after(workshop["date"], int(months or USUAL_MONTHS))


@dataclass(frozen=True, slots=True)
class Kept:
    """How many people of a workshop are written down, and until when."""

    code: str
    people: int
    until: str


def kept_people(unit: Unit, workshop: str = "") -> list[Kept]:
    """Of every workshop that has people, by the day; or of one (its record), also where it has none."""
    found = []
    for record in [workshop] if workshop else unit.workshops_with_people():
        row = find.workshop(unit, record)
        found.append(Kept(row["code"], len(unit.people(record)), keep_until(unit, row)))
    return sorted(found, key=lambda kept: (kept.until, kept.code))


def set_keep_until(desk: Desk, workshop: str, day: str) -> None:
    """Say until which day the people of a workshop (its record) are kept; an act, for somebody decided it."""
    codes.check_date(day, "date")
    with desk.store.write() as unit:
        author = Author(desk, unit)
        unit.append_new([author.act("retention-set", workshop=workshop, note=day)])
        unit.set_setting(RETENTION + workshop, day)
        author.save()


def set_months(desk: Desk, months: int) -> None:
    """For so many months after a workshop its people are kept, where nobody says otherwise."""
    if not 1 <= months <= 120:
        raise InputRefused("number-out-of-range", field="months", value=months, low=1, high=120)
    with desk.store.write() as unit:
        unit.set_setting(MONTHS, str(months))


def _consents(workshop: str, person: str, given: Given) -> list[Consent]:
    """A consent for each thing agreed to, so that each can be taken back by itself."""
    if not given.purposes:
        raise InputRefused("consent-empty")
    return [
        Consent(workshop, person, (purpose,), given.text, given.version, given.language, given.date, given.how)
        for purpose in dict.fromkeys(given.purposes)
    ]


def _entity(unit: Unit, author: Author, workshop: str, name: str, made: list[Revision]) -> str:
    """The record of the entity of this name, made where nobody knows it; none for no name."""
    name = name.strip()
    if not name:
        return ""
    for row in unit.entities():
        if fold(name) in (fold(row["name"]), *(fold(alias) for alias in row["aliases"])):
            return str(row["record"])
    made.append(author.state(Entity(name=name, workshop=workshop)))
    return made[-1].record
