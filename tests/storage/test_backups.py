"""Backups: whole while others write, thinned by number, put back without a moment in which there is no store."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pessdesk.application.backups import MONTHLY, RECENT, WEEKLY, Backup, to_keep
from pessdesk.domain.errors import PessError, Stopped, StoreBusy, StoreUnusable, WorldUnkind
from pessdesk.domain.model import Contribution
from pessdesk.records.codec import to_content
from pessdesk.storage import backups as module
from pessdesk.storage import revisions, swap
from pessdesk.storage.backups import Backups
from pessdesk.storage.driver import DATABASE, connect
from pessdesk.storage.restore import health, loss, restore, scrub_copies, try_restore
from pessdesk.storage.store import open_store
from tests.storage.test_opening import KEYS, TEXTS, image, said, say
from tests.storage.test_store import contributions
from tests.storage.worlds import DEVICES, WORKSHOP, Laptop

DAY_MS = 24 * 3_600_000


def silent(_: int, __: int) -> None:
    """Nobody listens."""


def made(folder: Path, key: bytes | None = None, now_ms: int | None = None) -> Backup:
    backup = Backups(folder, key).make(now_ms=now_ms)
    assert backup is not None
    return backup


def content(path: Path, key: bytes | None = None) -> list[Any]:
    """The revisions of a database file, as it lies there."""
    with closing(connect(path, key, only="immutable=1")) as connection:
        return connection.execute("SELECT id, data FROM revision ORDER BY seq").fetchall()


def changed_byte(path: Path, place: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 0x10
    path.write_bytes(data)


# Thinning


MADE = st.lists(st.integers(0, 4_000_000_000_000), max_size=80).map(lambda times: list(enumerate(times, start=1)))


@given(MADE)
def test_thinning_keeps_the_newest_by_number_and_never_more_than_it_says(backups: list[tuple[int, int]]) -> None:
    kept = to_keep(backups)
    newest = {number for number, _ in backups[-RECENT:]}
    assert newest <= kept <= {number for number, _ in backups}
    assert len(kept) <= RECENT + WEEKLY + MONTHLY
    assert to_keep([one for one in backups if one[0] in kept]) == kept, "thinning twice is thinning once"


@given(MADE, st.lists(st.integers(0, 4_000_000_000_000), max_size=40))
def test_a_clock_that_jumps_deletes_no_more_than_one_that_does_not(
    backups: list[tuple[int, int]], jumps: list[int]
) -> None:
    """One after the other, thinned after each: as many are left as there can be, whatever the clock said."""
    there: list[tuple[int, int]] = []
    for number, moment in enumerate([*(time for _, time in backups), *jumps], start=1):
        there = [one for one in [*there, (number, moment)] if one[0] in to_keep([*there, (number, moment)])]
        assert len(there) >= min(number, RECENT)
        assert there[-1] == (number, moment), "the newest always stays"


def test_a_year_of_backups_is_thinned_to_recent_weekly_and_monthly_ones() -> None:
    there: list[tuple[int, int]] = []
    for hour in range(8 * 365):  # eight a day
        there.append((hour + 1, 1_700_000_000_000 + hour * DAY_MS // 8))
        kept = to_keep(there)
        there = [one for one in there if one[0] in kept]
    days = [(there[-1][1] - moment) / DAY_MS for _, moment in there]
    assert len(there) <= RECENT + WEEKLY + MONTHLY
    assert sum(1 for age in days if age < 2) >= RECENT
    assert max(age for age in days if age < 80) > 55
    assert 220 < max(days) < 290


# Making


@KEYS
def test_a_backup_is_a_whole_store_under_the_same_key(tmp_path: Path, key: bytes | None) -> None:
    with open_store(tmp_path / "a", write=True, create=True, key=key) as store:
        say(store, "un", "dos")
        backup = made(tmp_path / "a", key)
    assert backup.path.name.startswith("000001-")
    assert (backup.revisions, backup.contributions, backup.good) == (2, 2, True)
    assert [path.name for path in (tmp_path / "a" / "backups").iterdir() if "index" not in path.name] == [
        backup.path.name
    ], "one file, nothing beside it"
    (tmp_path / "b").mkdir()
    shutil.copyfile(backup.path, tmp_path / "b" / DATABASE)
    assert said(tmp_path / "b", key) == ["un", "dos"]
    if key is not None:
        assert b"dos" not in backup.path.read_bytes()


def test_a_backup_is_made_only_when_something_changed(tmp_path: Path) -> None:
    with open_store(tmp_path, write=True, create=True) as store:
        say(store, "un")
        first = made(tmp_path)
        assert Backups(tmp_path, None).make() is None
        with store.write() as unit:
            unit.set_setting("draft:x", "a mitges")
        assert made(tmp_path).number == first.number + 1, "an unfinished text counts"
        with store.read() as unit:
            unit.counts()
        assert Backups(tmp_path, None).make() is None


def test_the_order_is_by_number_though_the_clock_went_back(tmp_path: Path) -> None:
    with open_store(tmp_path, write=True, create=True) as store:
        for number, moment in enumerate((9, 1, 5)):
            with store.write() as unit:
                unit.set_setting("x", str(number))
            made(tmp_path, now_ms=moment * 365 * DAY_MS)
    found = Backups(tmp_path, None).all()
    assert [backup.number for backup in found] == [3, 2, 1]
    assert [backup.made_ms // (365 * DAY_MS) for backup in found] == [5, 1, 9]


def test_a_number_is_never_given_twice(tmp_path: Path) -> None:
    with open_store(tmp_path, write=True, create=True) as store:
        say(store, "un")
        made(tmp_path).path.unlink()
        say(store, "dos", first=2)
        assert made(tmp_path).number == 2


@pytest.mark.parametrize("key", [None, bytes(range(32))], ids=["plain", "keyed"])
def test_backups_while_others_write_are_moments_that_there_were(tmp_path: Path, key: bytes | None) -> None:
    """Each unit of work adds two revisions and a number: no backup has one without the other, or a later one alone."""
    ending = threading.Event()
    with open_store(tmp_path, write=True, create=True, keep=True, key=key) as store:
        all_made = contributions(*(f"número {n} " + "x" * 900 for n in range(4000)))

        def write() -> None:
            for number in range(0, len(all_made), 2):
                if ending.is_set():
                    return
                with store.write() as unit:
                    unit.append_new(all_made[number : number + 2])
                    unit.set_setting("count", str(number + 2))

        thread = threading.Thread(target=write)
        thread.start()
        backups = [made(tmp_path, key) for _ in range(6)]
        ending.set()
        thread.join()
    ids = [bytes.fromhex(revision.id) for revision in all_made]
    for backup in backups:
        with closing(connect(backup.path, key)) as connection:
            found = [row[0] for row in connection.execute("SELECT id FROM revision ORDER BY seq")]
            count = connection.execute("SELECT value FROM setting WHERE key = 'count'").fetchone()
        assert found == ids[: len(found)]
        assert len(found) == int(count[0] if count else 0)
    assert len({backup.revisions for backup in backups}) > 1, "somebody wrote meanwhile"


def test_what_is_stopped_or_killed_leaves_no_half_made_backup(tmp_path: Path) -> None:
    with open_store(tmp_path, write=True, create=True) as store:
        say(store, *TEXTS)

    def stop(_: int, __: int) -> None:
        raise Stopped("stopped")

    with pytest.raises(Stopped):
        Backups(tmp_path, None).make(stop)
    assert list((tmp_path / "backups").iterdir()) == []
    (tmp_path / "backups" / "000009-20260101T000000Z.part").write_bytes(b"half")
    assert made(tmp_path).number == 1
    assert not list((tmp_path / "backups").glob("*.part*"))


def test_only_one_backup_is_made_at_a_time(tmp_path: Path) -> None:
    with open_store(tmp_path, write=True, create=True) as store:
        say(store, "un")
    with Backups(tmp_path, None).alone(), pytest.raises(StoreBusy) as refusal:
        Backups(tmp_path, None).make()
    assert refusal.value.code == "backup-busy"


def test_a_full_disk_is_said_and_the_backups_that_there_are_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(tmp_path, write=True, create=True) as store:
        say(store, "un")
        first = made(tmp_path)
        say(store, "dos", first=2)
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(WorldUnkind) as refusal:
        made(tmp_path)
    assert refusal.value.code == "disk-full"
    assert [backup.path for backup in Backups(tmp_path, None).all()] == [first.path]


def test_a_damaged_store_becomes_no_backup(tmp_path: Path) -> None:
    with open_store(tmp_path, write=True, create=True) as store:
        say(store, *TEXTS)
        store.checkpoint()
        with closing(connect(tmp_path / DATABASE)) as connection:
            connection.execute("UPDATE revision SET data = replace(data, 'trens', 'trems') WHERE seq = 1")
        with pytest.raises(StoreUnusable) as refusal:
            made(tmp_path)
    assert refusal.value.code == "store-damaged"
    assert Backups(tmp_path, None).all() == []


def test_of_a_store_that_lacks_something_or_is_not_there_no_backup_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    with open_store(folder, write=True, create=True) as store:
        say(store, "un")
        killed = image(folder, tmp_path / "killed")
    (killed / f"{DATABASE}-wal").unlink()
    for there, code in ((killed, "store-log-missing"), (tmp_path / "none", "store-missing")):
        with pytest.raises(StoreUnusable) as refusal:
            made(there)
        assert refusal.value.code == code
        assert Backups(there, None).all() == []
        assert there == killed or not (there / DATABASE).exists()


def test_without_its_index_a_folder_of_backups_is_read_from_the_backups(tmp_path: Path) -> None:
    with open_store(tmp_path, write=True, create=True) as store:
        say(store, "un", "dos")
        made(tmp_path)
    (tmp_path / "backups" / "index.json").write_text("no json", "utf-8")
    (tmp_path / "backups" / "000002-20260101T000000Z.db").write_bytes(b"nothing of the kind" * 300)
    found = Backups(tmp_path, None).all()
    assert [(backup.number, backup.revisions, backup.good) for backup in found] == [(2, 0, False), (1, 2, None)]


def test_a_damaged_backup_is_thinned_only_when_a_newer_one_is_sound(tmp_path: Path) -> None:
    with open_store(tmp_path, write=True, create=True) as store:
        say(store, "un")
        first = made(tmp_path)
        Backups(tmp_path, None).found_damaged(first)
        Backups(tmp_path, None).thin()
        assert first.path.exists()
        say(store, "dos", first=2)
        made(tmp_path)
        Backups(tmp_path, None).thin()
        assert not first.path.exists()


# Restoring


@KEYS
def test_what_would_be_lost_is_said_and_what_can_be_read_is_saved(tmp_path: Path, key: bytes | None) -> None:
    with open_store(tmp_path, write=True, create=True, key=key) as store:
        say(store, "un", "dos")
        backup = made(tmp_path, key)
        say(store, "tres", first=3)
        with store.write() as unit:
            unit.set_settings({"draft:x": "a mitges", "epoch": "7", "hlc": "00ffffffffff0000"})
            digest = unit.digest()
    lost = loss(tmp_path, key, backup)
    assert [text for _, _, text in lost.contributions] == ["tres"]
    assert (lost.edits, lost.drafts, lost.readable) == (0, 1, True)
    done = restore(tmp_path, key, backup, silent, keep=True, now_ms=5000)
    assert (done.saved, done.lost) == (1, 0)
    with open_store(tmp_path, write=False, key=key) as store, store.read() as unit:
        assert unit.digest() == digest
        assert unit.setting("draft:x") == "a mitges"
        assert unit.setting("epoch") == "8", "later than the one before, though the clock is behind it"
        assert unit.setting("hlc") == "00ffffffffff0000"
    assert len(content(done.replaced / DATABASE, key)) <= 3
    assert health(tmp_path, key, silent) == []


def test_a_backup_alone_is_put_back_without_what_came_after(tmp_path: Path) -> None:
    with open_store(tmp_path, write=True, create=True) as store:
        say(store, "un")
        backup = made(tmp_path)
        say(store, "dos", first=2)
    done = restore(tmp_path, None, backup, silent, keep=False)
    assert (said(tmp_path), done.saved, done.lost) == (["un"], 0, 1)


def test_what_was_erased_since_stays_erased_whatever_is_wanted(tmp_path: Path) -> None:
    with open_store(tmp_path, write=True, create=True) as store:
        say(store, "un", "un nom")
        backup = made(tmp_path)
        record = contributions("–", "un nom")[1].record
        with store.write() as unit:
            revisions.erase(unit._connection, [record])
    for keep in (True, False):
        restore(tmp_path, None, backup, silent, keep=keep)
        assert said(tmp_path) == ["un"]
        with open_store(tmp_path, write=False) as store, store.read() as unit:
            assert unit.erased([record]) == {record}


@KEYS
def test_of_a_damaged_store_every_row_that_can_be_read_is_saved(tmp_path: Path, key: bytes | None) -> None:
    folder = tmp_path / "a"
    with open_store(folder, write=True, create=True, key=key) as store:
        say(store, "un")
        backup = made(folder, key)
        say(store, *(text + " x" * 300 for text in TEXTS), first=2)
    whole = content(folder / DATABASE, key)
    pages = (folder / DATABASE).stat().st_size // 4096
    for page in range(pages // 3, pages, 11):
        changed_byte(folder / DATABASE, page * 4096 + 2000)
        changed_byte(folder / DATABASE, page * 4096 + 3)
    lost = loss(folder, key, backup)
    assert not lost.readable
    done = restore(folder, key, backup, silent, keep=True)
    saved = content(folder / DATABASE, key)
    assert {row[0] for row in saved if row[1]} <= {row[0] for row in whole}, "nothing that was never said"
    assert done.saved == len(saved) - 1 >= 20
    assert done.saved + done.lost >= len(TEXTS) // 2
    assert health(folder, key, silent) == []


def test_a_damaged_backup_is_refused_and_the_store_stays(tmp_path: Path) -> None:
    with open_store(tmp_path, write=True, create=True) as store:
        say(store, *TEXTS)
        first = made(tmp_path)
        say(store, "un", first=200)
        second = made(tmp_path)
    before = content(tmp_path / DATABASE)
    data = second.path.read_bytes()
    second.path.write_bytes(data.replace('"text":"Més metges'.encode(), '"text":"Més metgas'.encode()))
    with pytest.raises(StoreUnusable) as refusal:
        restore(tmp_path, None, second, silent, keep=True)
    assert refusal.value.code == "backup-damaged"
    assert content(tmp_path / DATABASE) == before
    assert not (tmp_path / swap.PREPARED).exists()
    assert not try_restore(tmp_path, None, second, silent).opens
    restore(tmp_path, None, first, silent, keep=True)
    assert said(tmp_path)[-1] == "un"


def test_a_drill_leaves_nothing_behind(tmp_path: Path) -> None:
    with open_store(tmp_path, write=True, create=True) as store:
        say(store, "un", "dos")
        backup = made(tmp_path)
        say(store, "tres", first=3)
    before = sorted(path.name for path in tmp_path.iterdir())
    tried = try_restore(tmp_path, None, backup, silent)
    assert (tried.opens, tried.contributions, tried.behind, tried.digest_same) == (True, 2, 1, True)
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_a_backup_of_an_older_version_is_brought_up_to_date(tmp_path: Path) -> None:
    folder = shutil.copytree(Path(__file__).parents[1] / "data" / "stores" / "0001", tmp_path / "a")
    with closing(connect(folder / DATABASE)) as connection:
        there = connection.execute("SELECT count(*) FROM revision").fetchone()[0]
    with open_store(folder, write=True):
        pass
    (backup,) = Backups(folder, None).all()
    assert backup.revisions == there, "made before the migration"
    assert restore(folder, None, backup, silent, keep=True).saved == 0
    with open_store(folder, write=False) as store, store.read() as unit:
        assert unit.counts()["revisions"] == there


# Killed


def killed_at(folder: Path, backup: Backup, step: int) -> bool:
    """A child restores and is killed before its step-th touch of a file's name; whether it came to its end."""
    child = os.fork()
    if child == 0:
        left = [step]

        def hook(event: str, _: Any) -> None:
            if event in ("open", "os.rename", "os.remove", "os.mkdir", "os.chmod", "shutil.copyfile"):
                left[0] -= 1
                if left[0] == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        try:
            sys.addaudithook(hook)
            restore(folder, None, backup, silent, keep=True)
        except BaseException:
            os._exit(3)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return not os.WIFSIGNALED(status)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_a_restore_killed_at_any_step_leaves_the_old_store_or_the_new(tmp_path: Path) -> None:
    start = tmp_path / "start"
    with open_store(start, write=True, create=True) as store:
        say(store, "un")
        made(start)
        say(store, "dos", first=2)
        image(start, tmp_path / "crashed")
    for step in range(1, 200):
        folder = image(tmp_path / "crashed", tmp_path / f"{step}")
        backup = Backups(folder, None).all()[0]
        ended = killed_at(folder, backup, step)
        assert said(folder) == ["un", "dos"], step
        assert not swap.is_pending(folder)
        assert not (folder / swap.PREPARED).exists() or not ended
        again = restore(folder, None, backup, silent, keep=True)
        assert again.lost == 0
        assert said(folder) == ["un", "dos"]
        shutil.rmtree(folder)
        if ended:
            break
    assert ended
    assert step > 10


