"""Receiving by the window: looked at first, taken in when somebody says so, and each file with its sentence."""

from __future__ import annotations

import shutil
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QFileDialog, QLabel

from pessdesk.bootstrap import Program
from pessdesk.desktop.models.arrivals import ArrivalModel, Column
from pessdesk.desktop.screens.clashes import ClashesScreen
from pessdesk.desktop.screens.first import FirstScreen
from pessdesk.desktop.screens.laptops import LaptopsScreen
from pessdesk.desktop.screens.receive import ReceiveScreen, Stage
from pessdesk.desktop.words import WORDS
from pessdesk.system.files import StoreFiles
from tests.desktop.conftest import Desktop, Laptop

OTHER = "La Seu, taula 2"


@pytest.fixture
def other(_template: Path, tmp_path: Path, laptop: Laptop) -> Laptop:
    """Another laptop of the same programme, which this one knows, with something said in a planned workshop."""
    made = Laptop(tmp_path / "other")
    made.ok("device", "card", "--label", OTHER, "--to", tmp_path / "other.pem")
    made.ok("programme", "import", _template / "programme.asice")
    made.record(tmp_path / "other.csv", "Hola de la taula 2", "I adeu")
    laptop.ok("trust", "add", tmp_path / "other.pem")
    return made


@pytest.fixture
def bundle(other: Laptop, tmp_path: Path) -> Path:
    return Path(other.export(tmp_path / "out")["files"][0])


@pytest.fixture
def foreign(_template: Path, tmp_path: Path) -> Path:
    """A bundle of a laptop that nobody knows here."""
    made = Laptop(tmp_path / "foreign")
    made.ok("device", "card", "--label", "Solsona", "--to", tmp_path / "foreign.pem")
    made.ok("programme", "import", _template / "programme.asice")
    made.record(tmp_path / "foreign.csv", "Hola de lluny")
    return Path(made.export(tmp_path / "foreign out")["files"][0])


def show(desktop: Desktop, *files: Path) -> ReceiveScreen:
    desktop.window.receive(list(files))
    return desktop.screen(ReceiveScreen)


def column(screen: ReceiveScreen, which: Column) -> list[str]:
    return [screen.model.index(row, which).data() for row in range(screen.model.rowCount())]


def contributions(laptop: Laptop) -> int:
    return int(laptop.stats["contributions"])


# The plan, and what comes of it


