"""What stands between the window and its store: it is locked, it is in trouble, it is being changed as a whole; or nothing.

While a page bars the way no other screen is shown, no question is asked of the store, and files that are dropped or
handed over wait. What a page needs to know of the store it asks the program, beside the session.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QPixmapCache
from PySide6.QtWidgets import QApplication

from pessdesk.desktop.idle import CHOICES, USUAL, Idle
from pessdesk.desktop.keeper import Keeper
from pessdesk.desktop.words import t
from pessdesk.domain.errors import PessError, StoreLocked, WorldUnkind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from pessdesk.application.protection import Protection
    from pessdesk.desktop.session import Session
    from pessdesk.desktop.window import Window

RESCUED = frozenset(
    (
        "store-damaged", "store-newer", "store-log-missing", "store-log-foreign", "store-behind", "store-gone",
        "keys-missing", "keys-damaged", "keys-newer", "device-key-missing", "device-key-damaged", "device-key-other",
    )
)  # fmt: skip
"""What the rescue page speaks of."""
OPEN_TO_ALL = ("help",)
"""What can be shown whatever bars the way."""
LOCK_AFTER = "lock-after"
"""The setting: after how many minutes the window locks itself."""
PLACE_KEPT = "place-kept"
"""The setting: the folder that somebody uses although it was warned of."""


class Place(NamedTuple):
    """Where the window stood."""

    rehearsal: bool
    here: tuple[str, dict[str, Any]]
    road: list[tuple[str, dict[str, Any]]]


class Gate(QObject):
    def __init__(self, window: Window, folder: Path) -> None:
        super().__init__(window)
        self._window = window
        self._folder = folder
        self.page = ""
        """The screen that bars the way; empty when nothing does."""
        self.under_way = False
        """Whether something is being done for which the store is closed."""
        self._files: list[Path] = []
        self._place: Place | None = None
        self._texts: dict[str, str] = {}
        """What was being written when the store could be used no more."""
        self._close_after = False
        self.way = ""
        """How the store is protected, as far as is known."""
        self.keeper = Keeper(window.program, folder, self)
        self.keeper.trouble.connect(window.tell_trouble)
        self.keeper.found.connect(self._found)
        self.idle = Idle(self)
        self.idle.fell.connect(self._fell_idle)

    def lets(self, screen: str) -> bool:
        """Whether a screen may be shown now."""
        return not self.under_way and (not self.page or screen == self.page or screen in OPEN_TO_ALL)

    # Coming in

    def enter(self, files: Sequence[Path] = ()) -> None:
        """To the first screen, past what must be asked before it."""
        self.hold(files)
        program, folder = self._window.program, self._folder
        try:
            state = program.protection(folder)
            if not program.store_exists(folder):
                self._without_store()
            elif state.locked:
                self.bar("unlock", way=state.way)
            else:
                self.let_in(state)
        except PessError as problem:
            self.rescue(problem)

    def _without_store(self) -> None:
        """A first start. (Where a store was and is gone, one is said to exist, and opening it says more.)"""
        folder = self._folder
        kept = self._window.settings.word(PLACE_KEPT) == str(folder)
        if (code := self._window.program.place_warning(folder)) and not kept:
            self.bar("place", warning=PessError(code, path=str(folder)))
        else:
            self.begin()

    def begin(self) -> None:
        """The first start's questions: there is no store, and none is missed."""
        self._raise_bar()
        self._window.go("first")
        self._hand_on()

    def move_to(self, folder: Path) -> None:
        """Another folder was chosen for the data: the window opens there, now and at each start."""
        try:
            self._window.program.choose_data_dir(folder)
        except OSError as problem:
            self._window.tell_trouble(WorldUnkind.from_os(problem, folder))
            return
        self._window.next_folder = folder
        self._window.close()

    def let_in(self, state: Protection | None = None) -> None:
        """The store can be opened: to where the window stood when it was locked, else to the day."""
        window = self._window
        self._raise_bar()
        self.know(state)
        for key, words in self._texts.items():
            window.session.drafts.put(key, words)
        self._texts = {}
        place, self._place = self._place, None
        if place is None:
            window.go("today")
        else:
            window.stand(place)
        window.count_clashes()
        window.warm_up()
        self.keeper.begin()
        self._hand_on()

    def hold(self, files: Sequence[Path]) -> None:
        """Files wait until the way is free."""
        self._files += [file for file in files if file not in self._files]

    def _hand_on(self) -> None:
        files, self._files = self._files, []
        if files:
            self._window.receive(files)

    def know(self, state: Protection | None = None) -> None:
        """How the store is protected now: whether it can be locked, and when it locks itself."""
        state = state or self._window.program.protection(self._folder)
        self.way = state.way if state.protected else ""
        self.watch()

    def watch(self) -> None:
        """Lock after as many minutes as the settings say."""
        self.idle.watch(self.minutes if self.can_lock else 0)
        self._window.show_lock(self.can_lock)

    @property
    def minutes(self) -> int:
        """After how many minutes without anybody the window locks itself; 0 for never."""
        chosen = self._window.settings.number(LOCK_AFTER, USUAL)
        return int(chosen) if chosen in CHOICES else USUAL

    # Barring

    def bar(self, page: str, **wanted: Any) -> None:
        """Show a page and nothing else, until somebody lets in."""
        window = self._window
        self.page = page
        window.bar(True)
        window.go(page, **wanted)

    def _raise_bar(self) -> None:
        self.page = ""
        self._window.bar(False)

    # Locking

    @property
    def can_lock(self) -> bool:
        """Whether locking keeps anybody out: what the keychain opens by itself it does not."""
        return self.way == "passphrase"

    def lock(self) -> None:
        """Forget the key, and show nothing of the store until it is opened again. What is unfinished is kept first; if that
        fails, the text on the screen is worth more than the lock."""
        window = self._window
        if not self.can_lock or self.page or self.under_way:
            return
        while (dialog := QApplication.activeModalWidget()) is not None and dialog.close():
            pass
        place = window.place_now()
        window.leave_screen()
        self._when_kept(lambda: self._locked(place), lambda _: self.watch())

    def _when_kept(self, then: Callable[[], None], otherwise: Callable[[PessError], object]) -> None:
        """Go on once all that is unfinished is on the disk; what the disk refused stands on the screen only, which stays."""
        session = self._window.session
        refused: list[PessError] = []
        session.unsaved.connect(refused.append)
        session.drafts.in_vain.connect(refused.append)
        session.drafts.keep_all()
        session.drafts.retry()

        def kept(_: object) -> None:
            session.unsaved.disconnect(refused.append)
            session.drafts.in_vain.disconnect(refused.append)
            problem = next((one for one in refused[::-1] if one is not None), None)
            if problem is None or not session.drafts.only_on_screen:
                then()
            else:
                otherwise(problem)

        def vain(problem: PessError) -> None:
            otherwise(problem)

        session.writer.do(lambda _: None, kept, owner=session, trouble=vain)

    def _locked(self, place: Place) -> None:
        window = self._window
        if self.page:  # asked twice
            return
        self._place = place
        self.keeper.rest()
        self.idle.watch(0)
        window.close_panels()
        window.open_session(self._folder, label=window.settings.word("label"))
        QPixmapCache.clear()
        window.program.lock(self._folder)
        self.bar("unlock", way=self.way)

    def _fell_idle(self) -> None:
        """Nobody is here. A bundle that is being written is finished first."""
        errands = self._window.session.errands
        if errands.busy:
            self.idle.timer.start()
        else:
            self.lock()

    # Trouble

    def watch_session(self, session: Session) -> None:
        """What a lane hears of a store that cannot be used is for a page of its own, whoever asked."""

        def refused(problem: PessError) -> None:
            if isinstance(problem, StoreLocked) or problem.code in RESCUED:
                QTimer.singleShot(0, session, lambda: self._unusable(problem))

        for lane in (session.reader, session.writer, session.errands):
            lane.refused.connect(refused)
        if not session.rehearsal:
            session.saved.connect(self.keeper.changed)

    def _unusable(self, problem: PessError) -> None:
        window = self._window
        if self.page or self.under_way:
            return
        if window.session.rehearsal:
            self._lose_rehearsal(problem)
        elif isinstance(problem, StoreLocked):
            window.open_session(self._folder, label=window.settings.word("label"))
            self.bar("unlock", way=self.way or "passphrase")
        else:
            self.rescue(problem)

    def _lose_rehearsal(self, problem: PessError) -> None:
        """What is damaged there was invented: it is put aside, and a new one begun if somebody wants that."""
        window = self._window
        window.leave_rehearsal()
        window.tell_trouble(problem, t("Begin a new rehearsal"), window.rehearse_anew)

    def takes(self, problem: PessError) -> bool:
        """Whether a page of its own speaks of a problem, so that the strip at the bottom need not."""
        return not self._window.session.rehearsal and (isinstance(problem, StoreLocked) or problem.code in RESCUED)

    def rescue(self, problem: PessError, *, readable: bool = False) -> None:
        """The page that says what has happened to the store and what can be done; from a store that can be read still one
        may go on working."""
        window = self._window
        self.keeper.rest()
        self.idle.watch(0)
        window.leave_screen()
        self._texts |= window.session.drafts.texts
        window.close_panels()
        window.open_session(self._folder, label=window.settings.word("label"))
        self.bar("rescue", problem=problem, readable=readable)

    def _found(self, wrong: Sequence[PessError]) -> None:
        """The look at the store found something while people work: they are told, not interrupted."""
        grave = next((problem for problem in wrong if problem.code in RESCUED), None)
        if grave is None:
            self._window.tell_trouble(wrong[0])
        elif self._window.at_rest:
            self.rescue(grave, readable=True)
        else:
            self._window.tell_trouble(grave, t("Look"), lambda: self.rescue(grave, readable=True))

    # With the store closed

    def with_store_closed(
        self,
        work: Callable[[], Any],
        then: Callable[[Any], object],
        trouble: Callable[[PessError], object],
    ) -> None:
        """Close the store, do something to it as a whole, and open it again behind the screen that asked, which stays."""

        window = self._window

        def vain(problem: PessError) -> None:
            self.under_way = False
            window.bar(False)
            trouble(problem)
            self._close_if_asked()

        def close() -> None:
            self._when_kept(lambda: self._closed(work, then, trouble), vain)

        self.under_way = True
        window.bar(True)
        if self.page:  # nothing of the store is open
            self._closed(work, then, trouble)
        elif window.session.errands.busy:  # what is taken over or handed over comes to its end first
            window.session.errands.idle.connect(close, Qt.ConnectionType.SingleShotConnection)
        else:
            close()

    def _closed(
        self, work: Callable[[], Any], then: Callable[[Any], object], trouble: Callable[[PessError], object]
    ) -> None:
        window = self._window
        self.keeper.rest()
        self.idle.watch(0)
        window.close_store(keep=window.screen_now)

        def over() -> None:
            self.under_way = False
            window.bar(bool(self.page))
            if not self.page:
                self.know()
                self.keeper.begin()
                window.count_clashes()
                window.warm_up()
            if self._files and not self.page:
                window.announce(t("Files that were handed over meanwhile are waiting."), t("Look"), self._hand_on)

        def done(result: Any) -> None:
            over()
            then(result)
            self._close_if_asked()

        def refused(problem: PessError) -> None:
            over()
            trouble(problem)
            self._close_if_asked()

        window.pure.do(lambda _: work(), done, trouble=refused)

    def may_close(self) -> bool:
        """Whether the window can be closed now; else it is once what is under way is finished."""
        self._close_after = self.under_way
        if self.under_way:
            self._window.announce(t("PessDesk closes as soon as this is finished."))
        return not self.under_way

    def _close_if_asked(self) -> None:
        if self._close_after:
            self._window.close()
