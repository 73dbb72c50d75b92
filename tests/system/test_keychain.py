"""The computer's keychain: used where it keeps secrets, silent where there is none, and no trouble where it fails."""

from __future__ import annotations

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringError, PasswordDeleteError

from pessdesk.domain.errors import WorldUnkind
from pessdesk.system.keychain import SystemKeychain

MASTER = bytes(range(32))


class Kept(KeyringBackend):
    """A keychain that keeps what it is given."""

    priority = 5  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.entries.pop((service, username), None) is None:
            raise PasswordDeleteError("no such entry")


class Locked(Kept):
    """One that somebody must open first, and does not."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringError("locked")

    set_password = delete_password = lambda self, *_: self.get_password("", "")  # type: ignore[assignment]


class Forgetful(Kept):
    """One that says that it has kept it."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Nothing is kept."""


class PlainText(Kept):
    """A stand-in that writes secrets into a file."""

    priority = 0.5  # type: ignore[assignment]


def with_keychain(monkeypatch: pytest.MonkeyPatch, backend: KeyringBackend) -> SystemKeychain:
    monkeypatch.setattr(keyring, "get_keyring", lambda: backend)
    for name in ("get_password", "set_password", "delete_password"):
        monkeypatch.setattr(keyring, name, getattr(backend, name))
    return SystemKeychain()


def test_it_keeps_a_key_for_each_store(monkeypatch: pytest.MonkeyPatch) -> None:
    backend = Kept()
    keychain = with_keychain(monkeypatch, backend)
    assert keychain.works() and keychain.get("one") is None
    keychain.put("one", MASTER)
    keychain.put("two", MASTER[::-1])
    assert keychain.get("one") == MASTER and keychain.get("two") == MASTER[::-1]
    assert {service for service, _ in backend.entries} == {"PessDesk"}
    keychain.drop("one")
    keychain.drop("one")
    assert keychain.get("one") is None and keychain.get("two") is not None


def test_an_entry_that_is_no_key_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    backend = Kept()
    backend.entries["PessDesk", "one"] = "qwerty"
    assert with_keychain(monkeypatch, backend).get("one") is None


@pytest.mark.parametrize("backend", [Locked, Forgetful, PlainText])
def test_one_that_does_not_keep_it_is_refused(monkeypatch: pytest.MonkeyPatch, backend: type[Kept]) -> None:
    keychain = with_keychain(monkeypatch, backend())
    assert keychain.works() == (backend is not PlainText)
    with pytest.raises(WorldUnkind, match="keychain-refused"):
        keychain.put("one", MASTER)
    assert keychain.get("one") is None
    keychain.drop("one")


def test_a_computer_without_one_is_quiet(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from keyring.backends.fail import Keyring

    keychain = with_keychain(monkeypatch, Keyring())
    assert not keychain.works() and keychain.get("one") is None
    keychain.drop("one")
    with pytest.raises(WorldUnkind, match="keychain-refused"):
        keychain.put("one", MASTER)
    assert capfd.readouterr() == ("", "")


def test_the_keychain_of_this_computer_can_be_asked(capfd: pytest.CaptureFixture[str]) -> None:
    """Whatever there is here, to ask whether it works neither fails nor prints."""
    assert SystemKeychain().works() in (True, False)
    assert capfd.readouterr() == ("", "")


def test_what_the_system_behind_it_raises_is_a_keychain_that_does_not_help(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows raises `pywintypes.error` where a policy forbids to keep passwords, and `keyring` hands it on."""

    class PolicyError(Exception):
        """As `pywintypes.error`: an exception of nobody's family."""

    class Forbidden(Kept):
        def get_password(self, service: str, username: str) -> str | None:
            raise PolicyError(1312, "CredWrite", "A specified logon session does not exist.")

        set_password = delete_password = lambda self, *_: self.get_password("", "")  # type: ignore[assignment]

    keychain = with_keychain(monkeypatch, Forbidden())
    assert keychain.get("store") is None
    with pytest.raises(WorldUnkind, match="keychain-refused"):
        keychain.put("store", MASTER)
    keychain.drop("store")
