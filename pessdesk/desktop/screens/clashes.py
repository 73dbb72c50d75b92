"""Where laptops changed the same: the versions side by side, and a person who decides.

A record is decided as a whole, in one revision, for that is how a decision travels. Decided ones make room for the next.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pessdesk.application.capture_line import draft_key
from pessdesk.desktop import operations, ui
from pessdesk.desktop.drafts import Draft
from pessdesk.desktop.history import Undoable
from pessdesk.desktop.models.lines import LineBook
from pessdesk.desktop.models.values import LINES, ORDER, PARAGRAPHS, Values, field_names
from pessdesk.desktop.screens.base import Screen, Shell
from pessdesk.desktop.session import Change
from pessdesk.desktop.theme import THEME
from pessdesk.desktop.widgets.versions import Versions
from pessdesk.desktop.words import sentence, t
from pessdesk.domain.errors import PessError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pessdesk.application.screens import ClashRow, Reading, Tree
    from pessdesk.application.steps import Done

CHANGES = {
    "contribution": "contributions", "workshop": "workshops", "group": "groups", "entity": "entities",
    "attachment": "contributions", "tally": "contributions",
}  # fmt: skip
"""What of the store changes with a decision, by the kind of its record."""


class _Record(NamedTuple):
    """A record with all its fields that clash."""

    record: str
    kind: str
    workshop: str
    name: str
    fields: tuple[ClashRow, ...]

    def document_of(self, lines: ClashRow, value: Any) -> Any:
        """The version of the base document that goes with a version of the lines: whoever wrote one wrote the other."""
        document = next((row for row in self.fields if row.field == "document"), None)
        claim = next((claim for claim in lines.claims if claim.value == value), None)
        if document is None or claim is None or not value:
            return None
        same = [c.value for c in document.claims if (c.device, c.at) == (claim.device, claim.at)]
        return next((said for said in (*same, *(c.value for c in document.claims)) if said), None)


class _Found(NamedTuple):
    records: list[_Record]
    texts: Mapping[str, str]
    titles: Mapping[str, str]
    names: Mapping[str, str]
    tree: Tree
    drafts: Mapping[str, str]


class ClashesScreen(Screen):
    """`place` is which of the records is shown, from 0."""

    name = "clashes"

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._found: _Found | None = None
        self._shown: _Record | None = None
        self.place = 0
        self.versions: list[Versions] = []
        self._build()
        self.retranslate()

    # The view

    def _build(self) -> None:
        self.counted = ui.words("heading")
        self.before = ui.tool("chevron-up", partial(self._move, -1))
        self.after = ui.tool("chevron-down", partial(self._move, 1))
        self.what = ui.words("strong", wrap=True)
        self.about = ui.words("small", wrap=True)
        self.hint = ui.words("hint", wrap=True)
        self.wrong = ui.words("wrong", wrap=True, selectable=True)
        self.fields = QVBoxLayout()
        self.fields.setSpacing(THEME.px(16))
        self.settle_it = ui.button("primary", "", self.settle)
        self.missing = ui.words("small", wrap=True)
        self.open_it = ui.button("quiet", "", self._open)
        head = ui.row(self.counted, self.before, self.after, None, self.open_it, gap=6)
        content = QWidget()
        content.setLayout(
            ui.column(
                head, self.what, self.about, 4, self.fields, self.wrong, ui.row(self.settle_it, ui.wide(self.missing)),
                self.hint, None, gap=8, margin=20,
            )
        )  # fmt: skip
        self.area = ui.scrolled(content)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.empty_words, self.empty_hint = ui.words("strong", wrap=True), ui.words("hint", wrap=True)
        self.empty = ui.frame("surface", ui.column(self.empty_words, self.empty_hint, gap=8, margin=24))
        self.empty_page = QWidget()
        self.empty_page.setLayout(ui.column(self.empty, None, margin=20))
        self.empty_page.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setLayout(ui.column(self.area, self.empty_page))
        for keys, step in (("Ctrl+PgUp", -1), ("Ctrl+PgDown", 1)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(partial(self._move, step))

    def title(self) -> str:
        return t("Clashes")

    def retranslate(self) -> None:
        ui.name_it(self.before, t("The clash before"), t("The clash before (Ctrl+PgUp)"))
        ui.name_it(self.after, t("The next clash"), t("The next clash (Ctrl+PgDown)"))
        self.hint.setText(
            t(
                "Numbers and arrows choose a version, Enter decides. What is not chosen stays in the history; Ctrl+Z brings back what was shown."
            )
        )
        self.settle_it.setText(t("Decide"))
        ui.name_it(self.settle_it, t("Decide"), t("Decide all fields of it"))
        self.open_it.setText(t("See it in its workshop"))
        ui.name_it(self.open_it, self.open_it.text())
        self.empty_words.setText(t("There is no clash."))
        self.empty_hint.setText(
            t("When two laptops change the same contribution, both versions are kept and stand here side by side.")
        )
        self.empty_page.setAccessibleName(self.empty_words.text())
        self._show(again=True)

    # Coming and going

    def enter(self, **_: Any) -> None:
        self._ask()

    def changed(self, change: Change) -> None:
        if self.isVisible() and change.touches("clashes", "contributions", "workshops", "groups", "entities"):
            self._ask()

    def _ask(self) -> None:
        self.session.read(_question, self._answered, owner=self)

    def _answered(self, found: _Found) -> None:
        """What clashes now. The record that is looked at stays, with what was chosen; a new one takes the place of one
        that is decided."""
        focus = self.isVisible() and self.isAncestorOf(self.window().focusWidget() or self.window())
        before = self._shown
        self._found = found
        if before is not None:
            place = next((p for p, one in enumerate(found.records) if one.record == before.record), self.place)
            self.place = place
        self.place = max(0, min(self.place, len(found.records) - 1))
        again = self._current != before
        self._show(again=again)
        if again and (focus or self.isVisible()):
            self.focus_first()

    @property
    def _current(self) -> _Record | None:
        records = self._found.records if self._found is not None else []
        return records[self.place] if records else None

    def focus_first(self) -> None:
        if self.versions:
            self.versions[0].buttons[0].setFocus()
        else:
            self.empty_page.setFocus()

    def _move(self, step: int) -> None:
        """Look at another one; nothing is decided by that."""
        if self._found is not None and 0 <= self.place + step < len(self._found.records):
            self.place += step
            self._show(again=True)
            self.focus_first()

    # Showing

    def _show(self, *, again: bool) -> None:
        found, current = self._found, self._current
        self.area.setVisible(current is not None)
        self.empty_page.setVisible(found is not None and current is None)
        if again:
            self._clear()
            self._shown = current
        if found is None or current is None:
            return
        self.counted.setText(t("{number} of {all}", number=self.place + 1, all=len(found.records)))
        self.before.setEnabled(self.place > 0)
        self.after.setEnabled(self.place + 1 < len(found.records))
        self.what.setText(_called(current))
        parts = [found.titles.get(current.workshop, "") if current.kind != "workshop" else ""]
        if all(row.field != "text" for row in current.fields):
            parts.append(found.texts.get(current.record, ""))
        self.about.setText("\n".join(part for part in parts if part))
        self.about.setVisible(bool(self.about.text()))
        self.open_it.setVisible(bool(current.workshop))
        if again:
            self._show_fields(found, current)
            QTimer.singleShot(0, self, lambda: self.area.verticalScrollBar().setValue(0))
        self._show_missing()

    def _clear(self) -> None:
        self.wrong.hide()
        self.versions.clear()
        while (item := self.fields.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()

    def _show_fields(self, found: _Found, current: _Record) -> None:
        names = field_names()
        values = Values(LineBook(found.tree), found.names, self.shell.program.place_name)
        with_lines = any(row.field == "lines" for row in current.fields)
        for row in current.fields:
            if row.field == "document" and with_lines:
                continue  # it goes with the lines
            said = [values.said(current.kind, row.field, claim.value) for claim in row.claims]
            written = row.field in PARAGRAPHS or row.field in LINES
            made = Versions(row.field, names.get(row.field, row.field), row.claims, said, words=written)
            if written:
                made.offer_text(said[0], paragraph=row.field in PARAGRAPHS)
                self._keep_unfinished(made, _draft_of(row), found.drafts)
            made.chosen.connect(self._show_missing)
            made.pressed.connect(self._pressed)
            made.decided.connect(self._decided)
            self.versions.append(made)
            self.fields.addWidget(made)

    def _keep_unfinished(self, made: Versions, key: str, drafts: Mapping[str, str]) -> None:
        """A text of one's own, while it is being written."""
        assert made.editor is not None
        draft = Draft(self.session, made, lambda: made.unfinished, made.put_back).watch(made.editor)
        made.given_up.connect(draft.drop)
        draft.begin(key, drafts.get(key, ""))

    def _show_missing(self) -> None:
        """With several fields, which of them still want a choice."""
        left = [one.name for one in self.versions if one.choice is None]
        several = len(self.versions) > 1
        self.settle_it.setVisible(several)
        self.settle_it.setEnabled(not left)
        self.missing.setVisible(several and bool(left))
        self.missing.setText(t("Still to choose: {fields}", fields=", ".join(left)))

    def _open(self) -> None:
        if (current := self._current) is not None:
            wanted = {"contribution": current.record} if current.kind == "contribution" else {}
            self.shell.go("workshop", workshop=current.workshop, **wanted)

    # Deciding

    def _pressed(self) -> None:
        """A click: where one field clashes that decides, else the next one is to be chosen."""
        if len(self.versions) == 1:
            self.settle()
        else:
            self._to_next_field()

    def _decided(self) -> None:
        """Enter: decide, or go to what is not chosen yet."""
        if all(one.choice is not None for one in self.versions):
            self.settle()
        else:
            self._to_next_field()

    def _to_next_field(self) -> None:
        left = next((one for one in self.versions if one.choice is None), None)
        if left is None:
            self.settle_it.setFocus()
        elif any(one.choice is not None for one in self.versions):
            left.buttons[0].setFocus()
            ui.show_in(self.area, left)
        else:
            self._complain(t("Choose a version first, with its number or the arrows."))

    def settle(self) -> None:
        """Decide what is shown, as it was chosen."""
        current = self._shown
        if current is None or any(one.choice is None for one in self.versions):
            return
        values = {one.field: one.choice.value for one in self.versions if one.choice is not None}
        lines = next((row for row in current.fields if row.field == "lines"), None)
        if lines is not None and any(row.field == "document" for row in current.fields):
            values["document"] = current.document_of(lines, values["lines"])
        change = Change(frozenset(("clashes", CHANGES.get(current.kind, "contributions"))), current.workshop)
        self.wrong.hide()
        self.session.drafts.keep_all()
        self.session.write(
            operations.settle(current.record, values), Undoable.CLASH, change, drafts=[*map(_draft_of, current.fields)],
            then=partial(self._settled, _called(current), change), trouble=self._refused, owner=self,
        )  # fmt: skip

    def _settled(self, name: str, change: Change, done: Done) -> None:
        self._shown = None  # whatever comes next is new
        if not done.undo:  # what was shown was kept: there is nothing to undo, and nobody was told
            self.session.tell(change)
        self.shell.announce(t("Decided: {name}.", name=name))

    def _refused(self, problem: PessError) -> None:
        own = next((one for one in self.versions if one.choice is not None and one.choice.number is None), None)
        if own is not None and problem.exit_code == 5:
            own.complain(PessError(problem.code, **{**problem.facts, "field": own.name}))
        else:
            self._complain(sentence(problem))
            self._ask()

    def _complain(self, words: str) -> None:
        self.wrong.setText(words)
        self.wrong.show()


