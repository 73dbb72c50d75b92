"""Every text has its words in Catalan, Spanish and English, and every code its sentence."""

from __future__ import annotations

import argparse
import ast
import importlib.util
import re
import string
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.mofile import write_mo

from pessdesk.cli.argparse_texts import ARGPARSE
from pessdesk.domain import errors
from pessdesk.wording.catalog import LANGUAGES, Catalog, choose_language
from pessdesk.wording.sentences import SENTENCES

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "pessdesk"
REFUSALS = {
    name
    for name, value in vars(errors).items()
    if isinstance(value, type) and issubclass(value, errors.PessError)
}  # fmt: skip


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("pessdesk_catalogs", ROOT / "packaging" / "catalogs.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


catalogs = _load()
TEXTS = [message for message in catalogs.extracted() if message.id]
WORDS = {language: catalogs.read(language) for language in LANGUAGES}
TREES = {
    path: ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted(PACKAGE.rglob("*.py"))
    if path.name != "sentences.py"
}


def _forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (text or "",) if isinstance(text, str | None) else tuple(text)


def _placeholders(text: str) -> Counter[str]:
    braces = ("{" + name + "}" for _, name, _, _ in string.Formatter().parse(text) if name is not None)
    return Counter([*braces, *re.findall(r"%(?:\(\w+\))?[a-z]", text)])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalogs as they stand in the sources, compiled: what `make setup` does."""
    target = tmp_path_factory.mktemp("locale")
    for language in LANGUAGES:
        place = target / language / "LC_MESSAGES"
        place.mkdir(parents=True)
        with (place / "pessdesk.mo").open("wb") as file:
            write_mo(file, WORDS[language])
    return target


# The catalogs' content


def test_the_template_is_what_the_sources_say() -> None:
    assert catalogs.TEMPLATE.read_bytes() == catalogs.written(catalogs.extracted()), "run packaging/catalogs.py"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_missing_empty_guessed_or_left_over(language: str) -> None:
    words = WORDS[language]
    lacking = [m.id for m in TEXTS if (found := words.get(m.id)) is None or not all(_forms(found.string))]
    assert not lacking
    assert not [m.id for m in words if m.id and m.fuzzy]
    assert {m.id for m in words if m.id} == {m.id for m in TEXTS}
    assert not words.obsolete
    assert words.num_plurals == 2
    assert all(len(_forms(m.string)) == 2 for m in words if m.pluralizable)


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_stand_in_every_translation(language: str) -> None:
    for message in TEXTS:
        for source, words in zip(_forms(message.id), _forms(WORDS[language].get(message.id).string), strict=True):
            assert _placeholders(words) == _placeholders(source), source


@pytest.mark.parametrize("language", LANGUAGES)
def test_spaces_and_line_ends_around_a_text_are_kept(language: str) -> None:
    for message in TEXTS:
        for source, words in zip(_forms(message.id), _forms(WORDS[language].get(message.id).string), strict=True):
            assert words[: len(words) - len(words.lstrip())] == source[: len(source) - len(source.lstrip())], source
            assert words[len(words.rstrip()) :] == source[len(source.rstrip()) :], source


def test_english_is_the_sources_own_language() -> None:
    assert all(_forms(m.string) == _forms(m.id) for m in WORDS["en"] if m.id)


@pytest.mark.parametrize("language", ["ca", "es"])
def test_commands_and_options_are_not_translated(language: str) -> None:
    for message in TEXTS:
        for source, words in zip(_forms(message.id), _forms(WORDS[language].get(message.id).string), strict=True):
            verbatim = re.findall(
                r"`[^`]+`|--[a-z-]+|programme import|workshop new|trust add|[\w-]+\.(?:json|sh)", source
            )
            assert [word for word in verbatim if word not in words] == [], source


@pytest.mark.parametrize("language", ["ca", "es"])
def test_typography(language: str) -> None:
    said = [
        re.sub(r"\{\w+\}|%\(\w+\)[a-z]", "", words)
        for message in WORDS[language]
        if message.id
        for words in _forms(message.string)
    ]
    assert not [words for words in said if re.search('[“”"]', words)], "quotes are «»"
    assert not [words for words in said if re.search(r"\berror(e?s)?\b", words, re.I)]
    if language == "ca":
        assert not [words for words in said if re.search(r"[lL][.•‧∙-][lL]|ŀ", words)], "l·l has a middle dot"
        assert not [words for words in said if re.search(r"\b(arxiu|guardar|usted|feedback)\b", words, re.I)]


# The sources


def test_every_text_for_people_is_a_literal() -> None:
    """A text that is put together, or chosen before it is given, would be missed by the extraction."""
    passing_on = {PACKAGE / "cli" / "output.py", PACKAGE / "desktop" / "words.py"}
    found = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path, tree in TREES.items()
        if path in catalogs.sources() and path not in passing_on
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and call.args and _name(call) in {"t", "text", "say", "note", "plural"}
        and not (isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str))
        and not isinstance(call.args[0], ast.Tuple)  # a place in a picture
    ]  # fmt: skip
    assert not found


def test_every_literal_for_people_is_extracted() -> None:
    """The extraction reads tokens: it sees nothing within an f-string, for example."""
    extracted = {_forms(message.id)[0] for message in TEXTS}
    missed = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path, tree in TREES.items()
        if path in catalogs.sources()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and call.args and _name(call) in {"t", "text", "say", "note", "plural", "count"}
        and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
        and call.args[0].value not in extracted
    ]  # fmt: skip
    assert not missed


def test_no_module_speaks_to_people_without_being_extracted() -> None:
    speaking = [
        path
        for path, tree in TREES.items()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and _name(call) in {"say", "note", "plural", "ngettext"}
    ]
    assert set(speaking) <= {*catalogs.sources(), PACKAGE / "wording" / "catalog.py"}


def _name(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


# Codes


def _literals(node: ast.expr) -> Iterator[str]:
    """The codes that an expression can be: a literal, or a choice between literals."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _literals(node.body)
        yield from _literals(node.orelse)


def _codes() -> dict[str, str]:
    """Every code of the package, and where it is used."""
    found: dict[str, str] = {}
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            expressions: list[ast.expr] = []
            if isinstance(node, ast.Call) and node.args and _name(node) in REFUSALS:
                expressions = [node.args[0]]
            elif isinstance(node, ast.Call) and len(node.args) > 1 and _name(node) in {"verdict", "Complaint"}:
                expressions = [node.args[1]]
            elif isinstance(node, ast.Assign) and any(
                isinstance(name, ast.Name) and name.id == "code" for target in node.targets for name in ast.walk(target)
            ):
                expressions = [node.value] if isinstance(node.value, ast.Constant | ast.IfExp) else []
            for expression in expressions:
                for code in _literals(expression):
                    found.setdefault(code, f"{path.relative_to(ROOT)}:{node.lineno}")
    return found


IN_TABLES = {
    # storage and the world: pessdesk.domain.errors; find; bundles.zipped's rules; import_bundles' judgements and notes
    "disk-full", "folder-read-only", "folder-missing", "file-exists", "disk-trouble",
    "workshop-unknown", "contribution-unknown",
    "zip-directory", "zip-flags", "zip-method", "zip-extra", "zip-date", "zip-attributes",
    "accepted", "known-bundle", "programme-other", "bundle-id-reused", "fork", "gap", "relay-refused",
    "check-database", "check-revision", "check-projection", "check-attachment",
}  # fmt: skip


def test_every_code_has_a_sentence() -> None:
    codes = _codes()
    assert len(codes) > 90, "the search for codes does not find them any more"
    assert {code: where for code, where in codes.items() if code not in SENTENCES} == {}
    assert set(SENTENCES) >= IN_TABLES


def test_every_sentence_has_a_code() -> None:
    said = {
        node.value
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert set(SENTENCES) <= said


def test_no_sentence_asks_for_a_fact_that_nobody_can_give() -> None:
    """`sentence` gives the code itself as {code}; a fact of that name would never be seen."""
    for code, sentence in SENTENCES.items():
        names = {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}
        assert all(name.isidentifier() for name in names), code


# Compiled


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_without_its_facts_never_crashes(folder: Path, language: str) -> None:
    catalog = Catalog(language, folder)
    for code in [*SENTENCES, "no-such-code"]:
        said = catalog.sentence(code, {})
        assert said and "{" not in said and said == said.strip(), code


@pytest.mark.parametrize("language", LANGUAGES)
def test_facts_come_out_as_they_are(folder: Path, language: str) -> None:
    said = Catalog(language, folder).sentence("photo-missing", {"field": "photo", "path": "{0}/%s/foto.jpg"})
    assert "{0}/%s/foto.jpg" in said


def test_catalan_comes_out_in_catalan(folder: Path) -> None:
    catalog = Catalog("ca", folder)
    assert catalog.sentence("empty", {}) == "El fitxer és buit."
    assert (
        catalog.sentence("disk-full", {"path": "E:"})
        == "El disc és ple: E:. No s'ha perdut res; feu-hi lloc i torneu-ho a provar."
    )
    assert catalog.sentence("sheet-cell-error", {"path": "a.xlsx", "cell": "B2", "value": "#N/A"}).count("cel·la") == 2


def test_spanish_and_english_come_out_too(folder: Path) -> None:
    assert Catalog("es", folder).sentence("empty", {}) == "El archivo está vacío."
    assert Catalog("en", folder).sentence("empty", {}) == "The file is empty."


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "S'han recollit 0 aportacions."),
        (1, "S'ha recollit 1 aportació."),
        (2, "S'han recollit 2 aportacions."),
    ],
)  # fmt: skip
def test_catalan_counts(folder: Path, count: int, said: str) -> None:
    catalog = Catalog("ca", folder)
    assert catalog.plural("{count} contribution recorded.", "{count} contributions recorded.", count) == said


