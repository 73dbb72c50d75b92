"""A second start brings the first window forward and ends."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtNetwork import QLocalServer

from pessdesk.desktop.bell import doorbell_name
from pessdesk.desktop.single import Doorbell, call_first
from tests.desktop.conftest import Desktop

ENVIRONMENT = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}


def test_a_second_start_hands_its_files_over_and_ends(desktop: Desktop, home: Path, tmp_path: Path) -> None:
    bundle = tmp_path / "taller.asice"
    bundle.write_bytes(b"not a bundle")
    doorbell = Doorbell(home, desktop.window)
    rung: list[list[Path]] = []
    doorbell.rung.connect(rung.append)
    second = subprocess.Popen([sys.executable, "-m", "pessdesk", "--data-dir", str(home), str(bundle)], env=ENVIRONMENT)
    desktop.until(lambda: second.poll() is not None)
    assert second.returncode == 0
    desktop.until(lambda: bool(rung))
    assert rung == [[bundle.resolve()]]
    doorbell.close()


def test_another_folder_is_another_window(desktop: Desktop, home: Path, tmp_path: Path) -> None:
    doorbell = Doorbell(home, desktop.window)
    assert not call_first(tmp_path / "other", [])
    doorbell.close()


def test_what_a_killed_window_left_behind_stops_nobody(open_desktop: Callable[[Path], Desktop], home: Path) -> None:
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom PySide6.QtCore import QCoreApplication\n"
        "from pessdesk.desktop.single import Doorbell\napp = QCoreApplication([])\n"
        f"bell = Doorbell(Path({str(home)!r}), app)\nos._exit(0)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env=ENVIRONMENT)
    assert not call_first(home, []), "nobody answers any more"
    desktop = open_desktop(home)
    doorbell = Doorbell(home, desktop.window)
    server = doorbell.findChild(QLocalServer)
    assert server is not None and server.isListening()
    assert server.serverName() == doorbell_name(home)
    doorbell.close()
