"""`Ctrl+K`: every action, workshop and contribution in one list, found by a few letters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from pessdesk.application.screens import ContributionRow, WorkshopRow
from pessdesk.desktop import ui
from pessdesk.desktop.actions import Entry
from pessdesk.desktop.icons import pixmap
from pessdesk.desktop.session import Session
from pessdesk.desktop.theme import THEME
from pessdesk.desktop.words import t
from pessdesk.domain.text import fold

_ENTRY = Qt.ItemDataRole.UserRole
FOUND = 12


class _Delegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Any) -> QSize:
        return QSize(THEME.px(300), THEME.px(38))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Any) -> None:
        entry: Entry = index.data(_ENTRY)
        area = option.rect
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, THEME.colour("accent_soft"))
        line = area.adjusted(THEME.px(12), 0, -THEME.px(12), 0)
        ratio = painter.device().devicePixelRatioF()
        top = line.top() + (line.height() - THEME.px(18)) // 2
        painter.drawPixmap(line.left(), top, pixmap(entry.sign, 18, "ink_soft", ratio))
        painter.setFont(THEME.font(13))
        painter.setPen(THEME.colour("ink_soft"))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(line, middle | Qt.AlignmentFlag.AlignRight, entry.remark)
        room = line.width() - QFontMetrics(painter.font()).horizontalAdvance(entry.remark) - THEME.px(46)
        painter.setFont(THEME.font(15))
        painter.setPen(THEME.colour("ink"))
        shown = QFontMetrics(painter.font()).elidedText(entry.text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(line.left() + THEME.px(30), line.top(), room, line.height()), middle, shown)
        painter.restore()


class Palette(QFrame):
    """The panel over the window. Enter does the chosen row, Esc goes away."""

    def __init__(self, window: QWidget, session: Session, actions: Callable[[], Sequence[Entry]],
                 open_workshop: Callable[[str], object], open_contribution: Callable[[str, str], object]) -> None:  # fmt: skip
        super().__init__(window, Qt.WindowType.Popup)
        self.setProperty("role", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session = session
        self._actions = actions()
        self._open_workshop, self._open_contribution = open_workshop, open_contribution
        self._workshops: list[WorkshopRow] = []
        self._found: list[ContributionRow] = []
        self.field = QLineEdit()
        self.field.setPlaceholderText(t("An action, a workshop, words that somebody said …"))
        ui.name_it(self.field, t("Find and do"), " ")
        self.list = QListWidget()
        self.list.setProperty("role", "plain")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setItemDelegate(_Delegate(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        ui.name_it(self.list, t("What was found"), " ")
        self.setLayout(ui.column(self.field, self.list, gap=8, margin=12))
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._search)
        self.field.textEdited.connect(self._fill)
        self.field.installEventFilter(self)
        self.list.itemClicked.connect(self._do)
        session.read(lambda reading: reading.workshops(), self._know, owner=self)
        self._fill()

    def show_over(self, window: QWidget) -> None:
        width, height = min(THEME.px(620), window.width() - 32), min(THEME.px(480), window.height() - THEME.px(48) - 16)
        corner = window.mapToGlobal(window.rect().topLeft())
        self.setGeometry(corner.x() + (window.width() - width) // 2, corner.y() + THEME.px(48), width, height)
        self.show()
        self.field.setFocus()

    def _know(self, workshops: list[WorkshopRow]) -> None:
        self._workshops = workshops
        self._fill(self.field.text())

    def _fill(self, words: str = "") -> None:
        self._found = []
        self._show()
        if len(fold(words)) >= 3:
            self._soon.start()

    def _search(self) -> None:
        words = self.field.text()

        def found(rows: list[ContributionRow]) -> None:
            if words == self.field.text():
                self._found = [row for row in rows if not row.withdrawn]
                self._show()

        self._session.read(lambda reading: reading.search(words, FOUND), found, owner=self)

    def _entries(self) -> list[Entry]:
        terms = fold(self.field.text()).split()

        def fits(text: str) -> bool:
            said = fold(text)
            return all(term in said for term in terms)

        entries = [entry for entry in self._actions if fits(entry.text)]
        if terms:
            entries += [self._workshop(row) for row in self._workshops if fits(f"{row.title} {row.code} {row.date}")]
        entries += [self._said(row) for row in self._found]
        return entries

    def _workshop(self, row: WorkshopRow) -> Entry:
        return Entry("users-round", row.title, row.date, lambda: self._open_workshop(row.record))

    def _said(self, row: ContributionRow) -> Entry:
        text = " ".join(row.text.split())[:200]
        return Entry("message-square", text, row.code, lambda: self._open_contribution(row.workshop, row.record))

    def _show(self) -> None:
        self.list.clear()
        for entry in self._entries():
            item = QListWidgetItem()
            item.setData(_ENTRY, entry)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{entry.text} {entry.remark}".strip())
            self.list.addItem(item)
        self.list.setCurrentRow(0)

    def _do(self, item: QListWidgetItem | None = None) -> None:
        item = item or self.list.currentItem()
        if item is not None:
            entry: Entry = item.data(_ENTRY)
            self.close()
            entry.do()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step and self.list.count():
                self.list.setCurrentRow((self.list.currentRow() + step) % self.list.count())
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._do()
                return True
        return super().eventFilter(watched, event)
