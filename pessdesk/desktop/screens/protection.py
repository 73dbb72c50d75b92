"""Protecting what is on the laptop: how it is opened, the recovery key, locking; changing all of it, and turning it off.

The store is closed while it is put under a key or out of it. The recovery key is shown once, and counts only when one
group of it, chosen by chance, was typed from the sheet.
"""

from __future__ import annotations

import secrets
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from pessdesk.application.protection import GROUPS, WAYS, Protection
from pessdesk.desktop import ui
from pessdesk.desktop.gate import LOCK_AFTER
from pessdesk.desktop.idle import CHOICES
from pessdesk.desktop.screens.base import Screen, Shell
from pessdesk.desktop.theme import THEME
from pessdesk.desktop.widgets.choices import choices
from pessdesk.desktop.widgets.errand import ErrandBar
from pessdesk.desktop.widgets.plain_text import PlainLine
from pessdesk.desktop.widgets.secret import NewPassphrase, PassphraseField, SecretField, groups_of
from pessdesk.desktop.words import WORDS, plural, sentence, t
from pessdesk.domain.errors import StoreLocked

if TYPE_CHECKING:
    from collections.abc import Callable

    from pessdesk.desktop.program import Pulse
    from pessdesk.domain.errors import PessError


class Step(Enum):
    STATE = auto()  # protected: what can be done
    CHOOSE = auto()  # not protected: how it shall be
    RECOVERY = auto()  # the recovery key, shown and tried
    TRY = auto()  # tried later, from its sheet
    CHANGE = auto()
    RENEW = auto()
    REMOVE = auto()


