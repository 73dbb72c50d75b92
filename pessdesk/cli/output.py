"""What a command says: sentences for people on a terminal, JSON for programs. Trouble goes to standard error."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Mapping
from typing import TextIO

from pessdesk.application.record_contributions import Complaint
from pessdesk.domain.errors import PessError
from pessdesk.wording.catalog import Catalog

_SHOWN = 20


class Output:
    """One command's voice."""

    def __init__(
        self, catalog: Catalog, *, as_json: bool, out: TextIO | None = None, err: TextIO | None = None
    ) -> None:
        self.catalog = catalog
        self.as_json = as_json
        # Without a console (pythonw, a closed descriptor) there is nobody to tell; the exit code remains.
        self._out = out or sys.stdout or io.StringIO()
        self._gone = False
        self._err = err or sys.stderr or io.StringIO()

    def say(self, source: str, **facts: object) -> None:
        """A sentence; silent with --json."""
        if not self.as_json:
            self.line(self.catalog.text(source, **facts))

    def count(self, one: str, many: str, count: int, **facts: object) -> None:
        if not self.as_json:
            self.line(self.catalog.plural(one, many, count, **facts))

    def line(self, text: str) -> None:
        """A line that holds content, not wording; never a line break or an escape sequence from somebody's text."""
        self._write("".join(c if c.isprintable() else " " for c in text) + "\n")

    def json(self, value: object) -> None:
        """A JSON value on a line of its own; only with --json."""
        if self.as_json:
            self._write(json.dumps(value, ensure_ascii=False) + "\n")

    def _write(self, text: str) -> None:
        """Once nobody reads any more (`… | head`) the command still finishes its work, and only says no more."""
        if self._gone:
            return
        try:
            self._out.write(text)
            self._out.flush()
        except BrokenPipeError:
            self._gone = True
            if self._out is sys.stdout:  # or the interpreter would try once more at its end
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def note(self, source: str, **facts: object) -> None:
        """Something to know, on standard error."""
        self._err.write(self.catalog.text(source, **facts) + "\n")

    def warn(self, code: str, **facts: object) -> None:
        """What a person should know before it goes on all the same, on standard error."""
        sentence = self._sentence(code, facts)
        if self.as_json:
            value = {"warning": code, "sentence": sentence, "facts": facts}
            self._err.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")
        else:
            self._err.write(f"{sentence} [{code}]\n")

    def trouble(self, problem: PessError) -> None:
        """A refusal: the sentence, the rows where there are any, and the code at the end to be read over the phone."""
        complaints = problem.facts.get("complaints")
        rows = [c for c in complaints if isinstance(c, Complaint)] if isinstance(complaints, list) else []
        if self.as_json:
            facts: Mapping[str, object] = {k: v for k, v in problem.facts.items() if k != "complaints"}
            value: dict[str, object] = {
                "error": problem.code,
                "sentence": self._sentence(problem.code, facts),
                "facts": facts,
            }
            if rows:
                value["rows"] = [
                    {"row": c.row, "code": c.code, "sentence": self._sentence(c.code, c.facts)} for c in rows
                ]
            self._err.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")
            return
        self._err.write(f"{self._sentence(problem.code, problem.facts)} [{problem.code}]\n")
        for complaint in rows[:_SHOWN]:
            where = self.catalog.text("Row {row}:", row=complaint.row)
            self._err.write(f"  {where} {self._sentence(complaint.code, complaint.facts)} [{complaint.code}]\n")
        if len(rows) > _SHOWN:
            self._err.write("  …\n")

    def _sentence(self, code: str, facts: Mapping[str, object]) -> str:
        sentence = self.catalog.sentence(code, facts)
        return "".join(c if c.isprintable() else " " for c in sentence)
