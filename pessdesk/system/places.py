"""What kind of place a folder is: a store wants a disk of this laptop's own, and one that is there.

A program that synchronises a folder copies `store.db` and its log at different moments, and brings back what another
laptop had; a network disk promises locks that it does not keep. Neither shows before it is too late, so it is said before
the first write. And where a stick is not plugged in, its folder must not be made anew on the laptop's own disk.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path, PureWindowsPath

from pessdesk.domain.errors import WorldUnkind
from pessdesk.system.paths import usual_data_dir

CLOUD, NETWORK = "place-cloud", "place-network"

_NAMES = re.compile(
    r"one ?drive( - .*)?|dropbox( .*)?|google ?drive|googledrive-.*|my drive|mi unidad|la meva unitat|icloud ?drive|"
    r"mobile documents|cloudstorage|next ?cloud\d*|owncloud|pcloud( ?drive)?|mega(sync)?|box sync|syncthing|kdrive",
    re.IGNORECASE,
)
_VARIABLES = ("OneDrive", "OneDriveConsumer", "OneDriveCommercial")
_MARKERS = (
    ".dropbox", ".dropbox.cache", ".nextcloudsync.log", ".owncloudsync.log", ".sync_*.db", "._sync_*.db",
    ".csync_journal.db", ".stfolder", ".tmp.drivedownload", ".tmp.driveupload", ".megaignore",
)  # fmt: skip
_NETWORKS = re.compile(
    r"nfs\d?|cifs|smb\w*|ncpfs|afs|afpfs|webdav|9p|ceph|glusterfs|lustre|davfs2?|"
    r"fuse\.(sshfs|rclone|gvfsd-fuse|davfs2?|s3fs|onedriver|google-drive-ocamlfuse|glusterfs|smbnetfs)"
)
_HOMES_OF_DISKS = re.compile(r"/(media|mnt|Volumes|run/media)(/[^/]+)?")
"""Below these every folder is a disk's: it is there while the disk is."""


def warning(folder: Path) -> str:
    """`place-cloud`, `place-network`, or nothing where the folder (there already or not) is a good place for a store."""
    if is_cloud(folder, os.environ):
        return CLOUD
    return NETWORK if is_network(folder) else ""


def is_cloud(folder: Path, environ: Mapping[str, str]) -> bool:
    """Whether a program seems to synchronise this folder: by its name or one above it, by what such programs say in the
    environment, by what they leave in their folders."""
    there = Path(os.path.abspath(folder))  # noqa: PTH100 - a folder that does not exist has no other form
    if any(_NAMES.fullmatch(part) for part in there.parts):
        return True
    known = [Path(environ[name]) for name in _VARIABLES if environ.get(name)]
    if any(there.is_relative_to(place) for place in known):
        return True
    return any(any(place.glob(marker)) for place in (there, *there.parents) for marker in _MARKERS if place.is_dir())


def is_network(folder: Path) -> bool:
    """Whether this folder lies on another computer's disk. Where the system does not say, it does not."""
    there = _nearest(folder)
    if os.name == "nt":
        return _is_remote_drive(there)
    mounts = _mounted_on_macos() if sys.platform == "darwin" else _mounted_on_linux()
    return _NETWORKS.fullmatch(kind_of_mount(there, mounts)) is not None


def kind_of_mount(folder: Path, mounts: Iterable[tuple[str, str]]) -> str:
    """The kind of file system of a folder, of (where it is mounted, its kind): the last of the longest that holds it."""
    holding = [
        (len(where), number, kind) for number, (where, kind) in enumerate(mounts) if folder.is_relative_to(where)
    ]
    return max(holding)[2] if holding else ""


def check_may_be_made(folder: Path) -> None:
    """Refuse to make a folder for a store where a disk seems to be missing. Raises `WorldUnkind` (`folder-missing`)."""
    usual = usual_data_dir()
    if folder.is_dir() or folder.is_relative_to(usual):
        return
    there = Path(os.path.abspath(folder))  # noqa: PTH100
    if not there.parent.is_dir() or _HOMES_OF_DISKS.fullmatch(there.parent.as_posix()):
        raise WorldUnkind("folder-missing", path=str(folder))


def _nearest(folder: Path) -> Path:
    """The folder itself, or the nearest above it that is there."""
    there = folder.resolve()
    while not there.exists() and there != there.parent:
        there = there.parent
    return there


def _mounted_on_linux() -> list[tuple[str, str]]:
    try:
        lines = Path("/proc/self/mountinfo").read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return []
    return read_mountinfo(lines)


def read_mountinfo(lines: Iterable[str]) -> list[tuple[str, str]]:
    """(where, kind) of each line of `/proc/self/mountinfo` (proc_pid_mountinfo(5)); a space in a name stands as `\\040`."""
    found = []
    for line in lines:
        before, _, after = line.partition(" - ")
        where = re.sub(r"\\([0-7]{3})", lambda m: chr(int(m[1], 8)), before.split()[4])
        found.append((where, after.split()[0]))
    return found


def _mounted_on_macos() -> list[tuple[str, str]]:
    try:
        said = subprocess.run(["/sbin/mount"], capture_output=True, text=True, timeout=5, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return []
    return read_mount(said.splitlines())


def read_mount(lines: Iterable[str]) -> list[tuple[str, str]]:
    """(where, kind) of each line that macOS' `mount` prints: `//me@server/share on /Volumes/share (smbfs, nodev)`."""
    found = [re.fullmatch(r".* on (/.*) \((\w+)[,)].*", line) for line in lines]
    return [(match[1], match[2]) for match in found if match]


def _is_remote_drive(folder: Path) -> bool:
    drive = PureWindowsPath(folder).drive
    if drive.startswith("\\\\"):
        return True
    import ctypes

    remote = 4  # DRIVE_REMOTE
    windows = getattr(ctypes, "windll", None)
    return windows is not None and windows.kernel32.GetDriveTypeW(f"{drive}\\") == remote
