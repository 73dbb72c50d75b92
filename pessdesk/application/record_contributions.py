"""Recording contributions, one or ten thousand: everything is checked before the first is written.

The rows come from a spreadsheet (`pessdesk.interchange.spreadsheets`). They are committed in batches, and handed to
the caller only once committed. A row that was recorded before from a file with the same row is not recorded again:
each is remembered by its content and by its turn among equal rows.

`check_rows` says what recording would do and writes nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pessdesk.application import find
from pessdesk.application.authoring import Author
from pessdesk.application.ports import Desk, Row, StoredFile, Unit
from pessdesk.application.steps import Step, Steps
from pessdesk.domain import codes, kinds
from pessdesk.domain.errors import InputRefused, UnknownThing
from pessdesk.domain.model import Attachment, Contribution, Entity, Group, Tally
from pessdesk.domain.text import fold
from pessdesk.records.envelope import Revision

COLUMNS = ("text", "title", "group", "line", "kind", "votes", "language", "entity", "photo", "reference")
BATCH = 500
MAX_COMPLAINTS = 50
"""Where a terminal stops reading them out."""
MAX_SHOWN = 1000
"""Where a screen does: whoever has more has the wrong file."""
Words = Mapping[str, Mapping[str, str]]
"""Labels of people (folded) → tokens, of `kind` and of `language`."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of a spreadsheet: its number as the person sees it, and its cells by column."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with one row."""

    row: int
    code: str
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Recorded:
    """A contribution that is safe."""

    code: str
    id: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What recording rows would do, by their numbers: recorded anew, recorded before (`withdrawn`: and taken back since,
    with the contribution's record), or refused. With a complaint nothing at all would be recorded."""

    new: frozenset[int]
    known: frozenset[int]
    withdrawn: Mapping[int, str]
    complaints: tuple[Complaint, ...]


@dataclass(slots=True)
class Batch:
    """What one commit recorded; `around` are the tables and entities that it made for its rows."""

    recorded: list[Recorded]
    around: list[str]


@dataclass(slots=True)
class _Ready:
    """A row that breaks no rule."""

    row: SheetRow
    key: str
    votes: int
    lines: tuple[str, ...]
    kind: str
    language: str
    photo: Path | None


@dataclass(slots=True)
class _Place:
    """What rows are held against: the workshop, its tables, the entities, the base document's lines."""

    workshop: Row
    lines: find.Lines
    groups: dict[str, str] = field(default_factory=dict)
    entities: dict[str, str] = field(default_factory=dict)


def check_rows(desk: Desk, code: str, rows: Sequence[SheetRow], *, folder: Path, words: Words) -> Checked:
    """What `record_rows` would do with these rows, with up to `MAX_SHOWN` complaints; nothing is written."""
    with desk.store.read() as unit:
        place = _look_around(unit, find.workshop(unit, code))
        ready, complaints = _held_against(rows, place, folder, words, MAX_SHOWN)
        numbers = {one.key: one.row.number for one in ready}
        known = unit.recorded_keys(place.workshop["record"], list(numbers))
        withdrawn = unit.withdrawn_rows(place.workshop["record"], list(known))
    return Checked(
        frozenset(number for key, number in numbers.items() if key not in known),
        frozenset(numbers[key] for key in known),
        {numbers[key]: record for key, record in withdrawn.items()},
        tuple(complaints),
    )


def record_rows(
    desk: Desk, code: str, rows: Sequence[SheetRow], *, folder: Path, words: Words
) -> Iterator[list[Recorded]]:
    """Record rows in the workshop of `code`; yields each batch after its commit.

    `folder` is where the file names of photos start; `words` translates labels to the tokens of `kind` and
    `language` (folded). Raises `InputRefused("rows-refused", complaints=…)` before anything is written.
    """
    for batch in record_batches(desk, code, rows, folder, words):
        yield batch.recorded


def record_batches(desk: Desk, code: str, rows: Sequence[SheetRow], folder: Path, words: Words) -> Iterator[Batch]:
    """`record_rows`, with what else each commit made."""
    with desk.store.read() as unit:
        place = _look_around(unit, find.workshop(unit, code))
    checked = _check_all(rows, place, folder, words)
    with desk.store.read() as unit:
        done = unit.recorded_keys(place.workshop["record"], [row.key for row in checked])
    todo = [row for row in checked if row.key not in done]
    with desk.store.write_many() as transaction:
        for start in range(0, len(todo), BATCH):
            batch = todo[start : start + BATCH]
            photos = {row.key: desk.files.keep_attachment(row.photo) for row in batch if row.photo}
            with transaction() as unit:
                committed = _record_batch(desk, unit, place, batch, photos)
            yield committed


