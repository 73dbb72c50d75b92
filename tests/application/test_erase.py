"""Erasing reaches what it says, wherever it stops on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pessdesk.application.capture import attach, change_fields, count
from pessdesk.application.erase import clean, erase, reach_of, reach_of_people
from pessdesk.application.export_bundle import export_workshop
from pessdesk.application.import_bundles import import_bundles
from pessdesk.application.people import add_person, change_person
from pessdesk.application.ports import Desk, Row
from pessdesk.application.steps import Intent
from pessdesk.bootstrap import Program
from pessdesk.domain.errors import InputRefused, StoreBusy, UnknownThing, WorldUnkind
from tests.application.conftest import Room
from tests.application.test_people import NAME, given, people, written_down

SECRET = "El cas de la Remei Puigdollers"


def erase_person(room: Room, record: str = "") -> None:
    with room.desk.store.read() as unit:
        reach = reach_of_people(unit, room.workshop, record)
    erase(room.desk, reach, "request")


def erase_said(room: Room, *codes: str) -> None:
    with room.desk.store.read() as unit:
        reach = reach_of(unit, codes)
    erase(room.desk, reach, "ho ha demanat")


def everything(folder: Path) -> bytes:
    return b"\0".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def pending(room: Room) -> Any:
    with room.desk.store.read() as unit:
        return unit.erasure_pending()


def test_a_person_goes_with_their_consents_and_nobody_else(room: Room, tmp_path: Path) -> None:
    record, other = written_down(room), written_down(room, "Iu Soler", "attendance", "image")
    change_person(room.desk, room.workshop, record, {"name": "Montse Ferrer"})
    erase_person(room, record)
    assert clean(room.desk)
    assert [row["record"] for row in people(room)] == [other]
    assert len(people(room)[0]["consents"]) == 2
    with room.desk.store.read() as unit:
        assert unit.histories([record]) == {}
        assert list(unit.problems()) == []
    left = everything(tmp_path / "store")
    assert b"Ferrer" not in left and b"Iu Soler" in left


def test_everybody_of_a_workshop_goes_at_once(room: Room) -> None:
    for name in (NAME, "Iu Soler"):
        written_down(room, name)
    with room.desk.store.read() as unit:
        reach = reach_of_people(unit, room.workshop)
    assert (reach.people, reach.consents) == (2, 2)
    erase_person(room)
    assert people(room) == []


def test_the_reach_names_drafts_and_contributions_that_hold_the_name(room: Room) -> None:
    record = add_person(room.desk, room.workshop, NAME, "mfg@exemple.cat", "", given("answers"))
    said = room.say("Com deia la montserrat FERRER i guell, cal transport")
    room.say("La Montserrat i en Ferrer")
    with room.desk.store.write() as unit:
        unit.set_settings({"draft:x": f"…i {NAME} diu", "draft:y": "escriviu a mfg@exemple.cat", "draft:z": "res"})
    with room.desk.store.read() as unit:
        reach = reach_of_people(unit, room.workshop, record)
    assert set(reach.drafts) == {"draft:x", "draft:y"}
    assert reach.mentions == (said.code,)
    erase(room.desk, reach, "request")
    assert [room.setting(f"draft:{key}") for key in "xyz"] == [None, None, "res"]
    assert room.row(said.record)["text"].startswith("Com deia"), "what was said stays, and is named"


def test_why_a_person_is_erased_is_no_free_text_for_it_travels(room: Room) -> None:
    record = written_down(room)
    with room.desk.store.read() as unit:
        reach = reach_of_people(unit, room.workshop, record)
    with pytest.raises(InputRefused) as caught:
        erase(room.desk, reach, f"{NAME} ho ha demanat")
    assert caught.value.code == "choice-unknown"
    assert len(people(room)) == 1


def test_a_contribution_goes_with_its_dots_its_files_and_what_could_be_undone(room: Room, tmp_path: Path) -> None:
    said = room.say(SECRET, votes=3)
    photo = tmp_path / "mural.png"
    photo.write_bytes(b"\x89PNG " + SECRET.encode())
    attach(room.desk, said.record, room.workshop, photo)
    change_fields(replace(room.desk, intent=Intent("TEXT")), said.record, room.workshop, {"title": "Títol"})
    with room.desk.store.write() as unit:
        unit.set_setting(f"draft:{said.record}:title", "a mitges")
    erase_said(room, said.code)
    assert clean(room.desk)
    assert room.rows == [] and room.setting(f"draft:{said.record}:title") is None
    with room.desk.store.read() as unit:
        assert unit.attachments(room.workshop) == [] and unit.totals(room.workshop, "votes") == {}
        assert unit.search("Puigdollers", 10) == []
        assert list(unit.problems()) == []
    assert list((tmp_path / "store" / "attachments").rglob("*.png")) == []
    assert SECRET.encode() not in everything(tmp_path / "store")


def test_a_file_that_another_contribution_shows_stays(room: Room, tmp_path: Path) -> None:
    photo = tmp_path / "mural.png"
    photo.write_bytes(b"\x89PNG")
    one, other = room.say("Un"), room.say("Altre")
    for said in (one, other):
        attach(room.desk, said.record, room.workshop, photo)
    erase_said(room, one.code)
    clean(room.desk)
    assert len(list((tmp_path / "store" / "attachments").rglob("*.png"))) == 1
    erase_said(room, other.code)
    clean(room.desk)
    assert list((tmp_path / "store" / "attachments").rglob("*.png")) == []


def test_what_comes_to_an_erased_contribution_later_is_erased_too(room: Room, tmp_path: Path) -> None:
    said = room.say("Un")
    erase_said(room, said.code)
    clean(room.desk)
    count(room.desk, room.workshop, said.record, "votes", 4)
    with room.desk.store.read() as unit:
        assert unit.tally_of(said.record, "votes") == []


def test_what_holds_others_together_is_not_erased(room: Room) -> None:
    person, said = written_down(room), room.say("Un")
    with room.desk.store.read() as unit:
        for codes, refusal in (
            ([room.workshop], "erase-kind"), ([person], "erase-people"), ([said.code, "PESS-NO"], "contribution-unknown"),
        ):  # fmt: skip
            with pytest.raises((InputRefused, UnknownThing)) as caught:
                reach_of(unit, codes)
            assert caught.value.code == refusal


def test_an_erasure_is_an_act(room: Room) -> None:
    record = written_down(room)
    erase_person(room, record)
    with room.desk.store.read() as unit:
        act = unit.acts()[-1]
    assert (act["action"], act["note"]) == ("people-erased", "request") and record in act["subjects"]


def test_cleaning_that_was_stopped_goes_on_at_the_next_opening(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "store"
    with Program().desk(folder, write=True, create=True, keep=True) as desk:
        room = new_room(desk)
        erase_person(room, written_down(room))
    assert b"Ferrer" in everything(folder), "killed before the cleaning: traces are left"
    with Program().desk(folder, write=True) as desk:
        assert pending(Room(desk, room.workshop)) is None
    assert b"Ferrer" not in everything(folder)


@pytest.mark.parametrize("trouble", [WorldUnkind("disk-full", path="x"), StoreBusy("store-busy", path="x")])
def test_a_full_disk_does_not_keep_anybody_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: Any) -> None:
    with Program().desk(tmp_path, write=True, create=True, keep=True) as desk:
        room = new_room(desk)
        erase_person(room, written_down(room))
    with monkeypatch.context() as patched:

        def refuse(_: object) -> None:
            raise trouble

        patched.setattr("pessdesk.storage.store.Store.wipe", refuse)
        with Program().desk(tmp_path, write=True) as desk:
            assert pending(Room(desk, room.workshop)) is not None, "it stays to be done"
    with Program().desk(tmp_path, write=True) as desk:
        assert pending(Room(desk, room.workshop)) is None


def new_room(desk: Desk) -> Room:
    from pessdesk.application.programme import PlannedWorkshop, new_workshop

    return Room(desk, str(new_workshop(desk, PlannedWorkshop("Taller", "2026-03-12", "04"))["record"]))


class Three:
    """A table's laptop, the facilitator's, the office's: who know each other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.program = Program()
        for name in ("table", "facilitator", "office"):
            with self.program.desk(folder / name, write=True, create=True, label=name):
                pass
            (folder / f"from-{name}").mkdir()
        for name in ("table", "facilitator", "office"):
            for other in ("table", "facilitator", "office"):
                self.program.add_card(folder / name / "trust", self.program.own_card(folder / other))

    def do(self, name: str, what: Callable[[Room], Any]) -> Any:
        with self.program.desk(self.folder / name, write=True) as desk:
            with desk.store.read() as unit:
                workshops = unit.workshops()
            return what(Room(desk, workshops[0]["record"] if workshops else ""))

    def export(self, name: str) -> Any:
        return self.do(name, lambda room: export_workshop(room.desk, room.workshop, self.folder / f"from-{name}"))

    def take(self, name: str, *others: str) -> list[Any]:
        paths = [self.folder / f"from-{other}" for other in others]
        found: list[Any] = self.do(name, lambda room: import_bundles(room.desk, paths))
        return found

    def rows(self, name: str) -> list[Row]:
        found: list[Row] = self.do(name, lambda room: room.rows)
        return found

    def holds(self, name: str, words: str) -> bool:
        return words.encode() in everything(self.folder / name)


