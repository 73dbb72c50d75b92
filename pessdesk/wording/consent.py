"""The texts to which people agree, each with an id and a version: `resources/consent/<id>-<version>.<language>.md`.

A published text never changes, for people agreed to those very words: other words are a new version, in a file of its own
beside the old one. The newest is shown; every one can still be read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pessdesk.domain.errors import UnknownThing

PARTICIPANTS = "participants"
UNSAID = "……………………………………………"
"""What stands where something is not known: on paper it can be filled in by hand."""
_NAME = re.compile(r"(?P<id>[a-z]+)-(?P<version>[0-9]+)\.(?P<language>[a-z]{2})\.md")
_HEAD = re.compile(r"---\n(?P<head>.*?)---\n(?P<body>.*)", re.DOTALL)
_BOX = re.compile(r"- \[(?P<token>[a-z]+)\] (?P<words>.+)")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading (the first has none) and its paragraphs; `\\n` breaks a line."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class ConsentText:
    """A text as people read it. `boxes`: purpose → what one agrees to by ticking it, under `ask`."""

    id: str
    version: str
    language: str
    title: str
    sections: tuple[Section, ...]
    ask: str
    boxes: Mapping[str, str]

    def filled(self, facts: Mapping[str, str]) -> tuple[Section, ...]:
        """The sections with what is known of the workshop and of whoever is responsible."""
        return tuple(Section(one.heading, one.text.format_map(_Known(facts))) for one in self.sections)


class _Known(dict[str, str]):
    def __init__(self, facts: Mapping[str, str]) -> None:
        super().__init__({name: value for name, value in facts.items() if value})

    def __missing__(self, name: str) -> str:
        return UNSAID


def consent_text(folder: Path, language: str, version: str = "") -> ConsentText:
    """The newest text of `folder` in a language, or one of its versions. Raises `UnknownThing("consent-text-unknown")`."""
    found = {
        int(name["version"]): path
        for path in folder.glob("*.md")
        if (name := _NAME.fullmatch(path.name)) and (name["id"], name["language"]) == (PARTICIPANTS, language)
    }
    number = int(version) if version.isdecimal() else max(found, default=0)
    if number not in found:
        raise UnknownThing("consent-text-unknown", value=f"{PARTICIPANTS} {version}".strip(), language=language)
    return read_text(found[number].read_text(encoding="utf-8"))


def read_text(source: str) -> ConsentText:
    """The text of a file: what it is called between lines of hyphens, then Markdown of a very simple kind."""
    parts = _HEAD.fullmatch(source)
    assert parts is not None
    head = dict(line.split(": ", 1) for line in parts["head"].splitlines())
    title, *blocks = re.split(r"^#+ ", parts["body"], flags=re.MULTILINE)[1:]
    name, _, opening = title.partition("\n")
    *sections, last = (block.partition("\n")[::2] for block in blocks)
    return ConsentText(
        head["id"],
        head["version"],
        head["language"],
        name.strip(),
        (Section("", opening.strip()), *(Section(heading.strip(), text.strip()) for heading, text in sections)),
        last[0].strip(),
        {box["token"]: box["words"] for line in last[1].splitlines() if (box := _BOX.fullmatch(line))},
    )
