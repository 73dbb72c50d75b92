"""What minutes are made of: read from a store, in an order that does not depend on how things came to it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from pessdesk.application import capture
from pessdesk.application.authoring import Author
from pessdesk.application.change_contribution import edit_contribution, withdraw_contribution
from pessdesk.application.minutes import Minutes, Present, Table, read_minutes
from pessdesk.application.ports import Desk
from pessdesk.application.programme import PlannedWorkshop, new_workshop, state_programme
from pessdesk.application.record_contributions import record_one
from pessdesk.application.rehearsal import REHEARSAL
from pessdesk.application.workshop_facts import count_present, describe_workshop
from pessdesk.bootstrap import Program
from pessdesk.domain.errors import InputRefused, UnknownThing
from pessdesk.domain.model import Contribution, Entity, Group
from pessdesk.records.merge import merged_view

PROGRAMME = Path(__file__).resolve().parents[2] / "resources" / "demo" / "programme"
PROGRAM = Program()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with PROGRAM.desk(tmp_path / "store", write=True, create=True) as desk:
        state_programme(desk, PROGRAM.read_programme(PROGRAMME))
        yield desk


@pytest.fixture
def workshop(desk: Desk) -> str:
    plan = PlannedWorkshop("Taller", "2026-03-12", "04", municipality="252038", groups=2)
    return str(new_workshop(desk, plan)["code"])


def minutes(desk: Desk, code: str) -> Minutes:
    with desk.store.read() as unit:
        return read_minutes(unit, code, PROGRAM.place_name)


def said(found: Minutes) -> dict[str, list[str]]:
    """The texts that stand in full, by line (lever: its own), in order."""
    lines = {line.topic.code: [e.text for e in line.entries] for lever in found.levers for line in lever.lines}
    loose = [entry.text for lever in found.levers for entry in lever.loose]
    return {code: texts for code, texts in lines.items() if texts} | ({"": loose} if loose else {})


def test_an_empty_workshop(desk: Desk, workshop: str) -> None:
    found = minutes(desk, workshop)
    assert (found.title, found.date, found.municipality, found.comarca) == (
        "Taller", "2026-03-12", "la Seu d'Urgell", "Alt Urgell"
    )  # fmt: skip
    assert found.programme["ca"].startswith("Pla estratègic") and found.about["ca"].startswith("El Pla busca")
    assert found.version == "2019-09+recerca" and found.document["ca"].endswith("Document de bases")
    assert found.tables == (Table("1", 0), Table("2", 0))
    assert (found.people, found.entities, found.levers, found.contributions) == (None, (), (), 0)


def test_an_unknown_code_is_said(desk: Desk) -> None:
    with pytest.raises(UnknownThing) as refused:
        minutes(desk, "PESS-04-260312-ZZ")
    assert refused.value.code == "workshop-unknown"


def test_without_a_programme_there_are_minutes_too(tmp_path: Path) -> None:
    with PROGRAM.desk(tmp_path / "bare", write=True, create=True) as desk:
        code = new_workshop(desk, PlannedWorkshop("Taller", "2026-03-12", "04"))["code"]
        record_one(desk, code, {"text": "a"})
        found = minutes(desk, code)
    assert (found.programme, found.version, found.municipality) == ({}, "", "")
    assert said(found) == {"": ["a"]}


def test_contributions_stand_by_lever_and_line_in_the_documents_order(desk: Desk, workshop: str) -> None:
    for text, line in (("e", ""), ("d", "5"), ("c2", "4.2"), ("c1", "4.1"), ("b", "4"), ("a", "1.1")):
        record_one(desk, workshop, {"text": text, "line": line})
    found = minutes(desk, workshop)
    assert said(found) == {"1.1": ["a"], "4": ["b"], "4.1": ["c1"], "4.2": ["c2"], "5": ["d"], "": ["e"]}
    assert list(said(found)) == ["1.1", "4", "4.1", "4.2", "5", ""]
    assert [(lever.topic.code if lever.topic else "", lever.count) for lever in found.levers] == [
        ("1", 1), ("4", 3), ("5", 1), ("", 1)
    ]  # fmt: skip
    assert found.contributions == 6


def test_several_lines_in_full_under_the_first_and_by_code_under_the_others(desk: Desk, workshop: str) -> None:
    code = record_one(desk, workshop, {"text": "a", "line": "4.2 4.1 1"}).code
    found = minutes(desk, workshop)
    assert said(found) == {"4.2": ["a"]}
    lines = {line.topic.code: line for lever in found.levers for line in lever.lines}
    assert lines["4.2"].entries[0].also == ("4.1", "1")
    assert lines["4.1"].elsewhere == lines["1"].elsewhere == (code,)
    assert sum(lever.count for lever in found.levers) == 1, "it counts once"


def test_what_was_taken_back_does_not_count(desk: Desk, workshop: str) -> None:
    kept = record_one(desk, workshop, {"text": "a", "line": "4.1", "group": "1"}).code
    withdraw_contribution(desk, record_one(desk, workshop, {"text": "b", "line": "4.2", "group": "1"}).code)
    found = minutes(desk, workshop)
    assert kept.endswith("001") and said(found) == {"4.1": ["a"]}
    assert found.by_kind == (("proposal", 1),)
    assert found.tables == (Table("1", 1), Table("2", 0))


def test_the_order_is_that_of_recording_and_survives_an_edit(desk: Desk, workshop: str) -> None:
    codes = [record_one(desk, workshop, {"text": text}).code for text in "abc"]
    edit_contribution(desk, codes[0], {"text": "a, amb més detall"})
    assert said(minutes(desk, workshop)) == {"": ["a, amb més detall", "b", "c"]}


def test_number_1000_comes_after_999(desk: Desk, workshop: str) -> None:
    with desk.store.write() as unit:
        record = unit.workshops_by_code(workshop)[0]["record"]
        unit.set_setting(f"number:{record}", "998")
    for text in ("nou-cents noranta-nou", "mil"):
        record_one(desk, workshop, {"text": text})
    assert said(minutes(desk, workshop))[""] == ["nou-cents noranta-nou", "mil"]


def test_what_stands_beside_a_contribution(desk: Desk, workshop: str) -> None:
    record_one(
        desk, workshop,
        {"text": "a", "title": "T", "group": "2", "kind": "need", "votes": "4", "language": "es", "entity": "Solsona, Ajuntament"},
    )  # fmt: skip
    (entry,) = minutes(desk, workshop).levers[0].loose
    assert (entry.kind, entry.title, entry.table, entry.dots, entry.language, entry.entity) == (
        "need", "T", "2", 4, "es", "Solsona, Ajuntament"
    )  # fmt: skip


def test_tables_in_natural_order_and_one_for_one_name(desk: Desk, workshop: str) -> None:
    with desk.store.write() as unit:
        record = unit.workshops_by_code(workshop)[0]["record"]
        author = Author(desk, unit)
        unit.append_new([author.state(Group(record, name)) for name in ("10", "Verda", "verda")])
        author.save()
    record_one(desk, workshop, {"text": "a", "group": "10"})
    record_one(desk, workshop, {"text": "b", "group": "verda"})
    record_one(desk, workshop, {"text": "c"})
    assert minutes(desk, workshop).tables == (
        Table("1", 0), Table("2", 0), Table("10", 1), Table("Verda", 1), Table("", 1)
    )  # fmt: skip


def test_entities_present_counted_or_named(desk: Desk, workshop: str) -> None:
    count_present(desk, workshop, "Ajuntament de Solsona", 3)
    count_present(desk, workshop, "CC Solsonès", 2)
    count_present(desk, workshop, "Una associació nova", 1)
    count_present(desk, workshop, "", 5)
    record_one(desk, workshop, {"text": "a", "entity": "Diputació de Lleida"})
    record_one(desk, workshop, {"text": "b", "entity": "Ajuntament de Solsona"})
    found = minutes(desk, workshop)
    assert found.entities == (
        Present("Ajuntament de Solsona", "municipality", 3),
        Present("Consell Comarcal del Solsonès", "county_council", 2),
        Present("Diputació de Lleida", "provincial", None),
        Present("Una associació nova", "other", 1),
        Present("", "", 5),
    )
    assert found.people == 11


def test_counting_again_corrects(desk: Desk, workshop: str) -> None:
    for people in (3, 7, 0):
        count_present(desk, workshop, "Ajuntament de Solsona", people)
        assert minutes(desk, workshop).people == (people or None)
    assert minutes(desk, workshop).entities == (), "nobody was there after all"


@pytest.mark.parametrize("people", [-1, 1_000_001])
def test_a_number_that_cannot_be_is_refused(desk: Desk, workshop: str, people: int) -> None:
    with pytest.raises(InputRefused) as refused:
        count_present(desk, workshop, "Algú", people)
    assert refused.value.code == "number-out-of-range"
    with desk.store.read() as unit:
        assert "Algú" not in [entity["name"] for entity in unit.entities()]


def test_nobody_is_named(desk: Desk, workshop: str) -> None:
    """An entity that is a person in their own name, the names of photos, laptops and references: none is there."""
    with desk.store.write() as unit:
        record = unit.workshops_by_code(workshop)[0]["record"]
        author = Author(desk, unit)
        person = author.state(Entity(name="Maria Puig i Ferrer", kind="individual", workshop=record))
        unit.append_new([person])
        author.save()
    code = record_one(
        desk, workshop, {"text": "a", "entity": "Maria Puig i Ferrer", "reference": "full de la Maria"}
    ).code
    count_present(desk, workshop, "Maria Puig i Ferrer", 1)
    found = minutes(desk, workshop)
    assert found.entities == (Present("", "individual", 1),)
    entry = found.levers[0].loose[0]
    assert (entry.code, entry.entity, entry.personal) == (code, "", True)
    whole = str(dataclasses.asdict(found))
    assert "Maria" not in whole and desk.label not in whole


def test_lines_of_another_version_are_read_from_it_and_unknown_ones_named(desk: Desk, workshop: str) -> None:
    record_one(desk, workshop, {"text": "d'ara", "line": "4.1"})
    with desk.store.write() as unit:
        record = unit.workshops_by_code(workshop)[0]["record"]
        author = Author(desk, unit)
        unit.append_new([
            author.state(Contribution(record, f"{workshop}-ZZ00{n}", text, document=version, lines=("L1",)))
            for n, (text, version) in enumerate((("d'abans", "2018"), ("de mai", "2017")), start=1)
        ])  # fmt: skip
        now = unit.base_documents()[0]
        old = {name: value for name, value in now.items() if name != "record"} | {"version": "2018"}
        old["nodes"] = [node | {"title": {"ca": f"Abans: {node['title']['ca']}"}} for node in old["nodes"]]
        unit.append_new([author.state_content("base_document", old)])
        author.save()
    found = minutes(desk, workshop)
    assert found.version == "2019-09+recerca", "the one in force is named in the basic data"
    assert [(lever.version, line.topic.title.get("ca", "")[:12], line.entries[0].text) for lever in found.levers
            for line in lever.lines] == [
        ("2019-09+recerca", "Promoció d'a", "d'ara"), ("2018", "Abans: Promo", "d'abans"), ("2017", "", "de mai")
    ]  # fmt: skip
    assert found.levers[-1].lines[0].topic.code == "L1"


def test_a_rehearsal_is_marked(desk: Desk, workshop: str) -> None:
    assert not minutes(desk, workshop).rehearsal
    with desk.store.write() as unit:
        unit.set_setting(REHEARSAL, "x")
    assert minutes(desk, workshop).rehearsal


# What is stated about a workshop


def test_describing_a_workshop_shows_in_its_minutes(desk: Desk, workshop: str) -> None:
    facts = {
        "start": "17:00", "end": "19:15", "objectives": "Escoltar.", "agenda": "17.00 Acollida", "venue": "Sala",
        "facilitators": "Equip", "next_steps": "Retorn.", "method": "metaplan",
    }  # fmt: skip
    describe_workshop(desk, workshop, facts)
    found = minutes(desk, workshop)
    assert {name: getattr(found, name) for name in facts} == facts
    assert found.title == "Taller", "what was not named stays"
    assert not describe_workshop(desk, workshop, facts).undo, "twice changes nothing"
    describe_workshop(desk, workshop, {"venue": ""})
    assert minutes(desk, workshop).venue == ""


@pytest.mark.parametrize(
    ("facts", "code"),
    [({"start": "25:00"}, "time-wrong"), ({"method": "karaoke"}, "choice-unknown"), ({"venue": "a\nb"}, "text-control-character"),
     ({"objectives": "x" * 20_001}, "text-too-long")],
)  # fmt: skip
def test_what_breaks_a_rule_is_refused(desk: Desk, workshop: str, facts: dict[str, str], code: str) -> None:
    with pytest.raises(InputRefused) as refused:
        describe_workshop(desk, workshop, facts)
    assert refused.value.code == code


def test_fields_of_a_newer_version_stay(desk: Desk, workshop: str) -> None:
    with desk.store.write() as unit:
        record = unit.workshops_by_code(workshop)[0]["record"]
        view = merged_view(unit.histories([record])[record])
        author = Author(desk, unit)
        unit.add(
            [author.state_content("workshop", {**view.content, "weather": "pluja"}, record=record, parents=view.heads)]
        )
        author.save()
    describe_workshop(desk, workshop, {"start": "17:00"})
    with desk.store.read() as unit:
        content = merged_view(unit.histories([record])[record]).content
    assert (content["weather"], content["start"]) == ("pluja", "17:00")


def test_each_laptop_counts_apart(desk: Desk, workshop: str) -> None:
    """What another laptop counted is never lowered."""
    with desk.store.read() as unit:
        record = unit.workshops_by_code(workshop)[0]["record"]
    capture.count(desk, record, record, "present", 4)
    other = dataclasses.replace(desk, device="f" * 64)
    count_present(other, workshop, "", 6)
    assert minutes(desk, workshop).people == 6
    count_present(other, workshop, "", 1)
    assert minutes(desk, workshop).people == 4
