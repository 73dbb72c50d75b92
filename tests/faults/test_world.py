"""Faults 5 to 9, end to end: what others do to a store, what a person hears of it, and what comes back from a backup."""

from __future__ import annotations

import os
import random
import shutil
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from pessdesk.domain.errors import PessError, StoreUnusable
from pessdesk.storage.driver import DATABASE
from tests.cli.conftest import run
from tests.faults.acts import STORE, BackUp, Draft, Enter, Laptop, Lost, Photo, Seen, Start, after, live, look, person
from tests.faults.conftest import SEED, often
from tests.faults.crowd import Crowd
from tests.faults.ground import Ground
from tests.faults.shown import shown

LOG = f"{DATABASE}-wal"
BEFORE = (Start(), Enter("Transport", 2), Photo("Transport", 1), BackUp())
SINCE = (Enter("Menjador"), Draft("Que el col"))
DAMAGED = {"store-damaged", "store-log-missing", "store-log-foreign", "store-behind", "check-failed"}


def died(root: Path) -> None:
    """A laptop that went out while its window was open: the log is still there."""
    child = os.fork()
    if child == 0:
        try:
            laptop = Laptop(root)
            for act in (*BEFORE, *SINCE):
                act.do(laptop)
        finally:
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)


def killed_laptop(task: tuple[Ground, Path]) -> Path:
    """In a worker of the crowd, which may fork."""
    ground, to = task
    died(ground.copy(to))
    return to


@pytest.fixture(scope="module")
def open_log(ground: Ground, crowd: Crowd, scratch: Path) -> Path:
    (made,) = crowd.map(killed_laptop, [(ground, scratch / "open-log")], "a laptop that went out")
    assert (made / STORE / LOG).stat().st_size > 0
    return made


@pytest.fixture
def left(open_log: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(open_log, tmp_path / "left"))


def restored(root: Path, ground: Ground) -> Seen:
    """What is there after the newest backup that is good was put back: asked for until one is."""
    program, folder = person(), root / STORE
    for backup in program.backups(folder):
        try:
            program.restore(folder, backup, lambda _done, _all: None)
            break
        except StoreUnusable as problem:
            assert problem.code == "backup-damaged"
    return look(root)


def flipped(task: tuple[Ground, Path, int]) -> tuple[str, str]:
    """Flip some bytes of a closed store's file; gives the code of the refusal (empty: nothing was hit), and what was lost."""
    ground, scratch, seed = task
    chance = random.Random(seed)
    root = ground.copy(scratch / f"flipped-{seed}")
    live(root, (*BEFORE, *SINCE))
    database = root / STORE / DATABASE
    data = bytearray(database.read_bytes())
    for _ in range(chance.choice([1, 3, 200])):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    database.write_bytes(data)
    code = ""
    with suppress(PessError):  # the window, whatever it shows, must not fall over
        shown(root / STORE)
    checked = run("check", home=root / STORE)
    if checked.code not in (0, 9, 10):
        return "", f"check ended with {checked.code}: {checked.err}"
    code = str(checked.trouble["error"]) if checked.code else _found_at_use(root)
    if code:
        # from the backup, and what can still be read of the damaged store: at least what the backup had
        found, backed_up = restored(root, ground), after(ground.seen, BEFORE)
        if not set(backed_up.told) <= set(found.told) or run("check", home=root / STORE).code != 0:
            return code, f"restored, and there is: {found}"
        if len(list((root / STORE / "replaced").iterdir())) != 1:
            return code, "the damaged store was not kept"
    elif look(root).told != after(ground.seen, (*BEFORE, *SINCE)).told:
        return "", f"nobody noticed, and there is: {look(root)}"
    shutil.rmtree(root)
    return code, ""


def _found_at_use(root: Path) -> str:
    """What `check` does not see: a letter of a text that is derived, which making it anew mends, for the revisions are sound;
    or of a table's name or type, which is found when that table is used."""
    try:
        look(root)
    except Lost:
        with person().desk(root / STORE, write=True) as desk, desk.store.write() as unit:
            unit.rebuild()
    except StoreUnusable as problem:
        return problem.code
    return ""


def test_flipped_bytes_are_found_and_the_backup_brings_back_what_it_had(
    ground: Ground, crowd: Crowd, scratch: Path, ledger: Callable[..., None]
) -> None:
    tasks = [(ground, scratch, SEED * 1_000_000 + number) for number in range(min(often(24), 400))]
    found = list(crowd.map(flipped, tasks, "flipped bytes"))
    lost = [lost for _, lost in found if lost]
    codes = {code for code, _ in found if code}
    assert codes and codes <= DAMAGED
    ledger(
        5, "some bits of the store's file flipped; found, set aside, restored from the backup",
        repetitions=len(found), acknowledged=len(found) * len(BEFORE), lost=len(lost),
    )  # fmt: skip
    assert not lost, lost[:2]


