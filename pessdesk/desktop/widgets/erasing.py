"""Before anything is erased for good: what is reached, what cannot be, and why it is done."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QWidget

from pessdesk.desktop import ui
from pessdesk.desktop.theme import THEME
from pessdesk.desktop.widgets.choices import choices
from pessdesk.desktop.words import label, plural, t
from pessdesk.domain.kinds import PERSON_REASONS
from pessdesk.wording.labels import PERSON_REASONS as REASONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from pessdesk.application.erase import Reach
    from pessdesk.application.ports import Desk, Unit
    from pessdesk.desktop.session import Change, Session
    from pessdesk.domain.errors import PessError


def ask_to_erase(
    owner: QWidget,
    session: Session,
    look: Callable[[Unit], Reach],
    name: str,
    change: Change,
    *,
    erased: Callable[[], None],
    cleaned: Callable[[], None],
    refused: Callable[[PessError], None],
    reason: str = PERSON_REASONS[0],
) -> None:
    """Look what would be reached, ask, erase, and clean up behind what people see. `erased` hears when it is done here,
    `cleaned` when nothing is left in the files either, `refused` of what stood in the way, before or after."""

    def reach(desk: Desk) -> Reach:
        with desk.store.read() as unit:
            return look(unit)

    def ask(found: Reach) -> None:
        dialog = EraseDialog(owner, found, name, reason)
        dialog.finished.connect(partial(answered, dialog, found))
        dialog.open()

    def answered(dialog: EraseDialog, found: Reach, said: int) -> None:
        dialog.deleteLater()
        if said != QDialog.DialogCode.Accepted.value:
            return

        def do(desk: Desk) -> None:
            from pessdesk.application.erase import erase

            erase(desk, found, dialog.reason)

        session.decide(do, change, partial(done, found), trouble=refused, owner=owner)

    def done(found: Reach, _: None) -> None:
        session.history.forget(found.records)
        session.drafts.forget(found.drafts)
        erased()
        session.finish_erasure(lambda _: cleaned(), refused, owner)

    session.writer.do(reach, ask, trouble=refused, owner=owner)


class EraseDialog(QDialog):
    """Shows the reach and asks. Leaving things as they are is what Enter and Esc do. `reason` is what was chosen."""

    def __init__(self, parent: QWidget, reach: Reach, name: str, reason: str = PERSON_REASONS[0]) -> None:
        """`name` is that of the one person or contribution, empty for all people of a workshop."""
        super().__init__(parent)
        self.reason = reason
        self.setWindowTitle(t("Erase for good"))
        title = ui.words("heading", wrap=True)
        title.setText(t("Erase {name} for good?", name=name) if name else t("Erase all people of this workshop?"))
        self.reached = ui.words(wrap=True)
        self.reached.setText("\n".join(_reached(reach)))
        self.mentions = ui.words("warn", wrap=True, selectable=True)
        self.mentions.setText(_mentions(reach))
        self.mentions.setVisible(bool(reach.mentions))
        beyond = ui.words("hint", wrap=True)
        beyond.setText(
            t(
                "What lies elsewhere is not reached: minutes that were written, bundles on sticks, other laptops until a bundle"
                " of this one reaches them, copies of this folder on other disks. It cannot be undone."
            )
            if reach.contributions
            else t(
                "What lies elsewhere is not reached: sheets on paper, lists that were printed or copied, copies of this folder on"
                " sticks and other disks. It cannot be undone."
            )
        )
        why = ui.words("strong")
        why.setText(t("Why"))
        self.reasons = choices(self, PERSON_REASONS, self._because)
        for token, one in self.reasons.items():
            one.setText(label(REASONS, token))
            one.setAccessibleName(one.text())
        self.reasons[reason].setChecked(True)
        self.leave_it = ui.button("primary", "", self.reject)
        self.leave_it.setText(t("Leave it as it is"))
        self.erase = ui.button("danger", "trash-2", self.accept)
        self.erase.setText(t("Erase for good"))
        for button in (self.leave_it, self.erase):
            ui.name_it(button, button.text())
        self.leave_it.setDefault(True)
        self.setLayout(
            ui.column(
                title, self.reached, self.mentions, beyond, why, *self.reasons.values(), 8,
                ui.row(None, self.erase, self.leave_it), gap=10, margin=24,
            )
        )  # fmt: skip
        self.setMinimumWidth(THEME.px(520))
        self.leave_it.setFocus()

    def _because(self, reason: str) -> None:
        self.reason = reason


def _reached(reach: Reach) -> list[str]:
    """What goes, a line each."""
    said = []
    if reach.people:
        said.append(plural("{count} name, with its contact.", "{count} names, with their contacts.", reach.people))
        said.append(plural("{count} consent.", "{count} consents.", reach.consents))
    if reach.contributions:
        said.append(
            plural(
                "{count} contribution, with its dots.", "{count} contributions, with their dots.", reach.contributions
            )
        )
    if reach.attachments:
        said.append(plural("{count} file beside it.", "{count} files beside it.", reach.attachments))
    if reach.drafts:
        said.append(
            plural(
                "{count} unfinished text in which a name stands.", "{count} unfinished texts in which a name stands.",
                len(reach.drafts),
            )
        )  # fmt: skip
    said.append(t("Earlier versions, what could be undone, and, when the next one is made, the backups."))
    return said


def _mentions(reach: Reach) -> str:
    return plural(
        "The name stands in {count} contribution, which stays: {codes}. Look at it.",
        "The name stands in {count} contributions, which stay: {codes}. Look at them.",
        len(reach.mentions), codes=", ".join(reach.mentions),
    )  # fmt: skip
