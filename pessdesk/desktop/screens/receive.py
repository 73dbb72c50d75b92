"""Receiving: files are dropped, looked at, and only then, when somebody says so, taken in.

The plan and what comes of it are the same rows. A bundle that cannot be taken in is set aside whole when the others are;
it stands at the bottom with its reason, to be tried again. Where no store has been made yet, bundles can be looked at and
nothing more.
"""

from __future__ import annotations

import enum
from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFileDialog, QHeaderView, QVBoxLayout, QWidget

from pessdesk.desktop import operations, ui
from pessdesk.desktop.models.arrivals import ArrivalModel, Column, Row, reason
from pessdesk.desktop.screens.base import Screen, Shell
from pessdesk.desktop.session import EVERYTHING, Change
from pessdesk.desktop.theme import THEME
from pessdesk.desktop.widgets.arrival import ArrivalDetail, ProgrammeSigner
from pessdesk.desktop.widgets.drop_field import DropField
from pessdesk.desktop.widgets.errand import ErrandBar
from pessdesk.desktop.widgets.pairing import PairingPanel
from pessdesk.desktop.widgets.table import Table
from pessdesk.desktop.words import plural, sentence, t
from pessdesk.domain.errors import PessError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pessdesk.application.import_bundles import Arrival
    from pessdesk.application.ports import Card, Desk
    from pessdesk.application.screens import Reading, SetAside

CARDS = (".pem", ".crt", ".cer")
ROOM = {Column.REASON: 10.6, Column.KNOWN: 6.4, Column.CLASHING: 6.6, Column.WORKSHOP: 4.8}
"""The width of the screen, in hundreds of pixels at the usual font's size, from which a column has room."""
HEAD_BESIDE = 7.0
"""The same width, from which the buttons stand beside the summary."""
TRUST = Change(frozenset(("trust",)))


class Stage(enum.Enum):
    """How far the files that are shown have come. `STORELESS`: looked at, but there is nothing to take them into."""

    NOTHING = enum.auto()
    LOOKING = enum.auto()
    PLANNED = enum.auto()
    STORELESS = enum.auto()
    APPLYING = enum.auto()
    APPLIED = enum.auto()


class _Found(NamedTuple):
    titles: Mapping[str, str]
    aside: list[SetAside]


