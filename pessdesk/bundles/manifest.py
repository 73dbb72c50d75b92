"""`ASiCManifest.xml` (ETSI EN 319 162-1, annex A.4) and the BagIt manifest (RFC 8493, 2.1.3), written by template.

The reader takes exactly what the writer would have written: it reads lines, makes the text anew from what it read and
compares. No XML parser, so no DTD, no entity, no other spelling of the same reference.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping

from pessdesk.bundles import layout
from pessdesk.domain.errors import BundleRefused

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<asic:ASiCManifest xmlns:asic="http://uri.etsi.org/02918/v1.2.1#"'
    ' xmlns:ds="http://www.w3.org/2000/09/xmldsig#">\n'
    f'<asic:SigReference URI="{layout.SIGNATURE}" MimeType="application/pkcs7-signature"/>\n'
)
_TAIL = "</asic:ASiCManifest>\n"
_LINE = re.compile(
    r'<asic:DataObjectReference URI="([A-Za-z0-9./-]{1,120})" MimeType="([a-z0-9.+/-]{1,80})">'
    r'<ds:DigestMethod Algorithm="http://www\.w3\.org/2001/04/xmlenc#sha256"/>'
    r"<ds:DigestValue>([A-Za-z0-9+/]{43}=)</ds:DigestValue></asic:DataObjectReference>"
)


def manifest(digests: Mapping[str, str]) -> bytes:
    """The manifest of files and their SHA-256 (hex), in the order of their names."""
    lines = [
        f'<asic:DataObjectReference URI="{name}" MimeType="{layout.media_type(name)}">'
        '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>'
        f"<ds:DigestValue>{base64.b64encode(bytes.fromhex(digests[name])).decode()}</ds:DigestValue>"
        "</asic:DataObjectReference>\n"
        for name in sorted(digests)
    ]
    return (_HEAD + "".join(lines) + _TAIL).encode("ascii")


def read_manifest(data: bytes) -> dict[str, str]:
    """The files and digests that a manifest names, or `BundleRefused`."""
    try:
        text = data.decode("ascii")
    except UnicodeDecodeError:
        raise BundleRefused("manifest-form", line=1) from None
    if not (text.startswith(_HEAD) and text.endswith(_TAIL)):
        raise BundleRefused("manifest-form", line=1)
    digests: dict[str, str] = {}
    for number, line in enumerate(text[len(_HEAD) : -len(_TAIL)].splitlines(), start=4):
        found = _LINE.fullmatch(line)
        if not found or found[1] in digests:
            raise BundleRefused("manifest-form", line=number)
        try:
            digests[found[1]] = base64.b64decode(found[3], validate=True).hex()
        except binascii.Error:
            raise BundleRefused("manifest-form", line=number) from None
    if manifest(digests) != data:
        raise BundleRefused("manifest-form", line=0)
    return digests


def bag_manifest(digests: Mapping[str, str]) -> bytes:
    """BagIt's manifest of the payload (`data/`)."""
    return "".join(f"{digests[name]}  {name}\n" for name in sorted(digests) if name.startswith("data/")).encode()


def bag_info(*, identifier: str, created: str, octets: int, files: int) -> bytes:
    return (
        f"Bagging-Date: {created[:10]}\nExternal-Identifier: {identifier}\nPayload-Oxum: {octets}.{files}\n"
    ).encode()
