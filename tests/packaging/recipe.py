"""The modules of packaging/, which is a folder of tools and no package, for tests that ask them."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "packaging"))
try:
    import frozen
    import icons
    import licences
finally:
    del sys.path[0]

__all__ = ["frozen", "icons", "licences"]
