"""What people hand in that is wrong: a documented exit code, a sentence that says where, and nothing written."""

from __future__ import annotations

import errno
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pessdesk.wording.sentences import SENTENCES
from tests.cli.conftest import PROGRAMME, Laptop, Ran, run

ROOT = Path(__file__).resolve().parents[2]
TEXT = "Més places al col·legi d'Àger: «ràpid» – €"


def spoken(laptop: Laptop, words: tuple[object, ...], code: int, error: str) -> list[Ran]:
    """The same refusal in the three languages, each a sentence and not a bare code."""
    answers = [laptop(*(str(w) for w in words), lang=lang) for lang in ("ca", "es", "en")]
    for ran in answers:
        assert (ran.code, ran.trouble["error"]) == (code, error), ran.err
        sentence = ran.trouble["sentence"]
        assert sentence and sentence != error and "{" not in sentence.replace("{}", ""), sentence
        assert error in SENTENCES
        for row in ran.trouble.get("rows", ()):
            assert row["code"] in SENTENCES
            assert row["sentence"]
    return answers


def excel(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def broken_excel() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook")
    return target.getvalue()


def entity_bomb() -> bytes:
    """A workbook whose shared strings declare entities."""
    source = zipfile.ZipFile(io.BytesIO(excel([["text"], ["Hola"]])))
    target = io.BytesIO()
    with source, zipfile.ZipFile(target, "w") as archive:
        for name in source.namelist():
            data = source.read(name)
            if name.endswith("sheet1.xml"):
                data = data.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet', 1)
            archive.writestr(name, data)
    return target.getvalue()


REFUSED: dict[str, tuple[str, bytes, str, str]] = {
    # what: file name, content, code, what the sentence must hold
    "column missing": ("a.csv", b"title\nHola\n", "columns-missing", "text"),
    "column unknown": ("a.csv", b"text,colour\nHola,red\n", "columns-wrong", "colour"),
    "column doubled": ("a.csv", b"text,text\nHola,Hola\n", "columns-wrong", "text"),
    "one title only, of a text": ("a.csv", "Aquesta és la proposta\n".encode(), "columns-missing", "text"),
    "too many cells": ("a.csv", b"text,title\na,b\na,b,c\n", "row-too-long", "3"),
    "only a header": ("a.csv", b"text\n", "rows-none", ""),
    "only a header and blanks": ("a.csv", b"text,title\n,\n \n", "rows-none", ""),
    "empty file": ("a.csv", b"", "sheet-empty", "a.csv"),
    "only blank lines": ("a.csv", b"\n\n \n", "sheet-empty", "a.csv"),
    "NUL": ("a.csv", b"text\nHola\nHo\x00la\n", "sheet-nul", "3"),
    "an open quote": ("a.csv", b'text\n"Hola\nAdeu\n', "sheet-csv", "a.csv"),
    "cell of 3 MB": ("a.csv", b"text\n" + b"x" * 3_000_000 + b"\n", "sheet-csv", "a.csv"),
    "binary junk": ("a.csv", bytes(range(1, 256)) * 40, "", "a.csv"),
    "bytes of no encoding": ("a.csv", b"text\nHol\x81\xff\n", "sheet-encoding", "a.csv"),
    "UTF-16 cut": ("a.csv", "text\nHola\n".encode("utf-16")[:-1], "sheet-encoding", "a.csv"),
    "formula": ("a.xlsx", excel([["text"], ["Hola"], ["=A2"]]), "sheet-formula", "A3"),
    "error value": ("a.xlsx", excel([["text"], ["#N/A"]]), "sheet-cell-error", "A2"),
    "not an Excel": ("a.xlsx", b"Hola", "sheet-excel", "a.xlsx"),
    "cut Excel": ("a.xlsx", excel([["text"], ["Hola"]])[:900], "sheet-excel", "a.xlsx"),
    "empty zip as Excel": ("a.xlsx", broken_excel(), "sheet-excel", "a.xlsx"),
    "entities in the Excel's XML": ("a.xlsx", entity_bomb(), "sheet-excel", "a.xlsx"),
    "empty Excel": ("a.xlsx", excel([]), "sheet-empty", "a.xlsx"),
    "zip of other things": ("a.csv", b"PK\x03\x04" + b"\x00" * 60, "sheet-excel", "a.csv"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_sheet_is_refused(what: str, one: Laptop, tmp_path: Path) -> None:
    name, content, error, holds = REFUSED[what]
    sheet = tmp_path / name
    sheet.write_bytes(content)
    before = one.stats
    words = ("record", "--workshop", one.codes()[0], sheet)
    found = one(*words)
    assert found.code == 5, found.err
    for ran in spoken(one, words, 5, error or found.trouble["error"]):
        assert holds in ran.trouble["sentence"]
    assert one.stats == before


ROWS: dict[str, tuple[str, str, str]] = {
    "text empty": ("title", "Hola", "text-missing"),
    "text of 1 MB": ("title,text", "t," + "x" * 1_000_000, "text-too-long"),
    "text one too long": ("text", "x" * 20_001, "text-too-long"),
    "control character": ("text", "Ho\x07la", "text-control-character"),
    "title of two lines": ("text,title", 'a,"b\nc"', "text-control-character"),
    "kind": ("text,kind", "a,rumour", "choice-unknown"),
    "language": ("text,language", "a,klingon", "choice-unknown"),
    "line": ("text,line", "a,9.9", "line-unknown"),
    "votes with words": ("text,votes", "a,many", "number-wrong"),
    "votes below zero": ("text,votes", "a,-1", "number-wrong"),
    "votes with a fraction": ("text,votes", "a,1.5", "number-wrong"),
    "votes in other digits": ("text,votes", "a,٣", "number-wrong"),
    "votes beyond counting": ("text,votes", "a,99999999", "number-wrong"),
    "photo missing": ("text,photo", "a,none.jpg", "photo-missing"),
    "photo is a folder": ("text,photo", "a,.", "photo-missing"),
    "photo with an endless name": ("text,photo", "a," + "x" * 5000, "photo-missing"),
    "table too long": ("text,group", "a," + "x" * 121, "text-too-long"),
}


@pytest.mark.parametrize("what", ROWS)
def test_a_row_is_refused_with_its_number(what: str, one: Laptop, tmp_path: Path) -> None:
    header, row, error = ROWS[what]
    columns = header if "text" in header.split(",") else f"{header},text"
    good = ",".join("good" if name == "text" else "" for name in columns.split(","))
    sheet = tmp_path / "a.csv"
    sheet.write_text(f"{columns}\n{good}\n\n{row}\n{good}\n", encoding="utf-8", newline="")
    before = one.stats
    for ran in spoken(one, ("record", "--workshop", one.codes()[0], sheet), 5, "rows-refused"):
        assert [(r["row"], r["code"]) for r in ran.trouble["rows"]] == [(4, error)]
    assert one.stats == before, "the good rows are not recorded either"


ACCEPTED: dict[str, bytes] = {
    "UTF-8": f"text,title\n{TEXT},b\n".encode(),
    "UTF-8 with BOM": f"\ufefftext,title\r\n{TEXT},b\r\n".encode(),
    "UTF-16": f"text\ttitle\r\n{TEXT}\tb\r\n".encode("utf-16"),
    "UTF-16 BE": b"\xfe\xff" + f"text;title\n{TEXT};b\n".encode("utf-16-be"),
    "Windows-1252": f"text;title\r\n{TEXT};b\r\n".encode("cp1252"),
    "quoted header, columns in capitals": f'"TITLE";" Text "\nb;{TEXT}\n'.encode(),
    "blank rows and columns": f"\n\ntext,title,,\n,,,\n{TEXT},b,,\n\n".encode(),
    "no line end": f"text,title\n{TEXT},b".encode(),
    "Excel": excel([[None, None], ["Text", "Title"], [None, None], [TEXT, "b"]]),
}


@pytest.mark.parametrize("what", ACCEPTED)
def test_a_sheet_is_read(what: str, one: Laptop, tmp_path: Path) -> None:
    sheet = tmp_path / ("a.xlsx" if what == "Excel" else "a.csv")
    sheet.write_bytes(ACCEPTED[what])
    assert len(one.ok("record", "--workshop", one.codes()[0], sheet)) == 1
    row = one.ok("search", "ager")[0][0]
    assert (row["text"], row["title"]) == (TEXT, "b")


def test_text_is_kept_as_said(one: Laptop, tmp_path: Path) -> None:
    said = [
        "👩🏽\u200d🦯 accés",
        "שלום עולם",
        "\u202eevil",
        "a\u0301 vs á",
        '"; DROP TABLE contribution; --',
        "  dues  ",
    ]
    book = tmp_path / "a.xlsx"
    book.write_bytes(excel([["text"], *[[text] for text in said]]))
    assert len(one.ok("record", "--workshop", one.codes()[0], book)) == len(said)
    assert {
        r["text"] for word in ("acces", "שלום", "evil", "vs", "drop", "dues") for r in one.ok("search", word)[0]
    } == {*said}
    shown = run("search", "evil", home=one.folder, json_lines=False)
    assert "\u202e" not in shown.out, "nobody's text turns the terminal around"


def test_twenty_thousand_rows(one: Laptop, tmp_path: Path) -> None:
    sheet = tmp_path / "big.csv"
    sheet.write_text("text\n" + "".join(f"Aportació {n}\n" for n in range(20_001)), encoding="utf-8")
    assert len(one.ok("record", "--workshop", one.codes()[0], sheet)) == 20_001


def test_many_wrong_rows_are_not_a_flood(one: Laptop, tmp_path: Path) -> None:
    sheet = tmp_path / "a.csv"
    sheet.write_text("text,kind\n" + "a,rumour\n" * 5000, encoding="utf-8")
    ran = one("record", "--workshop", one.codes()[0], sheet)
    assert ran.code == 5
    assert len(ran.trouble["rows"]) == 50


# A programme's folder


def changed(**changes: Any) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        document.update(changes)

    return change


def node(identity: str, parent: str = "", **more: Any) -> dict[str, Any]:
    return {"id": identity, "kind": "line", "parent": parent, "title": {"ca": identity}, **more}


DOCUMENTS: dict[str, tuple[Any, str, str]] = {
    "circle": (changed(nodes=[node("A", "B"), node("B", "A")]), "node-cycle", "A"),
    "own parent": (changed(nodes=[node("A", "A")]), "node-cycle", "A"),
    "doubled id": (changed(nodes=[node("A"), node("A")]), "node-doubled", "A"),
    "doubled code": (changed(nodes=[node("A", code="1.1"), node("B", code="1.1")]), "node-code-doubled", "1.1"),
    "no Catalan": (changed(nodes=[node("A") | {"title": {"es": "x"}}]), "catalan-missing", "title"),
    "unknown parent": (changed(nodes=[node("A", "Z")]), "node-parent-unknown", "Z"),
    "wrong id": (changed(nodes=[node("a b")]), "node-id-wrong", "a b"),
    "no nodes": (changed(tree=[]), "document-empty", ""),
    "nodes of numbers": (changed(tree=[1, 2]), "json-shape", "tree"),
    "title a number": (changed(nodes=[node("A") | {"title": 3}]), "json-shape", "A.title"),
    "other format": (changed(format="word/97"), "document-format", "word/97"),
    "no version": (changed(version=None), "json-shape", "version"),
    "document's title without Catalan": (changed(title={"en": "x"}), "catalan-missing", "title"),
    "broken JSON": (b'{\n "format": \n', "json-wrong", "base_document.json"),
    "not UTF-8": (b'{"title": "\xe9"}', "json-encoding", "base_document.json"),
    "an array": (b"[]", "json-shape", "base_document.json"),
    "nested beyond reason": (b"[" * 100_000, "json-wrong", "base_document.json"),
}


@pytest.mark.parametrize("what", DOCUMENTS)
def test_a_base_document_is_refused(what: str, office: Laptop, tmp_path: Path) -> None:
    change, error, holds = DOCUMENTS[what]
    folder = tmp_path / "programme"
    shutil.copytree(PROGRAMME, folder)
    path = folder / "base_document.json"
    if isinstance(change, bytes):
        path.write_bytes(change)
    else:
        document = json.loads(path.read_text(encoding="utf-8"))
        change(document)
        path.write_text(json.dumps(document), encoding="utf-8")
    before, target = office.stats, tmp_path / "new.asice"
    for ran in spoken(office, ("programme", "build", folder, "--to", target), 5, error):
        assert holds in ran.trouble["sentence"]
    assert office.stats == before
    assert not target.exists()


FOLDERS: dict[str, tuple[str, str, str, str]] = {
    "comarca": ("workshops.csv", "title,date,comarca\nT,2026-01-01,Atlantis\n", "sheet-row", "Atlantis"),
    "date": ("workshops.csv", "title,date,comarca\nT,2026-02-30,04\n", "sheet-row", "2026-02-30"),
    "groups": ("workshops.csv", "title,date,comarca,groups\nT,2026-01-01,04,x\n", "sheet-row", "2"),
    "place": ("workshops.csv", "title,date\nT,2026-01-01\n", "sheet-row", "2"),
    "place elsewhere": (
        "workshops.csv",
        "title,date,municipality,comarca\nT,2026-01-01,Solsona,04\n",
        "sheet-row",
        "2",
    ),
    "entity's kind": ("entities.csv", "name,kind\nE,ghost\n", "sheet-row", "ghost"),
    "entity without name": ("entities.csv", "name,kind\n,other\n", "sheet-row", "2"),
    "programme without title": ("programme.json", '{"code": "PESS"}', "json-shape", "title"),
}


@pytest.mark.parametrize("what", FOLDERS)
def test_a_programme_folder_is_refused(what: str, office: Laptop, tmp_path: Path) -> None:
    name, content, error, holds = FOLDERS[what]
    folder = tmp_path / "programme"
    shutil.copytree(PROGRAMME, folder)
    (folder / name).write_text(content, encoding="utf-8")
    before = office.stats
    for ran in spoken(office, ("programme", "build", folder, "--to", tmp_path / "new.asice"), 5, error):
        assert holds in ran.trouble["sentence"]
    assert office.stats == before


def test_a_programme_folder_that_is_not_there(office: Laptop, tmp_path: Path) -> None:
    spoken(office, ("programme", "build", tmp_path / "none", "--to", tmp_path / "new.asice"), 2, "file-unreadable")
    (tmp_path / "bare").mkdir()
    spoken(office, ("programme", "build", tmp_path / "bare", "--to", tmp_path / "new.asice"), 2, "file-unreadable")


def test_a_version_of_the_document_is_never_reused(office: Laptop, tmp_path: Path) -> None:
    folder = tmp_path / "programme"
    shutil.copytree(PROGRAMME, folder)
    path = folder / "base_document.json"
    path.write_text(path.read_text(encoding="utf-8").replace("cohesionar", "desfer", 1), encoding="utf-8")
    before = office.stats
    words = ("programme", "build", folder, "--to", tmp_path / "new.asice")
    spoken(office, words, 5, "document-version-reused")
    assert office.stats == before


# What is named


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (("record", "--workshop", "PESS-99-990101-ZZ", "{sheet}"), 6, "workshop-unknown"),
        (("record", "--workshop", "x'; DROP TABLE revision; --", "{sheet}"), 6, "workshop-unknown"),
        (("record", "--workshop", "{workshop}", "{nowhere}"), 2, "file-unreadable"),
        (("record", "--workshop", "{workshop}", "{folder}"), 2, "file-unreadable"),
        (("export", "--workshop", "nothing", "--to", "{folder}"), 6, "workshop-unknown"),
        (("export", "--workshop", "{workshop}", "--to", "{nowhere}"), 8, "folder-missing"),
        (("export", "--workshop", "{workshop}", "--to", "{sheet}"), 8, "folder-missing"),
        (("edit", "nothing", "--text", "a"), 6, "contribution-unknown"),
        (("edit", "{code}"), 5, "nothing-to-change"),
        (("edit", "{code}", "--text", "  "), 5, "text-missing"),
        (("edit", "{code}", "--text", ""), 5, "text-missing"),
        (("edit", "{code}", "--kind", "rumour"), 5, "choice-unknown"),
        (("edit", "{code}", "--language", "tlh"), 5, "choice-unknown"),
        (("edit", "{code}", "--line", "9.9"), 5, "line-unknown"),
        (("edit", "{code}", "--title", "a\nb"), 5, "text-control-character"),
        (("edit", "{code}", "--text", "x" * 20_001), 5, "text-too-long"),
        (("withdraw", "nothing"), 6, "contribution-unknown"),
        (("attach", "nothing", "{sheet}"), 6, "contribution-unknown"),
        (("attach", "{code}", "{nowhere}"), 5, "photo-missing"),
        (("attach", "{code}", "{folder}"), 5, "photo-missing"),
        (("attach", "{code}", "{empty}"), 5, "attachment-size"),
        (("clash", "settle", "{code}", "--take", "1"), 6, "clash-unknown"),
        (("clash", "settle", "nothing", "--text", "a"), 6, "contribution-unknown"),
        (("trust", "add", "{sheet}"), 5, "card-wrong"),
        (("trust", "add", "{nowhere}"), 2, "file-unreadable"),
        (("trust", "add", "{folder}"), 2, "file-unreadable"),
        (("import", "{nowhere}"), 2, "file-unreadable"),
        (("import", "--plan", "{nowhere}"), 2, "file-unreadable"),
        (("programme", "import", "{nowhere}"), 2, "file-unreadable"),
        (("programme", "import", "{folder}"), 2, "file-unreadable"),
        (("verify", "{folder}"), 2, "file-unreadable"),
        (("verify", "--trust", "{sheet}", "{sheet}"), 2, "file-unreadable"),
        (("workshop", "new", "--title", "T", "--date", "2026-01-01"), 5, "place-missing"),
        (("workshop", "new", "--title", "T", "--date", "1/2/26", "--comarca", "04"), 5, "date-wrong"),
        (("workshop", "new", "--title", " ", "--date", "2026-01-01", "--comarca", "04"), 5, "text-missing"),
        (("workshop", "new", "--title", "T", "--date", "2026-01-01", "--comarca", "Mart"), 5, "comarca-unknown"),
        (("workshop", "new", "--title", "T", "--date", "2026-01-01", "--municipality", "X"), 5, "municipality-unknown"),
        (
            ("workshop", "new", "--title", "T", "--date", "2026-01-01", "--comarca", "04", "--groups", "101"),
            5,
            "number-wrong",
        ),
        (
            ("workshop", "new", "--title", "T", "--date", "2026-01-01", "--comarca", "04", "--method", "magic"),
            5,
            "choice-unknown",
        ),
        (("device", "card", "--to", "{nowhere}/deep/card.pem"), 8, "folder-missing"),
    ],
    ids=lambda value: " ".join(value[:4])[:50] if isinstance(value, tuple) else None,
)
def test_what_is_named_must_be_there(
    words: tuple[str, ...], code: int, error: str, one: Laptop, tmp_path: Path
) -> None:
    sheet = tmp_path / "s.csv"
    recorded = one.record(sheet, "Hola")[0]
    (tmp_path / "empty.jpg").touch()
    (tmp_path / "folder").mkdir()
    names = {
        "sheet": sheet, "workshop": one.codes()[0], "nowhere": tmp_path / "nowhere", "folder": tmp_path / "folder",
        "code": recorded, "empty": tmp_path / "empty.jpg",
    }  # fmt: skip
    before = one.stats
    spoken(one, tuple(word.format(**names) if "{" in word else word for word in words), code, error)
    assert one.stats == before
    assert list((tmp_path / "folder").iterdir()) == []


@pytest.mark.parametrize("label", ["x" * 121, "a\nb", "a\x1b[31m", "a\udcff"], ids=ascii)
def test_a_name_that_no_bundle_could_carry(label: str, fresh: Laptop) -> None:
    for ran in spoken(
        fresh, ("device", "card", "--label", label), 5, "text-too-long" if len(label) > 9 else "text-control-character"
    ):
        assert "label" in ran.trouble["sentence"]
    assert not fresh.folder.exists()


def test_nothing_is_overwritten(office: Laptop, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_bytes(b"mine")
    before = office.stats
    spoken(office, ("device", "card", "--to", letter), 8, "file-exists")
    spoken(office, ("programme", "build", PROGRAMME, "--to", letter), 8, "file-exists")
    spoken(office, ("programme", "build", PROGRAMME, "--to", "."), 8, "file-exists")
    spoken(office, ("programme", "build", PROGRAMME, "--to", tmp_path / "none" / "p.asice"), 8, "folder-missing")
    assert letter.read_bytes() == b"mine"
    assert office.stats == before
    card = tmp_path / "card.pem"
    assert office.ok("device", "card", "--to", card) == office.ok("device", "card", "--to", card)


def test_our_own_mistake_is_said_too(one: Laptop, monkeypatch: pytest.MonkeyPatch) -> None:
    def mistaken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("pessdesk.cli.store_commands.find_gaps", mistaken)
    for ran in spoken(one, ("stats",), 1, "unknown-code"):
        assert "ZeroDivisionError" in ran.trouble["sentence"]


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_a_pipe_of_an_old_encoding(encoding: str, one: Laptop, tmp_path: Path) -> None:
    code = one.record(tmp_path / "s.csv", "👩🏽 hola")[0]
    done = subprocess.run(
        [sys.executable, "-m", "pessdesk", "--data-dir", str(one.folder), "search", "hola"],
        capture_output=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": encoding},
    )
    assert done.stdout.decode("utf-8").split() == [code, "👩🏽", "hola"]


@pytest.mark.parametrize(
    "words",
    [
        (), ("dance",), ("record",), ("edit",), ("search", "a", "--limit", "many"), ("clash",), ("--lang", "tlh", "stats"),
        ("clash", "settle", "x"), ("clash", "settle", "x", "--take", "1", "--text", "b"), ("stats", "--loud"),
    ],
)  # fmt: skip
def test_words_that_make_no_command(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*words).code == 2
    assert "usage" in capsys.readouterr().err.lower()


@pytest.mark.parametrize("limit", ["0", "-5", "999999999999999999999"])
def test_limits_without_sense_harm_nobody(limit: str, one: Laptop, tmp_path: Path) -> None:
    one.record(tmp_path / "s.csv", "Hola")
    assert len(one.ok("search", "hola", "--limit", limit)[0]) == 1


@pytest.mark.parametrize("words", ['"', "*", "a OR b", "NEAR(a b)", "col:a", "-", "'; --", "👩🏽", "·", "^x", "\u202e"])
def test_searching_for_syntax(words: str, one: Laptop, tmp_path: Path) -> None:
    one.record(tmp_path / "s.csv", "Hola")
    assert one.ok("search", "--", words) == [[]]


# Bundles of others


def test_a_bundle_of_another_programme(one: Laptop, fresh: Laptop, tmp_path: Path) -> None:
    folder = tmp_path / "programme"
    shutil.copytree(PROGRAMME, folder)
    fresh.ok("programme", "build", folder, "--to", tmp_path / "other.asice")
    fresh.record(tmp_path / "s.csv", "Hola")
    bundle = fresh.export(tmp_path / "out")["files"][0]
    fresh.ok("device", "card", "--to", tmp_path / "card.pem")
    one.ok("trust", "add", tmp_path / "card.pem")
    before = one.stats
    for file in (bundle, tmp_path / "other.asice"):
        for command in (("import", "--plan", file), ("import", file)):
            ran = one(*command)
            assert (ran.code, ran.lines[0]["code"]) == (4, "programme-other")
    after = one.stats
    assert after.pop("quarantined") == before.pop("quarantined") + 2, "set aside, with the reason"
    assert after == before
    assert fresh("programme", "import", bundle).trouble["error"] == "not-programme"


def test_a_second_programme(office: Laptop, tmp_path: Path) -> None:
    folder = tmp_path / "programme"
    shutil.copytree(PROGRAMME, folder)
    about = json.loads((folder / "programme.json").read_text(encoding="utf-8"))
    (folder / "programme.json").write_text(json.dumps(about | {"code": "ALTRE"}), encoding="utf-8")
    before = office.stats
    spoken(office, ("programme", "build", folder, "--to", tmp_path / "x.asice"), 5, "programme-second")
    assert office.stats == before


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"Hola", bytes(range(256)) * 300], ids=len)
def test_files_that_are_no_bundle(content: bytes, one: Laptop, tmp_path: Path) -> None:
    file = tmp_path / "a.asice"
    file.write_bytes(content)
    before = one.stats
    assert run("verify", file).code == 4
    assert one("import", "--plan", file).code == 4
    assert one.stats == before
    assert one("import", file).code == 4
    assert one.stats["revisions"] == before["revisions"]
    for lang in ("ca", "es", "en"):
        shown = run("verify", file, lang=lang, json_lines=False)
        assert shown.code == 4
        assert "a.asice" in shown.out


