"""PessDesk in its place for one user: the entry in the menu, the type of its bundles, its icon; and gone again."""

from __future__ import annotations

import configparser
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from tests.packaging.recipe import frozen, icons

LINUX = Path(__file__).resolve().parents[2] / "packaging" / "linux"
NAME = "cat.pessdesk.PessDesk"
KIND = "application/vnd.etsi.asic-e+zip"
MIME = "{http://www.freedesktop.org/standards/shared-mime-info}"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the desktop's files of Linux")


def needs(tool: str, package: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(tool) is None, reason=f"{tool} is not installed (Debian: {package})")


def read_entry(file: Path) -> configparser.SectionProxy:
    parser = configparser.RawConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(file, encoding="utf-8")
    return parser["Desktop Entry"]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("icons")
    icons.make(folder)
    return folder


@pytest.fixture
def folder(tmp_path: Path, drawn: Path) -> Path:
    """As `make package` leaves it, with a program that only says what it was given."""
    folder = tmp_path / "un llapis" / "PessDesk"
    (folder / "_internal").mkdir(parents=True)
    (folder / "pessdesk").write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n', encoding="utf-8")
    (folder / "pessdesk").chmod(0o755)
    shutil.copytree(LINUX, folder / "linux")
    shutil.move(folder / "linux" / "install.sh", folder / "install.sh")
    shutil.copytree(drawn, folder / "linux" / "icons", ignore=shutil.ignore_patterns("*.ic*"))
    shutil.copy(frozen.ROOT / "resources" / "icons" / "pessdesk.svg", folder / "linux" / "icons")
    return folder


def install(folder: Path, *words: str | Path, home: Path) -> subprocess.CompletedProcess[str]:
    env = {"HOME": str(home), "PATH": os.environ["PATH"]}
    command = ["sh", str(folder / "install.sh"), *map(str, words)]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=60)


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()}


def test_it_is_installed_for_one_user_and_taken_away_again(folder: Path, tmp_path: Path) -> None:
    home = tmp_path / "la Núria"
    (home / ".local" / "share" / "PessDesk").mkdir(parents=True)
    recorded = home / ".local" / "share" / "PessDesk" / "store.db"
    recorded.write_bytes(b"what was said")
    for _ in ("first", "again, over the first"):
        done = install(folder, home=home)
        assert (done.returncode, done.stderr) == (0, "")
    share = home / ".local" / "share"
    entry = read_entry(share / "applications" / f"{NAME}.desktop")
    program, words = shlex.split(entry["Exec"])
    assert words == "%F"
    assert entry["TryExec"] == program
    done = subprocess.run([program, "un paquet.asice"], capture_output=True, text=True, check=True)
    assert done.stdout == "un paquet.asice\n"
    assert (home / ".local" / "bin" / "pessdesk").resolve() == Path(program).resolve()
    assert (share / "mime" / "packages" / f"{NAME}.xml").is_file()
    assert (share / "icons" / "hicolor" / "48x48" / "apps" / f"{NAME}.png").is_file()
    assert (share / "icons" / "hicolor" / "scalable" / "apps" / f"{NAME}.svg").is_file()

    done = install(home / ".local" / "lib" / "pessdesk", "--remove", home=home)
    assert (done.returncode, done.stderr) == (0, "")
    ours = {name for name in files(home) if "pessdesk" in name.lower()}
    assert ours == {".local/share/PessDesk/store.db"}
    assert recorded.read_bytes() == b"what was said"


