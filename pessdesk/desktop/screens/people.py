"""The people of a workshop: who agreed that their name is written down, to what, and until when it is kept.

A workshop is without names until somebody says otherwise, under the text that the people are to read. Then the list stands
beside the form, or above it where there is little room.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QDate, QDir, QModelIndex, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFileDialog, QWidget

from pessdesk.application.retention import ABOUT, ABOUT_KEY, MONTHS, RETENTION, USUAL_MONTHS, months_after
from pessdesk.desktop import ui
from pessdesk.desktop.history import Undoable
from pessdesk.desktop.models.people import Column, PeopleModel
from pessdesk.desktop.screens.base import Screen, Shell
from pessdesk.desktop.session import Change
from pessdesk.desktop.theme import THEME
from pessdesk.desktop.widgets.erasing import ask_to_erase
from pessdesk.desktop.widgets.form import DayEdit, Field
from pessdesk.desktop.widgets.person_form import PersonForm
from pessdesk.desktop.widgets.plain_text import PlainLine
from pessdesk.desktop.widgets.table import Table
from pessdesk.desktop.words import WORDS, plural, sentence, t

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pessdesk.application.erase import Reach
    from pessdesk.application.people import Given
    from pessdesk.application.ports import Desk, Unit
    from pessdesk.application.screens import EntityRow, PersonRow, Reading, WorkshopRow
    from pessdesk.application.steps import Done
    from pessdesk.domain.errors import PessError
    from pessdesk.wording.consent import ConsentText

NAMES = "names:"
"""Before a workshop's record: a setting that says that names are written down there."""
SIDE_BY_SIDE = 8.6
CHANGE = frozenset(("people", "entities"))


class _Found(NamedTuple):
    workshop: WorkshopRow | None
    people: list[PersonRow]
    entities: list[EntityRow]
    about: Mapping[str, str]
    until: str
    names: bool


