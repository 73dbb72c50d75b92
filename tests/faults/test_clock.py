"""Faults 13 and 14: a clock that is set back, that jumps, that changes its zone; and workshops about midnight."""

# ruff: noqa: F811 - fixtures of the window

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QDate, Qt

from pessdesk.application.capture_line import draft_key
from pessdesk.storage.reading import open_reading
from tests.desktop.conftest import (  # noqa: F401 - fixtures
    Desktop,
    Laptop,
    _as_it_was,
    _template,
    dressed,
    home,
    laptop,
    open_desktop,
    program,
    workshop,
)

YEAR_MS = 365 * 86_400_000
ZONES = ("Europe/Madrid", "Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC")


class Clock:
    """What the laptop claims about the time: as it really goes by, and moved."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.moved_ms = 0
        monkeypatch.setattr("pessdesk.system.clock.SystemClock.now_ms", lambda _: self.now_ms())

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000 + self.moved_ms

    def set_to(self, moment: datetime) -> None:
        self.moved_ms = int(moment.timestamp() * 1000) - time.time_ns() // 1_000_000


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Sets the zone of the whole program, as the system does when somebody travels."""

    def use(name: str) -> None:
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield use
    monkeypatch.undo()
    time.tzset()


def say(desktop: Desktop, workshop: str, *texts: str) -> list[str]:
    screen = desktop.go("workshop", workshop=workshop)
    for text in texts:
        desktop.type(text)
        desktop.press("Return")
        desktop.settle()
    return [row.text for row in screen.model.rows]


# Set back


def test_a_draft_is_offered_though_the_clock_was_set_back_three_years(
    home: Path, workshop: str, open_desktop: Callable[[Path], Desktop], clock: Clock
) -> None:
    desktop = open_desktop(home)
    desktop.go("workshop", workshop=workshop)
    desktop.type("A mitges")
    desktop.window.close()
    clock.moved_ms = -3 * YEAR_MS
    desktop = open_desktop(home)
    found: list[str] = []
    desktop.window.session.read(lambda reading: [d.record for d in reading.open_drafts()], found.extend)
    desktop.settle()
    assert found == [workshop], "Today lists it"
    assert desktop.go("workshop", workshop=workshop).line.text.words() == "A mitges"


def test_the_order_is_that_in_which_it_was_said(
    home: Path, workshop: str, open_desktop: Callable[[Path], Desktop], clock: Clock
) -> None:
    """Newest on top, also while the clock says that it is three years ago, or twenty years from now."""
    desktop = open_desktop(home)
    said = []
    for number, moved in enumerate((0, -3 * YEAR_MS, 20 * YEAR_MS, 0)):
        clock.moved_ms = moved
        said.insert(0, f"frase {number}")
        assert say(desktop, workshop, said[0]) == said
    desktop.window.close()
    desktop = open_desktop(home)
    assert say(desktop, workshop) == said
    desktop.window.close()
    listed = Laptop(home).ok("search", "frase")[0]
    assert [row["text"] for row in listed] == said
    assert [row["code"][-3:] for row in listed] == ["004", "003", "002", "001"]
    Laptop(home).ok("check")


def test_a_change_made_with_the_clock_set_back_is_the_newest(laptop: Laptop, workshop: str, clock: Clock) -> None:
    """The stamp of a laptop never goes back: the later edit wins, and the history tells it last."""
    code = next(row["code"] for row in laptop.ok("workshop", "list")[0] if row["id"] == workshop)
    for moved, agenda in ((0, "primer"), (-3 * YEAR_MS, "després"), (-6 * YEAR_MS, "al final")):
        clock.moved_ms = moved
        laptop.ok("workshop", "describe", code, "--agenda", agenda)
    told = laptop.ok("history", code)[0]
    assert [one["changed"].get("agenda") for one in told[-3:]] == ["primer", "després", "al final"]
    laptop.ok("check")


def test_undo_goes_by_the_order_not_by_the_clock(
    home: Path, workshop: str, open_desktop: Callable[[Path], Desktop], clock: Clock
) -> None:
    desktop = open_desktop(home)
    say(desktop, workshop, "una")
    clock.moved_ms = -3 * YEAR_MS
    say(desktop, workshop, "dues")
    desktop.window.close()
    desktop = open_desktop(home)
    desktop.until(lambda: desktop.window.session.history.can_undo)
    screen = desktop.go("workshop", workshop=workshop)
    desktop.press("Ctrl+Z")
    desktop.settle()
    assert [row.text for row in screen.model.rows if not row.withdrawn] == ["una"]


# Zones, and the night in which an hour comes twice


