"""The same on all cores: each task in a process that was started afresh, so that it can fork without a second thread."""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from types import TracebackType
from typing import Self, TypeVar

T = TypeVar("T")
R = TypeVar("R")
PACE_S = 10.0


class Crowd:
    """Workers, one a core; what a task raises is raised here."""

    def __init__(self, warm_up: Callable[[], None], *, talk: bool = False) -> None:
        """`warm_up` is called once in each worker: what it imports, a child need not."""
        context = multiprocessing.get_context("spawn")
        self._workers = ProcessPoolExecutor(os.cpu_count(), mp_context=context, initializer=warm_up)
        self._talk = talk

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, tb: TracebackType | None) -> None:
        self._workers.shutdown(cancel_futures=True)

    def map(self, work: Callable[[T], R], tasks: Sequence[T], what: str) -> Iterator[R]:
        """`work` of each task, in order; long ones say now and then how far they are."""
        said = time.monotonic()
        chunks = max(1, min(20, len(tasks) // 16))
        for number, result in enumerate(self._workers.map(work, tasks, chunksize=chunks), start=1):
            yield result
            if self._talk and (time.monotonic() - said > PACE_S or number == len(tasks)):
                said = time.monotonic()
                print(f"{what}: {number} of {len(tasks)}", file=sys.__stderr__, flush=True)