def test_without_catalogs_the_sources_speak(tmp_path: Path) -> None:
    assert Catalog("ca", tmp_path).sentence("empty", {}) == "The file is empty."


# argparse


FOR_PROGRAMMERS = {
    ".__call__() not defined", "'required' is an invalid argument for positionals", "%r is not callable",
    "mutually exclusive arguments must be optional", "cannot merge actions - two groups are named %r",
    "invalid option string %(option)r: must start with a character %(prefix_chars)r",
    "dest= is required for options like %r", "invalid conflict_resolution value: %r",
    "cannot have multiple subparser arguments", "conflicting subparser: %s", "conflicting subparser alias: %s",
    "conflicting option string: %s",
}  # fmt: skip


def test_argparse_says_nothing_that_is_not_in_the_catalogs() -> None:
    tree = ast.parse(Path(argparse.__file__).read_text(encoding="utf-8"))
    said = {
        call.args[0].value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in {"_", "ngettext"}
        and call.args and isinstance(call.args[0], ast.Constant)
    }  # fmt: skip
    ours = {text if isinstance(text, str) else text[0] for text in ARGPARSE}
    assert said - ours - FOR_PROGRAMMERS == set()


def test_argparse_texts_hold_no_braces() -> None:
    """`Catalog.text` would take them for placeholders."""
    texts = [words for language in LANGUAGES for text in ARGPARSE for words in _forms(WORDS[language].get(text).string)]
    assert not [text for text in texts if "{" in text or "}" in text]


