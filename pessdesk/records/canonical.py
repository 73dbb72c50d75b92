"""Canonical JSON: RFC 8785 in a narrow profile, and a reader that takes nothing else.

The profile: no floats (decimals are strings), integers of magnitude below 2^53, ASCII keys, depth of at most 16. In it
the standard encoder with sorted keys, no spaces and UTF-8 gives RFC 8785's bytes. The reader decodes, encodes again
and compares: duplicate keys, spaces, other escapes, another order of keys can then not hide.
"""

from __future__ import annotations

from typing import Any, NoReturn

import msgspec

MAX_DEPTH = 16
MAX_INTEGER = 2**53 - 1


class NotCanonical(ValueError):
    """Why these bytes are not canonical JSON; `reason` is a stable word, `position` of the first difference or None."""

    def __init__(self, reason: str, position: int | None = None) -> None:
        super().__init__(reason, position)
        self.reason = reason
        self.position = position


def _no_float(_literal: str) -> NoReturn:
    raise NotCanonical("float")


_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder(float_hook=_no_float)
encode_checked = _encoder.encode
"""Encode what is already known to be in the profile."""


def check_profile(value: Any, depth: int = 0) -> None:
    """Raise `NotCanonical` for a value outside the profile."""
    if depth > MAX_DEPTH:
        raise NotCanonical("depth")
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return
    if kind is int:
        if not -MAX_INTEGER <= value <= MAX_INTEGER:
            raise NotCanonical("integer")
    elif kind is dict:
        for key, item in value.items():
            if type(key) is not str or not key.isascii():
                raise NotCanonical("key")
            if type(item) is not str:
                check_profile(item, depth + 1)
    elif kind is list or kind is tuple:
        for item in value:
            if type(item) is not str:
                check_profile(item, depth + 1)
    else:
        raise NotCanonical("float" if kind is float else "type")


def encode(value: Any) -> bytes:
    """Canonical bytes of `value`; `NotCanonical` when it is outside the profile or holds half a UTF-16 pair."""
    check_profile(value)
    try:
        return _encoder.encode(value)
    except UnicodeEncodeError:
        raise NotCanonical("surrogate") from None


def decode(data: bytes) -> Any:
    """The value of canonical bytes; anything else raises `NotCanonical`."""
    try:
        value = _decoder.decode(data)
        check_profile(value)
        again = _encoder.encode(value)
    except NotCanonical:
        raise
    except RecursionError:
        raise NotCanonical("depth") from None
    except (msgspec.DecodeError, UnicodeDecodeError, UnicodeEncodeError, ValueError):
        raise NotCanonical("json") from None
    if again != data:
        position = next((i for i, (a, b) in enumerate(zip(data, again, strict=False)) if a != b), len(again))
        raise NotCanonical("form", position)
    return value
