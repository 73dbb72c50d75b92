"""The line at the bottom that always has the focus: type, Enter, saved.

The chips before the text are the context and stay; dots belong to one contribution and go. The text leaves the field
only when it is committed: what the store refuses comes back, whole.
"""

from __future__ import annotations

import dataclasses
import json
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QGridLayout, QMenu, QWidget

from pessdesk.application.capture_line import (
    MOST_DOTS,
    SIGNS,
    Block,
    Said,
    Vocabulary,
    leading_blocks,
    next_table,
)
from pessdesk.desktop import ui
from pessdesk.desktop.icons import KIND_ICONS, icon
from pessdesk.desktop.theme import THEME
from pessdesk.desktop.widgets.capture_text import CaptureText
from pessdesk.desktop.widgets.line_picker import pick_lines
from pessdesk.desktop.widgets.suggest import Suggestion, SuggestionList
from pessdesk.desktop.words import label, plural, sentence, t
from pessdesk.domain.errors import InputRefused, PessError
from pessdesk.domain.kinds import CONTRIBUTION_KINDS
from pessdesk.domain.text import fold
from pessdesk.wording.labels import CONTRIBUTION_KINDS as KIND_LABELS
from pessdesk.wording.labels import SHORT_KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pessdesk.application.screens import GroupRow
    from pessdesk.desktop.models.lines import LineBook

NARROW = 720
"""Pixels, at the usual font's size, below which chips and text do not fit side by side."""
CHIP = 200
"""The width of a chip at most, in pixels at the usual font's size: a table may have a long name."""


