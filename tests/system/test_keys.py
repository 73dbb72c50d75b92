"""What opens a store: passphrases as people type them, recovery keys as people copy them, and the file that knows both."""

from __future__ import annotations

import json
import os
import random
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from pessdesk.domain.errors import InputRefused, StoreLocked, StoreUnusable
from pessdesk.system import keys
from pessdesk.system.keys import KeyFile
from pessdesk.system.paths import KEYS

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
STRONG = dict(keys.ARGON2ID)
PHRASE = "quatre gats a la plaça"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(keys.ARGON2ID, "memory", 64)
    monkeypatch.setitem(keys.ARGON2ID, "time", 1)


def made(passphrase: str = PHRASE) -> tuple[KeyFile, bytes, str]:
    file, master = keys.make_key_file()
    recovery = keys.make_recovery_key()
    return keys.with_recovery_key(keys.with_passphrase(file, master, passphrase), master, recovery), master, recovery


def test_a_recovery_key_is_eight_groups_of_five_signs_that_no_hand_confuses() -> None:
    several = {keys.make_recovery_key() for _ in range(50)}
    assert len(several) == 50
    for recovery in several:
        groups = recovery.split("-")
        assert [len(group) for group in groups] == [5] * 8
        assert set("".join(groups)) <= set(SIGNS)
        assert keys.read_recovery_key(recovery) == recovery


def test_it_is_read_however_it_is_typed() -> None:
    recovery = "-".join(f"01{a}1" + keys._check_sign(n, f"01{a}1") for n, a in enumerate("ABCDEFGH", start=1))
    for typed in (
        recovery.lower(),
        recovery.replace("-", " "),
        recovery.replace("-", ""),
        f"  {recovery}\n",
        recovery.replace("-", " – "),
        recovery.replace("0", "o").replace("1", "l"),
        recovery.replace("0", "O").replace("1", "I"),
    ):
        assert keys.read_recovery_key(typed) == recovery
        assert keys.looks_like_recovery_key(typed)


def test_the_group_with_a_slip_is_named() -> None:
    rng = random.Random(11)
    for _ in range(200):
        groups = keys.make_recovery_key().split("-")
        number = rng.randrange(8)
        signs = list(groups[number])
        place = rng.randrange(5)
        if rng.random() < 0.5:
            signs[place] = rng.choice([c for c in SIGNS if c != signs[place]])
        else:
            other = (place + 1) % 5
            if signs[place] == signs[other]:
                continue
            signs[place], signs[other] = signs[other], signs[place]
        groups[number] = "".join(signs)
        for typed in ("-".join(groups), "".join(groups)):
            with pytest.raises(StoreLocked) as caught:
                keys.read_recovery_key(typed)
            assert (caught.value.code, caught.value.facts) == ("recovery-mistyped", {"group": number + 1})


@pytest.mark.parametrize(("change", "group"), [
    (lambda groups: groups[:5], 6),
    (lambda groups: [*groups[:2], groups[2][:4], *groups[3:]], 3),
    (lambda groups: [groups[0], groups[2], groups[1], *groups[3:]], 2),
    (lambda groups: [*groups, groups[0]], 8),
    (lambda groups: [groups[0][:4] + "U", *groups[1:]], 1),
])  # fmt: skip
def test_groups_that_are_missing_or_changed_places_are_named(change: Any, group: int) -> None:
    with pytest.raises(StoreLocked) as caught:
        keys.read_recovery_key("-".join(change(keys.make_recovery_key().split("-"))))
    assert caught.value.facts == {"group": group}


def test_either_secret_opens_and_no_other() -> None:
    file, master, recovery = made()
    path = Path("store") / KEYS
    assert keys.open_by_secret(file, PHRASE, path) == master
    assert keys.open_by_secret(file, recovery.lower().replace("-", " "), path) == master
    for secret, code in (
        ("", "passphrase-wrong"),
        (PHRASE + " ", "passphrase-wrong"),
        (PHRASE.upper(), "passphrase-wrong"),
        (keys.make_recovery_key(), "recovery-wrong"),
        (recovery[:-1] + ("0" if recovery[-1] != "0" else "1"), "recovery-mistyped"),
    ):
        with pytest.raises(StoreLocked) as caught:
            keys.open_by_secret(file, secret, path)
        assert caught.value.code == code


def test_a_passphrase_is_the_same_however_the_keyboard_composes_it() -> None:
    file, master, _ = made(unicodedata.normalize("NFC", PHRASE))
    assert keys.open_by_secret(file, unicodedata.normalize("NFD", PHRASE), Path(KEYS)) == master


@pytest.mark.parametrize("short", ["", "1234", "nou lletr", " " * 20])
def test_what_protects_nothing_is_refused(short: str) -> None:
    file, master = keys.make_key_file()
    with pytest.raises(InputRefused, match="passphrase-short") as caught:
        keys.with_passphrase(file, master, short)
    assert not short or short not in str(caught.value), "a passphrase stands in no message"