@pytest.fixture
def three(tmp_path: Path) -> Three:
    three = Three(tmp_path)
    three.do("facilitator", lambda room: new_room(room.desk))
    three.export("facilitator")
    three.take("table", "facilitator")
    three.do("table", lambda room: [room.say(SECRET), room.say("Transport a demanda")])
    three.export("table")
    return three


def secret(three: Three, name: str) -> Row:
    return next(row for row in three.rows(name) if row["text"] == SECRET)


def test_the_bundle_that_carries_it_goes_whole_and_the_rest_of_it_stays(three: Three) -> None:
    three.take("facilitator", "table")
    assert three.holds("facilitator", SECRET)
    three.do("facilitator", lambda room: (erase_said(room, secret(three, "table")["code"]), clean(room.desk)))
    assert not three.holds("facilitator", SECRET)
    assert [row["text"] for row in three.rows("facilitator")] == ["Transport a demanda"]
    done = three.export("facilitator")
    assert (done.relayed, done.left_out) == (0, 1), "and it is said that the table's laptop must hand over itself"


def test_an_erasure_arrives_after_what_it_erases_or_before(three: Three) -> None:
    three.take("office", "facilitator", "table")
    three.take("facilitator", "table")
    three.do("facilitator", lambda room: (erase_said(room, secret(three, "table")["code"]), clean(room.desk)))
    three.export("facilitator")
    three.take("office", "facilitator")
    assert not three.holds("office", SECRET)
    three.take("table", "facilitator")
    assert not three.holds("table", SECRET), "also where it was said"


