"""`python -m benchmarks [NAME …]`: prints figure, reference and ratio, the median of several rounds taken in turn.

The machine's speed cancels out of a ratio; its noise does not, so each line shows the spread as well.
"""

from __future__ import annotations

import gc
import hashlib
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from pessdesk.application.bundle import SCHEMA, SCHEMA_VERSION, BundleDraft, BundleHeader
from pessdesk.application.export_bundle import count_kinds
from pessdesk.application.import_bundles import import_bundles
from pessdesk.application.programme import PlannedWorkshop, new_workshop
from pessdesk.application.record_contributions import SheetRow, record_rows
from pessdesk.bootstrap import Program
from pessdesk.bundles.identity import Identity, make_identity
from pessdesk.bundles.verify import verify_file
from pessdesk.bundles.writer import write_bundle
from pessdesk.domain import hlc
from pessdesk.domain.model import Contribution
from pessdesk.domain.text import fold
from pessdesk.records.codec import to_content
from pessdesk.records.envelope import Revision, make_revision
from pessdesk.storage import schema
from pessdesk.system.clock import new_id

Job = Callable[[], object]
SAID = "Que els ajuntaments petits comparteixin una tècnica de serveis socials i el transport a demanda. "


def main(names: list[str]) -> None:
    chosen = names or list(BENCHMARKS)
    for name in chosen:
        with tempfile.TemporaryDirectory(prefix="pessdesk-bench-") as folder:
            BENCHMARKS[name](Path(folder))


def compare(figure: str, ours: Job, references: dict[str, Job], *, rounds: int = 5, limit: str = "") -> None:
    """Run ours and the references in turn; print medians, and the ratios of each round's pair as median (min–max)."""
    times: dict[str, list[float]] = {"": [], **{name: [] for name in references}}
    for _ in range(rounds):
        for name, job in {"": ours, **references}.items():
            gc.collect()
            begun = time.perf_counter()
            job()
            times[name].append(time.perf_counter() - begun)
    print(f"{figure}: {statistics.median(times['']) * 1000:.0f} ms")
    for name in references:
        ratios = [a / b for a, b in zip(times[""], times[name], strict=True)]
        print(
            f"  ÷ {name} ({statistics.median(times[name]) * 1000:.0f} ms):"
            f" {statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f}){limit}"
        )
        limit = ""


def revisions(identity: Identity, count: int, workshop: str, start: int = 0) -> list[Revision]:
    """Contributions as a laptop would state them, in a bundle's order."""
    made = [
        make_revision(
            kind="contribution",
            record=new_id(),
            parents=(),
            device=identity.device,
            epoch=1,
            counter=start + number + 1,
            hlc=hlc.pack(1_760_000_000_000 + number, 0),
            actor=workshop,
            content=to_content(
                Contribution(workshop, f"PESS-04-260312-7K-AB{start + number + 1:03d}", f"{SAID * 3}{start + number}")
            ),
        )
        for number in range(count)
    ]
    return sorted(made, key=lambda r: (r.record, r.id))


def draft(identity: Identity, stated: list[Revision], seq: int, prev: str, attachments: dict[str, Path]) -> BundleDraft:
    header = BundleHeader(
        schema=SCHEMA,
        version=SCHEMA_VERSION,
        id=new_id(),
        kind="export",
        device=identity.device,
        epoch=1,
        seq=seq,
        prev=prev,
        created="2026-03-12T17:00:00Z",
        application="benchmark",
        counts=count_kinds(stated),
        workshop=stated[0].workshop,
    )
    return BundleDraft(header, tuple(r.data for r in stated), attachments)


