"""Undo outlives the window: the list is in the store, each entry in the commit of its change."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pessdesk.desktop import operations
from pessdesk.desktop.history import Undoable
from pessdesk.desktop.screens.workshop import WorkshopScreen
from pessdesk.desktop.session import Change
from pessdesk.desktop.words import WORDS
from tests.desktop.conftest import SAID, Desktop, Laptop

Open = Callable[[Path], Desktop]


def say(desktop: Desktop, workshop: str, *texts: str) -> WorkshopScreen:
    screen = desktop.go("workshop", workshop=workshop)
    assert isinstance(screen, WorkshopScreen)
    for text in texts:
        desktop.type(text)
        desktop.press("Return")
    desktop.settle()
    return screen


def standing(desktop: Desktop, workshop: str) -> list[str]:
    screen = desktop.go("workshop", workshop=workshop)
    return [row.text for row in screen.model.rows if not row.withdrawn]


def undo(desktop: Desktop, keys: str = "Ctrl+Z") -> None:
    desktop.press(keys)
    desktop.settle()


def again(desktop: Desktop, home: Path, open_desktop: Open) -> Desktop:
    """Closed and opened; what can be undone has been read."""
    desktop.window.close()
    opened = open_desktop(home)
    opened.until(lambda: opened.window.session.history._loaded is True)
    return opened


def test_undo_and_redo_after_a_restart(desktop: Desktop, workshop: str, home: Path, open_desktop: Open) -> None:
    screen = say(desktop, workshop, *SAID)
    row = screen.model.rows[0]
    told = Change(frozenset(("contributions",)), workshop, (row.record,))
    desktop.window.session.write(operations.change(row, {"kind": "need"}), Undoable.KIND, told)
    desktop.settle()
    desktop = again(desktop, home, open_desktop)
    undone = desktop.window._actions.all["undo"]
    assert undone.isEnabled() and undone.text() == "Desfés: el tipus"
    WORDS.use("en")
    assert undone.text() == "Undo: the kind", "the store has no words, only what it was"
    WORDS.use("ca")
    desktop.go("workshop", workshop=workshop)
    undo(desktop)
    assert desktop.window.screen_now.model.rows[0].kind == "proposal"  # type: ignore[union-attr]
    undo(desktop)
    assert standing(desktop, workshop) == [SAID[1], SAID[0]]
    desktop = again(desktop, home, open_desktop)
    desktop.go("workshop", workshop=workshop)
    undo(desktop, "Ctrl+Y")
    assert standing(desktop, workshop) == [SAID[2], SAID[1], SAID[0]]
    undo(desktop, "Ctrl+Y")
    assert desktop.window.screen_now.model.rows[0].kind == "need"  # type: ignore[union-attr]


def test_something_new_ends_redo_also_after_a_restart(
    desktop: Desktop, workshop: str, home: Path, open_desktop: Open
) -> None:
    say(desktop, workshop, *SAID[:2])
    undo(desktop)
    desktop = again(desktop, home, open_desktop)
    assert desktop.window.session.history.can_redo
    say(desktop, workshop, SAID[2])
    assert not desktop.window.session.history.can_redo
    desktop = again(desktop, home, open_desktop)
    assert not desktop.window.session.history.can_redo
    desktop.go("workshop", workshop=workshop)
    undo(desktop)
    undo(desktop)
    assert standing(desktop, workshop) == []


def test_enter_before_the_list_was_read(desktop: Desktop, workshop: str, home: Path, open_desktop: Open) -> None:
    """What is done first thing in the morning stands on top of what was done yesterday."""
    say(desktop, workshop, SAID[0])
    desktop.window.close()
    desktop = open_desktop(home)
    say(desktop, workshop, SAID[1])
    undo(desktop)
    assert standing(desktop, workshop) == [SAID[0]]
    undo(desktop)
    assert standing(desktop, workshop) == []
    undo(desktop, "Ctrl+Y")
    undo(desktop, "Ctrl+Y")
    assert standing(desktop, workshop) == [SAID[1], SAID[0]]


def test_a_laptop_that_died_can_undo_what_was_acknowledged(
    desktop: Desktop, workshop: str, home: Path, open_desktop: Open
) -> None:
    """The disk as it is a moment after Enter, with nothing closed."""
    say(desktop, workshop, *SAID[:2])
    shutil.copytree(home, home.parent / "after")
    desktop = open_desktop(home.parent / "after")
    desktop.until(lambda: desktop.window.session.history.can_undo)
    desktop.go("workshop", workshop=workshop)
    undo(desktop)
    assert standing(desktop, workshop) == [SAID[0]]


def test_what_a_command_changed_meanwhile_is_not_undone(
    desktop: Desktop, workshop: str, home: Path, open_desktop: Open
) -> None:
    """Commands are not in the list; an entry that they overtook says so and goes, and the one before it works."""
    screen = say(desktop, workshop, SAID[0])
    row = screen.model.rows[0]
    told = Change(frozenset(("contributions",)), workshop, (row.record,))
    desktop.window.session.write(operations.change(row, {"text": "Amb la finestra"}), Undoable.TEXT, told)
    desktop.settle()
    desktop.window.close()
    Laptop(home).ok("edit", row.code, "--text", "Per ordre")
    desktop = open_desktop(home)
    desktop.until(lambda: desktop.window.session.history.can_undo)
    desktop.go("workshop", workshop=workshop)
    undo(desktop)
    assert standing(desktop, workshop) == ["Per ordre"]
    assert "historial" in desktop.message
    undo(desktop)
    assert standing(desktop, workshop) == []


@pytest.mark.parametrize("keys", ["Ctrl+Z", "Ctrl+Y"])
def test_an_entry_that_was_turned_is_not_turned_twice(
    desktop: Desktop, workshop: str, home: Path, open_desktop: Open, keys: str
) -> None:
    say(desktop, workshop, SAID[0])
    undo(desktop)
    if keys == "Ctrl+Y":
        undo(desktop, keys)
    desktop = again(desktop, home, open_desktop)
    history = desktop.window.session.history
    assert (len(history._done), len(history._undone)) == ((0, 1) if keys == "Ctrl+Z" else (1, 0))


def test_everything_that_can_be_undone_is_written_with_its_change(desktop: Desktop, workshop: str) -> None:
    """A use case that forgets to give its way back to the author would be undone until the window closes, and then not."""
    screen = say(desktop, workshop, "@3 +2 Primera")
    row = screen.model.rows[0]
    session = desktop.window.session
    told = Change(frozenset(("contributions", "groups", "entities", "workshops")), workshop, (row.record,))
    for what, action in (
        (Undoable.TEXT, operations.change(row, {"text": "Una altra"})), (Undoable.DOTS, operations.set_dots(row, 5)),
        (Undoable.TABLE, operations.put_at_new_table(row, "9")), (Undoable.ENTITY, operations.name_new_entity(row, "Colla")),
        (Undoable.PRESENT, operations.set_present(workshop, workshop, 7)),
        (Undoable.PRESENT, operations.welcome_new_entity(workshop, "Penya", 2)),
        (Undoable.WORKSHOP_FACTS, operations.change_record(workshop, workshop, {"agenda": "x"})),
        (Undoable.WITHDRAWN, operations.change(row, {"withdrawn": True})),
        (Undoable.BROUGHT_BACK, operations.bring_back(workshop, [row.record])),
    ):  # fmt: skip
        session.write(action, what, told)
    desktop.settle()
    numbers = [entry.number for entry in session.history._done]
    assert len(numbers) == 10 and numbers == sorted(set(numbers)) and numbers[0] > 0
