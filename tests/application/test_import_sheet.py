"""A spreadsheet checked without writing, imported as one thing, stopped on the way, taken back and brought back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pessdesk.application.import_sheet import Imported, bring_back, import_sheet
from pessdesk.application.ports import Desk
from pessdesk.application.programme import PlannedWorkshop, begin_workshop
from pessdesk.application.record_contributions import (
    BATCH,
    MAX_SHOWN,
    Checked,
    SheetRow,
    check_rows,
    record_rows,
)
from pessdesk.application.undo import apply_steps
from pessdesk.bootstrap import Program
from pessdesk.domain.errors import InputRefused, WorldUnkind

GOOD = {"text": "Transport a demanda", "group": "3", "votes": "2", "entity": "Càritas"}
WRONG = [{"text": ""}, {"text": "a", "kind": "queixa"}, {"text": "b", "votes": "molts"}]


@dataclass(frozen=True)
class Hall:
    """A workshop, and spreadsheets that come to it."""

    desk: Desk
    record: str

    def check(self, rows: Sequence[SheetRow], folder: Path = Path()) -> Checked:
        return check_rows(self.desk, self.record, rows, folder=folder, words={})

    def take(self, rows: Sequence[SheetRow], **more: Any) -> Imported:
        how = {"folder": Path(), "words": {}, "progress": lambda _: None, "stopped": lambda: False, **more}
        return import_sheet(self.desk, self.record, rows, **how)

    @property
    def standing(self) -> list[str]:
        with self.desk.store.read() as unit:
            return [row["text"] for row in unit.contributions(self.record) if not row["withdrawn"]]

    @property
    def around(self) -> tuple[list[str], list[str]]:
        """Its tables, and the entities that are known."""
        with self.desk.store.read() as unit:
            return [g["name"] for g in unit.groups(self.record)], [e["name"] for e in unit.entities()]

    @property
    def digest(self) -> str:
        with self.desk.store.read() as unit:
            return unit.digest()


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    with Program().desk(tmp_path / "store", write=True, create=True) as desk:
        yield Hall(desk, begin_workshop(desk, PlannedWorkshop("Taller", "2026-03-12", "04")).record)


def sheet(*cells: dict[str, str]) -> list[SheetRow]:
    return [SheetRow(number, row) for number, row in enumerate(cells, start=2)]


def test_checking_writes_nothing(hall: Hall) -> None:
    before = hall.digest
    checked = hall.check(sheet(GOOD, *WRONG, GOOD))
    assert checked.new == {2, 6}
    assert not checked.known
    assert [(one.row, one.code) for one in checked.complaints] == [
        (3, "text-missing"), (4, "choice-unknown"), (5, "number-wrong"),
    ]  # fmt: skip
    assert hall.digest == before


def test_what_is_there_already_is_known_by_its_row(hall: Hall) -> None:
    hall.take(sheet(GOOD))
    checked = hall.check(sheet({"text": "nova"}, GOOD, GOOD))
    assert checked.new == {2, 4}, "the same row once more was said once more"
    assert checked.known == {3}
    assert not checked.withdrawn


def test_so_many_complaints_and_no_more(hall: Hall) -> None:
    checked = hall.check(sheet(*[{"text": ""}] * (MAX_SHOWN + 5)))
    assert len(checked.complaints) == MAX_SHOWN


CELLS = st.fixed_dictionaries(
    {
        "text": st.sampled_from(["", "a", "b", "  ", "x\x00"]),
        "kind": st.sampled_from(["", "need", "Need", "queixa"]),
        "votes": st.sampled_from(["", "3", "-1", "1e3"]),
        "line": st.sampled_from(["", "9.9"]),
    }
)


@given(cells=st.lists(CELLS, min_size=1, max_size=6))
def test_the_screen_complains_of_what_the_terminal_refuses(hall: Hall, cells: list[dict[str, str]]) -> None:
    rows = sheet(*cells)
    checked = hall.check(rows)
    try:
        for _ in record_rows(hall.desk, hall.record, rows, folder=Path(), words={}):
            pass
    except InputRefused as refused:
        assert refused.facts["complaints"] == list(checked.complaints)
    else:
        assert not checked.complaints
        assert len(checked.new | checked.known) == len(rows)


def test_import_then_undo_then_redo(hall: Hall) -> None:
    around = hall.around
    done = hall.take(sheet(GOOD, {"text": "Una altra", "group": "4"}))
    assert done.count == 2
    assert hall.around == (["3", "4"], ["Càritas"])
    back = apply_steps(hall.desk, done.undo)
    assert hall.standing == []
    assert hall.around == around, "tables and entities that it made go with it"
    apply_steps(hall.desk, back)
    assert sorted(hall.standing) == ["Transport a demanda", "Una altra"]
    assert hall.around == (["3", "4"], ["Càritas"])


def test_what_was_taken_back_is_named_and_can_be_brought_back(hall: Hall) -> None:
    rows = sheet(GOOD, {"text": "Una altra"})
    apply_steps(hall.desk, hall.take(rows).undo)
    checked = hall.check(rows)
    assert not checked.new, "recording them again would not make them count: that must not pass unnoticed"
    assert set(checked.withdrawn) == checked.known == {2, 3}
    done = bring_back(hall.desk, hall.record, list(checked.withdrawn.values()))
    assert sorted(hall.standing) == ["Transport a demanda", "Una altra"]
    assert hall.around == (["3"], ["Càritas"])
    apply_steps(hall.desk, done.undo)
    assert hall.standing == []
    assert hall.around == ([], [])


def test_stopped_between_two_commits(hall: Hall) -> None:
    rows = sheet(*[{"text": f"fila {n}"} for n in range(2 * BATCH + 1)])
    heard: list[int] = []
    done = hall.take(rows, progress=heard.append, stopped=lambda: True)
    assert heard == [BATCH]
    assert done.count == len(hall.standing) == BATCH
    rest = hall.take(rows, progress=heard.append)
    assert rest.count == BATCH + 1
    assert heard == [BATCH, BATCH, BATCH + 1]
    assert len(hall.standing) == len(rows)


def test_trouble_on_the_way_keeps_what_is_safe(hall: Hall, tmp_path: Path) -> None:
    (tmp_path / "foto.jpg").write_bytes(b"\xff\xd8\xff\xe0 foto")
    cells = [{"text": f"fila {n}"} for n in range(BATCH)]
    rows = sheet(*cells, {"text": "amb foto", "photo": "foto.jpg"})

    class Full:
        def keep_attachment(self, source: Path) -> None:
            raise OSError(28, "No space left on device", str(source))

    full = Hall(replace(hall.desk, files=Full()), hall.record)  # type: ignore[arg-type]
    done = full.take(rows, folder=tmp_path)
    assert done.count == BATCH
    assert isinstance(done.problem, WorldUnkind)
    assert done.problem.code == "disk-full"
    apply_steps(hall.desk, done.undo)
    assert hall.standing == []
    with pytest.raises(WorldUnkind, match="disk-full"):
        full.take(sheet({"text": "una altra", "photo": "foto.jpg"}), folder=tmp_path)


def test_two_thousand_are_one_unit_of_work(hall: Hall) -> None:
    done = hall.take(sheet(*[{"text": f"fila {n}", "group": str(n % 5)} for n in range(2000)]))
    with hall.desk.store.read() as unit:
        before = unit.last_place()
    apply_steps(hall.desk, done.undo)
    with hall.desk.store.read() as unit:
        assert unit.last_place() - before == 2005, "each is stated once"
    assert hall.standing == []


def test_a_new_workshop_can_be_taken_back(hall: Hall) -> None:
    done = begin_workshop(hall.desk, PlannedWorkshop("Un altre", "2026-03-13", "04", groups=3))

    def shown() -> tuple[list[str], int]:
        with hall.desk.store.read() as unit:
            return [w["title"] for w in unit.workshops()], len(unit.groups(done.record))

    assert shown() == (["Taller", "Un altre"], 3)
    back = apply_steps(hall.desk, done.undo)
    assert shown() == (["Taller"], 0)
    apply_steps(hall.desk, back)
    assert shown() == (["Taller", "Un altre"], 3)
