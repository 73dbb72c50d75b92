"""Hybrid logical clock (Kulkarni et al., 2014, "Logical Physical Clocks"): 48 bits of milliseconds, 16 of counter.

Written as 16 lower-case hex digits, so that the order of the strings is the order of the stamps. A laptop's clock is a
claim: the stamp never goes back on one laptop even when its clock does, and a stamp from far in the future that
arrives in a bundle is not followed, or one broken laptop would drag every other along.
"""

from __future__ import annotations

ZERO = "0" * 16
MAX_FOLLOWED_LEAD_MS = 3_600_000
"""A stamp more than an hour ahead of our own clock is not followed."""


def pack(milliseconds: int, counter: int) -> str:
    """The stamp of a moment (milliseconds since 1970, below 2^48) and a counter below 2^16."""
    return f"{milliseconds & 0xFFFFFFFFFFFF:012x}{counter:04x}"


def tick(last: str, now_ms: int) -> str:
    """The next stamp of this laptop: after `last` whatever the clock says."""
    last_ms, counter = int(last[:12], 16), int(last[12:], 16)
    if now_ms > last_ms:
        return pack(now_ms, 0)
    if counter < 0xFFFF:
        return pack(last_ms, counter + 1)
    return pack(last_ms + 1, 0)


def observe(last: str, seen: str, now_ms: int) -> str:
    """Our clock after reading a foreign stamp: at least as late, unless that one is absurdly ahead."""
    if int(seen[:12], 16) > now_ms + MAX_FOLLOWED_LEAD_MS:
        return last
    return max(last, seen)


def as_record(stamp: str, chance: int) -> str:
    """The id of a record that begins with a stamp: a UUIDv7 (RFC 9562) of its milliseconds, its counter and 58 bits of
    chance. Records sort as they were stated, also on a laptop whose clock was set back."""
    counter = int(stamp[12:], 16)
    tail = 0b10 << 62 | (counter & 0xF) << 58 | chance
    return f"{stamp[:8]}-{stamp[8:12]}-7{counter >> 4:03x}-{tail >> 48:04x}-{tail & 0xFFFFFFFFFFFF:012x}"
