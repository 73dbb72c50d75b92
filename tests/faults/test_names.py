"""Fault 15: files beside a contribution are kept whatever they are called, shown by their names, and handed over intact."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from pessdesk.application.screens import AttachmentRow
from pessdesk.storage.reading import open_reading
from tests.cli.conftest import Laptop

NAMES = {
    "NFC": unicodedata.normalize("NFC", "acció.png"), "NFD": unicodedata.normalize("NFD", "acció.png"),
    "middle dot": "col·legi.jpg", "apostrophe": "l'Hospitalet.pdf", "emoji": "mural 👩‍👩‍👧.png", "ampersand": "sí & no.txt",
    "200 characters": "n" * 196 + ".txt", "markup": "<b>gran<b>.png", "quotes": "«així» \"o\" 'així'.png",
    "right to left": "ورشة.png", "spaces": "  a  b .png", "no ending": "fotografia", "two endings": "a.tar.gz",
    "a dot first": ".amagat", "capital ending": "FOTO.JPG", "CON": "CON.txt", "nul": "nul", "aux": "aux.png",
    "COM1": "COM1.pdf", "percent": "50%s %d.txt", "hyphen": "--help.png",
}  # fmt: skip


@pytest.fixture
def laptop(tmp_path: Path) -> Laptop:
    laptop = Laptop(tmp_path / "laptop")
    laptop.ok("device", "card", "--label", "Taula 1", "--to", tmp_path / "card.pem")
    laptop.ok("workshop", "new", "--title", "Taller", "--date", "2026-03-12", "--comarca", "04")
    return laptop


@pytest.fixture
def office(tmp_path: Path, laptop: Laptop) -> Laptop:
    office = Laptop(tmp_path / "office")
    office.ok("device", "card", "--label", "Oficina", "--to", tmp_path / "office.pem")
    office.ok("trust", "add", tmp_path / "card.pem")
    return office


def record(laptop: Laptop, tmp_path: Path, text: str = "Hola") -> str:
    sheet = tmp_path / "one.csv"
    sheet.write_text(f"text\n{text}\n", encoding="utf-8")
    return str(laptop.ok("record", "--workshop", workshop(laptop), sheet)[0]["code"])


def workshop(laptop: Laptop) -> str:
    return str(laptop.ok("workshop", "list")[0][0]["code"])


def shown(laptop: Laptop, code: str) -> list[AttachmentRow]:
    """The files of a contribution as a screen shows them."""
    reading = open_reading(laptop.folder)
    assert reading is not None
    try:
        return reading.attachments(str(laptop.ok("search", "hola")[0][0]["id"]))
    finally:
        reading.close()


def handed_over(laptop: Laptop, office: Laptop, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    laptop.ok("export", "--workshop", workshop(laptop), "--to", tmp_path / "stick")
    office.ok("import", tmp_path / "stick")


def content(laptop: Laptop, row: AttachmentRow) -> bytes:
    return next((laptop.folder / "attachments").rglob(row.file)).read_bytes()


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_file_keeps_its_name_and_its_bytes_on_the_way(
    laptop: Laptop, office: Laptop, tmp_path: Path, name: str
) -> None:
    code = record(laptop, tmp_path)
    (tmp_path / "from").mkdir()
    (tmp_path / "from" / name).write_bytes(b"\x89PNG " + name.encode())
    laptop.ok("attach", code, tmp_path / "from" / name)
    handed_over(laptop, office, tmp_path)
    for one in (laptop, office):
        (row,) = shown(one, code)
        assert row.name == name
        assert content(one, row) == b"\x89PNG " + name.encode()
        assert row.file.isascii() and " " not in row.file, "on the disk it is called by what is in it"
        one.ok("check")


def test_all_of_them_together(laptop: Laptop, office: Laptop, tmp_path: Path) -> None:
    """Also NFC beside NFD, which some disks take for one."""
    code = record(laptop, tmp_path)
    for number, name in enumerate(NAMES.values()):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / name).write_bytes(str(number).encode())
        laptop.ok("attach", code, folder / name)
    handed_over(laptop, office, tmp_path)
    assert sorted(row.name for row in shown(office, code)) == sorted(NAMES.values())


@pytest.mark.parametrize("names", [("foto.png", "foto.png"), ("foto.png", "FOTO.PNG"), ("Foto.png", "foto.png")])
def test_same_name_twice_and_same_but_for_case(
    laptop: Laptop, office: Laptop, tmp_path: Path, names: tuple[str, str]
) -> None:
    code = record(laptop, tmp_path)
    for number, name in enumerate(names):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / name).write_bytes(f"la {number}".encode())
        laptop.ok("attach", code, folder / name)
    handed_over(laptop, office, tmp_path)
    rows = shown(office, code)
    assert sorted(row.name for row in rows) == sorted(names)
    assert {content(office, row) for row in rows} == {b"la 0", b"la 1"}


@pytest.mark.parametrize("name", ["a\nb.png", "a\x1b[31m.png"])
def test_a_name_that_no_screen_can_show_is_refused_with_the_reason(laptop: Laptop, tmp_path: Path, name: str) -> None:
    code = record(laptop, tmp_path)
    (tmp_path / name).write_bytes(b"x")
    refused = laptop("attach", code, tmp_path / name)
    assert (refused.code, refused.trouble["error"]) == (5, "text-control-character")
    assert shown(laptop, code) == []
