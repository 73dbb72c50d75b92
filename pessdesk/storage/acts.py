"""What people decided, read: each device's acts in the order of its counter, with what they are about by name.

Both connections ask (the window's and the commands'): `ask` runs SQL and gives its rows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from pessdesk.application.screens import ActRow

_ACTS = """
SELECT a.record, a.device, a.epoch, a.counter, a.action, a.workshop, a.note, a.subjects,
    json_extract(CAST(r.data AS TEXT), '$.hlc'),
    coalesce((SELECT label FROM device d WHERE d.device = a.device ORDER BY d.record DESC LIMIT 1),
        (SELECT value FROM setting WHERE key = 'label'
            AND a.device = (SELECT value FROM setting WHERE key = 'device')), ''),
    coalesce((SELECT w.title FROM workshop w WHERE w.record = a.workshop), ''),
    a.workshop <> '' AND NOT EXISTS (SELECT 1 FROM revision x WHERE x.record = a.workshop)
FROM act a JOIN revision r ON r.record = a.record ORDER BY a.device, a.epoch, a.counter
"""
_SUBJECTS = """
SELECT a.record, s.value,
    (SELECT c.code FROM contribution c WHERE c.record = s.value),
    coalesce((SELECT w.title FROM workshop w WHERE w.record = s.value),
        (SELECT g.name FROM grouping g WHERE g.record = s.value), (SELECT e.name FROM entity e WHERE e.record = s.value),
        (SELECT t.name FROM attachment t WHERE t.record = s.value),
        (SELECT d.label FROM device d WHERE d.device = s.value ORDER BY d.record DESC LIMIT 1),
        (SELECT w.code || ' · ' || b.seq FROM bundle b JOIN workshop w ON w.record = b.workshop
            WHERE b.content_id = s.value), ''),
    length(s.value) = 36 AND NOT EXISTS (SELECT 1 FROM revision x WHERE x.record = s.value)
        AND NOT EXISTS (SELECT 1 FROM erased z WHERE z.record = s.value)
FROM act a, json_each(a.subjects) s ORDER BY a.record, s.key
"""
_PLAIN = "-0123456789abcdef"


def read(ask: Callable[[str], Iterable[Any]]) -> list[ActRow]:
    """All acts, device by device. One that is about something that has not arrived is said to wait."""
    about: dict[str, list[Any]] = {}
    for row in ask(_SUBJECTS):
        about.setdefault(row[0], []).append(row)
    found = []
    for record, device, epoch, counter, action, workshop, note, subjects, hlc, label, title, alone in ask(_ACTS):
        those = about.get(record, [])
        names = [code or name or _shown(subject) for _, subject, code, name, _ in those]
        found.append(
            ActRow(
                device, label, epoch, counter, int(hlc[:12], 16), action, workshop, title,
                tuple(dict.fromkeys(name for name in names if name)),
                next((str(subject) for _, subject, code, _, _ in those if code), ""),
                tuple(json.loads(subjects)), note, bool(alone) or any(waits for *_, waits in those),
            )
        )  # fmt: skip
    return found


def _shown(subject: str) -> str:
    """What has no name here: a file is called what it is called, an id says nothing to people."""
    return "" if all(letter in _PLAIN for letter in subject) else subject
