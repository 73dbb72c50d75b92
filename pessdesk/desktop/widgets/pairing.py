"""Deciding whether to trust another laptop: its fingerprint, large, against what somebody reads aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame

from pessdesk.application.pairing import GROUP, digits, hold_against
from pessdesk.desktop import ui
from pessdesk.desktop.theme import THEME
from pessdesk.desktop.widgets.plain_text import PlainLine
from pessdesk.desktop.words import plural, sentence, t
from pessdesk.domain.errors import InputRefused

if TYPE_CHECKING:
    from collections.abc import Callable

    from pessdesk.application.ports import Card


class PairingPanel(QFrame):
    """One card. `trusted` gives it once what was typed fits, in the first group at least; `put_off` when not now."""

    trusted = Signal(object)
    put_off = Signal()

    def __init__(self, fingerprint: Callable[[str], str]) -> None:
        super().__init__()
        self.setProperty("role", "surface")
        self._fingerprint = fingerprint
        self._card: Card | None = None
        self._source = ""
        self.heading = ui.words("heading", wrap=True)
        self.what = ui.words(wrap=True)
        self.shown = ui.words("fingerprint", wrap=True)
        self.ask = ui.words("label", wrap=True)
        self.typed = PlainLine()
        self.typed.setMaxLength(60)
        self.ask.setBuddy(self.typed)
        self.fits = ui.words("small", wrap=True)
        self.wrong = ui.words("wrong", wrap=True)
        self.yes = ui.button("primary", "", self._trust)
        self.no = ui.button("", "", self.put_off.emit)
        self.setLayout(
            ui.column(
                self.heading, self.what, self.shown, self.ask, self.typed, self.fits, self.wrong,
                ui.row(self.yes, self.no, None), gap=8, margin=20,
            )
        )  # fmt: skip
        self.typed.textChanged.connect(self._compare)
        self.typed.returnPressed.connect(self._trust)
        leave = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        leave.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        leave.activated.connect(self.put_off.emit)
        THEME.changed.connect(self._fit)
        self._fit()
        self.hide()

    def _fit(self) -> None:
        self.typed.setMaximumWidth(THEME.px(420))

    def retranslate(self) -> None:
        self.what.setText(
            t("Ask whoever is at that laptop to read its fingerprint aloud or over the phone, and type what you hear.")
        )
        self.ask.setText(t("What you hear (the first group of five is enough, all four are better)"))
        self.typed.setAccessibleName(t("The fingerprint as it is read to you"))
        self.yes.setText(t("I trust it"))
        ui.name_it(self.yes, t("Trust this laptop"), t("Trust this laptop: what it signed is taken in from now on"))
        self.no.setText(t("Not now"))
        ui.name_it(self.no, t("Not now"), t("Not now (Esc)"))
        self._show()

    def ask_about(self, card: Card, source: str) -> None:
        """Show a card that came in a file (or bundle) of this name."""
        self._card, self._source = card, source
        self.typed.clear()
        self._show()
        self.show()
        self.typed.setFocus()

    def _show(self) -> None:
        if self._card is None:
            return
        name = self._card.label or t("A laptop without a name")
        shown = self._fingerprint(self._card.device)
        self.heading.setText(t("The card of «{label}»", label=name))
        self.shown.setText(shown)
        self.shown.setAccessibleName(t("Its fingerprint: {fingerprint}", fingerprint=shown))
        self._compare()

    def _compare(self) -> None:
        """Say while it is typed how much of it fits."""
        if self._card is None:
            return
        found, typed = self._fingerprint(self._card.device), self.typed.text()
        heard = hold_against(found, typed)
        differs = heard.differs and len(digits(typed)) >= GROUP
        said = ""
        if differs:
            problem = InputRefused("fingerprint-differs", path=self._source, found=found, wanted=typed.strip())
            said = sentence(problem)
        self.wrong.setText(said)
        self.wrong.setVisible(differs)
        self.fits.setVisible(bool(digits(typed)) and not differs)
        if heard.whole:
            self.fits.setText(t("All of it fits."))
        else:
            self.fits.setText(
                plural("{count} group of {of} fits.", "{count} groups of {of} fit.", heard.groups, of=heard.of)
            )
        ui.say_role(self.fits, "role", "good" if heard.groups else "small")
        self.typed.setAccessibleDescription(said or self.fits.text())
        ui.say_role(self.typed, "wrong", "true" if differs else "false")
        self.yes.setEnabled(heard.groups > 0)

    def _trust(self) -> None:
        if self._card is not None and self.yes.isEnabled():
            self.trusted.emit(self._card)
