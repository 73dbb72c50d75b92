"""Faults 10 and 11: every kept store comes up with all that it holds, killed at each statement or not; a newer one is refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pessdesk.bootstrap import Program
from pessdesk.storage import schema
from pessdesk.storage.driver import DATABASE, connect
from tests.cli.conftest import run
from tests.faults.acts import STORE, Lost, Start, live
from tests.faults.conftest import STRIDE
from tests.faults.crowd import Crowd
from tests.faults.kills import NEVER, Kill, Killed, run_and_kill
from tests.faults.shown import differences, shown

KEPT = sorted(path.parent for path in (Path(__file__).parents[1] / "data" / "stores").glob("*/store.db"))
OLDER = [store for store in KEPT if store.name < schema.HEAD]


@dataclass(frozen=True)
class Kept:
    """A kept store: its folder, of which copies alone are opened, and what such a copy holds."""

    folder: Path
    content: dict[str, list[Any]]
    tables: list[str]

    @property
    def version(self) -> str:
        return self.folder.name

    def copy(self, to: Path) -> Path:
        return Path(shutil.copytree(self.folder, to))

    def differences(self, folder: Path) -> list[str]:
        """What the screens showed when it was kept, and do not show of `folder`."""
        then = json.loads((self.folder / "shown.json").read_text(encoding="utf-8"))
        return list(differences(then, json.loads(json.dumps(shown(folder)))))


@pytest.fixture(params=KEPT, ids=lambda store: store.name)
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Kept:
    return look_into(request.param, tmp_path / "looked-into")


def look_into(store: Path, scratch: Path) -> Kept:
    database = shutil.copytree(store, scratch) / DATABASE
    return Kept(store, content(database), tables(database))


def content(database: Path) -> dict[str, list[Any]]:
    """What no migration may change, read without the program: revisions, and the settings that are somebody's."""
    with closing(connect(database)) as connection:
        return {
            "revisions": connection.execute("SELECT id, data FROM revision ORDER BY id").fetchall(),
            "settings": connection.execute(
                "SELECT * FROM setting WHERE key NOT IN ('projections', 'tide') ORDER BY 1"
            ).fetchall(),
            "bundles": connection.execute("SELECT * FROM bundle ORDER BY content_id").fetchall(),
            "rows": connection.execute("SELECT * FROM recorded_row ORDER BY workshop, key").fetchall(),
        }


def version(database: Path) -> str:
    with closing(connect(database)) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def tables(database: Path) -> list[str]:
    with closing(connect(database)) as connection:
        return [row[0] for row in connection.execute("SELECT name FROM sqlite_schema ORDER BY name")]


def digest(folder: Path) -> str:
    with Program().desk(folder, write=True) as desk, desk.store.write() as unit:
        if problems := list(unit.problems()):
            raise Lost(f"{problems}")
        found = unit.digest()
        unit.rebuild()
        assert unit.digest() == found
        return found


def test_a_store_of_each_version_comes_up_with_all_that_it_holds(kept: Kept, tmp_path: Path) -> None:
    folder = kept.copy(tmp_path / STORE)
    digest(folder)
    assert content(folder / DATABASE) == kept.content
    assert version(folder / DATABASE) == schema.HEAD


def test_the_screens_show_what_they_showed_then(kept: Kept, tmp_path: Path) -> None:
    """`shown.json` is what the program of that time answered."""
    folder = kept.copy(tmp_path / STORE)
    digest(folder)
    assert kept.differences(folder) == []


def test_projections_made_anew_show_the_same(kept: Kept, tmp_path: Path) -> None:
    folder = kept.copy(tmp_path / STORE)
    with Program().desk(folder, write=True):
        before = shown(folder)
    digest(folder)
    assert shown(folder) == before


def killed_migration(task: tuple[Kept, Path, Kill]) -> Killed:
    """Open an old store, be killed on the way, look at what lies there, and open it again."""
    kept, where, kill = task
    root = where / f"{kill.statement}-{kill.file}"
    folder = kept.copy(root / STORE)
    try:
        killed = run_and_kill(lambda acknowledge: live(root, [Start()], acknowledge), kill)
        now = version(folder / DATABASE)
        if content(folder / DATABASE) != kept.content or now not in (kept.version, schema.HEAD):
            raise Lost("neither the old store nor the new one")
        if now == kept.version and tables(folder / DATABASE) != kept.tables:
            raise Lost("between the old store and the new one")
        if now == schema.HEAD and not any(_is_backup(path, kept) for path in folder.rglob("*.db")):
            raise Lost("migrated without a backup")
        digest(folder)
        if content(folder / DATABASE) != kept.content:
            raise Lost("the next start changed what it found")
        if wrong := kept.differences(folder):
            raise Lost(f"the screens show something else: {wrong[:3]}")
    finally:
        shutil.rmtree(root)
    return killed


def _is_backup(path: Path, kept: Kept) -> bool:
    return path.name != DATABASE and version(path) == kept.version and content(path) == kept.content


@pytest.mark.parametrize("store", OLDER, ids=lambda store: store.name)
def test_a_migration_killed_at_any_statement_leaves_the_old_store_or_the_new(
    store: Path, crowd: Crowd, scratch: Path, ledger: Callable[..., None]
) -> None:
    kept = look_into(store, scratch / f"kept-{store.name}")
    whole = killed_migration((kept, scratch / f"whole-{store.name}", NEVER))
    moments = [Kill(statement=number) for number in range(1, whole.statements + 1, STRIDE)]
    moments += [Kill(file=number) for number in range(1, whole.files + 1, STRIDE)]
    tasks = [(kept, scratch / f"migration-{store.name}", moment) for moment in moments]
    killed = [one for one in crowd.map(killed_migration, tasks, f"migration of {store.name}") if not one.ended]
    assert len(killed) > len(tasks) * 0.9
    ledger(
        11, f"SIGKILL before every statement and every file of the migration from {store.name} to {schema.HEAD}",
        repetitions=len(killed), acknowledged=len(killed) * len(kept.content["revisions"]),
    )  # fmt: skip


def test_a_store_of_a_newer_program_is_refused_by_its_version_and_left_as_it_is(
    tmp_path: Path, ledger: Callable[..., None]
) -> None:
    folder = Path(shutil.copytree(KEPT[-1], tmp_path / STORE))
    with closing(connect(folder / DATABASE)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = content(folder / DATABASE)
    new = ("workshop", "new", "--title", "T", "--date", "2026-03-12", "--comarca", "04")
    for words in (("stats",), ("check",), ("workshop", "list"), new):
        ran = run(*words, home=folder)
        assert (ran.code, ran.trouble["error"]) == (9, "store-newer")
        assert "9999" in run(*words, home=folder, json_lines=False).err
    assert Program().reading(folder) is None
    assert (content(folder / DATABASE), version(folder / DATABASE)) == (before, "9999")
    ledger(10, "opened by commands and by the screens: refused by its version, nothing changed", repetitions=9)
