"""A spreadsheet's contributions recorded as one thing, which can be stopped on the way and taken back as a whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pessdesk.application.authoring import Author
from pessdesk.application.ports import Desk
from pessdesk.application.record_contributions import SheetRow, Words, record_batches, taking_back
from pessdesk.application.steps import Done, Step, Steps
from pessdesk.application.undo import change_records
from pessdesk.domain.errors import PessError
from pessdesk.records.merge import merged_view


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a spreadsheet: how many contributions are safe, how to take them back all at once, and why it
    stopped before its end, if trouble was the reason."""

    count: int
    undo: Steps
    problem: PessError | None = None


def import_sheet(
    desk: Desk,
    code: str,
    rows: Sequence[SheetRow],
    *,
    folder: Path,
    words: Words,
    progress: Callable[[int], object],
    stopped: Callable[[], bool],
) -> Imported:
    """Record rows as `record_contributions.record_rows` does.

    `progress` hears after each commit how many are safe; `stopped` is asked before the next: what is safe stays, and
    importing the same rows again adds the rest. Raises only where nothing was recorded.
    """
    safe: list[str] = []
    around: list[str] = []
    problem: PessError | None = None
    try:
        for batch in record_batches(desk, code, rows, folder, words):
            safe += [one.id for one in batch.recorded]
            around += batch.around
            progress(len(safe))
            if stopped():
                break
    except PessError as trouble:
        if not safe:
            raise
        problem = trouble
    return Imported(len(safe), taking_back(safe, around), problem)


def bring_back(desk: Desk, workshop: str, records: Sequence[str]) -> Done:
    """Let contributions count again that were taken back, and with them the tables and entities that they name."""
    with desk.store.write() as unit:
        author = Author(desk, unit)
        said = [merged_view(history).content for history in unit.histories(records).values()]
        named = {str(content[name]) for content in said for name in ("group", "entity") if name in content}
        around = sorted(unit.histories(list(named)))
        undo = change_records(unit, author, [Step(record, {"withdrawn": False}) for record in (*around, *records)])
        about = records[0] if records else ""
        author.save(undo, about)
    return Done(about, workshop, undo)
