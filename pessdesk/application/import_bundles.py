"""Receiving: every bundle is copied to the local spool, verified there, judged, and then taken whole or not at all.

A bundle that is refused or waits for a decision is set aside whole, with its reason; the others go on. Taking the
same bundle twice changes nothing, whatever its name. `plan_import` says beforehand what would happen, and writes
nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pessdesk.application.authoring import Author, follow_clock
from pessdesk.application.bundle import Outcome, Verdict
from pessdesk.application.erase import clean_if_possible
from pessdesk.application.export_bundle import bundle_row
from pessdesk.application.ports import Desk, Row, Unit
from pessdesk.domain.errors import UsageRefused
from pessdesk.records.envelope import Revision
from pessdesk.records.merge import merged_view


@dataclass(frozen=True, slots=True)
class Arrival:
    """What became of one bundle (or would): numbers are revisions, `clashing` records. `relayed_by` names the bundle
    inside which it came. `notes` are things to know that stop nothing (a gap in the numbers). `certificate` is its
    signer's (DER); `first`: that signer becomes known because this is the store's first programme."""

    file: str
    outcome: str
    code: str
    facts: Mapping[str, object]
    content_id: str = ""
    device: str = ""
    label: str = ""
    kind: str = ""
    workshop: str = ""
    new: int = 0
    known: int = 0
    clashing: int = 0
    relayed_by: str = ""
    notes: tuple[str, ...] = ()
    certificate: bytes = b""
    first: bool = False

    @property
    def exit_code(self) -> int:
        return {"quarantined": 3, "refused": 4}.get(self.outcome, 0)


def check_there(paths: Iterable[Path]) -> None:
    """Refuse what is named and not there, before anything is done."""
    for path in paths:
        if not path.exists():
            raise UsageRefused("file-unreadable", path=str(path), reason="ENOENT")


def bundle_files(paths: Iterable[Path]) -> list[Path]:
    """The files to import: those named, there or not, and the `*.asice` of folders named, in the order of their names."""
    files: list[Path] = []
    for path in paths:
        try:
            inside = sorted(path.iterdir()) if path.is_dir() else None
        except OSError:
            inside = None  # whoever opens it will say why
        if inside is None:
            files.append(path)
        else:
            files.extend(p for p in inside if p.suffix.lower() == ".asice" and not p.name.startswith("."))
    return files


def plan_import(
    desk: Desk,
    paths: Iterable[Path],
    *,
    first_programme: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> list[Arrival]:
    """What `import_bundles` would do, in the same words. `progress` hears how many of how many files have been looked at;
    raise `Stopped` in it to give up."""
    files = bundle_files(paths)
    trusted = desk.bundles.trusted()
    arrivals: list[Arrival] = []
    with desk.store.read() as unit:
        foreseen = _Foreseen(unit)
        for count, path in enumerate(files, start=1):
            try:
                desk.files.check_bundle(path)
                verdict = desk.bundles.verify(path, trusted, keep=True)
                if first := first_programme and _is_first_programme(foreseen, verdict):
                    trusted |= {verdict.device}
                    verdict = desk.bundles.verify(path, trusted, keep=True)
            except UsageRefused as problem:
                arrivals.append(_unreadable(path, problem))
            else:
                arrivals += [_planned(foreseen, path, one, verdict, first=first) for one in _spread(verdict)]
            if progress:
                progress(count, len(files))
    return arrivals


def look_at(
    verify: Callable[[Path], Verdict], paths: Iterable[Path], *, progress: Callable[[int, int], None] | None = None
) -> list[Arrival]:
    """What bundles are worth where there is no store yet, so that nobody is known: `intact`, or refused."""
    files = bundle_files(paths)
    arrivals: list[Arrival] = []
    for count, path in enumerate(files, start=1):
        try:
            verdict = verify(path)
        except UsageRefused as problem:
            arrivals.append(_unreadable(path, problem))
        else:
            for one in _spread(verdict):
                outcome = "refused" if one.outcome is Outcome.REJECT else "intact"
                arrivals.append(_arrival(path, one, verdict, outcome, one.code, one.facts))
        if progress:
            progress(count, len(files))
    return arrivals


def import_bundles(
    desk: Desk,
    paths: Iterable[Path],
    *,
    first_programme: bool = False,
    progress: Callable[[Arrival], None] | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> list[Arrival]:
    """Import bundles; gives what became of each, relayed ones after the bundle that carried them.

    With `first_programme` a store that has no programme yet takes its first one from whoever signed it, and knows
    that signer from then on (docs/decisions/0005). `stopped` is asked between two files: what was taken stays taken.
    """
    trusted = desk.bundles.trusted()
    arrivals: list[Arrival] = []

    def arrived(arrival: Arrival) -> None:
        arrivals.append(arrival)
        if progress:
            progress(arrival)

    with desk.store.write_many() as transaction:
        for path in bundle_files(paths):
            if stopped():
                break
            try:
                spooled = desk.files.spool(path)
            except UsageRefused as problem:
                arrived(_unreadable(path, problem))
                continue
            try:
                verdict = desk.bundles.verify(spooled, trusted, keep=True)
                if first := first_programme and _opens_first_programme(desk, verdict):
                    trusted |= {verdict.device}
                    desk.bundles.trust_certificate(verdict.certificate)
                    verdict = desk.bundles.verify(spooled, trusted, keep=True)
                    with transaction() as unit:
                        author = Author(desk, unit)
                        unit.append_new([author.act("programme-signer-trusted", subjects=(verdict.device,))])
                        author.save()
                for one in _spread(verdict):
                    taken: list[str] = []
                    with transaction() as unit:
                        arrival = _taken(desk, unit, path, spooled, one, verdict, taken, first=first)
                    for file in taken:  # only now: until the commit it was the only copy that the store knew of
                        desk.files.forget_aside(file)
                    arrived(arrival)
            finally:
                with suppress(OSError):  # it is swept at the next start
                    spooled.unlink(missing_ok=True)
    clean_if_possible(desk)  # an erasure may have come, or a bundle that carries what was erased here
    return arrivals


def discard_aside(desk: Desk, file: str) -> None:
    """Throw away a bundle that was set aside, as an act."""
    with desk.store.write() as unit:
        unit.release_quarantine(file)
        author = Author(desk, unit)
        unit.append_new([author.act("set-aside-discarded", subjects=(file,))])
        author.save()
    desk.files.forget_aside(file)


def _unreadable(path: Path, problem: UsageRefused) -> Arrival:
    """One file that cannot be read stops no other."""
    return Arrival(str(path), "refused", problem.code, problem.facts)


class _Known(Protocol):
    """What judging asks of a store, or of the store that it would be."""

    def bundles(self, **wanted: object) -> list[Row]: ...
    def programme(self) -> Row | None: ...


def _opens_first_programme(desk: Desk, verdict: Verdict) -> bool:
    with desk.store.read() as unit:
        return _is_first_programme(unit, verdict)


def _is_first_programme(there: _Known, verdict: Verdict) -> bool:
    if verdict.code != "signer-unknown" or verdict.header is None or verdict.header.kind != "programme":
        return False
    return there.programme() is None


def _spread(verdict: Verdict) -> list[Verdict]:
    """A bundle and what it carries; what is refused as a whole is not looked into."""
    return [verdict, *verdict.relays]


def judge(unit: _Known, verdict: Verdict) -> tuple[str, str, Mapping[str, object]]:
    """Outcome, code and facts for a verified bundle, in view of what this store knows (fork, replay, programme)."""
    if verdict.outcome is Outcome.REJECT or verdict.header is None:
        return "refused", verdict.code, verdict.facts
    if unit.bundles(content_id=verdict.content_id):
        return "known", "known-bundle", {}
    if verdict.outcome is Outcome.QUARANTINE:
        return "quarantined", verdict.code, verdict.facts
    header = verdict.header
    programme = unit.programme()
    if header.programme and programme and programme["record"] != header.programme:
        return "refused", "programme-other", {"ours": programme["code"]}
    if header.kind == "programme":
        signers = {row["device"] for row in unit.bundles(kind="programme")}
        if signers and header.device not in signers:
            return "quarantined", "programme-signer", {"signer": header.label}
    if unit.bundles(bundle_id=header.id):
        return "refused", "bundle-id-reused", {"id": header.id}
    twins = unit.bundles(device=header.device, epoch=header.epoch, seq=header.seq)
    if twins:
        return "quarantined", "fork", {"seq": header.seq, "other": twins[0]["content_id"]}
    return "accepted", "accepted", {}


def _gap(unit: _Known, verdict: Verdict) -> tuple[str, ...]:
    """A note when the bundle before this one has not arrived."""
    header = verdict.header
    if header is None or header.seq == 1 or unit.bundles(content_id=header.prev):
        return ()
    return ("gap",)


def _planned(foreseen: _Foreseen, path: Path, one: Verdict, carrier: Verdict, *, first: bool) -> Arrival:
    outcome, code, facts = judge(foreseen, one)
    if outcome != "accepted" or one.header is None:
        return _arrival(path, one, carrier, outcome, code, facts, known=_known(outcome, one))
    notes = _gap(foreseen, one)
    new, clashing = foreseen.add(one)
    return _arrival(
        path, one, carrier, outcome, code, facts,
        new=new, known=len(one.revisions) - new, clashing=clashing, notes=notes, first=first and one is carrier,
    )  # fmt: skip


class _Foreseen:
    """The store as it would be with the bundles that were planned so far."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._bundles: list[Row] = []
        self._programmes: dict[str, Row] = {}
        self._ids: set[str] = set()
        self._records: dict[str, dict[str, Revision]] = {}

    def bundles(self, **wanted: object) -> list[Row]:
        added = [row for row in self._bundles if all(row[name] == value for name, value in wanted.items())]
        return [*self._unit.bundles(**wanted), *added]

    def programme(self) -> Row | None:
        there = self._unit.programme()
        return there or (self._programmes[max(self._programmes)] if self._programmes else None)

    def add(self, one: Verdict) -> tuple[int, int]:
        """Add a bundle's revisions; gives how many are new, and how many of their records clash then."""
        assert one.header is not None
        self._bundles.append(bundle_row(one.header, one.content_id, "received", carries_relays=bool(one.relayed)))
        ids = {revision.id for revision in one.revisions}
        known = self._unit.known_ids(list(ids)) | (self._ids & ids)
        fresh = [revision for revision in one.revisions if revision.id not in known]
        self._ids |= ids
        for revision in fresh:
            if revision.kind == "programme":
                self._programmes[revision.record] = {"record": revision.record, **revision.content}
        return len(fresh), self._clashing(fresh)

    def _clashing(self, fresh: Sequence[Revision]) -> int:
        touched = list({revision.record for revision in fresh})
        there = self._unit.histories([record for record in touched if record not in self._records])
        for record in touched:
            self._records.setdefault(record, {r.id: r for r in there.get(record, ())})
        for revision in fresh:
            self._records[revision.record][revision.id] = revision
        erased = self._unit.erased(touched)
        histories = [self._records[record] for record in touched if record not in erased]
        return sum(1 for history in histories if len(history) > 1 and merged_view(history.values()).clashes)


