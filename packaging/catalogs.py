"""The words' catalogs: extracts the texts from the sources and brings `resources/locale` up to date.

`python packaging/catalogs.py` writes pessdesk.pot and gives every .po the texts that it lacks, empty, to be translated;
texts that no source has any more are dropped. English is the sources' language: its catalog fills itself. Nothing is
guessed (no fuzzy texts), and the files hold neither dates nor places, so that they only change with the words.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
LOCALE = ROOT / "resources" / "locale"
TEMPLATE = LOCALE / "pessdesk.pot"
LANGUAGES = ("ca", "es", "en")
PLURALS = {
    "ca": "nplurals=2; plural=(n != 1);",
    "es": "nplurals=2; plural=(n != 1);",
    "en": "nplurals=2; plural=(n != 1);",
}
KEYWORDS = {
    "_": DEFAULT_KEYWORDS["_"],
    **dict.fromkeys(("t", "text", "say", "note")),
    **dict.fromkeys(("count", "plural"), (1, 2)),
}
"""The functions whose texts are for people: `Catalog` and `Output` of PessDesk, and the marks."""


def sources() -> list[Path]:
    """The modules that speak to people."""
    package = ROOT / "pessdesk"
    speaking = [path for folder in ("cli", "desktop", "documents") for path in (package / folder).rglob("*.py")]
    words = package / "wording"
    return [*sorted(speaking), package / "bootstrap.py", words / "labels.py", words / "sentences.py"]


def extracted() -> Catalog:
    """Every text of the sources, in their order."""
    catalog = Catalog(project="PessDesk", charset="utf-8")
    for source in sources():
        for _line, text, _comments, _context in extract_from_file("python", source, KEYWORDS):
            catalog.add(text)
    return catalog


def forms(message: Message) -> tuple[str, ...]:
    """The translation: one text, or one for each plural form."""
    string = message.string or ""
    return (string,) if isinstance(string, str) else tuple(string)


def po_file(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "pessdesk.po"


def read(language: str) -> Catalog:
    with po_file(language).open("rb") as file:
        return read_po(file, locale=language)


def updated(language: str) -> Catalog:
    """The sources' texts with this language's translations, as far as there are any."""
    there = read(language) if po_file(language).exists() else Catalog()
    catalog = extracted()
    for message in catalog:
        if not message.id:
            continue
        old = there.get(message.id)
        if language == "en":
            message.string = message.id
        elif old is not None and bool(old.pluralizable) == bool(message.pluralizable):
            message.string = old.string
    return catalog


def written(catalog: Catalog, language: str = "") -> bytes:
    """A .po (or, without a language, the .pot) as bytes that depend on nothing but the texts."""
    out = io.BytesIO()
    write_po(out, catalog, width=110, omit_header=True, no_location=True)
    return "".join(_header(language)).encode() + b"\n" + out.getvalue().strip(b"\n") + b"\n"


def _header(language: str) -> Iterator[str]:
    yield 'msgid ""\nmsgstr ""\n"Project-Id-Version: PessDesk\\n"\n'
    if language:
        yield f'"Language: {language}\\n"\n"Plural-Forms: {PLURALS[language]}\\n"\n'
    yield '"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'


def main() -> None:
    LOCALE.mkdir(parents=True, exist_ok=True)
    TEMPLATE.write_bytes(written(extracted()))
    for language in LANGUAGES:
        po_file(language).parent.mkdir(parents=True, exist_ok=True)
        catalog = updated(language)
        empty = [message.id for message in catalog if message.id and not all(forms(message))]
        po_file(language).write_bytes(written(catalog, language))
        print(f"{language}: {len(catalog)} texts, {len(empty)} to translate")


if __name__ == "__main__":
    main()
