"""Undo and redo of everything, in the order in which people did it, however slow the disk is."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pessdesk.application.screens import ContributionRow
from pessdesk.desktop import operations
from pessdesk.desktop.history import DEEPEST, Undoable
from pessdesk.desktop.screens.workshop import WorkshopScreen
from pessdesk.desktop.session import Change
from pessdesk.desktop.words import WORDS
from pessdesk.domain.errors import PessError, WorldUnkind
from tests.desktop.conftest import SAID, Desktop

CONTRIBUTIONS = frozenset(("contributions",))


@pytest.fixture
def screen(desktop: Desktop, workshop: str) -> WorkshopScreen:
    shown = desktop.go("workshop", workshop=workshop)
    assert isinstance(shown, WorkshopScreen)
    return shown


def say(desktop: Desktop, *texts: str) -> None:
    for text in texts:
        desktop.type(text)
        desktop.press("Return")
    desktop.settle()


def standing(screen: WorkshopScreen) -> list[str]:
    return [row.text for row in screen.model.rows if not row.withdrawn]


def change(desktop: Desktop, row: ContributionRow, what: Undoable, **fields: Any) -> None:
    told = Change(CONTRIBUTIONS, row.workshop, (row.record,))
    desktop.window.session.write(operations.change(row, fields), what, told)
    desktop.settle()


def hold(desktop: Desktop) -> threading.Event:
    """A disk that does not answer until the event is set."""
    go = threading.Event()
    desktop.window.session.writer.do(lambda _: go.wait())
    return go


def test_the_menu_says_what_would_be_undone(desktop: Desktop, screen: WorkshopScreen) -> None:
    undo, redo = (desktop.window._actions.all[name] for name in ("undo", "redo"))
    desktop.until(lambda: not undo.isEnabled() and not redo.isEnabled())
    say(desktop, SAID[0])
    assert (undo.isEnabled(), undo.text()) == (True, "Desfés: l'aportació")
    row = screen.model.rows[0]
    change(desktop, row, Undoable.KIND, kind="need")
    assert undo.text() == "Desfés: el tipus"
    desktop.press("Ctrl+Z")
    desktop.settle()
    assert (undo.text(), redo.text()) == ("Desfés: l'aportació", "Refés: el tipus")
    assert desktop.message == "S'ha desfet: el tipus."


def test_every_undoable_thing_has_words_in_every_language(desktop: Desktop) -> None:
    said: list[set[str]] = []
    for language in ("ca", "es", "en"):
        WORDS.use(language)
        words = [what.words() for what in Undoable]
        assert all(words) and len(set(words)) == len(words), language
        said.append(set(words))
    assert not said[0] & said[2]


def test_keys_quicker_than_the_disk_undo_the_newest(desktop: Desktop, screen: WorkshopScreen) -> None:
    """Enter and Ctrl+Z while the disk is busy: what goes is what was just said, not what was said before."""
    say(desktop, SAID[0])
    go = hold(desktop)
    desktop.type(SAID[1])
    desktop.press("Return")
    desktop.press("Ctrl+Z")
    go.set()
    desktop.settle()
    assert standing(screen) == [SAID[0]]
    desktop.press("Ctrl+Y")
    desktop.settle()
    assert standing(screen) == [SAID[1], SAID[0]]


def test_ctrl_z_three_times_in_one_breath(desktop: Desktop, screen: WorkshopScreen) -> None:
    say(desktop, *SAID)
    go = hold(desktop)
    for _ in range(3):
        desktop.press("Ctrl+Z")
    go.set()
    desktop.settle()
    assert standing(screen) == []
    go = hold(desktop)
    for keys in ("Ctrl+Y", "Ctrl+Y", "Ctrl+Z", "Ctrl+Y"):
        desktop.press(keys)
    go.set()
    desktop.settle()
    assert standing(screen) == [SAID[1], SAID[0]]


def test_ctrl_z_more_often_than_there_is_to_undo(desktop: Desktop, screen: WorkshopScreen) -> None:
    say(desktop, SAID[0])
    for _ in range(5):
        desktop.press("Ctrl+Z")
    desktop.settle()
    assert standing(screen) == []
    say(desktop, SAID[1])
    assert standing(screen) == [SAID[1]], "nothing waits in ambush"


def test_something_new_ends_redo(desktop: Desktop, screen: WorkshopScreen) -> None:
    say(desktop, *SAID[:2])
    desktop.press("Ctrl+Z")
    desktop.settle()
    say(desktop, SAID[2])
    desktop.press("Ctrl+Y")
    desktop.settle()
    assert standing(screen) == [SAID[2], SAID[0]]


def test_typing_is_undone_first(desktop: Desktop, screen: WorkshopScreen) -> None:
    say(desktop, SAID[0])
    desktop.type("un altre")
    desktop.press("Ctrl+Z")
    desktop.settle()
    assert screen.line.text.toPlainText() == ""
    assert standing(screen) == [SAID[0]]
    desktop.press("Ctrl+Z")
    desktop.settle()
    assert standing(screen) == []


def test_a_refused_undo_stays_and_can_be_tried_again(
    desktop: Desktop, screen: WorkshopScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(desktop, *SAID[:2])
    with monkeypatch.context() as broken:
        broken.setattr("pessdesk.application.undo.apply_steps", _full)
        desktop.press("Ctrl+Z")
        desktop.press("Ctrl+Z")
        desktop.settle()
        assert standing(screen) == [SAID[1], SAID[0]]
        assert "disc és ple" in desktop.message
        assert "Sense desar" in desktop.window.top.safety.text()
    desktop.press("Ctrl+Z")
    desktop.settle()
    assert standing(screen) == [SAID[0]]
    assert "Desat" in desktop.window.top.safety.text()


def _full(*_: object) -> None:
    raise WorldUnkind("disk-full", path="/tmp", reason="")


def test_a_mistake_of_ours_does_not_end_undo(
    desktop: Desktop, screen: WorkshopScreen, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(desktop, *SAID[:2])
    with monkeypatch.context() as broken, qtbot.captureExceptions() as raised:
        broken.setattr("pessdesk.application.undo.apply_steps", lambda *_: 1 // 0)
        desktop.press("Ctrl+Z")
        desktop.settle()
        assert [kind for kind, _, _ in raised] == [ZeroDivisionError]
    desktop.press("Ctrl+Z")
    desktop.settle()
    assert standing(screen) == [SAID[0]]


def test_a_change_that_changed_nothing_is_not_undone(desktop: Desktop, screen: WorkshopScreen) -> None:
    say(desktop, SAID[0])
    change(desktop, screen.model.rows[0], Undoable.TEXT, text=SAID[0])
    change(desktop, screen.model.rows[0], Undoable.KIND, kind="proposal")
    history = desktop.window.session.history
    assert history.next_undo is not None and history.next_undo.what is Undoable.RECORDED


def test_a_refusal_whose_screen_is_gone_is_told_by_the_window(
    desktop: Desktop, screen: WorkshopScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(desktop, SAID[0])
    go = hold(desktop)
    owner = QObject()
    told: list[PessError] = []
    session, row = desktop.window.session, screen.model.rows[0]
    session.write(
        operations.change(row, {"kind": "rumour"}),
        Undoable.KIND,
        Change(CONTRIBUTIONS),
        trouble=told.append,
        owner=owner,
    )
    session.decide(_full, Change(CONTRIBUTIONS), trouble=told.append, owner=owner)
    troubles: list[PessError] = []
    session.trouble.connect(troubles.append)
    owner.deleteLater()
    QApplication.sendPostedEvents(owner, 0)
    go.set()
    desktop.settle()
    assert told == []
    assert [problem.code for problem in troubles] == ["choice-unknown", "disk-full"]


def test_the_deepest_are_forgotten(desktop: Desktop, screen: WorkshopScreen) -> None:
    say(desktop, SAID[0])
    history = desktop.window.session.history
    entry = history.next_undo
    assert entry is not None
    for _ in range(DEEPEST + 10):
        history.add(entry.what, entry.steps, entry.change)
    assert len(history._done) == DEEPEST


@pytest.mark.parametrize("field", ["text", "title", "kind", "language", "lines", "withdrawn"])
def test_each_change_comes_back_on_screen(desktop: Desktop, screen: WorkshopScreen, field: str) -> None:
    values: dict[str, Any] = {
        "text": "Adéu", "title": "Títol", "kind": "need", "language": "oc", "lines": ["L1"], "withdrawn": True,
    }  # fmt: skip
    say(desktop, SAID[0])
    before = screen.model.rows[0]
    change(desktop, before, Undoable.TEXT, **{field: values[field]})
    after = screen.model.rows[0]
    assert getattr(after, field) != getattr(before, field)
    desktop.press("Ctrl+Z")
    desktop.settle()
    assert screen.model.rows[0] == before
    desktop.press("Ctrl+Y")
    desktop.settle()
    assert screen.model.rows[0] == after


def test_undo_reaches_a_workshop_that_is_not_shown(desktop: Desktop, screen: WorkshopScreen, workshop: str) -> None:
    say(desktop, SAID[0])
    desktop.go("today")
    desktop.press("Ctrl+Z", desktop.window)
    desktop.settle()
    desktop.go("workshop", workshop=workshop)
    assert standing(screen) == []
