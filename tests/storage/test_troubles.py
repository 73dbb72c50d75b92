"""What SQLite says, as one of a few things that a person can mend."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from pessdesk.storage.troubles import trouble


@pytest.mark.parametrize("said", ["unable to open database file", "disk I/O error"])
@pytest.mark.parametrize(("free", "full"), [(0, True), (10 * 1024**2, False)])
def test_what_sqlite_leaves_unclear_is_a_full_disk_where_there_is_no_room(
    said: str, free: int, full: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free, total=1024**3))
    found = trouble(said, tmp_path)
    assert found is not None
    assert (found.code == "disk-full") is full


def test_a_folder_that_is_gone_is_not_a_full_disk(tmp_path: Path) -> None:
    found = trouble("unable to open database file", tmp_path / "gone")
    assert found is not None and found.code == "folder-read-only"


@pytest.mark.parametrize(
    "said", ["parse error in \"tokenize-'x'\"", "no such tokenizer: unicodf61", "database disk image is malformed"]
)
def test_what_only_flipped_bytes_can_cause_is_damage(said: str, tmp_path: Path) -> None:
    found = trouble(said, tmp_path)
    assert found is not None and found.code == "store-damaged"


def test_what_only_a_mistake_of_ours_can_cause_is_not_made_kind(tmp_path: Path) -> None:
    assert trouble("near SELEC: syntax error", tmp_path) is None
