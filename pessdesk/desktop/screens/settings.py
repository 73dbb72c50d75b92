"""Language, look, size of the letters, role, and where the data lie. All of it takes effect at once."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

import pessdesk
from pessdesk.desktop import ui
from pessdesk.desktop.screens.base import Screen, Shell
from pessdesk.desktop.screens.first import OWN_NAMES
from pessdesk.desktop.shell import ROLES
from pessdesk.desktop.theme import SCHEMES, THEME
from pessdesk.desktop.widgets.choices import choices
from pessdesk.desktop.widgets.plain_text import PlainText
from pessdesk.desktop.words import WORDS, t

STEP = 1.1


class SettingsScreen(Screen):
    name = "settings"

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.headings = {
            name: ui.words("heading") for name in ("language", "look", "size", "role", "safety", "data", "about")
        }
        self.languages = choices(self, OWN_NAMES, self._use_language)
        self.looks = choices(self, SCHEMES, self._use_look)
        self.roles = choices(self, ROLES, shell.use_role)
        self.shows = {role: ui.words("hint", wrap=True) for role in ROLES}
        self.smaller = ui.button("", "minus", lambda: self._zoom(THEME.zoom / STEP))
        self.larger = ui.button("", "plus", lambda: self._zoom(THEME.zoom * STEP))
        self.usual = ui.button("quiet", "", lambda: self._zoom(1.0))
        self.percent = ui.words("strong")
        self.safety_hint = ui.words("hint", wrap=True)
        self.protection = ui.button("", "shield-check", lambda: shell.go("protection"))
        self.backups = ui.button("", "archive-restore", lambda: shell.go("backups"))
        self.where = ui.words(wrap=True, selectable=True)
        self.where_hint = ui.words("hint", wrap=True)
        self.open_folder = ui.button("", "folder-open", self._open_folder)
        self.version = ui.words(selectable=True)
        self.licence = ui.words(wrap=True)
        self.licences = ui.button("", "file-text", self._show_licences)
        self.notice = PlainText()
        self.notice.setReadOnly(True)
        self.notice.setTabChangesFocus(True)
        self.notice.hide()
        self._lay_out()
        THEME.changed.connect(self._show_size)
        self.retranslate()

    def _lay_out(self) -> None:
        roles = ui.column(gap=2)
        for role in ROLES:
            roles.addWidget(self.roles[role])
            roles.addWidget(self.shows[role])
        h = self.headings
        card = ui.frame(
            "surface",
            ui.column(
                h["language"], ui.row(*self.languages.values(), None, gap=16), ui.rule(),
                h["look"], ui.column(*self.looks.values(), gap=2), ui.rule(),
                h["size"], ui.row(self.smaller, self.percent, self.larger, self.usual, None, gap=12), ui.rule(),
                h["role"], roles, ui.rule(),
                h["safety"], self.safety_hint, ui.row(self.protection, self.backups, None), ui.rule(),
                h["data"], self.where, self.where_hint, ui.row(self.open_folder, None), ui.rule(),
                h["about"], self.version, self.licence, ui.row(self.licences, None), self.notice, gap=10, margin=28,
            ),
        )  # fmt: skip
        content = QWidget()
        across = ui.row(card, None)
        across.setStretch(0, 100)
        content.setLayout(ui.column(across, None, margin=20))
        self._card = card
        self.setLayout(ui.column(ui.scrolled(content)))

    def title(self) -> str:
        return t("Settings")

    def retranslate(self) -> None:
        for name, words in {
            "language": t("Language"), "look": t("Look of the window"), "size": t("Size of the letters"), "role": t("Your role"),
            "safety": t("Safety"), "data": t("Where the data lie"), "about": t("About PessDesk"),
        }.items():  # fmt: skip
            self.headings[name].setText(words)
        for code, button in self.languages.items():
            button.setText(OWN_NAMES[code])
        looks = {
            "system": t("As the system has it"), "light": t("Light"), "dark": t("Dark"),
            "contrast": t("High contrast"),
        }  # fmt: skip
        for scheme, button in self.looks.items():
            button.setText(looks[scheme])
        roles = {
            "facilitator": (t("Facilitator"), t("Today, workshops, handing over, receiving, clashes and laptops.")),
            "rapporteur": (t("Rapporteur of a table"), t("Today, workshops and handing over: what one table needs.")),
            "office": (t("Office"), t("Receiving first, then clashes, workshops and the rest.")),
            "trainer": (t("Trainer"), t("Today, workshops, receiving and laptops; rehearse from «Today».")),
        }
        for role, (name, shows) in roles.items():
            self.roles[role].setText(name)
            self.roles[role].setAccessibleDescription(shows)
            self.shows[role].setText(shows)
        for button in (*self.languages.values(), *self.looks.values(), *self.roles.values()):
            button.setAccessibleName(button.text())
        self.where.setAccessibleName(t("Where the data lie: {folder}", folder=str(self.session.folder)))
        self.smaller.setText(t("Smaller"))
        self.larger.setText(t("Larger"))
        self.usual.setText(t("Usual size"))
        ui.name_it(self.smaller, t("Smaller"), t("Smaller (Ctrl+-)"))
        ui.name_it(self.larger, t("Larger"), t("Larger (Ctrl++)"))
        ui.name_it(self.usual, t("Usual size"), t("Usual size (Ctrl+0)"))
        self.where_hint.setText(
            t(
                "Everything that is written down lies in this folder and nowhere else. Copy it only while PessDesk is closed, and never work on a copy at the same time."
            )
        )
        self.safety_hint.setText(
            t("Who can read the data of this laptop, and what there is if something happens to it.")
        )
        for way, words in ((self.protection, t("Protection")), (self.backups, t("Backups"))):
            way.setText(words)
            ui.name_it(way, words)
        self.open_folder.setText(t("Open the folder"))
        ui.name_it(self.open_folder, t("Open the folder"))
        self.version.setText(t("PessDesk {version}", version=pessdesk.__version__))
        self.licence.setText(t("Free software under the EUPL 1.2 licence, with parts under licences of their own."))
        self.licences.setText(t("Show the licences") if self.notice.isHidden() else t("Hide the licences"))
        ui.name_it(self.licences, self.licences.text())
        ui.name_it(self.notice, t("Licences"), " ")
        self._show_size()

    def enter(self, **_: Any) -> None:
        self.where.setText(str(self.session.folder))
        self.languages[WORDS.language].setChecked(True)
        self.looks[THEME.scheme].setChecked(True)
        role = self.shell.settings.word("role", ROLES[0])
        self.roles[role if role in self.roles else ROLES[0]].setChecked(True)
        self._show_size()

    def focus_first(self) -> None:
        self.languages[WORDS.language].setFocus()

    # What is chosen

    def _use_language(self, code: str) -> None:
        self.shell.settings.keep("language", code)
        WORDS.use(code)

    def _use_look(self, scheme: str) -> None:
        self.shell.settings.keep("theme", scheme)
        THEME.use(scheme)

    def _zoom(self, zoom: float) -> None:
        THEME.use(zoom=zoom)
        self.shell.settings.keep("zoom", THEME.zoom)

    def _show_size(self) -> None:
        self._card.setMaximumWidth(THEME.px(720))
        self.notice.setMinimumHeight(THEME.px(320))
        for shows in self.shows.values():
            shows.setContentsMargins(THEME.px(28), 0, 0, THEME.px(6))
        self.percent.setText(t("{percent} %", percent=round(THEME.zoom * 100)))
        self.percent.setAccessibleName(t("Size of the letters: {percent} %", percent=round(THEME.zoom * 100)))
        self.percent.setMinimumWidth(THEME.px(48))

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.session.folder)))

    def _show_licences(self) -> None:
        """Under whose licences the parts are that travel with the program."""
        self.notice.setVisible(self.notice.isHidden())
        self.retranslate()
        if not self.notice.isHidden() and not self.notice.toPlainText():
            notice = self.shell.program.notice()
            self.shell.pure.do(lambda _: notice.read_text(encoding="utf-8"), self.notice.setPlainText, owner=self)
