"""A programme as the office writes it down."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pessdesk.domain.errors import InputRefused
from pessdesk.interchange.programme_folder import planned_workshop, read_base_document, read_programme_folder
from pessdesk.interchange.territory import Territory

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
EXAMPLE = RESOURCES / "demo" / "programme"
WANTED = dict.fromkeys(("title", "date", "municipality", "comarca", "venue", "method", "groups"), "") | {
    "title": "T",
    "date": "2026-03-12",
}


@pytest.fixture(scope="module")
def territory() -> Territory:
    return Territory(RESOURCES / "territory")


def document(folder: Path, **more: Any) -> Path:
    path = folder / "base_document.json"
    value = {"format": "pessdesk-base-document/1", "id": "p", "version": "1", "title": {"ca": "P"}, **more}
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def test_the_example(territory: Territory) -> None:
    plan = read_programme_folder(EXAMPLE, territory)
    assert (plan.code, len(plan.workshops), len(plan.entities)) == ("PESS", 3, 15)
    assert [(w.comarca, w.municipality, w.groups) for w in plan.workshops] == [
        ("04", "252038", 3), ("35", "252075", 2), ("05", "251734", 2),
    ]  # fmt: skip
    assert plan.entities[0].aliases == ("CCAU", "Consell de l'Alt Urgell")
    known: set[str] = set()
    for node in plan.document.nodes:
        assert not node.parent or node.parent in known, "a parent comes before what hangs from it"
        known.add(node.id)


def test_tree_and_flat_nodes_are_the_same_document(tmp_path: Path) -> None:
    title = {"title": {"ca": "x"}}
    tree = document(tmp_path, tree=[{"id": "A", **title, "children": [{"id": "B", **title}]}, {"id": "C", **title}])
    nested = read_base_document(tree)
    flat = document(
        tmp_path, nodes=[{"id": "B", "parent": "A", **title}, {"id": "C", **title}, {"id": "A", **title}]
    )  # fmt: skip
    found = read_base_document(flat)
    assert {(n.id, n.parent) for n in found.nodes} == {(n.id, n.parent) for n in nested.nodes}


def test_a_tree_without_bottom(tmp_path: Path) -> None:
    tree: list[Any] = []
    for depth in range(60):
        tree = [{"id": f"N{depth}", "title": {"ca": "x"}, "children": tree}]
    with pytest.raises(InputRefused, match="document-deep"):
        read_base_document(document(tmp_path, tree=tree))


def test_workshops_from_excel_with_real_dates(territory: Territory, tmp_path: Path) -> None:
    folder = tmp_path / "programme"
    shutil.copytree(EXAMPLE, folder)
    (folder / "workshops.csv").unlink()
    (folder / "entities.csv").unlink()
    from datetime import date

    book = openpyxl.Workbook()
    book.active.append(["title", "date", "municipality"])
    book.active.append(["Taller", date(2026, 3, 12), "la Seu d'Urgell"])
    book.save(folder / "workshops.xlsx")
    plan = read_programme_folder(folder, territory)
    assert [(w.date, w.comarca) for w in plan.workshops] == [("2026-03-12", "04")]
    assert plan.entities == ()


def test_where_a_workshop_is(territory: Territory) -> None:
    def place(**given: str) -> tuple[str, str]:
        made = planned_workshop(territory, **(WANTED | given))
        return made.comarca, made.municipality

    assert place(municipality="Solsona") == ("35", "252075")
    assert place(comarca="alt urgell") == ("04", "")
    with pytest.raises(InputRefused, match="place-differs"):
        place(municipality="Solsona", comarca="04")
    with pytest.raises(InputRefused, match="place-missing"):
        place()
