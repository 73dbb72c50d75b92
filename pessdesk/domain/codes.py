"""Reference codes that people read aloud and write on paper: frozen at creation, never reused.

Workshop `PESS-<comarca>-<yymmdd>-<2 characters of its id>`, contribution `<workshop>-<laptop mark><nnn>`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pessdesk.domain.errors import InputRefused

_SAFE = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is mistaken for another in handwriting
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ"
_WORKSHOP = re.compile(r"PESS-[0-9]{2}-[0-9]{6}-[0-9A-Z]{2,4}")
_CONTRIBUTION = re.compile(r"PESS-[0-9]{2}-[0-9]{6}-[0-9A-Z]{2,4}-[A-Z]{1,4}[0-9]{3,7}")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_DATE = re.compile(r"(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


def workshop_code(comarca: str, date: str, record: str) -> str:
    """`PESS-04-260312-7K` for comarca 04, date 2026-03-12 and a workshop's record id (a UUID)."""
    parts = _DATE.fullmatch(date)
    if not parts:
        raise InputRefused("date-wrong", field="date", value=date)
    number = int(record.replace("-", "")[-8:], 16)
    tail = _SAFE[number % len(_SAFE)] + _SAFE[number // len(_SAFE) % len(_SAFE)]
    return f"PESS-{comarca}-{parts[1][2:]}{parts[2]}{parts[3]}-{tail}"


def laptop_mark(device: str, taken: Iterable[str] = ()) -> str:
    """Two letters from a device id (hex); more where another laptop of the workshop has the same."""
    number = int(device, 16)
    letters = []
    for _ in range(4):
        number, rest = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[rest])
    others = set(taken)
    for length in (2, 3, 4):
        if (mark := "".join(letters[:length])) not in others:
            return mark
    return "".join(letters)


def contribution_code(workshop: str, mark: str, number: int) -> str:
    """`PESS-04-260312-7K-AB001`: the n-th contribution that the laptop of that mark recorded there."""
    return f"{workshop}-{mark}{number:03d}"


def mark_of(contribution: str) -> str:
    """The laptop's mark in a contribution's code."""
    return contribution.rpartition("-")[2].rstrip("0123456789")


def check_workshop_code(code: str) -> str:
    if not _WORKSHOP.fullmatch(code):
        raise InputRefused("code-wrong", value=code[:60])
    return code


def check_contribution_code(code: str) -> str:
    if not _CONTRIBUTION.fullmatch(code):
        raise InputRefused("code-wrong", value=code[:60])
    return code


def check_time(value: str, field: str) -> str:
    """A time of day as `HH:MM`, or nothing."""
    if value and not _TIME.fullmatch(value):
        raise InputRefused("time-wrong", field=field, value=value[:40])
    return value


def check_date(value: str, field: str) -> str:
    """A real date as `YYYY-MM-DD`."""
    from datetime import date

    try:
        date.fromisoformat(value)
    except ValueError:
        raise InputRefused("date-wrong", field=field, value=value[:40]) from None
    if not _DATE.fullmatch(value):
        raise InputRefused("date-wrong", field=field, value=value[:40])
    return value