def test_a_bundle_of_a_newer_format(one: Laptop, office: Laptop, tmp_path: Path) -> None:
    one.record(tmp_path / "s.csv", "Hola")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pessdesk.application.export_bundle.SCHEMA_VERSION", 2)
        patch.setattr("pessdesk.bundles.verify.SCHEMA_VERSION", 2)
        bundle = one.export(tmp_path / "out")["files"][0]
    before = office.stats["revisions"]
    ran = office("import", bundle)
    assert (ran.code, ran.lines[0]["code"]) == (4, "schema-newer")
    assert office.stats["revisions"] == before


# The store and the disk


READING = (("stats",), ("search", "a"), ("workshop", "list"), ("check",), ("clash", "list"), ("import", "--plan", "x"))


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_no_store_yet(words: tuple[str, ...], fresh: Laptop, tmp_path: Path) -> None:
    (tmp_path / "x").touch()
    words = tuple(str(tmp_path / "x") if word == "x" else word for word in words)
    for ran in spoken(fresh, words, 9, "store-missing"):
        assert "fresh" in ran.trouble["sentence"]
    assert not fresh.folder.exists(), "looking makes nothing"


@pytest.mark.parametrize("words", [("stats",), ("device", "card"), ("workshop", "list")], ids=" ".join)
def test_a_file_where_the_folder_should_be(words: tuple[str, ...], fresh: Laptop) -> None:
    fresh.folder.write_bytes(b"mine")
    ran = fresh(*words)
    assert ran.code in (8, 9), ran.err
    assert "fresh" in ran.trouble["sentence"]
    assert fresh.folder.read_bytes() == b"mine"


