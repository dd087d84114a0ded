"""A resolver that validates rejects the answer of the unsigned private zone."""

from __future__ import annotations

from sddoctor.case.dns import Answer, Server
from sddoctor.causes.host.evidence import host_evidence, resolver_evidence
from sddoctor.causes.host.forwarder_fixes import let_through
from sddoctor.causes.host.resolved_files import written
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.formats.host.addresses import is_loopback
from sddoctor.formats.host.resolvectl_query import NOT_VALIDATED
from sddoctor.resolution.model import RESOLVED
from sddoctor.text.shell import command
from sddoctor.text.words import in_order
from sddoctor.trail.forwarders import its_configuration
from sddoctor.trail.host_answers import (
    agrees_with_vpc_resolver,
    answering_servers,
    only_host_fails,
    server_answer,
    unchecked_answers,
)
from sddoctor.trail.meant_entries import domain_to_route
from sddoctor.trail.trail import Trail, optional


@cause(
    "dnssec-rejects-zone",
    hop="host",
    at=("servers", "stub", "program"),
    symptoms=("SERVFAIL", "NXDOMAIN"),
    title="DNSSEC validation rejects the unsigned private zone",
)
def dnssec_rejects_zone(trail: Trail) -> Finding | None:
    """The server queried fails, and returns the right addresses when told not to validate (CD and DO). RFC 4035, section 3.2.2"""
    if not only_host_fails(trail):
        return None
    if trail.client_answer.error == NOT_VALIDATED and trail.host.choice.stub_is == "systemd-resolved":
        return _as_it_says(trail)
    for server in answering_servers(trail):
        answer = server_answer(trail, server)
        if answer is None or answer.rcode not in ("SERVFAIL", "NXDOMAIN"):
            continue
        for other in unchecked_answers(trail, server):
            if agrees_with_vpc_resolver(trail, other):
                return _rejected(trail, server, answer.rcode, other)
    return None


def _as_it_says(trail: Trail) -> Finding:
    """Return what systemd-resolved itself says of the lookup."""
    zone, stub = domain_to_route(trail), trail.host.choice.stub or RESOLVED
    return Finding(
        summary=f"systemd-resolved validates DNSSEC and throws the answer for {trail.name} away, because {zone} is not signed.",
        detail="It says so itself. The VPC resolver has no signatures for a private zone.",
        evidence=(
            Evidence("resolvectl query", trail.name, NOT_VALIDATED, "addresses"),
            resolver_evidence(trail),
            host_evidence(trail),
        ),
        fixes=_fixes(trail, stub),
    )


def _rejected(trail: Trail, server: Server, rcode: str, unchecked: Answer) -> Finding:
    zone = domain_to_route(trail)
    return Finding(
        summary=f"{server} validates DNSSEC and throws the answer for {trail.name} away ({rcode}), because {zone} is not signed.",
        detail=(
            "The parent domain is signed and says that the namespace does not exist, or a forwarder strips signatures. Asked "
            "without validation, the same server says what the zone says."
        ),
        evidence=(
            Evidence(f"dns @{server} A", trail.name, rcode, "addresses"),
            Evidence(
                f"dns @{server} A with CD and DO",
                trail.name,
                in_order(unchecked.addresses) or f"{unchecked.rcode}, SOA of the zone",
            ),
            resolver_evidence(trail),
            host_evidence(trail),
        ),
        fixes=_fixes(trail, server),
    )


def _fixes(trail: Trail, server: Server) -> tuple[Fix, ...]:
    """Return how the resolver that validates leaves the zone out: systemd-resolved or unbound on this host, or elsewhere.

    dnssec-trust-anchors.d(5), unbound.conf(5)
    """
    zone, resolver = domain_to_route(trail), trail.answers.vpc_server.address
    verify = f"{command('getent', 'ahosts', trail.name)} prints the addresses."
    text = f'server:\n    domain-insecure: "{zone}"\nforward-zone:\n    name: "{zone}"\n    forward-addr: {resolver}\n'
    own = optional(lambda: its_configuration(trail))
    if own is not None and trail.host.facts.resolved.seen_or(None) is None:
        return (let_through(trail, own, zone, resolver, f"{own.program}: except the namespace from validation"),)
    if not is_loopback(server.address) or trail.host.facts.resolved.seen_or(None) is None:
        return (Fix(f"Except {zone} from validation on {server}; if it runs unbound, by", "linux", config=text),)
    anchor = written(
        trail,
        "systemd-resolved: except the namespace",
        f"/etc/dnssec-trust-anchors.d/{zone}.negative",
        f"{zone}\n",
    )
    link = trail.host.choice.link
    if link is None:
        return (anchor,)
    paste = command("sudo", "resolvectl", "dnssec", link, "no")
    return (
        Fix(f"systemd-resolved: do not validate on {link}", "linux", (paste,), "Until the link goes down.", verify),
        anchor,
    )
