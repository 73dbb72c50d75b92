"""Where things lie."""

from __future__ import annotations

import sys
from pathlib import Path

KEYS = "keys.json"
"""What opens a protected store, in its folder (`pessdesk.system.keys`)."""
SEALED = ".sealed"
"""What the name of a sealed file has at its end (`pessdesk.system.sealing`)."""
ELSEWHERE = "elsewhere.txt"
"""In the usual folder: the path of the one that somebody chose instead."""


def usual_data_dir() -> Path:
    """The folder that the system keeps for this program's data."""
    from platformdirs import user_data_path

    return user_data_path("PessDesk", appauthor=False, roaming=False)


def default_data_dir() -> Path:
    """The folder of the data where none is named: the usual one, or the one that was chosen instead."""
    usual = usual_data_dir()
    try:
        chosen = (usual / ELSEWHERE).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        chosen = ""
    return Path(chosen) if chosen else usual


def choose_data_dir(folder: Path) -> None:
    """Use this folder from now on where none is named. Raises `OSError`."""
    usual = usual_data_dir()
    usual.mkdir(parents=True, exist_ok=True)
    (usual / ELSEWHERE).write_text(f"{folder.resolve()}\n", encoding="utf-8")


def resources() -> Path:
    """The folder of what travels with the program: catalogs, territory, examples."""
    frozen = getattr(sys, "_MEIPASS", None)
    package = Path(__file__).resolve().parents[1]
    for candidate in (Path(frozen) / "resources" if frozen else None, package / "resources"):
        if candidate and candidate.is_dir():
            return candidate
    return package.parent / "resources"
