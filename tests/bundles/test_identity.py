"""A laptop's key, its card, and the folder of cards that is trusted."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pessdesk.bundles.identity import (
    MAX_CARD,
    TrustFolder,
    fingerprint,
    load_identity,
    make_identity,
    read_card,
)
from pessdesk.bundles.zipped import open_plain
from pessdesk.domain.errors import InputRefused, StoreUnusable
from tests.bundles.craft import Kit


def test_a_fingerprint_is_four_groups_of_five_to_read_aloud(kit: Kit) -> None:
    shown = fingerprint(kit.identity.device)
    assert [len(group) for group in shown.split()] == [5, 5, 5, 5]
    assert kit.identity.device.upper().startswith(shown.replace(" ", ""))


def test_two_laptops_are_never_the_same(kit: Kit) -> None:
    assert kit.identity.device != kit.other_identity.device


def test_an_identity_comes_back_from_its_file_as_it_was(kit: Kit, tmp_path: Path) -> None:
    path = tmp_path / "device.pem"
    path.write_bytes(kit.identity.pem())
    back = load_identity(path, open_plain)
    assert (back.device, back.certificate) == (kit.identity.device, kit.identity.certificate)
    assert back.key.private_numbers() == kit.identity.key.private_numbers()


def test_a_missing_or_damaged_identity_is_said_by_name(kit: Kit, tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

    path = tmp_path / "device.pem"
    with pytest.raises(StoreUnusable) as caught:
        load_identity(path, open_plain)
    assert caught.value.code == "device-key-missing"
    path.write_bytes(kit.identity.pem())
    whole = path.read_bytes()
    locked = kit.identity.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret"))
    start = whole.index(b"-----BEGIN CERT")
    for damaged in (
        b"",
        b"hello",
        whole[:100],
        whole[:start],
        whole[start:],
        whole[:start] + kit.other_identity.card(),
        locked + whole[start:],
    ):
        path.write_bytes(damaged)
        with pytest.raises(StoreUnusable) as caught:
            load_identity(path, open_plain)
        assert caught.value.code == "device-key-damaged"


def test_a_card_says_the_laptops_name_and_nothing_that_could_harm_a_screen(kit: Kit) -> None:
    card = read_card(kit.identity.card(), "card")
    assert (card.device, card.label) == (kit.identity.device, "Taula 3")
    assert read_card(kit.identity.certificate, "card") == card
    odd = make_identity("Taula\u202e\x1b[31m 3")
    assert read_card(odd.card(), "card").label == "Taula[31m 3"


def test_a_long_or_missing_label_still_makes_a_card() -> None:
    assert read_card(make_identity("x" * 500).card(), "card").label == "x" * 60
    assert read_card(make_identity("").card(), "card").label == "PessDesk"


def test_what_is_no_card_is_refused(kit: Kit) -> None:
    for data in (
        b"",
        b"hello",
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        kit.identity.certificate[:-1],
        b"\0" * (MAX_CARD + 1),
    ):
        with pytest.raises(InputRefused) as caught:
            read_card(data, "from.pem")
        assert (caught.value.code, caught.value.facts["path"]) == ("card-wrong", "from.pem")


def test_a_laptop_whose_clock_is_two_days_late_still_makes_a_valid_certificate() -> None:
    from cryptography import x509

    now = datetime(2026, 3, 12, 12, tzinfo=UTC)
    certificate = x509.load_der_x509_certificate(make_identity("x", now).certificate)
    assert certificate.not_valid_before_utc <= datetime(2026, 3, 10, 12, tzinfo=UTC)
    assert certificate.not_valid_after_utc > datetime(2028, 3, 1, tzinfo=UTC)


def test_a_trust_folder_keeps_each_card_once(kit: Kit, tmp_path: Path) -> None:
    folder = TrustFolder(tmp_path / "trust")
    assert folder.devices() == frozenset()
    card = read_card(kit.identity.card(), "card")
    assert folder.add(card)
    assert not folder.add(card)
    assert folder.add(read_card(kit.other_identity.card(), "card"))
    assert folder.devices() == {kit.identity.device, kit.other_identity.device}
    assert folder.cards()[kit.identity.device] == card
    assert sorted(p.suffix for p in (tmp_path / "trust").iterdir()) == [".pem", ".pem"]


def test_a_trust_folder_with_a_file_that_is_no_card_is_refused_by_name(kit: Kit, tmp_path: Path) -> None:
    (tmp_path / "readme.txt").write_text("ignored")
    (tmp_path / "broken.pem").write_text("hello")
    with pytest.raises(InputRefused) as caught:
        TrustFolder(tmp_path).devices()
    assert "broken.pem" in str(caught.value.facts["path"])
