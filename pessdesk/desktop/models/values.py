"""What a field of a record says, in words: tables and entities by name, lines by code and title, tokens by label."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pessdesk.desktop.models.lines import LineBook
from pessdesk.desktop.models.workshops import short_date
from pessdesk.desktop.words import label, t
from pessdesk.wording.labels import CONTRIBUTION_KINDS, ENTITY_KINDS, LANGUAGES, METHODS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PARAGRAPHS = ("text", "objectives", "agenda", "next_steps")
LINES = ("title", "venue", "facilitators", "name", "reference")
"""Fields in which people write what they want: there another text can stand in place of all versions."""
ORDER = ("text", "title", "name", "kind", "lines", "document", "group", "entity", "language", "date", "start", "end")


def field_names() -> dict[str, str]:
    """Fields of contributions, workshops, tables and entities, as screens call them."""
    return {
        "text": t("Text"), "title": t("Title"), "kind": t("Kind"), "lines": t("Line"), "document": t("Base document"),
        "group": t("Table"), "entity": t("Entity"), "language": t("Language"), "reference": t("Reference"),
        "withdrawn": t("Withdrawn or not"), "name": t("Name"), "date": t("Date"), "start": t("Began at"),
        "end": t("Ended at"), "venue": t("Room or address"), "method": t("Method"), "facilitators": t("Facilitators"),
        "objectives": t("Objectives"), "agenda": t("Agenda"), "next_steps": t("Next steps"), "comarca": t("Comarca"),
        "municipality": t("Municipality"), "value": t("Number"), "aliases": t("Other names"),
    }  # fmt: skip


class Values(NamedTuple):
    """What is needed to say a value: the base document, the names of tables and entities, the names of places."""

    book: LineBook
    names: Mapping[str, str]
    place: Callable[[str, str], str]

    def said(self, kind: str, field: str, value: Any) -> str:
        """A field's value in words; empty where it says nothing."""
        if field == "withdrawn":
            return t("Withdrawn") if value else t("Not withdrawn")
        if value in (None, "", []):
            return ""
        if field == "lines":
            return "\n".join(self.book.named(line) for line in value)
        if field == "group":
            return t("Table {name}", name=self.names.get(value, "?"))
        if field == "entity":
            return self.names.get(value, "?")
        if field == "date":
            return short_date(str(value))
        if field in ("comarca", "municipality"):
            return self.place(*(("", value) if field == "comarca" else (value, "")))
        labels = {"language": LANGUAGES, "method": METHODS}.get(field)
        if field == "kind":
            labels = ENTITY_KINDS if kind == "entity" else CONTRIBUTION_KINDS
        if labels is not None:
            return label(labels, str(value))
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
