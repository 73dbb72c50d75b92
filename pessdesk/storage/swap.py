"""One database in another's place, so that whenever it is interrupted there is the old one or the new one, never none.

The new one lies beside the store, whole and synced, as `store.db.restored`. From the moment at which `restoring.json` has
its name the way is forward only: whoever opens the store next moves the old one (file, log and all) into
`replaced/<time>/`, gives the new one its name, and removes `restoring.json`. Every step may be done twice.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from pessdesk.application.durable import make_folder, sync_folder
from pessdesk.storage.driver import DATABASE

PREPARED = DATABASE + ".restored"
ORDER = "restoring.json"
REPLACED = "replaced"
OLD = (DATABASE + "-wal", DATABASE + "-shm", DATABASE)


def is_pending(folder: Path) -> bool:
    """Whether a swap was decided and is not finished."""
    return (folder / ORDER).exists()


def decide(folder: Path, time: str) -> None:
    """From now on the prepared store is the store; `time` names the folder of the replaced one. Raises `OSError`."""
    partial = folder / f"{ORDER}.part"
    with partial.open("w", encoding="ascii") as file:
        json.dump({"replaced": time}, file)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(folder / ORDER)
    sync_folder(folder)


def finish(folder: Path) -> Path:
    """Do what is left of a swap, while holding the store's lock; gives the folder of the replaced store."""
    replaced = folder / REPLACED / str(json.loads((folder / ORDER).read_text("ascii"))["replaced"])
    make_folder(replaced)
    if (folder / PREPARED).exists():
        move_aside(folder, replaced)
        (folder / PREPARED).replace(folder / DATABASE)
        sync_folder(folder)
    (folder / ORDER).unlink()
    sync_folder(folder)
    return replaced


def move_aside(folder: Path, replaced: Path, names: tuple[str, ...] = OLD) -> None:
    """Move what there is of these files into another folder, the log before the file that it belongs to."""
    make_folder(replaced)
    for name in names:
        if (folder / name).exists():
            (folder / name).replace(replaced / name)
    sync_folder(replaced)
    sync_folder(folder)
