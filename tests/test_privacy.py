"""Names, contacts and erased words are planted, everything is done with the store that can be, and every byte is looked at.

Before an erasure names stand in the store's own files and nowhere else; after it, its cleaning and the thinning of the
backups, they stand nowhere at all.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pessdesk.desktop.crash import report
from pessdesk.domain.text import fold
from pessdesk.storage.driver import DATABASE, connect
from tests.cli.conftest import Laptop, Ran, run, template, world
from tests.documents.reading import pdf_lines

__all__ = ["template", "world"]  # fixtures

NAMES = ("Ermessenda Quinzà·Çolomines", "Joan-Pol Ŀlach Üzquell", "Ωmega Пушкін 王")
CONTACTS = ("ermessenda@exemple-prova.cat", "+34 973 111 222 333")
ERASED = "La xafarranxa del carrer Nou la va explicar ella mateixa"
KEPT = "Transport a demanda per anar al CAP"
OWN_FILES = ("store.db", "backups/")
"""Where names may stand before they are erased."""


def needles(*words: str) -> dict[bytes, str]:
    """Every form in which the words could be written down."""
    found: dict[bytes, str] = {}
    for word in words:
        forms = {word, word.lower(), word.upper(), fold(word), json.dumps(word)[1:-1]}
        forms |= {unicodedata.normalize(form, word) for form in ("NFC", "NFD", "NFKD")}
        for form in forms:
            for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
                found[form.encode(encoding)] = form
    return {needle: form for needle, form in found.items() if len(form) >= 6}


PERSONAL = needles(*NAMES, *CONTACTS, *(part for name in NAMES for part in name.split()))
WORDS = needles(ERASED, "xafarranxa")


def traces(data: bytes | str, sought: dict[bytes, str]) -> list[str]:
    data = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    return sorted({form for needle, form in sought.items() if needle in data})


def found_in(folder: Path, sought: dict[bytes, str]) -> dict[str, list[str]]:
    """File → what of it stands there, for a whole folder; names of files too."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        data = path.read_bytes() if path.is_file() else b""
        if there := traces(name.encode() + b"\0" + data, sought):
            found[name] = there
    return found


class Listener:
    """Gives commands to a laptop and keeps all that they say."""

    def __init__(self, laptop: Laptop) -> None:
        self.laptop = laptop
        self.said: list[tuple[str, str]] = []

    def __call__(self, *words: str | Path, code: int = 0, quiet: bool = False) -> Ran:
        """A command, as JSON and then in words where it changes nothing; `quiet`: it is asked for names."""
        ran = run(*words, home=self.laptop.folder, lang="ca")
        assert ran.code == code, (words, ran.err)
        if not quiet:
            self.said.append((" ".join(map(str, words[:2])), ran.out + ran.err))
        return ran

    def show(self, *words: str | Path, code: int = 0) -> Ran:
        ran = run(*words, home=self.laptop.folder, lang="ca", json_lines=False)
        assert ran.code == code, (words, ran.err)
        self.said.append((" ".join(map(str, words[:2])), ran.out + ran.err))
        return self(*words, code=code)

    def heard(self, sought: dict[bytes, str]) -> dict[str, list[str]]:
        return {command: there for command, said in self.said if (there := traces(said, sought))}


@pytest.fixture
def office(world: Callable[[str], Laptop]) -> Laptop:
    return world("office")


@pytest.fixture
def planted(world: Callable[[str], Laptop], tmp_path: Path) -> tuple[Listener, str, list[str], list[str]]:
    """A laptop with people and words, and their codes."""
    laptop = world("one")
    tell = Listener(laptop)
    code = laptop.codes()[0]
    said = laptop.record(tmp_path / "f.csv", ERASED, KEPT)
    photo = tmp_path / "mural.png"
    photo.write_bytes(b"\x89PNG" + ERASED.encode())
    tell("attach", said[0], photo)
    records = []
    for name, contact in zip(NAMES, (*CONTACTS, ""), strict=True):
        ran = tell(
            "people", "add", "--workshop", code, "--name", name, "--contact", contact, "--entity", "Càritas",
            "--agrees", "attendance", "answers",
        )  # fmt: skip
        records.append(ran.lines[0]["id"])
    tell("people", "change", "--workshop", code, records[0], "--contact", CONTACTS[1])
    tell("people", "consent", "--workshop", code, records[1], "--agrees", "image", "--how", "screen")
    tell("people", "withdraw", "--workshop", code, records[1], "--from", "answers")
    tell("people", "withdraw", "--workshop", code, records[2])
    return tell, code, said, records


def work_with_everything(tell: Listener, code: str, out: Path, office: Laptop) -> Listener:
    """All commands that show or write something; what they say is kept, what they write lies in `out`."""
    out.mkdir(exist_ok=True)
    consolidating = Listener(office)
    written = len(list(out.iterdir()))
    for words in (
        ("workshop", "list"), ("stats",), ("check",), ("check", "--digest"), ("clash", "list"), ("device", "card"),
        ("people", "retention", "--workshop", code), ("people", "about"), ("search", "Ermessenda"), ("search", "carrer"), ("acts",),
    ):  # fmt: skip
        tell.show(*words)
    for language in ("ca", "es", "en"):
        for ending in ("pdf", "html"):
            tell("minutes", "--workshop", code, "--to", out / f"{written}-{language}.{ending}", "--lang", language)
        tell("people", "sheet", "--workshop", code, "--to", out / f"{written}-sheet-{language}.pdf", "--lang", language)
    done = tell("export", "--workshop", code, "--to", out)
    bundle = Path(done.lines[0]["files"][0])
    tell("verify", bundle, code=3)
    consolidating.show("import", "--plan", bundle)
    consolidating("import", bundle)
    for words in (("stats",), ("check",), ("search", "Ermessenda"), ("workshop", "list")):
        consolidating.show(*words)
    tell("backup", "make")
    tell("backup", "list")
    tell("backup", "drill")
    return consolidating


