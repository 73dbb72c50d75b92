"""Undo after do is nothing: whatever was done, in whatever order, and whatever others did meanwhile."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pessdesk.application import capture
from pessdesk.application.ports import Desk
from pessdesk.application.programme import PlannedWorkshop, new_workshop
from pessdesk.application.steps import Done, Step, Steps
from pessdesk.application.undo import apply_steps
from pessdesk.bootstrap import Program
from pessdesk.domain.errors import InputRefused, UnknownThing
from pessdesk.domain.kinds import CONTRIBUTION_KINDS
from pessdesk.records.envelope import trusted_revision
from pessdesk.records.merge import merged_view
from tests.application.conftest import Room, elsewhere

# One action and its undo


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("text", "Una altra cosa", "Una altra cosa"), ("title", "Títol", "Títol"), ("kind", "need", "need"),
        ("language", "oc", "oc"), ("lines", ["L4", "L4-2"], ["L4", "L4-2"]), ("withdrawn", True, True),
        ("reference", "full 3", "full 3"),
    ],
)  # fmt: skip
def test_each_field_changes_and_comes_back(room: Room, field: str, value: Any, shown: Any) -> None:
    said = room.say("Hola")
    before = room.view(said.record).content
    done = capture.change_fields(room.desk, said.record, room.workshop, {field: value})
    assert room.view(said.record).content.get(field) == shown
    redo = apply_steps(room.desk, done.undo)
    assert room.view(said.record).content == before
    apply_steps(room.desk, redo)
    assert room.view(said.record).content.get(field) == shown


def test_a_change_to_what_is_so_already_is_none(room: Room) -> None:
    said = room.say("Hola", kind="need")
    for fields in ({"text": "Hola"}, {"kind": "need"}, {"title": ""}, {"withdrawn": False}, {"lines": []}):
        assert capture.change_fields(room.desk, said.record, room.workshop, fields).undo == ()
    assert len(room.history(said.record)) == 1


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"text": ""}, "text-missing"), ({"text": " \n"}, "text-missing"), ({"text": "x" * 20_001}, "text-too-long"),
        ({"text": "a\x01"}, "text-control-character"), ({"title": "a\nb"}, "text-control-character"),
        ({"kind": "rumour"}, "choice-unknown"), ({"title": "x" * 501}, "text-too-long"),
    ],
)  # fmt: skip
def test_what_the_domain_refuses_changes_nothing(room: Room, fields: dict[str, Any], code: str) -> None:
    said = room.say("Hola")
    with pytest.raises(InputRefused) as refused:
        capture.change_fields(room.desk, said.record, room.workshop, fields)
    assert refused.value.code == code
    assert len(room.history(said.record)) == 1


def test_all_steps_or_none(room: Room) -> None:
    one, other = room.say("a"), room.say("b")
    nobody = room.workshop[:-1] + ("0" if room.workshop[-1] != "0" else "1")
    with pytest.raises(InputRefused):
        apply_steps(room.desk, [Step(one.record, {"text": "c"}), Step(other.record, {"kind": "rumour"})])
    with pytest.raises(UnknownThing, match="record-unknown"):
        apply_steps(room.desk, [Step(one.record, {"text": "c"}), Step(nobody, {"text": "x"})])
    assert [row["text"] for row in room.rows] == ["a", "b"]


def test_steps_on_one_record_are_undone_from_the_last(room: Room) -> None:
    said = room.say("a")
    back = apply_steps(room.desk, [Step(said.record, {"text": "b"}), Step(said.record, {"text": "c"})])
    assert room.row(said.record)["text"] == "c"
    apply_steps(room.desk, back)
    assert room.row(said.record)["text"] == "a"


# What others did meanwhile


def test_somebody_elses_edit_of_another_field_stays(room: Room) -> None:
    said = room.say("Hola")
    done = capture.change_fields(room.desk, said.record, room.workshop, {"text": "Adéu"})
    room.other(said.record, title="El títol d'un altre")
    apply_steps(room.desk, done.undo)
    content = room.view(said.record).content
    assert (content["text"], content["title"]) == ("Hola", "El títol d'un altre")


def test_withdrawing_is_undone_and_keeps_what_was_edited_meanwhile(room: Room) -> None:
    said = room.say("Hola")
    done = capture.change_fields(room.desk, said.record, room.workshop, {"withdrawn": True})
    room.other(said.record, text="Hola a tothom")
    apply_steps(room.desk, done.undo)
    assert (room.row(said.record)["text"], room.row(said.record)["withdrawn"]) == ("Hola a tothom", False)


def clashing(room: Room) -> tuple[str, Done]:
    """A contribution whose text this laptop and another changed, neither knowing of the other."""
    said = room.say("Hola")
    before = room.view(said.record)
    done = capture.change_fields(room.desk, said.record, room.workshop, {"text": "Hola (aquí)"})
    elsewhere(room.desk, said.record, before.content | {"text": "Hola (allà)"}, before.heads)
    assert [clash.field for clash in room.view(said.record).clashes] == ["text"]
    return said.record, done


def test_undo_with_a_clash_open_does_not_settle_it(room: Room) -> None:
    record, done = clashing(room)
    apply_steps(room.desk, done.undo)
    clashes = room.view(record).clashes
    assert [clash.field for clash in clashes] == ["text"]
    assert {claim.value for claim in clashes[0].claims} == {"Hola", "Hola (allà)"}, "this side is undone, theirs stays"


def test_redo_with_a_clash_open_brings_back_this_side(room: Room) -> None:
    record, done = clashing(room)
    redo = apply_steps(room.desk, done.undo)
    again = apply_steps(room.desk, redo)
    assert {claim.value for claim in room.view(record).clashes[0].claims} == {"Hola (aquí)", "Hola (allà)"}
    apply_steps(room.desk, again)
    assert {claim.value for claim in room.view(record).clashes[0].claims} == {"Hola", "Hola (allà)"}


def test_an_edit_of_another_field_leaves_the_clash_and_is_undone(room: Room) -> None:
    record, _ = clashing(room)
    shown = room.view(record).content
    claims = {claim.value for claim in room.view(record).clashes[0].claims}
    done = capture.change_fields(room.desk, record, room.workshop, {"title": "Títol", "kind": "need"})
    assert room.view(record).content == shown | {"title": "Títol", "kind": "need"}
    apply_steps(room.desk, done.undo)
    assert room.view(record).content == shown
    assert {claim.value for claim in room.view(record).clashes[0].claims} == claims


def test_undo_of_a_record_that_another_laptop_erased_says_so(room: Room) -> None:
    said = room.say("Hola")
    done = capture.change_fields(room.desk, said.record, room.workshop, {"text": "Adéu"})
    erasure = {"records": [said.record], "reason": "petició"}
    elsewhere(room.desk, room.desk.new_id(), erasure, (), "erasure")
    with pytest.raises(UnknownThing, match="record-unknown"):
        apply_steps(room.desk, done.undo)


# The law

TEXTS = ("Hola", "l·l", "<b>x</b>", "Adéu\nsiau", "مرحبا", "x" * 300)
KINDS_OF = ("contribution", "group", "entity", "attachment", "tally")
FILES = (b"one", b"two")

Action = tuple[str, int, int]
ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(
            ("record", "record", "at new table", "text", "title", "kind", "table", "new table", "entity", "line",
             "language", "withdraw", "back", "dots", "people", "attach", "take away")
        ),
        st.integers(0, 5),
        st.integers(0, 5),
    ),
    min_size=1,
    max_size=12,
)  # fmt: skip


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, Path]]:
    """One store for all examples; each has a workshop of its own."""
    folder = tmp_path_factory.mktemp("undo")
    for number, content in enumerate(FILES):
        (folder / f"{number}.txt").write_bytes(content)
    with Program().desk(folder / "store", write=True, create=True, keep=True) as desk:
        yield desk, folder


class Person:
    """Does things by number: which contribution, which of a few values."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.folder = folder
        plan = PlannedWorkshop("Taller", "2026-03-12", "04", groups=2)
        self.room = Room(desk, str(new_workshop(desk, plan)["record"]))
        self.codes: list[str] = []
        self.names = itertools.count(3)

    def do(self, action: Action) -> Done | None:
        verb, which, what = action
        if verb.startswith(("record", "at new")) or not self.codes:
            new = str(next(self.names)) if verb == "at new table" else ""
            done = self.room.say(TEXTS[what], kind=CONTRIBUTION_KINDS[which], votes=what % 3, new_group=new)
            self.codes.append(done.code)
            return done
        desk, workshop, rows = self.room.desk, self.room.workshop, self.room.rows
        record = rows[which % len(rows)]["record"]
        with desk.store.read() as unit:
            tables, entities = unit.groups(workshop), unit.entities()
            files = [row for row in unit.attachments(workshop) if not row["withdrawn"]]

        def change(**fields: Any) -> Done:
            return capture.change_fields(desk, record, workshop, fields)

        doings: dict[str, Callable[[], Done | None]] = {
            "text": lambda: change(text=TEXTS[what]),
            "title": lambda: change(title=("", "Títol", "Un altre")[what % 3]),
            "kind": lambda: change(kind=CONTRIBUTION_KINDS[what]),
            "table": lambda: change(group=("", *(t["record"] for t in tables))[what % (len(tables) + 1)]),
            "new table": lambda: capture.put_at_table(desk, record, workshop, str(next(self.names))),
            "entity": lambda: (
                capture.name_entity(desk, record, workshop, f"Entitat {workshop[-6:]} {what}")
                if what % 2
                else change(entity=("", *(e["record"] for e in entities))[what % (len(entities) + 1)])
            ),
            "line": lambda: change(lines=[["L1"], ["L1", "L4-2"], []][what % 3], document=["v1", "v1", ""][what % 3]),
            "language": lambda: change(language=("", "ca", "oc")[what % 3]),
            "withdraw": lambda: change(withdrawn=True),
            "back": lambda: change(withdrawn=False),
            "dots": lambda: capture.count(desk, workshop, record, "votes", what),
            "people": lambda: capture.count_new_entity(desk, workshop, f"Grup {workshop[-6:]} {which}", what),
            "attach": lambda: capture.attach(desk, record, workshop, self.folder / f"{what % 2}.txt"),
            "take away": lambda: (
                capture.change_fields(desk, files[what % len(files)]["record"], workshop, {"withdrawn": True})
                if files
                else None
            ),
        }
        return doings[verb]()

    def shown(self) -> dict[str, dict[str, Any]]:
        """Every record of the workshop as it shows; what counts no longer shows as nothing."""
        with self.room.desk.store.read() as unit:
            mine = unit.made_by(self.room.desk.device, [self.room.workshop])
            records = sorted({trusted_revision(data).record for data in mine})
            views = [merged_view(history) for history in unit.histories(records).values()]
        assert all(not view.clashes for view in views)
        return {
            view.record: view.content
            for view in views
            if view.kind in KINDS_OF and not view.content.get("withdrawn") and view.content.get("value") != 0
        }


