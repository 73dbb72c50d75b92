"""The second place: a folder that a person chose, on a stick or a network disk, to which everything is copied that a
laptop's loss would take: backups, attachments, received bundles, what opens them, and the laptop's own key.

It lies in a folder of the store's own inside the chosen one, so that several laptops may share a disk. A stick that is
not there is no mistake: it is said, and copied to at the next chance. Nothing gets its name there before it was read back.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from pessdesk.application.backups import SecondPlace
from pessdesk.application.durable import make_folder, sync_folder
from pessdesk.domain.errors import InputRefused, WorldUnkind
from pessdesk.system.sealing import SUFFIX

NOTE = "second-place.json"
PREFIX = "PessDesk-"
BACKUPS = "backups"
_SMALL = ("keys.json", "device.pem", "device.pem" + SUFFIX)
_TRUST = "trust"
_BIG = ("attachments", "received")

CHUNK = 1024 * 1024

Pulse = Callable[[], None]


def read(folder: Path) -> SecondPlace:
    """The second place of a store's folder."""
    note = _note(folder)
    if not note.get("path"):
        return SecondPlace()
    return SecondPlace(Path(note["path"]), int(note.get("last_ms", 0)), str(note.get("trouble", "")))


def choose(folder: Path, path: Path | None, device: str) -> None:
    """Use `path` from now on, or none. `device` names the store's folder there.

    A folder without a store takes over what lies there, if that is one store's: its keys come back, so that a new laptop
    can go on for one that was lost. Raises `InputRefused` (`second-inside`), `WorldUnkind`.
    """
    if path is None:
        (folder / NOTE).unlink(missing_ok=True)
        return
    path = path.resolve()
    if path == folder.resolve() or folder.resolve() in path.parents:
        raise InputRefused("second-inside", path=str(path))
    if not path.is_dir():
        raise WorldUnkind("second-missing", path=str(path))
    name = f"{PREFIX}{device[:8]}"
    if path.name.startswith(PREFIX) and (path / BACKUPS).is_dir() and (not device or path.name == name):
        path, name = path.parent, path.name
    elif not device:
        there = [one.name for one in path.glob(f"{PREFIX}*") if (one / BACKUPS).is_dir()]
        name = there[0] if len(there) == 1 else f"{PREFIX}{secrets.token_hex(4)}"
    try:
        make_folder(path / name)
        make_folder(folder)
        if not device:
            _take_over(path / name, folder)
        _write(folder, {"path": str(path), "name": name})
    except OSError as problem:
        raise WorldUnkind.from_os(problem, path) from problem


def root(folder: Path) -> Path | None:
    """Where the store's copies lie; None where there is no second place. Raises `WorldUnkind` (`second-missing`)."""
    note = _note(folder)
    if not note.get("path"):
        return None
    there = Path(note["path"]) / str(note["name"])
    # Were it made anew here, it would be made on the laptop's own disk while the stick is in a drawer.
    if not there.is_dir():
        raise WorldUnkind("second-missing", path=str(note["path"]))
    return there


def is_there(folder: Path) -> Path | None:
    """As `root`, but None where it cannot be reached."""
    try:
        return root(folder)
    except WorldUnkind:
        return None


def note_copied(folder: Path, now_ms: int) -> None:
    _write(folder, {**_note(folder), "last_ms": now_ms, "trouble": ""})


def note_trouble(folder: Path, code: str) -> None:
    _write(folder, {**_note(folder), "trouble": code})


def copy_files(folder: Path, there: Path, *, gone: Callable[[str], bool], pulse: Pulse) -> None:
    """Copy what is missing there of the files beside the store, in the form in which they are, and remove what is `gone`
    (asked by the file's name in its open form) or lies there in another form than here. Raises `OSError`, `WorldUnkind`."""
    for kind in _BIG:
        here, copied = _names(folder / kind), _names(there / kind)
        for name in sorted(here - copied):
            copy_verified(folder / kind / name, there / kind / name, pulse)
        for name in copied - here:
            open_form = name.removesuffix(SUFFIX)
            if gone(Path(open_form).name) or open_form in here or open_form + SUFFIX in here:
                (there / kind / name).unlink()
    _copy_small(folder, there)


