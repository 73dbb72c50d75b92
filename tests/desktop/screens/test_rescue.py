"""A store that cannot be used: what has happened, what is safe, what can be done; each road to its end."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pessdesk.bootstrap import Program
from pessdesk.desktop.screens.first import FirstScreen
from pessdesk.desktop.screens.rescue import RescueScreen
from pessdesk.desktop.screens.today import TodayScreen
from pessdesk.desktop.screens.unlock import UnlockScreen
from pessdesk.desktop.screens.workshop import WorkshopScreen
from pessdesk.domain.errors import StoreUnusable
from tests.desktop.conftest import Desktop, Laptop
from tests.desktop.keys import FakeKeychain, protect, unlock

OpenDesktop = Callable[[Path], Desktop]


@pytest.fixture(autouse=True)
def keychain(program: Program, monkeypatch: pytest.MonkeyPatch) -> FakeKeychain:
    fake = FakeKeychain()
    monkeypatch.setattr(program, "_given_keychain", fake)
    return fake


def damage(folder: Path) -> None:
    """Another content than was written, from the second page on."""
    data = bytearray((folder / "store.db").read_bytes())
    for place in range(4096, len(data), 1000):
        data[place] ^= 0xFF
    (folder / "store.db").write_bytes(data)
    for name in ("store.db-wal", "store.db-shm"):
        (folder / name).unlink(missing_ok=True)


def backed_up(folder: Path, *said: str) -> None:
    laptop = Laptop(folder)
    for number, words in enumerate(said):
        laptop.record(folder.parent / f"{number}.csv", words)
    assert Program().back_up(folder) is not None


@pytest.fixture
def hurt(open_desktop: OpenDesktop, home: Path) -> Desktop:
    backed_up(home, "La primera")
    damage(home)
    return open_desktop(home)


def finish(desktop: Desktop, page: RescueScreen) -> None:
    desktop.until(lambda: not page.errand.running)
    desktop.settle()


def test_the_newest_good_backup_is_offered_and_restored(hurt: Desktop, home: Path) -> None:
    page = hurt.screen(RescueScreen)
    assert page.backup is not None and "1 aportació" in page.offer_head.text()
    assert hurt.focus is page.restore
    assert not hurt.window.sidebar.isVisible() and hurt.message == ""
    hurt.press("Return")
    finish(hurt, page)
    assert "replaced" in page.safe.text() and hurt.focus is page.go_on
    hurt.press("Return")
    hurt.screen(TodayScreen)
    hurt.window.close()
    assert Laptop(home).stats["contributions"] == 1
    assert list((home / "replaced").iterdir()), "nothing is thrown away"


def test_a_damaged_backup_is_passed_over_for_the_one_before(open_desktop: OpenDesktop, home: Path) -> None:
    backed_up(home, "La primera")
    backed_up(home, "La segona")
    newest = Program().backups(home)[0].path
    newest.write_bytes(newest.read_bytes()[:8192] + b"x" * 9000)
    damage(home)
    desktop = open_desktop(home)
    page = desktop.screen(RescueScreen)
    for _ in range(2):  # it is found damaged when it is looked at, or when it is restored
        desktop.click(page.restore)
        finish(desktop, page)
        if page.go_on.isVisible():
            break
    desktop.click(page.go_on)
    desktop.screen(TodayScreen)
    desktop.window.close()
    assert Laptop(home).stats["contributions"] == 1


def test_without_a_backup_it_says_so_and_makes_no_empty_store(open_desktop: OpenDesktop, home: Path) -> None:
    damage(home)
    before = (home / "store.db").read_bytes()
    desktop = open_desktop(home)
    page = desktop.screen(RescueScreen)
    assert not page.restore.isVisible() and "demaneu ajuda" in page.safe.text()
    assert desktop.focus is page.again
    desktop.press("Return")
    desktop.screen(RescueScreen)
    desktop.window.close()
    assert (home / "store.db").read_bytes() == before


def test_a_store_that_is_gone_is_not_begun_anew(open_desktop: OpenDesktop, home: Path) -> None:
    backed_up(home, "La primera")
    for name in ("store.db", "store.db-wal", "store.db-shm"):
        (home / name).unlink(missing_ok=True)
    desktop = open_desktop(home)
    page = desktop.screen(RescueScreen)
    assert page.code.text() == "store-gone" and not (home / "store.db").exists()
    desktop.click(page.restore)
    finish(desktop, page)
    desktop.click(page.go_on)
    desktop.screen(TodayScreen)
    desktop.window.close()
    assert Laptop(home).stats["contributions"] == 1


def test_an_older_copy_can_be_taken_as_it_is(open_desktop: OpenDesktop, home: Path, tmp_path: Path) -> None:
    shutil.copy(home / "store.db", tmp_path / "older.db")
    Laptop(home).record(tmp_path / "x.csv", "La primera", "La segona")
    for name in ("store.db-wal", "store.db-shm"):
        (home / name).unlink(missing_ok=True)
    shutil.copy(tmp_path / "older.db", home / "store.db")
    desktop = open_desktop(home)
    page = desktop.screen(RescueScreen)
    assert page.code.text() in ("store-behind", "store-log-missing")
    desktop.click(page.accept)
    finish(desktop, page)
    desktop.screen(TodayScreen)
    desktop.window.close()
    assert Laptop(home).stats["contributions"] == 0
    open_desktop(home).screen(TodayScreen)


def test_a_newer_store_has_no_button_that_could_hurt_it(open_desktop: OpenDesktop, home: Path) -> None:
    import sqlcipher3.dbapi2 as driver

    connection = driver.connect(str(home / "store.db"))
    connection.execute("UPDATE alembic_version SET version_num = '0999'")
    connection.commit()
    connection.close()
    page = open_desktop(home).screen(RescueScreen)
    assert "0999" in page.about.text()
    assert not any(button.isVisible() for button in (page.restore, page.accept, page.afresh, page.later))


def test_a_protected_store_is_opened_first_and_mended_then(open_desktop: OpenDesktop, home: Path) -> None:
    Laptop(home).record(home.parent / "x.csv", "La primera")
    protect(home)
    program = Program(FakeKeychain())
    program.unlock(home, "quatre paraules ben triades")
    assert program.back_up(home) is not None
    damage(home)
    desktop = open_desktop(home)
    desktop.screen(UnlockScreen)
    unlock(desktop)
    page = desktop.screen(RescueScreen)
    desktop.click(page.restore)
    finish(desktop, page)
    desktop.click(page.go_on)
    desktop.screen(TodayScreen)


def test_found_while_people_work_they_are_told_and_not_interrupted(
    desktop: Desktop, workshop: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Program, "health", lambda *_: [("check-database", {"what": "page 7"})])
    desktop.go("workshop", workshop=workshop)
    desktop.type("A mig escriure")
    desktop.window.gate.keeper.soon.timeout.emit()
    desktop.until(lambda: desktop.message != "")
    assert isinstance(desktop.window.screen_now, WorkshopScreen)
    desktop.window.messages.action.click()
    page = desktop.screen(RescueScreen)
    assert page.later.isVisible()
    desktop.click(page.later)
    desktop.screen(TodayScreen)
    assert desktop.go("workshop", workshop=workshop).line.text.toPlainText() == "A mig escriure"


def test_found_while_nobody_writes_the_page_comes_by_itself(
    desktop: Desktop, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Program, "health", lambda *_: [("check-database", {"what": "page 7"})])
    desktop.window.gate.keeper.soon.timeout.emit()
    desktop.until(lambda: isinstance(desktop.window.screen_now, RescueScreen))
    desktop.settle()


def test_damage_met_by_a_screen_comes_to_the_page(
    desktop: Desktop, workshop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hurt(*_: object) -> None:
        raise StoreUnusable("store-damaged", path="x", what="y")

    desktop.go("workshop", workshop=workshop)
    with monkeypatch.context() as broken:
        broken.setattr("pessdesk.storage.reading.StoreReading.workshops", hurt)
        desktop.window.go("workshops")
        desktop.until(lambda: isinstance(desktop.window.screen_now, RescueScreen))
        desktop.settle()
    desktop.click(desktop.screen(RescueScreen).again)
    desktop.screen(TodayScreen)


def test_a_first_start_is_no_rescue(open_desktop: OpenDesktop, tmp_path: Path) -> None:
    open_desktop(tmp_path / "new").screen(FirstScreen)


@pytest.mark.parametrize("what", ["missing", "damaged"])
def test_keys_that_are_not_there_are_named(open_desktop: OpenDesktop, home: Path, what: str) -> None:
    protect(home)
    if what == "missing":
        (home / "keys.json").unlink()
    else:
        (home / "keys.json").write_text("{", encoding="utf-8")
    before = (home / "store.db").read_bytes()
    page = open_desktop(home).screen(RescueScreen)
    assert page.code.text() == f"keys-{what}" and "keys.json" in page.about.text()
    assert not page.restore.isVisible()
    assert (home / "store.db").read_bytes() == before


def test_a_healthy_store_is_looked_through_without_a_word(desktop: Desktop) -> None:
    desktop.window.gate.keeper.soon.timeout.emit()
    desktop.until(lambda: not desktop.window.gate.keeper.busy)
    desktop.settle()
    assert desktop.message == "" and isinstance(desktop.window.screen_now, TodayScreen)


def test_damage_that_no_screen_meets_is_found_by_the_look(
    open_desktop: OpenDesktop, home: Path, tmp_path: Path
) -> None:
    """A page of an index: everything can be read still, and the next change might not be found."""
    import sqlcipher3.dbapi2 as driver

    Laptop(home).record(tmp_path / "x.csv", *(f"Aportació {n}" for n in range(300)))
    connection = driver.connect(str(home / "store.db"))
    size = connection.execute("PRAGMA page_size").fetchone()[0]
    [root] = connection.execute(
        "SELECT rootpage FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'revision' ORDER BY rootpage DESC LIMIT 1"
    ).fetchone()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    data = bytearray((home / "store.db").read_bytes())
    for place in range((root - 1) * size + 200, root * size):
        data[place] ^= 0x55
    (home / "store.db").write_bytes(data)
    desktop = open_desktop(home)
    if isinstance(desktop.window.screen_now, TodayScreen):
        desktop.window.gate.keeper.soon.timeout.emit()
        desktop.until(lambda: isinstance(desktop.window.screen_now, RescueScreen))
    assert desktop.screen(RescueScreen).code.text().startswith("store-damaged")


def test_a_damaged_rehearsal_is_begun_anew(desktop: Desktop, home: Path) -> None:
    """What is in it was invented: nobody has to decide anything."""
    desktop.window.rehearse()
    desktop.settle()
    desktop.window.leave_rehearsal()
    desktop.settle()
    damage(home / "rehearsal")
    desktop.window.rehearse()
    desktop.until(lambda: not desktop.window.session.rehearsal)
    desktop.screen(TodayScreen)
    assert desktop.window.messages.action.isVisible()
    desktop.window.messages.action.click()
    screen = desktop.screen(WorkshopScreen)
    assert desktop.window.session.rehearsal and screen.model.rows
    assert (home / "rehearsal-1" / "store.db").exists()


def test_what_was_being_written_when_the_data_went_is_there_after_the_rescue(
    desktop: Desktop, home: Path, workshop: str
) -> None:
    desktop.go("workshop", workshop=workshop)
    desktop.type("Que el casal obri")
    desktop.press("Return")
    desktop.settle()
    Program().back_up(home)
    (home / "store.db").rename(home / "elsewhere")
    desktop.type("Que costa molt de dir")
    desktop.press("Return")
    desktop.settle()
    screen = desktop.screen(RescueScreen)
    assert not desktop.message  # the page says it all
    desktop.click(screen.restore)
    desktop.click(screen.go_on)
    back = desktop.go("workshop", workshop=workshop)
    assert [row.text for row in back.model.rows] == ["Que el casal obri"]
    assert back.line.text.toPlainText().strip() == "Que costa molt de dir"


@pytest.mark.parametrize("code", ["keys-missing", "keys-damaged", "device-key-missing", "store-gone"])
def test_nothing_is_promised_that_is_not_known(desktop: Desktop, code: str) -> None:
    """Without its keys a protected store opens no more: that may be all of it."""
    desktop.window.gate.rescue(StoreUnusable(code, path="x", what="y", version="9", known="2"))
    said = desktop.screen(RescueScreen)
    assert "no s'ha perdut res" not in said.safe.text()
    assert "hi ha còpies" not in said.about.text()