class ReceiveScreen(Screen):
    name = "receive"

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.stage = Stage.NOTHING
        self._paths: list[Path] = []
        self._rows: list[Row] = []
        self._found = _Found({}, [])
        self._listed_aside: list[SetAside] = []
        self._problem: PessError | None = None
        self._said = ""
        self.model = ArrivalModel()
        self._build()
        self.errand.heard.connect(self._progress)
        self.errand.appeared.connect(self.errand.stop.setFocus)
        self.retranslate()

    # The view

    def _build(self) -> None:
        self.rehearsing = ui.words("warn", wrap=True)
        self.drop_words = ui.words("heading", wrap=True)
        self.drop_hint = ui.words("hint", wrap=True)
        self.pick = ui.button("primary", "folder-open", self.choose)
        self.pick_folder = ui.button("", "", self.choose_folder)
        buttons = ui.row(self.pick, self.pick_folder, None)
        self.drop = DropField(ui.column(None, self.drop_words, self.drop_hint, 4, buttons, None, gap=8, margin=32))
        self.drop.dropped.connect(self._dropped)
        self.summary = ui.words("heading", wrap=True)
        self.other = ui.button("", "folder-open", self.choose)
        self.close_it = ui.button("quiet", "x", self.clear)
        self.said = ui.words(wrap=True)
        self.wrong = ui.words("wrong", wrap=True, selectable=True)
        self.errand = ErrandBar(self.session)
        self.office = ProgrammeSigner(self.shell.program.fingerprint)
        self.table = Table(self.model, Column.REASON)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._show_row())
        self.detail = ArrivalDetail(self.shell.program.fingerprint)
        self.detail.trust.clicked.connect(lambda _=False: self._look_at_card())
        self.panel = PairingPanel(self.shell.program.fingerprint)
        self.panel.trusted.connect(self._trust)
        self.panel.put_off.connect(self._put_off)
        self.apply_it = ui.button("primary", "", self.apply)
        self.decide = ui.button("primary", "git-compare-arrows", partial(self.shell.go, "clashes"))
        self.onward = ui.button("primary", "users-round", partial(self.shell.go, "workshops"))
        self.begin = ui.button("primary", "play", partial(self.shell.go, "first"))
        self.leave_it = ui.button("primary", "log-out", self.shell.leave_rehearsal)
        self._nexts = (self.apply_it, self.decide, self.onward, self.begin, self.leave_it)
        buttons = ui.row(*self._nexts, self.other, self.close_it, None)
        self._head = ui.row(ui.wide(self.summary), buttons)
        self._head.setStretch(0, 1)
        self.head = QWidget()
        self.head.setLayout(self._head)
        self.aside_heading = ui.words("heading")
        self.aside_rows = QVBoxLayout()
        self.aside = QWidget()
        self.aside.setLayout(ui.column(self.aside_heading, ui.frame("surface", self.aside_rows), gap=8))
        content = QWidget()
        layout = ui.column(
            self.rehearsing, self.drop, self.head, self.said, self.wrong, self.errand, self.office, self.table,
            self.detail, self.panel, self.aside, None, gap=10, margin=20,
        )  # fmt: skip
        layout.setStretchFactor(self.drop, 10)
        layout.setStretchFactor(self.table, 1000)
        content.setLayout(layout)
        self.area = ui.scrolled(content)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setLayout(ui.column(self.area))
        THEME.changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        self.drop.setMinimumHeight(THEME.px(240))
        self.drop.setMaximumHeight(THEME.px(360))
        self.table.setMinimumHeight(THEME.px(200))
        self.table.setIconSize(QSize(THEME.px(18), THEME.px(18)))
        self.aside_rows.setContentsMargins(*[THEME.px(12)] * 4)

    def title(self) -> str:
        return t("Receive")

    def retranslate(self) -> None:
        self.drop_words.setText(t("Drop bundles here, or a folder full of them."))
        self.drop_hint.setText(
            t(
                "First you see what would become of each. Nothing is taken in before you say so, and twice changes nothing."
            )
        )
        for button, words, hint in (
            (self.pick, t("Choose files…"), t("Choose bundles (.asice)")),
            (self.pick_folder, t("Choose a folder…"), t("Choose a folder with bundles, such as a stick")),
            (self.other, t("Choose others…"), t("Choose other bundles")),
            (self.close_it, t("Close the list"), t("Close the list; what was taken in stays")),
            (self.apply_it, t("Apply"), t("Take in all that can be")),
            (self.decide, t("Decide"), t("Decide which version holds where two laptops changed the same")),
            (self.onward, t("Go to the workshops"), t("Go to the workshops")),
            (self.begin, t("Give this laptop a name"), t("Give this laptop a name; then bundles can be taken in")),
            (self.leave_it, t("Leave the rehearsal"), t("Leave the rehearsal")),
        ):
            button.setText(words)
            ui.name_it(button, words, hint)
        self.rehearsing.setText(
            t("This is the rehearsal: bundles can be looked at here, but what is real is not taken into it.")
        )
        self.aside_heading.setText(t("Set aside"))
        ui.name_it(self.table, t("Bundles: what becomes of each"), " ")
        self.model.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(Column) - 1)
        for part in (self.errand, self.office, self.detail, self.panel):
            part.retranslate()
        self._listed_aside = []
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.width() / THEME.px(100)
        beside = room >= HEAD_BESIDE
        self._head.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)
        self.table.fold(ROOM, self.width())
        wide = Column.WORKSHOP if self.table.isColumnHidden(Column.REASON) else Column.REASON
        for column in (Column.WORKSHOP, Column.REASON):
            mode = QHeaderView.ResizeMode.Stretch if column == wide else QHeaderView.ResizeMode.ResizeToContents
            self.table.horizontalHeader().setSectionResizeMode(column, mode)

    # Coming and going

    @property
    def storeless(self) -> bool:
        return not self.shell.program.store_exists(self.session.folder)

    def enter(self, files: Sequence[Path] = (), **_: Any) -> None:
        self._ask()
        if files:
            self.look(files)
        elif self.stage is Stage.STORELESS and not self.storeless:
            self.look(())

    def changed(self, change: Change) -> None:
        if change.touches("bundles", "workshops", "programme"):
            self._ask()
        if self.stage is Stage.PLANNED and change == TRUST:
            self.look(())

    def _ask(self) -> None:
        """What the plan is shown with. Where there is no store, asking would make one."""
        if self.storeless:
            return

        def question(reading: Reading) -> _Found:
            return _Found({row.code: row.title for row in reading.workshops()}, reading.set_aside())

        def answered(found: _Found) -> None:
            self._found = found
            self.model.use_titles(found.titles)
            self._show()

        self.session.read(question, answered, owner=self)

    def focus_first(self) -> None:
        for button in (self.errand.stop, *self._nexts, self.pick, self.other):
            if button.isVisible() and button.isEnabled():
                button.setFocus()
                return

    def take_files(self, files: list[Path]) -> bool:
        bundles = [file for file in files if file.suffix.lower() not in CARDS]
        if bundles:
            self._dropped(files)
        return bool(bundles)

    def _dropped(self, files: list[Path]) -> None:
        cards = [file for file in files if file.suffix.lower() in CARDS]
        bundles = [file for file in files if file not in cards]
        if bundles:
            self.look(bundles)
        if cards and bundles:
            self.shell.announce(
                t("Cards are added under Laptops."), t("Add"), partial(self.shell.go, "laptops", files=cards)
            )
        elif cards:
            self.shell.go("laptops", files=cards)

    def choose(self) -> None:
        kinds = t("Bundles (*.asice);;All files (*)")
        files, _ = QFileDialog.getOpenFileNames(self, t("Choose bundles"), "", kinds)
        if files:
            self.look([Path(file) for file in files])

    def choose_folder(self) -> None:
        if folder := QFileDialog.getExistingDirectory(self, t("Choose a folder with bundles")):
            self.look([Path(folder)])

    def clear(self) -> None:
        """Back to the empty field."""
        self.stage, self._paths, self._rows, self._problem, self._said = Stage.NOTHING, [], [], None, ""
        self.panel.hide()
        self._fill()
        self.focus_first()

    # Looking

    def look(self, files: Sequence[Path]) -> None:
        """Look at files, beside those that are planned already; what would become of each is shown."""
        if self.errand.running:
            self.shell.announce(t("Drop them again once this is done."))
            return
        if self.stage in (Stage.APPLIED, Stage.NOTHING):
            self._paths = []
        self._paths += [file for file in files if file not in self._paths]
        self._problem, self._said = None, ""
        self.panel.hide()
        paths, pulse = tuple(self._paths), self.errand.pulse
        storeless, program = self.storeless, self.shell.program
        before, self.stage = self.stage, Stage.LOOKING
        self.errand.begin(t("Looking …"))
        then = partial(self._looked, Stage.STORELESS if storeless else Stage.PLANNED)
        trouble = partial(self._gave_up, before)

        def plan(desk: Desk) -> list[Arrival]:
            from pessdesk.application.import_bundles import plan_import

            return plan_import(desk, paths, first_programme=True, progress=partial(pulse, "looking"))

        def verify(_: None) -> list[Arrival]:
            from pessdesk.application.import_bundles import look_at

            return look_at(lambda path: program.verify(path, None), paths, progress=partial(pulse, "looking"))

        if storeless:
            self.shell.pure.do(verify, then, trouble=trouble, owner=self)
        else:
            self.session.errands.do(plan, then, trouble=trouble, owner=self)
        self._show()

    def _looked(self, stage: Stage, arrivals: list[Arrival]) -> None:
        self.errand.end()
        self.stage = stage
        self._rows = [Row(arrival) for arrival in arrivals]
        if not arrivals:
            self.clear()
            self._said = t("There is no bundle (.asice) in it.")
            self._show()
            return
        self._fill()
        self.focus_first()

    def _gave_up(self, before: Stage, problem: PessError) -> None:
        """Stopped, or the store is in trouble: what was shown before is shown still."""
        self.errand.end()
        self.stage = before
        if not self._rows:
            self.stage, self._paths = Stage.NOTHING, []
        self._problem = None if problem.code == "stopped" else problem
        self._show()
        self.focus_first()

    def _progress(self, what: str, count: int, total: int) -> None:
        if what == "looking":
            self.errand.words.setText(t("{count} of {all} looked at", count=count, all=total))
        else:
            self.errand.words.setText(t("{count} of {all} done", count=count, all=total))

    # Applying

    def apply(self) -> None:
        """Take in what the plan says, file after file; it can be stopped between two."""
        if self.stage is not Stage.PLANNED or not self._acceptable or self.session.rehearsal:
            return
        files = _files(row for row in self._rows if not row.done)
        came: list[Arrival] = []
        bar = self.errand

        def arrived(arrival: Arrival) -> None:
            came.append(arrival)
            bar.heard.emit("taking in", len({one.file for one in came}), len(files))

        def work(desk: Desk) -> None:
            from pessdesk.application.import_bundles import import_bundles

            import_bundles(desk, files, first_programme=True, progress=arrived, stopped=bar.stopped)

        self.stage, self._problem = Stage.APPLYING, None
        bar.begin(t("Taking in …"))
        self.session.errands.do(
            work, lambda _: self._applied(came, None), trouble=partial(self._applied, came), owner=self
        )
        self._show()

    def _applied(self, came: list[Arrival], problem: PessError | None) -> None:
        """What was taken in is taken in, even where the disk was full after it; the rest is planned as it was."""
        self.errand.end()
        there = {arrival.file for arrival in came}
        through = problem is None and not self.errand.stopped()
        others = [row._replace(done=row.done or through) for row in self._rows if row.arrival.file not in there]
        self._rows = [*(Row(arrival, done=True) for arrival in came), *others]
        self._problem = problem
        left = [row for row in self._rows if not row.done]
        self.stage = Stage.PLANNED if left else Stage.APPLIED
        self._paths = _files(left)
        self._fill()
        if any(arrival.outcome == "accepted" for arrival in came):
            self.session.saved.emit()
        if came:
            self.session.tell(EVERYTHING)
        self.focus_first()

    @property
    def _acceptable(self) -> int:
        """How many bundles of the plan would be taken in."""
        return sum(1 for row in self._rows if row.arrival.outcome == "accepted" and not row.done)

    # Showing

    def _fill(self) -> None:
        self.model.fill(self._rows)
        self.table.choose(0)
        self._show()

    def _show(self) -> None:
        """Everything as it stands."""
        stage, rehearsal = self.stage, self.session.rehearsal
        listed = bool(self._rows) and stage is not Stage.LOOKING
        applied = stage is Stage.APPLIED
        self.rehearsing.setVisible(rehearsal)
        self.drop.setVisible(stage is Stage.NOTHING)
        self.table.setVisible(listed)
        self.head.setVisible((listed or rehearsal) and self.panel.isHidden())
        for button in (self.other, self.close_it):
            button.setVisible(listed and not self.errand.running)
        self.summary.setText(self._summed_up())
        self.said.setText(self._said or self._what_next())
        self.said.setVisible(bool(self.said.text()))
        self.wrong.setText(sentence(self._problem) if self._problem else "")
        self.wrong.setVisible(self._problem is not None)
        planned = stage is Stage.PLANNED and not rehearsal
        self.apply_it.setVisible(stage in (Stage.PLANNED, Stage.APPLYING) and not rehearsal)
        self.apply_it.setEnabled(planned and self._acceptable > 0)
        self.decide.setVisible(applied and self._clashing > 0)
        self.onward.setVisible(applied and not self._clashing)
        self.begin.setVisible(stage is Stage.STORELESS)
        self.leave_it.setVisible(rehearsal)
        self.office.show_first(self._rows if stage in (Stage.PLANNED, Stage.APPLYING) else [])
        self._show_row()
        self._show_aside()

    @property
    def _clashing(self) -> int:
        return sum(row.arrival.clashing for row in self._rows if row.done)

    def _summed_up(self) -> str:
        of = Counter(
            "taken" if row.done and row.arrival.outcome == "accepted" else row.arrival.outcome for row in self._rows
        )
        words = {
            "taken": plural("{count} bundle was taken in", "{count} bundles were taken in", of["taken"]),
            "accepted": plural("{count} bundle would be taken in", "{count} bundles would be taken in", of["accepted"]),
            "intact": plural("{count} bundle is intact", "{count} bundles are intact", of["intact"]),
            "quarantined": plural("{count} waits for a decision", "{count} wait for a decision", of["quarantined"]),
            "refused": plural("{count} is refused", "{count} are refused", of["refused"]),
            "known": plural("{count} was known already", "{count} were known already", of["known"]),
        }
        return ", ".join(said for name, said in words.items() if of[name])

    def _what_next(self) -> str:
        if not self._rows or self.stage in (Stage.NOTHING, Stage.LOOKING, Stage.APPLYING):
            return ""
        if self.stage is Stage.STORELESS:
            return t("Nothing can be taken in yet: this laptop has no name. Give it one, then come back here.")
        if all(row.arrival.outcome == "known" for row in self._rows):
            return t("Nothing new: all of this was here already, and nothing was changed.")
        if self.stage is Stage.APPLIED:
            new = sum(row.arrival.new for row in self._rows)
            said = [plural("{count} new record.", "{count} new records.", new)]
            if self._clashing:
                said.append(
                    plural(
                        "{count} of what two laptops changed clashes: decide which version holds.",
                        "{count} of what two laptops changed clash: decide which version holds.",
                        self._clashing,
                    )
                )
            return " ".join(said)
        if any(row.done for row in self._rows):
            return t("Stopped: what was taken in stays, whole. The rest can be taken in now or later.")
        return "" if self._acceptable else t("There is nothing here that could be taken in.")

    def _show_row(self) -> None:
        row = self.model.row_at(self.table.currentIndex())
        listed = self.stage not in (Stage.NOTHING, Stage.LOOKING)
        self.detail.show_row(row if listed and self.panel.isHidden() else None, can_trust=self._can_trust)

    @property
    def _can_trust(self) -> bool:
        return self.stage in (Stage.PLANNED, Stage.APPLIED) and not self.session.rehearsal

    # Trusting whoever signed

    def _look_at_card(self) -> None:
        """The card of the row's signer, to be compared."""
        row = self.model.row_at(self.table.currentIndex())
        if row is None:
            return
        program, certificate, name = self.shell.program, row.arrival.certificate, Path(row.arrival.file).name

        def read(card: Card) -> None:
            self.panel.ask_about(card, name)
            self._show()
            ui.show_in(self.area, self.panel)

        self.shell.pure.do(lambda _: program.card_of_certificate(certificate), read, trouble=self._refused, owner=self)

    def _put_off(self) -> None:
        self.panel.hide()
        self._show()
        self.table.setFocus()

    def _trust(self, card: Card) -> None:
        """Trust the signer, and look at everything again that had to wait for that."""

        def trusted(_: object) -> None:
            self.panel.hide()
            self._show()
            if self.stage is Stage.APPLIED:
                signer = self.shell.program.fingerprint(card.device)
                waiting = [one for one in self._found.aside if one.facts.get("fingerprint") == signer]
                self.look([self.shell.program.aside(self.session.folder, one.file) for one in waiting])
            self.shell.announce(t("Trusted from now on: {label}", label=card.label))

        self.session.decide(operations.trust(card), TRUST, trusted, trouble=self._refused, owner=self)

    def _refused(self, problem: PessError) -> None:
        self._problem = problem
        self._show()

    # What was set aside

    def _show_aside(self) -> None:
        resting = self.stage in (Stage.NOTHING, Stage.APPLIED)
        self.aside.setVisible(resting and bool(self._found.aside))
        if self._listed_aside == self._found.aside:
            return
        self._listed_aside = self._found.aside
        while (item := self.aside_rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for one in self._found.aside:
            self.aside_rows.addWidget(self._aside_row(one))

    def _aside_row(self, one: SetAside) -> QWidget:
        name = " · ".join(str(one.facts.get(key) or "") for key in ("label", "workshop") if one.facts.get(key))
        name = name or str(one.facts.get("from") or one.file)
        words, why = ui.words("strong", wrap=True), ui.words("small", wrap=True)
        words.setText(name)
        why.setText(reason(one.code, one.facts))
        again, away = ui.button("", "history", partial(self.retry, one)), ui.button("quiet", "trash-2")
        again.setText(t("Try again"))
        ui.name_it(again, t("Try again: {name}", name=name), t("Look at this bundle again"))
        away.setText(t("Discard"))
        ui.name_it(away, t("Discard: {name}", name=name), t("Delete the copy that was set aside"))
        away.clicked.connect(lambda _=False: self._discard(one))
        for button in (again, away):
            button.setEnabled(not self.session.rehearsal)
        made = QWidget()
        made.setLayout(ui.row(ui.column(words, why, gap=0), again, away))
        made.layout().setStretch(0, 1)  # type: ignore[union-attr]
        return made

    def retry(self, one: SetAside) -> None:
        """Look at a bundle again that was set aside."""
        self.look([self.shell.program.aside(self.session.folder, one.file)])

    def _discard(self, one: SetAside) -> None:
        self.session.decide(
            operations.discard_aside(one.file), Change(frozenset(("bundles",))), lambda _: self.focus_first(),
            trouble=self._refused, owner=self,
        )  # fmt: skip


def _files(rows: Iterable[Row]) -> list[Path]:
    """The files of rows, each once."""
    return list(dict.fromkeys(Path(row.arrival.file) for row in rows))
