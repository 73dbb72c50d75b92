"""What is typed and not finished: never lost, never asked about, and never called saved before it is."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget

from pessdesk.application.capture_line import draft_key
from pessdesk.desktop.drafts import AFTER_MS
from pessdesk.desktop.screens.workshop import WorkshopScreen
from pessdesk.domain.errors import WorldUnkind
from pessdesk.storage.unit import Unit
from tests.desktop.conftest import SAID, Desktop, Laptop
from tests.desktop.killed import SCENES, WORDS


def stored(desktop: Desktop, key: str) -> str:
    """What the store has under a key, now."""
    found: list[str] = []
    desktop.settle()
    desktop.window.session.read(lambda reading: reading.setting(key), found.append)
    desktop.settle()
    return found[0]


def full(*_: object) -> None:
    raise WorldUnkind("disk-full", path="/data", reason="")


def contribution(laptop: Laptop, tmp_path: Path) -> str:
    sheet = tmp_path / "one.csv"
    sheet.write_text(f"text\n{SAID[2]}\n", encoding="utf-8")
    code = next(row["code"] for row in laptop.ok("workshop", "list")[0] if row["title"] == "Taller obert")
    return str(laptop.ok("record", "--workshop", code, sheet)[0]["id"])


# Killed


@pytest.mark.parametrize("scene", SCENES)
def test_what_was_called_saved_is_there_after_the_laptop_died(
    scene: str, laptop: Laptop, home: Path, workshop: str, tmp_path: Path, open_desktop: Callable[[Path], Desktop]
) -> None:
    said = contribution(laptop, tmp_path) if scene in ("text", "title") else ""
    died = subprocess.run(
        [sys.executable, "-m", "tests.desktop.killed", str(home), scene, workshop, *([said] if said else [])],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert died.returncode == -signal.SIGKILL, died.stderr
    desktop = open_desktop(home)
    if scene == "line":
        screen = desktop.go("workshop", workshop=workshop)
        assert screen.line.text.words() == WORDS
        assert screen.line.table.text() == "Taula 3", "what was chosen for it as well"
    elif said:
        detail = desktop.go("workshop", workshop=workshop, contribution=said).detail
        desktop.settle()
        assert detail.text.words() == (SAID[2] + WORDS if scene == "text" else SAID[2])
        assert detail.title.words() == (WORDS if scene == "title" else "")
    elif scene == "facts":
        assert desktop.go("facts", workshop=workshop).paragraphs["objectives"].words() == WORDS
    else:
        assert desktop.go("new").workshop_title.text() == WORDS


# The state at the top


def test_a_key_is_not_called_saved_until_it_is(desktop: Desktop, workshop: str) -> None:
    desktop.go("workshop", workshop=workshop)
    safety = desktop.window.top.safety
    assert AFTER_MS <= 300
    for letter in "A mitges":
        desktop.type(letter)
        assert safety.property("state") == "saving", letter
    desktop.until(lambda: safety.property("state") == "saved")
    assert stored(desktop, draft_key(workshop)) == "A mitges"


def test_typing_on_and_on_is_kept_on_the_way(desktop: Desktop, workshop: str) -> None:
    """The clock runs from the first key that is not kept, not from the last: who never pauses loses no minute."""
    screen = desktop.go("workshop", workshop=workshop)
    desktop.type("a")
    remaining = screen.draft._timer.remainingTime()
    desktop.type("bc")
    assert screen.draft._timer.remainingTime() <= remaining


def test_what_the_disk_refused_is_tried_again_by_itself(
    desktop: Desktop, workshop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    desktop.go("workshop", workshop=workshop)
    safety = desktop.window.top.safety
    with monkeypatch.context() as broken:
        broken.setattr(Unit, "set_setting", full)
        desktop.type("A mitges")
        desktop.until(lambda: safety.property("state") == "unsaved")
        assert "ple" in safety.toolTip()
    desktop.window.session.drafts._again.timeout.emit()
    desktop.until(lambda: safety.property("state") == "saved")
    assert stored(desktop, draft_key(workshop)) == "A mitges"


def test_a_refused_draft_stays_unsaved_whatever_else_is_saved(
    desktop: Desktop, workshop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = desktop.go("facts", workshop=workshop)
    safety = desktop.window.top.safety
    with monkeypatch.context() as broken:
        broken.setattr(Unit, "set_setting", full)
        screen.paragraphs["agenda"].setFocus()
        desktop.type("Benvinguda")
        desktop.until(lambda: safety.property("state") == "unsaved")
        screen.people.others.people.setValue(7)
        desktop.settle()
        assert safety.property("state") == "unsaved", "the seven people are safe, the agenda is not"


# When it is kept, and let go


def test_losing_the_window_keeps_at_once_whatever_is_typed(desktop: Desktop, workshop: str) -> None:
    screen = desktop.go("new")
    desktop.type("Taller de famílies")
    assert screen.draft.waits
    QApplication.sendEvent(desktop.window, QEvent(QEvent.Type.WindowDeactivate))
    desktop.window._keep_unfinished()
    assert not screen.draft.waits
    assert "fam\\u00edlies" in stored(desktop, draft_key("new"))


def test_the_form_of_a_new_workshop_comes_back_whole_and_goes_with_it(
    desktop: Desktop, home: Path, open_desktop: Callable[[Path], Desktop]
) -> None:
    screen = desktop.go("new")
    desktop.type("Taller de famílies")
    screen.place.setFocus()
    desktop.type("Solsona")
    desktop.press("Return")
    screen.groups.setValue(4)
    screen.method.choose("metaplan")
    desktop.window.close()
    again = open_desktop(home)
    screen = again.go("new")
    assert (screen.workshop_title.text(), screen.place.text(), screen.groups.value(), screen.method.method) == (
        "Taller de famílies", "Solsona", 4, "metaplan",
    )  # fmt: skip
    screen.submit()
    again.screen(WorkshopScreen)
    assert stored(again, draft_key("new")) == ""
    assert again.go("new").workshop_title.text() == ""


@pytest.mark.parametrize("name", ["title", "start", "venue", "facilitators", "objectives", "agenda", "next_steps"])
def test_each_field_of_the_facts_keeps_what_is_unfinished(desktop: Desktop, workshop: str, name: str) -> None:
    screen = desktop.go("facts", workshop=workshop)
    field: QWidget = screen.fields[name].editor
    field.setFocus()
    desktop.type("17")
    desktop.until(lambda: not screen.drafts[name].waits)
    assert "17" in stored(desktop, draft_key(workshop, name))
    screen.people.who.setFocus()
    desktop.settle()
    assert stored(desktop, draft_key(workshop, name)) == "", "finished, it goes with the change"


def test_a_refused_fact_stands_there_again_after_a_restart(
    desktop: Desktop, workshop: str, home: Path, open_desktop: Callable[[Path], Desktop]
) -> None:
    screen = desktop.go("facts", workshop=workshop)
    screen.lines["end"].setFocus()
    desktop.type("cap al tard")
    screen.people.who.setFocus()
    desktop.settle()
    assert screen.fields["end"].problem is not None
    desktop.window.close()
    screen = open_desktop(home).go("facts", workshop=workshop)
    assert screen.lines["end"].text() == "cap al tard"


def test_a_name_half_written_among_the_present(
    desktop: Desktop, workshop: str, home: Path, open_desktop: Callable[[Path], Desktop]
) -> None:
    desktop.go("facts", workshop=workshop)
    desktop.type("Associacio de ve")
    desktop.window.close()
    again = open_desktop(home)
    screen = again.go("facts", workshop=workshop)
    assert screen.people.who.text() == "Associacio de ve"
    again.type("ins de dalt")
    again.press("Return")
    again.settle()
    assert [row.name.text() for row in screen.people.rows.values()] == ["Associacio de veins de dalt"]
    assert stored(again, draft_key(workshop, "who")) == ""


def test_title_and_entity_of_a_contribution(
    laptop: Laptop, home: Path, workshop: str, tmp_path: Path, open_desktop: Callable[[Path], Desktop]
) -> None:
    said = contribution(laptop, tmp_path)
    desktop = open_desktop(home)
    detail = desktop.go("workshop", workshop=workshop, contribution=said).detail
    detail.entity.setFocus()
    desktop.type("Colla")
    desktop.until(lambda: not detail.drafts["entity"].waits)
    detail.entity.list.hide()
    assert stored(desktop, draft_key(said, "entity")) == "Colla"
    desktop.press("Escape", detail.entity)
    desktop.settle()
    assert stored(desktop, draft_key(said, "entity")) == ""
    assert detail.entity.text() == ""


def test_a_half_of_a_letter_is_no_reason_to_lose_the_rest(desktop: Desktop, workshop: str) -> None:
    desktop.window.session.drafts.put(draft_key(workshop), "abans \ud83d després")
    assert stored(desktop, draft_key(workshop)) == "abans \ufffd després"


# Today


def test_today_lists_what_was_left_open_and_leads_there(
    laptop: Laptop, home: Path, workshop: str, tmp_path: Path, open_desktop: Callable[[Path], Desktop]
) -> None:
    said = contribution(laptop, tmp_path)
    desktop = open_desktop(home)
    texts = {
        draft_key(workshop): "a", draft_key(workshop, "context"): "[]", draft_key(workshop, "agenda"): "b",
        draft_key(said): "c", draft_key(said, "title"): "d", draft_key("new"): json.dumps(["e", "", "", "", "", 0, ""]),
        draft_key("01900000-0000-7000-8000-000000000000"): "of what is not there any more",
    }  # fmt: skip
    for key, words in texts.items():
        desktop.window.session.drafts.put(key, words)
    desktop.settle()
    found: list[tuple[str, str, str]] = []
    desktop.window.session.read(
        lambda reading: reading.open_drafts(), lambda rows: found.extend((r.record, r.field, r.kind) for r in rows)
    )
    desktop.settle()
    assert sorted(found) == sorted(
        [(workshop, "", "workshop"), (workshop, "agenda", "workshop"), (said, "", "contribution"),
         (said, "title", "contribution"), ("new", "", "")]
    )  # fmt: skip
    today = desktop.go("today")
    names = [
        w.accessibleName() for w in today.findChildren(QWidget) if w.accessibleName().startswith("Continua escrivint")
    ]
    assert len([name for name in names if ": " in name]) == 3, "the line stands on its card, the two fields are one"
