"""Another DNS server has its own copy of the zone."""

from __future__ import annotations

from sddoctor.causes.commands import dig
from sddoctor.causes.host.evidence import choice_evidence, host_evidence, resolver_evidence
from sddoctor.causes.host.split_dns_fixes import route_domain
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.stations.model import DENIED
from sddoctor.text.words import in_order, listed
from sddoctor.trail.company import endpoints_of_zone
from sddoctor.trail.copies import ZoneCopy, zone_copy
from sddoctor.trail.host_answers import vpc_resolver_answers_as_zone
from sddoctor.trail.meant_entries import domain_to_route
from sddoctor.trail.trail import Trail, optional


@cause(
    "zone-copied-elsewhere",
    hop="host",
    at=("servers", "stub"),
    symptoms=(*DENIED, "foreign", "missing"),
    title="Another DNS server has its own copy of the zone",
    # The entry leads where it was meant to; what stands there is wrong.
    explains=("resolver-file-wrong-nameserver", "nrpt-rule-missing", "nameserver-order"),
)
def zone_copied_elsewhere(trail: Trail) -> Finding | None:
    """The server asked has a zone of the namespace's name whose SOA, or authority, shows that it is not Route 53's.

    The VPC resolver gives another answer at the same moment. RFC 1035, section 3.3.13
    """
    copy = zone_copy(trail)
    if copy is None or not vpc_resolver_answers_as_zone(trail):
        return None
    right, said = trail.answers.vpc_addresses, frozenset(copy.answer.addresses)
    promised = optional(lambda: trail.promise.possible) or frozenset()
    wrong = said - right - promised
    if not (wrong or right - said):
        return None
    zone = domain_to_route(trail)
    says = listed(in_order(said), most=3) or copy.answer.rcode
    return Finding(
        summary=(
            f"{copy.server} answers from a copy of the zone {zone} of its own: it says {says}, and the VPC resolver "
            f"{trail.answers.vpc_server} says {listed(in_order(right), most=3) or 'something else'}."
        ),
        detail=(
            "The copy looks like the zone, so nothing looks like a denial from elsewhere. Cloud Map changes the zone in "
            "Route 53 with every task; a copy that a script makes, or that was made by hand, has what was true once."
        ),
        evidence=(
            choice_evidence(trail),
            Evidence(
                f"dns @{copy.server} SOA",
                zone,
                f"{copy.own}{', with authority' if copy.has_authority else ''}",
                copy.true,
            ),
            Evidence(f"dns @{copy.server} A", trail.name, says, in_order(right)),
            resolver_evidence(trail),
            host_evidence(trail),
        ),
        fixes=(_replace(trail, copy, zone), *route_domain(trail)[:1]),
        would_tell=None
        if copy.has_authority
        else f"{dig(copy.server, zone, 'SOA')}, asked of the server behind {copy.server}",
        addresses=in_order(wrong | (right - said if said else frozenset())),
    )


def _replace(trail: Trail, copy: ZoneCopy, zone: str) -> Fix:
    endpoints = optional(lambda: endpoints_of_zone(trail)) or ()
    addresses = [a for e in endpoints for a in e.addresses]
    title = f"Replace the copy on {copy.server} by a conditional forwarder"
    if not addresses:
        return Fix(f"{title} to an inbound endpoint; where there is none, make one", "app")
    masters = ",".join(addresses)
    return Fix(
        f"{title} (Windows DNS, in PowerShell)",
        "windows",
        commands=(
            f"Remove-DnsServerZone -Name '{zone}'",
            f"Add-DnsServerConditionalForwarderZone -Name '{zone}' -MasterServers {masters}",
        ),
        changes=f"On {copy.server}: the copy is gone, and {zone} goes to the inbound endpoint.",
        verified_by=f"{dig(copy.server, trail.name, 'A')} prints the addresses.",
    )
