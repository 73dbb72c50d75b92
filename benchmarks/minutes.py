"""`python -m benchmarks.minutes`: 2 000 contributions on paper and for the web, beside reportlab drawing the same lines."""

from __future__ import annotations

import io
import resource

from benchmarks.__main__ import SAID, compare
from pessdesk.application.minutes import Entry, Lever, Minutes
from pessdesk.bootstrap import Program
from pessdesk.documents.html import render_html
from pessdesk.documents.minutes import minutes_document
from pessdesk.documents.pdf import render_pdf


def main() -> None:
    from reportlab.pdfgen.canvas import Canvas

    program = Program()
    words, fonts = program.catalog("ca"), program.resources() / "fonts"
    entries = tuple(Entry(f"PESS-04-260312-7K-AB{n:03d}", "proposal", SAID * 4, table="1") for n in range(1, 2_001))
    levers = (Lever(None, "", (), entries),)
    minutes = Minutes("PESS-04-260312-7K", "Taller", "2026-03-12", "Alt Urgell", levers=levers)
    document = minutes_document(minutes, words)
    render_pdf(document, words, fonts)

    def drawn() -> None:
        canvas = Canvas(io.BytesIO())
        canvas.setFont("SourceSans3-Regular", 10)
        for _ in range(0, 2_000, 8):
            for line in range(8 * 5):
                canvas.drawString(184, 780 - 14 * line, SAID[:80])
            canvas.showPage()
            canvas.setFont("SourceSans3-Regular", 10)
        canvas.save()

    compare(
        "minutes of 2 000 contributions as PDF",
        lambda: render_pdf(minutes_document(minutes, words), words, fonts),
        {"reportlab drawing as many lines": drawn},
    )
    compare("the same as HTML", lambda: render_html(minutes_document(minutes, words), words), {})
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
