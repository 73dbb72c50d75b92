"""The look: letters that can be read in every scheme, a style sheet that Qt understands whole, sizes that follow."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontInfo, QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from pessdesk.bootstrap import Program
from pessdesk.desktop.theme import CONTRAST, DARK, FAMILY, LIGHT, SCHEMES, THEME, Colours
from tests.desktop.conftest import Desktop

SCHEME = {"light": LIGHT, "dark": DARK, "contrast": CONTRAST}
SHEET = (Program().resources() / "style" / "pessdesk.qss").read_text(encoding="utf-8")
GROUNDS = ("paper", "surface", "raised", "accent_soft", "warn_soft")
"""What letters of rows and labels stand on: page, card, hovered, selected, fresh."""

TEXT = [
    *(("ink", ground) for ground in (*GROUNDS, "danger_soft", "pressed")),
    *(("ink_soft", ground) for ground in GROUNDS),
    *(("accent", ground) for ground in GROUNDS),
    *(("danger", ground) for ground in ("paper", "surface", "raised", "danger_soft")),
    *(("warn", ground) for ground in ("paper", "surface", "warn_soft", "accent_soft")),
    *(("good", ground) for ground in ("paper", "surface")),
    ("accent_ink", "accent"), ("surface", "ink"), ("paper", "ink"), ("surface", "rehearsal"),
]  # fmt: skip
EDGES = [
    *(("edge", ground) for ground in ("paper", "surface", "raised")),
    *(("accent", ground) for ground in ("paper", "surface", "raised", "accent_soft")),
    ("danger", "surface"), ("danger", "paper"), ("rehearsal", "paper"), ("accent_ink", "accent"), ("paper", "ink"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def _light_again(dressed: QApplication) -> Iterator[None]:
    yield
    THEME.use("light", 1.0)


def luminance(colour: str) -> float:
    """WCAG 2.1, relative luminance."""

    def part(value: float) -> float:
        return value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4

    made = QColor(colour)
    assert made.isValid() and re.fullmatch("#[0-9a-f]{6}", colour), colour
    return 0.2126 * part(made.redF()) + 0.7152 * part(made.greenF()) + 0.0722 * part(made.blueF())


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_measured_as_the_guidelines_say() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", SCHEME)
def test_letters_can_be_read(scheme: str) -> None:
    colours = SCHEME[scheme]
    found = {f"{ink} on {ground}": contrast(getattr(colours, ink), getattr(colours, ground)) for ink, ground in TEXT}
    found |= {
        f"lever {number} on {ground}": contrast(lever, getattr(colours, ground))
        for number, lever in enumerate(colours.levers, start=1)
        for ground in GROUNDS
    }
    assert {pair: round(ratio, 2) for pair, ratio in found.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("scheme", SCHEME)
def test_edges_can_be_seen(scheme: str) -> None:
    colours = SCHEME[scheme]
    found = {
        f"{edge} on {ground}": contrast(getattr(colours, edge), getattr(colours, ground)) for edge, ground in EDGES
    }
    assert {pair: round(ratio, 2) for pair, ratio in found.items() if ratio < 3} == {}


def test_every_colour_of_letters_in_the_sheet_is_measured() -> None:
    measured = {ink for ink, _ in TEXT}
    used = set(re.findall(r"[;{ ]color: @(\w+)", SHEET))
    assert used and used <= measured
    pairs = set(TEXT) | {("ink_soft", "raised"), ("accent", "surface")}
    for ground, ink in re.findall(r"background: @(\w+);[^}]*[; ]color: @(\w+)", SHEET):
        assert (ink, ground) in pairs, f"{ink} on {ground} is not measured"


def test_every_name_in_the_sheet_is_a_colour_a_sign_or_a_length() -> None:
    signs = {"sign_chevron_down", "sign_chevron_up", "sign_check"}
    known = {*Colours._fields, *signs} - {"levers"}
    assert {name for name in re.findall(r"@(\w+)", SHEET) if not name.isdigit()} <= known


@pytest.mark.parametrize("scheme", SCHEME)
def test_qt_understands_the_whole_sheet(scheme: str, dressed: QApplication) -> None:
    """What it does not understand it says as a warning, and a warning fails the test."""
    THEME.use(scheme)
    sheet = THEME.sheet()
    assert "@" not in re.sub(r"/\*.*?\*/", "", sheet, flags=re.S)
    assert sheet.count("{") == sheet.count("}")
    made = QPushButton("Desa")
    made.setProperty("role", "primary")
    made.ensurePolished()
    shown = made.grab().toImage()
    assert shown.pixelColor(shown.width() // 2, 3) == QColor(SCHEME[scheme].accent)


def test_properties_that_the_sheet_names_are_those_of_qt(dressed: QApplication) -> None:
    """Qt passes over a misspelt property in silence."""
    known = {
        "alternate-background-color", "background", "border", "border-bottom", "border-color", "border-radius",
        "border-right", "color", "font-size", "font-weight", "gridline-color", "height", "image", "letter-spacing",
        "margin", "max-height", "max-width", "min-height", "min-width", "outline", "padding",
        "selection-background-color", "selection-color", "spacing", "subcontrol-origin", "subcontrol-position",
        "text-align", "text-decoration", "width",
    }  # fmt: skip
    plain = re.sub(r"/\*.*?\*/", "", SHEET, flags=re.S)
    used = {name for block in re.findall(r"{([^}]*)}", plain) for name in re.findall(r"(?:^|;)\s*([a-z-]+):", block)}
    assert used <= known


class System:
    """What the system says of itself: Qt without a display has no colour scheme that could be changed."""

    def __init__(self) -> None:
        self.scheme = Qt.ColorScheme.Light
        self.contrast = Qt.ContrastPreference.NoPreference

    def styleHints(self) -> System:
        return self

    def colorScheme(self) -> Qt.ColorScheme:
        return self.scheme

    def accessibility(self) -> System:
        return self

    def contrastPreference(self) -> Qt.ContrastPreference:
        return self.contrast

    def changes(self, scheme: Qt.ColorScheme) -> None:
        self.scheme = scheme
        QGuiApplication.styleHints().colorSchemeChanged.emit(scheme)


def test_the_systems_choice_is_followed_until_somebody_chooses(
    dressed: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = System()
    monkeypatch.setattr("pessdesk.desktop.theme.QGuiApplication", system)
    THEME.use("system")
    assert THEME.colours is LIGHT
    system.changes(Qt.ColorScheme.Dark)
    assert THEME.colours is DARK and THEME.dark
    system.contrast = Qt.ContrastPreference.HighContrast
    system.changes(Qt.ColorScheme.Light)
    assert THEME.colours is CONTRAST
    THEME.use("light")
    system.changes(Qt.ColorScheme.Dark)
    assert THEME.colours is LIGHT, "what was chosen stays"


def test_what_paints_by_itself_is_told(dressed: QApplication) -> None:
    seen: list[str] = []
    THEME.changed.connect(lambda: seen.append(THEME.colours.paper))
    THEME.use("dark")
    THEME.use("light")
    assert seen == [DARK.paper, LIGHT.paper]


@pytest.mark.parametrize(("asked", "got"), [(0.1, 0.7), (0.7, 0.7), (1.5, 1.5), (9.0, 3.0), (float("inf"), 3.0)])
def test_letters_grow_within_reason(dressed: QApplication, asked: float, got: float) -> None:
    THEME.use("light", asked)
    assert THEME.zoom == got
    assert THEME.font(15).pixelSize() == THEME.px(15)


def test_everything_grows_with_the_letters(dressed: QApplication) -> None:
    THEME.use("light", 1.0)
    label = QLabel("l·l")
    sizes = {THEME.px(size): THEME.px(size) for size in (13, 15, 18, 24)}
    small, width = label.sizeHint(), THEME.px(100)
    THEME.use("light", 2.0)
    label.ensurePolished()
    assert THEME.px(100) == pytest.approx(2 * width, abs=1)
    assert label.sizeHint().height() > 1.7 * small.height()
    assert len(sizes) == 4


def test_the_family_is_the_one_that_is_shipped(dressed: QApplication) -> None:
    info = QFontInfo(THEME.font(15))
    assert info.family() == FAMILY and info.exactMatch()


@pytest.mark.parametrize("damaged", ["", "pink", "LIGHT"])
def test_an_unknown_scheme_is_the_systems(dressed: QApplication, damaged: str) -> None:
    assert damaged not in SCHEMES
    THEME.install(dressed, Program().resources(), scheme=damaged)
    assert THEME.scheme == "system"


@pytest.mark.parametrize("scheme", SCHEME)
def test_the_window_is_painted_in_it(desktop: Desktop, scheme: str) -> None:
    THEME.use(scheme)
    desktop.settle()
    picture = desktop.window.grab().toImage()
    corner = picture.pixelColor(picture.width() - 3, picture.height() - 3)
    assert corner == QColor(SCHEME[scheme].paper)
