"""NS records of private zones: which of them take a name out of the zone, and which servers a DELEGATE rule lets be asked.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/outbound-delegation-tutorial.html
"""

from __future__ import annotations

from collections.abc import Iterable

from sddoctor.lab.dns.result import covers
from sddoctor.lab.objects import LiveRule
from sddoctor.lab.records import records_of_zone
from sddoctor.lab.state import LabState
from sddoctor.lab.zones import LiveZone


def delegated_to(state: LabState, zone: LiveZone, name: str) -> tuple[str, ...]:
    """Return the name servers of the topmost NS record below the top of the zone that the name is at or below, if any."""
    found = [
        r
        for r in records_of_zone(state, zone.id, about=name)
        if r.type == "NS" and r.name != zone.name and covers(r.name, name)
    ]
    top = min(found, key=lambda r: len(r.name), default=None)
    return tuple(v.lower().rstrip(".") for v in top.values) if top is not None else ()


def glue(state: LabState, zone: LiveZone, server: str) -> tuple[str, ...]:
    """Return the addresses that the zone itself has of a name server."""
    records = records_of_zone(state, zone.id, about=server)
    return tuple(v for r in records if r.name == server and r.type == "A" for v in r.values)


def may_ask(state: LabState, rules: Iterable[LiveRule], server: str) -> bool:
    """Tell whether one of these rules is for that name server, and has an outbound endpoint that works."""
    return any(
        r.type == "DELEGATE" and r.status == "COMPLETE" and covers(r.domain, server) and _works(state, r) for r in rules
    )


def _works(state: LabState, rule: LiveRule) -> bool:
    return any(
        e.direction == "OUTBOUND" and e.status == "OPERATIONAL" and rule.endpoint in (None, e.id)
        for e in state.endpoints.values()
    )
