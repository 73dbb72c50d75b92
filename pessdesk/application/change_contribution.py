"""Changing what was recorded: edit, withdraw, attach, settle a clash. Nothing is overwritten: each is a revision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pessdesk.application import find
from pessdesk.application.authoring import Author
from pessdesk.application.ports import Desk, Unit
from pessdesk.application.undo import base_of_edit, changed_content
from pessdesk.domain.errors import InputRefused, UnknownThing
from pessdesk.domain.model import Attachment
from pessdesk.domain.text import require
from pessdesk.records.codec import from_content
from pessdesk.records.merge import merged_view


@dataclass(frozen=True, slots=True)
class Changed:
    """A contribution that changed (or not, when it already was so) and the revision that says so."""

    code: str
    id: str
    revision: str
    changed: bool


def edit_contribution(desk: Desk, code: str, changes: Mapping[str, Any]) -> Changed:
    """Give fields of a contribution new values; checked like a new one."""
    if "text" in changes:
        require(changes["text"], "text")
    with desk.store.write() as unit:
        row = find.contribution(unit, code)
        history = unit.histories([row["record"]])[row["record"]]
        view = merged_view(history)
        if changes.get("lines"):
            lines = find.lines(unit)
            ids = lines.read(" ".join(changes["lines"]))
            changes = {**changes, "lines": list(ids), "document": lines.version}
        elif "lines" in changes:
            changes = {**changes, "document": ""}
        content = changed_content(view.kind, view.content, changes)
        if content == view.content:
            return Changed(row["code"], row["record"], view.winner, changed=False)
        base, parents = base_of_edit(view, history, changes)
        from_content(view.kind, content)
        author = Author(desk, unit)
        made = author.state_content(
            view.kind, changed_content(view.kind, base, changes), record=view.record, parents=parents
        )
        unit.add([made])
        author.save()
    return Changed(row["code"], row["record"], made.id, changed=True)


def withdraw_contribution(desk: Desk, code: str) -> Changed:
    """Take a contribution back: it stays, with its code, and no longer counts."""
    return edit_contribution(desk, code, {"withdrawn": True})


def attach_file(desk: Desk, code: str, source: Path) -> str:
    """Put a copy of a file beside a contribution; gives the attachment's record. The same file twice is one."""
    with desk.store.read() as unit:
        row = find.contribution(unit, code)
    stored = desk.files.keep_attachment(source)
    with desk.store.write() as unit:
        for there in unit.attachments(row["workshop"]):
            if there["subject"] == row["record"] and there["sha256"] == stored.sha256:
                return str(there["record"])
        author = Author(desk, unit)
        made = author.state(
            Attachment(
                workshop=row["workshop"],
                subject=row["record"],
                sha256=stored.sha256,
                extension=stored.extension,
                size=stored.size,
                media_type=stored.media_type,
                name=source.name,
            )
        )
        unit.append_new([made])
        author.save()
    return made.record


def settle_clash(desk: Desk, code: str, *, field: str = "", take: int = 0, value: str | None = None) -> Changed:
    """Decide a clash: `take` the n-th claim as listed (from 1) for `field` (or for all), or a new `value` for it.

    The decision is a revision with all heads as parents: wherever it arrives, the clash is over.
    """
    with desk.store.write() as unit:
        row = find.contribution(unit, code)
        view = merged_view(unit.histories([row["record"]])[row["record"]])
        fields = [clash.field for clash in view.clashes if field in ("", clash.field)]
        if not fields:
            raise UnknownThing("clash-unknown", value=code, field=field or "-")
        content = dict(view.content)
        for clash in view.clashes:
            if clash.field not in fields:
                continue
            if value is not None:
                content[clash.field] = value
            elif 1 <= take <= len(clash.claims):
                content[clash.field] = clash.claims[take - 1].value
            else:
                raise InputRefused("claim-unknown", value=take, count=len(clash.claims), field=clash.field)
        open_fields = [clash.field for clash in view.clashes if clash.field not in fields]
        if open_fields:
            raise InputRefused("clash-more-fields", fields=", ".join(open_fields))
        content = {name: item for name, item in content.items() if item is not None}
        from_content(view.kind, content)
        author = Author(desk, unit)
        made = author.state_content(view.kind, content, record=view.record, parents=view.heads)
        unit.add([made])
        act = author.act("clash-settled", workshop=row["workshop"], subjects=(view.record, made.id))
        unit.append_new([act])
        author.save()
    return Changed(row["code"], row["record"], made.id, changed=True)


def open_clashes(unit: Unit) -> list[dict[str, Any]]:
    """The clashes that wait for a person, with the laptop's own name for each side."""
    labels = {row["device"]: row["label"] for row in unit.devices()}
    return [
        {
            "code": row["code"],
            "id": row["record"],
            "field": row["field"],
            "claims": [claim | {"label": labels.get(claim["device"], "")} for claim in row["claims"]],
        }
        for row in unit.clashes()
    ]