def test_what_is_erased_does_not_come_back_with_a_bundle(three: Three) -> None:
    """The office first hears of the erasure, then gets the bundle that was written before it."""
    three.take("facilitator", "table")
    three.do("facilitator", lambda room: (erase_said(room, secret(three, "table")["code"]), clean(room.desk)))
    three.export("facilitator")
    three.take("office", "facilitator")
    arrival, _ = three.take("office", "table")
    assert arrival.outcome == "accepted"
    assert [row["text"] for row in three.rows("office")] == ["Transport a demanda"]
    assert not three.holds("office", SECRET)
    assert {one.outcome for one in three.take("office", "table")} == {"known"}
    done = three.export("office")
    assert (done.left_out, done.relayed) == (1, 2), "the bundles without it, also the one with the erasure, go on"


def test_the_carrier_of_a_relayed_bundle_goes_as_well(three: Three) -> None:
    three.take("facilitator", "table")
    three.export("facilitator")
    three.take("office", "facilitator")
    assert three.holds("office", SECRET)
    code = secret(three, "office")["code"]
    three.do("office", lambda room: (erase_said(room, code), clean(room.desk)))
    assert not three.holds("office", SECRET)
    assert [row["text"] for row in three.rows("office")] == ["Transport a demanda"]


def test_a_bundle_set_aside_goes_too(three: Three) -> None:
    for card in (three.folder / "office" / "trust").iterdir():
        card.unlink()
    assert [one.outcome for one in three.take("office", "table")] == ["quarantined"] * 2
    record = secret(three, "table")["record"]
    three.do("table", lambda room: (erase_said(room, record), clean(room.desk)))

    def learn(room: Room) -> None:
        from pessdesk.application.authoring import Author
        from pessdesk.domain.model import Erasure

        with room.desk.store.write() as unit:
            author = Author(room.desk, unit)
            unit.add([author.state(Erasure((record,), "ho ha demanat"))])
            author.save()
        clean(room.desk)
        with room.desk.store.read() as unit:
            assert len(unit.quarantine()) == 1, "the one without it still waits"

    three.do("office", learn)
    assert not three.holds("office", SECRET)


