"""The company's DNS server does not forward the domain to AWS."""

from __future__ import annotations

from sddoctor.case.vpc import InboundEndpoint
from sddoctor.causes.commands import write
from sddoctor.causes.host.evidence import choice_evidence, host_evidence, resolver_evidence
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.stations.model import DENIED
from sddoctor.text.shell import command
from sddoctor.text.words import listed
from sddoctor.trail.company import CompanyServer, answering_endpoints, company_server, endpoints_of_zone
from sddoctor.trail.meant_entries import domain_to_route
from sddoctor.trail.trail import Trail


@cause(
    "company-dns-not-forwarding",
    hop="host",
    at=("servers", "stub"),
    symptoms=(*DENIED, "SERVFAIL", "REFUSED", "referral", "silence"),
    title="The company's DNS server does not forward the domain to AWS",
)
def company_dns_not_forwarding(trail: Trail) -> Finding | None:
    """The server that this host asks is the authority for its search domain, and it does not know the namespace.

    An inbound endpoint exists that would answer it.
    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-forwarding-inbound-queries.html
    """
    found = company_server(trail)
    if found is None or not (endpoints := endpoints_of_zone(trail)):
        return None
    zone, addresses = domain_to_route(trail), tuple(a for e in endpoints for a in e.addresses)
    answering = answering_endpoints(trail, endpoints)
    lacks = "has no forwarder for" if found.proves else "has no forwarder that works for"
    return Finding(
        summary=(
            f"The company's DNS server {found.server}, the authority for {found.domain}, {lacks} {zone}: it says "
            f"{found.said}, while the inbound endpoint {endpoints[0].id} ({listed(addresses)}) is there to be asked."
        ),
        detail=(
            f"This host asks the server that it should. {found.server} needs a conditional forwarder for {zone} to the "
            "addresses of the endpoint, once for everybody; an entry on one client only hides that. VPC+2 is no target for "
            "it: that address serves the VPC alone."
        ),
        evidence=(
            choice_evidence(trail),
            Evidence(f"dns @{found.server} SOA", found.domain, "an answer with authority (AA)"),
            Evidence(f"dns @{found.server} A", trail.name, found.said, "the addresses"),
            resolver_evidence(trail),
            host_evidence(trail),
            *(_of(e) for e in endpoints),
        ),
        fixes=_fixes(trail, found, zone, answering or addresses),
        would_tell=None if found.proves and answering else _on_the_server(trail, found, addresses[0]),
    )


def _of(endpoint: InboundEndpoint) -> Evidence:
    what = "route53resolver:ListResolverEndpoints"
    return Evidence(what, endpoint.id, (endpoint.status, *endpoint.addresses), "OPERATIONAL")


def _on_the_server(trail: Trail, found: CompanyServer, address: str) -> str:
    """Return what shows on that server whether a forwarder there would be answered."""
    return f"on {found.server}: {command('nslookup', trail.name, address)}"


def _fixes(trail: Trail, found: CompanyServer, zone: str, targets: tuple[str, ...]) -> tuple[Fix, ...]:
    verified = f"{command('dig', f'@{found.server.address}', trail.name, 'A')} prints the addresses."
    masters = ",".join(targets)
    add = f"Add-DnsServerConditionalForwarderZone -Name '{zone}' -MasterServers {masters} -ReplicationScope Forest"
    path = f"/etc/unbound/unbound.conf.d/{zone}.conf"
    content = f'server:\n    domain-insecure: "{zone}"\nforward-zone:\n    name: "{zone}"\n' + "".join(
        f"    forward-addr: {t}\n" for t in targets
    )
    changes = (
        f"On {found.server}: {zone} goes to the inbound endpoint, for every client. An older forwarder is replaced."
    )
    return (
        Fix(
            "Forward the domain to the inbound endpoint, on the company's server (Windows DNS, in PowerShell)",
            "windows",
            commands=(add,),
            changes=changes,
            verified_by=verified,
        ),
        write(f"The same where {found.server} is unbound", path, content, changes, verified),
    )
