"""`pessdesk protect`: on, off, other secrets, and every command on a protected store."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pessdesk.bootstrap import Program
from pessdesk.system import keys
from tests.cli import conftest
from tests.cli.conftest import Laptop, Ran
from tests.keychains import FileKeychain

OLD, NEW = "quatre gats a la plaça", "cinc gossos al carrer"
Say = Callable[..., None]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(keys.ARGON2ID, "memory", 64)
    monkeypatch.setitem(keys.ARGON2ID, "time", 1)
    monkeypatch.setattr(conftest, "Program", lambda: Program(FileKeychain(tmp_path / "keychain.json")))


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch) -> Say:
    """What the next command reads from standard input."""

    def lines(*given: str) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in given)))

    lines()
    return lines


@pytest.fixture
def protected(one: Laptop, say: Say) -> tuple[Laptop, str]:
    say(OLD)
    (made,) = one.ok("protect", "on", "--passphrase-file", "-")
    return one, str(made["recovery_key"])


def refusal(ran: Ran) -> tuple[int, str]:
    return ran.code, str(ran.trouble["error"])


def test_the_store_is_the_same_under_a_passphrase_and_without(one: Laptop, say: Say, tmp_path: Path) -> None:
    before = one.digest
    (status,) = one.ok("protect", "status")
    assert status == {
        "protected": False,
        "way": "",
        "recovery_tried": False,
        "keychain_works": True,
        "left_readable": 0,
    }
    say(OLD)
    (made,) = one.ok("protect", "on", "--passphrase-file", "-")
    assert [len(group) for group in made["recovery_key"].split("-")] == [5] * 8
    (status,) = one.ok("protect", "status")
    assert (status["protected"], status["way"]) == (True, "passphrase")
    file = tmp_path / "passphrase.txt"
    file.write_text(f"{OLD}\nnothing else\n", "utf-8")
    assert one.ok("check", "--digest", "--passphrase-file", file)[0]["digest"] == before
    assert one.ok("check", "--passphrase-file", file)[0]["ok"]
    say(made["recovery_key"].lower().replace("-", " "))
    assert one.ok("check", "--digest", "--passphrase-file", "-")[0]["digest"] == before
    assert one.ok("protect", "off", "--passphrase-file", file) == [{"protected": False}]
    assert one.digest == before


def test_without_the_secret_nothing_is_shown(protected: tuple[Laptop, str], say: Say, tmp_path: Path) -> None:
    one, recovery = protected
    for command in (("stats",), ("check",), ("search", "transport"), ("workshop", "list"), ("device", "card")):
        assert refusal(one(*command)) == (11, "store-locked"), command
    for wrong, code in (
        ("quatre gats a la placa", "passphrase-wrong"),
        ("", "passphrase-wrong"),
        (recovery[:-1] + ("7" if recovery[-1] != "7" else "8"), "recovery-mistyped"),
        (keys.make_recovery_key(), "recovery-wrong"),
    ):
        say(wrong)
        ran = one("stats", "--passphrase-file", "-")
        assert refusal(ran) == (11, code) and ran.lines == []
        assert not wrong or wrong not in ran.err
    assert refusal(one("stats", "--passphrase-file", tmp_path / "none")) == (2, "file-unreadable")
    (tmp_path / "latin").write_bytes("plaça".encode("latin-1"))
    assert refusal(one("stats", "--passphrase-file", tmp_path / "latin")) == (2, "file-unreadable")
    say("pla\udce7a")  # the same bytes on standard input, where the terminal has no language
    assert refusal(one("stats", "--passphrase-file", "-")) == (2, "file-unreadable")


def test_the_sentences_are_in_the_language_of_who_reads(protected: tuple[Laptop, str], say: Say) -> None:
    one, recovery = protected
    swapped = "00001" if recovery[0] == recovery[1] else recovery[1] + recovery[0] + recovery[2:5]
    for secret in (OLD + "x", keys.make_recovery_key(), swapped + recovery[5:]):
        said = set()
        for lang in ("ca", "es", "en"):
            say(secret)
            said.add(one("stats", "--passphrase-file", "-", lang=lang).trouble["sentence"])
        assert len(said) == 3 and not any("{" in sentence for sentence in said)


def test_work_goes_on_under_a_key(protected: tuple[Laptop, str], tmp_path: Path, say: Say) -> None:
    one, _ = protected
    file = tmp_path / "passphrase.txt"
    file.write_text(OLD, "utf-8")
    sheet = tmp_path / "more.csv"
    sheet.write_text("text\nMés bancs a l'ombra\n", "utf-8")
    code = one.ok("workshop", "list", "--passphrase-file", file)[0][0]["code"]
    one.ok("record", "--workshop", code, sheet, "--passphrase-file", file)
    assert one.ok("search", "ombra", "--passphrase-file", file)[0]
    out = tmp_path / "out"
    out.mkdir()
    one.ok("export", "--workshop", code, "--to", out, "--passphrase-file", file)
    (bundle,) = out.glob("*.asice")
    assert bundle.read_bytes().startswith(b"PK"), "what leaves is plain"


def test_another_passphrase(protected: tuple[Laptop, str], say: Say) -> None:
    one, recovery = protected
    say("mal escrita del tot", NEW)
    both = ("--passphrase-file", "-", "--new-passphrase-file", "-")
    assert refusal(one("protect", "passphrase", *both)) == (11, "passphrase-wrong")
    say(OLD, "curta")
    assert refusal(one("protect", "passphrase", *both)) == (5, "passphrase-short")
    say(OLD, NEW)
    one.ok("protect", "passphrase", *both)
    say(OLD)
    assert refusal(one("stats", "--passphrase-file", "-")) == (11, "passphrase-wrong")
    say(NEW)
    one.ok("stats", "--passphrase-file", "-")
    say(recovery, OLD)  # whoever has forgotten it has the sheet
    one.ok("protect", "passphrase", *both)
    say(OLD)
    one.ok("stats", "--passphrase-file", "-")


def test_with_the_keychain_nobody_types_anything(one: Laptop, say: Say, tmp_path: Path) -> None:
    before = one.digest
    recovery = one.ok("protect", "on", "--way", "keychain")[0]["recovery_key"]
    assert one.ok("protect", "status")[0]["way"] == "keychain"
    assert one.digest == before
    (tmp_path / "keychain.json").unlink()  # another user, another computer, a keychain that was reset
    assert refusal(one("stats")) == (11, "store-locked")
    say(recovery)
    assert one.ok("check", "--digest", "--passphrase-file", "-")[0]["digest"] == before
    say(recovery, NEW)
    one.ok("protect", "passphrase", "--passphrase-file", "-", "--new-passphrase-file", "-")
    say(NEW)
    one.ok("protect", "off", "--passphrase-file", "-")
    assert one.digest == before


def test_a_computer_without_a_keychain(one: Laptop, say: Say, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(conftest, "Program", lambda: Program(FileKeychain(tmp_path / "none", broken=True)))
    assert one.ok("protect", "status")[0]["keychain_works"] is False
    ran = one("protect", "on", "--way", "keychain")
    assert refusal(ran) == (8, "keychain-missing") and not (one.folder / "keys.json").exists()


def test_a_new_recovery_key_and_trying_it(protected: tuple[Laptop, str], say: Say) -> None:
    one, first = protected
    say(OLD)
    second = one.ok("protect", "recovery", "--passphrase-file", "-")[0]["recovery_key"]
    say(first)
    assert refusal(one("stats", "--passphrase-file", "-")) == (11, "recovery-wrong")
    trying = ("protect", "recovery", "--try", "--group", "3", "--passphrase-file", "-")
    say(OLD, first.split("-")[2])
    assert refusal(one(*trying)) == (11, "recovery-differs")
    say(OLD, first.split("-")[3])
    assert refusal(one(*trying)) == (11, "recovery-mistyped")
    assert one.ok("protect", "status")[0]["recovery_tried"] is False
    say(OLD, second.split("-")[2].lower())
    assert one.ok(*trying) == [{"group": 3, "right": True}]
    assert one.ok("protect", "status")[0]["recovery_tried"] is True


def test_the_sheet_takes_the_place_of_the_terminal(one: Laptop, say: Say, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.pdf"
    sheet.touch()
    say(OLD)
    on = ("protect", "on", "--passphrase-file", "-", "--sheet")
    assert refusal(one(*on, sheet)) == (8, "file-exists")
    assert refusal(one(*on, tmp_path / "sheet.txt")) == (2, "document-ending")
    assert one.ok("protect", "status")[0]["protected"] is False
    sheet.unlink()
    assert one.ok(*on, sheet) == [{"protected": True, "sheet": str(sheet)}]
    assert sheet.read_bytes().startswith(b"%PDF")
    say(OLD)
    page = tmp_path / "sheet.html"
    one.ok("protect", "recovery", "--passphrase-file", "-", "--sheet", page)
    assert page.exists()


def test_a_sheet_that_cannot_be_written_costs_nobody_the_key(one: Laptop, say: Say, tmp_path: Path) -> None:
    say(OLD)
    ran = one("protect", "on", "--passphrase-file", "-", "--sheet", tmp_path / "pulled" / "sheet.pdf")
    assert ran.code == 8 and ran.lines[0]["recovery_key"]


def test_what_makes_no_sense_is_refused(one: Laptop, say: Say) -> None:
    assert refusal(one("protect", "on")) == (2, "passphrase-needed")
    say("curta")
    assert refusal(one("protect", "on", "--passphrase-file", "-")) == (5, "passphrase-short")
    for command in (("off",), ("recovery",), ("passphrase",), ("recovery", "--try")):
        say(OLD, OLD)
        assert refusal(one("protect", *command, "--passphrase-file", "-", *(
            ("--new-passphrase-file", "-") if command == ("passphrase",) else ()
        ))) == (5, "protected-not"), command  # fmt: skip
    say(OLD)
    one.ok("protect", "on", "--passphrase-file", "-")
    say(OLD)
    assert refusal(one("protect", "on", "--passphrase-file", "-")) == (5, "protected-already")


def test_while_somebody_else_has_it_open_nothing_changes(one: Laptop, say: Say) -> None:
    say(OLD)
    with Program().desk(one.folder, write=True):
        assert refusal(one("protect", "on", "--passphrase-file", "-")) == (7, "store-busy")
    reading = Program().reading(one.folder)
    assert reading is not None
    reading.workshops()
    try:
        say(OLD)
        assert refusal(one("protect", "on", "--passphrase-file", "-")) == (7, "store-busy")
    finally:
        reading.close()
    assert not (one.folder / "keys.json").exists() and one.ok("check")[0]["ok"]


def test_keys_that_are_damaged_or_gone_are_said(protected: tuple[Laptop, str], say: Say) -> None:
    one, _ = protected
    path = one.folder / "keys.json"
    whole = path.read_bytes()
    path.write_bytes(whole[:100])
    say(OLD)
    assert refusal(one("stats", "--passphrase-file", "-")) == (9, "keys-damaged")
    path.unlink()
    say(OLD)
    assert refusal(one("stats", "--passphrase-file", "-")) == (9, "keys-missing")
    assert refusal(one("protect", "status")) == (9, "keys-missing")
    path.write_bytes(whole)
    say(OLD)
    one.ok("stats", "--passphrase-file", "-")


def test_a_store_that_is_gone_is_not_begun_anew_in_the_open(protected: tuple[Laptop, str], say: Say) -> None:
    one, _ = protected
    for name in ("store.db", "store.db-wal", "store.db-shm"):
        (one.folder / name).unlink(missing_ok=True)
    assert refusal(one("stats")) == (11, "store-locked")
    say(OLD)
    assert refusal(one("stats", "--passphrase-file", "-")) == (9, "store-gone")


@pytest.mark.skipif(os.name != "posix", reason="who may read a file is said otherwise on Windows")
def test_only_the_owner_reads_the_keys(protected: tuple[Laptop, str]) -> None:
    one, _ = protected
    for name in ("keys.json", "device.pem.sealed"):
        assert (one.folder / name).stat().st_mode & 0o077 == 0
