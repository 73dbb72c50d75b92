"""What a record looks like now: the merged view of its revisions, and where they clash.

Merging is set union; the view is a function of the set of revisions alone, so that any order and any repetition of
their arrival gives the same. For each field, the *writers* are the revisions that gave it the value that a head still
carries; a writer that is an ancestor of another has been superseded. One value left: it shows. Several: a clash, of
which the last writer's shows (hybrid logical clock, then device, then id), and all are listed.

A revision that has several parents with different values for a field decides between them, whichever it keeps: that
is how a person's decision settles a clash.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pessdesk.records.codec import Content
from pessdesk.records.envelope import Revision


@dataclass(frozen=True, slots=True)
class Claim:
    """One side of a clash: the revision that wrote the value."""

    revision: str
    value: Any
    device: str
    hlc: str


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that concurrent heads give different values; the first claim is the one that shows."""

    field: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class MergedView:
    """A record as it shows now. `waiting` names parents that have not arrived yet."""

    record: str
    kind: str
    content: Content
    heads: tuple[str, ...]
    winner: str
    clashes: tuple[Clash, ...]
    waiting: tuple[str, ...]


def _rank(revision: Revision) -> tuple[str, str, str]:
    return revision.hlc, revision.device, revision.id


def heads(revisions: Iterable[Revision]) -> tuple[Revision, ...]:
    """The revisions that no other names as parent, last writer first."""
    known = {revision.id: revision for revision in revisions}
    parents = {parent for revision in known.values() for parent in revision.parents}
    return tuple(sorted((r for r in known.values() if r.id not in parents), key=_rank, reverse=True))


def merged_view(revisions: Iterable[Revision]) -> MergedView:
    """The view of one record's revisions (at least one, all of the same record).

    Where revisions disagree on the kind (only a broken program makes them), the last head's kind is taken and the
    revisions of another kind do not count.
    """
    known = {revision.id: revision for revision in revisions}
    top = heads(known.values())
    if len(known) == 1:
        only = top[0]
        return MergedView(only.record, only.kind, only.content, (only.id,), only.id, (), only.parents)
    kind = top[0].kind
    top = tuple(head for head in top if head.kind == kind)
    waiting = tuple(sorted({p for r in known.values() for p in r.parents if p not in known}))
    if len(top) == 1:
        return MergedView(top[0].record, kind, top[0].content, (top[0].id,), top[0].id, (), waiting)
    origins = _Origins(known)
    content: Content = {}
    clashes: list[Clash] = []
    for field in sorted({name for head in top for name in head.content}):
        writers = origins.live_writers(top, field)
        if (value := writers[0].content.get(field)) is not None:
            content[field] = value
        claims = _distinct(writers, field)
        if len(claims) > 1:
            clashes.append(Clash(field, claims))
    return MergedView(top[0].record, kind, content, tuple(head.id for head in top), top[0].id, tuple(clashes), waiting)


def _distinct(writers: tuple[Revision, ...], field: str) -> tuple[Claim, ...]:
    claims: list[Claim] = []
    for writer in writers:
        value = writer.content.get(field)
        if all(claim.value != value for claim in claims):
            claims.append(Claim(writer.id, value, writer.device, writer.hlc))
    return tuple(claims)


class _Origins:
    """Who wrote a field, and who comes after whom; iterative, because a history can be thousands of edits long."""

    def __init__(self, known: dict[str, Revision]) -> None:
        self._known = known
        self._order = self._topological()
        self._ancestors: dict[str, set[str]] = {}

    def live_writers(self, top: tuple[Revision, ...], field: str) -> tuple[Revision, ...]:
        """The writers of the heads' values that no other writer supersedes, last writer first."""
        origin: dict[str, frozenset[str]] = {}
        for revision in self._order:
            value = revision.content.get(field)
            present = [p for p in revision.parents if p in self._known]
            inherits = (
                present
                and len(present) == len(revision.parents)
                and all(self._known[p].content.get(field) == value for p in present)
            )
            origin[revision.id] = (
                frozenset().union(*(origin[p] for p in present)) if inherits else frozenset((revision.id,))
            )
        writers = frozenset().union(*(origin[head.id] for head in top))
        superseded = {a for w in writers for a in self._ancestors_of(w) if a in writers}
        return tuple(sorted((self._known[w] for w in writers - superseded), key=_rank, reverse=True))

    def _ancestors_of(self, revision: str) -> set[str]:
        if revision not in self._ancestors:
            found: set[str] = set()
            todo = [revision]
            while todo:
                for parent in self._known[todo.pop()].parents:
                    if parent in self._known and parent not in found:
                        found.add(parent)
                        todo.append(parent)
            self._ancestors[revision] = found
        return self._ancestors[revision]

    def _topological(self) -> list[Revision]:
        """Parents before children. An id is the hash of bytes that name the parents: there can be no cycle."""
        done: set[str] = set()
        order: list[Revision] = []
        for start in sorted(self._known):
            todo = [start]
            while todo:
                current = todo[-1]
                missing = [p for p in self._known[current].parents if p in self._known and p not in done]
                if current in done:
                    todo.pop()
                elif missing:
                    todo.extend(missing)
                else:
                    done.add(current)
                    order.append(self._known[current])
                    todo.pop()
        return order
