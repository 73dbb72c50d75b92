"""Handing over, and everything that can stop it half-way: nothing is left behind, nothing counts as handed over."""

from __future__ import annotations

import errno
import os
import shutil
from collections import namedtuple
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pessdesk.application.capture import attach
from pessdesk.application.export_bundle import Phase, export_workshop
from pessdesk.application.import_bundles import import_bundles
from pessdesk.application.programme import PlannedWorkshop, new_workshop
from pessdesk.bootstrap import Program
from pessdesk.bundles.verify import verify_file
from pessdesk.bundles.zipped import ZipWriter
from pessdesk.domain.errors import InputRefused, PessError, Stopped, WorldUnkind
from tests.application.conftest import Room


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


@pytest.fixture
def photos(room: Room, tmp_path: Path) -> Room:
    """A workshop with two contributions, each with a picture of three mebibytes."""
    for number in range(2):
        picture = tmp_path / f"{number}.jpg"
        picture.write_bytes(os.urandom(3 * 1024**2))
        attach(room.desk, room.say(f"Amb foto {number}").record, room.workshop, picture)
    return room


def pending(room: Room) -> tuple[str | None, list[str]]:
    """What the store says of its bundles: up to where the workshop was handed over, and which were sent."""
    with room.desk.store.read() as unit:
        return unit.setting(f"handed:{room.workshop}"), [row["content_id"] for row in unit.bundles(direction="sent")]


def stop_at(phase: Phase, count: int = 0) -> Callable[[Phase, int, int], None]:
    """Somebody presses the button once so many bytes are through."""

    def watch(now: Phase, done: int, total: int) -> None:
        if now is phase and done >= count:
            raise Stopped("stopped")

    return watch


def test_progress_counts_bytes_up_to_the_whole_of_each_phase(photos: Room, out: Path) -> None:
    seen: list[tuple[Phase, int, int]] = []
    export_workshop(photos.desk, photos.workshop, out, watch=lambda *told: seen.append(told))
    assert [phase for phase, _, _ in seen] == sorted((p for p, _, _ in seen), key=lambda phase: phase.value)
    for phase in Phase:
        counts = [(done, total) for told, done, total in seen if told is phase]
        assert counts == sorted(counts)
        assert len({total for _, total in counts}) == 1
        assert counts[-1][0] == counts[-1][1] > 6 * 1024**2
        assert len(counts) > 6, "a large file is told of piece by piece"


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("count", [0, 4 * 1024**2])
def test_whoever_stops_it_leaves_nothing_behind(phase: Phase, count: int, photos: Room, out: Path) -> None:
    before = pending(photos)
    with pytest.raises(Stopped):
        export_workshop(photos.desk, photos.workshop, out, watch=stop_at(phase, count))
    assert list(out.iterdir()) == []
    assert pending(photos) == before == (None, [])
    done = export_workshop(photos.desk, photos.workshop, out)
    header = verify_file(done.files[0], {photos.desk.device}).header
    assert header is not None
    assert (header.seq, header.prev, header.void) == (2, "", (1,))


def test_a_part_that_cannot_be_written_takes_the_others_back(photos: Room, out: Path) -> None:
    """Of two parts the second is stopped: the first one, whole as it is, would be half of what was wanted."""
    with pytest.raises(Stopped):
        export_workshop(
            photos.desk, photos.workshop, out, part_size=4 * 1024**2, watch=stop_at(Phase.WRITING, 4 * 1024**2)
        )
    assert list(out.iterdir()) == []
    assert pending(photos) == (None, [])
    with photos.desk.store.read() as unit:
        acts = unit.told_acts()
    assert [act["action"] for act in acts] == ["handed-over", "hand-over-void"], "the log tells both"
    assert acts[0]["subjects"][-1] == acts[1]["subjects"][0]
    done = export_workshop(photos.desk, photos.workshop, out, part_size=4 * 1024**2)
    headers = [verify_file(path, {photos.desk.device}).header for path in done.files]
    assert [(h.seq, h.void, h.prev) for h in headers if h] == [(3, (1, 2), ""), (4, (1, 2), done.content_ids[0])]


