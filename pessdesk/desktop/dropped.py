"""Files that are dropped on the window or copied elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData


def local_files(data: QMimeData) -> list[Path]:
    """The files of this computer that the data name."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
