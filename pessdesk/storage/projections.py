"""From merged views to the tables that screens and commands query.

A projection is a function of the set of revisions: made in the same transaction as they are added, dropped and made
again by `rebuild`, tolerant of references whose target has not arrived.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, insert, text

from pessdesk.domain.kinds import PERSONAL_KINDS
from pessdesk.domain.text import fold, plain_letters
from pessdesk.records import canonical
from pessdesk.records.codec import Content
from pessdesk.records.envelope import Revision
from pessdesk.records.merge import MergedView, merged_view
from pessdesk.storage import schema

Row = dict[str, Any]


def create(connection: Connection) -> None:
    """Make the projections' tables, empty, dropping what is there."""
    connection.exec_driver_sql("DROP TABLE IF EXISTS full_text")
    schema.DERIVED.drop_all(connection)
    schema.DERIVED.create_all(connection)
    for statement in (schema.FULL_TEXT, *schema.COUNTERS):
        connection.exec_driver_sql(statement)


def project_new(connection: Connection, revisions: Sequence[Revision]) -> None:
    """Records that were not there, each with this one revision without parents: nothing to merge, nothing to replace."""
    by_kind: dict[str, list[Revision]] = {}
    for revision in revisions:
        by_kind.setdefault(revision.kind, []).append(revision)
    for kind, members in by_kind.items():
        _insert(connection, kind, [(r.record, r.content, r) for r in members])


def project_views(connection: Connection, histories: Iterable[Sequence[Revision]]) -> None:
    """Records with a history: each is taken out and put in again as it shows now."""
    by_kind: dict[str, list[tuple[str, Content, Revision]]] = {}
    for history in histories:
        view = merged_view(history)
        remove(connection, view.kind, [view.record])
        top = next(r for r in history if r.id == view.winner)
        by_kind.setdefault(view.kind, []).append((view.record, view.content, top))
        if view.kind not in PERSONAL_KINDS:  # what never travels clashes with nobody, and no list shall name a person
            _put_state(connection, view, str(view.content.get("workshop", "")))
    for kind, members in by_kind.items():
        _insert(connection, kind, members)


def remove(connection: Connection, kind: str, records: Sequence[str]) -> None:
    """Take records out of the projections."""
    table = _TABLES.get(kind)
    if table is schema.contribution:
        connection.execute(
            text(
                "DELETE FROM full_text WHERE rowid IN (SELECT number FROM contribution WHERE record IN :records)"
            ).bindparams(bindparam("records", expanding=True)),
            {"records": records},
        )
    for target in (table, schema.clash, schema.waiting):
        if target is not None:
            connection.execute(delete(target).where(target.c.record.in_(records)))


def _put_state(connection: Connection, view: MergedView, workshop: str) -> None:
    if view.clashes:
        connection.execute(
            insert(schema.clash),
            [
                {
                    "record": view.record,
                    "field": clash.field,
                    "kind": view.kind,
                    "workshop": workshop,
                    "claims": canonical.encode(
                        [
                            {"revision": c.revision, "value": c.value, "device": c.device, "hlc": c.hlc}
                            for c in clash.claims
                        ]
                    ).decode(),
                }
                for clash in view.clashes
            ],
        )
    if view.waiting:
        connection.execute(
            insert(schema.waiting), [{"record": view.record, "parent": parent} for parent in view.waiting]
        )


def _insert(connection: Connection, kind: str, members: list[tuple[str, Content, Revision]]) -> None:
    if kind == "contribution":
        _insert_contributions(connection, members)
    elif kind in _ROWS:
        rows = [_ROWS[kind](record, content, top) for record, content, top in members]
        connection.execute(insert(_TABLES[kind]), rows)


_CONTRIBUTION_SQL = (
    "INSERT INTO contribution (number, record, workshop, code, kind, title, text, grouping, document, lines, language,"
    " entity, reference, withdrawn) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
)


