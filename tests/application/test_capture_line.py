"""What stands before the text: a block names something that exists, at the very start; everything else is what was said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pessdesk.application.capture_line import MOST_DOTS, SIGNS, Vocabulary, leading_blocks, one_kind
from pessdesk.bootstrap import Program
from pessdesk.domain.kinds import CONTRIBUTION_KINDS
from pessdesk.domain.text import fold
from pessdesk.wording.catalog import LANGUAGES
from pessdesk.wording.labels import SHORT_KINDS

TABLES = {"1": "t1", "2": "t2", "12": "t12", "valls": "valls", "gent gran": "gran"}
LINES = {"4": "L4", "4.2": "L4-2", "e1": "E1"}


def kinds(language: str) -> dict[str, str]:
    """The kinds by the word that the language in use has for each, as the capture line builds them."""
    catalog = Program().catalog(language)
    return {fold(catalog.text(SHORT_KINDS[kind])): kind for kind in CONTRIBUTION_KINDS}


VOCABULARY = Vocabulary(TABLES, LINES, kinds("ca"))


def read(text: str, *, ended: bool = False) -> tuple[list[tuple[str, str]], str]:
    blocks, rest = leading_blocks(text, VOCABULARY, ended=ended)
    assert "".join(block.typed for block in blocks) + rest == text
    return [(block.sign, block.value) for block in blocks], rest


@pytest.mark.parametrize(
    ("typed", "blocks", "rest"),
    [
        ("@2 Hola", [("@", "t2")], "Hola"),
        ("@12 Hola", [("@", "t12")], "Hola"),
        ("#4.2 Hola", [("#", "L4-2")], "Hola"),
        ("#E1 Hola", [("#", "E1")], "Hola"),
        ("!nec Hola", [("!", "need")], "Hola"),
        ("!NECESSITAT Hola", [("!", "need")], "Hola"),
        ("+3 Hola", [("+", "3")], "Hola"),
        ("+20 Hola", [("+", "20")], "Hola"),
        ("@4 Hola", [], "@4 Hola"),
        ("@2 #4.2 !nec +3 Hola", [("@", "t2"), ("#", "L4-2"), ("!", "need"), ("+", "3")], "Hola"),
        ("+3 +4 Hola", [("+", "3"), ("+", "4")], "Hola"),
        ("@2   Hola", [("@", "t2")], "Hola"),
        ("@2\nHola", [("@", "t2")], "Hola"),
        ("@VALLS Hola", [("@", "valls")], "Hola"),
        ("@Valls Hola", [("@", "valls")], "Hola"),
        ("@- Hola", [("@", "")], "Hola"),
        ("#- Hola", [("#", "")], "Hola"),
        ("@2 Hola @1 ", [("@", "t2")], "Hola @1 "),
    ],
)
def test_what_is_a_block(typed: str, blocks: list[tuple[str, str]], rest: str) -> None:
    assert read(typed) == (blocks, rest)
    assert read(typed, ended=True) == (blocks, rest)


@pytest.mark.parametrize(
    "said",
    [
        "+65 anys", "+65 ", "#MeToo", "#MeToo ", "@home", "@home ", "!", "! ", "@", "# ", "+", "+0", "+0 ", "+21 ",
        "+007 ", "+3, o més", "+٣ ", "+² ", "+1e1 ", "+-1 ", "!-", "!- ", "!!! ", "+- ", " @2 Hola", "\t@2 ", "\n@2 ",
        "@ 2 Hola", "@2.Hola", "@gent gran", "@… ", "#4.22 ", "#4.2. ", "!zzz ", "¿Què?", "‏@2 ", "",
    ],
)  # fmt: skip
@pytest.mark.parametrize("ended", [False, True])
def test_what_is_text_comes_back_whole(said: str, ended: bool) -> None:
    assert read(said, ended=ended) == ([], said)


@given(st.text(alphabet=st.sampled_from("@#!+ \n-0123nec.valls4eE·’é"), max_size=24), st.booleans())
def test_blocks_and_rest_are_always_what_was_typed(text: str, ended: bool) -> None:
    blocks, rest = leading_blocks(text, VOCABULARY, ended=ended)
    assert "".join(block.typed for block in blocks) + rest == text
    for block in blocks:
        assert block.sign in SIGNS and block.typed.startswith(block.sign)
        if block.sign == "+":
            assert 1 <= int(block.value) <= MOST_DOTS


@given(st.text(max_size=40).filter(lambda text: not text or text[0] not in SIGNS))
def test_what_begins_with_no_sign_is_text(text: str) -> None:
    assert leading_blocks(text, VOCABULARY, ended=True) == ([], text)


@given(st.sampled_from(SIGNS), st.text(max_size=20), st.booleans())
def test_what_names_nothing_is_text(sign: str, word: str, ended: bool) -> None:
    nothing = Vocabulary({}, {}, {})
    text = f"{sign}{word}"
    blocks, rest = leading_blocks(text, nothing, ended=ended)
    if sign == "!":
        assert (blocks, rest) == ([], text)
    assert all(block.value == "" or block.sign == "+" for block in blocks), "without a vocabulary only - and dots mean"


@given(st.text(alphabet=st.sampled_from("@#!+ 0123nec"), max_size=16))
def test_only_enter_ends_the_last_word(text: str) -> None:
    going_on, _ = leading_blocks(text, VOCABULARY)
    ended, _ = leading_blocks(text, VOCABULARY, ended=True)
    assert ended[: len(going_on)] == going_on
    assert len(ended) - len(going_on) <= 1
    if len(ended) > len(going_on):
        assert not ended[-1].typed[-1:].isspace()
    with_space, _ = leading_blocks(f"{text} ", VOCABULARY)
    assert [(b.sign, b.value) for b in with_space] == [(b.sign, b.value) for b in ended]


def test_while_a_word_is_being_typed_it_is_text() -> None:
    assert read("@1") == ([], "@1"), "it may become @12"
    assert read("@1", ended=True) == ([("@", "t1")], "")
    assert read("@2 +1") == ([("@", "t2")], "+1")
    assert read("@2 +1", ended=True) == ([("@", "t2"), ("+", "1")], "")


def test_a_table_whose_name_has_no_letters_is_named_by_nothing() -> None:
    """Folded, the name is empty: then every sign without letters would name it."""
    stars = Vocabulary({fold("★★"): "stars"}, {}, {})
    assert leading_blocks("@… Hola", stars) == ([], "@… Hola")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_can_be_named_by_a_beginning(language: str) -> None:
    named = kinds(language)
    assert len(named) == len(CONTRIBUTION_KINDS), "no two kinds are called alike"
    for word, kind in named.items():
        beginnings = [word[:length] for length in range(1, len(word) + 1)]
        found = [one_kind(beginning, Vocabulary({}, {}, named)) for beginning in beginnings]
        assert found[-1] == kind
        for beginning, meant in zip(beginnings, found, strict=True):
            rivals = {other for name, other in named.items() if name.startswith(beginning)}
            whole = named.get(beginning)
            assert meant == (whole or (rivals.pop() if len(rivals) == 1 else None)), beginning


@pytest.mark.parametrize(
    ("language", "word", "kind"),
    [
        ("ca", "!prop", "proposal"), ("ca", "!nec", "need"), ("ca", "!deb", "weakness"), ("ca", "!fort", "strength"),
        ("es", "!nec", "need"), ("es", "!deb", "weakness"), ("en", "!need", "need"), ("en", "!weak", "weakness"),
        ("en", "!ques", "question"),
    ],
)  # fmt: skip
def test_kinds_in_each_language(language: str, word: str, kind: str) -> None:
    blocks, rest = leading_blocks(f"{word} Hola", Vocabulary({}, {}, kinds(language)))
    assert [(block.value, rest) for block in blocks] == [(kind, "Hola")]


@pytest.mark.parametrize("language", ["ca", "es"])
def test_an_ambiguous_beginning_is_no_block(language: str) -> None:
    """Proposta and Pregunta, Esmena and Experiència: completion asks which."""
    named = Vocabulary({}, {}, kinds(language))
    for text in ("!p Hola", "!pr Hola", "!e Hola", "!P Hola"):
        assert leading_blocks(text, named, ended=True) == ([], text)
