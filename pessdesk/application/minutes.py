"""What the minutes of a workshop say: one read of the store, as plain values with neither language nor look.

No person is named: an entity that is somebody in a personal capacity has its kind here and no name. Contributions that
were taken back do not count. The order depends on the content alone, not on the order in which it came to this store.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from string import digits

from pessdesk.application import find
from pessdesk.application.ports import Row, Unit
from pessdesk.application.rehearsal import REHEARSAL
from pessdesk.domain import codes, kinds
from pessdesk.domain.model import LocalText
from pessdesk.domain.text import fold

PlaceName = Callable[[str, str], str]
"""A municipality's and a comarca's code (either may be empty) → their names (`pessdesk.interchange.territory`)."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A node of the base document. `title` is empty where the store lacks the version that holds it."""

    id: str
    code: str
    kind: str
    title: LocalText
    short: LocalText


@dataclass(frozen=True, slots=True)
class Entry:
    """A contribution as it stands in the minutes; `also` are the codes of the further lines that it points to."""

    code: str
    kind: str
    text: str
    title: str = ""
    table: str = ""
    dots: int = 0
    entity: str = ""
    personal: bool = False
    language: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """What was said about one line: in full here, and the codes of what stands in full under another."""

    topic: Topic
    entries: tuple[Entry, ...]
    elsewhere: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lever:
    """What was said about one lever of a version of the base document; without `topic`, what points to no line."""

    topic: Topic | None
    version: str
    lines: tuple[Line, ...]
    loose: tuple[Entry, ...] = ()

    @property
    def count(self) -> int:
        """Contributions in full under this lever: each counts once in the whole workshop."""
        return len(self.loose) + sum(len(line.entries) for line in self.lines)


@dataclass(frozen=True, slots=True)
class Table:
    """A table and its contributions; the one without a name is no table at all."""

    name: str
    contributions: int


@dataclass(frozen=True, slots=True)
class Present:
    """An entity and its people (None where nobody counted them); no name: people of no entity, or in their own name."""

    name: str
    kind: str
    people: int | None


@dataclass(frozen=True, slots=True)
class Minutes:
    """Everything that the minutes of one workshop say. `date`, `start` and `end` as in `domain.model.Workshop`;
    `rehearsal` says that all of it is invented."""

    code: str
    title: str
    date: str
    comarca: str
    municipality: str = ""
    start: str = ""
    end: str = ""
    venue: str = ""
    method: str = ""
    facilitators: str = ""
    objectives: str = ""
    agenda: str = ""
    next_steps: str = ""
    programme: LocalText = field(default_factory=dict)
    about: LocalText = field(default_factory=dict)
    document: LocalText = field(default_factory=dict)
    version: str = ""
    tables: tuple[Table, ...] = ()
    entities: tuple[Present, ...] = ()
    people: int | None = None
    levers: tuple[Lever, ...] = ()
    by_kind: tuple[tuple[str, int], ...] = ()
    rehearsal: bool = False

    @property
    def contributions(self) -> int:
        return sum(lever.count for lever in self.levers)


def read_minutes(unit: Unit, code: str, place_name: PlaceName) -> Minutes:
    """The minutes of the workshop of a code (or record id). Raises `UnknownThing("workshop-unknown")`."""
    workshop = find.workshop(unit, code)
    programme = unit.programme()
    documents = _documents(unit, programme)
    groups = {row["record"]: row["name"] for row in unit.groups(workshop["record"])}
    register = {row["record"]: row for row in unit.entities()}
    said = sorted(
        (row for row in unit.contributions(workshop["record"]) if not row["withdrawn"]),
        key=lambda row: (*_code_order(row["code"]), row["record"]),
    )
    present = unit.totals(workshop["record"], "present")
    in_force = documents[0] if programme and documents else {}
    texts = {name: workshop[name] for name in _WORKSHOP_TEXTS}
    counted = Counter(row["kind"] for row in said)
    return Minutes(
        **texts,
        comarca=place_name("", workshop["comarca"]),
        municipality=place_name(workshop["municipality"], ""),
        programme=json.loads(programme["title"]) if programme else {},
        about=_about(in_force),
        document=in_force.get("title", {}),
        version=in_force.get("version", ""),
        tables=_tables(groups.values(), (groups.get(row["grouping"], "") for row in said)),
        entities=_present(workshop["record"], present, register, (row["entity"] for row in said)),
        people=sum(present.values()) or None,
        levers=_levers(said, _Trees(documents), groups, register),
        by_kind=tuple((kind, counted[kind]) for kind in kinds.CONTRIBUTION_KINDS if counted[kind]),
        rehearsal=unit.setting(REHEARSAL) is not None,
    )


_WORKSHOP_TEXTS = (
    "code", "title", "date", "start", "end", "venue", "method", "facilitators", "objectives", "agenda", "next_steps",
)  # fmt: skip


def _documents(unit: Unit, programme: Row | None) -> list[Row]:
    """The base documents of this store, the one in force first."""
    ours = programme["document"] if programme else ""
    return sorted(unit.base_documents(), key=lambda row: (row["record"] != ours, row["version"], row["record"]))


def _about(document: Mapping[str, object]) -> LocalText:
    """What the plan says of itself: the text of its root."""
    nodes = document.get("nodes")
    root = nodes[0] if isinstance(nodes, list) and nodes else {}
    return root.get("text", {}) if root.get("kind") == "plan" else {}


def _code_order(code: str) -> tuple[str, int]:
    """The order of one laptop after another, and within it of recording (`AB1000` comes after `AB999`)."""
    mark = codes.mark_of(code)
    number = code.rpartition("-")[2][len(mark) :]
    return mark, int(number or 0)


