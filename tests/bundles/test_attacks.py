"""Every crafted file is refused with its code; none crashes the road, and none gives its contents away."""

from __future__ import annotations

import hashlib
import io
import json
import re
import struct
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from pessdesk.application.bundle import Outcome, PlacedFile, Verdict
from pessdesk.bundles import layout
from pessdesk.bundles.verify import verify
from pessdesk.records import canonical
from tests.bundles.craft import (
    ACTOR,
    FIRST,
    PHOTO,
    PHOTO_NAME,
    WORKSHOP,
    Archive,
    Kit,
    Member,
    cms_by_hand,
    content_id,
    zipped,
)

Attack = Callable[[Kit], bytes]
ATTACKS: dict[str, tuple[Attack, str]] = {}


def attack(name: str, code: str) -> Callable[[Attack], Attack]:
    def keep(make: Attack) -> Attack:
        assert name not in ATTACKS
        ATTACKS[name] = (make, code)
        return make

    return keep


def judged(data: bytes, kit: Kit) -> Verdict:
    return verify(io.BytesIO(data), PlacedFile(0, len(data)), kit.trusted, keep=True)


# -- the container ---------------------------------------------------------------------------------------------------


def on_container(name: str, code: str, change: Callable[[Archive], object]) -> None:
    def make(kit: Kit) -> bytes:
        archive = kit.honest()
        change(archive)
        return archive.build()

    attack(name, code)(make)


def fields(**changes: Any) -> Callable[[Archive], object]:
    return lambda archive: archive.__dict__.update(changes)


def member(name: str, where: str, /, **changes: Any) -> Callable[[Archive], object]:
    def change(archive: Archive) -> None:
        found = archive[name]
        for side in ("local", "central") if where == "both" else (where,):
            getattr(found, side).update(changes)

    return change


def added(name: bytes, data: bytes = b"hello", /, **both: Any) -> Callable[[Archive], object]:
    def change(archive: Archive) -> None:
        archive.members.append(Member(name, data, local=dict(both), central=dict(both)))

    return change


def lying(key: str, by: int) -> Callable[[Archive], object]:
    """The end record says `by` more than is true."""

    def change(archive: Archive) -> None:
        built = archive.build()
        names = ("disk", "cd_disk", "here", "total", "size", "start", "comment")
        archive.end[key] = struct.unpack("<HHHHIIH", built[-18:])[names.index(key)] + by

    return change


ATTACKS["empty file"] = (lambda _: b"", "empty")
ATTACKS["not a ZIP"] = (lambda _: b"%PDF-1.7\n" + b"x" * 5000, "not-zip")
ATTACKS["one byte"] = (lambda _: b"P", "not-zip")
ATTACKS["a ZIP with nothing in it"] = (lambda _: zipped([]).build(), "not-zip")
ATTACKS["two archives glued"] = (lambda kit: kit.honest().build() * 2, "zip-directory")
ATTACKS["two archives glued, an honest one last"] = (
    lambda kit: zipped([(layout.MIMETYPE, b"x")]).build() + kit.honest().build(),
    "zip-directory",
)

