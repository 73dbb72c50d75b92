"""The files beside a contribution: small pictures, added by file, drop or paste."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QSize, Qt, QUrl, Signal
from PySide6.QtGui import (
    QDesktopServices,
    QGuiApplication,
    QHideEvent,
    QIcon,
    QImage,
    QImageReader,
    QImageWriter,
    QKeyEvent,
    QKeySequence,
    QPixmap,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import QFileDialog, QFrame, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from pessdesk.desktop import ui
from pessdesk.desktop.dropped import local_files
from pessdesk.desktop.icons import icon
from pessdesk.desktop.theme import THEME
from pessdesk.desktop.words import sentence, t
from pessdesk.domain.errors import PessError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pessdesk.application.screens import AttachmentRow
    from pessdesk.desktop.program import Program
    from pessdesk.desktop.work import Lane

_RECORD = Qt.ItemDataRole.UserRole
_FILE = Qt.ItemDataRole.UserRole + 1
MOST_BYTES = 64 * 1024**2
"""A larger file is no photo: it is shown by its name, and nothing of it is read."""
MOST_PIXELS = 100_000_000
"""A picture that claims more is shown as a file: it may be small on disk and fill the memory when opened."""


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to put beside a contribution: where it lies; or its name and `content`, which lie nowhere."""

    path: Path
    content: bytes | None = None


def pasted_picture() -> NewFile | None:
    """The picture of the clipboard as a PNG, which is in no file on the way: a temporary one could be read by others."""
    image = QGuiApplication.clipboard().image()
    if image.isNull():
        return None
    held = QByteArray()
    device = QBuffer(held)
    device.open(QBuffer.OpenModeFlag.WriteOnly)
    written = QImageWriter(device, QByteArray(b"png")).write(image)
    return NewFile(Path(t("pasted") + ".png"), bytes(held.data())) if written else None


def thumbnail(content: bytes, size: int) -> QImage | None:
    """A small picture of a file's content, upright; None for what is no picture. For the lane of pure work."""
    held = QByteArray(content)
    device = QBuffer(held)
    device.open(QBuffer.OpenModeFlag.ReadOnly)
    reader = QImageReader(device)
    reader.setAutoTransform(True)
    there = reader.size()
    if there.isValid():
        if there.width() * there.height() > MOST_PIXELS:
            return None
        reader.setScaledSize(there.scaled(QSize(size, size), Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    return None if image.isNull() else image


class Photos(QWidget):
    """The strip in the detail panel. `added` gives `NewFile`s to put beside the contribution, `removed` an attachment."""

    added = Signal(object)
    removed = Signal(str)

    def __init__(self, program: Program, folder: Path, pure: Lane[None]) -> None:
        super().__init__()
        self._program, self._folder, self._pure = program, folder, pure
        self._rows: Sequence[AttachmentRow] = ()
        self.list = _Strip()
        self._look: Sealed | None = None
        self.list.itemActivated.connect(self._open)
        self.list.deleted.connect(self._remove)
        self.list.pasted.connect(self.paste)
        self.add = ui.button("quiet", "image", self._choose)
        self.stick = ui.button("quiet", "copy", self.paste)
        self.away = ui.button("quiet", "trash-2", self._remove)
        self.away.setEnabled(False)
        self.list.currentItemChanged.connect(lambda now, _: self.away.setEnabled(now is not None))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.list)
        layout.addLayout(ui.row(self.add, self.stick, self.away, None, gap=0))
        self.show_rows([])

    def retranslate(self) -> None:
        self.add.setText(t("Add…"))
        ui.name_it(self.add, t("Add photos or files"))
        self.stick.setText(t("Paste"))
        ui.name_it(self.stick, t("Paste a picture from the clipboard"))
        self.away.setText(t("Take away"))
        ui.name_it(self.away, t("Take the chosen photo away"))
        ui.name_it(self.list, t("Photos and files"), " ")

    def hideEvent(self, event: QHideEvent) -> None:
        """What was sealed is not left on the screen when the window locks itself."""
        if self._look is not None:
            self._look.close()
        super().hideEvent(event)

    def show_rows(self, rows: Sequence[AttachmentRow]) -> None:
        """Show these; where they stand already, what is chosen among them stays chosen."""
        if rows and rows == self._rows:
            return
        self._rows = rows
        self.list.clear()
        self.list.setVisible(bool(rows))
        self.stick.setVisible(True)
        self.away.setVisible(bool(rows))
        for row in rows:
            item = QListWidgetItem(icon("paperclip", "ink_soft", 32), row.name)
            item.setData(_RECORD, row.record)
            item.setData(_FILE, row.file)
            item.setToolTip(ui.tip(row.name))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, row.name)
            self.list.addItem(item)
            if row.size <= MOST_BYTES:
                self._draw(row)
        self.list.setFixedHeight(THEME.px(118))

    def _draw(self, row: AttachmentRow) -> None:
        program, folder, size = self._program, self._folder, THEME.px(160)

        def small(_: None) -> QImage | None:
            try:
                with program.open_attachment(folder, row.file) as file:
                    return thumbnail(file.read(), size)
            except (OSError, PessError):
                return None  # `check` tells of a file that is gone

        self._pure.do(small, lambda image: self._drawn(row.record, image), owner=self)

    def _drawn(self, record: str, image: QImage | None) -> None:
        for place in range(self.list.count()):
            item = self.list.item(place)
            if image is not None and item.data(_RECORD) == record:
                item.setIcon(QIcon(QPixmap.fromImage(image)))

    def _choose(self) -> None:
        files, _ = QFileDialog.getOpenFileNames(self, t("Photos or files to put beside the contribution"))
        if files:
            self.added.emit([NewFile(Path(file)) for file in files])

    def paste(self) -> None:
        """What the clipboard holds: files, or a picture."""
        data = QGuiApplication.clipboard().mimeData()
        files = [NewFile(path) for path in local_files(data) if path.is_file()] if data is not None else []
        if not files and (picture := pasted_picture()):
            files = [picture]
        if files:
            self.added.emit(files)

    def _remove(self) -> None:
        if (item := self.list.currentItem()) is not None:
            self.removed.emit(item.data(_RECORD))

    def _open(self, item: QListWidgetItem) -> None:
        """With the program that the system has for it; a sealed file is nothing to other programs, so that we show it."""
        plain = self._program.attachment(self._folder, item.data(_FILE))
        if plain is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(plain)))
        else:
            self._look = Sealed(self._program, self._folder, item.data(_FILE), item.text(), self._pure)
            self._look.show()


