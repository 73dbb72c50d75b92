"""The minutes (acta) as a document: the skeleton that the Generalitat uses, in Catalan, Spanish or English.

What was said stands word for word, in the language in which it was said. Where nothing was recorded a sentence says so:
whoever reads the minutes must see that a part is missing, and not that it was forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pessdesk.application.minutes import Entry as Said
from pessdesk.application.minutes import Lever, Line, Minutes, Present, Topic
from pessdesk.documents.content import (
    Bar,
    Block,
    Chart,
    Document,
    Entry,
    Facts,
    Heading,
    Paragraph,
    Points,
    References,
    Table,
)
from pessdesk.documents.words import date_in_words, number, time_in_words
from pessdesk.domain.model import LocalText
from pessdesk.wording.catalog import Catalog
from pessdesk.wording.labels import ENTITY_KINDS, LANGUAGES, METHODS, NODE_KINDS, SHORT_KINDS

_LABEL = 160
"""The longest title that a bar of a chart carries, in characters."""
_TIMED = re.compile(r"(?P<time>[0-2]?[0-9][.:][0-5][0-9])\s+(?P<what>.+)")
"""A line of an agenda that begins with a time of day."""


def minutes_document(minutes: Minutes, catalog: Catalog) -> Document:
    """The document in the catalog's language."""
    return _Builder(minutes, catalog).document()


