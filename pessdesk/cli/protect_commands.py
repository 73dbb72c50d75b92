"""Commands for protection at rest: on, off, status, passphrase, recovery."""

from __future__ import annotations

import argparse
import random
from pathlib import Path
from typing import Any

from pessdesk.application.protection import GROUPS, WAYS
from pessdesk.cli.app import App
from pessdesk.cli.output import Output
from pessdesk.cli.secrets import new_passphrase, read_line, secret, typed
from pessdesk.domain.errors import PessError, StoreLocked
from pessdesk.wording.catalog import Catalog


def add_commands(commands: Any, common: argparse.ArgumentParser, catalog: Catalog) -> None:
    t = catalog.text
    about = t("protect what is on this laptop with a passphrase or the computer's keychain")
    protect = commands.add_parser("protect", parents=[common], help=about, description=about)
    parts = protect.add_subparsers(required=True, metavar=t("COMMAND"))

    def part(name: str, run: Any, about: str) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = parts.add_parser(name, parents=[common], help=about, description=about)
        made.set_defaults(run=run)
        return made

    on = part("on", turn_on, t("encrypt the store and its files"))
    part("off", turn_off, t("decrypt the store and its files"))
    part("status", show_status, t("say whether the store is protected, and how it is opened"))
    change = part("passphrase", change_passphrase, t("change what opens the store"))
    recovery = part("recovery", make_recovery_key, t("make a new recovery key in place of the one before"))
    for parser in (on, change):
        parser.add_argument("--way", choices=WAYS, default="passphrase", help=t("what opens it every day"))
        parser.add_argument(
            "--new-passphrase-file", type=Path, metavar=t("FILE"), help=t("its first line is the new passphrase")
        )
    for parser in (on, recovery):
        about = t("write the recovery key on a sheet to be printed, instead of showing it")
        parser.add_argument("--sheet", type=Path, metavar=t("FILE"), help=about)
    recovery.add_argument(
        "--try", dest="trying", action="store_true", help=t("type one group of the key that you have")
    )
    recovery.add_argument("--group", type=int, choices=range(1, GROUPS + 1), metavar="N", help=t("which group to try"))


def turn_on(app: App, output: Output, options: argparse.Namespace) -> int:
    if options.sheet:
        app.check_sheet(options.sheet)
    passphrase = ""
    if not app.protection(options.data_dir).protected and options.way == "passphrase":
        file = options.new_passphrase_file or options.passphrase_file
        passphrase = new_passphrase(file, output.catalog)
    key = app.protect(options.data_dir, options.way, passphrase)
    output.say("Protected: the store, its files and its backups.")
    _say_readable(app, output, options)
    _hand_out(app, output, options, key)
    return 0


def turn_off(app: App, output: Output, options: argparse.Namespace) -> int:
    app.unprotect(options.data_dir, _proof(app, output, options))
    output.json({"protected": False})
    output.say("Not protected any more.")
    return 0


def show_status(app: App, output: Output, options: argparse.Namespace) -> int:
    found = app.protection(options.data_dir)
    output.json({
        "protected": found.protected, "way": found.way, "recovery_tried": found.recovery_tried,
        "keychain_works": app.keychain_works(), "left_readable": app.left_readable(options.data_dir),
    })  # fmt: skip
    if not found.protected:
        output.say("Not protected: whoever has this laptop can read everything. `protect on` protects it.")
    elif found.way == "keychain":
        output.say("Protected. The computer's keychain opens it.")
    else:
        output.say("Protected. A passphrase opens it.")
    _say_readable(app, output, options)
    if found.protected and not found.recovery_tried:
        output.say("Nobody has tried the recovery key yet: `protect recovery --try`.")
    return 0


def change_passphrase(app: App, output: Output, options: argparse.Namespace) -> int:
    proof = _proof(app, output, options)
    app.unlock(options.data_dir, proof)  # before somebody thinks of a new one in vain
    passphrase = ""
    if options.way == "passphrase":
        passphrase = new_passphrase(options.new_passphrase_file, output.catalog)
    app.change_passphrase(options.data_dir, proof, options.way, passphrase)
    output.json({"protected": True, "way": options.way})
    output.say("Changed. The recovery key stays the same.")
    return 0


def make_recovery_key(app: App, output: Output, options: argparse.Namespace) -> int:
    if options.trying:
        return _try_group(app, output, options)
    if options.sheet:
        app.check_sheet(options.sheet)
    proof = _proof(app, output, options)
    app.unlock(options.data_dir, proof)  # the sheet names the laptop
    key = app.new_recovery_key(options.data_dir, proof)
    output.say("The recovery key of before opens nothing any more.")
    _hand_out(app, output, options, key)
    return 0


def _try_group(app: App, output: Output, options: argparse.Namespace) -> int:
    app.key(options.data_dir)  # whoever tries it has opened the store
    number = options.group or random.randint(1, GROUPS)  # noqa: S311 - a question, no secret
    prompt = output.catalog.text("Group {number} of the recovery key:", number=number)
    group = typed(prompt)
    if group is None:
        group = read_line(Path("-"))
    if not app.is_recovery_group(options.data_dir, number, group):
        raise StoreLocked("recovery-differs", group=number)
    app.recovery_was_tried(options.data_dir)
    output.json({"group": number, "right": True})
    output.say("That is group {number}. Keep the key away from the laptop.", number=number)
    return 0


def _say_readable(app: App, output: Output, options: argparse.Namespace) -> None:
    if count := app.left_readable(options.data_dir):
        output.count(
            "{count} file is still readable: the disk is full, or a program has it open. The next start tries again.",
            "{count} files are still readable: the disk is full, or a program has them open. The next start tries again.",
            count,
        )


def _proof(app: App, output: Output, options: argparse.Namespace) -> str:
    """The secret of who may change protection; with the keychain it need not be typed."""
    found = app.protection(options.data_dir)
    if not found.protected:
        return ""
    if options.passphrase_file is None and found.way == "keychain" and app.unlock_by_keychain(options.data_dir):
        return ""
    return secret(options, output.catalog)


def _hand_out(app: App, output: Output, options: argparse.Namespace, key: str) -> None:
    """The recovery key, once: on a sheet, or on the terminal. It is shown too when the sheet cannot be written."""
    if options.sheet:
        try:
            app.recovery_sheet(options.data_dir, key, options.sheet, output.catalog.language, replace=False)
        except PessError:
            _show(output, key)
            raise
        output.json({"protected": True, "sheet": str(options.sheet)})
        output.say("The recovery key is on the sheet {path}. Print it and delete the file.", path=options.sheet)
    else:
        _show(output, key)
    output.say("Then try it: `protect recovery --try`.")


def _show(output: Output, key: str) -> None:
    output.json({"protected": True, "recovery_key": key})
    output.say("The recovery key. Write it down now, away from the laptop; it is shown this once:")
    groups = [f"{number}: {group}" for number, group in enumerate(key.split("-"), start=1)]
    for line in (groups[:4], groups[4:]):
        if not output.as_json:
            output.line("    " + "    ".join(line))
