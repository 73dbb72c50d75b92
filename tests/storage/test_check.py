"""`check` finds numbers that are missing or stand twice, and a clock that went back; it takes for damage nothing that is none."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from pessdesk.application import capture
from pessdesk.application.authoring import Author
from pessdesk.application.ports import Desk
from pessdesk.application.programme import PlannedWorkshop, new_workshop
from pessdesk.bootstrap import Program
from pessdesk.storage.store import Store
from tests.application.conftest import Room, elsewhere


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with Program().desk(tmp_path / "store", write=True, create=True, keep=True) as desk:
        made = Room(desk, str(new_workshop(desk, PlannedWorkshop("Taller", "2026-03-12", "04", groups=2))["record"]))
        for said in ("Una", "Dues", "Tres"):
            made.say(said)
        yield made


def problems(room: Room) -> list[str]:
    with room.desk.store.read() as unit:
        return [code for code, _ in unit.problems()]


def run(room: Room, sql: str, **values: object) -> None:
    store = room.desk.store
    assert isinstance(store, Store)
    with store._engine.begin() as connection:
        connection.execute(text(sql), values)


def counters(room: Room) -> list[int]:
    return sorted(revision.counter for row in room.rows for revision in room.history(row["record"]))


def test_a_sound_store(room: Room) -> None:
    view = room.view(room.rows[0]["record"])
    for word in "ab":
        elsewhere(room.desk, view.record, view.content | {"text": word}, view.heads)
    assert problems(room) == []


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_statement_that_is_gone(room: Room, which: int) -> None:
    """In the middle as well as at the end: what was acknowledged is counted."""
    number = counters(room)[which]
    run(room, "DELETE FROM contribution WHERE record = (SELECT record FROM revision WHERE counter = :n)", n=number)
    run(room, "DELETE FROM revision WHERE counter = :n", n=number)
    with room.desk.store.read() as unit:
        told = dict(unit.problems())
    assert told["check-counter"] == {"number": number, "count": 1}


def test_what_was_erased_keeps_its_number(room: Room) -> None:
    record = room.rows[1]["record"]
    elsewhere(room.desk, room.desk.new_id(), {"records": [record], "reason": "petició"}, (), "erasure")
    assert len(room.rows) == 2
    assert problems(room) == []


def test_a_laptop_that_stated_two_things_under_one_number(room: Room) -> None:
    """Its store was copied, and both copies went on."""
    view = room.view(room.rows[0]["record"])
    elsewhere(room.desk, view.record, view.content | {"text": "a"}, view.heads)
    with room.desk.store.write() as unit:
        unit.set_setting("stranger", "0")
    elsewhere(room.desk, view.record, view.content | {"text": "b"}, view.heads)
    assert "check-fork" in problems(room)


def test_a_number_that_is_stamped_before_the_one_it_follows(room: Room) -> None:
    stranger = replace(room.desk, device="e" * 64)
    with room.desk.store.write() as unit:
        before = unit.setting("hlc"), unit.setting("counter")
        for counter, stamp in (("0", "0100000000000000"), ("1", "0000000000010000")):
            unit.set_settings({"counter": counter, "hlc": stamp})
            author = Author(replace(stranger, clock=_Still()), unit)
            unit.append_new([author.act("card-trusted")])
        unit.set_settings({"hlc": str(before[0]), "counter": str(before[1])})
    assert problems(room) == ["check-clock"]


class _Still:
    """A clock that stands at the beginning of time."""

    def now_ms(self) -> int:
        return 0

    def utc(self) -> str:
        return "1970-01-01T00:00:00Z"


def test_an_epoch_that_a_restored_backup_began_goes_on_counting(room: Room) -> None:
    with room.desk.store.write() as unit:
        unit.set_setting("epoch", "7")
    room.say("Després de recuperar")
    assert problems(room) == []


def test_an_act_about_what_has_not_arrived_is_said_to_wait(room: Room) -> None:
    desk: Desk = room.desk
    record = room.rows[0]["record"]
    with desk.store.write() as unit:
        author = Author(desk, unit)
        unit.append_new([author.act("clash-settled", workshop=room.workshop, subjects=(record,))])
        unit.append_new([author.act("clash-settled", workshop=room.workshop, subjects=(desk.new_id(),))])
        author.save()
    with desk.store.read() as unit:
        acts = unit.told_acts()
    assert [(act["about"], act["waiting"]) for act in acts] == [((room.rows[0]["code"],), False), ((), True)]
    assert problems(room) == []


def test_it_is_quick_enough(room: Room) -> None:
    for number in range(300):
        capture.change_fields(room.desk, room.rows[0]["record"], room.workshop, {"text": str(number)})
    began = time.monotonic()
    assert problems(room) == []
    assert time.monotonic() - began < 5
