"""How a command opens a store that may not be there yet."""

from __future__ import annotations

import argparse
from contextlib import AbstractContextManager

from pessdesk.application.ports import Desk
from pessdesk.cli.app import App
from pessdesk.cli.output import Output


def begin(app: App, output: Output, options: argparse.Namespace, label: str = "") -> AbstractContextManager[Desk]:
    """The store open for writing, made where there is none; before the first write it is said when its folder is no good
    place for one."""
    if not app.store_exists(options.data_dir) and (code := app.place_warning(options.data_dir)):
        output.warn(code, path=str(options.data_dir))
    return app.desk(options.data_dir, write=True, create=True, label=label)
