"""A process of its own that writes, verifies and imports one bundle, and prints its peak memory in MB."""

from __future__ import annotations

import hashlib
import os
import resource
import sys
from pathlib import Path

from pessdesk.application.change_contribution import attach_file
from pessdesk.application.export_bundle import export_workshop
from pessdesk.application.import_bundles import import_bundles
from pessdesk.application.programme import PlannedWorkshop, new_workshop
from pessdesk.application.record_contributions import record_one
from pessdesk.bootstrap import Program

if __name__ == "__main__":
    folder, megabytes = Path(sys.argv[1]), int(sys.argv[2])
    folder.mkdir()
    source, out = folder / "film.bin", folder / "out"
    out.mkdir()
    digest = hashlib.sha256()
    with source.open("wb") as file:
        for _ in range(megabytes):
            file.write(os.urandom(1_000_000))
    program = Program()
    with program.desk(folder / "laptop", write=True, create=True) as desk:
        code = new_workshop(desk, PlannedWorkshop("Taller", "2026-03-12", "04"))["code"]
        attach_file(desk, record_one(desk, code, {"text": "Amb una pel·lícula"}).code, source)
        export_workshop(desk, code, out)
    with program.desk(folder / "office", write=True, create=True) as desk:
        program.add_card(folder / "office" / "trust", program.own_card(folder / "laptop"))
        import_bundles(desk, [out])
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}")
