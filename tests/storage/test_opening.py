"""What is found at the opening of a store: work that is missing, a log of another's, changed bytes; and no false alarm."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pessdesk.domain.errors import PessError, StoreUnusable
from pessdesk.storage import mark as marks
from pessdesk.storage.driver import DATABASE, connect
from pessdesk.storage.mark import LOG, MARK, read_mark
from pessdesk.storage.reading import exists, open_reading
from pessdesk.storage.restore import accept, health
from pessdesk.storage.store import Store, open_store
from pessdesk.storage.swap import REPLACED
from tests.storage.test_store import contributions

KEYS = pytest.mark.parametrize("key", [None, bytes(range(32))], ids=["plain", "keyed"])
TEXTS = tuple(f"Més {word} a la comarca, número {n}" for n in range(60) for word in ("trens", "metges", "col·legis"))


def image(folder: Path, target: Path) -> Path:
    """The folder as a kill leaves it now, for nobody writes in this moment."""
    return shutil.copytree(folder, target, ignore=shutil.ignore_patterns("*.lock", "*-shm"))


def said(folder: Path, key: bytes | None = None) -> list[str]:
    with open_store(folder, write=True, key=key) as store, store.read() as unit:
        return [row["text"] for row in unit.contributions("01900000-0000-7000-8000-000000000001")]


def say(store: Store, *texts: str, first: int = 1) -> None:
    with store.write() as unit:
        unit.add(contributions(*["–"] * (first - 1), *texts)[first - 1 :])


def refusals(folder: Path, key: bytes | None = None) -> set[str]:
    """The codes with which everybody is refused who opens the store: to write, to read, the screens."""
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    codes = set()
    for opens in (
        lambda: open_store(folder, write=True, create=True, key=key),
        lambda: open_store(folder, write=False, key=key),
        lambda: open_reading(folder, key),
    ):
        with pytest.raises(StoreUnusable) as refusal:
            opens()
        codes.add(refusal.value.code)
    after = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert {name: after.get(name) for name in before} == before, "what was found is left as it is"
    return codes


@pytest.fixture
def killed(tmp_path: Path) -> Path:
    """A store whose last work is in the log only."""
    with open_store(tmp_path / "a", write=True, create=True) as store:
        say(store, "un", "dos")
        return image(tmp_path / "a", tmp_path / "killed")


def test_a_store_that_was_killed_opens_with_all_its_work(killed: Path) -> None:
    assert said(killed) == ["un", "dos"]


def test_a_log_that_is_gone_is_no_empty_store(killed: Path) -> None:
    (killed / LOG).unlink()
    assert refusals(killed) == {"store-log-missing"}


def test_a_log_of_another_store_is_found_before_it_is_replayed(killed: Path, tmp_path: Path) -> None:
    with open_store(tmp_path / "other", write=True, create=True) as store:
        say(store, "d'un altre")
        shutil.copyfile(tmp_path / "other" / LOG, killed / LOG)
    assert refusals(killed) == {"store-log-foreign"}


def test_an_older_log_of_the_same_store_is_not_replayed_either(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    with open_store(folder, write=True, create=True) as store:
        say(store, "un")
        older = image(folder, tmp_path / "older")
    with open_store(folder, write=True) as store:
        say(store, "dos", first=2)
        later = image(folder, tmp_path / "later")
    shutil.copyfile(older / LOG, later / LOG)
    assert refusals(later) == {"store-log-foreign"}


def test_an_older_copy_of_the_store_is_not_taken_for_the_store(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    with open_store(folder, write=True, create=True) as store:
        say(store, "un")
    shutil.copyfile(folder / DATABASE, tmp_path / "copy")
    with open_store(folder, write=True) as store:
        say(store, "dos", first=2)
    shutil.copyfile(tmp_path / "copy", folder / DATABASE)
    assert refusals(folder) == {"store-behind"}


def test_a_store_that_is_gone_is_not_begun_anew(tmp_path: Path) -> None:
    with open_store(tmp_path, write=True, create=True) as store:
        say(store, "un")
    (tmp_path / DATABASE).unlink()
    assert exists(tmp_path)
    assert refusals(tmp_path) == {"store-gone"}
    assert not (tmp_path / DATABASE).exists()
    accept(tmp_path, None)
    assert not exists(tmp_path)
    open_store(tmp_path, write=True, create=True).__exit__(None, None, None)


@KEYS
def test_a_person_may_take_a_store_as_it_is(tmp_path: Path, key: bytes | None) -> None:
    with open_store(tmp_path / "other", write=True, create=True, key=key) as store:
        say(store, "d'un altre")
        with open_store(tmp_path / "a", write=True, create=True, key=key) as ours:
            with ours.write() as unit:
                unit.set_settings({"device": "a" * 64, "epoch": "1"})
            say(ours, "un")
            ours.checkpoint()
            say(ours, "dos", first=2)
            folder = image(tmp_path / "a", tmp_path / "killed")
        shutil.copyfile(tmp_path / "other" / LOG, folder / LOG)
    foreign = (folder / LOG).read_bytes()
    accept(folder, key, now_ms=5_000_000)
    assert said(folder, key) == ["un"], "what was in the file is there, what was in the lost log is not"
    with open_store(folder, write=False, key=key) as store, store.read() as unit:
        assert unit.setting("epoch") == "5000"
        assert unit.setting("counter") == "0"
    aside = list((folder / REPLACED).rglob(LOG))
    assert [path.read_bytes() for path in aside] == [foreign]


def test_whoever_takes_a_store_twice_gets_a_later_epoch_though_the_clock_goes_back(tmp_path: Path) -> None:
    with open_store(tmp_path, write=True, create=True) as store:
        say(store, "un")
    epochs = []
    for now_ms in (9_000_000, 3_000_000):
        accept(tmp_path, None, now_ms=now_ms)
        with open_store(tmp_path, write=False) as store, store.read() as unit:
            epochs.append(int(unit.setting("epoch") or 0))
    assert epochs[0] < epochs[1]


def lives(folder: Path, seed: int) -> Iterator[None]:
    """A store that is opened, worked on, checkpointed, wiped, read beside, closed; a pause after each."""
    chance, number = random.Random(seed), 0
    for _ in range(4):
        with open_store(folder, write=True, create=True, keep=chance.random() < 0.5) as store:
            yield
            for _ in range(chance.randrange(6)):
                what = chance.randrange(5)
                if what == 0:
                    store.checkpoint()
                elif what == 1:
                    store.wipe()
                elif what == 2:
                    with open_store(folder, write=False) as reader, reader.read() as unit:
                        unit.counts()
                else:
                    number += 1
                    with store.write() as unit:
                        unit.set_setting("x", str(number))
                yield
        yield


@pytest.mark.parametrize("seed", range(12))
def test_a_mark_that_a_power_cut_took_back_accuses_nobody(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mark on the disk may be any of those written since the last that was synced."""
    folder, synced, possible = tmp_path / "a", [], []
    real = os.fsync
    monkeypatch.setattr(marks.os, "fsync", lambda handle: (real(handle), synced.append(1)))
    for number, _ in enumerate(lives(folder, seed)):
        if synced:
            possible.clear()
            synced.clear()
        possible.append((folder / MARK).read_bytes())
        for lagging in set(possible):
            found = image(folder, tmp_path / f"{number}")
            (found / MARK).write_bytes(lagging)
            reading = open_reading(found)
            assert reading is not None
            reading.close()
            with open_store(found, write=True), open_store(found, write=False):
                pass
            shutil.rmtree(found)


