"""Qt for Python 6.12.0 loses a reference to `None` or `True` with every call that gives one back (decision 0009)."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QLabel

CALLS = 500


class _Source(QObject):
    told = Signal(object)


def _calls(app: QApplication) -> dict[str, Callable[[], object]]:
    source, label = _Source(), QLabel()
    source.told.connect(lambda _: None)
    return {
        "processEvents": app.processEvents,
        "emit": lambda: source.told.emit(None),
        "setText": lambda: label.setText("l·l"),
        "isVisible": label.isVisible,
        "parent": label.parent,
    }


@pytest.mark.parametrize("name", ["processEvents", "emit", "setText", "isVisible", "parent"])
def test_a_call_keeps_the_count_of_what_it_gives_back(qapp: QApplication, name: str) -> None:
    call = _calls(qapp)[name]
    for constant in (None, True, False):
        before = sys.getrefcount(constant)
        for _ in range(CALLS):
            call()
        assert abs(sys.getrefcount(constant) - before) < CALLS // 2
