"""What the set-up needs from the system is installed where that needs no question, and named elsewhere."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "packaging" / "setup-system.sh"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the libraries of Linux")


@pytest.fixture
def machine(tmp_path: Path) -> dict[str, str]:
    """Somebody without root, on a machine whose linker knows no more than C's own library."""
    for name, says in (("id", "1000"), ("ldconfig", "\tlibc.so.6 (libc6,x86-64) => /lib/libc.so.6")):
        tool = tmp_path / name
        tool.write_text(f"#!/bin/sh\necho '{says}'\n", encoding="utf-8")
        tool.chmod(0o755)
    return {"PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHON": sys.executable}


def run(env: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["sh", SCRIPT, *words], env=env, capture_output=True, text=True, check=False, timeout=60)


def test_what_is_missing_is_named_to_those_who_may_not_install(machine: dict[str, str]) -> None:
    done = run(machine)
    assert (done.returncode, done.stdout) == (1, "")
    assert {"libegl1", "libgl1", "libdbus-1-3", "libfontconfig1"} <= set(done.stderr.split())
    assert "libxcb-cursor0" not in done.stderr
    assert "sudo apt-get install" in done.stderr


def test_a_display_needs_more(machine: dict[str, str]) -> None:
    done = run(machine, "display")
    assert done.returncode == 1
    assert {"libegl1", "libxcb-cursor0", "libxkbcommon-x11-0"} <= set(done.stderr.split())


def test_nothing_is_missing_as_far_as_anybody_knows(machine: dict[str, str], tmp_path: Path) -> None:
    """A system whose linker does not say what it finds is not refused."""
    (tmp_path / "ldconfig").write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    done = run(machine)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip() == sys.executable


def test_another_word_is_refused(machine: dict[str, str]) -> None:
    assert run(machine, "dance").returncode == 2
