"""`python -m pessdesk` and the command `pessdesk`."""

from __future__ import annotations

import sys


def main() -> int:
    import io

    from pessdesk.bootstrap import run

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A file or a pipe gets UTF-8 on every system; what a terminal cannot show is no reason to stop.
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
