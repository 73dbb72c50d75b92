"""What the window remembers of itself: language, look, role, place on the screen. A small file beside the store.

Nothing of a workshop is in it; a lost or damaged file costs nobody more than a choice to make again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSettings

if TYPE_CHECKING:
    from pathlib import Path

FILE = "window.ini"


class Settings:
    """The file `window.ini` of a data folder."""

    def __init__(self, folder: Path) -> None:
        self._file = QSettings(str(folder / FILE), QSettings.Format.IniFormat)

    def word(self, key: str, usual: str = "") -> str:
        value = self._file.value(key, usual)
        return value if isinstance(value, str) else usual

    def number(self, key: str, usual: float) -> float:
        try:
            return float(self.word(key, str(usual)))
        except ValueError:
            return usual

    def octets(self, key: str) -> QByteArray:
        value = self._file.value(key)
        return value if isinstance(value, QByteArray) else QByteArray()

    def keep(self, key: str, value: str | float | QByteArray) -> None:
        self._file.setValue(key, value if isinstance(value, QByteArray) else str(value))

    def sync(self) -> None:
        self._file.sync()
