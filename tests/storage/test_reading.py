"""The screens' connection says what the writing one says, waits for nobody, and knows what it cannot read."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from pessdesk.application import capture
from pessdesk.application.capture_line import Said
from pessdesk.application.change_contribution import attach_file
from pessdesk.application.people import Given, add_person, agreed, keep_until, withdraw_consent
from pessdesk.application.ports import Desk
from pessdesk.application.programme import PlannedWorkshop, new_workshop, state_programme
from pessdesk.application.screens import ContributionRow, WorkshopRow
from pessdesk.application.settle_clash import settle_clash
from pessdesk.application.undo import apply_steps
from pessdesk.bootstrap import Program
from pessdesk.domain.errors import PessError, StoreUnusable
from pessdesk.records.envelope import Revision
from pessdesk.storage import reading, schema
from pessdesk.storage.reading import DATABASE, StoreReading, open_reading
from pessdesk.storage.store import open_store
from pessdesk.system.paths import resources
from tests.application.conftest import Room, elsewhere
from tests.storage.worlds import WORKSHOP, worlds

SAID = ("Transport a demanda", "Que el col·legi obri a l'estiu", "<b>Falta</b> un sol telèfon", "مرحبا", "l·l ŀl")


@dataclass
class Office:
    """A store in which much has happened, open for writing, and the screens' look at it."""

    folder: Path
    desk: Desk
    rooms: list[Room]
    look: StoreReading


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("reading") / "store"
    program = Program()
    with program.desk(folder, write=True, create=True, keep=True) as desk:
        state_programme(desk, program.read_programme(resources() / "demo" / "programme"))
        photo = folder.parent / "Mural.png"
        photo.write_bytes(b"\x89PNG")
        rooms = [
            Room(
                desk,
                str(new_workshop(desk, PlannedWorkshop(f"Taller {n}", f"2026-0{4 - n}-12", "04", groups=11))["record"]),
            )
            for n in range(3)
        ]
        for room in rooms[:2]:
            _live(room, photo)
        look = open_reading(folder)
        assert look is not None
        yield Office(folder, desk, rooms, look)
        look.close()


def _live(room: Room, photo: Path) -> None:
    """Record, edit, withdraw, count, attach, clash."""
    desk = room.desk
    with desk.store.read() as unit:
        table = unit.groups(room.workshop)[0]["record"]
        lines = [node["id"] for document in unit.base_documents() for node in document["nodes"]]
    said = [room.say(text, group=table, votes=n, lines=tuple(lines[2:4]), document="v") for n, text in enumerate(SAID)]
    capture.change_fields(
        desk, said[0].record, room.workshop, {"text": "Transport a demanda, cada dia", "kind": "need"}
    )
    capture.change_fields(desk, said[1].record, room.workshop, {"withdrawn": True})
    capture.name_entity(desk, said[2].record, room.workshop, f"Càritas {room.workshop[-4:]}")
    capture.put_at_table(desk, said[2].record, room.workshop, "Valls")
    apply_steps(desk, capture.put_at_table(desk, said[3].record, room.workshop, "Fora").undo)
    attached = attach_file(desk, said[3].code, photo)
    attach_file(desk, said[4].code, photo)
    capture.change_fields(desk, attached, room.workshop, {"withdrawn": True})
    capture.count_new_entity(desk, room.workshop, f"Creu Roja {room.workshop[-4:]}", 7)
    capture.count(desk, room.workshop, room.workshop, "present", 5)
    before = room.view(said[4].record)
    capture.change_fields(desk, said[4].record, room.workshop, {"text": "aquí", "title": "Aquí"})
    elsewhere(desk, said[4].record, before.content | {"text": "allà", "title": "Allà"}, before.heads)
    tally = {"workshop": room.workshop, "subject": said[0].record, "measure": "votes", "value": 4}
    elsewhere(desk, desk.new_id(), tally, (), "tally")


# The same answers


def test_contributions_are_what_the_writing_side_says(office: Office) -> None:
    for room in office.rooms:
        shown = {row.record: row for row in office.look.contributions(room.workshop, "", 1000)}
        with office.desk.store.read() as unit:
            rows = unit.contributions(room.workshop)
            tables = {row["record"]: row["name"] for row in unit._rows("SELECT record, name FROM grouping")}
            entities = {row["record"]: row["name"] for row in unit.entities()}
            files = [row["subject"] for row in unit.attachments(room.workshop) if not row["withdrawn"]]
            clashes = {row["record"] for row in unit.clashes()}
        assert set(shown) == {row["record"] for row in rows}
        for row in rows:
            same = shown[row["record"]]
            assert same == ContributionRow(
                row["record"], room.workshop, row["code"], row["kind"], row["title"], row["text"], row["grouping"],
                tables.get(row["grouping"], ""), tuple(row["lines"].split()), row["document"], row["language"],
                row["entity"], entities.get(row["entity"], ""), row["votes"], bool(row["withdrawn"]),
                files.count(row["record"]), row["record"] in clashes,
            )  # fmt: skip
            assert same.short_code == row["code"].rpartition("-")[2]


