"""Handing over: where each workshop is safe, and the one button that writes its bundle to a stick or a folder.

A workshop is here, then in a bundle that was written and read back. What becomes of the bundle afterwards is known only
by a receipt; this version knows none, so nothing here says that anybody has received anything.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QDateTime, QDir, QLocale, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QGridLayout, QPushButton, QVBoxLayout, QWidget

from pessdesk.application.screens import MOST_PENDING
from pessdesk.desktop import ui
from pessdesk.desktop.models.workshops import short_date
from pessdesk.desktop.screens.base import Screen, Shell
from pessdesk.desktop.session import Change
from pessdesk.desktop.theme import THEME
from pessdesk.desktop.widgets.errand import ErrandBar
from pessdesk.desktop.widgets.stations import Station, Stations
from pessdesk.desktop.words import WORDS, plural, sentence, t
from pessdesk.domain.errors import InputRefused, PessError

if TYPE_CHECKING:
    from pessdesk.application.export_bundle import Exported
    from pessdesk.application.ports import Desk
    from pessdesk.application.screens import BundleRow, Reading, WorkshopRow
    from pessdesk.desktop.widgets.stations import Line

LATEST = 20
"""So many of the bundles written before are shown."""
FOLDER = "handover-folder"


class _Found(NamedTuple):
    workshops: list[WorkshopRow]
    bundles: list[BundleRow]


class HandoverScreen(Screen):
    """`record` is the workshop that was handed over last, or is being handed over: below it stands what became of it."""

    name = "handover"

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._found: _Found | None = None
        self._wanted = ""
        self.record = ""
        self._exported: Exported | None = None
        self._problem: PessError | None = None
        self.buttons: dict[str, QPushButton] = {}
        self.errand = ErrandBar(self.session)
        self.errand.heard.connect(self._progress)
        self.errand.appeared.connect(self.errand.stop.setFocus)
        self.account = Account()
        self.content = QWidget()
        self.rows = QVBoxLayout(self.content)
        self.rows.setContentsMargins(*[THEME.px(20)] * 4)
        self.rows.setSpacing(THEME.px(12))
        self.area = ui.scrolled(self.content)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setLayout(ui.column(self.area))
        self.first: QWidget = self
        self.retranslate()

    def title(self) -> str:
        return t("Hand over")

    def retranslate(self) -> None:
        self.errand.retranslate()
        self.account.retranslate()
        if self._found is not None:
            self._show(self._found)

    # Coming and going

    def enter(self, workshop: str = "", **_: Any) -> None:
        self._wanted = workshop
        self._ask()

    def changed(self, change: Change) -> None:
        if self.isVisible() and change.touches("workshops", "contributions", "bundles", "programme"):
            self._ask()

    def _ask(self) -> None:
        def question(reading: Reading) -> _Found:
            return _Found(reading.workshops(), [b for b in reading.bundles() if b.direction == "sent"])

        self.session.read(question, self._show, owner=self)

    def focus_first(self) -> None:
        self.first.setFocus()

    # The view

    def _show(self, found: _Found) -> None:
        """One row a workshop, those with something that is nowhere else first."""
        self._found = found
        focus = self.window().focusWidget()
        held = next((record for record, button in self.buttons.items() if button is focus), "")
        ours = self.isVisible() and (
            focus is None or focus in (self, self.window(), *self.buttons.values(), self.first)
        )
        self._clear()
        rows = sorted((w for w in found.workshops if w.contributions), key=lambda w: (w.date, w.code), reverse=True)
        rows.sort(key=lambda w: not w.pending)
        self.first = self
        if self.session.rehearsal:
            self.rows.addWidget(self._rehearsal())
        elif not rows:
            self.rows.addWidget(self._nothing())
        for place, row in enumerate(rows):
            self.rows.addWidget(self._row(row, primary=place == 0 and bool(row.pending) and not self.errand.running))
            if row.record == self.record:
                self.rows.addWidget(self.errand)
                self.rows.addWidget(self.account)
        if found.bundles:
            self._written_before(found.bundles)
        self.rows.addStretch(1)
        self._show_account()
        wanted = self.buttons.get(self._wanted or held)
        usual = next((button for button in self.buttons.values() if button.isEnabled()), self.first)
        self.first = wanted or usual
        if self._wanted and wanted is not None:
            self._wanted = ""
            ui.show_in(self.area, wanted)
            ours = self.isVisible()
        if ours:
            self.focus_first()

    def _clear(self) -> None:
        while (item := self.rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None and widget not in (self.errand, self.account):
                widget.hide()
                widget.deleteLater()
        self.buttons.clear()

    def _row(self, row: WorkshopRow, *, primary: bool) -> QWidget:
        name = ui.words("heading", wrap=True)
        name.setText(row.title)
        about = ui.words("small", wrap=True)
        place = self.shell.program.place_name(row.municipality, row.comarca)
        about.setText(" · ".join(part for part in (short_date(row.date), place, row.code) if part))
        line = Stations(*_stations(row))
        button = ui.button("primary" if primary else "", "send", partial(self.choose, row.record))
        button.setText(t("Hand over…"))
        ui.name_it(button, t("Hand over «{title}»", title=row.title), t("Write a signed bundle to a stick or a folder"))
        button.setEnabled(not self.session.rehearsal and not self.errand.running)
        self.buttons[row.record] = button
        beside = ui.column(button, None)
        return ui.frame("surface", ui.row(ui.column(name, about, 4, line, gap=4), beside, gap=16, margin=16))

    def _nothing(self) -> QWidget:
        said, hint = ui.words("strong", wrap=True), ui.words("hint", wrap=True)
        said.setText(t("There is nothing to hand over yet."))
        hint.setText(t("Once a workshop has a contribution, it stands here with its button."))
        go = ui.button("primary", "users-round", partial(self.shell.go, "workshops"))
        go.setText(t("Go to the workshops"))
        go.setAccessibleName(go.text())
        self.first = go
        return ui.frame("surface", ui.column(said, hint, 4, ui.row(go, None), gap=8, margin=24))

    def _rehearsal(self) -> QWidget:
        said = ui.words("warn", wrap=True)
        said.setText(sentence(InputRefused("rehearsal-export")))
        leave = ui.button("primary", "log-out", self.shell.leave_rehearsal)
        leave.setText(t("Leave the rehearsal"))
        leave.setAccessibleName(leave.text())
        self.first = leave
        return ui.frame("surface", ui.column(said, ui.row(leave, None), gap=8, margin=24))

    def _written_before(self, bundles: list[BundleRow]) -> None:
        heading = ui.words("heading")
        heading.setText(t("Bundles written before"))
        heading.setContentsMargins(0, THEME.px(12), 0, 0)
        self.rows.addWidget(heading)
        titles = {w.record: w.title for w in self._found.workshops} if self._found else {}
        grid = QGridLayout()
        grid.setContentsMargins(*[THEME.px(16)] * 4)
        grid.setHorizontalSpacing(THEME.px(20))
        grid.setVerticalSpacing(THEME.px(6))
        grid.setColumnStretch(1, 1)
        for place, bundle in enumerate(bundles[:LATEST]):
            programme = bundle.kind == "programme"
            what = t("Programme") if programme else titles.get(bundle.workshop, bundle.workshop_code)
            said = (local_time(bundle.created), what, t("number {seq}", seq=bundle.seq), bundle.content_id[:16])
            for column, words in enumerate(said):
                cell = ui.words("" if column == 1 else "small", wrap=column == 1, selectable=column == 3)
                cell.setText(words)
                grid.addWidget(cell, place, column, Qt.AlignmentFlag.AlignTop)
            cell.setAccessibleName(t("Content id: {id}", id=bundle.content_id))
            cell.setToolTip(bundle.content_id)
        more = ui.words("small")
        more.setText(plural("and {count} earlier one", "and {count} earlier ones", len(bundles) - LATEST))
        if len(bundles) > LATEST:
            grid.addWidget(more, LATEST, 1)
        self.rows.addWidget(ui.frame("surface", grid))

    # Handing over

    def choose(self, record: str) -> None:
        """Ask for a folder, the last one first."""
        last = self.shell.settings.word(FOLDER)
        usual = last if last and Path(last).is_dir() else QDir.homePath()
        if folder := QFileDialog.getExistingDirectory(self, t("Where to? A stick or a folder"), usual):
            self.hand_over(record, Path(folder))

    def hand_over(self, record: str, folder: Path) -> None:
        """Write a workshop's bundle into a folder, read it back, and say what came of it."""
        if self.errand.running or self.session.rehearsal:
            return
        self.shell.settings.keep(FOLDER, str(folder))
        self.record, self._exported, self._problem = record, None, None
        self.errand.begin(t("Writing …"))
        if self._found is not None:
            self._show(self._found)
        pulse = self.errand.pulse

        def work(desk: Desk) -> Exported:
            from pessdesk.application.export_bundle import export_workshop

            return export_workshop(desk, record, folder, watch=pulse)

        self.session.errands.do(work, self._handed_over, trouble=self._refused, owner=self)

    def _progress(self, phase: Any, count: int, total: int) -> None:
        locale = QLocale(WORDS.language)

        def size(octets: int) -> str:
            return locale.formattedDataSize(octets, 1, QLocale.DataSizeFormat.DataSizeSIFormat)

        if phase.name == "WRITING":
            self.errand.words.setText(t("Writing: {count} of {all}", count=size(count), all=size(total)))
        else:
            self.errand.words.setText(
                t("Reading back and verifying: {count} of {all}", count=size(count), all=size(total))
            )

    def _handed_over(self, exported: Exported) -> None:
        self._exported = exported
        self._ended()
        self.session.saved.emit()
        self.session.tell(Change(frozenset(("bundles", "workshops")), self.record))

    def _refused(self, problem: PessError) -> None:
        self._problem = problem
        self._ended()
        if self._found is not None:
            self._show(self._found)

    def _ended(self) -> None:
        self.errand.end()
        self._show_account()
        if self._exported is not None:
            self.account.open_it.setFocus()
            ui.show_in(self.area, self.account)

    def _show_account(self) -> None:
        self.account.show_what(self._exported, self._problem)