def bring_back(folder: Path, there: Path, *, gone: Callable[[str], bool], pulse: Pulse) -> None:
    """Fetch the files that are missing here and lie there, but what is `gone`; in the form in which they lie."""
    for kind in _BIG:
        here = {name.removesuffix(SUFFIX) for name in _names(folder / kind)}
        for name in sorted(_names(there / kind)):
            open_form = name.removesuffix(SUFFIX)
            if open_form not in here and not gone(Path(open_form).name):
                copy_verified(there / kind / name, folder / kind / name, pulse)


def copy_verified(source: Path, target: Path, pulse: Pulse) -> None:
    """Copy a file under a temporary name, read it back from the disk, and give it its name. Raises `OSError`,
    `WorldUnkind` (`disk-full`, `read-back-differs`)."""
    make_folder(target.parent)
    if shutil.disk_usage(target.parent).free < source.stat().st_size + CHUNK:
        raise WorldUnkind("disk-full", path=str(target.parent), reason="")
    partial = target.with_name(f".{target.name}.part")
    try:
        written = hashlib.sha256()
        with source.open("rb") as stream, partial.open("wb") as out:
            for chunk in _chunks(stream, pulse):
                written.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        read_back = hashlib.sha256()
        with partial.open("rb") as stream:
            if hasattr(os, "posix_fadvise"):
                with suppress(OSError):
                    os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            for chunk in _chunks(stream, pulse):
                read_back.update(chunk)
        if read_back.digest() != written.digest():
            raise WorldUnkind("read-back-differs", path=str(target.parent), reason=target.name)
        partial.replace(target)
        sync_folder(target.parent)
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def _write_whole(target: Path, data: bytes) -> None:
    from pessdesk.system.files import write_whole  # whoever only asks where the second place is need not load it

    write_whole(target, data)


def _copy_small(folder: Path, there: Path) -> None:
    names = [*_SMALL, *(f"{_TRUST}/{name}" for name in _names(folder / _TRUST))]
    for name in names:
        if (folder / name).is_file():
            data = (folder / name).read_bytes()
            if not (there / name).is_file() or (there / name).read_bytes() != data:
                make_folder((there / name).parent)
                _write_whole(there / name, data)
        elif (there / name).is_file() and _other_form(folder, name):
            (there / name).unlink()


def _other_form(folder: Path, name: str) -> bool:
    """Whether a small file went for a reason: it is here in its other form, or the store is protected no longer."""
    if name == _SMALL[0]:
        return (folder / _SMALL[1]).is_file()
    other = name.removesuffix(SUFFIX) if name.endswith(SUFFIX) else name + SUFFIX
    return (folder / other).is_file()


def _take_over(there: Path, folder: Path) -> None:
    if any((folder / name).exists() for name in _SMALL):
        return
    for name in (*_SMALL, *(f"{_TRUST}/{name}" for name in _names(there / _TRUST))):
        if (there / name).is_file():
            make_folder((folder / name).parent)
            _write_whole(folder / name, (there / name).read_bytes())
            (folder / name).chmod(0o600)


def _names(folder: Path) -> set[str]:
    """The files under a folder, relative to it; what is half-written or hidden is none."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


def _chunks(stream: Any, pulse: Pulse) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK):
        yield chunk
        pulse()


def _note(folder: Path) -> dict[str, Any]:
    with suppress(OSError, ValueError):
        value = json.loads((folder / NOTE).read_text("utf-8"))
        if isinstance(value, dict) and type(value.get("path")) is str and type(value.get("name")) is str:
            return value
    return {}


def _write(folder: Path, value: dict[str, Any]) -> None:
    _write_whole(folder / NOTE, json.dumps(value, ensure_ascii=False, indent=1).encode())
