"""Whoever cannot see the screen or use a mouse: everything has a name, everything is reached with Tab, nothing traps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QWidget,
)

from pessdesk.desktop.screens import SCREENS
from pessdesk.desktop.theme import THEME
from pessdesk.desktop.words import WORDS
from tests.desktop.conftest import Desktop
from tests.desktop.lived import Lived
from tests.desktop.looking import described, interactive, shown

OpenDesktop = Callable[[Path], Desktop]
ROLES = QAccessible.Role
SPOKEN = {
    ROLES.Button, ROLES.PushButton, ROLES.ButtonMenu, ROLES.ButtonDropDown, ROLES.EditableText, ROLES.ComboBox,
    ROLES.SpinBox, ROLES.CheckBox, ROLES.RadioButton, ROLES.MenuItem, ROLES.List, ROLES.ListItem, ROLES.Table,
    ROLES.Tree, ROLES.TreeItem, ROLES.ColumnHeader, ROLES.PageTab, ROLES.Slider, ROLES.Link,
}  # fmt: skip
HEADINGS = {"clashes"}
"""Screens on which such words stand over groups of buttons, each of which says of what it is."""
PARTS = {ROLES.ScrollBar, ROLES.Splitter, ROLES.Grip}


class Thing(NamedTuple):
    """A node of the accessible tree."""

    role: QAccessible.Role
    name: str
    path: str


def walk(top: QWidget) -> Iterator[Thing]:
    """The accessible tree of a window, without what does not show and the parts of scroll bars."""
    QAccessible.setActive(True)
    yield from _walk(QAccessible.queryAccessibleInterface(top), type(top).__name__, 0)


def _walk(node: QAccessibleInterface | None, path: str, depth: int) -> Iterator[Thing]:
    if node is None or not node.isValid() or depth > 30:
        return
    state, role = node.state(), node.role()
    if state.invisible or role in PARTS:
        return
    yield Thing(role, node.text(QAccessible.Text.Name).strip(), path)
    if role in (ROLES.ComboBox, ROLES.SpinBox):
        return  # its own list and field are parts of it
    for place in range(min(node.childCount(), 400)):
        child = node.child(place)
        widget = child.object() if child is not None and child.isValid() else None
        yield from _walk(child, f"{path}/{type(widget).__name__ if widget else place}", depth + 1)


@pytest.fixture(params=SCREENS)
def screen(request: pytest.FixtureRequest, open_desktop: OpenDesktop, lived: Lived) -> tuple[Desktop, str]:
    desktop = open_desktop(lived.folder)
    desktop.go(request.param, **lived.ways()[request.param])
    return desktop, request.param


def test_everything_that_can_be_used_has_a_name(screen: tuple[Desktop, str]) -> None:
    desktop, _ = screen
    things = list(walk(desktop.window))
    assert len(things) > 10, "the tree is walked"
    nameless = [thing for thing in things if thing.role in SPOKEN and not thing.name]
    assert nameless == []


def test_no_two_buttons_of_a_screen_are_called_alike(screen: tuple[Desktop, str]) -> None:
    desktop, _ = screen
    names = Counter(
        (thing.role, thing.name)
        for thing in walk(desktop.window)
        if thing.role
        in (ROLES.Button, ROLES.PushButton, ROLES.CheckBox, ROLES.RadioButton, ROLES.EditableText, ROLES.ComboBox)
    )
    assert {name: times for (_, name), times in names.items() if times > 1} == {}


def test_an_icon_alone_is_explained(screen: tuple[Desktop, str]) -> None:
    desktop, _ = screen
    bare = [
        described(button)
        for button in interactive(desktop.window)
        if isinstance(button, QPushButton) and not button.text() and not button.toolTip()
    ]
    assert bare == []


def test_labels_belong_to_their_fields(screen: tuple[Desktop, str]) -> None:
    """A word over a field is bound to it: a screen reader says it, and a click on it goes there."""
    desktop, name = screen
    loose = [
        label.text()
        for label in shown(desktop.window)
        if isinstance(label, QLabel) and label.property("role") == "label" and label.text()
        and label.buddy() is None
    ]  # fmt: skip
    assert loose == [] or name in HEADINGS


def _tab_stops(window: QWidget) -> list[QWidget]:
    """What should be reached with Tab."""
    stops = []
    for widget in interactive(window):
        if not widget.isEnabled() or not widget.focusPolicy() & Qt.FocusPolicy.TabFocus or widget.focusProxy():
            continue
        stops.append(widget)
    return stops


def test_tab_reaches_everything_and_comes_back(screen: tuple[Desktop, str]) -> None:
    desktop, _ = screen
    wanted = set(_tab_stops(desktop.window))
    for keys in ("Tab", "Shift+Tab"):
        start = desktop.focus
        seen: list[QWidget] = []
        for _ in range(3 * len(wanted) + 20):
            desktop.press(keys)
            now = desktop.focus
            if seen and now is seen[0]:
                break
            seen.append(now)
        else:
            pytest.fail(f"{keys} from {described(start)} never comes back: {[described(one) for one in seen]}")
        groups = {widget.group() for widget in seen if isinstance(widget, QRadioButton)}  # arrow keys go on there
        missed = [
            described(widget)
            for widget in wanted - set(seen)
            if widget.isVisible() and not (isinstance(widget, QRadioButton) and widget.group() in groups)
        ]
        assert missed == [], f"{keys} goes past these"


def test_everything_with_a_button_can_be_used_without_a_mouse(screen: tuple[Desktop, str]) -> None:
    """Whatever can be clicked can be focused, but for tabs and the parts that follow the focus."""
    desktop, _ = screen
    mouse_only = [
        described(widget)
        for widget in interactive(desktop.window)
        if widget.isEnabled() and widget.focusPolicy() == Qt.FocusPolicy.NoFocus and widget.property("keys") is not True
    ]
    assert mouse_only == []


@pytest.mark.parametrize("scheme", ["light", "dark", "contrast"])
def test_the_focus_can_be_seen(open_desktop: OpenDesktop, lived: Lived, scheme: str) -> None:
    """On every screen, everything that takes the focus looks otherwise with it."""
    THEME.use(scheme)
    desktop = open_desktop(lived.folder)
    unseen = []
    for name, wanted in lived.ways().items():
        desktop.go(name, **wanted)
        stops = _tab_stops(desktop.window)
        for widget in stops:
            other = next(one for one in stops if one is not widget)
            other.setFocus(Qt.FocusReason.TabFocusReason)
            QApplication.processEvents()
            without = _around(widget)
            widget.setFocus(Qt.FocusReason.TabFocusReason)
            QApplication.processEvents()
            if widget.hasFocus() and without == _around(widget) and not _has_caret(widget):
                unseen.append(f"{name}: {described(widget)}")
    assert unseen == []


def _around(widget: QWidget) -> bytes:
    """The widget with a little of what is around it (a border may belong to its frame)."""
    parent = widget.parentWidget() or widget
    area = widget.geometry().adjusted(-6, -6, 6, 6) if parent is not widget else widget.rect()
    image = parent.grab(area).toImage()
    return bytes(image.constBits())


def _has_caret(widget: QWidget) -> bool:
    return isinstance(widget, QLineEdit) and widget.cursor().pos() != QPoint()


def test_lists_say_their_rows(open_desktop: OpenDesktop, lived: Lived) -> None:
    """What is drawn by hand is spoken in words."""
    desktop = open_desktop(lived.folder)
    screen = desktop.go("workshop", workshop=lived.workshop, contribution=lived.contribution)
    rows = [thing.name for thing in walk(screen.list) if thing.role is ROLES.ListItem]
    assert len(rows) >= 5, "those that can be seen"
    spoken = next(name for name in rows if "BW003" in name or "003," in name)
    assert "2 punts" in spoken and "canviada en dos portàtils" in spoken
    filters = [thing.name for thing in walk(screen.filters) if thing.role is ROLES.ListItem]
    assert any(name.startswith("Taula 1: ") for name in filters)
    assert all(filters)


def test_the_state_of_safety_is_spoken(open_desktop: OpenDesktop, lived: Lived) -> None:
    desktop = open_desktop(lived.folder)
    safety = desktop.window.top.safety
    assert safety.accessibleName() == safety.text() != ""
    WORDS.use("en")
    assert safety.accessibleName() == safety.text()


def test_panels_and_menus_have_names_too(open_desktop: OpenDesktop, lived: Lived) -> None:
    desktop = open_desktop(lived.folder)
    screen = desktop.go("workshop", workshop=lived.workshop, contribution=lived.contribution)
    chips = (screen.line.table, screen.line.kind, screen.line.dots, screen.line.line)
    for opened in (*(chip.click for chip in chips), desktop.window._palette):
        opened()
        QApplication.processEvents()
        panel = QApplication.activePopupWidget()
        assert panel is not None
        nameless = [thing for thing in walk(panel) if thing.role in SPOKEN and not thing.name]
        assert nameless == []
        panel.close()
        desktop.settle()


def test_item_views_take_no_words_of_people_for_a_page(open_desktop: OpenDesktop, lived: Lived) -> None:
    """What people write is never shown as rich text: not in labels, rows, tool tips or the names of buttons."""
    desktop = open_desktop(lived.folder)
    for name, wanted in lived.ways().items():
        desktop.go(name, **wanted)
        for widget in shown(desktop.window):
            if isinstance(widget, QLabel):
                assert widget.textFormat() == Qt.TextFormat.PlainText or not widget.text(), described(widget)
            assert "<b>" not in widget.toolTip() and "<u>" not in widget.toolTip(), (name, described(widget))
            if isinstance(widget, QAbstractItemView) and (model := widget.model()) is not None:
                for row in range(model.rowCount()):
                    tip = model.index(row, 0).data(Qt.ItemDataRole.ToolTipRole) or ""
                    assert "<b>" not in str(tip) and "<i>" not in str(tip), (name, tip)
