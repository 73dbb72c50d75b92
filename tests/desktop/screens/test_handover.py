"""Handing over by the window: where a workshop is safe, the bundle written and read back, stopped, refused."""

from __future__ import annotations

import errno
import shutil
import threading
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QFileDialog, QLabel, QWidget

from pessdesk.application.export_bundle import Phase
from pessdesk.bundles.zipped import ZipWriter
from pessdesk.desktop.screens.handover import HandoverScreen
from pessdesk.desktop.screens.today import TodayScreen
from pessdesk.desktop.words import WORDS
from tests.desktop.conftest import Desktop, Laptop, run


@pytest.fixture
def said(laptop: Laptop, tmp_path: Path) -> Laptop:
    """The laptop once two things were said in today's workshop."""
    codes = [row["code"] for row in laptop.ok("workshop", "list")[0] if row["title"] == "Taller obert"]
    (tmp_path / "s.csv").write_text("text\nTransport a demanda\nFalta un telèfon\n", encoding="utf-8")
    laptop.ok("record", "--workshop", codes[0], tmp_path / "s.csv")
    return laptop


@pytest.fixture
def screen(said: Laptop, desktop: Desktop) -> HandoverScreen:
    shown: HandoverScreen = desktop.go("handover")
    return shown


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick"


def texts(widget: QWidget) -> list[str]:
    """What stands on it, from top to bottom."""
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible() and label.text()]


class Held:
    """An export that stands still at a phase until it is let go."""

    def __init__(self, screen: HandoverScreen, phase: Phase) -> None:
        self.there, self.go = threading.Event(), threading.Event()
        pulse = screen.errand.pulse

        def held(now: Any, count: int, total: int) -> None:
            pulse(now, count, total)
            if now is phase and not self.there.is_set():
                self.there.set()
                assert self.go.wait(20)

        screen.errand.pulse = held  # type: ignore[method-assign]


def test_a_workshop_that_is_only_here_says_so(screen: HandoverScreen, desktop: Desktop) -> None:
    shown = texts(screen.content)
    assert "Taller obert" in shown
    assert "2 aportacions" in shown
    assert "Encara no se n'ha escrit cap" in shown
    assert len(screen.buttons) == 1, "planned workshops without contributions have nothing to hand over"
    assert desktop.focus is next(iter(screen.buttons.values()))


