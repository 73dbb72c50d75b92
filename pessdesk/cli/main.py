"""The command line: words in, a sentence or JSON out, a documented exit code.

0 done · 1 our own mistake · 2 usage, or a file that cannot be read · 3 the worst bundle waits for a decision · 4 the
worst bundle is refused · 5 the input breaks a rule · 6 unknown or ambiguous code · 7 store busy · 8 disk full, read-only
or missing · 9 store newer or damaged · 10 check found something · 11 store protected, and not opened.
"""

from __future__ import annotations

import argparse
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from pessdesk import __version__
from pessdesk.cli.app import App
from pessdesk.cli.output import Output
from pessdesk.cli.secrets import secret
from pessdesk.domain.errors import PessError, WorldUnkind
from pessdesk.wording.catalog import LANGUAGES, Catalog, choose_language

_UNSAID = {"data_dir": None, "json": False, "lang": None, "passphrase_file": None}


def main(arguments: Sequence[str], app: App, out: TextIO | None = None, err: TextIO | None = None) -> int:
    """Run one command. Nothing is raised but what stops the whole program (KeyboardInterrupt becomes 130)."""
    catalog = app.catalog(choose_language(_language(arguments)))
    parser = build_parser(catalog)
    try:
        options = parser.parse_args(list(arguments), argparse.Namespace(**_UNSAID))
    except SystemExit as stop:
        return int(stop.code or 0)
    output = Output(catalog, as_json=options.json, out=out, err=err)
    options.data_dir = options.data_dir or app.default_data_dir()
    app.when_locked(lambda: secret(options, catalog))
    try:
        return int(options.run(app, output, options))
    except PessError as problem:
        output.trouble(problem)
        return problem.exit_code
    except OSError as problem:
        unkind = WorldUnkind.from_os(problem, problem.filename or "–")
        output.trouble(unkind)
        return unkind.exit_code
    except KeyboardInterrupt:
        output.note("Stopped. What was committed is safe.")
        return 130
    except Exception as problem:
        frames = traceback.extract_tb(problem.__traceback__)
        place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "–"
        output.trouble(PessError("unknown-code", code=f"{type(problem).__name__}, {place}"))
        if not options.json:
            traceback.print_tb(problem.__traceback__, file=err)  # not its message, which may quote what somebody said
        return 1


def _language(arguments: Sequence[str]) -> str | None:
    """`--lang` before anything else is parsed, for the parser speaks too."""
    for index, argument in enumerate(arguments):
        if argument.startswith("--lang="):
            return argument[7:]
        if argument == "--lang" and index + 1 < len(arguments):
            return arguments[index + 1]
    return None


def build_parser(catalog: Catalog) -> argparse.ArgumentParser:
    """The words that the program understands."""
    from pessdesk.cli import (
        backup_commands,
        bundle_commands,
        demo,
        document_commands,
        history_commands,
        people_commands,
        protect_commands,
        record_commands,
        store_commands,
    )

    # argparse speaks through these two names of its own; its sentences are in our catalogs like all others.
    argparse._ = catalog.text  # type: ignore[attr-defined]
    argparse.ngettext = catalog.plural  # type: ignore[attr-defined]
    t = catalog.text
    common = argparse.ArgumentParser(add_help=False)
    for flags, keywords in (
        (("--data-dir",), {"type": Path, "metavar": "DIR", "help": t("the folder of the store")}),
        (("--json",), {"action": "store_true", "help": t("answer with JSON")}),
        (
            ("--passphrase-file",),
            {
                "type": Path,
                "metavar": t("FILE"),
                "help": t("its first line opens a protected store; - is standard input"),
            },
        ),
        (("--lang",), {"choices": LANGUAGES, "help": t("the language of the sentences")}),
    ):
        common.add_argument(*flags, **keywords, default=argparse.SUPPRESS)
    parser = argparse.ArgumentParser(
        prog="pessdesk",
        parents=[common],
        description=t("Record workshops offline, hand over signed bundles."),
        epilog=t("Without a command the window opens, with the bundles that are named."),
    )
    about_version = t("show program's version number and exit")
    parser.add_argument("--version", action="version", version=f"PessDesk {__version__}", help=about_version)
    commands = parser.add_subparsers(required=True, metavar=t("COMMAND"))
    for module in (
        demo,
        record_commands,
        bundle_commands,
        document_commands,
        history_commands,
        people_commands,
        protect_commands,
        store_commands,
        backup_commands,
    ):
        module.add_commands(commands, common, catalog)
    return parser