def erase_all(tell: Listener, code: str, said: list[str]) -> None:
    tell("people", "erase", "--workshop", code, "--all", "--reason", "request", code=5)
    tell("people", "erase", "--workshop", code, "--all", "--reason", "request", "--yes")
    tell("erase", said[0], "--reason", "ho ha demanat", "--yes")


def test_names_are_in_the_store_alone(
    planted: tuple[Listener, str, list[str], list[str]], office: Laptop, tmp_path: Path
) -> None:
    tell, code, _, _ = planted
    names = tell("people", "list", "--workshop", code, quiet=True)
    assert traces(names.out, PERSONAL), "the test would see them"
    consolidating = work_with_everything(tell, code, tmp_path / "out", office)
    assert tell.heard(PERSONAL) == {}
    assert consolidating.heard(PERSONAL) == {}
    assert found_in(tmp_path / "out", PERSONAL) == {}
    for pdf in (tmp_path / "out").glob("*.pdf"):
        assert traces("\n".join(pdf_lines(pdf.read_bytes())), PERSONAL) == []
    assert found_in(office.folder, PERSONAL) == {}
    there = found_in(tell.laptop.folder, PERSONAL)
    assert there and all(name.startswith(OWN_FILES) for name in there), there
    assert tell("stats").lines[0]["people"] == 3


def test_the_digest_of_contents_is_the_same_with_and_without_people(world: Callable[[str], Laptop]) -> None:
    laptop = world("one")
    code, before = laptop.codes()[0], laptop.digest
    laptop.ok("people", "add", "--workshop", code, "--name", NAMES[0], "--agrees", "answers")
    assert laptop.digest == before


def test_after_erasing_nothing_is_left_anywhere(
    planted: tuple[Listener, str, list[str], list[str]], office: Laptop, tmp_path: Path
) -> None:
    tell, code, said, _ = planted
    work_with_everything(tell, code, tmp_path / "out", office)
    assert found_in(tell.laptop.folder, WORDS), "the test would see them"
    erase_all(tell, code, said)
    folder = tell.laptop.folder
    for sought in (PERSONAL, WORDS):
        there = found_in(folder, sought)
        assert all(name.startswith("backups/") for name in there), there
    tell("backup", "make")  # which thins
    assert found_in(folder, PERSONAL) == {}
    assert found_in(folder, WORDS) == {}
    assert tell.heard(PERSONAL) == {}
    tell("check")
    assert [row["text"] for row in tell("search", "Transport").lines[0]] == [KEPT]
    later = tmp_path / "later"
    consolidating = work_with_everything(tell, code, later, office)
    assert found_in(later, PERSONAL | WORDS) == {}
    assert consolidating.heard(PERSONAL) == {}
    assert found_in(office.folder, PERSONAL | WORDS) == {}, "the office heard of it and has forgotten it too"


def test_the_index_of_words_forgets_too(planted: tuple[Listener, str, list[str], list[str]]) -> None:
    """Its words are packed, so that a look at the bytes could miss them: the index itself is asked."""

    def words() -> set[str]:
        connection = connect(tell.laptop.folder / DATABASE)
        connection.execute("CREATE VIRTUAL TABLE temp.v USING fts5vocab('main', 'full_text', 'row')")
        found = {row[0] for row in connection.execute("SELECT term FROM temp.v")}
        connection.close()
        return found

    tell, code, said, _ = planted
    assert {"xafarranxa", "transport"} <= words()
    erase_all(tell, code, said)
    assert "xafarranxa" not in words() and "transport" in words()
    assert not {fold(part) for name in NAMES for part in name.split()} & words()


def test_a_mistake_of_ours_reports_nothing_of_anybody(
    planted: tuple[Listener, str, list[str], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the window's report, and on the terminal: with a message that quotes, and with a database that refuses."""

    def stumble(*_: Any) -> None:
        raise ValueError(f"cannot store {NAMES[0]!r}")

    try:
        stumble()
    except ValueError:
        kind, _, trace = sys.exc_info()
        assert kind is not None
        assert traces(report(kind, trace), PERSONAL) == []
    tell, code, _, _ = planted
    words = ("people", "add", "--workshop", code, "--name", NAMES[0], "--contact", CONTACTS[0], "--agrees", "image")
    with monkeypatch.context() as patched:
        patched.setattr("pessdesk.application.people.add_person", stumble)
        tell.show(*words, code=1)
    connection = connect(tell.laptop.folder / DATABASE)
    connection.execute("CREATE TRIGGER no BEFORE INSERT ON person BEGIN SELECT RAISE(ABORT, 'no'); END")
    connection.close()
    tell.show(*words, code=1)
    assert tell.heard(PERSONAL) == {}


def test_refusals_name_nobody(planted: tuple[Listener, str, list[str], list[str]]) -> None:
    tell, code, said, records = planted
    person = ("people", "add", "--workshop", code, "--contact", CONTACTS[0], "--agrees", "image", "--name")
    tell.show(*person, NAMES[0].replace(" ", "\n"), code=5)
    tell.show(*person, NAMES[0] * 20, code=5)
    tell.show("people", "consent", "--workshop", code, "000000", "--agrees", "image", code=6)
    tell.show("people", "erase", "--workshop", code, "--reason", "request", code=5)
    tell.show("erase", records[0], "--reason", "no", code=5)
    tell.show("erase", said[0], "--reason", "no", code=5)
    assert tell.heard(PERSONAL) == {}
