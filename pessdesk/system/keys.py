"""The master key of a protected store, and what opens it: `keys.json` in the data folder.

The master key is random and never changes while the store is protected. *Slots* hold it wrapped: under a passphrase
(Argon2id, RFC 9106), under a recovery key, or they say that the computer's keychain has it. Everything that is under
a key takes its own from the master key (HKDF-SHA256, RFC 5869), so nothing is encrypted under two purposes' key.

`keys.json` holds no secret: without one of the slots' secrets it opens nothing. It is written whole or not at all.
"""

from __future__ import annotations

import json
import secrets
import unicodedata
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from pessdesk.application.protection import GROUPS, Keys
from pessdesk.domain.errors import InputRefused, StoreLocked, StoreUnusable, WorldUnkind

VERSION = 1
MIN_PASSPHRASE = 10
"""Characters. What stops guessing is Argon2id; what stops `1234` is this."""
ARGON2ID = {"time": 3, "memory": 64 * 1024, "lanes": 4}
"""The second recommended option of RFC 9106, section 4: three passes over 64 MiB in four lanes; memory in KiB."""
_MOST_MEMORY = 1024 * 1024
"""KiB that a slot may ask for: a damaged file shall not take the laptop's memory."""

_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, which hands confuse."""
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})


class Keychain(Protocol):
    """The keychain of the computer: one entry for each store."""

    def works(self) -> bool: ...
    def get(self, store: str) -> bytes | None: ...
    def put(self, store: str, master: bytes) -> None: ...
    def drop(self, store: str) -> None: ...


# What people type


def normal(passphrase: str) -> str:
    """The passphrase as it counts: however the keyboard composes `ç` or `à`, it is the same."""
    return unicodedata.normalize("NFKC", passphrase)


def check_passphrase(passphrase: str) -> None:
    """Refuse what is too short to protect anything."""
    if len(normal(passphrase).strip()) < MIN_PASSPHRASE:
        raise InputRefused("passphrase-short", least=MIN_PASSPHRASE)


def _double(value: int) -> int:
    """Times two in the field of 32 elements (x⁵ + x² + 1)."""
    value <<= 1
    return value ^ 0b100101 if value & 32 else value


def _check_sign(number: int, signs: str) -> str:
    """The fifth sign of group `number`: it finds every single wrong sign, every swap of two, and groups that changed
    places (a Reed-Solomon code's one check symbol, beginning with the group's number)."""
    value = number
    for sign in signs:
        value = _double(value) ^ _SIGNS.index(sign)
    return _SIGNS[_double(value)]


def make_recovery_key() -> str:
    """160 random bits as eight groups of five signs, the fifth of each a check of its group."""
    groups = []
    for number in range(1, GROUPS + 1):
        signs = "".join(secrets.choice(_SIGNS) for _ in range(4))
        groups.append(signs + _check_sign(number, signs))
    return "-".join(groups)


def read_group(number: int, typed: str) -> str:
    """Group `number` (from 1) as typed back, or `StoreLocked` when a sign of it is wrong."""
    signs = "".join(c for c in normal(typed).upper() if c.isalnum()).translate(_READ_AS)
    if len(signs) != 5 or any(c not in _SIGNS for c in signs) or _check_sign(number, signs[:4]) != signs[4]:
        raise StoreLocked("recovery-mistyped", group=number)
    return signs


def read_recovery_key(typed: str) -> str:
    """A recovery key as it was typed back (any case, any spaces, O for 0, I and L for 1), or `StoreLocked` that names
    the first group with a wrong sign."""
    words = "".join(c if c.isalnum() else " " for c in normal(typed)).split()
    if len(words) != GROUPS:
        signs = "".join(words)
        words = [signs[i : i + 5] for i in range(0, max(len(signs), 5 * GROUPS), 5)]
    groups = [read_group(number, word) for number, word in enumerate(words[:GROUPS], start=1)]
    if len(words) > GROUPS:
        raise StoreLocked("recovery-mistyped", group=GROUPS)
    return "-".join(groups)


def looks_like_recovery_key(typed: str) -> bool:
    """Whether somebody seems to have typed a recovery key and not a passphrase: so many groups, or so many signs."""
    words = "".join(c if c.isalnum() else " " for c in typed).split()
    signs = sum(map(len, words))
    return abs(signs - 5 * GROUPS) <= 3 and (len(words) == 1 or all(len(word) in (4, 5, 6, 10) for word in words))


# Keys from keys


def derive(master: bytes, purpose: str, salt: bytes = b"") -> bytes:
    """32 bytes for one purpose."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), 32, salt or None, f"PessDesk {purpose}".encode()).derive(master)


