"""One window a store: a second start hands its files to the first window, which comes forward, and ends."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from pessdesk.desktop.bell import doorbell_name

_PATIENCE_MS = 2000


def call_first(folder: Path, files: Sequence[Path]) -> bool:
    """Ask the window that is open on this folder to come forward with these files; False when there is none."""
    socket = QLocalSocket()
    socket.connectToServer(doorbell_name(folder))
    if not socket.waitForConnected(_PATIENCE_MS):
        return False
    socket.write(json.dumps([str(file.resolve()) for file in files]).encode() + b"\n")
    socket.flush()
    answered = socket.waitForReadyRead(_PATIENCE_MS)
    socket.disconnectFromServer()
    return bool(answered)


class Doorbell(QObject):
    """Listens for second starts. `rung` gives their files."""

    rung = Signal(object)

    def __init__(self, folder: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._answer)
        if not self._server.listen(doorbell_name(folder)):
            QLocalServer.removeServer(doorbell_name(folder))  # left behind by a program that was killed
            self._server.listen(doorbell_name(folder))

    def _answer(self) -> None:
        socket = self._server.nextPendingConnection()
        socket.readyRead.connect(lambda: self._read(socket))
        if socket.canReadLine():
            self._read(socket)

    def _read(self, socket: QLocalSocket) -> None:
        if not socket.canReadLine():
            return
        try:
            said = json.loads(bytes(socket.readLine().data()))
        except ValueError:
            said = None
        files = [Path(file) for file in said if isinstance(file, str)] if isinstance(said, list) else []
        socket.write(b"ok\n")
        socket.flush()
        socket.disconnected.connect(socket.deleteLater)
        self.rung.emit(files)

    def close(self) -> None:
        self._server.close()
