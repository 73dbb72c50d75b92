"""A laptop's key and its card, and the folder of cards that a store trusts.

The key is ECDSA P-256 in a provisional self-signed certificate (2 years, not-before back-dated 2 days, because
clocks of laptops that just woke up are late). A *card* is that certificate as PEM: others add it to their trust.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from pessdesk.application import ports
from pessdesk.application.durable import make_folder, sync_folder
from pessdesk.bundles.cms import CmsSigner, device_id
from pessdesk.domain.errors import InputRefused, StoreUnusable

if TYPE_CHECKING:
    from collections.abc import Callable

    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

MAX_CARD = 64 * 1024


def fingerprint(device: str) -> str:
    """The first 20 hex digits of a device id in groups of five, to be read over the phone."""
    digits = device[:20].upper()
    return " ".join(digits[i : i + 5] for i in range(0, 20, 5))


@dataclass(frozen=True, slots=True)
class Identity:
    """Who this laptop is. `certificate` is DER."""

    device: str
    certificate: bytes
    key: EllipticCurvePrivateKey

    def signer(self) -> CmsSigner:
        return CmsSigner(self.key, self.certificate)

    def card(self) -> bytes:
        return to_pem(self.certificate)

    def pem(self) -> bytes:
        """Key and certificate in one file, for `load_identity`."""
        from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + self.card()


def to_pem(certificate: bytes) -> bytes:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    return x509.load_der_x509_certificate(certificate).public_bytes(Encoding.PEM)


def make_identity(label: str, now: datetime | None = None) -> Identity:
    """A new key and its provisional certificate, named by the start of its fingerprint: no person's name in it."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    now = (now or datetime.now(UTC)).replace(microsecond=0)
    key = ec.generate_private_key(ec.SECP256R1())
    device = device_id(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    name = x509.Name(
        [
            x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "PessDesk"),
            x509.NameAttribute(x509.NameOID.ORGANIZATIONAL_UNIT_NAME, label[:60] or "PessDesk"),
            x509.NameAttribute(x509.NameOID.COMMON_NAME, fingerprint(device)),
        ]
    )
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now + timedelta(days=730))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Identity(device, certificate.public_bytes(Encoding.DER), key)


def load_identity(path: Path, opener: Callable[[Path], BinaryIO]) -> Identity:
    """The identity of a store, or `StoreUnusable` when its file is missing or damaged. `opener` reads the store's files."""
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

    try:
        with opener(path) as file:
            pem = file.read()
        key = load_pem_private_key(pem, password=None)
        certificate = x509.load_pem_x509_certificate(pem)
    except FileNotFoundError:
        raise StoreUnusable("device-key-missing", path=str(path)) from None
    except (ValueError, TypeError):  # TypeError: under a password
        raise StoreUnusable("device-key-damaged", path=str(path)) from None
    spki = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
        raise StoreUnusable("device-key-damaged", path=str(path))
    return Identity(device_id(spki), certificate.public_bytes(Encoding.DER), key)


@dataclass(frozen=True, slots=True)
class Card:
    """A device's certificate as read from a file: `device` is its id, `label` the name the laptop gave itself."""

    device: str
    label: str
    pem: bytes


def read_card(data: bytes, source: str) -> Card:
    """A card from PEM or DER, or `InputRefused`."""
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    if len(data) > MAX_CARD:
        raise InputRefused("card-wrong", path=source)
    try:
        certificate = (
            x509.load_pem_x509_certificate(data) if b"-----BEGIN" in data else x509.load_der_x509_certificate(data)
        )
        spki = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        units = certificate.subject.get_attributes_for_oid(x509.NameOID.ORGANIZATIONAL_UNIT_NAME)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise InputRefused("card-wrong", path=source) from None
    label = str(units[0].value) if units else ""
    label = "".join(c for c in label if c.isprintable())[:60]
    return Card(device_id(spki), label, certificate.public_bytes(Encoding.PEM))


class TrustFolder:
    """The cards of a folder (`*.pem`, `*.crt`, `*.cer`); a file that is no card is refused by name, never skipped."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def cards(self) -> dict[str, Card]:
        """Cards by device id."""
        found: dict[str, Card] = {}
        for path in sorted(self.folder.iterdir()) if self.folder.is_dir() else ():
            if path.suffix.lower() in (".pem", ".crt", ".cer") and path.is_file():
                card = read_card(path.read_bytes(), str(path))
                found[card.device] = card
        return found

    def devices(self) -> frozenset[str]:
        return frozenset(self.cards())

    def add(self, card: ports.Card) -> bool:
        """Keep a card under its device id; False when it was there already."""
        target = self.folder / f"{card.device}.pem"
        if card.device in self.cards():
            return False
        make_folder(self.folder)
        partial = target.with_suffix(".part")
        with partial.open("wb") as file:
            file.write(card.pem)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)
        sync_folder(self.folder)
        return True