class CaptureLine(QFrame):
    """Chips, text, dots, Enter. `said` asks to record; `typed` and `chosen` tell that the text, or what stands around it,
    is another one, `left` that the text has lost the focus."""

    said = Signal(object)
    typed = Signal()
    chosen = Signal()
    left = Signal()
    edit_last = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("captureline")
        self._book: LineBook | None = None
        self._tables: Sequence[GroupRow] = ()
        self._group = ""
        self._new_group = ""
        self._lines: tuple[str, ...] = ()
        self._kind = "proposal"
        self._votes = 0
        self._taken: list[tuple[Block, object]] = []
        self._returned = ""
        self._problem: PessError | None = None
        self.table = ui.button("chip", clicked=self._choose_table, giving=True)
        self.line = ui.button("chip", clicked=self._choose_line, giving=True)
        self.kind = ui.button("chip", clicked=self._choose_kind)
        self.text = CaptureText()
        self.dots = ui.button("chip", clicked=self._choose_dots)
        self.enter = ui.button("primary", "check", self.commit)
        self.wrong = ui.words("wrong", wrap=True)
        self.wrong.hide()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(*[THEME.px(8)] * 4)
        self._grid.setSpacing(THEME.px(8))
        for place, widget in enumerate((self.table, self.line, self.kind, None, self.dots, self.enter)):
            if widget is not None:
                self._grid.addWidget(widget, 0, place, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(self.text, 0, 3)
        self._grid.addWidget(self.wrong, 2, 0, 1, 6)
        self._grid.setColumnStretch(3, 1)
        self._folded = False
        for before, after in pairwise((self.table, self.line, self.kind, self.text, self.dots, self.enter)):
            QWidget.setTabOrder(before, after)
        self._offers = SuggestionList(self.text)
        self._offers.chosen.connect(self._accept)
        self.text.entered.connect(self.commit)
        self.text.escaped.connect(self._escape)
        self.text.up_in_empty.connect(self.edit_last)
        self.text.back_at_start.connect(self._give_back_block)
        self.text.left.connect(self._left)
        self.text.stepped.connect(self._offers.move_by)
        self.text.tabbed.connect(self._choose_offer)
        self.text.textChanged.connect(self._typed)
        self.text.overfull.connect(self._complain)
        THEME.changed.connect(self._show)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        """Where the letters are large the text has a line of its own under the chips."""
        folded = self.width() < THEME.px(NARROW)
        if folded is not self._folded:
            self._folded = folded
            self._grid.removeWidget(self.text)
            if folded:
                self._grid.addWidget(self.text, 1, 0, 1, 6)
            else:
                self._grid.addWidget(self.text, 0, 3)

    def retranslate(self) -> None:
        self.text.setPlaceholderText(t("Write what was said …"))
        ui.name_it(self.text, t("What was said"), t("Enter saves. @ table, # line, ! kind, + dots, at the start."))
        self._complain(self._problem)
        self.enter.setText(t("Save"))
        ui.name_it(self.enter, t("Save the contribution"), t("Save the contribution (Enter)"))
        self._show()

    # The context

    def use(self, book: LineBook, tables: Sequence[GroupRow]) -> None:
        """What there is to choose from."""
        self._book, self._tables = book, tables
        if self._group and all(row.record != self._group for row in tables):
            self._group = ""
        if self._new_group:
            made = next((row.record for row in tables if fold(row.name) == fold(self._new_group)), "")
            self._group, self._new_group = (made, "") if made else (self._group, self._new_group)
        self._show()

    def start(self) -> None:
        """Another workshop: no context, nothing written."""
        self.put_context("")
        self._returned = ""
        self._taken.clear()
        self.put_text("")
        self._complain(None)

    def put_text(self, words: str) -> None:
        """A text that was left unfinished; what was text stays text, even where it begins like a block."""
        self.text.blockSignals(True)
        self.text.setPlainText(words)
        self.text.moveCursor(QTextCursor.MoveOperation.End)
        self.text.blockSignals(False)

    def context_words(self) -> str:
        """The chips, to be kept with an unfinished text; empty where nothing was chosen."""
        chosen = [self._group, self._new_group, self._lines, self._kind, self._votes]
        return "" if chosen == ["", "", (), "proposal", 0] else json.dumps(chosen)

    def put_context(self, words: str) -> None:
        """The chips as they were kept; what is not there any more is left out once it is known what is (`use`)."""
        chosen: list[Any] = json.loads(words) if words else ["", "", (), "proposal", 0]
        self._group, self._new_group, lines, self._kind, self._votes = chosen
        self._lines = tuple(lines)
        self._show()

    def set_table(self, group: str) -> None:
        self._group, self._new_group = group, ""
        self._chosen()

    def set_lines(self, lines: tuple[str, ...]) -> None:
        self._lines = lines
        self._chosen()

    def set_kind(self, kind: str) -> None:
        self._kind = kind
        self._chosen()

    def set_dots(self, votes: int) -> None:
        self._votes = votes
        self._chosen()

    def _chosen(self) -> None:
        self._show()
        self.chosen.emit()

    @property
    def context(self) -> Said:
        """What Enter would record with the text."""
        return Said(
            text=self.text.words(), kind=self._kind, group=self._group, new_group=self._new_group,
            lines=self._lines, document=self._book.version if self._book else "", votes=self._votes,
        )  # fmt: skip

    def _vocabulary(self) -> Vocabulary:
        nodes = self._book.pointable if self._book else []
        return Vocabulary(
            {fold(row.name): row.record for row in self._tables},
            {node.code.lower(): node.id for node in nodes if node.code},
            {fold(label(SHORT_KINDS, kind)): kind for kind in CONTRIBUTION_KINDS},
        )

    def _show(self) -> None:
        name = next((row.name for row in self._tables if row.record == self._group), self._new_group)
        self._chip(
            self.table, t("Table {name}", name=name) if name else t("Table"), not name, t("Table of the contribution")
        )
        codes = " ".join(self._book.code(line) for line in self._lines) if self._book else ""
        self._chip(self.line, codes or t("Line"), not codes, t("Line of the base document"))
        self.line.setVisible(bool(self._book and self._book.pointable))
        self.kind.setIcon(icon(KIND_ICONS[self._kind], size=16, gap=6))
        self.kind.setIconSize(QSize(THEME.px(22), THEME.px(16)))
        self._chip(self.kind, label(SHORT_KINDS, self._kind), False, t("Kind of contribution"))
        self._chip(self.dots, f"● {self._votes}", not self._votes, plural("{count} dot", "{count} dots", self._votes))

    def _chip(self, chip: QWidget, shown: str, empty: bool, name: str) -> None:
        chip.setText(ui.unmarked(shown))  # type: ignore[attr-defined]
        ui.say_role(chip, "empty", "true" if empty else "false")
        ui.name_it(chip, f"{name}: {shown}", f"{name}: {shown}")
        chip.setMaximumWidth(THEME.px(CHIP))

    # Choosing with the mouse (or Tab and Space)

    def _choose_table(self) -> None:
        menu = QMenu(self)
        for row in self._tables:
            menu.addAction(ui.unmarked(t("Table {name}", name=row.name)), partial(self.set_table, row.record))
        if self._tables:
            menu.addSeparator()
        menu.addAction(t("A new table"), self._new_table)
        menu.addAction(t("Without table"), partial(self.set_table, ""))
        self._pop(menu, self.table)

    def _new_table(self) -> None:
        """The next number that no table has; the table is made with the contribution."""
        self._group, self._new_group = "", next_table(row.name for row in self._tables)
        self._chosen()

    def _choose_line(self) -> None:
        if self._book is not None:
            pick_lines(self.line, self._book, self._lines, self._lines_taken, above=True)

    def _lines_taken(self, lines: tuple[str, ...]) -> None:
        self.set_lines(lines)
        self.text.setFocus()

    def _choose_kind(self) -> None:
        menu = QMenu(self)
        for kind in CONTRIBUTION_KINDS:
            menu.addAction(label(KIND_LABELS, kind), partial(self.set_kind, kind))
        self._pop(menu, self.kind)

    def _choose_dots(self) -> None:
        menu = QMenu(self)
        for number in (0, 1, 2, 3, 4, 5, 6, 8, 10, 15, MOST_DOTS):
            menu.addAction(plural("{count} dot", "{count} dots", number), partial(self.set_dots, number))
        self._pop(menu, self.dots)

    def _pop(self, menu: QMenu, chip: QWidget) -> None:
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.aboutToHide.connect(self.text.setFocus)
        menu.popup(chip.mapToGlobal(QPoint(0, -menu.sizeHint().height())))

    # Typing

    def _typed(self) -> None:
        if isinstance(self._problem, InputRefused):  # a full disk is full, whatever is typed
            self._complain(None)
        text = self.text.words()
        if text and text[0] in SIGNS:
            blocks, rest = leading_blocks(text, self._vocabulary())
            if blocks:
                for block in blocks:
                    self._take_block(block)
                self._replace(len(text) - len(rest))
        self._offer()
        self.typed.emit()

    def _take_block(self, block: Block) -> None:
        before: object
        if block.sign == "@":
            before = (self._group, self._new_group)
            self._group, self._new_group = block.value, ""
        elif block.sign == "#":
            before = self._lines
            self._lines = (block.value,) if block.value else ()
        elif block.sign == "!":
            before = self._kind
            self._kind = block.value
        else:
            before = self._votes
            self._votes = int(block.value)
        self._taken.append((block, before))
        self._chosen()

    def _give_back_block(self) -> None:
        """Backspace at the very start: the last block was meant as text after all."""
        if not self._taken:
            return
        block, before = self._taken.pop()
        if block.sign == "@":
            self._group, self._new_group = before  # type: ignore[misc]
        elif block.sign == "#":
            self._lines = before  # type: ignore[assignment]
        elif block.sign == "!":
            self._kind = str(before)
        else:
            self._votes = int(before)  # type: ignore[call-overload]
        self._chosen()
        self.text.blockSignals(True)
        self.text.insertPlainText(block.typed.rstrip())
        self.text.blockSignals(False)
        self.typed.emit()

    def _replace(self, length: int) -> None:
        """Take the first characters out of the text. Backspace gives them back; undone as an edit of the field they
        would be taken at once again."""
        cursor = self.text.textCursor()
        cursor.setPosition(0)
        cursor.setPosition(length, QTextCursor.MoveMode.KeepAnchor)
        self.text.blockSignals(True)
        cursor.removeSelectedText()
        self.text.blockSignals(False)
        self.text.document().clearUndoRedoStacks()

    # Completion

    def _word(self) -> tuple[int, str]:
        """The word before the cursor, and where it starts."""
        cursor = self.text.textCursor()
        before = self.text.words()[: cursor.position()]
        word = before[max(before.rfind(" "), before.rfind("\n")) + 1 :]
        return cursor.position() - len(word), word

    def _offer(self) -> None:
        _, word = self._word()
        items = self._suggestions(word[0], word[1:]) if word[:1] in ("@", "#", "!") else []
        self._offers.offer(items, name=t("Suggestions"), above=True)
        self.text.offering = bool(items)

    def _suggestions(self, sign: str, begun: str) -> list[Suggestion]:
        if sign == "@":
            tables = [r for r in self._tables if fold(r.name).startswith(fold(begun))]
            return [Suggestion(t("Table {name}", name=r.name), Block("@", r.record, "")) for r in tables]
        if sign == "!":
            kinds = [k for k in CONTRIBUTION_KINDS if fold(label(SHORT_KINDS, k)).startswith(fold(begun))]
            return [Suggestion(label(SHORT_KINDS, k), Block("!", k, "")) for k in kinds]
        if self._book is None:
            return []
        return [Suggestion(self._book.named(n.id), Block("#", n.id, "")) for n in self._book.matching(begun)[:40]]

    def _accept(self, item: Suggestion) -> None:
        start, word = self._word()
        cursor = self.text.textCursor()
        cursor.setPosition(start)
        cursor.setPosition(start + len(word), QTextCursor.MoveMode.KeepAnchor)
        block: Block = item.value
        self._take_block(Block(block.sign, block.value, f"{word} "))
        cursor.removeSelectedText()
        self.text.setFocus()

    def _choose_offer(self) -> None:
        self._offers.choose()

    # Enter, Esc, leaving

    def commit(self) -> None:
        """Record what stands there. A line that is nothing but blocks only changes the context."""
        self._offers.hide()
        self.text.offering = False
        text = self.text.words()
        rest = text
        if text and text[0] in SIGNS:
            blocks, rest = leading_blocks(text, self._vocabulary(), ended=True)
            for block in blocks:
                self._take_block(block)
        if not rest.strip():
            self._empty()
            return
        # First of all: the lane is at work while the line is made ready for the next.
        self.said.emit(dataclasses.replace(self.context, text=rest.strip("\n")))
        self._empty()
        self._taken.clear()
        if self._votes:
            self.set_dots(0)

    def refused(self, said: Said, problem: PessError) -> None:
        """The store refused: text and dots come back, after what came back before and before what was typed since.

        Whoever goes on typing without looking types on a line of its own.
        """
        after = len(self._returned) if self._returned and self.text.words().startswith(self._returned) else 0
        cursor = self.text.textCursor()
        cursor.setPosition(after)
        self.text.blockSignals(True)  # what was text stays text, even where it begins like a block
        cursor.insertText(f"{said.text}\n")
        self.text.blockSignals(False)
        self._returned = f"{self._returned[:after]}{said.text}\n"
        self._votes = self._votes or said.votes
        self._complain(problem)
        self._chosen()
        self.typed.emit()

    def _empty(self) -> None:
        self.text.blockSignals(True)
        self.text.clear()
        self.text.blockSignals(False)
        self._returned = ""
        self._complain(None)

    def _complain(self, problem: PessError | None) -> None:
        self._problem = problem
        if problem is None and not self.wrong.text():
            return
        said = ""
        if problem is not None:
            said = sentence(PessError(problem.code, **{**problem.facts, "field": t("What was said")}))
        self.wrong.setText(said)
        self.wrong.setVisible(bool(said))
        ui.say_role(self, "wrong", "true" if said else "false")

    def _escape(self) -> None:
        if self._offers.isVisible():
            self._offers.hide()
            self.text.offering = False
            return
        self.text.selectAll()
        self.text.insertPlainText("")

    def _left(self) -> None:
        self._offers.hide()
        self.text.offering = False
        self.left.emit()