def fsynced(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def bundles(folder: Path) -> None:
    """500 revisions and 200 MB of attachments: written and verified."""
    import bagit

    identity = make_identity("bench")
    signer = identity.signer()
    signer.sign(b"")
    stated = revisions(identity, 500, new_id())
    attachments: dict[str, Path] = {}
    for number in range(40):
        data = os.urandom(5_000_000)
        name = f"{hashlib.sha256(data).hexdigest()}.jpg"
        attachments[name] = folder / f"source-{number}"
        attachments[name].write_bytes(data)
    whole = draft(identity, stated, 1, "", attachments)
    target, plain, bag = folder / "x.asice", folder / "copy", folder / "bag"

    def ours() -> None:
        target.unlink(missing_ok=True)
        write_bundle(target, whole, signer)

    def copied() -> None:
        digest = hashlib.sha256()
        with plain.open("wb") as out:
            for part in (b"".join(whole.revisions), *attachments.values()):
                for chunk in [part] if isinstance(part, bytes) else iter_chunks(part):
                    digest.update(chunk)
                    out.write(chunk)
            out.flush()
            os.fsync(out.fileno())

    def bagged() -> None:
        shutil.rmtree(bag, ignore_errors=True)
        bag.mkdir()
        for name, path in attachments.items():
            shutil.copyfile(path, bag / name)
            fsynced(bag / name)
        (bag / "revisions.jsonl").write_bytes(b"\n".join(whole.revisions))
        bagit.make_bag(str(bag), checksums=["sha256"])

    compare(
        "write + hash + sign + fsync, 500 revisions and 200 MB",
        ours,
        {"copy + fsync + SHA-256": copied, "copy + fsync + bagit make": bagged},
        limit="   wanted ≤ 1.5",
    )

    def hashed() -> None:
        digest = hashlib.sha256()
        for chunk in iter_chunks(target):
            digest.update(chunk)

    compare(
        "verify the same",
        lambda: verify_file(target, {identity.device}),
        {"SHA-256": hashed, "bagit validate": lambda: bagit.Bag(str(bag)).validate()},
        limit="   wanted ≤ 1.6",
    )


def iter_chunks(path: Path) -> Any:
    with path.open("rb") as file:
        while chunk := file.read(1024 * 1024):
            yield chunk


def import_many(folder: Path) -> None:
    """200 bundles of 200 contributions into an office's store."""
    identity = make_identity("bench")
    signer = identity.signer()
    incoming = folder / "in"
    incoming.mkdir()
    workshop, prev, everything = new_id(), "", []
    for seq in range(1, 201):
        stated = revisions(identity, 200, workshop, start=(seq - 1) * 200)
        everything += stated
        written = write_bundle(incoming / f"{seq:04d}.asice", draft(identity, stated, seq, prev, {}), signer)
        prev = written.content_id
    (folder / "trust.pem").write_bytes(identity.card())
    counter = iter(range(1000))

    def ours() -> None:
        program, home = Program(), folder / f"office-{next(counter)}"
        with program.desk(home, write=True, create=True) as desk:
            program.add_card(home / "trust", program.read_card(folder / "trust.pem"))
            arrivals = import_bundles(desk, [incoming])
        if sum(arrival.new for arrival in arrivals) != 40_000:
            raise AssertionError(arrivals[0])
        shutil.rmtree(home)

    compare(
        "import 200 bundles of 200 contributions",
        ours,
        {"raw sqlite3 insert of the same rows with FTS, a commit a bundle": raw_insert(folder, everything, 200)},
        rounds=3,
        limit="   wanted ≤ 4",
    )


def record_many(folder: Path) -> None:
    """10 000 rows of a spreadsheet."""
    program = Program()
    rows = [SheetRow(number + 2, {"text": f"{SAID * 3}{number}"}) for number in range(10_000)]
    homes = iter(range(1000))
    kept: list[Revision] = []

    def ours() -> None:
        home = folder / f"laptop-{next(homes)}"
        with program.desk(home, write=True, create=True) as desk:
            row = new_workshop(desk, PlannedWorkshop("Taller", "2026-03-12", "04"))
            done = sum(len(batch) for batch in record_rows(desk, row["code"], rows, folder=folder, words={}))
            if not kept:
                from pessdesk.records.envelope import trusted_revision

                with desk.store.read() as unit:
                    made = [trusted_revision(data) for data in unit.made_by(desk.device, [row["record"]])]
                kept.extend(r for r in made if r.kind == "contribution")
        if done != 10_000:
            raise AssertionError(done)
        shutil.rmtree(home)

    ours()
    compare(
        "record 10 000 rows (opening a new store included)",
        ours,
        {"raw sqlite3 insert of the same rows with FTS, a commit a batch of 500": raw_insert(folder, kept, 500)},
        rounds=5,
        limit="   wanted ≤ 4",
    )


def raw_insert(folder: Path, stated: list[Revision], batch: int) -> Job:
    """The same rows in the same tables with the same indexes, prepared beforehand, by the driver alone."""
    import sqlcipher3.dbapi2 as driver
    from sqlalchemy.dialects import sqlite
    from sqlalchemy.schema import CreateIndex, CreateTable

    dialect = sqlite.dialect()
    tables = (schema.revision, schema.contribution)
    ddl = [str(CreateTable(t).compile(dialect=dialect)) for t in tables]
    ddl += [str(CreateIndex(i).compile(dialect=dialect)) for t in tables for i in t.indexes]
    truth = [(bytes.fromhex(r.id), r.record, r.kind, r.device, r.epoch, r.counter, r.workshop, r.data) for r in stated]
    shown = [
        (number, r.record, r.workshop, r.content["code"], "proposal", "", r.content["text"], False)
        for number, r in enumerate(stated, start=1)
    ]
    words = [(number, fold(r.content["text"])) for number, r in enumerate(stated, start=1)]

    def job() -> None:
        path = folder / "raw.db"
        connection = driver.connect(str(path), isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        for statement in (*ddl, schema.FULL_TEXT):
            connection.execute(statement)
        for start in range(0, len(truth), batch):
            part = slice(start, start + batch)
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(
                "INSERT INTO revision (id, record, kind, device, epoch, counter, workshop, data)"
                " VALUES (?,?,?,?,?,?,?,?)",
                truth[part],
            )
            connection.executemany(
                "INSERT INTO contribution (number, record, workshop, code, kind, title, text, withdrawn)"
                " VALUES (?,?,?,?,?,?,?,?)",
                shown[part],
            )
            connection.executemany("INSERT INTO full_text (rowid, words) VALUES (?, ?)", words[part])
            connection.execute("COMMIT")
        connection.close()
        for leftover in folder.glob("raw.db*"):
            leftover.unlink()

    return job


def start_up(folder: Path) -> None:
    """`pessdesk verify` of a small bundle as a whole process."""
    identity = make_identity("bench")
    path = folder / "small.asice"
    write_bundle(path, draft(identity, revisions(identity, 20, new_id()), 1, "", {}), identity.signer())
    (folder / "trust").mkdir()
    (folder / "trust" / "card.pem").write_bytes(identity.card())
    ours = [sys.executable, "-m", "pessdesk", "verify", "--trust", str(folder / "trust"), str(path)]
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL}
    compare(
        "`pessdesk verify` as a process",
        lambda: subprocess.run(ours, check=True, **quiet),
        {"`python -c pass`": lambda: subprocess.run([sys.executable, "-c", "pass"], check=True, **quiet)},
        rounds=9,
    )


def memory(folder: Path) -> None:
    """Peak memory while a bundle is written, verified and imported, with 5 MB and with 500 MB of attachments."""
    for megabytes in (5, 500):
        worker = [sys.executable, "-m", "benchmarks.memory", str(folder / str(megabytes)), str(megabytes)]
        done = subprocess.run(worker, check=True, capture_output=True, text=True)
        print(f"peak memory, write + verify + import with {megabytes} MB of attachments: {done.stdout.strip()} MB")


def apart(module: str) -> None:
    """Figures that want a process of their own: a program has one window."""
    sys.stdout.flush()
    subprocess.run([sys.executable, "-m", module], check=True)


BENCHMARKS: dict[str, Callable[[Path], None]] = {
    "bundles": bundles,
    "import": import_many,
    "record": record_many,
    "start": start_up,
    "memory": memory,
    "window": lambda _: apart("benchmarks.window"),
    "minutes": lambda _: apart("benchmarks.minutes"),
    "durability": lambda _: apart("benchmarks.durability"),
}

if __name__ == "__main__":
    with suppress(AttributeError):
        print(f"{os.cpu_count()} processors, {resource.getpagesize()} bytes a page, Python {sys.version.split()[0]}")
    main(sys.argv[1:])
