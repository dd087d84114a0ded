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
    """Check the world with the fault, in whichever process this is."""
    clean, said = cases.clean(world), cases.judged(world, fault)
    for _ in range(2):
        if said.seconds > fault.timeout + rules.OVERTIME:
            said = cases.judged(world, fault)  # a machine that is busy is slow once, a check that hangs always
    found = tuple(rules.problems(clean, said, fault))
    return Result(world, fault, rules.mark(clean, said, fault), found, said.in_words() if found else "")
