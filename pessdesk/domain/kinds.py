"""The closed lists of words that records use. Their labels come from the catalogs."""

from __future__ import annotations

CONTRIBUTION_KINDS = (
    "proposal", "amendment", "comment", "need", "question", "experience",
    "strength", "weakness", "opportunity", "threat",
)  # fmt: skip
LANGUAGES = ("ca", "oc", "es", "en", "fr", "ar", "zgh", "ro", "uk", "csc", "other")
ENTITY_KINDS = (
    "municipality", "county_council", "aran", "provincial", "generalitat", "other_admin", "third_sector",
    "second_level", "cooperative", "company", "university", "research_centre", "professional_body", "trade_union",
    "employers", "health", "education", "users_association", "neighbourhood", "individual", "other",
)  # fmt: skip
METHODS = (
    "open_debate", "world_cafe", "metaplan", "nominal", "m1_2_4_all", "open_space", "swot", "dots", "focus",
    "fishbowl", "other",
)  # fmt: skip
NODE_KINDS = ("plan", "lever", "axis", "area", "line", "action", "section")
MEASURES = ("votes", "present")
"""What several laptops may count: dots of a contribution, people of an entity; each counts apart, totals are derived."""
PERSONAL_KINDS = ("person", "consent")
"""Kinds of record that hold personal data: salted, and never in an export bundle, a search, a report or a digest."""
CONSENT_PURPOSES = ("attendance", "answers", "sessions", "image")
"""What a person may agree to, each by itself."""
CONSENT_WAYS = ("paper", "screen")
PERSON_REASONS = ("request", "retention", "mistake")
"""Why a person is erased. A closed list: an erasure travels, and free words beside it could name whom it erases."""
