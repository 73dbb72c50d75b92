"""Clashes by the window: versions side by side, decided with the keyboard alone, one after the other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QFileDialog, QLabel

from pessdesk.bootstrap import Program
from pessdesk.desktop.screens.clashes import ClashesScreen
from pessdesk.desktop.screens.receive import ReceiveScreen
from pessdesk.desktop.screens.workshop import WorkshopScreen
from pessdesk.desktop.widgets.differing import DifferingText
from pessdesk.desktop.widgets.plain_text import GrowingText, PlainLine
from tests.desktop.conftest import Desktop, Laptop

MARKUP = "Que el <b>bus</b> & l'autocar passin els dissabtes"


class Pair:
    """This laptop and another one, which know each other; what the one does the other hears of by bundles."""

    def __init__(self, template: Path, folder: Path, home: Path) -> None:
        self.here, self.there = Laptop(home), Laptop(folder / "there")
        self._folder = folder
        self.there.ok("device", "card", "--label", "La Seu, taula 2", "--to", folder / "there.pem")
        self.here.ok("device", "card", "--to", folder / "here.pem")
        self.there.ok("programme", "import", template / "programme.asice")
        self.here.ok("trust", "add", folder / "there.pem")
        self.there.ok("trust", "add", folder / "here.pem")
        self.code = next(r["code"] for r in self.here.ok("workshop", "list")[0] if r["title"] == "Taller obert")

    def record(self, *texts: str) -> list[str]:
        sheet = self._folder / "s.csv"
        sheet.write_text("text\n" + "".join(f'"{text}"\n' for text in texts), encoding="utf-8")
        return [one["code"] for one in self.here.ok("record", "--workshop", self.code, sheet)]

    def send(self, source: Laptop, target: Laptop) -> Path:
        out = self._folder / f"out {len(list(self._folder.iterdir()))}"
        out.mkdir()
        file = Path(source.ok("export", "--workshop", self.code, "--to", out)[0]["files"][0])
        target.ok("import", file)
        return file

    def clash(self, code: str, here: tuple[str, ...], there: tuple[str, ...]) -> None:
        self.there.ok("edit", code, *there)
        self.here.ok("edit", code, *here)


@pytest.fixture
def pair(_template: Path, tmp_path: Path, home: Path) -> Pair:
    return Pair(_template, tmp_path, home)


@pytest.fixture
def clashing(pair: Pair) -> Pair:
    """Two contributions that clash in their text, one in kind, title, line and table as well."""
    first, second = pair.record("Que el bus passi els dissabtes", "Més places")
    pair.send(pair.here, pair.there)
    pair.clash(first, ("--text", MARKUP), ("--text", "Que el bus passi els diumenges"))
    pair.clash(
        second, ("--text", "Més places de dia", "--kind", "need", "--line", "1.1"),
        ("--text", "Moltes més places", "--kind", "question", "--line", "1.2"),
    )  # fmt: skip
    pair.send(pair.there, pair.here)
    return pair


@pytest.fixture
def open_clashes(clashing: Pair, open_desktop: Callable[[Path], Desktop]) -> tuple[Desktop, ClashesScreen]:
    desktop = open_desktop(clashing.here.folder)
    desktop.press("Alt+5")
    return desktop, desktop.screen(ClashesScreen)


def shown(screen: ClashesScreen) -> dict[str, list[str]]:
    """The versions of each field, as they are said."""
    return {v.field: [text.toPlainText() for text in v.findChildren(DifferingText)] for v in screen.versions}


def texts(desktop: Desktop) -> list[str]:
    found: list[Any] = []
    desktop.window.session.read(
        lambda reading: [row.text for w in reading.workshops() for row in reading.contributions(w.record, "", 99)],
        found.extend,
    )
    desktop.settle()
    return found


def test_versions_stand_side_by_side_with_whose_they_are(open_clashes: tuple[Desktop, ClashesScreen]) -> None:
    desktop, screen = open_clashes
    assert screen.counted.text() == "1 de 2"
    assert shown(screen) == {"text": [MARKUP, "Que el bus passi els diumenges"]}
    labels = [label.text() for label in screen.versions[0].findChildren(QLabel)]
    assert "Text" in labels
    assert {"1. Portàtil 1", "2. La Seu, taula 2"} <= set(labels)
    assert "és la que es veu ara" in labels[2]
    assert screen.about.text() == "Taller obert"
    assert desktop.window.sidebar._badges["clashes"] == 2


def test_arrows_and_enter_decide_and_the_next_one_comes(open_clashes: tuple[Desktop, ClashesScreen]) -> None:
    desktop, screen = open_clashes
    desktop.press("Return")
    desktop.settle()
    assert screen.wrong.text() == "Trieu primer una versió, amb el seu número o amb les fletxes."
    desktop.press("Right")
    desktop.press("Right")
    assert screen.versions[0].choice is not None
    assert screen.versions[0].choice.number == 1
    assert desktop.focus is screen.versions[0].buttons[1]
    desktop.press("Return")
    desktop.settle()
    assert desktop.message.startswith("Decidida: ")
    assert screen.counted.text() == "1 de 1"
    assert "Que el bus passi els diumenges" in texts(desktop)
    assert desktop.focus is screen.versions[0].buttons[0], "the next one, nothing of it chosen"
    assert all(one.choice is None for one in screen.versions)
    assert desktop.window.sidebar._badges["clashes"] == 1


def test_several_fields_are_decided_each_by_itself_and_together(open_clashes: tuple[Desktop, ClashesScreen]) -> None:
    desktop, screen = open_clashes
    desktop.press("Ctrl+PgDown")
    desktop.settle()
    assert list(shown(screen)) == ["text", "kind", "lines"]
    assert shown(screen)["kind"] == ["Necessitat o problema", "Pregunta"]
    assert all(line.startswith("1.") for line in shown(screen)["lines"])
    assert not screen.settle_it.isEnabled()
    assert screen.missing.text() == "Encara per triar: Text, Tipus, Línia"
    desktop.press("2")
    desktop.press("Return")
    assert desktop.focus is screen.versions[1].buttons[0], "on to the next field"
    desktop.press("1")
    assert screen.missing.text() == "Encara per triar: Línia"
    desktop.press("Return")
    desktop.press("2")
    assert screen.settle_it.isEnabled()
    lines = shown(screen)["lines"][1]
    desktop.press("Return")
    desktop.settle()
    assert screen.counted.text() == "1 de 1"
    found: list[Any] = []
    desktop.window.session.read(lambda reading: reading.search("moltes", 5), found.extend)
    desktop.settle()
    assert [(row.text, row.kind) for row in found] == [("Moltes més places", "need")]
    tree: list[Any] = []
    desktop.window.session.read(lambda reading: reading.tree(), tree.append)
    desktop.settle()
    code = next(node.code for node in tree[0].nodes if node.id == found[0].lines[0])
    assert lines.startswith(code)


def test_undo_brings_back_what_was_shown(open_clashes: tuple[Desktop, ClashesScreen]) -> None:
    desktop, screen = open_clashes
    desktop.press("2")
    desktop.press("Return")
    desktop.settle()
    desktop.press("Ctrl+Z")
    desktop.settle()
    assert desktop.message == "S'ha desfet: la decisió sobre una discrepància."
    assert MARKUP in texts(desktop)
    assert screen.counted.text() == "1 de 1", "it stays decided"
    desktop.press("Ctrl+Shift+Z")
    desktop.settle()
    assert "Que el bus passi els diumenges" in texts(desktop)


def test_keeping_what_is_shown_decides_too(open_clashes: tuple[Desktop, ClashesScreen]) -> None:
    desktop, screen = open_clashes
    desktop.click(screen.versions[0].buttons[0])
    assert screen.counted.text() == "1 de 1"
    assert MARKUP in texts(desktop)
    assert desktop.window.session.history.next_undo is None


def test_another_text_is_written_in_place_of_both(open_clashes: tuple[Desktop, ClashesScreen]) -> None:
    desktop, screen = open_clashes
    versions = screen.versions[0]
    desktop.click(versions.write)
    editor = versions.editor
    assert isinstance(editor, GrowingText)
    assert desktop.focus is editor
    assert editor.toPlainText() == MARKUP, "begun with what shows"
    editor.clear()
    desktop.press("Ctrl+Return")
    desktop.settle()
    assert versions.wrong.text() == "Text: és buit i s'ha d'omplir."
    assert screen.counted.text() == "1 de 2"
    desktop.type("Que el bus passi tot el cap de setmana")
    desktop.press("Ctrl+Return")
    desktop.settle()
    assert screen.counted.text() == "1 de 1"
    assert "Que el bus passi tot el cap de setmana" in texts(desktop)


def test_esc_closes_the_editor_and_keeps_what_was_written(open_clashes: tuple[Desktop, ClashesScreen]) -> None:
    desktop, screen = open_clashes
    versions = screen.versions[0]
    desktop.click(versions.write)
    desktop.type("!")
    desktop.press("Escape")
    assert not versions.own.isVisible()
    assert desktop.focus is versions.write
    desktop.press("Space")
    assert versions.text == MARKUP + "!"


def test_what_somebody_wrote_is_shown_as_it_is(open_clashes: tuple[Desktop, ClashesScreen]) -> None:
    """Never as markup; the differing words are bold and underlined."""
    _, screen = open_clashes
    text = screen.versions[0].findChildren(DifferingText)[0]
    assert text.toPlainText() == MARKUP
    cursor = text.textCursor()
    cursor.setPosition(MARKUP.index("dissabtes") + 1)
    assert cursor.charFormat().fontUnderline() and cursor.charFormat().fontWeight() > 400
    cursor.setPosition(1)
    assert not cursor.charFormat().fontUnderline()
    assert MARKUP in screen.versions[0].buttons[0].accessibleName()


def test_what_is_chosen_stays_while_other_things_arrive(
    open_clashes: tuple[Desktop, ClashesScreen], clashing: Pair
) -> None:
    desktop, screen = open_clashes
    desktop.press("2")
    choice = screen.versions[0].choice
    from pessdesk.desktop.session import EVERYTHING

    desktop.window.session.tell(EVERYTHING)
    desktop.settle()
    assert screen.versions[0].choice is choice


def test_a_clash_decided_elsewhere_meanwhile_makes_room(
    clashing: Pair, open_desktop: Callable[[Path], Desktop]
) -> None:
    """The other laptop decided first, and its decision arrives while this one looks at the same."""
    clashing.send(clashing.here, clashing.there)
    first = clashing.there.ok("clash", "list")[0][0]["code"]
    clashing.there.ok("clash", "settle", first, "--text", "Decidit allà")
    out = clashing.here.folder.parent / "decided"
    out.mkdir()
    decided = Path(clashing.there.ok("export", "--workshop", clashing.code, "--to", out)[0]["files"][0])
    desktop = open_desktop(clashing.here.folder)
    screen: ClashesScreen = desktop.go("clashes")
    desktop.press("1")
    desktop.window.receive([decided])
    receive = desktop.screen(ReceiveScreen)
    receive.apply()
    desktop.settle()
    screen = desktop.go("clashes")
    assert screen.counted.text() == "1 de 1"
    assert all(one.choice is None for one in screen.versions)
    assert "Decidit allà" in texts(desktop)


def test_a_workshops_data_are_decided_too(pair: Pair, open_desktop: Callable[[Path], Desktop]) -> None:
    pair.record("Hola")
    pair.send(pair.here, pair.there)
    with Program().desk(pair.there.folder, write=True) as desk:
        from pessdesk.application.capture import change_fields
        from pessdesk.application.find import workshop

        with desk.store.read() as unit:
            record = workshop(unit, pair.code)["record"]
        change_fields(desk, record, record, {"venue": "Sala petita"})
    with Program().desk(pair.here.folder, write=True) as desk:
        change_fields(desk, record, record, {"venue": "Sala gran"})
    pair.send(pair.there, pair.here)
    desktop = open_desktop(pair.here.folder)
    screen: ClashesScreen = desktop.go("clashes")
    assert screen.what.text() == "Taller «Taller obert»"
    assert shown(screen) == {"venue": ["Sala gran", "Sala petita"]}
    assert isinstance(screen.versions[0].editor, PlainLine)
    desktop.press("2")
    desktop.press("Return")
    desktop.settle()
    assert screen.empty_page.isVisible()
    facts: Any = desktop.go("facts", workshop=record)
    assert facts.lines["venue"].text() == "Sala petita"


def test_the_way_to_the_contribution(open_clashes: tuple[Desktop, ClashesScreen]) -> None:
    desktop, screen = open_clashes
    desktop.click(screen.open_it)
    workshop = desktop.screen(WorkshopScreen)
    row = workshop.model.row_at(workshop.list.currentIndex())
    assert row.text == MARKUP


def test_nothing_to_decide(desktop: Desktop) -> None:
    screen: ClashesScreen = desktop.go("clashes")
    assert screen.empty_words.text() == "No hi ha cap discrepància."
    assert screen.empty_page.isVisible()
    assert desktop.focus is screen.empty_page


# The whole story


def test_recorded_handed_over_received_elsewhere_and_decided(
    pair: Pair, open_desktop: Callable[[Path], Desktop], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two windows and a stick, with the keyboard alone: record, hand over, take in there; both change it; hand over,
    take in, decide."""
    stick = tmp_path / "stick"
    stick.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(stick))
    record = next(r["id"] for r in pair.here.ok("workshop", "list")[0] if r["title"] == "Taller obert")

    def change(desktop: Desktop, words: str) -> None:
        screen: WorkshopScreen = desktop.go("workshop", workshop=record)
        screen.list.setCurrentIndex(screen.model.index(0))
        desktop.settle()
        screen.detail.text.setFocus()
        screen.detail.text.selectAll()
        desktop.type(words)
        desktop.press("Ctrl+Return")
        desktop.settle()

    def hand_over(desktop: Desktop) -> None:
        desktop.press("Alt+3")
        desktop.settle()
        desktop.press("Space")
        desktop.settle()

    def take_in(desktop: Desktop) -> ReceiveScreen:
        desktop.press("Alt+4")
        screen = desktop.screen(ReceiveScreen)
        desktop.press("Tab")
        assert desktop.focus is screen.pick_folder
        for _ in ("the folder", "apply"):
            desktop.press("Space")
            desktop.settle()
        return screen

    here = open_desktop(pair.here.folder)
    here.go("workshop", workshop=record)
    here.type("Un banc a cada parada")
    here.press("Return")
    here.settle()
    hand_over(here)
    assert len(list(stick.iterdir())) == 1
    there = open_desktop(pair.there.folder)
    there.come_forward()
    assert take_in(there).summary.text() == "S'ha incorporat 1 paquet"
    change(there, "Un banc a cada parada del bus")
    hand_over(there)
    here.come_forward()
    change(here, "Un banc i ombra a cada parada")
    receive = take_in(here)
    assert "Hi ha 1 discrepància" in receive.said.text()
    here.press("Space")
    clashes = here.screen(ClashesScreen)
    assert shown(clashes)["text"] == ["Un banc i ombra a cada parada", "Un banc a cada parada del bus"]
    here.press("2")
    here.press("Return")
    here.settle()
    assert clashes.empty_page.isVisible()
    assert "Un banc a cada parada del bus" in texts(here)
    here.window.close()
    there.window.close()
    assert pair.here.ok("check")[0]["ok"] and pair.there.ok("check")[0]["ok"]
