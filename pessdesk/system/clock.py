"""The clock, and ids made with it (UUIDv7, RFC 9562)."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class SystemClock:
    """What this laptop claims about the time."""

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def utc(self) -> str:
        return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def new_id() -> str:
    """A new record's id."""
    import uuid_utils

    return str(uuid_utils.uuid7())
