"""All the wiring: which implementation stands behind each port. Heavy modules are imported where they are needed."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from pessdesk.application.bundle import Verdict
from pessdesk.application.ports import Desk
from pessdesk.application.programme import PlannedWorkshop, ProgrammePlan
from pessdesk.cli.app import Card, Sheet
from pessdesk.system import paths
from pessdesk.wording.catalog import Catalog

KEY = "device.pem"
TRUST = "trust"


def run(arguments: Sequence[str]) -> int:
    """One command, from its words to its exit code."""
    from pessdesk.cli.main import main

    return main(arguments, Program())


class Program:
    """PessDesk, as the terminal sees it (`pessdesk.cli.app.App`)."""

    def default_data_dir(self) -> Path:
        return paths.default_data_dir()

    def resources(self) -> Path:
        return paths.resources()

    def verify_script(self) -> Path:
        shipped = paths.resources() / "verify-bundle.sh"
        return shipped if shipped.exists() else paths.resources().parent / "packaging" / "verify-bundle.sh"

    def catalog(self, language: str) -> Catalog:
        return Catalog(language, paths.resources() / "locale")

    @contextmanager
    def desk(self, folder: Path, *, write: bool, create: bool = False, label: str = "") -> Iterator[Desk]:
        """The store of a folder, open. At its first use with `create` the laptop's key and name are made."""
        from pessdesk.application.authoring import Author
        from pessdesk.bundles.identity import (
            TrustFolder,
            fingerprint,
            load_identity,
            make_identity,
            save_identity,
        )
        from pessdesk.bundles.keeper import BundleKeeper
        from pessdesk.domain.errors import StoreUnusable
        from pessdesk.domain.text import check_line
        from pessdesk.storage.store import open_store
        from pessdesk.system.clock import SystemClock, new_id
        from pessdesk.system.files import StoreFiles

        check_line(label, "label", limit=120)  # before it is in the certificate and the settings
        with open_store(folder, write=write, create=create) as store:
            with store.read() as unit:
                known, known_label = unit.setting("device"), unit.setting("label") or ""
            had_key = (folder / KEY).exists()
            if known is None and not had_key:
                if not write:
                    raise StoreUnusable("device-key-missing", path=str(folder / KEY))
                save_identity(make_identity(label or "PessDesk"), folder / KEY)
            identity = load_identity(folder / KEY)
            if known not in (None, identity.device):
                raise StoreUnusable("device-key-other", path=str(folder / KEY))
            name = known_label or label or f"PessDesk {fingerprint(identity.device)[:5]}"
            files = StoreFiles(folder)
            keeper = BundleKeeper(identity, TrustFolder(folder / TRUST))
            desk = Desk(identity.device, name, store, files, keeper, SystemClock(), new_id)
            if write:
                files.sweep()
            if known is None and write:
                with store.write() as unit:
                    if had_key:
                        # The key outlived its store: what it counted is unknown, so it counts anew under a later epoch.
                        unit.set_setting("epoch", str(desk.clock.now_ms() // 1000))
                    author = Author(desk, unit)
                    unit.set_setting("device", identity.device)
                    unit.set_setting("label", name)
                    author.save()
            yield desk

    def verify(self, path: Path, trust: Path | None) -> Verdict:
        from pessdesk.bundles.identity import TrustFolder
        from pessdesk.bundles.verify import verify_file
        from pessdesk.domain.errors import UsageRefused

        if trust is not None and not trust.is_dir():
            raise UsageRefused("file-unreadable", path=str(trust), reason="ENOTDIR")
        return verify_file(path, None if trust is None else TrustFolder(trust).devices())

    def own_card(self, folder: Path) -> Card:
        from pessdesk.bundles.identity import load_identity, read_card

        return read_card(load_identity(folder / KEY).card(), str(folder / KEY))

    def read_card(self, path: Path) -> Card:
        from pessdesk.bundles.identity import MAX_CARD, read_card
        from pessdesk.domain.errors import UsageRefused

        try:
            with path.open("rb") as file:
                return read_card(file.read(MAX_CARD + 1), str(path))
        except OSError as problem:
            raise UsageRefused("file-unreadable", path=str(path), reason=problem.strerror or "") from problem

    def add_card(self, folder: Path, card: Card) -> bool:
        from pessdesk.bundles.identity import Card as Kept
        from pessdesk.bundles.identity import TrustFolder
        from pessdesk.domain.errors import WorldUnkind

        try:
            return TrustFolder(folder).add(Kept(card.device, card.label, card.pem))
        except OSError as problem:
            raise WorldUnkind.from_os(problem, folder) from problem

    def fingerprint(self, device: str) -> str:
        from pessdesk.bundles.identity import fingerprint

        return fingerprint(device)

    def read_sheet(self, path: Path, columns: Sequence[str], required: Sequence[str]) -> Sheet:
        from pessdesk.interchange.spreadsheets import read_sheet

        return read_sheet(path, columns, required)

    def read_programme(self, folder: Path) -> ProgrammePlan:
        from pessdesk.interchange.programme_folder import read_programme_folder
        from pessdesk.interchange.territory import Territory

        return read_programme_folder(folder, Territory(paths.resources() / "territory"))

    def plan_workshop(self, wanted: Mapping[str, str]) -> PlannedWorkshop:
        from pessdesk.interchange.programme_folder import planned_workshop
        from pessdesk.interchange.territory import Territory

        return planned_workshop(Territory(paths.resources() / "territory"), **wanted)

    def check_files(self, folder: Path, names: Sequence[str]) -> list[str]:
        """Those attachments that are missing or no longer have the content of their name."""
        from pessdesk.system.files import CHUNK, StoreFiles

        wrong: list[str] = []
        for name in names:
            digest = hashlib.sha256()
            try:
                with StoreFiles(folder).attachment(name).open("rb") as file:
                    while chunk := file.read(CHUNK):
                        digest.update(chunk)
            except OSError:
                wrong.append(name)
                continue
            if digest.hexdigest() != name[:64]:
                wrong.append(name)
        return wrong

    def words(self) -> Mapping[str, Mapping[str, str]]:
        """Labels of kinds and languages (folded, in every language of ours) → tokens, for spreadsheets by people."""
        from pessdesk.domain.text import fold

        found: dict[str, dict[str, str]] = {}
        with (paths.resources() / "vocabulary" / "choices.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                words = found.setdefault({"contribution_kind": "kind"}.get(row["list_name"], row["list_name"]), {})
                for column in ("label::ca", "label::es", "label::en"):
                    words.setdefault(fold(row[column]), row["name"])
                    words.setdefault(fold(row[column].split(" o ")[0].split(" or ")[0]), row["name"])
        return found
