"""The disk as it may be after a power cut at any point of a record that shim.c made.

What a process wrote is *waiting* until it is synced, and what waits may have reached the disk or not, each piece for itself,
in any order, torn at a sector, or only as a file that has grown by zeros. That holds for data (until the file's fsync) and
for names (until the fsync of their folder; a rename is whole or not at all). So the disk here is stricter than any
file system in use: ext4, for one, brings names along with the data of any fsync, and in their order.

After ALICE (Pillai et al., OSDI 2014) and CrashMonkey (Mohan et al., OSDI 2018), which look for the same in other programs.
"""

from __future__ import annotations

import random
import shutil
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from pessdesk.domain.errors import PessError
from tests.faults.acts import Act, Lost, check
from tests.faults.ground import Ground

T = TypeVar("T")
HEAD = struct.Struct("<ciqII")
CREATED, EMPTIED = 1, 2
SECTORS = (512, 4096)
MARKS = "marks"
"""The file into which the recorded process writes a byte after each act: its acknowledgements, in the record's order."""
REMADE = "-shm"
"""SQLite's index of its log is mapped into memory, and made anew after a crash."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the record: its kind (a letter of shim.c), file descriptor, place, and the path or the data."""

    kind: str
    fd: int
    at: int
    first: bytes
    second: bytes


@lru_cache(maxsize=4)
def calls_of(journal: Path) -> list[Call]:
    return list(_read(journal.read_bytes()))


def _read(data: bytes) -> Iterator[Call]:
    at = 0
    while at < len(data):
        kind, fd, place, first, second = HEAD.unpack_from(data, at)
        middle = at + HEAD.size + first
        yield Call(kind.decode(), fd, place, data[middle - first : middle], data[middle : middle + second])
        at = middle + second


@dataclass(frozen=True, slots=True)
class Piece:
    """Data that waits: bytes at a place, or (`data` None) a new length."""

    at: int
    data: bytes | None

    def onto(self, there: bytearray) -> None:
        if self.data is None:
            there[self.at :] = bytes(max(0, self.at - len(there)))
            return
        there.extend(bytes(max(0, self.at - len(there))))
        there[self.at : self.at + len(self.data)] = self.data


@dataclass(eq=False, slots=True)
class File:
    safe: bytearray = field(default_factory=bytearray)
    waiting: list[Piece] = field(default_factory=list)

    def sync(self) -> None:
        for piece in self.waiting:
            piece.onto(self.safe)
        self.waiting.clear()


@dataclass(eq=False, slots=True)
class Folder:
    """`now` is what the process sees, `safe` what the disk has."""

    now: dict[str, File | Folder] = field(default_factory=dict)
    safe: dict[str, File | Folder] = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class Renaming:
    """Names that wait, and change together or not at all: (folder, name, what it names or None)."""

    names: list[tuple[Folder, str, File | Folder | None]]

    def touches(self, folder: Folder) -> bool:
        return any(one is folder for one, _, _ in self.names)

    def apply(self) -> None:
        for folder, name, node in self.names:
            if node is None:
                folder.safe.pop(name, None)
            else:
                folder.safe[name] = node


class Disk:
    """What a record leads to, call by call."""

    def __init__(self, root: Path, before: Path) -> None:
        """`root` is the folder that was watched, `before` a copy of it as it was: that is safe."""
        self._root = str(root)
        self.top = _load(before)
        self.waiting: list[Renaming] = []
        self.acknowledged = 0
        self._open: dict[int, File | Folder] = {}

    def play(self, call: Call) -> None:
        match call.kind:
            case "o":
                self._opened(call)
            case "c":
                self._open.pop(call.fd, None)
            case "w" | "t":
                self._written(call)
            case "s":
                self._synced(self._open.get(call.fd))
            case "m":
                self._name(call.first, Folder())
            case "u":
                self._name(call.first, None)
            case "r":
                self._moved(call.first, call.second, gone=True)
            case "l":
                self._moved(call.first, call.second, gone=False)

    def _opened(self, call: Call) -> None:
        if call.at & CREATED:
            self._name(call.first, File())
        node = self._find(call.first)
        if node is not None:
            self._open[call.fd] = node
        if isinstance(node, File) and call.at & EMPTIED:
            node.waiting.append(Piece(0, None))

    def _written(self, call: Call) -> None:
        node = self._open.get(call.fd)
        if isinstance(node, File):
            if self.top.now.get(MARKS) is node:
                self.acknowledged += len(call.first)
            node.waiting.append(Piece(call.at, call.first if call.kind == "w" else None))

    def _synced(self, node: File | Folder | None) -> None:
        if isinstance(node, File):
            node.sync()
        elif isinstance(node, Folder):
            for renaming in [one for one in self.waiting if one.touches(node)]:
                self._settle(renaming)

    def _settle(self, renaming: Renaming) -> None:
        """A change of names is on the disk; what waited for the same names before it is overtaken."""
        renaming.apply()
        number = self.waiting.index(renaming)
        for earlier in self.waiting[:number]:
            earlier.names = [n for n in earlier.names if not any(n[:2] == later[:2] for later in renaming.names)]
        self.waiting = [one for one in self.waiting if one.names and one is not renaming]

    def _moved(self, old: bytes, new: bytes, *, gone: bool) -> None:
        node = self._find(old)
        if node is None:  # it came from outside
            raise AssertionError(f"{old!r} was never seen")
        removed = [(*self._spot(old), None)] if gone else []
        self._change([(*self._spot(new), node), *removed])

    def _name(self, path: bytes, node: File | Folder | None) -> None:
        self._change([(*self._spot(path), node)])

    def _change(self, names: list[tuple[Folder, str, File | Folder | None]]) -> None:
        for folder, name, node in names:
            if node is None:
                folder.now.pop(name, None)
            else:
                folder.now[name] = node
        self.waiting.append(Renaming(names))

    def _spot(self, path: bytes) -> tuple[Folder, str]:
        parent, _, name = path.decode().rpartition("/")
        folder = self._find(parent.encode())
        assert isinstance(folder, Folder), path
        return folder, name

    def _find(self, path: bytes) -> File | Folder | None:
        node: File | Folder | None = self.top
        for name in path.decode().removeprefix(self._root).strip("/").split("/"):
            if name:
                node = node.now.get(name) if isinstance(node, Folder) else None
        return node


