"""Today: the one thing to do next has the focus by itself."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton

from tests.desktop.conftest import Desktop


def test_today_s_workshop_is_one_key_away(desktop: Desktop) -> None:
    desktop.until(lambda: isinstance(desktop.focus, QPushButton))
    assert desktop.focus.accessibleName() == "Obre Taller obert"
    desktop.press("Space")
    desktop.settle()
    assert desktop.window.windowTitle() == "Taller obert – PessDesk"
