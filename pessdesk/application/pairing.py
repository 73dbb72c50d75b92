"""Trusting another laptop: by its card, whose fingerprint somebody read aloud, at best over the phone.

Whoever can swap a card can swap the fingerprint written beside it. That is why a person types what another person
says, instead of nodding at what the screen shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pessdesk.application.authoring import Author
from pessdesk.application.ports import Card, Desk

GROUP = 5
"""A fingerprint is read in groups of so many hexadecimal digits (`pessdesk.bundles.identity.fingerprint`)."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was typed, held against a card's fingerprint. `groups` counts those that are typed whole and fit, of `of`;
    `differs`: something that was typed does not fit, or is too much."""

    groups: int
    of: int
    differs: bool

    @property
    def whole(self) -> bool:
        return self.groups == self.of


def digits(fingerprint: str) -> str:
    """What counts of a fingerprint, however it is written: neither spaces nor hyphens nor small letters."""
    return "".join(fingerprint.split()).replace("-", "").upper()


def hold_against(fingerprint: str, typed: str) -> Heard:
    """Compare what was typed so far with a card's fingerprint."""
    found, said = digits(fingerprint), digits(typed)
    fits = found.startswith(said)
    return Heard(len(said) // GROUP if fits else 0, len(found) // GROUP, not fits)


def trust(desk: Desk, cards: Sequence[Card]) -> list[bool]:
    """Trust laptops by their cards, as an act; which of them were not trusted before."""
    with desk.store.write() as unit:
        added = [desk.bundles.trust(card) for card in cards]
        fresh = tuple(card.device for card, new in zip(cards, added, strict=True) if new)
        if fresh:
            author = Author(desk, unit)
            unit.append_new([author.act("card-trusted", subjects=fresh)])
            author.save()
    return added
