"""A workshop that nobody planned: one form, and Enter anywhere in it makes the workshop."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDate, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSpinBox, QWidget

from pessdesk.application.capture_line import draft_key
from pessdesk.desktop import operations, ui
from pessdesk.desktop.drafts import Draft
from pessdesk.desktop.history import Undoable
from pessdesk.desktop.screens.base import Screen, Shell
from pessdesk.desktop.session import Change
from pessdesk.desktop.theme import THEME
from pessdesk.desktop.widgets.form import DayEdit, Field, MethodBox, calm
from pessdesk.desktop.widgets.plain_text import PlainLine
from pessdesk.desktop.widgets.suggest import SuggestField, Suggestion
from pessdesk.desktop.words import sentence, t
from pessdesk.domain.errors import PessError
from pessdesk.domain.text import fold, require

if TYPE_CHECKING:
    from pessdesk.application.steps import Done

LETTERS, OFFERED = 2, 30
_PLACE_CODES = ("place-missing", "municipality-unknown", "comarca-unknown", "place-differs")


class NewWorkshopScreen(Screen):
    """What was typed stays until the workshop is made, also while another screen is shown, and over a restart."""

    name = "new"

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._municipality = ""
        self._making = False
        self.workshop_title, self.venue = PlainLine(), PlainLine()
        self.date = DayEdit()
        self.place = SuggestField(self._suggest)
        self.place.chosen.connect(self._choose_place)
        self.place.textEdited.connect(lambda _: self._choose_place(""))
        self.groups = QSpinBox(maximum=100)
        calm(self.groups)
        self.method = MethodBox()
        self.fields = {
            "title": Field(self.workshop_title), "municipality": Field(self.place), "date": Field(self.date),
            "groups": Field(self.groups), "venue": Field(self.venue), "method": Field(self.method),
        }  # fmt: skip
        self.wrong = ui.words("wrong", wrap=True)
        self.make = ui.button("primary", "plus", self.submit)
        self.hint = ui.words("hint", wrap=True)
        self.draft = Draft(self.session, self, self._unfinished, self._put_back)
        self.draft.watch(self.workshop_title, self.place, self.venue)
        for changed in (self.date.dateChanged, self.groups.valueChanged, self.method.activated):
            changed.connect(lambda _: self.draft.typed())
        self._lay_out()
        self._blank()
        self.retranslate()

    def _lay_out(self) -> None:
        f = self.fields
        pair = ui.row(f["date"], f["groups"], gap=16)
        pair.setStretch(0, 1)
        pair.setStretch(1, 1)
        for name in ("date", "groups"):
            pair.setAlignment(f[name], Qt.AlignmentFlag.AlignTop)
        card = ui.frame(
            "surface",
            ui.column(
                f["title"], f["municipality"], pair, f["venue"], f["method"], self.wrong, 4,
                ui.row(self.make, None), self.hint, gap=14, margin=28,
            ),
        )  # fmt: skip
        self._card = card
        content = QWidget()
        across = ui.row(card, None)
        across.setStretch(0, 100)
        content.setLayout(ui.column(across, None, margin=20))
        self.setLayout(ui.column(ui.scrolled(content)))
        THEME.changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        self._card.setMaximumWidth(THEME.px(640))

    def title(self) -> str:
        return t("New workshop")

    def retranslate(self) -> None:
        f = self.fields
        f["title"].name(t("Title"))
        self.workshop_title.setPlaceholderText(t("For example: Open workshop with families"))
        f["municipality"].name(t("Municipality"))
        self.place.setPlaceholderText(t("Two letters find the municipality"))
        f["date"].name(t("Date"))
        self.date.retranslate()
        f["groups"].name(t("Tables"))
        self.groups.setSpecialValueText(t("Without tables"))
        f["venue"].name(t("Room or address (optional)"))
        self.venue.setPlaceholderText(t("For example: town hall, assembly room"))
        f["method"].name(t("Method (optional)"))
        self.method.retranslate()
        self.make.setText(t("Make the workshop"))
        ui.name_it(self.make, t("Make the workshop"), t("Make the workshop (Enter)"))
        self.hint.setText(t("Tables can also be added while you write. Title, date and the rest can be changed later."))

    def _blank(self) -> None:
        """Empty, with the date of today."""
        for line in (self.workshop_title, self.venue, self.place):
            line.setText("")
        self._municipality = ""
        self.date.setDate(QDate.currentDate())
        self.groups.setValue(0)
        self.method.choose("")
        self._complain(None)

    def enter(self, **_: Any) -> None:
        if not (self.workshop_title.text() or self.place.text() or self.venue.text()):
            self.date.setDate(QDate.currentDate())
        key = draft_key("new")
        self.session.read(lambda reading: reading.setting(key), partial(self.draft.begin, key), owner=self)

    def leave(self) -> None:
        self.draft.keep()

    def _unfinished(self) -> str:
        """The form as it stands; empty while nothing is written in it."""
        written = [self.workshop_title.text(), self.place.text(), self.venue.text()]
        if not any(written):
            return ""
        day = self.date.date().toString(Qt.DateFormat.ISODate)
        return json.dumps([*written, self._municipality, day, self.groups.value(), self.method.method])

    def _put_back(self, words: str) -> None:
        title, place, venue, municipality, day, groups, method = json.loads(words)
        for line, written in ((self.workshop_title, title), (self.place, place), (self.venue, venue)):
            line.setText(written)
        self._municipality = municipality
        self.date.setDate(QDate.fromString(day, Qt.DateFormat.ISODate))
        self.groups.setValue(groups)
        self.method.choose(method)

    def focus_first(self) -> None:
        self.workshop_title.setFocus()

    # The place

    def _suggest(self, words: str) -> list[Suggestion]:
        if len(fold(words)) < LETTERS:
            return []
        program = self.shell.program
        return [
            Suggestion(place.name, place.code, program.place_name("", place.comarca))
            for place in program.places(words, OFFERED)
        ]

    def _choose_place(self, municipality: str) -> None:
        """The municipality that was chosen; none again as soon as somebody types on."""
        self._municipality = municipality
        if municipality:
            self.fields["municipality"].complain(None)

    # Making it

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submit()
        else:
            super().keyPressEvent(event)

    def submit(self) -> None:
        """Make the workshop of what stands in the form, or say beside a field why not."""
        if self._making:
            return
        self._complain(None)
        wanted = {
            "title": self.workshop_title.text().strip(), "date": self.date.date().toString(Qt.DateFormat.ISODate),
            "municipality": self._municipality or self.place.text().strip(), "comarca": "",
            "venue": self.venue.text().strip(), "method": self.method.method,
            "groups": str(self.groups.value()),
        }  # fmt: skip
        try:
            require(wanted["title"], "title")  # the first field is the first to be spoken of
            plan = self.shell.program.plan_workshop(wanted)
        except PessError as problem:
            self._complain(problem)
            return
        self._making = True
        self.draft.keep()
        self.session.write(
            operations.begin_workshop(plan), Undoable.WORKSHOP, Change(frozenset(("workshops", "groups"))),
            drafts=[self.draft.finish()],
            then=self._made, trouble=self._refused, owner=self,
        )  # fmt: skip

    def _made(self, done: Done) -> None:
        self._making = False
        self._blank()
        self.shell.go("workshop", workshop=done.record)

    def _refused(self, problem: PessError) -> None:
        self._making = False
        self._complain(problem)

    def _complain(self, problem: PessError | None) -> None:
        """Say what is wrong beside the field that it is about, and go there; below all where it is about none."""
        about = ""
        if problem is not None:
            about = "municipality" if problem.code in _PLACE_CODES else str(problem.facts.get("field", ""))
        for name, field in self.fields.items():
            field.complain(problem if name == about else None)
        if about in self.fields:
            self.fields[about].editor.setFocus()
        elsewhere = problem is not None and about not in self.fields
        self.wrong.setText(sentence(problem) if problem is not None and elsewhere else "")
        self.wrong.setVisible(elsewhere)
