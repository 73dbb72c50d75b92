"""Chance plays the person: whatever is done in whatever order, the screen shows what the store holds, and the store is well."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pessdesk.application import capture
from pessdesk.application.screens import Reading
from pessdesk.bootstrap import Program
from pessdesk.desktop.history import Undoable
from pessdesk.desktop.models.contributions import Filter
from pessdesk.desktop.session import Change
from pessdesk.desktop.settings import Settings
from pessdesk.desktop.window import Window
from pessdesk.desktop.words import WORDS
from tests.desktop.conftest import Desktop, Laptop

SAID = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=60).filter(str.strip)
SCREENS = ("today", "workshops", "handover", "receive", "clashes", "laptops", "acts", "settings", "help")


def walk(home: Path, workshop: str, qtbot: QtBot) -> type[RuleBasedStateMachine]:
    """The machine, for a laptop's data folder of which each run has a copy."""

    class Walk(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.base = Path(tempfile.mkdtemp(prefix="pessdesk-walk-"))
            self.folder = self.base / "data"
            shutil.copytree(home, self.folder)
            self._open()

        def _open(self) -> None:
            WORDS.use("ca")
            self.window = Window(Program(), self.folder, Settings(self.folder))
            self.desktop = Desktop(self.window, qtbot)
            self.window.resize(1366, 768)
            self.window.show()
            self.window.start()
            self._back()

        def _back(self) -> None:
            self.desktop.settle()
            self.window.go("workshop", workshop=workshop)
            self.desktop.settle()

        @property
        def screen(self) -> Any:
            return self.window.screen_now

        @property
        def rows(self) -> list[Any]:
            return [row for row in self.screen.model.rows if not row.withdrawn]

        def _pick(self, data: st.DataObject) -> Any:
            return data.draw(st.sampled_from(self.rows))

        @rule(said=SAID, blocks=st.sampled_from(["", "@2 ", "#1.1 ", "!nec +3 ", "@- #- "]))
        def record(self, said: str, blocks: str) -> None:
            self.screen.line.text.setPlainText("")
            self.screen.line.text.insertPlainText(blocks)
            self.screen.line.text.insertPlainText(said)
            self.screen.line.commit()
            self.desktop.settle()

        @precondition(lambda self: self.rows)
        @rule(data=st.data(), fields=st.fixed_dictionaries({"text": SAID, "kind": st.sampled_from(["need", "threat"])}))
        def edit(self, data: st.DataObject, fields: dict[str, str]) -> None:
            row = self._pick(data)
            self.window.session.write(
                lambda desk: capture.change_fields(desk, row.record, workshop, fields),
                Undoable.TEXT,
                Change(frozenset(("contributions",)), workshop, (row.record,)),
            )
            self.desktop.settle()

        @precondition(lambda self: self.rows)
        @rule(data=st.data(), votes=st.integers(0, 9))
        def dots(self, data: st.DataObject, votes: int) -> None:
            row = self._pick(data)
            self.screen.list.setCurrentIndex(self.screen.model.index_of(row.record))
            self.desktop.settle()
            if self.screen.looked_at == row.record:
                self.screen.detail.dots.setValue(votes)
                self.screen.detail.keep()
            self.desktop.settle()

        @precondition(lambda self: self.rows)
        @rule(data=st.data())
        def withdraw(self, data: st.DataObject) -> None:
            row = self._pick(data)
            self.window.session.write(
                lambda desk: capture.change_fields(desk, row.record, workshop, {"withdrawn": True}),
                Undoable.WITHDRAWN,
                Change(frozenset(("contributions",)), workshop, (row.record,)),
            )
            self.desktop.settle()

        @rule()
        def undo(self) -> None:
            self.window.session.history.undo()
            self.desktop.settle()
            self._back()

        @rule()
        def redo(self) -> None:
            self.window.session.history.redo()
            self.desktop.settle()
            self._back()

        @rule(words=st.sampled_from(["", "a", "col·legi", "ñ"]), kind=st.sampled_from(["", "need"]))
        def look_for(self, words: str, kind: str) -> None:
            self.screen.model.filter_by(Filter(words=words, kind=kind))

        @rule(name=st.sampled_from(SCREENS))
        def elsewhere_and_back(self, name: str) -> None:
            self.window.go(name)
            self._back()

        @rule(language=st.sampled_from(["ca", "es", "en"]))
        def speak(self, language: str) -> None:
            WORDS.use(language)
            self.desktop.settle()

        @rule()
        def close_and_open(self) -> None:
            self.window.close()
            self.window.deleteLater()
            QApplication.processEvents()
            self._open()

        @invariant()
        def the_screen_shows_what_the_store_holds(self) -> None:
            held: list[Any] = []

            def question(reading: Reading) -> list[Any]:
                return reading.contributions(workshop, "", 10_000)

            self.window.session.read(question, held.extend)
            self.desktop.settle()
            assert list(self.screen.model.rows) == held
            standing = [row for row in held if not row.withdrawn]
            assert self.screen.model.counts().all == len(standing)
            assert self.screen.model.counts().withdrawn == len(held) - len(standing)
            assert len({row.code for row in held}) == len(held), "no code is used twice"

        def teardown(self) -> None:
            self.window.close()
            self.window.deleteLater()
            QApplication.processEvents()
            laptop = Laptop(self.folder)
            assert laptop.ok("check")[0]["ok"]
            before = laptop.digest
            with Program().desk(self.folder, write=True) as desk, desk.store.write() as unit:
                unit.rebuild()  # type: ignore[attr-defined]
            assert laptop.digest == before, "what screens ask is what the revisions say"
            shutil.rmtree(self.base)

    return Walk


@pytest.mark.timeout(600)
def test_whatever_is_done_the_screen_shows_what_the_store_holds(
    dressed: QApplication, qtbot: QtBot, home: Path, workshop: str
) -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        walk(home, workshop, qtbot), settings=settings(max_examples=8, stateful_step_count=25, deadline=None)
    )
