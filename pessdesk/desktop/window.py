"""The window: one store at a time, one screen at a time, and the way between them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QPaintEvent,
)
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from pessdesk.desktop import ui
from pessdesk.desktop.actions import Actions, Doings
from pessdesk.desktop.dropped import local_files
from pessdesk.desktop.gate import Gate, Place
from pessdesk.desktop.messages import MessageBar
from pessdesk.desktop.session import Change, Session
from pessdesk.desktop.shell import RehearsalBanner, Sidebar, TopBar
from pessdesk.desktop.theme import THEME
from pessdesk.desktop.words import WORDS, t
from pessdesk.desktop.work import Lane
from pessdesk.domain.errors import WorldUnkind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from pessdesk.desktop.program import Program
    from pessdesk.desktop.screens.base import Screen
    from pessdesk.desktop.settings import Settings
    from pessdesk.domain.errors import PessError

WARM_AFTER_MS = 400
REHEARSAL = "rehearsal"
"""The folder, within the data folder, of the store in which people rehearse."""
WITHOUT_STORE = ("first", "receive", "settings", "help", "unlock", "rescue", "place")
"""The screens that neither ask a store nor make one."""
OF_THE_LAPTOP = ("protection", "backups")
"""The screens that are about the real data, also for somebody who comes from the rehearsal."""
ONCE = ("first", "place")
"""The screens to which nobody goes back once they are answered; only from the help."""
PARTS_OF = {
    "workshop": "workshops", "new": "workshops", "sheet": "workshops", "facts": "workshops", "protection": "settings",
    "backups": "settings", "people": "workshops",
}  # fmt: skip


class Window(QMainWindow):
    """PessDesk's window. `painted` after its first frame."""

    painted = Signal()
    closing = Signal()

    def __init__(self, program: Program, folder: Path, settings: Settings) -> None:
        super().__init__()
        self._program = program
        self._folder = folder
        self._settings = settings
        self._screens: dict[str, Screen] = {}
        self._road: list[tuple[str, dict[str, Any]]] = []
        self._here: tuple[str, dict[str, Any]] = ("", {})
        self._painted = False
        self.next_folder: Path | None = None
        """Where the window is to be opened anew once it is closed; None: nowhere."""
        self._session = Session(program, folder)
        self._pure: Lane[None] = Lane("pure", _nothing, self.tell_trouble)
        self.gate = Gate(self, folder)
        self._build()
        self._actions = Actions(self, self._doings())
        self.top.use_actions(self._actions.all["undo"], self._actions.all["redo"])
        self._connect_session()
        self.sidebar.wanted.connect(self.go)
        WORDS.changed.connect(self.retranslate)
        self.sidebar.use_role(settings.word("role", "facilitator"))
        self.retranslate()
        self._place()
        self.setAcceptDrops(True)
        self.painted.connect(self.sidebar.draw)

    # The view

    def _build(self) -> None:
        self.sidebar = Sidebar()
        self.top = TopBar(self.back, self._palette)
        self.stack = QStackedWidget()
        self.stack.setObjectName("body")
        self.messages = MessageBar(self)
        self.banner: RehearsalBanner | None = None
        self._right = right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        for widget in (self.top, self.stack):
            right.addWidget(widget)
        strip = ui.row(self.messages)
        strip.setContentsMargins(12, 0, 12, 0)
        right.addLayout(strip)
        self.framed = QWidget()
        self.framed.setObjectName("frame")
        self.framed.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        layout = QHBoxLayout(self.framed)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.sidebar)
        layout.addLayout(right, 1)
        self.setCentralWidget(self.framed)

    def _doings(self) -> Doings:
        return Doings(
            go=self.go, back=self.back, palette=self._palette, find=self._find, help=self._help, undo=self._undo, redo=self._redo,
            zoom=self._zoom, full_screen=self._full_screen, rehearse=self.rehearse,
            leave_rehearsal=self.leave_rehearsal, new_workshop=lambda: self.go("new"), minutes=self._minutes, people=self._people,
            lock=self.gate.lock, quit=self.close,
        )  # fmt: skip

    def _place(self) -> None:
        """Where the window stood last time; else a size that fits the screen."""
        if not self.restoreGeometry(self._settings.octets("geometry")):
            area = QGuiApplication.primaryScreen().availableGeometry()
            self.resize(min(THEME.px(1280), area.width() - 40), min(THEME.px(800), area.height() - 60))

    def retranslate(self) -> None:
        self.sidebar.retranslate()
        self.top.retranslate()
        self.messages.retranslate()
        self._actions.retranslate(self._session.history)
        if self.banner is not None:
            self.banner.retranslate()
        for screen in self._screens.values():
            screen.retranslate()
        self.titled()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self.painted.emit)

    # The shell that screens see

    @property
    def program(self) -> Program:
        return self._program

    @property
    def session(self) -> Session:
        return self._session

    @property
    def pure(self) -> Lane[None]:
        return self._pure

    @property
    def settings(self) -> Settings:
        return self._settings

    @property
    def screen_now(self) -> Screen | None:
        return self._screens.get(self._here[0])

    def go(self, screen: str, **wanted: Any) -> None:
        """Show a screen, for a certain thing if need be; `back` returns to the one before."""
        if not self.gate.lets(screen):
            return
        if screen not in WITHOUT_STORE and not self._begun:
            screen, wanted = "first", {}
        if screen in OF_THE_LAPTOP and self._session.rehearsal:
            self.open_session(self._folder, label=self._settings.word("label"))
            self.count_clashes()
            self.announce(t("The rehearsal is over: this is about the real data of this laptop."))
        passed = self._here[0] in ONCE and screen != "help"
        if self._here[0] and not passed and (screen, wanted) != self._here:
            self._road = [*self._road[-30:], self._here]
        self._show(screen, wanted)

    @property
    def _begun(self) -> bool:
        """Whether there is a store: until then nothing but the first start's answers may make one."""
        return self._program.store_exists(self._session.folder)

    def back(self) -> None:
        if self._road and self.gate.lets(self._road[-1][0]):
            self._show(*self._road.pop())

    def _show(self, name: str, wanted: dict[str, Any]) -> None:
        current = self.screen_now
        if current is not None:
            current.leave()
        screen = self._screens.get(name)
        if screen is None:
            from pessdesk.desktop.screens import make

            screen = self._screens[name] = make(name, self)
            self.stack.addWidget(screen)
        self._here = (name, wanted)
        self.stack.setCurrentWidget(screen)
        self.sidebar.setVisible(name != "first" and not screen.alone and not self.gate.page and self._begun)
        self.top.setVisible(name != "first" and not screen.alone)
        self.top.back.setVisible(bool(self._road))
        self.sidebar.mark(PARTS_OF.get(name, name))
        for action in ("minutes", "people"):
            self._actions.all[action].setEnabled(name in ("workshop", "facts", "people"))
        screen.enter(**wanted)
        screen.focus_first()
        self.titled()

    def titled(self) -> None:
        """The title of the screen has changed."""
        if (screen := self.screen_now) is not None:
            self.top.show_title(screen.title())
            self.setWindowTitle(f"{screen.title()} – PessDesk")

    def announce(self, words: str, action: str = "", do: Callable[[], object] | None = None) -> None:
        self.messages.announce(words, action, do)

    def tell_trouble(self, problem: PessError, action: str = "", do: Callable[[], object] | None = None) -> None:
        self.messages.tell_trouble(problem, action, do)

    # The session

    def _connect_session(self) -> None:
        session = self._session
        session.changed.connect(self._changed)
        for told in (session.trouble, session.drafts.told):
            told.connect(lambda problem: None if self.gate.takes(problem) else self.tell_trouble(problem))
        session.trouble.connect(self.top.safety.troubled)
        session.drafts.open_changed.connect(self.top.safety.typing)
        session.drafts.in_vain.connect(self.top.safety.typed_in_vain)
        self.top.safety.half_written(False)
        session.drafts.half_written.connect(self.top.safety.half_written)
        session.saving.connect(self.top.safety.saving)
        session.saved.connect(self.top.safety.saved)
        session.unsaved.connect(self.top.safety.unsaved)
        session.history.changed.connect(lambda: self._actions.show_history(session.history))
        session.history.moved.connect(self._moved)
        session.history.overtaken.connect(self._overtaken)
        self.gate.watch_session(session)
        self._actions.all["rehearse"].setVisible(not session.rehearsal)
        self._actions.all["leave-rehearsal"].setVisible(session.rehearsal)
        if session.rehearsal and self.banner is None:
            self.banner = RehearsalBanner(self.leave_rehearsal)
            self._right.insertWidget(0, self.banner)
        if self.banner is not None:
            self.banner.setVisible(session.rehearsal)
        ui.say_role(self.framed, "rehearsal", "true" if session.rehearsal else "false")
        edge = THEME.px(4) if session.rehearsal else 0
        self.framed.setContentsMargins(edge, edge, edge, edge)

    def _changed(self, change: Change, shown_by: QObject | None) -> None:
        for screen in self._screens.values():
            screen.changed(change.without("contributions") if screen is shown_by else change)
        if change.touches("clashes", "contributions"):
            self.count_clashes()

    def count_clashes(self) -> None:
        self._session.read(
            lambda reading: reading.clash_count(), lambda count: self.sidebar.badge("clashes", count), owner=self
        )

    def _moved(self, entry: Any, undone: bool) -> None:
        what = entry.what.words()
        if undone:
            self.announce(t("Undone: {what}.", what=what), t("Redo"), self._session.history.redo)
        else:
            self.announce(t("Done again: {what}.", what=what), t("Undo"), self._session.history.undo)

    def _overtaken(self, entry: Any) -> None:
        words = t(
            "{what}: that was changed again since, so nothing was undone. The history has it.", what=entry.what.words()
        )
        self.announce(words[:1].upper() + words[1:])

    def open_session(self, folder: Path, *, label: str = "", rehearsal: bool = False) -> None:
        """Close the store that is open and open another one; the screens are made anew."""
        self.leave_screen()
        self._close_session()
        self._new_session(folder, label, rehearsal=rehearsal)
        self.warm_up()

    def close_store(self, keep: Screen | None) -> None:
        """Close the store that is open; one screen may stay for what is done to it meanwhile."""
        old = self._session
        self._close_session(keep)
        self._new_session(old.folder, old.label, rehearsal=old.rehearsal)
        if keep is not None:
            keep.use_session(self._session)

    def _close_session(self, keep: Screen | None = None) -> None:
        for name, screen in list(self._screens.items()):
            if screen is not keep:
                self.stack.removeWidget(screen)
                screen.hide()
                screen.deleteLater()
                del self._screens[name]
        self._road.clear()
        if keep is None:
            self._here = ("", {})
        self._session.close()
        self._session.deleteLater()

    def _new_session(self, folder: Path, label: str, *, rehearsal: bool) -> None:
        self._session = Session(self._program, folder, label=label, rehearsal=rehearsal)
        self._connect_session()
        self._actions.retranslate(self._session.history)
        self.sidebar.badge("clashes", 0)

    def start(self, files: Sequence[Path] = ()) -> None:
        """The first screen: today, or the first start where nothing was ever recorded; past what must be asked first."""
        self.gate.enter(files)

    def warm_up(self) -> None:
        """Open the writing connection in a moment; not at all if its session is gone by then, or must not be asked."""
        session = self._session
        QTimer.singleShot(WARM_AFTER_MS, session, lambda: session.warm_up() if self.gate.lets("today") else None)

    # What the gate asks of the window

    def leave_screen(self) -> None:
        """What is unfinished on the screen is kept."""
        if (current := self.screen_now) is not None:
            current.leave()
        self._session.drafts.keep_all()

    def place_now(self) -> Place:
        return Place(self._session.rehearsal, self._here, list(self._road))

    def stand(self, place: Place) -> None:
        """Where the window stood once."""
        if place.rehearsal:
            self.open_session(self._folder / REHEARSAL, label=t("Rehearsal"), rehearsal=True)
        self._show(*place.here)
        self._road = place.road
        self.top.back.setVisible(bool(self._road))

    def bar(self, barred: bool) -> None:
        """Nothing but a page that fills the window, or everything again."""
        self._actions.bar(barred)
        self._actions.show_history(self._session.history)
        self.messages.hide()
        self.sidebar.setEnabled(not barred)
        self.top.finder.setEnabled(not barred)

    def show_lock(self, can_lock: bool) -> None:
        self._actions.all["lock"].setVisible(can_lock)
        self._actions.all["lock"].setEnabled(can_lock and not self.gate.page)

    def close_panels(self) -> None:
        """What stands over the window: the palette, a question."""
        for panel in QApplication.topLevelWidgets():
            if panel is not self and panel.isVisible() and panel.parentWidget() is not None:
                panel.close()

    @property
    def at_rest(self) -> bool:
        """Whether nobody is writing anything: the day is shown."""
        return self._here[0] == "today" and not self._session.rehearsal

    def rehearse(self) -> None:
        """Open the rehearsal's own store; made when it is first wanted."""
        from pessdesk.desktop.rehearsal import prepare

        folder = self._folder / REHEARSAL
        self.open_session(folder, label=t("Rehearsal"), rehearsal=True)
        prepare(self._session, lambda workshop: self.go("workshop", workshop=workshop), self.tell_trouble)

    def rehearse_anew(self) -> None:
        """Put the rehearsal's folder aside, and rehearse in a new one."""
        from pessdesk.desktop.rehearsal import put_aside

        try:
            put_aside(self._folder / REHEARSAL)
        except OSError as problem:
            self.tell_trouble(WorldUnkind.from_os(problem, self._folder / REHEARSAL))
        else:
            self.rehearse()

    def leave_rehearsal(self) -> None:
        if self._session.rehearsal:
            self.open_session(self._folder, label=self._settings.word("label"))
            self.go("today")
            self.count_clashes()

    # What can be done from anywhere

    def _undo(self) -> None:
        if not _text_undone(redo=False):
            self._session.history.undo()

    def _redo(self) -> None:
        if not _text_undone(redo=True):
            self._session.history.redo()

    def _palette(self) -> None:
        from pessdesk.desktop.palette import Palette

        palette = Palette(
            self,
            self._session,
            self._actions.entries,
            lambda workshop: self.go("workshop", workshop=workshop),
            lambda workshop, contribution: self.go("workshop", workshop=workshop, contribution=contribution),
        )
        palette.show_over(self)

    def _find(self) -> None:
        if self.screen_now is None or not self.screen_now.search_here():
            self._palette()

    def _help(self) -> None:
        if self._here[0] != "help":
            self.go("help", about=self._here[0])

    def _zoom(self, factor: float) -> None:
        THEME.use(zoom=THEME.zoom * factor if factor else 1.0)
        self._settings.keep("zoom", THEME.zoom)

    def _full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _minutes(self) -> None:
        if workshop := self._here[1].get("workshop"):
            self.write_minutes(workshop)

    def _people(self) -> None:
        if workshop := self._here[1].get("workshop"):
            self.go("people", workshop=workshop)

    def write_minutes(self, workshop: str) -> None:
        """Show a workshop and, once it is open, ask where its minutes shall be written."""
        self.go("workshop", workshop=workshop)
        screen: Any = self.screen_now
        self._session.read(lambda _: None, lambda _: screen.write_minutes(), owner=screen)

    def use_role(self, role: str) -> None:
        """Show in the sidebar what this role needs, from now on."""
        self.sidebar.use_role(role)
        self._settings.keep("role", role)

    def receive(self, files: Sequence[Path]) -> None:
        """Files from outside: bundles and cards to where they are looked at, once the way is free."""
        self.come_forward()
        if self.gate.page or self.gate.under_way:
            self.gate.hold(files)
            return
        bundles = [file for file in files if file.suffix.lower() == ".asice" or file.is_dir()]
        cards = [file for file in files if file.suffix.lower() in (".pem", ".crt", ".cer")]
        if bundles:
            self.go("receive", files=bundles)
        elif cards:
            self.go("laptops", files=cards)

    def come_forward(self) -> None:
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.take_dropped(local_files(event.mimeData()))
        event.acceptProposedAction()

    def take_dropped(self, files: Sequence[Path]) -> None:
        """Files that were dropped: for the screen, else bundles and cards to where they are looked at."""
        screen = self.screen_now
        if not files or (not self.gate.page and screen is not None and screen.take_files(list(files))):
            return
        known = [f for f in files if f.suffix.lower() in (".asice", ".pem", ".crt", ".cer") or f.is_dir()]
        if known:
            self.receive(known)
        else:
            self.announce(t("Here only bundles (.asice) and cards (.pem) can be dropped; photos on a contribution."))

    # Coming and going

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self._keep_unfinished()

    def _keep_unfinished(self) -> None:
        """Another window comes forward: drafts are kept at once."""
        self._session.drafts.keep_all()
        screen = self._screens.get("workshop")
        if screen is not None and self._here[0] == "workshop":
            screen.leave()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.gate.may_close():
            event.ignore()
            return
        self.leave_screen()
        self.close_panels()
        self.gate.keeper.rest()
        self._settings.keep("geometry", self.saveGeometry())
        self._settings.sync()
        self.closing.emit()
        self._pure.close()
        self._session.close()
        self.hide()
        self.gate.keeper.at_closing()
        self._program.lock(self._folder)
        super().closeEvent(event)


def _text_undone(*, redo: bool) -> bool:
    """Whether the field that has the focus had typing of its own to undo (or redo); that comes first."""
    from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

    field = QApplication.focusWidget()
    if not isinstance(field, QPlainTextEdit | QLineEdit) or field.isReadOnly():
        return False
    steps = field.document() if isinstance(field, QPlainTextEdit) else field
    if not (steps.isRedoAvailable() if redo else steps.isUndoAvailable()):
        return False
    if redo:
        field.redo()
    else:
        field.undo()
    return True


@contextmanager
def _nothing() -> Iterator[None]:
    yield None