def keys_of(master: bytes) -> Keys:
    return Keys(derive(master, "database"), derive(master, "files"))


# Slots


@dataclass(frozen=True, slots=True)
class KeyFile:
    """What `keys.json` says. `check` recognises the master key, `groups` those of the recovery key (both only for who
    has the master key), `slots` are by kind: `passphrase`, `recovery`, `keychain`."""

    store: str
    check: bytes
    slots: Mapping[str, Mapping[str, Any]]
    groups: tuple[str, ...] = ()
    recovery_tried: bool = False

    @property
    def way(self) -> str:
        return "keychain" if "keychain" in self.slots else "passphrase"


def make_key_file() -> tuple[KeyFile, bytes]:
    """A new master key, and a file that knows it and has no slot yet."""
    master = secrets.token_bytes(32)
    return KeyFile(secrets.token_hex(16), derive(master, "check")[:16], {}), master


def with_passphrase(file: KeyFile, master: bytes, passphrase: str) -> KeyFile:
    """The same file, opened by this passphrase and by none before it."""
    check_passphrase(passphrase)
    header = {"kind": "passphrase", "kdf": "argon2id", **ARGON2ID, "salt": _text(secrets.token_bytes(16))}
    slot = _wrap(header, _stretch(passphrase, header), master, file.store)
    return replace(file, slots={**file.slots, "passphrase": slot})


def with_recovery_key(file: KeyFile, master: bytes, recovery: str) -> KeyFile:
    """The same file, opened by this recovery key, which nobody has tried yet, and by none before it."""
    header = {"kind": "recovery", "kdf": "hkdf-sha256", "salt": _text(secrets.token_bytes(16))}
    slot = _wrap(header, _from_recovery(recovery, header), master, file.store)
    marks = tuple(_group_mark(master, n, group) for n, group in enumerate(recovery.split("-"), start=1))
    return replace(file, slots={**file.slots, "recovery": slot}, groups=marks, recovery_tried=False)


def with_keychain(file: KeyFile) -> KeyFile:
    return replace(file, slots={**file.slots, "keychain": {"kind": "keychain"}})


def without(file: KeyFile, kind: str) -> KeyFile:
    return replace(file, slots={k: slot for k, slot in file.slots.items() if k != kind})


def is_master(file: KeyFile, master: bytes) -> bool:
    """Whether this is the master key that the file speaks of (the keychain may have another's)."""
    return secrets.compare_digest(derive(master, "check")[:16], file.check)


def is_group(file: KeyFile, master: bytes, number: int, typed: str) -> bool:
    """Whether group `number` of the recovery key reads so. Raises `StoreLocked` where a sign of it is wrong."""
    mark = _group_mark(master, number, read_group(number, typed))
    return secrets.compare_digest(mark, file.groups[number - 1])


def open_by_secret(file: KeyFile, secret: str, path: Path) -> bytes:
    """The master key, for a passphrase or a recovery key.

    Raises `StoreLocked` (`passphrase-wrong`, `recovery-wrong`, `recovery-mistyped` with the group).
    """
    mistyped = None
    try:
        recovery = read_recovery_key(secret)
    except StoreLocked as problem:
        mistyped = problem
    else:
        if (master := _unwrap(file, "recovery", _from_recovery(recovery, file.slots["recovery"]))) is not None:
            return master
    if "passphrase" in file.slots:
        master = _unwrap(file, "passphrase", _stretch(secret, file.slots["passphrase"]))
        if master is not None:
            return master
    if looks_like_recovery_key(secret):
        raise mistyped or StoreLocked("recovery-wrong", path=str(path.parent))
    raise StoreLocked("passphrase-wrong", path=str(path.parent))


