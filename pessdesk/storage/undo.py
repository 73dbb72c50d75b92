"""The list of what can be undone: in the store, so that it outlives the window.

It is a line with a place in it: entries before the place can be undone, the `undone` ones behind it done again. An entry
is written in the transaction of the change itself. This module imports nothing slow: the screens' connection reads with it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pessdesk.application.steps import Entry, Intent, Step, Steps, Turn

if TYPE_CHECKING:
    from sqlalchemy import Connection

KEPT = 500
"""Entries at most; the oldest go."""
TIDY = 16


def write(connection: Connection, intent: Intent, steps: Steps, about: str) -> None:
    run = connection.exec_driver_sql
    if intent.number:
        before = run("SELECT steps FROM undo_entry WHERE number = ?", (intent.number,)).scalar()
        steps = (*steps, *_steps(before)) if before else steps
        run("DELETE FROM undo_entry WHERE number = ?", (intent.number,))
    if intent.ends:
        run("DELETE FROM undo_entry WHERE undone")
    records = intent.records or ((about,) if about and "contributions" in intent.kinds else ())
    made = run(
        "INSERT INTO undo_entry (undone, what, steps, change) VALUES (0, ?, ?, ?)",
        (intent.what, _said(steps), json.dumps([intent.kinds, intent.workshop, records])),
    )
    intent.number = int(made.lastrowid)
    if intent.number % TIDY == 0:  # not each time: on the way from Enter to the disk each statement counts
        run("DELETE FROM undo_entry WHERE number <= ?", (intent.number - KEPT,))


def turn(connection: Connection, turned: Turn, steps: Steps) -> None:
    if steps:
        connection.exec_driver_sql(
            "UPDATE undo_entry SET undone = ?, steps = ? WHERE number = ?", (turned.undone, _said(steps), turned.number)
        )
    else:
        connection.exec_driver_sql("DELETE FROM undo_entry WHERE number = ?", (turned.number,))


def forget(connection: Connection, records: Sequence[str]) -> None:
    rows = connection.exec_driver_sql("SELECT number, steps, change FROM undo_entry").all()
    named = [(row[0],) for row in rows if any(record in row[1] or record in row[2] for record in records)]
    if named:
        connection.exec_driver_sql("DELETE FROM undo_entry WHERE number = ?", named)


SELECT = (
    "SELECT * FROM (SELECT number, undone, what, steps, change FROM undo_entry ORDER BY number DESC LIMIT"
    f" {KEPT}) ORDER BY number"
)


def entry(row: Sequence[Any]) -> Entry:
    """An entry of a row of `SELECT`."""
    kinds, workshop, records = json.loads(row[4])
    return Entry(Intent(row[2], tuple(kinds), workshop, tuple(records), number=row[0]), _steps(row[3]), bool(row[1]))


def _said(steps: Steps) -> str:
    return json.dumps([(step.record, dict(step.fields), step.after) for step in steps], ensure_ascii=False)


def _steps(said: str) -> Steps:
    return tuple(Step(record, fields, after) for record, fields, after in json.loads(said))
