"""The fields of a form: each under its label, with a hint below it, and what is wrong with it in its own place."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QLocale, QObject, Qt
from PySide6.QtGui import QIcon, QTextCharFormat, QTransform
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCalendarWidget,
    QComboBox,
    QDateEdit,
    QSpinBox,
    QTableView,
    QToolButton,
    QWidget,
)

from pessdesk.desktop import ui
from pessdesk.desktop.icons import icon
from pessdesk.desktop.theme import THEME
from pessdesk.desktop.words import WORDS, label, sentence, t
from pessdesk.domain.errors import PessError
from pessdesk.domain.kinds import METHODS
from pessdesk.wording.labels import METHODS as METHOD_LABELS


class Field(QWidget):
    """An editor with its label; `complain` says below it why it was refused."""

    def __init__(self, editor: QWidget) -> None:
        super().__init__()
        self.editor = editor
        self.label = ui.words("label")
        self.label.setBuddy(editor)
        self.hint = ui.words("hint", wrap=True)
        self.wrong = ui.words("wrong", wrap=True)
        self._problem: PessError | None = None
        self.setLayout(ui.column(self.label, editor, self.hint, self.wrong, gap=4))
        self.hint.hide()
        self.wrong.hide()

    def name(self, words: str, hint: str = "") -> None:
        """Label and hint, in the language of the screen."""
        self.label.setText(words)
        self.editor.setAccessibleName(words)
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        self.complain(self._problem)

    def complain(self, problem: PessError | None) -> None:
        """Say what is wrong, in the words of the terminal but with the field's name on the screen; None: nothing is."""
        self._problem = problem
        said = ""
        if problem is not None:
            said = sentence(PessError(problem.code, **{**problem.facts, "field": self.label.text()}))
        self.wrong.setText(said)
        self.wrong.setVisible(bool(said))
        self.editor.setAccessibleDescription(said or self.hint.text())
        ui.say_role(self.editor, "wrong", "true" if said else "false")

    @property
    def problem(self) -> PessError | None:
        return self._problem


class _Calm(QObject):
    """Lets the wheel scroll the page over a field that nobody chose, instead of changing what is in it."""

    def __init__(self, editor: QAbstractSpinBox | QComboBox) -> None:
        super().__init__(editor)
        self._editor = editor
        THEME.changed.connect(self._inset)
        self._inset()

    def _inset(self) -> None:
        # WORKAROUND: of a style sheet's padding Qt leaves out the left one for the number in a spin box.
        if isinstance(self._editor, QSpinBox):
            self._editor.lineEdit().setTextMargins(THEME.px(7), 0, 0, 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return False


def calm(editor: QAbstractSpinBox | QComboBox) -> None:
    """Only a field that was chosen answers to the wheel."""
    editor.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    editor.installEventFilter(_Calm(editor))


class DayEdit(QDateEdit):
    """A day, typed or chosen in a calendar."""

    def __init__(self) -> None:
        super().__init__()
        self.setCalendarPopup(True)
        self.setKeyboardTracking(False)
        calm(self)
        calendar = self.calendarWidget()
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        calendar.setHorizontalHeaderFormat(QCalendarWidget.HorizontalHeaderFormat.ShortDayNames)
        THEME.changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        """The calendar in the colours of the theme: red is for loss, not for Sundays."""
        calendar = self.calendarWidget()
        format_ = QTextCharFormat()
        format_.setForeground(THEME.colour("ink_soft"))
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            calendar.setWeekdayTextFormat(day, format_)
        calendar.setMinimumSize(THEME.px(300), THEME.px(270))
        onward = icon("chevron-right", "ink").pixmap(THEME.px(18))
        for name, drawn in (
            ("qt_calendar_prevmonth", onward.transformed(QTransform().scale(-1, 1))), ("qt_calendar_nextmonth", onward),
        ):  # fmt: skip
            if (button := calendar.findChild(QToolButton, name)) is not None:
                button.setIcon(QIcon(drawn))

    def retranslate(self) -> None:
        self.setDisplayFormat("dd/MM/yyyy")
        calendar = self.calendarWidget()
        calendar.setLocale(QLocale(WORDS.language))
        for part in (calendar, calendar.findChild(QTableView)):
            if part is not None:
                part.setAccessibleName(t("Calendar"))


class MethodBox(QComboBox):
    """How a workshop is conducted; nothing said, first."""

    def __init__(self) -> None:
        super().__init__()
        calm(self)

    def retranslate(self) -> None:
        """Fill it in the language of the screen; what was chosen stays chosen."""
        method = self.method
        self.clear()
        self.addItem("–", "")
        for token in METHODS:
            self.addItem(label(METHOD_LABELS, token), token)
        self.view().setAccessibleName(t("Method"))
        self.choose(method)

    @property
    def method(self) -> str:
        return self.currentData() or ""

    def choose(self, method: str) -> None:
        self.setCurrentIndex(max(0, self.findData(method)))
