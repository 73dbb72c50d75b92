"""The layer under a process (shim.c): building it, starting a process on it, and, from inside, letting calls fail."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).with_name("shim.c")
WRITE, SYNC, CREATE, CHANGE = "w", "s", "c", "o"
"""What can be made to fail: writing, waiting for the disk, making files, opening for writing and changing names."""


def why_not() -> str:
    """Why the layer cannot be used here; nothing where it can."""
    if not sys.platform.startswith("linux"):
        return f"the layer that records and fails calls is made for Linux, this is {sys.platform}"
    if not shutil.which("cc"):
        return "there is no C compiler (cc) to build the layer with"
    return ""


def build(folder: Path) -> Path:
    """The layer, compiled into `folder`."""
    library = folder / "shim.so"
    command = [
        "cc",
        "-O1",
        "-Wall",
        "-Wextra",
        "-Werror",
        "-shared",
        "-fPIC",
        "-o",
        library,
        SOURCE,
        "-ldl",
        "-lpthread",
    ]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return library


def run_under(library: Path, root: Path, journal: Path | None, module: str, *words: str) -> str:
    """`python -m MODULE WORDS` on the layer, which watches `root` and records into `journal`; gives what it printed."""
    environment = {**os.environ, "LD_PRELOAD": str(library), "FAULTS_ROOT": str(root)}
    if journal is not None:
        environment["FAULTS_JOURNAL"] = str(journal)
    command = [sys.executable, "-m", module, *words]
    done = subprocess.run(
        command, env=environment, cwd=SOURCE.parents[2], capture_output=True, text=True, timeout=280, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


class Fate:
    """Within a process on the layer: what fails from now on, below its root."""

    def __init__(self) -> None:
        self._layer = ctypes.CDLL(None)
        self._layer.faults_seen.restype = self._layer.faults_hits.restype = ctypes.c_long

    def fail(self, calls: str, error: int, after: int, *, lasting: bool) -> None:
        """Let calls of these kinds fail with `error` once `after` of them have succeeded; one, or all from then on."""
        self._layer.faults_fail(calls.encode(), ctypes.c_long(after), error, int(lasting))

    def mend(self) -> tuple[int, int]:
        """Nothing fails any more; gives how many calls of these kinds there were, and how many failed."""
        seen, hits = int(self._layer.faults_seen()), int(self._layer.faults_hits())
        self._layer.faults_fail(b"", ctypes.c_long(0), 0, 0)
        return seen, hits