def test_some_of_them(office: Office) -> None:
    everything = office.look.contributions(office.rooms[0].workshop, "", 1000)
    wanted = [everything[3].record, office.rooms[0].workshop, everything[0].record]
    assert {row.record for row in office.look.rows(wanted)} == {everything[0].record, everything[3].record}
    assert office.look.rows([]) == []


def test_workshops(office: Office) -> None:
    listed = office.look.workshops()
    assert [row.date for row in listed] == sorted(row.date for row in listed)
    with office.desk.store.read() as unit:
        there = {row["record"]: row for row in unit.workshops()}
        assert [row.record for row in listed] == list(there)
        for row in listed:
            assert isinstance(row, WorkshopRow)
            same = there[row.record]
            assert (row.code, row.title, row.planned) == (same["code"], same["title"], bool(same["planned"]))
            assert row.contributions == same["contributions"]
            assert row.contributions == sum(not said["withdrawn"] for said in unit.contributions(row.record))
            assert row.groups == len(unit.groups(row.record))
            assert office.look.workshop(row.record) == row
    assert office.look.workshop("nobody") is None


def test_tables_in_the_order_in_which_people_count(office: Office) -> None:
    room = office.rooms[0]
    names = [row.name for row in office.look.groups(room.workshop)]
    assert names == [*map(str, range(1, 12)), "Valls"]


def test_a_table_with_a_strange_number_spoils_no_list(tmp_path: Path) -> None:
    """Python calls ² a digit, and takes it for no number."""
    with Program().desk(tmp_path, write=True, create=True) as desk:
        room = Room(desk, str(new_workshop(desk, PlannedWorkshop("Taller", "2026-03-12", "04", groups=2))["record"]))
        for name in ("²", "٣", "½", "Ⅳ", "-1", "10a", "10"):
            elsewhere(desk, desk.new_id(), {"workshop": room.workshop, "name": name}, (), "group")
        look = open_reading(tmp_path)
        assert look is not None
        names = [row.name for row in look.groups(room.workshop)]
        assert [name for name in names if name.isascii() and name.isdigit()] == ["1", "2", "10"]
        assert len(names) == 9
        look.close()


def test_entities_and_people(office: Office) -> None:
    room = office.rooms[0]
    rows = office.look.entities(room.workshop)
    with office.desk.store.read() as unit:
        there = {row["record"]: row for row in unit.entities()}
        present = unit.totals(room.workshop, "present")
    assert {row.record for row in rows} == set(there)
    for row in rows:
        assert (row.name, row.kind, list(row.aliases)) == tuple(
            there[row.record][n] for n in ("name", "kind", "aliases")
        )
        assert row.present == present.get(row.record, 0)
    assert sum(row.present for row in rows) == 7
    assert office.look.people_of_none(room.workshop) == 5
    assert office.look.people_of_none(office.rooms[2].workshop) == 0
    folded = [reading.fold(row.name) for row in rows]
    assert folded == sorted(folded)


def test_the_base_document(office: Office) -> None:
    tree = office.look.tree()
    with office.desk.store.read() as unit:
        programme = unit.programme()
        assert programme is not None
        document = unit.base_document(programme["document"])
    assert document is not None
    assert tree.version == document["version"]
    assert [node.id for node in tree.nodes] == [node["id"] for node in document["nodes"]]
    depth = {node.id: node.depth for node in tree.nodes}
    assert all(node.depth == (depth[node.parent] + 1 if node.parent else 0) for node in tree.nodes)
    assert (office.look.programme() or ("",))[0] == programme["code"]


def test_photos_that_stand(office: Office) -> None:
    room = office.rooms[0]
    rows = office.look.contributions(room.workshop, "", 1000)
    found = {row.record: office.look.attachments(row.record) for row in rows}
    assert all(len(found[row.record]) == row.attachments for row in rows)
    shown = [photo for photos in found.values() for photo in photos]
    assert [(photo.name, photo.size, photo.media_type) for photo in shown] == [("Mural.png", 4, "image/png")]
    assert office.desk.files.has_attachment(shown[0].file)


