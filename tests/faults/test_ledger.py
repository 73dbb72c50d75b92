"""The page that a run writes: faults in order, sums, and what the layer caught apart from what was proven."""

from __future__ import annotations

from pathlib import Path

from tests.faults.ledger import Entry, Ledger, page, read


def test_the_page_tells_what_was_done_and_what_was_caught(tmp_path: Path) -> None:
    ledger = Ledger()
    ledger.enter(Entry(3, "t::cut", "power cut", repetitions=1000, acknowledged=2500))
    ledger.enter(Entry(1, "t::kill", "kill", repetitions=7, acknowledged=20))
    ledger.enter(Entry(1, "t::kill", "kill", repetitions=3, acknowledged=10))
    ledger.enter(Entry(3, "t::bites", "no sync at all", repetitions=60, caught=41))
    ledger.keep(tmp_path / "lines")
    told = page(read(tmp_path / "lines"), seed=1, seconds=600)
    assert "1\u202f010 injected faults, 2\u202f530 acknowledged acts looked for, **0 lost**" in told
    rows = [line for line in told.splitlines() if "`t::" in line]
    assert [row.split("`")[1] for row in rows] == ["t::kill", "t::cut", "t::bites"]
    assert rows[0].endswith("| 10 | 30 | 0 |") and rows[2].endswith("| 60 | 41 |")
