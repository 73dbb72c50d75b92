"""Rules for words: what may be stored, and how they are folded for search.

What people said is kept exactly as it came (line ends, spaces, typography). Only what no screen, file or database
can carry faithfully is refused at entry: NUL and other control characters, and halves of UTF-16 pairs.
"""

from __future__ import annotations

import re
import unicodedata

from pessdesk.domain.errors import InputRefused

MAX_TEXT = 20_000
"""Longest text of a contribution, in characters."""
MAX_NAME = 500
"""Longest title, name or label, in characters."""

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_FORBIDDEN_IN_LINE = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff\u2028\u2029]")
_MARKS = re.compile("[\u0300-\u036f\u00b7\u2027\u0387]+")
_NOT_WORD = re.compile(r"[\W_]+")


def check_text(value: str, field: str, *, limit: int = MAX_TEXT) -> str:
    """Give back `value` unchanged, or refuse it. `limit` counts characters (code points)."""
    return _checked(value, field, limit, _FORBIDDEN)


def check_line(value: str, field: str, *, limit: int = MAX_NAME) -> str:
    """Like `check_text` for what stands on one line: no line breaks either."""
    return _checked(value, field, limit, _FORBIDDEN_IN_LINE)


def _checked(value: str, field: str, limit: int, forbidden: re.Pattern[str]) -> str:
    if len(value) > limit:
        raise InputRefused("text-too-long", field=field, length=len(value), limit=limit)
    if not value.isprintable() and (found := forbidden.search(value)):
        character = f"U+{ord(found[0]):04X}"
        raise InputRefused("text-control-character", field=field, character=character, position=found.start() + 1)
    return value


def require(value: str, field: str) -> str:
    """Refuse an empty or blank value."""
    if not value.strip():
        raise InputRefused("text-missing", field=field)
    return value


def fold(text: str) -> str:
    """Lower case, no accents, no middle dots, everything else that is not a letter or digit a space.

    `col·legi`, `col.legi` typed with U+2027 and `COLLEGI` meet; the stock full-text tokenizer would cut the first in
    two. NFKD comes first so that `ŀl` (U+0140) is a letter and a middle dot as well.
    """
    return _NOT_WORD.sub(" ", plain_letters(text)).strip()


def plain_letters(text: str) -> str:
    """The first half of `fold`, enough where a tokenizer parts the words: lower case, no accents, no middle dots."""
    text = text.lower()
    if not text.isascii():
        text = _MARKS.sub("", unicodedata.normalize("NFKD", text)).lower()  # NFKD of «№» is «No»
    return text
