"""The laws of merging: the view depends on the set of revisions alone, and a decision settles a clash."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pessdesk.records.envelope import Revision, make_revision
from pessdesk.records.merge import heads, merged_view

RECORD = "01912d68-783e-7a03-8467-000000000002"
ACTOR = "01912d68-783e-7a03-8467-000000000009"


def revision(
    content: dict[str, Any], *parents: Revision, at: int = 1, device: str = "a", kind: str = "note"
) -> Revision:
    return make_revision(
        kind=kind,
        record=RECORD,
        parents=tuple(p.id for p in parents),
        device=device * 64,
        epoch=1,
        counter=1,
        hlc=f"{at:016x}",
        actor=ACTOR,
        content=content,
    )


@st.composite
def histories(draw: st.DrawFn) -> list[Revision]:
    """Some edits of one record by several laptops that saw some of each other's."""
    made: list[Revision] = []
    for number in range(draw(st.integers(1, 9))):
        count = min(number, draw(st.integers(0, 3)))
        parents = draw(st.permutations(made))[:count]
        values = st.sampled_from(["", "a", "b", "c"])
        content = {name: value for name in ("text", "title", "kind") if (value := draw(values))}
        made.append(revision(content, *parents, at=draw(st.integers(1, 4)), device=draw(st.sampled_from("abc"))))
    return made


@settings(max_examples=250)
@given(histories(), st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(history: list[Revision], chance: random.Random) -> None:
    again = [*history, *chance.choices(history, k=3)]
    chance.shuffle(again)
    assert merged_view(again) == merged_view(history)


@settings(max_examples=250)
@given(histories())
def test_a_revision_that_saw_every_head_settles_everything(history: list[Revision]) -> None:
    decided = revision({"text": "decided"}, *heads(history), at=9)
    view = merged_view([*history, decided])
    assert view.content == {"text": "decided"}
    assert view.clashes == ()
    assert view.heads == (decided.id,)


@settings(max_examples=250)
@given(histories())
def test_what_shows_was_written_by_somebody_and_every_clash_has_two_sides(history: list[Revision]) -> None:
    view = merged_view(history)
    for field, value in view.content.items():
        assert any(r.content.get(field) == value for r in history)
    for clash in view.clashes:
        values = [claim.value for claim in clash.claims]
        assert len(values) > 1
        assert all(values.count(value) == 1 for value in values)
        assert view.content.get(clash.field) == values[0]
        stamps = [(claim.hlc, claim.device, claim.revision) for claim in clash.claims]
        assert stamps == sorted(stamps, reverse=True)


@settings(max_examples=150)
@given(histories(), histories())
def test_two_laptops_that_exchange_what_they_have_see_the_same(one: list[Revision], other: list[Revision]) -> None:
    assert merged_view([*one, *other]) == merged_view([*other, *one])


def test_an_edit_shows_and_what_it_did_not_touch_stays() -> None:
    root = revision({"text": "a", "title": "t"})
    edit = revision({"text": "b", "title": "t"}, root, at=2)
    view = merged_view([root, edit])
    assert (view.content, view.clashes, view.winner) == ({"text": "b", "title": "t"}, (), edit.id)


def test_two_laptops_that_change_different_fields_do_not_clash() -> None:
    root = revision({"text": "a", "title": "t"})
    text = revision({"text": "b", "title": "t"}, root, at=2, device="a")
    title = revision({"text": "a", "title": "u"}, root, at=3, device="b")
    view = merged_view([root, text, title])
    assert view.content == {"text": "b", "title": "u"}
    assert view.clashes == ()
    assert len(view.heads) == 2


def test_two_laptops_that_change_the_same_field_alike_do_not_clash() -> None:
    root = revision({"text": "a"})
    view = merged_view([root, revision({"text": "b"}, root, device="a"), revision({"text": "b"}, root, device="b")])
    assert (view.content, view.clashes) == ({"text": "b"}, ())


def test_the_last_writer_of_a_clash_shows_and_both_are_listed() -> None:
    root = revision({"text": "a"})
    early = revision({"text": "early"}, root, at=2, device="b")
    late = revision({"text": "late"}, root, at=3, device="a")
    (clash,) = merged_view([root, early, late]).clashes
    assert [claim.value for claim in clash.claims] == ["late", "early"]
    assert merged_view([late, root, early]).content == {"text": "late"}


def test_at_the_same_moment_the_device_decides_everywhere_alike() -> None:
    root = revision({"text": "a"})
    sides = [revision({"text": name}, root, at=2, device=name) for name in ("b", "c")]
    assert merged_view([root, *sides]).content == merged_view([*reversed(sides), root]).content == {"text": "c"}


def test_emptying_a_field_is_a_change_like_any_other() -> None:
    root = revision({"text": "a", "title": "t"})
    emptied = revision({"text": "a"}, root, at=2, device="a")
    edited = revision({"text": "b", "title": "t"}, root, at=3, device="b")
    view = merged_view([root, emptied, edited])
    assert (view.content, view.clashes) == ({"text": "b"}, ())


def test_a_decision_stays_decided_when_one_side_had_gone_on_meanwhile() -> None:
    root = revision({"text": "a", "title": "t"})
    one = revision({"text": "one", "title": "t"}, root, at=2, device="a")
    two = revision({"text": "two", "title": "t"}, root, at=3, device="b")
    decided = revision({"text": "one", "title": "t"}, one, two, at=4, device="c")
    later = revision({"text": "two", "title": "new"}, two, at=5, device="b")
    view = merged_view([root, one, two, decided, later])
    assert (view.content, view.clashes) == ({"text": "one", "title": "new"}, ())


def test_parents_that_have_not_arrived_are_waited_for_not_invented() -> None:
    root = revision({"text": "a"})
    edit = revision({"text": "b"}, root, at=2)
    assert merged_view([edit]).waiting == (root.id,)
    assert merged_view([edit]).content == {"text": "b"}
    assert merged_view([edit, root]).waiting == ()


def test_a_record_of_two_kinds_shows_as_the_last_writers_kind() -> None:
    note = revision({"text": "a"}, at=1)
    other = revision({"name": "x"}, at=2, kind="entity", device="b")
    view = merged_view([note, other])
    assert (view.kind, view.content) == ("entity", {"name": "x"})


def test_a_long_history_is_no_deeper_than_a_short_one() -> None:
    history = [revision({"text": "0"})]
    for number in range(1, 3000):
        history.append(revision({"text": str(number)}, history[-1], at=number))
    fork = revision({"title": "t", "text": "1"}, history[1], at=9, device="b")
    view = merged_view([*history, fork])
    assert view.content == {"text": "2999", "title": "t"}
    assert view.clashes == ()


def test_no_revision_is_no_record() -> None:
    with pytest.raises(IndexError):
        merged_view([])
