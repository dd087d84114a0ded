"""The resolver turns "no such name" into an address."""

from __future__ import annotations

from sddoctor.case.dns import Server
from sddoctor.case.name import is_below
from sddoctor.case.seen import Seen
from sddoctor.causes.host.split_dns_fixes import route_domain
from sddoctor.causes.model import Evidence, Finding, cause
from sddoctor.text.words import in_order, listed
from sddoctor.trail.meant_entries import domain_to_route
from sddoctor.trail.trail import Trail, optional


@cause(
    "nxdomain-hijacked",
    hop="host",
    at=("servers", "stub"),
    symptoms=("foreign",),
    title='The resolver turns "no such name" into an address',
)
def nxdomain_hijacked(trail: Trail) -> Finding | None:
    """The server queried returns one address for the name, a random public name and a random label below the namespace.

    RFC 2308 has NXDOMAIN for such names; https://www.icann.org/en/system/files/files/sac-032-en.pdf
    """
    zone = domain_to_route(trail)
    stub = trail.host.choice.stub
    for server in (*((stub,) if stub is not None else ()), *trail.host.servers):
        answer = optional(lambda s=server: trail.answers.answer(s, "A"))  # type: ignore[misc]
        given = set(answer.addresses) if answer else set()
        false = given & _of_random(trail, server, zone, inside=True) & _of_random(trail, server, zone, inside=False)
        if not false or any(trail.vpc.holding(a) for a in false):
            continue
        return Finding(
            summary=f"{server} answers every unknown name with {listed(in_order(false))}, and {trail.name} is unknown to it.",
            detail=(
                "The provider's or portal's resolver puts an address of its own in the place of NXDOMAIN, so a check that asks "
                "only whether the name resolves is content."
            ),
            evidence=(
                Evidence(f"dns @{server} A", trail.name, in_order(given)),
                Evidence(f"dns @{server} A", "a random name of the internet", in_order(false), "NXDOMAIN"),
                Evidence(f"dns @{server} A", f"a random label below {zone}", in_order(false), "NXDOMAIN"),
            ),
            fixes=route_domain(trail) if trail.answers.facts.resolvers.seen_or(None) else (),
            addresses=in_order(false),
        )
    return None


def _of_random(trail: Trail, server: Server, zone: str, *, inside: bool) -> set[str]:
    """Return the addresses that the server gave for invented names, below the namespace or elsewhere."""
    return {
        a
        for p in trail.answers.probes
        if p.server == server
        and p.name.startswith("sddoctor-")
        and is_below(p.name, zone) is inside
        and isinstance(p.outcome, Seen)
        for a in p.outcome.value.addresses
    }
