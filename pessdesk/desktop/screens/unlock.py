"""The protected store is closed: the passphrase opens it, or the recovery key. Nothing of it is read before."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, Any

from pessdesk.desktop import ui
from pessdesk.desktop.screens.base import Page, Shell
from pessdesk.desktop.widgets.errand import ErrandBar
from pessdesk.desktop.widgets.secret import NewPassphrase, PassphraseField, RecoveryField, SecretField
from pessdesk.desktop.words import sentence, t
from pessdesk.domain.errors import InputRefused, StoreLocked

if TYPE_CHECKING:
    from collections.abc import Callable

    from pessdesk.domain.errors import PessError


class Ask(Enum):
    NOTHING = auto()  # the keychain is asked
    PASSPHRASE = auto()
    RECOVERY = auto()
    NEW = auto()  # opened by the recovery key: another passphrase is chosen


class UnlockScreen(Page):
    name = "unlock"

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.way = "passphrase"
        self.ask = Ask.PASSPHRASE
        self._recovery = ""
        self.heading = ui.words("title", wrap=True)
        self.about = ui.words(wrap=True)
        self.passphrase = PassphraseField()
        self.recovery = RecoveryField(shell.program.is_well_typed)
        self.new = NewPassphrase()
        self.wrong = ui.words("wrong", wrap=True)
        self.errand = ErrandBar(None)
        self.open_it = ui.button("primary", "lock", self.unlock)
        self.keep_it = ui.button("primary", "check", self.change)
        self.other = ui.button("quiet", "key-round", self._other_way)
        self.to_keychain = ui.button("", "key-round", self.back_to_keychain)
        self.later = ui.button("quiet", "", self._opened)
        for field in (self.passphrase, self.recovery):
            field.entered.connect(self.unlock)
        self.new.entered.connect(self.change)
        self.lay_out(
            self.heading, self.about, 8, self.passphrase, self.recovery, self.new, self.wrong, self.errand, 8,
            ui.row(self.open_it, self.keep_it, self.to_keychain, self.other, self.later, None),
        )  # fmt: skip
        self.retranslate()
        self._show()

    def title(self) -> str:
        return t("Locked")

    def retranslate(self) -> None:
        self.passphrase.name(t("Passphrase"))
        self.recovery.name(t("Recovery key"))
        self.new.retranslate()
        self.errand.retranslate()
        for button, words in (
            (self.open_it, t("Open")), (self.keep_it, t("Save the passphrase")), (self.later, t("Not now")),
            (self.to_keychain, t("Leave it to the keychain")),
        ):  # fmt: skip
            button.setText(words)
            ui.name_it(button, words)
        self._say()

    def enter(self, way: str = "", **_: Any) -> None:
        """`way` is how the store is protected: by the keychain, which is asked at once, or by a passphrase."""
        if way and not self._recovery:  # who comes back from the help goes on choosing a passphrase
            self.way = way
            self.ask = Ask.NOTHING if way == "keychain" else Ask.PASSPHRASE
        self._show()
        if self.ask is Ask.NOTHING and not self.errand.running:
            self._ask_keychain()

    def leave(self) -> None:
        for field in (self.passphrase, self.recovery, self.new):
            field.clear()

    def focus_first(self) -> None:
        shown = {Ask.PASSPHRASE: self.passphrase, Ask.RECOVERY: self.recovery, Ask.NEW: self.new.first}
        if (field := shown.get(self.ask)) is not None:
            field.setFocus()

    # What is done

    def _ask_keychain(self) -> None:
        program, folder = self.shell.program, self.session.folder

        def answered(opened: bool) -> None:
            if opened:
                self._opened()
            else:
                self._turn_to(Ask.RECOVERY)

        self._do(lambda: program.unlock_by_keychain(folder), answered, lambda _: self._turn_to(Ask.RECOVERY))

    def unlock(self) -> None:
        """Open the store with what was typed."""
        field: SecretField = self.recovery if self.ask is Ask.RECOVERY else self.passphrase
        secret = field.line.text()
        if not secret or self.errand.running:
            return
        program, folder = self.shell.program, self.session.folder

        def opened(_: object) -> None:
            if self.ask is Ask.RECOVERY:
                self._recovery = secret
                self.recovery.clear()
                self._turn_to(Ask.NEW)
            else:
                self._opened()

        self._do(lambda: program.unlock(folder, secret), opened, self._refused(field))

    def change(self) -> None:
        """The store is open by its recovery key: put it under a new passphrase."""
        new = self.new.agreed()
        if new is None or self.errand.running:
            return
        program, folder, recovery = self.shell.program, self.session.folder, self._recovery
        self._do(
            lambda: program.change_passphrase(folder, recovery, "passphrase", new),
            lambda _: self._opened(),
            self._refused(self.new.first),
        )

    def back_to_keychain(self) -> None:
        """The store is open by its recovery key: let the keychain have the key again."""
        program, folder, recovery = self.shell.program, self.session.folder, self._recovery
        self._do(
            lambda: program.change_passphrase(folder, recovery, "keychain", ""),
            lambda _: self._opened(),
            self._refused(self.new.first),
        )

    def _do(
        self, work: Callable[[], Any], then: Callable[[Any], object], trouble: Callable[[PessError], object]
    ) -> None:
        """Beside the screen's thread: a passphrase is worth half a second of computing."""
        self.errand.begin(t("Opening …"))
        self._show()

        def over(outcome: Any) -> None:
            self.errand.end()
            self._show()
            then(outcome)

        def refused(problem: PessError) -> None:
            self.errand.end()
            self._show()
            trouble(problem)

        self.shell.pure.do(lambda _: work(), over, trouble=refused, owner=self)

    def _refused(self, field: SecretField) -> Callable[[PessError], None]:
        """What is wrong with the secret is said below its field; anything else (the disk) below all."""

        def refused(problem: PessError) -> None:
            if isinstance(problem, StoreLocked | InputRefused):
                field.complain(problem)
            else:
                self.wrong.setText(sentence(problem))
                self.wrong.show()
                field.setFocus()

        return refused

    def _opened(self) -> None:
        self.leave()
        self._recovery = ""
        self.shell.gate.let_in()

    def _other_way(self) -> None:
        self._turn_to(Ask.PASSPHRASE if self.ask is Ask.RECOVERY else Ask.RECOVERY)

    def _turn_to(self, ask: Ask) -> None:
        self.ask = ask
        self._show()
        self.focus_first()

    # What is shown

    def _show(self) -> None:
        ask, running = self.ask, self.errand.running
        self.wrong.hide()
        self.passphrase.setVisible(ask is Ask.PASSPHRASE)
        self.recovery.setVisible(ask is Ask.RECOVERY)
        self.new.setVisible(ask is Ask.NEW)
        self.open_it.setVisible(ask in (Ask.PASSPHRASE, Ask.RECOVERY))
        self.keep_it.setVisible(ask is Ask.NEW)
        self.later.setVisible(ask is Ask.NEW)
        self.to_keychain.setVisible(ask is Ask.NEW and self.way == "keychain")
        self.other.setVisible(self.way == "passphrase" and ask in (Ask.PASSPHRASE, Ask.RECOVERY))
        for widget in (self.open_it, self.keep_it, self.to_keychain, self.later, self.other):
            widget.setEnabled(not running)
        for line in (self.passphrase.line, self.recovery.line):
            line.setReadOnly(running)  # and not disabled: the focus stays where the next attempt begins
        self._say()

    def _say(self) -> None:
        headings = {
            Ask.NOTHING: t("Opening …"),
            Ask.PASSPHRASE: t("PessDesk is locked"),
            Ask.RECOVERY: t("Open with the recovery key"),
            Ask.NEW: t("It is open. Choose a new passphrase"),
        }
        about = {
            Ask.NOTHING: t("This laptop's keychain is asked for the key."),
            Ask.PASSPHRASE: t("What was written down is here, whole and protected. Write the passphrase to go on."),
            Ask.RECOVERY: t(
                "It stands on the sheet that was printed when the data were protected: 8 groups of 5 signs."
            ),
            Ask.NEW: t("The old passphrase stops opening the data; the recovery key stays valid."),
        }
        said = about[self.ask]
        if self.ask is Ask.RECOVERY and self.way == "keychain":
            said = t(
                "This laptop's keychain did not give the key. The data are here, whole: the recovery key opens them. It stands on the sheet that was printed when they were protected."
            )
        self.heading.setText(headings[self.ask])
        self.about.setText(said)
        self.other.setText(t("Use the passphrase") if self.ask is Ask.RECOVERY else t("Use the recovery key"))
        ui.name_it(self.other, self.other.text())
