"""Nothing of what was said can be read in a protected data folder: neither in the database, its log or its index, nor in
files, temporary ones, backups, or what a killed program left lying."""

from __future__ import annotations

import errno
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from pessdesk.application.capture import attach, change_fields, record_contribution
from pessdesk.application.capture_line import Said, draft_key
from pessdesk.application.export_bundle import export_workshop
from pessdesk.application.import_bundles import import_bundles
from pessdesk.application.programme import PlannedWorkshop, new_workshop
from pessdesk.application.protection import Protection
from pessdesk.application.steps import Intent
from pessdesk.bootstrap import Program
from pessdesk.domain.errors import InputRefused, Stopped, StoreLocked, StoreUnusable, WorldUnkind
from pessdesk.system import keys
from tests.keychains import FileKeychain

PHRASE = "quatre gats a la plaça"
PLANTED = {
    "contribution": "Zirconita", "draft": "Xilofoneta", "attachment": "Quimerot", "name of a file": "Wolframita",
    "received": "Yttriat", "set aside": "Kriptonita", "undone": "Bromuret", "label": "Portatilina", "table": "Niobita",
    "workshop": "Vanadinita", "later": "Galenita", "later draft": "Pechblenda", "later attachment": "Torbernita",
}  # fmt: skip
"""Words that stand nowhere by chance."""

