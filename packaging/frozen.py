"""What travels in the folder that runs without Python, and what stays behind: `packaging/pessdesk.spec` follows it.

PyInstaller finds what a program imports and takes whole families along. Here is said which of Qt's plug-ins and texts
are wanted; from those, from Python and from the extension modules it follows which shared libraries are.
"""

from __future__ import annotations

import importlib.metadata
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

from PyInstaller.depend import bindepend

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build" / "package"
NAME, IDENTIFIER = "PessDesk", "cat.pessdesk.PessDesk"
Entry = tuple[str, str, str]
"""PyInstaller's entry of a file: its place in the folder, where it lies now, its kind."""

EXCLUDED = [
    # for those who work on PessDesk
    "pytest", "_pytest", "mypy", "hypothesis", "babel", "setuptools", "_distutils_hack", "distutils", "pip", "lib2to3",
    "unittest", "doctest", "pdb", "pydoc", "pydoc_data", "idlelib", "test", "ensurepip", "tkinter", "turtle", "curses",
    "readline", "trove_classifiers", "pygments", "rich", "packaging",
    # databases, pictures and machinery that PessDesk does not use
    "sqlalchemy.dialects.mysql", "sqlalchemy.dialects.mssql", "sqlalchemy.dialects.oracle", "PIL._avif", "PIL._imagingcms",
    "PIL._imagingtk", "PIL.ImageQt", "PIL.ImageTk", "lxml.objectify", "lxml.isoschematron",
    # Qt beyond the window
    "PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtQuickWidgets", "PySide6.QtSql", "PySide6.QtDesigner", "PySide6.QtHelp",
    "PySide6.QtTest", "PySide6.QtOpenGL", "PySide6.QtOpenGLWidgets", "PySide6.QtPrintSupport", "PySide6.QtUiTools",
    "PySide6.QtXml", "PySide6.QtConcurrent",
]  # fmt: skip

PLUGINS = {
    "platforms": r"qxcb|qwayland.*|qoffscreen|qwindows|qcocoa",
    "imageformats": r"qjpeg|qgif|qwebp|qtiff|qsvg",  # PNG and BMP are built in
    "iconengines": r"qsvgicon",
    "styles": r".*",
    "platformthemes": r"qxdgdesktopportal",
    "platforminputcontexts": r"composeplatforminputcontextplugin|ibusplatforminputcontextplugin",  # accents
    "wayland-shell-integration": r"xdg-shell",
    "wayland-decoration-client": r"adwaita|bradient",
}
"""Qt's plug-ins that are wanted, by their folder. No OpenGL, no TLS: the window draws by itself and sends nothing."""

TRANSLATIONS = re.compile(r"qtbase_(ca|es|en)\.qm")

OF_THE_SYSTEM = re.compile(
    r"lib(stdc\+\+|gcc_s|GL|GLX|GLdispatch|EGL|drm|gbm|X11|X11-xcb|xcb|Xau|Xdmcp|wayland-\w+|fontconfig|freetype"
    r"|glib-2\.0|gthread-2\.0|dbus-1|z)\.so"
)
"""Every Linux with a desktop has these, made for its own drivers, fonts and services: another one's would not fit."""


def resources() -> Iterator[tuple[str, str]]:
    """(file, folder to put it in): everything that the program opens by its path."""
    for file in sorted((ROOT / "resources").rglob("*")):
        if file.is_file() and file.suffix not in (".po", ".pot"):
            yield str(file), str(file.parent.relative_to(ROOT))
    yield str(ROOT / "NOTICE"), "resources"
    yield str(ROOT / "packaging" / "verify-bundle.sh"), "resources"
    yield str(ROOT / "docs" / "guia.md"), "resources/guide"
    for file in sorted((ROOT / "docs" / "pictures").glob("*")):
        yield str(file), "resources/guide/pictures"
    # alembic reads its scripts as files
    scripts = ROOT / "pessdesk" / "storage" / "migrations"
    for file in sorted(scripts.rglob("*")):
        if file.suffix in (".py", ".mako"):
            yield str(file), str(file.parent.relative_to(ROOT))


def missing_catalogs() -> list[str]:
    """The languages whose catalog is not compiled."""
    folders = (ROOT / "resources" / "locale").glob("*/LC_MESSAGES")
    return [folder.parent.name for folder in folders if not (folder / "pessdesk.mo").exists()]


# What PyInstaller found, and what of it is wanted


