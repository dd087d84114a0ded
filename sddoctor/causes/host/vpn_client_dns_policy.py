"""The VPN client's own DNS policy decides for this domain."""

from __future__ import annotations

from sddoctor.case.dns import Server
from sddoctor.case.vpn_client import PolicyRoute
from sddoctor.causes.host.evidence import answer_in_words, choice_evidence, host_evidence, resolver_evidence
from sddoctor.causes.host.vpn_fixes import carry_to, send_domain
from sddoctor.causes.model import Evidence, Finding, cause
from sddoctor.formats.host import vpn_marks
from sddoctor.resolution.vpn_clients import VpnClient
from sddoctor.stations.model import FAILED
from sddoctor.text.shell import command
from sddoctor.text.words import listed
from sddoctor.trail.host_answers import agrees_with_vpc_resolver, can_resolve_zone, only_host_fails, server_answer
from sddoctor.trail.known_zone import knows_zone
from sddoctor.trail.meant_entries import domain_to_route
from sddoctor.trail.trail import Trail
from sddoctor.trail.vpc import is_private
from sddoctor.trail.vpn_clients import forwarder_in_use, policy_of, policy_route, stand_ins

#: Commands that show a client's policy.
_SHOWS = {
    vpn_marks.TAILSCALE: "tailscale dns status",
    vpn_marks.NETBIRD: "netbird status -d",
    vpn_marks.WARP: "warp-cli settings",
}


@cause(
    "vpn-client-dns-policy",
    hop="host",
    at=("servers", "stub"),
    symptoms=(*FAILED, "foreign"),
    title="The VPN client's own DNS policy decides for this domain",
    # The host queries the client's forwarder rightly: no setting of the host is at fault.
    explains=("nrpt-rule-missing",),
)
def vpn_client_dns_policy(trail: Trail) -> Finding | None:
    """The host queries the forwarder of a VPN client, which does not answer as the zone does, while the VPC resolver does.

    It is proved where the client shows its policy and the forwarder was queried. A forwarder that was not queried says nothing.
    https://tailscale.com/kb/1054/dns https://docs.netbird.io/manage/dns
    """
    found = forwarder_in_use(trail)
    if found is None:
        return None
    server, client = found
    answer = server_answer(trail, server)
    if not only_host_fails(trail) or stand_ins(trail, trail.client_answer.addresses):
        return None
    if (answer is not None and agrees_with_vpc_resolver(trail, answer)) or knows_zone(trail, server):
        return None
    if not trail.host.choice.matched and _resolves_nothing(trail, server):
        return None  # it is no matter of one domain
    policy = policy_of(trail, client)
    routes = policy_route(policy.whole, trail.name) if policy is not None else None
    right_routes = [r for r in routes or () if r.domain and any(can_resolve_zone(trail, s) for s in r.servers)]
    if right_routes and not all(r.unavailable for r in right_routes):
        return None  # the policy is right, and what it names fails
    zone, right = domain_to_route(trail), trail.answers.vpc_server
    evidence = [Evidence("a VPN client on this host", client.name, client.shown_by or (str(server),))]
    if policy is not None:
        set_there = tuple(_in_words(r) for r in routes or ())
        evidence.append(Evidence(policy.source, f"servers for {zone}", set_there or "none", str(right)))
    if answer is not None or trail.answers.was_queried(server):
        evidence.append(Evidence(f"dns @{server} A", trail.name, answer_in_words(trail, server), "the addresses"))
    return Finding(
        summary=f"{trail.name} goes to {server}, the resolver of {client.name}, whose DNS policy {_fault(trail, server, routes)}.",
        detail=(
            f"{client.product or 'The VPN client'} answers DNS queries on this host itself, by a policy that is kept in its own "
            "administration. The host asks it rightly, so a setting of the host changes nothing, or is overwritten."
        ),
        evidence=(*evidence, choice_evidence(trail), resolver_evidence(trail), host_evidence(trail)),
        fixes=carry_to(client, right_routes[0]) if right_routes else send_domain(trail, client, right.address),
        would_tell=_would_tell(trail, client, server, routes),
    )


def _resolves_nothing(trail: Trail, server: Server) -> bool:
    """Tell whether a server for all names was asked for a public one as well, and has no address for it either."""
    of_server = (p for p in trail.answers.probes if p.server == server and p.role == "other" and p.type == "A")
    asked = [p for p in of_server if p.name != trail.name]
    said = [p.outcome.seen_or(None) for p in asked]
    return bool(asked) and not any(a is not None and a.addresses for a in said)


def _fault(trail: Trail, server: Server, routes: tuple[PolicyRoute, ...] | None) -> str:
    zone, right = domain_to_route(trail), str(trail.answers.vpc_server)
    if routes is None and not trail.answers.was_queried(server):
        return f"decides where it goes from there; whether that sends {zone} to {right} was not seen"
    if routes is None:
        return f"probably has no rule that sends {zone} to {right}"
    own = next((r for r in routes if r.domain), None)
    if own is None:
        return f"has no rule that sends {zone} to {right}"
    if own.unavailable:
        return f"sends {own.domain} to {listed(map(str, own.servers))}, which the client holds for unavailable ({own.unavailable})"
    return f"sends {own.domain} to {listed(map(str, own.servers)) or 'no DNS server'}, not to {right}"


def _in_words(route: PolicyRoute) -> str:
    servers = listed(map(str, route.servers)) or "no DNS server"
    return f"{route.domain or 'all other names'}: {servers}{f', unavailable: {route.unavailable}' if route.unavailable else ''}"


def _would_tell(trail: Trail, client: VpnClient, server: Server, routes: tuple[PolicyRoute, ...] | None) -> str | None:
    """Return what would tell whether the policy is at fault; ``None`` where no server that it names could know the zone."""
    if not trail.answers.was_queried(server):
        return command("dig", f"@{server.address}", trail.name)
    if routes is None:
        unseen = f"the DNS settings for {domain_to_route(trail)} in the administration of {client.name}"
        return _SHOWS.get(client.product or "", unseen)
    behind = next((s for r in routes for s in r.servers if is_private(s.address)), None)
    return command("dig", f"@{behind.address}", trail.name) if behind is not None else None
