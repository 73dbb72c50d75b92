"""How everything looks: named colours and sizes, one style sheet made of them.

Three schemes: light, dark and high contrast. The system's choice is followed unless a person chose one. Every length
grows with the system's font. The pairs of colours that carry text keep WCAG 2.1 AA (a test measures them).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, Qt, QTemporaryDir, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

FAMILY = "Source Sans 3"
STYLE = ("-style", "fusion")
"""Words for QApplication: asking for the style afterwards gives it back to Python, with all its hundreds of names."""
SCHEMES = ("system", "light", "dark", "contrast")
_SYSTEM_PIXELS = 13
"""The height of a system's usual font, in pixels, at which our sizes are 13, 15, 18 and 24."""


class Colours(NamedTuple):
    """One scheme. `ink` is text, from plain to soft; `accent` the one thing to do next; `danger` loss."""

    paper: str
    surface: str
    raised: str
    pressed: str
    line: str
    edge: str
    ink: str
    ink_soft: str
    accent: str
    accent_ink: str
    accent_soft: str
    danger: str
    danger_soft: str
    warn: str
    warn_soft: str
    good: str
    rehearsal: str
    levers: tuple[str, ...]


LIGHT = Colours(
    paper="#f5f3ee", surface="#ffffff", raised="#ebe8e0", pressed="#dcd8ce", line="#dcd8ce", edge="#86827a", ink="#1d2125",
    ink_soft="#565c64", accent="#0a6658", accent_ink="#ffffff", accent_soft="#dcefe9", danger="#ab2017",
    danger_soft="#fbe6e3", warn="#7a4f00", warn_soft="#fbefd2", good="#1c6a38", rehearsal="#b45f06",
    levers=("#0a6658", "#1f5aa6", "#8a4b08", "#7b3aa0", "#a3214e"),
)  # fmt: skip
DARK = Colours(
    paper="#16191c", surface="#1f2327", raised="#2a2f34", pressed="#363c42", line="#363c42", edge="#7d858d", ink="#ecebe6",
    ink_soft="#b3b9c0", accent="#63cdb8", accent_ink="#06231e", accent_soft="#1c3d37", danger="#ff9d92",
    danger_soft="#4a2321", warn="#f0c368", warn_soft="#433617", good="#86d39b", rehearsal="#f0a556",
    levers=("#63cdb8", "#8ab8f5", "#e6b273", "#cda4ea", "#f29ab5"),
)  # fmt: skip
CONTRAST = Colours(
    paper="#ffffff", surface="#ffffff", raised="#ffffff", pressed="#dbe5ff", line="#000000", edge="#000000", ink="#000000",
    ink_soft="#000000", accent="#00319c", accent_ink="#ffffff", accent_soft="#dbe5ff", danger="#8b0000",
    danger_soft="#ffffff", warn="#5c3a00", warn_soft="#ffffff", good="#004d1f", rehearsal="#8b4500",
    levers=("#00453b", "#00319c", "#5c3000", "#4b0082", "#7a0032"),
)  # fmt: skip


