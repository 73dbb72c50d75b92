"""The words on screen, in a language that can change while the program runs.

A widget takes its texts in a method `retranslate`, called once when it is made and again whenever `WORDS.changed` says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pessdesk.domain.errors import PessError
    from pessdesk.wording.catalog import Catalog


class Words(QObject):
    """The catalog in use. `install` must come before the first text."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._make: Callable[[str], Catalog] | None = None
        self.catalog: Catalog

    def install(self, make: Callable[[str], Catalog], language: str) -> None:
        self._make = make
        self.catalog = make(language)
        self.changed.emit()

    @property
    def language(self) -> str:
        return self.catalog.language

    def use(self, language: str) -> None:
        assert self._make is not None
        if language != self.catalog.language:
            self.catalog = self._make(language)
            self.changed.emit()


WORDS = Words()


def t(source: str, /, **facts: object) -> str:
    """A text in the language of the screen."""
    return WORDS.catalog.text(source, **facts)


def plural(one: str, many: str, count: int, /, **facts: object) -> str:
    return WORDS.catalog.plural(one, many, count, **facts)


def label(labels: Mapping[str, str], token: str) -> str:
    """The label of a token of a closed list (`pessdesk.wording.labels`), the token itself where it has none."""
    source = labels.get(token)
    return WORDS.catalog.text(source) if source else token


def local(texts: Mapping[str, str]) -> str:
    """A text of the base document in the language of the screen, else in Catalan."""
    return texts.get(WORDS.language) or texts.get("ca", "")


def sentence(problem: PessError) -> str:
    """What happened and what to do, the code small at the end to be read over the phone."""
    facts = {name: value for name, value in problem.facts.items() if name != "complaints"}
    said = WORDS.catalog.sentence(problem.code, facts)
    return "".join(c if c.isprintable() else " " for c in said)
