"""What is written is whole, verifies here and with other people's programs, and a failure leaves nothing behind."""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import bagit
import pytest

from pessdesk.application.bundle import BundleDraft, BundleHeader, Outcome
from pessdesk.bundles import layout, writer
from pessdesk.bundles.verify import verify_file
from pessdesk.bundles.writer import write_bundle
from pessdesk.bundles.zipped import CHUNK, ZipWriter
from pessdesk.domain.errors import BundleRefused, StoreUnusable, WorldUnkind
from pessdesk.records.codec import convert
from tests.bundles.craft import PHOTO, Kit, content_id


@pytest.fixture
def draft(kit: Kit, tmp_path: Path) -> BundleDraft:
    photo = tmp_path / "photo"
    photo.write_bytes(PHOTO)
    lines = kit.lines()
    return BundleDraft(
        header=convert(kit.header(lines), BundleHeader),
        revisions=tuple(lines),
        attachments={f"{hashlib.sha256(PHOTO).hexdigest()}.jpg": photo},
    )


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "llapis USB"
    folder.mkdir()
    return folder


def test_what_is_written_is_accepted_and_named_by_its_content(kit: Kit, draft: BundleDraft, out: Path) -> None:
    written = write_bundle(out / "a.asice", draft, kit.signer)
    verdict = verify_file(written.path, kit.trusted, keep=True)
    assert (verdict.outcome, verdict.code) == (Outcome.ACCEPT, "accepted"), dict(verdict.facts)
    assert verdict.header == draft.header
    assert tuple(r.data for r in verdict.revisions) == draft.revisions
    assert (written.content_id, written.size) == (verdict.content_id, written.path.stat().st_size)
    assert [p.name for p in out.iterdir()] == ["a.asice"]


def test_the_same_draft_gives_the_same_content_id(kit: Kit, draft: BundleDraft, out: Path) -> None:
    first = write_bundle(out / "a.asice", draft, kit.signer)
    second = write_bundle(out / "b.asice", draft, kit.signer)
    assert first.content_id == second.content_id == content_id(second.path.read_bytes())


def test_a_bundle_without_revisions_verifies(kit: Kit, draft: BundleDraft, out: Path) -> None:
    empty = replace(draft, header=replace(draft.header, counts={}), revisions=(), attachments={})
    written = write_bundle(out / "a.asice", empty, kit.signer)
    verdict = verify_file(written.path, kit.trusted)
    assert verdict.outcome is Outcome.ACCEPT, dict(verdict.facts)


def test_relayed_bundles_travel_byte_for_byte(kit: Kit, draft: BundleDraft, out: Path, tmp_path: Path) -> None:
    relay = kit.by_other()
    source = tmp_path / "relay"
    source.write_bytes(relay)
    written = write_bundle(out / "a.asice", replace(draft, relayed={content_id(relay): source}), kit.signer)
    verdict = verify_file(written.path, kit.trusted | {kit.other_identity.device})
    assert verdict.worst is Outcome.ACCEPT
    place = verdict.relayed[content_id(relay)]
    assert written.path.read_bytes()[place.offset :][: place.size] == relay


def test_attachments_are_streamed(kit: Kit, draft: BundleDraft, out: Path, tmp_path: Path) -> None:
    """No read asks for more than a piece, whatever the size of the file."""

    class Watched(io.BytesIO):
        asked: list[int | None] = []  # noqa: RUF012

        def read(self, size: int | None = -1, /) -> bytes:
            self.asked.append(size)
            return super().read(size)

    digest = hashlib.sha256()
    data = bytes(3 * CHUNK + 5)
    with (tmp_path / "z").open("wb") as file:
        assert ZipWriter(file).add_stream("mimetype", Watched(data), digest) == len(data)
    assert digest.digest() == hashlib.sha256(data).digest()
    assert set(Watched.asked) == {CHUNK}


