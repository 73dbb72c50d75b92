"""The sheet with the recovery key of a protected laptop: to be printed, put away from the laptop, and found again.

Whoever needs it has forgotten the passphrase and may never have heard how a key is typed; so everything stands on it.
"""

from __future__ import annotations

from pessdesk.documents.content import Document, Groups, Heading, Paragraph, Points
from pessdesk.documents.words import date_in_words
from pessdesk.wording.catalog import Catalog


def recovery_document(key: str, label: str, day: str, catalog: Catalog) -> Document:
    """The sheet in the catalog's language: `key` in groups joined by hyphens, the laptop's name, the date (ISO)."""
    t = catalog.text
    return Document(
        language=catalog.language,
        sort=t("Recovery key"),
        title=label,
        over=t("PessDesk: what is on this laptop is protected."),
        under=t("Made on {date}. A newer sheet takes the place of this one.", date=date_in_words(catalog, day)),
        reference=t("Recovery key of {label}", label=label),
        blocks=(
            Paragraph(t("These eight groups open the data when nobody knows the passphrase, or on another computer.")),
            Groups(tuple(key.split("-"))),
            Heading(3, t("How it is used")),
            Points(
                (
                    t("Start PessDesk and type the eight groups where it asks for the passphrase."),
                    t(
                        "Capitals and spaces do not matter. No sign is the letter O, I, L or U: what looks like one is zero or one."
                    ),
                    t("The last sign of each group checks it: if one is mistyped, PessDesk says in which group."),
                    t("Then choose a new passphrase: Settings, Protection."),
                )
            ),
            Heading(3, t("Where to keep it")),
            Points(
                (
                    t("On paper, under lock and key, and never in the same bag as the laptop."),
                    t("Not as a photo, not by mail: whoever has these groups and the laptop can read everything."),
                    t(
                        "Without the passphrase and without this sheet nobody can open the data, PessDesk's makers neither."
                    ),
                )
            ),
        ),
    )
