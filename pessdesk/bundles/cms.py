"""The signature: CAdES-B (ETSI EN 319 122-1, RFC 5652), detached, one signer. The only module that knows pyHanko.

Signing is pyHanko's. Checking is done here on the parsed structure, because the rule is narrower than any library's:
one signer, SHA-2, ECDSA on a NIST curve or RSA of at least 2048 bits, signing-certificate-v2 naming the embedded
certificate, no unsigned attributes, nothing after the DER. Whose key it is, is not judged here.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pessdesk.domain.errors import BundleRefused

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

_DIGESTS = ("sha256", "sha384", "sha512")
_CURVES = ("secp256r1", "secp384r1", "secp521r1")
_ATTRIBUTES = {"content_type", "message_digest", "signing_certificate_v2", "signing_time"}


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature that holds: the signer's certificate (DER), the device id of its key, the claimed time."""

    certificate: bytes
    device: str
    claimed_time: datetime | None


def device_id(spki: bytes) -> str:
    """A device's id: SHA-256 of its public key as SubjectPublicKeyInfo (DER), in hex."""
    return hashlib.sha256(spki).hexdigest()


class CmsSigner:
    """Signs with a device's key; made once for many bundles, for pyHanko is slow to load."""

    def __init__(self, key: EllipticCurvePrivateKey, certificate: bytes) -> None:
        from asn1crypto import keys, x509
        from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
        from pyhanko.sign.signers import SimpleSigner
        from pyhanko_certvalidator.registry import SimpleCertificateStore

        pkcs8 = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        self._signer = SimpleSigner(
            signing_cert=x509.Certificate.load(certificate),
            signing_key=keys.PrivateKeyInfo.load(pkcs8),
            cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
        )

    def sign(self, data: bytes, at: datetime | None = None) -> bytes:
        """The DER of a detached CAdES-B signature over `data`."""
        import asyncio

        from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes

        settings = PdfCMSSignedAttributes(signing_time=(at or datetime.now(UTC)).replace(microsecond=0))
        signed = asyncio.run(
            self._signer.async_sign_general_data(
                data, "sha256", detached=True, use_cades=True, signed_attr_settings=settings
            )
        )
        return bytes(signed.dump())


def check_signature(signature: bytes, data: bytes) -> Signature:
    """The signer of `data`, or `BundleRefused` with `signature-shape`, `signature-weak` or `signature-wrong`."""
    from asn1crypto import cms, tsp  # tsp tells cms of signing-certificate-v2

    assert tsp.SigningCertificateV2
    try:
        info = cms.ContentInfo.load(signature, strict=True)
        if info["content_type"].native != "signed_data":
            raise BundleRefused("signature-shape", what="content-type")
        if info.dump(force=False) != signature:
            raise BundleRefused("signature-shape", what="encoding")
        return _checked(info["content"], data)
    except BundleRefused:
        raise
    except Exception as problem:
        # WORKAROUND: asn1crypto parses lazily and raises ValueError, TypeError, KeyError, IndexError or its own
        # errors anywhere in a crafted structure: https://github.com/wbond/asn1crypto/issues/172
        raise BundleRefused("signature-shape", what=type(problem).__name__) from None


def _checked(signed: Any, data: bytes) -> Signature:
    signers = signed["signer_infos"]
    if len(signers) != 1:
        raise BundleRefused("signature-shape", what="signers")
    if signed["encap_content_info"]["content_type"].native != "data":
        raise BundleRefused("signature-shape", what="content-type")
    if signed["encap_content_info"]["content"].native is not None:
        raise BundleRefused("signature-shape", what="attached")
    if signed["crls"].native:
        raise BundleRefused("signature-shape", what="crls")
    signer = signers[0]
    raw_attributes = signer["signed_attrs"].contents  # before anything looks inside: as they came
    if signer["unsigned_attrs"].native:
        raise BundleRefused("signature-shape", what="unsigned-attributes")
    digest = signer["digest_algorithm"]["algorithm"].native
    if digest not in _DIGESTS or any(a["algorithm"].native not in _DIGESTS for a in signed["digest_algorithms"]):
        raise BundleRefused("signature-weak", what=str(digest))
    certificate = _signer_certificate(signed, signer)
    attributes = _attributes(signer)
    if attributes["content_type"].native != "data":
        raise BundleRefused("signature-shape", what="content-type")
    if attributes["message_digest"].native != hashlib.new(digest, data).digest():
        raise BundleRefused("signature-wrong")
    _check_signing_certificate(attributes["signing_certificate_v2"], certificate)
    _check_key_signature(signer, digest, certificate, raw_attributes)
    claimed = attributes["signing_time"].native if "signing_time" in attributes else None
    return Signature(certificate.dump(), device_id(certificate.public_key.dump()), claimed)