@pytest.mark.parametrize("away", ZONES)
def test_the_date_of_a_workshop_is_the_same_day_everywhere(
    home: Path, workshop: str, open_desktop: Callable[[Path], Desktop], zone: Callable[[str], None], away: str
) -> None:
    """Seen and saved in another zone, nothing shifts: only what was typed is another one."""
    zone("Europe/Madrid")
    before = next(row for row in Laptop(home).ok("workshop", "list")[0] if row["id"] == workshop)["date"]
    zone(away)
    desktop = open_desktop(home)
    for agenda in ("u", "dos", "tres"):
        screen = desktop.go("facts", workshop=workshop)
        assert screen.date.date().toString(Qt.DateFormat.ISODate) == before
        screen.paragraphs["agenda"].setPlainText(agenda)
        desktop.go("today")
    desktop.window.close()
    told = Laptop(home).ok("history", workshop)[0]
    assert [set(one["changed"]) for one in told[1:]] == [{"agenda"}] * 3
    after = next(row for row in Laptop(home).ok("workshop", "list")[0] if row["id"] == workshop)["date"]
    assert after == before


@pytest.mark.parametrize("away", ZONES)
def test_a_new_workshop_has_the_day_of_the_room(
    home: Path, open_desktop: Callable[[Path], Desktop], zone: Callable[[str], None], away: str
) -> None:
    """Not the day of Greenwich: at one of these places it is always another one."""
    zone(away)
    desktop = open_desktop(home)
    screen = desktop.go("new")
    day = datetime.now(ZoneInfo(away)).date().isoformat()
    assert screen.date.date().toString(Qt.DateFormat.ISODate) == day
    desktop.type("Taller de mitjanit")
    screen.place.setText("Solsona")
    screen.submit()
    desktop.settle()
    desktop.window.close()
    zone("UTC")
    dates = {row["title"]: row["date"] for row in Laptop(home).ok("workshop", "list")[0]}
    assert dates["Taller de mitjanit"] == day


def test_the_hour_that_comes_twice(laptop: Laptop, workshop: str, clock: Clock, zone: Callable[[str], None]) -> None:
    """The night of 25 October 2026 in Madrid: half past two, and an hour later half past two again."""
    zone("Europe/Madrid")
    code = next(row["code"] for row in laptop.ok("workshop", "list")[0] if row["id"] == workshop)
    with_stamps = []
    for number, hour in enumerate((0, 1)):
        clock.set_to(datetime(2027, 10, 31, hour, 30, tzinfo=UTC))
        laptop.ok("workshop", "describe", code, "--agenda", f"a les dues i mitja ({number})")
        with_stamps.append(laptop.ok("history", code)[0][-1])
    assert [one["changed"]["agenda"][-2] for one in with_stamps] == ["0", "1"]
    assert [one["at"] for one in with_stamps] == ["2027-10-31T00:30:00Z", "2027-10-31T01:30:00Z"]


def test_a_spring_night_without_its_hour(zone: Callable[[str], None]) -> None:
    """A day is a day in a form, also one that is an hour short."""
    from pessdesk.desktop.widgets.form import DayEdit

    zone("Europe/Madrid")
    edit = DayEdit()
    for day in ("2026-03-28", "2026-03-29", "2026-03-30"):
        edit.setDate(QDate.fromString(day, Qt.DateFormat.ISODate))
        assert edit.date().toString(Qt.DateFormat.ISODate) == day
    edit.deleteLater()


def test_a_laptop_from_the_future_drags_nobody_along(home: Path, laptop: Laptop, workshop: str, clock: Clock) -> None:
    """What it stated is taken, its clock is not followed."""
    from pessdesk.application.authoring import follow_clock
    from pessdesk.bootstrap import Program
    from pessdesk.domain import hlc

    with Program().desk(home, write=True) as desk, desk.store.write() as unit:
        before = unit.setting("hlc")
        follow_clock(unit, hlc.pack(clock.now_ms() + 20 * YEAR_MS, 0), clock.now_ms())
        assert unit.setting("hlc") == before


def test_draft_keys_hold_no_time() -> None:
    assert draft_key("01900000-0000-7000-8000-000000000000", "agenda") == (
        "draft:01900000-0000-7000-8000-000000000000:agenda"
    )


def test_a_history_is_told_in_the_rooms_time(
    home: Path, laptop: Laptop, workshop: str, clock: Clock, zone: Callable[[str], None]
) -> None:
    """The store keeps the moment; each screen shows it as the clocks of the room do."""
    clock.set_to(datetime(2027, 3, 12, 23, 30, tzinfo=UTC))
    code = next(row["code"] for row in laptop.ok("workshop", "list")[0] if row["id"] == workshop)
    laptop.ok("workshop", "describe", code, "--agenda", "tard")
    reading = open_reading(home)
    assert reading is not None
    at = reading.history(workshop)[0].at
    reading.close()
    for name, told in (("Europe/Madrid", "2027-03-13 00:30"), ("UTC", "2027-03-12 23:30")):
        zone(name)
        assert datetime.fromtimestamp(at / 1000).strftime("%Y-%m-%d %H:%M") == told
