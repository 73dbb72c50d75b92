"""Dates, times and numbers in words."""

from __future__ import annotations

from datetime import date

from pessdesk.wording.catalog import Catalog

_THIN = "\u202f"


def date_in_words(catalog: Catalog, day: str) -> str:
    """`2026-03-12` → «12 de març de 2026»."""
    t, there = catalog.text, date.fromisoformat(day)
    facts = {"day": there.day, "year": there.year}
    return (
        t("{day} January {year}", **facts), t("{day} February {year}", **facts), t("{day} March {year}", **facts),
        t("{day} April {year}", **facts), t("{day} May {year}", **facts), t("{day} June {year}", **facts),
        t("{day} July {year}", **facts), t("{day} August {year}", **facts), t("{day} September {year}", **facts),
        t("{day} October {year}", **facts), t("{day} November {year}", **facts), t("{day} December {year}", **facts),
    )[there.month - 1]  # fmt: skip


def time_in_words(catalog: Catalog, time: str) -> str:
    """`17:00` → «17.00»."""
    hour, _, minute = time.partition(":")
    return catalog.text("{hour}:{minute}", hour=int(hour), minute=minute)


def number(value: int) -> str:
    """Digits in threes from five on, parted by a thin space, which is right in all our languages."""
    return f"{value:,}".replace(",", _THIN) if value >= 10_000 else str(value)
