"""Where a store should not lie, and where no folder is made for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pessdesk.domain.errors import WorldUnkind
from pessdesk.system import places
from pessdesk.system.places import (
    check_may_be_made,
    is_cloud,
    is_network,
    kind_of_mount,
    read_mount,
    read_mountinfo,
    warning,
)

MOUNTINFO = """\
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
40 27 0:40 / /home/anna/compartit\\040de\\040l'oficina rw - cifs //servidor/pess rw
41 27 0:41 / /home/anna/lluny rw,nosuid - fuse.sshfs anna@servidor:/ rw
42 27 0:42 / /run/user/1000/gvfs rw - fuse.gvfsd-fuse gvfsd-fuse rw
43 27 8:17 / /media/anna/STICK rw - vfat /dev/sdb1 rw
44 27 0:44 / /srv/nfs rw - nfs4 servidor:/srv rw
45 44 0:45 / /srv/nfs/local rw - ext4 /dev/sdc1 rw
""".splitlines()


@pytest.mark.parametrize(
    "path",
    [
        "/home/anna/OneDrive/pess", "/home/anna/OneDrive - Generalitat/pess", "/home/anna/Dropbox/pess",
        "/home/anna/Nextcloud/pess", "/home/anna/Google Drive/pess", "/Users/anna/Library/CloudStorage/GoogleDrive-a/pess",
        "/Users/anna/Library/Mobile Documents/com~apple~CloudDocs/pess", "/home/anna/nextcloud2/a/b/c",
    ],
)  # fmt: skip
def test_folders_that_are_synchronised_are_known_by_their_names(path: str) -> None:
    assert is_cloud(Path(path), {})


@pytest.mark.parametrize(
    "path", ["/home/anna/pess", "/home/anna/dropboxes/pess", "/home/anna/Documents/cloud de pluja"]
)
def test_other_folders_are_not(path: str) -> None:
    assert not is_cloud(Path(path), {})


def test_the_environment_and_what_such_programs_leave_tell_too(tmp_path: Path) -> None:
    assert is_cloud(tmp_path / "núvol" / "pess", {"OneDriveCommercial": str(tmp_path / "núvol")})
    assert not is_cloud(tmp_path / "núvol2" / "pess", {"OneDriveCommercial": str(tmp_path / "núvol")})
    (tmp_path / "amb marca").mkdir()
    (tmp_path / "amb marca" / ".sync_3f2a.db").touch()
    assert is_cloud(tmp_path / "amb marca" / "dins" / "pess", {})
    assert warning(tmp_path / "amb marca" / "pess") == "place-cloud"
    assert warning(tmp_path / "sense") == ""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/anna/pess", "ext4"), ("/home/anna/compartit de l'oficina/pess", "cifs"),
        ("/home/anna/lluny/a", "fuse.sshfs"), ("/media/anna/STICK/pess", "vfat"), ("/srv/nfs/x", "nfs4"),
        ("/srv/nfs/local/x", "ext4"), ("/srv/nfsx", "ext4"),
    ],
)  # fmt: skip
def test_the_file_system_of_a_folder_is_that_of_the_mount_which_holds_it(path: str, kind: str) -> None:
    assert kind_of_mount(Path(path), read_mountinfo(MOUNTINFO)) == kind


def test_what_macos_says_of_its_mounts_is_read() -> None:
    said = [
        "/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)",
        "//anna@servidor/pess on /Volumes/El PESS (smbfs, nodev, nosuid, mounted by anna)",
    ]
    assert kind_of_mount(Path("/Volumes/El PESS/a"), read_mount(said)) == "smbfs"
    assert kind_of_mount(Path("/Users/anna"), read_mount(said)) == "apfs"


def test_a_network_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_network(tmp_path)
    for name in ("_mounted_on_linux", "_mounted_on_macos"):
        monkeypatch.setattr(places, name, lambda: [("/", "ext4"), (str(tmp_path.resolve()), "cifs")])
    assert warning(tmp_path / "not yet" / "there") == "place-network"


def test_no_folder_is_made_where_a_disk_is_missing(tmp_path: Path) -> None:
    check_may_be_made(tmp_path)
    check_may_be_made(tmp_path / "new")
    for missing in (
        tmp_path / "stick" / "pess",
        Path("/media/STICK-who-knows"),
        Path("/run/media/anna/STICK-who-knows"),
    ):
        with pytest.raises(WorldUnkind) as refusal:
            check_may_be_made(missing)
        assert refusal.value.code == "folder-missing"


def test_the_usual_folder_is_made_with_all_that_is_above_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "usual_data_dir", lambda: tmp_path / "a" / "b" / "PessDesk")
    check_may_be_made(tmp_path / "a" / "b" / "PessDesk")
    check_may_be_made(tmp_path / "a" / "b" / "PessDesk" / "rehearsal")