def test_another_passphrase_takes_the_place_of_the_first() -> None:
    file, master, recovery = made()
    changed = keys.with_passphrase(file, master, "cinc gats a la plaça")
    assert keys.open_by_secret(changed, "cinc gats a la plaça", Path(KEYS)) == master
    assert keys.open_by_secret(changed, recovery, Path(KEYS)) == master
    with pytest.raises(StoreLocked):
        keys.open_by_secret(changed, PHRASE, Path(KEYS))


def test_another_recovery_key_takes_the_place_of_the_first() -> None:
    file, master, recovery = made()
    new = keys.make_recovery_key()
    changed = keys.with_recovery_key(file, master, new)
    assert keys.open_by_secret(changed, new, Path(KEYS)) == master
    with pytest.raises(StoreLocked, match="recovery-wrong"):
        keys.open_by_secret(changed, recovery, Path(KEYS))


def test_one_group_shows_that_the_key_was_written_down() -> None:
    file, master, recovery = made()
    for number, group in enumerate(recovery.split("-"), start=1):
        assert keys.is_group(file, master, number, group.lower())
    other = keys.make_recovery_key().split("-")
    assert not keys.is_group(file, master, 3, other[2])
    with pytest.raises(StoreLocked, match="recovery-mistyped"):
        keys.is_group(file, master, 3, other[3])


def test_the_file_says_what_it_said_and_holds_no_secret(tmp_path: Path) -> None:
    file, master, recovery = made()
    path = tmp_path / KEYS
    keys.write_key_file(path, keys.with_keychain(file))
    back = keys.read_key_file(path)
    assert back == keys.with_keychain(file) and back.way == "keychain"
    assert keys.without(back, "keychain") == file and file.way == "passphrase"
    text = path.read_text("ascii")
    for secret in (master.hex(), keys.keys_of(master).database.hex(), PHRASE, recovery, *recovery.split("-")):
        assert secret not in text
    assert master.hex() not in repr(keys.keys_of(master)) and keys.keys_of(master).files.hex() not in repr(file)
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == [KEYS]
    if os.name == "posix":
        assert path.stat().st_mode & 0o077 == 0


def test_the_kinds_of_key_differ() -> None:
    _, master = keys.make_key_file()
    two = keys.keys_of(master)
    assert len({master, two.database, two.files}) == 3 and len(two.database) == len(two.files) == 32


def test_the_parameters_of_the_slot_count_and_cannot_be_changed(tmp_path: Path) -> None:
    file, _, _ = made()
    path = tmp_path / KEYS
    for name, value in (("time", 2), ("memory", 128), ("lanes", 2)):
        keys.write_key_file(path, file)
        said = json.loads(path.read_bytes())
        said["slots"]["passphrase"][name] = value
        path.write_text(json.dumps(said))
        with pytest.raises(StoreLocked, match="passphrase-wrong"):
            keys.open_by_secret(keys.read_key_file(path), PHRASE, path)


def damage(said: dict[str, Any]) -> list[Any]:
    passphrase, recovery = said["slots"]["passphrase"], said["slots"]["recovery"]
    return [
        [], "x", {}, {**said, "version": "1"}, {**said, "store": 5}, {**said, "check": "!"}, {**said, "check": "AAAA"},
        {**said, "slots": []}, {**said, "slots": {"passphrase": passphrase}}, {**said, "groups": ["a"]},
        {**said, "slots": {"recovery": recovery, "passphrase": {**passphrase, "memory": 2**40}}},
        {**said, "slots": {"recovery": recovery, "passphrase": {**passphrase, "time": "3"}}},
        {**said, "slots": {"recovery": recovery, "passphrase": {**passphrase, "time": 1.5}}},
        {**said, "slots": {"recovery": recovery, "passphrase": {**passphrase, "kdf": "md5"}}},
        {**said, "slots": {"recovery": {**recovery, "nonce": ""}}}, {**said, "slots": {"recovery": None}},
    ]  # fmt: skip


def test_a_file_that_is_missing_damaged_or_newer_is_said(tmp_path: Path) -> None:
    path = tmp_path / KEYS

    def refusal() -> str:
        with pytest.raises(StoreUnusable) as caught:
            keys.read_key_file(path)
        return caught.value.code

    assert refusal() == "keys-missing"
    file, _, _ = made()
    keys.write_key_file(path, file)
    whole = path.read_bytes()
    for cut in (0, 1, 50, len(whole) - 2):
        path.write_bytes(whole[:cut])
        assert refusal() == "keys-damaged"
    path.write_bytes(b"\xff\xfe" + whole)
    assert refusal() == "keys-damaged"
    for wrong in damage(json.loads(whole)):
        path.write_text(json.dumps(wrong))
        assert refusal() == "keys-damaged", wrong
    path.write_text(json.dumps({**json.loads(whole), "version": 2}))
    assert refusal() == "keys-newer"


def test_rfc_9106_is_what_a_new_passphrase_is_under() -> None:
    assert STRONG == {"time": 3, "memory": 65536, "lanes": 4}
