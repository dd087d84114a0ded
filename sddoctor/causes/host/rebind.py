"""A resolver on the path removes private addresses from answers."""

from __future__ import annotations

from sddoctor.case.dns import Answer, Server
from sddoctor.case.seen import Seen
from sddoctor.causes.commands import write
from sddoctor.causes.host.evidence import host_evidence, resolver_evidence
from sddoctor.causes.host.split_dns_fixes import route_domain
from sddoctor.causes.model import Certainty, Evidence, Finding, Fix, cause
from sddoctor.stations.model import FAILED
from sddoctor.text.shell import command
from sddoctor.text.words import listed
from sddoctor.trail.host_answers import answering_servers, can_resolve_zone, host_fails, server_answer
from sddoctor.trail.host_settings import is_kept_from_dns
from sddoctor.trail.meant_entries import domain_to_route
from sddoctor.trail.trail import Trail
from sddoctor.trail.vpc import is_private


@cause(
    "rebind-protection",
    hop="host",
    at=("servers", "stub"),
    symptoms=(*FAILED, "foreign"),
    ceiling="likely",
    title="A resolver on the way removes private addresses",
    # A server that takes the addresses out of an answer has the answer: none is needed from the VPN.
    explains=("client-vpn-without-dns", "nrpt-rule-missing"),
)
def rebind_protection(trail: Trail) -> Finding | None:
    """The server queried returns an empty answer or REFUSED where the VPC resolver returns private addresses.

    It answers other queries, so it does not refuse everything. dnsmasq(8) stop-dns-rebind,
    unbound.conf(5) private-address
    """
    if trail.name.endswith(".local") and is_kept_from_dns(trail):
        return None
    right = trail.answers.vpc_addresses
    if not right or not all(is_private(a) for a in right) or not host_fails(trail):
        return None
    for server in answering_servers(trail):
        answer = server_answer(trail, server)
        if answer is None or answer.rcode == "NXDOMAIN" or can_resolve_zone(trail, server):
            return None
        if not _is_emptied(answer):
            return None
        proof = _proof(trail)
        if proof is None and not _answers_otherwise(trail, server):
            return None
        return _finding(trail, server, answer, proof)
    return None


def _is_emptied(answer: Answer) -> bool:
    return answer.rcode == "REFUSED" or (answer.rcode == "NOERROR" and not answer.addresses and not answer.truncated)


def _answers_otherwise(trail: Trail, server: Server) -> bool:
    """Tell whether the server answers another type of the name, or a public name."""
    for probe in trail.answers.probes:
        if probe.server != server or not isinstance(probe.outcome, Seen):
            continue
        if probe.name == trail.name and probe.type in ("A", "AAAA"):
            continue
        if probe.outcome.value.rcode == "NOERROR" and (probe.outcome.value.answers or probe.outcome.value.authority):
            return True
    return False


def _proof(trail: Trail) -> Evidence | None:
    """Return the setting of a local forwarder that filters and does not except the name."""
    for forwarder in trail.host.facts.forwarders:
        if forwarder.rebind_filter and not forwarder.rebind_exempt:
            return Evidence(
                forwarder.path, f"{forwarder.program}: rebind protection", "on", "an exception for the domain"
            )
    return None


def _finding(trail: Trail, server: Server, answer: Answer, proof: Evidence | None) -> Finding:
    zone = domain_to_route(trail)
    reply = answer.rcode if answer.rcode != "NOERROR" else "an empty answer"
    certainty: Certainty = "certain" if proof else "likely"
    word = "removes" if proof else "probably removes"
    return Finding(
        summary=(
            f"The DNS server {server} {word} private addresses from answers, and {trail.name} has no others "
            f"({listed(sorted(trail.answers.vpc_addresses))})."
        ),
        detail=(
            f"Protection against DNS rebinding takes private addresses out of answers: {server} gives {reply} where the "
            "VPC resolver gives addresses. It looks like a missing record and is none."
        ),
        evidence=(
            Evidence(f"dns @{server} A", trail.name, reply, "the addresses of the VPC resolver"),
            resolver_evidence(trail),
            host_evidence(trail),
            *((proof,) if proof else ()),
        ),
        fixes=(*_except(trail, zone), *route_domain(trail)[:1]),
        certainty=certainty,
    )


def _except(trail: Trail, zone: str) -> tuple[Fix, ...]:
    if trail.host.platform != "linux":
        return ()
    server = trail.answers.vpc_server.address
    dnsmasq, unbound = f"/etc/dnsmasq.d/{zone}.conf", f"/etc/unbound/unbound.conf.d/{zone}.conf"
    program = next((f.program for f in trail.host.facts.forwarders if f.rebind_filter), "")
    rules = f"server=/{zone}/{server}\nrebind-domain-ok=/{zone}/\n"
    zones = (
        f'server:\n    private-domain: "{zone}"\n    domain-insecure: "{zone}"\n'
        f'forward-zone:\n    name: "{zone}"\n    forward-addr: {server}\n'
    )
    verify = f"{command('dig', '+short', trail.name)} prints the private addresses."
    fixes = {
        name: write(
            f"{name}: except the namespace", path, content, f"Writes {path}; restart {name} afterwards.", verify
        )
        for name, path, content in (("dnsmasq", dnsmasq, rules), ("unbound", unbound, zones))
    }
    return (fixes[program],) if program in fixes else tuple(fixes.values())
