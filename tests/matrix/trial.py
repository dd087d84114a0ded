"""One fault in one world, tried and judged."""

from __future__ import annotations

from msgspec import Struct

from tests.matrix import cases, rules
from tests.matrix.cases import Fault


class Result(Struct, frozen=True):
    """What came of one fault in one world."""

    world: str
    fault: Fault
    mark: str
    problems: tuple[str, ...] = ()
    words: str = ""


def tried(world: str, fault: Fault) -> Result:
    """Check the world with the fault, in whichever process this is. What hangs does so for good: a check must not wait for it."""
    clean, said = cases.clean(world), cases.judged(world, fault)
    found = tuple(rules.problems(clean, said, fault))
    return Result(world, fault, rules.mark(clean, said, fault), found, said.in_words() if found else "")
