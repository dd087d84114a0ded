"""Prints the table of the matrix, and below each world what is wrong there, if anything is.

``python -m tests.matrix`` tries everything, which takes a quarter of an hour and more; ``--sample`` what the tests try;
``--world``, ``--place`` and ``--way`` choose.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import groupby
from multiprocessing import get_context

from tests.matrix import cases, sample
from tests.matrix.cases import Fault
from tests.matrix.trial import Result, tried


def main() -> int:
    """Run the matrix; the status is 1 if anything in it is wrong."""
    options = _options()
    wanted = list(_wanted(options))
    total: Counter[str] = Counter()
    # Fresh processes: a copy of this one would have its labs, but not the threads that end them.
    with ProcessPoolExecutor(options.jobs, mp_context=get_context("spawn")) as pool:
        running: list[Future[Result]] = [pool.submit(tried, w, f) for w, f in wanted]
        for world, results in groupby((r.result() for r in running), key=lambda r: r.world):
            some = list(results)
            _table(world, some)
            total.update(r.mark for r in some)
    print(
        f"\n{total.total()} checks: {total['=']} say the same as without the fault, {total['~']} less (or something that "
        f"is not certain), {total['?']} are inconclusive, {total['!']} are wrong."
    )
    return 1 if total["!"] else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.matrix", description=__doc__)
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--sample", action="store_true", help="only what the tests try")
    parser.add_argument("--world", action="append", choices=cases.WORLDS)
    parser.add_argument("--place", action="append", help="an operation, or a server's address")
    parser.add_argument("--way", action="append", choices=(*cases.AWS_WAYS, *cases.DNS_WAYS))
    return parser.parse_args()


def _wanted(options: argparse.Namespace) -> Iterator[tuple[str, Fault]]:
    for world in options.world or cases.WORLDS:
        for fault in sample.of(world) if options.sample else cases.faults(world):
            if fault.place in (options.place or [fault.place]) and fault.way in (options.way or [fault.way]):
                yield world, fault


def _table(world: str, results: list[Result]) -> None:
    """Print one row for each place, one column for each way; blank where it was not tried. Then what is wrong."""
    clean = cases.clean(world)
    print(f"\n{world}: {clean.report['verdict']} {', '.join(clean.root_causes)}")
    for kind, ways in (("aws", cases.AWS_WAYS), ("dns", cases.DNS_WAYS)):
        some = [r for r in results if r.fault.kind == kind]
        if not some:
            continue
        print(f"{'':48}" + " ".join(_heading(w) for w in ways))
        for place in dict.fromkeys(r.fault.place for r in some):
            marks = {r.fault.way: r.mark for r in some if r.fault.place == place}
            print(f"{place:48}" + " ".join(f"{marks.get(w, ''):^4}" for w in ways).rstrip())
    for result in (r for r in results if r.problems):
        print(f"\n! {result.fault.place} {result.fault.way}: {'; '.join(result.problems)}\n  {result.words}")
    sys.stdout.flush()


def _heading(way: str) -> str:
    """Return four letters of a way."""
    words = way.split("-")
    return f"{way[:4] if len(words) == 1 else words[0][:2] + words[1][:2]:4}"


if __name__ == "__main__":
    sys.exit(main())