def _load(folder: Path) -> Folder:
    found = Folder()
    for path in folder.iterdir():
        found.safe[path.name] = _load(path) if path.is_dir() else File(bytearray(path.read_bytes()))
    found.now = dict(found.safe)
    return found


CUTS = (
    ("none", "none"), ("all", "all"), ("all", "none"), ("none", "all"), ("first", "all"), ("all", "some"),
    ("first", "some"), ("some", "some"),
)  # fmt: skip
"""How the names and the data that wait come through."""


class Cut:
    """What one power cut lets through of all that waits."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.names, self.data = chance.choice(CUTS)

    def leave(self, disk: Disk, to: Path) -> None:
        """Write the disk as it is then into the folder `to`."""
        for renaming in self._through(disk.waiting, self.names):
            renaming.apply()
        self._write(disk.top, to)

    def _write(self, folder: Folder, to: Path) -> None:
        to.mkdir(parents=True, exist_ok=True)
        for name, node in folder.safe.items():
            if isinstance(node, Folder):
                self._write(node, to / name)
            elif not name.endswith(REMADE):
                (to / name).write_bytes(self._content(node))

    def _content(self, file: File) -> bytes:
        content = bytearray(file.safe)
        for piece in self._through(file.waiting, self.data):
            self._torn(piece).onto(content)
        return bytes(content)

    def _through(self, waiting: list[T], how: str) -> list[T]:
        match how:
            case "all":
                return list(waiting)
            case "first":
                return waiting[: self._chance.randint(0, len(waiting))]
            case "some":
                return [one for one in waiting if self._chance.random() < 0.5]
        return []

    def _torn(self, piece: Piece) -> Piece:
        """Sometimes only some sectors of a piece, or nothing of it but the length."""
        if self.data != "some" or piece.data is None or self._chance.random() < 0.5:
            return piece
        if self._chance.random() < 0.25:
            return Piece(piece.at + len(piece.data), b"")
        sector = self._chance.choice(SECTORS)
        half = self._chance.randrange(0, len(piece.data) + 1, sector)
        if self._chance.random() < 0.5:
            return Piece(piece.at, piece.data[:half])
        return Piece(piece.at + half, piece.data[half:])


@dataclass(frozen=True, slots=True)
class Recorded:
    """A scene as it was recorded: on what ground, which acts, in which root, into which journal."""

    ground: Ground
    acts: tuple[Act, ...]
    root: Path
    journal: Path


def outcome(task: tuple[Recorded, Path, int, int]) -> tuple[int, str]:
    """Cut the power of a scene after its `at`-th call, by the chance of `seed`, and check what is there then: how many acts
    were acknowledged, and what was lost of them (empty: nothing)."""
    scene, scratch, at, seed = task
    disk = Disk(scene.root, scene.ground.folder)
    for call in calls_of(scene.journal)[:at]:
        disk.play(call)
    cut = Cut(random.Random(f"{seed}/{at}"))
    state = scratch / f"{seed}-{at}"
    cut.leave(disk, state)
    try:
        check(state, scene.ground.seen, scene.acts, disk.acknowledged)
    except (Lost, PessError) as problem:
        return disk.acknowledged, f"call {at}, names {cut.names}, data {cut.data}: {problem}"
    finally:
        shutil.rmtree(state)
    return disk.acknowledged, ""
