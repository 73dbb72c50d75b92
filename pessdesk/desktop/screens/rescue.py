"""The store cannot be used as it is: what has happened, what is safe, and what can be done, one thing after another.

Nothing is tried without being asked for, and nothing is thrown away: what is replaced lies in a folder of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from pessdesk.desktop import ui
from pessdesk.desktop.models.backups import when
from pessdesk.desktop.screens.base import Page, Shell
from pessdesk.desktop.widgets.errand import ErrandBar
from pessdesk.desktop.widgets.loss import LossView
from pessdesk.desktop.words import plural, sentence, t
from pessdesk.domain.errors import PessError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pessdesk.application.backups import Backup, Loss, Restored

RESTORABLE = frozenset(("store-damaged", "store-log-missing", "store-log-foreign", "store-behind", "store-gone"))
"""What a backup mends."""
TOO_NEW = frozenset(("store-newer", "keys-newer"))
"""What another version of the program can use: of these alone it is known that nothing is lost."""
ACCEPTABLE = frozenset(("store-log-missing", "store-log-foreign", "store-behind"))
"""What a person may take as it is: the file is whole, only not the newest."""


class RescueScreen(Page):
    name = "rescue"
    WIDTH = 720

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.problem = PessError("store-damaged", path="", what="")
        self.readable = False
        self.backup: Backup | None = None
        """The one that is offered."""
        self._asked = False
        self._refused_ones: set[object] = set()
        self._restored: Restored | None = None
        self.heading, self.about = ui.words("title", wrap=True), ui.words(wrap=True)
        self.safe = ui.words("good", wrap=True)
        self.offer_head = ui.words("strong", wrap=True)
        self.loss = LossView()
        self.accept_hint = ui.words("hint", wrap=True)
        self.wrong = ui.words("wrong", wrap=True)
        self.code = ui.words("small", wrap=True, selectable=True)
        self.errand = ErrandBar(None)
        self.restore = ui.button("primary", "archive-restore", self.go_back)
        self.go_on = ui.button("primary", "check", self._onward)
        self.again = ui.button("", "history", self._onward)
        self.accept = ui.button("", "", self.take_as_it_is)
        self.afresh = ui.button("quiet", "", self.shell.gate.begin)
        self.later = ui.button("", "", self._onward)
        self.folder = ui.button("quiet", "folder-open", self._open_folder)
        self.quit = ui.button("quiet", "x", lambda: self.window().close())
        self.lay_out(
            self.heading, self.about, self.safe, 4, self.offer_head, self.loss, self.accept_hint, self.wrong, self.errand, 8,
            ui.row(self.restore, self.go_on, self.accept, self.later, None),
            ui.row(self.again, self.afresh, self.folder, self.quit, None), self.code,
        )  # fmt: skip
        self.retranslate()

    def title(self) -> str:
        return t("What can be done")

    def enter(self, problem: PessError | None = None, readable: bool = False, **_: Any) -> None:
        """`problem` is what stands in the way; `readable` when work could go on for now."""
        if problem is not None:
            self.problem, self.readable = problem, readable
            self.backup, self._asked, self._restored = None, False, None
            self._refused_ones = set()
            self.wrong.hide()
            self._ask()
        self._show()

    def focus_first(self) -> None:
        for button in (self.go_on, self.restore, self.later, self.again, self.quit):
            if button.isVisibleTo(self) and button.isEnabled():
                button.setFocus()
                return

    # What is offered

    def _ask(self) -> None:
        """The newest backup that is not known to be damaged, and what it lacks."""
        if self.problem.code not in RESTORABLE:
            self._asked = True
            return
        program, folder, refused = self.shell.program, self.session.folder, frozenset(self._refused_ones)

        def look(_: None) -> tuple[Backup, Loss] | None:
            backups: Sequence[Backup] = program.backups(folder)
            for backup in backups:
                if backup.good is not False and backup.path not in refused:
                    return backup, program.loss(folder, backup)
            return None

        def looked(found: tuple[Backup, Loss] | None) -> None:
            self._asked = True
            self.errand.end()
            if found is not None:
                self.backup = found[0]
                self.loss.show_loss(*found, kept=True)
            self._show()
            self.focus_first()

        self.errand.begin(t("Looking at the backups …"))
        self.shell.pure.do(look, looked, trouble=self._refused, owner=self)

    # What is done

    def go_back(self) -> None:
        """Restore the backup that is offered; if it turns out to be damaged, the one before is offered."""
        backup, program, folder = self.backup, self.shell.program, self.session.folder
        if backup is None or self.errand.running:
            return
        words, pulse = t("Going back to the backup …"), self.errand.pulse

        def restored(result: Restored) -> None:
            self._restored = result

        def refused(problem: PessError) -> None:
            self._refused(problem)
            if problem.code in ("backup-damaged", "store-damaged"):
                self._refused_ones.add(backup.path)
                self.backup = None
                self._ask()

        self._do(
            lambda: program.restore(folder, backup, lambda n, of: pulse(words, n, of), keep_what_can_be_read=True),
            words, restored, refused,
        )  # fmt: skip

    def take_as_it_is(self) -> None:
        program, folder = self.shell.program, self.session.folder
        self._do(lambda: program.accept_store(folder), t("One moment …"), lambda _: self._onward(), self._refused)

    def _do(
        self, work: Callable[[], Any], words: str, then: Callable[[Any], None], trouble: Callable[[PessError], None]
    ) -> None:
        self.wrong.hide()
        self.errand.begin(words)
        self._show()

        def done(result: Any) -> None:
            self.errand.end()
            then(result)
            self._show()
            self.focus_first()

        self.shell.gate.with_store_closed(work, done, trouble)

    def _refused(self, problem: PessError) -> None:
        self.errand.end()
        self.wrong.setText(sentence(problem))
        self.wrong.show()
        self._asked = True
        self._show()
        self.focus_first()

    def _onward(self) -> None:
        """Look at the store again: it may be all right now."""
        self.shell.gate.enter()

    def _open_folder(self) -> None:
        where = self._restored.replaced if self._restored else self.session.folder
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(where)))

    # What is shown

    def _show(self) -> None:
        done, idle = self._restored is not None, not self.errand.running
        offered = self.backup is not None and not done and idle
        code = self.problem.code
        self.offer_head.setVisible(offered)
        self.loss.setVisible(offered)
        self.restore.setVisible(offered)
        self.go_on.setVisible(done)
        self.accept.setVisible(code in ACCEPTABLE and not done and idle)
        self.accept_hint.setVisible(self.accept.isVisibleTo(self))
        self.later.setVisible(self.readable and not done and idle)
        self.again.setVisible(not done and idle and not self.readable)
        self.afresh.setVisible(code == "store-gone" and not done and idle)
        self.quit.setVisible(idle and not done)
        self.folder.setVisible(idle)
        self.code.setVisible(not done)
        self._say()

    def retranslate(self) -> None:
        self.errand.retranslate()
        for button, words in (
            (self.restore, t("Restore this backup")), (self.go_on, t("Go on")), (self.again, t("Look again")),
            (self.accept, t("Take the data as they are")), (self.afresh, t("Begin anew")), (self.later, t("Go on for now")),
            (self.folder, t("Open the folder")), (self.quit, t("Close PessDesk")),
        ):  # fmt: skip
            button.setText(words)
            ui.name_it(button, words)
        self._show()

    def _say(self) -> None:
        what = str(self.problem.facts.get("what", ""))
        self.code.setText(f"{self.problem.code} · {what}" if what else self.problem.code)
        if self._restored is not None:
            self._say_restored(self._restored)
            return
        heading, about = self._what_happened()
        self.heading.setText(heading)
        self.about.setText(about)
        if self.problem.code in TOO_NEW:
            safe = t("Nothing was changed, and nothing is lost.")
        elif self.backup is not None:
            safe = t("PessDesk has changed nothing. The backups are safe.")
        elif self._asked and self.problem.code in RESTORABLE:
            safe = t(
                "PessDesk has changed nothing. No backup that can be used was found: leave the folder as it is and ask for help."
            )
        else:
            safe = t("PessDesk has changed nothing.")
        self.safe.setText(safe)
        if self.backup is not None:
            self.offer_head.setText(
                plural(
                    "The newest good backup: {when}, with {count} contribution.",
                    "The newest good backup: {when}, with {count} contributions.",
                    self.backup.contributions, when=when(self.backup.made_ms),
                )
            )  # fmt: skip
        self.accept_hint.setText(
            t("Taking the data as they are: what is missing stays missing, and nobody will ask about it again.")
        )

    def _say_restored(self, result: Restored) -> None:
        self.heading.setText(t("The data are here again"))
        said = plural(
            "{count} change that was newer than the backup could be brought over.",
            "{count} changes that were newer than the backup could be brought over.",
            result.saved,
        )
        self.about.setText(said if result.saved else t("The backup was restored, whole."))
        self.safe.setText(t("What was here before lies in {folder}. Nothing was thrown away.", folder=result.replaced))

    def _what_happened(self) -> tuple[str, str]:
        words = {
            "store-damaged": (
                t("A part of the data cannot be read"),
                t("The disk gave back something else than was written. That happens when a disk grows old or a laptop loses its power."),
            ),
            "store-log-missing": (
                t("The last changes are missing"),
                t("A file beside the data, store.db-wal, has gone, and with it what was written last. Was the folder copied or tidied up?"),
            ),
            "store-log-foreign": (
                t("Files of two different moments lie here"),
                t("The file store.db-wal belongs to other data than store.db. Was one of the two copied here from elsewhere?"),
            ),
            "store-behind": (
                t("The data here are older than they were"),
                t("An older copy of the data was put into this folder: what was written since is not in it."),
            ),
            "store-gone": (
                t("The data are not in their place"),
                t("This folder had the data, and they are not here any more. Is a disk or stick not plugged in? Was the file moved?"),
            ),
            "store-newer": (t("These data need a newer PessDesk"), sentence(self.problem)),
        }  # fmt: skip
        return words.get(self.problem.code) or (t("PessDesk cannot open its data here."), sentence(self.problem))
