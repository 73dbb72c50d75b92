"""Counts that filter: tables, levers, kinds. A click (or Space) shows only those; once more, all again."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from pessdesk.desktop import ui
from pessdesk.desktop.icons import KIND_ICONS, pixmap
from pessdesk.desktop.models.contributions import NONE, Counts, Filter
from pessdesk.desktop.theme import THEME
from pessdesk.desktop.words import label, local, t
from pessdesk.domain.kinds import CONTRIBUTION_KINDS
from pessdesk.wording.labels import SHORT_KINDS

if TYPE_CHECKING:
    from pessdesk.application.screens import GroupRow
    from pessdesk.desktop.models.lines import LineBook

_ITEM = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class _Item:
    """A row: what it filters by (`field` of `Filter`; empty for a heading), what it says, how many, its share of all."""

    field: str
    value: str
    text: str
    count: int = 0
    share: float = 0.0
    lever: int = 0
    sign: str = ""
    on: bool = False


class _Delegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        heading = not index.data(_ITEM).field
        return QSize(THEME.px(120), THEME.px(34 if heading else 30))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        item: _Item = index.data(_ITEM)
        area = option.rect
        painter.save()
        if not item.field:
            painter.setFont(THEME.font(13, QFont.Weight.DemiBold))
            painter.setPen(THEME.colour("ink_soft"))
            where = area.adjusted(THEME.px(12), 0, 0, -THEME.px(4))
            painter.drawText(where, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, item.text)
            painter.restore()
            return
        if item.on or option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, THEME.colour("accent_soft" if item.on else "raised"))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(THEME.colour("accent"))
            painter.drawRect(area.adjusted(0, 0, -1, -1))
        self._bar(painter, area, item)
        self._words(painter, area, item)
        painter.restore()

    def _bar(self, painter: QPainter, area: QRect, item: _Item) -> None:
        if item.lever and item.share:
            room = area.width() - THEME.px(24)
            bar = QRect(area.left() + THEME.px(12), area.bottom() - THEME.px(4), round(room * item.share), THEME.px(3))
            painter.fillRect(bar, THEME.lever(item.lever))

    def _words(self, painter: QPainter, area: QRect, item: _Item) -> None:
        font = THEME.font(15, QFont.Weight.DemiBold if item.on else QFont.Weight.Normal)
        metrics = QFontMetrics(font)
        painter.setFont(font)
        painter.setPen(THEME.colour("ink"))
        line = area.adjusted(THEME.px(12), 0, -THEME.px(12), 0)
        number = str(item.count)
        width = metrics.horizontalAdvance(number)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(line, middle | Qt.AlignmentFlag.AlignRight, number)
        left = line.left()
        if item.sign:
            top = line.top() + (line.height() - THEME.px(15)) // 2
            drawn = pixmap(item.sign, 15, "ink_soft", painter.device().devicePixelRatioF())
            painter.drawPixmap(left, top, drawn)
            left += THEME.px(22)
        room = line.right() - width - THEME.px(8) - left
        shown = metrics.elidedText(item.text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(left, line.top(), room, line.height()), middle, shown)


class FilterList(QListWidget):
    """The column at the left. `wanted` gives the filter that somebody chose."""

    wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setItemDelegate(_Delegate(self))
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._filter = Filter()
        self.itemClicked.connect(self._toggle)

    def retranslate(self) -> None:
        ui.name_it(self, t("Filters: tables, levers, kinds"), " ")

    def show_counts(self, counts: Counts, tables: list[GroupRow], book: LineBook, current: Filter) -> None:
        """Fill the column; the row on which the keyboard stands keeps its place."""
        self._filter = current
        there = self.currentItem().data(_ITEM) if self.currentItem() else None
        self.clear()
        for item in self._items(counts, tables, book, current):
            row = QListWidgetItem()
            row.setData(_ITEM, item)
            if item.field:
                state = t("{name}: {count}", name=item.text, count=item.count)
                if item.on:
                    state = t("{name}: {count}, shown alone", name=item.text, count=item.count)
                row.setData(Qt.ItemDataRole.AccessibleTextRole, state)
                row.setToolTip(ui.tip(item.text))
            else:
                row.setData(Qt.ItemDataRole.AccessibleTextRole, item.text)
                row.setFlags(Qt.ItemFlag.NoItemFlags)
            self.addItem(row)
            if there and (item.field, item.value) == (there.field, there.value):
                self.setCurrentItem(row)

    def _items(self, counts: Counts, tables: list[GroupRow], book: LineBook, f: Filter) -> list[_Item]:
        everything = dataclasses.replace(f, group="", lever="", kind="", withdrawn=False) == f
        items = [_Item("all", "", t("All"), counts.all, on=everything)]
        items += _tables(counts, tables, f)
        items += _levers(counts, book, f)
        items.append(_Item("", "", t("Kinds")))
        for kind in CONTRIBUTION_KINDS:
            if counts.kinds[kind] or f.kind == kind:
                name = label(SHORT_KINDS, kind)
                items.append(_Item("kind", kind, name, counts.kinds[kind], sign=KIND_ICONS[kind], on=f.kind == kind))
        if counts.withdrawn or f.withdrawn:
            items.append(_Item("", "", t("Out of the count")))
            items.append(_Item("withdrawn", "1", t("Withdrawn"), counts.withdrawn, on=f.withdrawn))
        return items

    def _toggle(self, row: QListWidgetItem) -> None:
        item: _Item = row.data(_ITEM)
        if item.field == "all":
            self.wanted.emit(Filter(words=self._filter.words))
        elif item.field == "withdrawn":
            self.wanted.emit(Filter(words=self._filter.words, withdrawn=not item.on))
        elif item.field:
            changes = {item.field: "" if item.on else item.value}
            self.wanted.emit(dataclasses.replace(self._filter, withdrawn=False, **changes))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() in keys and self.currentItem() is not None:
            self._toggle(self.currentItem())
        else:
            super().keyPressEvent(event)


def _tables(counts: Counts, tables: list[GroupRow], f: Filter) -> list[_Item]:
    named = [(row.record, t("Table {name}", name=row.name)) for row in tables]
    if counts.groups[NONE]:
        named.append((NONE, t("Without table")))
    items = [_Item("group", record, name, counts.groups[record], on=f.group == record) for record, name in named]
    return [_Item("", "", t("Tables")), *items] if items else []


def _levers(counts: Counts, book: LineBook, f: Filter) -> list[_Item]:
    if not book.levers:
        return []
    whole = counts.all or 1
    items = [_Item("", "", t("Levers"))]
    for number, node in enumerate(book.levers, start=1):
        count = counts.levers[node.id]
        name = f"{node.code}  {local(node.short) or local(node.title)}"
        items.append(_Item("lever", node.id, name, count, count / whole, number, on=f.lever == node.id))
    if counts.levers[NONE]:
        items.append(_Item("lever", NONE, t("Without line"), counts.levers[NONE], on=f.lever == NONE))
    return items
