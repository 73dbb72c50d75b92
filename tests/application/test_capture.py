"""What a facilitator does in the room: each action is on the disk when it returns, and can be taken back."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from pessdesk.application import capture
from pessdesk.application.authoring import Author
from pessdesk.application.capture_line import Said, draft_key
from pessdesk.application.export_bundle import export_workshop
from pessdesk.application.ports import Desk
from pessdesk.application.programme import PlannedWorkshop, ProgrammePlan
from pessdesk.application.record_contributions import SheetRow
from pessdesk.application.rehearsal import REHEARSAL, prepare_rehearsal
from pessdesk.application.undo import apply_steps
from pessdesk.bootstrap import Program
from pessdesk.domain import codes
from pessdesk.domain.errors import InputRefused, PessError, UnknownThing
from pessdesk.domain.model import Tally
from pessdesk.system.paths import resources
from tests.application.conftest import Room, elsewhere

NOBODY = "01900000-0000-7000-8000-0000000000aa"


def tally(room: Room, subject: str, measure: str = "votes") -> int:
    with room.desk.store.read() as unit:
        return unit.totals(room.workshop, measure).get(subject, 0)


def own_tallies(room: Room, subject: str) -> int:
    with room.desk.store.read() as unit:
        return len(unit.tally_of(subject, "votes"))


def count_elsewhere(room: Room, subject: str, value: int, measure: str = "votes") -> None:
    content = {"workshop": room.workshop, "subject": subject, "measure": measure, "value": value}
    elsewhere(room.desk, room.desk.new_id(), content, (), "tally")


# Recording


def test_what_was_said_stands_with_everything_about_it(room: Room) -> None:
    done = room.say("Transport a demanda", kind="need", lines=("L4",), document="v1", language="ca", votes=3)
    row = room.row(done.record)
    assert (row["text"], row["kind"], row["lines"], row["language"]) == ("Transport a demanda", "need", "L4", "ca")
    assert (row["code"], row["votes"], row["withdrawn"]) == (done.code, 3, False)
    assert done.workshop == room.workshop


def test_a_document_is_named_only_with_a_line_of_it(room: Room) -> None:
    assert room.row(room.say("Hola", document="v1").record)["document"] == ""


@pytest.mark.parametrize(
    "text", ["<b>a</b>", "l·l ŀl", "مرحبا بكم", "👩‍👩‍👧 família", "a\n\nb", "  a  ", "a\tb", "x" * 20_000]
)
def test_what_was_said_is_kept_letter_by_letter(room: Room, text: str) -> None:
    assert room.row(room.say(text).record)["text"] == text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "text-missing"), ("  \n", "text-missing"), ("x" * 20_001, "text-too-long"),
        ("a\x00b", "text-control-character"), ("a\x0bb", "text-control-character"), ("a\ud800", "text-control-character"),
    ],
)  # fmt: skip
def test_what_the_domain_refuses_leaves_no_trace(room: Room, text: str, code: str) -> None:
    first = room.say("a").code
    with pytest.raises(InputRefused) as refused:
        room.say(text, new_group="9")
    assert refused.value.code == code
    assert [row["text"] for row in room.rows] == ["a"]
    assert "9" not in room.tables
    assert int(room.say("b").code[-3:]) == int(first[-3:]) + 1, "no number is lost"


def test_in_a_workshop_that_is_not_here(desk: Desk) -> None:
    with pytest.raises(UnknownThing, match="workshop-unknown"):
        capture.record_contribution(desk, NOBODY, Said("Hola"))


def test_codes_count_up_and_are_never_used_again(room: Room) -> None:
    codes = []
    for _ in range(3):
        done = room.say()
        codes.append(done.code)
        apply_steps(room.desk, done.undo)
    codes.append(room.say().code)
    assert len(set(codes)) == 4
    assert [code[-3:] for code in codes] == ["001", "002", "003", "004"]


def test_recording_lets_its_draft_go_in_the_same_commit(room: Room) -> None:
    key = draft_key(room.workshop)

    def write_draft() -> None:
        with room.desk.store.write() as unit:
            unit.set_setting(key, "Transport a dem")

    write_draft()
    room.say("Transport a demanda")
    assert room.setting(key) == ""
    write_draft()
    with pytest.raises(InputRefused):
        room.say("x\x00")
    assert room.setting(key) == "Transport a dem", "what was not recorded keeps its draft"


def test_a_new_table_is_made_with_the_contribution_and_goes_with_it(room: Room) -> None:
    done = room.say("Hola", new_group="3")
    assert room.tables == ["1", "2", "3"]
    assert room.row(done.record)["grouping"] != ""
    apply_steps(room.desk, done.undo)
    assert room.tables == ["1", "2"]
    assert room.row(done.record)["withdrawn"]


def test_a_new_table_asked_for_twice_is_one(room: Room) -> None:
    """Two contributions given one after the other, before the screen knew of the table."""
    first, second = room.say("a", new_group="3"), room.say("b", new_group="3")
    assert room.tables == ["1", "2", "3"]
    assert room.row(first.record)["grouping"] == room.row(second.record)["grouping"]
    apply_steps(room.desk, second.undo)
    assert room.tables == ["1", "2", "3"], "the first one still sits there"


# Tables and entities that nobody knew


def test_putting_at_a_new_table(room: Room) -> None:
    said = room.say("Hola")
    done = capture.put_at_table(room.desk, said.record, room.workshop, "3")
    assert room.tables == ["1", "2", "3"]
    redo = apply_steps(room.desk, done.undo)
    assert room.tables == ["1", "2"] and room.row(said.record)["grouping"] == ""
    apply_steps(room.desk, redo)
    assert room.tables == ["1", "2", "3"] and room.row(said.record)["grouping"] != ""


def test_naming_an_entity_nobody_knows(room: Room) -> None:
    said = room.say("Hola")
    done = capture.name_entity(room.desk, said.record, room.workshop, "Càritas")
    assert room.entities == ["Càritas"]
    apply_steps(room.desk, done.undo)
    assert room.entities == [] and room.row(said.record)["entity"] == ""


def test_naming_the_same_entity_twice_makes_one(room: Room) -> None:
    """Enter and then leaving the field, before the screen knew of it."""
    said = room.say("Hola")
    capture.name_entity(room.desk, said.record, room.workshop, "Càritas")
    again = capture.name_entity(room.desk, said.record, room.workshop, "caritas")
    assert room.entities == ["Càritas"]
    assert again.undo == ()


def test_putting_at_a_table_that_came_meanwhile(room: Room) -> None:
    said = room.say("Hola")
    done = capture.put_at_table(room.desk, said.record, room.workshop, "2")
    assert room.tables == ["1", "2"]
    apply_steps(room.desk, done.undo)
    assert room.tables == ["1", "2"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 301, "a\nb"])
def test_a_name_that_is_none_is_refused(room: Room, name: str) -> None:
    said = room.say("Hola")
    with pytest.raises(InputRefused):
        capture.name_entity(room.desk, said.record, room.workshop, name)
    assert room.entities == []
    assert len(room.history(said.record)) == 1


def test_people_of_an_entity_nobody_knows(room: Room) -> None:
    done = capture.count_new_entity(room.desk, room.workshop, "Càritas", 4)
    assert tally(room, done.record, "present") == 4
    apply_steps(room.desk, done.undo)
    assert tally(room, done.record, "present") == 0
    assert room.entities == []


def test_people_who_come_twice_before_the_screen_knew_are_all_there(room: Room) -> None:
    first = capture.count_new_entity(room.desk, room.workshop, "Càritas", 2)
    second = capture.count_new_entity(room.desk, room.workshop, "Càritas", 3)
    assert room.entities == ["Càritas"] and tally(room, first.record, "present") == 5
    apply_steps(room.desk, second.undo)
    assert room.entities == ["Càritas"] and tally(room, first.record, "present") == 2


# Counting


def test_counting_sets_the_total(room: Room) -> None:
    said = room.say("Hola")
    for total in (3, 5, 2, 0):
        capture.count(room.desk, room.workshop, said.record, "votes", total)
        assert tally(room, said.record) == total
    assert own_tallies(room, said.record) == 1


def test_counting_what_is_so_already_changes_nothing(room: Room) -> None:
    said = room.say("Hola", votes=2)
    before = len(room.rows)
    assert capture.count(room.desk, room.workshop, said.record, "votes", 2).undo == ()
    assert capture.count(room.desk, room.workshop, room.say().record, "votes", 0).undo == ()
    assert len(room.rows) == before + 1


def test_counting_never_lowers_what_others_counted(room: Room) -> None:
    said = room.say("Hola", votes=2)
    count_elsewhere(room, said.record, 3)
    assert tally(room, said.record) == 5
    capture.count(room.desk, room.workshop, said.record, "votes", 4)
    assert tally(room, said.record) == 4, "1 here, 3 there"
    capture.count(room.desk, room.workshop, said.record, "votes", 0)
    assert tally(room, said.record) == 3, "theirs stay"
    capture.count(room.desk, room.workshop, said.record, "votes", 1)
    assert tally(room, said.record) == 3


def test_a_count_is_taken_back(room: Room) -> None:
    said = room.say("Hola")
    first = capture.count(room.desk, room.workshop, said.record, "votes", 3)
    second = capture.count(room.desk, room.workshop, said.record, "votes", 7)
    apply_steps(room.desk, second.undo)
    assert tally(room, said.record) == 3
    apply_steps(room.desk, first.undo)
    assert tally(room, said.record) == 0


def test_a_total_out_of_range_is_refused(room: Room) -> None:
    said = room.say("Hola", votes=1)
    with pytest.raises(InputRefused, match="number-out-of-range"):
        capture.count(room.desk, room.workshop, said.record, "votes", 1_000_001)
    assert tally(room, said.record) == 1


# Files


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "Mural.JPG"
    path.write_bytes(b"\xff\xd8\xff a photo")
    return path


def attachments(room: Room) -> list[tuple[str, bool]]:
    with room.desk.store.read() as unit:
        return [(row["name"], bool(row["withdrawn"])) for row in unit.attachments(room.workshop)]


def test_a_photo_beside_a_contribution(room: Room, photo: Path) -> None:
    said = room.say("Hola")
    done = capture.attach(room.desk, said.record, room.workshop, photo)
    assert attachments(room) == [("Mural.JPG", False)]
    digest = hashlib.sha256(photo.read_bytes()).hexdigest()
    assert room.desk.files.attachment(f"{digest}.jpg").read_bytes() == photo.read_bytes()
    apply_steps(room.desk, done.undo)
    assert attachments(room) == [("Mural.JPG", True)]


def test_the_same_file_twice_is_one(room: Room, photo: Path) -> None:
    said = room.say("Hola")
    capture.attach(room.desk, said.record, room.workshop, photo)
    assert capture.attach(room.desk, said.record, room.workshop, photo).undo == ()
    assert attachments(room) == [("Mural.JPG", False)]


def test_one_file_beside_two_contributions(room: Room, photo: Path) -> None:
    for text in "ab":
        capture.attach(room.desk, room.say(text).record, room.workshop, photo)
    assert len(attachments(room)) == 2


def test_a_file_that_was_taken_away_comes_back(room: Room, photo: Path) -> None:
    said = room.say("Hola")
    apply_steps(room.desk, capture.attach(room.desk, said.record, room.workshop, photo).undo)
    back = capture.attach(room.desk, said.record, room.workshop, photo)
    assert attachments(room) == [("Mural.JPG", False)]
    apply_steps(room.desk, back.undo)
    assert attachments(room) == [("Mural.JPG", True)]


def test_a_pasted_picture_has_a_name_of_its_own(room: Room) -> None:
    capture.attach(room.desk, room.say().record, room.workshop, Path("enganxada.png"), b"picture")
    assert attachments(room) == [("enganxada.png", False)]
    digest = hashlib.sha256(b"picture").hexdigest()
    assert room.desk.files.attachment(f"{digest}.png").read_bytes() == b"picture"


def test_files_that_are_none(room: Room, tmp_path: Path) -> None:
    said = room.say("Hola")
    empty = tmp_path / "empty.jpg"
    empty.touch()
    for path, code in (
        (empty, "attachment-size"),
        (tmp_path / "gone.jpg", "photo-missing"),
        (tmp_path, "photo-missing"),
    ):
        with pytest.raises(PessError) as refused:
            capture.attach(room.desk, said.record, room.workshop, path)
        assert refused.value.code == code
    assert attachments(room) == []


# The rehearsal


def test_nothing_of_a_rehearsal_can_be_handed_over(desk: Desk, tmp_path: Path) -> None:
    program = Program()
    plan: ProgrammePlan = program.read_programme(resources() / "demo" / "programme")
    workshop = PlannedWorkshop("Assaig", "2026-03-12", "04", groups=2)
    said = [SheetRow(2, {"text": "Hola", "group": "1"})]
    record = prepare_rehearsal(desk, plan, workshop, said, program.words())
    assert prepare_rehearsal(desk, plan, workshop, said, program.words()) == record, "a second time it is there"
    with desk.store.read() as unit:
        assert [row["title"] for row in unit.workshops()] == ["Assaig"], "the real programme's shape, not its workshops"
        code = unit.workshops()[0]["code"]
        assert unit.setting(REHEARSAL) == record
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(InputRefused, match="rehearsal-export"):
        export_workshop(desk, code, out)
    assert list(out.iterdir()) == []


def test_a_rehearsal_that_was_interrupted_is_made_anew(desk: Desk) -> None:
    with desk.store.write() as unit:
        unit.set_setting(REHEARSAL, "preparing")
    program = Program()
    plan = program.read_programme(resources() / "demo" / "programme")
    workshop = PlannedWorkshop("Assaig", "2026-03-12", "04")
    record = prepare_rehearsal(desk, plan, workshop, [SheetRow(2, {"text": "Hola"})], program.words())
    with desk.store.read() as unit:
        assert [row["text"] for row in unit.contributions(record)] == ["Hola"]


def test_a_tally_states_this_laptop_alone(room: Room) -> None:
    said = room.say("Hola")
    with room.desk.store.write() as unit:
        author = Author(room.desk, unit)
        unit.append_new([author.state(Tally(room.workshop, said.record, "votes", 2))])
        author.save()
    capture.count(room.desk, room.workshop, said.record, "votes", 5)
    assert own_tallies(room, said.record) == 1 and tally(room, said.record) == 5


def test_laptops_that_know_each_other_have_letters_of_their_own(room: Room) -> None:
    """Two letters come from a laptop's id; of two that would have the same, the later id takes one more."""
    device = int(room.desk.device, 16)
    twin = f"{device - len(codes._LETTERS) ** 2 * 7:064x}"
    assert codes.laptop_mark(twin) == codes.laptop_mark(room.desk.device)

    class Known:
        def trusted(self) -> frozenset[str]:
            return frozenset((twin, room.desk.device))

    knows = replace(room.desk, bundles=Known())  # type: ignore[arg-type]
    mark = codes.mark_of(capture.record_contribution(knows, room.workshop, Said("Hola")).code)
    assert mark == codes.laptop_mark(room.desk.device, {codes.laptop_mark(twin)})
    assert len(mark) == 3
