"""The law of the plan: what it says is what the import then does, whatever is handed in, in whatever order."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pessdesk.application.capture import change_fields, record_contribution
from pessdesk.application.capture_line import Said
from pessdesk.application.export_bundle import export_workshop
from pessdesk.application.import_bundles import (
    Arrival,
    discard_aside,
    import_bundles,
    look_at,
    plan_import,
)
from pessdesk.application.pairing import trust
from pessdesk.application.ports import Desk
from pessdesk.application.programme import PlannedWorkshop, build_programme, new_workshop
from pessdesk.bootstrap import Program
from pessdesk.domain.errors import Stopped
from pessdesk.system.paths import resources

PROGRAM = Program()


@dataclass(frozen=True)
class World:
    """An office, whose store is `home`; laptops that it knows and one that it does not; what they handed over."""

    home: Path
    empty: Path
    files: dict[str, Path]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    base = tmp_path_factory.mktemp("world")
    made = _Making(base)
    made.play()
    return World(base / "home", base / "empty", made.files)


class _Making:
    def __init__(self, base: Path) -> None:
        self.base = base
        self.files: dict[str, Path] = {}
        self.workshop = ""

    def play(self) -> None:
        for name in ("office", "other office", "one", "two", "stranger", "home", "empty"):
            with PROGRAM.desk(self.base / name, write=True, create=True, label=name):
                pass
        for name in ("one", "two", "stranger", "home"):
            for other in ("office", "one", "two"):
                PROGRAM.add_card(self.base / name / "trust", PROGRAM.own_card(self.base / other))
        self.programme("office", "programme")
        self.programme("other office", "other programme")
        for name in ("one", "two", "stranger"):
            self.receive(name, "programme")
        with PROGRAM.desk(self.base / "one", write=True) as desk:
            self.workshop = new_workshop(desk, PlannedWorkshop("Taller", "2026-03-12", "04"))["record"]
            said = record_contribution(desk, self.workshop, Said("Hola")).record
        self.export("one", "one 1")
        self.receive("two", "one 1")
        self.receive("stranger", "one 1")
        shutil.copytree(self.base / "one", self.base / "copied")
        for name, text in (("one", "aquí"), ("two", "allà"), ("copied", "en una còpia"), ("stranger", "qui sap")):
            with PROGRAM.desk(self.base / name, write=True) as desk:
                change_fields(desk, said, self.workshop, {"text": text, "kind": "need"})
        self.export("one", "one 2")
        self.export("one", "one 3")
        self.export("two", "two 1, with one 1 inside")
        self.export("copied", "fork of one 2")
        self.export("stranger", "stranger 1, with one 1 inside")
        self.rubbish()

    def programme(self, office: str, name: str) -> None:
        with PROGRAM.desk(self.base / office, write=True) as desk:
            plan = PROGRAM.read_programme(resources() / "demo" / "programme")
            if office != "office":
                plan = replace(plan, code="ALTRE")
            self.files[name] = build_programme(desk, plan, self.base / f"{name}.asice").file

    def export(self, who: str, name: str) -> None:
        out = self.base / "out" / name
        out.mkdir(parents=True)
        with PROGRAM.desk(self.base / who, write=True) as desk:
            (file,) = export_workshop(desk, self.workshop, out).files
        self.files[name] = file

    def receive(self, who: str, name: str) -> None:
        with PROGRAM.desk(self.base / who, write=True) as desk:
            assert [a.outcome for a in import_bundles(desk, [self.files[name]])] == ["accepted"]

    def rubbish(self) -> None:
        whole = self.files["one 1"].read_bytes()
        contents = {
            "empty": b"", "text": b"no es cap paquet", "cut off": whole[: len(whole) // 2],
            "altered": whole.replace(b"Hola", b"Adeu"), "with a tail": whole + b"x",
        }  # fmt: skip
        for name, data in contents.items():
            self.files[name] = self.base / f"{name}.asice"
            self.files[name].write_bytes(data)
        self.files["copy of one 2"] = self.base / "copy.asice"
        shutil.copy(self.files["one 2"], self.files["copy of one 2"])
        self.files["ZIP"] = self.base / "zip.asice"
        with zipfile.ZipFile(self.files["ZIP"], "w") as archive:
            archive.writestr("hola.txt", "hola")
        self.files["folder"] = self.base / "folder.asice"
        self.files["folder"].mkdir()
        shutil.copy(self.files["one 3"], self.files["folder"])
        self.files["too big"] = self.base / "big.asice"
        with self.files["too big"].open("wb") as file:
            file.truncate(3 * 1024**3)  # a hole: it takes no room
        self.files["nothing"] = self.base / "gone.asice"


NAMES = (
    "programme", "other programme", "one 1", "one 2", "one 3", "two 1, with one 1 inside", "fork of one 2",
    "stranger 1, with one 1 inside", "empty", "text", "cut off", "altered", "with a tail", "copy of one 2", "ZIP",
    "folder", "too big", "nothing",
)  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    store=st.sampled_from(("home", "empty")),
    rounds=st.lists(st.lists(st.sampled_from(NAMES), max_size=8), min_size=1, max_size=3),
    first=st.booleans(),
)
def test_the_plan_is_what_is_done(
    world: World, store: str, rounds: list[list[str]], first: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("law") / "store"
    shutil.copytree(world.home if store == "home" else world.empty, folder)
    with PROGRAM.desk(folder, write=True) as desk:
        for names in rounds:
            files = [world.files[name] for name in names]
            planned = plan_import(desk, files, first_programme=first)
            assert import_bundles(desk, files, first_programme=first) == planned
    shutil.rmtree(folder.parent)


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Iterator[Desk]:
    shutil.copytree(world.home, tmp_path / "home")
    with PROGRAM.desk(tmp_path / "home", write=True) as opened:
        yield opened


def outcomes(arrivals: list[Arrival]) -> list[tuple[str, str]]:
    return [(arrival.outcome, arrival.code) for arrival in arrivals]


def aside(desk: Desk) -> list[dict[str, object]]:
    with desk.store.read() as unit:
        return unit.quarantine()


def test_planning_writes_nothing_and_can_be_given_up(world: World, desk: Desk) -> None:
    seen: list[tuple[int, int]] = []

    def give_up(count: int, total: int) -> None:
        seen.append((count, total))
        if count == 2:
            raise Stopped("stopped")

    with desk.store.read() as unit:
        before = unit.digest()
    with pytest.raises(Stopped):
        plan_import(desk, [world.files["one 1"], world.files["text"], world.files["one 2"]], progress=give_up)
    assert seen == [(1, 3), (2, 3)]
    with desk.store.read() as unit:
        assert unit.digest() == before
    assert aside(desk) == []


def test_an_import_that_is_stopped_keeps_what_it_took_and_goes_on_later(world: World, desk: Desk) -> None:
    files = [world.files[name] for name in ("programme", "one 1", "one 2")]
    came: list[Arrival] = []
    done = import_bundles(desk, files, progress=came.append, stopped=lambda: len(came) == 2)
    assert outcomes(done) == [("accepted", "accepted")] * 2 == outcomes(came)
    assert [outcome for outcome, _ in outcomes(import_bundles(desk, files))] == ["known", "known", "accepted"]


def test_a_file_that_went_away_stops_no_other(world: World, desk: Desk, tmp_path: Path) -> None:
    there = tmp_path / "there.asice"
    shutil.copy(world.files["one 1"], there)
    files = [there, world.files["two 1, with one 1 inside"]]
    assert [a.outcome for a in plan_import(desk, files)] == ["accepted", "accepted", "known"]
    there.unlink()
    assert outcomes(import_bundles(desk, files)) == [("refused", "file-gone"), *[("accepted", "accepted")] * 2]


def test_a_first_programme_brings_its_signer_along(world: World, tmp_path: Path) -> None:
    shutil.copytree(world.empty, tmp_path / "empty")
    with PROGRAM.desk(tmp_path / "empty", write=True) as desk:
        plain = plan_import(desk, [world.files["programme"]])
        assert outcomes(plain) == [("quarantined", "signer-unknown")]
        assert not plain[0].first
        (planned,) = plan_import(desk, [world.files["programme"]], first_programme=True)
        assert (planned.outcome, planned.first, planned.kind) == ("accepted", True, "programme")
        assert planned.device not in desk.bundles.trusted()
        import_bundles(desk, [world.files["programme"]], first_programme=True)
        assert planned.device in desk.bundles.trusted()
        (other,) = plan_import(desk, [world.files["other programme"]], first_programme=True)
        assert (other.outcome, other.first) == ("quarantined", False)


def test_what_waits_is_found_again_by_name_and_taken_in_once_its_signer_is_trusted(world: World, desk: Desk) -> None:
    waiting = world.files["stranger 1, with one 1 inside"]
    (carrier, _) = import_bundles(desk, [waiting])
    assert (carrier.outcome, carrier.code) == ("quarantined", "signer-unknown")
    (row,) = aside(desk)
    assert waiting.name in str(row["facts"]) and "stranger" in str(row["facts"])
    kept = desk.files.received.parent / "quarantine" / str(row["file"])
    import_bundles(desk, [kept])
    (row,) = aside(desk)
    assert waiting.name in str(row["facts"]), "its first name stays"
    trust(desk, [PROGRAM.card_of_certificate(carrier.certificate)])
    assert outcomes(import_bundles(desk, [kept]))[0] == ("accepted", "accepted")
    assert aside(desk) == []
    assert not kept.exists()


def test_what_was_set_aside_can_be_thrown_away(world: World, desk: Desk) -> None:
    import_bundles(desk, [world.files["text"]])
    (row,) = aside(desk)
    kept = desk.files.received.parent / "quarantine" / str(row["file"])
    assert kept.exists()
    discard_aside(desk, str(row["file"]))
    assert aside(desk) == []
    assert not kept.exists()
    assert world.files["text"].exists(), "only the copy goes"


def test_without_a_store_bundles_are_looked_at(world: World) -> None:
    names = ("one 1", "text", "stranger 1, with one 1 inside", "nothing")
    seen: list[tuple[int, int]] = []
    found = look_at(
        lambda path: PROGRAM.verify(path, None), [world.files[n] for n in names], progress=lambda *n: seen.append(n)
    )
    assert [(arrival.outcome, arrival.label) for arrival in found] == [
        ("intact", "one"), ("refused", ""), ("intact", "stranger"), ("intact", "one"), ("refused", ""),
    ]  # fmt: skip
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]
