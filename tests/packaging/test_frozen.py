"""The folder that `make package` made runs without Python: its commands, its window, all that must travel with it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat

from pessdesk.desktop.screens import SCREENS
from tests.packaging.recipe import frozen, licences

ROOT = Path(__file__).resolve().parents[2]
DIST = ROOT / "dist" / "PessDesk"
"""Only `make test-package` knows whether it was made of today's sources; it says so in PESSDESK_FROZEN."""
MIB = 1_000_000
PATIENCE = 60

if "PESSDESK_FROZEN" not in os.environ or not (DIST / "pessdesk").exists():
    pytest.skip("`make test-package` makes dist/PessDesk of today's sources and tests it", allow_module_level=True)


class Installed:
    """A copy of the folder, as somebody else has it: nothing of the one who tests is there, and no Python."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.folder = base / "Escriptori d'en Pau" / "PessDesk"
        shutil.copytree(DIST, self.folder, symlinks=True)
        (base / "tmp").mkdir()
        (base / "bin").mkdir()
        for tool in [tool for folder in ("/usr/bin", "/bin") for tool in Path(folder).iterdir()]:
            link = base / "bin" / tool.name
            if not tool.name.startswith(("python", "pip", "pessdesk")) and not link.is_symlink():
                link.symlink_to(tool)

    @property
    def environment(self) -> dict[str, str]:
        words = {"HOME": self.base, "PATH": self.base / "bin", "TMPDIR": self.base / "tmp"}
        return {name: str(path) for name, path in words.items()} | {"LANG": "C.UTF-8", "QT_QPA_PLATFORM": "offscreen"}

    def start(self, *words: str | Path, program: tuple[str, ...] = ()) -> subprocess.Popen[str]:
        command = [*(program or (str(self.folder / "pessdesk"),)), *map(str, words)]
        pipe = subprocess.PIPE
        return subprocess.Popen(
            command, env=self.environment, cwd=self.base, stdout=pipe, stderr=pipe, text=True, encoding="utf-8"
        )

    def run(self, *words: str | Path, program: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
        started = self.start(*words, program=program)
        out, err = started.communicate(timeout=PATIENCE)
        return subprocess.CompletedProcess(started.args, started.returncode, out, err)

    def ok(self, *words: str | Path) -> Any:
        """A command that must succeed, and its answer."""
        done = self.run("--json", *words)
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def picture(self, data: Path, name: str, program: tuple[str, ...] = ()) -> tuple[Any, Image.Image]:
        """What the window says of itself once it is filled, and its picture."""
        file = self.base / f"{name}.png"
        done = self.run("--data-dir", data, "--lang", "ca", "--picture", file, program=program)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout), Image.open(file).convert("RGB")

    def digests(self) -> dict[str, str]:
        return {
            str(path.relative_to(self.folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file()
        }


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    """One copy for all; whatever was done with it, none of its files is another afterwards."""
    copy = Installed(tmp_path_factory.mktemp("frozen"))
    before = copy.digests()
    yield copy
    assert copy.digests() == before


@pytest.fixture(scope="module")
def demonstration(installed: Installed) -> Path:
    """What `pessdesk demo` leaves behind."""
    folder = installed.base / "demo"
    done = installed.run("--lang", "ca", "demo", "--to", folder)
    assert (done.returncode, done.stderr) == (0, "")
    return folder


# The folder


def test_it_is_small_enough_for_a_stick() -> None:
    size = sum(path.lstat().st_size for path in DIST.rglob("*"))
    print(f"dist/PessDesk: {size / MIB:.0f} MB")
    assert size < 220 * MIB


def test_nothing_travels_that_belongs_to_the_one_who_builds() -> None:
    names = [str(path.relative_to(DIST)) for path in DIST.rglob("*")]
    strange = re.compile(r"Quick|Qml|Qt6Pdf|Qt6Sql|Designer|Qt6Test|gtk|tkinter|hypothesis|pytest|mypy|\.pot?$", re.I)
    assert [name for name in names if strange.search(name)] == []
    assert [str(path) for path in DIST.rglob("*") if path.is_symlink() and not path.exists()] == []


def test_every_library_is_there_or_the_system_s() -> None:
    """What a shared library names is in the folder, or one of those that every Linux with a desktop has."""
    glibc = re.compile(r"(ld-linux.*|lib(c|m|dl|pthread|rt|util|resolv))\.so")
    here = {path.name for path in DIST.rglob("*.so*")}
    lacking = set()
    for path in DIST.rglob("*.so*"):
        for name in frozen.asks_for(path):
            if name not in here and not frozen.OF_THE_SYSTEM.match(name) and not glibc.match(name):
                lacking.add((path.name, name))
    assert lacking == set()


@pytest.fixture(scope="module")
def modules() -> set[str]:
    """The names of the Python modules inside the program."""
    from PyInstaller.archive.readers import CArchiveReader

    return set(CArchiveReader(str(DIST / "pessdesk")).open_embedded_archive("PYZ.pyz").toc)


def test_screens_and_migrations_travel_though_nobody_imports_them_by_name(modules: set[str]) -> None:
    assert {f"pessdesk.desktop.screens.{name}" for name in SCREENS} <= modules
    here = {path.stem for path in (ROOT / "pessdesk" / "storage" / "migrations" / "versions").glob("0*.py")}
    there = {path.stem for path in (DIST / "_internal" / "pessdesk/storage/migrations/versions").glob("0*.py")}
    assert here == there
    assert {f"pessdesk.storage.migrations.versions.{name}" for name in here} <= modules


def test_no_package_travels_without_its_licence(modules: set[str]) -> None:
    found = {name.split(".")[0] for name in modules} | {p.name for p in (DIST / "_internal").iterdir() if p.is_dir()}
    of_python = sys.stdlib_module_names | {"resources", "pessdesk", "_pyi_rth_utils"}
    of_packages = {
        module: {licences.normal(name) for name in names}
        for module, names in licences.importlib.metadata.packages_distributions().items()
    }
    texts = {path.name for path in (DIST / "licences").iterdir() if any(path.iterdir())}
    without = {
        name
        for name in found - of_python
        if not name.startswith(("_sysconfigdata", "python3."))
        and not name.endswith((".dist-info", ".libs"))
        and not of_packages.get(name, set()) & texts
    }
    assert without == set()
    assert {"python", "pyinstaller", "pyside6-essentials", "system"} <= texts
    assert {"LICENSE", "NOTICE", "licences.md"} <= {path.name for path in DIST.iterdir()}


def test_what_is_opened_by_its_path_travels() -> None:
    inside = DIST / "_internal"
    for file, folder in frozen.resources():
        assert (inside / folder / Path(file).name).read_bytes() == Path(file).read_bytes()
    for name in ("resources/guide/guia.md", "resources/verify-bundle.sh", "resources/NOTICE"):
        assert (inside / name).is_file()
    for language in ("ca", "es", "en"):
        assert (inside / "resources" / "locale" / language / "LC_MESSAGES" / "pessdesk.mo").stat().st_size > 1000


# Commands


def test_its_demonstration_runs(installed: Installed, demonstration: Path) -> None:
    account = json.loads((demonstration / "account.json").read_text(encoding="utf-8"))
    assert account
    stats = installed.ok("--data-dir", demonstration / "office", "stats")
    assert stats["contributions"] > 1000
    assert installed.run("--data-dir", demonstration / "office", "check").returncode == 0
    bundles = sorted((demonstration / "bundles").glob("*.asice"))
    done = installed.run("verify", "--trust", demonstration / "trust", *bundles)
    assert (done.returncode, done.stderr) == (0, "")
    assert "barri" in installed.run("--data-dir", demonstration / "office", "search", "barrio").stdout


def test_it_writes_minutes_with_its_own_letters(installed: Installed, demonstration: Path) -> None:
    office = demonstration / "office"
    code = installed.ok("--data-dir", office, "workshop", "list")[0]["code"]
    for name in ("acta.pdf", "acta.html"):
        done = installed.run("--data-dir", office, "minutes", "--workshop", code, "--to", installed.base / name)
        assert (done.returncode, done.stderr) == (0, "")
    assert b"SourceSans3" in (installed.base / "acta.pdf").read_bytes()
    assert code in (installed.base / "acta.html").read_text(encoding="utf-8")


def test_it_says_its_version(installed: Installed) -> None:
    from pessdesk import __version__

    assert installed.run("--version").stdout.strip() == f"PessDesk {__version__}"


def test_an_unknown_word_is_refused_in_catalan(installed: Installed) -> None:
    done = installed.run("--lang", "ca", "balla")
    assert done.returncode == 2
    assert "no es pot triar" in done.stderr


# The window


@pytest.mark.parametrize(("data", "screen"), [("nova", "first"), ("demo/office", "today")])
def test_its_window_looks_as_it_does_from_the_sources(
    installed: Installed, demonstration: Path, data: str, screen: str
) -> None:
    found, picture = installed.picture(installed.base / data, f"{screen}-frozen")
    assert (found["screen"], found["language"], found["platform"]) == (screen, "ca", "offscreen")
    assert (found["family"], found["qt_speaks"]) == ("Source Sans 3", True)
    assert {"jpeg", "png", "svg", "gif", "webp", "tiff"} <= set(found["formats"])
    assert found["size"] == list(picture.size)
    assert len(picture.getcolors(maxcolors=1 << 24) or ()) > 100, "a blank window"
    sources = (sys.executable, "-m", "pessdesk")
    expected, other = installed.picture(installed.base / data, f"{screen}-sources", sources)
    formats = {"cur", "icns", "ico", "tga", "wbmp"}  # not for photos: left behind
    assert found == {**expected, "formats": sorted(set(expected["formats"]) - formats)}
    assert ImageStat.Stat(ImageChops.difference(picture, other)).mean < [0.5, 0.5, 0.5]


def test_a_second_start_finds_the_first_window(installed: Installed) -> None:
    data = installed.base / "oberta"
    first = installed.start("--data-dir", data)
    try:
        deadline = time.monotonic() + PATIENCE
        while not list((installed.base / "tmp").glob("pessdesk-*")):
            assert time.monotonic() < deadline, "no window listens"
            assert first.poll() is None, first.communicate()
            time.sleep(0.02)
        assert installed.run("--data-dir", data).returncode == 0
        picture = installed.base / "none.png"
        assert installed.run("--data-dir", data, "--picture", picture).returncode == 7
        assert not picture.exists()
    finally:
        first.kill()
        first.communicate()


def test_what_it_opens_gets_the_system_s_libraries() -> None:
    """The starter's LD_LIBRARY_PATH is not handed on; one that was there before is."""
    hook = ROOT / "packaging" / "environment.py"
    show = f"import os, runpy; runpy.run_path({str(hook)!r}); print(os.environ.get('LD_LIBRARY_PATH'))"
    for before, after in (({}, "None"), ({"LD_LIBRARY_PATH_ORIG": "/usr/local/lib"}, "/usr/local/lib")):
        env = {**os.environ, "LD_LIBRARY_PATH": "/opt/PessDesk/_internal", **before}
        # (the interpreter itself may need the path that it is given: it has read it by then)
        done = subprocess.run([sys.executable, "-c", show], env=env, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == after