on_container("prefixed bytes", "not-zip", fields(prefix=b"MZ"))
on_container("prefixed bytes, offsets shifted", "not-zip", fields(prefix=b"#!/bin/sh\n", shifted=True))
on_container("prefixed local magic, offsets shifted", "zip-tiling", fields(prefix=b"PK\x03\x04", shifted=True))
on_container("trailing bytes", "zip-end", fields(suffix=b"\n"))
on_container("trailing zeros", "zip-end", fields(suffix=b"\0" * 512))
on_container("comment", "zip-end", fields(end={"comment": 5}, suffix=b"hello"))
on_container("comment announced but absent", "zip-end", fields(end={"comment": 5}))
on_container("second end record", "zip-directory", lambda a: a.__dict__.update(suffix=a.build()[-22:]))
on_container(
    "end record inside a comment",
    "zip-directory",
    lambda a: a.__dict__.update(end={"comment": 22}, suffix=a.build()[-22:]),
)
on_container("other disk", "zip-end", fields(end={"disk": 1}))
on_container("directory on another disk", "zip-end", fields(end={"cd_disk": 1}))
on_container("one entry more is counted", "zip-end", lying("total", 1))
on_container("one entry fewer here", "zip-end", lying("here", -1))
on_container("both counts one more", "zip-directory", lambda a: (lying("total", 1)(a), lying("here", 1)(a)))
on_container("both counts one fewer", "zip-tiling", lambda a: (lying("total", -1)(a), lying("here", -1)(a)))
on_container("counts of zero", "zip-directory", fields(end={"here": 0, "total": 0}))
on_container("counts of 65535", "too-many", fields(end={"here": 65535, "total": 65535}))
on_container("directory larger than said", "zip-directory", lying("size", -1))
on_container("directory smaller than said", "zip-directory", lying("size", 1))
on_container("directory starts elsewhere", "zip-directory", lying("start", 1))
on_container("directory starts inside the entries", "zip-name", lambda a: (lying("start", -8)(a), lying("size", 8)(a)))
on_container("zip64 end record", "zip-directory", fields(before_end=b"PK\x06\x06" + b"\0" * 52))
on_container("zip64 locator", "zip-directory", fields(before_end=b"PK\x06\x07" + b"\0" * 16))
on_container(
    "zip64 marks in the end record",
    "too-many",
    fields(end={"here": 0xFFFF, "total": 0xFFFF, "size": 2**32 - 1}),
)
on_container("gap before the directory", "zip-tiling", fields(before_directory=b"hidden"))
on_container("signature block after the directory", "zip-directory", fields(before_end=b"PK\x05\x05\x00\x00"))

H, R = layout.HEADER, layout.REVISIONS
on_container("gap between entries", "zip-tiling", lambda a: a[R].__dict__.update(before=b"hidden"))
on_container("gap before the first entry", "not-zip", lambda a: a.members[0].__dict__.update(before=b"hidden"))
on_container("hidden entry", "zip-tiling", lambda a: a[H].__dict__.update(listed=False))
on_container("two names for one entry", "zip-tiling", lambda a: a[R].__dict__.update(shares=31 + 38))
on_container("overlap", "zip-tiling", member(H, "central", packed=10**4, size=10**4))
on_container("entry that reaches beyond the file", "zip-tiling", member(H, "both", packed=2**31, size=2**31))
on_container("offset beyond the file", "zip-tiling", member(H, "central", offset=2**32 - 1))
on_container(
    "entries in another order than listed",
    "zip-tiling",
    lambda a: (
        a.__dict__.update(members=[*a.members[:1], *a.members[2:], a.members[1]])
        or a.members[1].__dict__.update(shares=0)
    ),
)

on_container("local name differs", "zip-local", member(H, "local", name=b"data/bundle.jsoN"))
on_container("local name is longer", "zip-local", member(H, "local", name=b"data/bundle.json2"))
on_container("local CRC differs", "zip-local", member(H, "local", crc=1))
on_container("local size differs", "zip-local", member(H, "local", size=1))
on_container("local packed size differs", "zip-local", member(H, "local", packed=1))
on_container("local method differs", "zip-local", member(H, "local", method=8))
on_container("local flags differ", "zip-local", member(H, "local", flags=1))
on_container("local date differs", "zip-local", member(H, "local", date=0x22))
on_container("local version differs", "zip-local", member(H, "local", version=20))
on_container("local extra field", "zip-local", member(H, "local", extra=b"\x01\x00\x00\x00"))
on_container(
    "local extra length without the field",
    "zip-local",
    lambda a: a[H].__dict__.update(
        local={"extra": b"abcd"},
        data=a[H].data[4:],
        central={"size": len(a[H].data), "packed": len(a[H].data)},
    ),
)
on_container("central method differs", "zip-method", member(H, "central", method=8))
on_container("deflate", "zip-method", member(H, "both", method=8))
on_container("packed size is not the size", "zip-method", member(H, "both", packed=4))
on_container("encrypted", "zip-flags", member(H, "both", flags=1))
on_container("data descriptor", "zip-flags", member(H, "both", flags=8))
on_container("UTF-8 flag", "zip-flags", member(H, "both", flags=0x800))
on_container("strong encryption flag", "zip-flags", member(H, "both", flags=0x2041))
on_container("extra field", "zip-extra", member(H, "both", extra=b"\x75\x70\x00\x00"))
on_container("zip64 extra field", "zip-extra", member(H, "central", extra=b"\x01\x00\x08\x00" + b"\0" * 8))
on_container("entry comment", "zip-extra", member(H, "central", comment=b"hello"))
on_container("date", "zip-date", member(H, "both", date=0x5C6C))
on_container("time", "zip-date", member(H, "both", time=1))
on_container("symbolic link", "zip-attributes", member(H, "central", external=0o120777 << 16, made=0x0314))
on_container("folder attribute", "zip-attributes", member(H, "central", external=0x10))
on_container("made by Unix", "zip-attributes", member(H, "central", made=0x0314))
on_container("text attribute", "zip-attributes", member(H, "central", internal=1))
on_container("entry on another disk", "zip-attributes", member(H, "central", disk=1))
on_container("needs version 4.5", "zip-attributes", member(H, "both", version=45))
on_container("CRC wrong in both headers", "zip-crc", member(R, "both", crc=1))
on_container("CRC of the mimetype wrong", "zip-crc", member(layout.MIMETYPE, "both", crc=1))
on_container("CRC of an attachment wrong", "zip-crc", member(PHOTO_NAME, "both", crc=1))

