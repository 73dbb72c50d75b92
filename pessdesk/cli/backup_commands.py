"""Commands for copies of the store: backup (make, list, second, drill) and restore."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from pessdesk.application.backups import Backup, Loss, Restored
from pessdesk.cli.app import App
from pessdesk.cli.output import Output
from pessdesk.domain.errors import CheckFailed, StoreUnusable, UnknownThing
from pessdesk.wording.catalog import Catalog

_SHOWN = 10
R = TypeVar("R")


def add_commands(commands: Any, common: argparse.ArgumentParser, catalog: Catalog) -> None:
    t = catalog.text
    about = t("make copies of the store, list them, keep them in a second place, try one")
    backup = commands.add_parser("backup", parents=[common], help=about, description=about)
    backup.set_defaults(run=make)
    parts = backup.add_subparsers(metavar=t("COMMAND"))

    def part(name: str, run: Any, about: str) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = parts.add_parser(name, parents=[common], help=about, description=about)
        made.set_defaults(run=run)
        return made

    part("make", make, t("make a backup, if anything has changed since the last one"))
    part("list", show, t("the backups that there are, newest first"))
    part("drill", drill, t("restore the newest backup aside, look it through, and remove it again"))
    second = part("second", set_second, t("a folder on a stick or a network disk to which backups are copied too"))
    choice = second.add_mutually_exclusive_group()
    choice.add_argument("folder", type=Path, nargs="?", metavar=t("FOLDER"), help=t("copy to this folder from now on"))
    choice.add_argument("--off", action="store_true", help=t("copy to no second place any more; what lies there stays"))

    about = t("put a backup in the place of the store; says first what would be lost")
    restoring = commands.add_parser("restore", parents=[common], help=about, description=about)
    restoring.set_defaults(run=restore)
    restoring.add_argument(
        "backup",
        nargs="?",
        default="latest",
        metavar=t("NUMBER"),
        help=t("which backup; without it the newest good one"),
    )
    restoring.add_argument("--plan", action="store_true", help=t("only say what would be lost"))
    restoring.add_argument("--yes", action="store_true", help=t("what would be lost has been read"))
    restoring.add_argument(
        "--backup-only", action="store_true", help=t("take nothing over from the store that is replaced")
    )
    restoring.add_argument(
        "--as-is",
        action="store_true",
        help=t("restore nothing: go on with the store as it is, though something is missing"),
    )


def make(app: App, output: Output, options: argparse.Namespace) -> int:
    made = app.back_up(options.data_dir)
    second = app.second_place(options.data_dir)
    output.json({"made": made and _value(made), "second": str(second.path or ""), "second_trouble": second.trouble})
    if made is None:
        output.say("Nothing has changed since the last backup.")
    else:
        output.say("Backup {number} made: {path}", number=made.number, path=made.path)
    _tell_trouble(app, output, options)
    return 0


def show(app: App, output: Output, options: argparse.Namespace) -> int:
    for backup in app.backups(options.data_dir):
        output.json(_value(backup))
        if not output.as_json:
            output.line(_line(output.catalog, backup))
    _tell_trouble(app, output, options)
    return 0


def set_second(app: App, output: Output, options: argparse.Namespace) -> int:
    if options.folder or options.off:
        app.set_second_place(options.data_dir, options.folder)
    second = app.second_place(options.data_dir)
    output.json({"second": str(second.path or ""), "last_ms": second.last_ms, "trouble": second.trouble})
    if second.path is None:
        output.say("There is no second place for backups.")
    else:
        output.say("Backups are copied to {path} too.", path=second.path)
        if not app.protection(options.data_dir).protected:
            output.note(
                "The store is not protected: whoever finds that folder can read everything in it. “protect on” changes that."
            )
    return 0


def drill(app: App, output: Output, options: argparse.Namespace) -> int:
    tried = app.drill(options.data_dir, _silent)
    output.json(
        {
            "backup": _value(tried.backup), "opens": tried.opens, "contributions": tried.contributions,
            "behind": tried.behind, "files_missing": tried.files_missing, "digest_same": tried.digest_same,
            "seconds": round(tried.seconds, 3),
        }
    )  # fmt: skip
    if not tried.opens or not tried.digest_same:
        raise CheckFailed("backup-damaged", path=str(tried.backup.path))
    output.count(
        "Backup {number} opens: {count} contribution, looked through in {seconds} s.",
        "Backup {number} opens: {count} contributions, looked through in {seconds} s.",
        tried.contributions,
        number=tried.backup.number,
        seconds=f"{tried.seconds:.1f}",
    )
    if tried.behind:
        output.count("It lacks {count} change made since.", "It lacks {count} changes made since.", tried.behind)
    if tried.files_missing:
        output.count(
            "{count} attachment's file is missing.", "{count} attachments' files are missing.", tried.files_missing
        )
    return 0


def restore(app: App, output: Output, options: argparse.Namespace) -> int:
    if options.as_is:
        app.accept_store(options.data_dir)
        output.json({"accepted": True})
        output.say("The store is used as it is from now on. What did not belong to it lies in the folder “replaced”.")
        return 0
    found = _chosen(app, options)
    if options.plan or not options.yes:
        backup, lost = _usable(app, output, options, found)
        _show_loss(output, backup, lost)
        if not options.plan:
            output.say("Nothing was changed. To go on: restore {number} --yes", number=backup.number)
        return 0
    backup, done = _restored(app, output, options, found)
    output.json({"restored": _value(backup), "replaced": str(done.replaced), "saved": done.saved, "lost": done.lost})
    output.say(
        "Backup {number} is the store now. The replaced one lies in {path}.", number=backup.number, path=done.replaced
    )
    if done.saved:
        output.count("{count} later change was saved from it.", "{count} later changes were saved from it.", done.saved)
    if done.lost:
        output.count("{count} change could not be saved.", "{count} changes could not be saved.", done.lost)
    return 0


def _chosen(app: App, options: argparse.Namespace) -> list[Backup]:
    """The backup that was named, or all that may be sound, newest first."""
    found = app.backups(options.data_dir)
    if options.backup == "latest":
        return [backup for backup in found if backup.good is not False]
    number = int(options.backup) if options.backup.isdecimal() else 0
    named = [backup for backup in found if backup.number == number]
    if not named:
        raise UnknownThing("backup-unknown", value=options.backup)
    return named


def _usable(app: App, output: Output, options: argparse.Namespace, found: list[Backup]) -> tuple[Backup, Loss]:
    return _first_sound(output, options, found, lambda backup: app.loss(options.data_dir, backup))


def _restored(app: App, output: Output, options: argparse.Namespace, found: list[Backup]) -> tuple[Backup, Restored]:
    keep = not options.backup_only
    return _first_sound(
        output,
        options,
        found,
        lambda backup: app.restore(options.data_dir, backup, _silent, keep_what_can_be_read=keep),
    )


def _first_sound(
    output: Output, options: argparse.Namespace, found: list[Backup], use: Callable[[Backup], R]
) -> tuple[Backup, R]:
    """What comes of the first backup that can be used; of those that cannot it is said."""
    for backup in found:
        try:
            return backup, use(backup)
        except StoreUnusable as problem:
            if problem.code != "backup-damaged":
                raise
            output.warn(problem.code, **problem.facts)
    raise UnknownThing("backup-none", path=str(options.data_dir))


def _show_loss(output: Output, backup: Backup, lost: Loss) -> None:
    output.json(
        {
            "backup": _value(backup), "readable": lost.readable, "edits": lost.edits, "drafts": lost.drafts,
            "contributions": [{"workshop": w, "code": c, "text": x} for w, c, x in lost.contributions],
        }
    )  # fmt: skip
    if output.as_json:
        return
    output.line(_line(output.catalog, backup))
    if not lost.readable:
        output.say("The store of now cannot be read wholly: there may be more in it than is said here.")
    count = len(lost.contributions)
    output.count(
        "The backup lacks {count} contribution of the store of now.",
        "The backup lacks {count} contributions of the store of now.",
        count,
    )
    for _, code, said in lost.contributions[:_SHOWN]:
        output.line(f"  {code}  {said}")
    if count > _SHOWN:
        output.line("  …")
    if lost.edits:
        output.count("It lacks {count} other change.", "It lacks {count} other changes.", lost.edits)
    if lost.drafts:
        output.count("It lacks {count} unfinished text.", "It lacks {count} unfinished texts.", lost.drafts)
    if count or lost.edits or lost.drafts:
        output.say("What can be read of it is taken over into the restored store.")


def _tell_trouble(app: App, output: Output, options: argparse.Namespace) -> None:
    second = app.second_place(options.data_dir)
    if second.trouble:
        output.warn(second.trouble, path=str(second.path), reason="")


def _line(catalog: Catalog, backup: Backup) -> str:
    made = datetime.fromtimestamp(backup.made_ms / 1000).strftime("%Y-%m-%d %H:%M")
    state = "" if backup.good is not False else catalog.text("damaged")
    place = "" if backup.place == "here" else catalog.text("second place")
    count = catalog.plural("{count} contribution", "{count} contributions", backup.contributions)
    return f"{backup.number:>6}  {made}  {count}  {backup.size / 1e6:.1f} MB  {place}  {state}".rstrip()


def _value(backup: Backup) -> dict[str, object]:
    return {
        "number": backup.number, "path": str(backup.path), "made_ms": backup.made_ms, "revisions": backup.revisions,
        "contributions": backup.contributions, "size": backup.size, "place": backup.place, "good": backup.good,
    }  # fmt: skip


def _silent(_: int, __: int) -> None:
    """A command says what it did when it has done it."""
