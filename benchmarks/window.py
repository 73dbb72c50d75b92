"""The window's figures, each as a ratio against something named that is measured in turn in the same run.

    python -m benchmarks window            all of them, beside the others of `make bench`
    python -m benchmarks.window start      process start → painted and taking keys, → contributions on screen
    python -m benchmarks.window enter      Enter → committed
    python -m benchmarks.window keys       key → paint, our own time, with 5 000 contributions; search; memory

Everything runs offscreen, from compiled bytecode, as an installed program does.
"""

from __future__ import annotations

import compileall
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pessdesk.bootstrap import Program

ROOT = Path(__file__).resolve().parents[1]
SAID = "Que els ajuntaments petits comparteixin una tècnica de serveis socials i el transport a demanda per anar al col·legi"
WORKSHOPS, IN_ALL, IN_ONE = 100, 20_000, 5_000

EMPTY = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
class Window(QMainWindow):
    painted = False
    def paintEvent(self, event):
        super().paintEvent(event)
        if not self.painted:
            self.painted = True
            QTimer.singleShot(0, lambda: print("painted", flush=True))
app = QApplication(sys.argv)
window = Window()
window.resize(1280, 800)
window.show()
app.exec()
"""
OURS = """
import sys
from pathlib import Path
folder = Path(sys.argv[1])
import pessdesk.bootstrap as bootstrap
import gc
gc.disable()
from PySide6.QtCore import QTimer
import pessdesk.desktop.app as app_module
import pessdesk.desktop.window as window_module
def painted(window):
    def newest(rows):
        window.go("workshop", workshop=max(rows, key=lambda row: row.date).record)
        look()
    def look():
        screen = window.screen_now
        if screen is not None and screen.name == "workshop" and screen.model.rowCount():
            screen.list.viewport().repaint()
            print("shown", flush=True)
        else:
            QTimer.singleShot(1, look)
    window.session.read(lambda reading: reading.workshops(), newest)
begin = app_module._begin
def begun(window, *rest):
    # The frame stands, and the event loop would take a key now: the window's actions (Ctrl+K, F1, Alt+2) are in place.
    print("painted", flush=True)
    begin(window, *rest)
    QTimer.singleShot(0, lambda: painted(window))
app_module._begin = begun
sys.exit(app_module.main(["--data-dir", str(folder)], bootstrap.Program()))
"""


def store(folder: Path) -> None:
    """100 workshops with 20 000 contributions, 5 000 of them in today's."""
    from pessdesk.application.programme import PlannedWorkshop, new_workshop, state_programme
    from pessdesk.application.record_contributions import SheetRow, record_rows

    program = Program()
    folder.mkdir(parents=True, exist_ok=True)
    plan = program.read_programme(program.resources() / "demo" / "programme")
    with program.desk(folder, write=True, create=True, label="bench") as desk:
        state_programme(desk, plan)
        for number in range(WORKSHOPS):
            day = date.today() - timedelta(days=number)
            row = new_workshop(desk, PlannedWorkshop(f"Taller {number}", day.isoformat(), "04", "252038", groups=5))
            count = IN_ONE if number == 0 else (IN_ALL - IN_ONE) // (WORKSHOPS - 1)
            rows = [SheetRow(n, _cells(n)) for n in range(count)]
            for _ in record_rows(desk, row["code"], rows, folder=Path(), words={}):
                pass


def _cells(number: int) -> dict[str, str]:
    return {
        "text": f"{SAID}, {number}.", "group": str(number % 5 + 1), "line": ("4.1", "1.1", "2", "3", "4.6")[number % 5],
        "kind": ("proposal", "need", "comment")[number % 3], "votes": str(number % 4),
    }  # fmt: skip


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "QT_QPA_PLATFORM": "offscreen"}


def _until(code: str, last: str, *words: str) -> tuple[dict[str, float], float]:
    """Seconds from the process's start to each line that it prints, until `last`; and its memory then, in MiB."""
    begun = time.perf_counter()
    command = [sys.executable, "-c", code, *words]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=_environment()
    )
    assert process.stdout is not None
    seen: dict[str, float] = {}
    for line in process.stdout:
        seen[line.strip()] = time.perf_counter() - begun
        if line.strip() == last:
            break
    memory = _resident(process.pid)
    process.kill()
    process.wait()
    return seen, memory


def _resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return 0.0
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def _ratio(figure: str, ours: list[float], theirs: list[float], limit: str, unit: str = "ms") -> None:
    ratios = [a / b for a, b in zip(ours, theirs, strict=True)]
    print(
        f"{figure}: {statistics.median(ours) * 1000:.0f} {unit} ÷ {statistics.median(theirs) * 1000:.0f} {unit} ="
        f" {statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f}) {limit}"
    )


def start(folder: Path, rounds: int = 11) -> None:
    """Process start → painted and taking keys, and → contributions on screen, each ÷ an empty QMainWindow painted."""
    compileall.compile_dir(str(ROOT / "pessdesk"), quiet=1)
    store(folder)
    empty, painted, shown, memory = [], [], [], []
    for number in range(rounds + 1):
        reference, _ = _until(EMPTY, "painted")
        seen, resident = _until(OURS, "shown", str(folder))
        if number:  # the first round warms the disk's cache
            empty.append(reference["painted"])
            painted.append(seen["painted"])
            shown.append(seen["shown"])
            memory.append(resident)
    _ratio("start → painted and taking keys ÷ empty QMainWindow", painted, empty, "≤ 1.6")
    _ratio("start → contributions on screen ÷ the same", shown, empty, "≤ 3")
    print(f"memory then: {statistics.median(memory):.0f} MiB (≤ 200)")


