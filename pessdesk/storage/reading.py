"""The screens' way to the store: one connection that only reads, beside the one that writes (WAL).

It speaks to the driver itself. What stands on the way to the first contributions on screen must be quick, and importing
SQLAlchemy alone takes as long as everything else together. It neither migrates nor locks: a store whose version it
does not know is left to `open_store`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pessdesk.application.capture_line import CONTEXT, draft_key
from pessdesk.application.retention import MONTHS, USUAL_MONTHS, months_after
from pessdesk.application.screens import (
    MOST_PENDING,
    ActRow,
    AttachmentRow,
    BundleRow,
    ClaimRow,
    ClashRow,
    ConsentRow,
    ContributionRow,
    DraftRow,
    EntityRow,
    GroupRow,
    KeptRow,
    NodeRow,
    PersonRow,
    ProgrammeRow,
    SetAside,
    Tree,
    Version,
    WorkshopRow,
    changed_fields,
)
from pessdesk.domain.errors import PessError, StoreUnusable
from pessdesk.domain.text import fold
from pessdesk.storage import swap
from pessdesk.storage.driver import DATABASE, connect
from pessdesk.storage.mark import check_log, check_tide, is_gone, log_salts, read_tide
from pessdesk.storage.troubles import is_of_driver, trouble

if TYPE_CHECKING:
    from pessdesk.application.steps import Entry

HEAD = "0002"
PROJECTION_VERSION = "3"
"""As in `pessdesk.storage.schema`, which costs an import of SQLAlchemy; a test holds the two together."""

_CONTRIBUTIONS = """
SELECT c.record, c.workshop, c.code, c.kind, c.title, c.text, c.grouping, coalesce(g.name, ''), c.lines, c.document,
    c.language, c.entity, coalesce(e.name, ''),
    coalesce((SELECT sum(value) FROM tally t WHERE t.subject = c.record AND t.measure = 'votes'), 0), c.withdrawn,
    (SELECT count(*) FROM attachment a WHERE a.subject = c.record AND NOT a.withdrawn),
    EXISTS (SELECT 1 FROM clash k WHERE k.record = c.record)
FROM contribution c LEFT JOIN grouping g ON g.record = c.grouping LEFT JOIN entity e ON e.record = c.entity
"""
_WORKSHOPS = """
SELECT w.record, w.code, w.title, w.date, w.comarca, w.municipality, w.venue, w.method, w.planned,
    (SELECT count(*) FROM grouping g WHERE g.workshop = w.record AND NOT g.withdrawn),
    coalesce((SELECT contributions FROM size s WHERE s.record = w.record), 0),
    (SELECT count(*) FROM (SELECT 1 FROM revision r WHERE r.workshop = w.record AND r.device = :device
        AND r.kind NOT IN ('person', 'consent') AND r.seq >
        coalesce((SELECT CAST(value AS INTEGER) FROM setting WHERE key = 'handed:' || w.record), 0) LIMIT :most)),
    coalesce((SELECT max(created) FROM bundle b WHERE b.workshop = w.record AND b.direction = 'sent'), ''),
    w.start, w.end, w.facilitators, w.objectives, w.agenda, w.next_steps