NAMES = {
    "parent": b"../../etc/passwd",
    "parent inside": b"data/../mimetype2",
    "absolute": b"/etc/passwd",
    "dot": b"./mimetype",
    "backslash": b"data\\bundle.json",
    "drive": b"C:/data/bundle.json",
    "share": b"//host/share/x",
    "device": b"data/NUL",
    "device with extension": b"data/attachments/con.txt",
    "NUL": b"mimetype\0.exe",
    "stream": b"data/bundle.json:evil",
    "bidi": "data/\u202egpj.exe".encode(),
    "look-alike": "d\u0430ta/bundle.json".encode(),
    "empty": b"",
    "folder": b"data/",
    "line feed": b"mimetype\n",
    "trailing dot": b"mimetype.",
    "trailing space": b"mimetype ",
    "long": b"a" * 65000,
    "other case of an extension": PHOTO_NAME.encode()[:-3] + b"JPG",
    "other file": b"data/records/more.jsonl",
    "attachment without extension": PHOTO_NAME.encode()[:-4],
    "second signature": b"META-INF/signature002.p7s",
    "script": b"data/run.sh",
    "glob": b"data/*",
    "container.xml": b"META-INF/container.xml",
    "high bytes": b"\xff\xfe",
}
for _what, _name in NAMES.items():
    # 65 000 bytes of name make the directory larger than any honest one
    on_container(f"name: {_what}", "zip-directory" if _what == "long" else "zip-name", added(_name))
on_container("name twice", "zip-duplicate", added(b"mimetype", layout.MIMETYPE_CONTENT))
on_container("manifest twice", "zip-duplicate", lambda a: added(layout.MANIFEST.encode(), a[layout.MANIFEST].data)(a))
on_container(
    "signature twice",
    "zip-duplicate",
    lambda a: added(layout.SIGNATURE.encode(), a[layout.SIGNATURE].data)(a),
)
on_container("case duplicate", "zip-name", added(b"MIMETYPE", layout.MIMETYPE_CONTENT))
on_container("case duplicate of a folder", "zip-name", added(b"DATA/bundle.json"))
on_container("mimetype not first", "mimetype", lambda a: a.members.append(a.members.pop(0)))
on_container("mimetype absent", "mimetype", lambda a: a.members.pop(0))
on_container(
    "mimetype with a line feed",
    "mimetype",
    lambda a: a.members[0].__dict__.update(data=layout.MIMETYPE_CONTENT + b"\n"),
)
on_container(
    "mimetype of ASiC-S",
    "mimetype",
    lambda a: a.members[0].__dict__.update(data=b"application/vnd.etsi.asic-s+zip"),
)
on_container("mimetype very long", "entry-too-big", lambda a: a.members[0].__dict__.update(data=b"a" * 101))
for _required in layout.REQUIRED[1:]:
    on_container(
        f"without {_required}",
        "entry-missing",
        lambda a, n=_required: a.members.remove(a[n]),  # type: ignore[misc]
    )


@attack("truncated in the middle of the directory", "zip-end")
def _(kit: Kit) -> bytes:
    return kit.honest().build()[:-60]


# -- what is signed --------------------------------------------------------------------------------------------------


def replaced(name: str, old: bytes, new: bytes) -> Callable[[Archive], object]:
    def change(archive: Archive) -> None:
        found = archive[name]
        assert old in found.data
        found.data = found.data.replace(old, new, 1)

    return change


