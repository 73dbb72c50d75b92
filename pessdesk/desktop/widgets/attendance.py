"""Who is here: entities and how many people of each, people of no entity as a number of their own; never a name.

Two letters find an entity and Enter adds one person of it; a number behind the name adds that many.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSpinBox, QVBoxLayout, QWidget

from pessdesk.application.capture_line import draft_key
from pessdesk.desktop import operations, ui
from pessdesk.desktop.drafts import Draft
from pessdesk.desktop.history import Undoable
from pessdesk.desktop.models.entities import LEAST, called, matching
from pessdesk.desktop.session import Change, Session
from pessdesk.desktop.theme import THEME
from pessdesk.desktop.widgets.form import calm
from pessdesk.desktop.widgets.suggest import SuggestField, Suggestion
from pessdesk.desktop.words import plural, sentence, t
from pessdesk.domain.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pessdesk.application.screens import EntityRow
    from pessdesk.application.steps import Done
    from pessdesk.domain.errors import PessError

OFFERED, MOST = 30, 100_000
_NUMBERED = re.compile(r"(?P<name>.*\S)\s+\+?(?P<people>[1-9][0-9]{0,3})\s*")


@dataclass(frozen=True, slots=True)
class Arrival:
    """People who have come: of an entity of the register, or of one with this name that is not in it yet."""

    record: str
    name: str
    people: int


class _Row(QWidget):
    """An entity and its people. `counted` when somebody changed the number."""

    counted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.name = ui.words(wrap=True)
        self.people = QSpinBox(maximum=MOST)
        self.people.setKeyboardTracking(False)
        self.people.setMinimumWidth(THEME.px(84))
        calm(self.people)
        self.name.setBuddy(self.people)
        self.people.valueChanged.connect(self.counted)
        self.setLayout(ui.row(ui.wide(self.name), self.people, gap=12))

    def show_row(self, name: str, people: int) -> None:
        """Show a number that is in the store; one that is being typed stays."""
        self.name.setText(ui.unmarked(name))  # a label with a buddy takes & for the mark of a letter
        ui.name_it(self.people, t("People of {entity}", entity=name), " ")
        if not (self.people.hasFocus() and self.people.lineEdit().isModified()):
            self.people.blockSignals(True)
            self.people.setValue(people)
            self.people.blockSignals(False)


class Attendance(QWidget):
    """The part of the screen where people are counted; it writes by itself, and everything can be undone."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._workshop = ""
        self._entities: Sequence[EntityRow] = ()
        self._people: dict[str, int] = {}
        self._expected: tuple[str, int] | None = None
        self.rows: dict[str, _Row] = {}
        self.heading = ui.words("heading")
        self.total = ui.words("strong", wrap=True)
        self.who = SuggestField(self._suggest)
        self.who.chosen.connect(self._arrived)
        self.who.written.connect(self._written)
        self.draft = Draft(session, self.who, self.who.text, self.who.setText).watch(self.who)
        self.hint = ui.words("hint", wrap=True)
        self.wrong = ui.words("wrong", wrap=True)
        self.wrong.hide()
        self.others = _Row()
        self._list = QVBoxLayout()
        self._list.setSpacing(THEME.px(4))
        self.setLayout(
            ui.column(
                self.heading, self.who, self.hint, self.wrong, 4, self.total, ui.rule(), self.others, self._list, None,
                gap=8,
            )
        )  # fmt: skip
        self.others.counted.connect(lambda people: self._count(self._workshop, people))

    def retranslate(self) -> None:
        self.heading.setText(t("Who is here"))
        self.who.setPlaceholderText(t("Two letters find the entity"))
        ui.name_it(self.who, t("Entity that is here"), " ")
        self.hint.setText(
            t(
                "Enter adds one person of the entity; «Càritas 3», three at once. Only entities and numbers are written down, never names of persons."
            )
        )
        self._show()

    def show_people(self, workshop: str, entities: Sequence[EntityRow], of_none: int, draft: str = "") -> None:
        """What the store knows now of a workshop; `draft` is a name that was left half written."""
        if workshop != self._workshop:
            self.draft.begin("")
            self.who.setText("")
            self.draft.begin(draft_key(workshop, "who"), draft)
            self._say("")
        self._workshop, self._entities = workshop, entities
        self._people = {row.record: row.present for row in entities} | {workshop: of_none}
        if self._expected is not None and self._people.get(self._expected[0], 0) > self._expected[1]:
            self._say(t("Another laptop counted these people: there the number can be made smaller."))
        self._expected = None
        self._show()

    def _show(self) -> None:
        here = [row for row in self._entities if row.present]
        for record in self.rows.keys() - {row.record for row in here}:
            gone = self.rows.pop(record)
            if gone.people.hasFocus():
                self.who.setFocus()
            self._list.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        before = self.others
        for place, row in enumerate(here):
            shown = self.rows.get(row.record)
            if shown is None:
                shown = self.rows[row.record] = _Row()
                shown.counted.connect(partial(self._count, row.record))
                self._list.insertWidget(place, shown)
                QWidget.setTabOrder(before.people, shown.people)
            shown.show_row(row.name, row.present)
            before = shown
        of_none = self._people.get(self._workshop, 0)
        self.others.show_row(t("People of no entity"), of_none)
        people = of_none + sum(row.present for row in here)
        parts = [plural("{count} person", "{count} people", people)]
        if here:
            parts.append(plural("{count} entity", "{count} entities", len(here)))
        self.total.setText(" · ".join(parts) if people else t("Nobody has been counted yet."))

    # Arriving

    def _suggest(self, words: str) -> list[Suggestion]:
        found = [self._known(row, 1) for row in matching(self._entities, words)]
        name, people = words.strip(), 1
        if numbered := _NUMBERED.fullmatch(words):
            name, people = numbered["name"], int(numbered["people"])
            found += [self._known(row, people) for row in matching(self._entities, name)]
        if len(fold(name)) >= LEAST and called(self._entities, name) is None:
            new = plural("not in the register: adds it, with {count} person",
                         "not in the register: adds it, with {count} people", people)  # fmt: skip
            found = [*found[:OFFERED], Suggestion(name, Arrival("", name, people), new)]
        return found

    def _known(self, row: EntityRow, people: int) -> Suggestion:
        adds = plural("adds {count} person", "adds {count} people", people)
        return Suggestion(row.name, Arrival(row.record, row.name, people), adds)

    def _written(self, words: str) -> None:
        """Enter without the list: an entity of exactly this name, else what the list would offer is shown again."""
        first = next(iter(self._suggest(words)), None)
        if first is not None and fold(first.text) == fold(words):
            self._arrived(first.value)

    def _arrived(self, arrival: Arrival) -> None:
        self.who.setText("")  # not `clear`, which can be undone before what was counted
        if not arrival.record:
            action = operations.welcome_new_entity(self._workshop, arrival.name, arrival.people)
            self._write(action, "", arrival.people, [self.draft.finish()])
            return
        self._count(arrival.record, self._people.get(arrival.record, 0) + arrival.people, [self.draft.finish()])

    def _count(self, subject: str, people: int, drafts: Sequence[str] = ()) -> None:
        """Have it written that so many are here. Two quick Enters are two people: the next adds to what this one says."""
        if people == self._people.get(subject):
            return
        self._people[subject] = people
        self._write(operations.set_present(self._workshop, subject, people), subject, people, drafts)

    def _write(self, action: operations.Action, subject: str, people: int, drafts: Sequence[str]) -> None:
        self._say("")
        change = Change(frozenset(("entities",)), self._workshop)
        self._session.write(
            action, Undoable.PRESENT, change, drafts=drafts,
            then=partial(self._written_down, subject, people), trouble=self._refused, owner=self,
        )  # fmt: skip

    def _written_down(self, subject: str, people: int, done: Done) -> None:
        """What other laptops counted stays: whether the number is as it was asked for shows when it is read again."""
        self._expected = (subject, people)
        if not done.undo:
            self._session.tell(Change(frozenset(("entities",)), self._workshop))

    def _refused(self, problem: PessError) -> None:
        self._say(sentence(problem))
        self._session.tell(Change(frozenset(("entities",)), self._workshop))

    def _say(self, words: str) -> None:
        self.wrong.setText(words)
        self.wrong.setVisible(bool(words))
