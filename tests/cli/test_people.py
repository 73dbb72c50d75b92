"""People and erasing by command: what is refused and with which exit code, what is said before anything is erased."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Laptop, run
from tests.documents.reading import pdf_lines

NAME = "Montserrat Ferrer i Güell"


@pytest.fixture
def laptop(world: Callable[[str], Laptop]) -> Laptop:
    return world("one")


@pytest.fixture
def code(laptop: Laptop) -> str:
    return laptop.codes()[0]


def add(laptop: Laptop, code: str, name: str = NAME, *agrees: str) -> str:
    words = ("people", "add", "--workshop", code, "--name", name, "--agrees", *(agrees or ("attendance",)))
    return str(laptop.ok(*words)[0]["id"])


def people(laptop: Laptop, code: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = laptop.ok("people", "list", "--workshop", code)[0]["people"]
    return found


def test_a_person_and_what_they_agreed_to(laptop: Laptop, code: str) -> None:
    record = add(laptop, code)
    laptop.ok(
        "people",
        "consent",
        "--workshop",
        code,
        record[-8:],
        "--agrees",
        "image",
        "--how",
        "screen",
        "--date",
        "2026-03-13",
    )
    laptop.ok("people", "withdraw", "--workshop", code, record, "--from", "attendance", "--date", "2026-03-14")
    (one,) = people(laptop, code)
    assert one["name"] == NAME
    assert [(c["purposes"], c["how"], c["withdrawn_on"]) for c in one["consents"]] == [  # type: ignore[attr-defined]
        (["image"], "screen", ""), (["attendance"], "paper", "2026-03-14"),
    ]  # fmt: skip
    assert laptop.stats["people"] == 1 and laptop.stats["consents"] == 1


def test_refusals(laptop: Laptop, code: str, tmp_path: Path) -> None:
    record = add(laptop, code)
    base = ("--workshop", code)
    for words, exit_code, refusal in (
        (("people", "add", *base, "--name", " ", "--agrees", "image"), 5, "text-missing"),
        (("people", "add", "--workshop", "PESS-NO", "--name", "x", "--agrees", "image"), 6, "workshop-unknown"),
        (
            ("people", "add", *base, "--name", "x", "--agrees", "image", "--text-version", "99"),
            6,
            "consent-text-unknown",
        ),
        (("people", "consent", *base, "ffffffff", "--agrees", "image"), 6, "person-unknown"),
        (("people", "withdraw", *base, record, "--date", "ahir"), 5, "date-wrong"),
        (("people", "erase", *base, "--reason", "request", "--yes"), 5, "erase-whom"),
        (("people", "erase", *base, record, "--all", "--reason", "request", "--yes"), 5, "erase-whom"),
        (("people", "erase", *base, record, "--reason", "request"), 5, "erase-unsure"),
        (("people", "retention", *base, "--until", "mai"), 5, "date-wrong"),
        (("people", "about", "--months", "0"), 5, "number-out-of-range"),
        (("people", "sheet", *base, "--to", tmp_path / "full.doc"), 2, "document-ending"),
        (("erase", "PESS-NO-AB001", "--reason", "no", "--yes"), 6, "contribution-unknown"),
    ):
        ran = laptop(*words)
        assert (ran.code, ran.trouble["error"]) == (exit_code, refusal), words
    assert len(people(laptop, code)) == 1


def test_what_is_reached_is_said_before_it_is_erased(laptop: Laptop, code: str, tmp_path: Path) -> None:
    record = add(laptop, code, NAME, "attendance", "answers")
    said = laptop.record(tmp_path / "f.csv", f"Diu {NAME} que falta transport")
    asked = run(
        "people", "erase", "--workshop", code, record, "--reason", "request", home=laptop.folder, json_lines=False
    )
    assert asked.code == 5 and asked.out == "1 person\n2 consents\n"
    assert said[0] in asked.err and "--yes" in asked.err
    laptop.ok("people", "erase", "--workshop", code, record, "--reason", "request", "--yes")
    assert people(laptop, code) == []
    assert laptop("people", "consent", "--workshop", code, record, "--agrees", "image").code == 6


def test_until_when(laptop: Laptop, code: str) -> None:
    def until(*words: str) -> str:
        return str(laptop.ok("people", "retention", "--workshop", code, *words)[0][0]["keep_until"])

    usual = until()
    laptop.ok("people", "about", "--months", "1")
    assert "2026" < until() < usual
    assert until("--until", "2030-01-01") == "2030-01-01"
    assert laptop("people", "retention", "--until", "2030-01-01").trouble["error"] == "retention-of-what"


def test_every_workshop_with_people_is_listed_and_what_is_over_says_what_to_do(laptop: Laptop, code: str) -> None:
    assert laptop.ok("people", "retention") == [[]]
    add(laptop, code)
    (later,) = laptop.codes()[1:2]
    add(laptop, later, "Iu Soler")
    laptop.ok("people", "retention", "--workshop", code, "--until", "2020-01-01")
    rows = laptop.ok("people", "retention")[0]
    assert (rows[0]["code"], rows[0]["people"], rows[0]["over"]) == (code, 1, True)
    assert {row["code"] for row in rows} == {code, later}
    said = run("people", "retention", home=laptop.folder, json_lines=False).out
    assert f"people erase --workshop {code} --all --reason retention" in said


def test_the_sheet_in_the_language_asked_for(laptop: Laptop, code: str, tmp_path: Path) -> None:
    laptop.ok("people", "about", "--responsible", "Consell Comarcal", "--contact", "c@exemple.cat")
    for language, words in (("ca", "Els vostres drets"), ("es", "Sus derechos"), ("en", "Your rights")):
        target = tmp_path / f"{language}.pdf"
        assert laptop("people", "sheet", "--workshop", code, "--to", target, lang=language).code == 0
        lines = pdf_lines(target.read_bytes())
        assert words in lines and "Consell Comarcal" in lines
    assert laptop("people", "sheet", "--workshop", code, "--to", target).trouble["error"] == "file-exists"


def test_a_contribution_and_its_file_are_erased_and_recorded_anew_if_wanted(
    laptop: Laptop, code: str, tmp_path: Path
) -> None:
    sheet = tmp_path / "f.csv"
    (one,) = laptop.record(sheet, "Cal transport")
    photo = tmp_path / "mural.png"
    photo.write_bytes(b"\x89PNG")
    laptop.ok("attach", one, photo)
    done = laptop.ok("erase", one, "--reason", "ho ha demanat", "--yes")[0]
    assert (done["contributions"], done["attachments"]) == (1, 1)
    assert laptop("erase", one, "--reason", "un altre cop", "--yes").code == 6
    assert laptop.ok("check")[0]["ok"] and laptop.stats["erased"] == 2
    (again,) = laptop.record(sheet, "Cal transport")
    assert again != one, "a code is never used again"


def test_clashes_and_search_know_nothing_of_people(laptop: Laptop, code: str) -> None:
    record = add(laptop, code)
    laptop.ok("people", "change", "--workshop", code, record, "--name", "M. Ferrer")
    assert laptop.ok("search", "Ferrer")[0] == [] and laptop.ok("clash", "list")[0] == []
