"""A spreadsheet comes to a workshop: complaints row by row, all or nothing, taken back as one."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtWidgets import QPushButton

from pessdesk.desktop.models.sheet import Column
from pessdesk.desktop.screens.sheet import SheetScreen
from pessdesk.desktop.screens.workshop import WorkshopScreen
from pessdesk.desktop.theme import THEME
from pessdesk.desktop.words import WORDS
from tests.desktop.conftest import Desktop, Laptop

HEADER = "text;group;line;kind;votes"
ROWS = [f"Que es faci la cosa {n};{n % 3 + 1};4.1;Necessitat;{n}" for n in range(10)]
WRONG = {2: ";1;4.1;Necessitat;1", 5: "a;1;99.9;Necessitat;1", 7: "b;1;4.1;queixa;1"}


def write(path: Path, *rows: str, header: str = HEADER) -> Path:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def screen(desktop: Desktop, workshop: str) -> SheetScreen:
    shown: SheetScreen = desktop.go("sheet", workshop=workshop)
    return shown


def take(desktop: Desktop, screen: SheetScreen, file: Path) -> None:
    screen.read(file)
    desktop.settle()


def column(screen: SheetScreen, which: Column) -> list[str]:
    return [screen.model.index(row, which).data() for row in range(screen.model.rowCount())]


def standing(desktop: Desktop, workshop: str) -> list[str]:
    found: list[Any] = []
    desktop.window.session.read(lambda reading: reading.contributions(workshop, "", 100_000), found.extend)
    desktop.settle()
    return [row.text for row in found if not row.withdrawn]


def test_story_three_wrong_rows_corrected_imported_undone(desktop: Desktop, workshop: str, tmp_path: Path) -> None:
    """With the keyboard alone, from the moment the file is there."""
    rows = [WRONG.get(n, row) for n, row in enumerate(ROWS)]
    file = write(tmp_path / "taula 3.csv", *rows)
    screen: SheetScreen = desktop.go("sheet", workshop=workshop, file=file)
    assert screen.title() == "Full de càlcul per a «Taller obert»"
    assert screen.file_name.text() == "taula 3.csv"
    assert screen.summary.text() == "3 files per corregir, 7 a punt"
    assert column(screen, Column.NUMBER) == ["4", "7", "9"]
    said = column(screen, Column.VERDICT)
    assert said[0] == "text: és buit i s'ha d'omplir."
    assert "«99.9»" in said[1]
    assert "«queixa»" in said[2]
    assert screen.take_in.text() == "Importa 7 aportacions"
    assert not screen.take_in.isEnabled(), "all or nothing"
    assert standing(desktop, workshop) == []
    assert desktop.focus is screen.again

    write(file, *ROWS)
    desktop.press("Space")
    desktop.settle()
    assert screen.summary.text() == "10 a punt"
    assert desktop.focus is screen.take_in
    desktop.press("Space")
    desktop.settle()
    assert screen.summary.text() == "S'han importat 10 aportacions."
    assert len(standing(desktop, workshop)) == 10
    assert desktop.focus is screen.to_workshop

    desktop.press("Ctrl+Z")
    desktop.settle()
    assert standing(desktop, workshop) == []
    assert desktop.message == "S'ha desfet: les aportacions del full de càlcul."
    assert screen.summary.text() == "10 ja hi eren i estan retirades"
    desktop.press("Ctrl+Shift+Z")
    desktop.settle()
    assert len(standing(desktop, workshop)) == 10
    assert screen.summary.text() == "10 ja hi eren"


def test_they_stand_in_the_workshop(desktop: Desktop, screen: SheetScreen, tmp_path: Path) -> None:
    take(desktop, screen, write(tmp_path / "a.csv", *ROWS))
    screen.import_now()
    desktop.settle()
    desktop.click(screen.to_workshop)
    shown = desktop.screen(WorkshopScreen)
    assert shown.model.counts().all == 10
    desktop.press("Ctrl+Z")
    desktop.settle()
    assert shown.model.counts().all == 0
    assert shown.model.counts().withdrawn == 10


def test_importing_again_adds_what_is_new(desktop: Desktop, screen: SheetScreen, workshop: str, tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", *ROWS)
    take(desktop, screen, file)
    screen.import_now()
    desktop.settle()
    take(desktop, screen, file)
    assert screen.summary.text() == "10 ja hi eren"
    assert screen.what.text() == "En aquest fitxer no hi ha res de nou."
    assert not screen.take_in.isVisible()
    write(file, *ROWS, "Una de nova;1;4.1;Proposta;0")
    desktop.click(screen.again)
    assert screen.summary.text() == "1 a punt, 10 ja hi eren"
    assert column(screen, Column.VERDICT)[-1] == "A punt"
    desktop.click(screen.take_in)
    assert screen.summary.text() == "S'ha importat 1 aportació. 10 ja hi eren"
    assert len(standing(desktop, workshop)) == 11


def test_what_was_withdrawn_is_told_and_can_be_brought_back(
    desktop: Desktop, screen: SheetScreen, workshop: str, tmp_path: Path
) -> None:
    take(desktop, screen, write(tmp_path / "a.csv", *ROWS))
    screen.import_now()
    desktop.settle()
    desktop.press("Ctrl+Z")
    desktop.settle()
    assert screen.bring.text() == "Recupera'n 10"
    desktop.click(screen.bring)
    assert len(standing(desktop, workshop)) == 10
    assert not screen.bring.isVisible()
    desktop.press("Ctrl+Z")
    desktop.settle()
    assert standing(desktop, workshop) == []


def test_all_rows_or_only_those_to_be_corrected(desktop: Desktop, screen: SheetScreen, tmp_path: Path) -> None:
    rows = [WRONG.get(n, row) for n, row in enumerate(ROWS)]
    take(desktop, screen, write(tmp_path / "a.csv", *rows))
    assert screen.only_wrong.isChecked()
    screen.only_wrong.setFocus()
    desktop.press("Space")
    assert len(column(screen, Column.NUMBER)) == 10
    assert column(screen, Column.LINE)[5] == "99.9"
    desktop.press("Space")
    assert len(column(screen, Column.NUMBER)) == 3


def test_the_sentence_of_a_row_has_the_room_it_needs(desktop: Desktop, screen: SheetScreen, tmp_path: Path) -> None:
    desktop.window.resize(900, 700)
    THEME.use(zoom=1.5)
    take(desktop, screen, write(tmp_path / "a.csv", "b;1;4.1;queixa;1"))
    desktop.until(lambda: screen.table.rowHeight(0) > 2 * THEME.px(36))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"texte;taula\nhola;3\n", "hi falta la columna text"),
        (b"text;colour\nhola;3\n", "colour"),
        (b"text\n", "però cap fila"),
        (b"", "a.csv"),
        (b"\x00\x01\x02", "a.csv"),
        (b"PK\x03\x04 no zip", "a.csv"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_beside_its_name(
    content: bytes, why: str, desktop: Desktop, screen: SheetScreen, tmp_path: Path
) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(content)
    take(desktop, screen, file)
    assert screen.file_name.text() == "a.csv"
    assert screen.wrong.isVisible()
    assert why in screen.wrong.text()
    assert not screen.take_in.isVisible()
    assert screen.pick.isVisible(), "another can be chosen"
    file.write_bytes(b"text\nAra si\n")
    desktop.click(screen.again)
    assert not screen.wrong.isVisible()
    assert screen.summary.text() == "1 a punt"


def test_a_file_that_went_away(desktop: Desktop, screen: SheetScreen, tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", *ROWS)
    take(desktop, screen, file)
    file.unlink()
    desktop.click(screen.again)
    assert screen.wrong.isVisible()
    assert not screen.table.isVisible(), "nothing of what was read before stands there as if it could be imported"


def test_excel_and_dropping(desktop: Desktop, screen: SheetScreen, workshop: str, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["text", "votes"])
    book.active.append(["Que el col·legi obri", 3])
    file = tmp_path / "full.xlsx"
    book.save(file)
    assert screen.take_files([file])
    assert not screen.take_files([tmp_path / "a.asice"])
    desktop.settle()
    assert screen.summary.text() == "1 a punt"
    screen.import_now()
    desktop.settle()
    assert standing(desktop, workshop) == ["Que el col·legi obri"]


def test_a_sheet_dropped_on_the_workshop_comes_here(desktop: Desktop, workshop: str, tmp_path: Path) -> None:
    shown: WorkshopScreen = desktop.go("workshop", workshop=workshop)
    shown.take_files([write(tmp_path / "a.csv", *ROWS)])
    assert desktop.screen(SheetScreen).summary.text() == "10 a punt"


def test_windows_encoding_is_told(desktop: Desktop, screen: SheetScreen, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes("text\nQue el col·legi obri a l'estiu à\n".encode("cp1252"))
    take(desktop, screen, file)
    assert "cp1252" in screen.what.text()


def test_cancelled_between_two_commits(
    desktop: Desktop, screen: SheetScreen, workshop: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pessdesk.application import record_contributions

    monkeypatch.setattr(record_contributions, "BATCH", 4)
    take(desktop, screen, write(tmp_path / "a.csv", *ROWS))
    go_on = threading.Event()
    desktop.window.session.errands.do(lambda _: go_on.wait(20))
    screen.import_now()
    assert screen.busy.isVisible()
    assert screen.told.text() == "0 de 10 recollides"
    assert not screen.again.isEnabled()
    screen.cancel.click()
    go_on.set()
    desktop.settle()
    assert len(standing(desktop, workshop)) == 4, "what was recorded stays"
    assert screen.summary.text() == "S'han importat 4 aportacions. 6 a punt"
    desktop.click(screen.take_in)
    assert len(standing(desktop, workshop)) == 10
    for left in (4, 0):
        desktop.press("Ctrl+Z")
        desktop.settle()
        assert len(standing(desktop, workshop)) == left


def test_closing_the_window_stops_between_two_commits(
    desktop: Desktop, screen: SheetScreen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pessdesk.application import record_contributions

    monkeypatch.setattr(record_contributions, "BATCH", 1)
    take(desktop, screen, write(tmp_path / "a.csv", *(f"fila {n}" for n in range(3000)), header="text"))
    began = threading.Event()
    screen.progressed.connect(lambda _: began.set())
    screen.import_now()
    desktop.until(began.is_set)
    desktop.window.close()
    laptop = Laptop(desktop.window.session.folder)
    assert 0 < laptop.stats["contributions"] < 3000
    assert laptop.ok("check")[0]["ok"]


def test_trouble_on_the_way_is_said_and_what_is_safe_can_be_undone(
    desktop: Desktop, screen: SheetScreen, workshop: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pessdesk.application import record_contributions
    from pessdesk.domain.errors import WorldUnkind

    monkeypatch.setattr(record_contributions, "BATCH", 4)
    take(desktop, screen, write(tmp_path / "a.csv", *ROWS))
    whole = record_contributions._record_batch

    def full(desk: Any, unit: Any, *more: Any) -> Any:
        if len(unit.contributions(workshop)) >= 4:
            raise WorldUnkind("disk-full", path="E:")
        return whole(desk, unit, *more)

    monkeypatch.setattr(record_contributions, "_record_batch", full)
    screen.import_now()
    desktop.settle()
    assert screen.wrong.text() == "El disc és ple: E:. No s'ha perdut res; feu-hi lloc i torneu-ho a provar."
    assert screen.summary.text() == "S'han importat 4 aportacions. 6 a punt"
    desktop.press("Ctrl+Z")
    desktop.settle()
    assert standing(desktop, workshop) == []


def test_reading_that_is_let_go_shows_nothing_any_more(desktop: Desktop, screen: SheetScreen, tmp_path: Path) -> None:
    go_on = threading.Event()
    desktop.window.pure.do(lambda _: go_on.wait(20))
    screen.read(write(tmp_path / "a.csv", *ROWS))
    desktop.until(screen.busy.isVisible)
    assert screen.told.text() == "S'està llegint el fitxer…"
    screen.cancel.click()
    go_on.set()
    desktop.settle()
    assert not screen.busy.isVisible()
    assert screen.pick.isVisible()
    assert not screen.table.isVisible()


@pytest.mark.parametrize("language", ["ca", "es", "en"])
def test_the_example_can_be_imported_as_it_is(
    language: str, desktop: Desktop, screen: SheetScreen, workshop: str, tmp_path: Path
) -> None:
    WORDS.use(language)
    screen.save_example(tmp_path / "exemple.csv")
    desktop.settle()
    assert "exemple.csv" in desktop.message
    take(desktop, screen, tmp_path / "exemple.csv")
    assert screen._checked is not None
    assert not screen._checked.complaints
    screen.import_now()
    desktop.settle()
    assert len(standing(desktop, workshop)) == 2


def test_every_column_is_explained(screen: SheetScreen) -> None:
    assert screen.help.isVisible()
    assert all(label.text() for label in screen.help._meanings.values())


def test_each_workshop_begins_anew(desktop: Desktop, screen: SheetScreen, workshop: str, tmp_path: Path) -> None:
    take(desktop, screen, write(tmp_path / "a.csv", *ROWS))
    found: list[Any] = []
    desktop.window.session.read(lambda reading: reading.workshops(), found.extend)
    desktop.settle()
    desktop.go("sheet", workshop=next(row.record for row in found if row.record != workshop))
    assert screen.pick.isVisible()
    assert not screen.take_in.isVisible()


def test_two_thousand_in_seconds(desktop: Desktop, screen: SheetScreen, workshop: str, tmp_path: Path) -> None:
    rows = [f"Que es faci la cosa {n};{n % 5 + 1};4.1;Necessitat;{n % 9}" for n in range(2000)]
    take(desktop, screen, write(tmp_path / "a.csv", *rows))
    shown: WorkshopScreen = desktop.go("workshop", workshop=workshop)
    began = time.perf_counter()
    screen.import_now()
    desktop.settle()
    assert shown.model.counts().all == 2000
    desktop.press("Ctrl+Z")
    desktop.settle()
    assert shown.model.counts().all == 0
    desktop.press("Ctrl+Shift+Z")
    desktop.settle()
    assert shown.model.counts().all == 2000
    assert time.perf_counter() - began < 30


def test_every_button_has_a_name(screen: SheetScreen) -> None:
    assert [b.accessibleName() for b in screen.findChildren(QPushButton) if not b.accessibleName()] == []