class ProtectionScreen(Screen):
    name = "protection"

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.state = Protection(protected=False)
        self.keychain = False
        self.step = Step.CHOOSE
        self.key = ""
        """The recovery key, while it is shown."""
        self.group = 0
        """Which group of it is asked for, from 1."""
        self.heading, self.about = ui.words("title", wrap=True), ui.words(wrap=True)
        self.warn, self.rest = ui.words("warn", wrap=True), ui.words("warn", wrap=True)
        self.left = 0
        self.ways = choices(self, WAYS, lambda _: self._show())
        self.ways["passphrase"].setChecked(True)
        self.way_hints = {way: ui.words("hint", wrap=True) for way in WAYS}
        self.secret = PassphraseField()
        self.new = NewPassphrase()
        self.shown_key = ui.words("fingerprint", wrap=True, selectable=True)
        self.sheet = ui.button("", "printer", self.save_sheet)
        self.sheet_hint = ui.words("hint", wrap=True)
        self.typed = SecretField(PlainLine())
        self.minutes_head = ui.words("heading")
        self.minutes = choices(self, map(str, CHOICES), self._use_minutes)
        self.errand = ErrandBar(None)
        self.wrong = ui.words("wrong", wrap=True)
        self.go_on = ui.button("primary", "shield-check", self.act)
        self.stop = ui.button("quiet", "", self._back_out)
        self.try_it = ui.button("primary", "key-round", lambda: self._turn_to(Step.TRY))
        self.lock = ui.button("", "lock", self.shell.gate.lock)
        self.change = ui.button("", "pencil-line", lambda: self._turn_to(Step.CHANGE))
        self.renew = ui.button("", "key-round", lambda: self._turn_to(Step.RENEW))
        self.remove = ui.button("danger", "", lambda: self._turn_to(Step.REMOVE))
        self.secret.entered.connect(self._onward)
        self.new.entered.connect(self.act)
        self.typed.entered.connect(self.act)
        self._lay_out()
        THEME.changed.connect(self._fit)
        self.retranslate()

    def _lay_out(self) -> None:
        self.way_panel, self.key_panel, self.minutes_panel, self.doings = QWidget(), QWidget(), QWidget(), QWidget()
        ways = ui.column(gap=2)
        for way in WAYS:
            ways.addWidget(self.ways[way])
            ways.addWidget(self.way_hints[way])
        self.way_panel.setLayout(ways)
        self.key_panel.setLayout(
            ui.column(self.shown_key, 4, ui.row(self.sheet, None), self.sheet_hint, ui.rule(), gap=10)
        )
        self.minutes_panel.setLayout(
            ui.column(ui.rule(), self.minutes_head, ui.column(*self.minutes.values(), gap=2), gap=10)
        )
        self.doings.setLayout(
            ui.column(
                ui.row(self.try_it, None), ui.row(self.lock, None), ui.row(self.change, None),
                ui.row(self.renew, None), ui.row(self.remove, None), gap=8,
            )
        )  # fmt: skip
        self.card = ui.frame(
            "surface",
            ui.column(
                self.heading, self.about, self.warn, self.rest, self.way_panel, self.secret, self.new, self.key_panel, self.typed, self.wrong,
                self.errand, self.doings, self.minutes_panel, 4, ui.row(self.go_on, self.stop, None), gap=10, margin=28,
            ),
        )  # fmt: skip
        content = QWidget()
        across = ui.row(self.card, None)
        across.setStretch(0, 100)
        content.setLayout(ui.column(across, None, margin=20))
        self.area = ui.scrolled(content)
        self.setLayout(ui.column(self.area))
        self._fit()

    def _fit(self) -> None:
        self.card.setMaximumWidth(THEME.px(720))
        for hint in self.way_hints.values():
            hint.setContentsMargins(THEME.px(28), 0, 0, THEME.px(6))

    def title(self) -> str:
        return t("Protection")

    # Coming and going

    def enter(self, **_: Any) -> None:
        if self.step is not Step.RECOVERY and not self.errand.running:
            self._look()

    def leave(self) -> None:
        for field in (self.secret, self.new, self.typed):
            field.clear()

    def focus_first(self) -> None:
        first: dict[Step, QWidget] = {
            Step.STATE: next((one for one in (self.try_it, self.lock) if one.isVisibleTo(self)), self.change),
            Step.CHOOSE: self.ways[self._way] if self.keychain else self.new.first.line, Step.RECOVERY: self.sheet,
            Step.TRY: self.typed.line,
        }  # fmt: skip
        first.get(self.step, self.secret.line).setFocus()

    def _look(self) -> None:
        """How it stands, and whether the keychain can be used; asked beside the screen."""
        program, folder = self.shell.program, self.session.folder

        def looked(found: tuple[Protection, bool, int]) -> None:
            self.state, self.keychain, self.left = found
            if self.step is not Step.RECOVERY and not self.errand.running:
                self._turn_to(Step.STATE if self.state.protected else Step.CHOOSE)

        self.shell.pure.do(
            lambda _: (program.protection(folder), program.keychain_works(), program.left_readable(folder)),
            looked, trouble=self._refused, owner=self,
        )  # fmt: skip

    def _turn_to(self, step: Step) -> None:
        if step is not self.step:
            self.leave()
            self.group = 1 + secrets.randbelow(GROUPS)
        self.step = step
        self.wrong.hide()
        self._show()
        if self.isVisible():
            self.focus_first()
            self.area.verticalScrollBar().setValue(0)

    def _back_out(self) -> None:
        self._turn_to(Step.STATE if self.state.protected else Step.CHOOSE)

    # What is done

    @property
    def _way(self) -> str:
        return "keychain" if self.keychain and self.ways["keychain"].isChecked() else "passphrase"

    def _onward(self) -> None:
        """Enter in the first field: to the next, if there is one."""
        if self.new.isVisibleTo(self):
            self.new.setFocus()
        else:
            self.act()

    def act(self) -> None:
        """What the step is about."""
        if not self.errand.running:
            acts: dict[Step, Callable[[], None]] = {
                Step.CHOOSE: self._protect, Step.RECOVERY: self._try_key, Step.TRY: self._try_key, Step.CHANGE: self._change,
                Step.RENEW: self._renew, Step.REMOVE: self._remove,
            }  # fmt: skip
            acts[self.step]()

    def _protect(self) -> None:
        way, new = self._way, self.new.agreed() if self._way == "passphrase" else ""
        if new is not None:
            program, folder = self.shell.program, self.session.folder
            self._do(
                lambda pulse: program.protect(folder, way, new, pulse), self._show_key, t("Protecting …"), closed=True
            )

    def _change(self) -> None:
        secret, way = self._secret(), self._way
        new = self.new.agreed() if secret is not None and way == "passphrase" else ""
        if secret is not None and new is not None:
            program, folder = self.shell.program, self.session.folder
            self._do(
                lambda _: program.change_passphrase(folder, secret, way, new),
                self._finished(t("Changed.")),
                t("One moment …"),
            )

    def _renew(self) -> None:
        if (secret := self._secret()) is not None:
            program, folder = self.shell.program, self.session.folder
            self._do(lambda _: program.new_recovery_key(folder, secret), self._show_key, t("One moment …"))

    def _remove(self) -> None:
        if (secret := self._secret()) is not None:
            program, folder = self.shell.program, self.session.folder
            done = self._finished(t("The data of this laptop are not protected any more."))
            words = t("Taking the protection off …")
            self._do(lambda pulse: program.unprotect(folder, secret, pulse), done, words, closed=True)

    def _secret(self) -> str | None:
        """What was typed to prove that one may; with the keychain nothing need be."""
        if not self.secret.text and self.state.way == "passphrase":
            self.secret.say_wrong(t("Write the passphrase, or the recovery key."))
            return None
        return self.secret.text

    def _do(
        self, work: Callable[[Pulse], Any], then: Callable[[Any], object], words: str, *, closed: bool = False
    ) -> None:
        """Beside the screen; `closed` where the store must be. What came of it is shown."""
        pulse = self.errand.pulse

        def told(count: int, total: int) -> None:
            pulse(words, count, total)

        def done(result: Any) -> None:
            self.errand.end()
            then(result)

        def refused(problem: PessError) -> None:
            self.errand.end()
            self._refused(problem)

        self.errand.begin(words)
        self._show()
        if closed:
            self.shell.gate.with_store_closed(lambda: work(told), done, refused)
        else:
            self.shell.pure.do(lambda _: work(told), done, trouble=refused, owner=self)

    def _refused(self, problem: PessError) -> None:
        self._show()
        field = self.secret if self.secret.isVisibleTo(self) else self.typed
        if isinstance(problem, StoreLocked) and field.isVisibleTo(self):
            field.complain(problem)
        else:
            self.wrong.setText(sentence(problem))
            self.wrong.show()

    def _finished(self, words: str) -> Callable[[object], None]:
        def finished(_: object) -> None:
            self.leave()
            self._look()
            self.shell.announce(words)

        return finished

    # The recovery key

    def _show_key(self, key: str) -> None:
        self.key = key
        self._turn_to(Step.RECOVERY)
        self._look()

    def save_sheet(self) -> None:
        """The sheet as a PDF, to be printed or put on a stick."""
        usual, kinds = t("recovery-key.pdf"), t("PDF document (*.pdf)")
        target, _ = QFileDialog.getSaveFileName(self, self.sheet.text(), usual, kinds)
        if not target:
            return
        path = Path(target).with_suffix(".pdf")
        program, folder, key, language = self.shell.program, self.session.folder, self.key, WORDS.language

        def written(_: object) -> None:
            self.shell.announce(
                t("The sheet is in {path}.", path=path), t("Open it"),
                lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))),
            )  # fmt: skip
            self.typed.setFocus()

        self.shell.pure.do(
            lambda _: program.recovery_sheet(folder, key, path, language), written, trouble=self._refused, owner=self
        )

    def _try_key(self) -> None:
        """A group as it stands on the sheet: whoever can type it has it."""
        program, folder, group, typed = self.shell.program, self.session.folder, self.group, self.typed.line.text()

        def work(_: None) -> bool:
            right = program.is_recovery_group(folder, group, typed)
            if right:
                program.recovery_was_tried(folder)
            return right

        def tried(right: bool) -> None:
            if right:
                self.key, self.step = "", Step.STATE
                self._finished(t("Protected. Keep the sheet away from the laptop."))(None)
            else:
                self.typed.say_wrong(t("This is not what stands there as group {number}. Look again.", number=group))

        self.shell.pure.do(work, tried, trouble=self._refused, owner=self)

    def _use_minutes(self, minutes: str) -> None:
        self.shell.settings.keep(LOCK_AFTER, minutes)
        self.shell.gate.watch()

    # What is shown

    def _show(self) -> None:
        step, running = self.step, self.errand.running
        asks_way = step in (Step.CHOOSE, Step.CHANGE) and not running
        proves = step in (Step.CHANGE, Step.RENEW, Step.REMOVE) and not running
        self.way_panel.setVisible(asks_way and self.keychain)
        self.new.setVisible(asks_way and self._way == "passphrase")
        self.secret.setVisible(proves and self.state.way == "passphrase")
        self.key_panel.setVisible(step is Step.RECOVERY)
        self.shown_key.setText(_in_lines(self.key))
        self.doings.setVisible(step is Step.STATE and not running)
        self.typed.setVisible(step in (Step.RECOVERY, Step.TRY) and not running)
        self.try_it.setVisible(not self.state.recovery_tried)
        self.lock.setVisible(self.state.way == "passphrase")
        self.minutes_panel.setVisible(step is Step.STATE and self.state.way == "passphrase")
        self.minutes[str(self.shell.gate.minutes)].setChecked(True)
        self.warn.setVisible(step is Step.STATE and not self.state.recovery_tried)
        self.rest.setVisible(step is Step.STATE and self.left > 0)
        self.go_on.setVisible(step is not Step.STATE and not running)
        self.stop.setVisible(step in (Step.TRY, Step.CHANGE, Step.RENEW, Step.REMOVE) and not running)
        self._say()

    def retranslate(self) -> None:
        for field in (self.new, self.errand):
            field.retranslate()
        self.secret.name(t("Passphrase or recovery key"))
        self.ways["keychain"].setText(t("By this laptop's keychain"))
        self.ways["passphrase"].setText(t("By a passphrase"))
        self.way_hints["keychain"].setText(
            t("PessDesk opens by itself for whoever is logged in to this laptop, and for nobody else.")
        )
        self.way_hints["passphrase"].setText(
            t("PessDesk asks for it at each start, and can be locked meanwhile. For a laptop that several people use.")
        )
        for button in self.ways.values():
            button.setAccessibleName(button.text())
        self.minutes_head.setText(t("Lock when nobody is at the laptop"))
        for minutes, button in self.minutes.items():
            words = (
                plural("after {count} minute", "after {count} minutes", int(minutes)) if minutes != "0" else t("never")
            )
            button.setText(words)
            button.setAccessibleName(words)
        for doing, words in (
            (self.sheet, t("Save the sheet to print it")), (self.stop, t("Cancel")),
            (self.try_it, t("Try the recovery key")), (self.lock, t("Lock now")),
            (self.change, t("Change how it is opened")), (self.renew, t("Make a new recovery key")),
            (self.remove, t("Take the protection off")),
        ):  # fmt: skip
            doing.setText(words)
            ui.name_it(doing, words)
        self.sheet_hint.setText(
            t("Print it, or save it on a stick. Do not leave it on this laptop: whoever has both can read everything.")
        )
        self._show()

    def _say(self) -> None:
        headings = {
            Step.STATE: t("The data of this laptop are protected"),
            Step.CHOOSE: t("Protect the data of this laptop"),
            Step.RECOVERY: t("The recovery key"),
            Step.TRY: t("Try the recovery key"),
            Step.CHANGE: t("Change how it is opened"),
            Step.RENEW: t("Make a new recovery key"),
            Step.REMOVE: t("Take the protection off"),
        }
        state = (
            t("They open with this laptop's keychain, when you are logged in.")
            if self.state.way == "keychain"
            else t("They open with the passphrase.")
        )
        about = {
            Step.STATE: state,
            Step.CHOOSE: t(
                "If the laptop is lost or stolen, nobody else can read what was written down. It takes a moment, and nothing changes in how you work."
            ),
            Step.RECOVERY: t(
                "If the passphrase is forgotten or the laptop changes, this key opens the data. It is shown only now: there is no other copy."
            ),
            Step.TRY: t("Take the sheet that was printed. If it is lost, make a new recovery key instead."),
            Step.CHANGE: t("The recovery key stays as it is."),
            Step.RENEW: t("The sheet that was printed before stops opening the data; the passphrase stays as it is."),
            Step.REMOVE: t(
                "Afterwards whoever has this laptop can read what was written down. Nothing is lost, and it can be protected again at any time."
            ),
        }
        verbs = {
            Step.CHOOSE: t("Protect"), Step.RECOVERY: t("Check"), Step.TRY: t("Check"), Step.CHANGE: t("Change"),
            Step.RENEW: t("Make a new key"), Step.REMOVE: t("Take the protection off"), Step.STATE: t("Protect"),
        }  # fmt: skip
        if self.errand.running:
            headings[self.step] = t("One moment …")
            about[self.step] = t("Whatever happens meanwhile, a power cut included, nothing is lost.")
        self.heading.setText(headings[self.step])
        self.about.setText(about[self.step])
        self.rest.setText(
            plural(
                "{count} file is still readable: the disk is full, or a program has it open. The next start tries again.",
                "{count} files are still readable: the disk is full, or a program has them open. The next start tries again.",
                self.left,
            )
        )
        self.warn.setText(t("The recovery key was never tried: nobody knows whether its sheet is at hand."))
        self.go_on.setText(verbs[self.step])
        ui.name_it(self.go_on, verbs[self.step])
        self.typed.name(t("Write group {number} of the key, as it stands on the sheet", number=self.group or 1))


def _in_lines(key: str) -> str:
    """The key's groups with their numbers left out, four on a line."""
    groups = groups_of(key)
    return "\n".join("  ".join(groups[place : place + 4]) for place in range(0, len(groups), 4))
