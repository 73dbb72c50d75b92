"""The screens by name, each imported when it is first shown."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pessdesk.desktop.screens.base import Screen
    from pessdesk.desktop.window import Window

SCREENS = {
    "first": "FirstScreen", "today": "TodayScreen", "workshops": "WorkshopsScreen", "new": "NewWorkshopScreen",
    "workshop": "WorkshopScreen", "facts": "FactsScreen", "sheet": "SheetScreen", "handover": "HandoverScreen",
    "receive": "ReceiveScreen", "clashes": "ClashesScreen", "laptops": "LaptopsScreen", "acts": "ActsScreen", "settings": "SettingsScreen",
    "help": "HelpScreen", "protection": "ProtectionScreen", "backups": "BackupsScreen", "unlock": "UnlockScreen",
    "rescue": "RescueScreen", "place": "PlaceScreen", "people": "PeopleScreen",
}  # fmt: skip


def make(name: str, window: Window) -> Screen:
    """A screen of this name, for the session that is open."""
    module = import_module(f"pessdesk.desktop.screens.{name}")
    screen: Screen = getattr(module, SCREENS[name])(window)
    return screen
