"""Messages that stop nobody."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QDialog

from pessdesk.domain.errors import WorldUnkind
from tests.desktop.conftest import Desktop


def test_what_went_well_offers_one_thing_to_press(desktop: Desktop) -> None:
    done: list[str] = []
    desktop.window.announce("Fet.", "Obre", lambda: done.append("open"))
    assert desktop.message == "Fet."
    desktop.click(desktop.window.messages.action)
    assert done == ["open"]
    assert desktop.message == "", "it goes once it has been pressed"


def test_trouble_says_what_and_what_to_do_with_its_code_small(desktop: Desktop) -> None:
    desktop.window.tell_trouble(WorldUnkind("disk-full", path="E:"))
    assert desktop.message.startswith("El disc és ple")
    assert desktop.window.messages.code.text() == "disk-full"
    assert not [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]


def test_trouble_stays_until_it_has_been_read(desktop: Desktop) -> None:
    desktop.window.announce("Fet.")
    desktop.window.tell_trouble(WorldUnkind("disk-full", path="E:"))
    assert not desktop.window.messages._timer.isActive(), "no clock takes it away"
    desktop.click(desktop.window.messages.close_it)
    assert desktop.message == ""


def test_a_message_is_plain_whatever_it_quotes(desktop: Desktop) -> None:
    desktop.window.announce("<b>«Taller»</b>")
    assert desktop.message == "<b>«Taller»</b>"
    assert desktop.window.messages.words.textFormat().name == "PlainText"
