"""The part of the program that keeps copies: backups, their second place, restoring, trying a restore.

`pessdesk.storage` knows databases, `pessdesk.system` the files beside them; here they are put together.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from pessdesk.domain.errors import PessError, Stopped, StoreBusy, StoreUnusable, UnknownThing, WorldUnkind
from pessdesk.protecting import Protecting

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from pessdesk.application.backups import Backup, Drill, Loss, Restored, SecondPlace
    from pessdesk.application.ports import Desk
    from pessdesk.storage.backups import Backups

    Pulse = Callable[[int, int], None]


class Keeping(Protecting):
    """Backups of stores by their folder. `pessdesk.bootstrap.Program` is one."""

    if TYPE_CHECKING:

        def desk(self, folder: Path, *, write: bool) -> AbstractContextManager[Desk]: ...

    def _database_key(self, folder: Path) -> bytes | None:
        keys = self.key(folder)
        return keys.database if keys else None

    def backups(self, folder: Path) -> list[Backup]:
        """The backups of a store, newest first; of the second place those that are not here as well, or not sound."""
        from pessdesk.storage.backups import Backups
        from pessdesk.system import second_place

        backups = Backups(folder, self._database_key(folder))
        found = backups.all()
        sound = {backup.path.name for backup in found if backup.good is not False}
        if there := second_place.is_there(folder):
            found += [b for b in backups.of_place(there / second_place.BACKUPS) if b.path.name not in sound]
        return sorted(found, key=lambda backup: (-backup.number, backup.place))

    def back_up(self, folder: Path, progress: Pulse | None = None) -> Backup | None:
        """Make a backup while others write, then thin them and copy them to the second place; None when nothing has
        changed since the last one.

        Raise in `progress` to stop; nothing half-made stays. Raises `StoreBusy` (`backup-busy`), `WorldUnkind`,
        `StoreUnusable`. A second place that is not there is no reason to raise: `second_place` says so.
        """
        from pessdesk.storage.backups import Backups
        from pessdesk.storage.restore import scrub_copies
        from pessdesk.storage.swap import is_pending
        from pessdesk.system import second_place

        if is_pending(folder):
            with self.desk(folder, write=True):  # a restore that was interrupted comes to its end first
                pass
        heard = progress or _silent
        key = self._database_key(folder)
        backups = Backups(folder, key)
        with backups.alone():
            if there := second_place.is_there(folder):
                backups.count_on(there / second_place.BACKUPS)
            made = backups.make(heard)
            if made is not None:
                backups.thin()
                scrub_copies(folder, key, heard)
            self._copy_to_second_place(folder, backups, heard)
        return made

    def second_place(self, folder: Path) -> SecondPlace:
        """The folder to which backups are copied too."""
        from pessdesk.system import second_place

        return second_place.read(folder)

    def set_second_place(self, folder: Path, path: Path | None) -> None:
        """Copy to `path` from now on, or nowhere. While the store is not protected, whoever finds that folder can read
        everything in it. Raises `InputRefused` (`second-inside`), `WorldUnkind`."""
        from pessdesk.storage.backups import read_beside
        from pessdesk.storage.driver import DATABASE
        from pessdesk.system import second_place

        device = ""
        if path is not None and (folder / DATABASE).exists():
            with suppress(StoreUnusable):  # a damaged one is what somebody may be looking for a backup for
                device = read_beside(folder, self._database_key(folder)).device
        second_place.choose(folder, path, device)

    def _follow_elsewhere(self, folder: Path, progress: Pulse) -> None:
        """The second place has what is here, in its form; a stick that is not there follows with the next backup."""
        from pessdesk.storage.backups import Backups

        backups = Backups(folder, self._database_key(folder))
        with suppress(StoreBusy), backups.alone():
            self._copy_to_second_place(folder, backups, progress)

    def _copy_to_second_place(self, folder: Path, backups: Backups, progress: Pulse) -> None:
        import time

        from pessdesk.storage.backups import read_beside
        from pessdesk.system import second_place

        def pulse() -> None:
            progress(1000, 1000)

        try:
            there = second_place.root(folder)
            if there is None:
                return
            beside = read_beside(folder, self._database_key(folder))
            backups.mirror(
                there / second_place.BACKUPS, lambda a, b: second_place.copy_verified(a, b, pulse), beside.erased
            )
            second_place.copy_files(folder, there, gone=beside.is_gone, pulse=pulse)
            second_place.note_copied(folder, time.time_ns() // 1_000_000)
        except Stopped:
            raise
        except (PessError, OSError) as problem:
            known_as = problem if isinstance(problem, PessError) else WorldUnkind.from_os(problem, folder)
            second_place.note_trouble(folder, known_as.code)

    def loss(self, folder: Path, backup: Backup) -> Loss:
        """What the store of now has and a backup lacks. Raises `StoreUnusable` (`backup-damaged`)."""
        from pessdesk.storage.restore import loss

        return loss(folder, self._database_key(folder), backup)

    def restore(self, folder: Path, backup: Backup, progress: Pulse, *, keep_what_can_be_read: bool = True) -> Restored:
        """Put a backup in the place of the store, which must be closed; the replaced one stays in `replaced/`.

        Raises `StoreUnusable` (`backup-damaged`: use the one before), `StoreBusy`, `WorldUnkind`.
        """
        from pessdesk.storage.backups import Backups
        from pessdesk.storage.restore import restore

        key = self._database_key(folder)
        try:
            done = restore(folder, key, backup, progress, keep=keep_what_can_be_read)
            with suppress(StoreBusy):  # then the next backup does it
                Backups(folder, key).count_on(backup.path.parent)
            self._bring_back_files(folder, key)
        except StoreUnusable as problem:
            if problem.code == "backup-damaged" and backup.place == "here":
                Backups(folder, key).found_damaged(backup)
            raise
        self._note(folder, "store-restored", f"{backup.number:06}")
        return done

    def _bring_back_files(self, folder: Path, key: bytes | None) -> None:
        """Attachments are in no backup, for they are never changed: those that are gone here may lie in the second place."""
        from pessdesk.storage.backups import read_beside
        from pessdesk.system import second_place

        if (there := second_place.is_there(folder)) is not None:
            gone = read_beside(folder, key).is_gone
            with suppress(OSError, WorldUnkind):  # `check` names those that are missing
                second_place.bring_back(folder, there, gone=gone, pulse=lambda: None)

    def accept_store(self, folder: Path) -> None:
        """Take a store as it is that lacks what was acknowledged, or that has another log beside it."""
        from pessdesk.storage.restore import accept

        accept(folder, self._database_key(folder))
        self._note(folder, "store-accepted", "")

    def drill(self, folder: Path, progress: Pulse) -> Drill:
        """Try how a restore of the newest backup would go. Raises `UnknownThing` (`backup-none`)."""
        import time

        from pessdesk.application.backups import Drill
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

    def place_warning(self, folder: Path) -> str:
        """The code of what is wrong with a folder as the place of a store (`place-cloud`, `place-network`), or nothing."""
        from pessdesk.system.places import warning

        return warning(folder)

    def _note(self, folder: Path, action: str, note: str) -> None:
        """Write a decision about the store down among this laptop's acts."""
        from pessdesk.application.authoring import Author
        from pessdesk.storage.reading import exists

        if exists(folder):
            # What keeps the store from being opened now is told at its next opening; what was done is done.
            with suppress(StoreUnusable), self.desk(folder, write=True) as desk, desk.store.write() as unit:
                author = Author(desk, unit)
                unit.append_new([author.act(action, note=note)])
                author.save()


def _silent(_: int, __: int) -> None:
    """For who does not want to hear how far it is."""