@settings(max_examples=60)
@given(actions=ACTIONS)
def test_undo_of_everything_is_as_it_was_and_redo_as_it_became(
    shared: tuple[Desk, Path], actions: list[Action]
) -> None:
    person = Person(*shared)
    states = [person.shown()]
    way_back: list[Steps] = []
    for action in actions:
        done = person.do(action)
        if done is not None and done.undo:
            way_back.append(done.undo)
            states.append(person.shown())
    way_forth: list[Steps] = []
    hidden = _votes_of_what_is_gone
    for steps, state in zip(reversed(way_back), reversed(states[:-1]), strict=True):
        way_forth.append(apply_steps(person.room.desk, steps))
        assert hidden(person.shown()) == hidden(state)
    for steps, state in zip(reversed(way_forth), states[1:], strict=True):
        apply_steps(person.room.desk, steps)
        assert hidden(person.shown()) == hidden(state)
    assert len(set(person.codes)) == len(person.codes), "a code is never used again"
    assert len(person.room.rows) == len(person.codes), "and nothing is ever gone"


def _votes_of_what_is_gone(shown: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Without the dots of contributions that do not count: they wait there in case the contribution comes back."""
    return {
        record: content
        for record, content in shown.items()
        if content.get("measure") != "votes" or content["subject"] in shown
    }
