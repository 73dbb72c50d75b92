"""A unit of work: what can be asked of a store and written to it between a BEGIN and its COMMIT.

What comes out are plain values (dicts of texts and numbers, revisions), safe on any thread.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, text

from pessdesk.application.steps import Intent, Steps, Turn
from pessdesk.domain.errors import StoreUnusable
from pessdesk.domain.kinds import PERSONAL_KINDS
from pessdesk.domain.text import fold
from pessdesk.records import canonical
from pessdesk.records.envelope import Revision
from pessdesk.storage import acts, revisions, schema, undo

Row = dict[str, Any]
_PERSONAL = ", ".join(f"'{kind}'" for kind in PERSONAL_KINDS)


class Unit:
    """One transaction on the store."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._settings: dict[str, str | None] = {}

    def _rows(self, sql: str, **values: object) -> list[Row]:
        return [dict(row) for row in self._connection.execute(text(sql), values).mappings()]

    def _first(self, sql: str, **values: object) -> Row | None:
        row = self._connection.execute(text(sql), values).mappings().first()
        return None if row is None else dict(row)

    # Revisions

    def append_new(self, made: Sequence[Revision]) -> None:
        revisions.append_new(self._connection, made)

    def add(self, arrived: Sequence[Revision]) -> revisions.Added:
        return revisions.add(self._connection, arrived)

    def known_ids(self, ids: Sequence[str]) -> set[str]:
        return revisions.known_ids(self._connection, ids)

    def histories(self, records: Sequence[str]) -> dict[str, list[Revision]]:
        return revisions.histories(self._connection, records)

    def erased(self, records: Sequence[str]) -> set[str]:
        rows = revisions.select_in(self._connection, "SELECT record FROM erased WHERE record IN :items", records)
        return {row[0] for row in rows}

    def made_by(self, device: str, workshops: Sequence[str]) -> list[bytes]:
        """What a device stated about these workshops (`""`: the programme), in a bundle's order (record, id). What is of
        a person is not in it: it never leaves with an export."""
        sql = (
            "SELECT record, id, data FROM revision WHERE workshop = :workshop AND device = :device AND data IS NOT NULL"
            f" AND kind NOT IN ({_PERSONAL})"
        )
        found: list[tuple[str, bytes, bytes]] = []
        for workshop in workshops:
            rows = self._connection.execute(text(sql), {"workshop": workshop, "device": device})
            found.extend((row[0], row[1], row[2]) for row in rows)
        return [data for _, _, data in sorted(found, key=lambda row: row[:2])]

    def last_place(self) -> int:
        """The place of the newest revision in the order in which they came to this store; 0 when there is none."""
        return int(self._connection.exec_driver_sql("SELECT coalesce(max(seq), 0) FROM revision").scalar_one())

    def rebuild(self) -> int:
        return revisions.rebuild(self._connection)

    # Local state

    def setting(self, key: str) -> str | None:
        if key not in self._settings:
            self.expect_settings(key)
        return self._settings[key]

    def expect_settings(self, *keys: str) -> None:
        """Read settings that will be asked for, in one go: on the way from Enter to the disk each question counts."""
        marks = ",".join("?" * len(keys))
        rows = self._connection.exec_driver_sql(f"SELECT key, value FROM setting WHERE key IN ({marks})", keys)
        self._settings.update(dict.fromkeys(keys))
        self._settings.update((row[0], row[1]) for row in rows)

    def set_setting(self, key: str, value: str) -> None:
        self.set_settings({key: value})

    def set_settings(self, values: Mapping[str, str]) -> None:
        self._connection.exec_driver_sql(
            "INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            list(values.items()),
        )
        self._settings.update(values)

    def drop_settings(self, keys: Sequence[str]) -> None:
        self._connection.exec_driver_sql("DELETE FROM setting WHERE key = ?", [(key,) for key in keys])
        self._settings.update(dict.fromkeys(keys))

    def note_undo(self, intent: Intent, steps: Steps, about: str) -> None:
        """Put a change at the end of what can be undone; what could be done again cannot any more. A change of several
        commits (a spreadsheet) is one entry, which each of them makes longer."""
        undo.write(self._connection, intent, steps, about)

    def turn_undo(self, turn: Turn, steps: Steps) -> None:
        """An entry was undone, or done again: `steps` are the way back from there. Without any it is gone."""
        undo.turn(self._connection, turn, steps)

    def forget_undo(self, records: Sequence[str]) -> None:
        """Take the entries out that name one of these records, whole: what is erased must not come back by Ctrl+Z."""
        undo.forget(self._connection, records)

    def recorded_keys(self, workshop: str, keys: Sequence[str]) -> set[str]:
        """Those of the keys of a spreadsheet's rows that were recorded in this workshop before."""
        rows = revisions.select_in(
            self._connection,
            f"SELECT key FROM recorded_row WHERE workshop = '{_quoted(workshop)}' AND key IN :items",
            keys,
        )
        return {row[0] for row in rows}

    def withdrawn_rows(self, workshop: str, keys: Sequence[str]) -> dict[str, str]:
        """Those of the keys whose contribution was taken back since, with its record."""
        sql = (
            "SELECT r.key, r.record FROM recorded_row r JOIN contribution c ON c.record = r.record WHERE c.withdrawn"
            f" AND r.workshop = '{_quoted(workshop)}' AND r.key IN :items"
        )
        return {row[0]: row[1] for row in revisions.select_in(self._connection, sql, keys)}

    def remember_rows(self, workshop: str, rows: Sequence[tuple[str, str]]) -> None:
        """Remember (key, record) of recorded rows."""
        self._connection.exec_driver_sql(
            "INSERT INTO recorded_row (workshop, key, record) VALUES (?, ?, ?)",
            [(workshop, key, record) for key, record in rows],
        )

    def take_sequence(self, epoch: int) -> tuple[int, str, tuple[int, ...]]:
        """The next number of this device's bundles, the content id of the one handed over before, and the numbers
        taken but never handed over."""
        rows = self._rows("SELECT seq, content_id FROM sequence WHERE epoch = :epoch ORDER BY seq", epoch=epoch)
        seq = (rows[-1]["seq"] if rows else 0) + 1
        self._connection.execute(
            text("INSERT INTO sequence (epoch, seq, content_id) VALUES (:epoch, :seq, '')"),
            {"epoch": epoch, "seq": seq},
        )
        handed = [row["content_id"] for row in rows if row["content_id"]]
        void = tuple(row["seq"] for row in rows if not row["content_id"])
        return seq, handed[-1] if handed else "", void

    def hand_over(self, epoch: int, seq: int, content_id: str) -> None:
        self._connection.execute(
            text("UPDATE sequence SET content_id = :content_id WHERE epoch = :epoch AND seq = :seq"),
            {"content_id": content_id, "epoch": epoch, "seq": seq},
        )

    def remember_bundle(self, row: Mapping[str, object]) -> None:
        names = (
            "content_id",
            "bundle_id",
            "direction",
            "kind",
            "device",
            "epoch",
            "seq",
            "prev",
            "workshop",
            "carries_relays",
            "created",
        )
        self._connection.execute(
            text(f"INSERT OR IGNORE INTO bundle ({', '.join(names)}) VALUES ({', '.join(':' + n for n in names)})"),
            {name: row[name] for name in names},
        )

    def take_back(self, content_id: str) -> None:
        """A bundle of this device was not handed over after all: its number is void."""
        for sql in (
            "UPDATE sequence SET content_id = '' WHERE content_id = :content_id",
            "DELETE FROM bundle WHERE content_id = :content_id AND direction = 'sent'",
        ):
            self._connection.execute(text(sql), {"content_id": content_id})

    def bundles(self, **wanted: object) -> list[Row]:
        """Bundles sent and received, those with these values only, in the order of device, epoch and number."""
        where = " AND ".join(f"{name} = :{name}" for name in wanted if name in schema.bundle.c) or "1"
        return self._rows(f"SELECT * FROM bundle WHERE {where} ORDER BY device, epoch, seq, content_id", **wanted)

    def remember_quarantine(
        self, file: str, outcome: str, code: str, facts: Mapping[str, object], content_id: str
    ) -> None:
        self._connection.execute(
            text(
                "INSERT OR REPLACE INTO quarantined (file, outcome, code, facts, content_id) VALUES (:f, :o, :c, :facts, :d)"
            ),
            {
                "f": file,
                "o": outcome,
                "c": code,
                "facts": json.dumps(dict(facts), default=str),
                "d": content_id,
            },
        )

    def release_quarantine(self, file: str) -> None:
        self._connection.execute(text("DELETE FROM quarantined WHERE file = :file"), {"file": file})

    def quarantine(self) -> list[Row]:
        return self._rows("SELECT * FROM quarantined ORDER BY file")

    # What is there

    def programme(self) -> Row | None:
        return self._first("SELECT * FROM programme ORDER BY record DESC LIMIT 1")

    def base_document(self, record: str) -> Row | None:
        row = self._first("SELECT content FROM base_document WHERE record = :record", record=record)
        return row and json.loads(row["content"])

    def base_documents(self) -> list[Row]:
        return [json.loads(r["content"]) | {"record": r["record"]} for r in self._rows("SELECT * FROM base_document")]

    def workshops(self) -> list[Row]:
        return self._rows(
            "SELECT w.*, coalesce((SELECT contributions FROM size s WHERE s.record = w.record), 0) AS contributions"
            " FROM workshop w WHERE NOT w.withdrawn ORDER BY date, code"
        )

    def workshops_by_code(self, code: str) -> list[Row]:
        return self._rows("SELECT * FROM workshop WHERE code = :code OR record = :code", code=code)

    def workshop(self, record: str) -> Row | None:
        row = self._connection.exec_driver_sql("SELECT * FROM workshop WHERE record = ?", (record,)).mappings().first()
        return None if row is None else dict(row)

    def contributions_by_code(self, code: str) -> list[Row]:
        return self._rows("SELECT * FROM contribution WHERE code = :code OR record = :code ORDER BY record", code=code)

    def contributions(self, workshop: str) -> list[Row]:
        return self._rows(
            "SELECT c.*, coalesce((SELECT sum(value) FROM tally t WHERE t.subject = c.record AND t.measure = 'votes'), 0)"
            " AS votes FROM contribution c WHERE workshop = :workshop ORDER BY number",
            workshop=workshop,
        )

    def codes_in(self, workshop: str) -> Iterator[tuple[str, str]]:
        """(device, code) of the first revision of each contribution of a workshop."""
        rows = self._connection.execute(
            text(
                "SELECT r.device, c.code FROM contribution c JOIN revision r ON r.record = c.record"
                " WHERE c.workshop = :workshop GROUP BY c.record HAVING r.seq = min(r.seq)"
            ),
            {"workshop": workshop},
        )
        return ((row[0], row[1]) for row in rows)

    def groups(self, workshop: str) -> list[Row]:
        return self._rows(
            "SELECT record, name FROM grouping WHERE workshop = :w AND NOT withdrawn ORDER BY name, record", w=workshop
        )

    def entities(self) -> list[Row]:
        return [
            row | {"aliases": json.loads(row["aliases"])}
            for row in self._rows("SELECT * FROM entity WHERE NOT withdrawn ORDER BY name, record")
        ]

    def tally_of(self, subject: str, measure: str) -> list[Row]:
        return self._rows("SELECT * FROM tally WHERE subject = :s AND measure = :m", s=subject, m=measure)

    def totals(self, workshop: str, measure: str) -> dict[str, int]:
        """What all laptops counted in a workshop together: subject → total."""
        rows = self._rows(
            "SELECT subject, sum(value) AS total FROM tally WHERE workshop = :w AND measure = :m GROUP BY subject",
            w=workshop, m=measure,
        )  # fmt: skip
        return {row["subject"]: int(row["total"]) for row in rows}

    def attachments(self, workshop: str) -> list[Row]:
        return self._rows("SELECT * FROM attachment WHERE workshop = :w ORDER BY record", w=workshop)

    def attachments_of(self, subject: str) -> list[Row]:
        return self._rows("SELECT * FROM attachment WHERE subject = :s ORDER BY record", s=subject)

    def all_attachments(self) -> list[Row]:
        return self._rows("SELECT DISTINCT sha256, extension, size FROM attachment ORDER BY sha256")

    def people(self, workshop: str) -> list[Row]:
        """The people of a workshop by name, each with what it agreed to (`consents`, in the order of their dates)."""
        rows = self._rows(
            "SELECT p.*, coalesce(e.name, '') AS entity_name FROM person p LEFT JOIN entity e ON e.record = p.entity"
            " WHERE p.workshop = :w",
            w=workshop,
        )
        given: dict[str, list[Row]] = {}
        for one in self._rows("SELECT * FROM consent WHERE workshop = :w ORDER BY date, record", w=workshop):
            given.setdefault(one["person"], []).append(one | {"purposes": one["purposes"].split()})
        rows.sort(key=lambda row: (fold(row["name"]), row["name"], row["record"]))
        return [row | {"consents": given.get(row["record"], [])} for row in rows]

    def workshops_with_people(self) -> list[str]:
        """The records of workshops of which anybody is written down."""
        sql = "SELECT DISTINCT p.workshop FROM person p JOIN workshop w ON w.record = p.workshop ORDER BY 1"
        return [row["workshop"] for row in self._rows(sql)]

    def erasure_pending(self) -> tuple[list[str], list[str]] | None:
        """What the last erasures still have to reach outside the tables: records, and names of attachments' files."""
        value = self.setting(revisions.PENDING)
        found = json.loads(value) if value else None
        return found and (found["records"], found["files"])

    def erasure_done(self, records: Sequence[str], files: Sequence[str]) -> None:
        """All of this was reached; what was added meanwhile stays to be done."""
        there = self.erasure_pending() or ([], [])
        left = {"records": sorted({*there[0]} - {*records}), "files": sorted({*there[1]} - {*files})}
        if left["records"] or left["files"]:
            self.set_setting(revisions.PENDING, json.dumps(left))
        else:
            self.drop_settings([revisions.PENDING])

    def settings_like(self, beginning: str) -> dict[str, str]:
        """The settings whose keys begin like this."""
        rows = self._rows("SELECT key, value FROM setting WHERE substr(key, 1, :n) = :k", n=len(beginning), k=beginning)
        return {row["key"]: row["value"] for row in rows}

    def devices(self) -> list[Row]:
        return self._rows("SELECT device, label FROM device ORDER BY device, record")

    def acts(self) -> list[Row]:
        return self._rows("SELECT * FROM act ORDER BY device, epoch, counter")

    def told_acts(self) -> list[Row]:
        """The acts with the names of what they are about."""
        return [act._asdict() for act in acts.read(lambda sql: self._connection.exec_driver_sql(sql).all())]

    def clashes(self) -> list[Row]:
        """Open clashes with the code of their contribution, where it is one."""
        rows = self._rows(
            "SELECT k.*, coalesce(c.code, '') AS code FROM clash k LEFT JOIN contribution c ON c.record = k.record"
            " ORDER BY code, k.record, field"
        )
        return [row | {"claims": json.loads(row["claims"])} for row in rows]

    def search(self, words: str, limit: int) -> list[Row]:
        """Contributions that hold all the words (each as a beginning), accents and case ignored; newest first."""
        terms = fold(words).split()
        if not terms:
            return []
        query = " ".join(f'"{term}"*' for term in terms)
        return self._rows(
            "SELECT c.*, w.code AS workshop_code FROM full_text f JOIN contribution c ON c.number = f.rowid"
            " LEFT JOIN workshop w ON w.record = c.workshop WHERE full_text MATCH :query"
            " ORDER BY f.rowid DESC LIMIT :limit",
            query=query, limit=limit,
        )  # fmt: skip

    def counts(self) -> dict[str, int]:
        """How many there are of each thing."""
        names = {
            "programmes": "programme", "workshops": "workshop WHERE NOT withdrawn",
            "groups": "grouping WHERE NOT withdrawn", "entities": "entity WHERE NOT withdrawn",
            "attachments": "attachment WHERE NOT withdrawn", "clashes": "clash", "waiting": "waiting", "acts": "act",
            "revisions": "revision", "erased": "erased", "quarantined": "quarantined",
            "people": "person", "consents": "consent WHERE withdrawn_on = ''",
        }  # fmt: skip
        found = {name: self._count(table) for name, table in names.items()}
        found["contributions"] = self._count("contribution WHERE NOT withdrawn")
        found["withdrawn"] = self._count("contribution WHERE withdrawn")
        found["votes"] = self._connection.exec_driver_sql(
            "SELECT coalesce(sum(value), 0) FROM tally WHERE measure = 'votes'"
        ).scalar_one()
        return found

    def _count(self, what: str) -> int:
        return int(self._connection.exec_driver_sql(f"SELECT count(*) FROM {what}").scalar_one())

    # Checking

    def digest(self) -> str:
        """One name for the whole content: the live revisions (acts and people apart) and every projection made of them.

        Two stores with the same content have the same digest, whatever the order in which it came. People and consents
        stay on the laptop that wrote them down: were they in it, the laptop and the office could never agree.
        """
        total = hashlib.sha256()
        for row in self._connection.exec_driver_sql(
            f"SELECT id FROM revision WHERE kind NOT IN ('act', {_PERSONAL}) AND data IS NOT NULL ORDER BY id"
        ):
            total.update(row[0])
        for table in schema.DERIVED.sorted_tables:
            if table in (schema.act, schema.person, schema.consent):
                continue
            names = [column.name for column in table.columns if column.name != "number"]
            total.update(f"\n{table.name}\n".encode())
            for row in self._connection.exec_driver_sql(
                f"SELECT {', '.join(names)} FROM {table.name} ORDER BY {', '.join(names[:2])}"
            ):
                total.update(canonical.encode_checked(list(row)))
        return total.hexdigest()

    def problems(self) -> Iterator[tuple[str, dict[str, object]]]:
        """What should not be: damage of the file, bytes that are not those of their id, numbers
        that are missing or stand twice, projections that are not what they should be."""
        for row in self._connection.exec_driver_sql("PRAGMA integrity_check"):
            if row[0] != "ok":
                yield "check-database", {"what": row[0]}
        for row in self._connection.exec_driver_sql("SELECT id, data FROM revision WHERE data IS NOT NULL"):
            if not isinstance(row[1], bytes) or hashlib.sha256(row[1]).digest() != row[0]:
                yield "check-revision", {"id": row[0].hex()}
        yield from self._counter_problems()
        missing = self._connection.exec_driver_sql(
            "SELECT count(*) FROM contribution c WHERE NOT EXISTS (SELECT 1 FROM revision r WHERE r.record = c.record)"
        ).scalar_one()
        if missing:
            yield "check-projection", {"count": missing}
        counted = self._connection.exec_driver_sql("SELECT coalesce(sum(contributions), 0) FROM size").scalar_one()
        if stray := abs(counted - self._count("contribution WHERE NOT withdrawn")):
            yield "check-projection", {"count": stray}
        shown, indexed = self._count("contribution"), self._count("full_text_docsize")
        if shown != indexed:
            yield "check-search", {"shown": shown, "indexed": indexed}

    def _counter_problems(self) -> Iterator[tuple[str, dict[str, object]]]:
        """Each laptop numbers what it states, without gaps, and its clock goes on with the number. An erased revision
        keeps its number. Of another laptop, and of an epoch that a restored backup ended, numbers may well be missing."""
        ask = self._connection.exec_driver_sql
        for device, epoch, counter in ask(
            "SELECT device, epoch, counter FROM revision GROUP BY device, epoch, counter HAVING count(*) > 1"
        ):
            yield "check-fork", {"device": device, "epoch": epoch, "number": counter}
        for device, epoch, counter in ask(
            "SELECT device, epoch, counter FROM (SELECT device, epoch, counter, hlc, lag(hlc) OVER"
            " (PARTITION BY device, epoch ORDER BY counter) AS before FROM (SELECT device, epoch, counter,"
            " json_extract(CAST(data AS TEXT), '$.hlc') AS hlc FROM revision WHERE data IS NOT NULL))"
            " WHERE before >= hlc LIMIT 20"
        ):
            yield "check-clock", {"device": device, "epoch": epoch, "number": counter}
        own, epoch, last = self.setting("device"), int(self.setting("epoch") or 1), int(self.setting("counter") or 0)
        (epochs,) = ask("SELECT count(DISTINCT epoch) FROM revision WHERE device = ?", (own,)).one()
        begins = "0" if epochs == 1 else "counter - 1"  # a later epoch goes on counting
        highest, missing, count = ask(
            f"SELECT max(counter), min(before + 1) FILTER (WHERE counter > before + 1), sum(counter - before - 1) FROM"
            f" (SELECT counter, lag(counter, 1, {begins}) OVER (ORDER BY counter) AS before FROM revision"
            " WHERE device = ? AND epoch = ?)",
            (own, epoch),
        ).one()
        if count and count > 0:
            yield "check-counter", {"number": missing, "count": count}
        if highest is not None and highest < last:
            yield "check-counter", {"number": highest + 1, "count": last - highest}


def _quoted(value: str) -> str:
    if not value.replace("-", "").isalnum():
        raise StoreUnusable("store-damaged", path="", what="workshop id")
    return value
