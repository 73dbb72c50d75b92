"""All workshops: found, sorted, opened; and what stands there while there are none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from pessdesk.desktop.models.workshops import Column
from pessdesk.desktop.screens.new import NewWorkshopScreen
from pessdesk.desktop.screens.workshop import WorkshopScreen
from pessdesk.desktop.screens.workshops import WorkshopsScreen
from pessdesk.desktop.theme import THEME
from tests.desktop.conftest import Desktop, Laptop


def titles(screen: WorkshopsScreen) -> list[str]:
    return [screen.model.index(row, Column.TITLE).data() for row in range(screen.model.rowCount())]


def test_today_is_chosen_and_enter_opens_it(desktop: Desktop, workshop: str) -> None:
    desktop.press("Alt+2")
    screen = desktop.screen(WorkshopsScreen)
    assert desktop.focus is screen.table
    assert titles(screen)[0] == "Taller obert"
    desktop.press("Return")
    assert desktop.screen(WorkshopScreen).record == workshop


def test_double_click_opens(desktop: Desktop) -> None:
    screen = desktop.go("workshops")
    at = screen.table.visualRect(screen.model.index(1, Column.TITLE)).center()
    title = screen.model.index(1, Column.TITLE).data()
    QTest.mouseClick(screen.table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert desktop.window.screen_now is screen, "a single click only chooses"
    QTest.mouseDClick(screen.table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert desktop.screen(WorkshopScreen).row.title == title


def test_search_with_the_keyboard(desktop: Desktop) -> None:
    screen = desktop.go("workshops")
    desktop.press("Ctrl+F")
    assert desktop.focus is screen.search
    desktop.type("solsones")
    assert titles(screen) == ["Taller territorial del Solsonès"]
    assert screen.counted.text() == "Se'n mostren 1 de 4"
    desktop.press("Return")
    assert desktop.screen(WorkshopScreen).row.title == "Taller territorial del Solsonès"


def test_nothing_fits_and_esc_shows_all_again(desktop: Desktop) -> None:
    screen = desktop.go("workshops")
    screen.search.setFocus()
    desktop.type("zzz")
    assert screen.said.isVisible()
    assert screen.said.text() == "No hi encaixa cap taller."
    assert not screen.table.isVisible()
    desktop.press("Esc")
    assert len(titles(screen)) == 4
    assert screen.table.isVisible()
    assert desktop.focus is screen.table


def test_a_click_on_a_heading_sorts(desktop: Desktop) -> None:
    screen = desktop.go("workshops")
    header = screen.table.horizontalHeader()
    at = QPoint(header.sectionViewportPosition(Column.TITLE) + 20, header.height() // 2)
    usual = titles(screen)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    rising = titles(screen)
    assert rising[0] == "Taller obert"
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert titles(screen) == rising[::-1]
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert titles(screen) == usual, "the third click gives the usual order back"


def test_counts_follow_what_is_written(desktop: Desktop, workshop: str) -> None:
    screen: WorkshopsScreen = desktop.go("workshops")
    place = screen.model.index_of(workshop).row()
    assert screen.model.index(place, Column.CONTRIBUTIONS).data() == "0"
    assert screen.model.index(place, Column.STATE).data() == "–"
    desktop.go("workshop", workshop=workshop)
    desktop.type("Hola")
    desktop.press("Return")
    desktop.settle()
    desktop.go("workshops")
    place = screen.model.index_of(workshop).row()
    assert screen.model.index(place, Column.CONTRIBUTIONS).data() == "1"
    assert screen.model.index(place, Column.STATE).data() == "Només en aquest portàtil"


def test_what_was_handed_over_says_when(
    open_desktop: Callable[[Path], Desktop], laptop: Laptop, workshop: str, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text("text\nHola\n", encoding="utf-8")
    laptop.ok("record", "--workshop", workshop, tmp_path / "a.csv")
    (tmp_path / "stick").mkdir()
    laptop.ok("export", "--workshop", workshop, "--to", tmp_path / "stick")
    desktop = open_desktop(laptop.folder)
    screen = desktop.go("workshops")

    def state() -> str:
        return str(screen.model.index(screen.model.index_of(workshop).row(), Column.STATE).data())

    assert state().startswith("Lliurat el ")
    desktop.go("workshop", workshop=workshop)
    desktop.type("Una altra")
    desktop.press("Return")
    desktop.go("workshops")
    assert state().startswith("Canvis des del ")


def test_without_workshops_it_says_what_to_do(open_desktop: Callable[[Path], Desktop], tmp_path: Path) -> None:
    Laptop(tmp_path / "fresh").ok("device", "card", "--label", "Nou", "--to", tmp_path / "card.pem")
    desktop = open_desktop(tmp_path / "fresh")
    screen = desktop.go("workshops")
    assert screen.said.text() == "Encara no hi ha cap taller."
    assert screen.receive.isVisible()
    assert not screen.table.isVisible()
    assert not screen.search.isVisible()
    assert desktop.focus is screen.new
    desktop.press("Space")
    desktop.screen(NewWorkshopScreen)


def test_columns_fold_away_in_a_narrow_window(desktop: Desktop) -> None:
    screen = desktop.go("workshops")

    def shown() -> list[Column]:
        return [column for column in Column if not screen.table.isColumnHidden(column)]

    assert shown() == list(Column)
    THEME.use(zoom=2.0)
    desktop.window.resize(1366, 768)
    desktop.settle()
    assert shown() == [Column.DATE, Column.TITLE, Column.PLACE, Column.CONTRIBUTIONS]
    desktop.window.resize(900, 768)
    desktop.until(lambda: screen.table.isColumnHidden(Column.PLACE))
    assert shown() == [Column.DATE, Column.TITLE, Column.CONTRIBUTIONS]
    said = screen.model.index(0, Column.DATE).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "Alt Urgell" in said, "what is folded away is still said"
