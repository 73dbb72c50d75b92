"""Fields for what opens a protected store: a passphrase that can be looked at, a recovery key that puts itself in groups.

What is typed here is kept nowhere but in the field, and `clear` forgets it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget

from pessdesk.application.protection import GROUPS
from pessdesk.desktop import ui
from pessdesk.desktop.icons import icon
from pessdesk.desktop.theme import THEME
from pessdesk.desktop.widgets.plain_text import PlainLine
from pessdesk.desktop.words import sentence, t

if TYPE_CHECKING:
    from collections.abc import Callable

    from pessdesk.domain.errors import PessError

FAIR, GOOD, STRONG = 10, 16, 24
"""Lengths of a passphrase from which on it is called so; shorter than the first one it is refused."""
SIGNS = 5
"""A group of a recovery key has so many signs."""
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})


def groups_of(typed: str) -> list[str]:
    """A recovery key as it is being typed, in its groups: capitals, without separators, confused signs as they are meant."""
    signs = "".join(sign for sign in typed.upper() if sign.isalnum()).translate(_READ_AS)
    return [signs[place : place + SIGNS] for place in range(0, len(signs), SIGNS)][: GROUPS + 1]


class _Hidden(PlainLine):
    """A line that shows dots. `caps` tells of each letter whether Caps Lock made it: Qt cannot be asked."""

    caps = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhHiddenText | Qt.InputMethodHint.ImhNoAutoUppercase
            | Qt.InputMethodHint.ImhNoPredictiveText | Qt.InputMethodHint.ImhSensitiveData
        )  # fmt: skip

    def keyPressEvent(self, event: QKeyEvent) -> None:
        letter = event.text()
        if len(letter) == 1 and letter.lower() != letter.upper():
            shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.caps.emit(letter.isupper() != shifted)
        elif event.key() == Qt.Key.Key_CapsLock:
            self.caps.emit(False)  # on or off: the next letter tells
        super().keyPressEvent(event)


class SecretField(QWidget):
    """A label, a field, and below it what is to be said of it. `entered` on Enter, `edited` when what stands there changes."""

    entered = Signal()
    edited = Signal()

    def __init__(self, line: QLineEdit, *beside: QWidget) -> None:
        super().__init__()
        self.line = line
        self.label = ui.words("label")
        self.label.setBuddy(line)
        self.hint = ui.words("hint", wrap=True)
        self.caps = ui.words("warn", wrap=True)
        self.wrong = ui.words("wrong", wrap=True)
        self._problem: PessError | None = None
        line.returnPressed.connect(self.entered)
        line.textChanged.connect(self._edited)
        row = ui.row(ui.wide(line), *beside)
        self.setLayout(ui.column(self.label, row, self.caps, self.hint, self.wrong, gap=4))
        self.setFocusProxy(line)
        for said in (self.hint, self.caps, self.wrong):
            said.hide()

    def _edited(self) -> None:
        self.complain(None)
        self.edited.emit()

    def name(self, words: str, hint: str = "") -> None:
        self.label.setText(words)
        self.line.setAccessibleName(words)
        self.advise(hint)
        self.complain(self._problem)

    def advise(self, hint: str) -> None:
        """What stands below the field while nothing is wrong."""
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        self.line.setAccessibleDescription(hint)

    def complain(self, problem: PessError | None) -> None:
        """Say why it was refused; what was typed is selected, so that the next key begins anew."""
        self._problem = problem
        self.say_wrong(refusal(problem) if problem else "")

    def say_wrong(self, words: str) -> None:
        self.wrong.setText(words)
        self.wrong.setVisible(bool(words))
        self.line.setAccessibleDescription(words or self.hint.text())
        ui.say_role(self.line, "wrong", "true" if words else "false")
        if words:
            self.line.setFocus()
            self.line.selectAll()

    def clear(self) -> None:
        self.line.clear()
        self.caps.hide()
        self.complain(None)


class PassphraseField(SecretField):
    """A passphrase, as dots until somebody wants to see it."""

    def __init__(self) -> None:
        line = _Hidden()
        self.look = QToolButton()
        self.look.setCheckable(True)
        self.look.setAutoRaise(True)
        super().__init__(line, self.look)
        line.caps.connect(self.caps.setVisible)
        self.look.toggled.connect(self._look)
        THEME.changed.connect(self._draw)
        self._draw()

    @property
    def text(self) -> str:
        return self.line.text()

    def name(self, words: str, hint: str = "") -> None:
        super().name(words, hint)
        self.caps.setText(t("Caps Lock is on."))
        self._name_look()

    def clear(self) -> None:
        super().clear()
        self.look.setChecked(False)

    def _look(self, shown: bool) -> None:
        self.line.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self._draw()
        self._name_look()

    def _name_look(self) -> None:
        shown, name = self.look.isChecked(), self.label.text()
        ui.name_it(self.look, t("Hide: {name}", name=name) if shown else t("Show: {name}", name=name))

    def _draw(self) -> None:
        self.look.setIcon(icon("eye-off" if self.look.isChecked() else "eye", "ink_soft"))
        size = THEME.px(18)
        self.look.setIconSize(self.look.iconSize().scaled(size, size, Qt.AspectRatioMode.KeepAspectRatio))


class RecoveryField(SecretField):
    """A recovery key, in any case and with any separators; it says which group is mistyped as soon as it stands there."""

    def __init__(self, is_right: Callable[[int, str], bool]) -> None:
        """`is_right` says whether a group, by its number from 1, can be what stands on a sheet."""
        super().__init__(_Grouped())
        self._is_right = is_right
        self.edited.connect(self._look_through)

    def name(self, words: str, hint: str = "") -> None:
        super().name(words, hint)
        self._look_through()

    def wrong_groups(self) -> list[int]:
        """The numbers of the groups that are whole and cannot be right."""
        groups = groups_of(self.line.text())
        return [
            number
            for number, group in enumerate(groups, start=1)
            if number > GROUPS or (len(group) == SIGNS and not self._is_right(number, group))
        ]

    def _look_through(self) -> None:
        wrong, groups = self.wrong_groups(), groups_of(self.line.text())
        if wrong:
            said = t("Group {number} is mistyped: look at it again.", number=min(GROUPS, wrong[0]))
        elif len(groups) == GROUPS and len(groups[-1]) == SIGNS:
            said = t("All groups are right.")
        else:
            said = t("Group {number} of {all}", number=max(1, len(groups)), all=GROUPS)
        ui.say_role(self.hint, "role", "wrong" if wrong else "hint")
        self.advise(said)


class _Grouped(PlainLine):
    """Capital letters and digits in groups of five, wherever the cursor is while they are typed or pasted."""

    def __init__(self) -> None:
        super().__init__()
        self.textEdited.connect(self._group)

    def _group(self, typed: str) -> None:
        before = sum(sign.isalnum() for sign in typed[: self.cursorPosition()])
        shown = "-".join(groups_of(typed))
        if shown == typed:
            return
        self.setText(shown)
        place = seen = 0
        while place < len(shown) and seen < before:
            seen += shown[place] != "-"
            place += 1
        self.setCursorPosition(place)


def refusal(problem: PessError) -> str:
    """Why a secret does not open the data, where these need not be named."""
    if problem.code == "passphrase-wrong":
        return t("This is not the passphrase. Look at capitals and the keyboard's language, and try again.")
    if problem.code == "recovery-wrong":
        return t("This is not the recovery key of this laptop's data. Is it the sheet of another laptop?")
    return sentence(problem)


class NewPassphrase(QWidget):
    """A passphrase typed twice; what it is worth stands below it. `entered` on Enter in the second field."""

    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.first, self.again = PassphraseField(), PassphraseField()
        self.first.edited.connect(self._weigh)
        self.first.entered.connect(self.again.setFocus)
        self.again.entered.connect(self.entered)
        self.setLayout(ui.column(self.first, self.again, gap=10))
        self.setFocusProxy(self.first)

    def retranslate(self) -> None:
        self.first.name(t("New passphrase"))
        self.again.name(t("The same passphrase again"))
        self._weigh()

    def _weigh(self) -> None:
        self.first.advise(strength(self.first.text))

    def agreed(self) -> str | None:
        """The passphrase, if both fields say the same; else it is said what is missing."""
        if len(self.first.text.strip()) < FAIR:
            self.first.say_wrong(t("Too short to protect anything: at least {least} characters.", least=FAIR))
        elif self.first.text != self.again.text:
            self.again.say_wrong(t("The two are not the same. Write it again."))
        else:
            return self.first.text
        return None

    def clear(self) -> None:
        self.first.clear()
        self.again.clear()


def strength(passphrase: str) -> str:
    """What a passphrase of this length is worth, in words; no signs are asked for, for length is what counts."""
    length = len(passphrase)
    if not length:
        return t("Four or five words that you will remember are better than a few odd signs.")
    if length < FAIR:
        return t("Too short to protect anything: at least {least} characters.", least=FAIR)
    if length < GOOD:
        return t("Fair. Another word would make it much better.")
    if length < STRONG:
        return t("Good.")
    return t("Very good.")
