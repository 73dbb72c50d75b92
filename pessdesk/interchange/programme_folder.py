"""A programme as the office writes it down: a folder with `programme.json`, `base_document.json`, `entities.csv` and
`workshops.csv` (the last two may be missing, or `.xlsx`)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from pessdesk.application.programme import PlannedWorkshop, ProgrammePlan
from pessdesk.application.record_contributions import SheetRow
from pessdesk.domain.codes import check_date
from pessdesk.domain.errors import InputRefused, UsageRefused
from pessdesk.domain.kinds import METHODS
from pessdesk.domain.model import BaseDocument, Entity, Node, check_local, check_one_of
from pessdesk.domain.text import check_line, require
from pessdesk.interchange.spreadsheets import read_sheet
from pessdesk.interchange.territory import Territory

FORMAT = "pessdesk-base-document/1"
MAX_JSON = 32 * 1024**2
MAX_DEPTH = 12
T = TypeVar("T")


def read_programme_folder(folder: Path, territory: Territory) -> ProgrammePlan:
    """The programme of a folder. Raises `UsageRefused` (a file is missing), `InputRefused` (where and what is wrong)."""
    if not folder.is_dir():
        raise UsageRefused("file-unreadable", path=str(folder), reason="not a folder")
    about = _json(folder / "programme.json")
    document = read_base_document(folder / "base_document.json")
    title = about.get("title")
    if not isinstance(title, dict) or not isinstance(about.get("code"), str):
        raise InputRefused("json-shape", path="programme.json", field="code, title, version")
    return ProgrammePlan(
        code=about["code"],
        title=check_local(title, "title"),
        version=str(about.get("version", "1")),
        document=document,
        entities=tuple(
            _sheet(folder, "entities", ("name", "kind", "aliases", "comarca"), ("name",), _entity(territory))
        ),
        workshops=tuple(
            _sheet(
                folder,
                "workshops",
                ("title", "date", "municipality", "comarca", "venue", "method", "groups"),
                ("title", "date"),
                _workshop(territory),
            )
        ),
    )


def read_base_document(path: Path) -> BaseDocument:
    """A base document from JSON: a nested `tree`, or flat `nodes` that name their `parent`."""
    raw = _json(path)
    if raw.get("format") != FORMAT:
        raise InputRefused("document-format", path=path.name, value=str(raw.get("format"))[:60], known=FORMAT)
    nodes: list[Node] = []
    if isinstance(raw.get("nodes"), list):
        nodes = _in_order(
            [_node(item, str(item.get("parent") or ""), path.name) for item in _dicts(raw["nodes"], path)]
        )
    else:
        _walk(raw.get("tree"), "", nodes, path, 0)
    for name in ("id", "version"):
        if not isinstance(raw.get(name), str):
            raise InputRefused("json-shape", path=path.name, field=name)
    title = raw.get("title")
    if not isinstance(title, dict):
        raise InputRefused("json-shape", path=path.name, field="title")
    return BaseDocument(document=raw["id"], version=raw["version"], title=title, nodes=tuple(nodes))


def _walk(tree: Any, parent: str, nodes: list[Node], path: Path, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise InputRefused("document-deep", path=path.name, node=parent, limit=MAX_DEPTH)
    for item in _dicts(tree, path):
        nodes.append(_node(item, parent, path.name))
        if item.get("children"):
            _walk(item["children"], nodes[-1].id, nodes, path, depth + 1)


def _dicts(value: Any, path: Path) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise InputRefused("json-shape", path=path.name, field="tree")
    return value


def _node(item: dict[str, Any], parent: str, name: str) -> Node:
    identity = str(item.get("id", ""))
    texts: dict[str, dict[str, str]] = {}
    for field in ("title", "text", "short"):
        value = item.get(field) or {}
        if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
            raise InputRefused("json-shape", path=name, field=f"{identity}.{field}")
        texts[field] = value
    return Node(
        id=identity, kind=str(item.get("kind", "section")), parent=parent, code=str(item.get("code", "")),
        title=texts["title"], text=texts["text"], short=texts["short"],
    )  # fmt: skip


def _in_order(nodes: list[Node]) -> list[Node]:
    """Flat nodes with parents before children; what is left over hangs in a circle, or from nothing."""
    known = {node.id for node in nodes}
    ordered: list[Node] = []
    placed: set[str] = set()
    left = nodes
    while left:
        ready = [node for node in left if not node.parent or node.parent in placed]
        if not ready:
            stray = next((n for n in left if n.parent not in known), left[0])
            code = "node-cycle" if stray.parent in known else "node-parent-unknown"
            raise InputRefused(code, node=stray.id, parent=stray.parent)
        ordered += ready
        placed |= {node.id for node in ready}
        settled = {id(node) for node in ready}
        left = [node for node in left if id(node) not in settled]
    return ordered


def _json(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MAX_JSON:
            raise InputRefused("sheet-too-big", path=path.name, size=path.stat().st_size, limit=MAX_JSON)
        value = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as problem:
        raise UsageRefused("file-unreadable", path=str(path), reason=problem.strerror or "") from problem
    except UnicodeDecodeError:
        raise InputRefused("json-encoding", path=path.name) from None
    except json.JSONDecodeError as problem:
        raise InputRefused("json-wrong", path=path.name, line=problem.lineno, column=problem.colno) from None
    except (RecursionError, ValueError):
        raise InputRefused("json-wrong", path=path.name, line=0, column=0) from None
    if not isinstance(value, dict):
        raise InputRefused("json-shape", path=path.name, field="{}")
    return value


def _sheet(
    folder: Path,
    stem: str,
    columns: tuple[str, ...],
    required: tuple[str, ...],
    make: Callable[[SheetRow], T],
) -> list[T]:
    path = next((p for p in (folder / f"{stem}.csv", folder / f"{stem}.xlsx") if p.exists()), None)
    if path is None:
        return []
    found: list[T] = []
    for row in read_sheet(path, columns, required).rows:
        try:
            found.append(make(row))
        except InputRefused as problem:
            raise InputRefused("sheet-row", path=path.name, row=row.number, why=problem.code, **problem.facts) from None
    return found


def _entity(territory: Territory) -> Callable[[SheetRow], Entity]:
    def make(row: SheetRow) -> Entity:
        cell = row.cells.get
        aliases = tuple(part.strip() for part in cell("aliases", "").split("|") if part.strip())
        comarca = territory.comarca(cell("comarca", "")) if cell("comarca") else ""
        return Entity(name=cell("name", ""), kind=cell("kind") or "other", aliases=aliases, comarca=comarca)

    return make


def _workshop(territory: Territory) -> Callable[[SheetRow], PlannedWorkshop]:
    def make(row: SheetRow) -> PlannedWorkshop:
        cell = row.cells.get
        return planned_workshop(
            territory, title=cell("title", ""), date=cell("date", "")[:10], municipality=cell("municipality", ""),
            comarca=cell("comarca", ""), venue=cell("venue", ""), method=cell("method", ""), groups=cell("groups", ""),
        )  # fmt: skip

    return make


def planned_workshop(
    territory: Territory,
    *,
    title: str,
    date: str,
    municipality: str,
    comarca: str,
    venue: str,
    method: str,
    groups: str,
) -> PlannedWorkshop:
    """A workshop from what a person wrote: places by code or name."""
    place = territory.municipality(municipality) if municipality else None
    if not place and not comarca:
        raise InputRefused("place-missing")
    if groups and not (groups.isascii() and groups.isdigit() and int(groups) <= 100):
        raise InputRefused("number-wrong", field="groups", value=groups[:20])
    code = territory.comarca(comarca) if comarca else place.comarca if place else ""
    if place and place.comarca != code:
        raise InputRefused("place-differs", municipality=place.name, comarca=comarca)
    require(check_line(title, "title"), "title")
    check_date(date, "date")
    if method:
        check_one_of(method, METHODS, "method")
    return PlannedWorkshop(
        title=title, date=date, comarca=code, municipality=place.code if place else "", venue=venue, method=method,
        groups=int(groups or 0),
    )  # fmt: skip
