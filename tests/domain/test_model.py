"""Each thing refuses what breaks its rules, with the code and the field that a person needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pessdesk.domain.errors import InputRefused
from pessdesk.domain.model import (
    KINDS,
    Act,
    Attachment,
    BaseDocument,
    Consent,
    Contribution,
    Device,
    Entity,
    Erasure,
    Group,
    Node,
    Person,
    Programme,
    Tally,
    Value,
    Workshop,
)

ID = "01912d68-783e-7a03-8467-000000000001"
CODE = "PESS-04-260312-7K"


def node(id_: str, parent: str = "", **more: Any) -> Node:
    return Node(id=id_, kind="line", title={"ca": id_}, parent=parent, **more)


def document(*nodes: Node) -> BaseDocument:
    return BaseDocument(document="d", version="1", title={"ca": "D"}, nodes=nodes)


def contribution(**changes: Any) -> Contribution:
    return Contribution(**({"workshop": ID, "code": f"{CODE}-AB001", "text": "Més hort"} | changes))


def workshop(**changes: Any) -> Workshop:
    fields: dict[str, Any] = {"programme": "", "code": CODE, "title": "Sessió", "date": "2026-03-12", "comarca": "04"}
    return Workshop(**(fields | changes))


def attachment(**changes: Any) -> Attachment:
    fields: dict[str, Any] = {
        "workshop": ID,
        "subject": ID,
        "sha256": "a" * 64,
        "extension": "jpg",
        "size": 1,
        "media_type": "image/jpeg",
        "name": "pissarra.jpg",
    }
    return Attachment(**(fields | changes))


def consent(**changes: Any) -> Consent:
    fields: dict[str, Any] = {
        "workshop": ID, "person": ID, "purposes": ("attendance",), "text": "participants", "version": "1",
        "language": "ca", "date": "2026-03-12", "how": "paper",
    }  # fmt: skip
    return Consent(**(fields | changes))


def test_honest_things_are_made() -> None:
    made: list[Value] = [
        Programme(code="P", title={"ca": "Pla"}, version="1", document=ID),
        document(node("L1"), node("L1.1", "L1")),
        workshop(municipality="080193", method="world_cafe"),
        Group(ID, "Taula 1"),
        contribution(lines=("L1",)),
        Tally(ID, ID, "votes", 0),
        Entity("Ajuntament"),
        attachment(),
        Device("Portàtil 3"),
        Act("settle"),
        Erasure((ID,), "ho ha demanat"),
        Person(ID, "Montserrat Ferrer i Güell"),
        consent(),
    ]
    assert {thing.KIND for thing in made} == set(KINDS)


REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "no words": (lambda: contribution(text=" \n"), "text-missing"),
    "too many words": (lambda: contribution(text="a" * 20_001), "text-too-long"),
    "kind": (lambda: contribution(kind="order"), "choice-unknown"),
    "language": (lambda: contribution(language="xx"), "choice-unknown"),
    "workshop's id": (lambda: contribution(workshop="1"), "id-wrong"),
    "contribution's code": (lambda: contribution(code=CODE), "code-wrong"),
    "line's id": (lambda: contribution(lines=("../x",)), "node-id-wrong"),
    "two lines of title": (lambda: contribution(title="a\nb"), "text-control-character"),
    "group's id": (lambda: contribution(group="Taula 1"), "id-wrong"),
    "entity's id": (lambda: contribution(entity="Ajuntament"), "id-wrong"),
    "date": (lambda: workshop(date="2026-02-30"), "date-wrong"),
    "comarca": (lambda: workshop(comarca="4"), "comarca-unknown"),
    "municipality": (lambda: workshop(municipality="8019"), "municipality-unknown"),
    "method": (lambda: workshop(method="magic"), "choice-unknown"),
    "workshop's code": (lambda: workshop(code="PESS"), "code-wrong"),
    "no title": (lambda: workshop(title=""), "text-missing"),
    "group without name": (lambda: Group(ID, ""), "text-missing"),
    "fewer than no votes": (lambda: Tally(ID, ID, "votes", -1), "number-out-of-range"),
    "too many votes": (lambda: Tally(ID, ID, "votes", 1_000_001), "number-out-of-range"),
    "measure": (lambda: Tally(ID, ID, "litres", 1), "choice-unknown"),
    "entity's kind": (lambda: Entity("x", kind="ghost"), "choice-unknown"),
    "digest": (lambda: attachment(sha256="abc"), "id-wrong"),
    "extension": (lambda: attachment(extension="tar.gz"), "extension-wrong"),
    "extension a path": (lambda: attachment(extension="../x"), "extension-wrong"),
    "empty file": (lambda: attachment(size=0), "number-out-of-range"),
    "media type": (lambda: attachment(media_type="image"), "media-type-wrong"),
    "document without Catalan": (
        lambda: Programme(code="P", title={"es": "Plan"}, version="1", document=ID),
        "catalan-missing",
    ),
    "language code": (
        lambda: Programme(code="P", title={"ca": "x", "catalan": "y"}, version="1", document=ID),
        "language-unknown",
    ),
    "document without nodes": (document, "document-empty"),
    "node twice": (lambda: document(node("A"), node("A")), "node-doubled"),
    "parent unknown": (lambda: document(node("A", "B")), "node-parent-unknown"),
    "node its own parent": (lambda: document(node("A", "A")), "node-cycle"),
    "child before its parent": (lambda: document(node("B", "A"), node("A")), "node-cycle"),
    "code twice": (lambda: document(node("A", code="1"), node("B", code="1")), "node-code-doubled"),
    "node's id": (lambda: node("a b"), "node-id-wrong"),
    "nothing erased": (lambda: Erasure((), "x"), "text-missing"),
    "person without name": (lambda: Person(ID, "  "), "text-missing"),
    "person on two lines": (lambda: Person(ID, "Iu\nSoler"), "text-control-character"),
    "consent to nothing": (lambda: consent(purposes=()), "consent-empty"),
    "consent to something else": (lambda: consent(purposes=("advertising",)), "choice-unknown"),
    "consent under no text": (lambda: consent(text=""), "text-missing"),
    "consent of no version": (lambda: consent(version=""), "text-missing"),
    "consent by hearsay": (lambda: consent(how="hearsay"), "choice-unknown"),
    "consent on no day": (lambda: consent(date="12-3-2026"), "date-wrong"),
    "withdrawn on no day": (lambda: consent(withdrawn_on="yesterday"), "date-wrong"),
    "erased without reason": (lambda: Erasure((ID,), ""), "text-missing"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_breaks_a_rule_is_refused_with_its_code(name: str) -> None:
    make, code = REFUSED[name]
    with pytest.raises(InputRefused) as caught:
        make()
    assert caught.value.code == code


def test_nothing_that_was_made_can_be_changed() -> None:
    with pytest.raises(AttributeError):
        contribution().text = "altra cosa"  # type: ignore[misc]
