"""Erasing: of what is erased digests remain, here and wherever the erasure arrives, whatever else arrives before or after.

The commit that erases empties the revisions and the tables (`pessdesk.storage.revisions.erase` is the law) and writes down
what else has to be reached. `clean` then reaches it: what can be undone, unfinished texts, files of attachments that nothing
points to any more, bundles in which the erased stands, and the bytes that a database leaves behind. It can be
stopped anywhere: what was not finished goes on when the store is next opened for writing.

A bundle is signed as a whole, so it is removed as a whole. What else it held stays in the store; but this laptop cannot
hand that bundle on any more, and says so when it hands over.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from pessdesk.application import find
from pessdesk.application.authoring import Author
from pessdesk.application.capture_line import DRAFT
from pessdesk.application.ports import Desk, Row, Unit
from pessdesk.domain.errors import InputRefused, StoreBusy, UnknownThing, WorldUnkind
from pessdesk.domain.kinds import PERSON_REASONS, PERSONAL_KINDS
from pessdesk.domain.model import Erasure, check_one_of
from pessdesk.domain.text import fold

NOT_RELAYED = "not-relayed:"
"""Before a content id: that bundle was removed here, for something in it was erased."""
MENTIONS = 50


@dataclass(frozen=True, slots=True)
class Reach:
    """What erasing `records` reaches. `drafts` are settings with unfinished texts that hold a name or a contact and go as
    well; `mentions` are codes of contributions whose text holds a name: they stay, and somebody should look at them."""

    workshop: str
    records: tuple[str, ...]
    people: int = 0
    consents: int = 0
    contributions: int = 0
    attachments: int = 0
    drafts: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()


def reach_of_people(unit: Unit, workshop: str, record: str = "") -> Reach:
    """What erasing one person, or everybody, of a workshop (its record) would reach. Raises `UnknownThing`."""
    people = [row for row in unit.people(workshop) if record in ("", row["record"])]
    if record and not people:
        raise UnknownThing("person-unknown", value=record)
    names = [row["name"] for row in people]
    held = [*names, *(row["contact"] for row in people if row["contact"])]
    return Reach(
        workshop,
        tuple(row["record"] for row in people),
        people=len(people),
        consents=sum(len(row["consents"]) for row in people),
        drafts=tuple(key for key, value in unit.settings_like(DRAFT).items() if _holds(value, held)),
        mentions=tuple(sorted({code for name in names for code in _mentions(unit, name)})),
    )


def reach_of(unit: Unit, codes: Sequence[str]) -> Reach:
    """What erasing contributions (codes) and other records (ids) would reach. All must be of one workshop.

    Raises `UnknownThing("contribution-unknown")`; `InputRefused` for people ("erase-people"), for what holds others
    together ("erase-kind") and for several workshops at once ("erase-workshops").
    """
    records = list(dict.fromkeys(_record(unit, code) for code in codes))
    histories = unit.histories(records)
    kinds = {record: history[-1].kind for record, history in histories.items()}
    workshops = {history[-1].workshop for history in histories.values()}
    if len(workshops) > 1:
        raise InputRefused("erase-workshops")
    workshop = next(iter(workshops), "")
    beside = [row for row in unit.attachments(workshop) if row["subject"] in records or row["record"] in records]
    return Reach(
        workshop, tuple(records),
        contributions=sum(1 for kind in kinds.values() if kind == "contribution"), attachments=len(beside),
    )  # fmt: skip


def _record(unit: Unit, code: str) -> str:
    history = unit.histories([code.strip()]).get(code.strip())
    if not history:
        return str(find.contribution(unit, code)["record"])
    kind = history[-1].kind
    if kind in PERSONAL_KINDS:
        raise InputRefused("erase-people", value=code)
    if kind not in ("contribution", "attachment", "entity", "tally", "group"):
        raise InputRefused("erase-kind", kind=kind)
    return code.strip()


def _holds(text: str, names: Iterable[str]) -> bool:
    """Whether any of the names stands in a text, whatever the accents and capitals."""
    folded = f" {fold(text)} "
    return any(f" {fold(name)} " in folded for name in names if fold(name))


def _mentions(unit: Unit, name: str) -> list[str]:
    return [row["code"] for row in unit.search(name, MENTIONS) if _holds(f"{row['title']} {row['text']}", [name])]


def erase(desk: Desk, reach: Reach, reason: str) -> None:
    """Erase, in one commit; `clean` does the rest. Why a person is erased is one of `PERSON_REASONS`, for an erasure
    travels; `reason` is in words for anything else."""
    if reach.people:
        check_one_of(reason, PERSON_REASONS, "reason")
    if not reach.records:
        return
    with desk.store.write() as unit:
        author = Author(desk, unit)
        erasure = author.state(Erasure(reach.records, reason, reach.workshop))
        unit.add([erasure])
        action = "people-erased" if reach.people else "erased"
        unit.append_new([author.act(action, workshop=reach.workshop, subjects=reach.records, note=reason)])
        unit.forget_undo(reach.records)
        if reach.drafts:
            unit.drop_settings(reach.drafts)
        author.save()


def clean(desk: Desk) -> bool:
    """Reach what erasures left to be reached; whether there was anything. Every step can be done again."""
    with desk.store.read() as unit:
        pending = unit.erasure_pending()
    if pending is None:
        return False
    records, files = pending
    with desk.store.write() as unit:
        unit.forget_undo(records)
        keys = [key for key in unit.settings_like(DRAFT) if any(record in key for record in records)]
        if keys:
            unit.drop_settings(keys)
        living = {_file(row) for row in unit.all_attachments()}
    gone = [name for name in files if name not in living]
    # As the line of a revision of it would say, not as the erasure does, whose bundle must go on.
    lines = [f'"record":"{record}"' for record in records]
    _remove_bundles(desk, [*lines, *(name.partition(".")[0] for name in gone)])
    for name in gone:
        desk.files.remove(desk.files.attachment(name))
    desk.store.wipe()
    with desk.store.write() as unit:
        unit.erasure_done(records, files)
    return True


def clean_if_possible(desk: Desk) -> None:
    """`clean`, beside something else that shall not fail for it: a full disk, or somebody who reads on and on, lets it
    wait for the next opening."""
    with suppress(StoreBusy, WorldUnkind):
        clean(desk)


def _remove_bundles(desk: Desk, words: Sequence[str]) -> None:
    """Remove the bundles in which any of these stands; that they cannot be handed on is known before."""
    paths = desk.files.holding(words)
    if not paths:
        return
    with desk.store.write() as unit:
        for row in unit.quarantine():
            if any(path.name == row["file"] for path in paths):
                unit.release_quarantine(row["file"])
        unit.set_settings({f"{NOT_RELAYED}{path.stem}": "1" for path in paths})
    for path in paths:
        desk.files.remove(path)


def _file(row: Row) -> str:
    return f"{row['sha256']}.{row['extension']}"
