"""The right server is queried, and something on this host changes its answer: a cache, or validation."""

from __future__ import annotations

from sddoctor.case.dns import Answer
from sddoctor.causes.commands import write
from sddoctor.causes.host.evidence import host_evidence, resolver_evidence
from sddoctor.causes.host.split_dns_fixes import FLUSH_MACOS
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.stations.model import DENIED, FAILED
from sddoctor.text.shell import command
from sddoctor.text.words import in_order, listed
from sddoctor.trail.host_answers import (
    agrees_with_vpc_resolver,
    answering_servers,
    answers_always_by_udp,
    host_fails,
    only_host_fails,
    server_answer,
    unchecked_answers,
)
from sddoctor.trail.host_settings import is_kept_from_dns
from sddoctor.trail.meant_entries import domain_to_route
from sddoctor.trail.trail import Trail, optional


@cause(
    "os-cache-stale",
    hop="host",
    at=("stub", "program"),
    symptoms=(*DENIED, "foreign", "missing"),
    kind="transient",
    severity="warning",
    title="This host remembers an answer from before",
)
def os_cache_stale(trail: Trail) -> Finding | None:
    """The server that the host queries returns the right addresses now, and a fresh process still gets something else."""
    if trail.queries_srv or not trail.host.servers:
        return None
    if trail.host.choice.kind in ("hosts-file", "multicast", "nss") or not host_fails(trail):
        return None
    if trail.host.hosts_entries or _fails_by_the_search_list(trail):
        return None
    if trail.name.endswith(".local") and is_kept_from_dns(trail):
        return None
    server = trail.host.servers[0]
    answer = server_answer(trail, server)
    if _is_kept_back_here(trail) or not answers_always_by_udp(trail, server):
        return None
    if answer is None or not set(answer.addresses) & (trail.answers.vpc_addresses or trail.promise.alive):
        return None
    if optional(lambda: any(trail.host.has_family(6 if ":" in a else 4) for a in answer.addresses)) is False:
        return None  # getaddrinfo leaves out a family that the host does not have (RFC 3493, AI_ADDRCONFIG)
    returned = listed(in_order(trail.client_answer.addresses)) or trail.client_answer.error or "nothing"
    return Finding(
        summary=f"{server} answers {trail.name} rightly now, but this host still remembers an answer from before ({returned}).",
        detail="It passes with the TTL, or at once with a flush. It is usual after a VPN came up or a task was replaced.",
        evidence=(
            Evidence(f"dns @{server} A", trail.name, in_order(answer.addresses)),
            host_evidence(trail),
        ),
        fixes=(_flush(trail),),
        addresses=in_order(trail.client_answer.addresses),
    )


def _is_kept_back_here(trail: Trail) -> bool:
    """Tell whether a forwarder on this host filters, or validates, what the server behind it answers rightly."""
    stub = trail.host.choice.stub
    if stub is None:
        return False
    if any(f.rebind_filter and not f.rebind_exempt for f in trail.host.facts.forwarders):
        return True
    answer = server_answer(trail, stub)
    emptied = answer is not None and (answer.rcode == "REFUSED" or (answer.rcode == "NOERROR" and answer.denied))
    return emptied or any(agrees_with_vpc_resolver(trail, other) for other in unchecked_answers(trail, stub))


def _fails_by_the_search_list(trail: Trail) -> bool:
    """Tell whether the name with the final dot is right and without it is not: that is no cache."""
    dotted = trail.host.lookup(final_dot=True)
    seen = dotted.outcome.seen_or(None) if dotted is not None else None
    return seen is not None and bool(set(seen.addresses) & trail.answers.vpc_addresses)


def _flush(trail: Trail) -> Fix:
    changes, verify = "Empties this host's DNS cache.", "A fresh look-up is right."
    if trail.host.platform == "macos":
        return Fix("Flush the cache", "macos", (FLUSH_MACOS,), changes, verify)
    if trail.host.platform == "windows":
        return Fix("Flush the cache", "windows", ("Clear-DnsClientCache",), changes, verify)
    return Fix("Flush the cache", "linux", ("sudo resolvectl flush-caches",), changes, verify)


@cause(
    "dnssec-rejects-zone",
    hop="host",
    at=("servers", "stub"),
    symptoms=(*FAILED, "foreign"),
    title="DNSSEC validation rejects the unsigned private zone",
    # The server that validates can resolve the name.
    explains=("nrpt-rule-missing",),
)
def dnssec_rejects_zone(trail: Trail) -> Finding | None:
    """The server queried fails, and returns the right addresses when told not to validate (CD and DO). RFC 4035, section 3.2.2"""
    if not only_host_fails(trail):
        return None
    for server in answering_servers(trail):
        answer = server_answer(trail, server)
        if answer is None or answer.rcode not in ("SERVFAIL", "NXDOMAIN"):
            return None
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
