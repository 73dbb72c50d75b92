"""What every screen is, and what it may ask of the window around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLayout, QPushButton, QWidget

from pessdesk.desktop import ui
from pessdesk.desktop.theme import THEME

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from pessdesk.desktop.gate import Gate
    from pessdesk.desktop.program import Program
    from pessdesk.desktop.session import Change, Session
    from pessdesk.desktop.settings import Settings
    from pessdesk.desktop.work import Lane
    from pessdesk.domain.errors import PessError


class Shell(Protocol):
    """The window, as screens see it."""

    @property
    def program(self) -> Program: ...
    @property
    def session(self) -> Session: ...
    @property
    def pure(self) -> Lane[None]: ...
    @property
    def settings(self) -> Settings: ...
    @property
    def gate(self) -> Gate: ...
    def rehearse(self) -> None: ...
    def leave_rehearsal(self) -> None: ...
    def go(self, screen: str, **wanted: Any) -> None: ...
    def back(self) -> None: ...
    def announce(self, words: str, action: str = "", do: Callable[[], object] | None = None) -> None: ...
    def tell_trouble(self, problem: PessError, action: str = "", do: Callable[[], object] | None = None) -> None: ...
    def take_dropped(self, files: Sequence[Path]) -> None: ...
    def titled(self) -> None: ...
    def write_minutes(self, workshop: str) -> None: ...
    def use_role(self, role: str) -> None: ...


class Screen(QWidget):
    """One screen. Made when it is first shown, for one session; `enter` each time it is shown."""

    name = ""
    """The word by which `Shell.go` finds it, and its anchor in the guide."""
    alone = False
    """Whether it fills the window, without sidebar and title."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self.shell = shell
        self.session = shell.session
        self.setObjectName("screen")

    def use_session(self, session: Session) -> None:
        """The store was closed for a while, and this screen stayed."""
        self.session = session

    def title(self) -> str:
        """What stands at the top."""
        return "PessDesk"

    def retranslate(self) -> None:
        """Take all texts from the catalog, again."""

    def enter(self, **wanted: Any) -> None:
        """Shown now, maybe for a certain thing."""

    def leave(self) -> None:
        """Shown no longer: keep what is unfinished."""

    def changed(self, change: Change) -> None:
        """Something changed in the store."""

    def focus_first(self) -> None:
        """Put the focus where the next key should go."""

    def search_here(self) -> bool:
        """Ctrl+F: put the focus in this screen's search; False where it has none."""
        return False

    def take_files(self, files: list[Any]) -> bool:
        """Files were dropped on the window; True when they are for this screen."""
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the focus, as Space does: outside dialogs Qt's buttons do not hear it."""
        button = self.focusWidget()
        if (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and isinstance(button, QPushButton)
            and button.hasFocus()
        ):
            button.click()
        else:
            super().keyPressEvent(event)


class Page(Screen):
    """A screen that fills the window with one card: something to be seen to before anything else."""

    alone = True
    WIDTH = 640

    def lay_out(self, *things: QWidget | QLayout | int | None) -> None:
        self.card = ui.frame("surface", ui.column(*things, gap=10, margin=32))
        content = QWidget()
        across = ui.row(None, self.card, None)
        across.setStretch(1, 100)
        content.setLayout(ui.column(None, across, None, margin=16))
        self.setLayout(ui.column(ui.scrolled(content)))
        THEME.changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        self.card.setMaximumWidth(THEME.px(self.WIDTH))