def test_progress_counts_up_and_can_cancel(kit: Kit, draft: BundleDraft, out: Path) -> None:
    class Cancelled(Exception):
        pass

    seen: list[int] = []
    write_bundle(out / "a.asice", draft, kit.signer, seen.append)
    assert seen == sorted(seen)
    assert seen[-1] > len(PHOTO)

    def cancel(_: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        write_bundle(out / "b.asice", draft, kit.signer, cancel)
    assert [p.name for p in out.iterdir()] == ["a.asice"]


def test_progress_is_that_of_the_disk(kit: Kit, draft: BundleDraft, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever watches waits for the disk every few mebibytes: else all of the waiting would come at the end, unseen."""
    synced: list[int] = []
    monkeypatch.setattr(writer, "WATCHED", 10)
    monkeypatch.setattr(writer.os, "fsync", synced.append)
    write_bundle(out / "a.asice", draft, kit.signer)
    unwatched = len(synced)
    write_bundle(out / "b.asice", draft, kit.signer, lambda _: None)
    assert len(synced) - unwatched > unwatched


def test_a_damaged_attachment_is_not_signed(kit: Kit, draft: BundleDraft, out: Path) -> None:
    for source in draft.attachments.values():
        source.write_bytes(PHOTO + b"!")
    with pytest.raises(StoreUnusable) as caught:
        write_bundle(out / "a.asice", draft, kit.signer)
    assert caught.value.code == "attachment-damaged"
    assert not list(out.iterdir())


def test_a_missing_attachment_leaves_nothing(kit: Kit, draft: BundleDraft, out: Path) -> None:
    for source in draft.attachments.values():
        source.unlink()
    with pytest.raises(WorldUnkind):
        write_bundle(out / "a.asice", draft, kit.signer)
    assert not list(out.iterdir())


def test_a_signer_that_fails_leaves_nothing(draft: BundleDraft, out: Path) -> None:
    class Card:
        def sign(self, data: bytes) -> bytes:
            raise RuntimeError("the card was pulled")

    with pytest.raises(RuntimeError):
        write_bundle(out / "a.asice", draft, Card())
    assert not list(out.iterdir())


def test_a_full_disk_is_said_and_leaves_nothing(
    kit: Kit, draft: BundleDraft, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pessdesk.bundles.writer.os.fsync", full)
    with pytest.raises(WorldUnkind) as caught:
        write_bundle(out / "a.asice", draft, kit.signer)
    assert caught.value.code == "disk-full"
    assert not list(out.iterdir())


def test_a_folder_that_is_none_is_said(kit: Kit, draft: BundleDraft, out: Path) -> None:
    (out / "file").write_bytes(b"")
    for folder in (out / "absent", out / "file"):
        with pytest.raises(WorldUnkind) as caught:
            write_bundle(folder / "a.asice", draft, kit.signer)
        assert caught.value.code == "folder-missing"


def test_too_many_files_are_refused_before_the_limit_of_readers(tmp_path: Path) -> None:
    with (tmp_path / "z").open("wb") as file:
        writer = ZipWriter(file)
        for number in range(layout.MAX_ENTRIES):
            writer.add(f"{number}", b"")
        with pytest.raises(BundleRefused) as caught:
            writer.add("one more", b"")
    assert caught.value.code == "too-many"


def test_pythons_own_zip_reader_sees_the_same(kit: Kit, draft: BundleDraft, out: Path) -> None:
    written = write_bundle(out / "a.asice", draft, kit.signer)
    with zipfile.ZipFile(written.path) as archive:
        assert archive.testzip() is None
        assert archive.infolist()[0].filename == "mimetype"
        assert {i.compress_type for i in archive.infolist()} == {zipfile.ZIP_STORED}
        assert archive.read("mimetype") == layout.MIMETYPE_CONTENT


def test_the_unpacked_bundle_is_a_valid_bag(kit: Kit, draft: BundleDraft, out: Path) -> None:
    written = write_bundle(out / "a.asice", draft, kit.signer)
    with zipfile.ZipFile(written.path) as archive:
        archive.extractall(out / "bag")
    bag = bagit.Bag(str(out / "bag"))
    assert bag.validate()
    assert bag.info["External-Identifier"] == draft.header.id


def test_openssl_accepts_the_signature(kit: Kit, draft: BundleDraft, out: Path) -> None:
    openssl = shutil.which("openssl")
    assert openssl, "the set-up installs openssl"
    written = write_bundle(out / "a.asice", draft, kit.signer)
    with zipfile.ZipFile(written.path) as archive:
        (out / "manifest.xml").write_bytes(archive.read(layout.MANIFEST))
        (out / "signature.p7s").write_bytes(archive.read(layout.SIGNATURE))
    (out / "card.pem").write_bytes(kit.identity.card())
    (out / "other.pem").write_bytes(kit.other_identity.card())

    def accepted(card: str) -> bool:
        command = [
            openssl,
            "cms",
            "-verify",
            "-binary",
            "-cades",
            "-inform",
            "DER",
            "-in",
            "signature.p7s",
            "-content",
            "manifest.xml",
            "-CAfile",
            card,
            "-partial_chain",
            "-purpose",
            "any",
            "-out",
            "out",
        ]
        return subprocess.run(command, cwd=out, capture_output=True, check=False).returncode == 0

    assert accepted("card.pem")
    assert not accepted("other.pem")
    (out / "manifest.xml").write_bytes(b"another")
    assert not accepted("card.pem")
