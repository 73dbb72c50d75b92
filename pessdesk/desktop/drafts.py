"""Unfinished texts: whatever is typed and not said to be finished is in the store within a breath.

A field has a `Draft`, under a key of its own. At most `AFTER_MS` after a key its text is on the way to the disk, at once
when the field is left, when the window loses the focus and when it closes; after a crash the field has it again, without
a question. A finished edit takes its draft with it in one commit (`Session.write`, `drafts`). What is not on the disk yet
is known here, so that the state at the top never says more than is true.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QEvent, QObject, QTimer, Signal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

    from pessdesk.desktop.session import Session
    from pessdesk.domain.errors import PessError

_HALVES = re.compile("[\ud800-\udfff]")
AFTER_MS = 250
"""From a key to the beginning of the commit; what is lost with a power cut are at most the keys of so long."""
AGAIN_MS = 3000
"""After so long what the disk refused is tried again: somebody may have made room."""


class Drafts(QObject):
    """The unfinished texts of one store. `open_changed` tells whether there is a key that is not on the disk yet,
    `in_vain` why the disk refused one, None once it took it; `told` is for whoever tells people of it, once;
    `half_written` whether a form holds something that is on purpose no draft, and so on the screen alone."""

    open_changed = Signal(bool)
    in_vain = Signal(object)
    told = Signal(object)
    half_written = Signal(bool)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._given: dict[str, str] = {}
        """By key what was given last: the store may not have it yet."""
        self._waiting: set[Draft] = set()
        self._under_way = 0
        self._refused: dict[str, str] = {}
        self._open = False
        self._problem: PessError | None = None
        self._again = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._again.timeout.connect(self.retry)

    def of(self, key: str, stored: str | None = None) -> str:
        """The unfinished text under a key; `stored` is what was read of the store, perhaps before it was given."""
        if stored is not None:
            self._given.setdefault(key, stored)
        return self._given.get(key, "")

    def put(self, key: str, words: str) -> None:
        """Have an unfinished text kept; an empty one is none."""
        if self._given.get(key, "") == words:
            return
        self._given[key] = words
        self._under_way += 1
        self._tell()

        def kept() -> None:
            self._under_way -= 1
            self._refused.pop(key, None)
            self._tell_if_all_took()
            self._tell()

        def refused(problem: PessError) -> None:
            self._under_way -= 1
            if self._given.get(key) == words:
                self._refused[key] = words
            if self._problem is None:  # told once, not at every try
                self.told.emit(problem)
            self._problem = problem
            self.in_vain.emit(problem)
            self._again.start()
            self._tell()

        self._session.keep(key, _storable(words), kept, refused)

    def finished(self, keys: Sequence[str]) -> dict[str, str]:
        """A change was given to be saved that takes these drafts with it; gives what they were."""
        before = {key: self._given.get(key, "") for key in keys}
        self._given.update(dict.fromkeys(keys, ""))
        return before

    def unfinished(self, before: Mapping[str, str]) -> None:
        """That change was refused: the drafts are as they were, unless more was typed since."""
        for key, words in before.items():
            if not self._given.get(key):
                self._given[key] = words

    def keep_all(self) -> None:
        """Whatever is being typed anywhere, at once."""
        for draft in tuple(self._waiting):
            if shiboken6.isValid(draft):
                draft.keep()
            else:  # its field is gone; leaving it had kept its text
                self._waiting.discard(draft)

    @property
    def texts(self) -> dict[str, str]:
        """What is unfinished, by its key: for another store that takes the place of one that can be used no more."""
        return {key: words for key, words in self._given.items() if words}

    @property
    def only_on_screen(self) -> bool:
        """Whether the disk has refused a text that stands nowhere else."""
        return bool(self._refused)

    def forget(self, keys: Sequence[str]) -> None:
        """These were erased, with what they are about."""
        for key in keys:
            self._given.pop(key, None)
            self._refused.pop(key, None)

    def waits(self, draft: Draft, *, waits: bool) -> None:
        (self._waiting.add if waits else self._waiting.discard)(draft)
        self._tell()

    def retry(self) -> None:
        """Try again what the disk refused."""
        for key, words in tuple(self._refused.items()):
            if self._given.get(key) == words:
                self._given[key] = ""
                self.put(key, words)
            else:  # it was finished, or given up, since
                self._refused.pop(key)
        self._tell_if_all_took()

    def _tell_if_all_took(self) -> None:
        if self._problem is not None and not self._refused:
            self._problem = None
            self.in_vain.emit(None)

    def _tell(self) -> None:
        now = bool(self._waiting or self._under_way)
        if now != self._open:
            self._open = now
            self.open_changed.emit(now)


class Draft(QObject):
    """The unfinished text of one field (or form): `words` gives it (empty while all is finished), `put` puts one back. It
    lives with `owner`, and keeps its text at once when a widget that it watches is left."""

    def __init__(
        self, session: Session, owner: QObject, words: Callable[[], str], put: Callable[[str], object]
    ) -> None:
        super().__init__(owner)
        self._drafts = session.drafts
        self._words, self._put = words, put
        self.key = ""
        self.waits = False
        """Whether a key is not given to be kept yet."""
        self._putting = False
        self._timer = QTimer(self, singleShot=True, interval=AFTER_MS)
        self._timer.timeout.connect(self.keep)

    def begin(self, key: str, stored: str | None = None) -> None:
        """The field shows another thing now; what was left unfinished of it stands there again. `stored` is what the
        store has, None where `found` says so later."""
        self.keep()
        self.key = key
        self.found(stored)

    def found(self, stored: str | None) -> None:
        """What was read of the store; what was given since goes first, and what stands in the field already."""
        words = self._drafts.of(self.key, stored) if self.key else ""
        if words and not self.waits and not self._words():
            self._putting = True
            self._put(words)
            self._putting = False

    def typed(self) -> None:
        """Something changed in the field. The clock runs from the first key that is not kept, not from the last."""
        if self.key and not self._putting and not self.waits:
            self._timer.start()
            self._wait(True)

    def keep(self) -> None:
        """Keep what stands there now, if it is not kept yet."""
        if self.waits:
            self._drafts.put(self.key, self._words())
            self.finish()

    def finish(self) -> str:
        """What stands there is kept, or given to be saved, which takes the draft with it; gives its key."""
        self._timer.stop()
        self._wait(False)
        return self.key

    def drop(self) -> None:
        """What was typed is not wanted: nothing is kept of it."""
        if self.finish():
            self._drafts.put(self.key, "")

    def _wait(self, waits: bool) -> None:
        self.waits = waits
        self._drafts.waits(self, waits=waits)

    def watch(self, *fields: QLineEdit | QPlainTextEdit) -> Draft:
        """Hear of every key in these fields, and of their being left."""
        for field in fields:
            field.textChanged.connect(self.typed)
            field.installEventFilter(self)
        return self

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.keep()
        return False


def _storable(words: str) -> str:
    """Half of a UTF-16 pair, which no file can hold, as the sign for what cannot be shown. Finished, it is refused."""
    return words if words.isascii() else _HALVES.sub("\ufffd", words)
