"""The proof that nothing is lost: each fault of the list is done to a real store, and what was acknowledged is looked for.

| module | what it is |
|---|---|
| `acts` | what a person does, what must be there afterwards, and the look at a store that says whether it is |
| `ground` | the laptop on which it happens |
| `kills` | SIGKILL: at a random moment, at the n-th statement, at the n-th file that is touched |
| `shim.c`, `shim` | the layer under a process: it records what reaches the disk, and can make any call fail |
| `scenes` | what is done under that layer, in a process of its own |
| `powercut` | the disk as it may be after a power cut at any point of such a record |
| `crowd` | the same on all cores |
| `ledger` | who counted what; `make torture` makes docs/durability.md of it |

The rule everywhere: an act says that it is done only when its use case has returned. After the fault the store, opened by
the real program, shows what the acts that said so left, or that with the act that was under way: nothing else, nothing half.

It runs on Linux; elsewhere each test is skipped, with the reason.
"""

from __future__ import annotations

FAULTS = {
    1: "killed at every statement of autosave",
    2: "killed at every step of closing, handing over and receiving",
    3: "power cut",
    4: "disk full, or a disk that reports an error",
    5: "flipped bytes in the database",
    6: "the log is missing, or another database's",
    7: "the newest backup is corrupt too",
    8: "second instance on the same store",
    9: "folder read-only, missing, or kept by somebody's cloud",
    10: "written by a newer PessDesk",
    11: "killed during a migration, at every statement",
    12: "5,000 contributions, 100 workshops",
    13: "the clock set back three years",
    14: "clock jump, time zone, midnight",
    15: "names of files that other systems cannot have",
    16: "text that is hard to keep as it is",
}
"""The numbers by which the tests, the ledger and docs/durability.md call them."""
