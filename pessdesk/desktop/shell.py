"""What is always there: the sidebar, the title with the state of safety, the message strip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QSize, Qt, QTime, QTimer, Signal
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QToolButton, QVBoxLayout

from pessdesk.desktop import ui
from pessdesk.desktop.icons import icon
from pessdesk.desktop.theme import THEME
from pessdesk.desktop.words import WORDS, sentence, t

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QAction, QResizeEvent

    from pessdesk.domain.errors import PessError

CALM_MS = 300
ROLES = ("facilitator", "rapporteur", "office", "trainer")
SIDEBAR = {
    "facilitator": ("today", "workshops", "handover", "receive", "clashes", "laptops"),
    "rapporteur": ("today", "workshops", "handover"),
    "office": ("receive", "clashes", "workshops", "today", "handover", "laptops", "acts"),
    "trainer": ("today", "workshops", "receive", "laptops"),
}
"""What each role finds in the sidebar, in its order; the palette finds everything for everybody."""
ALWAYS = ("settings", "help")
ICONS = {
    "today": "calendar-days", "workshops": "users-round", "handover": "send", "receive": "inbox",
    "clashes": "git-compare-arrows", "laptops": "laptop", "acts": "history", "settings": "settings", "help": "life-buoy",
}  # fmt: skip


def screen_names() -> dict[str, str]:
    """The screens of the sidebar, as they are called."""
    return {
        "today": t("Today"), "workshops": t("Workshops"), "handover": t("Hand over"), "receive": t("Receive"),
        "clashes": t("Clashes"), "laptops": t("Laptops"), "acts": t("Log"), "settings": t("Settings"), "help": t("Help"),
    }  # fmt: skip


class Sidebar(QFrame):
    """Icon and word for each screen that the role needs."""

    wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("sidebar")
        self._buttons: dict[str, QToolButton] = {}
        self._badges: dict[str, int] = {}
        self._current = ""
        self._drawn = False
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(4, 8, 4, 8)
        self._layout.setSpacing(2)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        THEME.changed.connect(self._draw)

    def use_role(self, role: str) -> None:
        while (item := self._layout.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self._buttons.clear()
        names = SIDEBAR.get(role, SIDEBAR["facilitator"])
        for name in (*names, *ALWAYS):
            if name == ALWAYS[0]:
                self._layout.addStretch(1)
            button = QToolButton()
            button.setCheckable(True)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda _=False, name=name: self._go(name))
            self._layout.addWidget(button)
            self._buttons[name] = button
        if self._drawn:
            self._draw()
        self._fit()
        self.retranslate()
        self.mark(self._current)

    def _go(self, name: str) -> None:
        self.mark(self._current)  # pressing it does not put it on: being there does
        self.wanted.emit(name)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Icon over word where there is room; with very large letters the words alone."""
        needed = (len(self._buttons) + 1) * THEME.px(68)
        style = Qt.ToolButtonStyle.ToolButtonTextUnderIcon
        if self.height() < needed:
            style = Qt.ToolButtonStyle.ToolButtonTextOnly
        for button in self._buttons.values():
            button.setToolButtonStyle(style)
            button.setMinimumHeight(THEME.px(34 if style == Qt.ToolButtonStyle.ToolButtonTextOnly else 60))
        # With the words alone it can be lower: were the icons' height the least, the window could never become so.
        self.setMinimumHeight(len(self._buttons) * (THEME.px(34) + 2) + 16)
        widest = max((button.sizeHint().width() for button in self._buttons.values()), default=0)
        self.setFixedWidth(max(THEME.px(104), widest + 9))

    def draw(self) -> None:
        """Draw the icons; the first time just behind the first frame, which has the words."""
        self._drawn = True
        self._draw()

    def _draw(self) -> None:
        self._fit()
        for name, button in self._buttons.items():
            button.setIcon(icon(ICONS[name], "accent" if name == self._current else "ink_soft", 22))
            button.setIconSize(QSize(THEME.px(22), THEME.px(22)))

    def retranslate(self) -> None:
        names = screen_names()
        for name, button in self._buttons.items():
            count = self._badges.get(name, 0)
            button.setText(f"{names[name]} · {count}" if count else names[name])
            ui.name_it(button, button.text())
        self._fit()

    def badge(self, name: str, count: int) -> None:
        """A number behind a screen's name: what waits there."""
        if self._badges.get(name, 0) != count:
            self._badges[name] = count
            self.retranslate()

    def mark(self, name: str) -> None:
        for one, colour in ((self._current, "ink_soft"), (name, "accent")):
            if self._drawn and one in self._buttons:
                self._buttons[one].setIcon(icon(ICONS[one], colour, 22))
        self._current = name
        # No group of Qt's: there an arrow key would choose at once, and Tab would find the chosen one alone.
        for other, button in self._buttons.items():
            button.setChecked(other == name)


