"""The window's program, from its words to its exit code: what must stand before the first frame, and nothing else."""

from __future__ import annotations

import gc
import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QDir, QTimer
from PySide6.QtWidgets import QApplication

from pessdesk.desktop import icons
from pessdesk.desktop.bell import doorbell_name
from pessdesk.desktop.settings import Settings
from pessdesk.desktop.theme import STYLE, THEME
from pessdesk.desktop.words import WORDS
from pessdesk.domain.errors import StoreBusy
from pessdesk.wording.catalog import LANGUAGES, choose_language

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from PySide6.QtCore import QTranslator

    from pessdesk.desktop.program import Program
    from pessdesk.desktop.window import Window


SETTLE_MS = 20
SWITCH_S = 0.0005
"""Seconds after which a thread that computes gives way: the usual 5 ms would be felt between Enter and the disk."""


def main(arguments: Sequence[str], program: Program) -> int:
    """Open the window; a second start on the same store brings the first one forward and ends."""
    folder, language, picture, files = _read(arguments, program)
    named = folder != program.usual_data_dir()
    sys.setswitchinterval(SWITCH_S)
    app = QApplication([sys.argv[0], *STYLE])
    app.setApplicationName("PessDesk")
    app.setDesktopFileName("cat.pessdesk.PessDesk")
    while True:
        if _first_is_open(folder, files):
            return StoreBusy.exit_code if picture else 0
        try:
            _make(folder, named=named)
        except OSError as problem:
            return _without_folder(app, program, folder, language, problem)
        window = open_window(app, program, folder, language)
        window.painted.connect(partial(_begin, window, folder, picture, files))
        window.show()
        code = app.exec()
        if window.next_folder is None:
            return code
        folder, files, named = window.next_folder, [], True
        window.deleteLater()


def _make(folder: Path, *, named: bool) -> None:
    """The data folder; only the usual one with all above it: where that of a named one is missing, a stick is not plugged
    in, and an empty store on the laptop's own disk would look as if everything were lost. Raises `OSError`."""
    folder.mkdir(parents=not named, exist_ok=True)


def _without_folder(app: QApplication, program: Program, folder: Path, language: str, problem: OSError) -> int:
    """The folder of the data cannot be made (a file of that name, a disk that is read-only): say so, and end."""
    from pessdesk.desktop.crash import SorryWindow
    from pessdesk.domain.errors import WorldUnkind

    dress(app, program, Settings(folder), language)
    unkind = WorldUnkind.from_os(problem, folder)
    window = SorryWindow(unkind)
    print(window.said, file=sys.stderr)
    window.show()
    app.exec()
    return unkind.exit_code


def _first_is_open(folder: Path, files: Sequence[Path]) -> bool:
    """Whether a window is open on this folder already; it comes forward then."""
    if os.name == "posix" and not (Path(QDir.tempPath()) / doorbell_name(folder)).exists():
        return False  # nobody listens: no need to load what could ask
    from pessdesk.desktop.single import call_first

    return call_first(folder, files)


def _begin(window: Window, folder: Path, picture: Path | None, files: Sequence[Path]) -> None:
    """Behind the first frame: the first screen, and the bell for a second start."""
    window.start(files)
    QTimer.singleShot(SETTLE_MS, window, lambda: _settle_in(window, folder, picture))


def _settle_in(window: Window, folder: Path, picture: Path | None) -> None:
    """What no first key needs: the icon, Qt's own words, the bell for a second start, the rubbish collection."""
    from PySide6.QtGui import QIcon

    window.setWindowIcon(QIcon(str(window.program.resources() / "icons" / "pessdesk.svg")))
    speak_qt()
    WORDS.changed.connect(speak_qt)
    from pessdesk.desktop.single import Doorbell

    doorbell = Doorbell(folder, window)
    doorbell.rung.connect(window.receive)
    window.closing.connect(doorbell.close)
    gc.freeze()
    gc.enable()
    if picture is not None:
        from pessdesk.desktop import portrait

        portrait.sit(window, picture, qt_speaks=bool(_QT_WORDS))


def open_window(app: QApplication, program: Program, folder: Path, language: str = "") -> Window:
    """The window for a data folder, not shown yet, with its look and language in force."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = Settings(folder)
    dress(app, program, settings, language)
    from pessdesk.desktop.window import Window

    return Window(program, folder, settings)


def dress(app: QApplication, program: Program, settings: Settings, language: str = "") -> None:
    """Language and look, before the first widget."""
    icons.install(program.resources())
    sys.excepthook = _caught
    WORDS.install(program.catalog, choose_language(language or settings.word("language") or None))
    THEME.install(app, program.resources(), scheme=settings.word("theme", "system"), zoom=settings.number("zoom", 1.0))


def _caught(kind: type[BaseException], value: BaseException, trace: TracebackType | None) -> None:
    """What nobody caught. The window that tells is loaded only when there is something to tell."""
    from pessdesk.desktop.crash import caught

    caught(kind, value, trace)


_QT_WORDS: list[QTranslator] = []


def speak_qt() -> None:
    """Qt's own words (menus of fields, dialogs for files) in the language of the screen."""
    from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator

    QLocale.setDefault(QLocale(WORDS.language))
    app = QCoreApplication.instance()
    assert app is not None
    for old in _QT_WORDS:
        app.removeTranslator(old)
    _QT_WORDS.clear()
    translator = QTranslator(app)
    if translator.load(f"qtbase_{WORDS.language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(translator)
        _QT_WORDS.append(translator)


def _read(arguments: Sequence[str], program: Program) -> tuple[Path, str, Path | None, list[Path]]:
    """The data folder, the language, where a picture is wanted, and the files that the words name."""
    folder, language = program.default_data_dir(), ""
    picture: Path | None = None
    files: list[Path] = []
    words = iter(arguments)
    for word in words:
        name, _, value = word.partition("=")
        if name == "--data-dir":
            folder = Path(value or next(words, str(folder)))
        elif name == "--lang":
            language = value or next(words, "")
        elif name == "--picture":
            picture = Path(value or next(words, "pessdesk.png"))
        else:
            files.append(Path(word))
    return folder, language if language in LANGUAGES else "", picture, files
