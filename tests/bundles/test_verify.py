"""The three outcomes, and what an accepted bundle hands on."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pessdesk.application.bundle import Outcome, PlacedFile, Verdict
from pessdesk.bundles import layout
from pessdesk.bundles.cms import CmsSigner, device_id
from pessdesk.bundles.verify import verify, verify_file
from pessdesk.domain.errors import UsageRefused
from tests.bundles.craft import PHOTO, PHOTO_NAME, WORKSHOP, Kit, content_id


def judged(data: bytes, trusted: frozenset[str] | None) -> Verdict:
    return verify(io.BytesIO(data), PlacedFile(0, len(data)), trusted, keep=True)


def test_a_known_laptops_bundle_is_accepted_with_everything_in_it(kit: Kit, honest: bytes, tmp_path: Path) -> None:
    path = tmp_path / "paquet amb espais.asice"
    path.write_bytes(honest)
    verdict = verify_file(path, kit.trusted, keep=True)
    assert (verdict.outcome, verdict.code, verdict.worst) == (Outcome.ACCEPT, "accepted", Outcome.ACCEPT)
    assert verdict.device == kit.identity.device
    assert verdict.certificate == kit.identity.certificate
    assert verdict.content_id == content_id(honest)
    assert verdict.header is not None
    assert verdict.header.workshop_code == "PESS-04-260312-7K"
    assert [revision.data for revision in verdict.revisions] == kit.lines()
    place = verdict.attachments[PHOTO_NAME.rpartition("/")[2]]
    assert honest[place.offset : place.offset + place.size] == PHOTO


def test_revisions_are_kept_only_when_asked_for(kit: Kit, honest: bytes) -> None:
    verdict = verify(io.BytesIO(honest), PlacedFile(0, len(honest)), kit.trusted)
    assert (verdict.outcome, verdict.revisions) == (Outcome.ACCEPT, ())


@pytest.mark.parametrize("trusted", [None, frozenset[str](), frozenset(("0" * 64,))])
def test_an_unknown_laptops_bundle_waits_for_a_person(kit: Kit, honest: bytes, trusted: frozenset[str] | None) -> None:
    verdict = judged(honest, trusted)
    assert (verdict.outcome, verdict.code) == (Outcome.QUARANTINE, "signer-unknown")
    assert str(verdict.facts["fingerprint"]).replace(" ", "").lower() == kit.identity.device[:20]
    assert len(verdict.revisions) == 4


def test_a_bundle_from_one_laptop_signed_anew_keeps_its_content_id(kit: Kit, honest: bytes) -> None:
    again = kit.seal(kit.files()).build()
    assert again != honest
    assert content_id(again) == content_id(honest)


def test_relayed_bundles_are_judged_each_by_its_own_signer(kit: Kit) -> None:
    relay = kit.by_other()
    outer = kit.seal(kit.files(relayed={content_id(relay): relay})).build()
    both = kit.trusted | {kit.other_identity.device}

    trusted = judged(outer, both)
    assert (trusted.outcome, trusted.worst) == (Outcome.ACCEPT, Outcome.ACCEPT)
    assert [r.device for r in trusted.relays] == [kit.other_identity.device]
    place = trusted.relayed[content_id(relay)]
    assert outer[place.offset : place.offset + place.size] == relay
    assert [r.data for r in trusted.relays[0].revisions] == kit.lines(kit.other_identity)[:3]

    half = judged(outer, kit.trusted)
    assert (half.outcome, half.worst) == (Outcome.ACCEPT, Outcome.QUARANTINE)


def test_a_relayed_bundles_attachments_are_placed_in_the_outermost_file(kit: Kit) -> None:
    relay = kit.by_other(lines=kit.lines(kit.other_identity), attachments={PHOTO_NAME: PHOTO})
    outer = kit.seal(kit.files(relayed={content_id(relay): relay})).build()
    (inner,) = judged(outer, kit.trusted).relays
    place = inner.attachments[PHOTO_NAME.rpartition("/")[2]]
    assert outer[place.offset : place.offset + place.size] == PHOTO


def test_a_broken_relayed_bundle_is_named(kit: Kit) -> None:
    relay = kit.by_other()
    name = content_id(relay)
    outer = kit.seal(kit.files(relayed={name: relay.replace(b"Transport", b"Transpost")})).build()
    verdict = judged(outer, kit.trusted)
    assert verdict.code == "relay-refused"
    assert verdict.facts["relayed"] == name
    assert verdict.facts["why"] == "zip-crc"


def test_unknown_fields_of_a_known_version_are_no_reason_to_refuse(kit: Kit) -> None:
    lines = kit.lines()
    lines[1] = lines[1].replace(b'"code":', b'"benefici":"gran","code":')
    verdict = judged(kit.seal(kit.files(lines=lines, header={"weather": "rain"})).build(), kit.trusted)
    assert verdict.outcome is Outcome.ACCEPT, dict(verdict.facts)
    assert verdict.revisions[1].content["benefici"] == "gran"


def test_a_kind_of_record_from_a_newer_program_is_handed_on(kit: Kit) -> None:
    record = "01912d68-783e-7a03-8467-0000000000ff"
    line = kit.line("weather", record, {"rain": True, "workshop": WORKSHOP})
    verdict = judged(kit.seal(kit.files(lines=[*kit.lines(), line])).build(), kit.trusted)
    assert verdict.outcome is Outcome.ACCEPT, dict(verdict.facts)
    assert verdict.revisions[-1].data == line


def test_a_bundle_with_nothing_recorded_yet_is_accepted(kit: Kit) -> None:
    assert judged(kit.seal(kit.files(lines=[], attachments={})).build(), kit.trusted).outcome is Outcome.ACCEPT


def test_a_number_whose_predecessors_were_never_handed_over_is_accepted(kit: Kit) -> None:
    verdict = judged(kit.seal(kit.files(header={"seq": 3, "void": [1, 2]})).build(), kit.trusted)
    assert verdict.outcome is Outcome.ACCEPT, dict(verdict.facts)


def test_rsa_certificates_that_people_already_own_are_accepted_and_short_ones_not(kit: Kit) -> None:
    for bits, code in ((2048, "accepted"), (1024, "signature-weak")):
        identity, signer = _rsa(bits)
        lines = [line.replace(kit.identity.device.encode(), identity.encode()) for line in kit.lines()]
        bundle = kit.seal(kit.files(lines=lines, header={"device": identity}), sign=signer.sign).build()
        verdict = judged(bundle, frozenset((identity,)))
        assert verdict.code == code, dict(verdict.facts)


def _rsa(bits: int) -> tuple[str, CmsSigner]:
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    key = rsa.generate_private_key(65537, bits)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Somebody")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(1))
        .sign(key, hashes.SHA256())
    )
    spki = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return device_id(spki), CmsSigner(key, certificate.public_bytes(Encoding.DER))  # type: ignore[arg-type]


def test_a_file_that_cannot_be_read_says_nothing_about_the_bundle(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.asice", tmp_path):
        with pytest.raises(UsageRefused) as caught:
            verify_file(path, None)
        assert caught.value.code == "file-unreadable"
        assert caught.value.facts["path"] == str(path)


def test_verification_leaves_no_trace(kit: Kit, honest: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.asice"
    path.write_bytes(honest)
    before = path.stat().st_mtime_ns
    verify_file(path, kit.trusted, keep=True)
    assert [p.name for p in tmp_path.iterdir()] == ["a.asice"]
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (honest, before)


def test_a_large_attachment_is_checked_to_its_last_byte(kit: Kit) -> None:
    """Large ones go through two cores; the rule is the same."""
    big = bytes(range(256)) * 4096 * 5
    name = f"data/attachments/{hashlib.sha256(big).hexdigest()}.bin"
    archive = kit.seal(kit.files(attachments={name: big}))
    assert judged(archive.build(), kit.trusted).outcome is Outcome.ACCEPT
    archive[name].data = big[:-1] + b"\x00"
    assert judged(archive.build(), kit.trusted).code == "digest"
    archive[name].both(crc=1)
    assert judged(archive.build(), kit.trusted).code == "zip-crc"


@settings(max_examples=400)
@given(where=st.floats(0, 1, exclude_max=True), bit=st.integers(1, 255))
def test_no_flipped_byte_is_accepted_with_other_content(kit: Kit, honest: bytes, where: float, bit: int) -> None:
    at = int(where * len(honest))
    flipped = bytearray(honest)
    flipped[at] ^= bit
    verdict = judged(bytes(flipped), kit.trusted)
    assert verdict.outcome is Outcome.REJECT, at


@settings(max_examples=300)
@given(where=st.floats(0, 1, exclude_max=True), bit=st.integers(1, 255))
def test_no_byte_flipped_with_its_crc_repaired_is_accepted_with_other_content(kit: Kit, where: float, bit: int) -> None:
    """The signature's own file may be spelt otherwise and still hold; what it signs may not."""
    archive = kit.honest()
    total = sum(len(m.data) for m in archive.members)
    at = int(where * total)
    for member in archive.members:
        if at < len(member.data):
            break
        at -= len(member.data)
    flipped = bytearray(member.data)
    flipped[at] ^= bit
    member.data = bytes(flipped)
    verdict = judged(archive.build(), kit.trusted)
    if verdict.outcome is Outcome.REJECT:
        return
    assert member.name.decode() == layout.SIGNATURE
    assert verdict.content_id == content_id(kit.honest().build())
    assert [revision.data for revision in verdict.revisions] == kit.lines()


@settings(max_examples=150)
@given(st.binary(max_size=400))
def test_noise_is_refused(kit: Kit, noise: bytes) -> None:
    assert judged(noise, kit.trusted).outcome is Outcome.REJECT
    assert judged(b"PK\x03\x04" + noise, kit.trusted).outcome is Outcome.REJECT
