"""One value has one spelling, the standard encoder's; no other spelling is read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pessdesk.records.canonical import MAX_DEPTH, MAX_INTEGER, NotCanonical, decode, encode

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
KEYS = st.text(st.characters(max_codepoint=127), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_the_bytes_are_those_of_the_standard_encoder(value: Any) -> None:
    expected = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert encode(value) == expected
    assert decode(expected) == value


@given(VALUES)
def test_any_other_spelling_of_a_value_is_refused(value: Any) -> None:
    canonical = encode(value)
    for other in (
        json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode(),
        json.dumps(value, sort_keys=True, ensure_ascii=False, indent=1).encode(),
        json.dumps(value, sort_keys=True, ensure_ascii=False).encode(),
        canonical + b"\n",
        b" " + canonical,
        b"\xef\xbb\xbf" + canonical,
    ):
        if other != canonical:
            with pytest.raises(NotCanonical):
                decode(other)


@given(st.binary(max_size=60))
def test_noise_is_refused_or_is_canonical(noise: bytes) -> None:
    try:
        value = decode(noise)
    except NotCanonical:
        return
    assert encode(value) == noise


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'{"a":1,"a":1}', "form"),
        (b'{"a":1,"a":2}', "form"),
        (b'{"b":1,"a":2}', "form"),
        (b'{"a":{"x":1,"x":1}}', "form"),
        (b"NaN", "json"),
        (b"[Infinity]", "json"),
        (b"1.5", "json"),
        (b"1.0", "json"),
        (b"1e3", "json"),
        (b"-0", "form"),
        (b"01", "json"),
        (b'"\\ud800"', "json"),
        (b'"\xed\xa0\x80"', "json"),
        (b'"\\udc00\\ud800"', "json"),
        (b'"\\u0041"', "form"),
        (b'"\\/"', "form"),
        (b'"\\u000A"', "form"),
        (b'"\x01"', "json"),
        (b'"\xff"', "json"),
        (b"9007199254740992", "integer"),
        (b"-9007199254740992", "integer"),
        (b"9" * 30, "json"),
        (b"9" * 10_000, "json"),
        ('{"é":1}'.encode(), "key"),
        (b"[" * 100_000 + b"]" * 100_000, "depth"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "depth"),
        (b"[" * 100_000, "depth"),
        (b"", "json"),
        (b"{}{}", "json"),
        (b"{'a':1}", "json"),
        (b"[1,]", "json"),
        (b"// x\n1", "json"),
    ],
    ids=lambda value: value[:24].decode("latin-1") if isinstance(value, bytes) else value,
)
def test_what_is_not_canonical_is_refused_with_a_stable_word(data: bytes, reason: str) -> None:
    with pytest.raises(NotCanonical) as caught:
        decode(data)
    # how a number too large to hold is called is the decoder's affair; that it is refused is ours
    assert caught.value.reason == reason or {caught.value.reason, reason} <= {"json", "float", "integer"}


def test_the_position_of_the_first_difference_is_given() -> None:
    with pytest.raises(NotCanonical) as caught:
        decode(b'{"a":1, "b":2}')
    assert caught.value.position == 7


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (1.5, "float"),
        (float("nan"), "float"),
        ([0.0], "float"),
        (MAX_INTEGER + 1, "integer"),
        ({"é": 1}, "key"),
        ({1: 1}, "key"),
        ("\ud800", "surrogate"),
        ({"a": ["\udfff"]}, "surrogate"),
        (b"x", "type"),
        ({1, 2}, "type"),
    ],
)
def test_what_has_no_canonical_bytes_is_not_encoded(value: Any, reason: str) -> None:
    with pytest.raises(NotCanonical) as caught:
        encode(value)
    assert caught.value.reason == reason


def test_depth_is_the_same_for_writer_and_reader() -> None:
    value: Any = 1
    for _ in range(MAX_DEPTH):
        value = [value]
    assert decode(encode(value)) == value
    with pytest.raises(NotCanonical):
        encode([value])
    with pytest.raises(NotCanonical):
        decode(b"[" + encode(value) + b"]")