class Theme(QObject):
    """The look in force. `changed` after it has been put in force: whoever paints by itself then paints anew."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.colours = LIGHT
        self.scheme = "system"
        self.zoom = 1.0
        self._resources = Path()
        self._installed = False
        self._signs = QTemporaryDir()
        self._system_pixels = float(_SYSTEM_PIXELS)

    def install(self, app: QApplication, resources: Path, *, scheme: str = "system", zoom: float = 1.0) -> None:
        """Fonts and colours, before the first widget is made. The application was begun with `STYLE`."""
        self._resources = resources
        if not self._installed:  # afterwards the application's font is ours
            self._installed = True
            self._system_pixels = _pixels(app.font())
        for weight in ("Regular", "Semibold"):
            QFontDatabase.addApplicationFont(str(resources / "fonts" / f"SourceSans3-{weight}.ttf"))
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_changed)
        self.use(scheme if scheme in SCHEMES else "system", zoom)

    def use(self, scheme: str = "", zoom: float = 0.0) -> None:
        """Put a scheme (`system`, `light`, `dark`, `contrast`) and a magnification in force."""
        self.scheme = scheme or self.scheme
        self.zoom = min(3.0, max(0.7, zoom or self.zoom))
        self._apply()

    def _system_changed(self) -> None:
        if self.scheme == "system":
            self._apply()

    def _apply(self) -> None:
        self.colours = self._chosen()
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.setFont(self.font(15))
        app.setPalette(self._palette())
        app.setStyleSheet(self.sheet())
        self.changed.emit()

    def _chosen(self) -> Colours:
        named = {"light": LIGHT, "dark": DARK, "contrast": CONTRAST}
        if self.scheme in named:
            return named[self.scheme]
        hints = QGuiApplication.styleHints()
        preference = getattr(hints, "accessibility", None)
        if preference is not None and preference().contrastPreference() == Qt.ContrastPreference.HighContrast:
            return CONTRAST
        return DARK if hints.colorScheme() == Qt.ColorScheme.Dark else LIGHT

    @property
    def dark(self) -> bool:
        return self.colours is DARK

    # Sizes

    def px(self, size: float) -> int:
        """Pixels for a length given at the usual font's size."""
        return max(1, round(size * self.zoom * self._system_pixels / _SYSTEM_PIXELS))

    def font(self, size: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        font = QFont(FAMILY)
        font.setPixelSize(self.px(size))
        font.setWeight(weight)
        return font

    def colour(self, name: str) -> QColor:
        return QColor(getattr(self.colours, name))

    def lever(self, number: int) -> QColor:
        """The colour of a lever, by its place from 1; beside it always stands its number."""
        return QColor(self.colours.levers[(number - 1) % len(self.colours.levers)])

    # The style sheet

    def sheet(self) -> str:
        """The style sheet: `@name` is a colour, `@12` a length of 12 pixels at the usual font's size."""
        source = (self._resources / "style" / "pessdesk.qss").read_text(encoding="utf-8")
        names = self.colours._asdict()
        names |= {
            f"sign_{name}": self._sign(name.replace("_", "-")) for name in ("chevron_down", "chevron_up", "check")
        }
        return re.sub(
            r"@(\w+)", lambda found: f"{self.px(int(found[1]))}px" if found[1].isdigit() else names[found[1]], source
        )

    def _sign(self, name: str) -> str:
        """The file of an icon in the ink of the scheme: a style sheet takes pictures from files only."""
        ink = self.colours.accent_ink if name == "check" else self.colours.ink_soft
        target = Path(self._signs.path()) / f"{name}-{ink[1:]}.svg"
        if not target.exists():
            source = (self._resources / "icons" / f"{name}.svg").read_text(encoding="utf-8")
            target.write_text(source.replace("currentColor", ink), encoding="utf-8")
        return target.as_posix()

    def _palette(self) -> QPalette:
        c = self.colours
        palette = QPalette()
        roles = QPalette.ColorRole
        for role, colour in (
            (roles.Window, c.paper), (roles.WindowText, c.ink), (roles.Base, c.surface), (roles.AlternateBase, c.raised),
            (roles.Text, c.ink), (roles.Button, c.raised), (roles.ButtonText, c.ink), (roles.BrightText, c.danger),
            (roles.Highlight, c.accent), (roles.HighlightedText, c.accent_ink), (roles.ToolTipBase, c.surface),
            (roles.ToolTipText, c.ink), (roles.PlaceholderText, c.ink_soft), (roles.Link, c.accent),
            (roles.LinkVisited, c.accent), (roles.Light, c.surface), (roles.Midlight, c.raised), (roles.Mid, c.line),
            (roles.Dark, c.edge), (roles.Shadow, c.edge), (roles.Accent, c.accent),
        ):  # fmt: skip
            palette.setColor(role, QColor(colour))
        for role in (roles.WindowText, roles.Text, roles.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(c.ink_soft))
        return palette


def _pixels(font: QFont) -> float:
    """The height of the system's font. Asking the font database would load that font, which nothing here is set in."""
    pixels = float(font.pixelSize())
    if pixels <= 0:
        pixels = font.pointSizeF() * QGuiApplication.primaryScreen().logicalDotsPerInchY() / 72
    return max(9.0, pixels)


THEME = Theme()
