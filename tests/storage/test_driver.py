"""A look at how a database begins costs nobody its locks."""

from __future__ import annotations

import os
import sys
from contextlib import closing
from pathlib import Path

import pytest

from pessdesk.bootstrap import Program
from pessdesk.storage.driver import DATABASE, PLAIN, connect, head, is_plain
from pessdesk.storage.store import open_store


def locks_on(path: Path) -> int:
    """How many POSIX locks this process holds on a file, as the kernel tells."""
    status = path.stat()
    place = f"{os.major(status.st_dev):02x}:{os.minor(status.st_dev):02x}:{status.st_ino}"
    lines = [line.split() for line in Path("/proc/locks").read_text("ascii").splitlines()]
    return sum("POSIX" in line and line[4] == str(os.getpid()) and line[5] == place for line in lines)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells which locks a process holds")
def test_asking_whether_a_store_is_protected_leaves_its_locks(tmp_path: Path) -> None:
    with open_store(tmp_path, write=True, create=True, keep=True) as store:
        with store.read() as unit:
            unit.setting("device")
        held = locks_on(tmp_path / DATABASE)
        if not held:
            pytest.skip("this kernel does not tell which locks a process holds")
        for _ in range(3):
            assert not Program().protection(tmp_path).protected
            assert is_plain(tmp_path / DATABASE)
        assert locks_on(tmp_path / DATABASE) == held


def test_a_file_in_anothers_place_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "one.db"
    connect(path).execute("CREATE TABLE one (two)").connection.close()
    assert head(path) == PLAIN
    (tmp_path / "other").write_bytes(b"salt" * 8)
    (tmp_path / "other").replace(path)
    assert head(path) == b"salt" * 4
    assert not is_plain(path)
    path.unlink()
    with pytest.raises(FileNotFoundError):
        head(path)


def test_a_wrong_key_is_said_by_the_one_who_asked(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """SQLCipher has a log of its own for the terminal; a person reads one sentence."""
    path = tmp_path / "one.db"
    with closing(connect(path, b"k" * 32)) as connection:
        connection.execute("CREATE TABLE one (two)")
    with closing(connect(path, b"x" * 32)) as connection, pytest.raises(Exception, match="not a database"):
        connection.execute("SELECT * FROM one")
    assert capfd.readouterr() == ("", "")
