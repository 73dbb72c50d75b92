"""Files beside the store: whole or not there."""

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path

import pytest

from pessdesk.domain.errors import InputRefused, StoreLocked, UsageRefused, WorldUnkind
from pessdesk.system import files as module
from pessdesk.system.clock import SystemClock, new_id
from pessdesk.system.files import StoreFiles


@pytest.fixture
def files(tmp_path: Path) -> StoreFiles:
    return StoreFiles(tmp_path / "store")


def left(files: StoreFiles) -> list[str]:
    spool = files.folder / "spool"
    return [path.name for path in spool.iterdir()] if spool.exists() else []


def test_an_attachment_is_named_by_its_content(files: StoreFiles, tmp_path: Path) -> None:
    source = tmp_path / "a b.JPG"
    source.write_bytes(b"photo")
    stored = files.keep_attachment(source)
    digest = hashlib.sha256(b"photo").hexdigest()
    assert (stored.sha256, stored.extension, stored.size, stored.media_type) == (digest, "jpg", 5, "image/jpeg")
    assert files.attachment(stored.name).read_bytes() == b"photo"
    assert files.keep_attachment(source) == stored
    assert source.read_bytes() == b"photo"
    assert left(files) == []


@pytest.mark.parametrize(
    ("name", "extension"),
    [
        ("noext", "bin"),
        ("a.", "bin"),
        ("a.ж", "bin"),
        ("a.tar.gz", "gz"),
        ("a.J-P-G", "jpg"),
        ("a." + "x" * 40, "x" * 8),
    ],
)
def test_extensions_that_every_system_can_write(name: str, extension: str, files: StoreFiles, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"x")
    assert files.keep_attachment(tmp_path / name).extension == extension


