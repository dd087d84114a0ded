"""The part of the matrix that the tests try: every way, and every operation and server of every kind, at least once.

Which of them meet is fixed by their places in the lists, so that the same sample is tried every time.
"""

from __future__ import annotations

from tests.matrix import cases
from tests.matrix.cases import AWS_WAYS, DNS_WAYS, WORLDS, Fault
from tests.repeats import up_to
from tests.world_cases import observed

#: Of the operations that an earlier world has shown, every so many are tried again.
_AGAIN = up_to(8, 4)  # one in so many


def of(world: str) -> list[Fault]:
    """Return the faults that are tried in a world."""
    shift = WORLDS.index(world)
    earlier = {f"{c.service}:{c.operation}" for other in WORLDS[:shift] for c in observed(other).calls}
    found = [
        Fault("aws", operation, AWS_WAYS[(place + shift) % len(AWS_WAYS)])
        for place, operation in enumerate(cases.clean(world).asked)
        if operation not in earlier or (place + shift) % _AGAIN == 0
    ]
    found += [
        Fault("dns", server, DNS_WAYS[(place + shift) % len(DNS_WAYS)])
        for place, server in enumerate(cases.servers(world)[:2])
    ]
    return [*found, Fault("aws", "*", AWS_WAYS[shift % len(AWS_WAYS)])]