def test_a_full_disk_leaves_nothing_behind(photos: Room, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(ZipWriter, "add_stream", full)
        with pytest.raises(WorldUnkind, match="disk-full"):
            export_workshop(photos.desk, photos.workshop, out)
    assert list(out.iterdir()) == []
    assert pending(photos) == (None, [])


def test_too_little_room_is_said_before_anything_is_written(
    photos: Room, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(8 * 1024**2, 6 * 1024**2, 2 * 1024**2))
    with pytest.raises(WorldUnkind, match="room-missing") as refused:
        export_workshop(photos.desk, photos.workshop, out)
    assert (refused.value.facts["needed"], refused.value.facts["free"]) == (7, 2)
    assert list(out.iterdir()) == []
    with photos.desk.store.write() as unit:
        assert unit.take_sequence(1)[0] == 1, "no number was taken"


def test_a_system_that_does_not_say_how_much_is_free_stops_nobody(
    photos: Room, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(0, 0, 0))
    assert len(export_workshop(photos.desk, photos.workshop, out).files) == 1


def test_what_reads_back_differently_is_not_handed_over(
    photos: Room, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = photos.desk.bundles.write

    def badly(path: Path, *more: object) -> object:
        written = write(path, *more)  # type: ignore[arg-type]
        with path.open("r+b") as file:
            file.seek(2 * 1024**2)
            file.write(b"\0\0\0\0")
        return written

    monkeypatch.setattr(photos.desk.bundles, "write", badly)
    with pytest.raises(WorldUnkind, match="read-back-differs"):
        export_workshop(photos.desk, photos.workshop, out)
    assert list(out.iterdir()) == []
    assert pending(photos) == (None, [])


@pytest.fixture
def relaying(tmp_path: Path) -> Iterator[Room]:
    """A laptop that received a bundle which carries another one: it must be laid beside its own."""
    program = Program()
    names = ("one", "two", "three")
    for name in names:
        with program.desk(tmp_path / name, write=True, create=True, label=name):
            pass
    for name in names:
        for other in names:
            program.add_card(tmp_path / name / "trust", program.own_card(tmp_path / other))
    files: list[Path] = []
    workshop = ""
    for name in names:
        (tmp_path / f"from {name}").mkdir()
        with program.desk(tmp_path / name, write=True) as opened:
            import_bundles(opened, files)
            workshop = workshop or new_workshop(opened, PlannedWorkshop("Taller", "2026-03-12", "04"))["record"]
            room = Room(opened, workshop)
            room.say(f"Des de {name}")
            if name != "three":
                files = list(export_workshop(opened, workshop, tmp_path / f"from {name}").files)
    with program.desk(tmp_path / "three", write=True) as opened:
        yield Room(opened, workshop)


def test_a_bundle_that_carries_others_is_laid_beside(relaying: Room, out: Path) -> None:
    done = export_workshop(relaying.desk, relaying.workshop, out)
    assert [path.name[:6] for path in done.beside] == ["relay-"]
    assert sorted(out.iterdir()) == sorted([*done.files, *done.beside])


def test_a_copy_that_cannot_be_laid_beside_takes_the_bundle_back(
    relaying: Room, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise WorldUnkind("disk-full", path=str(out))

    with monkeypatch.context() as patch:
        patch.setattr(type(relaying.desk.files), "copy_out", full)
        with pytest.raises(WorldUnkind, match="disk-full"):
            export_workshop(relaying.desk, relaying.workshop, out)
    assert list(out.iterdir()) == []
    assert pending(relaying) == (None, [])
    done = export_workshop(relaying.desk, relaying.workshop, out)
    for path in done.files:
        path.unlink()
    with pytest.raises(Stopped):
        export_workshop(relaying.desk, relaying.workshop, out, watch=stop_at(Phase.READING_BACK))
    assert sorted(out.iterdir()) == list(done.beside), "what was there before is not ours to delete"


def test_a_rehearsal_hands_nothing_over(room: Room, out: Path) -> None:
    with room.desk.store.write() as unit:
        unit.set_setting("rehearsal", room.workshop)
    with pytest.raises(InputRefused, match="rehearsal-export"):
        export_workshop(room.desk, room.workshop, out)
    assert list(out.iterdir()) == []


def test_stopped_is_no_refusal_of_a_bundle(room: Room, out: Path) -> None:
    room.say()
    file = export_workshop(room.desk, room.workshop, out).files[0]

    def stop(_: int) -> None:
        raise Stopped("stopped")

    with pytest.raises(PessError, match="stopped"):
        verify_file(file, None, progress=stop)