FROM workshop w WHERE NOT w.withdrawn
"""


def exists(folder: Path) -> bool:
    """Whether a store was ever made in this folder."""
    return (folder / DATABASE).exists() or swap.is_pending(folder) or is_gone(folder)


def open_reading(folder: Path, key: bytes | None = None) -> StoreReading | None:
    """A connection for the screens, or None where the store must first be made or brought up to date by `open_store`.

    Raises `StoreUnusable` for what is no store, or a damaged one. The connection belongs to the thread that opened it.
    """
    if not exists(folder) or swap.is_pending(folder):
        return None
    if is_gone(folder):
        raise StoreUnusable("store-gone", path=str(folder))
    import sqlcipher3.dbapi2 as driver

    connection = None
    try:
        mark, had_log = check_log(folder), log_salts(folder) is not None
        connection = connect(folder / DATABASE, key)
        connection.execute("PRAGMA query_only=ON")
        connection.execute("PRAGMA cache_size=-16384")
        check_tide(folder, mark, read_tide(connection, folder), had_log=had_log)
        current = _is_current(connection)
    except (driver.DatabaseError, UnicodeDecodeError, StoreUnusable) as problem:
        if connection is not None:
            connection.close()
        if isinstance(problem, StoreUnusable):
            raise
        raise _told(problem, folder) from problem
    if not current:
        connection.close()
        return None
    return StoreReading(connection, folder)


def _is_current(connection: sqlite3.Connection) -> bool:
    """Whether the tables are those of this version; a start that was killed leaves a file without any."""
    if connection.execute("SELECT count(*) FROM sqlite_schema").fetchone() == (0,):
        return False
    version = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    projected = connection.execute("SELECT value FROM setting WHERE key = 'projections'").fetchone()
    return (version, projected) == ((HEAD,), (PROJECTION_VERSION,))


def _told(problem: Exception, folder: Path) -> PessError:
    return trouble(str(problem), folder) or StoreUnusable("store-damaged", path=str(folder), what=str(problem))


class StoreReading:
    """The answers to `pessdesk.application.screens.Reading`. Each question is one consistent look."""

    def __init__(self, connection: sqlite3.Connection, folder: Path) -> None:
        self._connection = connection
        self._folder = folder

    def close(self) -> None:
        self._connection.close()

    def _all(self, sql: str, values: Mapping[str, object] | Sequence[object] = ()) -> list[Any]:
        try:
            return self._connection.execute(sql, values).fetchall()
        except Exception as problem:
            if is_of_driver(problem):
                raise _told(problem, self._folder) from problem
            raise

    def setting(self, key: str) -> str:
        rows = self._all("SELECT value FROM setting WHERE key = ?", (key,))
        return str(rows[0][0]) if rows else ""

    def drafts(self, record: str) -> dict[str, str]:
        """What is unfinished of a record, by field."""
        key = draft_key(record)
        rows = self._all(
            "SELECT key, value FROM setting WHERE key = ? OR (key > ? AND key < ?)", (key, f"{key}:", f"{key};")
        )
        return {said[len(key) + 1 :]: value for said, value in rows if value}

    def open_drafts(self) -> list[DraftRow]:
        """What was left unfinished anywhere; of what is not there any more, nothing."""
        rows = self._all(
            "SELECT d.record, d.field, CASE WHEN c.record IS NOT NULL THEN 'contribution' WHEN w.record IS NOT NULL"
            " THEN 'workshop' ELSE '' END, coalesce(c.workshop, w.record, ''), coalesce(c.code, w.title, '') FROM"
            " (SELECT substr(key, 7, instr(substr(key, 7) || ':', ':') - 1) AS record,"
            " substr(key, 7 + instr(substr(key, 7) || ':', ':')) AS field FROM setting"
            " WHERE key > 'draft:' AND key < 'draft;' AND trim(value) <> '') d"
            " LEFT JOIN contribution c ON c.record = d.record AND NOT c.withdrawn"
            " LEFT JOIN workshop w ON w.record = d.record AND NOT w.withdrawn ORDER BY 4, 1, 2"
        )
        return [DraftRow(*row) for row in rows if row[1] != CONTEXT and (row[2] or row[0] == "new")]

    def acts(self) -> list[ActRow]:
        """What people decided, device by device, in the order of its counter."""
        from pessdesk.storage import acts

        return acts.read(self._all)

    def undo_list(self) -> list[Entry]:
        """What can be undone and done again, the oldest first."""
        from pessdesk.storage import undo

        return [undo.entry(row) for row in self._all(undo.SELECT)]

    def programme(self) -> ProgrammeRow | None:
        rows = self._all("SELECT code, title, version FROM programme ORDER BY record DESC LIMIT 1")
        return ProgrammeRow(rows[0][0], json.loads(rows[0][1]), rows[0][2]) if rows else None

    def workshops(self) -> list[WorkshopRow]:
        """All workshops, by date."""
        rows = self._all(
            _WORKSHOPS + " ORDER BY w.date, w.code", {"device": self.setting("device"), "most": MOST_PENDING}
        )
        return [_workshop(row) for row in rows]

    def workshop(self, record: str) -> WorkshopRow | None:
        values = {"device": self.setting("device"), "most": MOST_PENDING, "record": record}
        rows = self._all(_WORKSHOPS + " AND w.record = :record", values)
        return _workshop(rows[0]) if rows else None

    def contributions(self, workshop: str, before: str, limit: int) -> list[ContributionRow]:
        """A page of a workshop's contributions, newest first: those older than the record `before` (all when empty)."""
        sql = _CONTRIBUTIONS + " WHERE c.workshop = ? AND c.record < ? ORDER BY c.record DESC LIMIT ?"
        return [_contribution(row) for row in self._all(sql, (workshop, before or "~", limit))]

    def rows(self, records: Sequence[str]) -> list[ContributionRow]:
        """These contributions as they show now; those that are no contributions (any more) are left out."""
        found: list[ContributionRow] = []
        for start in range(0, len(records), 500):
            part = records[start : start + 500]
            marks = ",".join("?" * len(part))
            found += map(_contribution, self._all(f"{_CONTRIBUTIONS} WHERE c.record IN ({marks})", part))
        return found

    def groups(self, workshop: str) -> list[GroupRow]:
        """The tables of a workshop, in the order in which people count."""
        sql = "SELECT record, name FROM grouping WHERE workshop = ? AND NOT withdrawn"
        rows = [GroupRow(*row) for row in self._all(sql, (workshop,))]
        return sorted(rows, key=lambda row: (not row.name.isdecimal(), _number(row.name), row.name))

    def entities(self, workshop: str) -> list[EntityRow]:
        """The register by name, with the people counted in a workshop."""
        sql = (
            "SELECT e.record, e.name, e.kind, e.aliases, coalesce((SELECT sum(value) FROM tally t WHERE"
            " t.subject = e.record AND t.measure = 'present' AND t.workshop = ?), 0) FROM entity e"
            " WHERE NOT e.withdrawn ORDER BY e.folded, e.record"
        )
        return [EntityRow(r[0], r[1], r[2], tuple(json.loads(r[3])), r[4]) for r in self._all(sql, (workshop,))]

    def people_of_none(self, workshop: str) -> int:
        """How many people of no entity were counted in a workshop."""
        sql = "SELECT coalesce(sum(value), 0) FROM tally WHERE subject = ? AND measure = 'present'"
        return int(self._all(sql, (workshop,))[0][0])

    def tree(self) -> Tree:
        """The base document of the programme in force; empty where there is none."""
        rows = self._all(
            "SELECT d.content FROM programme p JOIN base_document d ON d.record = p.document"
            " ORDER BY p.record DESC LIMIT 1"
        )
        if not rows:
            return Tree("", ())
        content = json.loads(rows[0][0])
        depths: dict[str, int] = {}
        nodes = []
        for node in content["nodes"]:
            parent = node.get("parent", "")
            depths[node["id"]] = depths[parent] + 1 if parent in depths else 0
            nodes.append(
                NodeRow(
                    node["id"], parent, node["kind"], node.get("code", ""), depths[node["id"]], node["title"],
                    node.get("short", {}),
                )
            )  # fmt: skip
        return Tree(content["version"], tuple(nodes))

    def attachments(self, subject: str) -> list[AttachmentRow]:
        sql = (
            "SELECT record, subject, sha256 || '.' || extension, name, size, media_type FROM attachment"
            " WHERE subject = ? AND NOT withdrawn ORDER BY record"
        )
        return [AttachmentRow(*row) for row in self._all(sql, (subject,))]

    def history(self, record: str) -> list[Version]:
        """What a record said, newest first."""
        rows = self._all("SELECT id, data FROM revision WHERE record = ? AND data IS NOT NULL", (record,))
        known = {row[0].hex(): json.loads(row[1]) for row in rows}
        labels = self._labels()
        versions = [
            Version(id_, int(e["hlc"][:12], 16), e["device"], labels.get(e["device"], ""), _changed(e, known))
            for id_, e in known.items()
        ]
        return sorted(versions, key=lambda version: (known[version.revision]["hlc"], version.revision), reverse=True)

    def search(self, words: str, limit: int) -> list[ContributionRow]:
        """Contributions that hold all the words (each as a beginning), accents and case ignored; newest first."""
        terms = fold(words).split()
        if not terms:
            return []
        query = " ".join(f'"{term}"*' for term in terms)
        sql = (
            _CONTRIBUTIONS + " WHERE c.number IN (SELECT rowid FROM full_text WHERE full_text MATCH ?"
            " ORDER BY rowid DESC LIMIT ?) ORDER BY c.record DESC"
        )
        return [_contribution(row) for row in self._all(sql, (query, limit))]

    def clashes(self) -> list[ClashRow]:
        labels = self._labels()
        rows = self._all(
            "SELECT k.record, coalesce(c.code, ''), k.workshop, k.kind, k.field, k.claims,"
            " coalesce(c.code, w.title, g.name, e.name, a.name, '') FROM clash k"
            " LEFT JOIN contribution c ON c.record = k.record LEFT JOIN workshop w ON w.record = k.record"
            " LEFT JOIN grouping g ON g.record = k.record LEFT JOIN entity e ON e.record = k.record"
            " LEFT JOIN attachment a ON a.record = k.record ORDER BY 2, 1, 5"
        )
        return [ClashRow(*[*row[:5], _claims(row[5], labels), row[6]]) for row in rows]

    def clash_count(self) -> int:
        return int(self._all("SELECT count(DISTINCT record) FROM clash")[0][0])

    def bundles(self) -> list[BundleRow]:
        """Bundles sent and received, the latest first."""
        labels = self._labels()
        rows = self._all(
            "SELECT b.content_id, b.direction, b.kind, b.device, b.workshop, coalesce(w.code, ''), b.seq, b.created"
            " FROM bundle b LEFT JOIN workshop w ON w.record = b.workshop ORDER BY b.created DESC, b.content_id"
        )
        return [BundleRow(*[*row[:4], labels.get(row[3], ""), *row[4:]]) for row in rows]

    def set_aside(self) -> list[SetAside]:
        rows = self._all("SELECT file, outcome, code, facts, content_id FROM quarantined ORDER BY file")
        return [SetAside(row[0], row[1], row[2], json.loads(row[3]), row[4]) for row in rows]

    def names(self, records: Sequence[str]) -> dict[str, str]:
        """The names of tables and entities, by record."""
        found: dict[str, str] = {}
        for table in ("grouping", "entity"):
            marks = ",".join("?" * len(records))
            found.update(self._all(f"SELECT record, name FROM {table} WHERE record IN ({marks})", list(records)))
        return found

    def people(self, workshop: str) -> list[PersonRow]:
        """The people of a workshop by name, with what they agreed to."""
        given: dict[str, list[ConsentRow]] = {}
        sql = "SELECT person, record, purposes, text, version, date, how, withdrawn_on FROM consent WHERE workshop = ?"
        for row in self._all(sql + " ORDER BY date, record", (workshop,)):
            given.setdefault(row[0], []).append(ConsentRow(*[row[1], tuple(row[2].split()), *row[3:]]))
        rows = self._all(
            "SELECT p.record, p.name, p.contact, p.entity, coalesce(e.name, '') FROM person p"
            " LEFT JOIN entity e ON e.record = p.entity WHERE p.workshop = ?",
            (workshop,),
        )
        people = [PersonRow(*[*row, tuple(given.get(row[0], ()))]) for row in rows]
        return sorted(people, key=lambda row: (fold(row.name), row.name, row.record))

    def kept_people(self) -> list[KeptRow]:
        """The workshops of which people are written down."""
        sql = (
            "SELECT w.record, w.title, w.date, count(*), coalesce((SELECT value FROM setting WHERE"
            " key = 'retention:' || w.record), '') FROM person p JOIN workshop w ON w.record = p.workshop"
            " GROUP BY w.record ORDER BY w.date, w.record"
        )
        months = int(self.setting(MONTHS) or USUAL_MONTHS)
        return [KeptRow(*[*row[:4], row[4] or months_after(row[2], months)]) for row in self._all(sql)]

    def _labels(self) -> dict[str, str]:
        labels = dict(self._all("SELECT device, label FROM device ORDER BY record"))
        own = self.setting("device")
        if own and own not in labels:
            labels[own] = self.setting("label")
        return labels


def _number(name: str) -> int:
    return int(name) if name.isdecimal() else 0


def _claims(said: str, labels: Mapping[str, str]) -> tuple[ClaimRow, ...]:
    return tuple(
        ClaimRow(claim["value"], claim["device"], labels.get(claim["device"], ""), int(claim["hlc"][:12], 16))
        for claim in json.loads(said)
    )


def _workshop(row: Sequence[Any]) -> WorkshopRow:
    return WorkshopRow(*[*row[:8], bool(row[8]), *row[9:]])


def _contribution(row: Sequence[Any]) -> ContributionRow:
    return ContributionRow(*[*row[:8], tuple(row[8].split()), *row[9:14], bool(row[14]), row[15], bool(row[16])])


def _changed(envelope: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The fields to which a revision gave other values than any of its parents has."""
    return changed_fields(envelope["content"], [known[p]["content"] for p in envelope["parents"] if p in known])