class Account(QWidget):
    """What became of it: where the bundle lies and by which name people and receipts call it, or why there is none."""

    def __init__(self) -> None:
        super().__init__()
        self._exported: Exported | None = None
        self.done = ui.words("strong", wrap=True)
        self.files = ui.words(wrap=True, selectable=True)
        self.ids = ui.words("small", wrap=True, selectable=True)
        self.inside = ui.words("small", wrap=True)
        self.beside = ui.words("warn", wrap=True, selectable=True)
        self.wrong = ui.words("wrong", wrap=True, selectable=True)
        self.code = ui.words("code")
        self.open_it = ui.button("", "folder-open", self._open)
        layout = ui.column(
            self.done, self.files, self.ids, self.inside, self.beside, self.wrong, self.code,
            ui.row(self.open_it, None), gap=4,
        )  # fmt: skip
        layout.setContentsMargins(THEME.px(16), 0, THEME.px(16), THEME.px(8))
        self.setLayout(layout)

    def retranslate(self) -> None:
        self.open_it.setText(t("Open the folder"))
        ui.name_it(self.open_it, t("Open the folder"), t("Open the folder in which the bundle lies"))

    def show_what(self, exported: Exported | None, problem: PessError | None) -> None:
        self._exported = exported
        self.setVisible(exported is not None or problem is not None)
        stopped = problem is not None and problem.code == "stopped"
        self.wrong.setText(sentence(problem) if problem else "")
        ui.say_role(self.wrong, "role", "" if stopped else "wrong")
        self.code.setText("" if problem is None or stopped else problem.code)
        if exported is not None:
            self.done.setText(t("✓ Written, read back and verified. Take it where it is awaited."))
            self.files.setText("\n".join(str(path) for path in exported.files))
            ids = " ".join(exported.content_ids)
            self.ids.setText(t("Content id: {id}", id=ids))
            self.inside.setText(
                plural(
                    "It carries {count} bundle of another laptop.", "It carries {count} bundles of other laptops.",
                    exported.relayed,
                )
            )  # fmt: skip
            said = [t("Hand this one over as well: {file}", file=path) for path in exported.beside]
            if exported.left_out:
                said.append(
                    plural(
                        "Without {count} bundle of another laptop, removed here for something in it was erased: that laptop"
                        " must hand over again.",
                        "Without {count} bundles of other laptops, removed here for something in them was erased: those"
                        " laptops must hand over again.",
                        exported.left_out,
                    )
                )
            self.beside.setText("\n".join(said))
        self.open_it.setVisible(exported is not None)
        for words in (self.done, self.files, self.ids):
            words.setVisible(exported is not None)
        self.inside.setVisible(exported is not None and exported.relayed > 0)
        self.beside.setVisible(exported is not None and bool(exported.beside or exported.left_out))
        for words in (self.wrong, self.code):
            words.setVisible(bool(words.text()))

    def _open(self) -> None:
        if self._exported is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._exported.files[0].parent)))


def local_time(utc: str) -> str:
    """`12/03/2026 17:42` for an instant in UTC, by this laptop's clock."""
    at = QDateTime.fromString(utc, Qt.DateFormat.ISODate).toLocalTime()
    return at.toString("dd/MM/yyyy HH:mm")


def _stations(row: WorkshopRow) -> tuple[Line, ...]:
    """Where a workshop is: here, and in a bundle or not."""
    here = plural("{count} contribution", "{count} contributions", row.contributions)
    if not row.handed:
        return (Station.REACHED, t("Here"), here), (Station.NEXT, t("Bundle"), t("None has been written yet"))
    written = t("Written on {when}", when=local_time(row.handed))
    if not row.pending:
        return (Station.REACHED, t("Here"), here), (Station.REACHED, t("Bundle"), written)
    if row.pending < MOST_PENDING:
        since = plural("{count} change since", "{count} changes since", row.pending)
    else:
        since = t("{count} changes since, or more", count=MOST_PENDING)
    return (Station.REACHED, t("Here"), here), (Station.BEHIND, t("Bundle"), f"{written}\n{since}")
