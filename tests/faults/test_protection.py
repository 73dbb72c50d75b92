"""Killed while protection is turned on, turned off, or changed: at every statement and at every file that is touched.

Afterwards the store opens, with the secret of before or with that of after; everything is there; what is protected has
nothing readable beside it, what is not has nothing sealed; and the same change, made again, comes to its end.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from pessdesk.bootstrap import Program
from pessdesk.domain.errors import StoreLocked
from pessdesk.system import keys
from tests.faults.acts import STORE, Enter, Photo, Receive, Start, live
from tests.faults.conftest import TORTURE
from tests.faults.crowd import Crowd
from tests.faults.ground import HOLDS, Ground
from tests.faults.kills import NEVER, Kill, run_and_kill
from tests.keychains import FileKeychain

OLD, NEW = "quatre gats a la plaça", "cinc gossos al carrer"
WORDS = "La cadira del passadís"


@dataclass(frozen=True, slots=True)
class State:
    """How a store is opened: `way` empty for one that is not protected."""

    way: str = ""
    secret: str = ""


PLAIN, UNDER_OLD, UNDER_NEW, UNDER_KEYCHAIN = (
    State(), State("passphrase", OLD), State("passphrase", NEW), State("keychain"),
)  # fmt: skip
CHANGES = {
    "on, with a passphrase": (PLAIN, UNDER_OLD),
    "on, with the keychain": (PLAIN, UNDER_KEYCHAIN),
    "off, with a passphrase": (UNDER_OLD, PLAIN),
    "off, with the keychain": (UNDER_KEYCHAIN, PLAIN),
    "another passphrase": (UNDER_OLD, UNDER_NEW),
    "the keychain instead of the passphrase": (UNDER_OLD, UNDER_KEYCHAIN),
    "a passphrase instead of the keychain": (UNDER_KEYCHAIN, UNDER_OLD),
}


@dataclass(frozen=True, slots=True)
class Killing:
    """One kill of one change on a copy of `folder`."""

    folder: Path
    scratch: Path
    name: str
    kill: Kill
    digest: str


def program_of(root: Path) -> Program:
    return Program(FileKeychain(root / "keychain.json"))


def ignore(count: int, total: int) -> None:
    """Progress that nobody watches."""


def change(program: Program, store: Path, before: State, after: State) -> None:
    if not before.way:
        program.protect(store, after.way, after.secret, ignore)
    elif not after.way:
        program.unprotect(store, before.secret, ignore)
    else:
        program.change_passphrase(store, before.secret, after.way, after.secret)


def opened(root: Path, *states: State) -> tuple[Program, State]:
    """The store, opened as one of these states says; it must be one of them."""
    store = root / STORE
    program = program_of(root)
    protection = program.protection(store)
    for state in states:
        if bool(state.way) != protection.protected or (state.way and state.way != protection.way):
            continue
        if not state.secret:
            assert program.unlock_by_keychain(store)
            return program, state
        try:
            program.unlock(store, state.secret)
        except StoreLocked:
            continue
        return program, state
    raise AssertionError(f"the store is in no state that it may be in: {protection}")


def look(program: Program, root: Path) -> str:
    """Open it for writing, as the next start does, and look at everything; gives the digest of what is in it."""
    store = root / STORE
    with program.desk(store, write=True) as desk, desk.store.read() as unit:
        assert list(unit.problems()) == []
        assert (
            program.check_files(store, [f"{row['sha256']}.{row['extension']}" for row in unit.all_attachments()]) == []
        )
        for row in unit.bundles(direction="received"):
            assert desk.bundles.verify(desk.files.received / f"{row['content_id']}.asice", None).content_id
        digest = unit.digest()
    protected = program.protection(store).protected
    for path in store.rglob("*"):
        if path.is_file() and path.name not in ("keys.json", "store.lock") and path.parent.name != "trust":
            assert not path.name.endswith((".new", ".part")), path
            if protected:
                assert not path.read_bytes().startswith(
                    (b"SQLite format 3", b"PK", b"-----BEGIN", b"\x89PNG", b"\xff\xd8")
                )
            else:
                assert path.suffix != ".sealed", path
    assert protected == (store / "keys.json").exists()
    return digest


def killed_change(task: Killing) -> bool:
    """Whether the kill came before the change had ended."""
    keys.ARGON2ID.update(time=1, memory=64)
    root = task.scratch / f"{task.name}-{task.kill.statement}-{task.kill.file}"
    shutil.copytree(task.folder, root)
    before, after = CHANGES[task.name]
    store = root / STORE
    try:
        ended = run_and_kill(lambda _: change(program_of(root), store, before, after), task.kill).ended
        program, state = opened(root, *((after,) if ended else (before, after)))
        assert look(program, root) == task.digest
        if state == before:  # once more, to its end
            change(program_of(root), store, before, after)
        program, _ = opened(root, after)
        assert look(program, root) == task.digest
        if not after.way:
            assert program_of(root)._keychain().stores == set()  # type: ignore[attr-defined]
    finally:
        shutil.rmtree(root, ignore_errors=True)
    return not ended


def counts(task: Killing) -> tuple[int, int]:
    """How many statements and files a whole change has."""
    keys.ARGON2ID.update(time=1, memory=64)
    root = task.scratch / f"whole-{task.name}"
    shutil.copytree(task.folder, root)
    try:
        whole = run_and_kill(lambda _: change(program_of(root), root / STORE, *CHANGES[task.name]), NEVER)
    finally:
        shutil.rmtree(root)
    return whole.statements, whole.files


@pytest.fixture(scope="module")
def furnished(ground: Ground, scratch: Path) -> tuple[Path, str]:
    """A laptop with words, a photo, a received bundle and a backup; and the digest of all that."""
    root = ground.copy(scratch / "furnished")
    live(root, [Start(), Enter(WORDS, 1), Photo(WORDS, 1), Receive(HOLDS)])
    store = root / STORE
    (store / "backups").mkdir(exist_ok=True)
    with Program().desk(store, write=True) as desk, desk.store.read() as unit:
        digest = unit.digest()
    shutil.copy(store / "store.db", store / "backups" / "000001.db")
    return root, digest


@pytest.mark.parametrize("name", CHANGES)
def test_protection_survives_a_kill_at_every_step(
    name: str, furnished: tuple[Path, str], scratch: Path, crowd: Crowd, ledger: Callable[..., None]
) -> None:
    plain, digest = furnished
    before, _ = CHANGES[name]
    root = scratch / f"before {name}"
    shutil.copytree(plain, root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(keys.ARGON2ID, "memory", 64)
        patch.setitem(keys.ARGON2ID, "time", 1)
        if before.way:
            change(program_of(root), root / STORE, PLAIN, before)
    (whole,) = crowd.map(counts, [Killing(root, scratch, name, NEVER, digest)], name)
    # the statements are the same whatever opens the store
    statements = 0 if "with the keychain" in name else whole[0]
    stride = 6 if not TORTURE and statements else 1
    moments = [Kill(statement=n) for n in range(1, statements + 1, stride)]
    moments += [Kill(file=n) for n in range(1, whole[1] + 1, stride)]
    tasks = [Killing(root, scratch / "killed", name, kill, digest) for kill in moments]
    killed = list(crowd.map(killed_change, tasks, name))
    assert sum(killed) > 0.9 * len(killed), "a few come to their end: how many files are touched differs a little"
    acts = 4  # what `furnished` holds
    ledger(2, f"SIGKILL while protection changes: {name}", repetitions=sum(killed), acknowledged=acts * sum(killed))
