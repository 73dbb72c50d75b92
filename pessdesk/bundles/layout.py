"""What stands where in a bundle, and how large it may be. Names come from this list; none is ever made from input."""

from __future__ import annotations

import re

MIMETYPE = "mimetype"
MIMETYPE_CONTENT = b"application/vnd.etsi.asic-e+zip"
BAGIT = "bagit.txt"
BAGIT_CONTENT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
BAG_INFO = "bag-info.txt"
BAG_MANIFEST = "manifest-sha256.txt"
HEADER = "data/bundle.json"
REVISIONS = "data/records/revisions.jsonl"
MANIFEST = "META-INF/ASiCManifest.xml"
SIGNATURE = "META-INF/signature001.p7s"
REQUIRED = (MIMETYPE, HEADER, REVISIONS, BAGIT, BAG_INFO, BAG_MANIFEST, MANIFEST, SIGNATURE)

ATTACHMENT = re.compile(r"data/attachments/([0-9a-f]{64}\.[a-z0-9]{1,8})")
RELAYED = re.compile(r"data/relayed/([0-9a-f]{64})\.asice")

MAX_SIZE = 2 * 1024**3
MAX_ENTRIES = 20_000
MAX_MANIFEST = 16 * 1024**2
MAX_SIGNATURE = 256 * 1024
MAX_HEADER = 1024**2
MAX_REVISIONS = 512 * 1024**2

MEDIA_TYPES = {
    "json": "application/json", "jsonl": "application/jsonl", "txt": "text/plain", "jpg": "image/jpeg",
    "jpeg": "image/jpeg", "png": "image/png", "heic": "image/heic", "webp": "image/webp", "pdf": "application/pdf",
    "asice": "application/vnd.etsi.asic-e+zip",
}  # fmt: skip


def allowed(name: str) -> bool:
    """Whether a bundle may hold an entry of that name."""
    return name in REQUIRED or bool(ATTACHMENT.fullmatch(name) or RELAYED.fullmatch(name))


def media_type(name: str) -> str:
    return MEDIA_TYPES.get(name.rpartition(".")[2], "application/octet-stream")
