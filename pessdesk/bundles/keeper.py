"""What a store does with bundles: writes them with its key, verifies them against its folder of cards."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import BinaryIO

from pessdesk.application.bundle import BundleDraft, Verdict, WrittenBundle
from pessdesk.application.ports import Card
from pessdesk.bundles.cms import CmsSigner
from pessdesk.bundles.identity import Identity, TrustFolder, read_card, to_pem
from pessdesk.bundles.verify import verify_file
from pessdesk.bundles.writer import write_bundle
from pessdesk.domain.errors import WorldUnkind


class BundleKeeper:
    """The bundles' port of the use cases, for one identity and one trust folder; `opener` reads the store's files,
    which may be sealed, and any other file."""

    def __init__(self, identity: Identity, trust: TrustFolder, opener: Callable[[Path], BinaryIO]) -> None:
        self._identity = identity
        self._opener = opener
        self._trust = trust
        self._signer: CmsSigner | None = None

    def write(self, path: Path, draft: BundleDraft, progress: Callable[[int], None] | None = None) -> WrittenBundle:
        if self._signer is None:
            self._signer = self._identity.signer()
        return write_bundle(path, draft, self._signer, progress, opener=self._opener)

    def verify(
        self,
        path: Path,
        trusted: Collection[str] | None,
        *,
        keep: bool = False,
        progress: Callable[[int], None] | None = None,
    ) -> Verdict:
        return verify_file(path, trusted, keep=keep, progress=progress, opener=self._opener)

    def trusted(self) -> frozenset[str]:
        return self._trust.devices() | {self._identity.device}

    def trust(self, card: Card) -> bool:
        try:
            return self._trust.add(card)
        except OSError as problem:
            raise WorldUnkind.from_os(problem, self._trust.folder) from problem

    def trust_certificate(self, certificate: bytes) -> bool:
        return self.trust(read_card(to_pem(certificate), "bundle"))
