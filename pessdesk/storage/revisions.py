"""Adding revisions to the store: set union, and the projections that follow from it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, text

from pessdesk.records.envelope import Revision, trusted_revision
from pessdesk.storage import projections

ERASABLE = ("contribution", "attachment", "entity", "tally", "group", "person", "consent")
"""Kinds that an erasure can reach; what holds the others together cannot be erased."""
HANGS_ON = {"consent": "person", "attachment": "subject", "tally": "subject"}
"""Kinds that go with the record that this field of theirs names, whether the erasure names them or not."""
PENDING = "erase:pending"
"""The setting that says what an erasure still has to reach outside the tables: records, and names of attachments'
files. Written in the commit that erases, gone once the cleaning is done (`application.erase.clean`)."""

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
    made = {revision.record for revision in revisions}
    if any(target not in made for _, target in _hanging(revisions)):  # on a record that may have been erased meanwhile
        add(connection, revisions)
        return
    _insert(connection, revisions, frozenset())
    projections.project_new(connection, revisions)


def add(connection: Connection, revisions: Sequence[Revision]) -> Added:
    """The union of what is there and these. Adding twice changes nothing; the order does not matter."""
    unique = {revision.id: revision for revision in revisions}
    known = known_ids(connection, list(unique))
    fresh = [revision for revision in unique.values() if revision.id not in known]
    gone = _gone(connection, list(unique.values()))
    if not fresh:
        return Added(0, len(unique), ())
    records = list({revision.record for revision in fresh})
    before = {
        row[0] for row in select_in(connection, "SELECT DISTINCT record FROM revision WHERE record IN :items", records)
    }
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
    if told := [str(one) for revision in fresh if revision.kind == "erasure" for one in revision.content["records"]]:
        erase(connection, told)
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
    """Keep of these records, and of what hangs on them, their digests alone, now and whenever more of them arrives."""
    records = list({*records, *_hanging_on(connection, records)})
    _note_pending(connection, records, _files(r for one in histories(connection, records).values() for r in one))
    connection.exec_driver_sql("INSERT OR IGNORE INTO erased (record) VALUES (?)", [(r,) for r in records])
    # The key of a spreadsheet's row is a digest of what it said, without salt.
    connection.exec_driver_sql("DELETE FROM recorded_row WHERE record = ?", [(r,) for r in records])
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


def _hanging(revisions: Iterable[Revision]) -> Iterator[tuple[str, str]]:
    """(record, the record on which it hangs) for those that hang on another."""
    for revision in revisions:
        if revision.kind in HANGS_ON:
            yield revision.record, str(revision.content.get(HANGS_ON[revision.kind], ""))


def _hanging_on(connection: Connection, records: Sequence[str]) -> set[str]:
    """Records of which any revision ever hung on one of these: so it does not matter which one came last."""
    kinds = ", ".join(f"'{kind}'" for kind in HANGS_ON)
    rows = connection.exec_driver_sql(f"SELECT data FROM revision WHERE kind IN ({kinds}) AND data IS NOT NULL")
    named = set(records)
    return {record for record, target in _hanging(trusted_revision(row[0]) for row in rows) if target in named}


def _gone(connection: Connection, arrived: Sequence[Revision]) -> set[str]:
    """Those of the records that are erased, or are now, for they hang on one that is."""
    hanging = list(_hanging(arrived))
    asked = list({*(revision.record for revision in arrived), *(target for _, target in hanging)})
    gone = {row[0] for row in select_in(connection, "SELECT record FROM erased WHERE record IN :items", asked)}
    if not gone:
        return gone
    if late := {record for record, target in hanging if target in gone and record not in gone}:
        erase(connection, list(late))
        gone |= late
    if back := [revision for revision in arrived if revision.record in gone and revision.kind in ERASABLE]:
        _note_pending(connection, [revision.record for revision in back], _files(back))
    return gone


def _files(revisions: Iterable[Revision]) -> list[str]:
    """The names of the files that attachments among these revisions point to."""
    return [f"{r.content['sha256']}.{r.content['extension']}" for r in revisions if r.kind == "attachment"]


def _note_pending(connection: Connection, records: Sequence[str], files: Sequence[str]) -> None:
    row = connection.exec_driver_sql("SELECT value FROM setting WHERE key = ?", (PENDING,)).fetchone()
    there = json.loads(row[0]) if row else {"records": [], "files": []}
    value = {"records": sorted({*there["records"], *records}), "files": sorted({*there["files"], *files})}
    connection.exec_driver_sql(
        "INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (PENDING, json.dumps(value)),
    )


def rebuild(connection: Connection) -> int:
    """Drop the projections and make them again from the revisions; gives the number of records."""
    projections.create(connection)
    records = [
        row[0] for row in connection.exec_driver_sql("SELECT DISTINCT record FROM revision WHERE data IS NOT NULL")
    ]
    for portion in chunks(sorted(records)):
        project(connection, histories(connection, portion))
    return len(records)


def project(connection: Connection, found: Mapping[str, list[Revision]]) -> None:
    """Put records into the projections, in which they are not, each by its whole history."""
    simple: list[Revision] = []
    merged: list[list[Revision]] = []
    for history in found.values():
        if len(history) == 1 and not history[0].parents:
            simple.append(history[0])
        else:
            merged.append(history)
    projections.project_new(connection, simple)
    projections.project_views(connection, merged)


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
