"""The guide, opened at what is in hand. It is written in Catalan (docs/guia.md) and travels with the program.

A section begins with `## `; a comment `<!-- screens: workshop, new -->` under its heading names the screens about which
it speaks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QFontDatabase, QImage, QResizeEvent, QTextBlockFormat, QTextCursor, QTextDocument, QTextTable
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QTextBrowser

from pessdesk.desktop import ui
from pessdesk.desktop.screens.base import Screen, Shell
from pessdesk.desktop.theme import THEME
from pessdesk.desktop.words import t

_SCREENS = re.compile(r"<!--\s*screens:([^>]*)-->")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the guide: its heading, the screens it is about, its Markdown without the heading's mark."""

    title: str
    screens: tuple[str, ...]
    text: str


def sections(guide: str) -> list[Section]:
    """The guide in its sections; what stands before the first heading is the first."""
    found: list[Section] = []
    for part in re.split(r"^(?=##? )", guide, flags=re.M):
        if not part.strip():
            continue
        title = part.splitlines()[0].lstrip("# ").strip()
        names = _SCREENS.search(part)
        screens = tuple(name.strip() for name in names[1].split(",")) if names else ()
        found.append(Section(title, screens, _SCREENS.sub("", part)))
    return found


class _Page(QTextBrowser):
    """A page whose pictures fit its width, and which fetches nothing from anywhere but the guide's folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self.setOpenLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        path = (self._folder / QUrl(name).toString()).resolve()
        if kind != QTextDocument.ResourceType.ImageResource.value or not path.is_relative_to(self._folder.resolve()):
            return None
        image = QImage(str(path))
        room = self.viewport().width() - THEME.px(48)
        if image.width() > room > 0:
            image = image.scaledToWidth(room, Qt.TransformationMode.SmoothTransformation)
        return image


class HelpScreen(Screen):
    name = "help"

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        folder = shell.program.guide()
        QFontDatabase.addApplicationFont(str(shell.program.resources() / "fonts" / "SourceSans3-Bold.ttf"))
        self._sections: list[Section] = []
        self.list = QListWidget()
        self.list.setWordWrap(True)
        self.list.setProperty("role", "plain")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setFixedWidth(THEME.px(230))
        self.page = _Page(folder)
        self.list.currentRowChanged.connect(self._show)
        layout = ui.row(self.list, ui.frame("vrule"), self.page, gap=0)
        layout.setStretch(2, 1)
        self.setLayout(layout)
        self._wanted = ""
        THEME.changed.connect(self._again)
        self.retranslate()
        shell.pure.do(lambda _: (folder / "guia.md").read_text(encoding="utf-8"), self._read, owner=self)

    def title(self) -> str:
        return t("Help")

    def retranslate(self) -> None:
        ui.name_it(self.list, t("Sections of the guide"), " ")
        ui.name_it(self.page, t("The guide"), " ")

    def enter(self, about: str = "", **_: Any) -> None:
        self._wanted = about
        self._choose()

    def focus_first(self) -> None:
        self.list.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._again()

    def _read(self, guide: str) -> None:
        self._sections = sections(guide)
        for section in self._sections:
            self.list.addItem(QListWidgetItem(section.title))
        self._choose()

    def _choose(self) -> None:
        """The section about the screen from which help was asked; else the first."""
        place = next((n for n, section in enumerate(self._sections) if self._wanted in section.screens), 0)
        if self._sections:
            self.list.setCurrentRow(place)

    def _again(self) -> None:
        self.list.setFixedWidth(THEME.px(230))
        self._show(self.list.currentRow())

    def _show(self, place: int) -> None:
        if 0 <= place < len(self._sections):
            self.page.document().setDefaultFont(THEME.font(15))
            self.page.setMarkdown(self._sections[place].text)
            _space_out(self.page.document())


def _space_out(document: QTextDocument) -> None:
    """Room between paragraphs and in tables: Markdown brings none of its own."""
    block = document.begin()
    while block.isValid():
        shape = block.blockFormat()
        if not QTextCursor(block).currentTable():
            shape.setBottomMargin(THEME.px(10))
        shape.setLineHeight(125, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        QTextCursor(block).setBlockFormat(shape)
        block = block.next()
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            table = frame.format().toTableFormat()
            table.setCellPadding(THEME.px(6))
            table.setBorder(0)
            table.setBottomMargin(THEME.px(14))
            frame.setFormat(table)
