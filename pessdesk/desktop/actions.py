"""Everything that can be done from anywhere, once: its words, its keys, what it does. The palette and the keys use it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence

from pessdesk.desktop.shell import ICONS, screen_names
from pessdesk.desktop.words import t

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from pessdesk.desktop.history import History


ALWAYS = ("help", "back", "larger", "smaller", "usual-size", "full-screen", "quit")
"""What can be done whatever bars the way."""


class Entry(NamedTuple):
    """A row: its icon, its words, a remark at the right (a shortcut, a date), what it does."""

    sign: str
    text: str
    remark: str
    do: Callable[[], object]


class Doings(NamedTuple):
    """What the window lends: each is called without arguments."""

    go: Callable[[str], object]
    back: Callable[[], object]
    palette: Callable[[], object]
    find: Callable[[], object]
    help: Callable[[], object]
    undo: Callable[[], object]
    redo: Callable[[], object]
    zoom: Callable[[float], object]
    full_screen: Callable[[], object]
    rehearse: Callable[[], object]
    leave_rehearsal: Callable[[], object]
    new_workshop: Callable[[], object]
    minutes: Callable[[], object]
    people: Callable[[], object]
    lock: Callable[[], object]
    quit: Callable[[], object]


class Actions:
    """The window's actions by name."""

    def __init__(self, window: QWidget, do: Doings) -> None:
        self._window = window
        self._signs: dict[str, str] = {}
        self.all: dict[str, QAction] = {}
        self._barred = False
        for number, screen in enumerate(("today", "workshops", "handover", "receive", "clashes", "laptops"), start=1):
            self._add(f"go-{screen}", ICONS[screen], partial(do.go, screen), f"Alt+{number}")
        self._add("go-acts", "history", partial(do.go, "acts"), "Alt+7")
        self._add("go-settings", "settings", lambda: do.go("settings"), "Ctrl+,")
        self._add("go-protection", "shield-check", lambda: do.go("protection"))
        self._add("go-backups", "archive-restore", lambda: do.go("backups"))
        self._add("new-workshop", "plus", do.new_workshop, QKeySequence.StandardKey.New)
        self._add("minutes", "file-text", do.minutes, "Ctrl+M")
        self._add("people", "hand-heart", do.people, "Ctrl+P")
        self._add("undo", "undo-2", do.undo, QKeySequence.StandardKey.Undo)
        self._add("redo", "redo-2", do.redo, "Ctrl+Shift+Z", "Ctrl+Y")
        self._add("palette", "search", do.palette, "Ctrl+K")
        self._add("find", "search", do.find, QKeySequence.StandardKey.Find)
        self._add("back", "arrow-left", do.back, "Alt+Left")
        self._add("help", "life-buoy", do.help, "F1")
        self._add("larger", "plus", lambda: do.zoom(1.1), "Ctrl++", "Ctrl+=")
        self._add("smaller", "chevron-down", lambda: do.zoom(1 / 1.1), "Ctrl+-")
        self._add("usual-size", "check", lambda: do.zoom(0), "Ctrl+0")
        self._add("full-screen", "play", do.full_screen, "F11")
        self._add("rehearse", "sprout", do.rehearse)
        self._add("leave-rehearsal", "log-out", do.leave_rehearsal)
        self._add("lock", "lock", do.lock, "Ctrl+Shift+L")
        self._add("quit", "x", do.quit, QKeySequence.StandardKey.Quit)

    def _add(self, name: str, sign: str, do: Callable[[], object], *keys: str | QKeySequence.StandardKey) -> None:
        action = QAction(self._window)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.triggered.connect(lambda _=False: do())
        self._window.addAction(action)
        self.all[name] = action
        self._signs[name] = sign

    def retranslate(self, history: History) -> None:
        screens = screen_names()
        words = {f"go-{name}": screens[name] for name in screens if f"go-{name}" in self.all}
        words |= {
            "new-workshop": t("New workshop"), "minutes": t("Write the minutes of this workshop"),
            "people": t("People of this workshop, by name"),
            "palette": t("Find and do"), "find": t("Search"), "back": t("Back"), "help": t("Help on this screen"), "larger": t("Larger"),
            "smaller": t("Smaller"), "usual-size": t("Usual size"), "full-screen": t("Full screen"),
            "rehearse": t("Rehearse with invented words"), "leave-rehearsal": t("Leave the rehearsal"),
            "lock": t("Lock"), "quit": t("Close PessDesk"), "go-protection": t("Protection"), "go-backups": t("Backups"),
        }  # fmt: skip
        for name, text in words.items():
            self.all[name].setText(text)
        self.show_history(history)

    def bar(self, barred: bool) -> None:
        """While a page bars the way only what concerns the window itself can be done. `show_history` says the rest."""
        self._barred = barred
        for name, action in self.all.items():
            if name not in ("undo", "redo", "minutes"):
                action.setEnabled(not barred or name in ALWAYS)

    def show_history(self, history: History) -> None:
        """Undo and redo say what they would undo and redo."""
        undo, redo = history.next_undo, history.next_redo
        self.all["undo"].setEnabled(history.can_undo and not self._barred)
        self.all["redo"].setEnabled(history.can_redo and not self._barred)
        self.all["undo"].setText(t("Undo: {what}", what=undo.what.words()) if undo else t("Undo"))
        self.all["redo"].setText(t("Redo: {what}", what=redo.what.words()) if redo else t("Redo"))

    def entries(self) -> list[Entry]:
        """The rows of the palette: what can be done now."""
        return [
            Entry(self._signs[name], action.text(), _keys(action), action.trigger)
            for name, action in self.all.items()
            if action.isEnabled() and action.isVisible() and name != "palette"
        ]


def _keys(action: QAction) -> str:
    shortcuts = action.shortcuts()
    return shortcuts[0].toString(QKeySequence.SequenceFormat.NativeText) if shortcuts else ""
