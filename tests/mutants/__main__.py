"""Prints what can be switched off without any world or case noticing: precedence, causes and guards. Status 1 if there is any.

``python -m tests.mutants --unit`` tries what is left with the unit tests of the causes as well.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import TypeVar

from sddoctor.causes.registry import BY_CODE, CAUSES
from sddoctor.stations.model import STATIONS
from tests.mutants import suite, unit_tests, where
from tests.mutants.guards import guards
from tests.mutants.variations import variations

#: A container and its host are two places, which no world has: tests/scenarios/test_places.py shows this pair.
_SHOWN_ELSEWHERE = (BY_CODE["container-dns-forwarder"], "split-dns-missing")
#: How many guards neither a world nor a unit test of the causes notices. It may only shrink.
MOST_GUARDS = 11


def main() -> int:
    """Try every mutant, and list those that live."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--unit", action="store_true", help="let the unit tests try what no world notices")
    parser.add_argument("--causes", action="store_true", help="leave out declarations and guards, which take minutes")
    options = parser.parse_args()
    worlds = suite.judged()
    pairs = [(cause, code) for cause in CAUSES for code in cause.explains]
    lives = [
        *_show(
            "explains", pairs, lambda p: suite.pair_is_noticed(worlds, *p), lambda p: f"{p[0].code} explains {p[1]}"
        ),
        *_show("causes", CAUSES, lambda cause: suite.cause_is_noticed(worlds, cause), lambda cause: cause.code),
        *_show("stations", STATIONS, lambda station: where.station_is_noticed(worlds, station), str),
        *_show("symptoms", where.SYMPTOMS, lambda symptom: where.symptom_is_noticed(worlds, symptom), str),
    ]
    lives += _show(
        "proofs", where.fitting(worlds), lambda cause: where.proof_is_noticed(worlds, cause), lambda cause: cause.code
    )
    if options.causes:
        return 1 if set(lives) - {_SHOWN_ELSEWHERE} else 0
    varied = [*worlds, *suite.judged(variations())]
    declared = _show(
        "declarations",
        where.declarations(),
        lambda d: where.declaration_is_noticed(varied, *d),
        lambda d: f"{d[0].code} {d[1]}: {d[2]}",
    )
    unseen = _show("guards", guards(), lambda guard: suite.guard_is_noticed(worlds, guard), str)
    if options.unit:
        noticed = dict(zip(unseen, unit_tests.noticed(unseen), strict=True))
        unseen = _show("guards that no world notices", unseen, lambda guard: noticed[guard], str)
    too_many = len(unseen) > MOST_GUARDS or len(declared) > where.MOST_UNNOTICED
    return 1 if too_many or set(lives) - {_SHOWN_ELSEWHERE} else 0


T = TypeVar("T")


def _show(kind: str, mutants: Sequence[T], noticed: Callable[[T], bool], words: Callable[[T], str]) -> list[T]:
    """Print how many mutants of a kind nothing notices, and which; return them."""
    lives = [mutant for mutant in mutants if not noticed(mutant)]
    print(f"{kind}: {len(lives)} of {len(mutants)} unnoticed", *(f"  {words(m)}" for m in lives), sep="\n", flush=True)
    return lives


if __name__ == "__main__":
    sys.exit(main())
