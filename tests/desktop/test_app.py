"""Starting the window where it cannot start, and beside another one."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from pessdesk.bootstrap import Program, opens_window
from pessdesk.desktop import app as app_module
from pessdesk.desktop.crash import SorryWindow
from pessdesk.desktop.screens.rescue import RescueScreen
from pessdesk.domain.errors import WorldUnkind
from tests.desktop.conftest import Desktop


@pytest.mark.parametrize(
    ("words", "opens"),
    [
        ([], True),
        (["--lang", "es"], True),
        (["--data-dir", "x"], True),
        (["--data-dir=x", "a.asice", "b.asice"], True),
        (["stats"], False),
        (["--help"], False),
        (["--version"], False),
        (["--data-dir", "x", "stats"], False),
        (["verify", "a.asice"], False),
    ],
)
def test_words_for_the_window_and_words_for_the_terminal(words: list[str], opens: bool) -> None:
    assert opens_window(words) is opens


def test_a_file_where_the_data_folder_should_be(
    dressed: QApplication,
    program: Program,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    place = tmp_path / "data"
    place.write_text("something else", encoding="utf-8")
    shown: list[str] = []

    def a_person_reads_it_and_closes(*_: object) -> int:
        window = next(w for w in QApplication.topLevelWidgets() if isinstance(w, SorryWindow) and w.isVisible())
        shown.append(window.said)
        window.close()
        return 0

    monkeypatch.setattr(QApplication, "exec", a_person_reads_it_and_closes)
    with pytest.raises(FileExistsError) as caught:
        place.mkdir()
    assert app_module._without_folder(dressed, program, place, "ca", caught.value) == 8
    assert "ja existeix" in shown[0]
    assert shown[0] in capsys.readouterr().err
    assert place.read_text(encoding="utf-8") == "something else"


@pytest.mark.parametrize(("what", "code"), [("newer", "store-newer"), ("garbage", "store-damaged")])
def test_a_store_that_cannot_be_opened_has_a_page_that_says_what_can_be_done(
    open_desktop: Callable[[Path], Desktop], home: Path, tmp_path: Path, what: str, code: str
) -> None:
    folder = tmp_path / "other"
    shutil.copytree(home, folder)
    if what == "garbage":
        (folder / "store.db").write_bytes(b"garbage" * 500)
        for name in ("store.db-wal", "store.db-shm"):
            (folder / name).unlink(missing_ok=True)
    else:
        import sqlcipher3.dbapi2 as driver

        connection = driver.connect(str(folder / "store.db"))
        connection.execute("UPDATE alembic_version SET version_num = '0999'")
        connection.commit()
        connection.close()
    before = (folder / "store.db").read_bytes()
    desktop = open_desktop(folder)
    page = desktop.screen(RescueScreen)
    assert page.code.text().startswith(code) and page.safe.isVisible()
    assert not desktop.window.top.isVisible(), "nothing says that everything is saved"
    assert page.isAncestorOf(desktop.focus)
    assert (folder / "store.db").read_bytes() == before, "left as it is"


def test_a_stick_that_is_not_plugged_in_is_not_a_first_start(tmp_path: Path) -> None:
    missing = tmp_path / "llapis" / "PessDesk"
    with pytest.raises(FileNotFoundError) as caught:
        app_module._make(missing, named=True)
    assert WorldUnkind.from_os(caught.value, missing).code == "folder-missing"
    assert list(tmp_path.iterdir()) == []
    app_module._make(missing, named=False)
    assert missing.is_dir()