# Forgetting


def named(text: str, number: int = 1) -> Any:
    return Laptop(DEVICES[1], 1).state(
        "contribution",
        f"01900000-0000-7000-9000-{number:012x}",
        to_content(Contribution(WORKSHOP, f"PESS-04-260312-7K-CD{number:03d}", text)),
    )


@KEYS
def test_copies_forget_what_was_erased_and_keep_the_rest(tmp_path: Path, key: bytes | None) -> None:
    name = "Eulàlia Planagumà"
    with open_store(tmp_path, write=True, create=True, key=key) as store:
        say(store, "un")
        with store.write() as unit:
            erased = named(f"{name} diu que no", 77)
            unit.append_new([erased])
            unit.set_setting("draft:x", f"parlar amb {name}")
        backup = made(tmp_path, key)
    restore(tmp_path, key, backup, silent, keep=True)
    with open_store(tmp_path, write=True, key=key) as store:
        with store.write() as unit:
            revisions.erase(unit._connection, [erased.record])
            unit.drop_settings(["draft:x"])
        store.wipe()
    scrub_copies(tmp_path, key, silent)
    copies = [backup.path, *(tmp_path / swap.REPLACED).glob(f"*/{DATABASE}")]
    assert len(copies) == 2
    for path in copies:
        with closing(connect(path, key)) as connection:
            texts = connection.execute("SELECT text FROM contribution").fetchall()
        assert texts == [("un",)]
    if key is None:
        for path in tmp_path.rglob("*"):
            assert not path.is_file() or "Planagum" not in path.read_bytes().decode("utf-8", "ignore"), path
    assert Backups(tmp_path, key).all()[0].good
    assert Backups(tmp_path, key).of_before_erasure(1) == []


def test_a_damaged_copy_that_cannot_forget_goes(tmp_path: Path) -> None:
    with open_store(tmp_path, write=True, create=True) as store:
        say(store, *TEXTS)
        backup = made(tmp_path)
        with store.write() as unit:
            revisions.erase(unit._connection, [contributions("–")[0].record])
    changed_byte(backup.path, 4096 * 3 + 5)
    data = backup.path.read_bytes()
    backup.path.write_bytes(data[: len(data) // 2])
    scrub_copies(tmp_path, None, silent)
    assert not backup.path.exists()


def test_a_trouble_that_is_ours_is_not_taken_for_a_damaged_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(tmp_path, write=True, create=True) as store:
        say(store, "un")
        backup = made(tmp_path)
        with store.write() as unit:
            revisions.erase(unit._connection, [contributions("–")[0].record])

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pessdesk.storage.restore.shutil.copyfile", full)
    with pytest.raises(PessError) as refusal:
        scrub_copies(tmp_path, None, silent)
    assert refusal.value.code == "disk-full"
    assert backup.path.exists()