def _stretch(passphrase: str, slot: Mapping[str, Any]) -> bytes:
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    return Argon2id(
        salt=_bytes(slot["salt"]), length=32, iterations=slot["time"], lanes=slot["lanes"], memory_cost=slot["memory"]
    ).derive(normal(passphrase).encode(errors="surrogatepass"))  # half a sign is a wrong one, and no mistake of ours


def _from_recovery(recovery: str, slot: Mapping[str, Any]) -> bytes:
    return derive(recovery.encode("ascii"), "recovery key", _bytes(slot["salt"]))


def _group_mark(master: bytes, number: int, group: str) -> str:
    return derive(master, f"recovery group {number} {group}")[:8].hex()


def _wrap(header: Mapping[str, Any], key: bytes, master: bytes, store: str) -> dict[str, Any]:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = secrets.token_bytes(12)
    wrapped = AESGCM(key).encrypt(nonce, master, _associated(header, store))
    return {**header, "nonce": _text(nonce), "wrapped": _text(wrapped)}


def _unwrap(file: KeyFile, kind: str, key: bytes) -> bytes | None:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    slot = file.slots[kind]
    header = {name: value for name, value in slot.items() if name not in ("nonce", "wrapped")}
    try:
        return AESGCM(key).decrypt(_bytes(slot["nonce"]), _bytes(slot["wrapped"]), _associated(header, file.store))
    except InvalidTag:
        return None


def _associated(header: Mapping[str, Any], store: str) -> bytes:
    """What is not secret but must not be changed: how the key is made, and whose store it opens."""
    return json.dumps({**header, "store": store}, sort_keys=True).encode()


def _text(data: bytes) -> str:
    return b64encode(data).decode("ascii")


def _bytes(text: str) -> bytes:
    return b64decode(text, validate=True)


# The file


def read_key_file(path: Path) -> KeyFile:
    """What `keys.json` says, or `StoreUnusable` (`keys-missing`, `keys-damaged`, `keys-newer`)."""
    try:
        value = json.loads(path.read_bytes())
        if value["version"] > VERSION:
            raise StoreUnusable("keys-newer", path=str(path), version=value["version"], known=VERSION)
        file = KeyFile(
            store=_is_text(value["store"]),
            check=_bytes(value["check"]),
            slots={kind: _sound(kind, slot) for kind, slot in value["slots"].items()},
            groups=tuple(map(_is_text, value["groups"])),
            recovery_tried=value["recovery_tried"] is True,
        )
        if len(file.check) != 16 or "recovery" not in file.slots or len(file.groups) != GROUPS:
            raise ValueError
    except FileNotFoundError:
        raise StoreUnusable("keys-missing", path=str(path.parent)) from None
    except OSError as problem:
        raise WorldUnkind.from_os(problem, path) from problem
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise StoreUnusable("keys-damaged", path=str(path)) from None
    return file


def _is_text(value: object) -> str:
    if type(value) is not str:
        raise ValueError
    return value


def _sound(kind: str, slot: Mapping[str, Any]) -> Mapping[str, Any]:
    """A slot whose parameters can be used without harm; of a kind that is not known here it is kept as it is."""
    if kind in ("passphrase", "recovery"):
        for name, length in (("salt", 16), ("nonce", 12), ("wrapped", 48)):
            if len(_bytes(slot[name])) != length:
                raise ValueError
    if kind == "passphrase":
        time, memory, lanes = slot["time"], slot["memory"], slot["lanes"]
        if slot["kdf"] != "argon2id" or {type(time), type(memory), type(lanes)} != {int}:
            raise ValueError
        if not (1 <= time <= 100 and 1 <= lanes <= 64 and 8 * lanes <= memory <= _MOST_MEMORY):
            raise ValueError
    return slot


def write_key_file(path: Path, file: KeyFile) -> None:
    """Write `keys.json`, whole or not at all, readable by its owner only. Raises `WorldUnkind`."""
    from pessdesk.system.files import StoreFiles

    value = {
        "version": VERSION, "store": file.store, "check": _text(file.check), "slots": file.slots,
        "groups": file.groups, "recovery_tried": file.recovery_tried,
    }  # fmt: skip
    StoreFiles(path.parent).keep_own(path, json.dumps(value, indent=1).encode("ascii"))
