"""A published text never changes: people agreed to those very words."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from pessdesk.domain.errors import UnknownThing
from pessdesk.domain.kinds import CONSENT_PURPOSES
from pessdesk.system.paths import resources
from pessdesk.wording.catalog import LANGUAGES
from pessdesk.wording.consent import UNSAID, consent_text

TEXTS = resources() / "consent"
PUBLISHED = {
    "participants-1.ca.md": "6ee3bef22d797e1cfc799a5b09af8714a13cf7bde867750f46f9ec67384bddec",
    "participants-1.en.md": "cba7020671382a32c017dedc897ce24007f045781f406593522038af4ab8ca7b",
    "participants-1.es.md": "3595939c15ef77b3b1231a43c9ead2e3604ab8a057d85db931f8bb4d776a4185",
}
"""Never change a line here: add the new version's files beside the old ones, and their digests below."""


def test_no_published_text_was_changed_or_taken_away() -> None:
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in TEXTS.iterdir()}
    assert found == PUBLISHED


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_says_what_the_law_wants_said(language: str) -> None:
    text = consent_text(TEXTS, language)
    said = "\n".join(section.text for section in text.sections)
    assert (text.id, text.version, text.language) == ("participants", "1", language)
    assert set(text.boxes) == set(CONSENT_PURPOSES)
    assert {*re.findall(r"\{(\w+)\}", said)} == {"responsible", "contact", "officer", "until"}
    assert "6" in said and "2016/679" in said and "3/2018" in said and "apdcat.gencat.cat" in said


def test_the_languages_have_the_same_parts() -> None:
    assert len({len(consent_text(TEXTS, language).sections) for language in LANGUAGES}) == 1


def test_what_is_known_is_filled_in_and_the_rest_left_to_be_written_by_hand() -> None:
    text = consent_text(TEXTS, "ca")
    said = "\n".join(section.text for section in text.filled({"responsible": "Consell {x}", "contact": ""}))
    assert "Consell {x}" in said and f"Contacte: {UNSAID}" in said and "{until}" not in said


def test_the_newest_is_shown_and_an_older_one_can_still_be_read(tmp_path: Path) -> None:
    old = (TEXTS / "participants-1.ca.md").read_text(encoding="utf-8")
    (tmp_path / "participants-1.ca.md").write_text(old, encoding="utf-8")
    (tmp_path / "participants-10.ca.md").write_text(old.replace("version: 1", "version: 10"), encoding="utf-8")
    (tmp_path / "participants-9.ca.md").write_text(old.replace("version: 1", "version: 9"), encoding="utf-8")
    assert consent_text(tmp_path, "ca").version == "10"
    assert consent_text(tmp_path, "ca", "1").version == "1"
    for language, version in (("ca", "2"), ("oc", "")):
        with pytest.raises(UnknownThing) as caught:
            consent_text(tmp_path, language, version)
        assert caught.value.code == "consent-text-unknown"
