"""How a Route 53 Global Resolver answers: from its private zones, else as the internet does. It asks nobody who it is.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/gr-what-is-global-resolver.html
"""

from __future__ import annotations

import random

from sddoctor.lab.dns.internet import answer_from_internet
from sddoctor.lab.dns.result import Result, covers, followed
from sddoctor.lab.dns.zone import answer_from_zone
from sddoctor.lab.parts.lattice import GlobalResolver
from sddoctor.lab.state import LabState


def answer_of_global_resolver(
    state: LabState, resolver: GlobalResolver, name: str, rdtype: str, rng: random.Random
) -> Result:
    """Answer a query, following CNAMEs."""
    usable = resolver.zones if resolver.status == "OPERATIONAL" else ()
    zones = [state.zones[i] for i in usable if i in state.zones]

    def once(name: str, rdtype: str) -> Result:
        zone = max((z for z in zones if covers(z.name, name)), key=lambda z: len(z.name), default=None)
        if zone is not None:
            return answer_from_zone(state, zone, name, rdtype, rng)
        return answer_from_internet(state, name, rdtype, rng)

    return followed(name, rdtype, once)