def test_clashes_with_both_sides_named(office: Office) -> None:
    rows = [row for row in office.look.clashes() if row.workshop == office.rooms[0].workshop]
    assert [row.field for row in rows] == ["text", "title"]
    assert {claim.value for claim in rows[0].claims} == {"aquí", "allà"}
    assert office.look.clash_count() == 2, "contributions, not fields"
    own = next(claim for claim in rows[0].claims if claim.value == "aquí")
    assert own.label == office.desk.label
    shown = office.look.rows([rows[0].record])[0]
    assert shown.clash and shown.text == rows[0].claims[0].value, "the first claim is the one that shows"


def test_a_clash_that_is_settled_is_none(tmp_path: Path) -> None:
    with Program().desk(tmp_path, write=True, create=True) as desk:
        room = Room(desk, str(new_workshop(desk, PlannedWorkshop("Taller", "2026-03-12", "04"))["record"]))
        said = room.say("a")
        before = room.view(said.record)
        capture.change_fields(desk, said.record, room.workshop, {"text": "b"})
        elsewhere(desk, said.record, before.content | {"text": "c"}, before.heads)
        look = open_reading(tmp_path)
        assert look is not None and look.clash_count() == 1
        settle_clash(desk, said.code, value="d")
        assert look.clash_count() == 0 and look.clashes() == []
        assert not look.rows([said.record])[0].clash
        look.close()


def test_what_was_said_once_and_by_whom(office: Office) -> None:
    room = office.rooms[0]
    record = next(row for row in office.look.contributions(room.workshop, "", 99) if "cada dia" in row.text).record
    versions = office.look.history(record)
    assert len(versions) == 2
    newest, first = versions
    assert newest.changed == {"text": "Transport a demanda, cada dia", "kind": "need"}
    assert first.changed["text"] == "Transport a demanda" and first.changed["kind"] == "proposal"
    assert {version.label for version in versions} == {office.desk.label}
    assert newest.at >= first.at
    assert office.look.history("nobody") == []


def test_a_field_that_was_cleared_is_in_the_history(tmp_path: Path) -> None:
    with Program().desk(tmp_path, write=True, create=True) as desk:
        room = Room(desk, str(new_workshop(desk, PlannedWorkshop("Taller", "2026-03-12", "04"))["record"]))
        said = room.say("a", language="ca")
        capture.change_fields(desk, said.record, room.workshop, {"language": ""})
        look = open_reading(tmp_path)
        assert look is not None
        assert look.history(said.record)[0].changed == {"language": None}
        look.close()


@pytest.mark.parametrize(
    "words", ["collegi", "COL·LEGI", "col\u2027legi", "estiu col", "obr", "telefon", "falta", "مرح", "ll", "cada dia", "no hi és", "  ", "\"", "*", "AND"],
)  # fmt: skip
def test_search_finds_what_the_writing_side_finds(office: Office, words: str) -> None:
    with office.desk.store.read() as unit:
        there = [row["record"] for row in unit.search(words, 100)]
    found = office.look.search(words, 100)
    assert {row.record for row in found} == set(there)
    assert [row.record for row in found] == sorted((row.record for row in found), reverse=True)


def test_search_ignores_accents_and_the_middle_dot(office: Office) -> None:
    assert {row.text for row in office.look.search("que el COLLEGI", 10)} == {SAID[1]}
    assert {row.text for row in office.look.search("telefon", 10)} == {SAID[2]}
    assert len(office.look.search("demanda", 1)) == 1


def test_names_and_settings(office: Office) -> None:
    room = office.rooms[0]
    row = next(row for row in office.look.contributions(room.workshop, "", 99) if row.entity)
    assert office.look.names([row.group, row.entity, "nobody"]) == {row.group: "Valls", row.entity: row.entity_name}
    assert office.look.names([]) == {}
    assert office.look.setting("device") == office.desk.device
    assert office.look.setting("nothing") == ""


def test_bundles_and_what_waits(office: Office) -> None:
    assert office.look.bundles() == [] and office.look.set_aside() == []
    with office.desk.store.write() as unit:
        unit.remember_quarantine("f.asice", "quarantine", "signer-unknown", {"device": "a"}, "c")
    found = office.look.set_aside()
    assert [(one.file, one.code, dict(one.facts)) for one in found] == [("f.asice", "signer-unknown", {"device": "a"})]
    with office.desk.store.write() as unit:
        unit.release_quarantine("f.asice")
    assert office.look.set_aside() == []