class _Builder:
    """One document; each section is a method that yields its blocks."""

    def __init__(self, minutes: Minutes, catalog: Catalog) -> None:
        self._minutes = minutes
        self._catalog = catalog
        self.t = catalog.text  # of this name, so that the extraction finds its texts
        self._date = date_in_words(catalog, minutes.date)
        self._place = ", ".join(name for name in (minutes.municipality, minutes.comarca) if name)

    def document(self) -> Document:
        t, minutes = self.t, self._minutes
        sections = (
            self._introduction, self._basic_data, self._objectives, self._structure, self._method, self._entities,
            self._results, self._next_steps,
        )  # fmt: skip
        return Document(
            language=self._catalog.language,
            sort=t("Minutes of a rehearsal: everything in them is invented") if minutes.rehearsal else t("Minutes"),
            title=minutes.title,
            over=self._local(minutes.programme),
            under=t("{date} · {place}", date=self._date, place=self._place),
            reference=t("{code} · rehearsal", code=minutes.code) if minutes.rehearsal else minutes.code,
            blocks=tuple(block for section in sections for block in section()),
        )

    def _local(self, text: LocalText) -> str:
        """A text of the programme in the document's language, else in Catalan."""
        return text.get(self._catalog.language) or text.get("ca", "")

    # Sections

    def _introduction(self) -> Iterator[Block]:
        t, minutes = self.t, self._minutes
        yield Heading(2, t("Introduction"))
        if minutes.rehearsal:
            yield Paragraph(t("This is a rehearsal: the workshop and what was said in it are invented."))
        if programme := self._local(minutes.programme):
            yield Paragraph(
                t(
                    "This workshop is part of the participatory process “{programme}”. In workshops all over the territory"
                    " people and entities make contributions to a base document; each one is written down as it was said"
                    " and receives an answer.",
                    programme=programme,
                )
            )
        else:
            yield Paragraph(t("No participatory process was recorded to which this workshop belongs."), quiet=True)
        if about := self._local(minutes.about):
            yield Paragraph(about)
        yield Paragraph(" ".join(self._what_happened()))
        yield Paragraph(
            t(
                "These minutes gather the contributions word for word and in the language in which they were made."
                " The code beside each one never changes: with it the contribution and its answer can be found."
            )
        )

    def _what_happened(self) -> Iterator[str]:
        """The session in sentences: where and when, who, how much."""
        t, plural, minutes = self.t, self._catalog.plural, self._minutes
        yield t("The session took place on {date} ({place}).", date=self._date, place=self._place)
        start, end = self._time(minutes.start), self._time(minutes.end)
        if start and end:
            yield t("It began at {start} and ended at {end}.", start=start, end=end)
        elif start:
            yield t("It began at {start}.", start=start)
        elif end:
            yield t("It ended at {end}.", end=end)
        if minutes.people is None:
            yield t("The people who attended were not counted.")
        else:
            yield plural("{count} person attended.", "{count} people attended.", minutes.people)
        if minutes.contributions:
            yield plural("{count} contribution was made.", "{count} contributions were made.", minutes.contributions)
        else:
            yield t("No contributions were recorded.")

    def _basic_data(self) -> Iterator[Block]:
        t, minutes = self.t, self._minutes
        document = self._local(minutes.document)
        yield Heading(2, t("Basic data"))
        rows = (
            (t("Participatory process"), self._local(minutes.programme)),
            (t("Base document"), document and t("{title}, version {version}", title=document, version=minutes.version)),
            (t("Workshop"), minutes.title),
            (t("Code"), minutes.code),
            (t("Date"), self._date),
            (t("Time"), self._span()),
            (t("Municipality"), minutes.municipality),
            (t("Comarca"), minutes.comarca),
            (t("Venue"), minutes.venue),
            (t("Facilitators"), minutes.facilitators),
            (t("Tables"), self._number(sum(1 for table in minutes.tables if table.name))),
            (t("People"), self._number(minutes.people or 0)),
            (t("Entities present"), self._number(sum(1 for entity in minutes.entities if entity.name))),
            (t("Contributions"), number(minutes.contributions)),
        )
        yield Facts(tuple((name, value or t("Not recorded")) for name, value in rows))

    def _objectives(self) -> Iterator[Block]:
        yield Heading(2, self.t("Objectives"))
        yield self._text(self._minutes.objectives, self.t("No objectives were recorded."))

    def _structure(self) -> Iterator[Block]:
        yield Heading(2, self.t("Structure of the session"))
        timed = [_TIMED.fullmatch(line.strip()) for line in self._minutes.agenda.splitlines() if line.strip()]
        if timed and all(timed):
            yield Facts(tuple((found["time"], found["what"]) for found in timed if found))
        else:
            yield self._text(self._minutes.agenda, self.t("No agenda was recorded."))

    def _method(self) -> Iterator[Block]:
        t, minutes = self.t, self._minutes
        yield Heading(2, t("Method"))
        if minutes.method:
            yield Paragraph(t("Method followed: {method}.", method=self._catalog.label(METHODS, minutes.method)))
        else:
            yield Paragraph(t("No method was recorded."), quiet=True)
        if minutes.tables:
            rows = [(self._table(table.name) or t("No table"), number(table.contributions)) for table in minutes.tables]
            yield Table((t("Table"), t("Contributions")), tuple(rows))
        else:
            yield Paragraph(t("No tables were recorded."), quiet=True)

    def _entities(self) -> Iterator[Block]:
        t, minutes = self.t, self._minutes
        yield Heading(2, t("Entities present"))
        if not minutes.entities:
            yield Paragraph(t("No entities were recorded."), quiet=True)
            return
        rows = [(*self._entity(entity), self._number(entity.people or 0) or "–") for entity in minutes.entities]
        total = (t("People in all"), "", number(minutes.people)) if minutes.people is not None else ()
        yield Table((t("Entity"), t("Kind"), t("People")), tuple(rows), total)
        if any(entity.people is None for entity in minutes.entities):
            yield Paragraph(t("A dash stands where the people of an entity were not counted."), quiet=True)

    def _results(self) -> Iterator[Block]:
        t, minutes = self.t, self._minutes
        yield Heading(2, t("Results"))
        if not minutes.contributions:
            yield Paragraph(t("No contributions were recorded."), quiet=True)
            return
        yield Paragraph(
            t(
                "Each contribution counts once, under the first line to which it points, and stands there in full;"
                " under its other lines only its code is named."
            ),
            quiet=True,
        )
        yield self._chart(
            t("Contributions by lever"),
            t("Lever"),
            [(self._lever(lever), self._mark(lever.topic), lever.count) for lever in minutes.levers],
        )
        yield self._chart(
            t("Contributions by kind"),
            t("Kind"),
            [(self._catalog.label(SHORT_KINDS, kind), "", count) for kind, count in minutes.by_kind],
        )
        for lever in minutes.levers:
            yield from self._under_lever(lever)

    def _next_steps(self) -> Iterator[Block]:
        yield Heading(2, self.t("Next steps"))
        yield self._text(self._minutes.next_steps, self.t("No next steps were recorded."))

    # Results

    def _chart(self, caption: str, what: str, counted: list[tuple[str, str, int]]) -> Chart:
        whole = number(self._minutes.contributions)
        bars: list[Bar] = []
        for label, mark, count in counted:
            part = number(count)
            note = self.t("{part} of {whole}", part=part, whole=whole)
            if count:
                bars.append(Bar(label, count, part, note, mark))
        return Chart(caption, (what, self.t("Contributions")), tuple(bars))

    def _under_lever(self, lever: Lever) -> Iterator[Block]:
        t = self.t
        yield Heading(3, self._lever(lever, full=True), self._mark(lever.topic))
        if lever.version not in ("", self._minutes.version):
            yield Paragraph(t("Of version {version} of the base document.", version=lever.version), quiet=True)
        for line in lever.lines:
            yield from self._under_line(line, itself=line.topic == lever.topic)
        yield from (self._said(entry) for entry in lever.loose)

    def _under_line(self, line: Line, *, itself: bool) -> Iterator[Block]:
        t = self.t
        if not itself:  # what was said of the lever as a whole stands right under its heading
            short, full = self._local(line.topic.short), self._local(line.topic.title)
            yield Heading(4, short or full or t("Line not in this store"), self._mark(line.topic))
            if short and full and short != full:
                yield Paragraph(full, quiet=True)
        yield from (self._said(entry) for entry in line.entries)
        if line.elsewhere:
            yield References(t("In full elsewhere:"), line.elsewhere)

    def _said(self, entry: Said) -> Entry:
        catalog = self._catalog
        notes = [catalog.label(SHORT_KINDS, entry.kind)]
        if entry.table:
            notes.append(self._table(entry.table))
        if entry.dots:
            notes.append(catalog.plural("{count} dot", "{count} dots", entry.dots))
        if entry.entity:
            notes.append(entry.entity)
        if entry.personal:
            notes.append(catalog.label(ENTITY_KINDS, "individual"))
        if entry.language not in ("", catalog.language):
            notes.append(catalog.label(LANGUAGES, entry.language))
        return Entry(
            code=entry.code,
            notes=tuple(notes),
            title=entry.title,
            text=entry.text,
            language=entry.language if entry.language != "other" else "",
            after=self.t("Also about: {lines}", lines=", ".join(entry.also)) if entry.also else "",
        )

    # Words

    def _text(self, text: str, missing: str) -> Block:
        """What somebody wrote about the workshop: several lines are several points."""
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if not lines:
            return Paragraph(missing, quiet=True)
        return Points(tuple(lines)) if len(lines) > 1 else Paragraph(text)

    def _number(self, value: int) -> str:
        return number(value) if value else ""

    def _time(self, time: str) -> str:
        return time_in_words(self._catalog, time) if time else ""

    def _span(self) -> str:
        start, end = self._time(self._minutes.start), self._time(self._minutes.end)
        if start and end:
            return self.t("{start} to {end}", start=start, end=end)
        if start:
            return self.t("from {start}", start=start)
        return self.t("until {end}", end=end) if end else ""

    def _table(self, name: str) -> str:
        """`3` is «Taula 3»; a table with a name of its own needs no other word."""
        return self.t("Table {name}", name=name) if name and len(name) <= 3 else name

    def _entity(self, entity: Present) -> tuple[str, str]:
        kind = self._catalog.label(ENTITY_KINDS, entity.kind)
        if entity.name:
            return entity.name, kind
        if entity.kind == "individual":
            return kind, ""
        return (self.t("Name not in this store") if entity.kind else self.t("People of no entity")), ""

    def _mark(self, topic: Topic | None) -> str:
        """«Línia 4.1»."""
        if topic is None or not topic.code:
            return ""
        kind = self._catalog.label(NODE_KINDS, topic.kind or "line")
        return self.t("{kind} {code}", kind=kind, code=topic.code)

    def _lever(self, lever: Lever, *, full: bool = False) -> str:
        if lever.topic is None:
            return self.t("Without line")
        title, short = self._local(lever.topic.title), self._local(lever.topic.short)
        if not title:
            return self.t("Lines that are not in this store")
        shown = title if full else short or title
        return shown if full or len(shown) <= _LABEL else shown[: _LABEL - 1].rstrip() + "…"