def enter(folder: Path, count: int = 1500) -> None:
    """The key Enter → the commit is back on the writing lane ÷ a bare commit of the same row with WAL and FULL."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from pessdesk.desktop.app import SWITCH_S, open_window

    store(folder)
    app = QApplication([])
    window = open_window(app, Program(), folder, "ca")
    window.show()
    screen = _open_newest(window)
    sys.setswitchinterval(SWITCH_S)
    bare = _Bare(folder / "bare.db")
    committed = _when_committed()
    ours: list[float] = []
    theirs: list[float] = []
    for number in range(count + 50):
        screen.line.text.setPlainText(f"{SAID}, {number}")
        app.processEvents()
        begun = time.perf_counter()
        QTest.keyClick(screen.line.text, Qt.Key.Key_Return)
        _settle(window)
        took = committed.pop() - begun
        reference = bare.commit(f"{SAID}, {number}")
        if number >= 50:
            ours.append(took)
            theirs.append(reference)
    window.close()
    for name, share in (("p50", 0.5), ("p99", 0.99)):
        a, b = _quantile(ours, share), _quantile(theirs, share)
        limit = "≤ 4" if name == "p50" else "≤ 8"
        print(f"Enter → committed {name}: {a * 1000:.2f} ms ÷ bare commit {b * 1000:.2f} ms = {a / b:.2f} {limit}")


def _when_committed() -> list[float]:
    """Notes when each recording has been committed, on the lane that does it."""
    from pessdesk.application import capture

    record = capture.record_contribution
    when: list[float] = []

    def noted(*words: Any) -> Any:
        done = record(*words)
        when.append(time.perf_counter())
        return done

    capture.record_contribution = noted
    return when


class _Bare:
    """The same words in one table with an index, committed by the same driver: no revision, no search, no list."""

    def __init__(self, path: Path) -> None:
        import sqlcipher3.dbapi2 as driver

        self._connection = driver.connect(str(path), isolation_level=None)
        for sql in (
            "PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA wal_autocheckpoint=0",
            "CREATE TABLE contribution (number INTEGER PRIMARY KEY, code TEXT, text TEXT)",
            "CREATE INDEX code ON contribution (code)",
        ):  # fmt: skip
            self._connection.execute(sql)
        self._number = 0

    def commit(self, text: str) -> float:
        self._number += 1
        begun = time.perf_counter()
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.execute("INSERT INTO contribution (code, text) VALUES (?, ?)", (str(self._number), text))
        self._connection.execute("COMMIT")
        return time.perf_counter() - begun


def keys(folder: Path) -> None:
    """Our own time from a key to its paint, and of a search by three letters, with 5 000 contributions on screen."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from pessdesk.desktop.app import open_window

    store(folder)
    app = QApplication([])
    window = open_window(app, Program(), folder, "ca")
    window.resize(1366, 768)
    window.show()
    screen = _open_newest(window)
    while len(screen.model.rows) < IN_ONE:
        app.processEvents()
    _settle(window)

    def timed(do: Callable[[], Any]) -> float:
        begun = time.perf_counter()
        do()
        app.processEvents()
        return time.perf_counter() - begun

    letters = [timed(lambda c=c: QTest.keyClick(screen.line.text, c)) for c in "que la gent gran hi pugui anar " * 20]  # type: ignore[misc]
    screen.line.text.clear()
    moves = [timed(lambda: QTest.keyClick(screen.list, Qt.Key.Key_Down)) for _ in range(200)]
    enters = [timed(lambda n=n: _said(screen, n)) for n in range(200)]  # type: ignore[misc]
    searches = []
    for words in ("tra", "col", "ser", "aju", "dem") * 8:
        searches.append(timed(lambda w=words: screen._search(w)))  # type: ignore[misc]
        screen._search("")
        app.processEvents()
    frame = 1 / 60
    for name, times in (("letter typed", letters), ("list moved by a key", moves), ("Enter", enters)):
        print(
            f"{name} → painted p95: {_quantile(times, 0.95) * 1000:.1f} ms ÷ a frame of 16.7 ms = {_quantile(times, 0.95) / frame:.2f} ≤ 0.96"
        )
    print(
        f"search in 5 000 p95: {_quantile(searches, 0.95) * 1000:.1f} ms ÷ a frame = {_quantile(searches, 0.95) / frame:.2f}"
    )
    print(f"memory at most: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
    window.close()


def _said(screen: Any, number: int) -> None:
    """Enter with a text, until the new row is in the list (the lanes' own time included)."""
    before = len(screen.model.rows)
    screen.line.text.setPlainText(f"{SAID}, {number}")
    screen.line.commit()
    while len(screen.model.rows) == before:
        _pump()


def _pump() -> None:
    from PySide6.QtWidgets import QApplication

    QApplication.processEvents()


def _open_newest(window: Any) -> Any:
    window.start()
    _settle(window)
    found: list[Any] = []
    window.session.read(lambda reading: reading.workshops(), found.extend)
    _settle(window)
    window.go("workshop", workshop=max(found, key=lambda row: row.date).record)
    window.session.warm_up()
    _settle(window)
    return window.screen_now


def _settle(window: Any) -> None:
    from PySide6.QtWidgets import QApplication

    session = window.session
    QApplication.processEvents()
    while any(lane.busy for lane in (session.reader, session.writer, session.errands, window.pure)):
        QApplication.processEvents()


def _quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


FIGURES = {"start": start, "enter": enter, "keys": keys}


if __name__ == "__main__":
    if len(sys.argv) < 2:
        for name in FIGURES:  # each in a process of its own
            subprocess.run([sys.executable, "-m", "benchmarks.window", name], check=True, env=_environment())
    for chosen in sys.argv[1:]:
        with tempfile.TemporaryDirectory(prefix="pessdesk-bench-") as temporary:
            FIGURES[chosen](Path(temporary) / "store")
