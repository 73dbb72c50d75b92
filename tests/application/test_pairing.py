"""Trusting a laptop by its card: what was typed against the fingerprint, and the act that remains."""

from __future__ import annotations

from pathlib import Path

import pytest

from pessdesk.application.pairing import hold_against, trust
from pessdesk.application.ports import Desk
from pessdesk.bootstrap import Program

FINGERPRINT = "A9DF6 6672D 78D27 98520"


@pytest.mark.parametrize(
    ("typed", "groups", "differs"),
    [
        ("", 0, False),
        ("A9DF", 0, False),
        ("A9DF6", 1, False),
        ("a9df6", 1, False),
        ("A9DF6-6672D", 2, False),
        (" a9 df6 66-72d 78d2 ", 2, False),
        (FINGERPRINT, 4, False),
        (FINGERPRINT.lower().replace(" ", ""), 4, False),
        ("A9DF7", 0, True),
        ("A9DF6 6672E", 0, True),
        (FINGERPRINT + "0", 0, True),
        ("6672D", 0, True),
        ("Solsona", 0, True),
    ],
)
def test_what_is_typed_fits_from_the_first_group_on(typed: str, groups: int, differs: bool) -> None:
    heard = hold_against(FINGERPRINT, typed)
    assert (heard.groups, heard.of, heard.differs) == (groups, 4, differs)
    assert heard.whole == (groups == 4)


def test_trust_is_an_act_and_twice_is_once(desk: Desk, tmp_path: Path) -> None:
    program = Program()
    with program.desk(tmp_path / "other", write=True, create=True, label="Solsona"):
        pass
    card = program.own_card(tmp_path / "other")
    assert trust(desk, [card]) == [True]
    assert card.device in desk.bundles.trusted()
    assert trust(desk, [card]) == [False]
    with desk.store.read() as unit:
        acts = [(row["action"], card.device in row["subjects"]) for row in unit.acts()]  # type: ignore[attr-defined]
    assert acts == [("card-trusted", True)]
