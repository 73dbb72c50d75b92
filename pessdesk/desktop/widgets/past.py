"""What a record said before: the versions one below the other, and the one that is chosen held against what holds now.

Arrows go through them, Enter brings one back. That is one more change, which can be undone like any other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QListWidget, QScrollArea, QVBoxLayout, QWidget

from pessdesk.application.screens import FIXED
from pessdesk.desktop import ui
from pessdesk.desktop.models.values import LINES, ORDER, PARAGRAPHS, field_names
from pessdesk.desktop.theme import THEME
from pessdesk.desktop.widgets.differing import DifferingText
from pessdesk.desktop.words import t

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pessdesk.application.screens import Version


class _List(QListWidget):
    """`entered` on Enter: a double click shall not change anything."""

    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.entered.emit()
        else:
            super().keyPressEvent(event)


class Past(QWidget):
    """`wanted` gives the version that is to be brought back."""

    wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._versions: Sequence[Version] = ()
        self._row: object = None
        self._say: Callable[[str, Any], str] = lambda _, value: str(value)
        self.list = _List()
        self.list.setProperty("role", "plain")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentRowChanged.connect(lambda _: self._choose())
        self.list.entered.connect(self._bring)
        self.shown = QWidget()
        self._fields = QVBoxLayout(self.shown)
        self._fields.setContentsMargins(0, 0, 0, 0)
        self.bring = ui.button("", "undo-2", self._bring)
        self.same = ui.words("hint", wrap=True)
        self.hint = ui.words("hint", wrap=True)
        self.setLayout(ui.column(self.list, self.hint, self.shown, self.same, ui.row(self.bring, None), gap=6))
        THEME.changed.connect(self._fit)
        self._fit()
        self.retranslate()

    def _fit(self) -> None:
        self.list.setMinimumHeight(THEME.px(190))

    def retranslate(self) -> None:
        self.list.setAccessibleName(t("History"))
        self.bring.setText(t("Bring this back"))
        ui.name_it(
            self.bring,
            t("Bring this back"),
            t("Let it say this again (Enter in the list); what it says now stays here"),
        )
        self.same.setText(t("This is how it is now."))
        self.hint.setText(t("Choose a version to see what was different, and to bring it back."))
        self._show()

    def show_versions(
        self, versions: Sequence[Version], line: Callable[[Version], str], row: object,
        say: Callable[[str, Any], str],
    ) -> None:  # fmt: skip
        """Versions, the newest first: `line` tells one in the list, `row` says what holds now, `say` a field's value in words. The one that was chosen stays chosen."""
        chosen = self.chosen.revision if self.chosen else ""
        self._versions, self._row, self._say = versions, row, say
        lines = [line(version) for version in versions]
        if lines != [self.list.item(place).text() for place in range(self.list.count())]:
            self.list.blockSignals(True)
            self.list.clear()
            self.list.addItems(lines)
            place = next((p for p, one in enumerate(versions) if one.revision == chosen), -1)
            self.list.setCurrentRow(place)
            self.list.blockSignals(False)
        self._show()

    def _now(self, field: str) -> Any:
        return getattr(self._row, field, None)

    @property
    def chosen(self) -> Version | None:
        """The version that is looked at."""
        place = self.list.currentRow()
        return self._versions[place] if 0 <= place < len(self._versions) else None

    def differing(self, version: Version) -> list[str]:
        """The fields of a version that say something else now, in the order in which screens show them."""
        names = [n for n, value in version.changed.items() if n not in FIXED and _plain(value) != _plain(self._now(n))]
        return sorted((n for n in names if n in field_names()), key=lambda n: ORDER.index(n) if n in ORDER else 99)

    def _choose(self) -> None:
        """Another version is looked at: all of it shall be seen, and the button."""
        self._show()
        above = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        if above is not None and self.bring.isVisibleTo(self):
            ui.show_in(above, self.bring)

    def _show(self) -> None:
        while (item := self._fields.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        version = self.chosen
        names = self.differing(version) if version else []
        words = field_names()
        for name in names:
            assert version is not None
            if name == "document" and "lines" in names:
                continue  # it goes with the lines
            heading, text = ui.words("label"), DifferingText()
            heading.setText(words[name])
            said = self._say(name, version.changed[name]) or t("(nothing)")
            others = [self._say(name, self._now(name))] if name in (*PARAGRAPHS, *LINES) else ()
            text.show_text(said, others)
            self._fields.addWidget(heading)
            self._fields.addWidget(text)
        self.shown.setVisible(bool(names))
        self.bring.setVisible(bool(names))
        self.same.setVisible(version is not None and not names)
        self.hint.setVisible(version is None and bool(self._versions))

    def _bring(self) -> None:
        version = self.chosen
        if version is not None and self.differing(version):
            self.wanted.emit(version)


def _plain(value: Any) -> Any:
    """A value as it compares: nothing is nothing, however it is said."""
    return None if value in ("", False, [], ()) else list(value) if isinstance(value, tuple) else value
