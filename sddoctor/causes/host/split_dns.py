"""Nothing on this host sends the domain to the VPC resolver."""

from __future__ import annotations

from sddoctor.case.dns import Server
from sddoctor.case.seen import Fact, Seen, Unreachable, is_unseen
from sddoctor.case.vpn_client import PolicyRoute, VpnPolicy
from sddoctor.causes.host.evidence import choice_evidence, host_evidence, resolver_evidence
from sddoctor.causes.host.no_upstream import forwarder_without_server
from sddoctor.causes.host.split_dns_fixes import rival_servers, route_domain
from sddoctor.causes.host.vpn_fixes import of_vpn
from sddoctor.causes.model import Evidence, Finding, cause
from sddoctor.stations.model import DENIED
from sddoctor.text.words import listed
from sddoctor.trail.cluster_dns import cluster_dns
from sddoctor.trail.company import lacks_a_forwarder, tells_a_forwarder
from sddoctor.trail.copies import zone_copy
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
from sddoctor.trail.host_around import host_around
from sddoctor.trail.known_zone import first_word, knows_zone, would_tell
from sddoctor.trail.meant_entries import domain_to_route, entries_of_another_domain, unreadable_files
from sddoctor.trail.not_taken_up import dropped_line, file_not_listed
from sddoctor.trail.passed_by import passed_by, unread_file
from sddoctor.trail.trail import Trail, optional
from sddoctor.trail.vpn_clients import forwarder_in_use, passed_over, stand_ins, tells_a_stand_in


@cause(
    "split-dns-missing",
    hop="host",
    at=("servers", "stub"),
    symptoms=(*DENIED, "REFUSED", "foreign"),
    title="Nothing on this host sends the domain to the VPC resolver",
    platforms=("linux", "macos"),
)
def split_dns_missing(trail: Trail) -> Finding | None:
    """The VPC resolver is right, the host fails, and what its settings lead to does not know the zone.

    macOS: no resolver file and no match domain covers the name. Linux: the servers of resolv.conf, or of
    systemd-resolved's best link, do not include it. resolver(5), resolv.conf(5), systemd-resolved.service(8)
    """
    if trail.host.platform == "linux" and (refused := forwarder_without_server(trail)) is not None:
        return refused
    choice = trail.host.choice
    if trail.host.platform == "windows" or choice.matched.lstrip("~.*") or not choice.servers:
        return None
    require_known_upstream(trail)
    if optional(lambda: trail.zone.is_public):
        return None  # any resolver can resolve it
    if forwarder_in_use(trail) is not None or stand_ins(trail, trail.client_answer.addresses):
        return None  # its policy is at fault: vpn-client-dns-policy; or a VPN client answers, whoever is asked
    if _tried_otherwise(trail) or _names_the_resolver(trail) or not only_host_fails(trail):
        return None
    if file_not_listed(trail) is not None or dropped_line(trail) is not None:
        return None  # there is an entry, and it is not taken up
    decisive = first_word(trail)
    if decisive is None or knows_zone(trail, decisive) or _right_when_unchecked(trail):
        return None
    if cluster_dns(trail) is not None or zone_copy(trail) is not None or optional(lambda: lacks_a_forwarder(trail)):
        return None
    zone, rivals = domain_to_route(trail), rival_servers(trail)
    servers = listed(str(s) for s in choice.servers)
    where = (
        f"the VPC resolver {trail.answers.vpc_server}" if not rivals else f"a VPC resolver ({listed(rivals.values())})"
    )
    tell = _would_tell(trail, decisive)
    knows = "which does not know it" if tell is None else "which probably does not know it"
    if other := _other_answer(trail, decisive):
        knows = f"which answers {other}"
    if not trail.answers.was_queried(decisive):
        knows = f"and what {'they answer' if len(choice.servers) > 1 else 'it answers'} was not seen"
    start = f"Nothing on this host sends {zone} to {where}"
    client = passed_over(trail)
    by_vpn = of_vpn(trail, trail.answers.vpc_server.address)
    return Finding(
        summary=f"{start}: {trail.name} is asked of {servers}, {knows}.{_of_client(client)}",
        detail=(
            f"The VPC resolver can be reached and answers, but no entry in force routes {zone} to it, so ordinary "
            "look-ups go to the default resolver. A search domain, or a server known to scoped look-ups only, looks like "
            f"an entry and is none.{_of_rivals(zone, rivals)}{_of_a_container(trail)}"
        ),
        evidence=(resolver_evidence(trail), host_evidence(trail), choice_evidence(trail), *_own_server_evidence(trail)),
        fixes=(*by_vpn, *route_domain(trail)) if client is not None else (*route_domain(trail), *by_vpn),
        would_tell=tell,
    )


