"""What is done under the layer, in a process of its own: `python -m tests.faults.scenes NAME ROOT [WEAKNESS]`.

A scene is a list of acts; after each a mark goes into the record, which is its acknowledgement. A weakness takes safety
away, to prove that the layer finds what is lost then.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.faults.acts import (
    Act,
    BackUp,
    Begin,
    Draft,
    Edit,
    Enter,
    Export,
    Leave,
    Migrate,
    Photo,
    Protect,
    Receive,
    Rest,
    Restore,
    SetAside,
    Start,
    Unprotect,
    Welcome,
    day,
    live,
)
from tests.faults.ground import HOLDS
from tests.faults.powercut import MARKS

LONG = "Que el col·legi obri a l'estiu. " * 300
SCENES: Mapping[str, Sequence[Act]] = {
    "autosave": [Start(), *(Draft(f"{'Que el col·legi ' * number}({number})") for number in range(1, 13)), Draft(LONG)],
    "enter": [Start(), Draft("Tr"), Enter("Transport"), Enter("Menjador", 3), Draft("x"), Enter("Estiu", 0, "7")],
    "files": [Start(), Enter("Transport"), Photo("Transport", 1), Photo("Transport", 2), Rest(), Photo("Transport", 3)],
    "rest": [Start(), Enter("A"), Rest(), Enter("B"), Rest(), Draft("b"), Rest(), Edit("A", "C"), Rest(), Enter("D")],
    "closing": [Start(), Enter("A"), Draft("b"), Leave(), Enter("B"), Leave(), Leave(), Draft("c"), Leave()],
    "export": [Start(), Enter("A"), Photo("A", 1), Export(), Enter("B"), Export()],
    "import": [Start(), Enter("A"), Receive(HOLDS), Enter("B"), Receive(HOLDS)],
    "aside": [Start(), SetAside(), Enter("A"), Welcome(HOLDS), Enter("B")],
    "backup": [Start(), Enter("A"), Photo("A", 1), BackUp(), Draft("b"), BackUp(), Enter("B")],
    "restore": [Start(), Enter("A"), BackUp(), Enter("B"), Draft("c"), Restore(), Enter("C")],
    "protecting": [
        Start(),
        Enter("A"),
        Photo("A", 1),
        BackUp(),
        Protect(),
        Enter("B"),
        Draft("c"),
        Leave(),
        Draft("d"),
    ],
    "unprotecting": [Start(), Enter("A"), Photo("A", 1), Protect(), Enter("B"), Unprotect(), Draft("c")],
    "migration": [Migrate(), Begin(), Draft("a"), Enter("A")],
    "birth": [Start(), Begin(), Draft("a"), Enter("A")],
    "day": day(1, HOLDS, length=40),
}


def weaken(weakness: str) -> None:
    """Take safety away: `synchronous=OFF`, or files that get their names without waiting for the disk."""
    from sqlalchemy import event

    from pessdesk.storage import store

    if weakness == "no-fsync":
        os.fsync = lambda _: None
    if weakness == "synchronous=OFF":
        make = store.make_engine

        def careless(*arguments: Any, **keywords: Any) -> Any:
            engine = make(*arguments, **keywords)
            event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
            return engine

        store.make_engine = careless


def main(name: str, root: Path, weakness: str) -> None:
    weaken(weakness)
    marks = os.open(root / MARKS, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    live(root, SCENES[name], lambda: os.write(marks, b"."))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), "".join(sys.argv[3:4]))
