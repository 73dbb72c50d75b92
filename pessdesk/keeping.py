"""The part of the program that keeps copies: backups, their second place, restoring, trying a restore.

`pessdesk.storage` knows databases, `pessdesk.system` the files beside them; here they are put together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pessdesk.protecting import Protecting

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from pessdesk.application.backups import Backup, Drill, Loss, Restored
    from pessdesk.application.ports import Desk

    Pulse = Callable[[int, int], None]


class Keeping(Protecting):
    """Backups of stores by their folder. `pessdesk.bootstrap.Program` is one."""

    if TYPE_CHECKING:

        def desk(self, folder: Path, *, write: bool) -> AbstractContextManager[Desk]: ...

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

    def loss(self, folder: Path, backup: Backup) -> Loss:
        """What the store of now has and a backup lacks. Raises `StoreUnusable` (`backup-damaged`)."""
        from pessdesk.storage.restore import loss

        return loss(folder, self._database_key(folder), backup)

    def restore(self, folder: Path, backup: Backup, progress: Pulse, *, keep_what_can_be_read: bool = True) -> Restored:
        """Put a backup in the place of the store, which must be closed; the replaced one stays in `replaced/`.

        Raises `StoreUnusable` (`backup-damaged`: use the one before), `StoreBusy`, `WorldUnkind`.
        """
        from pessdesk.domain.errors import StoreUnusable
        from pessdesk.storage.backups import Backups
        from pessdesk.storage.restore import restore

        key = self._database_key(folder)
        try:
            done = restore(folder, key, backup, progress, keep=keep_what_can_be_read)
        except StoreUnusable as problem:
            if problem.code == "backup-damaged" and backup.place == "here":
                Backups(folder, key).found_damaged(backup)
            raise
        self._note(folder, "store-restored", f"{backup.number:06}")
        return done

    def accept_store(self, folder: Path) -> None:
        """Take a store as it is that lacks what was acknowledged, or that has another log beside it."""
        from pessdesk.storage.restore import accept

        accept(folder, self._database_key(folder))
        self._note(folder, "store-accepted", "")

    def drill(self, folder: Path, progress: Pulse) -> Drill:
        """Try how a restore of the newest backup would go. Raises `UnknownThing` (`backup-none`)."""
        import time

        from pessdesk.application.backups import Drill
        from pessdesk.domain.errors import UnknownThing
        from pessdesk.storage.restore import try_restore
        from pessdesk.system.files import StoreFiles

        begun = time.monotonic()
        newest = next(iter(self.backups(folder)), None)
        if newest is None:
            raise UnknownThing("backup-none", path=str(folder))
        tried = try_restore(folder, self._database_key(folder), newest, progress)
        files = StoreFiles(folder)
        missing = sum(1 for name in tried.files if not files.has_attachment(name))
        seconds = time.monotonic() - begun
        return Drill(newest, tried.opens, tried.contributions, tried.behind, missing, tried.digest_same, seconds)

    def health(self, folder: Path, progress: Pulse) -> list[tuple[str, dict[str, object]]]:
        """A full look at the store while others work: what is wrong with it, as codes and facts."""
        from pessdesk.storage.restore import health

        return health(folder, self._database_key(folder), progress)

    def _note(self, folder: Path, action: str, note: str) -> None:
        """Write a decision about the store down among this laptop's acts."""
        from contextlib import suppress

        from pessdesk.application.authoring import Author
        from pessdesk.domain.errors import StoreUnusable
        from pessdesk.storage.reading import exists

        if exists(folder):
            # What keeps the store from being opened now is told at its next opening; what was done is done.
            with suppress(StoreUnusable), self.desk(folder, write=True) as desk, desk.store.write() as unit:
                author = Author(desk, unit)
                unit.append_new([author.act(action, note=note)])
                author.save()