on_container("record changed with CRC repaired", "digest", replaced(R, b"Transport", b"Transpost"))
on_container(
    "record removed with CRC repaired",
    "digest",
    lambda a: a[R].__dict__.update(data=a[R].data.partition(b"\n")[2]),
)
on_container("records emptied", "digest", lambda a: a[R].__dict__.update(data=b""))
on_container("header changed", "digest", replaced(H, b'"seq":1', b'"seq":2'))
on_container("attachment changed", "digest", replaced(PHOTO_NAME, b"bytes", b"BYTES"))
on_container("bagit.txt changed", "digest", replaced(layout.BAGIT, b"UTF-8", b"UTF-7"))
on_container(
    "unsigned attachment added",
    "file-unsigned",
    added(f"data/attachments/{hashlib.sha256(b'hello').hexdigest()}.txt".encode()),
)
on_container("unsigned relayed bundle added", "file-unsigned", added(b"data/relayed/" + b"a" * 64 + b".asice"))
on_container("signed attachment removed", "file-missing", lambda a: a.members.remove(a[PHOTO_NAME]))
on_container("manifest edited", "signature-wrong", replaced(layout.MANIFEST, b"image/jpeg", b"image/jpgg"))
on_container("manifest edited: one line feed more", "signature-wrong", replaced(layout.MANIFEST, b"\n", b"\n\n"))
on_container("signature empty", "signature-shape", lambda a: a[layout.SIGNATURE].__dict__.update(data=b""))
on_container(
    "signature not DER",
    "signature-shape",
    lambda a: a[layout.SIGNATURE].__dict__.update(data=b"-----BEGIN CMS-----"),
)
on_container(
    "signature cut",
    "signature-shape",
    lambda a: a[layout.SIGNATURE].__dict__.update(data=a[layout.SIGNATURE].data[:-1]),
)
on_container(
    "trailing DER",
    "signature-shape",
    lambda a: a[layout.SIGNATURE].__dict__.update(data=a[layout.SIGNATURE].data + b"\x05\x00"),
)
on_container(
    "signature doubled in one file",
    "signature-shape",
    lambda a: a[layout.SIGNATURE].__dict__.update(data=a[layout.SIGNATURE].data * 2),
)
on_container(
    "signature huge",
    "entry-too-big",
    lambda a: a[layout.SIGNATURE].__dict__.update(data=b"\0" * (layout.MAX_SIGNATURE + 1)),
)
on_container(
    "signature nested deeply",
    "signature-shape",
    lambda a: a[layout.SIGNATURE].__dict__.update(data=b"\x30\x80" * 5000),
)


@attack("signature of another bundle", "signature-wrong")
def _(kit: Kit) -> bytes:
    archive = kit.honest()
    archive[layout.SIGNATURE].data = kit.signer.sign(b"another manifest")
    return archive.build()


def signed_by_hand(name: str, code: str, **how: Any) -> None:
    attack(name, code)(lambda kit: kit.seal(kit.files(), sign=lambda d: cms_by_hand(kit.identity, d, **how)).build())


signed_by_hand("two signers", "signature-shape", signers=2)
signed_by_hand("no signer", "signature-shape", signers=0)
signed_by_hand("attached content", "signature-shape", attached=True)
signed_by_hand("SHA-1", "signature-weak", digest="sha1")
signed_by_hand("unsigned attributes", "signature-shape", unsigned=True)
signed_by_hand("no signing certificate", "signature-shape", without="signing_certificate_v2")
signed_by_hand("no message digest", "signature-shape", without="message_digest")
signed_by_hand("no content type", "signature-shape", without="content_type")
signed_by_hand("signing certificate of another", "signature-shape", cert_hash=b"\x01" * 32)


@attack("certificate of a trusted laptop, key of another", "signature-wrong")
def _(kit: Kit) -> bytes:
    return kit.seal(kit.files(), sign=lambda d: cms_by_hand(kit.identity, d, key=kit.other_identity.key)).build()


@attack("a CMS that is not signed data", "signature-shape")
def _(kit: Kit) -> bytes:
    from asn1crypto import cms

    return kit.seal(
        kit.files(), sign=lambda d: bytes(cms.ContentInfo({"content_type": "data", "content": d}).dump())
    ).build()


# -- signed by a trusted laptop, and still wrong -----------------------------------------------------------------------


