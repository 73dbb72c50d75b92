"""Handing over: one signed bundle of what this laptop knows of a workshop.

It carries this laptop's whole history of the workshop, the attachments, and, byte for byte, the bundles that it
received from others. A bundle that itself carries relayed bundles cannot stand inside another (one level): a copy of
it is laid beside. The file is done only when it has been fsynced, read back and verified.

Whoever stops it, and whatever goes wrong on the way, leaves nothing behind: neither files nor anything counted as
handed over. The numbers that were taken stay taken, and the next bundle names them as void.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from pessdesk import __version__
from pessdesk.application import find
from pessdesk.application.authoring import Author, introduce
from pessdesk.application.bundle import SCHEMA, SCHEMA_VERSION, BundleDraft, BundleHeader, Outcome
from pessdesk.application.erase import NOT_RELAYED
from pessdesk.application.ports import Desk, Row, Unit
from pessdesk.domain.errors import InputRefused, PessError, StoreUnusable, WorldUnkind
from pessdesk.records.envelope import Revision, trusted_revision

PART_SIZE = 2_000_000_000
"""Bytes of attachments and relayed bundles that one part may carry: the container's limit is 2 GiB."""
PART_FILES = 15_000


class Phase(enum.Enum):
    """What is being done with the bytes."""

    WRITING = enum.auto()
    READING_BACK = enum.auto()


Watch = Callable[[Phase, int, int], None]
"""Hears how many bytes of how many a phase has done; raise `Stopped` in it to stop."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was handed over: the bundles' files, the copies laid beside them, and what is in them. `left_out` counts bundles
    of other laptops that were removed here because something in them was erased: their laptops must hand over again."""

    files: tuple[Path, ...]
    content_ids: tuple[str, ...]
    beside: tuple[Path, ...]
    counts: dict[str, int]
    relayed: int
    left_out: int = 0


def export_workshop(
    desk: Desk,
    code: str,
    folder: Path,
    *,
    watch: Watch | None = None,
    part_size: int = PART_SIZE,
) -> Exported:
    """Write the workshop's bundle (in parts, where it is too large for one) into `folder`."""
    if not folder.is_dir():
        raise WorldUnkind("folder-missing", path=str(folder))
    with desk.store.read() as unit:
        workshop = find.workshop(unit, code)
        if unit.setting("rehearsal"):
            raise InputRefused("rehearsal-export")
    introduce(desk)
    with desk.store.read() as unit:
        revisions = _own_revisions(desk, unit, workshop["record"])
        files = _own_attachments(desk, revisions)
        received = unit.bundles(direction="received", kind="export", workshop=workshop["record"])
        removed = unit.settings_like(NOT_RELAYED)
        programme = unit.programme()
        upto = unit.last_place()
    there = len(received)
    received = [r for r in received if NOT_RELAYED + r["content_id"] not in removed]
    relayed = {r["content_id"]: desk.files.received / f"{r['content_id']}.asice" for r in received}
    inside = {r["content_id"]: relayed[r["content_id"]] for r in received if not r["carries_relays"]}
    outside = [relayed[r["content_id"]] for r in received if r["carries_relays"]]
    parts = _in_parts(desk, files, inside, part_size)
    said, relaying = sum(len(r.data) + 1 for r in revisions), _octets(desk, inside.values())
    written = said + _octets(desk, files.values()) + relaying + _octets(desk, outside)
    _check_room(desk, folder, written, len(files) + len(relayed))
    meter = _Meter(
        watch, {Phase.WRITING: written, Phase.READING_BACK: written + said + relaying - _octets(desk, outside)}
    )
    laid = _Laid(desk)
    try:
        for path in outside:
            laid.lay_beside(path, folder, meter)
        for number, (attachments, relays) in enumerate(parts, start=1):
            lines = revisions if number == 1 else []
            context = Context("export", programme, workshop, number, len(parts))
            upto_now = {f"handed:{workshop['record']}": str(upto)} if number == len(parts) else {}
            laid.bundles.append(hand_over(desk, folder, context, lines, attachments, relays, meter, settings=upto_now))
    except BaseException:
        laid.take_back()
        raise
    return Exported(
        tuple(path for path, _ in laid.bundles),
        tuple(content_id for _, content_id in laid.bundles),
        tuple(laid.beside),
        count_kinds(revisions),
        len(inside),
        there - len(received),
    )


