"""A person: name, contact, entity, and a tick for each thing that they agree to.

For somebody new it is filled in and written down as a whole, with at least one tick: there is no name without a consent. For
somebody who is there each field is kept when it is left, and each tick at once. What is half written here is no draft: a name
to which nobody has agreed yet does not reach the disk.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QCheckBox, QWidget

from pessdesk.desktop import ui
from pessdesk.desktop.models.entities import matching
from pessdesk.desktop.widgets.choices import choices
from pessdesk.desktop.widgets.form import DayEdit, Field
from pessdesk.desktop.widgets.plain_text import PlainLine
from pessdesk.desktop.widgets.suggest import SuggestField, Suggestion
from pessdesk.desktop.words import label, t
from pessdesk.domain.kinds import CONSENT_PURPOSES, CONSENT_WAYS
from pessdesk.wording.labels import CONSENT_WAYS as WAYS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pessdesk.application.screens import ConsentRow, EntityRow, PersonRow
    from pessdesk.domain.errors import PessError

OFFERED = 30


class Tick(QWidget):
    """A box with a sentence beside it, on as many lines as it needs, and since when it holds below."""

    ticked = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.box = QCheckBox()
        self.words = ui.words(wrap=True)
        self.since = ui.words("small", wrap=True)
        self.box.clicked.connect(self.ticked)
        across = ui.row(self.box, ui.column(self.words, self.since, gap=0), gap=10)
        across.setAlignment(self.box, Qt.AlignmentFlag.AlignTop)
        across.setStretch(1, 1)
        self.setLayout(across)
        self.since.hide()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            self.box.click()

    def show_words(self, words: str, since: str = "") -> None:
        self.words.setText(words)
        self.since.setText(since)
        self.since.setVisible(bool(since))
        ui.name_it(self.box, words, since or words)
        self.box.setAccessibleDescription(since)


class PersonForm(QWidget):
    """`row` is the person shown, None for somebody new. `added` when a new one is to be written down; `kept` gives a field's
    name and value; `ticked` a purpose and whether they agree; `erase`, `another` are the buttons; `half_written` tells
    whether something stands here alone."""

    added = Signal()
    kept = Signal(str, str)
    ticked = Signal(str, bool)
    erase = Signal()
    another = Signal()
    half_written = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.row: PersonRow | None = None
        self._entities: Sequence[EntityRow] = ()
        self._sentences: Mapping[str, str] = {}
        self.how = CONSENT_WAYS[0]
        self.heading = ui.words("heading", wrap=True)
        self.name, self.contact = Field(PlainLine()), Field(PlainLine())
        self.entity = Field(SuggestField(self._suggest))
        self.fields = {"name": self.name, "contact": self.contact, "entity": self.entity}
        for name, field in self.fields.items():
            editor = field.editor
            assert isinstance(editor, PlainLine | SuggestField)
            editor.editingFinished.connect(partial(self._left, name))
            editor.textChanged.connect(self._tell_half_written)
        self.agrees = ui.words("strong")
        self.ticks = {purpose: Tick() for purpose in CONSENT_PURPOSES}
        for purpose, tick in self.ticks.items():
            tick.ticked.connect(partial(self._tick, purpose))
        self.ways = choices(self, CONSENT_WAYS, self._use_way)
        self.ways[self.how].setChecked(True)
        self.day = DayEdit()
        self.date = Field(self.day)
        self.date_row = ui.row(*self.ways.values(), None, gap=16)
        self.nothing = ui.words("warn", wrap=True)
        self.wrong = ui.words("wrong", wrap=True)
        self.add = ui.button("primary", "plus", self.added.emit)
        self.gone = ui.button("danger", "trash-2", self.erase.emit)
        self.new = ui.button("", "plus", self.another.emit)
        self.setLayout(
            ui.column(
                self.heading, self.name, self.contact, self.entity, 4, self.agrees, *self.ticks.values(), 4,
                self.date_row, self.date, self.nothing, self.wrong, ui.row(self.add, self.new, self.gone, None), gap=8,
            )
        )  # fmt: skip
        self.show_row(None)

    def retranslate(self) -> None:
        self.name.name(t("Name and surnames"))
        self.contact.name(t("E-mail or telephone"), t("Only if they want to be written to."))
        self.entity.name(t("Entity"))
        self.date.name(t("On"))
        self.day.retranslate()
        self.agrees.setText(t("They agree"))
        for way, one in self.ways.items():
            one.setText(label(WAYS, way))
            one.setAccessibleName(one.text())
        self.nothing.setText(t("They agree to nothing any more: nothing holds their name here. Erase it."))
        for button, words in ((self.add, t("Write down")), (self.gone, t("Erase …")), (self.new, t("Another person"))):
            button.setText(words)
            ui.name_it(button, words)
        self._show()

    def use(self, entities: Sequence[EntityRow], sentences: Mapping[str, str]) -> None:
        """The register, and what one agrees to by each tick."""
        self._entities, self._sentences = entities, sentences
        self._show()

    def show_row(self, row: PersonRow | None) -> None:
        """Show a person, or an empty form for somebody new; what is being typed of the same one stays."""
        same = row is not None and self.row is not None and row.record == self.row.record
        before, self.row = self.row, row
        for name, field in self.fields.items():
            editor = field.editor
            assert isinstance(editor, PlainLine | SuggestField)
            typed = same and editor.hasFocus() and editor.text() != _value(before, name)
            if not typed and editor.text() != _value(row, name):
                editor.setText(_value(row, name))
            if not same:
                field.complain(None)
        if not same:
            self.complain("")
            self.day.setDate(QDate.currentDate())
            for tick in self.ticks.values():
                tick.box.setChecked(False)
        self._show()

    def complain(self, words: str) -> None:
        self.wrong.setText(words)
        self.wrong.setVisible(bool(words))

    def refused(self, problem: PessError) -> bool:
        """Say beside its field why something was refused; False where there is no such field."""
        field = self.fields.get(str(problem.facts.get("field")))
        if field is not None:
            field.complain(problem)
            field.editor.setFocus()
        return field is not None

    def written(self) -> dict[str, str]:
        return {name: self._text(name) for name in self.fields}

    def chosen(self) -> tuple[str, ...]:
        """The ticks of somebody new."""
        return tuple(purpose for purpose, tick in self.ticks.items() if tick.box.isChecked())

    def date_of_consent(self) -> str:
        return self.day.date().toString(Qt.DateFormat.ISODate)

    def _text(self, name: str) -> str:
        editor = self.fields[name].editor
        assert isinstance(editor, PlainLine | SuggestField)
        return editor.text().strip()

    def _show(self) -> None:
        row = self.row
        self.heading.setText(row.name if row else t("Somebody new"))
        agreed = row.agreed if row else {}
        for purpose, tick in self.ticks.items():
            held = agreed.get(purpose)
            tick.show_words(self._sentences.get(purpose, ""), _since(held) if held else "")
            if row is not None:
                tick.box.setChecked(held is not None)
        self.nothing.setVisible(row is not None and not agreed)
        self.add.setVisible(row is None)
        self.gone.setVisible(row is not None)
        self.new.setVisible(row is not None)
        self._tell_half_written()

    def _tell_half_written(self) -> None:
        self.half_written.emit(any(self._text(name) != _value(self.row, name) for name in self.fields))

    def _left(self, name: str) -> None:
        if self.row is not None and self._text(name) != _value(self.row, name):
            self.fields[name].complain(None)
            self.kept.emit(name, self._text(name))

    def leave(self) -> None:
        """Keep what was changed and not left yet."""
        for name in self.fields:
            self._left(name)

    def _tick(self, purpose: str, on: bool) -> None:
        self.complain("")
        if self.row is not None:
            self.ticked.emit(purpose, on)

    def _use_way(self, way: str) -> None:
        self.how = way

    def _suggest(self, words: str) -> list[Suggestion]:
        return [Suggestion(row.name, row.record) for row in matching(self._entities, words)[:OFFERED]]


def _value(row: PersonRow | None, name: str) -> str:
    if row is None:
        return ""
    return {"name": row.name, "contact": row.contact, "entity": row.entity_name}[name]


def _since(held: ConsentRow) -> str:
    day = QDate.fromString(held.date, Qt.DateFormat.ISODate).toString("dd/MM/yyyy")
    return t("Since {day}: {how}, text {text} {version}", day=day, how=label(WAYS, held.how), text=held.text, version=held.version)  # fmt: skip
