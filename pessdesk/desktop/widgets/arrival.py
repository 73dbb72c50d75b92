"""What is shown of one arrived bundle: who signed a first programme, and everything about the row that is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from pessdesk.desktop import ui
from pessdesk.desktop.models.arrivals import Row, sender, why
from pessdesk.desktop.words import t

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pessdesk.application.import_bundles import Arrival


class ProgrammeSigner(QWidget):
    """Whose programme this would be: the fingerprint that somebody compares by phone before it is taken in."""

    def __init__(self, fingerprint: Callable[[str], str]) -> None:
        super().__init__()
        self._fingerprint = fingerprint
        self.what = ui.words(wrap=True)
        self.shown = ui.words("fingerprint", wrap=True, selectable=True)
        self.compare = ui.words("strong", wrap=True)
        card = ui.frame("surface", ui.column(self.what, self.shown, self.compare, gap=6, margin=16))
        self.setLayout(ui.column(card))
        self.hide()

    def retranslate(self) -> None:
        self.compare.setText(t("Compare it by phone with the office before you take it in."))

    def show_first(self, rows: Sequence[Row]) -> None:
        first = next((row.arrival for row in rows if row.arrival.first and not row.done), None)
        self.setVisible(first is not None)
        if first is not None:
            self.what.setText(
                t(
                    "This is this laptop's first programme. Whoever signed it is its office from then on: «{label}», with the fingerprint",
                    label=first.label,
                )
            )
            shown = self._fingerprint(first.device)
            self.shown.setText(shown)
            self.shown.setAccessibleName(t("The office's fingerprint: {fingerprint}", fingerprint=shown))


class ArrivalDetail(QWidget):
    """Everything about the row that is looked at."""

    def __init__(self, fingerprint: Callable[[str], str]) -> None:
        super().__init__()
        self._fingerprint = fingerprint
        self.why = ui.words(wrap=True, selectable=True)
        self.file = ui.words("small", wrap=True, selectable=True)
        self.signer = ui.words("small", wrap=True, selectable=True)
        self.trust = ui.button("", "shield-check")
        texts = ui.column(self.why, self.file, self.signer, gap=2)
        layout = ui.row(texts, self.trust, gap=16)
        layout.setStretch(0, 1)
        self.setLayout(layout)

    def retranslate(self) -> None:
        self.trust.setText(t("Trust this laptop…"))
        ui.name_it(self.trust, t("Trust this laptop…"), t("Compare the signer's fingerprint and trust it"))

    def show_row(self, row: Row | None, *, can_trust: bool) -> None:
        self.setVisible(row is not None)
        if row is None:
            return
        arrival = row.arrival
        self.why.setText(_why(arrival))
        ui.say_role(self.why, "role", "wrong" if arrival.outcome == "refused" else "")
        self.file.setText(f"{sender(arrival)} · {arrival.file}" if arrival.relayed_by else arrival.file)
        signer = self._fingerprint(arrival.device) if arrival.device else ""
        self.signer.setText(
            t("Signed by {label}, fingerprint {fingerprint}", label=arrival.label or "–", fingerprint=signer)
        )
        self.signer.setVisible(bool(signer))
        self.trust.setVisible(can_trust and arrival.code == "signer-unknown" and bool(arrival.certificate))


def _why(arrival: Arrival) -> str:
    if arrival.first:
        return t("Intact: the first programme of this laptop.")
    return why(arrival) or t("Intact, and signed by a known laptop.")
