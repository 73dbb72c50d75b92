"""All that the screens show of a store, as plain values: what they ask (`pessdesk.application.screens.Reading`), asked once.

`tests/data/stores` keeps these answers beside each store, as the program of that time gave them: `python -m tests.faults.shown STORE`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pessdesk.bootstrap import Program
from pessdesk.storage.reading import StoreReading

WORDS = ("transport", "col·legi", "el")


def shown(folder: Path) -> dict[str, Any]:
    """Question → answer, of the store of a folder, which must be of this version."""
    reading = Program().reading(folder)
    assert isinstance(reading, StoreReading)
    try:
        return {question: _plain(answer) for question, answer in _asked(reading)}
    finally:
        reading.close()


def _asked(reading: StoreReading) -> Iterator[tuple[str, Any]]:
    for name in ("programme", "workshops", "tree", "clashes", "clash_count", "bundles", "set_aside"):
        yield name, getattr(reading, name)()
    for words in WORDS:
        yield f"search {words}", reading.search(words, 100)
    for workshop in reading.workshops():
        record = workshop.record
        yield f"workshop {record}", reading.workshop(record)
        yield f"groups {record}", reading.groups(record)
        yield f"entities {record}", reading.entities(record)
        yield f"people_of_none {record}", reading.people_of_none(record)
        yield f"draft {record}", reading.setting(f"draft:{record}")
        rows = reading.contributions(record, "", 100_000)
        yield f"contributions {record}", rows
        for row in rows:
            yield f"attachments {row.record}", reading.attachments(row.record)
            yield f"history {row.record}", reading.history(row.record)


def _plain(value: Any) -> Any:
    if hasattr(value, "_asdict"):
        return _plain(value._asdict())
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(one) for one in value]
    return value


def differences(then: Any, now: Any, where: str = "") -> Iterator[str]:
    """What was shown then and is not now; that more is shown now is no difference."""
    if isinstance(then, dict) and isinstance(now, dict):
        for key, value in then.items():
            yield from differences(value, now.get(key), f"{where}/{key}")
    elif isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        for number, (one, other) in enumerate(zip(then, now, strict=True)):
            yield from differences(one, other, f"{where}/{number}")
    elif then != now:
        yield f"{where}: {then!r} was shown, {now!r} is"


if __name__ == "__main__":
    json.dump(shown(Path(sys.argv[1])), sys.stdout, ensure_ascii=False, indent=1, sort_keys=True)
    print()
