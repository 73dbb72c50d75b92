"""Adding revisions to the store: set union, and the projections that follow from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, text

from pessdesk.records.envelope import Revision, trusted_revision
from pessdesk.storage import projections

ERASABLE = ("contribution", "attachment", "entity", "tally", "group")
"""Kinds that an erasure can reach; what holds the others together cannot be erased."""

_INSERT = "INSERT INTO revision (id, record, kind, device, epoch, counter, workshop, data) VALUES (?,?,?,?,?,?,?,?)"


@dataclass(frozen=True, slots=True)
class Added:
    """What adding did: numbers of revisions, and the records that changed."""

    new: int
    known: int
    records: tuple[str, ...]


def chunks(items: Sequence[Any], size: int = 500) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def select_in(connection: Connection, sql: str, items: Sequence[Any]) -> Iterator[Any]:
    """Rows of a query with `:items`, asked in portions."""
    query = text(sql).bindparams(bindparam("items", expanding=True))
    for portion in chunks(items):
        yield from connection.execute(query, {"items": list(portion)})


def append_new(connection: Connection, revisions: Sequence[Revision]) -> None:
    """Add revisions that this store just made of records that it just made: nothing can be known, nothing merged."""
    _insert(connection, revisions, frozenset())
    projections.project_new(connection, revisions)


def add(connection: Connection, revisions: Sequence[Revision]) -> Added:
    """The union of what is there and these. Adding twice changes nothing; the order does not matter."""
    unique = {revision.id: revision for revision in revisions}
    known = known_ids(connection, list(unique))
    fresh = [revision for revision in unique.values() if revision.id not in known]
    if not fresh:
        return Added(0, len(unique), ())
    records = list({revision.record for revision in fresh})
    before = {
        row[0] for row in select_in(connection, "SELECT DISTINCT record FROM revision WHERE record IN :items", records)
    }
    gone = {row[0] for row in select_in(connection, "SELECT record FROM erased WHERE record IN :items", records)}
    _insert(connection, fresh, gone)
    times: dict[str, int] = {}
    for revision in fresh:
        times[revision.record] = times.get(revision.record, 0) + 1
    simple: list[Revision] = []
    merged: dict[str, str] = {}
    for revision in fresh:
        if revision.record in gone and revision.kind in ERASABLE:
            continue
        if times[revision.record] == 1 and revision.record not in before and not revision.parents:
            simple.append(revision)
        else:
            merged[revision.record] = revision.kind
    projections.project_new(connection, simple)
    projections.project_views(connection, histories(connection, list(merged)).values())
    for revision in fresh:
        if revision.kind == "erasure":
            erase(connection, [str(record) for record in revision.content["records"]])
    return Added(len(fresh), len(unique) - len(fresh), tuple(records))


def known_ids(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Those of the ids (hex) that the store has, erased ones too."""
    raw = [bytes.fromhex(i) for i in ids]
    return {row[0].hex() for row in select_in(connection, "SELECT id FROM revision WHERE id IN :items", raw)}


def histories(connection: Connection, records: Sequence[str]) -> dict[str, list[Revision]]:
    """All live revisions of the records."""
    found: dict[str, list[Revision]] = {}
    sql = "SELECT data FROM revision WHERE record IN :items AND data IS NOT NULL"
    for row in select_in(connection, sql, records):
        revision = trusted_revision(row[0])
        found.setdefault(revision.record, []).append(revision)
    return found


def erase(connection: Connection, records: Sequence[str]) -> None:
    """Keep of these records their digests alone, now and whenever more of them arrives."""
    connection.exec_driver_sql("INSERT OR IGNORE INTO erased (record) VALUES (?)", [(r,) for r in records])
    for kind in ERASABLE:
        rows = list(
            select_in(
                connection,
                f"SELECT DISTINCT record FROM revision WHERE kind = '{kind}' AND record IN :items",
                records,
            )
        )
        if rows:
            projections.remove(connection, kind, [row[0] for row in rows])
            connection.exec_driver_sql(
                "UPDATE revision SET data = NULL WHERE kind = ? AND record = ?",
                [(kind, row[0]) for row in rows],
            )


def rebuild(connection: Connection) -> int:
    """Drop the projections and make them again from the revisions; gives the number of records."""
    projections.create(connection)
    records = [
        row[0] for row in connection.exec_driver_sql("SELECT DISTINCT record FROM revision WHERE data IS NOT NULL")
    ]
    for portion in chunks(sorted(records)):
        simple: list[Revision] = []
        merged: list[list[Revision]] = []
        for history in histories(connection, portion).values():
            if len(history) == 1 and not history[0].parents:
                simple.append(history[0])
            else:
                merged.append(history)
        projections.project_new(connection, simple)
        projections.project_views(connection, merged)
    return len(records)


def _insert(connection: Connection, revisions: Sequence[Revision], gone: set[str] | frozenset[str]) -> None:
    connection.exec_driver_sql(
        _INSERT,
        [
            (
                bytes.fromhex(r.id), r.record, r.kind, r.device, r.epoch, r.counter, r.workshop,
                None if r.record in gone and r.kind in ERASABLE else r.data,
            )
            for r in revisions
        ],
    )  # fmt: skip