@pytest.mark.parametrize("said_there", [b"", b"PessMark", b"x" * 32, bytes(range(200))])
def test_a_mark_that_is_half_there_accuses_nobody(tmp_path: Path, said_there: bytes) -> None:
    with open_store(tmp_path, write=True, create=True) as store:
        say(store, "un")
    (tmp_path / MARK).write_bytes(said_there)
    assert said(tmp_path) == ["un"]
    assert read_mark(tmp_path) is not None


def test_whoever_reads_beside_a_writer_is_never_refused(tmp_path: Path) -> None:
    ended, troubles = threading.Event(), []

    def write() -> None:
        try:
            with open_store(tmp_path, write=True, keep=True) as store:
                with store._engine.connect() as connection:  # the log begins anew all the time
                    connection.exec_driver_sql("PRAGMA wal_autocheckpoint=4")
                    connection.rollback()
                for number in range(400):
                    with store.write() as unit:
                        unit.set_setting("x", str(number))
        except Exception as problem:
            troubles.append(problem)
        finally:
            ended.set()

    open_store(tmp_path, write=True, create=True).__exit__(None, None, None)
    thread = threading.Thread(target=write)
    thread.start()
    while not ended.is_set():
        reading = open_reading(tmp_path)
        assert reading is not None
        reading.close()
    thread.join()
    assert not troubles


