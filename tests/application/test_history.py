"""Bringing back what a record said before: one more statement, also while laptops disagree."""

from __future__ import annotations

import pytest

from pessdesk.application import capture, history
from pessdesk.application.undo import apply_steps
from pessdesk.domain.errors import InputRefused, UnknownThing
from tests.application.conftest import Room, elsewhere


def say(room: Room, **fields: object) -> str:
    """A contribution with a history of three versions; gives its record."""
    said = room.say("Primera", kind="need")
    capture.change_fields(room.desk, said.record, room.workshop, {"text": "Segona", "title": "Títol"})
    capture.change_fields(room.desk, said.record, room.workshop, {"text": "Tercera", "kind": "question"})
    return said.record


def revision(room: Room, record: str, number: int) -> str:
    with room.desk.store.read() as unit:
        return history.versions(unit, record)[number - 1].revision


def test_versions_are_numbered_from_the_oldest(room: Room) -> None:
    record = say(room)
    with room.desk.store.read() as unit:
        told = history.versions(unit, record)
    assert [one.changed.get("text") for one in told] == ["Primera", "Segona", "Tercera"]
    assert told[2].changed == {"text": "Tercera", "kind": "question"}


def test_an_earlier_version_comes_back_with_what_it_changed_and_nothing_else(room: Room) -> None:
    record = say(room)
    done = history.bring_back(room.desk, record, revision(room, record, 2))
    content = room.view(record).content
    assert (content["text"], content["title"], content["kind"]) == ("Segona", "Títol", "question")
    apply_steps(room.desk, done.undo)
    assert room.view(record).content["text"] == "Tercera"
    assert len(room.history(record)) == 5, "nothing is taken out of the history"


def test_single_fields_of_a_version(room: Room) -> None:
    record = say(room)
    history.bring_back(room.desk, record, revision(room, record, 1), ["kind"])
    assert (room.view(record).content["text"], room.view(record).content["kind"]) == ("Tercera", "need")


def test_the_first_version_takes_back_what_came_after_but_never_the_code(room: Room) -> None:
    record = say(room)
    code = room.view(record).content["code"]
    history.bring_back(room.desk, record, revision(room, record, 1))
    content = room.view(record).content
    assert (content["text"], content["kind"], content["code"]) == ("Primera", "need", code)


def test_lines_come_with_their_document(room: Room) -> None:
    said = room.say("Hola", lines=("L4",), document="v1")
    capture.change_fields(room.desk, said.record, room.workshop, {"lines": ["L2"], "document": "v2"})
    history.bring_back(room.desk, said.record, revision(room, said.record, 1), ["lines"])
    content = room.view(said.record).content
    assert (content["lines"], content["document"]) == (["L4"], "v1")


def test_a_workshops_data_too(room: Room) -> None:
    for agenda in ("Benvinguda", "Comiat"):
        capture.change_fields(room.desk, room.workshop, room.workshop, {"agenda": agenda})
    history.bring_back(room.desk, room.workshop, revision(room, room.workshop, 2))
    assert room.view(room.workshop).content["agenda"] == "Benvinguda"


def test_with_a_clash_open_it_stays_open(room: Room) -> None:
    record = say(room)
    view = room.view(record)
    capture.change_fields(room.desk, record, room.workshop, {"text": "Aquí"})
    elsewhere(room.desk, record, view.content | {"text": "Allà"}, view.heads)
    history.bring_back(room.desk, record, revision(room, record, 1), ["text"])
    (clash,) = room.view(record).clashes
    assert "Primera" in {claim.value for claim in clash.claims} and len(clash.claims) == 2


def test_what_is_so_already_and_what_was_never_said(room: Room) -> None:
    record = say(room)
    with pytest.raises(InputRefused, match="nothing-to-bring-back"):
        history.bring_back(room.desk, record, revision(room, record, 3))
    with pytest.raises(UnknownThing, match="revision-unknown"):
        history.bring_back(room.desk, record, "0" * 64)
    assert len(room.history(record)) == 3


def test_a_record_by_its_code_or_its_id(room: Room) -> None:
    record = say(room)
    code, workshop = room.view(record).content["code"], room.view(room.workshop).content["code"]
    with room.desk.store.read() as unit:
        assert history.record_of(unit, code) == record
        assert history.record_of(unit, workshop) == room.workshop
        assert history.record_of(unit, record) == record
        with pytest.raises(UnknownThing, match="contribution-unknown"):
            history.record_of(unit, "PESS-04-260312-ZZ-AB999")
