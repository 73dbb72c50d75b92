"""People of a workshop: who agreed that their name is written down, to what, and until when it is kept.

Nobody stands here without having agreed to something: a name comes with its consent, in one commit. What people agreed to is
never overwritten: withdrawing says since when it no longer holds. None of this leaves with an export.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pessdesk.application import find
from pessdesk.application.authoring import Author
from pessdesk.application.ports import Desk, Row, Unit
from pessdesk.application.undo import Step, change_record
from pessdesk.domain import codes
from pessdesk.domain.errors import InputRefused, UnknownThing
from pessdesk.domain.model import Consent, Entity, Person
from pessdesk.domain.text import check_line, fold
from pessdesk.records.envelope import Revision

ABOUT = ("responsible", "contact", "officer")
"""What the consent's text says of whoever is responsible; settings of this laptop under these names."""
ABOUT_KEY = "privacy:"
MONTHS = "privacy:months"
USUAL_MONTHS = 12
RETENTION = "retention:"
"""Before a workshop's record: until which day its people are kept, where somebody said so."""


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
        made += [person, author.state(_consent(row["record"], person.record, given))]
        unit.append_new(made)
        author.save()
    return person.record


def change_person(desk: Desk, record: str, fields: Mapping[str, str]) -> bool:
    """Give a person's `name`, `contact` or `entity` (a name) new values; whether anything changed. What stood there
    before stays in the history until the person is erased."""
    with desk.store.write() as unit:
        person = _current(unit, record, "person")
        author = Author(desk, unit)
        made: list[Revision] = []
        wanted = {name: value.strip() for name, value in fields.items()}
        if "entity" in wanted:
            wanted["entity"] = _entity(unit, author, person["workshop"], wanted["entity"], made)
        unit.append_new(made)
        back = change_record(unit, author, Step(record, wanted))
        author.save()
    return back is not None


def give_consent(desk: Desk, person: str, given: Given) -> str:
    """Write down that a person agreed to something (more); gives the consent's record."""
    with desk.store.write() as unit:
        workshop = _current(unit, person, "person")["workshop"]
        author = Author(desk, unit)
        made = author.state(_consent(workshop, person, given))
        unit.append_new([made])
        author.save()
    return made.record


def withdraw_consent(desk: Desk, consents: Sequence[str], day: str) -> int:
    """Say that consents no longer hold since a day; how many did until now."""
    with desk.store.write() as unit:
        author = Author(desk, unit)
        count = 0
        for record in consents:
            if not _current(unit, record, "consent").get("withdrawn_on"):
                count += change_record(unit, author, Step(record, {"withdrawn_on": day})) is not None
        author.save()
    return count


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
    months = int(unit.setting(MONTHS) or USUAL_MONTHS)
    return unit.setting(RETENTION + workshop["record"]) or months_after(workshop["date"], months)


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


def months_after(day: str, months: int) -> str:
    """`2027-02-28` for `2026-03-31` and eleven months."""
    there = date.fromisoformat(day)
    year, month = divmod(there.year * 12 + there.month - 1 + months, 12)
    return date(year, month + 1, min(there.day, monthrange(year, month + 1)[1])).isoformat()


def _consent(workshop: str, person: str, given: Given) -> Consent:
    return Consent(
        workshop, person, given.purposes, given.text, given.version, given.language, given.date, given.how
    )  # fmt: skip


def _current(unit: Unit, record: str, kind: str) -> Mapping[str, str]:
    """What a person or a consent says now."""
    from pessdesk.records.merge import merged_view

    history = unit.histories([record]).get(record)
    if not history or history[-1].kind != kind:
        raise UnknownThing("person-unknown", value=record)
    return merged_view(history).content


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
