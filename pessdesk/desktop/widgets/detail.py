"""Everything about one contribution. A finished edit is a commit: leaving a field keeps it, and there is no Save.

What is refused is said beside the field, and the text stays as it was typed; one that is being typed is kept as a
draft, and stands here again whenever the contribution is looked at, until it is saved.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDateTime, QLocale, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QLabel,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from pessdesk.application.capture_line import draft_key, next_table
from pessdesk.application.screens import Tree
from pessdesk.desktop import operations, ui
from pessdesk.desktop.drafts import Draft
from pessdesk.desktop.history import Undoable
from pessdesk.desktop.icons import KIND_ICONS, icon
from pessdesk.desktop.models.entities import LEAST, called, matching
from pessdesk.desktop.models.lines import LineBook
from pessdesk.desktop.models.values import Values
from pessdesk.desktop.session import Change, Session
from pessdesk.desktop.theme import THEME
from pessdesk.desktop.widgets.form import calm
from pessdesk.desktop.widgets.line_picker import pick_lines
from pessdesk.desktop.widgets.past import Past
from pessdesk.desktop.widgets.photos import NewFile, Photos
from pessdesk.desktop.widgets.plain_text import GrowingText
from pessdesk.desktop.widgets.suggest import SuggestField, Suggestion
from pessdesk.desktop.words import WORDS, label, sentence, t
from pessdesk.domain.errors import PessError
from pessdesk.domain.kinds import CONTRIBUTION_KINDS, LANGUAGES
from pessdesk.domain.text import fold
from pessdesk.wording.labels import CONTRIBUTION_KINDS as KIND_LABELS
from pessdesk.wording.labels import LANGUAGES as LANGUAGE_LABELS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pessdesk.application.screens import AttachmentRow, ContributionRow, EntityRow, GroupRow, Reading, Version
    from pessdesk.application.steps import Done
    from pessdesk.desktop.work import Lane

_FIELDS = {
    Undoable.TEXT: "text", Undoable.TITLE: "title", Undoable.KIND: "kind", Undoable.TABLE: "table",
    Undoable.LINE: "line", Undoable.ENTITY: "entity", Undoable.LANGUAGE: "language", Undoable.DOTS: "dots",
    Undoable.PHOTO: "photos", Undoable.PHOTO_AWAY: "photos", Undoable.VERSION: "history",
}  # fmt: skip
"""Beside which field the refusal of a change is said; beside the text for those of the whole contribution."""

_DRAFTS = {Undoable.TEXT: "", Undoable.TITLE: "title", Undoable.ENTITY: "entity"}
"""Which unfinished text a change finishes."""


@dataclass(frozen=True, slots=True)
class _Facts:
    attachments: Sequence[AttachmentRow]
    history: Sequence[Version]
    names: Mapping[str, str]
    drafts: Mapping[str, str]


class Detail(QWidget):
    """The panel at the right. `left` when Esc is pressed in it; `refused` when a contribution that it does not show any
    more (its record) was not saved."""

    left = Signal()
    refused = Signal(str, object)
    erase_wanted = Signal(object)

    def __init__(self, session: Session, pure: Lane[None]) -> None:
        super().__init__()
        self._session = session
        self._row: ContributionRow | None = None
        self._book: LineBook | None = None
        self._tables: Sequence[GroupRow] = ()
        self._entities: Sequence[EntityRow] = ()
        self._showing = False
        self._problems: dict[Undoable, PessError] = {}
        self._build(pure)
        self._connect()
        self.retranslate()
        self.show_row(None)

    # The view

    def _build(self, pure: Lane[None]) -> None:
        self.back = ui.tool("arrow-left", self.left.emit)
        self.code = ui.Elided("heading")
        self.withdraw = ui.button("quiet", "trash-2", self._withdraw)
        self.erase = ui.button("danger", "trash-2", lambda: self.erase_wanted.emit(self._row))
        self.erase.hide()
        self.text = GrowingText(4)
        self.wrong, self.wrong_field, self.wrong_photo = (ui.words("wrong", wrap=True) for _ in range(3))
        self.unsaved = ui.words("warn", wrap=True)
        self.clash = ui.words("warn", wrap=True)
        self.clash.hide()
        self.title = GrowingText(1)
        self.line = ui.button("chip", clicked=self._pick)
        self.kind, self.table, self.language = QComboBox(), QComboBox(), QComboBox()
        self.entity = SuggestField(self._suggest_entities)
        self.dots = QSpinBox(maximum=1_000_000)
        for chosen in (self.kind, self.table, self.language, self.dots):
            calm(chosen)
        self.drafts = {
            "": Draft(self._session, self, partial(_unfinished, self.text), self._put_text),
            "title": Draft(self._session, self, partial(_unfinished, self.title), self.title.setPlainText),
            "entity": Draft(self._session, self, self._unfinished_entity, self._put_entity),
        }
        """By the field's part of the key: what is typed and not finished."""
        self.photos = Photos(self._session.program, self._session.folder, pure)
        self.past = Past()
        self.history = self.past.list
        self.labels = {
            n: ui.words("label")
            for n in ("text", "title", "line", "kind", "table", "entity", "dots", "language", "photos", "history")
        }
        form = QFormLayout()
        form.setHorizontalSpacing(THEME.px(12))
        form.setVerticalSpacing(THEME.px(8))
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        for name, field in (
            ("line", self.line), ("kind", self.kind), ("table", self.table), ("entity", self.entity),
            ("dots", self.dots), ("language", self.language), ("title", self.title),
        ):  # fmt: skip
            self.labels[name].setBuddy(field)
            form.addRow(self.labels[name], field)
        for name, below in (("text", self.text), ("photos", self.photos.list), ("history", self.history)):
            self.labels[name].setBuddy(below)
        content = QWidget()
        content.setLayout(
            ui.column(
                ui.row(self.back, self.code, self.withdraw, gap=4), self.clash, self.labels["text"], self.text, self.unsaved, self.wrong, form,
                self.wrong_field, self.labels["photos"], self.photos, self.wrong_photo, self.labels["history"], self.past,
                ui.row(self.erase, None), None, gap=8, margin=16,
            )
        )  # fmt: skip
        self.content = ui.scrolled(content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.content)

    def _connect(self) -> None:
        self.text.finished.connect(self._keep_text)
        for name, field in (("", self.text), ("title", self.title), ("entity", self.entity)):
            field.textChanged.connect(partial(self._typed, name))
        self.entity.installEventFilter(self.drafts["entity"])
        self.title.finished.connect(self._keep_title)
        self.text.overfull.connect(partial(self._complain, Undoable.TEXT))
        self.title.overfull.connect(partial(self._complain, Undoable.TITLE))
        self.kind.activated.connect(self._keep_kind)
        self.table.activated.connect(self._keep_table)
        self.language.activated.connect(self._keep_language)
        self.entity.chosen.connect(self._keep_entity)
        self.entity.editingFinished.connect(self._entity_left)
        self.dots.editingFinished.connect(self._keep_dots)
        self.photos.added.connect(self.attach)
        self.photos.removed.connect(self._take_away)
        self.past.wanted.connect(self._bring_back)
        leave = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        leave.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        leave.activated.connect(self._escape)

    def retranslate(self) -> None:
        ui.name_it(self.back, t("Back to the list"), t("Back to the list (Esc)"))
        names = {
            "text": t("Text"), "title": t("Title"), "line": t("Line"), "kind": t("Kind"), "table": t("Table"),
            "entity": t("Entity"), "dots": t("Dots"), "language": t("Language"), "photos": t("Photos"),
            "history": t("History"),
        }  # fmt: skip
        for name, words in names.items():
            self.labels[name].setText(words)
        for name, field in (
            ("text", self.text), ("title", self.title), ("kind", self.kind), ("table", self.table), ("entity", self.entity),
            ("dots", self.dots), ("language", self.language), ("history", self.history),
        ):  # fmt: skip
            field.setAccessibleName(names[name])
        self.entity.setPlaceholderText(t("Two letters find it"))
        self.unsaved.setText(t("This change is not saved yet: it is when you leave the text. Esc forgets it."))
        self.photos.retranslate()
        self.past.retranslate()
        self._fill_choices()
        self._fill_tables()
        self.show_row(self._row)

    @property
    def stops(self) -> list[QWidget]:
        """Where Tab stops, in the order in which it does."""
        photos = (self.photos.list, self.photos.add, self.photos.stick, self.photos.away)
        form = (self.line, self.kind, self.table, self.entity, self.dots, self.language, self.title)
        return [self.back, self.withdraw, self.text, *form, *photos, self.history, self.past.bring, self.erase]

    def _fill_choices(self) -> None:
        for box in (self.kind, self.table, self.language):
            box.setIconSize(QSize(THEME.px(18), THEME.px(18)))
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(8)
            box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.kind.clear()
        for kind in CONTRIBUTION_KINDS:
            self.kind.addItem(icon(KIND_ICONS[kind]), label(KIND_LABELS, kind), kind)
        self.language.clear()
        self.language.addItem("–", "")
        for language in LANGUAGES:
            self.language.addItem(label(LANGUAGE_LABELS, language), language)

    def use(self, book: LineBook, tables: Sequence[GroupRow], entities: Sequence[EntityRow]) -> None:
        """What there is to choose from."""
        self._book, self._tables, self._entities = book, tables, entities
        self._fill_tables()
        self.show_row(self._row)

    def _fill_tables(self) -> None:
        self.table.clear()
        self.table.addItem(t("Without table"), "")
        for row in self._tables:
            self.table.addItem(t("Table {name}", name=row.name), row.record)
        self.table.addItem(t("A new table"), None)

    # Showing

    @property
    def record(self) -> str:
        return self._row.record if self._row else ""

    def show_row(self, row: ContributionRow | None) -> None:
        """Show a contribution, or as it is now; what is being typed in a field that has the focus stays."""
        if row is not None and self._row is not None and row.record != self._row.record:
            self.keep()
        before = self._row
        same = row is not None and before is not None and row.record == before.record
        counting = same and before is not None and self.dots.hasFocus() and self.dots.value() != before.votes
        self._row = row
        self.setVisible(row is not None)
        if row is None:
            return
        self._showing = True
        self.code.setText(row.code)
        withdrawn = row.withdrawn
        self.withdraw.setText(t("Bring back") if withdrawn else t("Withdraw"))
        ui.name_it(
            self.withdraw,
            t("Bring the contribution back")
            if withdrawn
            else t("Withdraw the contribution: it keeps its code and no longer counts"),
        )
        self.erase.setVisible(withdrawn)
        self.erase.setText(t("Erase for good …"))
        ui.name_it(self.erase, t("Erase this contribution for good"))
        for field, said, typed in (
            (self.text, row.text, self.text.words()),
            (self.title, row.title, self._typed_title()),
        ):
            if not (same and field.edited) or typed == said:
                field.fill(said)
        codes = " · ".join(self._book.named(line) for line in row.lines) if self._book else ""
        metrics = self.fontMetrics()
        self.line.setText(metrics.elidedText(codes, Qt.TextElideMode.ElideRight, THEME.px(230)) or t("Without line"))
        ui.say_role(self.line, "empty", "false" if codes else "true")
        ui.name_it(self.line, t("Lines of the base document: {lines}", lines=codes or "–"), codes or t("Choose lines"))
        self.kind.setCurrentIndex(self.kind.findData(row.kind))
        self.table.setCurrentIndex(max(0, self.table.findData(row.group)))
        self.language.setCurrentIndex(max(0, self.language.findData(row.language)))
        if not (same and self.entity.isModified()):
            self.entity.setText(row.entity_name)
            self.entity.setCursorPosition(0)  # its beginning shows, not its end
        if not counting:
            self.dots.setValue(row.votes)
        self.clash.setVisible(row.clash)
        self.clash.setText(t("Two laptops changed this contribution. Both versions are kept: decide under Clashes."))
        if not same:
            self._problems.clear()
            for name, draft in self.drafts.items():
                draft.begin(draft_key(row.record, name))
        self._show_problems()
        self._showing = False
        self._ask()

    def forget(self) -> None:
        """What is shown was erased: nothing of it is kept, half written or not."""
        for draft in self.drafts.values():
            draft.finish()
            draft.key = ""
        self.show_row(None)

    def _ask(self) -> None:
        row = self._row
        assert row is not None

        def question(reading: Reading) -> _Facts:
            history = reading.history(row.record)
            named = {v.changed.get(n, "") for v in history for n in ("group", "entity")}
            return _Facts(
                reading.attachments(row.record), history, reading.names([n for n in named if n]),
                reading.drafts(row.record),
            )  # fmt: skip

        self._session.read(question, partial(self._show_facts, row.record), owner=self)

    def _show_facts(self, record: str, facts: _Facts) -> None:
        if record != self.record:
            return
        for name, draft in self.drafts.items():
            draft.found(facts.drafts.get(name, ""))
        self._show_problems()
        self.photos.show_rows(facts.attachments)
        assert self._row is not None
        values = Values(self._book or LineBook(Tree("", ())), facts.names, self._session.program.place_name)
        self.past.show_versions(
            facts.history, partial(self._told, names=facts.names), self._row,
            partial(values.said, "contribution"),
        )  # fmt: skip

    def _told(self, version: Version, names: Mapping[str, str]) -> str:
        """One line of the history: when, on which laptop, what became of what."""
        when = QLocale(WORDS.language).toString(QDateTime.fromMSecsSinceEpoch(version.at), "d MMM, HH:mm")
        who = version.label or version.device[:6]
        told = []
        for name, value in version.changed.items():
            if name == "text":
                told.append(t("text: «{value}»", value=_short(value)))
            elif name == "title":
                told.append(t("title: «{value}»", value=_short(value)))
            elif name == "kind":
                told.append(t("kind: {value}", value=label(KIND_LABELS, str(value))))
            elif name == "group":
                told.append(t("table: {value}", value=names.get(str(value), "–")))
            elif name == "entity":
                told.append(t("entity: {value}", value=names.get(str(value), "–")))
            elif name == "lines" and self._book:
                told.append(t("line: {value}", value=", ".join(self._book.code(line) for line in value or ()) or "–"))
            elif name == "language":
                told.append(t("language: {value}", value=label(LANGUAGE_LABELS, str(value or "–"))))
            elif name == "withdrawn":
                told.append(t("it was withdrawn") if value else t("brought back"))
        return f"{when} · {who}\n{'; '.join(told)}"

    # Keeping

    def keep(self) -> None:
        """Keep what is unfinished, before something else is shown or the window closes."""
        self.drafts["entity"].keep()
        self._keep_text()
        self._keep_title()
        self._keep_dots()

    def _change(self, fields: Mapping[str, Any], what: Undoable) -> None:
        row = self._row
        if row is None or self._showing:
            return
        self._do(operations.change(row, fields), what)

    def _do(self, action: Any, what: Undoable, *kinds: str) -> None:
        row = self._row
        if row is None:
            return
        change = Change(frozenset(("contributions", *kinds)), row.workshop, (row.record,))
        self._complain(what, None)
        draft = self.drafts.get(_DRAFTS.get(what, "–"))
        if draft is not None:
            draft.keep()  # what is refused must not be gone
        self._session.write(
            action, what, change, drafts=[draft.finish()] if draft else (),
            then=partial(self._done, row, what), trouble=partial(self._refused, row, what), owner=self,
        )  # fmt: skip

    def _done(self, row: ContributionRow, what: Undoable, done: Done) -> None:
        here = row.record == self.record
        if here and not done.undo and self._row is not None:  # nothing had to change: the field shows what holds
            if what is Undoable.DOTS:
                self.dots.setValue(self._row.votes)
            elif what is Undoable.ENTITY:
                self.entity.setText(self._row.entity_name)

    def _refused(self, row: ContributionRow, what: Undoable, problem: PessError) -> None:
        if row.record == self.record:
            self._complain(what, problem)
        else:
            self.refused.emit(row.record, problem)

    def _complain(self, what: Undoable, problem: PessError | None) -> None:
        if problem is None:
            self._problems.pop(what, None)
        else:
            self._problems[what] = problem
        self._show_problems()

    def _show_problems(self) -> None:
        """Say beside each thing why it was refused, with the field's name on the screen."""
        said: dict[QLabel, list[str]] = {self.wrong: [], self.wrong_field: [], self.wrong_photo: []}
        for what, problem in self._problems.items():
            field = self.labels[_FIELDS.get(what, "text")].text()
            words = sentence(PessError(problem.code, **{**problem.facts, "field": field}))
            said[
                {"text": self.wrong, "photos": self.wrong_photo}.get(_FIELDS.get(what, "text"), self.wrong_field)
            ].append(words)
        for place, sentences in said.items():
            place.setText("\n".join(sentences))
            place.setVisible(bool(sentences))
        ui.say_role(self.text, "wrong", "true" if said[self.wrong] else "false")
        draft = self._session.drafts.of(draft_key(self.record))
        self.unsaved.setVisible(bool(draft) and draft == self.text.words() and not said[self.wrong])

    # What is being typed

    def _typed(self, name: str, _: str = "") -> None:
        if not self._showing:
            if not name:
                self.unsaved.hide()
            self.drafts[name].typed()

    def _put_text(self, draft: str) -> None:
        """A text that was not finished, or not saved, stands here again."""
        if self._row is not None and draft != self._row.text:
            self.text.setPlainText(draft)

    def _unfinished_entity(self) -> str:
        return self.entity.text() if self.entity.isModified() else ""

    def _put_entity(self, draft: str) -> None:
        self.entity.setText(draft)
        self.entity.setModified(True)

    def _keep_text(self) -> None:
        """The text is finished."""
        self.drafts[""].keep()
        if self.text.edited:
            self._change({"text": self.text.words()}, Undoable.TEXT)

    def _keep_title(self) -> None:
        self.drafts["title"].keep()
        if self._row is not None and self.title.edited:
            self._change({"title": self._typed_title()}, Undoable.TITLE)

    def _typed_title(self) -> str:
        return " ".join(self.title.words().split())

    def _keep_kind(self) -> None:
        self._change({"kind": self.kind.currentData()}, Undoable.KIND)

    def _keep_language(self) -> None:
        self._change({"language": self.language.currentData()}, Undoable.LANGUAGE)

    def _keep_table(self) -> None:
        row, group = self._row, self.table.currentData()
        if row is None:
            return
        if group is not None:
            self._change({"group": group}, Undoable.TABLE)
            return
        name = next_table(table.name for table in self._tables)
        self._do(operations.put_at_new_table(row, name), Undoable.TABLE, "groups")

    def _pick(self) -> None:
        if self._book is not None and self._row is not None:
            pick_lines(self.line, self._book, self._row.lines, self._keep_lines)

    def _keep_lines(self, lines: tuple[str, ...]) -> None:
        version = self._book.version if self._book and lines else ""
        self._change({"lines": list(lines), "document": version}, Undoable.LINE)

    def _suggest_entities(self, words: str) -> list[Suggestion]:
        wanted = fold(words)
        if len(wanted) < LEAST:
            return []
        found = [Suggestion(row.name, row.record) for row in matching(self._entities, words)[:30]]
        if all(fold(item.text) != wanted for item in found):
            found.append(Suggestion(words.strip(), None, t("add it")))
        return found

    def _keep_entity(self, record: str | None) -> None:
        row, name = self._row, self.entity.text().strip()
        if row is None:
            return
        if record is not None:
            self._change({"entity": record}, Undoable.ENTITY)
        else:
            self._do(operations.name_new_entity(row, name), Undoable.ENTITY, "entities")

    def _entity_left(self) -> None:
        """A name that was typed without choosing: the entity of that name, none when empty, else as it was."""
        row, name = self._row, self.entity.text().strip()
        if row is None or self._showing:
            return
        if fold(name) == fold(row.entity_name):
            self.drafts["entity"].drop()
            return
        self.drafts["entity"].keep()
        self.entity.setModified(False)
        there = called(self._entities, name)
        if not name:
            self._change({"entity": ""}, Undoable.ENTITY)
        elif there is not None:
            self._change({"entity": there.record}, Undoable.ENTITY)
        else:
            self._keep_entity(None)

    def _keep_dots(self) -> None:
        row, votes = self._row, self.dots.value()
        if row is not None and not self._showing and votes != row.votes:
            self._do(operations.set_dots(row, votes), Undoable.DOTS)

    def _withdraw(self) -> None:
        if self._row is not None:
            gone = self._row.withdrawn
            self._change({"withdrawn": not gone}, Undoable.BROUGHT_BACK if gone else Undoable.WITHDRAWN)

    def _bring_back(self, version: Version) -> None:
        """Let it say again what it said in a version; what is being typed is kept first, as one version more."""
        if self._row is not None:
            self.keep()
            self._do(
                operations.bring_version(self._row.record, version.revision), Undoable.VERSION, "groups", "entities"
            )

    def attach(self, files: Sequence[NewFile]) -> None:
        """Put files beside the contribution."""
        row = self._row
        if row is None:
            return
        for file in files:
            self._do(operations.attach(row, file), Undoable.PHOTO)

    def _take_away(self, record: str) -> None:
        row = self._row
        if row is not None:
            away = operations.change_record(record, row.workshop, {"withdrawn": True})
            self._do(away, Undoable.PHOTO_AWAY)

    def _escape(self) -> None:
        """Leave without keeping what is being typed in the text or the title."""
        if self._row is not None:
            self.text.fill(self._row.text)
            self.title.fill(self._row.title)
            self.entity.setText(self._row.entity_name)
            for draft in self.drafts.values():
                draft.drop()
            self._complain(Undoable.TEXT, None)
            self._complain(Undoable.TITLE, None)
        self.left.emit()


def _unfinished(field: GrowingText) -> str:
    return field.words() if field.edited else ""


def _short(value: object) -> str:
    said = " ".join(str(value or "").split())
    return said if len(said) <= 120 else f"{said[:119]}…"
