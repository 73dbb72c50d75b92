"""Sealed files: encrypted in chunks, so that they are written in one pass and read from any place.

The construction is STREAM (Hoang, Reyhanitabar, Rogaway, Vizár: Online Authenticated-Encryption and its Nonce-Reuse
Misuse-Resistance, CRYPTO 2015) with AES-256-GCM: every chunk's nonce holds its number and whether it is the last one, so
that chunks can be neither reordered nor cut off nor changed unnoticed. A file has a key of its own, made from the store's
key and the salt in its header, so that no nonce comes twice however many files there are (docs/decisions/0010).

    header: magic (16) · salt (32)         every chunk's associated data
    chunk:  65 536 bytes, the last one 0 to 65 536 · tag (16)
    nonce:  prefix (7, with the key from the salt) · number (4, big-endian) · last (1)
"""

from __future__ import annotations

import io
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from pessdesk.domain.errors import StoreUnusable
from pessdesk.system.paths import SEALED

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    from pessdesk.domain.errors import PessError

SUFFIX = SEALED
MAGIC = b"PessDesk sealed\x01"
CHUNK = 64 * 1024
_SALT = 32
_TAG = 16
_HEADER = len(MAGIC) + _SALT
_PREFIX = 7


def sealed_name(path: Path) -> Path:
    """Under which name the sealed form of a file lies."""
    return path.with_name(path.name + SUFFIX)


class _Chunks:
    """The cipher of one file."""

    def __init__(self, key: bytes, header: bytes) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        made = HKDF(SHA256(), 32 + _PREFIX, header[len(MAGIC) :], b"PessDesk sealed file").derive(key)
        self._cipher: AESGCM = AESGCM(made[:32])
        self._prefix = made[32:]
        self._header = header

    def seal(self, number: int, data: bytes, *, last: bool) -> bytes:
        return self._cipher.encrypt(self._nonce(number, last), data, self._header)

    def open(self, number: int, data: bytes, *, last: bool) -> bytes:
        return self._cipher.decrypt(self._nonce(number, last), data, self._header)

    def _nonce(self, number: int, last: bool) -> bytes:
        return self._prefix + number.to_bytes(4, "big") + bytes([last])


class SealedWriter:
    """Writes into `file` what is sealed of what is given; `finish` writes the last chunk, without which it is no file."""

    def __init__(self, file: BinaryIO, key: bytes) -> None:
        self._file = file
        header = MAGIC + secrets.token_bytes(_SALT)
        self._chunks = _Chunks(key, header)
        self._held = bytearray()
        self._number = 0
        file.write(header)

    def write(self, data: bytes) -> None:
        self._held += data
        whole = max(len(self._held) - 1, 0) // CHUNK  # the last chunk waits until it is known to be the last
        for start in range(0, whole * CHUNK, CHUNK):
            self._file.write(self._chunks.seal(self._number, bytes(self._held[start : start + CHUNK]), last=False))
            self._number += 1
        del self._held[: whole * CHUNK]

    def finish(self) -> None:
        self._file.write(self._chunks.seal(self._number, bytes(self._held), last=True))
        self._held.clear()


class _SealedFile(io.RawIOBase):
    """A sealed file as the bytes that were sealed, readable from any place."""

    def __init__(self, file: BinaryIO, key: bytes, path: Path) -> None:
        self._file = file
        self._path = path
        size = file.seek(0, os.SEEK_END)
        body = size - _HEADER
        file.seek(0)
        header = file.read(_HEADER)
        if not header.startswith(MAGIC) or body < _TAG:
            raise self._damaged()
        self._chunks = _Chunks(key, header)
        self._last = -(-body // (CHUNK + _TAG)) - 1
        self.size = body - (self._last + 1) * _TAG
        self._place = 0
        self._at = -1
        self._open = b""
        self._load(self._last)  # says that nothing was cut off

    def _damaged(self) -> PessError:
        return StoreUnusable("sealed-damaged", path=str(self._path))

    def _load(self, number: int) -> None:
        from cryptography.exceptions import InvalidTag

        if number != self._at:
            self._file.seek(_HEADER + number * (CHUNK + _TAG))
            try:
                data = self._chunks.open(number, self._file.read(CHUNK + _TAG), last=number == self._last)
            except InvalidTag:
                raise self._damaged() from None
            self._at, self._open = number, data

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        wanted = memoryview(buffer).cast("B")
        done = 0
        while done < len(wanted) and self._place < self.size:
            number, inside = divmod(self._place, CHUNK)
            self._load(number)
            part = self._open[inside : inside + len(wanted) - done]
            wanted[done : done + len(part)] = part
            done += len(part)
            self._place += len(part)
        return done

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        self._place = max(0, offset + (0, self._place, self.size)[whence])
        return self._place

    def tell(self) -> int:
        return self._place

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        self._file.close()
        super().close()


def open_sealed(path: Path, key: bytes) -> BinaryIO:
    """A sealed file, as a file that can be read and sought in. Memory stays flat, whatever its size.

    Raises `OSError`, and `StoreUnusable` (`sealed-damaged`) when it was changed, cut off, or sealed under another key: at
    once for its end, else when what was changed is read.
    """
    file = path.open("rb")
    try:
        return cast(BinaryIO, io.BufferedReader(_SealedFile(file, key, path), CHUNK))
    except BaseException:
        file.close()
        raise


def seal(data: bytes, key: bytes) -> bytes:
    """A small file, sealed."""
    file = io.BytesIO()
    writer = SealedWriter(file, key)
    writer.write(data)
    writer.finish()
    return file.getvalue()


def sealed_size(path: Path) -> int:
    """How many bytes a sealed file holds; what its size says, which `open_sealed` proves."""
    body = path.stat().st_size - _HEADER
    return body + (-body // (CHUNK + _TAG)) * _TAG
