"""What the minutes need beside the contributions: who is here, and the workshop's own data.

A field is kept when it is left; there is no Save. The two halves stand side by side, or one below the other where there
is little room.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDate, QDateTime, QLocale, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from pessdesk.application.capture_line import draft_key
from pessdesk.application.screens import Tree
from pessdesk.desktop import operations, ui
from pessdesk.desktop.drafts import Draft
from pessdesk.desktop.history import Undoable
from pessdesk.desktop.models.lines import LineBook
from pessdesk.desktop.models.values import Values, field_names
from pessdesk.desktop.screens.base import Screen, Shell
from pessdesk.desktop.session import Change
from pessdesk.desktop.theme import THEME
from pessdesk.desktop.widgets.attendance import Attendance
from pessdesk.desktop.widgets.form import DayEdit, Field, MethodBox
from pessdesk.desktop.widgets.past import Past
from pessdesk.desktop.widgets.plain_text import GrowingText, PlainLine
from pessdesk.desktop.words import WORDS, t

if TYPE_CHECKING:
    from pessdesk.application.screens import EntityRow, Reading, Version, WorkshopRow
    from pessdesk.domain.errors import PessError

LINES = ("title", "start", "end", "venue", "facilitators")
PARAGRAPHS = ("objectives", "agenda", "next_steps")
SIDE_BY_SIDE = 8.6
"""The width, in hundreds of pixels at the usual font's size, from which the halves stand side by side."""
_TIME = re.compile(r"(?P<hour>[01]?\d|2[0-3])\s*(?:[:.h,]\s*(?P<minute>[0-5]\d)?)?\s*h?")


@dataclass(frozen=True, slots=True)
class _Found:
    workshop: WorkshopRow | None
    entities: list[EntityRow]
    of_none: int
    drafts: dict[str, str]
    history: list[Version]


def time_of_day(words: str) -> str:
    """`17:30` for what people write (17.30, 17h30, 17); what is no time stays as it is, for the domain to refuse."""
    found = _TIME.fullmatch(words.strip())
    return f"{int(found['hour']):02d}:{found['minute'] or '00'}" if found else words.strip()


