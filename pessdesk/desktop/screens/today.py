"""What a person who opens the laptop needs: today's workshop with one button, the next ones, what waits to be done."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QDate, QLocale, Qt, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pessdesk.application.retention import SOON_DAYS, days_left
from pessdesk.desktop import ui
from pessdesk.desktop.models.backups import WEEK_MS, age_ms, when
from pessdesk.desktop.screens.base import Screen, Shell
from pessdesk.desktop.theme import THEME
from pessdesk.desktop.words import WORDS, plural, sentence, t

if TYPE_CHECKING:
    from pessdesk.application.backups import Backup, SecondPlace
    from pessdesk.application.protection import Protection
    from pessdesk.application.screens import DraftRow, KeptRow, ProgrammeRow, Reading, WorkshopRow
    from pessdesk.desktop.session import Change
    from pessdesk.domain.errors import PessError

NEXT, WAITING = 5, 5
LOOK_AFTER_MS = 400
"""When the backups are looked at: whoever opens the laptop wants the day, and the contributions, first."""
_DISMISSABLE: dict[str, str] = {}
"""Marks the reminder that can be put away for good."""


PROTECTION_DISMISSED = "protection-dismissed"
"""The setting: somebody has decided to leave the data unprotected, and is not reminded any more."""


class _Safety(NamedTuple):
    """What is known of this laptop's safety, apart from the store."""

    protection: Protection
    newest: Backup | None
    second: SecondPlace
    current: bool
    """Whether nothing has changed since the newest backup."""


class _Found(NamedTuple):
    workshops: list[WorkshopRow]
    programme: ProgrammeRow | None
    drafts: list[DraftRow]
    clashes: int
    aside: int
    kept: list[KeptRow]


def today() -> str:
    """The local date, as `YYYY-MM-DD`."""
    return QDate.currentDate().toString(Qt.DateFormat.ISODate)


def long_date(day: str) -> str:
    """`dijous, 12 de març de 2026` for `2026-03-12`, in the language of the screen."""
    return QLocale(WORDS.language).toString(QDate.fromString(day, Qt.DateFormat.ISODate), QLocale.FormatType.LongFormat)


