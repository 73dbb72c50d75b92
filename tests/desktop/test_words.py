"""The language changes while the program runs: every word of every screen, and nothing of what people write."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from PySide6.QtWidgets import QApplication, QWidget

import pessdesk.desktop
from pessdesk.bootstrap import Program
from pessdesk.desktop.screens import SCREENS
from pessdesk.desktop.screens.help import HelpScreen
from pessdesk.desktop.screens.today import long_date, today
from pessdesk.desktop.words import WORDS
from tests.desktop.conftest import Desktop
from tests.desktop.lived import Lived
from tests.desktop.looking import texts

OpenDesktop = Callable[[Path], Desktop]


NAMES = {"Català", "Castellano", "English", "Oficina", "Portàtil 1"}
"""The languages by their own names, which stay; and what somebody called their laptops."""


def _catalog(language: str) -> dict[str, tuple[str, ...]]:
    """Source → what is said, in one language."""
    path = Program().resources() / "locale" / language / "LC_MESSAGES" / "pessdesk.po"
    with path.open("rb") as file:
        found = {}
        for message in read_po(file):
            if message.id:
                forms = (message.string,) if isinstance(message.string, str) else tuple(message.string)
                found[str(message.id)] = forms
        return found


def _patterns(language: str, other: str) -> re.Pattern[str]:
    """What is said in a language and in the other otherwise, with anything for the facts."""
    ours, theirs = _catalog(language), _catalog(other)
    elsewhere = {form for forms in theirs.values() for form in forms}
    said = []
    for source, forms in ours.items():
        for form in forms:
            plain = re.sub(r"\{\w+\}", "", form)
            if form not in elsewhere and forms != theirs[source] and len(re.findall(r"\w", plain)) >= 4:
                said.append(
                    "".join(".+?" if part[:1] == "{" else re.escape(part) for part in re.split(r"(\{\w+\})", form))
                )
    return re.compile("|".join(f"(?:{one})" for one in said), re.S)


def said(top: QWidget) -> list[tuple[str, str, str]]:
    """The texts of a window, without the guide, which is written in Catalan."""
    guides = [widget for screen in top.findChildren(HelpScreen) for widget in (screen.list, screen.page)]
    skipped = {words for guide in guides for words in texts(guide)}
    return [words for words in texts(top) if words not in skipped and words[2] not in NAMES]


@pytest.mark.parametrize("name", SCREENS)
def test_every_word_changes_and_comes_back(open_desktop: OpenDesktop, lived: Lived, name: str) -> None:
    desktop = open_desktop(lived.folder)
    desktop.go(name, **lived.ways()[name])
    seen = {}
    for language in ("ca", "en", "es", "ca"):
        WORDS.use(language)
        desktop.settle()
        if language in seen:
            assert sorted(said(desktop.window)) == sorted(seen[language])
        seen[language] = said(desktop.window)
    for language, other in (("en", "ca"), ("es", "ca"), ("ca", "en")):
        left = _patterns(other, language)
        stale = {(kind, what, words) for kind, what, words in seen[language] if left.fullmatch(words)}
        assert not stale, f"{other} words in the {language} screen"
    assert len({words for _, _, words in seen["ca"]} ^ {words for _, _, words in seen["en"]}) > 20


def test_screens_that_do_not_show_change_too(open_desktop: OpenDesktop, lived: Lived) -> None:
    desktop = open_desktop(lived.folder)
    for name, wanted in lived.ways().items():
        desktop.go(name, **wanted)
    WORDS.use("en")
    left = _patterns("ca", "en")
    for name in SCREENS:
        desktop.window._show(name, {})
        desktop.settle()
        assert not {words for words in said(desktop.window) if left.fullmatch(words[2])}, name


def test_dates_are_in_the_language(open_desktop: OpenDesktop, lived: Lived) -> None:
    desktop = open_desktop(lived.folder)
    dates = set()
    for language in ("ca", "es", "en"):
        WORDS.use(language)
        desktop.settle()
        dates.add(long_date(today()))
        shown = " ".join(words for _, _, words in said(desktop.window))
        assert long_date(today()) in shown
        assert sum(date in shown for date in dates) == 1
    assert len(dates) == 3


def test_what_is_being_typed_stays(open_desktop: OpenDesktop, lived: Lived) -> None:
    desktop = open_desktop(lived.folder)
    screen = desktop.go("workshop", workshop=lived.workshop, contribution=lived.contribution)
    screen.line.text.setPlainText("Això s'està escrivint")
    screen.search.setText("falta")
    screen.search.textEdited.emit("falta")
    screen.detail.text.setFocus()
    desktop.type("Abans ")
    screen.detail.title.setPlainText("un títol nou")
    typed = screen.detail.text.toPlainText()
    before = (screen.line.context, screen.looked_at, screen.model.filter)
    for language in ("en", "es", "ca"):
        WORDS.use(language)
        desktop.settle()
        assert screen.line.text.toPlainText() == "Això s'està escrivint"
        assert (screen.search.text(), screen.model.filter.words) == ("falta", "falta")
        assert "Abans" in typed and screen.detail.text.toPlainText() == typed
        assert screen.detail.title.toPlainText() == "un títol nou"
        assert (screen.line.context, screen.looked_at, screen.model.filter) == before


def test_what_was_refused_is_said_in_the_new_language(open_desktop: OpenDesktop, lived: Lived) -> None:
    desktop = open_desktop(lived.folder)
    screen = desktop.go("workshop", workshop=lived.workshop)
    screen.line.text.setPlainText("x" * 20_001)
    desktop.press("Return")
    desktop.settle()
    assert "caràcters" in screen.line.wrong.text()
    WORDS.use("en")
    assert "characters" in screen.line.wrong.text() and "What was said" in screen.line.wrong.text()


def test_a_message_does_not_stay_in_the_other_language(open_desktop: OpenDesktop, lived: Lived) -> None:
    desktop = open_desktop(lived.folder)
    desktop.go("workshop", workshop=lived.workshop)
    desktop.type("Hola")
    desktop.press("Return")
    desktop.settle()
    desktop.press("Ctrl+Z")
    desktop.settle()
    assert desktop.message
    WORDS.use("en")
    assert not desktop.message


def test_qts_own_words_follow(dressed: QApplication) -> None:
    from pessdesk.desktop.app import speak_qt

    seen = set()
    for language in ("ca", "es", "en"):
        WORDS.use(language)
        speak_qt()
        seen.add(QApplication.translate("QLineEdit", "&Undo") + QApplication.translate("QPlatformTheme", "Cancel"))
    assert len(seen) == 3


# The sources

CALLS = {
    "setText", "setToolTip", "setStatusTip", "setWindowTitle", "setTitle", "setPlaceholderText", "setAccessibleName",
    "setAccessibleDescription", "addAction", "addItem", "addItems", "addTab", "insertItem", "setItemText", "announce", "name_it",
    "setHeaderLabels", "setHtml", "setMarkdown", "setPrefix", "setSuffix", "setSpecialValueText", "setLabelText",
    "QLabel", "QPushButton", "QCheckBox", "QRadioButton", "QAction", "QListWidgetItem", "QTreeWidgetItem",
    "QTableWidgetItem", "QGroupBox", "getOpenFileName", "getOpenFileNames", "getSaveFileName", "getExistingDirectory",
}  # fmt: skip
ALLOWED = {"PessDesk", "acta-.pdf"}
"""The same in every language: the program's name, and that of a file of minutes."""


def _literals(node: ast.AST) -> list[str]:
    """The texts of literals that are given as they stand, not what is looked up by them."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        return ["".join(part.value for part in node.values if isinstance(part, ast.Constant))]
    if isinstance(node, ast.BinOp | ast.IfExp | ast.List | ast.Tuple | ast.BoolOp):
        return [text for child in ast.iter_child_nodes(node) for text in _literals(child)]
    return []


def test_no_words_stand_outside_the_catalogs() -> None:
    found = []
    for path in sorted(Path(pessdesk.desktop.__path__[0]).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name not in CALLS:
                continue
            given = (text for argument in node.args for text in _literals(argument))
            found += [
                f"{path.name}:{node.lineno} {name}({text!r})"
                for text in given
                if re.search(r"[^\W\d_]{2}", text) and text.strip(" –—") not in ALLOWED
            ]
    assert found == []
