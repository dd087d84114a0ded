"""The IPv6 addresses are synthesized by DNS64."""

from __future__ import annotations

from sddoctor.case.address import behind_translation
from sddoctor.case.dns64 import IPV4_ONLY, prefixes
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.text.words import count, in_order, listed
from sddoctor.trail.trail import Trail, optional

_WELL_KNOWN = "64:ff9b::/96"


@cause(
    "dns64-address",
    hop="vpc-dns",
    kind="note",
    severity="info",
    title="The IPv6 addresses are synthesized by DNS64",
)
def dns64_address(trail: Trail) -> Finding | None:
    """Every IPv6 address of the name has an expected IPv4 address behind a prefix of DNS64: it is the same task.

    https://www.rfc-editor.org/rfc/rfc6147 https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html
    """
    said = _ipv6(trail)
    expected = (optional(lambda: trail.promise.possible) or frozenset()) | _of_records(trail)
    made = {a: behind_translation(a) for addresses in said.values() for a in addresses}
    if not made or any(task == a or task not in expected for a, task in made.items()):
        return None
    own = prefixes(trail.case.place)
    prefix = listed(str(p) for p in own) or _WELL_KNOWN
    return Finding(
        summary=(
            f"The {count(len(made), 'IPv6 address', 'IPv6 addresses')} that {listed(said)} "
            f"{'gives' if len(said) == 1 else 'give'} for {trail.name} {'is' if len(made) == 1 else 'are'} made by DNS64 "
            f"({prefix}) and lead to {listed(in_order(made.values()), most=4)}: the same tasks."
        ),
        detail=(
            "Where DNS64 is on, in a subnet or endpoint of AWS or in a network with IPv6 only, the resolver makes an IPv6 address "
            "of an IPv4 one. It leads somewhere only if a NAT64 gateway on the way takes it."
        ),
        evidence=(
            *(Evidence(who, trail.name, in_order(addresses)) for who, addresses in said.items()),
            *((Evidence("dns AAAA", IPV4_ONLY, f"addresses behind {prefix}", "none"),) if own else ()),
        ),
        fixes=(
            Fix("Where no NAT64 gateway exists, switch DNS64 off for the subnet of the asker", "aws"),
            Fix("Or let the client prefer IPv4", "app"),
        ),
        addresses=in_order(made.values()),
    )


def _ipv6(trail: Trail) -> dict[str, frozenset[str]]:
    """Return the IPv6 addresses of the name by who gives them: servers, then what programs get."""
    found: dict[str, frozenset[str]] = {}
    for probe in trail.answers.probes_for(rdtype="AAAA"):
        said = probe.outcome.seen_or(None)
        addresses = (
            frozenset(r.data for r in said.answers if r.type == "AAAA") if said is not None else frozenset[str]()
        )
        if addresses:
            found[str(probe.server)] = found.get(str(probe.server), frozenset()) | addresses
    if found or trail.client_is_in_vpc:
        return found
    host = trail.case.place.host.seen_or(None)
    results = [r for k in (host.lookups if host else ()) if (r := k.outcome.seen_or(None)) is not None]
    of_programs = frozenset(a for r in results for a in r.addresses if ":" in a)
    return {"this host": of_programs} if of_programs else {}


def _of_records(trail: Trail) -> frozenset[str]:
    """Return the IPv4 addresses that servers give for the name beside."""
    answers = (p.outcome.seen_or(None) for p in trail.answers.probes_for(rdtype="A") if p.role == "vpc")
    return frozenset(r.data for a in answers if a is not None for r in a.answers if r.type == "A")
