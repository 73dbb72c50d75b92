"""The disk after a power cut, on records of a few calls: what must be there, what may be, what cannot."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.powercut import CREATED, Call, Cut, Disk

ROOT = Path("/root")
STATES = 400


class Story:
    """Calls as the layer records them."""

    def __init__(self) -> None:
        self.calls: list[Call] = []

    def open(self, fd: int, name: str, *, new: bool = False) -> Story:
        return self._call("o", fd, CREATED if new else 0, name)

    def write(self, fd: int, at: int, data: bytes) -> Story:
        self.calls.append(Call("w", fd, at, data, b""))
        return self

    def sync(self, fd: int) -> Story:
        return self._call("s", fd)

    def rename(self, old: str, new: str) -> Story:
        return self._call("r", 0, 0, old, new)

    def folder(self, name: str) -> Story:
        return self._call("m", 0, 0, name)

    def unlink(self, name: str) -> Story:
        return self._call("u", 0, 0, name)

    def _call(self, kind: str, fd: int, at: int = 0, first: str = "", second: str = "") -> Story:
        one, other = (str(ROOT / name).encode() if name else b"" for name in (first, second))
        self.calls.append(Call(kind, fd, at, one, other))
        return self


@pytest.fixture
def before(tmp_path: Path) -> Path:
    folder = tmp_path / "before"
    folder.mkdir()
    (folder / "old").write_bytes(b"old")
    return folder


def disks(story: Story, before: Path) -> Iterator[dict[str, bytes]]:
    """Many disks that the story may leave."""
    for seed in range(STATES):
        disk = Disk(ROOT, before)
        for call in story.calls:
            disk.play(call)
        to = before.with_name(str(seed))
        Cut(random.Random(seed)).leave(disk, to)
        yield {str(path.relative_to(to)): path.read_bytes() for path in to.rglob("*") if path.is_file()}


def test_what_was_synced_under_a_synced_name_is_there_and_whole(before: Path) -> None:
    story = Story().open(3, "a.part", new=True).write(3, 0, b"whole").sync(3).rename("a.part", "a").open(4, "").sync(4)
    assert all(files == {"a": b"whole", "old": b"old"} for files in disks(story, before))


def test_a_name_that_was_not_synced_may_be_missing_but_its_file_is_whole(before: Path) -> None:
    story = Story().open(3, "a.part", new=True).write(3, 0, b"whole").sync(3).rename("a.part", "a")
    found = [files.get("a") for files in disks(story, before)]
    assert set(found) == {None, b"whole"}


def test_a_name_before_its_data_may_name_an_empty_or_a_torn_file(before: Path) -> None:
    data = bytes(range(256)) * 16
    story = Story().open(3, "a.part", new=True).write(3, 0, data).rename("a.part", "a").open(4, "").sync(4)
    found = {files["a"] for files in disks(story, before)}
    assert {b"", data, bytes(4096)} <= found
    assert any(0 < len(torn) < 4096 and data.startswith(torn) for torn in found)


def test_writes_may_come_in_any_order(before: Path) -> None:
    story = Story().open(3, "old").write(3, 0, b"1").write(3, 1, b"2")
    assert {files["old"] for files in disks(story, before)} >= {b"old", b"1ld", b"o2d", b"12d"}


def test_a_new_file_in_a_new_folder_is_gone_when_only_the_inner_folder_was_synced(before: Path) -> None:
    story = Story().folder("new").open(3, "new/a", new=True).write(3, 0, b"whole").sync(3).open(4, "new").sync(4)
    assert {files.get("new/a") for files in disks(story, before)} == {None, b"whole"}


def test_a_removal_that_was_synced_does_not_come_back(before: Path) -> None:
    story = Story().unlink("old").open(4, "").sync(4)
    assert all(files == {} for files in disks(story, before))


def test_one_name_after_the_other_is_never_both_gone(before: Path) -> None:
    story = Story().open(3, "b", new=True).write(3, 0, b"new").sync(3).open(4, "").sync(4).rename("b", "old")
    assert {(files.get("old"), files.get("b")) for files in disks(story, before)} == {(b"old", b"new"), (b"new", None)}
