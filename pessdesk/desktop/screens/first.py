"""The first start: the language, the laptop's name, and straight to a first contribution in the rehearsal."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from pessdesk.desktop import ui
from pessdesk.desktop.screens.base import Screen, Shell
from pessdesk.desktop.session import EVERYTHING
from pessdesk.desktop.theme import THEME
from pessdesk.desktop.widgets.plain_text import PlainLine
from pessdesk.desktop.words import WORDS, sentence, t
from pessdesk.domain.errors import PessError
from pessdesk.domain.text import check_line

OWN_NAMES = {"ca": "Català", "es": "Castellano", "en": "English"}
"""Each language in its own words, as whoever speaks it looks for it; the same in every language."""


class FirstScreen(Screen):
    """Two questions, both answered already: Enter is enough."""

    name = "first"

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.heading = ui.words("title", wrap=True)
        self.about = ui.words(wrap=True)
        self.languages = {code: ui.button(clicked=partial(self._speak, code)) for code in OWN_NAMES}
        for code, button in self.languages.items():
            button.setText(OWN_NAMES[code])
            button.setCheckable(True)
        self.ask = ui.words("label")
        self.laptop = PlainLine()
        self.laptop.returnPressed.connect(self.begin)
        self.ask.setBuddy(self.laptop)
        self.hint = ui.words("hint", wrap=True)
        self.wrong = ui.words("wrong", wrap=True)
        self.rehearse = ui.button("primary", "sprout", self.begin)
        self.straight = ui.button("quiet", "", lambda: self.begin(rehearse=False))
        self.card = ui.frame(
            "surface",
            ui.column(
                self.heading, self.about, 8, ui.row(*self.languages.values(), None), 8, self.ask, self.laptop, self.hint,
                self.wrong, 8, ui.row(self.rehearse, self.straight, None), gap=10, margin=32,
            ),
        )  # fmt: skip
        content = QWidget()
        content.setLayout(ui.column(None, ui.row(None, self.card, None), None, margin=16))
        content_layout = content.layout()
        assert content_layout is not None
        content_layout.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setLayout(ui.column(ui.scrolled(content)))
        THEME.changed.connect(self._fit)
        self._fit()
        self.retranslate()

    def _fit(self) -> None:
        self.card.setMaximumWidth(THEME.px(640))
        for button in self.languages.values():
            button.setMinimumWidth(THEME.px(130))

    def title(self) -> str:
        return t("Welcome")

    def retranslate(self) -> None:
        self.heading.setText(t("Welcome to PessDesk"))
        self.about.setText(
            t("What people say in a workshop is written down here, without a network, and nothing gets lost.")
        )
        for code, button in self.languages.items():
            button.setChecked(code == WORDS.language)
            ui.name_it(button, OWN_NAMES[code])
        self.ask.setText(t("How shall this laptop be called?"))
        self.laptop.setPlaceholderText(t("Laptop"))
        self.laptop.setAccessibleName(t("The laptop's name"))
        self.hint.setText(
            t("Other laptops and the office see this name beside what was written here, for example: Solsona, table 1.")
        )
        self.rehearse.setText(t("Try it out"))
        ui.name_it(self.rehearse, t("Try it out"), t("An invented workshop, in which nothing can go wrong"))
        self.straight.setText(t("Start without trying"))
        ui.name_it(self.straight, t("Start without trying"))

    def _speak(self, language: str) -> None:
        WORDS.use(language)
        self.retranslate()  # the one that was on already stays on

    def enter(self, **_: Any) -> None:
        self.wrong.hide()

    def focus_first(self) -> None:
        self.laptop.setFocus()

    def begin(self, *, rehearse: bool = True) -> None:
        """Make the store under this name; then the rehearsal, or the empty day."""
        name = self.laptop.text().strip() or t("Laptop")
        try:
            check_line(name, t("The laptop's name"), limit=120)
        except PessError as problem:
            self._refused(problem)
            return
        settings = self.shell.settings
        settings.keep("language", WORDS.language)
        settings.keep("label", name)
        self.session.label = name
        for button in (self.rehearse, self.straight):
            button.setEnabled(False)
        ready = self.shell.rehearse if rehearse else lambda: self.shell.go("today")
        self.session.decide(lambda _: None, EVERYTHING, lambda _: ready(), trouble=self._refused, owner=self)

    def _refused(self, problem: PessError) -> None:
        for button in (self.rehearse, self.straight):
            button.setEnabled(True)
        self.wrong.setText(sentence(problem))
        self.wrong.show()
