"""Receiving: every bundle is copied to the local spool, verified there, judged, and then taken whole or not at all.

A bundle that is refused or waits for a decision is set aside whole, with its reason; the others go on. Taking the
same bundle twice changes nothing, whatever its name. `plan_import` says beforehand what would happen, and writes
nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pessdesk.application.authoring import Author, follow_clock
from pessdesk.application.bundle import Outcome, Verdict
from pessdesk.application.export_bundle import bundle_row
from pessdesk.application.ports import Desk, Unit
from pessdesk.domain.errors import UsageRefused
from pessdesk.records.envelope import Revision
from pessdesk.records.merge import merged_view


@dataclass(frozen=True, slots=True)
class Arrival:
    """What became of one bundle (or would): numbers are revisions, `clashing` records. `relayed_by` names the bundle
    inside which it came. `notes` are things to know that stop nothing (a gap in the numbers)."""

    file: str
    outcome: str
    code: str
    facts: Mapping[str, object]
    content_id: str = ""
    device: str = ""
    label: str = ""
    workshop: str = ""
    new: int = 0
    known: int = 0
    clashing: int = 0
    relayed_by: str = ""
    notes: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        return {"quarantined": 3, "refused": 4}.get(self.outcome, 0)


def bundle_files(paths: Iterable[Path]) -> list[Path]:
    """The files to import: those named, and the `*.asice` of folders named, in the order of their names."""
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            files.extend(sorted(p for p in path.iterdir() if p.suffix == ".asice" and not p.name.startswith(".")))
        elif path.exists():
            files.append(path)
        else:
            raise UsageRefused("file-unreadable", path=str(path), reason="ENOENT")
    return files


def plan_import(desk: Desk, paths: Iterable[Path]) -> list[Arrival]:
    """What `import_bundles` would do, in the same words."""
    overlay = _Overlay()
    trusted = desk.bundles.trusted()
    arrivals: list[Arrival] = []
    with desk.store.read() as unit:
        for path in bundle_files(paths):
            try:
                verdict = desk.bundles.verify(path, trusted, keep=True)
            except UsageRefused as problem:
                arrivals.append(_unreadable(path, problem))
                continue
            arrivals.extend(_planned(unit, overlay, path, one, verdict) for one in _spread(verdict))
    return arrivals


def import_bundles(
    desk: Desk,
    paths: Iterable[Path],
    *,
    first_programme: bool = False,
    progress: Callable[[Arrival], None] | None = None,
) -> list[Arrival]:
    """Import bundles; gives what became of each, relayed ones after the bundle that carried them.

    With `first_programme` a store that has no programme yet takes its first one from whoever signed it, and knows
    that signer from then on (docs/decisions/0005).
    """
    trusted = desk.bundles.trusted()
    arrivals: list[Arrival] = []
    with desk.store.write_many() as transaction:
        for path in bundle_files(paths):
            try:
                spooled = desk.files.spool(path)
            except UsageRefused as problem:
                arrivals.append(_unreadable(path, problem))
                if progress:
                    progress(arrivals[-1])
                continue
            try:
                verdict = desk.bundles.verify(spooled, trusted, keep=True)
                if first_programme and _is_first_programme(desk, verdict):
                    trusted |= {verdict.device}
                    desk.bundles.trust_certificate(verdict.certificate)
                    verdict = desk.bundles.verify(spooled, trusted, keep=True)
                    with transaction() as unit:
                        author = Author(desk, unit)
                        unit.append_new([author.act("programme-signer-trusted", subjects=(verdict.device,))])
                        author.save()
                for one in _spread(verdict):
                    with transaction() as unit:
                        arrivals.append(_taken(desk, unit, path, spooled, one, verdict))
                    if progress:
                        progress(arrivals[-1])
            finally:
                spooled.unlink(missing_ok=True)
    return arrivals


def _unreadable(path: Path, problem: UsageRefused) -> Arrival:
    """One file that cannot be read stops no other."""
    return Arrival(str(path), "refused", problem.code, problem.facts)


def _is_first_programme(desk: Desk, verdict: Verdict) -> bool:
    if verdict.code != "signer-unknown" or verdict.header is None or verdict.header.kind != "programme":
        return False
    with desk.store.read() as unit:
        return unit.programme() is None


def _spread(verdict: Verdict) -> list[Verdict]:
    """A bundle and what it carries; what is refused as a whole is not looked into."""
    return [verdict, *verdict.relays]


def judge(unit: Unit, verdict: Verdict) -> tuple[str, str, Mapping[str, object]]:
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


def _gap(unit: Unit, verdict: Verdict) -> tuple[str, ...]:
    """A note when the bundle before this one has not arrived."""
    header = verdict.header
    if header is None or header.seq == 1 or unit.bundles(content_id=header.prev):
        return ()
    return ("gap",)


def _planned(unit: Unit, overlay: _Overlay, path: Path, one: Verdict, carrier: Verdict) -> Arrival:
    outcome, code, facts = judge(unit, one)
    if outcome == "accepted" and one.content_id in overlay.bundles:
        outcome, code = "known", "known-bundle"
    if outcome != "accepted":
        return _arrival(path, one, carrier, outcome, code, facts, known=_known(outcome, one))
    overlay.bundles.add(one.content_id)
    known = unit.known_ids([r.id for r in one.revisions]) | (overlay.ids & {r.id for r in one.revisions})
    fresh = [r for r in one.revisions if r.id not in known]
    clashing = overlay.add(unit, fresh)
    return _arrival(
        path, one, carrier, outcome, code, facts,
        new=len(fresh), known=len(one.revisions) - len(fresh), clashing=clashing, notes=_gap(unit, one),
    )  # fmt: skip


@dataclass(slots=True)
class _Overlay:
    """What the bundles planned so far would have added."""

    bundles: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)
    records: dict[str, dict[str, Revision]] = field(default_factory=dict)

    def add(self, unit: Unit, fresh: list[Revision]) -> int:
        """Add revisions; gives how many of their records clash then."""
        touched = {r.record for r in fresh}
        there = unit.histories(list(touched))
        for record in touched:
            self.records.setdefault(record, {}).update({r.id: r for r in there.get(record, ())})
        for revision in fresh:
            self.ids.add(revision.id)
            self.records[revision.record][revision.id] = revision
        return sum(1 for r in touched if len(self.records[r]) > 1 and merged_view(self.records[r].values()).clashes)


def _taken(desk: Desk, unit: Unit, path: Path, spooled: Path, one: Verdict, carrier: Verdict) -> Arrival:
    outcome, code, facts = judge(unit, one)
    if outcome in ("quarantined", "refused"):
        file = desk.files.set_aside(spooled, one.place.offset, one.place.size)
        unit.remember_quarantine(file, outcome, code, facts, one.content_id)
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
            desk.files.forget_aside(row["file"])
    if one.revisions:
        follow_clock(unit, max(r.hlc for r in one.revisions), desk.clock.now_ms())
    changed = set(added.records)
    clashing = len({c["record"] for c in unit.clashes() if c["record"] in changed}) if changed else 0
    return _arrival(
        path, one, carrier, outcome, code, facts,
        new=added.new, known=added.known, clashing=clashing, notes=notes,
    )  # fmt: skip


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
        workshop=header.workshop_code if header else "",
        new=new,
        known=known,
        clashing=clashing,
        relayed_by="" if one is carrier else carrier.content_id,
        notes=notes,
    )


def worst_exit(arrivals: Collection[Arrival]) -> int:
    """The exit code of an import."""
    return max((arrival.exit_code for arrival in arrivals), default=0)
