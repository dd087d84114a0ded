"""Values that are computed at the same time, each in a thread, and waited for no longer than a budget of time.

There are no stages: work waits only for the values that it reads. How many AWS calls had to end before a call could begin is
counted along the way. All threads are daemons, named for what they do: an interrupt waits for none of them.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Any, Generic, TypeAlias, TypeVar

from sddoctor.case.seen import Fact, Unreachable
from sddoctor.observe.budget import Budget

T = TypeVar("T")
U = TypeVar("U")

#: Seconds after the budget for work that assembles what other work found until its end.
ASSEMBLY = 1.0
#: Results of :func:`stream` that wait to be taken, at most.
_WAITING = 64

_here = threading.local()


def depth() -> int:
    """Return how many calls, one after another, this thread has waited for."""
    return int(getattr(_here, "depth", 0))


def waited_for(other: int) -> None:
    """Note that something was waited for that took ``other`` calls, one after another."""
    _here.depth = max(depth(), other)


def begin() -> None:
    """Forget what this thread waited for: another observation begins."""
    _here.depth = 0


def guarded(job: Callable[[], Fact[T]], what: str) -> Fact[T]:
    """Read a fact in this thread; an answer that is not of the documented shape becomes a gap."""
    try:
        return job()
    except Exception as error:  # whatever the answer was, the other facts are still worth having
        return Unreachable(what, f"it could not be read ({type(error).__name__})", "a later try")


class Work(Generic[T]):
    """A value that is computed in a thread. ``what`` names the thread, and the value if it does not come in time.

    It is waited for until the budget ends and ``moment`` seconds longer.
    """

    def __init__(self, job: Callable[[], T], what: str, budget: Budget, moment: float = ASSEMBLY) -> None:
        self._job = job
        self._what = what
        self._budget = budget
        self._moment = moment
        self._value: T | None = None
        self._error: Exception | None = None
        self._depth = depth()
        self._done = threading.Event()
        _start(self._run, what)

    def _run(self) -> None:
        _here.depth = self._depth
        try:
            self._value = self._job()
        except Exception as error:  # raised again for whoever waits
            self._error = error
        self._depth = depth()
        self._done.set()

    def value(self) -> T:
        """Return the value, of work that bounds its own time. Raises what the job raised."""
        self._done.wait()
        return self._finished()

    def result(self, late: U) -> T | U:
        """Return the value, or ``late`` when the time is over. Raises what the job raised."""
        return self._within(self._budget.remaining() + self._moment, late)

    def fact(self: Pending[U]) -> Fact[U]:
        """Return the fact, or the gap that the time is over. Raises what the job raised."""
        return self.result(self._budget.too_late(self._what))

    def fact_within(self: Pending[U], budget: Budget, late: Unreachable) -> Fact[U]:
        """Return the fact if it comes within the caller's own budget, or ``late``."""
        return self._within(budget.remaining(), late)

    def _within(self, seconds: float, late: U) -> T | U:
        return self._finished() if self._done.wait(seconds) else late

    def _finished(self) -> T:
        if self._error is not None:
            raise self._error
        waited_for(self._depth)
        return self._value  # type: ignore[return-value] # set before it was done


#: A fact that is read in a thread.
Pending: TypeAlias = Work[Fact[T]]


def pending(job: Callable[[], Fact[T]], what: str, budget: Budget) -> Pending[T]:
    """Begin to read a fact in a thread; an answer that is not of the documented shape becomes a gap."""
    return Work(lambda: guarded(job, what), what, budget)


class Once(Generic[T]):
    """Values by key, each made once, by the first caller. Making must be quick: work is begun, not waited for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: dict[Hashable, T] = {}

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the value of a key."""
        with self._lock:
            if key not in self._made:
                self._made[key] = make()
            return self._made[key]

    def __contains__(self, key: Hashable) -> bool:
        with self._lock:
            return key in self._made

    def forget(self, *keys: Hashable) -> None:
        """Drop these values; without keys, all of them. They are made again on demand."""
        with self._lock:
            for key in keys or tuple(self._made):
                self._made.pop(key, None)


def run_all(jobs: Sequence[Callable[[], T]], at_once: int | None = None) -> list[T]:
    """Run jobs at the same time, no more than ``at_once``, and return their results in order.

    The jobs bound their own time. What a job raises is raised again.
    """
    if len(jobs) < 2:
        return [job() for job in jobs]
    found = dict(stream(enumerate(jobs), lambda job: [(job[0], job[1]())], "a part", at_once or len(jobs)))
    return [found[place] for place in range(len(jobs))]


def stream(items: Iterable[T], work: Callable[[T], Iterable[U]], what: str, at_once: int) -> Iterator[U]:
    """Yield what ``work`` yields for each item, as it comes, with at most ``at_once`` items in work.

    What it raises is raised again. When the caller stops iterating, no further item is begun.
    """
    items = list(items)
    waiting = iter(items)
    lock, stopped = threading.Lock(), threading.Event()
    results: queue.Queue[tuple[bool, Any]] = queue.Queue(_WAITING)

    def run() -> None:
        try:
            while True:
                with lock:
                    item = next(waiting, None)
                if item is None or stopped.is_set():
                    break
                for result in work(item):
                    if stopped.is_set():
                        return
                    results.put((True, result))
            results.put((False, None))
        except BaseException as error:  # raised where the results are read
            results.put((False, error))

    workers = min(at_once, len(items))
    for _ in range(workers):
        _start(run, what)
    try:
        for _ in range(workers):
            more, value = results.get()
            while more:
                yield value
                more, value = results.get()
            if value is not None:
                raise value
    finally:
        stopped.set()
        with contextlib.suppress(queue.Empty):  # makes room for workers that wait to put a result: they end
            while True:
                results.get_nowait()


def _start(run: Callable[[], None], what: str) -> None:
    threading.Thread(target=run, name=what, daemon=True).start()
