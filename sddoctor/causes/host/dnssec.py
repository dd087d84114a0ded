"""A resolver that validates rejects the answer of the unsigned private zone."""

from __future__ import annotations

from sddoctor.case.dns import Answer
from sddoctor.causes.commands import write
from sddoctor.causes.host.evidence import host_evidence, resolver_evidence
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.text.shell import command
from sddoctor.text.words import in_order
from sddoctor.trail.host_answers import (
    agrees_with_vpc_resolver,
    answering_servers,
    only_host_fails,
    server_answer,
    unchecked_answers,
)
from sddoctor.trail.meant_entries import domain_to_route
from sddoctor.trail.trail import Trail


@cause(
    "dnssec-rejects-zone",
    hop="host",
    at=("servers", "stub"),
    symptoms=("SERVFAIL", "NXDOMAIN"),
    title="DNSSEC validation rejects the unsigned private zone",
)
def dnssec_rejects_zone(trail: Trail) -> Finding | None:
    """The server queried fails, and returns the right addresses when told not to validate (CD and DO). RFC 4035, section 3.2.2"""
    if not only_host_fails(trail):
        return None
    for server in answering_servers(trail):
        answer = server_answer(trail, server)
        if answer is None or answer.rcode not in ("SERVFAIL", "NXDOMAIN"):
            continue
        for other in unchecked_answers(trail, server):
            if agrees_with_vpc_resolver(trail, other):
                return _rejected(trail, str(server), answer.rcode, other)
    return None


def _rejected(trail: Trail, server: str, rcode: str, unchecked: Answer) -> Finding:
    zone, resolver = domain_to_route(trail), trail.answers.vpc_server.address
    path = f"/etc/unbound/unbound.conf.d/{zone}.conf"
    text = f'server:\n    domain-insecure: "{zone}"\nforward-zone:\n    name: "{zone}"\n    forward-addr: {resolver}\n'
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
        fixes=(
            write(
                "unbound: except the namespace",
                path,
                text,
                f"Writes {path}; restart unbound afterwards.",
                f"{command('dig', '+short', trail.name)} prints the addresses.",
            ),
            Fix(
                "systemd-resolved: do not validate on the tunnel's link",
                "linux",
                commands=("sudo resolvectl dnssec tun0 no",),
                changes="Until the link goes down; put the tunnel's interface for tun0.",
            ),
        ),
    )
