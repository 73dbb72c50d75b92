"""`make torture`: the fault tests with ten thousand kills and all that grows with them; docs/durability.md is written from it.

`python -m tests.faults.torture N SEED`. Ends with 1 where a test failed or something was lost; the page is written only by a
run that came to its end well, so that what it says was so.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.faults.ledger import page, read

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "durability.md"


def main(number: int, seed: int) -> int:
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder) / "ledger"
        environment = os.environ | {
            "PESSDESK_TORTURE": str(number), "PESSDESK_SEED": str(seed), "PESSDESK_LEDGER": str(lines),
        }  # fmt: skip
        command = [sys.executable, "-m", "pytest", "tests/faults", "--timeout", "0", "--capture", "sys"]
        if subprocess.run(command, env=environment, cwd=ROOT, check=False).returncode != 0:
            return 1
        entries = read(lines)
    if any(entry.lost for entry in entries):
        return 1
    PAGE.write_text(page(entries, seed=seed, seconds=time.monotonic() - begun), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)} says what was done.")
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
