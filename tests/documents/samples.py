"""Minutes of an invented workshop, of which a test changes the one thing that it is about."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pessdesk.application.minutes import Entry, Lever, Line, Minutes, Present, Table, Topic
from pessdesk.bootstrap import Program
from pessdesk.wording.catalog import Catalog

FONTS = Program().resources() / "fonts"
WORKSHOP = "PESS-04-260312-7K"
LANGUAGES = ("ca", "es", "en")


def catalog(language: str = "ca") -> Catalog:
    return Program().catalog(language)


def topic(id_: str, code: str, kind: str, title: str, short: str = "") -> Topic:
    return Topic(id_, code, kind, {"ca": title}, {"ca": short} if short else {})


def entry(number: int, text: str = "Que els ajuntaments petits comparteixin una tècnica.", **changes: Any) -> Entry:
    return replace(Entry(f"{WORKSHOP}-AB{number:03d}", "proposal", text), **changes)


LEVER_1 = topic("P1", "1", "lever", "Persones i professionals")
LEVER_4 = topic("P4", "4", "lever", "Governança i coneixement")
LINE_41 = topic("L1", "4.1", "line", "Promoció d'aliances estratègiques amb universitats", "Aliances estratègiques")
LINE_42 = topic("L2", "4.2", "line", "Xarxes de col·laboració")


def minutes(**changes: Any) -> Minutes:
    """Two levers, a line with a contribution that points to another one as well, one contribution without a line."""
    whole = Minutes(
        code=WORKSHOP,
        title="Taller territorial de l’Alt Urgell",
        date="2026-03-12",
        comarca="Alt Urgell",
        municipality="la Seu d'Urgell",
        start="17:00",
        end="19:15",
        venue="Sala de plens",
        method="world_cafe",
        facilitators="Equip de participació",
        objectives="Escoltar.\nProposar.",
        agenda="17.00 Acollida\n17.15 Taules",
        next_steps="El retorn es publicarà.",
        programme={"ca": "Pla estratègic de serveis socials", "es": "Plan estratégico de servicios sociales"},
        about={"ca": "El Pla busca cohesionar el sistema."},
        document={"ca": "Document de bases"},
        version="2019-09",
        tables=(Table("1", 3), Table("Taula verda", 2), Table("", 1)),
        entities=(
            Present("Ajuntament de Solsona", "municipality", 3),
            Present("Col·legi de treball social", "professional_body", None),
            Present("", "individual", 2),
            Present("", "", 4),
        ),
        people=9,
        levers=(
            Lever(LEVER_1, "2019-09", (Line(LEVER_1, (entry(1),)),)),
            Lever(
                LEVER_4,
                "2019-09",
                (
                    Line(LINE_41, (entry(2, also=("4.2",), title="Compartir"), entry(3, kind="need", dots=4))),
                    Line(LINE_42, (entry(4, "El col·legi diu: «l’atenció»"),), (f"{WORKSHOP}-AB002",)),
                ),
            ),
            Lever(None, "", (), (entry(5, language="es", table="1", entity="Ajuntament de Solsona"),)),
        ),
        by_kind=(("proposal", 4), ("need", 1)),
    )
    return replace(whole, **changes)


EMPTY = Minutes(code=WORKSHOP, title="Taller", date="2026-03-12", comarca="Alt Urgell")
"""A workshop of which nothing more was recorded."""


def saying(*texts: str) -> Minutes:
    """A workshop in which just this was said."""
    entries = tuple(entry(number, text) for number, text in enumerate(texts, start=1))
    return replace(EMPTY, levers=(Lever(None, "", (), entries),), by_kind=(("proposal", len(entries)),))
