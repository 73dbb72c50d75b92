"""Catalogs: which language, and how a text with facts is put into it.

The source texts are English sentences with named placeholders; `resources/locale` holds ca, es and en.
"""

from __future__ import annotations

import gettext
import os
from typing import TYPE_CHECKING

from pessdesk.wording.sentences import SENTENCES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LANGUAGES = ("ca", "es", "en")
DOMAIN = "pessdesk"


class Catalog:
    """The words of one language."""

    def __init__(self, language: str, folder: Path) -> None:
        self.language = language
        self._words = gettext.translation(DOMAIN, folder, languages=[language], fallback=True)

    def text(self, source: str, /, **facts: object) -> str:
        """The text in this language, with its facts put in."""
        return _filled(self._words.gettext(source), facts)

    def plural(self, one: str, many: str, count: int, /, **facts: object) -> str:
        return _filled(self._words.ngettext(one, many, count), {"count": count, **facts})

    def label(self, labels: Mapping[str, str], token: str) -> str:
        """The label of a token of a closed list (`pessdesk.wording.labels`), the token itself where it has none."""
        return self._words.gettext(labels[token]) if token in labels else token

    def sentence(self, code: str, facts: Mapping[str, object]) -> str:
        """What happened and what to do, for a code of `pessdesk.domain.errors`."""
        why = facts.get("why")
        if isinstance(why, str) and why in SENTENCES:
            # A refusal inside another: its own sentence, not its code.
            facts = {**facts, "why": self.text(SENTENCES[why], **{**facts, "code": why}).rstrip(".")}
        return self.text(SENTENCES.get(code, SENTENCES["unknown-code"]), **{"code": code, **facts})


class _Facts(dict[str, object]):
    """A fact that a sentence needs and nobody gave shows as a dash, never as a crash while reporting trouble."""

    def __missing__(self, key: str) -> str:
        return "–"


def _filled(text: str, facts: Mapping[str, object]) -> str:
    return text.format_map(_Facts(facts)) if "{" in text else text


def choose_language(wanted: str | None) -> str:
    """The language asked for, else the system's, else Catalan."""
    candidates = [wanted, os.environ.get("PESSDESK_LANG"), os.environ.get("LC_ALL"), os.environ.get("LANG")]
    if os.name == "nt":
        import locale

        candidates.append(locale.getlocale()[0])
    for candidate in candidates:
        if candidate and candidate[:2].lower() in LANGUAGES:
            return candidate[:2].lower()
        if candidate and candidate not in ("C", "POSIX") and not candidate.startswith("C."):
            break
    return "ca"
