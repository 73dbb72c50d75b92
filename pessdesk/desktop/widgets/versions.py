"""One field that laptops gave different values: the versions side by side, one of which is to be chosen.

The buttons take the keys: arrows and numbers choose, Enter says that it is decided. What people wrote can also be
replaced by something else.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QDateTime, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut, QTextCursor
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QPushButton, QWidget

from pessdesk.desktop import ui
from pessdesk.desktop.theme import THEME
from pessdesk.desktop.widgets.differing import DifferingText
from pessdesk.desktop.widgets.plain_text import GrowingText, PlainLine
from pessdesk.desktop.words import sentence, t

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pessdesk.application.screens import ClaimRow
    from pessdesk.domain.errors import PessError

_CARD = 3.2
"""The width that a card needs, in hundreds of pixels at the usual font's size; with less they stand below each other."""
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}


class Choice(NamedTuple):
    """What was chosen for a field: the number of a version, from 0, or None for a text of one's own; and its value."""

    number: int | None
    value: Any


class Versions(QWidget):
    """`chosen` when a version is marked, `pressed` when its button was clicked, `decided` on Enter; `given_up` when a text
    of one's own is rather not written."""

    chosen = Signal()
    pressed = Signal()
    decided = Signal()
    given_up = Signal()

    def __init__(self, field: str, name: str, claims: Sequence[ClaimRow], said: Sequence[str], *, words: bool) -> None:
        """`said` are the versions' values in words, empty for one that says nothing; with `words` those words are marked
        in which they differ."""
        super().__init__()
        self.field, self.name, self.claims, self._words = field, name, claims, words
        self.choice: Choice | None = None
        self.editor: GrowingText | PlainLine | None = None
        heading = ui.words("label")
        heading.setText(name)
        self.buttons: list[QPushButton] = []
        self._cards: list[QFrame] = []
        self._row = QHBoxLayout()
        self._row.setSpacing(THEME.px(12))
        for number, claim in enumerate(claims):
            self._row.addWidget(self._card(number, claim, said), 1)
        self._below = ui.column(gap=6)
        self.setLayout(ui.column(heading, self._row, self._below, gap=6))

    def _card(self, number: int, claim: ClaimRow, said: Sequence[str]) -> QFrame:
        who, when, text = ui.words("strong", wrap=True), ui.words("small", wrap=True), DifferingText()
        laptop = claim.label or t("A laptop without a name")
        who.setText(t("{number}. {label}", number=number + 1, label=laptop))
        at = QDateTime.fromMSecsSinceEpoch(claim.at).toString("dd/MM/yyyy HH:mm")
        when.setText(t("{when} · shown now", when=at) if number == 0 else at)
        shown = said[number] or t("(nothing)")
        others = [other for place, other in enumerate(said) if place != number and (number == 0 or place == 0)]
        text.show_text(shown, others if self._words and said[number] else ())
        button = _KeepButton(partial(self._step, number), self.choose_number, self.decided.emit)
        button.setText(t("Keep this one"))
        ui.name_it(
            button,
            t("Keep for {field} what {label} says: {value}", field=self.name, label=laptop, value=shown),
            t("Keep this one ({number})", number=number + 1),
        )
        button.clicked.connect(partial(self._clicked, number))
        self.buttons.append(button)
        card = ui.frame("version", ui.column(who, when, 4, text, None, ui.row(button, None), gap=2, margin=14))
        self._cards.append(card)
        return card

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.width() >= _CARD * THEME.px(100) * len(self._cards)
        self._row.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)

    # Choosing

    def choose_number(self, number: int) -> None:
        """Mark a version; what is not there is left alone."""
        if 0 <= number < len(self.claims):
            self._mark(Choice(number, self.claims[number].value))
            self.buttons[number].setFocus()

    def _step(self, number: int, step: int) -> None:
        """An arrow: the first one marks the version that has the focus, the next ones its neighbours."""
        marked = self.choice is not None and self.choice.number == number
        self.choose_number(min(max(0, number + step), len(self.claims) - 1) if marked else number)

    def _clicked(self, number: int, _: bool = False) -> None:
        self.choose_number(number)
        self.pressed.emit()

    def _mark(self, choice: Choice) -> None:
        self.choice = choice
        for number, (card, button) in enumerate(zip(self._cards, self.buttons, strict=True)):
            mine = number == choice.number
            ui.say_role(card, "chosen", "true" if mine else "false")
            button.setText(t("✓ Chosen") if mine else t("Keep this one"))
        if self.editor is not None:
            self.use.setText(t("Keep this text") if choice.number is not None else t("✓ Chosen"))
        self.chosen.emit()

    # Another text

    def offer_text(self, shown: str, *, paragraph: bool) -> None:
        """Let something else be written in place of all versions, beginning with what shows now."""
        self.write = ui.button("quiet", "pencil-line", self._open_editor)
        self.write.setText(t("Write another…"))
        ui.name_it(self.write, t("Write another for {field}", field=self.name))
        self.editor = GrowingText(2) if paragraph else PlainLine()
        self.editor.setAccessibleName(t("Another text for {field}", field=self.name))
        self.use = ui.button("", "", self._use_text)
        self.use.setText(t("Keep this text"))
        ui.name_it(self.use, t("Keep this text"), t("Keep this text (Ctrl+Enter)"))
        self.back = ui.button("quiet", "", self._close_editor)
        self.back.setText(t("Rather not"))
        ui.name_it(self.back, t("Rather not"), t("Rather not (Esc)"))
        self.wrong = ui.words("wrong", wrap=True)
        self.wrong.hide()
        self._fill = shown
        self.own = QWidget()
        self.own.setLayout(ui.column(self.editor, self.wrong, ui.row(self.use, self.back, None), gap=6))
        self.own.hide()
        for keys, do in (
            ("Ctrl+Return", self._use_text),
            ("Ctrl+Enter", self._use_text),
            ("Escape", self._close_editor),
        ):
            shortcut = QShortcut(QKeySequence(keys), self.own)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(do)
        if isinstance(self.editor, GrowingText):
            self.editor.overfull.connect(self.complain)
        if isinstance(self.editor, PlainLine):
            self.editor.returnPressed.connect(self._use_text)
        self._below.addLayout(ui.row(self.write, None))
        self._below.addWidget(self.own)

    @property
    def text(self) -> str:
        """What was written in place of all versions."""
        if isinstance(self.editor, GrowingText):
            return self.editor.words().strip()
        return self.editor.text().strip() if self.editor is not None else ""

    @property
    def unfinished(self) -> str:
        """What is being written in place of all versions; empty while it is what shows now."""
        return self.text if self.text != self._fill.strip() else ""

    def put_back(self, words: str) -> None:
        """A text that was being written when the window closed."""
        if isinstance(self.editor, GrowingText):
            self.editor.setPlainText(words)
        elif self.editor is not None:
            self.editor.setText(words)
        self.write.hide()
        self.own.show()

    def _open_editor(self) -> None:
        if isinstance(self.editor, GrowingText) and not self.text:
            self.editor.setPlainText(self._fill)
            self.editor.moveCursor(QTextCursor.MoveOperation.End)
        elif isinstance(self.editor, PlainLine) and not self.text:
            self.editor.setText(self._fill)
        self.write.hide()
        self.own.show()
        assert self.editor is not None
        self.editor.setFocus()

    def _close_editor(self) -> None:
        self.given_up.emit()
        self.own.hide()
        self.write.show()
        self.write.setFocus()

    def _use_text(self) -> None:
        self._mark(Choice(None, self.text))
        self.pressed.emit()

    def complain(self, problem: PessError) -> None:
        """Say beside the text why it is refused."""
        self.wrong.setText(sentence(problem))
        self.wrong.show()


class _KeepButton(QPushButton):
    """The button of a version; it takes the keys with which one decides."""

    def __init__(self, step: Callable[[int], None], number: Callable[[int], None], decide: Callable[[], None]) -> None:
        super().__init__()
        self.setAutoDefault(False)
        self._step, self._number, self._decide = step, number, decide

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif key in _STEPS:
            self._step(_STEPS[key])
        elif Qt.Key.Key_1 <= key <= Qt.Key.Key_9:
            self._number(key - Qt.Key.Key_1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self._decide()
        else:
            super().keyPressEvent(event)