class Sealed(QWidget):
    """A window on one sealed file: the picture, and a way to lay a plain copy where a person wants it."""

    def __init__(self, program: Program, folder: Path, file: str, name: str, pure: Lane[None]) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self._program, self._folder, self._file, self._name, self._pure = program, folder, file, name, pure
        self.setWindowTitle(name)
        self.picture = ui.words()
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.said = ui.words("small", wrap=True)
        self.save = ui.button("", "save", self._choose)
        self.save.setText(t("Save a copy…"))
        ui.name_it(self.save, t("Save a copy that other programs can open"))
        self.picture.setText(t("The file is protected. Save a copy to open it with another program."))
        ui.name_it(self.picture, name)
        self.setLayout(ui.column(self.picture, self.said, ui.row(None, self.save), margin=12))
        self.layout().setStretch(0, 1)  # type: ignore[union-attr]
        self.resize(QSize(THEME.px(800), THEME.px(600)).boundedTo(self.screen().availableSize()))
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.close)

    def showEvent(self, event: QShowEvent) -> None:
        program, folder, file, size = (
            self._program,
            self._folder,
            self._file,
            min(self.width(), self.height()) - THEME.px(24),
        )

        def large(_: None) -> QImage | None:
            with program.open_attachment(folder, file) as stream:
                content = stream.read(MOST_BYTES + 1)
            return thumbnail(content, size) if len(content) <= MOST_BYTES else None

        self._pure.do(large, self._drawn, owner=self, trouble=self._refused)
        super().showEvent(event)

    def _drawn(self, image: QImage | None) -> None:
        if image is not None:
            self.picture.setPixmap(QPixmap.fromImage(image))

    def _choose(self) -> None:
        target, _ = QFileDialog.getSaveFileName(self, t("Where to put the copy"), self._name)
        if target:
            program, folder, file = self._program, self._folder, self._file
            done = t("The copy is in {path}. It is not protected.", path=target)
            self._pure.do(
                lambda _: program.copy_attachment(folder, file, Path(target)), lambda _: self.said.setText(done),
                owner=self, trouble=self._refused,
            )  # fmt: skip

    def _refused(self, problem: PessError) -> None:
        self.said.setText(sentence(problem))


class _Strip(QListWidget):
    deleted = Signal()
    pasted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setViewMode(QListWidget.ViewMode.IconMode)
        self.setFlow(QListWidget.Flow.LeftToRight)
        self.setWrapping(False)
        self.setMovement(QListWidget.Movement.Static)
        self.setIconSize(QSize(THEME.px(96), THEME.px(72)))
        self.setGridSize(QSize(THEME.px(112), THEME.px(104)))
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.deleted.emit()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.pasted.emit()
        else:
            super().keyPressEvent(event)
