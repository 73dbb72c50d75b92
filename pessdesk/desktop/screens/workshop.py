"""A workshop: what was said, newest on top, next to the eye that just typed; the line at the bottom has the focus.

What stands where is in `workshop_view`.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, Qt, QTimer, QUrl
from PySide6.QtGui import (
    QDesktopServices,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import (
    QFileDialog,
    QWidget,
)

from pessdesk.application.capture_line import CONTEXT, draft_key
from pessdesk.application.screens import ContributionRow, EntityRow, GroupRow, Reading, Tree, WorkshopRow
from pessdesk.desktop import operations, ui
from pessdesk.desktop.drafts import Draft
from pessdesk.desktop.dropped import local_files
from pessdesk.desktop.history import Undoable
from pessdesk.desktop.models.contributions import ContributionModel, Filter
from pessdesk.desktop.models.lines import LineBook
from pessdesk.desktop.screens.base import Shell
from pessdesk.desktop.screens.today import long_date
from pessdesk.desktop.screens.workshop_view import WorkshopView
from pessdesk.desktop.session import Change
from pessdesk.desktop.widgets.detail import Detail
from pessdesk.desktop.widgets.erasing import ask_to_erase
from pessdesk.desktop.widgets.photos import NewFile
from pessdesk.desktop.words import WORDS, plural, t

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pessdesk.application.capture_line import Said
    from pessdesk.application.erase import Reach
    from pessdesk.application.ports import Unit
    from pessdesk.application.steps import Done
    from pessdesk.domain.errors import PessError

FIRST_PAGE, PAGE = 60, 1000
GLOW_MS = 1000
LINGER_S = 0.004
"""A quarter of a frame: nobody sees it, and Enter is on the disk in a third of the time."""
SHEETS = (".csv", ".xlsx", ".xlsm", ".tsv")


@dataclass(frozen=True, slots=True)
class _Opened:
    """What a workshop needs to be shown, read in one go."""

    workshop: WorkshopRow | None
    tree: Tree
    groups: list[GroupRow]
    entities: list[EntityRow]
    draft: str
    context: str
    rows: list[ContributionRow]


@dataclass(frozen=True, slots=True)
class _Around:
    """What may change around the contributions."""

    workshop: WorkshopRow | None
    tree: Tree
    groups: list[GroupRow]
    entities: list[EntityRow]


class WorkshopScreen(WorkshopView):
    """The capture screen of one workshop: what happens on it."""

    name = "workshop"

    def __init__(self, shell: Shell) -> None:
        self.model = ContributionModel()
        super().__init__(shell, self.model)
        self.record = ""
        self.row: WorkshopRow | None = None
        self.book = LineBook(Tree("", ()))
        self._groups: list[GroupRow] = []
        self._entities: list[EntityRow] = []
        self.draft = Draft(self.session, self, self.line.text.words, self.line.put_text)
        self.context = Draft(self.session, self, self.line.context_words, self.line.put_context)
        self._putting = False
        self._glow = QTimer(self, singleShot=True, interval=GLOW_MS)
        self._glow.timeout.connect(self.model.settle)
        self._recount = QTimer(self, singleShot=True, interval=0)
        self._recount.timeout.connect(self._show_counts)
        self._connect()
        self.setAcceptDrops(True)
        self.retranslate()

    def _connect(self) -> None:
        for button, clicked in (
            (self.columns, self._toggle_filters),
            (self.sheet, lambda: self.shell.go("sheet", workshop=self.record)),
            (self.facts, lambda: self.shell.go("facts", workshop=self.record)),
            (self.people, lambda: self.shell.go("people", workshop=self.record)),
            (self.minutes, self.write_minutes),
            (self.hand, lambda: self.shell.go("handover", workshop=self.record)),
        ):
            ui.when_clicked(button, clicked)
        self.line.said.connect(self._record)
        self.line.typed.connect(self.draft.typed)
        self.line.chosen.connect(self.context.typed)
        self.line.left.connect(self._keep_line)
        self.line.edit_last.connect(self._edit_last)
        self.filters.wanted.connect(self._filter_by)
        self.model.counted.connect(self._recount.start)
        self.list.selectionModel().currentChanged.connect(self._selected)
        self.list.activated.connect(lambda _: self._to_detail())
        self.model.modelReset.connect(self._reselect)
        self.search.textEdited.connect(self._search)
        self.search.returnPressed.connect(self._search_done)
        for keys, slot in (
            (QKeySequence("F6"), self._next_part),
            (QKeySequence("Ctrl+L"), self.line.text.setFocus),
        ):
            QShortcut(keys, self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut).activated.connect(slot)
        leave = QShortcut(QKeySequence(Qt.Key.Key_Escape), self.middle)
        leave.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        leave.activated.connect(self._escape_list)
        paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self.list)
        paste.setContext(Qt.ShortcutContext.WidgetShortcut)
        paste.activated.connect(self._paste)

    @property
    def detail(self) -> Detail:
        """The panel at the right, made when it is first needed: the list must not wait for it."""
        if self._detail is None:
            self._detail = Detail(self.session, self.shell.pure)
            self._detail.left.connect(self._detail_left)
            self._detail.refused.connect(self._not_saved)
            self._detail.erase_wanted.connect(self._ask_erase)
            self._detail.use(self.book, self._groups, self._entities)
            self.beside.addWidget(self._detail)
            for before, after in pairwise([self.list, *self._detail.stops, self.line.table]):
                QWidget.setTabOrder(before, after)
            self.fold()
        return self._detail

    @property
    def looked_at(self) -> str:
        """The contribution in the panel at the right."""
        return self._detail.record if self._detail is not None else ""

    def _show_row(self, row: ContributionRow | None) -> None:
        if row is not None or self._detail is not None:
            self.detail.show_row(row)
        self.hint.setVisible(row is None)

    def title(self) -> str:
        return self.row.title if self.row else t("Workshop")

    def retranslate(self) -> None:
        self.name_all()
        if self._detail is not None:
            self._detail.retranslate()
        self.line.retranslate()
        self.fold()
        self._show_about()
        self._show_counts()
        self.list.viewport().update()

    # Opening

    def enter(self, workshop: str = "", contribution: str = "", **_: Any) -> None:
        if workshop and workshop != self.record:
            self.leave()
            for draft in (self.draft, self.context):
                draft.begin("")  # until the other workshop is there
            self.record, self.row = workshop, None
            self.detail_alone = False
            self._show_row(None)
            self.search.clear()
            self.model.filter_by(Filter())
            self._open(contribution)
        elif contribution:
            self._show_it(contribution)
        self.focus_first()

    def _open(self, contribution: str) -> None:
        record = self.record

        def question(reading: Reading) -> _Opened:
            return _Opened(
                reading.workshop(record), reading.tree(), reading.groups(record), reading.entities(record),
                reading.setting(draft_key(record)), reading.setting(draft_key(record, CONTEXT)),
                reading.contributions(record, "", FIRST_PAGE),
            )  # fmt: skip

        def opened(found: _Opened) -> None:
            if record != self.record:
                return
            self.book = LineBook(found.tree)
            self.model.start(self.book)
            self._begin_line(found)
            self._use(_Around(found.workshop, found.tree, found.groups, found.entities))
            self._page(record, found.rows, FIRST_PAGE, contribution)

        self.session.read(question, opened, owner=self)

    def _begin_line(self, found: _Opened) -> None:
        """The line as it was left: what was unfinished stands there again, with what was chosen for it."""
        self.line.start()
        self.draft.begin(draft_key(self.record), found.draft)
        key = draft_key(self.record, CONTEXT)
        if not self.line.text.words():  # dots and table were chosen for a text that is not there any more
            self.session.drafts.of(key, found.context)
            self.session.drafts.put(key, "")
        self.context.begin(key, found.context)

    def _page(self, record: str, rows: list[ContributionRow], size: int, contribution: str) -> None:
        """Show a page, and ask for the next while there is one."""
        if record != self.record:
            return
        self.model.append(rows)
        if contribution and self.model.row_of(contribution) is not None:
            self._select(contribution)
            contribution = ""
        if len(rows) == size:
            last = rows[-1].record
            self.session.read(
                lambda reading: reading.contributions(record, last, PAGE),
                lambda more: self._page(record, more, PAGE, contribution),
                owner=self,
            )

    def _use(self, around: _Around) -> None:
        gone = around.workshop is None and self.row is not None
        self.row, self._groups = around.workshop, around.groups
        if around.tree != self.book.tree:
            self.book = LineBook(around.tree)
            self.model.use_book(self.book)
        self.line.use(self.book, around.groups)
        self._entities = around.entities
        if self._detail is not None:
            self._detail.use(self.book, around.groups, around.entities)
        self._show_about()
        self.shell.titled()
        if gone and self.isVisible():
            self.shell.go("workshops")  # its making was undone: nothing can be written in it any more

    def _show_about(self) -> None:
        if self.row is None:
            self.about.setText("")
            return
        place = self.shell.program.place_name(self.row.municipality, self.row.comarca)
        parts = [long_date(self.row.date), place, self.row.code]
        self.about.setText(" · ".join(part for part in parts if part))

    # What changes

    def changed(self, change: Change) -> None:
        if not self.record or change.workshop not in ("", self.record):
            return
        if change.touches("contributions", "clashes"):
            if change.records:
                self.session.read(
                    lambda reading: reading.rows(change.records), partial(self._put_all, change.records), owner=self
                )
            else:
                self._open_again()
        if change.touches("groups", "entities", "workshops", "programme"):
            record = self.record

            def question(reading: Reading) -> _Around:
                return _Around(
                    reading.workshop(record), reading.tree(), reading.groups(record), reading.entities(record)
                )

            self.session.read(question, self._use, owner=self)

    def _open_again(self) -> None:
        """Much may have changed (an import): read all rows again, the one that is looked at stays."""
        record, looked_at = self.record, self.looked_at

        def again(rows: list[ContributionRow]) -> None:
            if record == self.record:
                self.model.put(rows)
                there = {row.record for row in rows}
                self._forget([row.record for row in self.model.rows if row.record not in there])
                if self.looked_at and looked_at in there:
                    self._show_row(self.model.row_of(looked_at))

        self.session.read(lambda reading: reading.contributions(record, "", 1_000_000), again, owner=self)

    def _put_all(self, records: Sequence[str], rows: list[ContributionRow]) -> None:
        """These contributions as they are now; those that are not there any more were erased."""
        self._put(rows)
        self._forget(set(records) - {row.record for row in rows})

    def _forget(self, gone: Collection[str]) -> None:
        if self.looked_at in gone and self._detail is not None:
            self._detail.forget()
            self.hint.show()
        self.model.forget(gone)

    def _ask_erase(self, row: ContributionRow) -> None:
        """Erase for good what was withdrawn, once somebody has read what that reaches."""

        def look(unit: Unit) -> Reach:
            from pessdesk.application.erase import reach_of

            return reach_of(unit, [row.record])

        ask_to_erase(
            self, self.session, look, row.code, Change(frozenset(("contributions", "clashes")), self.record, (row.record,)),
            erased=lambda: self.shell.announce(t("Erasing …")), refused=self.shell.tell_trouble,
            cleaned=lambda: self.shell.announce(t("{code} is erased. The next bundle tells the others.", code=row.code)),
        )  # fmt: skip

    def _put(self, rows: list[ContributionRow], fresh: str = "") -> None:
        mine = [row for row in rows if row.workshop == self.record]
        self._putting = not self.list.hasFocus()
        self.model.put(mine, fresh=fresh)
        if self._putting and self.looked_at:
            self.list.setCurrentIndex(self.model.index_of(self.looked_at))
        self._putting = False
        for row in mine:
            if row.record == self.looked_at:
                self._show_row(row)

    def _show_counts(self) -> None:
        counts = self.model.counts()
        self.filters.show_counts(counts, self._groups, self.book, self.model.filter)
        shown = self.model.rowCount()
        words = plural("{count} contribution", "{count} contributions", counts.all)
        if self.model.filter.active:
            words = t("{shown} of {all} shown", shown=shown, all=counts.all)
        self.counted.setText(words)
        self.empty.setVisible(shown == 0)
        self.list.setVisible(shown > 0)
        if self.model.filter.active:
            self.empty.setText(t("Nothing here fits. Esc shows all again."))
        else:
            self.empty.setText(t("Nothing has been said yet. Write below what is said, and Enter saves it."))

    # Recording

    def _record(self, said: Said) -> None:
        record = self.record
        change = Change(frozenset(("contributions", "groups") if said.new_group else ("contributions",)), record)

        def done(result: Done) -> None:
            if record == self.record:
                self._glow.start()
            self.session.read(
                lambda reading: reading.rows([result.record]),
                lambda rows: self._recorded(rows, result.record),
                owner=self,
            )

        def refused(problem: PessError) -> None:
            if record == self.record:
                self.line.refused(said, problem)
                self._keep_line()
            else:
                words = "\n".join(filter(None, (said.text, self.session.drafts.of(key))))
                self.session.drafts.put(key, words)
                self.shell.tell_trouble(problem, t("Show"), partial(self.shell.go, "workshop", workshop=record))

        key = self.draft.finish()
        self.session.drafts.finished([key])  # it goes in the same commit
        self.session.write(
            operations.record(record, said),
            Undoable.RECORDED, change, then=done, trouble=refused, owner=self, shown_by=self, linger=LINGER_S,
        )  # fmt: skip

    def _recorded(self, rows: list[ContributionRow], record: str) -> None:
        self._put(rows, record)
        self.list.scrollToTop()

    def _keep_line(self) -> None:
        """What stands in the line is kept at once."""
        self.draft.keep()
        self.context.keep()

    def _edit_last(self) -> None:
        """The last one that was recorded here, in the detail panel."""
        first = next((row for row in self.model.rows if not row.withdrawn), None)
        if first is not None:
            self._show_it(first.record)
            self._to_detail()

    # Selecting, filtering, moving about

    def _selected(self, now: QModelIndex, _: QModelIndex) -> None:
        """Show what is chosen. What has just left the list (withdrawn) stays in the panel, unless somebody is going
        through the list: then the next one follows."""
        if self._putting:
            return
        self._show_row(self.model.row_at(now))

    def _select(self, record: str) -> None:
        index = self.model.index_of(record)
        if index.isValid():
            self.list.setCurrentIndex(index)
            self.list.scrollTo(index)

    def _show_it(self, record: str) -> None:
        """Select a contribution, whatever is filtered."""
        row = self.model.row_of(record)
        if row is not None and not self.model.index_of(record).isValid():
            self.search.clear()
            self._filter_by(Filter(withdrawn=row.withdrawn))
        self._select(record)

    def _not_saved(self, record: str, problem: PessError) -> None:
        self.shell.tell_trouble(problem, t("Show"), partial(self._show_it, record))

    def _reselect(self) -> None:
        """After a filter changed: keep the contribution that is looked at, if it still shows."""
        if self.looked_at:
            self._select(self.looked_at)

    def _filter_by(self, wanted: Filter) -> None:
        self.model.filter_by(wanted)
        self._show_counts()

    def _search(self, words: str) -> None:
        self._filter_by(dataclasses.replace(self.model.filter, words=words.strip()))

    def _search_done(self) -> None:
        self.list.setFocus()
        if self.model.rowCount() and not self.list.currentIndex().isValid():
            self.list.setCurrentIndex(self.model.index(0))

    def search_here(self) -> bool:
        self.detail_alone = False
        self.fold()
        self.search.setFocus()
        self.search.selectAll()
        return True

    def _to_detail(self) -> None:
        if not self.looked_at:
            return
        self.detail_alone = True
        self.fold()
        self.detail.text.setFocus()
        self.detail.text.moveCursor(self.detail.text.textCursor().MoveOperation.End)

    def _detail_left(self) -> None:
        self.detail_alone = False
        self.fold()
        self.focus_first()

    def _escape_list(self) -> None:
        """Esc in the list or the search: all is shown again; once more: back to the line."""
        if self.model.filter.active:
            self.search.clear()
            self._filter_by(Filter())
        else:
            self.focus_first()

    def _toggle_filters(self) -> None:
        self.asked_filters = not self.filters.isVisible()
        self.detail_alone = False
        self.fold()
        if self.filters.isVisible():
            self.filters.setFocus()

    def _next_part(self) -> None:
        """F6: line → list → detail → filters → line."""
        parts: list[QWidget] = [self.line.text, self.list, self.filters]
        if self.looked_at:
            parts.insert(2, self.detail.text)
        parts = [part for part in parts if part.isVisible()]
        here = next((place for place, part in enumerate(parts) if part.hasFocus()), -1)
        parts[(here + 1) % len(parts)].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def focus_first(self) -> None:
        self.line.text.setFocus()

    def leave(self) -> None:
        self._keep_line()
        if self._detail is not None:
            self._detail.keep()

    # Files

    def keyPressEvent(self, event: QKeyEvent) -> None:
        chosen = self.list.hasFocus() and self.list.currentIndex().isValid()
        if event.key() == Qt.Key.Key_Delete and chosen and self.looked_at:
            self.detail.withdraw.click()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        under = self.list.indexAt(self.list.viewport().mapFrom(self, event.position().toPoint()))
        if under.isValid() and self.list.isVisible():
            self.list.setCurrentIndex(under)
        self.shell.take_dropped(local_files(event.mimeData()))
        event.acceptProposedAction()

    def take_files(self, files: list[Path]) -> bool:
        sheets = [file for file in files if file.suffix.lower() in SHEETS]
        others = [file for file in files if file.suffix.lower() not in (*SHEETS, ".asice", ".pem") and file.is_file()]
        if sheets:
            self.shell.go("sheet", workshop=self.record, file=sheets[0])
        elif others and self.looked_at:
            self.detail.attach([NewFile(file) for file in others])
        elif others:
            self.shell.announce(t("Choose the contribution first, then drop its photo again."))
        return bool(sheets or others)

    def _paste(self) -> None:
        if self.looked_at:
            self.detail.photos.paste()

    # Minutes

    def write_minutes(self) -> None:
        """Ask where, then write on the lane of errands."""
        if self.row is None:
            return
        kinds = t("PDF document (*.pdf)") + ";;" + t("Page for the web (*.html)")
        file, chosen = QFileDialog.getSaveFileName(self, t("Write the minutes"), f"acta-{self.row.code}.pdf", kinds)
        if file:
            path = Path(file)
            if path.suffix.lower() not in (".pdf", ".html", ".htm"):
                path = path.with_name(path.name + (".html" if "html" in chosen else ".pdf"))
            self.minutes_to(path)

    def minutes_to(self, path: Path) -> None:
        """Write the minutes to a file and offer to open it."""
        self.minutes.setEnabled(False)

        def written(_: object) -> None:
            self.minutes.setEnabled(True)
            open_it = partial(QDesktopServices.openUrl, QUrl.fromLocalFile(str(path)))
            self.shell.announce(t("The minutes are in {file}.", file=path.name), t("Open"), open_it)

        def refused(problem: PessError) -> None:
            self.minutes.setEnabled(True)
            self.shell.tell_trouble(problem)

        record, program, language = self.record, self.shell.program, WORDS.language
        self.session.errands.do(
            lambda desk: program.minutes(desk, record, path, language), written, trouble=refused, owner=self
        )
