"""Changing what was recorded: edit, withdraw, attach. Nothing is overwritten: each is a revision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pessdesk.application import find
from pessdesk.application.authoring import Author
from pessdesk.application.ports import Desk
from pessdesk.application.undo import base_of_edit, changed_content
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
