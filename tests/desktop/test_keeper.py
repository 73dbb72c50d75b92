"""Backups that nobody need think of: after the start, each hour, at closing; never in anybody's way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pessdesk.bootstrap import Program
from pessdesk.desktop import keeper
from pessdesk.domain.errors import WorldUnkind
from tests.desktop.conftest import Desktop

OpenDesktop = Callable[[Path], Desktop]


def rest(desktop: Desktop) -> None:
    desktop.until(lambda: not desktop.window.gate.keeper.busy)
    desktop.settle()


def say(desktop: Desktop, workshop: str, words: str) -> None:
    desktop.go("workshop", workshop=workshop)
    desktop.type(words)
    desktop.press("Return")
    desktop.settle()


def test_after_the_start_and_each_hour_if_something_changed(
    desktop: Desktop, program: Program, home: Path, workshop: str
) -> None:
    of = desktop.window.gate.keeper
    assert of.soon.isActive() and of.hourly.isActive()
    of.soon.timeout.emit()
    rest(desktop)
    assert len(program.backups(home)) == 1 and of.current
    of.hourly.timeout.emit()
    rest(desktop)
    assert len(program.backups(home)) == 1, "nothing changed"
    say(desktop, workshop, "La primera")
    assert not of.current
    of.hourly.timeout.emit()
    rest(desktop)
    assert [backup.contributions for backup in program.backups(home)] == [1, 0]


def test_at_closing_if_something_changed(
    open_desktop: OpenDesktop, program: Program, home: Path, workshop: str
) -> None:
    open_desktop(home).window.close()
    assert program.backups(home) == [], "nothing was done"
    desktop = open_desktop(home)
    say(desktop, workshop, "La primera")
    desktop.window.close()
    assert [backup.contributions for backup in program.backups(home)] == [1]


def test_one_that_would_keep_people_waiting_is_left_for_the_next_start(
    open_desktop: OpenDesktop, program: Program, home: Path, workshop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    desktop = open_desktop(home)
    say(desktop, workshop, "La primera")
    monkeypatch.setattr(keeper, "CLOSING_S", -1.0)
    desktop.window.close()
    assert program.backups(home) == [] and not list((home / "backups").glob("*.part"))
    again = open_desktop(home)
    again.window.gate.keeper.soon.timeout.emit()
    rest(again)
    assert [backup.contributions for backup in program.backups(home)] == [1]


def test_what_stands_in_the_way_is_told_calmly_and_tried_again(
    desktop: Desktop, program: Program, home: Path, workshop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise WorldUnkind("disk-full", path=str(home), reason="")

    of = desktop.window.gate.keeper
    say(desktop, workshop, "La primera")
    with monkeypatch.context() as broken:
        broken.setattr(Program, "back_up", full)
        of.hourly.timeout.emit()
        rest(desktop)
    assert "disc és ple" in desktop.message
    say(desktop, workshop, "La segona")
    of.hourly.timeout.emit()
    rest(desktop)
    assert [backup.contributions for backup in program.backups(home)] == [2]


def test_a_damaged_store_gets_into_no_backup(
    desktop: Desktop, program: Program, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Program, "health", lambda *_: [("check-database", {"what": "page 7"})])
    desktop.window.gate.keeper.soon.timeout.emit()
    rest(desktop)
    assert program.backups(home) == []


def test_closing_meanwhile_stops_it_and_leaves_nothing_half_made(desktop: Desktop, home: Path, workshop: str) -> None:
    say(desktop, workshop, "La primera")
    desktop.window.gate.keeper.back_up()
    desktop.window.close()
    assert not list((home / "backups").glob("*.part*"))