def _taken(
    desk: Desk, unit: Unit, path: Path, spooled: Path, one: Verdict, carrier: Verdict, taken: list[str], *, first: bool
) -> Arrival:
    """Judge one bundle and take it or set it aside; `taken` gets the files in `quarantine/` that waited for it."""
    outcome, code, facts = judge(unit, one)
    if outcome in ("quarantined", "refused"):
        file = desk.files.set_aside(spooled, one.place.offset, one.place.size)
        unit.remember_quarantine(file, outcome, code, {**facts, **_origin(unit, file, path, one)}, one.content_id)
    if outcome != "accepted" or one.header is None:
        return _arrival(path, one, carrier, outcome, code, facts, known=_known(outcome, one))
    for name, place in one.attachments.items():
        desk.files.keep_attachment_from(spooled, place.offset, place.size, name)
    desk.files.keep_received(spooled, one.place.offset, one.place.size, one.content_id)
    added = unit.add(one.revisions)
    notes = _gap(unit, one)
    unit.remember_bundle(bundle_row(one.header, one.content_id, "received", carries_relays=bool(one.relayed)))
    for row in unit.quarantine():
        if row["content_id"] == one.content_id:
            unit.release_quarantine(row["file"])
            taken.append(row["file"])
    if one.revisions:
        follow_clock(unit, max(r.hlc for r in one.revisions), desk.clock.now_ms())
    changed = set(added.records)
    clashing = len({c["record"] for c in unit.clashes() if c["record"] in changed}) if changed else 0
    return _arrival(
        path, one, carrier, outcome, code, facts,
        new=added.new, known=added.known, clashing=clashing, notes=notes, first=first and one is carrier,
    )  # fmt: skip


