"""The icons (Lucide, resources/icons), drawn in the ink of the theme; never without a word or a name beside them."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap

from pessdesk.desktop.theme import THEME

if TYPE_CHECKING:
    from pathlib import Path

_FOLDER: list[Path] = []


def install(resources: Path) -> None:
    _FOLDER[:] = [resources / "icons"]
    THEME.changed.connect(_drawn.cache_clear)


KIND_ICONS = {
    "proposal": "lightbulb", "amendment": "pencil-line", "comment": "message-square", "need": "hand-heart",
    "question": "circle-question-mark", "experience": "book-open", "strength": "thumbs-up", "weakness": "thumbs-down",
    "opportunity": "sun", "threat": "cloud-lightning",
}  # fmt: skip


def pixmap(name: str, size: int, colour: str = "ink", ratio: float = 1.0, gap: int = 0) -> QPixmap:
    """An icon of `size` pixels (at the usual font's size) in a colour of the theme, with a gap at its right."""
    return _drawn(name, THEME.px(size), THEME.colour(colour).name(), ratio, THEME.px(gap) if gap else 0)


def icon(name: str, colour: str = "ink", size: int = 18, chosen: str = "", gap: int = 0) -> QIcon:
    """An icon for a button; `chosen` is its colour while the button is on, `gap` room at its right."""
    ratio = QGuiApplication.primaryScreen().devicePixelRatio()
    made = QIcon(pixmap(name, size, colour, ratio, gap))
    if chosen:
        made.addPixmap(pixmap(name, size, chosen, ratio, gap), QIcon.Mode.Normal, QIcon.State.On)
    return made


@functools.lru_cache(maxsize=512)
def _drawn(name: str, size: int, colour: str, ratio: float, gap: int) -> QPixmap:
    from PySide6.QtSvg import QSvgRenderer

    source = (_FOLDER[0] / f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", QColor(colour).name())
    canvas = QPixmap(round((size + gap) * ratio), round(size * ratio))
    canvas.fill(Qt.GlobalColor.transparent)
    painter = QPainter(canvas)
    QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(0, 0, canvas.height(), canvas.height()))
    painter.end()
    canvas.setDevicePixelRatio(ratio)
    return canvas
