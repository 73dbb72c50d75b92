"""Messages that stop nobody."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QDialog

from pessdesk.desktop.theme import THEME
from pessdesk.desktop.words import WORDS
from pessdesk.domain.errors import InputRefused, WorldUnkind
from tests.desktop.conftest import Desktop
from tests.desktop.looking import cut

FULL = WorldUnkind("disk-full", path="E:")


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


def test_what_went_well_goes_by_itself(desktop: Desktop) -> None:
    desktop.window.announce("Fet.")
    bar = desktop.window.messages
    assert bar._timer.isActive() and bar._timer.isSingleShot()
    bar._timer.timeout.emit()
    assert desktop.message == ""


def test_the_next_message_inherits_nothing(desktop: Desktop) -> None:
    done: list[str] = []
    bar = desktop.window.messages
    desktop.window.tell_trouble(FULL, "Mostra", lambda: done.append("shown"))
    assert bar.action.isVisible() and bar.code.isVisible()
    desktop.window.announce("Fet.")
    assert not bar.action.isVisible() and not bar.code.isVisible() and bar.property("state") == "said"


def test_pressing_may_say_the_next(desktop: Desktop) -> None:
    desktop.window.announce("Una", "Fes", lambda: desktop.window.announce("Dues"))
    desktop.click(desktop.window.messages.action)
    assert desktop.message == "Dues"


def test_trouble_is_told_anew_in_the_new_language(desktop: Desktop) -> None:
    desktop.window.tell_trouble(FULL)
    WORDS.use("en")
    assert desktop.message.startswith("The disk is full")
    desktop.window.announce("Done.")
    WORDS.use("ca")
    assert desktop.message == "", "words that cannot be said anew go"


@pytest.mark.parametrize("words", ["a & b", "línia\nlínia", "{nom} %s %(x)s", "<img src=x>"])
def test_what_somebody_wrote_is_quoted_as_it_is_on_one_line(desktop: Desktop, words: str) -> None:
    desktop.window.tell_trouble(InputRefused("date-wrong", field="Data", value=words))
    assert " ".join(words.split()) in desktop.message and "\n" not in desktop.message


@pytest.mark.parametrize("scheme", ["light", "dark", "contrast"])
def test_letters_stand_out_from_its_ground(desktop: Desktop, scheme: str) -> None:
    THEME.use(scheme)
    for show in (lambda: desktop.window.announce("Fet."), lambda: desktop.window.tell_trouble(FULL)):
        show()
        desktop.settle()
        image = desktop.window.messages.grab().toImage()
        points = [
            image.pixelColor(x, y).lightness() for x in range(20, image.width(), 2) for y in range(image.height())
        ]
        assert max(points) - min(points) > 120


def test_a_long_one_folds_and_the_focus_stays(desktop: Desktop, workshop: str) -> None:
    screen = desktop.go("workshop", workshop=workshop)
    desktop.window.resize(800, 600)
    desktop.window.tell_trouble(WorldUnkind("disk-full", path="/" + "carpeta/" * 20, reason=""))
    desktop.settle()
    assert cut(desktop.window) == [] and desktop.focus is screen.line.text