def test_what_is_no_file_is_refused(files: StoreFiles, tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    for path, code in ((tmp_path / "none", "photo-missing"), (tmp_path, "photo-missing"), (tmp_path / "empty", "size")):
        with pytest.raises(InputRefused, match=code):
            files.keep_attachment(path)
    assert left(files) == []
    assert not files.attachments.exists()


def test_a_full_disk_leaves_nothing_half_written(
    files: StoreFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "a.jpg"
    source.write_bytes(b"photo")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WorldUnkind, match="disk-full"):
        files.keep_attachment(source)
    with pytest.raises(WorldUnkind, match="disk-full"):
        files.copy_out(source, tmp_path / "out.asice")
    assert left(files) == []
    assert not files.attachments.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jpg", "store"]


def test_a_part_of_a_bundle(files: StoreFiles, tmp_path: Path) -> None:
    bundle = tmp_path / "b"
    bundle.write_bytes(b"..photo..")
    name = hashlib.sha256(b"photo").hexdigest() + ".jpg"
    with pytest.raises(WorldUnkind, match="read-back-differs"):
        files.keep_attachment_from(bundle, 1, 5, name)
    assert not files.has_attachment(name)
    files.keep_attachment_from(bundle, 2, 5, name)
    assert files.attachment(name).read_bytes() == b"photo"
    files.keep_received(bundle, 2, 5, "c")
    assert (files.received / "c.asice").read_bytes() == b"photo"
    aside = files.set_aside(bundle, 0, 9)
    assert files.set_aside(bundle, 0, 9) == aside
    files.forget_aside(aside)
    files.forget_aside(aside)
    assert left(files) == []


def test_the_spool_is_swept(files: StoreFiles, tmp_path: Path) -> None:
    files.sweep()
    source = tmp_path / "b"
    source.write_bytes(b"x")
    spooled = files.spool(source)
    assert spooled.read_bytes() == b"x"
    files.sweep()
    assert left(files) == []
    for path in (tmp_path, tmp_path / "none"):
        with pytest.raises(UsageRefused):
            files.spool(path)


def test_what_can_be_no_bundle_is_not_copied(
    files: StoreFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_BUNDLE", 3)
    (tmp_path / "b").write_bytes(b"1234")
    with pytest.raises(UsageRefused, match="file-too-big"):
        files.spool(tmp_path / "b")


def test_ids_and_the_clock() -> None:
    ids = [new_id() for _ in range(200)]
    assert len(set(ids)) == 200
    assert {one[14] for one in ids} == {"7"}
    assert SystemClock().utc().endswith("Z")
    assert SystemClock().now_ms() > 1_700_000_000_000


def test_a_file_that_the_system_forgets_is_the_same_on_the_disk(files: StoreFiles, tmp_path: Path) -> None:
    path = tmp_path / "bundle"
    path.write_bytes(b"whole" * 100_000)
    files.forget(path)
    assert path.read_bytes() == b"whole" * 100_000
    files.forget(tmp_path / "none")


def test_how_much_room_there_is(files: StoreFiles, tmp_path: Path) -> None:
    assert files.room(tmp_path) > 0
    with pytest.raises(WorldUnkind, match="folder-missing"):
        files.room(tmp_path / "none")


def test_a_bundle_that_is_gone_or_too_big_is_refused_before_it_is_opened(files: StoreFiles, tmp_path: Path) -> None:
    big = tmp_path / "big"
    with big.open("wb") as file:
        file.truncate(3 * 1024**3)  # a hole: it takes no room
    for path, code in ((tmp_path / "none", "file-gone"), (tmp_path, "file-unreadable"), (big, "file-too-big")):
        for look in (files.check_bundle, files.spool):
            with pytest.raises(UsageRefused, match=code):
                look(path)
    assert left(files) == []


def test_a_stick_that_is_pulled_out_while_it_is_read_is_not_our_disk(
    files: StoreFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bundle"
    path.write_bytes(b"whole")

    def pulled(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(module, "_read", pulled)
    with pytest.raises(UsageRefused, match="file-unreadable"):
        files.spool(path)
    assert left(files) == []


def test_a_small_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "card.pem"
    target.write_bytes(b"before")
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", _full)
        with pytest.raises(OSError, match="No space"):
            module.write_whole(target, b"after")
    assert target.read_bytes() == b"before"
    module.write_whole(target, b"after")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"after"]


def _full(_: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


# Under a key


def content(files: StoreFiles, path: Path) -> bytes:
    with files.open(path) as file:
        return file.read()


def test_under_a_key_nothing_is_readable_and_all_comes_back(tmp_path: Path) -> None:
    plain = StoreFiles(tmp_path / "store")
    sealed = StoreFiles(tmp_path / "store", bytes(range(32)))
    bundle = tmp_path / "b.asice"
    bundle.write_bytes(b"..photo..")
    name = hashlib.sha256(b"photo").hexdigest() + ".jpg"
    spooled = sealed.spool(bundle)
    assert content(sealed, spooled) == b"..photo.."
    sealed.keep_attachment_from(spooled, 2, 5, name)
    sealed.keep_received(spooled, 0, 9, "c")
    sealed.keep_received(spooled, 2, 5, "d")
    aside = sealed.set_aside(spooled, 0, 9)
    spooled.unlink()
    assert [content(sealed, path) for path in (
        sealed.attachment(name), sealed.received / "c.asice", sealed.received / "d.asice", sealed.quarantine / aside
    )] == [b"photo", b"..photo..", b"photo", b"..photo.."]  # fmt: skip
    assert sealed.size(sealed.attachment(name)) == 5 and sealed.has_attachment(name)
    kept = [path for path in sealed.folder.rglob("*") if path.is_file()]
    assert len(kept) == 4 and all(path.suffix == ".sealed" and b"photo" not in path.read_bytes() for path in kept)
    with pytest.raises(StoreLocked):
        plain.open(plain.attachment(name))
    again = sealed.spool(sealed.quarantine / aside)  # looked at once more
    assert content(sealed, again) == b"..photo.."
    sealed.copy_out(sealed.received / "c.asice", tmp_path / "stick.asice")
    assert (tmp_path / "stick.asice").read_bytes() == b"..photo..", "what leaves is plain"
    sealed.forget_aside(aside)
    assert not sealed.has(sealed.quarantine / aside)


def test_a_foreign_file_is_opened_as_it_is(tmp_path: Path) -> None:
    sealed = StoreFiles(tmp_path / "store", bytes(range(32)))
    (tmp_path / "a.asice").write_bytes(b"theirs")
    (tmp_path / "a.asice.sealed").write_bytes(b"a trap")
    assert content(sealed, tmp_path / "a.asice") == b"theirs"
    assert content(sealed, tmp_path / "a.asice.sealed") == b"a trap"


def test_files_are_sealed_and_unsealed_one_by_one(tmp_path: Path) -> None:
    plain = StoreFiles(tmp_path / "store")
    sealed = StoreFiles(tmp_path / "store", bytes(range(32)))
    own = plain.folder / "device.pem"
    plain.keep_own(own, b"key")
    (tmp_path / "a.jpg").write_bytes(b"photo")
    photo = plain.attachment(plain.keep_attachment(tmp_path / "a.jpg").name)
    assert sorted(plain.plain([own])) == sorted([own, photo]) and plain.sealed([own]) == []
    assert content(sealed, photo) == b"photo", "both forms are readable"
    for path in plain.plain([own]):
        sealed.seal(path)
    assert plain.plain([own]) == [] and sorted(plain.sealed([own])) == sorted([own, photo])
    assert (content(sealed, own), content(sealed, photo)) == (b"key", b"photo")
    if os.name == "posix":
        assert (plain.folder / "device.pem.sealed").stat().st_mode & 0o077 == 0
    for path in plain.sealed([own]):
        sealed.unseal(path)
    assert plain.sealed([own]) == [] and content(plain, photo) == b"photo"
    if os.name == "posix":
        assert own.stat().st_mode & 0o077 == 0