def in_manifest(name: str, old: bytes, new: bytes, code: str = "manifest-form") -> None:
    attack(name, code)(lambda kit: kit.seal(kit.files(), manifest_edit=lambda m: m.replace(old, new, 1)).build())


in_manifest("signed DOCTYPE", b"?>\n", b'?>\n<!DOCTYPE x [<!ENTITY a "b">]>\n')
in_manifest("signed external entity", b"?>\n", b'?>\n<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>\n')
in_manifest("signed comment", b"</asic:ASiC", b"<!-- --></asic:ASiC")
in_manifest("digest downgraded", b"xmlenc#sha256", b"xmldsig#sha1")
in_manifest("URI alias: dot", b'URI="data/bundle.json"', b'URI="./data/bundle.json"')
in_manifest("URI alias: percent", b'URI="data/bundle.json"', b'URI="data%2Fbundle.json"')
in_manifest("URI alias: double slash", b'URI="data/bundle.json"', b'URI="data//bundle.json"')
in_manifest("URI alias: entity", b'URI="data/bundle.json"', b'URI="data&#47;bundle.json"')
in_manifest("URI of another scheme", b'URI="data/bundle.json"', b'URI="file:///data/bundle.json"')
in_manifest(
    "manifest names another file instead",
    b'URI="data/bundle.json"',
    b'URI="data/bundle2.json"',
    "file-unsigned",
)
in_manifest("other media type", b"image/jpeg", b"image/png")
in_manifest("other encoding", b'encoding="UTF-8"', b'encoding="UTF-7"')
in_manifest("other prefix", b"asic:", b"evil:")
in_manifest("CRLF", b"\n<asic:Data", b"\r\n<asic:Data")
in_manifest("vertical tab as line end", b"\n<asic:Data", b"\x0b<asic:Data")
in_manifest("not ASCII", b"?>\n", "?>\n\u00a0".encode())
in_manifest("something after the root", b"</asic:ASiCManifest>\n", b"</asic:ASiCManifest>\n<x/>")
in_manifest("byte order mark", b"<?xml", b"\xef\xbb\xbf<?xml")
in_manifest("unknown element", b"</asic:ASiC", b"<asic:ASiCManifestExtension/></asic:ASiC")
in_manifest("base64 of other bits", b"=</ds:DigestValue>", b"=\n</ds:DigestValue>")


@attack("reference twice", "manifest-form")
def _(kit: Kit) -> bytes:
    def double(listed: bytes) -> bytes:
        lines = listed.splitlines(keepends=True)
        return b"".join([*lines[:4], lines[3], *lines[4:]])

    return kit.seal(kit.files(), manifest_edit=double).build()


@attack("references in another order", "manifest-form")
def _(kit: Kit) -> bytes:
    def swap(listed: bytes) -> bytes:
        lines = listed.splitlines(keepends=True)
        return b"".join([*lines[:3], lines[4], lines[3], *lines[5:]])

    return kit.seal(kit.files(), manifest_edit=swap).build()


@attack("digest's spare bits set", "manifest-form")
def _(kit: Kit) -> bytes:
    def spare(listed: bytes) -> bytes:
        alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        at = listed.index(b"=</ds:DigestValue>") - 1
        return listed[:at] + bytes([alphabet[alphabet.index(listed[at]) + 1]]) + listed[at + 1 :]

    return kit.seal(kit.files(), manifest_edit=spare).build()


@attack("signed digest is another's", "digest")
def _(kit: Kit) -> bytes:
    def wrong(listed: bytes) -> bytes:
        found = re.findall(rb"<ds:DigestValue>([^<]+)<", listed)
        return listed.replace(found[-1], found[0])

    return kit.seal(kit.files(), manifest_edit=wrong).build()


@attack("mimetype listed as well, and not there twice", "file-missing")
def _(kit: Kit) -> bytes:
    return Archive([m for m in kit.seal(kit.files(extra={"mimetype": b"x"})).members if m.data != b"x"]).build()


def of_files(name: str, code: str, **given: Any) -> None:
    attack(name, code)(lambda kit: kit.seal(kit.files(**given)).build())


