"""Every icon that the sources name is shipped, and can be seen in every scheme at every size."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QApplication

import pessdesk.desktop
from pessdesk.bootstrap import Program
from pessdesk.desktop.icons import KIND_ICONS, icon, pixmap
from pessdesk.desktop.shell import ICONS
from pessdesk.desktop.theme import THEME
from pessdesk.domain.kinds import CONTRIBUTION_KINDS

FOLDER = Program().resources() / "icons"
SHIPPED = {path.stem for path in FOLDER.glob("*.svg")}
NOT_ICONS = {"pessdesk"}
"""The program's own sign, which stands on the desktop and not in the window."""


def _named() -> dict[str, str]:
    """Words in the sources that are called like an icon, and where; and whatever is given to what draws icons."""
    makers = {"icon": 0, "pixmap": 0, "tool": 0, "button": 1, "put_icon": 1, "Entry": 0, "_add": 1}
    found: dict[str, str] = {}
    for path in sorted(Path(pessdesk.desktop.__path__[0]).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in makers and len(node.args) > makers[name]:
                for part in ast.walk(node.args[makers[name]]):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value:
                        found[part.value] = f"{path.name}:{node.lineno}"
    return found


@pytest.fixture(autouse=True)
def _light_again(dressed: QApplication) -> Iterator[None]:
    yield
    THEME.use("light", 1.0)


def test_every_icon_that_is_named_is_shipped() -> None:
    named = _named() | dict.fromkeys((*KIND_ICONS.values(), *ICONS.values()), "a table")
    assert len(named) > 20, "the sources are read"
    assert {name: where for name, where in named.items() if name not in SHIPPED} == {}


def test_every_kind_has_an_icon_of_its_own() -> None:
    assert set(KIND_ICONS) == set(CONTRIBUTION_KINDS)
    assert len(set(KIND_ICONS.values())) == len(CONTRIBUTION_KINDS)


def inked(drawn: QPixmap, colour: QColor) -> int:
    """How many pixels are in this colour."""
    image = drawn.toImage()
    points = ((x, y) for x in range(image.width()) for y in range(image.height()))
    return sum(
        image.pixelColor(x, y).alpha() > 200 and image.pixelColor(x, y).name() == colour.name() for x, y in points
    )


@pytest.mark.parametrize("scheme", ["light", "dark", "contrast"])
def test_each_can_be_seen_in_the_ink_of_the_scheme(scheme: str) -> None:
    THEME.use(scheme)
    for name in sorted(SHIPPED - NOT_ICONS):
        drawn = pixmap(name, 32)
        assert (drawn.width(), drawn.height()) == (THEME.px(32), THEME.px(32)), name
        assert inked(drawn, THEME.colour("ink")) >= 8, f"{name} is empty or in a colour of its own"


@pytest.mark.parametrize(("zoom", "ratio"), [(1.0, 1.0), (2.0, 1.0), (1.0, 2.0), (0.7, 1.25)])
def test_each_is_drawn_as_large_as_it_shows(zoom: float, ratio: float) -> None:
    THEME.use("light", zoom)
    drawn = pixmap("check", 18, ratio=ratio, gap=6)
    assert drawn.height() == round(THEME.px(18) * ratio)
    assert drawn.width() == round((THEME.px(18) + THEME.px(6)) * ratio)
    assert drawn.devicePixelRatio() == ratio


def test_a_button_that_is_on_has_another_colour() -> None:
    made = icon("check", "ink_soft", chosen="accent")
    off, on = (made.pixmap(18, 18, QIcon.Mode.Normal, state) for state in (QIcon.State.Off, QIcon.State.On))
    assert inked(off, THEME.colour("ink_soft")) and inked(on, THEME.colour("accent"))


def test_the_icons_are_plain_drawings() -> None:
    """No script, no link, nothing fetched: only lines, in a colour that is put in."""
    for path in FOLDER.glob("*.svg"):
        source = path.read_text(encoding="utf-8")
        assert not re.search(r"<script|<image|href|<!ENTITY|<style|url\(http", source), path.name
        if path.stem not in NOT_ICONS:
            assert "currentColor" in source, path.name