def _natural(name: str) -> tuple[tuple[float, str], ...]:
    """Table 10 comes after table 2, and names after numbers."""
    parts = re.findall(r"[0-9]+|[^0-9]+", fold(name))
    return tuple((int(part), "") if part[0] in digits else (inf, part) for part in parts)


def _tables(names: Iterable[str], used: Iterable[str]) -> tuple[Table, ...]:
    """Tables in their order, those that two laptops made under one name as one; what had no table last."""
    counted = Counter(used)
    found: dict[str, Table] = {}
    for name in sorted(set(names)):
        there = found.get(fold(name), Table(name, 0))
        found[fold(name)] = Table(there.name, there.contributions + counted[name])
    tables = sorted(found.values(), key=lambda table: (_natural(table.name), table.name))
    return (*tables, *([Table("", counted[""])] if tables and counted[""] else []))


def _present(
    workshop: str, totals: Mapping[str, int], register: Mapping[str, Row], named: Iterable[str]
) -> tuple[Present, ...]:
    """The entities that were counted, and those that contributions name; people of no entity last."""
    found: dict[tuple[str, str], Present] = {}
    counted = {record for record, people in totals.items() if people}
    for record in (counted | set(named)) - {""}:
        row = register.get(record)
        if row is None and record not in counted:
            continue  # its name has not arrived, and nobody counted it: there is nothing to say
        if row is None or row["kind"] == "individual":
            name, kind = "", "individual" if row else "" if record == workshop else "other"
        else:
            name, kind = row["name"], row["kind"]
        there = found.get((fold(name), kind if not name else ""), Present(name, kind, None))
        people = (there.people or 0) + totals.get(record, 0)
        name = min(there.name, name)  # of two spellings the same one, whichever came first
        found[fold(name), kind if not name else ""] = Present(name, there.kind, people or None)
    return tuple(sorted(found.values(), key=lambda one: (not one.name, fold(one.name), one.name, one.kind)))


class _Trees:
    """Where a contribution belongs: lever and line, by the version of the base document and the id of a node."""

    def __init__(self, documents: Sequence[Row]) -> None:
        self._known: dict[tuple[str, str], tuple[tuple[int, int], Topic, Topic]] = {}
        for order, document in enumerate(documents):
            for place, lever, topic in _places(document["nodes"]):
                self._known.setdefault((document["version"], topic.id), ((order, place), lever, topic))

    def place(self, version: str, node: str) -> tuple[tuple[int, int, str], Topic, Topic]:
        """(order, lever, line) of a node. What the store does not know comes last, under a lever without a title."""
        if found := self._known.get((version, node)):
            return (*found[0], ""), found[1], found[2]
        return (1_000_000, 0, node), Topic("", "", "", {}, {}), Topic(node, node, "", {}, {})


def _places(nodes: Sequence[Row]) -> Iterator[tuple[int, Topic, Topic]]:
    """(order, lever, node) for each node; a branch without a lever has its outermost node below the plan instead.

    Parents stand before their children, but not each right before its own: the order is that of reading the tree.
    """
    children: dict[str, list[Row]] = {}
    for node in nodes:
        children.setdefault(node.get("parent", ""), []).append(node)
    waiting: list[tuple[Row, Topic | None]] = [(node, None) for node in reversed(children.get("", []))]
    order = 0
    while waiting:
        node, above = waiting.pop()
        topic = Topic(node["id"], node.get("code", ""), node["kind"], node["title"], node.get("short", {}))
        lever = topic if above is None or above.kind == "plan" or topic.kind == "lever" else above
        yield order, lever, topic
        order += 1
        waiting += [(child, lever) for child in reversed(children.get(topic.id, []))]


def _levers(
    said: Sequence[Row], trees: _Trees, groups: Mapping[str, str], register: Mapping[str, Row]
) -> tuple[Lever, ...]:
    """Contributions under lever and line in the base document's order; those without a line last."""
    lines: dict[tuple[str, str], list[Entry]] = {}
    elsewhere: dict[tuple[str, str], list[str]] = {}
    loose: list[Entry] = []
    for row in said:
        first, *others = dict.fromkeys(row["lines"].split()) or ("",)
        topics = [trees.place(row["document"], node)[2] for node in others]
        entry = _entry(row, groups, register, tuple(topic.code or topic.id for topic in topics))
        if not first:
            loose.append(entry)
            continue
        lines.setdefault((row["document"], first), []).append(entry)
        for node in others:
            elsewhere.setdefault((row["document"], node), []).append(entry.code)
    placed = sorted(
        ((trees.place(version, node), version, node) for version, node in {*lines, *elsewhere}),
        key=lambda found: (found[0][0], found[1]),
    )
    levers: dict[tuple[str, str], tuple[Topic, list[Line]]] = {}
    for (_, lever, topic), version, node in placed:
        line = Line(topic, tuple(lines.get((version, node), ())), tuple(elsewhere.get((version, node), ())))
        levers.setdefault((version, lever.id), (lever, []))[1].append(line)
    found = [Lever(topic, version, tuple(under)) for (version, _), (topic, under) in levers.items()]
    return (*found, *([Lever(None, "", (), tuple(loose))] if loose else []))


def _entry(row: Row, groups: Mapping[str, str], register: Mapping[str, Row], also: tuple[str, ...]) -> Entry:
    entity = register.get(row["entity"])
    personal = bool(entity and entity["kind"] == "individual")
    return Entry(
        code=row["code"],
        kind=row["kind"],
        text=row["text"],
        title=row["title"],
        table=groups.get(row["grouping"], ""),
        dots=row["votes"],
        entity=entity["name"] if entity and not personal else "",
        personal=personal,
        language=row["language"],
        also=also,
    )
