"""The backups: which there are, making one, a second place for them, trying one, going back to one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from pessdesk.desktop import ui
from pessdesk.desktop.models.backups import BackupModel, Column, when
from pessdesk.desktop.screens.base import Screen, Shell
from pessdesk.desktop.theme import THEME
from pessdesk.desktop.widgets.errand import ErrandBar
from pessdesk.desktop.widgets.loss import RestoreDialog
from pessdesk.desktop.widgets.table import Table
from pessdesk.desktop.words import plural, sentence, t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pessdesk.application.backups import Backup, Drill, Loss, Restored, SecondPlace
    from pessdesk.desktop.session import Session
    from pessdesk.domain.errors import PessError


class _Found(NamedTuple):
    backups: Sequence[Backup]
    second: SecondPlace
    protected: bool


class BackupsScreen(Screen):
    name = "backups"

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._found: _Found | None = None
        self._replaced: Path | None = None
        self.heading, self.about = ui.words("title", wrap=True), ui.words("hint", wrap=True)
        self.make = ui.button("primary", "archive-restore", self.back_up)
        self.errand = ErrandBar(shell.session)
        self.closed_errand = ErrandBar(None)
        self.said, self.wrong = ui.words("good", wrap=True, selectable=True), ui.words("wrong", wrap=True)
        self.look_there = ui.button("quiet", "folder-open", self._open_replaced)
        self.model = BackupModel()
        self.table = Table(self.model, wide=Column.WHEN)
        self.table.opened.connect(lambda _: self.ask_restore())
        self.restore = ui.button("", "history", self.ask_restore)
        self.drill = ui.button("", "circle-check", self.try_one)
        self.second_head, self.second = ui.words("heading"), ui.words(wrap=True, selectable=True)
        self.second_hint, self.second_wrong = ui.words("hint", wrap=True), ui.words("warn", wrap=True)
        self.choose = ui.button("", "hard-drive", self.choose_second)
        self.forget = ui.button("quiet", "", lambda: self._use_second(None))
        self._lay_out()
        THEME.changed.connect(self._fit)
        shell.gate.keeper.told.connect(self._told)
        self.retranslate()

    def _lay_out(self) -> None:
        self.card = ui.frame(
            "surface",
            ui.column(
                self.heading, self.about, ui.row(self.make, None), self.errand, self.closed_errand,
                self.said, ui.row(self.look_there, None), self.wrong, self.table,
                ui.row(self.restore, self.drill, None), ui.rule(), self.second_head, self.second, self.second_wrong,
                self.second_hint, ui.row(self.choose, self.forget, None), gap=10, margin=28,
            ),
        )  # fmt: skip
        content = QWidget()
        across = ui.row(self.card, None)
        across.setStretch(0, 100)
        content.setLayout(ui.column(across, None, margin=20))
        self.area = ui.scrolled(content)
        self.setLayout(ui.column(self.area))
        for widget in (self.said, self.wrong, self.look_there):
            widget.hide()
        self._fit()

    def _fit(self) -> None:
        self.card.setMaximumWidth(THEME.px(800))
        rows = min(7, max(2, self.model.rowCount()))
        self.table.setFixedHeight(THEME.px(36) * (rows + 1) + THEME.px(8))

    def title(self) -> str:
        return t("Backups")

    def use_session(self, session: Session) -> None:
        super().use_session(session)
        self.errand.use_session(session)

    def enter(self, **_: Any) -> None:
        self._ask()

    def focus_first(self) -> None:
        self.make.setFocus()

    def _told(self) -> None:
        """A backup was made without anybody asking."""
        if self.isVisible():
            self._ask()

    def _ask(self) -> None:
        program, folder = self.shell.program, self.session.folder

        def look(_: None) -> _Found:
            return _Found(program.backups(folder), program.second_place(folder), program.protection(folder).protected)

        def looked(found: _Found) -> None:
            chosen = self.model.row_at(self.table.currentIndex())
            self._found = found
            self.model.fill(found.backups)
            paths = [backup.path for backup in found.backups]
            self.table.choose(paths.index(chosen.path) if chosen and chosen.path in paths else 0)
            self._fit()
            self._show()

        self.shell.pure.do(look, looked, trouble=self._refused, owner=self)

    # What is done

    @property
    def _busy(self) -> bool:
        return self.errand.running or self.closed_errand.running

    def back_up(self) -> None:
        """Make a backup now, while people go on working."""
        if self._busy:
            return
        words = t("Making a backup …")
        self._begin(self.errand, words)

        def made(backup: Backup | None) -> None:
            self._end()
            self._say(t("Nothing has changed since the newest backup.") if backup is None else t("The backup is made."))
            self._ask()

        self.shell.gate.keeper.back_up(made, self._refused, lambda n, of: self.errand.pulse(words, n, of))

    def try_one(self) -> None:
        """Restore the newest backup into a folder of its own, look at it, and remove it."""
        if self._busy:
            return
        program, folder, words = self.shell.program, self.session.folder, t("Trying the newest backup …")
        self._begin(self.errand, words)
        pulse = self.errand.pulse

        def tried(drill: Drill) -> None:
            self._end()
            self._say_drill(drill)
            self._ask()

        self.shell.pure.do(
            lambda _: program.drill(folder, lambda n, of: pulse(words, n, of)), tried, trouble=self._refused, owner=self
        )

    def _say_drill(self, drill: Drill) -> None:
        if not drill.opens:
            self._say("", t("This backup does not open ({when}). Make a new one now.", when=when(drill.backup.made_ms)))
        elif drill.files_missing:
            self._say("", plural(
                "The backup opens ({when}), but {count} of its files (photos, documents) is missing.",
                "The backup opens ({when}), but {count} of its files (photos, documents) are missing.",
                drill.files_missing,
                when=when(drill.backup.made_ms),
            ))  # fmt: skip
        else:
            self._say(plural(
                "The newest backup ({when}) can be restored: it holds {count} contribution, whole.",
                "The newest backup ({when}) can be restored: it holds {count} contributions, whole.",
                drill.contributions, when=when(drill.backup.made_ms),
            ))  # fmt: skip

    def ask_restore(self) -> None:
        """What going back to the chosen backup would mean; it is decided after it is known."""
        backup = self.model.row_at(self.table.currentIndex())
        if backup is None or self._busy:
            return
        program, folder = self.shell.program, self.session.folder
        self._begin(self.errand, t("Comparing with what is here now …"))

        def compared(loss: Loss) -> None:
            self._end()
            dialog = RestoreDialog(self, backup, loss)
            dialog.finished.connect(
                lambda said: self._go_back(backup) if said == QDialog.DialogCode.Accepted.value else None
            )
            dialog.open()

        self.shell.pure.do(lambda _: program.loss(folder, backup), compared, trouble=self._refused, owner=self)

    def _go_back(self, backup: Backup) -> None:
        program, folder, words = self.shell.program, self.session.folder, t("Going back to the backup …")
        pulse = self.closed_errand.pulse
        self._begin(self.closed_errand, words)

        def restored(result: Restored) -> None:
            self._end()
            self._replaced = result.replaced
            self._say(
                t("Gone back to the backup ({when}). What was here before lies in {folder}.",
                  when=when(backup.made_ms), folder=result.replaced)
            )  # fmt: skip
            self._ask()

        self.shell.gate.with_store_closed(
            lambda: program.restore(folder, backup, lambda n, of: pulse(words, n, of), keep_what_can_be_read=False),
            restored,
            self._refused,
        )

    def choose_second(self) -> None:
        """Another disk or stick, on which each backup is put as well."""
        if folder := QFileDialog.getExistingDirectory(self, t("Choose a folder for the second copy")):
            self._use_second(Path(folder))

    def _use_second(self, path: Path | None) -> None:
        program, folder = self.shell.program, self.session.folder

        def used(_: object) -> None:
            self._say(t("The second place is not used any more. What lies there stays.") if path is None else "")
            self._ask()
            if path is not None:
                self.back_up()

        self.shell.pure.do(lambda _: program.set_second_place(folder, path), used, trouble=self._refused, owner=self)

    def _open_replaced(self) -> None:
        if self._replaced is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._replaced)))

    # What is shown

    def _begin(self, errand: ErrandBar, words: str) -> None:
        self._say("")
        errand.begin(words)
        self._show()

    def _end(self) -> None:
        self.errand.end()
        self.closed_errand.end()
        self._show()

    def _refused(self, problem: PessError) -> None:
        self._end()
        if problem.code != "stopped":
            self._say("", sentence(problem))

    def _say(self, words: str, wrong: str = "") -> None:
        self.said.setText(words)
        self.said.setVisible(bool(words))
        self.wrong.setText(wrong)
        self.wrong.setVisible(bool(wrong))
        self.look_there.setVisible(bool(words) and self._replaced is not None)

    def _show(self) -> None:
        found, idle = self._found, not self._busy
        listed = found is not None and bool(found.backups)
        self.make.setEnabled(idle)
        self.table.setVisible(listed)
        self.restore.setVisible(listed)
        self.drill.setVisible(listed)
        for button in (self.restore, self.drill, self.choose, self.forget):
            button.setEnabled(idle)
        if found is None:
            return
        if found.backups:
            self.heading.setText(t("Newest backup: {when}", when=when(found.backups[0].made_ms)))
        else:
            self.heading.setText(t("There is no backup yet"))
        self._show_second(found)

    def _show_second(self, found: _Found) -> None:
        second = found.second
        self.forget.setVisible(second.path is not None)
        if second.path is None:
            words = t("None. On a stick or another disk the backups outlive this laptop.")
        elif second.last_ms:
            words = t("{folder}, last copied {when}", folder=second.path, when=when(second.last_ms))
        else:
            words = t("{folder}, nothing copied yet", folder=second.path)
        self.second.setText(words)
        trouble = ""
        if second.path is not None and second.trouble:
            trouble = t(
                "It could not be reached the last time. Is the stick plugged in? The next backup is put there as well."
            )
        self.second_wrong.setText(trouble)
        self.second_wrong.setVisible(bool(trouble))
        open_to_all = second.path is not None and not found.protected
        self.second_hint.setText(
            t("The data are not protected: whoever finds that stick or disk can read everything.")
            if open_to_all
            else ""
        )
        self.second_hint.setVisible(open_to_all)

    def retranslate(self) -> None:
        self.errand.retranslate()
        self.closed_errand.retranslate()
        self.about.setText(
            t(
                "They are made by themselves, at most once an hour and when PessDesk is closed, if something has changed. Old ones make room for new ones."
            )
        )
        self.second_head.setText(t("A second place"))
        for button, words in (
            (self.make, t("Make a backup now")), (self.restore, t("Go back to this backup …")),
            (self.drill, t("Try whether the newest one can be restored")), (self.look_there, t("Open the folder")),
            (self.choose, t("Choose a folder")), (self.forget, t("Do not use it any more")),
        ):  # fmt: skip
            button.setText(words)
            ui.name_it(button, words)
        ui.name_it(self.table, t("Backups"), " ")
        self.model.headerDataChanged.emit(self.table.horizontalHeader().orientation(), 0, len(Column) - 1)
        self._show()
