"""Messages that stop nobody: a strip at the bottom with what happened, what to do, and at most one thing to press."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QWidget

from pessdesk.desktop import ui
from pessdesk.desktop.words import sentence, t

if TYPE_CHECKING:
    from collections.abc import Callable

    from pessdesk.domain.errors import PessError

SHOWN_MS = 8000


class MessageBar(QFrame):
    """The strip. What went well goes away by itself; trouble stays until somebody has read it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("messages")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._built = False
        self._problem: PessError | None = None
        self.hide()

    def _build(self) -> None:
        """Made for the first message: the first frame has none."""
        self._built = True
        self.words = ui.words(wrap=True, selectable=True)
        self.words.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.code = ui.words("small")
        self.action = ui.button()
        self.close_it = ui.button(clicked=self.hide)
        layout = ui.row(ui.wide(self.words), self.code, self.action, self.close_it, gap=12)
        layout.setContentsMargins(16, 6, 8, 6)
        self.setLayout(layout)
        self._do: Callable[[], object] | None = None
        self.action.clicked.connect(self._act)
        self._timer = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._timer.timeout.connect(self.hide)
        self.retranslate()

    def retranslate(self) -> None:
        if not self._built:
            return
        self.close_it.setText(t("Close"))
        ui.name_it(self.close_it, t("Close the message"))
        if self._problem is not None:
            self.words.setText(sentence(self._problem))
            self.setAccessibleName(self.words.text())
        if self._problem is None or self._do is not None:  # in words of the other language
            self.hide()

    def announce(self, words: str, action: str = "", do: Callable[[], object] | None = None) -> None:
        """Say what happened, with at most one thing to press."""
        self._problem = None
        self._show(words, "", "said", action, do)
        self._timer.start()

    def tell_trouble(self, problem: PessError, action: str = "", do: Callable[[], object] | None = None) -> None:
        self._problem = problem
        self._show(sentence(problem), problem.code, "trouble", action, do)

    def _show(self, words: str, code: str, state: str, action: str, do: Callable[[], object] | None) -> None:
        if not self._built:
            self._build()
        self._timer.stop()
        self._do = do
        self.words.setText(words)
        self.code.setText(code)
        self.code.setVisible(bool(code))
        self.action.setText(action)
        self.action.setAccessibleName(action or t("Do it"))
        self.action.setVisible(do is not None)
        ui.say_role(self, "state", state)
        for widget in (self.words, self.code, self.action, self.close_it):
            widget.style().unpolish(widget)
            widget.style().polish(widget)
        self.setAccessibleName(words)
        self.show()

    def _act(self) -> None:
        self.hide()
        if self._do is not None:
            self._do()