class _Meter:
    """Adds up what is written and read back, file after file."""

    def __init__(self, watch: Watch | None = None, totals: Mapping[Phase, int] | None = None) -> None:
        self._watch = watch
        self._totals = totals or {}
        self._done: dict[Phase, int] = {}

    def of(self, phase: Phase) -> Callable[[int], None] | None:
        """What the next file tells of its bytes."""
        watch, before, total = self._watch, self._done.get(phase, 0), self._totals.get(phase, 0)
        if watch is None:
            return None

        def told(count: int) -> None:
            self._done[phase] = before + count
            watch(phase, min(self._done[phase], total), total)

        return told


@dataclass(slots=True)
class _Laid:
    """What has been laid into the folder so far: bundles with their content ids, and copies of those of others."""

    desk: Desk
    bundles: list[tuple[Path, str]] = field(default_factory=list)
    beside: list[Path] = field(default_factory=list)
    _copied: list[Path] = field(default_factory=list)

    def lay_beside(self, source: Path, folder: Path, meter: _Meter) -> None:
        target = folder / f"relay-{source.stem[:16]}.asice"
        if not target.exists():
            self.desk.files.copy_out(source, target, meter.of(Phase.WRITING))
            self._copied.append(target)
        self.beside.append(target)

    def take_back(self) -> None:
        """Nothing was handed over. The store first: what it counts must be on the stick."""
        if self.bundles:
            with self.desk.store.write() as unit:
                for _, content_id in self.bundles:
                    unit.take_back(content_id)
                author = Author(self.desk, unit)
                about = tuple(content_id for _, content_id in self.bundles)
                unit.append_new([author.act("hand-over-void", subjects=about)])
                author.save()
        for path in (*self._copied, *(path for path, _ in self.bundles)):
            with suppress(OSError):
                path.unlink(missing_ok=True)


def _octets(desk: Desk, files: Iterable[Path]) -> int:
    return sum(map(desk.files.size, files))