def test_a_store_that_another_process_holds(one: Laptop, tmp_path: Path) -> None:
    recorded = one.record(tmp_path / "s.csv", "Hola")[0]
    before = one.stats
    program = (
        "import sys\nfrom pathlib import Path\nfrom pessdesk.bootstrap import Program\n"
        "with Program().desk(Path(sys.argv[1]), write=True):\n    print('held', flush=True)\n    sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(one.folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    ) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        for ran in spoken(one, ("edit", recorded, "--text", "Adéu"), 7, "store-busy"):
            assert "one" in ran.trouble["sentence"]
        assert one.stats == before, "reading goes on meanwhile"
        holder.stdin.close()
    one.ok("edit", recorded, "--text", "Adéu")


def test_a_full_disk(one: Laptop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    photo = tmp_path / "p.jpg"
    photo.write_bytes(b"photo")
    recorded = one.record(tmp_path / "s.csv", "Hola")[0]
    out = tmp_path / "out"
    out.mkdir()
    workshop, before = one.codes()[0], one.stats

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        spoken(one, ("attach", recorded, photo), 8, "disk-full")
        spoken(one, ("export", "--workshop", workshop, "--to", out), 8, "disk-full")
    assert list(out.iterdir()) == []
    assert list((one.folder / "spool").iterdir()) == []
    assert one.stats["attachments"] == before["attachments"]
    assert one.ok("check")[0]["ok"]
    assert len(one.ok("export", "--workshop", workshop, "--to", out)[0]["files"]) == 1


def test_a_full_disk_while_recording(one: Laptop, tmp_path: Path) -> None:
    """SQLite itself is told that no page more fits: the real way in which a commit fails."""
    sheet = tmp_path / "s.csv"
    sheet.write_text("text\n" + "".join(f"{n} {'x' * 2000}\n" for n in range(3000)), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        _limit_pages(patch, 60)
        spoken(one, ("record", "--workshop", one.codes()[0], sheet), 8, "disk-full")
    kept = one.stats["contributions"]
    assert one.ok("check")[0]["ok"]
    assert len(one.ok("record", "--workshop", one.codes()[0], sheet)) == 3000 - kept


def _limit_pages(patch: pytest.MonkeyPatch, more: int) -> None:
    """No store may grow by more than so many pages."""
    from pessdesk.storage import store

    original = store.make_engine

    def small(path: Path, **given: Any) -> Any:
        from sqlalchemy import event

        engine = original(path, **given)

        @event.listens_for(engine, "connect")
        def limit(connection: Any, _: Any) -> None:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count={pages + more}").fetchone()

        return engine

    patch.setattr(store, "make_engine", small)


def test_a_store_of_a_newer_program(one: Laptop) -> None:
    import sqlcipher3.dbapi2 as driver

    connection = driver.connect(str(one.folder / "store.db"))
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    before = one.files()
    for words in (
        ("stats",),
        ("search", "a"),
        ("workshop", "new", "--title", "T", "--date", "2026-01-01", "--comarca", "04"),
    ):
        for ran in spoken(one, words, 9, "store-newer"):
            assert "9999" in ran.trouble["sentence"]
    after = one.files()
    assert after.pop("store.db") == before.pop("store.db")


@pytest.mark.parametrize("damage", ["junk", "text", "half", "zeros", "other"])
def test_a_damaged_store(damage: str, one: Laptop) -> None:
    path = one.folder / "store.db"
    whole = path.read_bytes()
    if damage == "other":
        import sqlcipher3.dbapi2 as driver

        path.unlink()
        connection = driver.connect(str(path))
        connection.execute("CREATE TABLE notes (x)")
        connection.close()
        content = path.read_bytes()
    else:
        content = {
            "junk": bytes(range(256)) * 100,
            "text": b"This is not a store.\n" * 100,
            "half": whole[: len(whole) // 2],
            "zeros": whole[:4096] + b"\0" * (len(whole) - 4096),
        }[damage]
        path.write_bytes(content)
    new = ("workshop", "new", "--title", "T", "--date", "2026-01-01", "--comarca", "04")
    for words in (("stats",), new):
        for ran in spoken(one, words, 9, "store-damaged"):
            assert "one" in ran.trouble["sentence"]


@pytest.mark.parametrize("damage", ["missing", "junk", "other"])
def test_the_key_of_the_laptop(damage: str, one: Laptop, two: Laptop, tmp_path: Path) -> None:
    path = one.folder / "device.pem"
    before = one.stats
    kept = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(b"junk" if damage == "junk" else (two.folder / "device.pem").read_bytes())
    error = {"missing": "device-key-missing", "junk": "device-key-damaged", "other": "device-key-other"}[damage]
    spoken(one, ("workshop", "new", "--title", "T", "--date", "2026-01-01", "--comarca", "04"), 9, error)
    path.write_bytes(kept)
    assert one.stats == before


def test_check_finds_what_is_not_as_it_should_be(one: Laptop, tmp_path: Path) -> None:
    photo = tmp_path / "p.jpg"
    photo.write_bytes(b"photo")
    one.ok("attach", one.record(tmp_path / "s.csv", "Hola")[0], photo)
    stored = next(path for path in (one.folder / "attachments").rglob("*.jpg"))
    stored.write_bytes(b"otoph")
    ran = one("check")
    assert (ran.code, ran.lines[0]["problems"][0]["code"]) == (10, "check-attachment")
    stored.unlink()
    assert one("check").code == 10
    spoken(one, ("export", "--workshop", one.codes()[0], "--to", tmp_path), 9, "attachment-missing")