def test_argparse_speaks_catalan(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from pessdesk.cli.main import build_parser

    monkeypatch.setattr(argparse, "_", argparse._)  # type: ignore[attr-defined]
    monkeypatch.setattr(argparse, "ngettext", argparse.ngettext)  # type: ignore[attr-defined]
    parser = build_parser(Catalog("ca", folder))
    help_text = parser.format_help()
    assert help_text.startswith("ús: pessdesk")
    assert "mostra aquesta ajuda" in help_text
    assert "show" not in help_text
    for words, expected in (
        (["export"], "hi falta: "),
        (["--lang", "xx"], "no es pot triar; trieu entre "),
        (["clash", "settle", "X", "--take", "u"], "el valor 'u' no és vàlid"),
        (["clash", "settle", "X", "--take", "1", "--text", "a"], "no pot anar amb "),
        (["clash", "settle", "X"], "hi ha d'haver un d'aquests: "),
        (["verify", "--trust"], "hi falta un valor"),
        (["verify"], "hi falta: FITXER"),
        (["stats", "--no-such"], "no es reconeix: --no-such"),
    ):
        with pytest.raises(SystemExit):
            parser.parse_args(words)
        assert expected in capsys.readouterr().err, words


# Which language


@pytest.mark.parametrize(
    ("wanted", "environment", "chosen"),
    [
        ("es", {"LANG": "en_GB.UTF-8"}, "es"),
        ("EN", {}, "en"),
        (None, {"PESSDESK_LANG": "en", "LC_ALL": "es_ES.UTF-8"}, "en"),
        (None, {"LC_ALL": "es_ES.UTF-8", "LANG": "en_GB.UTF-8"}, "es"),
        (None, {"LC_ALL": "", "LANG": "en_GB.UTF-8"}, "en"),
        (None, {"LANG": "ca_ES.UTF-8@valencia"}, "ca"),
        (None, {"LC_ALL": "C", "LANG": "es_ES"}, "es"),
        (None, {"LANG": "C"}, "ca"),
        (None, {"LANG": "C.UTF-8"}, "ca"),
        (None, {"LANG": "POSIX"}, "ca"),
        (None, {"LANG": "oc_FR.UTF-8"}, "ca"),
        (None, {"LC_ALL": "fr_FR.UTF-8", "LANG": "es_ES.UTF-8"}, "ca"),
        (None, {}, "ca"),
    ],
)  # fmt: skip
def test_the_language(
    monkeypatch: pytest.MonkeyPatch, wanted: str | None, environment: dict[str, str], chosen: str
) -> None:
    monkeypatch.setattr("locale.getlocale", lambda: (None, None))
    for name in ("PESSDESK_LANG", "LC_ALL", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert choose_language(wanted) == chosen
