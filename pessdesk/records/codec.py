"""Domain values ↔ the `content` of an envelope.

Content leaves out what is empty (`None`, `""`, `[]`, `{}`, `false`), so that a field added later does not change the
bytes of what never used it. Unknown fields of a known kind are kept by whoever edits (`merge`), never dropped here.
"""

from __future__ import annotations

import dataclasses
import functools
from typing import Any, TypeVar, cast

import msgspec

from pessdesk.domain.errors import InputRefused
from pessdesk.domain.model import KINDS, Value

Content = dict[str, Any]
V = TypeVar("V")
_EMPTY: tuple[Any, ...] = (None, "", (), [], {}, False)


def _plain(value: Any) -> Any:
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return to_content(cast(Value, value))
    if isinstance(value, dict):
        return dict(value)
    return value


def to_content(value: Any) -> Content:
    """The content of a domain value, empty fields left out unless the value cannot be read without them."""
    content: Content = {}
    for name, required in _fields(value.__class__):
        item = getattr(value, name)
        if type(item) is int or item not in _EMPTY or required:
            content[name] = item if type(item) is str else _plain(item)
    return content


def without_empty(kind: str, content: Content) -> Content:
    """The content of a record of this kind as `to_content` would give it: a required field stays, empty or not, so that
    whoever empties it hears that it is needed."""
    cls = KINDS.get(kind)
    required = {name for name, needed in _fields(cast(Any, cls)) if needed} if cls else ()
    return {n: value for n, value in content.items() if type(value) is int or value not in _EMPTY or n in required}


@functools.cache
def _fields(cls: type[object]) -> tuple[tuple[str, bool], ...]:
    """The fields of a class (not its class variables), and whether a value cannot be made without each."""
    missing = dataclasses.MISSING
    fields = dataclasses.fields(cast(Any, cls))
    return tuple((f.name, f.default is missing and f.default_factory is missing) for f in fields)


def from_content(kind: str, content: Content) -> Value | None:
    """The domain value of a content, or None for a kind that this version does not know.

    Raises `InputRefused` when a known field is missing, of another type or against a rule.
    """
    cls = KINDS.get(kind)
    return None if cls is None else convert(content, cls)


def convert(content: Content, cls: type[V]) -> V:
    """`content` as a value of `cls`, strictly: no conversion of numbers to texts and the like."""
    try:
        return msgspec.convert(content, cls, strict=True)
    except msgspec.ValidationError as problem:
        raise InputRefused("content-shape", kind=getattr(cls, "KIND", cls.__name__), problem=str(problem)) from None
