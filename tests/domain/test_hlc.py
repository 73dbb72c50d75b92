"""The laptop's clock may jump; the order of what one laptop wrote may not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pessdesk.domain.hlc import MAX_FOLLOWED_LEAD_MS, ZERO, observe, pack, tick

TIMES = st.integers(0, 2**47)
STAMPS = st.builds(pack, TIMES, st.integers(0, 0xFFFF))


@given(STAMPS, TIMES)
def test_the_next_stamp_is_later_whatever_the_clock_says(last: str, now: int) -> None:
    following = tick(last, now)
    assert following > last
    assert len(following) == 16


@given(TIMES, TIMES, st.integers(0, 0xFFFF), st.integers(0, 0xFFFF))
def test_the_order_of_texts_is_the_order_of_moments(a: int, b: int, i: int, j: int) -> None:
    assert (pack(a, i) < pack(b, j)) == ((a, i) < (b, j))


@given(STAMPS, STAMPS, TIMES)
def test_reading_a_foreign_stamp_never_sets_the_clock_back(last: str, seen: str, now: int) -> None:
    assert observe(last, seen, now) in {last, max(last, seen)}
    assert observe(last, seen, now) >= last


def test_a_stamp_from_far_in_the_future_is_not_followed() -> None:
    now = 1_700_000_000_000
    near, far = pack(now + MAX_FOLLOWED_LEAD_MS, 0), pack(now + MAX_FOLLOWED_LEAD_MS + 1, 0)
    assert observe(ZERO, near, now) == near
    assert observe(ZERO, far, now) == ZERO


def test_a_full_counter_borrows_a_millisecond() -> None:
    assert tick(pack(5, 0xFFFF), 3) == pack(6, 0)