def record_one(desk: Desk, code: str, contribution: Mapping[str, str]) -> Recorded:
    """Record a single contribution, always anew: what is typed twice was said twice.

    A photo comes afterwards, with `attach_file`.
    """
    row = SheetRow(1, {name: value for name, value in contribution.items() if name != "photo"})
    with desk.store.write() as unit:
        place = _look_around(unit, find.workshop(unit, code))
        checked = _check_all([row], place, Path(), {})
        checked[0].key = desk.new_id()
        return _record_batch(desk, unit, place, checked, {}).recorded[0]


def _look_around(unit: Unit, workshop: Row) -> _Place:
    place = _Place(workshop, find.lines(unit))
    place.groups = {fold(row["name"]): row["record"] for row in reversed(unit.groups(workshop["record"]))}
    for entity in reversed(unit.entities()):
        for name in (*entity["aliases"], entity["name"]):
            place.entities[fold(name)] = entity["record"]
    return place


def _check_all(rows: Sequence[SheetRow], place: _Place, folder: Path, words: Words) -> list[_Ready]:
    """The rows, all of them without fault; else they are refused together."""
    ready, complaints = _held_against(rows, place, folder, words, MAX_COMPLAINTS)
    if complaints:
        raise InputRefused("rows-refused", count=len(complaints), complaints=complaints)
    if not rows:
        raise InputRefused("rows-none")
    return ready


def _held_against(
    rows: Sequence[SheetRow], place: _Place, folder: Path, words: Words, limit: int
) -> tuple[list[_Ready], list[Complaint]]:
    """The rows that break no rule, and what is wrong with the others, up to `limit` of them."""
    complaints: list[Complaint] = []
    ready: list[_Ready] = []
    turns: dict[str, int] = {}
    probe = codes.contribution_code(place.workshop["code"], "A", 1)
    for row in rows:
        try:
            one = _check(row, place, folder, words, probe)
        except InputRefused as problem:
            complaints.append(Complaint(row.number, problem.code, problem.facts))
            if len(complaints) >= limit:
                break
            continue
        turn = turns[one.key] = turns.get(one.key, 0) + 1
        one.key = f"{one.key}-{turn}"
        ready.append(one)
    return ready, complaints


def _check(row: SheetRow, place: _Place, folder: Path, words: Words, probe: str) -> _Ready:
    cell = row.cells.get
    said = {name: value for name, value in row.cells.items() if value}
    key = hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode("utf-8", "replace")).hexdigest()
    kind = _token(cell("kind", ""), kinds.CONTRIBUTION_KINDS, words.get("kind", {}), "kind") or "proposal"
    language = _token(cell("language", ""), kinds.LANGUAGES, words.get("language", {}), "language")
    lines = place.lines.read(cell("line", ""))
    Contribution(
        workshop=place.workshop["record"], code=probe, text=cell("text", ""), kind=kind, title=cell("title", ""),
        lines=lines, language=language, reference=cell("reference", ""),
    )  # fmt: skip
    if cell("group"):
        Group(workshop=place.workshop["record"], name=cell("group", ""))
    if cell("entity"):
        Entity(name=cell("entity", ""))
    photo = _photo(folder, cell("photo", "")) if cell("photo") else None
    return _Ready(row, key, _votes(cell("votes", "")), lines, kind, language, photo)


def _token(value: str, tokens: tuple[str, ...], words: Mapping[str, str], name: str) -> str:
    if not value or value in tokens:
        return value
    if value.lower() in tokens:
        return value.lower()
    if found := words.get(fold(value)):
        return found
    raise InputRefused("choice-unknown", field=name, value=value[:60], allowed=", ".join(tokens))


def _photo(folder: Path, name: str) -> Path:
    """A file of the spreadsheet's folder, and of no other: whoever wrote the sheet does not choose from the whole disk."""
    try:
        photo = (folder / name).resolve()
        there = photo.is_relative_to(folder.resolve())
        found = photo.is_file()
    except (OSError, ValueError):  # a name longer than the system takes, or that it cannot have
        there, found = True, False
    if not there:
        raise InputRefused("photo-outside", field="photo", path=name[:200])
    if not found:
        raise InputRefused("photo-missing", field="photo", path=str(folder / name[:200]))
    return photo


def _votes(value: str) -> int:
    if not value:
        return 0
    if not (value.isascii() and value.isdigit() and len(value) <= 7 and int(value) <= 1_000_000):
        raise InputRefused("number-wrong", field="votes", value=value[:40])
    return int(value)


