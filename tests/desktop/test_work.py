"""Lanes: jobs in order, results on the screen's thread, nothing lost and nothing delivered to who is gone."""

from __future__ import annotations

import errno
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pessdesk.desktop.work import Lane
from pessdesk.domain.errors import InputRefused, PessError, StoreBusy, WorldUnkind
from tests.desktop.conftest import PATIENCE


@contextmanager
def a_thing() -> Iterator[str]:
    yield "thing"


class Watched:
    """A lane, and what became of what was asked of it."""

    def __init__(self, qtbot: QtBot, opened: Callable[[], AbstractContextManager[Any]] = a_thing) -> None:
        self.qtbot = qtbot
        self.troubles: list[PessError] = []
        self.results: list[Any] = []
        self.lane: Lane[Any] = Lane("tested", opened, self.troubles.append)

    def wait(self) -> None:
        self.qtbot.waitUntil(lambda: not self.lane.busy, timeout=PATIENCE)


@pytest.fixture
def watched(qtbot: QtBot) -> Iterator[Callable[..., Watched]]:
    made: list[Watched] = []

    def make(*opened: Callable[[], AbstractContextManager[Any]]) -> Watched:
        made.append(Watched(qtbot, *opened))
        return made[-1]

    yield make
    for one in made:
        one.lane.close()


def test_jobs_are_done_in_order_and_their_results_come_in_order(watched: Callable[..., Watched]) -> None:
    one = watched()
    for number in range(200):
        one.lane.do(lambda thing, number=number: (thing, number), one.results.append)
    assert one.lane.busy and one.results == [], "results come with the events of the screen, not before"
    one.wait()
    assert one.results == [("thing", number) for number in range(200)]


def test_work_is_done_elsewhere_and_its_result_arrives_here(watched: Callable[..., Watched]) -> None:
    one = watched()
    threads: list[threading.Thread] = []
    one.lane.do(
        lambda _: threads.append(threading.current_thread()), lambda _: threads.append(threading.current_thread())
    )
    one.wait()
    assert threads[0] is not threading.main_thread() and threads[1] is threading.main_thread()


def test_whoever_is_gone_is_told_nothing(watched: Callable[..., Watched]) -> None:
    one = watched()
    owner, go = QObject(), threading.Event()
    one.lane.do(lambda _: go.wait(), lambda _: one.results.append("late"), owner=owner)
    one.lane.do(_refuse, one.results.append, trouble=lambda _: one.results.append("late trouble"), owner=owner)
    owner.deleteLater()
    QApplication.sendPostedEvents(owner, 0)
    QApplication.processEvents()
    go.set()
    one.wait()
    assert one.results == [] and one.troubles == []


def _refuse(_: object) -> None:
    raise InputRefused("text-missing", field="text")


def test_a_refusal_goes_to_whoever_asked_else_to_the_window(watched: Callable[..., Watched]) -> None:
    one = watched()
    own: list[PessError] = []
    one.lane.do(_refuse, one.results.append, trouble=own.append)
    one.lane.do(_refuse, one.results.append)
    one.wait()
    assert [problem.code for problem in own] == ["text-missing"]
    assert [problem.code for problem in one.troubles] == ["text-missing"]
    assert one.results == []


@pytest.mark.parametrize(("number", "code"), [(errno.ENOSPC, "disk-full"), (errno.EROFS, "folder-read-only")])
def test_what_the_system_says_is_told_in_words(watched: Callable[..., Watched], number: int, code: str) -> None:
    one = watched()

    def fill(_: object) -> None:
        raise OSError(number, "said the system", "/somewhere")

    one.lane.do(fill)
    one.wait()
    assert isinstance(one.troubles[0], WorldUnkind)
    assert (one.troubles[0].code, one.troubles[0].facts["path"]) == (code, "/somewhere")


