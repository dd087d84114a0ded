"""A forwarder returns NXDOMAIN for AAAA although the name has A records."""

from __future__ import annotations

from sddoctor.case.dns import Answer, Server
from sddoctor.causes.commands import dig
from sddoctor.causes.host.evidence import host_evidence
from sddoctor.causes.host.split_dns_fixes import route_domain
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.stations.model import DENIED
from sddoctor.text.shell import command
from sddoctor.text.words import in_order
from sddoctor.trail.host_answers import agrees_with_vpc_resolver, answering_servers, can_resolve_zone, host_fails
from sddoctor.trail.trail import Trail


@cause(
    "aaaa-nxdomain",
    hop="host",
    kind="risk",
    severity="warning",
    at=("program",),
    symptoms=(*DENIED, "now-and-then"),
    title="A forwarder returns NXDOMAIN for AAAA although the name has A records",
)
def aaaa_nxdomain(trail: Trail) -> Finding | None:
    """NXDOMAIN says that the name has no records of any type; the same server answers A, and the VPC resolver AAAA empty.

    musl then finds nothing; glibc takes what A brings (2.36, measured). RFC 2308, section 2.1; RFC 8020
    https://git.musl-libc.org/cgit/musl/tree/src/network/lookup_name.c
    """
    if trail.client_is_in_vpc or trail.queries_srv:
        return None
    for server in answering_servers(trail):
        if can_resolve_zone(trail, server) or not trail.answers.was_queried(server):
            continue
        if not agrees_with_vpc_resolver(trail, trail.answers.answer(server, "A")) or not _denials(trail, server):
            continue
        if trail.answers.vpc("AAAA").rcode != "NOERROR":
            return None
        return _finding(trail, server)
    return None


def _denials(trail: Trail, server: Server) -> int:
    """Return how many of several queries for AAAA were answered with NXDOMAIN; 0 where one for A was, too."""
    ipv6, ipv4 = _answers(trail, server, "AAAA"), _answers(trail, server, "A")
    if len(ipv6) < 2 or not any(a.addresses for a in ipv4) or any(a.denied for a in ipv4):
        return 0
    return sum(a.rcode == "NXDOMAIN" for a in ipv6)


def _answers(trail: Trail, server: Server, rdtype: str) -> list[Answer]:
    said = (p.outcome.seen_or(None) for p in trail.answers.tries(server, rdtype))
    return [a for a in said if a is not None]


def _finding(trail: Trail, server: Server) -> Finding:
    fails, musl = host_fails(trail) or trail.client_answer.at_times, trail.host.facts.libc == "musl"
    denied, made = _denials(trail, server), len(_answers(trail, server, "AAAA"))
    times, then = ("", "get nothing") if denied == made else (f" ({denied} of {made} times)", "fail now and then")
    who = f"programs on this host, which ask by musl, {then}" if fails and musl else f"programs with musl {then}"
    return Finding(
        summary=(
            f"{server} answers A for {trail.name} and says NXDOMAIN for AAAA{times}, which means that the name does not exist: {who}."
        ),
        detail=(
            "A name that has A records only is to be answered for AAAA with an empty NOERROR, as the VPC resolver does. glibc "
            "takes what A brings; musl, some caches, and programs that ask AAAA first give up. So it works on a laptop and "
            "fails in Alpine."
        ),
        evidence=(
            Evidence(f"dns @{server} A", trail.name, in_order(trail.answers.answer(server, "A").addresses)),
            Evidence(f"dns @{server} AAAA", trail.name, f"NXDOMAIN{times}", "NOERROR and empty"),
            Evidence(f"dns @{trail.answers.vpc_server} AAAA", trail.name, "NOERROR"),
            host_evidence(trail),
        ),
        fixes=(
            Fix(
                f"Bring the forwarder at {server} up to a version that answers rightly",
                "app",
                verified_by=f"{dig(server, trail.name, 'AAAA')} says NOERROR.",
            ),
            *route_domain(trail)[:1],
        ),
        kind="fault" if fails and musl else None,
        severity="error" if fails and musl else None,
        would_tell=None if musl or not fails else command("getent", "ahostsv4", trail.name),
    )
