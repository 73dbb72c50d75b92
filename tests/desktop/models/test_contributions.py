"""The list of contributions, watched by Qt's own tester while chance plays the user."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from pessdesk.application.screens import ContributionRow, NodeRow, Tree
from pessdesk.desktop.models.contributions import FRESH_ROLE, NONE, ROW_ROLE, ContributionModel, Counts, Filter
from pessdesk.desktop.models.lines import LineBook
from pessdesk.desktop.words import WORDS
from pessdesk.domain.text import plain_letters

TREE = Tree(
    "v1",
    tuple(
        NodeRow(id_, parent, kind, code, depth, {"ca": title}, {})
        for id_, parent, kind, code, depth, title in (
            ("P", "", "plan", "", 0, "El pla"),
            ("L1", "P", "lever", "1", 1, "Persones"),
            ("L1-1", "L1", "line", "1.1", 2, "Atenció a domicili"),
            ("L2", "P", "lever", "2", 1, "Territori"),
        )
    ),
)
TEXTS = ("Transport a demanda", "Que el col·legi obri", "<b>Falta</b> un telèfon", "l·l ŀl", "مرحبا", "")
RECORDS = [f"01900000-0000-7000-9000-{number:012d}" for number in range(12)]


def row(record: str, **more: Any) -> ContributionRow:
    number = int(record[-12:])
    made = ContributionRow(
        record=record, workshop="w", code=f"PESS-04-260312-7K-AB{number:03d}", kind="proposal", title="", text=TEXTS[0],
        group="", group_name="", lines=(), document="", language="", entity="", entity_name="", votes=0, withdrawn=False,
        attachments=0, clash=False,
    )  # fmt: skip
    return made._replace(**more)


ROWS = st.builds(
    row,
    st.sampled_from(RECORDS),
    text=st.sampled_from(TEXTS),
    title=st.sampled_from(("", "Títol")),
    kind=st.sampled_from(("proposal", "need", "question")),
    group=st.sampled_from(("", "t1", "t2")),
    lines=st.sampled_from(((), ("L1-1",), ("L1", "L2"), ("gone",), ("L1-1", "L1"))),
    entity_name=st.sampled_from(("", "Càritas")),
    votes=st.integers(0, 7),
    withdrawn=st.booleans(),
)
FILTERS = st.builds(
    Filter,
    group=st.sampled_from(("", "t1", NONE)),
    lever=st.sampled_from(("", "L1", NONE)),
    kind=st.sampled_from(("", "need")),
    words=st.sampled_from(("", "COL·LEGI", "transport dem", "ab003", "caritas", "no hi és", "  ")),
    withdrawn=st.booleans(),
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.lists(ROWS, max_size=4)),
        st.tuples(st.just("append"), st.lists(ROWS, max_size=6)),
        st.tuples(st.just("filter"), FILTERS),
        st.tuples(st.just("settle"), st.none()),
        st.tuples(st.just("start"), st.none()),
        st.tuples(st.just("book"), st.booleans()),
    ),
    max_size=14,
)


def naive_counts(model: ContributionModel, rows: dict[str, ContributionRow]) -> Counts:
    standing = [row for row in rows.values() if not row.withdrawn]
    return Counts(
        len(standing),
        Counter(row.group or NONE for row in standing),
        Counter(lever for row in standing for lever in ({model.book.lever(n) or NONE for n in row.lines} or {NONE})),
        Counter(row.kind for row in standing),
        len(rows) - len(standing),
    )


def naive_shown(model: ContributionModel, rows: dict[str, ContributionRow]) -> list[ContributionRow]:
    f = model.filter

    def fits(row: ContributionRow) -> bool:
        said = plain_letters(f"{row.title} {row.text} {row.entity_name} {row.short_code}")
        levers = {model.book.lever(line) or NONE for line in row.lines} or {NONE}
        return (
            row.withdrawn is f.withdrawn
            and (not f.group or (row.group or NONE) == f.group)
            and (not f.kind or row.kind == f.kind)
            and (not f.lever or f.lever in levers)
            and all(term in said for term in plain_letters(f.words).split())
        )

    return [rows[record] for record in sorted(rows, reverse=True) if fits(rows[record])]


@settings(max_examples=120)
@given(STEPS)
def test_whatever_happens_the_list_is_right(dressed: object, steps: list[tuple[str, Any]]) -> None:
    model = ContributionModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    rows: dict[str, ContributionRow] = {}
    model.start(LineBook(TREE))
    for verb, what in steps:
        if verb == "put":
            model.put(what, fresh=what[0].record if what else "")
            rows |= {row.record: row for row in what}
        elif verb == "append":
            page = list({row.record: row for row in what}.values())
            page.sort(key=lambda row: row.record, reverse=True)
            model.append(page)
            rows |= {row.record: row for row in page}
        elif verb == "filter":
            model.filter_by(what)
        elif verb == "settle":
            model.settle()
        elif verb == "start":
            model.start(LineBook(TREE))
            rows.clear()
        else:
            model.use_book(LineBook(TREE if what else Tree("", ())))
        assert list(model.rows) == [rows[record] for record in sorted(rows, reverse=True)], "newest first, each once"
        assert model.counts() == naive_counts(model, rows)
        shown = [model.data(model.index(place), ROW_ROLE) for place in range(model.rowCount())]
        assert shown == naive_shown(model, rows)
        for place, one in enumerate(shown):
            assert model.index_of(one.record).row() == place
            assert model.row_at(model.index(place)) == one and model.row_of(one.record) == one
    del tester


@given(st.lists(ROWS, max_size=8), st.lists(ROWS, max_size=8))
def test_what_is_put_twice_is_there_once(
    dressed: object, before: list[ContributionRow], rows: list[ContributionRow]
) -> None:
    model = ContributionModel()
    model.start(LineBook(TREE))
    model.put(before)
    model.put(rows)
    once, counts = list(model.rows), model.counts()
    model.put(rows)
    assert (list(model.rows), model.counts()) == (once, counts)


@pytest.fixture
def model(dressed: object) -> Iterator[ContributionModel]:
    made = ContributionModel()
    made.start(LineBook(TREE))
    yield made


@dataclass
class Told:
    """What the model told of itself."""

    model: ContributionModel
    moves: list[tuple[str, int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.model.rowsInserted.connect(lambda _, a, b: self.moves.append(("in", a, b)))
        self.model.rowsRemoved.connect(lambda _, a, b: self.moves.append(("out", a, b)))
        self.model.dataChanged.connect(lambda a, b, _: self.moves.append(("changed", a.row(), b.row())))
        self.model.modelReset.connect(lambda: self.moves.append(("reset", 0, 0)))


def test_what_comes_in_moves_nothing_else(model: ContributionModel) -> None:
    """What a person looks at stays under the eyes: a row is put in, taken out or changed, the list is not filled anew."""
    model.append([row(record) for record in RECORDS[5:0:-1]])
    told = Told(model)
    kept = QPersistentModelIndex(model.index_of(RECORDS[3]))
    model.put([row(RECORDS[9])])
    model.put([row(RECORDS[2], text="Una altra cosa")])
    model.put([row(RECORDS[4], withdrawn=True)])
    assert told.moves == [("in", 0, 0), ("changed", 4, 4), ("out", 2, 2)]
    assert kept.isValid() and kept.data(ROW_ROLE).record == RECORDS[3]


def test_a_page_that_overlaps_counts_nothing_twice(model: ContributionModel) -> None:
    """An old contribution changed while pages were still being turned: it comes by itself, and with its page again."""
    model.append([row(record) for record in RECORDS[9:6:-1]])
    model.put([row(RECORDS[2], text="canviada")])
    model.append([row(record, text="canviada" if record == RECORDS[2] else "x") for record in RECORDS[6::-1]])
    assert [one.record for one in model.rows] == RECORDS[9::-1]
    assert model.counts().all == 10


def test_what_is_fresh_glows_until_it_is_settled(model: ContributionModel) -> None:
    model.put([row(RECORDS[1])])
    told = Told(model)
    model.put([row(RECORDS[2])], fresh=RECORDS[2])
    assert [model.data(model.index(n), FRESH_ROLE) for n in range(2)] == [True, False]
    model.settle()
    assert [model.data(model.index(n), FRESH_ROLE) for n in range(2)] == [False, False]
    assert told.moves[-1] == ("changed", 0, 0)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "ca",
            "AB003, Necessitat, retirada, 1.1 Atenció a domicili, Taula Valls, 2 punts, canviada en dos portàtils: Hola",
        ),
        (
            "en",
            "AB003, Need, it was withdrawn, 1.1 Atenció a domicili, Table Valls, 2 dots, changed on two laptops: Hola",
        ),
    ],
)
def test_a_row_says_everything_to_a_screen_reader(model: ContributionModel, language: str, words: str) -> None:
    WORDS.use(language)
    model.filter_by(Filter(withdrawn=True))
    model.put(
        [row(RECORDS[3], kind="need", withdrawn=True, lines=("L1-1",), group="t", group_name="Valls", votes=2, clash=True,
             text="Hola")]
    )  # fmt: skip
    said = model.data(model.index(0), Qt.ItemDataRole.AccessibleTextRole)
    assert said == words


def test_rows_that_are_not_there(model: ContributionModel) -> None:
    model.put([row(RECORDS[0])])
    for index in (QModelIndex(), model.index(5)):
        assert model.row_at(index) is None
        assert model.data(index) is None
    assert not model.index_of("nobody").isValid() and model.row_of("nobody") is None
    assert model.rowCount(model.index(0)) == 0, "a list has no branches"


def test_search_follows_what_a_row_says_now(model: ContributionModel) -> None:
    model.filter_by(Filter(words="telefon"))
    model.put([row(RECORDS[0], text="Falta un telèfon")])
    assert model.rowCount() == 1
    model.put([row(RECORDS[0], text="Falta un fax")])
    assert model.rowCount() == 0
    model.put([row(RECORDS[0], text="Falta un fax", entity_name="Telefònica")])
    assert model.rowCount() == 1


def test_what_was_erased_is_neither_shown_nor_counted_nor_found() -> None:
    rows = [row(record, text=f"text {record}") for record in RECORDS[:5]]
    model = ContributionModel()
    model.put(rows)
    model.filter_by(Filter(words="text"))
    model.forget([rows[1].record, rows[4].record, "unknown"])
    left = {rows[number].record for number in (0, 2, 3)}
    assert {one.record for one in model.rows} == left
    assert {model.data(model.index(place), ROW_ROLE).record for place in range(model.rowCount())} == left
    assert model.counts().all == 3 and not model.index_of(rows[1].record).isValid()