class TodayScreen(Screen):
    name = "today"

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._found: _Found | None = None
        self._safety: _Safety | None = None
        shell.gate.keeper.told.connect(self._told)
        self.content = QWidget()
        self._layout = QVBoxLayout(self.content)
        self._layout.setContentsMargins(*[THEME.px(24)] * 4)
        self._layout.setSpacing(THEME.px(12))
        self.setLayout(ui.column(ui.scrolled(self.content)))
        self.first: QWidget | None = None

    def title(self) -> str:
        return t("Today")

    def retranslate(self) -> None:
        if self._found is not None:
            self._show(self._found)

    def enter(self, **_: Any) -> None:
        self._ask()
        QTimer.singleShot(LOOK_AFTER_MS, self, self._ask_safety)

    def _told(self) -> None:
        """A backup was made."""
        if self.isVisible():
            self._ask_safety()

    def _ask_safety(self) -> None:
        """How the data are protected and where their backups are: looked at beside the store, and shown when it is known."""
        if self.session.rehearsal:
            return
        program, folder, current = self.shell.program, self.session.folder, self.shell.gate.keeper.current

        def look(_: None) -> _Safety:
            newest = next(iter(program.backups(folder)), None)
            return _Safety(program.protection(folder), newest, program.second_place(folder), current)

        def looked(safety: _Safety) -> None:
            before, self._safety = self._safety, safety
            if self._found is not None and self._safety != before:
                self._show(self._found)

        self.shell.pure.do(look, looked, owner=self)

    def changed(self, change: Change) -> None:
        if self.isVisible() and change.touches(
            "workshops", "contributions", "bundles", "clashes", "programme", "people"
        ):
            self._ask()

    def _ask(self) -> None:
        def question(reading: Reading) -> _Found:
            workshops = reading.workshops()
            return _Found(
                workshops, reading.programme(), reading.open_drafts(), reading.clash_count(), len(reading.set_aside()),
                reading.kept_people(),
            )  # fmt: skip

        self.session.read(question, self._show, owner=self, trouble=self._cannot)

    def _cannot(self, problem: PessError) -> None:
        """The store cannot be read (newer than this program, damaged): that stands here instead of the day."""
        self.session.trouble.emit(problem)
        self._clear()
        heading = ui.words("heading", wrap=True)
        heading.setText(t("PessDesk cannot open its data here."))
        said = ui.words(wrap=True, selectable=True)
        said.setText(sentence(problem))
        code = ui.words("small")
        code.setText(problem.code)
        again = ui.button("primary", "history", self._ask)
        again.setText(t("Try again"))
        ui.name_it(again, t("Try again"))
        self.first = again
        self._layout.addWidget(
            ui.frame("surface", ui.column(heading, said, code, 4, ui.row(again, None), gap=8, margin=24))
        )
        self._layout.addStretch(1)
        self.focus_first()

    def focus_first(self) -> None:
        if self.first is not None:
            self.first.setFocus()

    # The view

    def _clear(self) -> None:
        while (item := self._layout.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()

    def _show(self, found: _Found) -> None:
        self._found = found
        self._clear()
        day_now = today()
        now = [w for w in found.workshops if w.date == day_now]
        day = ui.words("heading")
        day.setText(long_date(day_now))
        self._layout.addWidget(day)
        for row in now:
            self._layout.addWidget(self._card(row, found))
        if not now:
            self._layout.addWidget(self._nothing(found))
        self._waiting(found)
        self._rows(t("Next"), [w for w in found.workshops if w.date > day_now][:NEXT])
        past = [w for w in found.workshops if w.date < day_now]
        self._rows(t("Before"), past[::-1][:NEXT])
        self._layout.addStretch(1)
        focused = self.window().focusWidget()
        if self.isVisible() and (focused is None or focused is self or not self.isAncestorOf(focused)):
            QTimer.singleShot(0, self, self.focus_first)  # once it is shown: before, it would not keep the focus

    def _card(self, row: WorkshopRow, found: _Found) -> QWidget:
        """Today's workshop, large, with the one thing to do."""
        name = ui.words("title", wrap=True)
        name.setText(row.title)
        about = ui.words(wrap=True)
        place = self.shell.program.place_name(row.municipality, row.comarca)
        parts = [place, row.venue, row.start, plural("{count} table", "{count} tables", row.groups), row.code]
        about.setText(" · ".join(part for part in parts if part))
        said = ui.words("small")
        said.setText(plural("{count} contribution", "{count} contributions", row.contributions))
        open_it = ui.button("primary", "play", partial(self.shell.go, "workshop", workshop=row.record))
        open_it.setText(t("Go on writing") if row.contributions else t("Open the workshop"))
        ui.name_it(open_it, t("Open {title}", title=row.title))
        draft = ui.words("warn", wrap=True)
        draft.setText(t("An unfinished text waits there."))
        if not any(_in_line(one) and one.record == row.record for one in found.drafts):
            draft.hide()  # a widget that stands in nothing yet must not be shown: it would be a window
        self.first = open_it
        return ui.frame("surface", ui.column(name, about, said, draft, 4, ui.row(open_it, None), gap=8, margin=24))

    def _nothing(self, found: _Found) -> QWidget:
        """No workshop today: what can be done instead."""
        said = ui.words("strong", wrap=True)
        hint = ui.words("hint", wrap=True)
        new = ui.button("primary", "plus", partial(self.shell.go, "new"))
        new.setText(t("New workshop"))
        ui.name_it(new, t("New workshop"), t("A workshop that nobody planned, ready to write in"))
        receive = ui.button("", "inbox", partial(self.shell.go, "receive"))
        receive.setText(t("Open the office's programme"))
        ui.name_it(receive, t("Open the office's programme"))
        rehearse = ui.button("quiet", "sprout", self.shell.rehearse)
        rehearse.setText(t("Rehearse"))
        ui.name_it(rehearse, t("Rehearse with invented words"))
        if self.session.rehearsal:
            rehearse.hide()
        said.setText(t("There is no workshop today."))
        hint.setText(
            t(
                "The office's programme brings the planned workshops and the base document. Without it a workshop can be made at any time."
            )
            if found.programme is None
            else t("The planned workshops stand below.")
        )
        if found.programme is not None:
            receive.hide()
        self.first = new
        return ui.frame("surface", ui.column(said, hint, 4, ui.row(new, receive, rehearse, None), gap=8, margin=24))

    def _waiting(self, found: _Found) -> None:
        """What somebody must see to; nothing stands here when all is well."""
        things: list[tuple[str, str, str, dict[str, str]]] = []
        if found.clashes:
            words = plural(
                "{count} contribution was changed on two laptops: decide which version holds.",
                "{count} contributions were changed on two laptops: decide which version holds.",
                found.clashes,
            )
            things.append((words, t("Decide"), "clashes", {}))
        if found.aside:
            words = plural("{count} bundle was set aside.", "{count} bundles were set aside.", found.aside)
            things.append((words, t("Look"), "receive", {}))
        pending = [w for w in found.workshops if w.pending and w.contributions]
        for row in pending[:WAITING]:
            words = t("«{title}» is only on this laptop since its last change.", title=row.title)
            if not self.session.rehearsal:
                things.append((words, t("Hand over"), "handover", {"workshop": row.record}))
        on_a_card = {row.record for row in found.workshops if row.date == today()}
        told = {
            _left_open(one): None for one in found.drafts if not (_in_line(one) and one.record in on_a_card)
        }  # one line for all fields of a thing
        things += [(words, t("Go on writing"), screen, dict(wanted)) for words, screen, wanted in told]
        things += [
            (words, t("Look"), "people", {"workshop": row.record}) for row in found.kept if (words := _kept_long(row))
        ]
        things += self._unsafe(found)
        if not things:
            return
        self._layout.addWidget(self._heading(t("To be done")))
        rows = []
        for words, verb, screen, wanted in things:
            text = ui.words(wrap=True)
            text.setText(words)
            do = ui.button("", "", partial(self.shell.go, screen, **wanted))
            do.setText(verb)
            do.setAccessibleName(f"{verb}: {words}")
            line = ui.row(ui.wide(text), do)
            if wanted is _DISMISSABLE:
                never = ui.button("quiet", "", self._dismiss)
                never.setText(t("Do not remind me any more"))
                ui.name_it(never, never.text())
                line.addWidget(never)
            rows.append(line)
        self._layout.addWidget(ui.frame("surface", ui.column(*rows, gap=8, margin=12)))

    def _unsafe(self, found: _Found) -> list[tuple[str, str, str, dict[str, str]]]:
        """What could happen to the data of this laptop, once there are any."""
        safety = self._safety
        if safety is None or self.session.rehearsal or not any(row.contributions for row in found.workshops):
            return []
        things: list[tuple[str, str, str, dict[str, str]]] = []
        if not safety.protection.protected and not self.shell.settings.word(PROTECTION_DISMISSED):
            words = t("If this laptop is lost, whoever finds it can read what was written down.")
            things.append((words, t("Protect"), "protection", _DISMISSABLE))
        elif safety.protection.protected and not safety.protection.recovery_tried:
            words = t("The recovery key was never tried: nobody knows whether its sheet is at hand.")
            things.append((words, t("Try it"), "protection", {}))
        newest, second = safety.newest, safety.second
        if newest is not None and age_ms(newest.made_ms) > WEEK_MS and not safety.current:
            words = t("Newest backup: {when}.", when=when(newest.made_ms))
            things.append((words, t("Make a backup"), "backups", {}))
        if second.path is not None and second.trouble:
            words = (
                t("The second place of the backups cannot be reached. Last copied: {when}.", when=when(second.last_ms))
                if second.last_ms
                else t("The second place of the backups cannot be reached.")
            )
            things.append((words, t("Look"), "backups", {}))
        return things

    def _dismiss(self) -> None:
        self.shell.settings.keep(PROTECTION_DISMISSED, "yes")
        if self._found is not None:
            self._show(self._found)

    def _heading(self, words: str) -> QWidget:
        heading = ui.words("heading")
        heading.setText(words)
        heading.setContentsMargins(0, THEME.px(12), 0, 0)
        return heading

    def _rows(self, heading: str, rows: list[WorkshopRow]) -> None:
        if not rows:
            return
        self._layout.addWidget(self._heading(heading))
        lines = []
        for row in rows:
            when = ui.words("small")
            when.setText(row.date)
            when.setMinimumWidth(THEME.px(90))
            open_it = ui.button("quiet", "", partial(self.shell.go, "workshop", workshop=row.record), giving=True)
            open_it.setText(ui.unmarked(row.title))
            ui.name_it(open_it, t("Open {title}", title=row.title))
            count = ui.words("small")
            count.setText(plural("{count} contribution", "{count} contributions", row.contributions))
            lines.append(ui.row(when, open_it, None, count))
        self._layout.addWidget(ui.frame("surface", ui.column(*lines, gap=2, margin=8)))


def _in_line(draft: DraftRow) -> bool:
    """Whether it is what stands in a workshop's capture line."""
    return draft.kind == "workshop" and not draft.field


def _left_open(draft: DraftRow) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    """What was left unfinished, in words, and the screen where it stands."""
    workshop = (("workshop", draft.workshop),)
    if not draft.kind:
        return t("A new workshop is half written."), "new", ()
    if draft.field.startswith("clash-"):
        return t("An unfinished decision on a clash waits: {name}.", name=draft.name), "clashes", ()
    if draft.kind == "contribution":
        return (
            t("An unfinished change waits in {code}.", code=draft.name),
            "workshop",
            (*workshop, ("contribution", draft.record)),
        )
    if draft.field:
        return t("An unfinished text waits in the data of «{title}».", title=draft.name), "facts", workshop
    return t("An unfinished text waits in «{title}».", title=draft.name), "workshop", workshop


def _kept_long(row: KeptRow) -> str:
    """That the people of a workshop may not be kept much longer, or any more; nothing while there is time."""
    left = days_left(row.until, today())
    day = QDate.fromString(row.until, Qt.DateFormat.ISODate).toString("dd/MM/yyyy")
    if left < 0:
        return plural(
            "«{title}»: {count} person was to be kept until {day} and no longer. Erase them.",
            "«{title}»: {count} people were to be kept until {day} and no longer. Erase them.",
            row.people, title=row.title, day=day,
        )  # fmt: skip
    if left <= SOON_DAYS:
        return plural(
            "«{title}»: {count} person is kept until {day}.", "«{title}»: {count} people are kept until {day}.",
            row.people, title=row.title, day=day,
        )  # fmt: skip
    return ""
