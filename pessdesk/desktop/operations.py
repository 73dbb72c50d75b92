"""What a click sets going: short functions named like what they do, each the call of one use case on the writing lane.

The use cases are imported where they run: the records' codec that they need would otherwise stand before the first frame.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pessdesk.application.capture_line import Said
    from pessdesk.application.ports import Card, Desk
    from pessdesk.application.programme import PlannedWorkshop
    from pessdesk.application.screens import ContributionRow
    from pessdesk.application.steps import Done
    from pessdesk.desktop.widgets.photos import NewFile

Action = Callable[["Desk"], "Done"]


def record(workshop: str, said: Said) -> Action:
    """Record what was said, and let its draft go in the same commit."""

    def do(desk: Desk) -> Done:
        from pessdesk.application.capture import record_contribution

        return record_contribution(desk, workshop, said)

    return do


def change(row: ContributionRow, fields: Mapping[str, Any]) -> Action:
    """Give fields of a contribution new values."""
    return change_record(row.record, row.workshop, fields)


def change_record(record: str, workshop: str, fields: Mapping[str, Any]) -> Action:
    """Give fields of any record new values."""

    def do(desk: Desk) -> Done:
        from pessdesk.application.capture import change_fields

        return change_fields(desk, record, workshop, fields)

    return do


def put_at_new_table(row: ContributionRow, name: str) -> Action:
    def do(desk: Desk) -> Done:
        from pessdesk.application.capture import put_at_table

        return put_at_table(desk, row.record, row.workshop, name)

    return do


def name_new_entity(row: ContributionRow, name: str) -> Action:
    def do(desk: Desk) -> Done:
        from pessdesk.application.capture import name_entity

        return name_entity(desk, row.record, row.workshop, name)

    return do


def set_dots(row: ContributionRow, votes: int) -> Action:
    def do(desk: Desk) -> Done:
        from pessdesk.application.capture import count

        return count(desk, row.workshop, row.record, "votes", votes)

    return do


def attach(row: ContributionRow, file: NewFile) -> Action:
    """Put a file beside a contribution."""

    def do(desk: Desk) -> Done:
        from pessdesk.application.capture import attach as keep

        return keep(desk, row.record, row.workshop, file.path, file.content)

    return do


def begin_workshop(plan: PlannedWorkshop) -> Action:
    """Make a workshop that nobody planned."""

    def do(desk: Desk) -> Done:
        from pessdesk.application.programme import begin_workshop as begin

        return begin(desk, plan)

    return do


def set_present(workshop: str, subject: str, people: int) -> Action:
    """Say how many people of an entity (or of none: the workshop's own record) are there."""

    def do(desk: Desk) -> Done:
        from pessdesk.application.capture import count

        return count(desk, workshop, subject, "present", people)

    return do


def welcome_new_entity(workshop: str, name: str, people: int) -> Action:
    """Add an entity that nobody knows yet, with its people."""

    def do(desk: Desk) -> Done:
        from pessdesk.application.capture import count_new_entity

        return count_new_entity(desk, workshop, name, people)

    return do


def bring_back(workshop: str, records: Sequence[str]) -> Action:
    """Let contributions of a spreadsheet count again that were taken back."""

    def do(desk: Desk) -> Done:
        from pessdesk.application.import_sheet import bring_back as bring

        return bring(desk, workshop, records)

    return do


def bring_version(record: str, revision: str) -> Action:
    """Let a record say again what one of its versions changed."""

    def do(desk: Desk) -> Done:
        from pessdesk.application.history import bring_back as bring

        return bring(desk, record, revision)

    return do


def settle(record: str, values: Mapping[str, Any]) -> Action:
    """Decide what each clashing field of a record says."""

    def do(desk: Desk) -> Done:
        from pessdesk.application.settle_clash import settle as decide

        return decide(desk, record, values)

    return do


def trust(card: Card) -> Callable[[Desk], list[bool]]:
    """Trust a laptop by its card."""

    def do(desk: Desk) -> list[bool]:
        from pessdesk.application.pairing import trust as trust_cards

        return trust_cards(desk, [card])

    return do


def discard_aside(file: str) -> Callable[[Desk], None]:
    """Throw away a bundle that was set aside."""

    def do(desk: Desk) -> None:
        from pessdesk.application.import_bundles import discard_aside as discard

        discard(desk, file)

    return do
