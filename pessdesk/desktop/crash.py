"""When the mistake is ours: a window that first says the work is safe, then what can be reported.

The report holds no text of anybody: names of our own functions and line numbers, versions, nothing of what was said.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import TracebackType

from PySide6 import __version__ as qt_version
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QWidget

from pessdesk import __version__
from pessdesk.desktop import ui
from pessdesk.desktop.theme import THEME
from pessdesk.desktop.words import sentence, t
from pessdesk.domain.errors import PessError

_OPEN: list[QDialog] = []


def report(kind: type[BaseException], trace: TracebackType | None) -> str:
    """What happened, without a word of what anybody said: an exception's own text may quote it, so only its type."""
    import platform
    import traceback

    lines = [f"PessDesk {__version__}, Qt {qt_version}, Python {platform.python_version()}, {platform.system()}"]
    frames = [f"  {_place(frame.filename)}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
    return "\n".join([*lines, *frames, kind.__name__])


def _place(filename: str) -> str:
    """A file's place within a package, never within somebody's folders."""
    parts = Path(filename).parts
    for root in ("pessdesk", "site-packages", "tests"):
        if root in parts:
            return "/".join(parts[parts.index(root) :])
    return Path(filename).name


class CrashWindow(QDialog):
    """Says that the work is safe, and offers the report to be copied."""

    def __init__(self, said: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("PessDesk")
        title = ui.words("heading", wrap=True)
        title.setText(t("Your work is safe."))
        about = ui.words(wrap=True)
        about.setText(
            t(
                "What was saved is on the disk, whole. PessDesk stumbled over a mistake of its own and did not finish the last"
                " action. You can go on; if it happens again, close PessDesk and open it anew."
            )
        )
        hint = ui.words("hint", wrap=True)
        hint.setText(t("This report helps to mend it. It holds nothing of what anybody said or wrote."))
        self.report = QPlainTextEdit(said)
        self.report.setReadOnly(True)
        ui.name_it(self.report, t("Report"), " ")
        copy = ui.button("", "copy", self._copy)
        copy.setText(t("Copy the report"))
        go_on = ui.button("primary", "check", self.close)
        go_on.setText(t("Go on"))
        go_on.setDefault(True)
        self.setLayout(ui.column(title, about, hint, self.report, ui.row(None, copy, go_on), gap=12, margin=20))
        self.resize(THEME.px(560), THEME.px(380))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.report.toPlainText())


class SorryWindow(QDialog):
    """What stands in the way of opening at all; `said` is its sentence."""

    def __init__(self, problem: PessError) -> None:
        super().__init__()
        self.setWindowTitle("PessDesk")
        self.said = sentence(problem)
        title = ui.words("heading", wrap=True)
        title.setText(t("PessDesk cannot open its data here."))
        about = ui.words(wrap=True, selectable=True)
        about.setText(self.said)
        code = ui.words("small")
        code.setText(problem.code)
        leave = ui.button("primary", "x", self.close)
        leave.setText(t("Close"))
        leave.setDefault(True)
        self.setLayout(ui.column(title, about, code, None, ui.row(None, leave), gap=12, margin=20))
        self.resize(THEME.px(520), THEME.px(200))


def caught(kind: type[BaseException], value: BaseException, trace: TracebackType | None) -> None:
    """What nobody caught opens the window (`sys.excepthook`), and goes to standard error as well."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, value, trace)
        return
    said = report(kind, trace)
    print(said, file=sys.stderr)
    if not _OPEN:  # one window, however often it happens
        window = CrashWindow(said)
        _OPEN.append(window)
        window.destroyed.connect(_OPEN.clear)
        window.show()
