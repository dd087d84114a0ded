"""Answers for the names that AWS itself gives: load balancers, databases, endpoints."""

from __future__ import annotations

import random
import re

from sddoctor.case.dns import Rr
from sddoctor.lab.dns.result import Result, addresses
from sddoctor.lab.state import LabState

#: The zones in which load balancers and databases have their names.
_ZONES = re.compile(r"(?:.*\.)?([a-z0-9-]+\.(?:elb|rds)|elb\.[a-z0-9-]+)\.amazonaws\.com")


#: Addresses in one answer for a name of AWS.
#: https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html
MOST_IN_ANSWER = 8


def answer_of_aws(state: LabState, name: str, rdtype: str, rng: random.Random) -> Result | None:
    """Return the answer for a name that AWS gave, a denial where there is no such thing, or ``None`` for other names."""
    found = state.named.leads(name)
    if found is not None and found.others:
        return Result(answers=(Rr(name, "CNAME", found.ttl, rng.choice(found.others)),))
    if found is not None:
        answered = addresses(name, rdtype, some_of(found.addresses, rng), found.ttl)
        return answered if answered.answers else Result(authority=(_soa(name),))
    return Result("NXDOMAIN", authority=(_soa(name),)) if _ZONES.fullmatch(name) else None


def _soa(name: str) -> Rr:
    """Return the SOA of the zone in which AWS has the name: one of a region, else that above it."""
    found = _ZONES.fullmatch(name)
    zone = f"{found[1]}.amazonaws.com" if found else name.partition(".")[2]
    return Rr(zone, "SOA", 60, "ns-1826.awsdns-36.co.uk. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 60")


def some_of(found: tuple[str, ...], rng: random.Random) -> tuple[str, ...]:
    """Return at most as many addresses of each family as one answer has, at random."""
    families = ([a for a in found if (":" in a) is six] for six in (False, True))
    fitting = (f if len(f) <= MOST_IN_ANSWER else rng.sample(f, MOST_IN_ANSWER) for f in families)
    return tuple(a for family in fitting for a in family)


def addresses_at_aws(state: LabState, name: str, depth: int = 4) -> tuple[str, ...]:
    """Return the addresses of a name of AWS, of both families; none where there is no such thing (any more)."""
    values = state.world.internet.get(name)
    if values is None:
        found = state.named.leads(name)
        values = () if found is None else found.addresses or found.others
    if values and not (values[0].rsplit(".", 1)[-1].isdigit() or ":" in values[0]):
        return addresses_at_aws(state, values[0].lower().rstrip("."), depth - 1) if depth else ()
    return values
