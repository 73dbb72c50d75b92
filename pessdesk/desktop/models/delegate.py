"""How a contribution looks in the list: a line of what it is, two lines of what was said.

Every row has the same height, so that thousands scroll without being measured.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from pessdesk.desktop.icons import KIND_ICONS, pixmap
from pessdesk.desktop.models.contributions import FRESH_ROLE, ROW_ROLE, ContributionModel
from pessdesk.desktop.theme import THEME
from pessdesk.desktop.words import label, t
from pessdesk.wording.labels import SHORT_KINDS

if TYPE_CHECKING:
    from pessdesk.application.screens import ContributionRow

LINES = 2
MOST_DOTS = 5


class ContributionDelegate(QStyledItemDelegate):
    """Paints the rows of a `ContributionModel`."""

    def __init__(self, model: ContributionModel) -> None:
        super().__init__(model)
        self._model = model
        self._measure()
        THEME.changed.connect(self._measure)

    def _measure(self) -> None:
        self._small, self._bold = THEME.font(13), THEME.font(13, QFont.Weight.DemiBold)
        self._body, self._dots = THEME.font(15), THEME.font(18, QFont.Weight.DemiBold)
        self._small_height = QFontMetrics(self._bold).height()
        self._body_height = QFontMetrics(self._body).lineSpacing()
        self._height = self._small_height + LINES * self._body_height + THEME.px(24)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(THEME.px(200), self._height)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row = index.data(ROW_ROLE)
        area = option.rect
        state = option.state
        painter.save()
        self._ground(painter, area, state, fresh=bool(index.data(FRESH_ROLE)))
        inner = area.adjusted(THEME.px(16), THEME.px(9), -THEME.px(16), -THEME.px(9))
        self._head(painter, inner, row)
        self._said(painter, inner.adjusted(0, self._small_height + THEME.px(4), 0, 0), row)
        painter.restore()

    def _ground(self, painter: QPainter, area: QRect, state: QStyle.StateFlag, *, fresh: bool) -> None:
        colour = None
        if state & QStyle.StateFlag.State_Selected:
            colour = THEME.colour("accent_soft")
        elif fresh:
            colour = THEME.colour("warn_soft")
        elif state & QStyle.StateFlag.State_MouseOver:
            colour = THEME.colour("paper")
        if colour is not None:
            painter.fillRect(area, colour)
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(QRect(area.left(), area.top(), THEME.px(4), area.height()), THEME.colour("accent"))
        painter.setPen(QPen(THEME.colour("line"), 1))
        painter.drawLine(area.left(), area.bottom(), area.right(), area.bottom())

    def _head(self, painter: QPainter, area: QRect, row: ContributionRow) -> None:
        line = QRect(area.left(), area.top(), area.width(), self._small_height)
        right = self._right(painter, line, row)
        left = self._word(painter, line.left(), line, row.short_code, self._bold, "ink_soft") + THEME.px(12)
        sign = KIND_ICONS.get(row.kind, "lightbulb")
        drawn = pixmap(sign, 14, "ink_soft", painter.device().devicePixelRatioF())
        painter.drawPixmap(QPoint(left, line.top() + (line.height() - THEME.px(14)) // 2), drawn)
        left += THEME.px(18)
        left = self._word(painter, left, line, label(SHORT_KINDS, row.kind), self._small, "ink") + THEME.px(12)
        for identity in row.lines[:3]:
            left = self._chip(painter, left, line, self._model.book.code(identity), identity) + THEME.px(6)
        places = []
        if row.group_name:
            places.append(t("Table {name}", name=row.group_name))
        if row.entity_name:
            places.append(row.entity_name)
        if places and right - left > THEME.px(40):
            metrics = QFontMetrics(self._small)
            shown = metrics.elidedText(" · ".join(places), Qt.TextElideMode.ElideRight, right - left - THEME.px(8))
            self._word(painter, left + THEME.px(4), line, shown, self._small, "ink_soft")

    def _word(self, painter: QPainter, left: int, line: QRect, word: str, font: QFont, colour: str) -> int:
        painter.setFont(font)
        painter.setPen(THEME.colour(colour))
        width = QFontMetrics(font).horizontalAdvance(word)
        painter.drawText(QRect(left, line.top(), width + 2, line.height()), Qt.AlignmentFlag.AlignVCenter, word)
        return left + width

    def _chip(self, painter: QPainter, left: int, line: QRect, code: str, identity: str) -> int:
        """The code of a line in its lever's colour; the number says the same as the colour."""
        number = self._model.book.lever_number(identity)
        colour = THEME.lever(number) if number else THEME.colour("ink_soft")
        width = QFontMetrics(self._bold).horizontalAdvance(code) + THEME.px(10)
        box = QRect(left, line.top(), width, line.height())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour, 1))
        painter.setBrush(QColor(0, 0, 0, 0))
        painter.drawRoundedRect(box.adjusted(0, 0, -1, -1), THEME.px(4), THEME.px(4))
        painter.setFont(self._bold)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, code)
        return left + width

    def _right(self, painter: QPainter, line: QRect, row: ContributionRow) -> int:
        """Dots, photos and clashes at the right edge; gives where the room for the rest ends."""
        right = line.right()
        ratio = painter.device().devicePixelRatioF()
        if row.votes:
            dots = "●" * row.votes if row.votes <= MOST_DOTS else f"● {row.votes}"
            width = QFontMetrics(self._dots).horizontalAdvance(dots)
            self._word(painter, right - width, line, dots, self._dots, "accent")
            right -= width + THEME.px(12)
        for shown, sign, colour in (
            (row.attachments > 0, "image", "ink_soft"),
            (row.clash, "git-compare-arrows", "warn"),
        ):
            if shown:
                right -= THEME.px(15)
                top = line.top() + (line.height() - THEME.px(15)) // 2
                painter.drawPixmap(QPoint(right, top), pixmap(sign, 15, colour, ratio))
                right -= THEME.px(10)
        return right

    def _said(self, painter: QPainter, area: QRect, row: ContributionRow) -> None:
        font = QFont(self._body)
        font.setStrikeOut(row.withdrawn)
        painter.setPen(THEME.colour("ink_soft" if row.withdrawn else "ink"))
        said = f"{row.title} — {row.text}" if row.title else row.text
        layout = QTextLayout(" ".join(said[:1000].split()), font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        top = float(area.top())
        for number in range(LINES):
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(area.width())
            rest = layout.text()[line.textStart() :]
            if number == LINES - 1 and line.textLength() < len(rest):
                layout.endLayout()
                shown = QFontMetrics(font).elidedText(rest[:400], Qt.TextElideMode.ElideRight, area.width())
                painter.setFont(font)
                where = QRect(area.left(), round(top), area.width(), self._body_height)
                painter.drawText(where, Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine, shown)
                return
            line.draw(painter, QPointF(area.left(), top))
            top += self._body_height
        layout.endLayout()
