"""Crafted bundles: an honest one with any single thing about it changed, signed anew where the attack signs.

`Kit` holds the keys and makes contents; `Archive` is the ZIP, of which every header field can be set to a lie.
"""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pessdesk.bundles import layout
from pessdesk.bundles.cms import CmsSigner
from pessdesk.bundles.identity import Identity, make_identity
from pessdesk.bundles.manifest import bag_info, bag_manifest, manifest
from pessdesk.records import canonical
from pessdesk.records.envelope import make_revision

WORKSHOP = "01912d68-783e-7a03-8467-000000000001"
FIRST = "01912d68-783e-7a03-8467-000000000002"
SECOND = "01912d68-783e-7a03-8467-000000000003"
FILE = "01912d68-783e-7a03-8467-000000000004"
ACTOR = "01912d68-783e-7a03-8467-0000000000aa"
BUNDLE = "01912d68-783e-7a03-8467-0000000000bb"
PHOTO = b"\xff\xd8\xff\xe0 not really a photo, but bytes are bytes \x00\x01\xff\xd9"
PHOTO_NAME = f"data/attachments/{hashlib.sha256(PHOTO).hexdigest()}.jpg"

_LOCAL = (("version", 10), ("flags", 0), ("method", 0), ("time", 0), ("date", 0x21))
_CENTRAL = (("made", 20), *_LOCAL)


@dataclass
class Member:
    """One entry; `local` and `central` replace fields of its headers, `before` is hidden in front of it."""

    name: bytes
    data: bytes
    local: dict[str, Any] = field(default_factory=dict)
    central: dict[str, Any] = field(default_factory=dict)
    before: bytes = b""
    after: bytes = b""
    listed: bool = True
    shares: int | None = None
    """The offset that the central directory gives it instead of its own."""

    def both(self, **fields: Any) -> None:
        self.local |= fields
        self.central |= fields

    def _fields(self, replaced: dict[str, Any]) -> dict[str, Any]:
        size = len(self.data)
        return {
            "name": self.name,
            "crc": zlib.crc32(self.data),
            "packed": size,
            "size": size,
            "extra": b"",
        } | replaced

    def local_bytes(self) -> bytes:
        f = self._fields(self.local)
        numbers = [f.get(name, usual) for name, usual in _LOCAL]
        rest = (f["crc"], f["packed"], f["size"], len(f["name"]), len(f["extra"]))
        return struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", *numbers, *rest) + bytes(f["name"] + f["extra"])

    def central_bytes(self, offset: int) -> bytes:
        f = self._fields({"comment": b""} | self.central)
        numbers = [f.get(name, usual) for name, usual in _CENTRAL]
        rest = (f["crc"], f["packed"], f["size"], len(f["name"]), len(f["extra"]), len(f["comment"]))
        more = (f.get("disk", 0), f.get("internal", 0), f.get("external", 0), f.get("offset", offset))
        packed = struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\x01\x02", *numbers, *rest, *more)
        return packed + bytes(f["name"] + f["extra"] + f["comment"])


@dataclass
class Archive:
    """A ZIP file about to be written."""

    members: list[Member]
    end: dict[str, int] = field(default_factory=dict)
    prefix: bytes = b""
    before_directory: bytes = b""
    before_end: bytes = b""
    suffix: bytes = b""
    shifted: bool = False
    """Whether offsets count the prefix, as a self-extracting archive's do."""

    def __getitem__(self, name: str) -> Member:
        return next(m for m in self.members if m.name == name.encode())

    def names(self) -> list[str]:
        return [m.name.decode("latin-1") for m in self.members]

    def build(self) -> bytes:
        body = bytearray()
        central = bytearray()
        base = len(self.prefix) if self.shifted else 0
        listed = 0
        for member in self.members:
            body += member.before
            offset = base + len(body) if member.shares is None else member.shares
            body += member.local_bytes() + member.data + member.after
            if member.listed:
                listed += 1
                central += member.central_bytes(offset)
        body += self.before_directory
        usual = {"disk": 0, "cd_disk": 0, "here": listed, "total": listed, "size": len(central)}
        usual |= {"start": base + len(body), "comment": 0}
        f = usual | self.end
        end = struct.pack(
            "<4sHHHHIIH",
            b"PK\x05\x06",
            *(f[k] for k in ("disk", "cd_disk", "here", "total", "size", "start", "comment")),
        )
        return self.prefix + bytes(body + central) + self.before_end + end + self.suffix


