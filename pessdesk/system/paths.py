"""Where things lie."""

from __future__ import annotations

import sys
from pathlib import Path


def default_data_dir() -> Path:
    """The folder that the system keeps for this program's data."""
    from platformdirs import user_data_path

    return user_data_path("PessDesk", appauthor=False, roaming=False)


def resources() -> Path:
    """The folder of what travels with the program: catalogs, territory, examples."""
    frozen = getattr(sys, "_MEIPASS", None)
    package = Path(__file__).resolve().parents[1]
    for candidate in (Path(frozen) / "resources" if frozen else None, package / "resources"):
        if candidate and candidate.is_dir():
            return candidate
    return package.parent / "resources"
