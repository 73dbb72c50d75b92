"""`minutes`, `workshop describe` and `workshop present`: stories, refusals and exit codes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Laptop, run
from tests.documents.reading import html_words, pdf_lines


@pytest.fixture
def held(one: Laptop, tmp_path: Path) -> str:
    """A workshop that was described, attended and spoken in."""
    code = one.codes()[0]
    one.ok("workshop", "describe", code, "--start", "17:00", "--end", "19:00", "--objectives", "Escoltar «tothom».",
           "--agenda", "17.00 Acollida\n17.30 Taules", "--next-steps", "Retorn.", "--venue", "Ateneu", "--method", "dots",
           "--facilitators", "Equip")  # fmt: skip
    one.ok("workshop", "present", code, "--entity", "CCAU", "--people", "4")
    one.ok("workshop", "present", code, "--people", "2")
    one.record(
        tmp_path / "s.csv", "El col·legi professional,4.1,1", "Transport a demanda,4.2,2", header="text,line,group"
    )
    return code


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("ca", ("Acta", "Entitats assistents", "Hi van assistir 6 persones.", "Línia 4.1", "Taula 1")),
        ("es", ("Acta", "Entidades asistentes", "Asistieron 6 personas.", "Línea 4.1", "Mesa 1")),
        ("en", ("Minutes", "Entities present", "6 people attended.", "Line 4.1", "Table 1")),
    ],
)
def test_on_paper_and_for_the_web_in_the_language_of_lang(
    one: Laptop, held: str, tmp_path: Path, lang: str, words: tuple[str, ...]
) -> None:
    said: list[str] = []
    for ending in ("pdf", "html"):
        file = tmp_path / f"acta.{ending}"
        ran = one("minutes", "--workshop", held, "--to", file, lang=lang)
        assert ran.code == 0, ran.err
        answer = ran.lines[0]
        assert (answer["file"], answer["contributions"], len(answer["digest"])) == (str(file), 2, 64)
        assert ("pages" in answer) == (ending == "pdf")
        read = file.read_bytes()
        said.append(" ".join(pdf_lines(read)) if ending == "pdf" else html_words(read))
    for text in said:
        common = ("El col·legi professional", "«tothom»", "Ateneu", "Consell Comarcal de l'Alt Urgell", held)
        assert [word for word in (*words, *common) if word not in text] == []


def test_the_answer_for_people(one: Laptop, held: str, tmp_path: Path) -> None:
    ran = run("minutes", "--workshop", held, "--to", tmp_path / "a.html", home=one.folder, lang="ca", json_lines=False)
    assert ran.out.splitlines()[0] == f"Acta escrita, amb 2 aportacions: {tmp_path / 'a.html'}"
    assert ran.out.splitlines()[1].startswith("Contingut: ")


def test_minutes_change_nothing_in_the_store(one: Laptop, held: str, tmp_path: Path) -> None:
    before = one.digest
    one.ok("minutes", "--workshop", held, "--to", tmp_path / "a.pdf")
    assert one.digest == before


def test_what_was_taken_back_is_not_there(one: Laptop, held: str, tmp_path: Path) -> None:
    code = one.ok("search", "transport")[0][0]["code"]
    one.ok("withdraw", code)
    one.ok("minutes", "--workshop", held, "--to", tmp_path / "a.html")
    words = html_words((tmp_path / "a.html").read_bytes())
    assert "Transport a demanda" not in words and code not in words


def test_an_office_writes_the_same_minutes_as_the_laptop(
    world: Callable[[str], Laptop], held: str, tmp_path: Path
) -> None:
    one, office = world("one"), world("office")
    one.export(tmp_path / "stick")
    office.ok("import", tmp_path / "stick")
    answers = [
        who.ok("minutes", "--workshop", held, "--to", tmp_path / f"{n}.pdf")[0] for n, who in enumerate((one, office))
    ]
    assert answers[0]["digest"] == answers[1]["digest"]
    assert (tmp_path / "0.pdf").read_bytes() == (tmp_path / "1.pdf").read_bytes()


def test_refusals(one: Laptop, held: str, tmp_path: Path) -> None:
    there = tmp_path / "meu.pdf"
    there.write_text("meu")
    for words, code, exit_code in (
        (("--workshop", held, "--to", tmp_path / "acta.docx"), "document-ending", 2),
        (("--workshop", "PESS-00-000000-XX", "--to", tmp_path / "a.pdf"), "workshop-unknown", 6),
        (("--workshop", held, "--to", there), "file-exists", 8),
        (("--workshop", held, "--to", tmp_path / "no" / "a.pdf"), "folder-missing", 8),
    ):
        ran = one("minutes", *words)
        assert (ran.code, ran.trouble["error"]) == (exit_code, code), ran.err
    assert there.read_text() == "meu"
    assert one("minutes", "--workshop", held).code == 2


def test_the_wrong_ending_is_said_in_a_sentence(one: Laptop, held: str, tmp_path: Path) -> None:
    ran = one("minutes", "--workshop", held, "--to", "acta.odt", lang="ca")
    assert ran.trouble["sentence"] == (
        "acta.odt: les actes s'escriuen en .pdf o en .html. Poseu al fitxer una d'aquestes terminacions."
    )


def test_without_a_store_there_are_no_minutes(tmp_path: Path) -> None:
    ran = run("minutes", "--workshop", "PESS-04-260312-7K", "--to", tmp_path / "a.pdf", home=tmp_path / "none")
    assert (ran.code, ran.trouble["error"]) == (9, "store-missing")
    assert not (tmp_path / "a.pdf").exists()


def test_describe_and_present_answer(one: Laptop) -> None:
    code = one.codes()[0]
    first = one.ok("workshop", "describe", code, "--start", "17:00")[0]
    again = one.ok("workshop", "describe", code, "--start", "17:00")[0]
    assert (first["changed"], again["changed"]) == (True, False)
    assert one.ok("workshop", "present", code, "--entity", "la Seu", "--people", "3")[0]["people"] == 3
    assert one.ok("workshop", "present", code, "--entity", "la seu", "--people", "5")[0]["people"] == 5


def test_describe_and_present_refuse(one: Laptop) -> None:
    code = one.codes()[0]
    for words, error, exit_code in (
        (("describe", code), "nothing-to-describe", 5),
        (("describe", code, "--end", "7 PM"), "time-wrong", 5),
        (("describe", "PESS-00-000000-XX", "--end", "19:00"), "workshop-unknown", 6),
        (("present", code, "--people", "-3"), "number-out-of-range", 5),
        (("present", code, "--entity", "a\x07b", "--people", "3"), "text-control-character", 5),
        (("present", "PESS-00-000000-XX", "--people", "3"), "workshop-unknown", 6),
    ):
        ran = one("workshop", *words)
        assert (ran.code, ran.trouble["error"]) == (exit_code, error), ran.err
