"""The independent check: a POSIX script that shares no line with PessDesk says the same."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bundles.craft import PHOTO, PHOTO_NAME, Archive, Kit, cms_by_hand, content_id, zipped

SCRIPT = Path(__file__).resolve().parents[2] / "packaging" / "verify-bundle.sh"
MISSING = [tool for tool in ("sh", "unzip", "openssl", "sed", "sha256sum") if shutil.which(tool) is None]


def test_what_the_script_needs_is_installed_by_the_set_up() -> None:
    assert MISSING == []


@pytest.fixture(scope="module")
def kit() -> Kit:
    return Kit()


def run(folder: Path, bundle: bytes, root: bytes | None = None) -> subprocess.CompletedProcess[str]:
    (folder / "un paquet.asice").write_bytes(bundle)
    arguments = ["sh", str(SCRIPT), "un paquet.asice"]
    if root is not None:
        (folder / "root.pem").write_bytes(root)
        arguments.append("root.pem")
    return subprocess.run(arguments, cwd=folder, capture_output=True, text=True, check=False, timeout=60)


def test_intact_and_signed_under_the_root(kit: Kit, tmp_path: Path) -> None:
    bundle = kit.honest().build()
    done = run(tmp_path, bundle, kit.identity.card())
    assert (done.returncode, done.stderr) == (0, "")
    assert f"content id: {content_id(bundle)}" in done.stdout


def test_intact_but_nobody_to_trust(kit: Kit, tmp_path: Path) -> None:
    done = run(tmp_path, kit.honest().build())
    assert (done.returncode, done.stderr) == (3, "")
    assert "not judged" in done.stdout


def test_signed_by_another_than_the_root(kit: Kit, tmp_path: Path) -> None:
    done = run(tmp_path, kit.honest().build(), kit.other_identity.card())
    assert done.returncode == 1
    assert done.stderr.startswith("REFUSED: ")
    assert done.stdout == ""


def test_relayed_bundles_are_checked_as_well(kit: Kit, tmp_path: Path) -> None:
    relay = kit.by_other()
    whole = kit.seal(kit.files(relayed={content_id(relay): relay})).build()
    done = run(tmp_path, whole, kit.identity.card())
    assert done.returncode == 0, done.stderr
    assert "relayed:    1 " in done.stdout
    broken = kit.seal(kit.files(relayed={content_id(relay): relay.replace(b"Transport", b"Transpost")})).build()
    assert run(tmp_path, broken, kit.identity.card()).returncode == 1
    renamed = kit.seal(kit.files(relayed={"ab" * 32: relay})).build()
    assert run(tmp_path, renamed).returncode == 1
    middle = kit.by_other(relayed={content_id(relay): relay})
    nested = kit.seal(kit.files(relayed={content_id(middle): middle})).build()
    assert run(tmp_path, nested).returncode == 1


def test_nothing_is_left_in_the_temporary_folder(kit: Kit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    bundle = kit.honest().build()
    for data in (bundle, bundle[:-30], b"hello"):
        run(tmp_path, data)
    assert not list(temporary.iterdir())


def _replace(archive: Archive, name: str, data: bytes) -> Archive:
    archive[name].data = data
    return archive


def _extra(archive: Archive) -> Archive:
    archive[REVISIONS].both(extra=b"\x75\x70\x00\x00")
    return archive


def _without(archive: Archive, name: str) -> Archive:
    archive.members.remove(archive[name])
    return archive


def _with(archive: Archive, name: str, data: bytes = b"hello") -> Archive:
    archive.members.extend(zipped([(name, data)]).members)
    return archive


REVISIONS, MANIFEST = "data/records/revisions.jsonl", "META-INF/ASiCManifest.xml"
SIGNATURE = "META-INF/signature001.p7s"
BROKEN: dict[str, Callable[[Kit], bytes]] = {
    "not a ZIP": lambda kit: b"hello" * 100,
    "empty": lambda kit: b"",
    "cut": lambda kit: kit.honest().build()[:-1],
    "prefixed": lambda kit: b"MZ" + kit.honest().build(),
    "trailing bytes": lambda kit: kit.honest().build() + b"\n",
    "gap": lambda kit: Archive(kit.honest().members, before_directory=b"hidden").build(),
    "comment": lambda kit: Archive(kit.honest().members, end={"comment": 5}, suffix=b"hello").build(),
    "extra field": lambda kit: _extra(kit.honest()).build(),
    "BagIt disagrees": lambda kit: kit.seal(kit.files(tags={"manifest-sha256.txt": b""})).build(),
    "record changed": lambda kit: _replace(kit.honest(), REVISIONS, b"").build(),
    "attachment changed": lambda kit: _replace(kit.honest(), PHOTO_NAME, PHOTO + b"!").build(),
    "manifest changed": lambda kit: _replace(kit.honest(), MANIFEST, kit.honest()[MANIFEST].data + b"\n").build(),
    "file added": lambda kit: _with(kit.honest(), "data/attachments/" + "a" * 64 + ".txt").build(),
    "strange file added": lambda kit: _with(kit.honest(), "../../evil.sh").build(),
    "option as a name": lambda kit: _with(kit.honest(), "-d").build(),
    "file removed": lambda kit: _without(kit.honest(), PHOTO_NAME).build(),
    "name twice": lambda kit: _with(kit.honest(), REVISIONS, kit.honest()[REVISIONS].data).build(),
    "signature missing": lambda kit: _without(kit.honest(), SIGNATURE).build(),
    "signature of another": lambda kit: _replace(kit.honest(), SIGNATURE, kit.signer.sign(b"x")).build(),
    "trailing DER": lambda kit: _replace(kit.honest(), SIGNATURE, kit.honest()[SIGNATURE].data + b"\5\0").build(),
    "mimetype wrong": lambda kit: _replace(kit.honest(), "mimetype", b"application/zip").build(),
    "mimetype late": lambda kit: zipped([(m.name.decode(), m.data) for m in kit.honest().members[::-1]]).build(),
    "SHA-1": lambda kit: kit.seal(kit.files(), sign=lambda d: cms_by_hand(kit.identity, d, digest="sha1")).build(),
    "attached": lambda kit: kit.seal(kit.files(), sign=lambda d: cms_by_hand(kit.identity, d, attached=True)).build(),
    "two signers": lambda kit: kit.seal(kit.files(), sign=lambda d: cms_by_hand(kit.identity, d, signers=2)).build(),
    "signed DOCTYPE": lambda kit: kit.seal(
        kit.files(), manifest_edit=lambda m: m.replace(b"?>\n", b"?>\n<!DOCTYPE x>\n")
    ).build(),
    "URI alias": lambda kit: kit.seal(
        kit.files(), manifest_edit=lambda m: m.replace(b'"data/bundle.json"', b'"./data/bundle.json"')
    ).build(),
    "attachment under another name": lambda kit: kit.seal(
        kit.files(attachments={"data/attachments/" + "ab" * 32 + ".jpg": PHOTO})
    ).build(),
}


@pytest.mark.parametrize("name", BROKEN)
def test_anything_else_fails(name: str, kit: Kit, tmp_path: Path) -> None:
    for root in (None, kit.identity.card()):
        done = run(tmp_path, BROKEN[name](kit), root)
        assert done.returncode == 1, done.stdout
        assert done.stderr.startswith("REFUSED: ")
        assert done.stdout == ""


def test_no_words_or_a_missing_file_fail(tmp_path: Path) -> None:
    for arguments in ([], ["absent.asice"], [str(SCRIPT), "absent.pem"], ["a", "b", "c"]):
        done = subprocess.run(["sh", str(SCRIPT), *arguments], cwd=tmp_path, capture_output=True, check=False)
        assert done.returncode == 1
        assert done.stderr