def is_wanted(place: str) -> bool:
    """Whether a file of Qt's is wanted; the shared libraries are judged by `needed`."""
    path = Path(place)
    parts = path.parts
    if "plugins" in parts:
        folder = parts[parts.index("plugins") + 1]
        stem = path.name.split(".")[0].removeprefix("lib")
        return re.fullmatch(PLUGINS.get(folder, "(?!)"), stem) is not None
    if "translations" in parts and path.suffix == ".qm":
        return TRANSLATIONS.fullmatch(path.name) is not None
    return True


def needed(binaries: Iterable[Entry]) -> list[Entry]:
    """The extension modules, the wanted plug-ins and Python's library, with the libraries that they need themselves."""
    found = [entry for entry in binaries if is_wanted(entry[0])]
    by_name: dict[str, list[Entry]] = {}
    for entry in found:
        by_name.setdefault(Path(entry[0]).name, []).append(entry)
    todo = [entry for entry in found if entry[2] == "EXTENSION" or _is_root(entry[0])]
    kept: dict[str, Entry] = {}
    while todo:
        entry = todo.pop()
        if entry[0] in kept:
            continue
        kept[entry[0]] = entry
        for name in () if entry[2] == "SYMLINK" else asks_for(Path(entry[1])):
            if not OF_THE_SYSTEM.match(name):
                todo += by_name.get(name, [])
    return sorted(kept.values())


def asks_for(library: Path) -> list[str]:
    """The names of the libraries that a library names itself, not those that these need in turn."""
    if sys.platform == "linux":
        said = subprocess.run(["objdump", "-p", library], capture_output=True, text=True, check=True).stdout
        return re.findall(r"^ +NEEDED +(\S+)$", said, re.M)
    return [Path(name).name for name, _ in bindepend.get_imports(str(library))]


def _is_root(place: str) -> bool:
    name = Path(place).name.lower()
    return "plugins" in Path(place).parts or name.startswith(("libpython", "python")) or sys.platform == "win32"


def stripped(binaries: Iterable[Entry]) -> list[Entry]:
    """On Linux: Python and extension modules without the names that only a debugger reads. Qt comes without already."""
    tool = shutil.which("strip") if sys.platform == "linux" else None
    slim: list[Entry] = []
    for place, source, kind in binaries:
        fat = kind == "EXTENSION" and not place.startswith(("PySide6", "shiboken6"))
        if tool and (fat or Path(place).name.startswith("libpython")):
            target = BUILD / "stripped" / place
            target.parent.mkdir(parents=True, exist_ok=True)
            subprocess.run([tool, "--strip-unneeded", "-o", target, source], check=True)
            slim.append((place, str(target), kind))
        else:
            slim.append((place, source, kind))
    return slim


# Licences


def gather_licences(target: Path, binaries: Iterable[Entry]) -> None:
    """The licence texts of all that travels: packages, Python, PyInstaller's starter, libraries of this system."""
    import licences

    names = [package.name for package in licences.runtime_packages() if package.installed]
    for name in [*names, "pyinstaller"]:
        files = importlib.metadata.distribution(name).files or []
        texts = [file for file in files if re.search(r"(licen[cs]e|copying|notice)", file.name, re.I)]
        _copy(target / name, (Path(str(file.locate())) for file in texts if file.suffix not in (".py", ".pyc")))
    for name in ("PySide6-Essentials", "shiboken6"):  # their packages bring no text
        _copy(target / licences.normal(name), (ROOT / "packaging" / "texts").iterdir())
    homes = (Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix))
    _copy(target / "python", (home / "LICENSE.txt" for home in homes))
    for package in sorted({_system_package(Path(source)) for _, source, kind in binaries if kind == "BINARY"}):
        _copy(target / "system" / package, [Path("/usr/share/doc") / package / "copyright"])


def _copy(folder: Path, files: Iterable[Path]) -> None:
    for file in files:
        if file.is_file():
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, folder / file.name)


def _system_package(library: Path) -> str:
    """The Debian package that a library of this system belongs to; nothing for others."""
    if not str(library).startswith(("/lib/", "/usr/lib/")) or shutil.which("dpkg") is None:
        return ""
    for path in (library.resolve(), Path(str(library.resolve()).removeprefix("/usr"))):
        owner = subprocess.run(["dpkg", "-S", path], capture_output=True, text=True, check=False).stdout
        if owner:
            return owner.split(":")[0]
    return ""
