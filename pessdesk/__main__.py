"""`python -m pessdesk` and the command `pessdesk`."""

from __future__ import annotations

import sys


def main() -> int:
    from pessdesk.bootstrap import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
