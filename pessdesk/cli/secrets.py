"""Secrets on a terminal: from a file that is named, from standard input, or typed without being shown. Never an argument,
which everybody on the computer could read, and never printed again."""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path

from pessdesk.domain.errors import InputRefused, StoreLocked, UsageRefused
from pessdesk.wording.catalog import Catalog


def secret(options: argparse.Namespace, catalog: Catalog) -> str:
    """The passphrase or recovery key that opens the store. Raises `StoreLocked` when there is nobody to ask."""
    if options.passphrase_file is not None:
        return read_line(options.passphrase_file)
    if (found := typed(catalog.text("Passphrase or recovery key:"))) is None:
        raise StoreLocked("store-locked", path=str(options.data_dir))
    return found


def new_passphrase(file: Path | None, catalog: Catalog) -> str:
    """A passphrase that is to be: typed twice, for nobody sees what is typed."""
    if file is not None:
        return read_line(file)
    first = typed(catalog.text("New passphrase:"))
    if first is None:
        raise UsageRefused("passphrase-needed")
    if typed(catalog.text("Once more:")) != first:
        raise InputRefused("passphrase-differs")
    return first


def typed(prompt: str) -> str | None:
    """What somebody types at a terminal; None where nobody sits at one."""
    if sys.stdin is None or not sys.stdin.isatty():
        return None
    try:
        return getpass.getpass(f"{prompt} ")
    except EOFError:
        return None


def read_line(file: Path) -> str:
    """The first line of a file; of standard input (`-`) the next one."""
    try:
        if str(file) == "-":
            line = sys.stdin.readline() if sys.stdin else ""
        else:
            with file.open(encoding="utf-8-sig") as stream:
                line = stream.readline()
        line.encode()  # where the terminal has no language, bytes that are no text come through as half signs
    except OSError as problem:
        raise UsageRefused("file-unreadable", path=str(file), reason=problem.strerror or "") from problem
    except UnicodeError:
        raise UsageRefused("file-unreadable", path=str(file), reason="UTF-8") from None
    return line.rstrip("\r\n")
