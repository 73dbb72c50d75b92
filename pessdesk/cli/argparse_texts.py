"""argparse's own texts, marked for our catalogs.

argparse speaks through `argparse._` and `argparse.ngettext`, which the command line sets to our catalog. Its texts stand
in the standard library, where no extraction of ours looks; so those that a person can get to see are named here, of all
Python versions from 3.11 on. Not here: what it says to programmers only.
"""

from __future__ import annotations


def _(source: str) -> str:
    """Marks a text for the catalogs."""
    return source


def plural(one: str, many: str) -> tuple[str, str]:
    """Marks a text with two forms for the catalogs."""
    return one, many


ARGPARSE = (
    # Help
    _("usage: "),
    _("positional arguments"),
    _("options"),
    _("subcommands"),
    _("show this help message and exit"),
    _("show program's version number and exit"),
    _("%(heading)s:"),
    _(" (default: %(default)s)"),
    # What is wrong with the command's words
    _("%(prog)s: error: %(message)s\n"),
    _("%(prog)s: warning: %(message)s\n"),
    _("argument %(argument_name)s: %(message)s"),
    _("the following arguments are required: %s"),
    _("one of the arguments %s is required"),
    _("not allowed with argument %s"),
    _("unrecognized arguments: %s"),
    _("unexpected option string: %s"),
    _("ambiguous option: %(option)s could match %(matches)s"),
    _("ignored explicit argument %r"),
    _("expected one argument"),
    _("expected at most one argument"),
    _("expected at least one argument"),
    plural("expected %s argument", "expected %s arguments"),
    _("invalid %(type)s value: %(value)r"),
    _("invalid choice: %(value)r (choose from %(choices)s)"),
    _("invalid choice: %(value)r, maybe you meant %(closest)r? (choose from %(choices)s)"),
    _("unknown parser %(parser_name)r (choices: %(choices)s)"),
    _("can't open '%(filename)s': %(error)s"),
    _('argument "-" with mode %r'),
    # What will go away
    _("argument '%(argument_name)s' is deprecated"),
    _("command '%(parser_name)s' is deprecated"),
    _("option '%(option)s' is deprecated"),
)