def _other_answer(trail: Trail, server: Server) -> str:
    """Return the addresses that the server gives, which knows the name from somewhere else: a public zone, for instance."""
    answer = optional(lambda: trail.answer_of(server, trail.rdtype))
    return listed(answer.addresses, most=3) if answer is not None and answer.addresses else ""


def _of_client(client: tuple[Fact[VpnPolicy], PolicyRoute] | None) -> str:
    """Say that a VPN client has the route and may not set it on this host."""
    if client is None:
        return ""
    policy, route = client
    servers = listed(map(str, route.servers))
    return f" {policy.value.product} has the route for {route.domain} to {servers}, and is not allowed to set the DNS of this host."


def _would_tell(trail: Trail, server: Server) -> str | None:
    """Return what would tell whether this host is at fault, ``None`` where it is certain."""
    if trail.host.surroundings.is_inside and host_around(trail) is None:
        return f"what the host around this place gets: sddoctor check {trail.name} there"
    if may_be_of_another_vpc(trail, server):
        return f"ec2:DescribeVpcs, to see whether {server} is the resolver of another VPC"
    if trail.host.choice.unknown is not None:
        return trail.host.choice.unknown.needs  # what denies the name may be sent on by a rule that was not seen
    facts = trail.host.facts
    if facts.platform == "macos" and is_unseen(facts.scutil):
        return "scutil --dns"  # match domains of VPNs are nowhere else
    for fact in (facts.resolved, facts.scutil, facts.addresses):
        # An entry for the domain, or the VPN client that answers, may be in what was not read.
        gap = fact.gap_of_unread() if isinstance(fact, Seen) else fact.gap() if isinstance(fact, Unreachable) else None
        if gap is not None:
            return gap.needs
    if (other := tells_a_stand_in(trail) or tells_a_forwarder(trail)) is not None:
        return other
    if knows_zone(trail, server) is False:
        return None
    return would_tell(trail, server, domain_to_route(trail))


def _of_rivals(zone: str, rivals: dict[str, str]) -> str:
    """Say which namespaces may be meant: nothing here shows which one is."""
    if not rivals:
        return ""
    known = listed(f"{server} knows {namespace}" for namespace, server in rivals.items())
    return f" {len(rivals)} namespaces are called {zone}, and which one is meant does not show here: {known}."


def _of_a_container(trail: Trail) -> str:
    """Say that the host of a container has to be looked at too: which of the two lacks an entry cannot be told here."""
    around = trail.host.surroundings
    if not around.is_inside or host_around(trail) is not None:
        return ""
    return (
        f" Here ({around.words or 'a container or WSL'}) {around.forwarder} stands before the DNS of the host around it, which may "
        "have the entry: look at the host as well, and give both looks with --from."
    )


def _tried_otherwise(trail: Trail) -> bool:
    """Tell whether an entry meant for this domain exists and is not in force: those have causes of their own."""
    conf = trail.host.facts.resolv_conf.seen_or(None)
    nothing_left = trail.host.choice.kind == "resolv.conf" and (conf is None or not conf.listed)
    if passed_by(trail) is not None or unread_file(trail) is not None:
        return True
    return bool(unreadable_files(trail) or entries_of_another_domain(trail)) or nothing_left


def _names_the_resolver(trail: Trail) -> bool:
    """Tell whether the list in force has a server that can resolve the zone, in any position, or another VPC's."""
    conf = trail.host.facts.resolv_conf.seen_or(None)
    listed_servers = (
        [Server(a) for a in conf.listed] if conf and trail.host.choice.kind in ("resolv.conf", "forwarder") else []
    )
    return any(can_resolve_zone(trail, s) or _is_other_vpcs(trail, s) for s in (*trail.host.servers, *listed_servers))


def _is_other_vpcs(trail: Trail, server: Server) -> bool:
    """Tell whether the server is some VPC's resolver, or Amazon's: those have causes of their own."""
    return is_amazons(server) or optional(lambda: trail.vpc.with_resolver(server.address)) is not None


def _right_when_unchecked(trail: Trail) -> bool:
    """Tell whether a server of the host returns the right addresses when told not to validate: it can resolve the name."""
    return any(agrees_with_vpc_resolver(trail, a) for s in trail.host.servers for a in unchecked_answers(trail, s))


def _own_server_evidence(trail: Trail) -> tuple[Evidence, ...]:
    found = []
    for server in trail.host.servers[:2]:
        answer = server_answer(trail, server)
        if answer is not None:
            soa = f", SOA of {answer.soa.owner or 'the root'}" if answer.soa else ""
            reply = listed(answer.addresses) or f"{answer.rcode}{soa}"
            found.append(Evidence(f"dns @{server} A", trail.name, reply))
    return tuple(found)
