"""The part of the matrix that the tests try: every way, every operation and every server at least once.

Which of them meet is fixed by their places in the lists, so that the same sample is tried every time.
"""

from __future__ import annotations

from tests.matrix import cases
from tests.matrix.cases import AWS_WAYS, DNS_WAYS, WORLDS, Fault


def of(world: str) -> list[Fault]:
    """Return the faults that are tried in a world."""
    shift = WORLDS.index(world)
    operations = cases.clean(world).asked
    found = [
        Fault("aws", operation, AWS_WAYS[(place + shift) % len(AWS_WAYS)])
        for place, operation in enumerate(operations)
        if (place + shift) % 4 == 0 or world == WORLDS[0]
    ]
    servers = cases.servers(world)
    found += [Fault("dns", server, DNS_WAYS[(n + shift) % len(DNS_WAYS)]) for n, server in enumerate(servers[:2])]
    return [*found, Fault("aws", "*", AWS_WAYS[shift % len(AWS_WAYS)])]
