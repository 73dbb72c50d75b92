"""What a person does, what must be there afterwards, and the look at a store that says whether it is.

An act is a value: `do` does it on a real store through the use cases, `after` says what a person sees once it is done. So a
whole day is a list of acts (`day`), the same for the process that is killed and for the one that looks afterwards.
"""

from __future__ import annotations

import hashlib
import random
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Protocol

from pessdesk.application.bundle import Outcome
from pessdesk.application.capture import attach, change_fields, count, record_contribution
from pessdesk.application.capture_line import Said, draft_key
from pessdesk.application.export_bundle import export_workshop
from pessdesk.application.import_bundles import import_bundles
from pessdesk.application.pairing import trust
from pessdesk.application.ports import Desk, Row
from pessdesk.application.programme import PlannedWorkshop, begin_workshop
from pessdesk.application.record_contributions import SheetRow, record_rows
from pessdesk.bootstrap import Program
from pessdesk.storage.backups import key_of
from pessdesk.storage.driver import connect
from pessdesk.system import keys

SECRET = "quatre gats a la plaça"
STORE, STICK, ARRIVED = "store", "stick", "other.asice"
STRANGE, STRANGE_CARD = "stranger.asice", "stranger.pem"
TITLE, OTHER_TITLE, STRANGE_TITLE = "Taller obert", "Taller de l'altre portàtil", "Taller d'algú"
WORDS = ("Que", "el", "col·legi", "obri", "a", "l'estiu", "i", "transport", "a", "demanda", "per", "anar", "al", "CAP")


@dataclass(frozen=True, slots=True, order=True)
class Told:
    """A contribution as a person sees it; `files` are the digests beside it."""

    text: str
    votes: int = 0
    table: str = ""
    withdrawn: bool = False
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """What a person finds: the workshops, the contributions of theirs, the draft, how many contributions came from
    elsewhere, how many bundles wait for a decision, how many whole ones are on the stick, how many whole backups there are."""

    workshops: tuple[str, ...] = ()
    told: tuple[Told, ...] = ()
    draft: str = ""
    arrived: int = 0
    aside: int = 0
    bundles: int = 0
    copies: int = 0

    def having(self, *told: Told, instead_of: str = "") -> Seen:
        kept = tuple(one for one in self.told if not instead_of or one.text != instead_of)
        return replace(self, told=tuple(sorted((*kept, *told))))

    def one(self, text: str) -> Told:
        return next(one for one in self.told if one.text == text)


class Lost(Exception):
    """Something that was acknowledged is not there, or something is there that nobody said."""