def test_the_mark_knows_every_unit_of_work_that_changed_something(tmp_path: Path) -> None:
    with open_store(tmp_path, write=True, create=True) as store:
        tides = []
        for number in range(3):
            with store.write() as unit:
                unit.set_setting("x", str(number))
            tides.append(read_mark(tmp_path))
        with store.write() as unit:
            unit.counts()
        with pytest.raises(ZeroDivisionError), store.write() as unit:
            unit.set_setting("x", str(1 / 0))
        assert [found.tide for found in tides if found] == [1, 2, 3]
        assert read_mark(tmp_path) == tides[-1]


@KEYS
def test_flipped_bytes_are_found_or_harmless(tmp_path: Path, key: bytes | None) -> None:
    """Wherever a byte is changed in a store at rest: opening refuses it, `health` finds it, or every text is what it was."""
    with open_store(tmp_path / "a", write=True, create=True, key=key) as store:
        say(store, *TEXTS)
    whole = (tmp_path / "a" / DATABASE).read_bytes()
    chance = random.Random(4)
    places = [*range(0, 120, 7), *(chance.randrange(len(whole)) for _ in range(140))]
    found = 0
    for place in places:
        folder = tmp_path / "flipped"
        folder.mkdir()
        changed = bytearray(whole)
        changed[place] ^= 1 << chance.randrange(8)
        (folder / DATABASE).write_bytes(changed)
        try:
            texts = said(folder, key)
            wrong = health(folder, key, lambda _count, _total: None)
        except PessError as refusal:
            assert refusal.code in ("store-damaged", "store-newer"), place
            found += 1
        else:
            assert wrong or texts == list(TEXTS), place
            found += bool(wrong)
        shutil.rmtree(folder)
    assert found > len(places) // (4 if key is None else 2)


def test_health_finds_a_text_that_no_revision_says(tmp_path: Path) -> None:
    with open_store(tmp_path, write=True, create=True) as store:
        say(store, *TEXTS)
    assert health(tmp_path, None, lambda _count, _total: None) == []
    with closing(connect(tmp_path / DATABASE)) as connection:
        connection.execute("UPDATE contribution SET text = 'Cap tren' WHERE number = 7")
    assert health(tmp_path, None, lambda _count, _total: None) == [("check-projection", {"count": 1})]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_in_a_folder_that_cannot_be_written_no_store_is_made_and_one_that_is_there_can_be_read() -> None:
    """As somebody who may not write there: a child gives up what root may."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "a"
        with open_store(folder, write=True, create=True) as store:
            say(store, "un")
        (Path(temporary) / "empty").mkdir()
        for path in (Path(temporary), folder, Path(temporary) / "empty"):
            path.chmod(0o555)
        child = os.fork()
        if child == 0:
            try:
                if os.geteuid() == 0:
                    os.setuid(65534)
                codes = []
                for there in (Path(temporary) / "new", Path(temporary) / "empty", folder):
                    try:
                        open_store(there, write=True, create=True)
                    except PessError as refusal:
                        codes.append(refusal.code)
                os._exit(0 if codes == ["folder-read-only"] * 3 else 2)
            except BaseException:
                os._exit(3)
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) == 0
        for path in (Path(temporary), folder, Path(temporary) / "empty"):
            path.chmod(0o755)
        assert not (Path(temporary) / "new").exists()
        assert not list((Path(temporary) / "empty").iterdir())
        assert said(folder) == ["un"]
