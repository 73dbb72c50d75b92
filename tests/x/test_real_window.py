"""A person at the keyboard of a real window: first start, second start, and the plug pulled."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.x.conftest import PATIENCE, PICTURES, PROGRAM, Display, Laptop, until

if not PROGRAM:
    pytest.skip("a real window on a display: `make test-x` opens it", allow_module_level=True)

ACCENT, COVER = (0x0A, 0x66, 0x58), (0xFF, 0x00, 0xFF)
SAID = "que el col·legi obri a l'estiu, i que hi hagi prou places per a la gent gran del barri"


def test_from_the_first_start_to_a_contribution_by_keys_alone(display: Display, laptop: Laptop) -> None:
    program = laptop.open()
    window = display.window(program)
    display.look_at(window)
    until("the first screen", lambda: display.title(window).startswith("Us donem la benvinguda"))
    display.type("solsona, taula 1")
    display.press("Return")
    until("the rehearsal", lambda: display.title(window).startswith("Taller d'assaig"))
    rehearsal = laptop.folder / "rehearsal"
    # The capture line has the focus by itself: nothing but the text and Enter.
    display.type(SAID)
    display.press("Return")
    until("the contribution in the store", lambda: SAID in laptop.said("col·legi", rehearsal))
    assert laptop.command("device", "card")["label"] == "solsona, taula 1"
    assert laptop.complaints() == ""


def test_a_second_start_brings_the_first_window_forward(display: Display, laptop: Laptop, tmp_path: Path) -> None:
    first = laptop.open()
    window = display.window(first)
    until("the bell of the window", lambda: list((tmp_path / "tmp").glob("pessdesk-*")))
    cover = (
        "from PySide6.QtWidgets import QApplication, QWidget; app = QApplication([]); w = QWidget();"
        "w.setStyleSheet('background: #ff00ff'); w.setGeometry(0, 0, 1366, 768); w.show(); w.raise_(); app.exec()"
    )
    other = subprocess.Popen([sys.executable, "-c", cover], env=display.env)
    try:
        until("another program in front", lambda: shows(display, tmp_path / "now.png", COVER) == 1366 * 768)
        second = laptop.open()
        assert second.wait(PATIENCE) == 0
        until("PessDesk in front again", lambda: shows(display, tmp_path / "now.png", COVER) < 1366 * 768 / 2)
    finally:
        other.kill()
        other.wait(PATIENCE)
    assert first.poll() is None
    assert display.title(window)
    assert laptop.complaints() == ""


def shows(display: Display, file: Path, colour: tuple[int, int, int]) -> int:
    """On how many points of the display one sees a colour."""
    with Image.open(display.picture(file)) as picture:
        counts = {seen: count for count, seen in picture.convert("RGB").getcolors(1 << 21) or ()}
    return counts.get(colour, 0)


def test_a_dead_key_and_a_vowel_make_an_accent(display: Display, laptop: Laptop) -> None:
    """As everybody writes Catalan. (Each part is waited for: on X11 Qt may lose an accent whose keys come while it is
    busy with those before, and a machine types faster than it works.)"""
    workshop = prepared(laptop)
    open_the_workshop(display, laptop.open())
    text = ""
    for letters, dead, vowel, accented in (("que m", "acute", "e", "é"), ("s gent ho s", "grave", "a", "à")):
        display.type(letters)
        text += letters
        until("what was typed, in the draft", lambda typed=text: laptop.draft(workshop) == typed)
        display.press(f"dead_{dead}", vowel)
        text += accented
        until("the accented letter, in the draft", lambda typed=text: laptop.draft(workshop) == typed)
    display.type("piga")
    display.press("Return")
    assert until("the contribution", lambda: laptop.said("sapiga")) == ["que més gent ho sàpiga"]
    assert laptop.complaints() == ""


def test_what_was_being_typed_outlives_kill_9(display: Display, laptop: Laptop) -> None:
    workshop = prepared(laptop)
    program = laptop.open()
    open_the_workshop(display, program)
    display.type(SAID)
    until("the draft in the store", lambda: laptop.draft(workshop) == SAID)
    program.kill()
    program.wait(PATIENCE)
    assert laptop.said("col·legi") == []

    open_the_workshop(display, laptop.open())
    display.press("Return")
    assert until("the draft, saved now", lambda: laptop.said("col·legi")) == [SAID]
    assert laptop.complaints() == ""


def test_what_was_saved_before_kill_9_can_still_be_undone(display: Display, laptop: Laptop) -> None:
    prepared(laptop)
    program = laptop.open()
    open_the_workshop(display, program)
    display.type(SAID)
    display.press("Return")
    until("the contribution", lambda: laptop.said("col·legi") == [SAID])
    program.kill()
    program.wait(PATIENCE)

    open_the_workshop(display, laptop.open())
    display.press("ctrl+z")
    (undone,) = until("what was undone", lambda: withdrawn(laptop))
    assert undone["text"] == SAID
    display.press("ctrl+shift+z")
    until("what was done again", lambda: not withdrawn(laptop))
    assert laptop.complaints() == ""


def withdrawn(laptop: Laptop) -> list[Any]:
    """The contributions that do not count."""
    return [found for found in laptop.command("search", "col·legi") or [] if found["withdrawn"]]


def prepared(laptop: Laptop) -> str:
    """A laptop with a workshop of today; gives its record."""
    laptop.command("device", "card", "--label", "Portàtil 1")
    day = ("--date", date.today().isoformat(), "--municipality", "la Seu d'Urgell")
    return str(laptop.command("workshop", "new", "--title", "Taller obert", *day)["id"])


def open_the_workshop(display: Display, program: subprocess.Popen[str]) -> None:
    """Today's workshop is one key away."""
    window = display.window(program)
    display.look_at(window)
    until("the button that opens it", lambda: shows(display, PICTURES / "today.png", ACCENT) > 2000)
    display.press("space")
    until("the workshop", lambda: display.title(window).startswith("Taller obert"))
