"""How a laptop states things: counters without holes, a clock that never goes back, edits that hide nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pessdesk.application.authoring import Author, follow_clock, introduce
from pessdesk.application.change_contribution import edit_contribution
from pessdesk.application.ports import Desk
from pessdesk.application.programme import PlannedWorkshop, new_workshop
from pessdesk.application.record_contributions import SheetRow, record_one, record_rows
from pessdesk.application.settle_clash import open_clashes, settle_clash
from pessdesk.bootstrap import Program
from pessdesk.domain.errors import InputRefused, UnknownThing
from pessdesk.records.envelope import Revision


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Program().desk(tmp_path / "store", write=True, create=True) as desk:
        yield desk


@pytest.fixture
def workshop(desk: Desk) -> str:
    return str(new_workshop(desk, PlannedWorkshop("Taller", "2026-03-12", "04"))["code"])


def history(desk: Desk, code: str) -> list[Revision]:
    with desk.store.read() as unit:
        record = unit.contributions_by_code(code)[0]["record"]
        return sorted(unit.histories([record])[record], key=lambda revision: revision.counter)


def test_counters_grow_by_one(desk: Desk, workshop: str) -> None:
    code = record_one(desk, workshop, {"text": "a"}).code
    for text in "bcd":
        edit_contribution(desk, code, {"text": text})
    made = history(desk, code)
    assert [r.counter for r in made] == list(range(made[0].counter, made[0].counter + 4))
    assert [r.hlc for r in made] == sorted({r.hlc for r in made})
    assert [r.parents for r in made] == [(), *((r.id,) for r in made[:-1])]


def test_a_counter_is_not_used_when_its_unit_fails(desk: Desk, workshop: str) -> None:
    code = record_one(desk, workshop, {"text": "a"}).code
    with pytest.raises(InputRefused):
        edit_contribution(desk, code, {"kind": "rumour"})
    with pytest.raises(RuntimeError, match="stopped"), desk.store.write() as unit:
        author = Author(desk, unit)
        unit.append_new([author.act("never")])
        author.save()
        raise RuntimeError("stopped")
    edit_contribution(desk, code, {"text": "b"})
    first, second = history(desk, code)
    assert second.counter == first.counter + 1


def test_the_clock_follows_what_was_read(desk: Desk, workshop: str) -> None:
    code = record_one(desk, workshop, {"text": "a"}).code
    with desk.store.write() as unit:
        before = unit.setting("hlc") or ""
        follow_clock(unit, before, 0)
        assert (unit.setting("hlc") or "") >= before
    edit_contribution(desk, code, {"text": "b"})
    assert history(desk, code)[1].hlc > before


def test_a_laptop_introduces_itself_once(desk: Desk) -> None:
    introduce(desk)
    introduce(desk)
    with desk.store.read() as unit:
        assert len(unit.devices()) == 1


def test_what_is_typed_twice_was_said_twice(desk: Desk, workshop: str) -> None:
    one, two = (record_one(desk, workshop, {"text": "a", "group": "Taula 1"}) for _ in range(2))
    assert one.code != two.code
    with desk.store.read() as unit:
        found = unit.workshops_by_code(workshop)[0]["record"]
        assert [group["name"] for group in unit.groups(found)] == ["Taula 1"]


def test_batches_come_after_their_commit(desk: Desk, workshop: str) -> None:
    rows = [SheetRow(n, {"text": f"row {n}"}) for n in range(2, 1203)]
    seen = 0
    for batch in record_rows(desk, workshop, rows, folder=Path(), words={}):
        seen += len(batch)
        with desk.store.read() as unit:
            assert unit.counts()["contributions"] == seen
    assert seen == len(rows)


def test_an_interrupted_recording_goes_on_where_it_stopped(desk: Desk, workshop: str) -> None:
    rows = [SheetRow(n, {"text": "the same row"}) for n in range(2, 1203)]
    recording = record_rows(desk, workshop, rows, folder=Path(), words={})
    first = next(recording)
    recording.close()
    again = [one for batch in record_rows(desk, workshop, rows, folder=Path(), words={}) for one in batch]
    assert len(first) + len(again) == len(rows)
    assert len({one.code for one in [*first, *again]}) == len(rows)


def test_an_edit_does_not_settle_a_clash_unseen(desk: Desk, workshop: str) -> None:
    code = record_one(desk, workshop, {"text": "a"}).code
    edit_contribution(desk, code, {"text": "b"})
    first, _ = history(desk, code)
    with desk.store.write() as unit:
        author = Author(desk, unit)
        other = dict(first.content) | {"text": "c"}
        unit.add([author.state_content("contribution", other, record=first.record, parents=(first.id,))])
        author.save()
    with desk.store.read() as unit:
        assert [clash["field"] for clash in open_clashes(unit)] == ["text"]
    edit_contribution(desk, code, {"title": "T"})
    edit_contribution(desk, code, {"text": "d"})
    with desk.store.read() as unit:
        claims = open_clashes(unit)[0]["claims"]
    assert "d" in {claim["value"] for claim in claims}
    with pytest.raises(InputRefused, match="claim-unknown"):
        settle_clash(desk, code, take=len(claims) + 1)
    settle_clash(desk, code, field="text", value="e")
    with desk.store.read() as unit:
        assert open_clashes(unit) == []
        row = unit.contributions_by_code(code)[0]
    assert (row["text"], row["title"]) == ("e", "T")
    with pytest.raises(UnknownThing, match="clash-unknown"):
        settle_clash(desk, code, take=1)


@pytest.mark.parametrize("photo", ["/etc/hostname", "../secret.pem", "deep/../../secret.pem", "link.pem"])
def test_a_sheet_takes_no_file_from_elsewhere(photo: str, desk: Desk, workshop: str, tmp_path: Path) -> None:
    (tmp_path / "secret.pem").write_text("secret", encoding="ascii")
    folder = tmp_path / "sheets"
    folder.mkdir()
    try:
        (folder / "link.pem").symlink_to(tmp_path / "secret.pem")
    except OSError as problem:
        pytest.skip(f"this system makes no symbolic links here: {problem}")
    rows = [SheetRow(2, {"text": "a", "photo": photo})]
    with pytest.raises(InputRefused) as refused:
        next(record_rows(desk, workshop, rows, folder=folder, words={}))
    complaints = refused.value.facts["complaints"]
    assert isinstance(complaints, list)
    assert [complaint.code for complaint in complaints] == ["photo-outside"]
