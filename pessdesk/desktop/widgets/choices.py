"""Buttons of which one is on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def choices(owner: QWidget, names: Iterable[str], use: Callable[[str], None]) -> dict[str, QRadioButton]:
    """Buttons of which one is on; `use` gets the name of the one that somebody turns on."""
    group = QButtonGroup(owner)
    made = {name: QRadioButton() for name in names}
    for name, button in made.items():
        group.addButton(button)
        button.clicked.connect(lambda _=False, name=name: use(name))
    return made
