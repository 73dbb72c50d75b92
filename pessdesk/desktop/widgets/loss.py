"""What would be lost by going back to a backup, and the decision to do so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from pessdesk.desktop import ui
from pessdesk.desktop.models.backups import when
from pessdesk.desktop.theme import THEME
from pessdesk.desktop.words import plural, t

if TYPE_CHECKING:
    from pessdesk.application.backups import Backup, Loss

SHOWN = 6
"""So many contributions are named; the others are counted."""


class LossView(QWidget):
    """What is here now and not in a backup, in words."""

    def __init__(self) -> None:
        super().__init__()
        self.summary = ui.words("strong", wrap=True)
        self.named = ui.words(wrap=True, selectable=True)
        self.rest = ui.words("small", wrap=True)
        self.setLayout(ui.column(self.summary, self.named, self.rest, gap=6))

    def show_loss(self, backup: Backup, loss: Loss, *, kept: bool) -> None:
        """With `kept`, what can still be read of today's store is brought into the backup's."""
        named, rest = _named(loss), _counted(loss)
        if not loss.readable:
            summary = t("What is here now cannot be read any more, so it is not known what was written after this backup ({when}).",
                        when=when(backup.made_ms))  # fmt: skip
        elif not named and not rest:
            summary = t("Nothing would be lost: this backup holds everything that is here now.")
        elif kept:
            summary = t("Written since, and brought over as far as it can be read:")
        else:
            summary = t("This would not be here any more:")
        self.summary.setText(summary)
        self.named.setText("\n".join(named))
        self.rest.setText(" ".join(rest))
        self.named.setVisible(bool(named))
        self.rest.setVisible(bool(rest))


def _named(loss: Loss) -> list[str]:
    lines = [f"{code}  {beginning}" for _, code, beginning in loss.contributions[:SHOWN]]
    if (more := len(loss.contributions) - SHOWN) > 0:
        lines.append(plural("and {count} contribution more", "and {count} contributions more", more))
    return lines


def _counted(loss: Loss) -> list[str]:
    said = []
    if loss.edits:
        said.append(plural("{count} other change.", "{count} other changes.", loss.edits))
    if loss.drafts:
        said.append(plural("{count} unfinished text.", "{count} unfinished texts.", loss.drafts))
    return said


class RestoreDialog(QDialog):
    """Shows the loss and asks. Leaving things as they are is what Enter and Esc do."""

    def __init__(self, parent: QWidget, backup: Backup, loss: Loss) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(t("Go back to a backup"))
        title = ui.words("heading", wrap=True)
        title.setText(t("Go back to this backup ({when})?", when=when(backup.made_ms)))
        self.loss = LossView()
        self.loss.show_loss(backup, loss, kept=False)
        hint = ui.words("hint", wrap=True)
        hint.setText(t("What is here now is not deleted: it is put aside in a folder of its own."))
        self.leave_it = ui.button("primary", "", self.reject)
        self.leave_it.setText(t("Leave it as it is"))
        self.restore = ui.button("danger", "archive-restore", self.accept)
        self.restore.setText(t("Go back to the backup"))
        for button in (self.leave_it, self.restore):
            ui.name_it(button, button.text())
        self.leave_it.setDefault(True)
        self.setLayout(
            ui.column(title, self.loss, hint, 8, ui.row(None, self.restore, self.leave_it), gap=12, margin=24)
        )
        self.setMinimumWidth(THEME.px(520))
        self.leave_it.setFocus()