def test_handing_over_with_the_keyboard_alone(
    said: Laptop, desktop: Desktop, workshop: str, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From today's screen to a verified file: the folder is asked for once and remembered."""
    asked: list[str] = []

    def choose(_: Any, __: str, usual: str) -> str:
        asked.append(usual)
        return str(stick)

    monkeypatch.setattr(QFileDialog, "getExistingDirectory", choose)
    desktop.press("Alt+3")
    screen = desktop.screen(HandoverScreen)
    desktop.press("Space")
    desktop.settle()
    (file,) = stick.iterdir()
    shown = texts(screen.account)
    assert shown[0] == "✓ Escrit, rellegit i verificat. Porteu-lo on l'esperen."
    assert shown[1] == str(file)
    assert desktop.focus is screen.account.open_it
    verified = run("verify", "--trust", said.folder / "trust", file).lines[0]
    assert verified["code"] == "signer-unknown", "the laptop does not stand in its own folder of trust"
    assert verified["content_id"] in shown[2]
    assert any(text.startswith("Escrit el ") for text in texts(screen.content))
    assert not any("canvi" in text for text in texts(screen.content))
    screen.buttons[workshop].click()
    desktop.settle()
    assert asked[1] == str(stick)
    assert len(list(stick.iterdir())) == 2


def test_what_changed_since_is_counted(screen: HandoverScreen, desktop: Desktop, workshop: str, stick: Path) -> None:
    screen.hand_over(workshop, stick)
    desktop.settle()
    desktop.go("workshop", workshop=workshop)
    desktop.type("I una cosa més")
    desktop.press("Return")
    desktop.settle()
    screen = desktop.go("handover")
    assert any(text.endswith("\n1 canvi des de llavors") for text in texts(screen.content))


def test_enter_with_a_workshop_puts_the_focus_on_its_button(
    said: Laptop, open_desktop: Callable[[Path], Desktop], home: Path, workshop: str, tmp_path: Path
) -> None:
    other = next(row for row in said.ok("workshop", "list")[0] if row["id"] != workshop)
    said.ok("record", "--workshop", other["code"], tmp_path / "s.csv")
    desktop = open_desktop(home)
    today = desktop.screen(TodayScreen)
    assert today.isVisible()
    for record in (workshop, other["id"]):
        screen: HandoverScreen = desktop.go("handover", workshop=record)
        assert desktop.focus is screen.buttons[record]


def test_a_programme_bundle_stands_among_those_written_before(
    _template: Path, open_desktop: Callable[[Path], Desktop], tmp_path: Path
) -> None:
    shutil.copytree(_template / "office", tmp_path / "office")
    screen: HandoverScreen = open_desktop(tmp_path / "office").go("handover")
    shown = texts(screen.content)
    assert "Encara no hi ha res per lliurar." in shown
    assert {"Paquets ja escrits", "Programa", "número 1"} <= set(shown)


@pytest.mark.parametrize("phase", Phase)
def test_stopping_leaves_no_file(
    phase: Phase, screen: HandoverScreen, desktop: Desktop, workshop: str, stick: Path
) -> None:
    held = Held(screen, phase)
    screen.hand_over(workshop, stick)
    desktop.until(held.there.is_set)
    desktop.until(screen.errand.isVisible)
    assert desktop.focus is screen.errand.stop, "the one thing that can be done has the focus"
    assert not screen.buttons[workshop].isEnabled()
    wanted = "S'escriu" if phase is Phase.WRITING else "Es rellegeix"
    desktop.until(lambda: screen.errand.words.text().startswith(wanted))
    desktop.press("Space")
    held.go.set()
    desktop.settle()
    assert list(stick.iterdir()) == []
    assert texts(screen.account) == ["Aturat. No ha quedat res a mitges."]
    assert not screen.errand.isVisible()
    assert screen.buttons[workshop].isEnabled()
    screen.hand_over(workshop, stick)
    desktop.settle()
    assert len(list(stick.iterdir())) == 1


def test_closing_the_window_stops_it_too(screen: HandoverScreen, desktop: Desktop, workshop: str, stick: Path) -> None:
    held = Held(screen, Phase.READING_BACK)
    screen.hand_over(workshop, stick)
    desktop.until(held.there.is_set)
    threading.Timer(0.2, held.go.set).start()
    desktop.window.close()
    assert list(stick.iterdir()) == []


def test_a_full_disk_is_said_beside_the_workshop(
    screen: HandoverScreen, desktop: Desktop, workshop: str, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(ZipWriter, "finish", full)
        screen.hand_over(workshop, stick)
        desktop.settle()
    said, code = texts(screen.account)
    assert said.startswith("El disc és ple: ")
    assert code == "disk-full"
    assert list(stick.iterdir()) == []
    assert desktop.message == ""
    screen.hand_over(workshop, stick)
    desktop.settle()
    assert texts(screen.account)[0].startswith("✓")


def test_too_little_room_is_said_before(
    screen: HandoverScreen, desktop: Desktop, workshop: str, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10_000, 9_000, 1_000))
    screen.hand_over(workshop, stick)
    desktop.settle()
    assert "no hi ha prou espai: calen 1 MB i n'hi ha 0 de lliures" in texts(screen.account)[0]


def test_a_stick_that_was_pulled_out(screen: HandoverScreen, desktop: Desktop, workshop: str, stick: Path) -> None:
    stick.rmdir()
    screen.hand_over(workshop, stick)
    desktop.settle()
    assert texts(screen.account) == [
        f"La carpeta {stick} no hi és. Heu connectat el llapis de memòria?", "folder-missing",
    ]  # fmt: skip


def test_the_rehearsal_says_beforehand_that_nothing_can_be_handed_over(desktop: Desktop, stick: Path) -> None:
    desktop.window.rehearse()
    desktop.settle()
    screen: HandoverScreen = desktop.go("handover")
    assert texts(screen.content)[0].startswith("Això és un assaig: res no se'n pot lliurar com a real.")
    (record,) = screen.buttons
    assert not screen.buttons[record].isEnabled()
    screen.hand_over(record, stick)
    desktop.settle()
    assert list(stick.iterdir()) == []
    assert desktop.focus.accessibleName() == "Surt de l'assaig"


def test_everything_is_said_in_the_language_that_is_chosen(
    screen: HandoverScreen, desktop: Desktop, workshop: str, stick: Path
) -> None:
    screen.hand_over(workshop, stick)
    desktop.settle()
    WORDS.use("en")
    desktop.settle()
    shown = texts(screen.content)
    assert "2 contributions" in shown
    assert "✓ Written, read back and verified. Take it where it is awaited." in shown
    assert "Bundles written before" in shown