def test_in_a_protected_store_sealed_bundles_and_files_are_reached_too(three: Three, tmp_path: Path) -> None:
    photo = tmp_path / "mural.png"
    photo.write_bytes(b"\x89PNG")
    three.do("table", lambda room: attach(room.desk, room.rows[0]["record"], room.workshop, photo))
    three.export("table")
    folder = three.folder / "facilitator"
    three.program.protect(folder, "passphrase", "una frase prou llarga", lambda done, of: None)
    three.program.unlock(folder, "una frase prou llarga")
    three.take("facilitator", "table")
    sealed = {path.name for path in folder.rglob("*.asice.sealed")}
    assert len(sealed) == 2 and list(folder.rglob("*.png.sealed"))
    code = secret(three, "table")["code"]
    three.do("facilitator", lambda room: (erase_said(room, code), clean(room.desk)))
    assert list(folder.rglob("*.asice.sealed")) == [] and list(folder.rglob("*.png.sealed")) == []
    assert three.export("facilitator").left_out == 2


STEPS = (
    "pessdesk.storage.unit.Unit.forget_undo", "pessdesk.system.files.StoreFiles.holding",
    "pessdesk.storage.unit.Unit.set_settings", "pessdesk.system.files.StoreFiles.remove",
    "pessdesk.storage.store.Store.wipe", "pessdesk.storage.unit.Unit.erasure_done",
)  # fmt: skip


@pytest.mark.parametrize("step", STEPS)
def test_cleaning_stopped_at_any_step_is_done_by_the_next_opening(
    three: Three, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """As a kill would: what is raised is taken by nobody."""
    photo = tmp_path / "mural.png"
    photo.write_bytes(b"\x89PNG" + SECRET.encode())
    three.do("table", lambda room: attach(room.desk, room.rows[0]["record"], room.workshop, photo))
    three.export("table")
    three.take("facilitator", "table")
    code = secret(three, "table")["code"]
    three.do("facilitator", lambda room: erase_said(room, code))

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(step, killed)
        with pytest.raises(KeyboardInterrupt):
            three.do("facilitator", lambda room: None)
    three.do("facilitator", lambda room: None)
    assert not three.holds("facilitator", SECRET)
    assert list((three.folder / "facilitator" / "attachments").rglob("*.png")) == []
    assert three.export("facilitator").left_out >= 1
    assert not clean_pending(three)


def clean_pending(three: Three) -> bool:
    return three.do("facilitator", pending) is not None


def test_a_full_disk_takes_nothing_from_an_import(three: Three, monkeypatch: pytest.MonkeyPatch) -> None:
    three.take("facilitator", "table")
    code = secret(three, "table")["code"]
    three.do("facilitator", lambda room: (erase_said(room, code), clean(room.desk)))
    three.export("facilitator")
    three.take("office", "table")

    def full(_: object) -> None:
        raise WorldUnkind("disk-full", path="x")

    with monkeypatch.context() as patched:
        patched.setattr("pessdesk.storage.store.Store.wipe", full)
        assert "accepted" in {one.outcome for one in three.take("office", "facilitator")}
    assert [row["text"] for row in three.rows("office")] == ["Transport a demanda"]
    assert not three.holds("office", SECRET), "and the next opening did what was left"