def test_a_log_that_is_gone_is_missed_and_the_store_is_not_opened_without_it(
    left: Path, ground: Ground, ledger: Callable[..., None]
) -> None:
    """Otherwise what was said since the last checkpoint would be gone without a word."""
    (left / STORE / LOG).unlink()
    (left / STORE / f"{DATABASE}-shm").unlink()
    for words in (("stats",), ("check",)):
        assert run(*words, home=left / STORE).trouble["error"] == "store-log-missing"
    with pytest.raises(StoreUnusable, match="store-log-missing"), person().desk(left / STORE, write=True):
        pass
    assert set(after(ground.seen, BEFORE).told) <= set(restored(left, ground).told)
    ledger(
        6, "the log removed: refused by commands and window, restored from the backup", repetitions=1, acknowledged=4
    )


def test_the_log_of_another_store_is_not_taken_for_its_own(
    left: Path, open_log: Path, ground: Ground, crowd: Crowd, scratch: Path, ledger: Callable[..., None]
) -> None:
    (other,) = crowd.map(killed_laptop, [(ground, scratch / "other-log")], "another laptop that went out")
    shutil.copy(other / STORE / LOG, left / STORE / LOG)
    (left / STORE / f"{DATABASE}-shm").unlink()
    assert run("stats", home=left / STORE).trouble["error"] == "store-log-foreign"
    assert set(after(ground.seen, BEFORE).told) <= set(restored(left, ground).told)
    ledger(6, "another store's log put beside: refused, restored from the backup", repetitions=1, acknowledged=4)


def test_when_the_newest_backup_is_corrupt_the_one_before_is_used(
    ground: Ground, tmp_path: Path, ledger: Callable[..., None]
) -> None:
    root = ground.copy(tmp_path / "laptop")
    live(root, (*BEFORE, *SINCE, BackUp()))
    newest, _ = sorted((root / STORE / "backups").glob("*.db"), reverse=True)
    for path in (newest, root / STORE / DATABASE):
        data = bytearray(path.read_bytes())
        data[4096 : len(data) // 2] = bytes(len(data) // 2 - 4096)
        path.write_bytes(data)
    assert run("stats", home=root / STORE).code == 9
    assert set(after(ground.seen, BEFORE).told) <= set(restored(root, ground).told)
    ledger(
        7, "store and newest backup both overwritten by zeros: the one before is used", repetitions=1, acknowledged=4
    )


def test_while_the_window_is_open_a_command_that_writes_says_so_and_reads_go_on(
    ground: Ground, tmp_path: Path, ledger: Callable[..., None]
) -> None:
    root = ground.copy(tmp_path / "laptop")
    laptop = Laptop(root)
    laptop.open()
    folder = root / STORE
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("text\nHola\n", encoding="utf-8")
    code = run("workshop", "list", home=folder).lines[0][0]["code"]
    new = ("workshop", "new", "--title", "T", "--date", "2026-03-12", "--comarca", "04")
    for words in (("record", "--workshop", code, sheet), new, ("import", root / "other.asice")):
        ran = run(*words, home=folder)
        assert (ran.code, ran.trouble["error"]) == (7, "store-busy")
        told = run(*words, home=folder, json_lines=False).err
        assert "store-busy" in told and "locked" not in told
    assert run("stats", home=folder).code == 0
    laptop.leave()
    assert run("record", "--workshop", code, sheet, home=folder).code == 0
    ledger(8, "commands that write while the window is open: exit code 7, a sentence, nothing written", repetitions=6)


@pytest.mark.parametrize(
    "words", [("stats",), ("check",), ("workshop", "list"), ("search", "x"), ("export", "--workshop", "X", "--to", ".")]
)
def test_a_folder_that_is_not_there_yet_is_not_made_into_an_empty_store(
    words: tuple[str, ...], tmp_path: Path, ledger: Callable[..., None]
) -> None:
    stick = tmp_path / "stick" / "pessdesk"
    ran = run(*words, home=stick)
    assert (ran.code, ran.trouble["error"]) == (9, "store-missing")
    assert not stick.parent.exists()
    assert person().reading(stick) is None
    ledger(9, f"`{words[0]}` on a folder that is not there: refused, no store made", repetitions=1)


def test_the_folder_of_somebodys_cloud_is_warned_of_before_the_first_write(
    tmp_path: Path, ledger: Callable[..., None]
) -> None:
    for name in ("Dropbox", "OneDrive", "Nextcloud"):
        (tmp_path / name / "pessdesk").mkdir(parents=True)
        assert person().place_warning(tmp_path / name / "pessdesk") == "place-cloud"
    assert person().place_warning(tmp_path) == ""
    assert not any(path.is_file() for path in tmp_path.rglob("*"))
    ledger(9, "a folder of a cloud: warned of, nothing written", repetitions=3)
