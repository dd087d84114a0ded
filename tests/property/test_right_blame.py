"""Right blame: one fault, then two, in a world that is healthy otherwise, and exactly those are named.

``SDDOCTOR_BLAME_WORLDS`` says how many worlds for each number of faults, ``SDDOCTOR_BLAME_FIRST`` from which on. The
message of a failure names the seed and the faults: ``python -m tests.property.show SEED CAUSE...`` shows the world
and what is said about it.
"""

from __future__ import annotations

import os
import random
from itertools import combinations

import pytest

from tests.property.faults import FAULTS, Fault, follows, forget, hides
from tests.property.patience import judge_patiently
from tests.property.worlds import healthy
from tests.repeats import chunks

WORLDS = int(os.environ.get("SDDOCTOR_BLAME_WORLDS", "75"))
CHUNK = 10
FIRST_SEED = 1_000_000 + int(os.environ.get("SDDOCTOR_BLAME_FIRST", "0"))


@pytest.mark.parametrize("first", chunks(WORLDS, CHUNK, quick=20))
@pytest.mark.parametrize("count", [1, 2])
def test_the_injected_causes_are_named(count: int, first: int) -> None:
    wrong = [w for n in range(first, min(first + CHUNK, WORLDS)) if (w := misjudged(FIRST_SEED + n, count))]
    assert not wrong, "\n\n".join(wrong)


def misjudged(seed: int, count: int) -> str:
    """Put ``count`` faults that fit into the world of a seed, and return what is wrong with the judgement of it."""
    faults = choose(seed, count)
    if not faults:
        return ""
    sketch = healthy(seed)
    forget(sketch)
    for fault in sorted(faults, key=lambda f: f.code == "srv-only"):
        fault.inject(sketch)
    said = judge_patiently(sketch.build())
    expected = roots(faults)
    if said.root_causes == expected and said.status == 1:
        return ""
    codes = " ".join(f.code for f in faults)
    return f"seed {seed} {codes} ({', '.join(sketch.notes)}): expected {expected}, got {said.in_words()}"


def choose(seed: int, count: int) -> tuple[Fault, ...]:
    """Return faults that fit the world of a seed, each of another part of it."""
    sketch = healthy(seed)
    fitting = [f for f in FAULTS if f.fits(sketch)]
    if "dns_twin" in sketch.notes:  # detached here and registered there, it may as well be the other one that is meant
        fitting = [f for f in fitting if f.code != "service-not-attached"]
    sets = [c for c in combinations(fitting, count) if not any(hides(a, b) for a, b in combinations(c, 2))]
    twins = "dns_twin" in sketch.notes and (count > 1 or sketch.asker == "host-forwarder")
    if twins or (count > 1 and sketch.opaque):
        return ()  # with the fault nothing is left that tells the right one of two namespaces, or whose tasks are meant
    return random.Random(seed).choice(sets) if sets else ()


def roots(faults: tuple[Fault, ...]) -> list[str]:
    """Return the root causes in order: those that follow from another one are its consequences."""
    heads = [f for f in faults if not any(follows(f, other) for other in faults)]
    return [f.code for f in sorted(heads, key=FAULTS.index)]
