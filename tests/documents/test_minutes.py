"""What the minutes say: each section, in each language, and plainly where nothing was recorded."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pessdesk.application.minutes import Lever, Line, Minutes, Topic
from pessdesk.documents.content import (
    Block,
    Chart,
    Document,
    Entry,
    Facts,
    Heading,
    Paragraph,
    Points,
    References,
    Table,
    digest,
)
from pessdesk.documents.minutes import minutes_document
from pessdesk.documents.words import date_in_words, number, time_in_words
from tests.documents.samples import EMPTY, LANGUAGES, WORKSHOP, catalog, entry, minutes

SECTIONS = {
    "ca": ["Introducció", "Dades bàsiques", "Objectius", "Estructura de la sessió", "Metodologia", "Entitats assistents",
           "Resultats", "Passos següents"],
    "es": ["Introducción", "Datos básicos", "Objetivos", "Estructura de la sesión", "Metodología", "Entidades asistentes",
           "Resultados", "Próximos pasos"],
    "en": ["Introduction", "Basic data", "Objectives", "Structure of the session", "Method", "Entities present",
           "Results", "Next steps"],
}  # fmt: skip


def made(said: Minutes, language: str = "ca") -> Document:
    return minutes_document(said, catalog(language))


def section(document: Document, title: str) -> list[Block]:
    """The blocks of a section, without its heading."""
    titles = [block.text if isinstance(block, Heading) and block.level == 2 else "" for block in document.blocks]
    start = titles.index(title) + 1
    end = next((n for n in range(start, len(titles)) if titles[n]), len(titles))
    return list(document.blocks[start:end])


def prose(blocks: list[Block]) -> str:
    return " ".join(block.text for block in blocks if isinstance(block, Paragraph))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("said", [minutes(), EMPTY], ids=["whole", "empty"])
def test_the_sections_in_their_order(said: Minutes, language: str) -> None:
    headings = [b.text for b in made(said, language).blocks if isinstance(b, Heading) and b.level == 2]
    assert headings == SECTIONS[language]


@pytest.mark.parametrize(
    ("language", "nothing"),
    [
        ("ca", ["No consta cap objectiu.", "No consta l'ordre del dia.", "No consta cap mètode. No consta cap taula.",
                "No consta cap entitat.", "No consta cap aportació.", "No consten els passos següents."]),
        ("es", ["No consta ningún objetivo.", "No consta el orden del día.", "No consta ningún método. No consta ninguna mesa.",
                "No consta ninguna entidad.", "No consta ninguna aportación.", "No constan los próximos pasos."]),
        ("en", ["No objectives were recorded.", "No agenda was recorded.", "No method was recorded. No tables were recorded.",
                "No entities were recorded.", "No contributions were recorded.", "No next steps were recorded."]),
    ],
)  # fmt: skip
def test_what_was_not_recorded_is_said(language: str, nothing: list[str]) -> None:
    document = made(EMPTY, language)
    assert [prose(section(document, title)) for title in SECTIONS[language][2:]] == nothing
    facts = section(document, SECTIONS[language][1])[0]
    assert isinstance(facts, Facts)
    unknown = {"ca": "No consta", "es": "No consta", "en": "Not recorded"}[language]
    assert sum(value == unknown for _, value in facts.rows) == 9


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("ca", ["«Pla estratègic de serveis socials»", "El Pla busca cohesionar el sistema.",
                "La sessió va tenir lloc el 12 de març de 2026 (la Seu d'Urgell, Alt Urgell).",
                "Va començar a les 17.00 i va acabar a les 19.15.", "Hi van assistir 9 persones.", "S'hi van fer 5 aportacions."]),
        ("es", ["«Plan estratégico de servicios sociales»", "La sesión tuvo lugar el 12 de marzo de 2026",
                "Empezó a las 17:00 y acabó a las 19:15.", "Asistieron 9 personas.", "Se hicieron 5 aportaciones."]),
        ("en", ["“Pla estratègic de serveis socials”", "The session took place on 12 March 2026",
                "It began at 17:00 and ended at 19:15.", "9 people attended.", "5 contributions were made."]),
    ],
)  # fmt: skip
def test_the_introduction(language: str, sentences: list[str]) -> None:
    said = prose(section(made(minutes(), language), SECTIONS[language][0]))
    assert [sentence for sentence in sentences if sentence not in said] == []


def test_one_is_one() -> None:
    said = replace(EMPTY, people=1, levers=(Lever(None, "", (), (entry(1),)),), start="9:30")
    words = prose(section(made(said), "Introducció"))
    assert "Hi va assistir 1 persona. S'hi va fer 1 aportació." in words
    assert "Va començar a les 9.30." in words


def test_a_workshop_of_which_little_is_known_says_so() -> None:
    words = prose(section(made(EMPTY), "Introducció"))
    assert "No consta de quin procés participatiu forma part aquest taller." in words
    assert "No es van comptar les persones assistents. No consta cap aportació." in words


def test_the_basic_data() -> None:
    facts = section(made(minutes()), "Dades bàsiques")[0]
    assert isinstance(facts, Facts)
    assert dict(facts.rows) == {
        "Procés participatiu": "Pla estratègic de serveis socials",
        "Document de bases": "Document de bases, versió 2019-09",
        "Taller": "Taller territorial de l’Alt Urgell", "Codi": WORKSHOP, "Data": "12 de març de 2026",
        "Hora": "de 17.00 a 19.15", "Municipi": "la Seu d'Urgell", "Comarca": "Alt Urgell", "Lloc": "Sala de plens",
        "Persones facilitadores": "Equip de participació", "Taules": "2", "Persones": "9", "Entitats assistents": "2",
        "Aportacions": "5",
    }  # fmt: skip


def test_objectives_are_points_and_the_agenda_a_timetable() -> None:
    document = made(minutes())
    assert section(document, "Objectius") == [Points(("Escoltar.", "Proposar."))]
    assert section(document, "Estructura de la sessió") == [Facts((("17.00", "Acollida"), ("17.15", "Taules")))]
    assert section(document, "Passos següents") == [Paragraph("El retorn es publicarà.")]
    loose = made(minutes(agenda="17.00 Acollida\ni després taules"))
    assert section(loose, "Estructura de la sessió") == [Points(("17.00 Acollida", "i després taules"))]


def test_method_and_tables() -> None:
    assert section(made(minutes()), "Metodologia") == [
        Paragraph("Mètode seguit: World Café."),
        Table(("Taula", "Aportacions"), (("Taula 1", "3"), ("Taula verda", "2"), ("Sense taula", "1"))),
    ]


def test_entities_and_people_without_a_persons_name() -> None:
    table, note = section(made(minutes()), "Entitats assistents")
    assert table == Table(
        ("Entitat", "Tipus", "Persones"),
        (
            ("Ajuntament de Solsona", "Ajuntament", "3"), ("Col·legi de treball social", "Col·legi professional", "–"),
            ("A títol individual", "", "2"), ("Persones de cap entitat", "", "4"),
        ),
        ("Persones en total", "", "9"),
    )  # fmt: skip
    assert isinstance(note, Paragraph) and note.quiet


def test_charts_count_each_contribution_once() -> None:
    by_lever, by_kind = (b for b in section(made(minutes()), "Resultats") if isinstance(b, Chart))
    assert [(bar.mark, bar.label, bar.value, bar.note) for bar in by_lever.bars] == [
        ("Palanca 1", "Persones i professionals", 1, "1 de 5"),
        ("Palanca 4", "Governança i coneixement", 3, "3 de 5"),
        ("", "Sense línia", 1, "1 de 5"),
    ]
    assert [(bar.label, bar.shown) for bar in by_kind.bars] == [("Proposta", "4"), ("Necessitat", "1")]


def test_results_by_lever_and_line() -> None:
    blocks = [b for b in section(made(minutes()), "Resultats") if isinstance(b, Heading | Entry | References)]
    assert [
        (b.level, b.mark, b.text) if isinstance(b, Heading) else b.code[-3:] if isinstance(b, Entry) else b.codes
        for b in blocks
    ] == [
        (3, "Palanca 1", "Persones i professionals"), "001",
        (3, "Palanca 4", "Governança i coneixement"),
        (4, "Línia 4.1", "Aliances estratègiques"), "002", "003",
        (4, "Línia 4.2", "Xarxes de col·laboració"), "004", (f"{WORKSHOP}-AB002",),
        (3, "", "Sense línia"), "005",
    ]  # fmt: skip


def test_what_stands_beside_a_contribution() -> None:
    found = {b.code[-3:]: b for b in made(minutes()).blocks if isinstance(b, Entry)}
    assert found["001"].notes == ("Proposta",)
    assert found["003"].notes == ("Necessitat", "4 punts")
    assert found["005"].notes == ("Proposta", "Taula 1", "Ajuntament de Solsona", "Castellà")
    assert (found["002"].title, found["002"].after) == ("Compartir", "També sobre: 4.2")
    spanish = {b.code[-3:]: b for b in made(minutes(), "es").blocks if isinstance(b, Entry)}
    assert spanish["005"].notes == ("Propuesta", "Mesa 1", "Ajuntament de Solsona"), "its own language needs no mention"


def test_a_person_is_not_named_beside_a_contribution() -> None:
    said = replace(EMPTY, levers=(Lever(None, "", (), (entry(1, personal=True),)),))
    (found,) = [b for b in made(said).blocks if isinstance(b, Entry)]
    assert found.notes == ("Proposta", "A títol individual")


def test_lines_of_a_version_that_is_not_here_are_named_by_their_id() -> None:
    line = Line(Topic("L9", "L9", "", {}, {}), (entry(1),))
    document = made(minutes(levers=(Lever(Topic("", "", "", {}, {}), "2017", (line,)),)))
    blocks = [b for b in section(document, "Resultats") if isinstance(b, Heading | Paragraph)][1:]
    assert blocks == [
        Heading(3, "Línies que no són en aquest portàtil"),
        Paragraph("De la versió 2017 del document de bases.", quiet=True),
        Heading(4, "Línia que no és en aquest portàtil", "Línia L9"),
    ]


def test_a_rehearsal_says_that_it_is_one() -> None:
    document = made(minutes(rehearsal=True))
    assert document.sort == "Acta d'un assaig: tot el que hi ha és inventat"
    assert document.reference == f"{WORKSHOP} · assaig"
    assert "Això és un assaig" in prose(section(document, "Introducció"))


def test_the_digest_names_the_content() -> None:
    assert digest(made(minutes())) == digest(made(minutes()))
    others = [made(minutes(), "es"), made(minutes(venue="Biblioteca")), made(minutes(levers=()))]
    assert len({digest(made(minutes())), *map(digest, others)}) == 4


@pytest.mark.parametrize(
    ("day", "ca", "es", "en"),
    [
        ("2026-04-01", "1 d'abril de 2026", "1 de abril de 2026", "1 April 2026"),
        ("2026-08-31", "31 d'agost de 2026", "31 de agosto de 2026", "31 August 2026"),
        ("2024-02-29", "29 de febrer de 2024", "29 de febrero de 2024", "29 February 2024"),
    ],
)
def test_dates_in_words(day: str, ca: str, es: str, en: str) -> None:
    assert [date_in_words(catalog(language), day) for language in LANGUAGES] == [ca, es, en]


def test_times_and_numbers() -> None:
    assert [time_in_words(catalog(language), "09:05") for language in LANGUAGES] == ["9.05", "9:05", "9:05"]
    assert [number(value) for value in (0, 9_999, 10_000, 1_234_567)] == [
        "0",
        "9999",
        "10\u202f000",
        "1\u202f234\u202f567",
    ]