of_files(
    "attachment name is not its digest",
    "attachment-name",
    attachments={f"data/attachments/{'ab' * 32}.jpg": PHOTO},
)
of_files(
    "BagIt of another version",
    "bagit",
    tags={layout.BAGIT: b"BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n"},
)
of_files("BagIt manifest disagrees", "bagit", tags={layout.BAG_MANIFEST: b"0" * 64 + b"  data/bundle.json\n"})
of_files("BagIt manifest empty", "bagit", tags={layout.BAG_MANIFEST: b""})
of_files("bag-info disagrees", "bagit", tags={layout.BAG_INFO: b"Payload-Oxum: 1.1\n"})

# -- what the header says --

of_files("header not JSON", "header-json", header_bytes=b"hello")
of_files("header a list", "header-shape", header_bytes=b"[]")
of_files("header empty", "header-json", header_bytes=b"")
of_files("header nested deeply", "header-json", header_bytes=b"[" * 100_000 + b"]" * 100_000)
of_files("header too large", "entry-too-big", header_bytes=b" " * (layout.MAX_HEADER + 1))
of_files("header a huge integer", "header-json", header={}, header_bytes=b"9" * 10_000)


def in_header(name: str, old: str, new: str, code: str = "header-json") -> None:
    """A textual change of the header, signed."""

    def make(kit: Kit) -> bytes:
        text = canonical.encode(kit.header(kit.lines())).decode()
        assert old in text
        return kit.seal(kit.files(header_bytes=text.replace(old, new, 1).encode())).build()

    attack(f"header: {name}", code)(make)


in_header("duplicate key", '"seq":1', '"seq":1,"seq":1')
in_header("NaN", '"seq":1', '"seq":NaN')
in_header("infinity", '"seq":1', '"seq":Infinity')
in_header("float", '"seq":1', '"seq":1.0')
in_header("exponent", '"seq":1', '"seq":1e0')
in_header("integer of 2^53", '"seq":1', '"seq":9007199254740992')
in_header("space", '"seq":1', '"seq": 1')
in_header("lone surrogate", '"application":"0.1.0"', '"application":"\\ud800"')
in_header("escaped letter", '"application":"0.1.0"', '"application":"\\u0041"')
in_header("trailing comma", '"version":1', '"version":1,')
in_header("key that is not ASCII", '"version":1', '"version":1,"é":1')
in_header("seq a text", '"seq":1', '"seq":"1"', "header-shape")
in_header("seq a truth", '"seq":1', '"seq":true', "header-shape")


def with_header(name: str, code: str, **changes: Any) -> None:
    of_files(f"header: {name}", code, header=changes)


with_header("unknown schema", "header-shape", schema="other-bundle")
with_header("newer version", "schema-newer", version=2)
with_header("version zero", "schema-newer", version=0)
with_header("unknown kind", "kind-unknown", kind="virus")
with_header("kind a list", "kind-unknown", kind=["export"])
with_header("another device", "header-device", device="0" * 64)
with_header("device not hex", "header-shape", device="me")
with_header("id not an id", "header-shape", id="../../x")
with_header("seq zero", "header-shape", seq=0)
with_header("seq 1 with prev", "header-shape", prev="a" * 64)
with_header("prev not a digest", "header-shape", seq=2, prev="abc")
with_header("epoch zero", "header-shape", epoch=0)
with_header("part 2 of 1", "header-shape", part=2)
with_header("label with line feed", "header-shape", label="a\nb")
with_header("counts wrong", "header-counts", counts={"workshop": 1, "contribution": 3, "attachment": 1})
with_header(
    "counts of a kind that is absent",
    "header-counts",
    counts={"workshop": 1, "contribution": 2, "attachment": 1, "tally": 0},
)
with_header("counts absent", "header-shape", counts=None)


@attack("header: created is no date and not ASCII", "header-shape")
def _(kit: Kit) -> bytes:
    files = kit.files()
    files[H] = canonical.encode(kit.header(kit.lines(), created="demà\u202e"))
    payload = {n: d for n, d in files.items() if n.startswith("data/")}
    files[layout.BAG_MANIFEST] = "".join(
        f"{hashlib.sha256(payload[n]).hexdigest()}  {n}\n" for n in sorted(payload)
    ).encode()
    return kit.seal(files).build()


# -- revisions --


def of_lines(name: str, code: str, change: Callable[[Kit, list[bytes]], list[bytes]]) -> None:
    def make(kit: Kit) -> bytes:
        return kit.seal(kit.files(lines=change(kit, kit.lines()))).build()

    attack(f"revisions: {name}", code)(make)


