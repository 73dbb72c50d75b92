"""The same law through signed bundles: directly or relayed, in any order, the offices' digests agree."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pessdesk.application.change_contribution import edit_contribution, withdraw_contribution
from pessdesk.application.export_bundle import export_workshop
from pessdesk.application.import_bundles import import_bundles
from pessdesk.application.programme import PlannedWorkshop, new_workshop
from pessdesk.application.record_contributions import record_one
from pessdesk.application.settle_clash import settle_clash
from pessdesk.bootstrap import Program

ACTIONS = ("record", "edit", "withdraw", "export", "export", "receive", "settle")


class Room:
    """Two laptops and the files between them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.program = Program()
        self.out = folder / "out"
        self.out.mkdir()
        for name in ("one", "two"):
            with self.program.desk(folder / name, write=True, create=True, label=name) as desk:
                if name == "one":
                    row = new_workshop(desk, PlannedWorkshop("Taller", "2026-03-12", "04"))
                    self.workshop = row["code"]
        self.trust(["one", "two"])
        self.do("one", "record", 0)
        self.do("one", "export", 0)
        self.do("two", "receive", 0)

    def trust(self, names: list[str]) -> None:
        for name in names:
            for other in ("one", "two"):
                self.program.add_card(self.folder / name / "trust", self.program.own_card(self.folder / other))

    def bundles(self) -> list[Path]:
        return sorted(self.out.glob("*.asice"))

    def do(self, name: str, action: str, which: int) -> None:
        with self.program.desk(self.folder / name, write=True) as desk:
            with desk.store.read() as unit:
                rows = [row for workshop in unit.workshops() for row in unit.contributions(workshop["record"])]
                clashing = sorted({row["record"] for row in unit.clashes()})
            code = rows[which % len(rows)]["record"] if rows else ""
            if action == "record":
                record_one(desk, self.workshop, {"text": f"Text {which}"})
            elif action == "edit" and code:
                edit_contribution(desk, code, {"text": f"Text {which} de {name}"})
            elif action == "withdraw" and code:
                withdraw_contribution(desk, code)
            elif action == "export":
                export_workshop(desk, self.workshop, self.out)
            elif action == "receive":
                import_bundles(desk, self.bundles())
            elif action == "settle" and clashing:
                settle_clash(desk, clashing[0], take=1)

    def office(self, name: str, files: list[Path]) -> str:
        self.trust([name])
        with self.program.desk(self.folder / name, write=True, create=True) as desk:
            arrivals = import_bundles(desk, files)
            assert {a.outcome for a in arrivals} <= {"accepted", "known"}
            with desk.store.read() as unit:
                return unit.digest()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    actions=st.lists(
        st.tuples(st.sampled_from(("one", "two")), st.sampled_from(ACTIONS), st.integers(0, 3)), max_size=10
    ),
    data=st.data(),
)
def test_bundles_in_any_order_directly_or_relayed_make_one_store(
    actions: list[tuple[str, str, int]], data: st.DataObject, tmp_path_factory
) -> None:
    room = Room(tmp_path_factory.mktemp("room"))
    for name, action, which in actions:
        room.do(name, action, which)
    for name in ("one", "two", "one"):
        room.do(name, "receive", 0)
        room.do(name, "export", 0)
    files = room.bundles()
    shuffled = data.draw(st.permutations(files)) + data.draw(st.lists(st.sampled_from(files), max_size=3))
    assert room.office("office", files) == room.office("other", shuffled)


def test_a_bundle_that_was_only_relayed_is_whole(tmp_path: Path) -> None:
    room = Room(tmp_path)
    direct = room.bundles()
    room.do("two", "export", 0)
    relaying = [path for path in room.bundles() if path not in direct]
    with room.program.desk(tmp_path / "office", write=True, create=True):
        pass
    assert room.office("office", relaying) == room.office("other", [*relaying, *direct])


def test_export_then_import_gives_the_same_contents(tmp_path: Path) -> None:
    room = Room(tmp_path)
    room.do("one", "record", 1)
    room.do("one", "edit", 0)
    room.do("one", "export", 0)
    digest = room.office("office", room.bundles())
    with room.program.desk(tmp_path / "one", write=False) as desk, desk.store.read() as unit:
        assert unit.digest() == digest
