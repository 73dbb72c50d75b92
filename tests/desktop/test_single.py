"""One window a store: whoever starts a second one finds the first, with the files that were handed over."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QDir
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from pytestqt.qtbot import QtBot

from pessdesk.desktop.bell import doorbell_name
from pessdesk.desktop.single import Doorbell, call_first
from tests.desktop.conftest import PATIENCE, Desktop
from tests.desktop.lived import Lived

Starting = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start() -> Iterator[Starting]:
    """Starts PessDesk in a process of its own."""
    running: list[subprocess.Popen[bytes]] = []

    def starting(folder: Path, *files: Path) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "pessdesk", "--data-dir", str(folder), "--lang", "ca", *map(str, files)]
        running.append(subprocess.Popen(command, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}))
        return running[-1]

    yield starting
    for process in running:
        if process.poll() is None:
            process.kill()
        process.wait()


@pytest.fixture
def bell(qtbot: QtBot, tmp_path: Path) -> Iterator[tuple[Doorbell, list[list[Path]]]]:
    from PySide6.QtCore import QObject

    parent = QObject()
    made = Doorbell(tmp_path, parent)
    rung: list[list[Path]] = []
    made.rung.connect(rung.append)
    yield made, rung
    made.close()


def test_a_second_start_brings_the_first_window_forward_and_ends_well(
    open_desktop: Callable[[Path], Desktop], lived: Lived, start: Starting, qtbot: QtBot
) -> None:
    desktop = open_desktop(lived.folder)
    doorbell = Doorbell(lived.folder, desktop.window)
    doorbell.rung.connect(desktop.window.receive)
    desktop.window.showMinimized()
    second = start(lived.folder, lived.bundle)
    qtbot.waitUntil(lambda: second.poll() is not None, timeout=PATIENCE)
    assert second.returncode == 0
    qtbot.waitUntil(lambda: desktop.window.screen_now.name == "receive", timeout=PATIENCE)  # type: ignore[union-attr]
    assert not desktop.window.isMinimized() and desktop.window.isVisible()
    doorbell.close()


def test_a_window_that_was_killed_does_not_stop_the_next(
    home: Path, start: Starting, qtbot: QtBot, bell: object
) -> None:
    """Its bell hangs there and nobody hears it."""
    hanging = Path(QDir.tempPath()) / doorbell_name(home)
    first = start(home)
    qtbot.waitUntil(lambda: _answers(home) or first.poll() is not None, timeout=PATIENCE)
    assert first.poll() is None
    first.kill()
    first.wait()
    assert os.name != "posix" or hanging.exists()
    second = start(home)
    qtbot.waitUntil(lambda: _answers(home) or second.poll() is not None, timeout=PATIENCE)
    assert second.poll() is None, "it opened, and answers itself"


def _answers(folder: Path) -> bool:
    """Whether a window answers the bell of this folder."""
    socket = QLocalSocket()
    socket.connectToServer(doorbell_name(folder))
    if not socket.waitForConnected(50):
        return False
    socket.write(b"[]\n")
    socket.flush()
    heard = socket.waitForReadyRead(1000)
    socket.disconnectFromServer()
    return bool(heard)


def _ring(folder: Path, words: bytes, qtbot: QtBot) -> bytes:
    """Say something at a bell, in portions if need be; gives what is answered."""
    socket = QLocalSocket()
    socket.connectToServer(doorbell_name(folder))
    qtbot.waitUntil(lambda: socket.state() == QLocalSocket.LocalSocketState.ConnectedState, timeout=PATIENCE)
    for part in (words[: len(words) // 2], words[len(words) // 2 :]):
        socket.write(part)
        socket.flush()
        qtbot.waitUntil(lambda: socket.bytesToWrite() == 0, timeout=PATIENCE)
    if words.endswith(b"\n"):
        qtbot.waitUntil(lambda: socket.bytesAvailable() > 0, timeout=PATIENCE)
    answer = bytes(socket.readAll().data())
    socket.disconnectFromServer()
    return answer


def test_files_are_handed_over(bell: tuple[Doorbell, list[list[Path]]], tmp_path: Path, qtbot: QtBot) -> None:
    _, rung = bell
    files = [str(tmp_path / "a & <b>.asice"), str(tmp_path / "col·legi.asice")]
    assert _ring(tmp_path, json.dumps(files).encode() + b"\n", qtbot) == b"ok\n"
    assert rung == [[Path(file) for file in files]]


@pytest.mark.parametrize(
    "words", [b"\n", b"no list\n", b"{}\n", b'"text"\n', b"[1, null, [2]]\n", b"\xff\xfe\n", b"3\n"]
)
def test_nonsense_at_the_door_brings_the_window_forward_and_nothing_else(
    bell: tuple[Doorbell, list[list[Path]]], tmp_path: Path, qtbot: QtBot, words: bytes
) -> None:
    _, rung = bell
    assert _ring(tmp_path, words, qtbot) == b"ok\n"
    assert len(rung) == 1
    assert all(isinstance(file, Path) for file in rung[0])


def test_whoever_rings_and_says_nothing_is_no_trouble(
    bell: tuple[Doorbell, list[list[Path]]], tmp_path: Path, qtbot: QtBot
) -> None:
    _, rung = bell
    _ring(tmp_path, b"", qtbot)
    _ring(tmp_path, b"[half a line", qtbot)
    assert _ring(tmp_path, b"[]\n", qtbot) == b"ok\n"
    assert rung == [[]]


def test_another_folder_is_another_window(bell: tuple[Doorbell, list[list[Path]]], tmp_path: Path) -> None:
    assert not call_first(tmp_path / "other", [])


def test_the_bell_is_the_same_however_the_folder_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "dades"
    folder.mkdir()
    monkeypatch.chdir(folder)
    names = {doorbell_name(path) for path in (folder, Path(), Path("../dades"), tmp_path / "." / "dades")}
    assert len(names) == 1
    assert doorbell_name(tmp_path) not in names
    assert all(len(name) < 40 and name.isascii() for name in names), "any system takes it"


def test_the_bell_is_for_this_person_alone(bell: tuple[Doorbell, list[list[Path]]], tmp_path: Path) -> None:
    made, _ = bell
    assert made._server.socketOptions() & QLocalServer.SocketOption.UserAccessOption
    if os.name == "posix":
        assert (Path(QDir.tempPath()) / doorbell_name(tmp_path)).stat().st_mode & 0o077 == 0
