"""Independent questions at the same time, in threads that never keep the program from ending."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def run_all(jobs: Sequence[Callable[[], T]]) -> list[T]:
    """Run all jobs at the same time and return their results in order.

    The jobs bound their own time. The first exception, in order of the jobs, is raised again.
    """
    if len(jobs) == 1:
        return [jobs[0]()]
    results: dict[int, T] = {}
    errors: dict[int, Exception] = {}

    def run(index: int, job: Callable[[], T]) -> None:
        try:
            results[index] = job()
        except Exception as error:  # raised again in the caller's thread
            errors[index] = error

    threads = [threading.Thread(target=run, args=(i, job), daemon=True) for i, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[min(errors)]
    return [results[i] for i in range(len(jobs))]