def _record_batch(
    desk: Desk, unit: Unit, place: _Place, batch: Sequence[_Ready], photos: Mapping[str, StoredFile]
) -> Batch:
    workshop = place.workshop["record"]
    author = Author(desk, unit)
    mark = _mark(desk, unit, workshop)
    number = int(unit.setting(f"number:{workshop}") or _highest(unit, workshop, mark))
    made: list[Revision] = []
    recorded: list[Recorded] = []
    remembered: list[tuple[str, str]] = []
    for row in batch:
        number += 1
        cell = row.row.cells.get
        contribution = author.state(
            Contribution(
                workshop=workshop,
                code=codes.contribution_code(place.workshop["code"], mark, number),
                text=cell("text", ""),
                kind=row.kind,
                title=cell("title", ""),
                group=_group(author, made, place, cell("group", "")),
                document=place.lines.version if row.lines else "",
                lines=row.lines,
                language=row.language,
                entity=_entity(author, made, place, cell("entity", "")),
                reference=cell("reference", ""),
            )
        )
        made.append(contribution)
        if row.votes:
            made.append(author.state(Tally(workshop, contribution.record, "votes", row.votes)))
        if photo := photos.get(row.key):
            made.append(author.state(_attachment(photo, workshop, contribution.record, Path(cell("photo", "")).name)))
        recorded.append(Recorded(contribution.content["code"], contribution.record))
        remembered.append((row.key, contribution.record))
    unit.append_new(made)
    unit.remember_rows(workshop, remembered)
    unit.set_setting(f"number:{workshop}", str(number))
    around = [one.record for one in made if one.kind in ("group", "entity")]
    author.save(taking_back([one.id for one in recorded], around))
    return Batch(recorded, around)


def taking_back(contributions: Sequence[str], around: Sequence[str]) -> Steps:
    """The way back from recording these, with the tables and entities that were made for them."""
    return tuple(Step(record, {"withdrawn": True}) for record in (*reversed(contributions), *reversed(around)))


def next_code(desk: Desk, unit: Unit, author: Author, workshop: str) -> str:
    """The code of the contribution that this laptop records next in a workshop; taken when the author saves."""
    unit.expect_settings(f"mark:{workshop}", f"number:{workshop}")
    row = unit.workshop(workshop)
    if row is None or row["withdrawn"]:
        raise UnknownThing("workshop-unknown", value=row["code"] if row else workshop)
    mark = _mark(desk, unit, workshop)
    number = int(unit.setting(f"number:{workshop}") or _highest(unit, workshop, mark)) + 1
    author.keep(f"number:{workshop}", str(number))
    return codes.contribution_code(row["code"], mark, number)


def _mark(desk: Desk, unit: Unit, workshop: str) -> str:
    """This laptop's letters in the workshop's codes: taken at the first contribution, kept for ever."""
    mark = unit.setting(f"mark:{workshop}")
    if not mark:
        taken = {codes.mark_of(code) for device, code in unit.codes_in(workshop) if device != desk.device}
        # Laptops that know each other, and not yet each other's codes, come to different letters: the first id chooses first.
        for device in sorted(d for d in desk.bundles.trusted() if d < desk.device):
            taken.add(codes.laptop_mark(device, taken))
        mark = codes.laptop_mark(desk.device, taken)
        unit.set_setting(f"mark:{workshop}", mark)
    return mark


def _highest(unit: Unit, workshop: str, mark: str) -> int:
    """The last number under a mark that this store knows of: a store that was lost and filled again goes on there."""
    numbers = (
        code.rpartition("-")[2][len(mark) :] for _, code in unit.codes_in(workshop) if codes.mark_of(code) == mark
    )
    return max(map(int, numbers), default=0)


def _group(author: Author, made: list[Revision], place: _Place, name: str) -> str:
    if not name:
        return ""
    if fold(name) not in place.groups:
        made.append(author.state(Group(workshop=place.workshop["record"], name=name)))
        place.groups[fold(name)] = made[-1].record
    return place.groups[fold(name)]


def _entity(author: Author, made: list[Revision], place: _Place, name: str) -> str:
    if not name:
        return ""
    if fold(name) not in place.entities:
        made.append(author.state(Entity(name=name, workshop=place.workshop["record"])))
        place.entities[fold(name)] = made[-1].record
    return place.entities[fold(name)]


def _attachment(stored: StoredFile, workshop: str, subject: str, name: str) -> Attachment:
    return Attachment(
        workshop=workshop, subject=subject, sha256=stored.sha256, extension=stored.extension, size=stored.size,
        media_type=stored.media_type, name=name,
    )  # fmt: skip