def test_nothing_is_taken_in_before_somebody_says_so(
    bundle: Path, open_desktop: Callable[[Path], Desktop], home: Path
) -> None:
    """With the keyboard alone: the plan, Enter would not do, Space on «Aplica», what came of it."""
    desktop = open_desktop(home)
    screen = show(desktop, bundle)
    QAbstractItemModelTester(screen.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert screen.summary.text() == "S'incorporaria 1 paquet"
    assert column(screen, Column.OUTCOME) == ["s'incorporaria"]
    assert column(screen, Column.SENDER) == [OTHER]
    assert column(screen, Column.NEW) == ["3"]  # two contributions, and the laptop's name
    assert contributions(Laptop(home)) == 0
    assert desktop.focus is screen.apply_it
    desktop.press("Space")
    desktop.settle()
    assert screen.summary.text() == "S'ha incorporat 1 paquet"
    assert screen.said.text() == "3 registres nous."
    assert column(screen, Column.OUTCOME) == ["incorporat"]
    assert "Desat" in desktop.window.top.safety.text()
    desktop.window.close()
    assert contributions(Laptop(home)) == 2


def test_twice_changes_nothing_and_says_so(bundle: Path, desktop: Desktop) -> None:
    show(desktop, bundle).apply()
    desktop.settle()
    screen = show(desktop, bundle)
    assert screen.summary.text() == "1 ja s'havia rebut"
    assert screen.said.text() == "Res de nou: tot això ja hi era, i no s'ha canviat res."
    assert not screen.apply_it.isEnabled()
    assert column(screen, Column.OUTCOME) == ["ja rebut"]


def test_other_screens_show_at_once_what_came(bundle: Path, desktop: Desktop) -> None:
    workshops: Any = desktop.go("workshops")
    counts = [workshops.model.index(row, 4).data() for row in range(workshops.model.rowCount())]
    assert "2" not in counts
    show(desktop, bundle).apply()
    desktop.settle()
    workshops = desktop.go("workshops")
    assert "2" in [workshops.model.index(row, 4).data() for row in range(workshops.model.rowCount())]


def test_each_file_has_its_sentence_and_stops_no_other(
    bundle: Path, foreign: Path, desktop: Desktop, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    shutil.copy(bundle, folder / "a.asice")
    shutil.copy(bundle, folder / "b.asice")
    shutil.copy(foreign, folder / "c.asice")
    (folder / "d.asice").touch()
    with zipfile.ZipFile(folder / "e.asice", "w") as archive:
        archive.writestr("hola.txt", "hola")
    (folder / "f.asice").mkdir()
    (folder / "g.asice").write_bytes(bundle.read_bytes()[:-100])
    (folder / "notes.txt").write_text("no és cap paquet", encoding="utf-8")
    screen = show(desktop, folder)
    said = dict(zip(column(screen, Column.SENDER), column(screen, Column.REASON), strict=True))
    assert screen.summary.text() == ("S'incorporaria 1 paquet, 1 espera una decisió, 4 es rebutgen, 1 ja s'havia rebut")
    assert said["Solsona"].startswith("Íntegre, però aquí no es coneix qui l'ha signat.")
    assert said["d.asice"] == "El fitxer és buit."
    assert "No es pot llegir" in said["f.asice"]
    assert said["g.asice"]
    assert "notes.txt" not in said
    assert column(screen, Column.OUTCOME)[0] == "ho ha de decidir una persona", "what needs eyes stands first"
    screen.apply()
    desktop.settle()
    assert screen.summary.text().startswith("S'ha incorporat 1 paquet, 1 espera una decisió, 4 es rebutgen")
    assert "apartat: ho ha de decidir una persona" in column(screen, Column.OUTCOME)


def test_a_file_that_goes_away_before_it_is_applied(bundle: Path, foreign: Path, desktop: Desktop) -> None:
    screen = show(desktop, bundle, foreign)
    foreign.unlink()
    screen.apply()
    desktop.settle()
    assert column(screen, Column.OUTCOME) == ["rebutjat", "incorporat"]
    assert "ja no hi és" in column(screen, Column.REASON)[0]


def test_two_hundred_bundles_at_once(
    other: Laptop, open_desktop: Callable[[Path], Desktop], home: Path, tmp_path: Path
) -> None:
    """Each with a contribution of its own, as two hundred tables would hand them in."""
    from pessdesk.application.export_bundle import export_workshop
    from pessdesk.application.record_contributions import record_one

    out = tmp_path / "many"
    out.mkdir()
    code = other.codes()[0]
    with Program().desk(other.folder, write=True, keep=True) as desk:
        for number in range(200):
            record_one(desk, code, {"text": f"Cosa {number}"})
            export_workshop(desk, code, out)
    desktop = open_desktop(home)
    screen = show(desktop, out)
    assert screen.model.rowCount() == 200
    assert screen.summary.text() == "S'incorporarien 200 paquets"
    screen.apply()
    desktop.settle()
    assert screen.summary.text() == "S'han incorporat 200 paquets"
    desktop.window.close()
    assert contributions(Laptop(home)) == 202


def test_looking_can_be_stopped(bundle: Path, desktop: Desktop, tmp_path: Path) -> None:
    screen: ReceiveScreen = desktop.go("receive")
    there, go = threading.Event(), threading.Event()
    pulse = screen.errand.pulse

    def held(what: object, count: int, total: int) -> None:
        pulse(what, count, total)
        there.set()
        assert go.wait(20)

    screen.errand.pulse = held  # type: ignore[method-assign]
    copy = shutil.copy(bundle, tmp_path / "copy.asice")
    screen.look([bundle, Path(copy)])
    desktop.until(there.is_set)
    desktop.until(screen.errand.isVisible)
    assert screen.errand.words.text() == "1 de 2 mirats"
    assert desktop.focus is screen.errand.stop
    desktop.press("Space")
    go.set()
    desktop.settle()
    assert screen.stage is Stage.NOTHING
    assert screen.drop.isVisible()
    assert not screen.wrong.isVisible()


def test_applying_can_be_stopped_between_two_bundles(
    bundle: Path, other: Laptop, open_desktop: Callable[[Path], Desktop], home: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    other.record(tmp_path / "more.csv", "I encara més")
    second = Path(other.export(tmp_path / "out")["files"][0])
    desktop = open_desktop(home)
    screen = show(desktop, bundle, second)
    there, go = threading.Event(), threading.Event()
    spool = StoreFiles.spool

    def held(self: StoreFiles, source: Path) -> Path:
        if source == bundle:
            there.set()
            assert go.wait(20)
        return spool(self, source)

    monkeypatch.setattr(StoreFiles, "spool", held)
    screen.apply()
    desktop.until(there.is_set)
    desktop.until(screen.errand.isVisible)
    desktop.press("Space")
    go.set()
    desktop.settle()
    assert sorted(column(screen, Column.OUTCOME)) == ["incorporat", "s'incorporaria"]
    assert screen.summary.text() == "S'ha incorporat 1 paquet, S'incorporaria 1 paquet"
    assert screen.said.text().startswith("Aturat: el que s'ha incorporat s'hi queda, sencer.")
    assert desktop.focus is screen.apply_it
    desktop.press("Space")
    desktop.settle()
    assert column(screen, Column.OUTCOME) == ["incorporat", "incorporat"]
    assert screen.stage is Stage.APPLIED
    desktop.window.close()
    assert contributions(Laptop(home)) == 3


def test_a_full_disk_keeps_what_was_taken_in(
    bundle: Path, foreign: Path, desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = show(desktop, foreign, bundle)
    import errno

    from pessdesk.domain.errors import WorldUnkind

    spool = StoreFiles.spool

    def full(self: StoreFiles, source: Path) -> Path:
        if source == bundle:
            raise WorldUnkind.from_os(OSError(errno.ENOSPC, "full"), self.folder)
        return spool(self, source)

    with monkeypatch.context() as patch:
        patch.setattr(StoreFiles, "spool", full)
        screen.apply()
        desktop.settle()
    assert screen.wrong.text().startswith("El disc és ple: ")
    assert column(screen, Column.OUTCOME) == ["apartat: ho ha de decidir una persona", "s'incorporaria"]
    screen.apply()
    desktop.settle()
    assert not screen.wrong.isVisible()
    assert "incorporat" in column(screen, Column.OUTCOME)


# Whom one trusts


def test_a_signer_that_nobody_knows_is_trusted_right_here(
    foreign: Path, open_desktop: Callable[[Path], Desktop], home: Path
) -> None:
    """With the keyboard alone, from the row to the contributions."""
    desktop = open_desktop(home)
    screen = show(desktop, foreign)
    assert not screen.apply_it.isEnabled()
    assert screen.said.text() == "Aquí no hi ha res que es pugui incorporar."
    screen.table.setFocus()
    desktop.press("Tab")
    while desktop.focus is not screen.detail.trust:
        desktop.press("Tab")
    desktop.press("Space")
    desktop.settle()
    assert desktop.focus is screen.panel.typed
    assert screen.panel.heading.text() == "La targeta de «Solsona»"
    fingerprint = screen.panel.shown.text()
    desktop.type("00000 1")
    assert not screen.panel.yes.isEnabled()
    assert screen.panel.wrong.text().startswith(f"{foreign.name} és la targeta {fingerprint}, no 00000 1.")
    screen.panel.typed.clear()
    desktop.type(fingerprint[:11].lower().replace(" ", "-"))
    assert screen.panel.fits.text() == "Coincideixen 2 grups de 4."
    desktop.press("Return")
    desktop.settle()
    assert screen.panel.isHidden()
    assert screen.summary.text() == "S'incorporaria 1 paquet", "looked at again by itself"
    desktop.press("Space")
    desktop.settle()
    assert column(screen, Column.OUTCOME) == ["incorporat"]
    desktop.window.close()
    assert contributions(Laptop(home)) == 1
    acts = [act["action"] for act in _acts(home)]
    assert "card-trusted" in acts


def _acts(home: Path) -> list[dict[str, Any]]:
    with Program().desk(home, write=False) as desk, desk.store.read() as unit:
        return unit.acts()  # type: ignore[attr-defined,no-any-return]


def test_esc_puts_trust_off(foreign: Path, desktop: Desktop) -> None:
    screen = show(desktop, foreign)
    desktop.click(screen.detail.trust)
    desktop.press("Escape")
    assert screen.panel.isHidden()
    assert desktop.focus is screen.table
    assert column(screen, Column.OUTCOME) == ["ho ha de decidir una persona"]


def test_what_was_set_aside_can_be_tried_again_and_thrown_away(
    foreign: Path, bundle: Path, desktop: Desktop, tmp_path: Path
) -> None:
    photo = tmp_path / "foto.asice"
    photo.write_bytes(b"no es cap paquet")
    screen = show(desktop, foreign, bundle, photo)
    screen.apply()
    desktop.settle()
    said = [label.text() for label in screen.aside.findChildren(QLabel) if label.isVisible()]
    assert said[0] == "Deixats a part"
    assert any(words.startswith("Solsona · PESS-") for words in said)
    assert "foto.asice" in said
    assert "Això no és un paquet." in said
    screen.clear()
    one = next(row for row in screen._found.aside if row.code == "signer-unknown")
    screen.retry(one)
    desktop.settle()
    assert column(screen, Column.SENDER) == ["Solsona"]
    desktop.click(screen.detail.trust)
    screen.panel.typed.setText(screen.panel.shown.text())
    desktop.click(screen.panel.yes)
    screen.apply()
    desktop.settle()
    (left,) = screen._found.aside
    assert left.facts["from"] == "foto.asice"
    away = next(button for button in screen.aside.findChildren(type(screen.other)) if "Descarta" in button.text())
    desktop.click(away)
    assert screen._found.aside == []
    assert not screen.aside.isVisible()


def test_a_signer_trusted_after_applying_gets_its_bundles_looked_at(
    foreign: Path, bundle: Path, desktop: Desktop
) -> None:
    screen = show(desktop, foreign, bundle)
    screen.apply()
    desktop.settle()
    desktop.click(screen.detail.trust)
    screen.panel.typed.setText(screen.panel.shown.text())
    desktop.click(screen.panel.yes)
    assert screen.stage is Stage.PLANNED
    assert screen.summary.text() == "S'incorporaria 1 paquet"


# The office's programme


def test_the_first_programme_is_compared_by_phone(
    _template: Path, open_desktop: Callable[[Path], Desktop], tmp_path: Path
) -> None:
    home = tmp_path / "new"
    Laptop(home).ok("device", "card", "--label", "Taula nova")
    desktop = open_desktop(home)
    screen = show(desktop, _template / "programme.asice")
    office = Program().own_card(_template / "office")
    assert screen.office.shown.text() == Program().fingerprint(office.device)
    assert screen.office.compare.text() == "Compareu-la per telèfon amb l'oficina abans d'aplicar res."
    assert screen.office.isVisible()
    assert column(screen, Column.WORKSHOP) == ["Programa"]
    screen.apply()
    desktop.settle()
    assert column(screen, Column.OUTCOME) == ["incorporat"]
    assert not screen.office.isVisible()
    assert desktop.focus is screen.onward
    desktop.press("Space")
    desktop.settle()
    desktop.window.close()
    assert len(Laptop(home).codes()) > 0


def test_before_there_is_a_store_bundles_are_only_looked_at(
    _template: Path, open_desktop: Callable[[Path], Desktop], tmp_path: Path
) -> None:
    """A double click on the office's mail, on a laptop on which PessDesk was never opened."""
    home = tmp_path / "new"
    desktop = open_desktop(home)
    screen = show(desktop, _template / "programme.asice")
    assert screen.stage is Stage.STORELESS
    assert column(screen, Column.OUTCOME) == ["íntegre"]
    assert not Program().store_exists(home)
    assert not screen.apply_it.isVisible()
    desktop.press("Space")
    first = desktop.screen(FirstScreen)
    first.laptop.setText("Taula nova")
    desktop.click(first.straight)
    screen = desktop.go("receive")
    assert screen.stage is Stage.PLANNED
    screen.apply()
    desktop.settle()
    assert column(screen, Column.OUTCOME) == ["incorporat"]
    desktop.window.close()
    assert Laptop(home).ok("device", "card")[0]["label"] == "Taula nova"


# Dropping


def _drop(desktop: Desktop, *files: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    event = QDropEvent(
        QPointF(QPoint(300, 300)), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    desktop.window.dropEvent(event)
    desktop.settle()


def test_files_dropped_anywhere_arrive_here(bundle: Path, desktop: Desktop, tmp_path: Path) -> None:
    _drop(desktop, bundle)
    assert desktop.screen(ReceiveScreen).summary.text() == "S'incorporaria 1 paquet"
    text = tmp_path / "notes.txt"
    text.write_text("hola", encoding="utf-8")
    _drop(desktop, text)
    screen = desktop.screen(ReceiveScreen)
    assert sorted(column(screen, Column.OUTCOME)) == ["rebutjat", "s'incorporaria"], "beside what was planned"
    assert "Això no és un paquet." in column(screen, Column.REASON)
    _drop(desktop, tmp_path / "other.pem")
    assert desktop.screen(LaptopsScreen)


def test_an_empty_folder_says_so(desktop: Desktop, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    screen = show(desktop, tmp_path / "nothing")
    assert screen.said.text() == "No hi ha cap paquet (.asice)."
    assert screen.drop.isVisible()


def test_files_and_folders_can_be_chosen_without_a_mouse(
    bundle: Path, desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(bundle)], ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(bundle.parent))
    screen: ReceiveScreen = desktop.go("receive")
    assert desktop.focus is screen.pick
    desktop.press("Space")
    desktop.settle()
    assert screen.summary.text() == "S'incorporaria 1 paquet"
    screen.clear()
    screen.choose_folder()
    desktop.settle()
    assert screen.summary.text() == "S'incorporaria 1 paquet"


def test_the_rehearsal_takes_nothing_real_in(bundle: Path, desktop: Desktop) -> None:
    desktop.window.rehearse()
    desktop.settle()
    screen = show(desktop, bundle)
    assert screen.rehearsing.isVisible()
    assert not screen.apply_it.isVisible()
    assert not screen.detail.trust.isVisible()
    before = list(screen.model.rows)
    screen.apply()
    desktop.settle()
    assert screen.model.rows == before


# Clashes


def test_what_clashes_is_said_with_the_way_to_decide(
    bundle: Path, other: Laptop, laptop: Laptop, open_desktop: Callable[[Path], Desktop], home: Path, tmp_path: Path
) -> None:
    laptop.ok("import", bundle)
    code = other.ok("search", "hola")[0][0]["code"]
    other.ok("edit", code, "--text", "Hola des d'allà")
    laptop.ok("edit", code, "--text", "Hola des d'aquí")
    changed = Path(other.export(tmp_path / "out")["files"][0])
    desktop = open_desktop(home)
    screen = show(desktop, changed)
    assert column(screen, Column.CLASHING) == ["1"]
    screen.apply()
    desktop.settle()
    assert "Hi ha 1 discrepància: decidiu quina versió val." in screen.said.text()
    assert desktop.focus is screen.decide
    desktop.press("Space")
    assert desktop.screen(ClashesScreen).versions


# The model


def test_the_model_says_everything_to_a_screen_reader(bundle: Path, foreign: Path, desktop: Desktop) -> None:
    screen = show(desktop, bundle, foreign)
    model: ArrivalModel = screen.model
    spoken = [model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(2)]
    assert spoken[0].startswith("ho ha de decidir una persona. Solsona. ")
    assert spoken[1].startswith(f"s'incorporaria. {OTHER}. ")
    assert spoken[1].endswith("3 de nous, 0 de ja rebuts, 0 amb discrepància")
    WORDS.use("en")
    desktop.settle()
    assert column(screen, Column.OUTCOME) == ["a person must decide", "would be taken in"]
    assert screen.summary.text() == "1 bundle would be taken in, 1 waits for a decision"
