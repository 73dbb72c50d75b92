"""Names only with consent, each thing agreed to by itself, and never beyond their day unseen."""

from __future__ import annotations

import pytest

from pessdesk.application.people import (
    Given,
    about_us,
    add_person,
    agreed,
    change_person,
    find_person,
    give_consent,
    keep_until,
    read_notice,
    say_about_us,
    set_keep_until,
    set_months,
    withdraw_consent,
)
from pessdesk.application.ports import Row
from pessdesk.application.retention import days_left, months_after
from pessdesk.application.undo import apply_steps
from pessdesk.domain.errors import InputRefused, UnknownThing
from pessdesk.records.envelope import read_revision
from tests.application.conftest import Room

NAME = "Montserrat Ferrer i Güell"


def given(*purposes: str, version: str = "1", date: str = "2026-03-12") -> Given:
    return Given(purposes, "paper", date, "participants", version, "ca")


def people(room: Room) -> list[Row]:
    with room.desk.store.read() as unit:
        return unit.people(room.workshop)


def written_down(room: Room, name: str = NAME, *purposes: str) -> str:
    return add_person(room.desk, room.workshop, name, "", "", given(*(purposes or ("attendance",))))


def test_a_person_is_written_down_with_what_they_agreed_to(room: Room) -> None:
    add_person(room.desk, room.workshop, f"  {NAME} ", " m@exemple.cat", "Càritas", given("attendance", "answers"))
    (row,) = people(room)
    assert (row["name"], row["contact"], row["entity_name"]) == (NAME, "m@exemple.cat", "Càritas")
    assert agreed(row) == ("answers", "attendance")
    assert {(one["text"], one["version"], one["date"], one["how"]) for one in row["consents"]} == {
        ("participants", "1", "2026-03-12", "paper")
    }


def test_without_consent_nobody_is_written_down(room: Room) -> None:
    with pytest.raises(InputRefused) as caught:
        add_person(room.desk, room.workshop, NAME, "", "Una entitat nova", given())
    assert caught.value.code == "consent-empty"
    assert people(room) == [] and "Una entitat nova" not in room.entities


def test_an_entity_that_is_known_is_not_made_again(room: Room) -> None:
    for name in (NAME, "Iu Soler"):
        add_person(room.desk, room.workshop, name, "", "CARITAS", given("attendance"))
    assert room.entities == ["CARITAS"]


def test_every_revision_of_a_person_is_salted_and_reads_back(room: Room) -> None:
    record = written_down(room)
    change_person(room.desk, room.workshop, record, {"name": "M. Ferrer"})
    give_consent(room.desk, room.workshop, record, given("image"))
    withdraw_consent(room.desk, room.workshop, record, ["image"], "2026-03-13")
    revisions = [r for one in (record, *(c["record"] for c in people(room)[0]["consents"])) for r in room.history(one)]
    salts = {r.data.partition(b'"salt":"')[2][:32] for r in revisions}
    assert len(revisions) == 5 and len(salts) == 5
    assert [read_revision(r.data) for r in revisions] == revisions


def test_each_consent_is_withdrawn_by_itself_and_stays_in_the_account(room: Room) -> None:
    record = written_down(room, NAME, "attendance", "image")
    assert len(withdraw_consent(room.desk, room.workshop, record, ["image", "answers"], "2026-03-20").undo) == 1
    (row,) = people(room)
    assert agreed(row) == ("attendance",)
    assert {tuple(one["purposes"]): one["withdrawn_on"] for one in row["consents"]} == {
        ("attendance",): "", ("image",): "2026-03-20",
    }  # fmt: skip
    assert withdraw_consent(room.desk, room.workshop, record, ["image"], "2026-03-21").undo == ()


def test_withdrawing_can_be_undone(room: Room) -> None:
    record = written_down(room)
    done = withdraw_consent(room.desk, room.workshop, record, ["attendance"], "2026-03-20")
    apply_steps(room.desk, done.undo)
    assert agreed(people(room)[0]) == ("attendance",)


def test_an_older_consent_keeps_its_version(room: Room) -> None:
    record = written_down(room)
    assert give_consent(room.desk, room.workshop, record, given("attendance", version="2")) == 0
    assert give_consent(room.desk, room.workshop, record, given("image", version="2", date="2026-04-01")) == 1
    versions = {one["purposes"][0]: one["version"] for one in people(room)[0]["consents"]}
    assert versions == {"attendance": "1", "image": "2"}


def test_a_person_is_corrected(room: Room) -> None:
    record = written_down(room)
    done = change_person(room.desk, room.workshop, record[-8:], {"contact": "973480000", "entity": "Càritas"})
    assert (people(room)[0]["contact"], people(room)[0]["entity_name"]) == ("973480000", "Càritas")
    assert change_person(room.desk, room.workshop, record, {"contact": "973480000"}).undo == ()
    apply_steps(room.desk, done.undo)
    assert (people(room)[0]["contact"], people(room)[0]["entity_name"]) == ("", "")


def test_people_stand_by_name_and_are_found_by_the_end_of_their_record(room: Room) -> None:
    records = [written_down(room, name) for name in ("Òscar", "anna", "Iu")]
    assert [row["name"] for row in people(room)] == ["anna", "Iu", "Òscar"]
    with room.desk.store.read() as unit:
        assert find_person(unit, room.workshop, records[1][-8:])["name"] == "anna"
        for code in ("abcde", "no such person", ""):
            with pytest.raises(UnknownThing) as caught:
                find_person(unit, room.workshop, code)
            assert caught.value.code == "person-unknown"


def test_people_are_kept_a_year_unless_somebody_says_otherwise(room: Room) -> None:
    def until() -> str:
        with room.desk.store.read() as unit:
            row = unit.workshop(room.workshop)
            assert row is not None
            return keep_until(unit, row)

    assert until() == "2027-03-12"
    set_months(room.desk, 6)
    assert until() == "2026-09-12"
    set_keep_until(room.desk, room.workshop, "2026-12-31")
    assert until() == "2026-12-31"
    with pytest.raises(InputRefused):
        set_keep_until(room.desk, room.workshop, "soon")
    with pytest.raises(InputRefused):
        set_months(room.desk, 0)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [("2026-03-31", 11, "2027-02-28"), ("2024-02-29", 12, "2025-02-28"), ("2026-12-01", 1, "2027-01-01")],
)
def test_months_end_where_the_month_ends(day: str, months: int, then: str) -> None:
    assert months_after(day, months) == then


def test_days_are_counted() -> None:
    assert days_left("2027-01-01", "2026-12-31") == 1
    assert days_left("2026-12-31", "2027-01-01") == -1


def test_what_is_said_of_us_stands_in_the_notice(room: Room) -> None:
    say_about_us(room.desk, {"responsible": " Consell Comarcal ", "contact": "c@exemple.cat"})
    with room.desk.store.read() as unit:
        assert about_us(unit) == {"responsible": "Consell Comarcal", "contact": "c@exemple.cat", "officer": ""}
        notice = read_notice(unit, room.workshop, lambda municipality, comarca: "Solsonès" if comarca else "")
    assert (notice.date, notice.until, notice.place) == ("2026-03-12", "2027-03-12", "Solsonès")
