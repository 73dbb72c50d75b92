"""The values of protection at rest: what a store is under, and what opens it.

One random *master key* is behind everything; what a person has (a passphrase, a recovery key, the keychain of the
computer) only opens it, so that each can be changed without touching what is protected.
"""

from __future__ import annotations

from dataclasses import dataclass, field

WAYS = ("keychain", "passphrase")
"""How a protected store is opened every day; the recovery key is for the other days."""
GROUPS = 8
"""Of how many groups a recovery key is made, which people write down and type back one by one."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of an opened store, 32 bytes each: the database's and that of the files beside it. Never shown."""

    database: bytes = field(repr=False)
    files: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Protection:
    """How a store is protected. `locked`: nothing has opened it yet in this program. `way` is one of `WAYS`, or empty.
    `recovery_tried`: somebody has shown that the recovery key was written down."""

    protected: bool
    locked: bool = False
    way: str = ""
    recovery_tried: bool = False
