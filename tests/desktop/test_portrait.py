"""`pessdesk --picture FILE`: the whole program opens its window, shows its first screen, keeps a picture and ends."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from PySide6.QtGui import QImage


def start(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pessdesk", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def test_a_laptop_that_is_ready_shows_its_day(home: Path, tmp_path: Path) -> None:
    done = start("--data-dir", home, "--lang", "ca", "--picture", tmp_path / "avui.png")
    found = json.loads(done.stdout)
    assert (done.returncode, found["screen"], found["language"]) == (0, "today", "ca")
    assert (found["family"], found["qt_speaks"]) == ("Source Sans 3", True)
    picture = QImage(str(tmp_path / "avui.png"))
    assert [picture.width(), picture.height()] == found["size"]
    assert len({picture.pixel(x, y) for x in range(0, picture.width(), 3) for y in range(0, picture.height(), 3)}) > 20


def test_a_picture_that_cannot_be_kept_is_said(tmp_path: Path) -> None:
    done = start("--data-dir", tmp_path / "data", "--lang", "en", f"--picture={tmp_path}/absent/picture.png")
    assert (done.returncode, done.stdout) == (8, "")
    assert "picture.png" in done.stderr
