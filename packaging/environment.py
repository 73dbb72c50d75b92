"""Runs first in the frozen program: programs that it opens (a reader for the minutes) get the system's libraries.

PyInstaller's starter points LD_LIBRARY_PATH to the folder's own libraries. This process has read it already; what it
starts must not.
"""

import os

if "LD_LIBRARY_PATH_ORIG" in os.environ:
    os.environ["LD_LIBRARY_PATH"] = os.environ.pop("LD_LIBRARY_PATH_ORIG")
else:
    os.environ.pop("LD_LIBRARY_PATH", None)
