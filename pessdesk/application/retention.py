"""Until when people are kept, and the settings that say so; apart from `people`, so that a screen can ask at no cost."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

ABOUT = ("responsible", "contact", "officer")
"""What the consent's text says of whoever is responsible; settings of this laptop under these names."""
ABOUT_KEY = "privacy:"
MONTHS = "privacy:months"
USUAL_MONTHS = 12
RETENTION = "retention:"
"""Before a workshop's record: until which day its people are kept, where somebody said so."""
SOON_DAYS = 30
"""So many days before, somebody is reminded."""


def months_after(day: str, months: int) -> str:
    """`2027-02-28` for `2026-03-31` and eleven months."""
    there = date.fromisoformat(day)
    year, month = divmod(there.year * 12 + there.month - 1 + months, 12)
    return date(year, month + 1, min(there.day, monthrange(year, month + 1)[1])).isoformat()


def days_left(until: str, today: str) -> int:
    """How many days people are kept still; below 0 that was over so many days ago."""
    return (date.fromisoformat(until) - date.fromisoformat(today)).days
