"""Before the first write: the folder of the data lies where another program changes files, or another laptop."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog

from pessdesk.desktop import ui
from pessdesk.desktop.gate import PLACE_KEPT
from pessdesk.desktop.screens.base import Page, Shell
from pessdesk.desktop.words import sentence, t
from pessdesk.domain.errors import PessError


class PlaceScreen(Page):
    name = "place"

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.warning: PessError | None = None
        self.heading, self.about = ui.words("title", wrap=True), ui.words(wrap=True)
        self.where, self.hint = ui.words("small", wrap=True, selectable=True), ui.words("hint", wrap=True)
        self.choose = ui.button("primary", "folder-open", self.choose_folder)
        self.use_it = ui.button("quiet", "", self.use_all_the_same)
        self.lay_out(self.heading, self.about, self.where, self.hint, 8, ui.row(self.choose, self.use_it, None))
        self.retranslate()

    def title(self) -> str:
        return t("Where the data lie")

    def enter(self, warning: PessError | None = None, **_: Any) -> None:
        self.warning = warning or self.warning
        self.retranslate()

    def focus_first(self) -> None:
        self.choose.setFocus()

    def choose_folder(self) -> None:
        """A folder of this laptop only; the window opens on it, now and at each start."""
        if folder := QFileDialog.getExistingDirectory(self, t("Choose a folder for the data")):
            self.shell.gate.move_to(Path(folder))

    def use_all_the_same(self) -> None:
        self.shell.settings.keep(PLACE_KEPT, str(self.session.folder))
        self.shell.gate.begin()

    def retranslate(self) -> None:
        self.heading.setText(t("A safer place for the data"))
        self.about.setText(sentence(self.warning) if self.warning else "")
        self.where.setText(str(self.session.folder))
        self.hint.setText(t("Nothing has been written yet. Choose a folder on this laptop's own disk."))
        for button, words in ((self.choose, t("Choose another folder")), (self.use_it, t("Use it all the same"))):
            button.setText(words)
            ui.name_it(button, words)