@settings(max_examples=30)
@given(worlds())
def test_any_world_looks_the_same_from_both_sides(
    tmp_path_factory: pytest.TempPathFactory, world: list[Revision]
) -> None:
    folder = tmp_path_factory.mktemp("world")
    with open_store(folder, write=True, create=True) as store:
        with store.write() as unit:
            unit.add(world)
        with store.read() as unit:
            rows = {row["record"]: row for row in unit.contributions(WORKSHOP)}
            clashes = {(row["record"], row["field"]): row["claims"] for row in unit.clashes()}
        look = open_reading(folder)
        assert look is not None
        shown = look.contributions(WORKSHOP, "", 1000)
        assert [row.record for row in shown] == sorted(rows, reverse=True)
        for row in shown:
            same = rows[row.record]
            assert (row.text, row.title, row.votes, row.code) == tuple(
                same[n] for n in ("text", "title", "votes", "code")
            )
            assert row.clash == any(record == row.record for record, _ in clashes)
        assert {(c.record, c.field): [claim.value for claim in c.claims] for c in look.clashes()} == {
            key: [claim["value"] for claim in claims] for key, claims in clashes.items()
        }
        look.close()


# Pages


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
def test_pages_cover_everything_once_newest_first(tmp_path: Path, size: int) -> None:
    with Program().desk(tmp_path, write=True, create=True, keep=True) as desk:
        room = Room(desk, str(new_workshop(desk, PlannedWorkshop("Taller", "2026-03-12", "04"))["record"]))
        said = [room.say(str(n)).record for n in range(20)]
        look = open_reading(tmp_path)
        assert look is not None
        seen: list[str] = []
        while page := look.contributions(room.workshop, seen[-1] if seen else "", size):
            assert len(page) <= size
            seen += [row.record for row in page]
            if len(seen) == size:
                room.say("written while the pages are turned")
        assert seen == sorted(said, reverse=True)
        look.close()


# Where it must not answer, or must not wait


def test_both_sides_know_the_same_versions() -> None:
    """The screens' side does not import SQLAlchemy for two words."""
    assert (reading.HEAD, reading.PROJECTION_VERSION) == (schema.HEAD, schema.PROJECTION_VERSION)


def test_where_no_store_was_ever_made(tmp_path: Path) -> None:
    assert not reading.exists(tmp_path)
    assert open_reading(tmp_path) is None
    assert open_reading(tmp_path / "nowhere") is None
    assert list(tmp_path.iterdir()) == [], "looking makes nothing"


@pytest.fixture
def made(tmp_path: Path) -> Path:
    with Program().desk(tmp_path, write=True, create=True):
        pass
    return tmp_path


def _told(folder: Path, sql: str) -> None:
    import sqlcipher3.dbapi2 as driver

    connection = driver.connect(str(folder / DATABASE))
    connection.execute(sql)
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE setting SET value = '1' WHERE key = 'projections'",
        "DELETE FROM setting WHERE key = 'projections'",
        "UPDATE alembic_version SET version_num = '0000'",
        "UPDATE alembic_version SET version_num = '9999'",
        "DELETE FROM alembic_version",
    ],
)
def test_a_store_of_another_version_is_left_to_those_who_can_bring_it_up_to_date(made: Path, sql: str) -> None:
    _told(made, sql)
    assert open_reading(made) is None


def test_older_projections_are_made_anew_by_whoever_writes(made: Path) -> None:
    _told(made, "UPDATE setting SET value = '1' WHERE key = 'projections'")
    with open_store(made, write=True):
        look = open_reading(made)
        assert look is not None
        look.close()


def test_a_first_start_that_was_killed_left_an_empty_file(tmp_path: Path) -> None:
    """SQLite makes the file when it is opened, the tables come with the first commit."""
    (tmp_path / DATABASE).touch()
    assert open_reading(tmp_path) is None, "open_store makes it"
    with Program().desk(tmp_path, write=True, create=True):
        look = open_reading(tmp_path)
    assert look is not None
    look.close()


@pytest.mark.parametrize("garbage", [b"this is no database" * 500, b"SQLite format 3\x00" + b"\xff" * 8000, bytes(random.Random(1).randbytes(9000))])  # fmt: skip
def test_what_is_no_store_is_refused(tmp_path: Path, garbage: bytes) -> None:
    (tmp_path / DATABASE).write_bytes(garbage)
    with pytest.raises(StoreUnusable) as refused:
        open_reading(tmp_path)
    assert refused.value.code == "store-damaged"
    assert (tmp_path / DATABASE).read_bytes() == garbage, "and left as it is"


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    _told(tmp_path, "CREATE TABLE recipes (name TEXT)")
    with pytest.raises(StoreUnusable, match="store-damaged"):
        open_reading(tmp_path)