def zipped(files: Iterable[tuple[str, bytes]]) -> Archive:
    return Archive([Member(name.encode(), data) for name, data in files])


class Kit:
    """Two laptops' keys (slow to make: once a session) and honest contents to start from."""

    def __init__(self) -> None:
        self.identity = make_identity("Taula 3")
        self.other_identity = make_identity("Taula 4")
        self.signer: CmsSigner = self.identity.signer()
        self.other_signer: CmsSigner = self.other_identity.signer()

    @property
    def trusted(self) -> frozenset[str]:
        return frozenset((self.identity.device,))

    # -- revisions --

    def line(self, kind: str, record: str, content: dict[str, Any], **changes: Any) -> bytes:
        fields: dict[str, Any] = {
            "kind": kind,
            "record": record,
            "parents": (),
            "device": self.identity.device,
            "epoch": 1,
            "counter": 1,
            "hlc": "0191000000000000",
            "actor": ACTOR,
            "content": content,
        }
        return make_revision(**(fields | changes)).data

    def lines(self, identity: Identity | None = None) -> list[bytes]:
        """A workshop, two contributions and a photo beside the first."""
        device = (identity or self.identity).device
        code = "PESS-04-260312-7K"
        workshop = {"programme": "", "code": code, "title": "Sessió", "date": "2026-03-12", "comarca": "04"}
        first = {
            "workshop": WORKSHOP,
            "code": f"{code}-AB001",
            "text": "Més col·legis, l’hort i «tot»",
            "kind": "need",
        }
        second = {"workshop": WORKSHOP, "code": f"{code}-AB002", "text": "Transport a la comarca"}
        photo = {
            "workshop": WORKSHOP,
            "subject": FIRST,
            "sha256": hashlib.sha256(PHOTO).hexdigest(),
            "extension": "jpg",
            "size": len(PHOTO),
            "media_type": "image/jpeg",
            "name": "pissarra.jpg",
        }
        return [
            self.line("workshop", WORKSHOP, workshop, device=device),
            self.line("contribution", FIRST, first, device=device, counter=2),
            self.line("contribution", SECOND, second, device=device, counter=3),
            self.line("attachment", FILE, photo, device=device, counter=4),
        ]

    def header(self, lines: Iterable[bytes] = (), **changes: Any) -> dict[str, Any]:
        counts: dict[str, int] = {}
        for line in lines:
            try:
                kind = json.loads(line)["kind"]
            except (ValueError, KeyError, TypeError, RecursionError):
                continue
            counts[str(kind)] = counts.get(str(kind), 0) + 1
        return {
            "schema": "pessdesk-bundle",
            "version": 1,
            "id": BUNDLE,
            "kind": "export",
            "epoch": 1,
            "seq": 1,
            "device": self.identity.device,
            "created": "2026-03-12T18:30:00Z",
            "application": "0.1.0",
            "counts": counts,
            "workshop": WORKSHOP,
            "workshop_code": "PESS-04-260312-7K",
            "comarca": "04",
            "languages": ["ca"],
        } | changes

    # -- bundles --

    def files(
        self,
        *,
        lines: list[bytes] | None = None,
        revisions: bytes | None = None,
        header: dict[str, Any] | None = None,
        header_bytes: bytes | None = None,
        attachments: dict[str, bytes] | None = None,
        relayed: dict[str, bytes] | None = None,
        tags: dict[str, bytes] | None = None,
        extra: dict[str, bytes] | None = None,
    ) -> dict[str, bytes]:
        """What is signed, honest but for what is given. `tags` replace BagIt's files, `extra` adds signed files."""
        lines = self.lines() if lines is None else lines
        head = self.header(lines, **(header or {}))
        files = {
            layout.HEADER: canonical.encode(head) if header_bytes is None else header_bytes,
            layout.REVISIONS: b"".join(line + b"\n" for line in lines) if revisions is None else revisions,
        }
        files |= {PHOTO_NAME: PHOTO} if attachments is None else attachments
        files |= {f"data/relayed/{name}.asice": data for name, data in (relayed or {}).items()}
        payload = {name: data for name, data in files.items() if name.startswith("data/")}
        files[layout.BAGIT] = layout.BAGIT_CONTENT
        files[layout.BAG_MANIFEST] = bag_manifest({n: hashlib.sha256(d).hexdigest() for n, d in payload.items()})
        files[layout.BAG_INFO] = bag_info(
            identifier=str(head["id"]),
            created=str(head["created"]),
            octets=sum(map(len, payload.values())),
            files=len(payload),
        )
        return files | (tags or {}) | (extra or {})

    def seal(
        self,
        files: dict[str, bytes],
        *,
        manifest_edit: Callable[[bytes], bytes] | None = None,
        sign: Callable[[bytes], bytes] | None = None,
    ) -> Archive:
        """`files` with mimetype, manifest and signature; `manifest_edit` comes before signing."""
        listed = manifest({name: hashlib.sha256(data).hexdigest() for name, data in files.items()})
        if manifest_edit:
            edited = manifest_edit(listed)
            assert edited != listed, "the edit did not change the manifest"
            listed = edited
        signature = (sign or self.signer.sign)(listed)
        return zipped(
            [
                (layout.MIMETYPE, layout.MIMETYPE_CONTENT),
                *files.items(),
                (layout.MANIFEST, listed),
                (layout.SIGNATURE, signature),
            ]
        )

    @cached_property
    def _honest(self) -> tuple[tuple[str, bytes], ...]:
        return tuple((m.name.decode(), m.data) for m in self.seal(self.files()).members)

    def honest(self) -> Archive:
        """An honest bundle, signed once: for attacks on the container."""
        return zipped(self._honest)

    def by_other(self, **given: Any) -> bytes:
        """An honest bundle of the other laptop, without attachments unless given."""
        given = {"lines": self.lines(self.other_identity)[:3], "attachments": {}} | given
        header = {"device": self.other_identity.device} | given.pop("header", {})
        return self.seal(self.files(header=header, **given), sign=self.other_signer.sign).build()