class Laptop:
    """A person at a laptop: the store is open as the window has it, on the data of the folder `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.program = person()
        self._open = ExitStack()

    def open(self) -> None:
        where = self.root / STORE
        opened = self.program.desk(where, write=True, create=True, label="Portàtil 1", keep=True)
        self.desk: Desk = self._open.enter_context(opened)
        self.program.checkpoint_when_asked(self.desk)

    def leave(self) -> None:
        self._open.close()

    @cached_property
    def workshop(self) -> str:
        """The record of the workshop in which this person works."""
        with self.desk.store.read() as unit:
            return _theirs(unit.workshops())

    def record(self, text: str) -> str:
        with self.desk.store.read() as unit:
            return str(next(row["record"] for row in unit.contributions(self.workshop) if row["text"] == text))


def person() -> Program:
    """The program, with somebody who knows the passphrase, should it ask for one."""
    program = Program()
    program.when_locked(lambda: SECRET)
    return program


def _theirs(workshops: Sequence[Row]) -> str:
    return next((str(row["record"]) for row in workshops if row["title"] == TITLE), "")


class Act(Protocol):
    def do(self, laptop: Laptop) -> None:
        """Do it, and return only when it is safe."""

    def after(self, seen: Seen) -> Seen:
        """What is seen once it is done."""


@dataclass(frozen=True, slots=True)
class Start:
    """The window is opened: the store is made, or brought up to date, where that is wanted."""

    def do(self, laptop: Laptop) -> None:
        laptop.open()

    def after(self, seen: Seen) -> Seen:
        return seen


@dataclass(frozen=True, slots=True)
class Migrate(Start):
    """The window is opened on a store of an earlier version: after a backup it is brought up to date."""

    def after(self, seen: Seen) -> Seen:
        return replace(seen, copies=seen.copies + 1)


@dataclass(frozen=True, slots=True)
class Begin:
    """A workshop that nobody planned."""

    def do(self, laptop: Laptop) -> None:
        begin_workshop(laptop.desk, PlannedWorkshop(TITLE, "2026-03-12", "04", groups=2))

    def after(self, seen: Seen) -> Seen:
        return replace(seen, workshops=tuple(sorted((*seen.workshops, TITLE))))


@dataclass(frozen=True, slots=True)
class Draft:
    """Stopping for 300 ms: what stands in the line is kept (the window's `Session.keep`)."""

    text: str

    def do(self, laptop: Laptop) -> None:
        key = draft_key(laptop.workshop)
        with laptop.desk.store.write() as unit:
            unit.set_setting(key, self.text)

    def after(self, seen: Seen) -> Seen:
        return replace(seen, draft=self.text)


@dataclass(frozen=True, slots=True)
class Enter:
    """Enter: the contribution, its table if that is new, its dots, and the draft gone, in one commit."""

    text: str
    votes: int = 0
    table: str = ""

    def do(self, laptop: Laptop) -> None:
        record_contribution(laptop.desk, laptop.workshop, Said(self.text, votes=self.votes, new_group=self.table))

    def after(self, seen: Seen) -> Seen:
        return replace(seen.having(Told(self.text, self.votes, self.table)), draft="")


@dataclass(frozen=True, slots=True)
class Edit:
    text: str
    new: str

    def do(self, laptop: Laptop) -> None:
        change_fields(laptop.desk, laptop.record(self.text), laptop.workshop, {"text": self.new})

    def after(self, seen: Seen) -> Seen:
        return seen.having(replace(seen.one(self.text), text=self.new), instead_of=self.text)


@dataclass(frozen=True, slots=True)
class Dots:
    text: str
    total: int

    def do(self, laptop: Laptop) -> None:
        count(laptop.desk, laptop.workshop, laptop.record(self.text), "votes", self.total)

    def after(self, seen: Seen) -> Seen:
        return seen.having(replace(seen.one(self.text), votes=self.total), instead_of=self.text)


@dataclass(frozen=True, slots=True)
class Withdraw:
    text: str

    def do(self, laptop: Laptop) -> None:
        change_fields(laptop.desk, laptop.record(self.text), laptop.workshop, {"withdrawn": True})

    def after(self, seen: Seen) -> Seen:
        return seen.having(replace(seen.one(self.text), withdrawn=True), instead_of=self.text)


@dataclass(frozen=True, slots=True)
class Photo:
    """A file put beside a contribution; each time another one."""

    text: str
    number: int

    def _bytes(self) -> bytes:
        return random.Random(self.number).randbytes(9_000)

    def do(self, laptop: Laptop) -> None:
        with tempfile.NamedTemporaryFile(suffix=".png") as source:  # elsewhere: it is not our disk that fails
            source.write(self._bytes())
            source.flush()
            attach(laptop.desk, laptop.record(self.text), laptop.workshop, Path(source.name))

    def after(self, seen: Seen) -> Seen:
        told = seen.one(self.text)
        files = tuple(sorted((*told.files, hashlib.sha256(self._bytes()).hexdigest())))
        return seen.having(replace(told, files=files), instead_of=self.text)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A spreadsheet's rows: one commit, all of them or none."""

    texts: tuple[str, ...]

    def do(self, laptop: Laptop) -> None:
        rows = [SheetRow(number, {"text": text}) for number, text in enumerate(self.texts, start=2)]
        for _ in record_rows(laptop.desk, laptop.workshop, rows, folder=laptop.root, words={}):
            pass

    def after(self, seen: Seen) -> Seen:
        return seen.having(*map(Told, self.texts))


@dataclass(frozen=True, slots=True)
class Export:
    """Handing over to the stick."""

    def do(self, laptop: Laptop) -> None:
        export_workshop(laptop.desk, laptop.workshop, laptop.root / STICK)

    def after(self, seen: Seen) -> Seen:
        return replace(seen, bundles=seen.bundles + 1)


@dataclass(frozen=True, slots=True)
class Receive:
    """Another laptop's bundle comes in, with what it holds."""

    holds: int

    def do(self, laptop: Laptop) -> None:
        (arrival,) = import_bundles(laptop.desk, [laptop.root / ARRIVED])
        assert arrival.outcome in ("accepted", "known"), arrival

    def after(self, seen: Seen) -> Seen:
        if OTHER_TITLE in seen.workshops:
            return seen
        workshops = tuple(sorted((*seen.workshops, OTHER_TITLE)))
        return replace(seen, arrived=seen.arrived + self.holds, workshops=workshops)


@dataclass(frozen=True, slots=True)
class SetAside:
    """A bundle of a laptop that nobody here knows: it waits, whole, for a decision."""

    def do(self, laptop: Laptop) -> None:
        (arrival,) = import_bundles(laptop.desk, [laptop.root / STRANGE])
        assert arrival.outcome in ("quarantined", "known"), arrival

    def after(self, seen: Seen) -> Seen:
        return seen if STRANGE_TITLE in seen.workshops else replace(seen, aside=1)


@dataclass(frozen=True, slots=True)
class Welcome:
    """Its laptop is trusted, and the bundle that waited comes in; the stick it came on is long gone."""

    holds: int

    def do(self, laptop: Laptop) -> None:
        with laptop.desk.store.read() as unit:
            waiting = [laptop.program.aside(laptop.root / STORE, row["file"]) for row in unit.quarantine()]
        if waiting:
            trust(laptop.desk, [laptop.program.read_card(laptop.root / STRANGE_CARD)])
            (arrival,) = import_bundles(laptop.desk, waiting)
            assert arrival.outcome == "accepted", arrival

    def after(self, seen: Seen) -> Seen:
        if not seen.aside:
            return seen
        workshops = tuple(sorted((*seen.workshops, STRANGE_TITLE)))
        return replace(seen, aside=0, arrived=seen.arrived + self.holds, workshops=workshops)


@dataclass(frozen=True, slots=True)
class Rest:
    """Nobody has done anything for two seconds: the log goes into the database."""

    def do(self, laptop: Laptop) -> None:
        laptop.program.checkpoint(laptop.desk)

    def after(self, seen: Seen) -> Seen:
        return seen


@dataclass(frozen=True, slots=True)
class Close:
    """The window is closed."""

    def do(self, laptop: Laptop) -> None:
        laptop.leave()

    def after(self, seen: Seen) -> Seen:
        return seen


@dataclass(frozen=True, slots=True)
class Leave:
    """The window is closed, and opened again."""

    def do(self, laptop: Laptop) -> None:
        laptop.leave()
        laptop.open()

    def after(self, seen: Seen) -> Seen:
        return seen


@dataclass(frozen=True, slots=True)
class BackUp:
    """A backup is made while the window is open; there is something new since the last."""

    def do(self, laptop: Laptop) -> None:
        assert laptop.program.back_up(laptop.root / STORE) is not None

    def after(self, seen: Seen) -> Seen:
        return replace(seen, copies=seen.copies + 1)


class _WhileClosed(ABC):
    """What wants the store closed: the window is closed for it, and opened again."""

    def do(self, laptop: Laptop) -> None:
        laptop.leave()
        self.change(laptop.program, laptop.root / STORE)
        laptop.open()

    def after(self, seen: Seen) -> Seen:
        return seen

    @abstractmethod
    def change(self, program: Program, folder: Path) -> None:
        """What is done while it is closed."""


@dataclass(frozen=True, slots=True)
class Restore(_WhileClosed):
    """The newest backup is put back, united with what can still be read of the store: here that is all of it."""

    def change(self, program: Program, folder: Path) -> None:
        program.restore(folder, program.backups(folder)[0], lambda _done, _all: None)


@dataclass(frozen=True, slots=True)
class Protect(_WhileClosed):
    """A passphrase is set. What it costs to guess it is not what is tried here."""

    def change(self, program: Program, folder: Path) -> None:
        keys.ARGON2ID.update(time=1, memory=64)
        program.protect(folder, "passphrase", SECRET)


@dataclass(frozen=True, slots=True)
class Unprotect(_WhileClosed):
    """Protection is taken off again."""

    def change(self, program: Program, folder: Path) -> None:
        program.unprotect(folder, SECRET)


def day(seed: int, holds: int, length: int = 40) -> list[Act]:
    """A day of a workshop, always the same for a seed. `holds` is how many contributions the other's bundle carries."""
    chance = random.Random(seed)
    acts: list[Act] = [Start()]
    seen = Seen()

    def text() -> str:
        return f"{' '.join(chance.choices(WORDS, k=chance.randint(3, 40)))} ({seed}, {chance.getrandbits(40)})"

    def one_of(act: Callable[[str], Act], otherwise: Act) -> Act:
        """An act on something that was said before, if anything was."""
        there = [one.text for one in seen.told if not one.withdrawn]
        return act(chance.choice(there)) if there else otherwise

    kinds: list[tuple[int, Callable[[], Act]]] = [
        (8, lambda: Draft(text())),
        (6, lambda: Enter(text(), chance.choice([0, 0, 3]), chance.choice(["", "", "4", "5"]))),
        (3, lambda: one_of(lambda said: Edit(said, text()), Draft(""))),
        (2, lambda: one_of(lambda said: Dots(said, chance.randint(1, 20)), Rest())),
        (1, lambda: one_of(Withdraw, Leave())),
        (1, lambda: one_of(lambda said: Photo(said, chance.getrandbits(40)), Rest())),
        (1, lambda: Sheet(tuple(text() for _ in range(chance.randint(2, 30))))),
        (1, lambda: Receive(holds)),
        (1, SetAside),
        (1, lambda: Welcome(holds)),
        (1, Export),
        (1, lambda: BackUp() if isinstance(acts[-1], Draft | Enter | Edit | Sheet) else Rest()),
        (2, Rest),
        (2, Leave),
    ]
    while len(acts) < length:
        (make,) = chance.choices([make for _, make in kinds], [weight for weight, _ in kinds])
        acts.append(make())
        seen = acts[-1].after(seen)
    return acts


def after(seen: Seen, acts: Sequence[Act]) -> Seen:
    for act in acts:
        seen = act.after(seen)
    return seen


def live(root: Path, acts: Sequence[Act], acknowledge: Callable[[], object] = lambda: None) -> None:
    """Do the acts, and say so after each."""
    laptop = Laptop(root)
    for act in acts:
        act.do(laptop)
        acknowledge()
    laptop.leave()


def look(root: Path) -> Seen:
    """Open the store as the next start does and say what a person finds. Raises `Lost` for what should never be: damage,
    a file that is not whole, a bundle that does not verify, projections that are not those of the revisions."""
    program, folder = person(), root / STORE
    copies = _whole_copies(program, folder)
    with program.desk(folder, write=True, create=True) as desk:
        with desk.store.write() as unit:
            if problems := list(unit.problems()):
                raise Lost(f"problems: {problems}")
            digest = unit.digest()
            unit.rebuild()
            if unit.digest() != digest:
                raise Lost("the projections are not those of the revisions")
            workshops = unit.workshops()
            workshop = _theirs(workshops)
            tables = {row["record"]: row["name"] for row in unit.groups(workshop)}
            files: dict[str, list[str]] = {}
            for row in unit.attachments(workshop):
                files.setdefault(row["subject"], []).append(row["sha256"])
            rows = unit.contributions(workshop)
            handed = {row["content_id"] for row in unit.bundles(direction="sent")}
            received = [row["content_id"] for row in unit.bundles(direction="received")]
            aside = [row["file"] for row in unit.quarantine()]
            draft = unit.setting(draft_key(workshop)) or ""
            arrived = unit.counts()["contributions"] + unit.counts()["withdrawn"] - len(rows)
            names = [f"{row['sha256']}.{row['extension']}" for row in unit.all_attachments()]
        if wrong := program.check_files(folder, names):
            raise Lost(f"attachments: {wrong}")
        for content_id in received:
            if _verified(desk, desk.files.received / f"{content_id}.asice") != content_id:
                raise Lost(f"received, and no longer there to be relayed: {content_id}")
        for file in aside:
            with desk.files.open(program.aside(folder, file)) as stream:
                if hashlib.file_digest(stream, "sha256").hexdigest() != Path(file).stem:
                    raise Lost(f"set aside, and no longer whole: {file}")
        there = {_verified(desk, path) for path in (root / STICK).glob("*.asice") if not path.name.startswith(".")}
    codes = [row["code"] for row in rows]
    if len(set(codes)) != len(codes):
        raise Lost(f"a code is there twice: {codes}")
    if (root / STICK).is_dir() and (missing := handed - there):
        raise Lost(f"handed over, and not on the stick: {missing}")
    told = sorted(
        Told(
            row["text"], row["votes"], tables.get(row["grouping"], ""), bool(row["withdrawn"]),
            tuple(sorted(files.get(row["record"], ()))),
        )
        for row in rows
    )  # fmt: skip
    titles = tuple(sorted(row["title"] for row in workshops))
    return Seen(titles, tuple(told), draft, arrived, len(aside), len(there), copies)


def _whole_copies(program: Program, folder: Path) -> int:
    """How many backups lie there, each a whole store but for those that are known to be damaged."""
    key = program.key(folder)
    found = [backup.path for backup in program.backups(folder) if backup.good is not False]
    for path in found:
        with closing(connect(path, key_of(path, key.database if key else None))) as connection:
            if connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                raise Lost(f"{path.name} is no whole backup")
    return len(found)


def _verified(desk: Desk, path: Path) -> str:
    verdict = desk.bundles.verify(path, None)
    # Without a folder of trusted cards the signer is unknown: that is the worst an intact bundle can be.
    if verdict.outcome is Outcome.REJECT:
        raise Lost(f"{path.name} does not verify: {verdict.code} {dict(verdict.facts)}")
    return verdict.content_id


def judge(found: Seen, before: Seen, acts: Sequence[Act], done: int) -> None:
    """`done` acts said so: the store shows what they left, or that with the next one. Raises `Lost`."""
    whole = after(before, acts[:done])
    if found != whole and (done == len(acts) or found != acts[done].after(whole)):
        wrong = [name for name in Seen.__slots__ if getattr(found, name) != getattr(whole, name)]
        told = "".join(f"\n{name}: {getattr(found, name)}\n  and not {getattr(whole, name)}" for name in wrong)
        raise Lost(f"{done} acts were done, the last {acts[done - 1]}, then {acts[done : done + 1]}{told}")


def check(root: Path, before: Seen, acts: Sequence[Act], done: int) -> None:
    """After the fault: open, look, judge, and go on working. Raises `Lost`, or what the program refuses."""
    found = look(root)
    judge(found, before, acts, done)
    found = replace(found, copies=_whole_copies(person(), root / STORE))  # looking may have migrated, after a backup
    more: list[Act] = [Start(), *([] if TITLE in found.workshops else [Begin()]), Enter("I la vida continua", 1)]
    live(root, more)
    judge(look(root), found, more, len(more))