class Safety(QLabel):
    """Whether everything is on the disk: never says *saved* of what is not.

    It says so a little later than it is so: somebody who types would else see it come and go with each word.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("safety")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._problem: PessError | None = None
        self._at: QTime | None = None
        self._saving = 0
        self._typing = False
        self._half_written = False
        self._in_vain: PessError | None = None
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._show)
        self._calm = QTimer(self, singleShot=True, interval=CALM_MS)
        self._calm.timeout.connect(self._show)
        self._show()

    def saving(self) -> None:
        """A change is on its way; said from the next turn on, for most are there before."""
        self._saving += 1
        self._soon.start()

    def typing(self, going_on: bool) -> None:
        """There is a key that is not on the disk yet; or there is none any more."""
        self._typing = going_on
        if going_on:
            self._calm.stop()
            self._show()
        else:
            self._at = QTime.currentTime()
            self._calm.start()

    def half_written(self, half: bool) -> None:
        """A form holds something that is kept only as a whole."""
        if half != self._half_written:
            self._half_written = half
            self._show()

    def typed_in_vain(self, problem: PessError | None) -> None:
        """What was typed cannot be kept; or now it can again (None)."""
        self._in_vain = problem
        self._show()

    def saved(self) -> None:
        self._saving = max(0, self._saving - 1)
        self._problem, self._at = None, QTime.currentTime()
        self._soon.stop()
        self._show()

    def unsaved(self, problem: PessError) -> None:
        self._saving = max(0, self._saving - 1)
        self.troubled(problem)

    def troubled(self, problem: PessError) -> None:
        """Something is wrong with the disk or the store; what is on its way still is."""
        self._problem = problem if problem.exit_code in (7, 8, 9) else self._problem
        self._soon.stop()
        self._show()

    def _show(self) -> None:
        problem = self._in_vain or self._problem
        if problem is not None:
            state, words = "unsaved", t("Not saved")
            self.setToolTip(sentence(problem))
        elif self._saving or self._typing:
            state, words = "saving", t("Saving …")
        elif self._half_written:
            state, words = "saving", t("Half written")
            self.setToolTip(t("A name is on the disk only once it is written down with what the person agrees to."))
        elif self._at is not None:
            shown = QLocale(WORDS.language).toString(self._at, "HH:mm")
            state, words = "saved", "✓ " + t("Saved at {time}", time=shown)
            self.setToolTip(t("Everything is on the disk."))
        else:
            state, words = "saved", "✓ " + t("Everything saved")
            self.setToolTip(t("Everything is on the disk."))
        self.setText(words)
        self.setAccessibleName(words)
        ui.say_role(self, "state", state)

    def retranslate(self) -> None:
        self._show()


class TopBar(QFrame):
    """The title, undo and redo, the palette, the state of safety."""

    def __init__(self, back: Callable[[], object], palette: Callable[[], object]) -> None:
        super().__init__()
        self.setObjectName("topbar")
        self.back = ui.tool("arrow-left", back)
        self.name = ui.Elided("heading")
        self.undo, self.redo = QToolButton(), QToolButton()
        for button in (self.undo, self.redo):
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        THEME.changed.connect(self._draw)
        self.finder = ui.button("quiet", "search", palette)
        self.safety = Safety()
        layout = ui.row(self.back, self.name, self.undo, self.redo, self.finder, self.safety, gap=6)
        layout.setStretch(1, 1)
        layout.setContentsMargins(16, 8, 16, 8)
        self.setLayout(layout)

    def retranslate(self) -> None:
        ui.name_it(self.back, t("Back"), t("Back (Alt+Left)"))
        self.finder.setText(t("Find and do"))
        ui.name_it(self.finder, t("Find and do"), t("Every action, workshop and contribution (Ctrl+K)"))
        self.safety.retranslate()

    def use_actions(self, undo: QAction, redo: QAction) -> None:
        self.undo.setDefaultAction(undo)
        self.redo.setDefaultAction(redo)
        self._draw()

    def _draw(self) -> None:
        for button, sign in ((self.undo, "undo-2"), (self.redo, "redo-2")):
            if (action := button.defaultAction()) is not None:
                action.setIcon(icon(sign, "ink_soft"))
            button.setIconSize(QSize(THEME.px(18), THEME.px(18)))

    def show_title(self, title: str) -> None:
        self.name.setText(title)


class RehearsalBanner(QFrame):
    """The coloured strip over everything while people rehearse."""

    def __init__(self, leave: Callable[[], object]) -> None:
        super().__init__()
        self.setObjectName("rehearsal")
        self.words = ui.words(wrap=True)
        self.leave = ui.button(clicked=leave)
        layout = ui.row(ui.wide(self.words), self.leave)
        layout.setContentsMargins(16, 4, 16, 4)
        self.setLayout(layout)
        self.retranslate()

    def retranslate(self) -> None:
        self.words.setText(t("Rehearsal: nothing here is real, and nothing of it can be handed over."))
        self.leave.setText(t("Leave the rehearsal"))
        self.leave.setAccessibleName(self.leave.text())
