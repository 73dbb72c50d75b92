"""A revision is its bytes: what is written reads back the same, what is off is refused with a code."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from pessdesk.domain.errors import InputRefused
from pessdesk.domain.model import (
    KINDS,
    BaseDocument,
    Contribution,
    Erasure,
    Node,
    Programme,
    Tally,
    Value,
    Workshop,
)
from pessdesk.records import canonical
from pessdesk.records.codec import from_content, to_content
from pessdesk.records.envelope import MAX_LINE, Revision, make_revision, read_revision, trusted_revision

ID = "01912d68-783e-7a03-8467-00000000000{}"
CODE = "PESS-04-260312-7K"
VALUES: list[Value] = [
    Workshop(programme="", code=CODE, title="Sessió", date="2026-03-12", comarca="04"),
    Workshop(programme=ID.format(1), code=CODE, title="S", date="2026-03-12", comarca="04", planned=True),
    Contribution(workshop=ID.format(1), code=f"{CODE}-AB001", text="Més  hort\nal pati", lines=("L1", "L1.2")),
    Tally(workshop=ID.format(1), subject=ID.format(2), measure="votes", value=0),
    Programme(code="P", title={"ca": "Pla", "es": "Plan"}, version="1", document=ID.format(3)),
    BaseDocument(
        document="d",
        version="1",
        title={"ca": "D"},
        nodes=(
            Node(id="L1", kind="lever", title={"ca": "U"}),
            Node(id="L2", kind="line", title={"ca": "D"}, parent="L1"),
        ),
    ),
    Erasure(records=(ID.format(1),), reason="ho ha demanat"),
]


def made(**changes: Any) -> Revision:
    fields: dict[str, Any] = {
        "kind": "contribution",
        "record": ID.format(2),
        "parents": (),
        "device": "a" * 64,
        "epoch": 1,
        "counter": 1,
        "hlc": "0" * 16,
        "actor": ID.format(9),
        "content": to_content(VALUES[2]),
    }
    return make_revision(**(fields | changes))


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value.KIND)
def test_a_value_comes_back_from_its_content(value: Value) -> None:
    content = canonical.decode(canonical.encode(to_content(value)))
    assert from_content(value.KIND, content) == value


def test_what_is_empty_is_left_out_so_that_later_fields_change_no_bytes() -> None:
    content = to_content(VALUES[2])
    assert set(content) == {"workshop", "code", "text", "kind", "lines"}
    assert to_content(VALUES[3])["value"] == 0


def test_content_of_another_shape_is_refused() -> None:
    good = to_content(VALUES[3])
    for bad in (
        good | {"value": "3"},
        good | {"value": True},
        {k: v for k, v in good.items() if k != "value"},
    ):
        with pytest.raises(InputRefused) as caught:
            from_content("tally", bad)
        assert caught.value.code == "content-shape"
    with pytest.raises(InputRefused) as caught:
        from_content("tally", good | {"value": -1})
    assert caught.value.code == "number-out-of-range"


def test_a_kind_from_a_newer_program_is_kept_without_judging_it() -> None:
    assert "weather" not in KINDS
    revision = made(kind="weather", content={"rain": True, "mm": 12})
    assert read_revision(revision.data) == revision


def test_a_revision_reads_back_as_it_was_made() -> None:
    revision = made(parents=("b" * 64, "a" * 64, "b" * 64))
    assert revision.parents == ("a" * 64, "b" * 64)
    assert revision.id == hashlib.sha256(revision.data).hexdigest()
    assert read_revision(revision.data) == revision
    assert trusted_revision(revision.data) == revision


def test_unknown_fields_of_the_envelope_survive_in_its_bytes() -> None:
    envelope = json.loads(made().data) | {"zeta": [1], "salt": "0" * 32}
    data = canonical.encode(envelope)
    assert read_revision(data).data == data


def test_what_is_of_a_person_is_salted_so_that_its_digest_tells_nothing() -> None:
    content = {"workshop": ID.format(1), "name": "Iu Soler"}
    one, other = (made(kind="person", content=content, salt=salt * 32) for salt in "58")
    assert one.id != other.id and read_revision(one.data) == one
    with pytest.raises(InputRefused) as caught:
        read_revision(made(kind="person", content=content).data)
    assert (caught.value.code, caught.value.facts["field"]) == ("revision-shape", "salt")


def test_the_workshop_of_a_revision() -> None:
    assert made().workshop == ID.format(1)
    assert made(kind="workshop", record=ID.format(1), content=to_content(VALUES[0])).workshop == ID.format(1)
    assert made(kind="programme", content=to_content(VALUES[4])).workshop == ""


SHAPES: dict[str, dict[str, Any]] = {
    "record not of version 7": {"record": ID.format(2).replace("-7a03-", "-4a03-")},
    "record upper case": {"record": ID.format(2).upper()},
    "record a path": {"record": "../../etc/passwd"},
    "record with a line feed": {"record": ID.format(2) + "\n"},
    "device short": {"device": "a" * 63},
    "device a number": {"device": 1},
    "clock not hex": {"hlc": "x" * 16},
    "actor a name": {"actor": "Maria"},
    "kind in capitals": {"kind": "Contribution"},
    "parents a text": {"parents": "a" * 64},
    "parents out of order": {"parents": ["b" * 64, "a" * 64]},
    "parent twice": {"parents": ["a" * 64, "a" * 64]},
    "epoch zero": {"epoch": 0},
    "counter a truth": {"counter": True},
    "content a list": {"content": []},
    "salt short": {"salt": "00"},
    "version a text": {"v": "1"},
    "version zero": {"v": 0},
}


@pytest.mark.parametrize("name", SHAPES)
def test_an_envelope_of_another_shape_is_refused(name: str) -> None:
    with pytest.raises(InputRefused) as caught:
        read_revision(canonical.encode(json.loads(made().data) | SHAPES[name]))
    assert (caught.value.code, caught.value.facts["field"]) == ("revision-shape", next(iter(SHAPES[name])))


@pytest.mark.parametrize(
    "field", ["actor", "content", "counter", "device", "epoch", "hlc", "kind", "parents", "record", "v"]
)
def test_no_field_may_be_missing(field: str) -> None:
    envelope = json.loads(made().data)
    del envelope[field]
    with pytest.raises(InputRefused) as caught:
        read_revision(canonical.encode(envelope))
    assert (caught.value.code, caught.value.facts["field"]) == ("revision-shape", field)


def test_a_newer_envelope_names_the_version_it_needs() -> None:
    with pytest.raises(InputRefused) as caught:
        read_revision(canonical.encode(json.loads(made().data) | {"v": 2}))
    assert (caught.value.code, caught.value.facts["version"]) == ("revision-version", 2)


def test_bytes_that_are_no_canonical_json_are_refused() -> None:
    data = made().data
    for bad in (b"", b"[]", b"null", data + b"\n", data.replace(b":1,", b": 1,", 1), data[:-1], data + data):
        with pytest.raises(InputRefused) as caught:
            read_revision(bad)
        assert caught.value.code in ("revision-json", "revision-shape")
    with pytest.raises(InputRefused) as caught:
        read_revision(b" " * (MAX_LINE + 1))
    assert caught.value.code == "revision-too-long"