def _check_room(desk: Desk, folder: Path, octets: int, files: int) -> None:
    """Whether the folder has room for so many bytes in so many files, and what a container needs around them."""
    needed = octets + (files + 16) * 1024
    free = desk.files.room(folder)
    if free < needed:
        megabyte = 1024**2
        raise WorldUnkind("room-missing", path=str(folder), needed=-(-needed // megabyte), free=free // megabyte)


@dataclass(frozen=True, slots=True)
class Context:
    """Of what a bundle speaks."""

    kind: str
    programme: Row | None
    workshop: Row | None
    part: int = 1
    parts: int = 1


def hand_over(
    desk: Desk,
    folder: Path,
    context: Context,
    revisions: list[Revision],
    attachments: Mapping[str, Path],
    relayed: Mapping[str, Path],
    meter: _Meter | None = None,
    name: str = "",
    settings: Mapping[str, str] | None = None,
) -> tuple[Path, str]:
    """Take a number, write, read back, and only then count the bundle as handed over, in one commit with `settings`."""
    with desk.store.write() as unit:
        epoch = Author(desk, unit).epoch
        seq, prev, void = unit.take_sequence(epoch)
    header = BundleHeader(
        schema=SCHEMA,
        version=SCHEMA_VERSION,
        id=desk.new_id(),
        kind=context.kind,
        device=desk.device,
        epoch=epoch,
        seq=seq,
        prev=prev,
        void=void,
        created=desk.clock.utc(),
        clock={"source": "system"},
        application=f"PessDesk {__version__}",
        counts=count_kinds(revisions),
        part=context.part,
        parts=context.parts,
        programme=context.programme["record"] if context.programme else "",
        programme_version=context.programme["version"] if context.programme else "",
        workshop=context.workshop["record"] if context.workshop else "",
        workshop_code=context.workshop["code"] if context.workshop else "",
        comarca=context.workshop["comarca"] if context.workshop else "",
        label=desk.label,
        languages=tuple(sorted({str(r.content["language"]) for r in revisions if r.content.get("language")})),
    )
    path = folder / (name or _file_name(header))
    if path.exists():
        raise WorldUnkind("file-exists", path=str(path))
    draft = BundleDraft(header, tuple(r.data for r in revisions), attachments, relayed)
    meter = meter or _Meter()
    written = desk.bundles.write(path, draft, meter.of(Phase.WRITING))
    try:
        desk.files.forget(path)  # what is read back shall be what is on the stick
        back = desk.bundles.verify(path, {desk.device}, progress=meter.of(Phase.READING_BACK))
        if back.outcome is not Outcome.ACCEPT:
            raise WorldUnkind("read-back-differs", path=str(path), reason=back.code)
        with desk.store.write() as unit:
            unit.hand_over(epoch, seq, written.content_id)
            unit.remember_bundle(bundle_row(header, written.content_id, "sent", carries_relays=bool(relayed)))
            author = Author(desk, unit)
            about = (*([header.workshop] if header.workshop else []), written.content_id)
            unit.append_new(
                [author.act("handed-over", subjects=about)]
            )  # of no workshop: it would wait to be handed over
            author.save()
            if settings:
                unit.set_settings(settings)
    except BaseException:
        # A disk that could not say whether it has the commit may have it: another one settles that it was not.
        with suppress(PessError), desk.store.write() as unit:
            unit.hand_over(epoch, seq, "")
            unit.take_back(written.content_id)
        with suppress(OSError):
            path.unlink(missing_ok=True)
        raise
    return path, written.content_id


def bundle_row(header: BundleHeader, content_id: str, direction: str, *, carries_relays: bool) -> Row:
    """What a store remembers of a bundle."""
    return {
        "content_id": content_id, "bundle_id": header.id, "direction": direction, "kind": header.kind,
        "device": header.device, "epoch": header.epoch, "seq": header.seq, "prev": header.prev,
        "workshop": header.workshop, "carries_relays": carries_relays, "created": header.created,
    }  # fmt: skip


def count_kinds(revisions: list[Revision]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for revision in revisions:
        counts[revision.kind] = counts.get(revision.kind, 0) + 1
    return counts


def _file_name(header: BundleHeader) -> str:
    part = f"-part{header.part}of{header.parts}" if header.parts > 1 else ""
    return f"{header.workshop_code}-{header.device[:6]}-{header.epoch}-{header.seq:04d}{part}.asice"


def _own_revisions(desk: Desk, unit: Unit, workshop: str) -> list[Revision]:
    """This laptop's statements about the workshop, and its own name."""
    about = [trusted_revision(data) for data in unit.made_by(desk.device, ["", workshop])]
    return [r for r in about if r.workshop == workshop or r.kind == "device"]


def _own_attachments(desk: Desk, revisions: list[Revision]) -> dict[str, Path]:
    files: dict[str, Path] = {}
    for revision in revisions:
        if revision.kind == "attachment":
            name = f"{revision.content['sha256']}.{revision.content['extension']}"
            files[name] = desk.files.attachment(name)
            if not desk.files.has_attachment(name):
                raise StoreUnusable("attachment-missing", path=str(files[name]), name=revision.content["name"])
    return files


def _in_parts(
    desk: Desk, attachments: dict[str, Path], relayed: dict[str, Path], limit: int
) -> list[tuple[dict[str, Path], dict[str, Path]]]:
    """Attachments and relayed bundles in as few parts as their order allows; the first also holds the revisions."""
    parts: list[tuple[dict[str, Path], dict[str, Path]]] = [({}, {})]
    used = files = 0
    for index, group in enumerate((attachments, relayed)):
        for name, path in sorted(group.items()):
            size = desk.files.size(path)
            if files and (used + size > limit or files >= PART_FILES):
                parts.append(({}, {}))
                used = files = 0
            parts[-1][index][name] = path
            used += size
            files += 1
    return parts
