"""Work in threads: what is raised reaches whoever waits, nobody waits beyond the budget, and nothing is made twice."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from sddoctor.case.seen import Fact, Seen, Unreachable
from sddoctor.observe.budget import Budget
from sddoctor.observe.work import Once, Work, pending, run_all, stream


class OddError(Exception):
    """Raised by work."""


def _raise() -> int:
    raise OddError


def test_what_work_raises_reaches_whoever_waits() -> None:
    with pytest.raises(OddError):
        Work(_raise, "a number", Budget(60)).result(0)
    with pytest.raises(OddError):
        run_all([lambda: 1, _raise, lambda: 3])


def test_a_fact_that_cannot_be_read_is_a_gap() -> None:
    def misread() -> Fact[int]:
        raise OddError

    fact = pending(misread, "a number", Budget(60)).fact()
    assert isinstance(fact, Unreachable)
    assert (fact.what, fact.why) == ("a number", "it could not be read (OddError)")


def test_work_that_does_not_end_is_late_and_says_for_how_long_it_was_waited() -> None:
    end = threading.Event()
    work = pending(lambda: Seen(end.wait(), "here"), "a flag", Budget(0.01))
    assert work.fact() == Unreachable("a flag", "the time budget of 0.01 s ended", "more time (--timeout)")
    end.set()


def test_results_are_in_the_order_of_the_jobs_whichever_ends_first() -> None:
    last_ended = threading.Event()

    def first() -> int:
        last_ended.wait()
        return 1

    def last() -> int:
        last_ended.set()
        return 2

    assert run_all([first, last]) == [1, 2]


def test_no_more_jobs_than_wanted_run_at_once() -> None:
    lock, running, most = threading.Lock(), set[int](), set[int]()

    def job() -> None:
        with lock:
            running.add(threading.get_ident())
            most.add(len(running))
        with lock:
            running.discard(threading.get_ident())

    run_all([job] * 50, at_once=3)
    assert max(most) <= 3


def test_once_makes_a_value_again_only_when_it_was_forgotten() -> None:
    numbers, once = iter(range(10)), Once[int]()
    assert [once.get(key, lambda: next(numbers)) for key in ("a", "a", "b", "a")] == [0, 0, 1, 0]
    once.forget("a")
    assert ("a" in once, "b" in once) == (False, True)
    assert [once.get(key, lambda: next(numbers)) for key in ("a", "b")] == [2, 1]


def test_nothing_further_is_begun_when_nobody_takes_results_any_more() -> None:
    begun: list[int] = []

    def work(item: int) -> Iterator[int]:
        begun.append(item)
        yield from range(100)

    results = stream(range(50), work, "numbers", 2)
    next(results)
    workers = [t for t in threading.enumerate() if t.name == "numbers"]
    results.close()  # type: ignore[attr-defined]
    for worker in workers:
        worker.join(60)
    assert not [w for w in workers if w.is_alive()]
    assert len(begun) < 50
