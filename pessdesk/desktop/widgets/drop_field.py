"""A large place to drop files on, with the buttons that do the same without a mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from pessdesk.desktop import ui
from pessdesk.desktop.dropped import local_files

if TYPE_CHECKING:
    from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
    from PySide6.QtWidgets import QLayout


class DropField(QFrame):
    """`dropped` gives the files and folders; while some hang over it, its border says so."""

    dropped = Signal(object)

    def __init__(self, layout: QLayout) -> None:
        super().__init__()
        self.setProperty("role", "drop")
        self.setLayout(layout)
        self.setAcceptDrops(True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_files(event.mimeData()):
            ui.say_role(self, "over", "true")
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        ui.say_role(self, "over", "false")
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        ui.say_role(self, "over", "false")
        if files := local_files(event.mimeData()):
            event.acceptProposedAction()
            self.dropped.emit(files)
