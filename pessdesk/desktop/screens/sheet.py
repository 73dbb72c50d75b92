"""A spreadsheet's contributions: read, checked row by row without writing anything, imported all at once or not at all.

Whoever must correct rows does so in the spreadsheet program and has it read again. What was imported can be taken back
as one thing.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLocale, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHeaderView, QProgressBar, QWidget

from pessdesk.application.record_contributions import COLUMNS
from pessdesk.desktop import operations, ui
from pessdesk.desktop.history import Undoable
from pessdesk.desktop.models.sheet import Column, SheetModel
from pessdesk.desktop.screens.base import Screen, Shell
from pessdesk.desktop.session import Change
from pessdesk.desktop.theme import THEME
from pessdesk.desktop.widgets.sheet_help import SheetHelp, example_rows
from pessdesk.desktop.widgets.table import Table
from pessdesk.desktop.words import WORDS, plural, sentence, t
from pessdesk.domain.errors import InputRefused, PessError

if TYPE_CHECKING:
    from pessdesk.application.import_sheet import Imported
    from pessdesk.application.ports import Desk
    from pessdesk.application.record_contributions import Checked, SheetRow
    from pessdesk.application.screens import WorkshopRow
    from pessdesk.application.steps import Intent
    from pessdesk.desktop.program import Sheet

ENDINGS = (".csv", ".tsv", ".xlsx", ".xlsm")
ROOM = {Column.KIND: 6.4, Column.LINE: 5.4, Column.TABLE: 4.6}
"""The width of the screen, in hundreds of pixels at the usual font's size, from which a column has room."""
SLOW_MS = 400


