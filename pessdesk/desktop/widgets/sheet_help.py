"""What a spreadsheet must look like: its columns, and an example with which to begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from pessdesk.application.record_contributions import COLUMNS
from pessdesk.desktop import ui
from pessdesk.desktop.models.lines import LineBook
from pessdesk.desktop.theme import THEME
from pessdesk.desktop.words import WORDS, label, t
from pessdesk.wording.labels import CONTRIBUTION_KINDS

if TYPE_CHECKING:
    from pessdesk.application.screens import Tree


class SheetHelp(QWidget):
    """The columns, each with what stands in it."""

    def __init__(self) -> None:
        super().__init__()
        self.heading = ui.words("strong", wrap=True)
        self._meanings: dict[str, QLabel] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(THEME.px(16))
        grid.setVerticalSpacing(THEME.px(4))
        grid.setColumnStretch(1, 1)
        for place, column in enumerate(COLUMNS):
            name = ui.words("strong")
            name.setText(column)
            meaning = self._meanings[column] = ui.words(wrap=True)
            grid.addWidget(name, place, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(meaning, place, 1)
        self.setLayout(ui.column(self.heading, grid, gap=8))

    def retranslate(self) -> None:
        self.heading.setText(t("The first row names the columns, in any order. Only «text» is needed:"))
        meanings = {
            "text": t("What was said, as it was said"),
            "title": t("A title, if it has one"),
            "group": t("The table, by number or name; one that is not there yet is made"),
            "line": t("The code of its line in the base document, such as 4.2; several with a space between them"),
            "kind": t("Proposal, need, question …; a proposal where it is empty"),
            "votes": t("Its dots, as a whole number"),
            "language": t("The language in which it was said"),
            "entity": t("The entity that said it; never the name of a person"),
            "photo": t("The name of a picture's file that lies beside the spreadsheet"),
            "reference": t("A number or code of your own by which you find it again"),
        }
        for column, words in meanings.items():
            self._meanings[column].setText(words)


def example_rows(tree: Tree) -> list[list[str]]:
    """A header and two rows in the language of the screen, which can be imported as they are."""
    coded = [node for node in LineBook(tree).pointable if node.code]
    line = next((node.code for node in coded if node.kind == "line"), coded[0].code if coded else "")
    need, proposal = label(CONTRIBUTION_KINDS, "need"), label(CONTRIBUTION_KINDS, "proposal")
    rows = [
        {
            "text": t("Transport on demand to the health centre on the days of visits."),
            "group": "1", "line": line, "kind": need, "votes": "3", "language": WORDS.language,
            "entity": t("Residents' association"),
        },
        {
            "text": t("A social worker shared by several small town councils."), "title": t("Sharing a social worker"),
            "group": "2", "line": line, "kind": proposal, "votes": "5", "language": WORDS.language,
        },
    ]  # fmt: skip
    return [list(COLUMNS), *[[row.get(column, "") for column in COLUMNS] for row in rows]]
