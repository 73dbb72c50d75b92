"""The command line in this process, against data folders of a test's own."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pessdesk.bootstrap import Program
from pessdesk.cli.main import main

PROGRAMME = Path(__file__).resolve().parents[2] / "resources" / "demo" / "programme"


@dataclass(frozen=True)
class Ran:
    """What a command gave back: exit code, JSON lines of standard output, standard error as it is."""

    code: int
    lines: list[Any]
    err: str
    out: str

    @property
    def trouble(self) -> dict[str, Any]:
        """The last refusal on standard error."""
        found: dict[str, Any] = json.loads(self.err.splitlines()[-1])
        return found


def run(*words: str | Path, home: Path | None = None, lang: str = "en", json_lines: bool = True) -> Ran:
    """One command, as `python -m pessdesk` would run it."""
    out, err = io.StringIO(), io.StringIO()
    arguments = ["--lang", lang]
    if json_lines:
        arguments.append("--json")
    if home is not None:
        arguments += ["--data-dir", str(home)]
    code = main([*arguments, *(str(word) for word in words)], Program(), out, err)
    lines = [json.loads(line) for line in out.getvalue().splitlines()] if json_lines else []
    return Ran(code, lines, err.getvalue(), out.getvalue())


class Laptop:
    """A data folder, and the commands that are given to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *words: str | Path, lang: str = "en") -> Ran:
        return run(*words, home=self.folder, lang=lang)

    def ok(self, *words: str | Path) -> list[Any]:
        """A command that must succeed; gives its JSON lines."""
        ran = self(*words)
        assert ran.code == 0, (words, ran.code, ran.err)
        return ran.lines

    @property
    def stats(self) -> dict[str, Any]:
        found: dict[str, Any] = self.ok("stats")[0]
        return found

    @property
    def digest(self) -> str:
        return str(self.ok("check", "--digest")[0]["digest"])

    @property
    def device(self) -> str:
        return str(self.ok("device", "card")[0]["device"])

    def codes(self) -> list[str]:
        return [workshop["code"] for workshop in self.ok("workshop", "list")[0]]

    def files(self) -> dict[str, bytes]:
        """Every file of the data folder, byte for byte."""
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file()
        }

    def record(self, sheet: Path, *rows: str, header: str = "text", workshop: int = 0) -> list[str]:
        """Record rows written as CSV; gives their codes."""
        sheet.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return [one["code"] for one in self.ok("record", "--workshop", self.codes()[workshop], sheet)]

    def export(self, folder: Path, workshop: int = 0) -> dict[str, Any]:
        folder.mkdir(exist_ok=True)
        found: dict[str, Any] = self.ok("export", "--workshop", self.codes()[workshop], "--to", folder)[0]
        return found


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office with the demonstration's programme, and three laptops that opened it and know each other."""
    base = tmp_path_factory.mktemp("template")
    bundle = base / "programme.asice"
    cards = base / "cards"
    cards.mkdir()
    names = ("office", "one", "two", "three")
    for name in names:
        Laptop(base / name).ok("device", "card", "--label", name, "--to", cards / f"{name}.pem")
    Laptop(base / "office").ok("programme", "build", PROGRAMME, "--to", bundle)
    for name in names:
        Laptop(base / name).ok("trust", "add", *sorted(cards.iterdir()))
        if name != "office":
            Laptop(base / name).ok("programme", "import", bundle)
    return base


@pytest.fixture
def world(template: Path, tmp_path: Path) -> Callable[[str], Laptop]:
    """Laptops of a test's own, by name: `office`, `one`, `two`, `three`."""

    def laptop(name: str) -> Laptop:
        folder = tmp_path / name
        if not folder.exists():
            shutil.copytree(template / name, folder)
        return Laptop(folder)

    return laptop


@pytest.fixture
def office(world: Callable[[str], Laptop]) -> Laptop:
    return world("office")


@pytest.fixture
def one(world: Callable[[str], Laptop]) -> Laptop:
    return world("one")


@pytest.fixture
def two(world: Callable[[str], Laptop]) -> Laptop:
    return world("two")


@pytest.fixture
def fresh(tmp_path: Path) -> Laptop:
    """A folder in which nothing was ever done."""
    return Laptop(tmp_path / "fresh")
