"""The labels of closed lists (`pessdesk.domain.kinds`): token → text for the catalogs."""

from __future__ import annotations


def _(source: str) -> str:
    """Marks a text for the catalogs."""
    return source


CONTRIBUTION_KINDS = {
    "proposal": _("Proposal"),
    "amendment": _("Amendment to the text"),
    "comment": _("Comment or assessment"),
    "need": _("Need or problem"),
    "question": _("Question"),
    "experience": _("Experience or example"),
    "strength": _("Strength"),
    "weakness": _("Weakness"),
    "opportunity": _("Opportunity"),
    "threat": _("Threat"),
}
LANGUAGES = {
    "ca": _("Catalan"),
    "oc": _("Occitan (Aranese)"),
    "es": _("Spanish"),
    "en": _("English"),
    "fr": _("French"),
    "ar": _("Arabic"),
    "zgh": _("Amazigh"),
    "ro": _("Romanian"),
    "uk": _("Ukrainian"),
    "csc": _("Catalan Sign Language"),
    "other": _("Another"),
}
ENTITY_KINDS = {
    "municipality": _("Town council"),
    "county_council": _("County council or association of municipalities"),
    "aran": _("Conselh Generau d'Aran"),
    "provincial": _("Provincial council or consortium"),
    "generalitat": _("Government of Catalonia"),
    "other_admin": _("Another public administration"),
    "third_sector": _("Social third-sector organisation"),
    "second_level": _("Federation or umbrella organisation"),
    "cooperative": _("Cooperative"),
    "company": _("Company"),
    "university": _("University"),
    "research_centre": _("Research or technology centre"),
    "professional_body": _("Professional association (regulated)"),
    "trade_union": _("Trade union"),
    "employers": _("Employers' organisation"),
    "health": _("Health provider"),
    "education": _("School or training centre"),
    "users_association": _("Users' or families' association"),
    "neighbourhood": _("Neighbourhood or local association"),
    "individual": _("In a personal capacity"),
    "other": _("Other"),
}
METHODS = {
    "open_debate": _("Open plenary debate"),
    "world_cafe": _("World Café"),
    "metaplan": _("Metaplan (cards)"),
    "nominal": _("Nominal group"),
    "m1_2_4_all": _("1-2-4-All"),
    "open_space": _("Open Space"),
    "swot": _("SWOT"),
    "dots": _("Dot voting"),
    "focus": _("Focus group"),
    "fishbowl": _("Fishbowl"),
    "other": _("Other"),
}
NODE_KINDS = {
    "plan": _("Plan"),
    "lever": _("Lever"),
    "axis": _("Axis"),
    "area": _("Area"),
    "line": _("Line"),
    "action": _("Action"),
    "section": _("Section"),
}
ACTS = {
    "programme-signer-trusted": _("Trusted whoever signed the first programme"),
    "card-trusted": _("Trusted a laptop by its card"),
    "set-aside-discarded": _("Threw away a bundle that was set aside"),
    "clash-settled": _("Decided a clash"),
    "handed-over": _("Handed a workshop over"),
    "hand-over-void": _("Took a hand-over back: it was not finished"),
    "store-restored": _("Brought a backup back"),
    "store-accepted": _("Took the data as they were found"),
    "people-erased": _("Erased people"),
    "erased": _("Erased something for good"),
    "retention-set": _("Said until when people's data are kept"),
}
"""What people decide, as the log says it."""
SHORT_KINDS = {
    "proposal": _("Proposal"),
    "amendment": _("Amendment"),
    "comment": _("Comment"),
    "need": _("Need"),
    "question": _("Question"),
    "experience": _("Experience"),
    "strength": _("Strength"),
    "weakness": _("Weakness"),
    "opportunity": _("Opportunity"),
    "threat": _("Threat"),
}
"""One word for each kind of contribution, for chips and rows."""
CONSENT_PURPOSES = {
    "attendance": _("Name on the list of those who attended"),
    "answers": _("To receive the minutes and the answers"),
    "sessions": _("To be invited to other sessions"),
    "image": _("To be recognised in photographs"),
}
CONSENT_WAYS = {
    "paper": _("Signed on paper"),
    "screen": _("Said in front of this screen"),
}
PERSON_REASONS = {
    "request": _("The person asked for it"),
    "retention": _("The time for keeping them is over"),
    "mistake": _("Written down by mistake"),
}
"""Why people are erased: a closed list, for an erasure travels."""
