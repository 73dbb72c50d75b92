"""Sealed files: the same bytes back from any place, and nothing that was changed is taken for whole."""

from __future__ import annotations

import os
import random
import tracemalloc
from pathlib import Path

import pytest

from pessdesk.domain.errors import StoreUnusable
from pessdesk.system.sealing import CHUNK, MAGIC, SealedWriter, open_sealed, sealed_name, sealed_size

KEY = bytes(range(32))
HEADER = len(MAGIC) + 32
SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 17]


def sealed(path: Path, data: bytes, portion: int = 10_000, key: bytes = KEY) -> Path:
    with path.open("wb") as file:
        writer = SealedWriter(file, key)
        for start in range(0, len(data), portion):
            writer.write(data[start : start + portion])
        writer.finish()
    return path


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("portion", [10_000, CHUNK, 1024 * 1024])
def test_what_was_sealed_comes_back(tmp_path: Path, size: int, portion: int) -> None:
    data = os.urandom(size)
    path = sealed(tmp_path / "a.sealed", data, portion)
    assert sealed_size(path) == size
    with open_sealed(path, KEY) as file:
        assert file.read() == data
        assert file.seek(0, os.SEEK_END) == size
        assert file.read(10) == b""


def test_it_can_be_read_from_any_place(tmp_path: Path) -> None:
    data = os.urandom(3 * CHUNK + 500)
    rng = random.Random(7)
    with open_sealed(sealed(tmp_path / "a.sealed", data), KEY) as file:
        for _ in range(300):
            start, size = rng.randrange(len(data)), rng.choice([1, 30, 1000, CHUNK, 2 * CHUNK])
            file.seek(start)
            assert file.read(size) == data[start : start + size]
            assert file.tell() == min(start + size, len(data))


def test_nothing_of_the_content_is_in_it_and_no_two_are_alike(tmp_path: Path) -> None:
    data = b"la cadira de l'entrada " * 10_000
    one, two = (sealed(tmp_path / name, data).read_bytes() for name in "ab")
    assert b"cadira" not in one + two
    assert one[len(MAGIC) :][:CHUNK] != two[len(MAGIC) :][:CHUNK]


def refused(path: Path, key: bytes = KEY) -> None:
    with pytest.raises(StoreUnusable, match="sealed-damaged"), open_sealed(path, key) as file:
        file.read()


@pytest.mark.parametrize("size", SIZES)
def test_every_flipped_byte_is_found(tmp_path: Path, size: int) -> None:
    path = sealed(tmp_path / "a.sealed", os.urandom(size))
    whole = path.read_bytes()
    rng = random.Random(size)
    places = {*range(HEADER), len(whole) - 1, *(rng.randrange(len(whole)) for _ in range(40))}
    for place in places:
        changed = bytearray(whole)
        changed[place] ^= 1 << rng.randrange(8)
        path.write_bytes(changed)
        refused(path)


@pytest.mark.parametrize("size", SIZES)
def test_what_is_cut_off_is_found_when_it_is_opened(tmp_path: Path, size: int) -> None:
    path = sealed(tmp_path / "a.sealed", os.urandom(size))
    whole = path.read_bytes()
    ends = {0, 5, HEADER, HEADER + 15, len(whole) - 1, len(whole) - 16, *range(HEADER, len(whole), CHUNK + 16)}
    for end in ends - {len(whole)}:
        path.write_bytes(whole[: max(end, 0)])
        with pytest.raises(StoreUnusable, match="sealed-damaged"):
            open_sealed(path, KEY)
    path.write_bytes(whole + b"\0")
    refused(path)


def test_chunks_in_another_order_or_of_another_file_are_found(tmp_path: Path) -> None:
    one, two = (sealed(tmp_path / name, os.urandom(3 * CHUNK)).read_bytes() for name in "ab")
    step = CHUNK + 16

    def chunk(data: bytes, number: int) -> bytes:
        return data[HEADER + number * step : HEADER + (number + 1) * step]

    path = tmp_path / "c.sealed"
    for body in (
        (chunk(one, 1), chunk(one, 0), chunk(one, 2)),
        (chunk(one, 0), chunk(one, 0), chunk(one, 2)),
        (chunk(one, 0), chunk(two, 1), chunk(one, 2)),
        (chunk(one, 0), chunk(one, 2)),
    ):
        path.write_bytes(one[:HEADER] + b"".join(body))
        refused(path)


def test_another_key_opens_nothing(tmp_path: Path) -> None:
    refused(sealed(tmp_path / "a.sealed", b"words"), bytes(32))


def test_memory_stays_flat(tmp_path: Path) -> None:
    path = tmp_path / "a.sealed"
    portion = os.urandom(1024 * 1024)
    with path.open("wb") as out:
        writer = SealedWriter(out, KEY)
        tracemalloc.start()
        for _ in range(64):
            writer.write(portion)
        writer.finish()
        with open_sealed(path, KEY) as file:
            while file.read(1024 * 1024):
                pass
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 16 * 1024 * 1024


def test_the_name_is_the_files_own_with_an_ending() -> None:
    assert sealed_name(Path("a/b.jpg")) == Path("a/b.jpg.sealed")
