"""Fixes in the VPN client that was recognised, in the words of its product; in words with the interface's name where it was not.

https://tailscale.com/kb/1054/dns
https://docs.netbird.io/manage/dns
https://developers.cloudflare.com/cloudflare-one/team-and-resources/devices/warp/configure-warp/route-traffic/local-domains/
https://www.twingate.com/docs/how-dns-works-with-twingate
https://help.zscaler.com/zpa/about-application-segments
https://docs.zerotier.com/dns-management
https://docs.paloaltonetworks.com/globalprotect
https://docs.fortinet.com/document/fortigate/latest/cli-reference
https://help.nordlayer.com
https://github.com/OpenVPN/openvpn3-linux/issues/208
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from sddoctor.case.host import Platform
from sddoctor.case.name import is_below
from sddoctor.case.vpn_client import VpnPolicy
from sddoctor.causes.model import Fix
from sddoctor.formats.host import vpn_marks as product
from sddoctor.resolution.vpn_clients import VpnClient
from sddoctor.text.shell import command
from sddoctor.trail.meant_entries import domain_to_route
from sddoctor.trail.trail import Trail, optional
from sddoctor.trail.vpn_clients import client_on, policy_of, vpn_clients


class _Wanted(NamedTuple):
    """A domain that a server should get, and by which platform and interface."""

    zone: str
    server: str
    platform: Platform
    client: VpnClient
    with_resolved: bool = False
    policy: VpnPolicy | None = None


def client_towards(trail: Trail, address: str) -> VpnClient | None:
    """Return the VPN client through whose tunnel packets to the address leave, or the only one that is there."""
    route = optional(lambda: trail.host.route(address))
    if route is not None and route.kind == "tunnel":
        return client_on(trail, route.interface)
    clients = vpn_clients(trail)
    found = [c for c in clients if c.interface is not None] or clients
    return found[0] if len(found) == 1 else None


def send_domain(trail: Trail, client: VpnClient, server: str) -> tuple[Fix, ...]:
    """Return how the client comes to send the domain to the server."""
    policy = policy_of(trail, client)
    shown = policy.value if policy is not None else None
    wanted = _Wanted(domain_to_route(trail), server, trail.host.platform, client, _has_resolved(trail), shown)
    return _SEND.get(client.product or "", _unknown)(wanted)


def of_vpn(trail: Trail, server: str) -> tuple[Fix, ...]:
    """Return how the recognised client of the tunnel to the server hands it out; nothing where no product is known."""
    client = client_towards(trail, server)
    return send_domain(trail, client, server) if client is not None and client.product is not None else ()


def _has_resolved(trail: Trail) -> bool:
    return trail.host.facts.resolved.seen_or(None) is not None


def push_resolver(trail: Trail, server: str) -> Fix:
    """Return how the VPN through which the server is reached hands it out."""
    client = client_towards(trail, server)
    return send_domain(trail, client, server)[0] if client is not None else _nobody(domain_to_route(trail), server)


def push_route(trail: Trail, destination: str, network: str) -> Fix:
    """Return how the VPN comes to carry ``network``; ``destination`` is an address in it."""
    client = client_towards(trail, destination)
    name = client.product if client is not None else None
    title = f"If it is connected: add {network} to the routes of {client.name if client is not None else 'the VPN'}"
    how = _ROUTES.get(name or "")
    if how is None:
        return Fix(
            title, "vpn", changes="In its settings at the far end; clients get the route at their next connection."
        )
    where, config = how(network)
    return Fix(f"{title}: {where}", "vpn", config=config, changes="Clients get the route at their next connection.")


def _nobody(zone: str, server: str) -> Fix:
    return Fix(
        f"Or let the VPN hand out {server} as the DNS server for {zone} (split DNS, match domain), in its own settings",
        "vpn",
        verified_by="The host asks the VPC resolver, and a program gets its addresses.",
    )


def _unknown(wanted: _Wanted) -> tuple[Fix, ...]:
    title = (
        f"In the settings of {wanted.client.name}: hand out {wanted.server} as the DNS server for {wanted.zone} "
        "(split DNS, match domain)"
    )
    return (Fix(title, "vpn", verified_by="After a reconnect a program gets the addresses."),)


def _tailscale(wanted: _Wanted) -> tuple[Fix, ...]:
    show = command("tailscale", "dns", "status")
    if wanted.policy is not None and not wanted.policy.sets_dns:
        allow = Fix(
            "Let Tailscale set the DNS of this host",
            wanted.platform,
            (
                command("tailscale", "set", "--accept-dns=true")
                if wanted.platform == "windows"
                else "sudo tailscale set --accept-dns=true",
            ),
            "Sends what the tailnet has a route for to Tailscale's own server, and with it the rest, if the tailnet says so.",
            f"{show} says that Tailscale DNS is enabled.",
        )
        routes = [r for r in wanted.policy.routes if r.domain and is_below(wanted.zone, r.domain)]
        if any(s.address == wanted.server for r in routes for s in r.servers):
            return (allow,)
        return (allow, *_tailscale(wanted._replace(policy=None)))
    console = Fix(
        f"In Tailscale's admin console, page DNS: add the nameserver {wanted.server} (Custom), restricted to the domain "
        f"{wanted.zone}",
        "vpn",
        changes="Every device of the tailnet that accepts its DNS settings gets the split DNS route.",
        verified_by=f"{show} lists {wanted.zone} below Split DNS Routes.",
    )
    carried = Fix(
        f"If {wanted.server} cannot be reached: a subnet router in the VPC must advertise its range, and be approved there",
        "vpn",
        verified_by=f"{command('tailscale', 'ping', '--icmp', wanted.server)} is answered.",
    )
    return (console, carried)


def _netbird(wanted: _Wanted) -> tuple[Fix, ...]:
    console = Fix(
        f"In NetBird's dashboard, DNS, Nameservers: add {wanted.server} with the match domain {wanted.zone}, for a group that "
        "this peer is in, and a network route to it",
        "vpn",
        changes="Peers of that group get the match domain.",
        verified_by=f"{command('netbird', 'status', '-d')} lists {wanted.zone} below Nameservers.",
    )
    if wanted.platform != "linux" or wanted.with_resolved:
        return (console,)
    needs = Fix(
        "On Linux NetBird applies a match domain only where systemd-resolved is in charge of DNS, and this host has none: "
        "without it, let a nameserver for all domains forward the namespace",
        "vpn",
    )
    return (console, needs)


def _warp(wanted: _Wanted) -> tuple[Fix, ...]:
    title = (
        f"In Cloudflare One, the device profile of WARP, Local Domain Fallback: add {wanted.zone} with the DNS server "
        f"{wanted.server} (or a resolver policy for it)"
    )
    verify = f"{command('warp-cli', 'settings')} lists {wanted.zone} below the fallback domains."
    return (Fix(title, "vpn", changes="Devices with that profile get it at their next update.", verified_by=verify),)


def _twingate(wanted: _Wanted) -> tuple[Fix, ...]:
    title = f"In Twingate's Admin Console: add the Resource *.{wanted.zone} to the Remote Network whose Connector is in the VPC"
    verify = "The name gets an address of 100.64.0.0/10, and a connection to it succeeds."
    return (Fix(title, "vpn", verified_by=verify),)


def _zscaler(wanted: _Wanted) -> tuple[Fix, ...]:
    title = (
        f"In Zscaler Private Access: add *.{wanted.zone} to an application segment that App Connectors in the VPC serve"
    )
    verify = "The name gets an address of 100.64.0.0/16, and a connection to it succeeds."
    return (Fix(title, "vpn", verified_by=verify),)


def _zerotier(wanted: _Wanted) -> tuple[Fix, ...]:
    title = (
        f"In ZeroTier Central, the network's DNS settings: the search domain {wanted.zone} with the server {wanted.server}; on "
        "this host allow DNS for the network"
    )
    verify = "zerotier-cli listnetworks -j shows the server below dns."
    return (Fix(title, "vpn", config="zerotier-cli set NETWORK-ID allowDNS=1", verified_by=verify),)


def _openvpn(wanted: _Wanted) -> tuple[Fix, ...]:
    push = Fix(
        f"In the OpenVPN server's configuration: push {wanted.server} for {wanted.zone}; clients must reconnect and apply it",
        "vpn",
        config=f'push "dhcp-option DNS {wanted.server}"\npush "dhcp-option DOMAIN-ROUTE {wanted.zone}"',
        changes="Clients that apply pushed DNS options send the domain to it.",
        verified_by="After a reconnect a program gets the addresses.",
    )
    apply = _APPLIES.get(wanted.client.product or "")
    return (push, Fix(apply, "vpn")) if apply else (push,)


def _wireguard(wanted: _Wanted) -> tuple[Fix, ...]:
    interface = wanted.client.interface or "the tunnel"
    if wanted.platform != "linux":
        return _unknown(wanted)
    if not wanted.with_resolved:
        title = (
            f"In the [Interface] section of {interface}: hand out the resolver, for every name while the tunnel is up"
        )
        return (Fix(title, "vpn", config=f"DNS = {wanted.server}", verified_by="A program gets the addresses."),)
    return (
        Fix(
            f"In the [Interface] section of {interface}: DNS = there would take every name",
            "vpn",
            config=f"PostUp = resolvectl dns %i {wanted.server}; resolvectl domain %i ~{wanted.zone}",
            verified_by=f"After the tunnel is up again, {command('resolvectl', 'domain', interface)} shows ~{wanted.zone}.",
        ),
    )


def _aws(wanted: _Wanted) -> tuple[Fix, ...]:
    title = f"Let the Client VPN endpoint hand out {wanted.server}, for every name; clients must reconnect"
    config = (
        "aws ec2 modify-client-vpn-endpoint --client-vpn-endpoint-id CLIENT-VPN-ENDPOINT-ID --dns-servers "
        f"CustomDnsServers={wanted.server},Enabled=true"
    )
    return (Fix(title, "vpn", config=config, verified_by="After a reconnect a program gets the addresses."),)


def _gateway(words: str) -> Callable[[_Wanted], tuple[Fix, ...]]:
    """Return the fix of a product whose gateway hands out DNS, in its words."""

    def fixes(wanted: _Wanted) -> tuple[Fix, ...]:
        title = words.format(zone=wanted.zone, server=wanted.server)
        return (Fix(title, "vpn", verified_by="After a reconnect a program gets the addresses."),)

    return fixes


#: What makes clients apply what an OpenVPN server pushes.
_APPLIES = {
    product.OPENVPN3: "With OpenVPN 3 Linux send only pushed domains there: openvpn3 config-manage --config NAME --dns-scope tunnel",
    product.TUNNELBLICK: "Tunnelblick sends every name to pushed servers or none: for one domain write a file of /etc/resolver",
    product.VISCOSITY: "In Viscosity, Networking: the DNS mode Split DNS, with the domain",
}
_SEND: dict[str, Callable[[_Wanted], tuple[Fix, ...]]] = {
    product.TAILSCALE: _tailscale,
    product.NETBIRD: _netbird,
    product.WARP: _warp,
    product.TWINGATE: _twingate,
    product.ZSCALER: _zscaler,
    product.ZEROTIER: _zerotier,
    product.WIREGUARD: _wireguard,
    product.AWS: _aws,
    product.OPENVPN: _openvpn,
    product.OPENVPN3: _openvpn,
    product.TUNNELBLICK: _openvpn,
    product.VISCOSITY: _openvpn,
    product.GLOBALPROTECT: _gateway(
        "In the GlobalProtect gateway's client settings: {server} as DNS server, and {zone} below Split DNS and Split Tunnel"
    ),
    product.CISCO: _gateway(
        "In the group policy of Cisco Secure Client: dns-server value {server}, split-dns value {zone}"
    ),
    product.FORTICLIENT: _gateway("In the FortiGate's VPN portal: split DNS for {zone} with the server {server}"),
    product.NORDLAYER: _gateway(
        "In NordLayer's Control Panel, the gateway's custom DNS: {server}, which must resolve {zone}"
    ),
}


def _openvpn_route(network: str) -> tuple[str, str]:
    address, _, length = network.partition("/")
    mask = ".".join(str((0xFFFFFFFF << (32 - int(length or 32)) >> shift) & 0xFF) for shift in (24, 16, 8, 0))
    return "in the OpenVPN server's configuration", f'push "route {address} {mask}"'


_ROUTES: dict[str, Callable[[str], tuple[str, str | None]]] = {
    **dict.fromkeys((product.OPENVPN, product.OPENVPN3, product.TUNNELBLICK, product.VISCOSITY), _openvpn_route),
    product.WIREGUARD: lambda network: ("in the [Peer] section", f"AllowedIPs = {network}"),
    product.TAILSCALE: lambda network: (
        "a subnet router in the VPC advertises it, and it is approved in the admin console",
        f"tailscale set --advertise-routes={network}",
    ),
    product.NETBIRD: lambda _: ("as a network with a routing peer in the VPC, in the dashboard", None),
    product.AWS: lambda _: ("a route and an authorization rule of the Client VPN endpoint", None),
}
