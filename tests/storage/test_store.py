"""Opening a store: its lock, its version, its schema; and what search finds."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import MetaData

from pessdesk.domain.errors import StoreBusy, StoreUnusable
from pessdesk.domain.model import Contribution
from pessdesk.records.codec import to_content
from pessdesk.storage import schema
from pessdesk.storage.backups import Backups
from pessdesk.storage.engine import make_engine
from pessdesk.storage.store import DATABASE, open_store
from tests.storage.worlds import DEVICES, WORKSHOP, Laptop


def contributions(*texts: str) -> list:
    laptop = Laptop(DEVICES[0], 1)
    return [
        laptop.state(
            "contribution",
            f"01900000-0000-7000-9000-{number:012d}",
            to_content(Contribution(WORKSHOP, f"PESS-04-260312-7K-AB{number:03d}", text)),
        )
        for number, text in enumerate(texts, start=1)
    ]


def test_a_folder_without_a_store_is_not_made_into_one_by_looking(tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable) as refusal:
        open_store(tmp_path / "stick", write=False)
    assert refusal.value.code == "store-missing"
    assert not (tmp_path / "stick").exists()


def test_a_second_writer_is_refused_and_a_reader_is_not(tmp_path: Path) -> None:
    with open_store(tmp_path, write=True, create=True):
        with pytest.raises(StoreBusy):
            open_store(tmp_path, write=True)
        with open_store(tmp_path, write=False) as reader, reader.read() as unit:
            assert unit.counts()["contributions"] == 0


def test_a_newer_store_is_refused_by_its_version(tmp_path: Path) -> None:
    open_store(tmp_path, write=True, create=True).__exit__(None, None, None)
    with make_engine(tmp_path / DATABASE).connect() as connection, connection.begin():
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreUnusable) as refusal:
        open_store(tmp_path, write=True)
    assert (refusal.value.code, refusal.value.facts["version"]) == ("store-newer", "9999")


def test_a_damaged_store_is_said_to_be_damaged(tmp_path: Path) -> None:
    (tmp_path / DATABASE).write_bytes(b"This is no database, whatever its name says." * 100)
    with pytest.raises(StoreUnusable) as refusal:
        open_store(tmp_path, write=True)
    assert refusal.value.code == "store-damaged"


def test_migrations_make_the_tables_of_the_schema(tmp_path: Path) -> None:
    """Same columns, types, constraints and indexes, from the scripts and from `schema.py`."""
    open_store(tmp_path, write=True, create=True).__exit__(None, None, None)
    with (
        make_engine(tmp_path / DATABASE).connect() as migrated,
        make_engine(tmp_path / "other.db").connect() as modelled,
    ):
        schema.TRUTH.create_all(modelled)
        modelled.commit()
        found = [MetaData(), MetaData()]
        for metadata, connection in zip(found, (migrated, modelled), strict=True):
            metadata.reflect(connection)
        for name, table in found[1].tables.items():
            other = found[0].tables[name]
            assert [(c.name, str(c.type), c.nullable, c.primary_key) for c in table.columns] == [
                (c.name, str(c.type), c.nullable, c.primary_key) for c in other.columns
            ]
            assert {i.name for i in table.indexes} == {i.name for i in other.indexes}


def test_the_needed_migration_is_the_last_script() -> None:
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory(str(Path(schema.__file__).parent / "migrations"))
    assert scripts.get_current_head() == schema.HEAD


def test_a_failed_unit_of_work_leaves_nothing(tmp_path: Path) -> None:
    with open_store(tmp_path, write=True, create=True) as store:
        with pytest.raises(RuntimeError), store.write() as unit:
            unit.add(contributions("Transport"))
            raise RuntimeError
        with store.read() as unit:
            assert unit.counts()["revisions"] == 0


@pytest.mark.parametrize("words", ["collegi", "COL·LEGI", "col·legi", "colleg", "atenció collegi", "ATENCIO"])
def test_search_ignores_accents_case_and_middle_dots(tmp_path: Path, words: str) -> None:
    with open_store(tmp_path, write=True, create=True) as store:
        with store.write() as unit:
            unit.append_new(contributions("L'atenció del col·legi", "Una altra cosa"))
        with store.read() as unit:
            assert [row["text"] for row in unit.search(words, 10)] == ["L'atenció del col·legi"]


@pytest.mark.parametrize("words", ['" OR 1', "NEAR(", "*", "'; DROP TABLE revision; --", "", "   "])
def test_search_takes_anything_as_words(tmp_path: Path, words: str) -> None:
    with open_store(tmp_path, write=True, create=True) as store, store.read() as unit:
        assert unit.search(words, 10) == []


def test_an_edited_text_is_found_and_the_old_one_is_not(tmp_path: Path) -> None:
    first = contributions("Transport")[0]
    laptop = Laptop(DEVICES[1], 9)
    edited = laptop.state("contribution", first.record, {**first.content, "text": "Menjador"}, (first.id,))
    with open_store(tmp_path, write=True, create=True) as store:
        with store.write() as unit:
            unit.add([first, edited])
        with store.read() as unit:
            assert unit.search("transport", 10) == []
            assert [row["code"] for row in unit.search("menjador", 10)] == [first.content["code"]]


def test_a_child_before_its_parent_waits_and_then_does_not(tmp_path: Path) -> None:
    first = contributions("Transport")[0]
    edited = Laptop(DEVICES[1], 9).state(
        "contribution", first.record, {**first.content, "text": "Menjador"}, (first.id,)
    )
    with open_store(tmp_path, write=True, create=True) as store, store.write() as unit:
        unit.add([edited])
        assert unit.counts()["waiting"] == 1
        unit.add([first])
        assert unit.counts()["waiting"] == 0
        assert unit.clashes() == []


def test_a_changed_byte_in_a_revision_is_found(tmp_path: Path) -> None:
    with open_store(tmp_path, write=True, create=True) as store:
        with store.write() as unit:
            unit.append_new(contributions("Transport"))
        with make_engine(tmp_path / DATABASE).connect() as connection, connection.begin():
            connection.exec_driver_sql(
                "UPDATE revision SET data = CAST(replace(data, 'Transport', 'Transporx') AS BLOB)"
            )
        with store.read() as unit:
            assert [code for code, _ in unit.problems()] == ["check-revision"]


def test_a_backup_is_a_whole_store(tmp_path: Path) -> None:
    with open_store(tmp_path / "a", write=True, create=True) as store:
        with store.write() as unit:
            unit.append_new(contributions("Transport"))
            digest = unit.digest()
        (tmp_path / "b").mkdir()
        backup = Backups(tmp_path / "a", None).make()
    assert backup is not None
    backup.path.rename(tmp_path / "b" / DATABASE)
    with open_store(tmp_path / "b", write=False) as copy, copy.read() as unit:
        assert unit.digest() == digest


def test_nothing_is_acknowledged_into_a_file_that_was_deleted(tmp_path: Path) -> None:
    """Its connections would go on as if nothing had happened, until the last one takes everything with it."""
    with open_store(tmp_path, write=True, create=True, keep=True) as store:
        with store.write() as unit:
            unit.set_setting("word", "before")
        (tmp_path / "store.db").rename(tmp_path / "elsewhere.db")
        with pytest.raises(StoreUnusable) as refused, store.write() as unit:
            unit.set_setting("word", "after")
        assert refused.value.code == "store-gone"
        (tmp_path / "elsewhere.db").rename(tmp_path / "store.db")
        with store.write() as unit:
            unit.set_setting("word", "after")
