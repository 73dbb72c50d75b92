"""Which laptops know each other: this one's card to give away, the cards that were given, and a new one to trust."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QDir, Qt
from PySide6.QtWidgets import QFileDialog, QGridLayout, QLayout, QWidget

from pessdesk.application.capture_line import draft_key
from pessdesk.desktop import operations, ui
from pessdesk.desktop.drafts import Draft
from pessdesk.desktop.screens.base import Screen, Shell
from pessdesk.desktop.session import Change
from pessdesk.desktop.theme import THEME
from pessdesk.desktop.widgets.pairing import PairingPanel
from pessdesk.desktop.words import sentence, t
from pessdesk.domain.errors import PessError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pessdesk.application.ports import Card
    from pessdesk.application.screens import Reading

ENDINGS = (".pem", ".crt", ".cer")
TRUST = Change(frozenset(("trust",)))


class _Found(NamedTuple):
    """This laptop's name and card, and the cards of the others by name."""

    label: str
    own: Card
    others: list[Card]


class _File(NamedTuple):
    """A card as it was read from a file, or why it is none."""

    path: Path
    card: Card | None
    problem: PessError | None


class LaptopsScreen(Screen):
    """`waiting` are the cards that somebody brought and nobody has decided on."""

    name = "laptops"

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._found: _Found | None = None
        self._problem: PessError | None = None
        self._said = ""
        self.waiting: list[_File] = []
        self._build()
        self.retranslate()

    # The view

    def _build(self) -> None:
        self.own_heading = ui.words("heading", wrap=True)
        self.own_fingerprint = ui.words("fingerprint", wrap=True, selectable=True)
        self.own_what = ui.words("hint", wrap=True)
        self.save = ui.button("", "download", self._ask_where)
        own = ui.frame(
            "surface",
            ui.column(
                self.own_heading, self.own_fingerprint, self.own_what, 4, ui.row(self.save, None), gap=8, margin=24
            ),
        )
        self.rehearsing = ui.words("warn", wrap=True)
        self.leave_it = ui.button("primary", "log-out", self.shell.leave_rehearsal)
        self.rehearsal = ui.frame("surface", ui.column(self.rehearsing, ui.row(self.leave_it, None), gap=8, margin=24))
        self.known_heading = ui.words("heading")
        self.add = ui.button("primary", "plus", self.choose)
        self.said = ui.words("good", wrap=True)
        self.wrong = ui.words("wrong", wrap=True, selectable=True)
        self.panel = PairingPanel(self.shell.program.fingerprint)
        self.panel.trusted.connect(self._trust)
        self.panel.put_off.connect(self._next)
        typed = self.panel.typed
        self.draft = Draft(self.session, self.panel, typed.text, typed.setText).watch(typed)
        self.none = ui.words("hint", wrap=True)
        self.grid = QGridLayout()
        self.grid.setColumnStretch(1, 1)
        self.known = ui.frame("surface", self.grid)
        self.real = QWidget()
        self.real.setLayout(
            ui.column(
                self.panel, own, 8, ui.row(self.known_heading, None, self.add), self.said, self.wrong, self.none,
                self.known, gap=12,
            )
        )  # fmt: skip
        self.content = QWidget()
        across = ui.row(ui.column(self.rehearsal, self.real, None), None)
        across.setStretch(0, 100)
        self.content.setLayout(ui.column(across, margin=20))
        area = ui.scrolled(self.content)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setLayout(ui.column(area))
        self._area = area
        self.rehearsal.setVisible(self.session.rehearsal)
        self.real.setVisible(not self.session.rehearsal)
        THEME.changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        self.real.setMaximumWidth(THEME.px(860))
        self.rehearsal.setMaximumWidth(THEME.px(860))
        self.grid.setContentsMargins(*[THEME.px(16)] * 4)
        self.grid.setHorizontalSpacing(THEME.px(20))
        self.grid.setVerticalSpacing(THEME.px(10))

    def title(self) -> str:
        return t("Laptops")

    def retranslate(self) -> None:
        self.own_what.setText(
            t(
                "Give this laptop's card to the office and to the other tables, and read its fingerprint to them: then they take in what you hand over."
            )
        )
        self.save.setText(t("Save the card…"))
        ui.name_it(self.save, t("Save the card…"), t("Save this laptop's card as a file, to give it to others"))
        self.known_heading.setText(t("Laptops that are trusted here"))
        self.add.setText(t("Add a card…"))
        ui.name_it(self.add, t("Add a card…"), t("Add the card of another laptop, from a file"))
        self.none.setText(
            t("No other laptop is known yet. Ask for its card, and drop the file here or add it with the button.")
        )
        self.rehearsing.setText(
            t("The rehearsal has a laptop of its own, which nobody needs to know. Leave it to pair this laptop.")
        )
        self.leave_it.setText(t("Leave the rehearsal"))
        self.leave_it.setAccessibleName(self.leave_it.text())
        self.panel.retranslate()
        self._show()

    # Coming and going

    def enter(self, files: Sequence[Path] = (), **_: Any) -> None:
        if not self.session.rehearsal:
            self._ask()
            if files:
                self.read(files)

    def changed(self, change: Change) -> None:
        if self.isVisible() and change.touches("trust", "programme"):
            self._ask()

    def focus_first(self) -> None:
        if self.session.rehearsal:
            self.leave_it.setFocus()
        elif self.panel.isHidden():
            self.add.setFocus()
        else:
            self.panel.typed.setFocus()

    def take_files(self, files: list[Path]) -> bool:
        cards = [file for file in files if file.suffix.lower() in ENDINGS]
        if cards and not self.session.rehearsal:
            self.read(cards)
        return bool(cards)

    def _ask(self) -> None:
        program, folder = self.shell.program, self.session.folder

        def question(reading: Reading) -> _Found:
            cards = sorted(program.cards(folder), key=lambda card: (card.label.lower(), card.device))
            own = program.own_card(folder)
            return _Found(reading.setting("label"), own, [card for card in cards if card.device != own.device])

        self.session.read(question, self._answered, owner=self, trouble=self._refused)

    def _answered(self, found: _Found) -> None:
        self._found = found
        self._show()
        self._ask_about_next()

    # Showing

    def _show(self) -> None:
        self.said.setText(self._said)
        self.said.setVisible(bool(self._said))
        self.wrong.setText(sentence(self._problem) if self._problem else "")
        self.wrong.setVisible(self._problem is not None)
        self.add.setVisible(self.panel.isHidden())  # one thing to do next
        found = self._found
        if found is None:
            return
        name = found.label or found.own.label
        shown = self.shell.program.fingerprint(found.own.device)
        self.own_heading.setText(t("This laptop: {label}", label=name))
        self.own_fingerprint.setText(shown)
        self.own_fingerprint.setAccessibleName(t("This laptop's fingerprint: {fingerprint}", fingerprint=shown))
        self.none.setVisible(not found.others)
        self.known.setVisible(bool(found.others))
        _empty(self.grid)
        for place, card in enumerate(found.others):
            label, fingerprint = ui.words("strong", wrap=True), ui.words(selectable=True)
            label.setText(card.label or t("A laptop without a name"))
            fingerprint.setText(self.shell.program.fingerprint(card.device))
            fingerprint.setAccessibleName(
                t("Fingerprint of {label}: {fingerprint}", label=label.text(), fingerprint=fingerprint.text())
            )
            self.grid.addWidget(label, place, 0, Qt.AlignmentFlag.AlignTop)
            self.grid.addWidget(fingerprint, place, 1, Qt.AlignmentFlag.AlignTop)

    # This laptop's card

    def _ask_where(self) -> None:
        if self._found is not None:
            usual = QDir.home().filePath(f"{_file_name(self._found.label)}.pem")
            file, _ = QFileDialog.getSaveFileName(self, t("Save the card"), usual, t("Cards (*.pem)"))
            if file:
                self.save_card(Path(file))

    def save_card(self, target: Path) -> None:
        """Write this laptop's card to a file."""
        program, folder = self.shell.program, self.session.folder

        def saved(_: object) -> None:
            self._tell(
                t("The card is in {file}. Give it away, and read the fingerprint to whoever gets it.", file=target)
            )

        self.shell.pure.do(lambda _: program.save_card(folder, target), saved, trouble=self._refused, owner=self)

    # Others' cards

    def choose(self) -> None:
        files, _ = QFileDialog.getOpenFileNames(self, t("Add a card"), "", t("Cards (*.pem *.crt *.cer)"))
        if files:
            self.read([Path(file) for file in files])

    def read(self, files: Sequence[Path]) -> None:
        """Read cards from files; each is decided on, one after the other."""
        program = self.shell.program

        def work(_: None) -> list[_File]:
            return [_card_in(path, program.read_card) for path in files]

        self.shell.pure.do(work, self._were_read, owner=self)

    def _were_read(self, files: list[_File]) -> None:
        self._said, self._problem = "", None
        self.waiting += files
        self._ask_about_next()
        self._show()

    def _ask_about_next(self) -> None:
        """The next card that waits, unless one is being looked at; what needs no decision is only said."""
        if self._found is None:
            return
        trusted = {card.device for card in self._found.others}
        while self.waiting and self.panel.isHidden():
            path, card, problem = self.waiting[0]
            if card is not None and card.device != self._found.own.device and card.device not in trusted:
                self._ask_about(card, path)
                ui.show_in(self._area, self.panel)
                break
            self.waiting.pop(0)
            if card is None:
                self._problem = problem
            elif card.device == self._found.own.device:
                self._said = t("That is this laptop's own card: it is for the others.")
            else:
                self._said = t("Trusted before: {label}", label=card.label)
        self._show()

    def _ask_about(self, card: Card, path: Path) -> None:
        """Show a card, with what was heard of its fingerprint before the window closed."""
        self.draft.begin("")
        self.panel.ask_about(card, str(path))
        key = draft_key(card.device, "fingerprint")
        self.draft.begin(key)
        self.session.read(lambda reading: reading.setting(key), partial(self._found_draft, key), owner=self)

    def _found_draft(self, key: str, stored: str) -> None:
        if key == self.draft.key:
            self.draft.found(stored)

    def _done_with(self) -> None:
        """The card that is looked at is decided on."""
        self.panel.hide()
        self.waiting = self.waiting[1:]
        self.focus_first()

    def _next(self) -> None:
        self._done_with()
        self._ask_about_next()

    def _trust(self, card: Card) -> None:
        def trusted(_: object) -> None:
            self.draft.drop()
            self._done_with()
            self._tell(t("Trusted from now on: {label}", label=card.label))
            self._ask()  # and then about the next one

        self.session.decide(operations.trust(card), TRUST, trusted, trouble=self._refused, owner=self)

    def _tell(self, words: str) -> None:
        self._said, self._problem = words, None
        self._show()

    def _refused(self, problem: PessError) -> None:
        self._said, self._problem = "", problem
        self._show()


def _card_in(path: Path, read: Callable[[Path], Card]) -> _File:
    try:
        return _File(path, read(path), None)
    except PessError as problem:
        return _File(path, None, problem)


def _file_name(label: str) -> str:
    """A laptop's name as a file may be called anywhere."""
    plain = "".join(c if c.isalnum() or c in " -_" else " " for c in label)
    return "-".join(plain.split()) or "pessdesk"


def _empty(layout: QLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