WORK = """
import sys
from pathlib import Path
from pessdesk.application.capture import attach, record_contribution
from pessdesk.application.capture_line import Said, draft_key
from pessdesk.bootstrap import Program

folder, words, passphrase = Path(sys.argv[1]), dict(arg.split("=", 1) for arg in sys.argv[3:]), sys.argv[2]
program = Program()
program.unlock(folder, passphrase)
with program.desk(folder, write=True, keep=True) as desk:
    program.checkpoint_when_asked(desk)
    with desk.store.read() as unit:
        workshop = unit.workshops()[0]["record"]
    done = record_contribution(desk, workshop, Said(words["later"]))
    source = folder.parent / "source.txt"
    source.write_text(words["later attachment"])
    attach(desk, done.record, workshop, source)
    source.unlink()
    with desk.store.write() as unit:
        unit.set_setting(draft_key(workshop), words["later draft"])
    spooled = desk.files.spool(folder.parent / "again.asice")
    print("working", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(keys.ARGON2ID, "memory", 64)
    monkeypatch.setitem(keys.ARGON2ID, "time", 1)


def readable(folder: Path) -> set[tuple[str, str]]:
    """Which planted words stand where, in whatever case and encoding somebody might look for them."""
    found = set()
    for path in folder.rglob("*"):
        data = path.read_bytes().lower() if path.is_file() else b""
        for where, word in PLANTED.items():
            forms = (word.lower().encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be"))
            if any(form in data for form in forms):
                found.add((where, path.relative_to(folder).as_posix()))
            if word.lower() in path.name.lower():
                found.add((where, "a name"))
    return found


def hand_over(folder: Path, said: str, out: Path) -> Path:
    """Another laptop's bundle."""
    out.mkdir()
    with Program().desk(folder, write=True, create=True, label="Un altre") as desk:
        workshop = str(new_workshop(desk, PlannedWorkshop("Un taller", "2026-03-12", "04"))["record"])
        record_contribution(desk, workshop, Said(said))
        return export_workshop(desk, workshop, out).files[0]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A plain store with every word in it."""
    folder, friend, stranger = tmp_path / "home", tmp_path / "friend", tmp_path / "stranger"
    received = hand_over(friend, PLANTED["received"], tmp_path / "out1")
    aside = hand_over(stranger, PLANTED["set aside"], tmp_path / "out2")
    shutil.copy(received, tmp_path / "again.asice")
    program = Program()
    with program.desk(folder, write=True, create=True, label=PLANTED["label"]) as desk:
        desk.bundles.trust(program.own_card(friend))
        workshop = str(new_workshop(desk, PlannedWorkshop(PLANTED["workshop"], "2026-03-12", "04"))["record"])
        done = record_contribution(desk, workshop, Said(PLANTED["contribution"], new_group=PLANTED["table"]))
        source = tmp_path / f"{PLANTED['name of a file']}.txt"
        source.write_text(PLANTED["attachment"], "utf-8")
        attach(desk, done.record, workshop, source)
        other = record_contribution(desk, workshop, Said(PLANTED["undone"]))
        saying = replace(desk, intent=Intent("change", ("contributions",), workshop))
        change_fields(saying, other.record, workshop, {"text": "Dit d'una altra manera"})
        with desk.store.write() as unit:
            unit.set_setting(draft_key(workshop), PLANTED["draft"])
        import_bundles(desk, [received, aside])
    program.back_up(folder)
    return folder


def test_the_words_can_be_read_while_it_is_not_protected(home: Path) -> None:
    where = {word for word, _ in readable(home)}
    assert where == {word for word in PLANTED if not word.startswith("later")}, "else the test below proves nothing"


def test_turning_it_on_leaves_nothing_readable(home: Path) -> None:
    Program().protect(home, "passphrase", PHRASE)
    assert readable(home) == set()


def test_nothing_is_readable_after_a_kill_in_the_middle_of_work(home: Path) -> None:
    Program().protect(home, "passphrase", PHRASE)
    words = [f"{name}={word}" for name, word in PLANTED.items()]
    child = subprocess.Popen(
        [sys.executable, "-c", WORK, str(home), PHRASE, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with child:
        assert child.stdin and child.stdout
        assert child.stdout.readline().strip() == b"working"
        child.kill()
    assert (home / "store.db-wal").stat().st_size > 0 and list((home / "spool").iterdir()), (
        "it was killed in the middle"
    )
    assert readable(home) == set()
    program = Program()
    program.unlock(home, PHRASE)
    with program.desk(home, write=True) as desk, desk.store.read() as unit:
        assert [row["text"] for row in unit.search(PLANTED["later"], 5)] == [PLANTED["later"]]
        assert list(unit.problems()) == []
    program.back_up(home)
    assert readable(home) == set()


def test_temporary_tables_and_sorts_stay_in_memory(home: Path) -> None:
    """The driver is built so that no setting can put them into a file."""
    from pessdesk.storage.driver import connect

    connection = connect(home / "store.db")
    try:
        assert ("TEMP_STORE=2",) in connection.execute("PRAGMA compile_options").fetchall()
        assert connection.execute("PRAGMA temp_store").fetchone() in ((0,), (2,))
    finally:
        connection.close()


def test_the_second_place_is_not_readable_either(home: Path, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    program = Program()
    program.set_second_place(home, stick)
    program.back_up(home)
    assert readable(stick)
    recovery = program.protect(home, "passphrase", PHRASE)
    assert readable(stick) == set()
    again, other = Program(), tmp_path / "new laptop"
    other.mkdir()
    again.set_second_place(other, stick)
    again.unlock(other, recovery)
    again.restore(other, again.backups(other)[0], lambda count, total: None)
    with again.desk(other, write=True) as desk, desk.store.read() as unit:
        assert unit.search(PLANTED["contribution"], 5), "the sheet and the stick are enough for a new laptop"
    assert readable(other) == set()


def test_off_makes_all_readable_again(home: Path, tmp_path: Path) -> None:
    program = Program(FileKeychain(tmp_path / "keychain.json"))
    before = readable(home)
    program.protect(home, "keychain", "")
    program.unprotect(home, "")
    assert {(word, path) for word, path in readable(home) if not path.startswith("backups/")} == {
        (word, path) for word, path in before if not path.startswith("backups/")
    }
    assert {word for word, path in readable(home) if path.startswith("backups/")}, "the backups can be read again too"
    assert not (home / "keys.json").exists() and FileKeychain(tmp_path / "keychain.json").stores == set()
    assert list(home.rglob("*.sealed")) == []


@pytest.mark.parametrize(("start", "end"), [(100, 8192), (0, 16)], ids=["pages", "first bytes"])
def test_a_damaged_backup_is_kept_and_not_readable(home: Path, start: int, end: int) -> None:
    (backup,) = (home / "backups").glob("*.db")
    data = bytearray(backup.read_bytes())
    data[start:end] = bytes(end - start)
    backup.write_bytes(data)
    program = Program()
    program.protect(home, "passphrase", PHRASE)
    assert readable(home) == set()
    program.unprotect(home, PHRASE)
    assert backup.read_bytes() == data


def test_a_damaged_copy_that_cannot_forget_goes_when_somebody_is_erased(home: Path) -> None:
    from pessdesk.application.erase import erase, reach_of

    (backup,) = (home / "backups").glob("*.db")
    backup.write_bytes(backup.read_bytes()[:5000])
    program = Program()
    program.protect(home, "passphrase", PHRASE)
    assert list((home / "backups").glob("*.sealed"))
    with program.desk(home, write=True) as desk:
        with desk.store.read() as unit:
            code = unit.search(PLANTED["contribution"], 1)[0]["code"]
            reach = reach_of(unit, [code])
        erase(desk, reach, "demanat")
    program.back_up(home)
    assert not list((home / "backups").glob("*.sealed"))


def test_a_replaced_store_is_not_readable_either(home: Path) -> None:
    replaced = home / "replaced" / "20261125T120000Z"
    replaced.mkdir(parents=True)
    shutil.copy(home / "store.db", replaced / "store.db")
    (replaced / "store.db-wal").write_bytes(PLANTED["contribution"].encode())
    before = readable(replaced)
    assert before
    program = Program()
    program.protect(home, "passphrase", PHRASE)
    assert readable(home) == set()
    program.unprotect(home, PHRASE)
    assert readable(replaced)


def test_whoever_locks_it_must_open_it_again(home: Path) -> None:
    program = Program()
    program.protect(home, "passphrase", PHRASE)
    assert program.key(home) is not None and not program.protection(home).locked
    program.lock(home)
    assert program.protection(home).locked
    with pytest.raises(StoreLocked):
        program.key(home)
    with pytest.raises(StoreLocked):
        program.reading(home)
    assert not program.unlock_by_keychain(home)
    program.unlock(home, PHRASE)
    assert not program.protection(home).locked


def test_an_unprotected_store_asks_for_nothing(home: Path) -> None:
    program = Program()
    assert program.key(home) is None and program.unlock_by_keychain(home)
    program.unlock(home, "whatever")
    assert program.protection(home) == Protection(False)


def test_stopping_before_the_change_leaves_it_as_it_was(home: Path) -> None:
    def stop(count: int, total: int) -> None:
        raise Stopped("stopped")

    program = Program()
    with pytest.raises(Stopped):
        program.protect(home, "passphrase", PHRASE, stop)
    assert not (home / "keys.json").exists() and program.protection(home) == Protection(False)
    program.protect(home, "passphrase", PHRASE)
    with pytest.raises(Stopped):
        program.unprotect(home, PHRASE, stop)
    with program.desk(home, write=True):
        pass
    assert readable(home) == set()


def test_a_full_disk_leaves_it_as_it_was(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pessdesk.storage import protection

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(protection.os, "fsync", full)
        with pytest.raises(WorldUnkind, match="disk-full"):
            Program().protect(home, "passphrase", PHRASE)
    assert not (home / "keys.json").exists() and not list(home.glob("*.new"))
    with Program().desk(home, write=True) as desk, desk.store.read() as unit:
        assert list(unit.problems()) == []


def test_the_damaged_first_bytes_of_a_plain_store_are_damage_and_no_key(home: Path) -> None:
    with (home / "store.db").open("rb+") as file:
        file.write(bytes(16))
    with pytest.raises(StoreUnusable, match="store-damaged"), Program().desk(home, write=False):
        pass


@pytest.mark.parametrize("problem", [OSError(errno.ENOSPC, "full"), PermissionError(errno.EACCES, "in use")])
def test_what_cannot_be_sealed_now_keeps_neither_the_recovery_key_nor_the_store_from_anybody(
    home: Path, monkeypatch: pytest.MonkeyPatch, problem: OSError
) -> None:
    """The disk is full, or another program has a photo open: the store is protected by then, and says what is not."""
    from pessdesk.system import sealing

    def refuse(*_: object) -> None:
        raise problem

    program = Program()
    with monkeypatch.context() as patch:
        patch.setattr(sealing.SealedWriter, "write", refuse)
        recovery = program.protect(home, "passphrase", PHRASE)
        assert program.left_readable(home) > 0
        with program.desk(home, write=True) as desk, desk.store.read() as unit:
            assert unit.search(PLANTED["contribution"], 5)
    again = Program()
    again.unlock(home, recovery)
    with again.desk(home, write=True):
        pass
    assert (again.left_readable(home), readable(home)) == (0, set())


def test_what_a_killed_restore_or_trial_left_goes(home: Path) -> None:
    shutil.copy(home / "store.db", home / "store.db.restored")
    (home / "drill-x7k2").mkdir()
    shutil.copy(home / "store.db", home / "drill-x7k2" / "store.db")
    Program().protect(home, "passphrase", PHRASE)
    assert readable(home) == set()


@pytest.mark.skipif(sys.platform == "win32", reason="links want a privilege on Windows")
@pytest.mark.parametrize("name", ["store.db", "attachments"])
def test_links_are_refused_for_what_they_point_to_would_stay_readable(home: Path, tmp_path: Path, name: str) -> None:
    (home / name).rename(tmp_path / name)
    (home / name).symlink_to(tmp_path / name)
    with pytest.raises(StoreUnusable, match="protect-link"):
        Program().protect(home, "passphrase", PHRASE)
    assert not (home / "keys.json").exists()


def test_whoever_comes_second_does_not_throw_away_the_keys_of_the_first(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pessdesk.storage import protection

    held, first = protection.held, Program()

    def late(folder: Path) -> object:
        monkeypatch.setattr(protection, "held", held)
        first.protect(home, "passphrase", PHRASE)
        return held(folder)

    monkeypatch.setattr(protection, "held", late)
    with pytest.raises(InputRefused, match="protected-already"):
        Program().protect(home, "passphrase", "cinc gossos al carrer")
    again = Program()
    again.unlock(home, PHRASE)
    assert readable(home) == set()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a person's folders from others by itself")
def test_nobody_else_on_the_computer_reads_a_store_that_is_not_protected(home: Path) -> None:
    assert home.stat().st_mode & 0o077 == 0
    program = Program()
    with program.desk(home, write=True) as desk, desk.store.write() as unit:
        unit.set_setting("x", "y")
    program.back_up(home)
    program.restore(home, program.backups(home)[0], lambda count, total: None)
    program.protect(home, "passphrase", PHRASE)
    with program.desk(home, write=True):  # also where somebody chose a folder that others may look into
        open_to_others = {path for path in home.rglob("*") if path.is_file() and path.stat().st_mode & 0o077}
    assert [path for path in open_to_others if "store.db" in path.name or path.suffix in (".db", ".sealed")] == []
