"""The licences of what is shipped with PessDesk: writes docs/licences.md from the installed packages' own metadata.

`make licences` runs it after `make lock`; tests/test_licences.py uses it to judge.
"""

from __future__ import annotations

import importlib.metadata
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "licences.md"
SYSTEMS = (
    {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
    {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
)
READ_BY_A_PERSON = {
    "sqlcipher3": "Zlib; holds SQLCipher (BSD-3-Clause), SQLite (public domain) and OpenSSL (Apache-2.0)",
    "tzdata": "Apache-2.0",
    "pywin32-ctypes": "BSD-3-Clause",
}
"""Packages whose metadata name no licence, or that are installed on other systems only: read in their licence files."""
PERMISSIVE = re.compile(r"\b(MIT|BSD|Apache|PSF|Python Software Foundation|Zlib|ISC|Unlicense|HPND|0BSD)", re.I)
WEAK_COPYLEFT = re.compile(r"\b(LGPL|MPL|Mozilla|EPL|EUPL|Lesser)", re.I)
STRONG_COPYLEFT = re.compile(r"(?<!L)(?<!Lesser )\b(A?GPL|(Affero )?General Public)", re.I)


@dataclass(frozen=True, slots=True)
class Package:
    """A pinned package and its licence as it states it (`installed` is False for other systems' packages)."""

    name: str
    version: str
    licence: str
    installed: bool


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(lock: Path = ROOT / "requirements.txt") -> dict[str, str]:
    """Versions by name, as the lock pins them."""
    pins = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", lock.read_text(encoding="utf-8"), re.M)
    return {normal(name): version for name, version in pins}


def runtime_names() -> set[str]:
    """The packages that PessDesk needs to run, with what they need, on any of the systems."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    todo = [Requirement(text) for text in project["dependencies"]]
    done: set[tuple[str, frozenset[str]]] = set()
    while todo:
        wanted = todo.pop()
        key = (normal(wanted.name), frozenset(wanted.extras))
        if key in done:
            continue
        done.add(key)
        try:
            needs = importlib.metadata.requires(wanted.name) or []
        except importlib.metadata.PackageNotFoundError:
            continue
        todo += [need for need in map(Requirement, needs) if _applies(need, wanted.extras)]
    return {name for name, _ in done} & set(locked())


def _applies(need: Requirement, extras: set[str]) -> bool:
    marker = need.marker
    return marker is None or any(
        marker.evaluate({**system, "extra": extra}) for system in SYSTEMS for extra in ("", *extras)
    )


def stated_licence(name: str) -> str:
    """The licence that an installed package's metadata state, in few words; empty when they are silent."""
    metadata = importlib.metadata.metadata(name)
    given = metadata.get("License-Expression") or metadata.get("License") or ""
    given = given.strip().splitlines()[0] if given.strip() else ""
    marks = [c.rpartition(" :: ")[2] for c in metadata.get_all("Classifier") or [] if c.startswith("License ::")]
    if not given or len(given) > 60:
        given = ", ".join(marks) or given.partition("(")[0].strip()
    return given


def runtime_packages() -> list[Package]:
    """Every package that is shipped with PessDesk, by name."""
    pins = locked()
    found = []
    for name in sorted(runtime_names()):
        try:
            licence, installed = stated_licence(name), True
        except importlib.metadata.PackageNotFoundError:
            licence, installed = "", False
        found.append(Package(name, pins[name], licence or READ_BY_A_PERSON.get(name, ""), installed))
    return found


def judgement(licence: str) -> str:
    """How a licence goes together with EUPL-1.2: `permissive`, `weak copyleft`, or why it does not."""
    choices = re.split(r"\s+OR\s+", licence)
    for choice in choices:
        if STRONG_COPYLEFT.search(choice):
            continue
        if WEAK_COPYLEFT.search(choice):
            return "weak copyleft"
        if PERMISSIVE.search(choice):
            return "permissive"
    return "GPL only" if any(STRONG_COPYLEFT.search(choice) for choice in choices) else "unknown"


ABOUT = """\
# Licences of what is shipped with PessDesk

PessDesk itself is under the EUPL-1.2 (`LICENSE`); data from elsewhere are named in `NOTICE`. This table is written by
`make licences` from the metadata of the packages that `requirements.txt` pins, those needed to run only.
`tests/test_licences.py` fails when a package is missing here, or may be had under the GPL or AGPL only: such a package
would put the whole distribution under that licence.

- *Permissive*: may be shipped with a EUPL-1.2 program; its notices are kept.
- *Weak copyleft* (LGPL, MPL): may be shipped as a library of its own; changes to the library itself stay under its
  licence. PySide6-Essentials and shiboken6 are taken under the LGPL-3.0: they are used unchanged, as shared libraries
  that a user can replace, and a built program must ship their licence text and say where their source is.

| package | version | licence, as it states it | with EUPL-1.2 |
|---|---|---|---|
"""


def page() -> str:
    """The text of docs/licences.md."""
    rows = [f"| {p.name} | {p.version} | {p.licence} | {judgement(p.licence)} |\n" for p in runtime_packages()]
    return ABOUT + "".join(rows)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