def content_id(bundle: bytes) -> str:
    """The content id of an honest bundle's bytes."""
    start = bundle.index(b"<?xml")
    end = bundle.index(b"</asic:ASiCManifest>\n") + len(b"</asic:ASiCManifest>\n")
    return hashlib.sha256(bundle[start:end]).hexdigest()


# -- signatures by hand --


def cms_by_hand(
    identity: Identity,
    data: bytes,
    *,
    digest: str = "sha256",
    attached: bool = False,
    signers: int = 1,
    embedded: bytes | None = None,
    without: str = "",
    cert_hash: bytes | None = None,
    unsigned: bool = False,
    key: Any = None,
) -> bytes:
    """A CMS signature over `data` with one thing about it changed."""
    from asn1crypto import algos, cms, core, tsp, x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    certificate = x509.Certificate.load(embedded or identity.certificate)
    hash_algorithm = {"sha1": hashes.SHA1(), "sha256": hashes.SHA256(), "sha512": hashes.SHA512()}[digest]
    named = cert_hash or hashlib.sha256(certificate.dump()).digest()
    signing = tsp.SigningCertificateV2({"certs": [{"hash_algorithm": {"algorithm": "sha256"}, "cert_hash": named}]})
    attributes = cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": name, "values": [value]})
            for name, value in (
                ("content_type", "data"),
                ("message_digest", hashlib.new(digest, data).digest()),
                ("signing_certificate_v2", signing),
            )
            if name != without
        ]
    )
    to_sign = attributes.dump()
    info: dict[str, Any] = {
        "version": "v1",
        "sid": cms.SignerIdentifier(
            "issuer_and_serial_number",
            {"issuer": certificate.issuer, "serial_number": certificate.serial_number},
        ),
        "digest_algorithm": algos.DigestAlgorithm({"algorithm": digest}),
        "signed_attrs": attributes,
        "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": f"{digest}_ecdsa"}),
        "signature": (key or identity.key).sign(to_sign, ec.ECDSA(hash_algorithm)),
    }
    if unsigned:
        info["unsigned_attrs"] = [
            cms.CMSAttribute({"type": "2.5.4.13", "values": [core.Any(core.UTF8String("anything"))]})
        ]
    infos = [cms.SignerInfo(info)]
    if signers == 2:
        infos.append(
            cms.SignerInfo(info | {"signature": (key or identity.key).sign(to_sign, ec.ECDSA(hash_algorithm))})
        )
    elif signers == 0:
        infos = []
    encapsulated: dict[str, Any] = {"content_type": "data"}
    if attached:
        encapsulated["content"] = data
    signed = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [algos.DigestAlgorithm({"algorithm": digest})],
            "encap_content_info": encapsulated,
            "certificates": [cms.CertificateChoices("certificate", certificate)],
            "signer_infos": infos,
        }
    )
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump())
