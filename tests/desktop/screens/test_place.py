"""A folder where another program changes files: it is said before anything is written there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from pessdesk.bootstrap import Program
from pessdesk.desktop.screens.first import FirstScreen
from pessdesk.desktop.screens.place import PlaceScreen
from pessdesk.system import paths
from tests.desktop.conftest import Desktop

OpenDesktop = Callable[[Path], Desktop]


@pytest.fixture
def cloud(tmp_path: Path) -> Path:
    folder = tmp_path / "Dropbox" / "PessDesk"
    (tmp_path / "Dropbox" / ".dropbox.cache").mkdir(parents=True)
    (tmp_path / "Dropbox" / ".dropbox").write_text("{}", encoding="utf-8")
    return folder


def test_it_is_said_before_the_first_write(open_desktop: OpenDesktop, cloud: Path) -> None:
    desktop = open_desktop(cloud)
    page = desktop.screen(PlaceScreen)
    assert "Dropbox" in page.about.text() and desktop.focus is page.choose
    assert not any(path.suffix in (".db", ".pem") for path in cloud.iterdir())
    desktop.window.go("today")
    assert desktop.window.screen_now is page


def test_used_all_the_same_it_is_not_asked_again(open_desktop: OpenDesktop, cloud: Path) -> None:
    desktop = open_desktop(cloud)
    desktop.click(desktop.screen(PlaceScreen).use_it)
    desktop.screen(FirstScreen)
    desktop.window.close()
    open_desktop(cloud).screen(FirstScreen)


def test_another_folder_is_used_now_and_at_each_start(
    open_desktop: OpenDesktop, cloud: Path, tmp_path: Path, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = tmp_path / "meva"
    chosen.mkdir()
    monkeypatch.setattr(paths, "usual_data_dir", lambda: tmp_path / "usual")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(chosen))
    assert program.default_data_dir() == tmp_path / "usual"
    desktop = open_desktop(cloud)
    page = desktop.screen(PlaceScreen)
    page.choose.click()
    assert not desktop.window.isVisible() and desktop.window.next_folder == chosen
    assert program.default_data_dir() == chosen.resolve()
    assert not (cloud / "store.db").exists()