class PeopleScreen(Screen):
    name = "people"

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.record = ""
        self._found: _Found | None = None
        self._chosen = ""
        self._text: ConsentText | None = None
        self.about = ui.words("small", wrap=True)
        self.sheet = ui.button("", "printer", self.write_sheet)
        self.said, self.wrong = ui.words("good", wrap=True), ui.words("wrong", wrap=True)
        self.notice_head, self.notice_hint = ui.words("heading", wrap=True), ui.words("hint", wrap=True)
        self.notice_box = QWidget()
        self.notice = ui.column(gap=6)
        self.notice_box.setLayout(self.notice)
        self.us = {name: Field(PlainLine()) for name in ABOUT}
        for name, field in self.us.items():
            self._line(field).editingFinished.connect(partial(self._keep_us, name))
        self.begin = ui.button("primary", "users-round", self.with_names)
        self.unfold = ui.button("quiet", "info", self._fold_notice)
        self.without = ui.button("quiet", "", self.without_names)
        self.model = PeopleModel()
        self.count = ui.words("heading", wrap=True)
        self.empty = ui.words("hint", wrap=True)
        self.table = Table(self.model, wide=Column.NAME)
        self.table.selectionModel().currentChanged.connect(self._choose)
        self.form = PersonForm()
        self.until_day = DayEdit()
        self.until = Field(self.until_day)
        self.until_day.dateChanged.connect(lambda _: self._keep_until())
        self.all_gone = ui.button("danger", "trash-2", self.erase_all)
        self._connect_form()
        self._lay_out()
        THEME.changed.connect(self._fit)
        self.retranslate()

    def _connect_form(self) -> None:
        self.form.added.connect(self.add)
        self.form.kept.connect(self._keep)
        self.form.ticked.connect(self._tick)
        self.form.erase.connect(self.erase_one)
        self.form.another.connect(self.another)
        self.form.half_written.connect(self.session.drafts.half_written)

    def _lay_out(self) -> None:
        self.us_box = QWidget()
        self.us_box.setLayout(ui.column(*self.us.values(), 4, ui.row(self.begin, None), None, gap=8))
        self.told = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.told.setSpacing(THEME.px(24))
        self.told.addWidget(self.notice_box, 3)
        self.told.addWidget(self.us_box, 2)
        self.notice_card = ui.frame(
            "surface",
            ui.column(
                ui.row(ui.wide(self.notice_head), self.without, self.unfold), self.notice_hint, self.told,
                gap=8, margin=20,
            ),
        )  # fmt: skip
        listed = ui.column(
            self.count, self.empty, self.table, ui.rule(), self.until, ui.row(self.all_gone, None), None,
            gap=8, margin=20,
        )  # fmt: skip
        self.halves = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.halves.setSpacing(THEME.px(16))
        self.list_card = ui.frame("surface", listed)
        self.form_card = ui.frame("surface", ui.column(self.form, None, margin=20))
        for card in (self.list_card, self.form_card):
            self.halves.addWidget(card, 1)
        content = QWidget()
        head = ui.row(ui.wide(self.about), self.sheet, gap=12)
        content.setLayout(
            ui.column(head, self.said, self.wrong, self.halves, self.notice_card, None, gap=12, margin=20)
        )
        self.area = ui.scrolled(content)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setLayout(ui.column(self.area))
        for words in (self.said, self.wrong):
            words.hide()
        self._open_notice = False
        self._fit()

    def title(self) -> str:
        return t("People")

    def retranslate(self) -> None:
        self._text = None
        self.form.retranslate()
        self.us["responsible"].name(t("Who is responsible"), t("The body and its address, as it stands on the sheet."))
        self.us["contact"].name(t("Where people can write to"))
        self.us["officer"].name(t("Data protection officer"), t("An e-mail address."))
        self.until.name(
            t("Kept until"), t("From then on PessDesk reminds you every day, until everybody here is erased.")
        )
        self.until_day.retranslate()
        for button, words in (
            (self.sheet, t("Sheet for the participants")), (self.begin, t("Write names down, under this text")),
            (self.without, t("Work without names")), (self.all_gone, t("Erase everybody …")),
        ):  # fmt: skip
            button.setText(words)
            ui.name_it(button, words)
        ui.name_it(self.sheet, self.sheet.text(), t("What people read and sign, as a PDF to be printed"))
        ui.name_it(self.table, t("People of this workshop"), " ")
        self.empty.setText(t("Nobody yet. Fill in the form and tick what the person agrees to."))
        self.model.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(Column) - 1)
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        beside = self.width() >= SIDE_BY_SIDE * THEME.px(100)
        direction = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        for halves in (self.halves, self.told):
            halves.setDirection(direction)
        rows = min(10 if beside else 5, max(3, self.model.rowCount()))
        self.table.setFixedHeight(THEME.px(36) * (rows + 1) + THEME.px(8))

    # What is shown

    def enter(self, workshop: str = "", **_: Any) -> None:
        if workshop and workshop != self.record:
            self.record, self._found, self._chosen = workshop, None, ""
            self._open_notice = False
            self.form.show_row(None)
        self._say("")
        self._ask()

    def changed(self, change: Change) -> None:
        if self.record and change.workshop in ("", self.record) and change.touches("people", "entities", "workshops"):
            self._ask()

    def _ask(self) -> None:
        record = self.record

        def question(reading: Reading) -> _Found:
            workshop = reading.workshop(record)
            people = reading.people(record)
            about = {name: reading.setting(ABOUT_KEY + name) for name in ABOUT}
            kept = {row.record: row.until for row in reading.kept_people()}
            until = kept.get(record) or reading.setting(RETENTION + record)
            if workshop is not None and not until:
                until = months_after(workshop.date, int(reading.setting(MONTHS) or USUAL_MONTHS))
            names = bool(people) or bool(reading.setting(NAMES + record))
            return _Found(workshop, people, reading.entities(record), about, until, names)

        self.session.read(question, partial(self._use, record), owner=self)

    def _use(self, record: str, found: _Found) -> None:
        if record != self.record or (found.workshop is None and not found.people):
            return
        first = self._found is None
        self._found = found
        self.model.fill(found.people)
        chosen = next((row for row in found.people if row.record == self._chosen), None)
        self._chosen = chosen.record if chosen else ""
        if chosen is not None:
            self.table.choose(found.people.index(chosen))
        if chosen is not None or self.form.row is not None:
            self.form.show_row(chosen)
        for name, field in self.us.items():
            if not self._line(field).hasFocus():
                self._line(field).setText(found.about[name])
        self.until_day.blockSignals(True)
        self.until_day.setDate(QDate.fromString(found.until, Qt.DateFormat.ISODate))
        self.until_day.blockSignals(False)
        self._show()
        if first and self.isVisible():
            QTimer.singleShot(0, self, self.focus_first)

    def _show(self) -> None:
        found = self._found
        names = found is not None and found.names
        self.begin.setVisible(not names)
        self.without.setVisible(names and found is not None and not found.people)
        self.unfold.setVisible(names)
        self.unfold.setText(t("Hide the text") if self._open_notice else t("Show the text"))
        ui.name_it(self.unfold, self.unfold.text())
        self.notice_hint.setVisible(not names)
        self.notice_head.setText(t("What the people read") if names else t("This workshop is without names"))
        self.notice_hint.setText(
            t(
                "Entities and numbers of people are enough for the minutes. If the list of those who attended, or writing to them,"
                " needs names, this is the text under which they agree. Who does not agree takes part all the same."
            )
        )
        if found is not None:
            self._fill(found)
        # Last, with everything in its place: what wraps takes its height when it is first shown.
        self.list_card.setVisible(names)
        self.form_card.setVisible(names)
        self.notice_box.setVisible(not names or self._open_notice)
        self.us_box.setVisible(not names or self._open_notice)
        self.notice_card.setVisible(found is not None)
        self._fit()

    def _fill(self, found: _Found) -> None:
        if (workshop := found.workshop) is not None:  # taken back, it still has its people, who must be reached
            place = self.shell.program.place_name(workshop.municipality, workshop.comarca)
            self.about.setText(" · ".join(part for part in (workshop.title, place, workshop.code) if part))
        self.sheet.setEnabled(workshop is not None)
        self.count.setText(plural("{count} person", "{count} people", len(found.people)))
        self.empty.setVisible(not found.people)
        self.table.setVisible(bool(found.people))
        self.all_gone.setVisible(bool(found.people))
        self.form.use(found.entities, self.text.boxes)
        self._show_notice(found)

    @property
    def text(self) -> ConsentText:
        if self._text is None:
            self._text = self.shell.program.consent_text(WORDS.language)
        return self._text

    def _show_notice(self, found: _Found) -> None:
        """The text, with what is known of whoever is responsible."""
        while (item := self.notice.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        until = QDate.fromString(found.until, Qt.DateFormat.ISODate).toString("dd/MM/yyyy")
        for section in self.text.filled({**found.about, "until": until}):
            if section.heading:
                heading = ui.words("strong", wrap=True)
                heading.setText(section.heading)
                self.notice.addWidget(heading)
            words = ui.words(wrap=True)
            words.setText(section.text)
            self.notice.addWidget(words)
        ask, boxes = ui.words("strong", wrap=True), ui.words(wrap=True)
        ask.setText(self.text.ask)
        boxes.setText("\n".join(f"– {words}" for words in self.text.boxes.values()))
        self.notice.addWidget(ask)
        self.notice.addWidget(boxes)
        named = ui.words("small")
        named.setText(t("Text {id}, version {version}", id=self.text.id, version=self.text.version))
        self.notice.addWidget(named)
        self.notice.addStretch(1)

    def _fold_notice(self) -> None:
        self._open_notice = not self._open_notice
        self._show()

    def focus_first(self) -> None:
        if self._found is not None and not self._found.names:
            self.begin.setFocus()
        else:
            self.form.name.editor.setFocus()

    def _say(self, words: str, wrong: str = "") -> None:
        self.said.setText(words)
        self.said.setVisible(bool(words))
        self.wrong.setText(wrong)
        self.wrong.setVisible(bool(wrong))

    def _refused(self, problem: PessError) -> None:
        if not self.form.refused(problem):
            self._say("", sentence(problem))

    # What is done

    def with_names(self) -> None:
        """From now on names may be written down here."""
        self._set(NAMES + self.record, "1", self.form.name.editor.setFocus)

    def without_names(self) -> None:
        self._set(NAMES + self.record, "", self.begin.setFocus)

    def _set(self, key: str, value: str, then: Any = lambda: None) -> None:
        def write(desk: Desk) -> None:
            with desk.store.write() as unit:
                unit.set_setting(key, value)

        def done(_: None) -> None:
            self.session.read(lambda _: None, lambda _: then(), owner=self)

        self.session.decide(write, Change(CHANGE, self.record), done, trouble=self._refused, owner=self)

    def _choose(self, now: QModelIndex, _: QModelIndex) -> None:
        if now.isValid() and self._found is not None:
            row = self._found.people[now.row()]
            if row.record != self._chosen:
                self.form.leave()
                self._chosen = row.record
                self.form.show_row(row)

    def another(self) -> None:
        """An empty form, for somebody new."""
        self.form.leave()
        self._chosen = ""
        self.table.clearSelection()
        self.table.setCurrentIndex(QModelIndex())
        self.form.show_row(None)
        self.form.name.editor.setFocus()

    def _given(self, purposes: tuple[str, ...]) -> Given:
        from pessdesk.application.people import Given

        text = self.text
        return Given(purposes, self.form.how, self.form.date_of_consent(), text.id, text.version, text.language)

    def add(self) -> None:
        """Write down somebody new, with what they agree to."""
        written, given, record = self.form.written(), self._given(self.form.chosen()), self.record
        self.form.complain("")

        def do(desk: Desk) -> str:
            from pessdesk.application.people import add_person

            return add_person(desk, record, written["name"], written["contact"], written["entity"], given)

        def done(_: str) -> None:
            self.form.show_row(None)
            self.another()

        def refused(problem: PessError) -> None:
            if not self.form.refused(problem):
                self.form.complain(sentence(problem))

        self.session.decide(do, Change(CHANGE, record), done, trouble=refused, owner=self)

    def _keep(self, name: str, value: str) -> None:
        person, record = self._chosen, self.record

        def do(desk: Desk) -> Done:
            from pessdesk.application.people import change_person

            return change_person(desk, record, person, {name: value})

        self.session.write(
            do, Undoable.PERSON, Change(CHANGE, record), trouble=self._refused, owner=self
        )  # fmt: skip

    def _tick(self, purpose: str, on: bool) -> None:
        person, record = self._chosen, self.record
        change = Change(CHANGE, record)
        if on:
            given = self._given((purpose,))

            def give(desk: Desk) -> int:
                from pessdesk.application.people import give_consent

                return give_consent(desk, record, person, given)

            self.session.decide(give, change, trouble=self._refused, owner=self)
            return
        day = QDate.currentDate().toString(Qt.DateFormat.ISODate)

        def withdraw(desk: Desk) -> Done:
            from pessdesk.application.people import withdraw_consent

            return withdraw_consent(desk, record, person, (purpose,), day)

        self.session.write(withdraw, Undoable.CONSENT, change, trouble=self._refused, owner=self)

    def _keep_us(self, name: str) -> None:
        value = self._line(self.us[name]).text().strip()
        if self._found is None or value == self._found.about[name]:
            return

        def do(desk: Desk) -> None:
            from pessdesk.application.people import say_about_us

            say_about_us(desk, {name: value})

        field = self.us[name]
        field.complain(None)
        self.session.decide(do, Change(CHANGE), trouble=field.complain, owner=self)

    def _keep_until(self) -> None:
        day, record = self.until_day.date().toString(Qt.DateFormat.ISODate), self.record
        if self._found is None or day == self._found.until:
            return

        def do(desk: Desk) -> None:
            from pessdesk.application.people import set_keep_until

            set_keep_until(desk, record, day)

        self.session.decide(do, Change(CHANGE, record), trouble=self.until.complain, owner=self)

    def leave(self) -> None:
        self.form.leave()
        for name in self.us:
            self._keep_us(name)

    @staticmethod
    def _line(field: Field) -> PlainLine:
        assert isinstance(field.editor, PlainLine)
        return field.editor

    # Erasing

    def erase_one(self) -> None:
        if self.form.row is not None:
            self._ask_erase(self.form.row.record, self.form.row.name)

    def erase_all(self) -> None:
        self._ask_erase("", "")

    def _ask_erase(self, person: str, name: str) -> None:
        record = self.record

        def look(unit: Unit) -> Reach:
            from pessdesk.application.erase import reach_of_people

            return reach_of_people(unit, record, person)

        over = self._found is not None and self._found.until < QDate.currentDate().toString(Qt.DateFormat.ISODate)
        ask_to_erase(
            self, self.session, look, name, Change(CHANGE, record), erased=self._erased, cleaned=self._cleaned,
            refused=self._refused, reason="retention" if over and not name else "request",
        )  # fmt: skip

    def _erased(self) -> None:
        self.another()
        self._say(t("Erasing …"))

    def _cleaned(self) -> None:
        self._say(t("Erased. Tell those who have a list on paper or a copy of this folder."))

    # The sheet

    def write_sheet(self) -> None:
        """Ask where the sheet shall be written."""
        if self._found is None or self._found.workshop is None:
            return
        name = t("participants-{code}.pdf", code=self._found.workshop.code)
        usual = str(Path(self.shell.settings.word("sheet-folder") or QDir.homePath()) / name)
        file, _ = QFileDialog.getSaveFileName(self, t("Sheet for the participants"), usual, t("PDF document (*.pdf)"))
        if file:
            self.write_sheet_to(Path(file))

    def write_sheet_to(self, path: Path) -> None:
        path = path if path.suffix.lower() == ".pdf" else path.with_name(path.name + ".pdf")
        self.shell.settings.keep("sheet-folder", str(path.parent))
        program, record, language = self.shell.program, self.record, WORDS.language

        def written(file: Path) -> None:
            self.shell.announce(
                t("The sheet is written: {file}", file=file), t("Open it"),
                lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(file))),
            )  # fmt: skip

        self.session.errands.do(
            lambda desk: program.participants_sheet(desk, record, path, language), written, trouble=self._refused, owner=self
        )  # fmt: skip
