"""The VPN clients of this host, and the forwarder of one of them that decides what programs get, with its policy."""

from __future__ import annotations

from collections.abc import Iterable

from sddoctor.case.address import contains
from sddoctor.case.dns import Server
from sddoctor.case.name import is_below
from sddoctor.case.seen import Fact, Seen
from sddoctor.case.vpn_client import PolicyRoute, VpnPolicy
from sddoctor.formats.host import vpn_marks
from sddoctor.resolution.model import Entry
from sddoctor.resolution.vpn_clients import SHARED, VpnClient, own_server_of
from sddoctor.text.shell import command
from sddoctor.trail.host_answers import can_resolve_zone
from sddoctor.trail.trail import Trail, optional

#: Clients that take queries to any server on their way, and answer names of private applications with stand-ins.
#: https://help.zscaler.com/zpa/about-synthetic-ips https://openziti.io/docs/reference/tunnelers
_ANSWER_ON_THE_WAY = (vpn_marks.ZSCALER, vpn_marks.TWINGATE, vpn_marks.ZITI)


def vpn_clients(trail: Trail) -> tuple[VpnClient, ...]:
    """Return the VPN clients of this host; none where it was not seen."""
    return optional(lambda: trail.host.vpn_clients) or ()


def client_on(trail: Trail, interface: str | None) -> VpnClient | None:
    """Return the VPN client whose interface it is."""
    return next((c for c in vpn_clients(trail) if interface is not None and c.interface == interface), None)


def client_of_entry(trail: Trail, entry: Entry) -> VpnClient | None:
    """Return the VPN client that set the entry: by its interface, its servers, or the tunnel that leads to those.

    A match domain of macOS that shows none of these is that of the only client which is connected.
    """
    client = client_on(trail, entry.interface)
    if client is not None or entry.kind.startswith(("resolved-", "forwarder", "resolver-file", "resolv.conf")):
        return client
    for server in entry.servers:
        if (own := optional(lambda s=server: vpn_forwarder(trail, s))) is not None:  # type: ignore[misc]
            return own
    if entry.kind not in ("supplemental", "default-resolver") or entry.interface is not None:
        return None
    for server in entry.servers:
        route = optional(lambda s=server: trail.host.route(s.address))  # type: ignore[misc]
        if route is not None and route.kind == "tunnel":
            return client_on(trail, route.interface)
    connected = [c for c in vpn_clients(trail) if c.is_connected]
    return connected[0] if entry.kind == "supplemental" and len(connected) == 1 else None


def vpn_forwarder(trail: Trail, server: Server) -> VpnClient | None:
    """Return the VPN client whose own forwarder the server is."""
    of_vpc = optional(lambda: trail.vpc.holding(server.address)) is not None
    return own_server_of(trail.host.facts, trail.host.vpn_clients, server, of_vpc=of_vpc)


def forwarder_in_use(trail: Trail) -> tuple[Server, VpnClient] | None:
    """Return the forwarder of a VPN client that decides what programs get, with the client. Raises when the choice was not seen."""
    choice = trail.host.choice
    for server in (choice.stub, *choice.servers[:1]):
        client = vpn_forwarder(trail, server) if server is not None else None
        if server is not None and client is not None:
            return server, client
    return None


def stand_ins(trail: Trail, addresses: Iterable[str]) -> frozenset[str]:
    """Return the addresses that the forwarder of a VPN client may have put in the place of others, which its tunnel carries.

    https://twingate.com/docs/how-twingate-forwards-dns
    """
    servers = optional(lambda: trail.host.servers) or ()
    if trail.client_is_in_vpc or not (_answers_on_the_way(trail) or any(vpn_forwarder(trail, s) for s in servers)):
        return frozenset()
    shared = (a for a in addresses if contains(SHARED, a))
    return frozenset(a for a in shared if optional(lambda a=a: trail.vpc.holding(a)) is None)  # type: ignore[misc]


def tells_a_stand_in(trail: Trail) -> str | None:
    """Return the look-up that shows whether a VPN client answers on the way, where one may and what programs get was not seen."""
    if not trail.client_answer.derived or not _answers_on_the_way(trail):
        return None
    tool = {"windows": ("Resolve-DnsName",), "macos": ("dscacheutil", "-q", "host", "-a", "name")}
    return command(*tool.get(trail.host.platform, ("getent", "ahosts")), trail.name)


def _answers_on_the_way(trail: Trail) -> bool:
    return any(c.is_connected and c.product in _ANSWER_ON_THE_WAY for c in vpn_clients(trail))


def policy_of(trail: Trail, client: VpnClient) -> Seen[VpnPolicy] | None:
    """Return the policy that the client shows, ``None`` where none was seen."""
    seen = (f for f in trail.host.facts.vpn_policies if isinstance(f, Seen))
    return next((f for f in seen if f.value.product == client.product), None)


def passed_over(trail: Trail) -> tuple[Fact[VpnPolicy], PolicyRoute] | None:
    """Return the policy of a VPN client that has the right route for the name and may not set the DNS of this host."""
    facts = optional(lambda: trail.host.facts)
    for policy in facts.vpn_policies if facts is not None else ():
        shown = policy.seen_or(None)
        if shown is None or shown.sets_dns:
            continue
        for route in policy_route(shown, trail.name):
            if route.domain and any(can_resolve_zone(trail, s) for s in route.servers):
                return policy, route
    return None


def policy_route(policy: VpnPolicy, name: str) -> tuple[PolicyRoute, ...]:
    """Return the routes of the longest domain that covers the name; those of all other names last."""
    covering = [r for r in policy.routes if not r.domain or is_below(name, r.domain)]
    longest = max((len(r.domain) for r in covering), default=0)
    return tuple(r for r in covering if len(r.domain) == longest)
