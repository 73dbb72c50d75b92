"""The engine of units of work: pragmas, and transactions.

The driver opens no transaction by itself; `BEGIN` comes from SQLAlchemy's event, so that changes of tables are part of
it too.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool, SingletonThreadPool

from pessdesk.storage.driver import connect as connect_to


def make_engine(path: Path, *, keep: bool = False, key: bytes | None = None) -> Engine:
    """An engine on the store's file; every connection has WAL, synchronous=FULL and foreign keys, and is under `key`.

    With `keep` each thread keeps one connection open, for a program that stays (opening one costs more than a commit).
    """
    import sqlcipher3.dbapi2 as driver

    def connect() -> Any:
        connection = connect_to(path, key, any_thread=keep)
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA cache_size=-32768")
        cursor.execute("PRAGMA trusted_schema=OFF")
        cursor.close()
        return connection

    engine = create_engine(
        "sqlite://",
        module=driver,
        creator=connect,
        poolclass=SingletonThreadPool if keep else NullPool,
        hide_parameters=True,  # what people said, or who they are, stands in no report of a mistake of ours
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        mode = connection.get_execution_options().get("pessdesk_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")

    return engine