def _insert_contributions(connection: Connection, members: list[tuple[str, Content, Revision]]) -> None:
    # The hot path of `record` and `import`: the driver's executemany, without SQLAlchemy's treatment of each row.
    last = connection.exec_driver_sql("SELECT coalesce(max(number), 0) FROM contribution").scalar_one()
    rows = []
    words = []
    for number, (record, content, _) in enumerate(members, start=int(last) + 1):
        get = content.get
        title, said = get("title", ""), get("text", "")
        rows.append(
            (
                number, record, get("workshop", ""), get("code", ""), get("kind", "proposal"), title, said,
                get("group", ""), get("document", ""), " ".join(get("lines", ())), get("language", ""),
                get("entity", ""), get("reference", ""), get("withdrawn", False),
            )
        )  # fmt: skip
        words.append((number, plain_letters(f"{title} {said}" if title else said)))
    connection.exec_driver_sql(_CONTRIBUTION_SQL, rows)
    connection.exec_driver_sql("INSERT INTO full_text (rowid, words) VALUES (?, ?)", words)


def _plain(*names: str) -> Callable[[str, Content, Revision], Row]:
    def row(record: str, content: Content, _: Revision) -> Row:
        return {"record": record, **{name: content.get(name, "") for name in names}}

    return row


def _withdrawable(*names: str) -> Callable[[str, Content, Revision], Row]:
    plain = _plain(*names)

    def row(record: str, content: Content, top: Revision) -> Row:
        return plain(record, content, top) | {"withdrawn": bool(content.get("withdrawn", False))}

    return row


def _tally(record: str, content: Content, top: Revision) -> Row:
    names = ("workshop", "subject", "measure", "value")
    return {"record": record, **{n: content.get(n, "") for n in names}, "device": top.device}


def _programme(record: str, content: Content, _: Revision) -> Row:
    return {
        "record": record, "code": content["code"], "title": canonical.encode(content["title"]).decode(),
        "version": content["version"], "document": content["document"],
    }  # fmt: skip


def _document(record: str, content: Content, _: Revision) -> Row:
    return {
        "record": record, "document": content["document"], "version": content["version"],
        "content": canonical.encode(content).decode(),
    }  # fmt: skip


def _workshop(record: str, content: Content, _: Revision) -> Row:
    names = (
        "programme", "code", "title", "date", "comarca", "municipality", "venue", "method", "start", "end",
        "facilitators", "objectives", "agenda", "next_steps",
    )  # fmt: skip
    return {
        "record": record, **{n: content.get(n, "") for n in names},
        "planned": bool(content.get("planned", False)), "withdrawn": bool(content.get("withdrawn", False)),
    }  # fmt: skip


def _entity(record: str, content: Content, _: Revision) -> Row:
    aliases = content.get("aliases", [])
    return {
        "record": record, "name": content["name"], "kind": content.get("kind", "other"),
        "aliases": json.dumps(aliases, ensure_ascii=False), "comarca": content.get("comarca", ""),
        "workshop": content.get("workshop", ""), "folded": fold(content["name"]),
        "withdrawn": bool(content.get("withdrawn", False)),
    }  # fmt: skip


def _consent(record: str, content: Content, _: Revision) -> Row:
    names = ("workshop", "person", "text", "version", "language", "date", "how", "withdrawn_on")
    purposes = " ".join(content.get("purposes", ()))
    return {"record": record, **{n: content.get(n, "") for n in names}, "purposes": purposes}


def _device(record: str, content: Content, top: Revision) -> Row:
    return {"record": record, "device": top.device, "label": content["label"]}


def _act(record: str, content: Content, top: Revision) -> Row:
    return {
        "record": record, "device": top.device, "epoch": top.epoch, "counter": top.counter,
        "action": content["action"], "workshop": content.get("workshop", ""),
        "subjects": json.dumps(content.get("subjects", [])), "note": content.get("note", ""),
    }  # fmt: skip


_TABLES: dict[str, Table] = {
    "programme": schema.programme, "base_document": schema.base_document, "workshop": schema.workshop,
    "group": schema.grouping, "contribution": schema.contribution, "tally": schema.tally, "entity": schema.entity,
    "attachment": schema.attachment, "device": schema.device, "act": schema.act,
    "person": schema.person, "consent": schema.consent,
}  # fmt: skip
_ROWS: dict[str, Callable[[str, Content, Revision], Row]] = {
    "programme": _programme, "base_document": _document, "workshop": _workshop,
    "group": _withdrawable("workshop", "name"), "tally": _tally,
    "entity": _entity, "device": _device, "act": _act,
    "person": _plain("workshop", "name", "contact", "entity"), "consent": _consent,
    "attachment": _withdrawable("workshop", "subject", "sha256", "extension", "size", "media_type", "name"),
}  # fmt: skip
