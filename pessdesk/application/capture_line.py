"""What stands before the text in the capture line: `@4 #4.2 !nec +3 ` at the very start sets table, line, kind and dots.

Only a block that names something that exists, at the very start and closed by a space, is one; anything else is text, so
that "+65 anys" and "#MeToo" are safe. Pure: words in, meaning out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pessdesk.domain.text import fold

MOST_DOTS = 20
"""More in one go is no tally of dots but a number that somebody said."""
NOTHING = "-"
"""`@-` and `#-`: no table, no line."""
SIGNS = "@#!+"
_BLOCK = re.compile(r"([@#!+])(\S+)(\s+|$)")


@dataclass(frozen=True, slots=True)
class Said:
    """A contribution as typed. `group` and `entity` are records; `new_group` names a table that does not exist yet."""

    text: str
    kind: str = "proposal"
    group: str = ""
    new_group: str = ""
    lines: tuple[str, ...] = ()
    document: str = ""
    entity: str = ""
    language: str = ""
    votes: int = 0


DRAFT = "draft:"
CONTEXT = "context"
"""The part of the capture line's draft that is not its text: table, lines, kind, dots."""


def draft_key(record: str, field: str = "") -> str:
    """The setting that holds what is being typed and not said to be finished: in the capture line of a workshop, in the
    text of a contribution, or in another field of a record."""
    return f"{DRAFT}{record}:{field}" if field else f"{DRAFT}{record}"


def next_table(names: Iterable[str]) -> str:
    """What a new table is called: the next number that none has."""
    return str(max((int(name) for name in names if name.isdecimal()), default=0) + 1)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What blocks can name: tables by folded name, lines by code in small letters, kinds by folded label."""

    tables: Mapping[str, str]
    lines: Mapping[str, str]
    kinds: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Block:
    """One block: its sign, what it names (a record, a line's id, a kind, a number; empty for none), and as typed."""

    sign: str
    value: str
    typed: str


def leading_blocks(text: str, vocabulary: Vocabulary, *, ended: bool = False) -> tuple[list[Block], str]:
    """The blocks at the start of a text, and the rest. The last word counts only when `ended` (Enter was pressed)."""
    blocks: list[Block] = []
    rest = text
    while (found := _BLOCK.match(rest)) and (found[3] or ended):
        value = _meaning(found[1], found[2], vocabulary)
        if value is None:
            break
        blocks.append(Block(found[1], value, found[0]))
        rest = rest[found.end() :]
    return blocks, rest


def _meaning(sign: str, word: str, vocabulary: Vocabulary) -> str | None:
    if sign == "+":
        return word if word.isascii() and word.isdigit() and 1 <= int(word) <= MOST_DOTS and word[0] != "0" else None
    if sign == "!":
        return one_kind(word, vocabulary)
    if word == NOTHING:
        return ""
    if sign == "@":
        return vocabulary.tables.get(fold(word) or word)  # without a letter it folds to nothing, and names nothing
    return vocabulary.lines.get(word.lower())


def one_kind(word: str, vocabulary: Vocabulary) -> str | None:
    """The kind whose label begins with the word; None when there is none, or more than one."""
    wanted = fold(word)
    if not wanted:
        return None
    if wanted in vocabulary.kinds:
        return vocabulary.kinds[wanted]
    found = {token for name, token in vocabulary.kinds.items() if name.startswith(wanted)}
    return found.pop() if len(found) == 1 else None