def test_it_is_installed_where_one_says(folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "opt"
    assert install(folder, place, home=tmp_path / "home").returncode == 0
    assert not (tmp_path / "home").exists()
    assert (place / "bin" / "pessdesk").exists()
    assert install(place / "lib" / "pessdesk", place, home=tmp_path).returncode == 1, "over itself"
    assert (place / "lib" / "pessdesk" / "pessdesk").exists()
    assert install(folder, "--remove", place, home=tmp_path / "home").returncode == 0
    assert not any("pessdesk" in name for name in files(place))


def test_what_cannot_be_done_is_said_and_nothing_is_touched(folder: Path, tmp_path: Path) -> None:
    for words in (["--help"], ["a", "b"], [str(tmp_path / 'a"b')], [str(tmp_path / "a$b")]):
        done = install(folder, *words, home=tmp_path / "home")
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr
    (folder / "pessdesk").unlink()
    done = install(folder, home=tmp_path / "home")
    assert (done.returncode, done.stderr) == (1, "There is no program beside this script.\n")
    assert not (tmp_path / "home").exists()


def test_the_entry_speaks_three_languages_and_opens_bundles() -> None:
    entry = read_entry(LINUX / f"{NAME}.desktop")
    for key in ("GenericName", "Comment", "Keywords"):
        assert len({entry[key], entry[f"{key}[ca]"], entry[f"{key}[es]"]}) == 3
    assert entry["MimeType"] == f"{KIND};"
    assert entry["Icon"] == NAME


def test_the_type_of_bundles_has_their_ending_and_a_name_in_three_languages() -> None:
    (kind,) = ElementTree.parse(LINUX / f"{NAME}.xml").getroot()
    assert kind.get("type") == KIND
    assert [glob.get("pattern") for glob in kind.iter(f"{MIME}glob")] == ["*.asice"]
    assert len({comment.text for comment in kind.iter(f"{MIME}comment")}) == 3


@needs("desktop-file-validate", "desktop-file-utils")
def test_the_entry_is_valid(folder: Path, tmp_path: Path) -> None:
    home = tmp_path / "la Núria"
    assert install(folder, home=home).returncode == 0
    for entry in (LINUX / f"{NAME}.desktop", home / ".local" / "share" / "applications" / f"{NAME}.desktop"):
        done = subprocess.run(["desktop-file-validate", entry], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout + done.stderr) == (0, "")


@needs("xmllint", "libxml2-utils")
def test_the_xml_files_are_well_formed() -> None:
    done = subprocess.run(["xmllint", "--noout", *LINUX.glob("*.xml")], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@needs("update-mime-database", "shared-mime-info")
def test_a_bundle_s_type_is_known_after_the_installation(folder: Path, tmp_path: Path) -> None:
    assert install(folder, tmp_path / "local", home=tmp_path).returncode == 0
    assert f"{KIND}:*.asice" in (tmp_path / "local" / "share" / "mime" / "globs2").read_text(encoding="utf-8")


def test_the_icon_is_drawn_in_every_size(drawn: Path) -> None:
    for size in icons.SIZES:
        with Image.open(drawn / f"{size}.png") as picture:
            assert picture.size == (size, size)
            assert picture.convert("RGBA").getpixel((0, 0))[3] == 0, "round corners"
            assert len(picture.convert("RGB").getcolors(1 << 20) or ()) > 5
    with Image.open(drawn / "pessdesk.ico") as windows, Image.open(drawn / "pessdesk.icns") as mac:
        assert windows.info["sizes"] == {(size, size) for size in icons.ICO}
        assert {(width * scale, height * scale) for width, height, scale in mac.info["sizes"]} >= {
            (32, 32),
            (1024, 1024),
        }


def test_qt_s_plugins_and_texts_are_chosen() -> None:
    qt = "PySide6/Qt"
    wanted = ("plugins/platforms/libqxcb.so", "plugins/imageformats/libqjpeg.so", "translations/qtbase_ca.qm")
    left = ("plugins/platforms/libqvnc.so", "plugins/sqldrivers/libqsqlite.so", "translations/qtbase_fr.qm")
    assert [frozen.is_wanted(f"{qt}/{name}") for name in wanted] == [True] * 3
    assert [frozen.is_wanted(f"{qt}/{name}") for name in left] == [False] * 3
    assert frozen.is_wanted("PySide6/plugins/platforms/qwindows.dll")
