"""Files beside a contribution: by file, drop or paste, and none of them can hurt."""

from __future__ import annotations

import struct
import tempfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from pessdesk.bootstrap import Program
from pessdesk.desktop.widgets.photos import MOST_PIXELS, NewFile, thumbnail
from pessdesk.system import keys
from tests.desktop.conftest import Desktop
from tests.desktop.widgets.conftest import Room, files


@pytest.fixture
def said(room: Room) -> Room:
    room.say("Amb foto", "Una altra")
    room.look_at(1)
    return room


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    return picture(tmp_path / "Mural & <b>.png")


def picture(path: Path, width: int = 40, height: int = 30) -> Path:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("#a3214e"))
    assert image.save(str(path))
    return path


def bomb(path: Path, width: int = 60_000, height: int = 60_000) -> Path:
    """A PNG of a few bytes that claims to be enormous."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )
    return path


def shown(room: Room) -> list[str]:
    room.desktop.settle()
    strip = room.detail.photos.list
    return [strip.item(n).text() for n in range(strip.count())]


def kept(room: Room) -> list[Path]:
    return [path for path in (room.desktop.window.session.folder / "attachments").rglob("*") if path.is_file()]


def test_files_are_added_by_the_button(said: Room, photo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(photo)], ""))
    said.desktop.click(said.detail.photos.add)
    assert shown(said) == ["Mural & <b>.png"]
    assert "<b>" not in said.detail.photos.list.item(0).toolTip()
    assert said.screen.model.row_of(said.screen.looked_at).attachments == 1  # type: ignore[union-attr]
    said.desktop.press("Ctrl+Z", said.detail.text)
    assert shown(said) == []
    said.desktop.press("Ctrl+Y", said.detail.text)
    assert shown(said) == ["Mural & <b>.png"]


@pytest.mark.parametrize("onto", ["list", "detail", "text", "line", "search", "entity"])
def test_a_photo_dropped_anywhere_hangs_beside_the_contribution(said: Room, photo: Path, onto: str) -> None:
    target: Any = {
        "list": said.screen.list.viewport(), "detail": said.detail.photos, "text": said.detail.text.viewport(),
        "line": said.line.text.viewport(), "search": said.screen.search, "entity": said.detail.entity,
    }[onto]  # fmt: skip
    assert said.drop(target, files(photo))
    assert shown(said) == [photo.name]
    assert said.line.text.toPlainText() == said.screen.search.text() == said.detail.entity.text() == ""
    assert said.detail.text.toPlainText() in ("Amb foto", "Una altra")


def test_a_photo_dropped_on_a_row_hangs_beside_that_one(said: Room, photo: Path) -> None:
    said.look_at(0)
    area = said.screen.list.visualRect(said.screen.model.index(1))
    said.drop(said.screen.list.viewport(), files(photo), area.center())
    assert [row.attachments for row in said.screen.model.rows] == [0, 1]


def test_without_a_contribution_it_says_what_to_do(room: Room, photo: Path) -> None:
    room.drop(room.screen.list.viewport(), files(photo))
    assert "Trieu" in room.desktop.message and kept(room) == []


def test_a_picture_is_pasted_from_the_clipboard(said: Room) -> None:
    image = QImage(30, 20, QImage.Format.Format_RGB32)
    image.fill(QColor("#1f5aa6"))
    before = set(Path(tempfile.gettempdir()).glob("pessdesk-*.png"))
    for paste in (
        lambda: said.desktop.click(said.detail.photos.stick),
        lambda: (said.screen.list.setFocus(), said.desktop.press("Ctrl+V")),
    ):
        QGuiApplication.clipboard().setImage(image)
        paste()
        assert shown(said) == ["enganxada.png"], "the same picture twice is one"
    assert set(Path(tempfile.gettempdir()).glob("pessdesk-*.png")) == before, "nothing is left lying about"


def test_a_file_is_pasted_from_the_clipboard(said: Room, photo: Path) -> None:
    QGuiApplication.clipboard().setMimeData(files(photo))
    said.screen.list.setFocus()
    said.desktop.press("Ctrl+V")
    assert shown(said) == [photo.name]
    said.desktop.click(said.detail.photos.stick)
    assert shown(said) == [photo.name]


def test_an_empty_clipboard_pastes_nothing(said: Room) -> None:
    QGuiApplication.clipboard().setMimeData(QMimeData())
    said.desktop.click(said.detail.photos.stick)
    assert shown(said) == []


def test_a_photo_is_taken_away_and_comes_back(said: Room, photo: Path) -> None:
    said.detail.attach([NewFile(photo)])
    shown(said)
    strip = said.detail.photos.list
    strip.setCurrentRow(0)
    strip.setFocus()
    QTest.keyClick(strip, Qt.Key.Key_Delete)
    assert shown(said) == []
    said.desktop.press("Ctrl+Z", said.detail.text)
    assert shown(said) == [photo.name]


@pytest.mark.parametrize("what", ["empty", "gone", "folder"])
def test_what_is_no_file_is_refused_beside_the_photos(said: Room, tmp_path: Path, what: str) -> None:
    path = tmp_path / f"{what}.jpg"
    if what == "empty":
        path.touch()
    elif what == "folder":
        path.mkdir()
    said.detail.attach([NewFile(path)])
    said.desktop.settle()
    assert path.name in said.detail.wrong_photo.text() and said.detail.wrong_photo.isVisible()
    assert not said.detail.wrong.isVisible(), "the text is not to blame"
    assert shown(said) == [] and kept(said) == []


def test_a_pasted_picture_that_is_refused_leaves_no_file(said: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    from pessdesk.domain.errors import WorldUnkind

    def full(*_: object, **__: object) -> None:
        raise WorldUnkind("disk-full", path="/data", reason="")

    before = set(Path(tempfile.gettempdir()).glob("pessdesk-*.png"))
    monkeypatch.setattr("pessdesk.application.capture.attach", full)
    image = QImage(30, 20, QImage.Format.Format_RGB32)
    image.fill(QColor("#1f5aa6"))
    QGuiApplication.clipboard().setImage(image)
    said.desktop.click(said.detail.photos.stick)
    assert "disc és ple" in said.detail.wrong_photo.text()
    assert set(Path(tempfile.gettempdir()).glob("pessdesk-*.png")) == before


def test_a_picture_that_would_fill_the_memory_is_shown_as_a_file(said: Room, tmp_path: Path) -> None:
    path = bomb(tmp_path / "bomb.png")
    assert MOST_PIXELS < 60_000 * 60_000
    assert thumbnail(path.read_bytes(), 160) is None
    said.detail.attach([NewFile(path)])
    assert shown(said) == ["bomb.png"]


@pytest.mark.qt_log_ignore("JPEG", extend=True)
@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"<svg"])
def test_what_is_no_picture_has_no_small_one(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.png"
    path.write_bytes(content)
    assert thumbnail(path.read_bytes(), 160) is None


def test_a_small_picture_keeps_its_shape(tmp_path: Path) -> None:
    image = thumbnail(picture(tmp_path / "wide.png", 400, 100).read_bytes(), 160)
    assert image is not None and (image.width(), image.height()) == (160, 40)


def test_many_photos_do_not_end_up_beside_another_contribution(said: Room, tmp_path: Path) -> None:
    """Small pictures are made elsewhere; whoever has gone on sees those of what is looked at."""
    said.detail.attach([NewFile(picture(tmp_path / f"{n}.png", 20 + n)) for n in range(8)])
    said.desktop.window.session.history  # noqa: B018
    said.look_at(0)
    said.look_at(1)
    said.look_at(0)
    assert shown(said) == []
    said.look_at(1)
    assert sorted(shown(said)) == [f"{n}.png" for n in range(8)]


def test_another_change_leaves_the_chosen_photo_chosen(said: Room, tmp_path: Path) -> None:
    said.detail.attach([NewFile(picture(tmp_path / f"{n}.png", 20 + n)) for n in range(3)])
    shown(said)
    strip = said.detail.photos.list
    strip.setCurrentRow(1)
    said.detail.dots.setValue(4)
    said.detail.keep()
    assert len(shown(said)) == 3 and strip.currentRow() == 1


def test_no_document_of_somebody_else_is_opened_by_dropping(said: Room, tmp_path: Path) -> None:
    """A file that is no photo hangs beside the contribution too; a spreadsheet and a bundle have screens of their own."""
    note = tmp_path / "nota.txt"
    note.write_text("Hola", encoding="utf-8")
    said.drop(said.screen.list.viewport(), files(note))
    assert shown(said) == ["nota.txt"]


# In a protected store


@pytest.fixture
def under_key(
    open_desktop: Callable[[Path], Desktop],
    home: Path,
    workshop: str,
    monkeypatch: pytest.MonkeyPatch,
    program: Program,
) -> Iterator[Room]:
    monkeypatch.setitem(keys.ARGON2ID, "memory", 64)
    monkeypatch.setitem(keys.ARGON2ID, "time", 1)
    program.protect(home, "passphrase", "quatre gats a la plaça")
    desktop = open_desktop(home)
    screen = desktop.go("workshop", workshop=workshop)
    room = Room(desktop, screen)
    room.say("Amb foto")
    room.look_at(0)
    yield room
    program.lock(home)


def test_a_sealed_photo_is_seen_and_copied_out(
    under_key: Room, photo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    under_key.detail.attach([NewFile(photo)])
    assert shown(under_key) == [photo.name]
    assert [path.suffix for path in kept(under_key)] == [".sealed"]
    under_key.desktop.settle()
    strip = under_key.detail.photos.list
    small = strip.item(0).icon().pixmap(40, 30).toImage()
    assert small.pixelColor(20, 15).red() > 100, "the picture, not the sign of a file"
    strip.setCurrentRow(0)
    strip.itemActivated.emit(strip.item(0))
    look = under_key.detail.photos._look
    under_key.desktop.until(lambda: not look.picture.pixmap().isNull())
    out = tmp_path / "còpia.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    under_key.desktop.click(look.save)
    under_key.desktop.until(lambda: str(out) in look.said.text())
    assert out.read_bytes() == photo.read_bytes()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "none" / "x.png"), ""))
    under_key.desktop.click(look.save)
    under_key.desktop.until(lambda: "none" in look.said.text())
    QTest.keyClick(look, Qt.Key.Key_Escape)
    assert not look.isVisible()


def test_a_sealed_file_that_is_no_picture_says_what_to_do(under_key: Room, tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("Quatre ratlles", "utf-8")
    under_key.detail.attach([NewFile(notes)])
    assert shown(under_key) == ["notes.txt"]
    strip = under_key.detail.photos.list
    strip.itemActivated.emit(strip.item(0))
    look = under_key.detail.photos._look
    under_key.desktop.settle()
    assert "còpia" in look.picture.text()
    under_key.desktop.go("today")
    assert not look.isVisible(), "nor is it left there when the window locks itself"
