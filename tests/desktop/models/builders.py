"""Rows as the reader gives them, with everything usual."""

from __future__ import annotations

from typing import Any

from pessdesk.application.screens import EntityRow, WorkshopRow


def workshop(**more: Any) -> WorkshopRow:
    usual = {
        "record": "w", "code": "PESS-04-260312-7K", "title": "Taller", "date": "2026-03-12", "comarca": "04",
        "municipality": "252038", "venue": "", "method": "", "planned": True, "groups": 0, "contributions": 0,
        "pending": 0, "handed": "",
    }  # fmt: skip
    return WorkshopRow(**{**usual, **more})


def entity(name: str, *aliases: str, record: str = "", present: int = 0) -> EntityRow:
    return EntityRow(record or name, name, "other", aliases, present)
