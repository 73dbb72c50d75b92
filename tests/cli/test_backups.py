"""Backups and restore from the terminal; the second place; a folder that is no place for a store."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from pessdesk.bootstrap import Program
from pessdesk.system import second_place
from tests.cli.conftest import Laptop, run


def numbers(laptop: Laptop) -> list[tuple[int, str]]:
    return [(line["number"], line["place"]) for line in laptop.ok("backup", "list")]


def tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def photo(laptop: Laptop, tmp_path: Path, name: str = "foto.jpg") -> Path:
    """A contribution with a photo; gives the photo's file in the store."""
    (tmp_path / name).write_bytes(b"\xff\xd8\xff" + name.encode() * 500)
    laptop.record(tmp_path / f"{name}.csv", f"amb foto,{name}", header="text,photo")
    return max((laptop.folder / "attachments").rglob("*.jpg"), key=lambda path: path.stat().st_mtime_ns)


def test_a_backup_is_made_listed_and_tried(one: Laptop, tmp_path: Path) -> None:
    assert one.ok("backup")[0]["made"]["number"] == 1
    assert one.ok("backup", "make")[0]["made"] is None
    one.record(tmp_path / "s.csv", "un", "dos")
    assert one.ok("backup")[0]["made"]["contributions"] == 2
    assert numbers(one) == [(2, "here"), (1, "here")]
    one.record(tmp_path / "t.csv", "tres")
    tried = one.ok("backup", "drill")[0]
    assert tried["opens"] and tried["digest_same"]
    assert (tried["contributions"], tried["files_missing"]) == (2, 0)
    assert tried["behind"] >= 1


def test_a_restore_says_what_would_be_lost_and_does_nothing_before_it_was_read(one: Laptop, tmp_path: Path) -> None:
    one.record(tmp_path / "s.csv", "un")
    one.ok("backup")
    late = one.record(tmp_path / "t.csv", "dos que encara no hi era")
    digest = one.digest
    lost = one.ok("restore")[0]
    assert [(c["code"], c["text"]) for c in lost["contributions"]] == [(late[0], "dos que encara no hi era")]
    assert lost["readable"]
    assert one.digest == digest
    assert not (one.folder / "replaced").exists()
    said = run("restore", home=one.folder, lang="ca", json_lines=False).out
    assert late[0] in said
    assert "restore 1 --yes" in said
    done = one.ok("restore", "1", "--yes")[0]
    assert (done["saved"] >= 1, done["lost"]) == (True, 0)
    assert one.digest == digest, "what could be read was saved"
    assert one.ok("check")[0]["ok"]


def test_what_a_restored_laptop_states_then_is_taken_for_nothing_that_it_stated_before(
    one: Laptop, office: Laptop, tmp_path: Path
) -> None:
    """The backup is put back alone, after something newer was handed over: the office takes both."""
    one.record(tmp_path / "s.csv", "abans de la còpia")
    one.ok("backup")
    one.record(tmp_path / "t.csv", "després de la còpia")
    office.ok("import", one.export(tmp_path / "out")["files"][0])
    one.ok("restore", "--backup-only", "--yes")
    assert one.stats["contributions"] == 1
    again = one.record(tmp_path / "u.csv", "després de recuperar-la")
    arrived = office.ok("import", one.export(tmp_path / "out2")["files"][0])
    assert arrived[0]["outcome"] == "accepted"
    assert office.stats["contributions"] == 3
    assert again[0] in {row["code"] for row in office.ok("search", "recuperar")[0]}
    one.ok("import", one.export(tmp_path / "out3")["files"][0])
    assert one.ok("check")[0]["ok"]


def test_a_damaged_backup_is_passed_over_for_the_one_before(one: Laptop, tmp_path: Path) -> None:
    for text in ("un", "dos", "tres"):
        one.record(tmp_path / "s.csv", text)
        one.ok("backup")
    newest, before, _ = (Path(line["path"]) for line in one.ok("backup", "list"))
    newest.write_bytes(newest.read_bytes()[:50_000])
    data = before.read_bytes()
    before.write_bytes(data.replace(b'"text":"dos"', b'"text":"sod"'))
    assert one("restore", "3", "--yes").trouble["error"] in ("backup-damaged", "backup-none")
    ran = one("restore", "--yes", "--backup-only")
    assert ran.code == 0
    assert "backup-damaged" in ran.err
    assert ran.lines[0]["restored"]["number"] == 1
    assert one.stats["contributions"] == 1
    assert [line["good"] for line in one.ok("backup", "list")] == [False, False, True]


def test_without_a_backup_a_restore_says_so(one: Laptop) -> None:
    assert one("restore").trouble["error"] == "backup-none"
    assert one("restore", "7").trouble["error"] == "backup-unknown"
    assert one("backup", "drill").trouble["error"] == "backup-none"


