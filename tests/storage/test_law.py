"""The law of merging: a store is the set of revisions that reached it, whatever way and order they came."""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from pessdesk.domain.kinds import PERSONAL_KINDS
from pessdesk.records.envelope import Revision
from pessdesk.storage.store import DATABASE, Store, open_store
from tests.storage.worlds import WORKSHOP, worlds

LAW = settings(max_examples=150, deadline=None)


@functools.cache
def empty_store() -> bytes:
    """The file of a store without content: making one runs the migrations, and the law is tried a hundred times."""
    with tempfile.TemporaryDirectory() as folder:
        open_store(Path(folder), write=True, create=True).__exit__(None, None, None)
        return (Path(folder) / DATABASE).read_bytes()


@contextmanager
def new_store() -> Iterator[Store]:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / DATABASE).write_bytes(empty_store())
        with open_store(Path(folder), write=True) as store:
            yield store


def digest_after(portions: list[list[Revision]], *, rebuild: bool = False) -> str:
    """The digest of a new store to which these portions were added one after the other."""
    with new_store() as store:
        for portion in portions:
            with store.write() as unit:
                unit.add(portion)
        if rebuild:
            with store.write() as unit:
                unit.rebuild()
        with store.read() as unit:
            assert list(unit.problems()) == []
            return unit.digest()


@st.composite
def told_twice(draw: st.DrawFn) -> tuple[list[Revision], list[list[Revision]]]:
    """A world, and the same world in another order, in portions that repeat some of it."""
    world = draw(worlds())
    order = draw(st.permutations(world)) + draw(st.lists(st.sampled_from(world), max_size=5))
    cuts = sorted(draw(st.lists(st.integers(0, len(order)), max_size=4)))
    portions = [order[a:b] for a, b in zip([0, *cuts], [*cuts, len(order)], strict=True)]
    return world, portions


@LAW
@given(told_twice())
def test_any_order_repetition_and_partition_gives_the_same_store(
    case: tuple[list[Revision], list[list[Revision]]],
) -> None:
    world, portions = case
    assert digest_after(portions) == digest_after([world])


@LAW
@given(worlds())
def test_projections_made_anew_are_the_same(world: list[Revision]) -> None:
    assert digest_after([[r] for r in world], rebuild=True) == digest_after([world])


@LAW
@given(worlds(), st.data())
def test_every_prefix_of_a_store_takes_in_every_other(world: list[Revision], data: st.DataObject) -> None:
    one = world[: data.draw(st.integers(0, len(world)))]
    other = world[: data.draw(st.integers(0, len(world)))]
    assert digest_after([one, other]) == digest_after([other, one])


@LAW
@given(worlds())
def test_what_was_erased_is_nowhere_whenever_it_came(world: list[Revision]) -> None:
    gone = {record for r in world if r.kind == "erasure" for record in r.content["records"]}
    with new_store() as store:
        for revision in sorted(world, key=lambda r: r.kind, reverse=True):
            with store.write() as unit:
                unit.add([revision])
        with store.read() as unit:
            assert unit.histories(sorted(gone)) == {}
            assert all(unit.contributions_by_code(record) == [] for record in gone)
            assert not gone & {row["record"] for row in unit.search("transport", 100)}
            assert not gone & {row["record"] for row in unit.people(WORKSHOP)}
            left = [*unit.attachments(WORKSHOP), *(r for p in unit.people(WORKSHOP) for r in p["consents"])]
            assert not gone & {row.get("subject", row.get("person")) for row in left}


@LAW
@given(told_twice())
def test_who_is_written_down_does_not_depend_on_the_order_either(
    case: tuple[list[Revision], list[list[Revision]]],
) -> None:
    world, portions = case

    def people(portions: list[list[Revision]]) -> object:
        with new_store() as store:
            for portion in portions:
                with store.write() as unit:
                    unit.add(portion)
            with store.read() as unit:
                rows = unit.people(WORKSHOP)
                gone = unit.erased([r.record for r in world])
                return rows, gone, unit.counts()["people"], unit.counts()["consents"]

    assert people(portions) == people([world])


@LAW
@given(worlds())
def test_a_store_without_its_people_has_the_same_digest(world: list[Revision]) -> None:
    assert digest_after([world]) == digest_after([[r for r in world if r.kind not in PERSONAL_KINDS]])
