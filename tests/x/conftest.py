"""The program as people have it: a process of its own, a window on an X display of its own, real keys.

`make test-x` runs these and names the program in PESSDESK_X; `make test` leaves them alone. Each test waits for what it
expects, with a deadline, and leaves a picture of the whole display in build/test-x.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from pessdesk.application.capture_line import draft_key
from pessdesk.bootstrap import Program

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "build" / "test-x"
PROGRAM = os.environ.get("PESSDESK_X", "")
ENTRY = ROOT / "packaging" / "linux" / "cat.pessdesk.PessDesk.desktop"
WM_CLASS = re.findall(r"^StartupWMClass=(.*)$", ENTRY.read_text(encoding="utf-8"), re.M)[0]
"""By this the desktop knows which entry of the menu a window belongs to."""
PATIENCE = 60.0
"""Seconds until something that should happen has failed to: far more than it takes anywhere."""


def until(what: str, found: Callable[[], T | None]) -> T:
    """Ask until there is an answer."""
    deadline = time.monotonic() + PATIENCE
    while True:
        if answer := found():
            return answer
        if time.monotonic() > deadline:
            pytest.fail(f"waited {PATIENCE:.0f} s in vain: {what}")
        time.sleep(0.02)


class Display:
    """An X server without a screen, and a keyboard at it, with the keys of a Spanish one."""

    def __init__(self, name: str, env: dict[str, str]) -> None:
        self.env = {**env, "DISPLAY": name}
        self.tool("setxkbmap", "-layout", "es")

    def tool(self, *words: str) -> str:
        done = subprocess.run(words, env=self.env, capture_output=True, text=True, check=False, timeout=PATIENCE)
        return done.stdout.strip() if done.returncode == 0 else ""

    def window(self, process: subprocess.Popen[str]) -> str:
        """The window of a process, once it is on the screen."""

        def found() -> str | None:
            assert process.poll() is None, f"the program ended with {process.returncode}"
            ours = ("--all", "--onlyvisible", "--pid", str(process.pid), "--class", f"^{WM_CLASS}$")
            return self.tool("xdotool", "search", *ours)

        return until("a window of PessDesk", found).splitlines()[0]

    def title(self, window: str) -> str:
        return self.tool("xdotool", "getwindowname", window)

    def look_at(self, window: str) -> None:
        """What a window manager does when a window opens: the keys go to it."""
        self.tool("xdotool", "windowfocus", "--sync", window)

    def type(self, text: str) -> None:
        """Press the keys of a text that has a key for each of its letters (with a shift for some)."""
        names = {" ": "space", ",": "comma", "'": "apostrophe", "·": "periodcentered", "ç": "ccedilla"}
        self.press(*(names.get(letter, letter) for letter in text))

    def press(self, *keys: str) -> None:
        done = subprocess.run(["xdotool", "key", "--delay", "4", *keys], env=self.env, check=False, timeout=PATIENCE)
        assert done.returncode == 0

    def picture(self, file: Path) -> Path:
        """The whole display, as it is now."""
        script = (
            "import sys; from PySide6.QtGui import QGuiApplication; app = QGuiApplication([]);"
            "sys.exit(not app.primaryScreen().grabWindow(0).save(sys.argv[1]))"
        )
        file.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, "-c", script, file], env=self.env, check=True, timeout=PATIENCE)
        return file


@pytest.fixture
def display(tmp_path: Path) -> Iterator[Display]:
    """A display that nobody else uses."""
    (tmp_path / "tmp").mkdir()
    kept = ("PATH", "LD_LIBRARY_PATH")
    env = {name: os.environ[name] for name in kept if name in os.environ} | {
        "HOME": str(tmp_path), "TMPDIR": str(tmp_path / "tmp"), "LANG": "C.UTF-8", "QT_QPA_PLATFORM": "xcb",
    }  # fmt: skip
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1366x768x24", "-nolisten", "tcp", "-noreset"]
    with (tmp_path / "xvfb.log").open("w") as log:
        server = subprocess.Popen(command, pass_fds=(write,), stdout=log, stderr=log)
    os.close(write)
    try:
        with os.fdopen(read) as answer:
            number = answer.readline().strip()
        assert number, (tmp_path / "xvfb.log").read_text(encoding="utf-8")
        yield Display(f":{number}", env)
    finally:
        server.terminate()
        server.wait(PATIENCE)


class Laptop:
    """A data folder, and the program on it: its window, its commands beside."""

    def __init__(self, folder: Path, display: Display) -> None:
        self.folder = folder
        self.display = display
        self.started: list[subprocess.Popen[str]] = []

    def open(self) -> subprocess.Popen[str]:
        """Start the window's program; what it complains about is kept for `complaints`."""
        log = (self.folder.parent / f"window-{len(self.started)}.log").open("w+", encoding="utf-8")
        words = [PROGRAM, "--data-dir", str(self.folder), "--lang", "ca"]
        with log:
            process = subprocess.Popen(words, env=self.display.env, stdout=log, stderr=log, text=True)
        self.started.append(process)
        return process

    def complaints(self) -> str:
        return "".join(path.read_text(encoding="utf-8") for path in sorted(self.folder.parent.glob("window-*.log")))

    def command(self, *words: str | Path, folder: Path | None = None) -> Any:
        """What a command answers; None where it refuses."""
        command = [PROGRAM, "--data-dir", str(folder or self.folder), "--json", *map(str, words)]
        done = subprocess.run(
            command, env=self.display.env, capture_output=True, text=True, check=False, timeout=PATIENCE
        )
        return json.loads(done.stdout) if done.returncode == 0 and done.stdout else None

    def said(self, word: str, folder: Path | None = None) -> list[str]:
        """The texts of the contributions in which a word stands."""
        return [found["text"] for found in self.command("search", word, folder=folder) or []]

    def draft(self, workshop: str) -> str:
        """The unfinished text that the store holds for a workshop."""
        reading = Program().reading(self.folder)
        assert reading is not None
        try:
            return reading.setting(draft_key(workshop))
        finally:
            reading.close()

    def close(self) -> None:
        for process in self.started:
            if process.poll() is None:
                process.kill()
            process.wait(PATIENCE)


@pytest.fixture
def laptop(tmp_path: Path, display: Display, request: pytest.FixtureRequest) -> Iterator[Laptop]:
    """A laptop on which nothing was ever done; a picture of its display is kept when the test ends."""
    laptop = Laptop(tmp_path / "data", display)
    yield laptop
    display.picture(PICTURES / f"{request.node.name}.png")
    laptop.close()