def _called(record: _Record) -> str:
    """What a record is called, with its kind where that is not plain."""
    kinds = {
        "workshop": t("Workshop «{name}»", name=record.name), "group": t("Table «{name}»", name=record.name),
        "entity": t("Entity «{name}»", name=record.name), "attachment": t("Photo «{name}»", name=record.name),
    }  # fmt: skip
    return kinds.get(record.kind, record.name or record.record)


def _question(reading: Reading) -> _Found:
    rows = reading.clashes()
    fields: dict[str, list[ClashRow]] = {}
    for row in rows:
        fields.setdefault(row.record, []).append(row)
    records = [
        _Record(record, those[0].kind, those[0].workshop, those[0].name, tuple(sorted(those, key=_order)))
        for record, those in fields.items()
    ]
    pointed = [str(c.value) for row in rows if row.field in ("group", "entity") for c in row.claims if c.value]
    texts = {row.record: row.text for row in reading.rows([one.record for one in records])}
    titles = {row.record: row.title for row in reading.workshops()}
    drafts = {
        draft_key(one.record, name): words for one in records for name, words in reading.drafts(one.record).items()
    }
    return _Found(records, texts, titles, reading.names(pointed), reading.tree(), drafts)


def _draft_of(row: ClashRow) -> str:
    return draft_key(row.record, f"clash-{row.field}")


def _order(row: ClashRow) -> tuple[int, str]:
    return ORDER.index(row.field) if row.field in ORDER else len(ORDER), row.field
