"""All the wiring: which implementation stands behind each port. Heavy modules are imported where they are needed."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pessdesk.keeping import Keeping
from pessdesk.protecting import DEVICE_KEY
from pessdesk.system import paths
from pessdesk.wording.catalog import Catalog

if TYPE_CHECKING:
    # Named only: the window stands on the screen before any of them is needed.
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from pessdesk.application.bundle import Verdict
    from pessdesk.application.ports import Desk
    from pessdesk.application.programme import PlannedWorkshop, ProgrammePlan
    from pessdesk.application.screens import Reading
    from pessdesk.cli.app import Card, Sheet
    from pessdesk.documents.writing import Written
    from pessdesk.interchange.territory import Place, Territory
    from pessdesk.system.files import StoreFiles
    from pessdesk.system.keys import Keychain
    from pessdesk.wording.consent import ConsentText

KEY = DEVICE_KEY
TRUST = "trust"
WINDOW_OPTIONS = ("--data-dir", "--lang", "--picture")


def run(arguments: Sequence[str]) -> int:
    """One command, from its words to its exit code. Without a command the window opens, with the files that are named."""
    if opens_window(arguments):
        # Nothing that is made until the first frame is garbage; looking for some takes a tenth of the time until then.
        gc.disable()
        from pessdesk.desktop.app import main as window

        return window(arguments, Program())
    from pessdesk.cli.main import main

    return main(arguments, Program())


def opens_window(arguments: Sequence[str]) -> bool:
    """Whether these words are for the window: none, options, or files as a file manager hands them over."""
    words = [word for word in arguments if not word.startswith("-")]
    asked = {word.partition("=")[0] for word in arguments if word.startswith("-")}
    if asked.difference(WINDOW_OPTIONS) or "--json" in arguments:
        return False
    for option in WINDOW_OPTIONS:
        if option in arguments[:-1]:
            words.remove(arguments[list(arguments).index(option) + 1])
    return all(word.endswith(".asice") for word in words)


class Program(Keeping):
    """PessDesk, as the terminal (`pessdesk.cli.app.App`) and the window (`pessdesk.desktop.program.Program`) see it."""

    def __init__(self, keychain: Keychain | None = None) -> None:
        super().__init__(keychain)
        self._places: Territory | None = None

    def default_data_dir(self) -> Path:
        return paths.default_data_dir()

    def usual_data_dir(self) -> Path:
        return paths.usual_data_dir()

    def choose_data_dir(self, folder: Path) -> None:
        """Use this folder from now on where none is named."""
        paths.choose_data_dir(folder)

    def resources(self) -> Path:
        return paths.resources()

    def verify_script(self) -> Path:
        shipped = paths.resources() / "verify-bundle.sh"
        return shipped if shipped.exists() else paths.resources().parent / "packaging" / "verify-bundle.sh"

    def catalog(self, language: str) -> Catalog:
        return Catalog(language, paths.resources() / "locale")

    @contextmanager
    def desk(
        self, folder: Path, *, write: bool, create: bool = False, label: str = "", keep: bool = False
    ) -> Iterator[Desk]:
        """The store of a folder, open. At its first use with `create` the laptop's key and name are made; with `keep`
        each thread keeps its connection."""
        from pessdesk.application.authoring import Author
        from pessdesk.application.ports import Desk
        from pessdesk.bundles.identity import (
            TrustFolder,
            fingerprint,
            load_identity,
            make_identity,
        )
        from pessdesk.bundles.keeper import BundleKeeper
        from pessdesk.domain.errors import StoreUnusable
        from pessdesk.domain.text import check_line
        from pessdesk.storage.store import open_store
        from pessdesk.system.clock import SystemClock, new_id
        from pessdesk.system.files import StoreFiles
        from pessdesk.system.places import check_may_be_made

        check_line(label, "label", limit=120)  # before it is in the certificate and the settings
        if create:
            check_may_be_made(folder)
        keys = self.key(folder)
        with open_store(folder, write=write, create=create, keep=keep, key=keys.database if keys else None) as store:
            with store.read() as unit:
                known, known_label = unit.setting("device"), unit.setting("label") or ""
            files = StoreFiles(folder, keys.files if keys else None)
            had_key = files.has(folder / KEY)
            if known is None and not had_key:
                if not write:
                    raise StoreUnusable("device-key-missing", path=str(folder / KEY))
                files.keep_own(folder / KEY, make_identity(label or "PessDesk").pem())
            identity = load_identity(folder / KEY, files.open)
            if known not in (None, identity.device):
                raise StoreUnusable("device-key-other", path=str(folder / KEY))
            name = known_label or label or f"PessDesk {fingerprint(identity.device)[:5]}"
            keeper = BundleKeeper(identity, TrustFolder(folder / TRUST), files.open)
            desk = Desk(identity.device, name, store, files, keeper, SystemClock(), new_id)
            if write:
                files.sweep()
                self.finish_change(folder)
            if known is None and write:
                with store.write() as unit:
                    if had_key:
                        # The key outlived its store: what it counted is unknown, so it counts anew under a later epoch.
                        unit.set_setting("epoch", str(desk.clock.now_ms() // 1000))
                    author = Author(desk, unit)
                    unit.set_setting("device", identity.device)
                    unit.set_setting("label", name)
                    author.save()
            if write and not keep:  # the window does it behind what people see
                from pessdesk.application.erase import clean_if_possible

                clean_if_possible(desk)
            yield desk

    def store_exists(self, folder: Path) -> bool:
        from pessdesk.storage.driver import DATABASE

        if (folder / DATABASE).exists():  # asked before the first frame: the usual answer costs nothing
            return True
        from pessdesk.storage.reading import exists

        return exists(folder)

    def reading(self, folder: Path) -> Reading | None:
        """The screens' connection; None where the store must first be made or brought up to date by `desk`."""
        from pessdesk.storage.reading import open_reading

        keys = self.key(folder)
        return open_reading(folder, keys.database if keys else None)

    def checkpoint(self, desk: Desk) -> None:
        """For when nobody waits: the log into the database file."""
        from pessdesk.storage.store import Store

        assert isinstance(desk.store, Store)
        desk.store.checkpoint()

    def checkpoint_when_asked(self, desk: Desk) -> None:
        from pessdesk.storage.store import Store

        assert isinstance(desk.store, Store)
        desk.store.checkpoint_when_asked()

    def files(self, folder: Path) -> StoreFiles:
        """The files beside the store of a folder, sealed or not."""
        from pessdesk.system.files import StoreFiles

        keys = self.key(folder)
        return StoreFiles(folder, keys.files if keys else None)

    def attachment(self, folder: Path, name: str) -> Path | None:
        """Where an attachment of the store of a folder lies for other programs; None where it is sealed."""
        files = self.files(folder)
        path = files.attachment(name)
        return path if path.exists() else None

    def open_attachment(self, folder: Path, name: str) -> BinaryIO:
        """What an attachment holds. Raises `OSError`, and `StoreUnusable` when it is damaged."""
        files = self.files(folder)
        return files.open(files.attachment(name))

    def copy_attachment(self, folder: Path, name: str, target: Path) -> None:
        """A plain copy of an attachment where a person wants it."""
        files = self.files(folder)
        files.copy_out(files.attachment(name), target)

    def aside(self, folder: Path, name: str) -> Path:
        """The name of a bundle that the store of a folder has set aside; what the desk's files open, sealed or not."""
        from pessdesk.system.files import StoreFiles

        return StoreFiles(folder).quarantine / name

    def guide(self) -> Path:
        """The folder of the user's guide and its pictures."""
        shipped = paths.resources() / "guide"
        return shipped if shipped.exists() else paths.resources().parent / "docs"

    def notice(self) -> Path:
        """Whose licences the parts are under that travel with the program."""
        shipped = paths.resources() / "NOTICE"
        return shipped if shipped.exists() else paths.resources().parent / "NOTICE"

    def verify(self, path: Path, trust: Path | None) -> Verdict:
        from pessdesk.bundles.identity import TrustFolder
        from pessdesk.bundles.verify import verify_file
        from pessdesk.domain.errors import UsageRefused

        if trust is not None and not trust.is_dir():
            raise UsageRefused("file-unreadable", path=str(trust), reason="ENOTDIR")
        return verify_file(path, None if trust is None else TrustFolder(trust).devices())

    def own_card(self, folder: Path) -> Card:
        from pessdesk.bundles.identity import load_identity, read_card

        return read_card(load_identity(folder / KEY, self.files(folder).open).card(), str(folder / KEY))

    def save_card(self, folder: Path, target: Path) -> None:
        """Write this laptop's card to a file of the person's choice."""
        from pessdesk.domain.errors import WorldUnkind
        from pessdesk.system.files import write_whole

        try:
            write_whole(target, self.own_card(folder).pem)
        except OSError as problem:
            raise WorldUnkind.from_os(problem, target) from problem

    def read_card(self, path: Path) -> Card:
        from pessdesk.bundles.identity import MAX_CARD, read_card
        from pessdesk.domain.errors import UsageRefused

        try:
            with path.open("rb") as file:
                return read_card(file.read(MAX_CARD + 1), str(path))
        except OSError as problem:
            raise UsageRefused("file-unreadable", path=str(path), reason=problem.strerror or "") from problem

    def cards(self, folder: Path) -> list[Card]:
        """The cards of the laptops that this store trusts."""
        from pessdesk.bundles.identity import TrustFolder

        return list(TrustFolder(folder / TRUST).cards().values())

    def card_of_certificate(self, certificate: bytes) -> Card:
        from pessdesk.bundles.identity import read_card, to_pem

        return read_card(to_pem(certificate), "bundle")

    def add_card(self, folder: Path, card: Card) -> bool:
        from pessdesk.bundles.identity import TrustFolder
        from pessdesk.domain.errors import WorldUnkind

        try:
            return TrustFolder(folder).add(card)
        except OSError as problem:
            raise WorldUnkind.from_os(problem, folder) from problem

    def fingerprint(self, device: str) -> str:
        from pessdesk.bundles.identity import fingerprint

        return fingerprint(device)

    def read_sheet(self, path: Path, columns: Sequence[str], required: Sequence[str]) -> Sheet:
        from pessdesk.interchange.spreadsheets import read_sheet

        return read_sheet(path, columns, required)

    def write_sheet(self, path: Path, rows: Sequence[Sequence[str]], language: str) -> None:
        from pessdesk.interchange.spreadsheets import write_sheet

        write_sheet(path, rows, language)

    def read_programme(self, folder: Path) -> ProgrammePlan:
        from pessdesk.interchange.programme_folder import read_programme_folder

        return read_programme_folder(folder, self._territory())

    def minutes(self, desk: Desk, workshop: str, path: Path, language: str, *, replace: bool = True) -> Written:
        """Write the minutes of a workshop (its code or record) as a PDF or a page for the web, by the file's ending."""
        from pessdesk.application.minutes import read_minutes
        from pessdesk.documents.writing import check_target, write_minutes

        check_target(path, replace=replace)
        with desk.store.read() as unit:
            minutes = read_minutes(unit, workshop, self.place_name)
        return write_minutes(minutes, path, self.catalog(language), paths.resources() / "fonts", replace=replace)

    def consent_text(self, language: str, version: str = "") -> ConsentText:
        """The text to which participants agree: the newest, or one of its versions."""
        from pessdesk.wording.consent import consent_text

        return consent_text(paths.resources() / "consent", language, version)

    def participants_sheet(self, desk: Desk, workshop: str, path: Path, language: str, *, replace: bool = True) -> Path:
        """Write the sheet for the participants of a workshop (its code or record), as a PDF or a page for the web."""
        from pessdesk.application.people import read_notice
        from pessdesk.documents.participants import participants_document
        from pessdesk.documents.writing import check_target, write_document

        check_target(path, replace=replace)
        with desk.store.read() as unit:
            notice = read_notice(unit, workshop, self.place_name)
        catalog = self.catalog(language)
        document = participants_document(notice, self.consent_text(language), catalog)
        write_document(document, path, catalog, paths.resources() / "fonts", replace=replace)
        return path

    def places(self, words: str, limit: int) -> list[Place]:
        """The municipalities that somebody may mean who has typed this much."""
        return self._territory().places(words, limit)

    def place_name(self, municipality: str, comarca: str) -> str:
        """`la Seu d'Urgell (Alt Urgell)`, or the comarca alone."""
        return self._territory().place_name(municipality, comarca)

    def _territory(self) -> Territory:
        if self._places is None:
            from pessdesk.interchange.territory import Territory

            self._places = Territory(paths.resources() / "territory")
        return self._places

    def plan_workshop(self, wanted: Mapping[str, str]) -> PlannedWorkshop:
        from pessdesk.interchange.programme_folder import planned_workshop

        return planned_workshop(self._territory(), **wanted)

    def check_files(self, folder: Path, names: Sequence[str]) -> list[str]:
        """Those attachments that are missing or no longer have the content of their name."""
        import hashlib

        from pessdesk.domain.errors import StoreUnusable
        from pessdesk.system.files import CHUNK

        files = self.files(folder)
        wrong: list[str] = []
        for name in names:
            digest = hashlib.sha256()
            try:
                with files.open(files.attachment(name)) as file:
                    while chunk := file.read(CHUNK):
                        digest.update(chunk)
            except (OSError, StoreUnusable):
                wrong.append(name)
                continue
            if digest.hexdigest() != name[:64]:
                wrong.append(name)
        return wrong

    def pictures(self, folder: Path, target: Path, language: str) -> list[Path]:
        """Pictures of the window on a store, light and dark, without a display."""
        from pessdesk.desktop.pictures import Look, demonstration, take

        return take(self, folder, target, demonstration(), (Look(), Look("dark")), language)

    def words(self) -> Mapping[str, Mapping[str, str]]:
        """Labels of kinds and languages (folded, in every language of ours) → tokens, for spreadsheets by people."""
        import csv

        from pessdesk.domain.text import fold

        found: dict[str, dict[str, str]] = {}
        with (paths.resources() / "vocabulary" / "choices.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                words = found.setdefault({"contribution_kind": "kind"}.get(row["list_name"], row["list_name"]), {})
                for column in ("label::ca", "label::es", "label::en"):
                    words.setdefault(fold(row[column]), row["name"])
                    words.setdefault(fold(row[column].split(" o ")[0].split(" or ")[0]), row["name"])
        return found
