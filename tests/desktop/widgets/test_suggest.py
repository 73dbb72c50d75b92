"""Suggestions beside a field: offered while one types, chosen by key or mouse, never in the way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from pessdesk.desktop.widgets.suggest import SHOWN, SuggestField, Suggestion

NAMES = ["Àger", "Àger i rodalia", "Tremp", "<b>Valls</b>", *(f"Poble {number}" for number in range(30))]


class Place:
    """A small window with the field and another one."""

    def __init__(self, qtbot: QtBot, *, at_once: bool = False) -> None:
        self.window = QWidget()
        self.field = SuggestField(self.suggest, at_once=at_once)
        self.other = QLineEdit()
        layout = QVBoxLayout(self.window)
        layout.addWidget(self.other)
        layout.addWidget(self.field)
        self.window.resize(400, 300)
        qtbot.addWidget(self.window)
        self.window.show()

        def active() -> bool:
            self.window.activateWindow()
            return self.window.isActiveWindow()

        qtbot.waitUntil(active)
        self.field.setFocus()
        self.chosen: list[str] = []
        self.written: list[str] = []
        self.field.chosen.connect(self.chosen.append)
        self.field.written.connect(self.written.append)

    def suggest(self, words: str) -> list[Suggestion]:
        return (
            [Suggestion(name, name.upper()) for name in NAMES if name.lower().startswith(words.lower())]
            if words
            else []
        )

    def press(self, key: Qt.Key) -> None:
        QTest.keyClick(self.field, key)

    def type(self, words: str) -> None:
        for letter in words:
            self.field.insert(letter)
            self.field.textEdited.emit(self.field.text())

    @property
    def offered(self) -> list[str]:
        return [item.text for item in self.field.list.items]


@pytest.fixture
def place(qtbot: QtBot) -> Iterator[Place]:
    yield Place(qtbot)


def test_what_fits_is_offered_and_goes_when_nothing_does(place: Place) -> None:
    place.type("à")
    assert place.offered == ["Àger", "Àger i rodalia"]
    place.type("x")
    assert place.offered == [] and not place.field.list.isVisible()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab])
def test_a_row_is_chosen_with_the_arrows_and_a_key(place: Place, key: Qt.Key) -> None:
    place.type("à")
    place.press(Qt.Key.Key_Down)
    place.press(key)
    assert place.chosen == ["ÀGER I RODALIA"] and place.field.text() == "Àger i rodalia"
    assert place.offered == [] and place.written == []
    if key == Qt.Key.Key_Tab:
        QApplication.processEvents()
        assert not place.field.hasFocus(), "Tab chooses and goes on"


def test_the_arrows_go_round(place: Place) -> None:
    place.type("à")
    place.press(Qt.Key.Key_Up)
    assert place.field.list.currentIndex().row() == 1
    place.press(Qt.Key.Key_Down)
    assert place.field.list.currentIndex().row() == 0


def test_a_click_chooses(place: Place) -> None:
    place.type("à")
    rows = place.field.list
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=rows.visualRect(rows.model().index(1, 0)).center())
    assert place.chosen == ["ÀGER I RODALIA"] and place.field.hasFocus()


def test_escape_lets_them_go_and_the_text_stays(place: Place) -> None:
    place.type("à")
    place.press(Qt.Key.Key_Escape)
    assert place.offered == [] and place.field.text() == "à" and place.chosen == []
    place.press(Qt.Key.Key_Return)
    assert place.written == ["à"], "then Enter is what was written"
    place.press(Qt.Key.Key_Down)
    assert place.offered, "Down shows them again"


def test_leaving_the_field_lets_them_go(place: Place) -> None:
    place.type("à")
    place.other.setFocus()
    QApplication.processEvents()
    assert place.offered == [] and place.chosen == []


def test_they_never_take_the_focus_and_stay_in_the_window(place: Place) -> None:
    place.type("p")
    assert len(place.field.list.items) == 30
    assert QApplication.focusWidget() is place.field
    area = place.field.list.geometry()
    assert place.window.rect().contains(area) or area.height() <= place.window.height()
    assert place.field.list.window() is place.window, "no window of its own"
    row = place.field.list.sizeHintForRow(0)
    assert place.field.list.height() <= row * (SHOWN + 1) + 20


def test_words_are_shown_as_they_are(place: Place) -> None:
    place.type("<")
    assert place.offered == ["<b>Valls</b>"]
    assert place.field.list.model().index(0, 0).data() == "<b>Valls</b>"


def test_a_field_that_offers_at_once(qtbot: QtBot) -> None:
    place = Place(qtbot, at_once=True)
    place.field.setText("à")
    place.other.setFocus()
    place.field.setFocus()
    QApplication.processEvents()
    assert place.offered == ["Àger", "Àger i rodalia"]


def test_the_list_goes_with_its_field(place: Place, qtbot: QtBot) -> None:
    place.type("à")
    rows = place.field.list
    gone: list[bool] = []
    rows.destroyed.connect(lambda: gone.append(True))
    place.field.deleteLater()
    qtbot.waitUntil(lambda: gone == [True])
