"""Small makers of widgets, so that views read like what they show. Looks come from the style sheet, by `role`."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from pessdesk.desktop.icons import icon
from pessdesk.desktop.theme import THEME

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QAbstractButton


_LONG, _PARTS = re.compile(r"\S{25,}"), re.compile(r"\S{1,12}")


def words(role: str = "", *, wrap: bool = False, selectable: bool = False) -> QLabel:
    """A text; always plain, whatever somebody wrote into it."""
    made = _Wrapped() if wrap else QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("role", role)
    made.setWordWrap(wrap)
    if selectable:
        made.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
    return made


class _Wrapped(QLabel):
    """A text on as many lines as it needs: also a word that is longer than a line goes on on the next."""

    def __init__(self) -> None:
        super().__init__()
        self._words = ""

    def setText(self, text: str) -> None:
        self._words = text
        super().setText(_LONG.sub(lambda found: "\u200b".join(_PARTS.findall(found[0])), text))

    def text(self) -> str:
        return self._words


class Elided(QLabel):
    """A text on one line that gives way: what has no room ends in an ellipsis, and the tool tip has it whole."""

    def __init__(self, role: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setToolTip(tip(text))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().averageCharWidth() * 4, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = self.contentsRect()
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, area.width())
        flags = self.alignment() | Qt.TextFlag.TextSingleLine
        self.style().drawItemText(painter, area, flags, self.palette(), self.isEnabled(), shown, self.foregroundRole())


class _Primary(QPushButton):
    """A filled button; focused, it has a ring inside: around it, a border would not stand out against the fill."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(THEME.colour("accent_ink"), THEME.px(2)))
            inset = THEME.px(4)
            painter.drawRoundedRect(self.rect().adjusted(inset, inset, -inset, -inset), THEME.px(3), THEME.px(3))


def button(
    role: str = "", sign: str = "", clicked: Callable[[], object] | None = None, *, giving: bool = False
) -> QPushButton:
    """A button. Its text is a verb and comes with `retranslate`; `giving` for what people call things, which may be long."""
    made = _Primary() if role == "primary" else GivingButton() if giving else QPushButton()
    made.setProperty("role", role)
    made.setAutoDefault(False)
    if sign:
        put_icon(made, sign, "accent_ink" if role == "primary" else "accent" if role == "quiet" else "ink")
    if clicked is not None:
        when_clicked(made, clicked)
    return made


def when_clicked(target: QAbstractButton, do: Callable[[], object]) -> None:
    """Do something at each click, whatever state Qt tells of the button."""
    target.clicked.connect(lambda _=False: do())


def tool(sign: str, clicked: Callable[[], object] | None = None) -> QToolButton:
    """A button that shows an icon only; it needs a tool tip and an accessible name (`name_it`)."""
    made = QToolButton()
    made.setAutoRaise(True)
    put_icon(made, sign, "ink_soft")
    if clicked is not None:
        when_clicked(made, clicked)
    return made


class _Sign(QObject):
    """Keeps a button's icon in the ink of the theme; lives as long as the button."""

    def __init__(self, target: QPushButton | QToolButton, sign: str, colour: str, size: int, chosen: str) -> None:
        super().__init__(target)
        self._target, self._sign, self._colour, self._size, self._chosen = target, sign, colour, size, chosen
        THEME.changed.connect(self.draw)
        self.draw()

    def draw(self) -> None:
        # A push button leaves four pixels between its icon and its word at any size: the icon brings room of its own.
        gap = 6 if isinstance(self._target, QPushButton) else 0
        self._target.setIcon(icon(self._sign, self._colour, self._size, self._chosen, gap))
        self._target.setIconSize(QSize(THEME.px(self._size + gap), THEME.px(self._size)))


class GivingButton(QPushButton):
    """A button whose words give way: what has no room ends in an ellipsis."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        return QSize(THEME.px(72), super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        inside = self.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, self)
        room = inside.width() - (option.iconSize.width() + THEME.px(8) if not option.icon.isNull() else 0)
        shown = Qt.TextFlag.TextShowMnemonic.value
        option.text = option.fontMetrics.elidedText(option.text, Qt.TextElideMode.ElideRight, room, shown)
        QStylePainter(self).drawControl(QStyle.ControlElement.CE_PushButton, option)


def put_icon(
    target: QPushButton | QToolButton, sign: str, colour: str = "ink", size: int = 18, chosen: str = ""
) -> None:
    """Give a button an icon that follows the theme."""
    _Sign(target, sign, colour, size, chosen)


def name_it(widget: QWidget, name: str, hint: str = "") -> None:
    """What a screen reader says, and what a tool tip shows."""
    widget.setAccessibleName(name)
    widget.setToolTip(tip(hint or name))


def tip(words: str) -> str:
    """Words for a tool tip as they are: Qt takes for a page what looks like one, whoever wrote it."""
    return f"<qt>{html.escape(words)}</qt>" if "<" in words else words


def unmarked(words: str) -> str:
    """Words for a button or a menu as they are: there an & marks the letter after it."""
    return words.replace("&", "&&")


def say_role(widget: QWidget, name: str, value: object) -> None:
    """Change a property on which the style sheet looks."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        if not widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
            return  # it takes its look when it is first shown
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def frame(role: str, layout: QLayout | None = None) -> QFrame:
    made = QFrame()
    made.setProperty("role", role)
    if layout is not None:
        made.setLayout(layout)
    return made


def rule() -> QFrame:
    return frame("rule")


def _filled(layout: QBoxLayout, things: tuple[QWidget | QLayout | int | None, ...], gap: int, margin: int) -> None:
    layout.setSpacing(THEME.px(gap))
    layout.setContentsMargins(*[THEME.px(margin) if margin else 0] * 4)
    for thing in things:
        if thing is None:
            layout.addStretch(1)
        elif isinstance(thing, int):
            layout.addSpacing(THEME.px(thing))
        elif isinstance(thing, QWidget):
            layout.addWidget(thing)
        else:
            layout.addLayout(thing)


def row(*things: QWidget | QLayout | int | None, gap: int = 8, margin: int = 0) -> QHBoxLayout:
    """Side by side; None is a spring, a number a space."""
    made = QHBoxLayout()
    _filled(made, things, gap, margin)
    return made


def column(*things: QWidget | QLayout | int | None, gap: int = 8, margin: int = 0) -> QVBoxLayout:
    """One below the other; None is a spring, a number a space."""
    made = QVBoxLayout()
    _filled(made, things, gap, margin)
    return made


def scrolled(content: QWidget) -> QScrollArea:
    """`content` in as much room as there is, scrolled where that is too little."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    content.setObjectName("scrolled")
    area.setWidget(content)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


def show_in(area: QScrollArea, widget: QWidget) -> None:
    """Scroll to a widget, once it has been laid out."""
    QTimer.singleShot(0, widget, lambda: area.ensureWidgetVisible(widget))


def wide(widget: QWidget) -> QWidget:
    """The widget, taking what width there is."""
    widget.setSizePolicy(QSizePolicy.Policy.Expanding, widget.sizePolicy().verticalPolicy())
    return widget