def _signer_certificate(signed: Any, signer: Any) -> Any:
    if not 1 <= len(signed["certificates"]) <= 10:
        raise BundleRefused("signature-shape", what="certificates")
    wanted = signer["sid"]
    if wanted.name != "issuer_and_serial_number":
        raise BundleRefused("signature-shape", what="signer-id")
    for choice in signed["certificates"]:
        if choice.name != "certificate":
            raise BundleRefused("signature-shape", what="certificates")
        certificate = choice.chosen
        if (
            certificate.serial_number == wanted.chosen["serial_number"].native
            and certificate.issuer.dump() == wanted.chosen["issuer"].dump()
        ):
            return certificate
    raise BundleRefused("signature-shape", what="certificate-missing")


def _attributes(signer: Any) -> dict[str, Any]:
    attributes: dict[str, Any] = {}
    for attribute in signer["signed_attrs"]:
        name = attribute["type"].native
        if name in attributes or len(attribute["values"]) != 1:
            raise BundleRefused("signature-shape", what="attributes")
        attributes[name] = attribute["values"][0]
    if not {"content_type", "message_digest", "signing_certificate_v2"} <= set(attributes) <= _ATTRIBUTES:
        raise BundleRefused("signature-shape", what="attributes")
    return attributes


def _check_signing_certificate(value: Any, certificate: Any) -> None:
    first = value["certs"][0]
    algorithm = first["hash_algorithm"]["algorithm"].native
    if algorithm not in _DIGESTS:
        raise BundleRefused("signature-weak", what=str(algorithm))
    if first["cert_hash"].native != hashlib.new(algorithm, certificate.dump()).digest():
        raise BundleRefused("signature-shape", what="signing-certificate")


def _check_key_signature(signer: Any, digest: str, certificate: Any, raw_attributes: bytes) -> None:
    from asn1crypto import parser
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

    algorithm = signer["signature_algorithm"]
    hash_algorithm = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}[digest]
    # RFC 5652, 5.4: signed as SET OF, although they stand under an implicit [0]; the very bytes, not a new encoding.
    signed_bytes = parser.emit(0, 1, 17, raw_attributes)
    try:
        key = serialization.load_der_public_key(certificate.public_key.dump())
        if isinstance(key, ec.EllipticCurvePublicKey):
            if key.curve.name not in _CURVES or algorithm["algorithm"].native != f"{digest}_ecdsa":
                raise BundleRefused("signature-weak", what=str(algorithm["algorithm"].native))
            key.verify(signer["signature"].native, signed_bytes, ec.ECDSA(hash_algorithm))
        elif isinstance(key, rsa.RSAPublicKey):
            if key.key_size < 2048 or algorithm["algorithm"].native not in (
                f"{digest}_rsa",
                "rsassa_pkcs1v15",
            ):
                raise BundleRefused("signature-weak", what=f"RSA {key.key_size}")
            key.verify(signer["signature"].native, signed_bytes, padding.PKCS1v15(), hash_algorithm)
        else:
            raise BundleRefused("signature-weak", what=type(key).__name__)
    except InvalidSignature:
        raise BundleRefused("signature-wrong") from None
    except UnsupportedAlgorithm:
        raise BundleRefused("signature-weak", what="key") from None
