"""`pessdesk history` and `pessdesk acts`: looking back from a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Laptop, run


@pytest.fixture
def laptop(tmp_path: Path) -> Laptop:
    laptop = Laptop(tmp_path / "one")
    laptop.ok("workshop", "new", "--title", "Taller", "--date", "2026-03-12", "--comarca", "04")
    (tmp_path / "one.csv").write_text("text\nPrimera\n", encoding="utf-8")
    laptop.ok("record", "--workshop", code(laptop), tmp_path / "one.csv")
    return laptop


def code(laptop: Laptop) -> str:
    return str(laptop.ok("workshop", "list")[0][0]["code"])


def test_what_it_said_and_bringing_it_back(laptop: Laptop) -> None:
    said = laptop.ok("search", "primera")[0][0]["code"]
    laptop.ok("edit", said, "--text", "Segona", "--kind", "need")
    (told,) = laptop.ok("history", said)
    assert [(one["number"], one["changed"].get("text")) for one in told] == [(1, "Primera"), (2, "Segona")]
    laptop.ok("history", said, "--bring-back", "1")
    assert laptop.ok("search", "primera")[0][0]["kind"] == "proposal"
    assert len(laptop.ok("history", said)[0]) == 3


def test_a_workshops_history(laptop: Laptop) -> None:
    laptop.ok("workshop", "describe", code(laptop), "--agenda", "Benvinguda")
    (told,) = laptop.ok("history", code(laptop))
    assert told[-1]["changed"] == {"agenda": "Benvinguda"}


@pytest.mark.parametrize(("number", "exit_code"), [("0", 6), ("9", 6), ("1", 5)])
def test_refusals(laptop: Laptop, number: str, exit_code: int) -> None:
    said = laptop.ok("search", "primera")[0][0]["code"]
    assert laptop("history", said, "--bring-back", number).code == exit_code
    assert laptop("history", "PESS-04-260312-ZZ-AB001").code == 6


def test_in_words(laptop: Laptop) -> None:
    said = laptop.ok("search", "primera")[0][0]["code"]
    told = run("history", said, home=laptop.folder, json_lines=False).out
    assert told.startswith("1. 20") and "text: Primera" in told


def test_acts_are_told_in_their_order_and_empty_is_said(laptop: Laptop, tmp_path: Path) -> None:
    assert "decided" in run("acts", home=laptop.folder, json_lines=False).out
    (tmp_path / "stick").mkdir()
    laptop.ok("export", "--workshop", code(laptop), "--to", tmp_path / "stick")
    other = Laptop(tmp_path / "two")
    other.ok("device", "card", "--to", tmp_path / "two.pem", "--label", "Segon")
    laptop.ok("trust", "add", tmp_path / "two.pem")
    (acts,) = laptop.ok("acts")
    assert [act["action"] for act in acts] == ["handed-over", "card-trusted"]
    assert acts[0]["about"][0] == "Taller" and acts[0]["counter"] < acts[1]["counter"]
    told = run("acts", home=laptop.folder, json_lines=False).out
    assert "Taller lliurat" in told or "Handed" in told
    laptop.ok("check")


def test_a_hand_over_does_not_wait_to_be_handed_over(laptop: Laptop, tmp_path: Path) -> None:
    """The act that tells of it belongs to no workshop: nothing is pending after it."""
    from pessdesk.storage.reading import open_reading

    (tmp_path / "stick").mkdir()
    laptop.ok("export", "--workshop", code(laptop), "--to", tmp_path / "stick")
    reading = open_reading(laptop.folder)
    assert reading is not None
    assert [row.pending for row in reading.workshops()] == [0]
    reading.close()