def in_line(name: str, old: str, new: str) -> None:
    def change(kit: Kit, lines: list[bytes]) -> list[bytes]:
        assert old.encode() in lines[1]
        return [lines[0], lines[1].replace(old.encode(), new.encode("utf-8", "surrogatepass"), 1), *lines[2:]]

    of_lines(name, "revision", change)


of_lines("of another device", "revision-device", lambda kit, lines: [kit.lines(kit.other_identity)[0], *lines[1:]])
of_lines("all of another device", "revision-device", lambda kit, _: kit.lines(kit.other_identity))
of_lines("wrong order", "revision-order", lambda _, lines: [lines[1], lines[0], *lines[2:]])
of_lines("twice the same", "revision-order", lambda _, lines: [lines[0], *lines])
ELSEWHERE = "01912d68-783e-7a03-8467-0000000000fe"
LAST = "01912d68-783e-7fff-bfff-ffffffffffff"
of_lines(
    "an erasure in another workshop",
    "revision-scope",
    lambda kit, lines: [
        *lines, kit.line("erasure", LAST, {"records": [ELSEWHERE], "reason": "no", "workshop": ELSEWHERE})
    ],
)  # fmt: skip
of_lines(
    "a programme slipped into an export",
    "revision-scope",
    lambda kit, lines: [
        *lines, kit.line("programme", LAST, {"code": "X", "title": {"ca": "X"}, "version": "1", "document": ELSEWHERE})
    ],
)  # fmt: skip
PERSON = {"workshop": WORKSHOP, "name": "Montserrat Ferrer i Güell", "contact": "montserrat@exemple.cat"}
CONSENT = {
    "workshop": WORKSHOP, "person": LAST, "purposes": ["attendance"], "text": "participants", "version": "1",
    "language": "ca", "date": "2026-03-12", "how": "paper",
}  # fmt: skip
of_lines(
    "a person in an export",
    "revision-personal",
    lambda kit, lines: [*lines, kit.line("person", LAST, PERSON, salt="5" * 32)],
)
of_lines(
    "a consent in an export",
    "revision-personal",
    lambda kit, lines: [*lines, kit.line("consent", LAST, CONSENT, salt="5" * 32)],
)
of_lines(
    "a person of another workshop",
    "revision-personal",
    lambda kit, lines: [*lines, kit.line("person", LAST, PERSON | {"workshop": ELSEWHERE}, salt="5" * 32)],
)
of_lines(
    "a person whose digest could be guessed", "revision", lambda kit, lines: [*lines, kit.line("person", LAST, PERSON)]
)
of_lines("an empty line", "revision", lambda _, lines: [*lines, b""])
of_lines("not JSON", "revision", lambda _, lines: [b"hello", *lines])
of_lines("nested deeply", "revision", lambda _, lines: [b'{"content":' * 50_000 + b"1" + b"}" * 50_000, *lines])
of_lines("a list", "revision", lambda _, lines: [b"[]", *lines])
of_lines("CRLF", "revision", lambda _, lines: [line + b"\r" for line in lines])
of_lines("byte order mark", "revision", lambda _, lines: [b"\xef\xbb\xbf" + lines[0], *lines[1:]])
of_lines("not UTF-8", "revision", lambda _, lines: [lines[0].replace("ó".encode(), b"\xf3"), *lines[1:]])
in_line("duplicate key", '"counter":2', '"counter":2,"counter":2')
in_line("NaN", '"counter":2', '"counter":NaN')
in_line("huge integer", '"counter":2', f'"counter":{"9" * 400}')
in_line("integer of 2^53", '"counter":2', '"counter":9007199254740992')
in_line("counter zero", '"counter":2', '"counter":0')
in_line("float", '"counter":2', '"counter":2.0')
in_line("lone surrogate escaped", "Més", "M\\ud800s")
in_line("lone surrogate raw", "Més", "M\ud800s")
in_line("control character", "Més", "M\\u0000s")
in_line("other spelling", "Més", "M\\u00e9s")
in_line("kind of contribution unknown", '"kind":"need"', '"kind":"order"')
in_line("record not a UUIDv7", FIRST, FIRST.replace("-7a03-", "-4a03-"))
in_line("newer envelope", '"v":1}', '"v":2}')
in_line("actor a name", ACTOR, "Maria")
in_line("parent not a digest", '"parents":[]', '"parents":["x"]')
in_line("parents twice", '"parents":[]', f'"parents":["{"a" * 64}","{"a" * 64}"]')
in_line("code not a code", '-AB001"', '-<b>"')
in_line("workshop missing", f',"workshop":"{WORKSHOP}"', "")
of_files("revisions: last line unfinished", "line-unfinished", revisions=b"{}")
of_files("revisions: no lines, but counted", "header-counts", revisions=b"")

