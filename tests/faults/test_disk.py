"""Faults 4 and 9: the disk is full, reports an error, or cannot be written, at each call of each act."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.faults.conftest import TORTURE
from tests.faults.failing import ACTS, TROUBLES
from tests.faults.ground import Ground
from tests.faults.shim import run_under

UNCLEAR = {"folder-read-only", "disk-trouble"}
"""What SQLite says when it cannot make its log: the layer's full disk has room by its figures (tests/storage/test_troubles.py)."""
CODES = {
    "disk full": {"disk-full"}, "error on writing": {"disk-trouble"}, "error on fsync": {"disk-trouble"},
    "read-only": {"folder-read-only", "disk-trouble"},
}  # fmt: skip
READ_ONLY = ("autosave", "file", "import", "opening")
"""A stick that becomes read-only while a bundle is on it keeps that bundle: exporting is not among them."""
PAIRS = [(act, trouble) for trouble in TROUBLES for act in ACTS if trouble != "read-only" or act in READ_ONLY]


@pytest.fixture
def fail(layer: Path, ground: Ground, scratch: Path) -> Callable[[str, str], list[dict[str, Any]]]:
    """An act done again and again, each time with the next of its calls failing (`tests.faults.failing`)."""

    def every_call(act: str, trouble: str) -> list[dict[str, Any]]:
        root = scratch / "failing"
        root.mkdir()
        words = (f"{act}, {trouble}", str(root), str(ground.folder), "1" if TORTURE else "9")
        said = run_under(layer, root, None, "tests.faults.failing", *words)
        shutil.rmtree(root)
        return [json.loads(line) for line in said.splitlines()]

    return every_call


@pytest.mark.parametrize(("act", "trouble"), PAIRS, ids=lambda value: value.replace(" ", "-"))
def test_what_fails_is_said_what_was_there_stays_and_the_same_again_succeeds(
    act: str, trouble: str, fail: Callable[[str, str], list[dict[str, Any]]], ledger: Callable[..., None]
) -> None:
    """Refused with a code that has a sentence; a start would find what was there before; the next try works."""
    refusals = fail(act, trouble)
    assert refusals, "no call failed"
    lost = [refusal for refusal in refusals if refusal["lost"]]
    allowed = CODES[trouble] | (UNCLEAR if act in ("opening", "closing") else set())
    # "" is what was done all the same: only something that can be missing failed, such as the removal of a temporary file
    codes = {refusal["code"] for refusal in refusals if refusal["code"]}
    assert codes and codes <= allowed
    ledger(
        9 if trouble == "read-only" else 4, f"{trouble}, at every call of: {act}",
        repetitions=len(refusals), acknowledged=len(refusals) * len(ACTS[act][0]), lost=len(lost),
    )  # fmt: skip
    assert not lost, lost[:2]
