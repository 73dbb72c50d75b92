"""The name under which the window of a store can be called (`pessdesk.desktop.single`)."""

from __future__ import annotations

import os
import zlib
from pathlib import Path


def doorbell_name(folder: Path) -> str:
    """A name for the store's folder that fits any system's limits; the same for every way to write the folder."""
    path = os.fsencode(folder.resolve())
    return f"pessdesk-{zlib.crc32(path):08x}{zlib.adler32(path):08x}"