class FactsScreen(Screen):
    name = "facts"

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.record = ""
        self._row: WorkshopRow | None = None
        self._kept: dict[str, str] = {}
        self.people = Attendance(self.session)
        self.date, self.method = DayEdit(), MethodBox()
        self.lines = {name: PlainLine() for name in LINES}
        self.paragraphs = {name: GrowingText(3) for name in PARAGRAPHS}
        editors: dict[str, QWidget] = {**self.lines, **self.paragraphs, "date": self.date, "method": self.method}
        self.fields = {name: Field(editor) for name, editor in editors.items()}
        for name, line in self.lines.items():
            line.editingFinished.connect(partial(self._keep, name))
        for name, text in self.paragraphs.items():
            text.finished.connect(partial(self._keep, name))
            text.overfull.connect(self.fields[name].complain)
        written: dict[str, PlainLine | GrowingText] = {**self.lines, **self.paragraphs}
        self.drafts = {
            name: Draft(self.session, field, partial(self._unfinished, name), partial(self._put_back, name)).watch(
                field
            )
            for name, field in written.items()
        }
        self.date.dateChanged.connect(lambda _: self._keep("date"))
        self.method.activated.connect(lambda _: self._keep("method"))
        self.about = ui.words("small", wrap=True)
        self.minutes = ui.button("primary", "file-text", self._write_minutes)
        self.heading = ui.words("heading")
        self.kept_hint = ui.words("hint", wrap=True)
        self.past = Past()
        self.past.wanted.connect(self._bring_back)
        self.past_label = ui.words("label")
        self.past_label.setBuddy(self.past.list)
        self._lay_out()
        THEME.changed.connect(self._fit)
        self.retranslate()

    def _lay_out(self) -> None:
        f = self.fields
        times = ui.row(f["date"], f["start"], f["end"], gap=12)
        for place, share in enumerate((3, 2, 2)):
            times.setStretch(place, share)
        for name in ("date", "start", "end"):
            times.setAlignment(f[name], Qt.AlignmentFlag.AlignTop)
        data = ui.column(
            self.heading, self.kept_hint, f["title"], times, f["venue"], f["method"], f["facilitators"],
            f["objectives"], f["agenda"], f["next_steps"], self.past_label, self.past, None, gap=12, margin=20,
        )  # fmt: skip
        self.halves = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.halves.setSpacing(THEME.px(16))
        for half in (ui.frame("surface", ui.column(self.people, margin=20)), ui.frame("surface", data)):
            self.halves.addWidget(half, 1)
        head = ui.row(ui.wide(self.about), self.minutes, gap=12)
        content = QWidget()
        content.setLayout(ui.column(head, self.halves, gap=12, margin=20))
        area = ui.scrolled(content)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setLayout(ui.column(area))

    def title(self) -> str:
        return t("Attendance and data")

    def retranslate(self) -> None:
        f = self.fields
        self.people.retranslate()
        self.past.retranslate()
        self.past_label.setText(t("History"))
        self.heading.setText(t("The workshop"))
        self.kept_hint.setText(t("What is written here stands in the minutes. It is kept when the field is left."))
        f["title"].name(t("Title"))
        f["date"].name(t("Date"))
        f["start"].name(t("Began at"))
        f["end"].name(t("Ended at"))
        f["venue"].name(t("Room or address"))
        f["method"].name(t("Method"))
        f["facilitators"].name(
            t("Facilitators"),
            t("Their names appear in the minutes: write down who agrees to that, and nobody else."),
        )
        f["objectives"].name(t("Objectives"))
        f["agenda"].name(t("Agenda"))
        f["next_steps"].name(t("Next steps"))
        self.lines["start"].setPlaceholderText("17:00")
        self.lines["end"].setPlaceholderText("19:00")
        self.date.retranslate()
        self.method.retranslate()
        self.minutes.setText(t("Write the minutes"))
        ui.name_it(
            self.minutes, t("Write the minutes"), t("Write the minutes as PDF or as a page for the web (Ctrl+M)")
        )
        self._show_about()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        beside = self.width() >= SIDE_BY_SIDE * THEME.px(100)
        self.halves.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)

    # What is shown

    def enter(self, workshop: str = "", **_: Any) -> None:
        if workshop and workshop != self.record:
            self.record, self._row = workshop, None
            for draft in self.drafts.values():
                draft.begin("")
            for field in self.fields.values():
                field.complain(None)
        self._ask()

    def changed(self, change: Change) -> None:
        if (
            self.record
            and change.workshop in ("", self.record)
            and change.touches("workshops", "entities", "programme")
        ):
            self._ask()

    def _ask(self) -> None:
        record = self.record

        def question(reading: Reading) -> _Found:
            return _Found(
                reading.workshop(record), reading.entities(record), reading.people_of_none(record), reading.drafts(record),
                reading.history(record),
            )  # fmt: skip

        self.session.read(question, partial(self._show, record), owner=self)

    def _show(self, record: str, found: _Found) -> None:
        if record != self.record or found.workshop is None:
            return
        first = self._row is None
        self._row = found.workshop
        self.people.show_people(record, found.entities, found.of_none, found.drafts.get("who", ""))
        for name in self.fields:
            value = getattr(found.workshop, name)
            typed = self._written(name)
            if first or typed == self._kept.get(name) or (typed == value and not self.fields[name].editor.hasFocus()):
                self._put(name, value)  # what somebody is typing stays as it is
            self._kept[name] = value
        values = Values(LineBook(Tree("", ())), {}, self.shell.program.place_name)
        self.past.show_versions(found.history, partial(_told, values), found.workshop, partial(values.said, "workshop"))
        if first:
            for name, draft in self.drafts.items():
                draft.begin(draft_key(record, name), found.drafts.get(name, ""))
        self._show_about()

    def _show_about(self) -> None:
        if self._row is not None:
            place = self.shell.program.place_name(self._row.municipality, self._row.comarca)
            self.about.setText(" · ".join(part for part in (self._row.title, place, self._row.code) if part))

    def focus_first(self) -> None:
        self.people.who.setFocus()

    # Keeping

    def _written(self, name: str) -> str:
        """What stands in a field, as the store would keep it."""
        if name == "date":
            return self.date.date().toString(Qt.DateFormat.ISODate)
        if name == "method":
            return self.method.method
        if name in self.paragraphs:
            return self.paragraphs[name].words().strip()
        words = self.lines[name].text().strip()
        return time_of_day(words) if name in ("start", "end") else words

    def _put(self, name: str, value: str) -> None:
        """Put a value of the store into its field."""
        editor = self.fields[name].editor
        editor.blockSignals(True)
        if name == "date":
            self.date.setDate(QDate.fromString(value, Qt.DateFormat.ISODate))
        elif name == "method":
            self.method.choose(value)
        elif name in self.paragraphs:
            if self.paragraphs[name].words() != value:
                self.paragraphs[name].setPlainText(value)
        elif self.lines[name].text() != value:
            self.lines[name].setText(value)
        editor.blockSignals(False)

    def _unfinished(self, name: str) -> str:
        """What is typed in a field and not finished."""
        if self._written(name) == self._kept.get(name):
            return ""
        return self.paragraphs[name].words() if name in self.paragraphs else self.lines[name].text()

    def _put_back(self, name: str, words: str) -> None:
        if name in self.paragraphs:
            self.paragraphs[name].setPlainText(words)
        else:
            self.lines[name].setText(words)

    def _keep(self, name: str) -> None:
        """Keep a field that was changed; what is refused stays as it was typed, with the reason below it."""
        draft = self.drafts.get(name)
        if draft is not None:
            draft.keep()
        if self._row is None or (value := self._written(name)) == self._kept.get(name):
            return
        field = self.fields[name]

        def refused(problem: PessError) -> None:
            field.complain(problem)

        field.complain(None)
        self.session.write(
            operations.change_record(self.record, self.record, {name: value}), Undoable.WORKSHOP_FACTS,
            Change(frozenset(("workshops",)), self.record), drafts=[draft.finish()] if draft else (), trouble=refused,
            owner=self,
        )  # fmt: skip

    def _bring_back(self, version: Version) -> None:
        """Let the workshop's data say again what they said; what is being typed is kept first, as one version more."""
        self.leave()
        self.session.write(
            operations.bring_version(self.record, version.revision), Undoable.VERSION,
            Change(frozenset(("workshops",)), self.record), owner=self,
        )  # fmt: skip

    def leave(self) -> None:
        for name in self.fields:
            self._keep(name)

    def _write_minutes(self) -> None:
        self.leave()
        self.shell.write_minutes(self.record)


def _told(values: Values, version: Version) -> str:
    """One line of the history: when, on which laptop, what became of what."""
    when = QLocale(WORDS.language).toString(QDateTime.fromMSecsSinceEpoch(version.at), "d MMM, HH:mm")
    names = field_names()
    told = [
        t(
            "{field}: {value}",
            field=names[name],
            value=" ".join((values.said("workshop", name, value) or "–").split())[:120],
        )
        for name, value in version.changed.items()
        if name in names
    ]
    return f"{when} · {version.label or version.device[:6]}\n{'; '.join(told)}"
