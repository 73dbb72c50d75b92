"""What the window remembers of itself: a damaged file costs a choice to make again, and nothing more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray

from pessdesk.desktop.settings import FILE, Settings
from pessdesk.desktop.theme import THEME
from tests.desktop.conftest import Desktop

DAMAGED = [
    b"", b"\x00\xff" * 500, b"[General\nzoom", b"zoom=abc\nlanguage=1,2,3\ngeometry=@ByteArray(broken\n",
    b"geometry=@Variant(\\0\\0\\0\\x7f)\nrole=@Invalid()\n", b"[a]\n[b\nlanguage=\\x\n", "language=català\n".encode("utf-16"),
    b"zoom=nan\ntheme=pink\nrole=king\ngeometry=hello\n", b"zoom=-5\nzoom=inf\n", b"=\n==\n%%%=%zz\n",
]  # fmt: skip


@pytest.mark.qt_log_ignore("QVariant::load", extend=True)
@pytest.mark.parametrize("content", DAMAGED)
def test_a_damaged_file_costs_nothing(open_desktop: Callable[[Path], Desktop], home: Path, content: bytes) -> None:
    (home / FILE).write_bytes(content)
    settings = Settings(home)
    assert isinstance(settings.word("language"), str) and isinstance(settings.octets("geometry"), QByteArray)
    THEME.use("light", settings.number("zoom", 1.0))
    assert 0.7 <= THEME.zoom <= 3.0
    THEME.use("light", 1.0)
    desktop = open_desktop(home)
    assert desktop.window.screen_now is not None and desktop.window.screen_now.name == "today"
    desktop.window.close()
    assert Settings(home).octets("geometry").size() > 0, "it is written anew"


def test_a_folder_in_its_place(home: Path, open_desktop: Callable[[Path], Desktop]) -> None:
    (home / FILE).mkdir()
    assert Settings(home).word("language", "ca") == "ca"
    open_desktop(home).window.close()


def test_what_is_kept_is_there_again(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    words = "Portàtil «1» & <b> = ; # \\ , 100 %"
    settings.keep("label", words)
    settings.keep("zoom", 1.25)
    settings.keep("geometry", QByteArray(b"\x00\x01\xff"))
    settings.sync()
    again = Settings(tmp_path)
    assert again.word("label") == words
    assert again.number("zoom", 1.0) == 1.25
    assert again.octets("geometry").data() == b"\x00\x01\xff"


def test_what_was_never_kept_is_as_usual(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    assert (settings.word("x"), settings.word("x", "y"), settings.number("x", 1.5)) == ("", "y", 1.5)
    assert settings.octets("x").isEmpty()
    assert not (tmp_path / FILE).exists(), "asking writes nothing"


def test_the_window_comes_back_as_it_was_left(open_desktop: Callable[[Path], Desktop], home: Path) -> None:
    first = open_desktop(home)
    first.window.use_role("office")
    first.press("Ctrl++", first.window)
    first.window.resize(777, 555)
    first.window.close()
    settings = Settings(home)
    assert settings.word("role") == "office" and settings.number("zoom", 1.0) == pytest.approx(1.1)
    from pessdesk.bootstrap import Program
    from pessdesk.desktop.window import Window

    again = Window(Program(), home, settings)
    assert (again.width(), again.height()) == (777, 555)
    assert next(iter(again.sidebar._buttons)) == "receive", "the office's sidebar"
    again.close()
    again.deleteLater()


def test_nothing_of_a_workshop_is_in_it(open_desktop: Callable[[Path], Desktop], home: Path, workshop: str) -> None:
    desktop = open_desktop(home)
    desktop.go("workshop", workshop=workshop)
    desktop.type("Un secret")
    desktop.press("Return")
    desktop.settle()
    desktop.window.close()
    content = (home / FILE).read_bytes()
    assert b"secret" not in content and workshop.encode() not in content and b"Taller" not in content