class SheetScreen(Screen):
    """`turn` numbers the readings: what comes back of an earlier one is not shown any more."""

    name = "sheet"
    progressed = Signal(int)

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.record = ""
        self._row: WorkshopRow | None = None
        self._file: Path | None = None
        self._rows: list[SheetRow] = []
        self._encoding = ""
        self._checked: Checked | None = None
        self._problem: PessError | None = None
        self._recorded = 0
        self._turn = 0
        self._stop = threading.Event()
        self.importing = False
        self.model = SheetModel()
        self._build()
        self._slow = QTimer(self, singleShot=True, interval=SLOW_MS)
        self._slow.timeout.connect(self._show_busy)
        self._heights = QTimer(self, singleShot=True, interval=0)
        self._heights.timeout.connect(self._fit_rows)
        self.table.horizontalHeader().sectionResized.connect(lambda *_: self._heights.start())
        self.progressed.connect(self._progress)
        THEME.changed.connect(self._fit)
        self.retranslate()
        self._show()

    # The view

    def _build(self) -> None:
        self.file_name = ui.Elided("heading")
        self.again = ui.button("", "history", self._read_again)
        self.other = ui.button("quiet", "folder-open", self.choose)
        self.file_row = QWidget()
        self.file_row.setLayout(ui.row(ui.wide(self.file_name), self.again, self.other))
        self.wrong = ui.words("wrong", wrap=True, selectable=True)
        self.summary = ui.words("strong", wrap=True)
        self.what = ui.words("hint", wrap=True)
        self.only_wrong = QCheckBox()
        self.only_wrong.toggled.connect(self._filter)
        self.table = Table(self.model, Column.TEXT)
        self.table.setWordWrap(True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.told = ui.words("small")
        self.cancel = ui.button("", "x", self._cancel)
        self.busy = QWidget()
        self.busy.setLayout(ui.row(self.told, ui.wide(self.bar), self.cancel, gap=12))
        self.take_in = ui.button("primary", "download", self.import_now)
        self.bring = ui.button("", "undo-2", self._bring_back)
        self.to_workshop = ui.button("", "", lambda: self.shell.go("workshop", workshop=self.record))
        self.foot = QWidget()
        self.foot.setLayout(ui.row(self.take_in, self.bring, self.to_workshop, None))
        self.page = self._help_page()
        layout = ui.column(
            self.file_row, self.wrong, self.summary, self.what, self.only_wrong, self.table, self.busy, self.foot,
            self.page, gap=8, margin=20,
        )  # fmt: skip
        layout.setStretchFactor(self.table, 1)
        layout.setStretchFactor(self.page, 1)
        self.setLayout(layout)

    def _help_page(self) -> QWidget:
        """Where a file is dropped or chosen, and what must be in it."""
        self.drop_words = ui.words("strong", wrap=True)
        self.pick = ui.button("primary", "folder-open", self.choose)
        self.example = ui.button("", "file-spreadsheet", self._ask_example)
        self.drop = ui.frame(
            "drop", ui.column(self.drop_words, ui.row(self.pick, self.example, None), gap=12, margin=24)
        )
        self.help = SheetHelp()
        content = QWidget()
        content.setLayout(ui.column(self.drop, 8, self.help, None))
        return ui.scrolled(content)

    def title(self) -> str:
        return t("Spreadsheet for «{title}»", title=self._row.title) if self._row else t("Spreadsheet")

    def retranslate(self) -> None:
        for button, words, hint in (
            (self.again, t("Read again"), t("Read the file again, once it is corrected and saved")),
            (self.other, t("Choose another…"), t("Choose another spreadsheet")),
            (self.cancel, t("Cancel"), t("Stop; what is recorded already stays")),
            (self.to_workshop, t("Go to the workshop"), t("See the contributions in the workshop")),
            (self.pick, t("Choose a spreadsheet…"), t("Choose a spreadsheet, CSV or Excel")),
            (self.example, t("Save an example…"), t("Save an example spreadsheet to fill in")),
        ):
            button.setText(words)
            ui.name_it(button, words, hint)
        self.only_wrong.setText(t("Only those to be corrected"))
        self.only_wrong.setAccessibleName(self.only_wrong.text())
        self.drop_words.setText(t("Drop a spreadsheet here (CSV or Excel), or choose it."))
        self.help.retranslate()
        ui.name_it(self.table, t("Rows of the spreadsheet"), " ")
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Which columns there is room for."""
        self.table.fold(ROOM, self.width())

    # Coming and going

    def enter(self, workshop: str = "", file: Path | None = None, **_: Any) -> None:
        if workshop and workshop != self.record and not self.importing:
            self.record, self._row = workshop, None
            self._forget()
            self.session.read(lambda reading: reading.workshop(workshop), self._opened, owner=self)
        if file is not None and file != self._file:
            self.read(file)
        elif self._rows:
            self._check()

    def _opened(self, row: WorkshopRow | None) -> None:
        self._row = row
        self.shell.titled()

    def changed(self, change: Change) -> None:
        mine = bool(self._rows) and not self.importing and change.workshop in ("", self.record)
        if mine and change.touches("contributions", "programme"):
            self._recorded = 0
            self._check()

    def focus_first(self) -> None:
        for widget, part in ((self.take_in, self.foot), (self.again, self.file_row), (self.pick, self.page)):
            if widget.isEnabled() and not widget.isHidden() and not part.isHidden():
                widget.setFocus()
                return

    def take_files(self, files: list[Path]) -> bool:
        sheets = [file for file in files if file.suffix.lower() in ENDINGS]
        if sheets and not self.importing:
            self.read(sheets[0])
        return bool(sheets)

    def choose(self) -> None:
        kinds = t("Spreadsheets (*.csv *.tsv *.xlsx *.xlsm)")
        file, _ = QFileDialog.getOpenFileName(self, t("Choose a spreadsheet"), "", kinds)
        if file:
            self.read(Path(file))

    # Reading and checking

    def _forget(self) -> None:
        self._turn += 1
        self._file, self._rows, self._encoding = None, [], ""
        self._checked, self._problem, self._recorded = None, None, 0
        self._slow.stop()
        self.model.fill((), None, wrong_only=False)
        self._show()

    def read(self, file: Path) -> None:
        """Read a file and show what importing it would do."""
        self._forget()
        self._file = file
        turn = self._turn
        self._slow.start()
        self._show()
        program = self.shell.program
        self.shell.pure.do(
            lambda _: program.read_sheet(file, COLUMNS, ("text",)),
            partial(self._was_read, turn), trouble=partial(self._refused, turn), owner=self,
        )  # fmt: skip

    def _read_again(self) -> None:
        if self._file is not None and not self.importing:
            self.read(self._file)

    def _was_read(self, turn: int, sheet: Sheet) -> None:
        if turn != self._turn:
            return
        self._rows, self._encoding = sheet.rows, sheet.encoding
        if self._rows:
            self._check()
        else:
            self._refused(turn, InputRefused("rows-none"))

    def _check(self) -> None:
        turn, record, rows, program = self._turn, self.record, self._rows, self.shell.program
        folder = self._folder()

        def work(desk: Desk) -> Checked:
            from pessdesk.application.record_contributions import check_rows

            return check_rows(desk, record, rows, folder=folder, words=program.words())

        self.session.errands.do(
            work, partial(self._was_checked, turn), trouble=partial(self._refused, turn), owner=self
        )

    def _folder(self) -> Path:
        assert self._file is not None
        return self._file.resolve().parent

    def _was_checked(self, turn: int, checked: Checked) -> None:
        if turn != self._turn:
            return
        self._slow.stop()
        first = self._checked is None
        self._checked = checked
        wrong = bool(checked.complaints)
        if first:
            self.only_wrong.blockSignals(True)
            self.only_wrong.setChecked(wrong)
            self.only_wrong.blockSignals(False)
        self.model.fill(self._rows, checked, wrong_only=wrong and self.only_wrong.isChecked())
        mode = QHeaderView.ResizeMode.Stretch if wrong else QHeaderView.ResizeMode.ResizeToContents
        self.table.horizontalHeader().setSectionResizeMode(Column.VERDICT, mode)
        self._heights.start()
        self._show()
        if first and self.isVisible():
            self.focus_first()

    def _refused(self, turn: int, problem: PessError) -> None:
        if turn == self._turn:
            self._slow.stop()
            self._problem = problem
            self.importing = False
            self._show()

    # Showing

    def _show(self) -> None:
        """Everything as it stands: nothing chosen, refused, under way, checked, imported."""
        checked, there = self._checked, self._file is not None
        self.file_row.setVisible(there)
        self.file_name.setText(self._file.name if self._file else "")
        self.again.setEnabled(not self.importing)
        self.other.setEnabled(not self.importing)
        self.wrong.setText(sentence(self._problem) if self._problem else "")
        self.wrong.setVisible(self._problem is not None)
        self.page.setVisible(not there or (self._problem is not None and checked is None))
        self.other.setHidden(not self.page.isHidden())
        self.busy.setVisible(self.importing)
        for widget in (self.summary, self.table, self.foot):
            widget.setVisible(checked is not None)
        self.only_wrong.setVisible(checked is not None and bool(checked.complaints))
        self.what.setVisible(False)
        self._show_buttons(checked)
        if checked is not None:
            self.summary.setText(self._summed_up(checked))
            self.what.setText(self._what_next(checked))
            self.what.setVisible(bool(self.what.text()))

    def _show_buttons(self, checked: Checked | None) -> None:
        """What can be done with what was checked."""
        ready, gone = (len(checked.new), len(checked.withdrawn)) if checked else (0, 0)
        wrong = checked is not None and bool(checked.complaints)
        self.take_in.setText(plural("Import {count} contribution", "Import {count} contributions", ready))
        ui.name_it(self.take_in, self.take_in.text())
        self.take_in.setEnabled(not wrong and ready > 0 and not self.importing)
        self.take_in.setVisible((ready > 0 or wrong) and not self.importing)
        self.bring.setText(plural("Bring {count} back", "Bring {count} back", gone))
        ui.name_it(self.bring, self.bring.text(), t("Let the withdrawn ones count again"))
        self.bring.setVisible(gone > 0 and not self.importing)
        self.to_workshop.setVisible(not self.importing)
        ui.say_role(self.to_workshop, "role", "primary" if self._recorded else "")

    def _summed_up(self, checked: Checked) -> str:
        parts = []
        if self._recorded:
            parts.append(plural("{count} contribution imported.", "{count} contributions imported.", self._recorded))
        counts = []
        if wrong := len(checked.complaints):
            counts.append(plural("{count} row must be corrected", "{count} rows must be corrected", wrong))
        if checked.new:
            counts.append(plural("{count} ready", "{count} ready", len(checked.new)))
        if (known := len(checked.known) - len(checked.withdrawn) - self._recorded) > 0:
            counts.append(plural("{count} was here already", "{count} were here already", known))
        if checked.withdrawn:
            gone = len(checked.withdrawn)
            counts.append(plural("{count} was here and is withdrawn", "{count} were here and are withdrawn", gone))
        return " ".join([*parts, ", ".join(counts)]).strip()

    def _what_next(self, checked: Checked) -> str:
        said = []
        if checked.complaints:
            said.append(
                t(
                    "Correct them in your spreadsheet program, save, and read the file again here. Until then nothing is imported."
                )
            )
        elif not checked.new and not self._recorded:
            said.append(t("There is nothing new in this file."))
        if self._encoding:
            said.append(t("The file was read as {encoding}.", encoding=self._encoding))
        return " ".join(said)

    def _filter(self, wrong_only: bool) -> None:
        self.model.show_wrong_only(wrong_only)
        self._heights.start()

    def _fit_rows(self) -> None:
        """The rows with a sentence as high as it needs."""
        for place in self.model.wrong_rows():
            self.table.resizeRowToContents(place)

    def _show_busy(self) -> None:
        """Reading takes long enough to be told."""
        self.told.setText(t("Reading the file …"))
        self.bar.setRange(0, 0)
        self.busy.show()

    # Importing

    def import_now(self) -> None:
        """Record what is new, on the lane of errands; it can be stopped between two commits."""
        checked, record, rows, program = self._checked, self.record, self._rows, self.shell.program
        if checked is None or checked.complaints or not checked.new or self.importing:
            return
        folder, stop = self._folder(), threading.Event()
        self.importing, self._stop, self._problem = True, stop, None
        self.bar.setRange(0, len(checked.new))
        self._progress(0)
        self._show()

        change = Change(frozenset(("contributions", "groups", "entities")), record)
        intent = self.session.intent(Undoable.SHEET, change)

        def work(desk: Desk) -> Imported:
            from pessdesk.application.import_sheet import import_sheet

            return import_sheet(
                replace(desk, intent=intent), record, rows, folder=folder, words=program.words(), progress=self.progressed.emit,
                stopped=lambda: stop.is_set() or self.session.ending,
            )  # fmt: skip

        self.session.errands.do(
            work, partial(self._imported, change, intent), trouble=partial(self._refused, self._turn), owner=self
        )

    def _progress(self, count: int) -> None:
        self.bar.setValue(count)
        number = QLocale(WORDS.language).toString
        self.told.setText(t("{count} of {all} recorded", count=number(count), all=number(self.bar.maximum())))

    def _cancel(self) -> None:
        """Stop after what is being committed; a file that is still being read is let go at once."""
        if self.importing:
            self._stop.set()
        else:
            self._forget()

    def _imported(self, change: Change, intent: Intent, done: Imported) -> None:
        self.importing = False
        self._problem = done.problem
        if done.undo:
            self.session.history.add(Undoable.SHEET, done.undo, change, intent.number)
            self.session.saved.emit()
            self.session.tell(change)  # this screen hears it too, and checks again
        self._recorded = done.count
        self._show()
        self.to_workshop.setFocus()

    def _bring_back(self) -> None:
        if self._checked is not None and self._checked.withdrawn:
            records = tuple(self._checked.withdrawn.values())
            change = Change(frozenset(("contributions", "groups", "entities")), self.record, records)
            self.session.write(
                operations.bring_back(self.record, records), Undoable.BROUGHT_BACK, change,
                trouble=partial(self._refused, self._turn), owner=self,
            )  # fmt: skip

    # The example

    def _ask_example(self) -> None:
        kinds = t("Spreadsheet (*.csv)")
        file, _ = QFileDialog.getSaveFileName(self, t("Save an example"), t("contributions.csv"), kinds)
        if file:
            self.save_example(Path(file))

    def save_example(self, file: Path) -> None:
        """Write a spreadsheet with two rows, for people to go on from."""
        write = self.shell.program.write_sheet

        def written(_: object) -> None:
            self.shell.announce(t("The example is in {file}.", file=str(file)))

        def with_tree(rows: list[list[str]]) -> None:
            self.shell.pure.do(lambda _: write(file, rows, WORDS.language), written, owner=self)

        self.session.read(lambda reading: reading.tree(), lambda tree: with_tree(example_rows(tree)), owner=self)