# -- relayed bundles --


def of_relay(name: str, code: str, make: Callable[[Kit], dict[str, bytes]]) -> None:
    attack(f"relay: {name}", code)(lambda kit: kit.seal(kit.files(relayed=make(kit))).build())


def _nested(kit: Kit) -> dict[str, bytes]:
    inner = kit.by_other()
    middle = kit.by_other(relayed={content_id(inner): inner})
    return {content_id(middle): middle}


def _broken(kit: Kit) -> dict[str, bytes]:
    inner = kit.by_other()
    return {content_id(inner): inner.replace(b"Transport", b"Transpost")}


def _foreign(kit: Kit) -> dict[str, bytes]:
    """A relayed bundle of one laptop with revisions that claim another."""
    inner = kit.by_other(lines=kit.lines()[:3])
    return {content_id(inner): inner}


of_relay("nested", "relay-refused", _nested)
of_relay("renamed", "relay-name", lambda kit: {"ab" * 32: kit.by_other()})
of_relay("broken", "relay-refused", _broken)
of_relay("not a ZIP", "relay-refused", lambda _: {"ab" * 32: b"hello" * 50})
of_relay("empty", "relay-refused", lambda _: {"ab" * 32: b""})
of_relay("revisions of another device", "relay-refused", _foreign)
of_relay("cut", "relay-refused", lambda kit: {"ab" * 32: kit.by_other()[:-1]})
of_relay("one good, one broken", "relay-refused", lambda kit: {"ab" * 32: b"x", content_id(b := kit.by_other()): b})


# -- the tests -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(ATTACKS))
def test_a_crafted_file_is_refused_with_its_code(name: str, kit: Kit) -> None:
    make, code = ATTACKS[name]
    verdict = judged(make(kit), kit)
    assert (verdict.outcome, verdict.code) == (Outcome.REJECT, code), dict(verdict.facts)
    assert not verdict.revisions
    assert not verdict.attachments
    assert not verdict.relayed
    json.dumps(dict(verdict.facts))  # facts go into the report as they are


def test_the_same_file_without_an_attack_is_accepted(kit: Kit, honest: bytes) -> None:
    """The crafting itself is honest: whatever is refused above is refused for its attack."""
    relay = kit.by_other()
    by_hand = kit.seal(kit.files(), sign=lambda data: cms_by_hand(kit.identity, data)).build()
    sha512 = kit.seal(kit.files(), sign=lambda data: cms_by_hand(kit.identity, data, digest="sha512")).build()
    for data in (honest, by_hand, sha512, kit.seal(kit.files(relayed={content_id(relay): relay})).build()):
        verdict = judged(data, kit)
        assert (verdict.outcome, verdict.code) == (Outcome.ACCEPT, "accepted"), dict(verdict.facts)
        assert [revision.kind for revision in verdict.revisions] == [
            "workshop",
            "contribution",
            "contribution",
            "attachment",
        ]


def test_every_cut_of_a_bundle_is_refused(kit: Kit, honest: bytes) -> None:
    for length in range(len(honest)):
        assert judged(honest[:length], kit).outcome is Outcome.REJECT, length


def test_no_refusal_carries_a_name_that_could_harm_a_screen(kit: Kit) -> None:
    archive = kit.honest()
    added("data/\u202e\x1b[31mgpj.exe".encode())(archive)
    shown = str(judged(archive.build(), kit).facts["name"])
    assert shown.isascii()
    assert shown.isprintable()


def test_repairing_the_crc_is_no_way_around(kit: Kit) -> None:
    """The control for `record changed with CRC repaired`: without the repair it is the CRC that is named."""
    archive = kit.honest()
    crc = zlib.crc32(archive[R].data)
    replaced(R, b"Transport", b"Transpost")(archive)
    archive[R].both(crc=crc)
    assert judged(archive.build(), kit).code == "zip-crc"
