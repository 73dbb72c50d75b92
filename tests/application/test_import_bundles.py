"""What a store makes of bundles that are genuine and yet not to be taken as they come."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pessdesk.application.import_bundles import import_bundles, plan_import
from pessdesk.application.programme import build_programme
from pessdesk.bootstrap import Program
from pessdesk.system.paths import resources


def office(folder: Path, name: str) -> Path:
    """An office of that name and the programme bundle that it made."""
    program = Program()
    with program.desk(folder / name, write=True, create=True, label=name) as desk:
        plan = program.read_programme(resources() / "demo" / "programme")
        return build_programme(desk, plan, folder / f"{name}.asice").file


def test_another_offices_programme_is_refused(tmp_path: Path) -> None:
    program = Program()
    first, second = office(tmp_path, "office"), office(tmp_path, "other")
    for name in ("office", "other"):
        program.add_card(tmp_path / "laptop" / "trust", program.own_card(tmp_path / name))
    with program.desk(tmp_path / "laptop", write=True, create=True) as desk:
        assert [a.outcome for a in import_bundles(desk, [first])] == ["accepted"]
        assert [(a.outcome, a.code) for a in import_bundles(desk, [second])] == [("refused", "programme-other")]


def test_a_known_laptop_that_rewrites_the_programme_waits_for_a_person(tmp_path: Path) -> None:
    program = Program()
    genuine = office(tmp_path, "office")
    with program.desk(tmp_path / "clever", write=True, create=True) as desk:
        program.add_card(tmp_path / "clever" / "trust", program.own_card(tmp_path / "office"))
        import_bundles(desk, [genuine])
        plan = replace(program.read_programme(resources() / "demo" / "programme"), title={"ca": "Un altre pla"})
        rewritten = build_programme(desk, plan, tmp_path / "clever.asice").file
    for name in ("office", "clever"):
        program.add_card(tmp_path / "laptop" / "trust", program.own_card(tmp_path / name))
    with program.desk(tmp_path / "laptop", write=True, create=True) as desk:
        import_bundles(desk, [genuine])
        assert [(a.outcome, a.code) for a in import_bundles(desk, [rewritten])] == [("quarantined", "programme-signer")]
        with desk.store.read() as unit:
            shown = unit.programme()
        assert shown is not None
        assert "Un altre pla" not in shown["title"]


def test_one_unreadable_file_stops_no_other(tmp_path: Path) -> None:
    program = Program()
    bundle = office(tmp_path, "office")
    program.add_card(tmp_path / "laptop" / "trust", program.own_card(tmp_path / "office"))
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.asice").mkdir()
    (tmp_path / "in" / "b.asice").write_bytes(bundle.read_bytes())
    with program.desk(tmp_path / "laptop", write=True, create=True) as desk:
        planned = [(a.outcome, a.code) for a in plan_import(desk, [tmp_path / "in"])]
        done = [(a.outcome, a.code) for a in import_bundles(desk, [tmp_path / "in"])]
    assert done == planned == [("refused", "file-unreadable"), ("accepted", "accepted")]
