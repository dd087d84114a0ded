"""The entry for this domain points to a wrong DNS server."""

from __future__ import annotations

from sddoctor.case.dns import Server
from sddoctor.causes.host.evidence import answer_in_words, choice_evidence, host_evidence, resolver_evidence
from sddoctor.causes.host.kept_by_forwarder import kept_by_forwarder
from sddoctor.causes.host.resolved_fixes import correct_scope
from sddoctor.causes.model import Evidence, Finding, cause
from sddoctor.formats.host.addresses import is_loopback
from sddoctor.resolution.model import Entry
from sddoctor.stations.model import FAILED
from sddoctor.text.words import listed
from sddoctor.trail.entry_names import at_start, entry_name
from sddoctor.trail.forwarders import require_known_upstream
from sddoctor.trail.host_answers import (
    agrees_with_vpc_resolver,
    can_resolve_zone,
    is_amazons,
    may_be_of_another_vpc,
    only_host_fails,
    server_answer,
    unchecked_answers,
)
from sddoctor.trail.in_force import in_force
from sddoctor.trail.known_zone import knows_zone, would_tell
from sddoctor.trail.meant_entries import domain_to_route
from sddoctor.trail.trail import Trail, optional
from sddoctor.trail.vpn_clients import forwarder_in_use


@cause(
    "resolver-file-wrong-nameserver",
    hop="host",
    at=("servers", "stub"),
    symptoms=(*FAILED, "foreign"),
    title="The entry for this domain points to a wrong DNS server",
)
def resolver_file_wrong_nameserver(trail: Trail) -> Finding | None:
    """The entry in force names no server of the VPC; that server is silent to everything or does not know the zone.

    The VPC's own would have answered.
    """
    if (kept := kept_by_forwarder(trail, beside_a_right_rule=False)) is not None:
        return kept
    entry = in_force(trail)
    if entry is None or not entry.servers or _is_misread(trail, entry) or _lists_a_right_one(trail, entry):
        return None
    if any(can_resolve_zone(trail, s) or is_amazons(s) or knows_zone(trail, s) for s in entry.servers):
        return None
    if any(can_resolve_zone(trail, Server(s.address)) for s in trail.host.choice.tls):
        return None  # the server is right, at the port of DNS over TLS: dns-over-tls-enforced
    if any(can_resolve_zone(trail, scope[0]) for scope in trail.host.choice.scopes):
        return None  # another scope of systemd-resolved has the domain as well, and it asks all of them
    if any(_is_other_vpc_that_answers(trail, s) for s in entry.servers) or not only_host_fails(trail):
        return None
    if forwarder_in_use(trail) is not None:
        return None  # its policy is at fault: vpn-client-dns-policy
    if is_loopback(entry.servers[0].address):
        require_known_upstream(trail)
    if any(agrees_with_vpc_resolver(trail, a) for s in entry.servers for a in unchecked_answers(trail, s)):
        return None
    zone, right = domain_to_route(trail), trail.answers.vpc_server
    wrong = listed(str(s) for s in entry.servers)
    return Finding(
        summary=f"{at_start(entry_name(trail, entry))} sends {entry.domain or zone} to {wrong}, which is not the VPC resolver {right}.",
        detail=(
            f"This host does route the domain, but to another server than the VPC's. {_why_wrong(trail, entry)}"
            f"The VPC resolver {right} would have answered."
        ),
        evidence=(
            choice_evidence(trail),
            *(
                Evidence(f"dns @{s} A", trail.name, answer_in_words(trail, s), "addresses")
                for s in entry.servers
                if trail.answers.was_queried(s)
            ),
            resolver_evidence(trail),
            host_evidence(trail),
        ),
        fixes=correct_scope(trail, entry),
        would_tell=_would_tell(trail, entry, zone),
    )


def _would_tell(trail: Trail, entry: Entry, zone: str) -> str | None:
    """Return what would tell whether the servers are wrong ones, or why they are; ``None`` where that was seen."""
    if any(may_be_of_another_vpc(trail, s) for s in entry.servers):
        return f"ec2:DescribeVpcs, to see whether {entry.servers[0]} is the resolver of another VPC"
    proved = all(knows_zone(trail, s) is False or _is_dead(trail, s) for s in entry.servers)
    return None if proved else would_tell(trail, entry.servers[0], zone)


def _is_dead(trail: Trail, server: Server) -> bool:
    """Tell whether the server was queried and answers nothing at all, whatever the name."""
    return trail.answers.was_queried(server) and not trail.answers.responds(server)


def _is_misread(trail: Trail, entry: Entry) -> bool:
    files = trail.host.facts.resolver_files.seen_or(())
    return any(f.path == entry.source and f.misread for f in files)


def _lists_a_right_one(trail: Trail, entry: Entry) -> bool:
    """Tell whether the file names a right server after those that are read: that is judged on its own."""
    files = trail.host.facts.resolver_files.or_none() or ()
    return any(f.path == entry.source and any(can_resolve_zone(trail, s) for s in f.listed) for f in files)


def _is_other_vpc_that_answers(trail: Trail, server: Server) -> bool:
    vpc = optional(lambda: trail.vpc.with_resolver(server.address))
    return vpc is not None and server_answer(trail, server) is not None


def _why_wrong(trail: Trail, entry: Entry) -> str:
    for server in entry.servers:
        vpc = optional(lambda s=server: trail.vpc.holding(s.address))  # type: ignore[misc]
        if vpc is not None:
            return f"{server} lies in {vpc.id} ({vpc.cidr}), whose resolver is {vpc.resolver}. "
    return ""
