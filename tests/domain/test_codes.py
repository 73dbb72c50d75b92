"""Codes that people read aloud: of one form, stable, and without letters that handwriting confuses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pessdesk.domain.codes import (
    check_contribution_code,
    check_date,
    check_workshop_code,
    contribution_code,
    laptop_mark,
    mark_of,
    workshop_code,
)
from pessdesk.domain.errors import InputRefused

RECORDS = st.uuids(version=4).map(str)
DEVICES = st.text("0123456789abcdef", min_size=64, max_size=64)


@given(RECORDS, DEVICES, st.integers(1, 99_999))
def test_every_code_that_is_made_is_a_code(record: str, device: str, number: int) -> None:
    workshop = check_workshop_code(workshop_code("04", "2026-03-12", record))
    mark = laptop_mark(device)
    code = check_contribution_code(contribution_code(workshop, mark, number))
    assert workshop.startswith("PESS-04-260312-")
    assert mark_of(code) == mark
    assert not set(workshop[-2:] + mark) & set("01OIL" if mark.isalpha() else "")


@given(DEVICES)
def test_a_mark_that_is_taken_grows(device: str) -> None:
    short = laptop_mark(device)
    longer = laptop_mark(device, [short])
    assert (len(short), len(longer)) == (2, 3)
    assert longer.startswith(short)
    assert len(laptop_mark(device, [short, longer])) == 4


def test_the_first_contribution_has_three_digits_and_the_thousandth_four() -> None:
    assert contribution_code("PESS-04-260312-7K", "AB", 1) == "PESS-04-260312-7K-AB001"
    assert contribution_code("PESS-04-260312-7K", "AB", 1000) == "PESS-04-260312-7K-AB1000"


@pytest.mark.parametrize(
    "value", ["", "2026-3-12", "12/03/2026", "2026-02-30", "20260312", "2026-13-01", "2026-03-12\n", "avui"]
)
def test_what_is_no_date_is_refused(value: str) -> None:
    with pytest.raises(InputRefused) as caught:
        check_date(value, "date")
    assert (caught.value.code, caught.value.facts["field"]) == ("date-wrong", "date")


def test_a_leap_day_is_a_date() -> None:
    assert check_date("2028-02-29", "date") == "2028-02-29"


@pytest.mark.parametrize(
    "value",
    [
        "",
        "PESS",
        "PESS-4-260312-7K",
        "pess-04-260312-7k",
        "PESS-04-260312-7K\n",
        "PESS-04-260312-7K-",
        "=1+1",
    ],
)
def test_what_is_no_code_is_refused(value: str) -> None:
    for check in (check_workshop_code, check_contribution_code):
        with pytest.raises(InputRefused) as caught:
            check(value)
        assert caught.value.code == "code-wrong"
