"""The part of the program that keeps copies: backups, their second place, restoring, trying a restore.

`pessdesk.storage` knows databases, `pessdesk.system` the files beside them; here they are put together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pessdesk.protecting import Protecting

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pessdesk.application.backups import Backup

    Pulse = Callable[[int, int], None]


class Keeping(Protecting):
    """Backups of stores by their folder. `pessdesk.bootstrap.Program` is one."""

    def _database_key(self, folder: Path) -> bytes | None:
        keys = self.key(folder)
        return keys.database if keys else None

    def backups(self, folder: Path) -> list[Backup]:
        """The backups of a store, newest first."""
        from pessdesk.storage.backups import Backups

        return Backups(folder, self._database_key(folder)).all()

    def back_up(self, folder: Path, progress: Pulse | None = None) -> Backup | None:
        """Make a backup while others write, then thin them; None when nothing has changed since the last one.

        Raise in `progress` to stop; nothing half-made stays. Raises `StoreBusy` (`backup-busy`), `WorldUnkind`,
        `StoreUnusable`.
        """
        from pessdesk.storage.backups import Backups

        backups = Backups(folder, self._database_key(folder))
        made = backups.make(progress)
        if made is not None:
            backups.thin()
        return made
