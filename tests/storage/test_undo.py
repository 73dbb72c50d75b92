"""The list of what can be undone: never ahead of what was done, never behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pessdesk.application import capture
from pessdesk.application.import_sheet import import_sheet
from pessdesk.application.programme import PlannedWorkshop, new_workshop
from pessdesk.application.record_contributions import BATCH, SheetRow
from pessdesk.application.steps import Entry, Intent, Step, Turn
from pessdesk.application.undo import apply_steps
from pessdesk.bootstrap import Program
from pessdesk.storage.reading import StoreReading, open_reading
from pessdesk.storage.undo import KEPT
from tests.application.conftest import Room, elsewhere

INTENT = ("TEXT", ("contributions",))


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with Program().desk(tmp_path / "store", write=True, create=True, keep=True) as desk:
        yield Room(desk, str(new_workshop(desk, PlannedWorkshop("Taller", "2026-03-12", "04", groups=2))["record"]))


@pytest.fixture
def reading(room: Room, tmp_path: Path) -> Iterator[StoreReading]:
    opened = open_reading(tmp_path / "store")
    assert opened is not None
    yield opened
    opened.close()


def change(room: Room, record: str, text: str) -> Intent:
    intent = Intent(*INTENT, room.workshop)
    capture.change_fields(replace(room.desk, intent=intent), record, room.workshop, {"text": text})
    return intent


def turn(room: Room, entry: Entry) -> None:
    desk = replace(room.desk, intent=Turn(entry.intent.number, not entry.undone))
    apply_steps(desk, entry.steps)


def test_an_entry_stands_there_as_it_was_written(room: Room, reading: StoreReading) -> None:
    said = room.say("Hola")
    intent = change(room, said.record, "Adéu")
    (entry,) = reading.undo_list()
    assert (entry.intent.what, entry.intent.kinds, entry.intent.workshop) == ("TEXT", ("contributions",), room.workshop)
    assert entry.intent.records == (said.record,), "what is told when it is undone"
    assert entry.intent.number == intent.number and not entry.undone
    assert [dict(step.fields) for step in entry.steps] == [{"text": "Hola"}]


def test_without_a_screen_nothing_is_noted(room: Room, reading: StoreReading) -> None:
    said = room.say("Hola")
    capture.change_fields(room.desk, said.record, room.workshop, {"text": "Adéu"})
    assert reading.undo_list() == []


def test_what_fails_leaves_neither_change_nor_entry(
    room: Room, reading: StoreReading, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = room.say("Hola")
    change(room, said.record, "b")
    with monkeypatch.context() as broken:
        broken.setattr("pessdesk.storage.unit.Unit.drop_settings", lambda *_: 1 // 0)
        intent = Intent(*INTENT, room.workshop, drafts=("draft:x",))
        with pytest.raises(ZeroDivisionError):
            capture.change_fields(replace(room.desk, intent=intent), said.record, room.workshop, {"text": "c"})
    assert len(reading.undo_list()) == 1
    assert room.row(said.record)["text"] == "b"


def test_turning_and_something_new(room: Room, reading: StoreReading) -> None:
    said = room.say("a")
    for text in "bcd":
        change(room, said.record, text)
    for _ in range(2):
        turn(room, [entry for entry in reading.undo_list() if not entry.undone][-1])
    assert [entry.undone for entry in reading.undo_list()] == [False, True, True]
    assert room.row(said.record)["text"] == "b"
    turn(room, next(entry for entry in reading.undo_list() if entry.undone))
    assert room.row(said.record)["text"] == "c"
    change(room, said.record, "e")
    assert [entry.undone for entry in reading.undo_list()] == [False, False, False], "d cannot be done again any more"


def test_the_drafts_that_a_change_finishes_go_with_it(room: Room, reading: StoreReading) -> None:
    said = room.say("a")
    with room.desk.store.write() as unit:
        unit.set_settings({"draft:x": "mig", "draft:y": "fet"})
    intent = Intent(*INTENT, room.workshop, drafts=("draft:x",))
    capture.change_fields(replace(room.desk, intent=intent), said.record, room.workshop, {"text": "b"})
    assert (reading.setting("draft:x"), reading.setting("draft:y")) == ("", "fet")


def test_only_so_many_are_kept(room: Room, reading: StoreReading) -> None:
    said = room.say("0")
    for number in range(KEPT + 3):
        change(room, said.record, str(number + 1))
    entries = reading.undo_list()
    assert len(entries) == KEPT
    assert entries[0].steps[0].fields == {"text": "3"} and entries[-1].steps[0].fields == {"text": str(KEPT + 2)}


def test_a_spreadsheet_that_stopped_on_the_way_is_one_entry_of_what_is_safe(
    room: Room, reading: StoreReading, tmp_path: Path
) -> None:
    rows = [SheetRow(n + 1, {"text": f"Fila {n}", "group": "9"}) for n in range(BATCH + 5)]
    counts: list[int] = []

    def dies(count: int) -> None:
        counts.append(len(reading.undo_list()[0].steps))
        if len(counts) == 2:
            raise KeyboardInterrupt

    intent = Intent("SHEET", ("contributions",), room.workshop)
    with pytest.raises(KeyboardInterrupt):
        import_sheet(
            replace(room.desk, intent=intent), room.workshop, rows, folder=tmp_path, words={}, progress=dies,
            stopped=lambda: False,
        )  # fmt: skip
    assert counts == [BATCH + 1, BATCH + 6], "after each commit the way back is as long as what is safe, and the table"
    (entry,) = reading.undo_list()
    turn(room, entry)
    assert all(row["withdrawn"] for row in room.rows)


def test_what_is_erased_cannot_come_back_by_undo(room: Room, reading: StoreReading) -> None:
    one, other = room.say("Una persona"), room.say("Una altra")
    for said in (one, other):
        change(room, said.record, "res")
    with room.desk.store.write() as unit:
        unit.forget_undo([one.record])
    assert [entry.steps[0].record for entry in reading.undo_list()] == [other.record]


def test_somebody_elses_later_change_of_the_same_field_stays(room: Room) -> None:
    """What an import or a command brought after ours is not ours to undo; the other fields of the step are."""
    said = room.say("Hola")
    done = capture.change_fields(room.desk, said.record, room.workshop, {"text": "Adéu", "title": "Comiat"})
    view = room.view(said.record)
    elsewhere(room.desk, said.record, view.content | {"text": "Fins aviat"}, view.heads)
    back = apply_steps(room.desk, done.undo)
    content = room.view(said.record).content
    assert (content["text"], content.get("title")) == ("Fins aviat", None)
    assert [dict(step.fields) for step in back] == [{"title": "Comiat"}]


def test_a_step_whose_revision_is_not_there_is_taken_as_it_is(room: Room) -> None:
    said = room.say("Hola")
    apply_steps(room.desk, [Step(said.record, {"text": "Adéu"}, "0" * 64)])
    assert room.row(said.record)["text"] == "Adéu"
