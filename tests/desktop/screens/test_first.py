"""The first start: two questions, both answered already, and straight to a first contribution."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from pessdesk.desktop.screens.first import FirstScreen
from pessdesk.desktop.screens.today import TodayScreen
from pessdesk.desktop.screens.workshop import WorkshopScreen
from pessdesk.desktop.settings import Settings
from pessdesk.desktop.window import REHEARSAL
from pessdesk.desktop.words import WORDS
from pessdesk.domain.errors import WorldUnkind
from tests.desktop.conftest import Desktop, Laptop

OpenDesktop = Callable[[Path], Desktop]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def first(open_desktop: OpenDesktop, data: Path) -> Desktop:
    desktop = open_desktop(data)
    desktop.screen(FirstScreen)
    return desktop


def test_name_enter_sentence_enter(first: Desktop, data: Path) -> None:
    first.type("Solsona, taula 1")
    first.press("Return")
    screen = first.screen(WorkshopScreen)
    assert first.window.session.rehearsal and first.window.banner is not None and first.window.banner.isVisible()
    before = screen.model.counts().all
    assert before > 0 and first.focus is screen.line.text
    first.type("La primera")
    first.press("Return")
    first.settle()
    assert screen.model.counts().all == before + 1
    first.window.close()
    assert Laptop(data).ok("device", "card")[0]["label"] == "Solsona, taula 1"
    assert Laptop(data).stats["contributions"] == 0, "nothing of the rehearsal is in the real store"
    assert Laptop(data / REHEARSAL).stats["contributions"] == before + 1


def test_without_a_name_and_without_trying(first: Desktop, data: Path) -> None:
    screen = first.screen(FirstScreen)
    first.click(screen.straight)
    first.screen(TodayScreen)
    assert not first.window.session.rehearsal
    first.window.close()
    assert Laptop(data).ok("device", "card")[0]["label"] == "Portàtil"


def test_enter_twice_begins_once(first: Desktop, data: Path) -> None:
    first.type("Solsona")
    for _ in range(3):
        first.press("Return")
    screen = first.screen(WorkshopScreen)
    first.window.close()
    assert len(Laptop(data / REHEARSAL).codes()) == 1
    assert screen is not None


def test_the_language_is_chosen_by_keyboard_and_remembered(
    first: Desktop, data: Path, open_desktop: OpenDesktop
) -> None:
    screen = first.screen(FirstScreen)
    welcome = screen.heading.text()
    first.type("Solsona")
    for _ in range(20):
        first.press("Shift+Tab")
        if first.focus is screen.languages["es"]:
            break
    first.press("Space")
    assert WORDS.language == "es" and screen.heading.text() != welcome
    assert [code for code, button in screen.languages.items() if button.isChecked()] == ["es"]
    assert screen.laptop.text() == "Solsona", "what was typed stays"
    first.click(screen.straight)
    first.screen(TodayScreen)
    first.window.close()
    assert Settings(data).word("language") == "es"
    WORDS.use("ca")


def test_pressing_the_language_that_is_spoken_leaves_it_on(first: Desktop) -> None:
    screen = first.screen(FirstScreen)
    first.click(screen.languages["ca"])
    assert screen.languages["ca"].isChecked() and WORDS.language == "ca"


@pytest.mark.parametrize("name", ["x" * 121, "a\u2028b"])
def test_a_name_that_is_none_is_refused_beside_it(first: Desktop, data: Path, name: str) -> None:
    screen = first.screen(FirstScreen)
    screen.laptop.setMaxLength(32767)
    screen.laptop.setText(name)
    first.press("Return")
    first.settle()
    assert screen.wrong.isVisible() and screen.wrong.text().startswith("El nom del portàtil")
    assert first.window.screen_now is screen and not (data / "store.db").exists()
    screen.laptop.setText("Solsona")
    first.press("Return")
    first.screen(WorkshopScreen)


def test_a_folder_that_cannot_be_written_says_so_and_can_be_tried_again(
    first: Desktop, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = first.screen(FirstScreen)

    def full(*_: object, **__: object) -> None:
        raise WorldUnkind("disk-full", path=str(data), reason="")

    with monkeypatch.context() as broken:
        broken.setattr("pessdesk.storage.store.open_store", full)
        first.click(screen.straight)
        assert "disc és ple" in screen.wrong.text() and screen.straight.isEnabled()
        assert first.window.screen_now is screen
    first.click(screen.straight)
    first.screen(TodayScreen)


def test_a_first_start_that_was_killed_is_a_first_start_again(open_desktop: OpenDesktop, data: Path) -> None:
    """The file is there and nothing is in it."""
    data.mkdir()
    (data / "store.db").touch()
    desktop = open_desktop(data)
    assert isinstance(desktop.window.screen_now, FirstScreen | TodayScreen)
    assert desktop.message == ""


def test_nothing_of_the_rehearsal_can_be_handed_over_and_one_comes_back(first: Desktop, data: Path) -> None:
    first.press("Return")
    first.screen(WorkshopScreen)
    first.window.leave_rehearsal()
    first.screen(TodayScreen)
    assert not first.window.session.rehearsal and first.window.session.folder == data
    assert first.window.banner is not None and not first.window.banner.isVisible()
    first.window.rehearse()
    screen = first.screen(WorkshopScreen)
    assert screen.row is not None and len(screen.model.rows) > 0, "it is there again, as it was left"


def test_to_and_fro_between_the_real_and_the_rehearsal(first: Desktop) -> None:
    """Quicker than anything is read: nothing is delivered to a screen of the other store."""
    first.press("Return")
    first.screen(WorkshopScreen)
    for _ in range(4):
        first.window.leave_rehearsal()
        first.window.rehearse()
    QApplication.processEvents()
    first.screen(WorkshopScreen)
    assert first.window.session.rehearsal


def test_one_comes_back_from_the_help(first: Desktop) -> None:
    screen = first.screen(FirstScreen)
    first.press("F1", first.window)
    first.settle()
    assert first.window.screen_now is not screen
    first.press("Alt+Left", first.window)
    assert first.screen(FirstScreen) is screen
