"""Deciding what a record says where laptops changed it at the same time."""

from __future__ import annotations

from typing import Any

import pytest

from pessdesk.application.capture import change_fields
from pessdesk.application.settle_clash import open_clashes, settle
from pessdesk.application.undo import apply_steps
from pessdesk.domain.errors import InputRefused, UnknownThing
from tests.application.conftest import Room, elsewhere


@pytest.fixture
def clashing(room: Room) -> str:
    """A contribution whose text, kind and lines two laptops changed; its title only one."""
    record = room.say("abans").record
    before = room.view(record)
    change_fields(room.desk, record, room.workshop, {"text": "aquí", "kind": "need", "title": "Un títol"})
    theirs = {"text": "allà", "kind": "question"}
    elsewhere(room.desk, record, before.content | theirs, before.heads)
    return record


def fields(room: Room) -> list[str]:
    with room.desk.store.read() as unit:
        return sorted(str(clash["field"]) for clash in open_clashes(unit))


def test_each_field_is_decided_by_itself_in_one_revision(room: Room, clashing: str) -> None:
    assert fields(room) == ["kind", "text"]
    before = len(room.history(clashing))
    settle(room.desk, clashing, {"text": "allà", "kind": "need"})
    assert fields(room) == []
    said = room.view(clashing).content
    assert (said["text"], said["kind"], said["title"]) == ("allà", "need", "Un títol")
    assert len(room.history(clashing)) == before + 1
    assert len(room.view(clashing).heads) == 1


def test_another_text_stands_in_place_of_all(room: Room, clashing: str) -> None:
    settle(room.desk, clashing, {"text": "aquí i allà", "kind": "question"})
    assert room.view(clashing).content["text"] == "aquí i allà"
    assert fields(room) == []


@pytest.mark.parametrize(
    ("values", "kind", "code"),
    [
        ({"text": "aquí"}, InputRefused, "clash-more-fields"),
        ({}, InputRefused, "clash-more-fields"),
        ({"text": "", "kind": "need"}, InputRefused, "text-missing"),
        ({"text": "a\x00", "kind": "need"}, InputRefused, "text-control-character"),
        ({"text": "aquí", "kind": "rumour"}, InputRefused, "choice-unknown"),
    ],
)
def test_what_cannot_be_decided_changes_nothing(
    values: dict[str, Any], kind: type[Exception], code: str, room: Room, clashing: str
) -> None:
    before = room.history(clashing)
    with pytest.raises(kind, match=code):
        settle(room.desk, clashing, values)
    assert room.history(clashing) == before
    assert fields(room) == ["kind", "text"]


def test_what_does_not_clash_is_left_alone(room: Room, clashing: str) -> None:
    settle(room.desk, clashing, {"text": "allà", "kind": "need", "title": "Un altre"})
    assert room.view(clashing).content["title"] == "Un títol"


def test_a_decided_clash_is_decided(room: Room, clashing: str) -> None:
    settle(room.desk, clashing, {"text": "allà", "kind": "need"})
    with pytest.raises(UnknownThing, match="clash-unknown"):
        settle(room.desk, clashing, {"text": "allà", "kind": "need"})


def test_undoing_brings_back_what_showed_and_not_the_clash(room: Room, clashing: str) -> None:
    shown = room.view(clashing).content
    other = {"text": "aquí" if shown["text"] == "allà" else "allà", "kind": shown["kind"]}
    done = settle(room.desk, clashing, other)
    assert [dict(step.fields) for step in done.undo] == [{"text": shown["text"]}]
    back = apply_steps(room.desk, done.undo)
    assert room.view(clashing).content == shown
    assert fields(room) == []
    apply_steps(room.desk, back)
    assert room.view(clashing).content["text"] == other["text"]


def test_keeping_what_shows_leaves_nothing_to_undo(room: Room, clashing: str) -> None:
    shown = room.view(clashing).content
    done = settle(room.desk, clashing, {"text": shown["text"], "kind": shown["kind"]})
    assert done.undo == ()
    assert fields(room) == []


def test_a_workshops_data_clash_and_are_decided_too(room: Room) -> None:
    before = room.view(room.workshop)
    change_fields(room.desk, room.workshop, room.workshop, {"venue": "Sala gran"})
    elsewhere(room.desk, room.workshop, before.content | {"venue": "Sala petita"}, before.heads)
    assert fields(room) == ["venue"]
    done = settle(room.desk, room.workshop, {"venue": "Sala gran"})
    assert (done.record, done.workshop) == (room.workshop, room.workshop)
    assert fields(room) == []
    assert room.view(room.workshop).content["venue"] == "Sala gran"


def test_nothing_is_a_version_too(room: Room) -> None:
    """One laptop emptied the title, another changed it: keeping the emptiness leaves no title."""
    record = room.say("text").record
    change_fields(room.desk, record, room.workshop, {"title": "Un títol"})
    before = room.view(record)
    change_fields(room.desk, record, room.workshop, {"title": ""})
    elsewhere(room.desk, record, before.content | {"title": "Un altre"}, before.heads)
    assert fields(room) == ["title"]
    settle(room.desk, record, {"title": None})
    assert "title" not in room.view(record).content