def test_damage_met_on_the_way_is_told(made: Path) -> None:
    look = open_reading(made)
    assert look is not None
    _told(made, "DROP TABLE contribution")
    with pytest.raises(StoreUnusable, match="store-damaged"):
        look.contributions("any", "", 10)
    look.close()


def test_it_never_writes(made: Path) -> None:
    look = open_reading(made)
    assert look is not None
    with pytest.raises(PessError):
        look._all("UPDATE setting SET value = 'x'")
    look.close()


def test_reading_waits_for_no_writer(office: Office) -> None:
    """With a transaction open and half a day's work in it, the screen shows what was committed before, at once."""
    room = office.rooms[2]
    seen: list[int] = []
    with office.desk.store.write() as unit:
        unit.set_setting("half", "written")
        thread = threading.Thread(target=lambda: seen.append(_counted(office.folder, room.workshop)))
        thread.start()
        thread.join(30)
        assert seen == [0], "the reader answered while the writer held its transaction"
        assert office.look.setting("half") == ""
    assert office.look.setting("half") == "written"


def _counted(folder: Path, workshop: str) -> int:
    look = open_reading(folder)
    assert look is not None
    try:
        return len(look.contributions(workshop, "", 100))
    finally:
        look.close()


def test_what_was_written_is_seen_by_the_next_question(made: Path) -> None:
    look = open_reading(made)
    assert look is not None
    with Program().desk(made, write=True) as desk:
        assert look.workshops() == []
        room = Room(desk, str(new_workshop(desk, PlannedWorkshop("Taller", "2026-03-12", "04"))["record"]))
        assert [row.title for row in look.workshops()] == ["Taller"]
        desk_said = capture.record_contribution(desk, room.workshop, Said("Hola"))
        assert [row.code for row in look.contributions(room.workshop, "", 9)] == [desk_said.code]
        assert look.workshops()[0].pending > 0
    look.close()


def test_rows_say_nothing_of_the_database(office: Office) -> None:
    """Plain values: safe on any thread, and good for JSON."""

    def plain(value: Any) -> bool:
        return isinstance(value, (str, int, bool, tuple, list, dict, type(None)))

    rows: list[Any] = [*office.look.workshops(), *office.look.contributions(office.rooms[0].workshop, "", 99)]
    assert all(plain(field) for row in rows for field in row)
    json.dumps(rows)


def test_people_and_until_when_they_are_kept_are_as_the_writing_connection_has_them(office: Office) -> None:
    room = office.rooms[0]
    given = Given(("attendance", "image"), "screen", "2026-03-12", "participants", "1", "ca")
    for name in ("Òscar", "anna"):
        add_person(office.desk, room.workshop, name, "a@exemple.cat", "Càritas", given)
    withdraw_consent(
        office.desk, room.workshop, str(office.look.people(room.workshop)[0].record), ["image"], "2026-04-01"
    )
    people = office.look.people(room.workshop)
    with office.desk.store.read() as unit:
        rows = unit.people(room.workshop)
        workshop = unit.workshop(room.workshop)
        assert workshop is not None
        kept = keep_until(unit, workshop)
    assert [row.name for row in people] == ["anna", "Òscar"]
    for one, row in zip(people, rows, strict=True):
        assert (one.record, one.name, one.contact, one.entity, one.entity_name) == tuple(
            row[name] for name in ("record", "name", "contact", "entity", "entity_name")
        )
        assert sorted(one.agreed) == list(agreed(row))
    assert set(people[0].agreed) == {"attendance"}
    (shown,) = office.look.kept_people()
    assert (shown.record, shown.people, shown.until) == (room.workshop, 2, kept)
    assert office.look.people(office.rooms[1].workshop) == []


def test_writing_a_person_down_is_nothing_to_hand_over(office: Office) -> None:
    def pending() -> int:
        row = office.look.workshop(office.rooms[1].workshop)
        assert row is not None
        return row.pending

    before = pending()
    given = Given(("answers",), "paper", "2026-03-12", "participants", "1", "ca")
    add_person(office.desk, office.rooms[1].workshop, "Iu Soler", "", "", given)
    assert pending() == before
