"""How a file or a folder gets its name so that it is still there after a power cut: every writer of files goes through here.

A name is safe when the folder in which it stands was synced, and that folder's name in its own. Where a file system does
more by itself (most journaling ones), these calls cost little; where it does not, the name of what was acknowledged would be gone.
"""

from __future__ import annotations

import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable; Windows has no such call and needs none. Raises `OSError`."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def make_folder(folder: Path, mode: int = 0o777) -> None:
    """Make a folder, and those above it that are missing, so that what is put there can be found again; `mode` is for the
    folder itself, where the system knows such a thing. Raises `OSError`."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(mode, exist_ok=True)
    sync_folder(folder.parent)