def _origin(unit: Unit, file: str, path: Path, one: Verdict) -> Mapping[str, object]:
    """What helps to recognise a bundle that is set aside under the name of its digest: the name under which it came,
    who signed it, of which workshop it is."""
    earlier: Mapping[str, object] = next(
        (json.loads(row["facts"]) for row in unit.quarantine() if row["file"] == file), {}
    )
    header = one.header
    return {
        "from": earlier.get("from", path.name), "label": header.label if header else "",
        "workshop": header.workshop_code if header else "",
    }  # fmt: skip


def _known(outcome: str, one: Verdict) -> int:
    return len(one.revisions) if outcome == "known" else 0


def _arrival(
    path: Path,
    one: Verdict,
    carrier: Verdict,
    outcome: str,
    code: str,
    facts: Mapping[str, object],
    *,
    new: int = 0,
    known: int = 0,
    clashing: int = 0,
    notes: tuple[str, ...] = (),
    first: bool = False,
) -> Arrival:
    header = one.header
    return Arrival(
        file=str(path),
        outcome=outcome,
        code=code,
        facts=facts,
        content_id=one.content_id,
        device=one.device,
        label=header.label if header else "",
        kind=header.kind if header else "",
        workshop=header.workshop_code if header else "",
        new=new,
        known=known,
        clashing=clashing,
        relayed_by="" if one is carrier else carrier.content_id,
        notes=notes,
        certificate=one.certificate,
        first=first,
    )


def worst_exit(arrivals: Collection[Arrival]) -> int:
    """The exit code of an import."""
    return max((arrival.exit_code for arrival in arrivals), default=0)