def test_a_damaged_store_is_restored_with_what_can_be_read(one: Laptop, tmp_path: Path) -> None:
    one.record(tmp_path / "s.csv", "un")
    one.ok("backup")
    one.record(tmp_path / "t.csv", *(f"número {n} {'x' * 400}" for n in range(300)))
    database = one.folder / "store.db"
    data = bytearray(database.read_bytes())
    for page in range(20, len(data) // 4096, 9):
        data[page * 4096 : page * 4096 + 30] = b"\xff" * 30
    database.write_bytes(data)
    assert one("stats").trouble["error"] == "store-damaged"
    done = one.ok("restore", "--yes")[0]
    assert done["saved"] > 0
    assert one.ok("check")[0]["ok"] or done["lost"]
    assert one.stats["contributions"] > 10
    assert list((one.folder / "replaced").glob("*/store.db"))


def test_a_store_that_lacks_what_was_saved_is_refused_until_a_person_decides(one: Laptop, tmp_path: Path) -> None:
    older, acts = (one.folder / "store.db").read_bytes(), one.stats["acts"]
    one.record(tmp_path / "s.csv", "un")
    (one.folder / "store.db").write_bytes(older)
    ran = one("record", "--workshop", "x", tmp_path / "s.csv")
    assert (ran.code, ran.trouble["error"]) == (9, "store-behind")
    assert one("stats").trouble["error"] == "store-behind"
    assert one.ok("restore", "--as-is") == [{"accepted": True}]
    assert one.stats["acts"] == acts + 1, "what was decided stands among the acts"
    one.record(tmp_path / "s.csv", "un altre cop")
    assert one.ok("check")[0]["ok"]


# The second place


def test_backups_and_files_are_copied_to_a_second_place(one: Laptop, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    picture = photo(one, tmp_path)
    assert one.ok("backup", "second", stick)[0]["second"] == str(stick)
    assert "not protected" in one("backup", "second").err
    one.ok("backup")
    (there,) = stick.iterdir()
    files = tree(there)
    assert files[picture.relative_to(one.folder).as_posix()] == picture.read_bytes()
    assert files["device.pem"] == (one.folder / "device.pem").read_bytes()
    assert [name for name in files if name.endswith(".db")] == [
        f"backups/{Path(line['path']).name}" for line in one.ok("backup", "list")
    ]
    assert not [name for name in files if ".part" in name]
    assert numbers(one) == [(1, "here")], "what is in both is told once"


def test_a_stick_in_a_drawer_is_said_and_copied_to_when_it_is_back(one: Laptop, tmp_path: Path) -> None:
    stick, drawer = tmp_path / "stick", tmp_path / "drawer"
    stick.mkdir()
    one.ok("backup", "second", stick)
    stick.rename(drawer)
    made = one.ok("backup")[0]
    assert (made["made"]["number"], made["second_trouble"]) == (1, "second-missing")
    assert not stick.exists()
    stick.mkdir()  # the place where it is mounted
    assert one.ok("backup")[0]["second_trouble"] == "second-missing"
    assert list(stick.iterdir()) == [], "nothing is written beside a stick that is not there"
    stick.rmdir()
    drawer.rename(stick)
    assert one.ok("backup")[0] == {"made": None, "second": str(stick), "second_trouble": ""}
    assert len(list(stick.rglob("*.db"))) == 1


def test_the_second_place_is_thinned_and_follows_what_is_here(one: Laptop, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    one.ok("backup", "second", stick)
    for number in range(15):
        one.record(tmp_path / "s.csv", f"número {number}")
        one.ok("backup")
    here = {Path(line["path"]).name for line in one.ok("backup", "list")}
    assert {path.name for path in stick.rglob("*.db")} == here
    assert len(here) == 12, "all of one day: the newest"
    older = next(path for path in stick.rglob("*.db"))
    older.write_bytes(older.read_bytes()[:-4096])
    index = next(stick.rglob("index.json"))
    index.unlink()
    one.ok("backup")
    assert older.read_bytes() == (one.folder / "backups" / older.name).read_bytes(), "half a file is copied anew"


@pytest.mark.parametrize("trouble", ["disk-full", "read-back-differs"])
def test_what_cannot_be_copied_gets_no_good_name(
    one: Laptop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    one.ok("backup", "second", stick)
    if trouble == "disk-full":
        usage = shutil.disk_usage(stick)
        real = shutil.disk_usage
        monkeypatch.setattr(
            second_place.shutil,
            "disk_usage",
            lambda p: usage._replace(free=10) if stick in Path(p).parents else real(p),
        )
    else:
        chunks: Any = second_place._chunks
        monkeypatch.setattr(
            second_place,
            "_chunks",
            lambda stream, pulse: (c[::-1] if ".part" in str(stream.name) else c for c in chunks(stream, pulse)),
        )
    assert one.ok("backup")[0]["second_trouble"] == trouble
    assert not list(stick.rglob("*.db"))
    assert not list(stick.rglob("*.part"))
    monkeypatch.undo()
    assert one.ok("backup")[0]["second_trouble"] == ""
    assert len(list(stick.rglob("*.db"))) == 1


def test_the_second_place_does_not_lie_in_the_store(one: Laptop, tmp_path: Path) -> None:
    (one.folder / "copies").mkdir()
    for folder, code in (
        (one.folder, "second-inside"),
        (one.folder / "copies", "second-inside"),
        (tmp_path / "no", "second-missing"),
    ):
        assert one("backup", "second", folder).trouble["error"] == code
    assert one.ok("backup", "second", "--off")[0]["second"] == ""


def test_two_laptops_share_a_disk(one: Laptop, two: Laptop, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    for laptop in (one, two):
        laptop.ok("backup", "second", disk)
        laptop.ok("backup")
    assert len(list(disk.iterdir())) == 2
    next((one.folder / "backups").glob("*.db")).unlink()
    assert "segon lloc" in run("backup", "list", home=one.folder, lang="ca", json_lines=False).out
    one.ok("restore", "1", "--yes")
    one.record(tmp_path / "s.csv", "un")
    assert one.ok("backup")[0]["made"]["number"] == 2, "numbers go on"
    assert numbers(one) == [(2, "here"), (1, "second")]
    assert numbers(two) == [(1, "here")]


def test_a_lost_laptop_is_made_anew_from_the_second_place(
    one: Laptop, office: Laptop, fresh: Laptop, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    picture = photo(one, tmp_path)
    one.ok("backup", "second", stick)
    one.ok("backup")
    digest, device = one.digest, one.device
    shutil.rmtree(one.folder)
    fresh.ok("backup", "second", stick)
    assert numbers(fresh) == [(1, "second")]
    fresh.ok("restore", "--yes")
    assert (fresh.digest, fresh.device) == (digest, device)
    assert (fresh.folder / picture.relative_to(one.folder)).exists()
    assert fresh.ok("check")[0]["ok"]
    fresh.record(tmp_path / "n.csv", "continua")
    assert fresh.ok("backup")[0]["made"]["number"] == 2, "or thinning would take the new ones for the oldest"
    assert len(list(stick.rglob("*.db"))) == 2
    assert office.ok("import", fresh.export(tmp_path / "out")["files"][0])[0]["outcome"] == "accepted"


def test_a_lost_photo_comes_back_from_the_second_place(one: Laptop, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    picture = photo(one, tmp_path)
    one.ok("backup", "second", stick)
    one.ok("backup")
    whole = picture.read_bytes()
    picture.unlink()
    one.ok("backup")
    assert one.ok("backup", "drill")[0]["files_missing"] == 1
    one.ok("restore", "--yes")
    assert picture.read_bytes() == whole


# A protected store

SECRET = "quatre paraules ben llargues"


def test_copies_of_a_protected_store_are_under_its_key_in_both_places(one: Laptop, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    picture = photo(one, tmp_path)
    one.record(tmp_path / "s.csv", "paraules que ningú no ha de llegir")
    one.ok("backup", "second", stick)
    one.ok("backup")
    program = Program()
    program.protect(one.folder, "passphrase", SECRET)
    program.back_up(one.folder)
    assert program.second_place(one.folder).trouble == ""
    (there,) = stick.iterdir()
    for path in there.rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        assert b"paraules que ning" not in data, path
        assert b"PRIVATE KEY" not in data, path
    assert not (there / picture.relative_to(one.folder)).exists()
    assert (there / "keys.json").exists(), "without it nothing there could ever be opened"
    new = tmp_path / "new"
    other = Program()
    other.set_second_place(new, there)
    other.unlock(new, SECRET)
    found = other.backups(new)[0]
    other.restore(new, found, lambda _count, _total: None)
    with other.desk(new, write=True) as desk, desk.store.read() as unit:
        assert unit.counts()["contributions"] == 2
    with desk.files.open(desk.files.attachment(picture.name)) as file:
        assert file.read() == (tmp_path / "foto.jpg").read_bytes()


# Where a store lies


def test_a_folder_that_is_synchronised_is_told_before_the_first_write_and_not_again(tmp_path: Path) -> None:
    home = tmp_path / "Nextcloud" / "pess"
    home.parent.mkdir()
    first = run("device", "card", home=home)
    assert first.code == 0
    assert '"warning": "place-cloud"' in first.err
    assert "place-cloud" not in run("device", "card", home=home).err


def test_no_store_is_made_where_a_stick_is_missing(tmp_path: Path) -> None:
    ran = run("device", "card", home=tmp_path / "stick" / "pess")
    assert (ran.code, ran.trouble["error"]) == (8, "folder-missing")
    assert not (tmp_path / "stick").exists()
