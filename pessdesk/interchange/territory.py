"""Catalonia's comarques and municipalities (Idescat's codes), from `resources/territory`. Font: Idescat."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pessdesk.domain.errors import InputRefused
from pessdesk.domain.text import fold


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality (`code` of six digits) and its comarca (two); or a comarca alone, then `code` is empty."""

    code: str
    name: str
    comarca: str


class Territory:
    """Finds places by code or by name, accents and articles ignored."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def municipality(self, value: str) -> Place:
        if value in self._municipalities:
            return self._municipalities[value]
        found = self._by_name.get(fold(value), [])
        if len(found) != 1:
            raise InputRefused("municipality-unknown", value=value[:60])
        return found[0]

    def places(self, words: str, limit: int) -> list[Place]:
        """Municipalities by what somebody has typed: names (with or without their article) that begin so first, then
        those that hold it; each in alphabetical order."""
        wanted = fold(words)
        if not wanted:
            return []
        beginning = [place for names, place in self._indexed if any(name.startswith(wanted) for name in names)]
        there = {place.code for place in beginning}
        holding = [p for names, p in self._indexed if p.code not in there and any(wanted in name for name in names)]
        return (beginning + holding)[:limit]

    def place_name(self, municipality: str, comarca: str) -> str:
        """`la Seu d'Urgell (Alt Urgell)`; the comarca alone where no municipality is given or known."""
        region = self.comarca_name(comarca) if comarca else ""
        place = self._municipalities.get(municipality)
        if place is None:
            return region
        return f"{place.name} ({region})" if region else place.name

    def comarca(self, value: str) -> str:
        """The two digits of a comarca given by code or name."""
        for row in self._comarques:
            names = (row["name"], row["name_ca"], row["name_es"], row["name_oc"], *row["aliases"].split(";"))
            if value == row["code"] or fold(value) in {fold(name) for name in names if name}:
                return row["code"]
        raise InputRefused("comarca-unknown", value=value[:60])

    def comarca_name(self, code: str) -> str:
        return next((row["name"] for row in self._comarques if row["code"] == code), code)

    @cached_property
    def _comarques(self) -> list[dict[str, str]]:
        return self._rows("comarques.csv")

    @cached_property
    def _municipalities(self) -> dict[str, Place]:
        return {r["code"]: Place(r["code"], r["name"], r["comarca_code"]) for r in self._rows("municipalities.csv")}

    @cached_property
    def _indexed(self) -> list[tuple[tuple[str, str], Place]]:
        """Folded names as they sort (`Seu d'Urgell, la`), and as they are said (`la Seu d'Urgell`)."""
        rows = [
            ((fold(row["name_indexed"]), fold(row["name"])), row["code"]) for row in self._rows("municipalities.csv")
        ]
        return [(names, self._municipalities[code]) for names, code in sorted(rows)]

    @cached_property
    def _by_name(self) -> dict[str, list[Place]]:
        found: dict[str, list[Place]] = {}
        for row in self._rows("municipalities.csv"):
            for name in {fold(row["name"]), fold(row["name_indexed"].partition(",")[0])}:
                found.setdefault(name, []).append(self._municipalities[row["code"]])
        return found

    def _rows(self, name: str) -> list[dict[str, str]]:
        with (self._folder / name).open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