def test_a_mistake_of_ours_is_raised_here_and_the_lane_goes_on(watched: Callable[..., Watched], qtbot: QtBot) -> None:
    """Whoever asked hears of it too: a text that was to be saved must come back."""
    one = watched()
    own: list[PessError] = []
    with qtbot.captureExceptions() as raised:
        one.lane.do(lambda _: 1 // 0, one.results.append, trouble=own.append)
        one.lane.do(lambda thing: thing, one.results.append)
        one.wait()
    assert [kind for kind, _, _ in raised] == [ZeroDivisionError]
    assert [problem.code for problem in own] == ["unknown-code"]
    assert one.results == ["thing"]


def test_opening_that_fails_is_told_and_tried_again(watched: Callable[..., Watched]) -> None:
    doors = iter([StoreBusy("store-busy", path="x"), OSError(errno.ENOSPC, "full"), None])

    @contextmanager
    def stuck() -> Iterator[str]:
        if (problem := next(doors)) is not None:
            raise problem
        yield "open at last"

    one = watched(stuck)
    for _ in range(4):
        one.lane.do(lambda thing: thing, one.results.append)
    one.wait()
    assert [problem.code for problem in one.troubles] == ["store-busy", "disk-full"]
    assert one.results == ["open at last", "open at last"]


def test_nothing_is_opened_before_it_is_needed(watched: Callable[..., Watched]) -> None:
    opened: list[str] = []

    @contextmanager
    def door() -> Iterator[str]:
        opened.append("in")
        yield "thing"
        opened.append("out")

    one = watched(door)
    assert opened == []
    one.lane.do(lambda _: None)
    one.lane.do(lambda _: None)
    one.wait()
    assert opened == ["in"]
    one.lane.close()
    assert opened == ["in", "out"]


def test_closing_finishes_what_was_asked(watched: Callable[..., Watched]) -> None:
    one = watched()
    done: list[int] = []
    for number in range(100):
        one.lane.do(lambda _, number=number: done.append(number))
    one.lane.close()
    assert done == list(range(100))


def test_after_closing_nothing_is_done_and_nothing_is_waited_for(watched: Callable[..., Watched]) -> None:
    one = watched()
    one.lane.do(lambda _: None)
    one.lane.close()
    one.wait()
    one.lane.do(one.results.append)
    assert not one.lane.busy and one.results == []


def test_a_lane_that_was_never_used_closes(watched: Callable[..., Watched]) -> None:
    watched().lane.close()


def test_lending_to_another_lane(watched: Callable[..., Watched]) -> None:
    lender = watched()

    @contextmanager
    def borrow() -> Iterator[str]:
        yield f"borrowed {lender.lane.lend()}"

    other = watched(borrow)
    other.lane.do(lambda thing: thing, other.results.append)
    other.wait()
    assert other.results == ["borrowed thing"]


def test_what_cannot_be_lent_is_told_to_who_wanted_it(watched: Callable[..., Watched]) -> None:
    @contextmanager
    def locked() -> Iterator[str]:
        raise StoreBusy("store-busy", path="x")
        yield ""

    lender = watched(locked)

    @contextmanager
    def borrow() -> Iterator[str]:
        yield lender.lane.lend()

    other = watched(borrow)
    other.lane.do(lambda thing: thing, other.results.append)
    other.wait()
    assert [problem.code for problem in other.troubles] == ["store-busy"]
    assert other.results == [] and lender.troubles == []


def test_lingering_waits_for_the_job_and_no_longer_than_it_says(watched: Callable[..., Watched]) -> None:
    one = watched()
    done = threading.Event()
    one.lane.do(lambda _: done.set(), linger=600)
    assert done.is_set(), "it waited until the job was done"
    go = threading.Event()
    one.lane.do(lambda _: go.wait(), linger=0.001)
    assert one.lane.busy, "it did not wait for a job that takes longer"
    go.set()
    one.wait()


def test_an_error_in_what_is_done_with_a_result_is_not_swallowed(watched: Callable[..., Watched], qtbot: QtBot) -> None:
    one = watched()

    def stumble(_: object) -> None:
        raise RuntimeError("in a slot")

    with qtbot.captureExceptions() as raised:
        one.lane.do(lambda _: None, stumble)
        one.wait()
    assert [kind for kind, _, _ in raised] == [RuntimeError]
    assert not one.lane.busy


def test_idle_is_said_when_everything_has_been_given_back(watched: Callable[..., Watched], qtbot: QtBot) -> None:
    one = watched()
    with qtbot.waitSignal(one.lane.idle, timeout=PATIENCE):
        for _ in range(5):
            one.lane.do(lambda thing: thing, one.results.append)
    assert len(one.results) == 5 and not one.lane.busy
