"""A picture of the window, taken once it shows what it has to show: `pessdesk --picture FILE` checks an installation.

Whoever packs or installs PessDesk sees with it, on a machine without a display as well, that the window opens and that
fonts, icons, Qt's plug-ins and its words have travelled with it. One line of JSON on standard output says what was found.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QCoreApplication, QTimer
from PySide6.QtGui import QFontInfo, QGuiApplication, QImageReader, QPixmap

from pessdesk.desktop.words import WORDS, sentence
from pessdesk.domain.errors import PessError, WorldUnkind

if TYPE_CHECKING:
    from pessdesk.desktop.window import Window


def sit(window: Window, file: Path, *, qt_speaks: bool) -> None:
    """Take the picture as soon as nothing is under way any more, and end the program with 0, or 8 where it could not be
    kept. `qt_speaks`: whether Qt's own words are there in the language of the screen."""
    session = window.session
    lanes = (session.reader, session.writer, session.errands, window.pure)
    taken = False

    def look() -> None:
        nonlocal taken
        if not taken and not any(lane.busy for lane in lanes):
            taken = True
            QTimer.singleShot(0, window, lambda: _take(window, file, qt_speaks))

    for lane in lanes:
        lane.idle.connect(look)
    look()


def _take(window: Window, file: Path, qt_speaks: bool) -> None:
    picture = window.grab()
    status = 0
    try:
        _keep(picture, file)
        print(json.dumps(_found(window, picture, qt_speaks)), flush=True)
    except PessError as problem:
        print(sentence(problem), file=sys.stderr)
        status = problem.exit_code
    window.close()
    QCoreApplication.exit(status)


def _keep(picture: QPixmap, file: Path) -> None:
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")
    try:
        file.write_bytes(bytes(buffer.data().data()))
    except OSError as problem:
        raise WorldUnkind.from_os(problem, file) from problem


def _found(window: Window, picture: QPixmap, qt_speaks: bool) -> dict[str, object]:
    """What an installation may lack, as this one has it."""
    screen = window.screen_now
    return {
        "screen": screen.name if screen is not None else "",
        "size": [picture.width(), picture.height()],
        "language": WORDS.language,
        "qt_speaks": qt_speaks,
        "family": QFontInfo(QGuiApplication.font()).family(),
        "platform": QGuiApplication.platformName(),
        "formats": sorted(bytes(name.data()).decode() for name in QImageReader.supportedImageFormats()),
    }
