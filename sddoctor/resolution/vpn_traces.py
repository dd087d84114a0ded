"""What the facts of a host show of VPN clients: addresses, routes, servers of interfaces, and who wrote resolv.conf."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sddoctor.case.address import contains
from sddoctor.case.host import HostFacts, InterfaceAddress
from sddoctor.case.vpn_client import VpnMark
from sddoctor.formats.host import vpn_marks
from sddoctor.formats.host.addresses import is_loopback
from sddoctor.formats.host.routes import is_tunnel

#: Addresses at which a client has a forwarder of its own, on every host.
#: https://tailscale.com/kb/1054/dns
#: https://developers.cloudflare.com/cloudflare-one/team-and-resources/devices/warp/configure-warp/route-traffic/warp-architecture/
#: https://twingate.com/docs/how-twingate-forwards-dns
FORWARDERS = {
    "100.100.100.100": vpn_marks.TAILSCALE,
    "fd7a:115c:a1e0::53": vpn_marks.TAILSCALE,
    "127.0.2.2": vpn_marks.WARP,
    "127.0.2.3": vpn_marks.WARP,
    "fd01:db8:1111::2": vpn_marks.WARP,
    "fd01:db8:1111::3": vpn_marks.WARP,
    **{f"100.95.0.{n}": vpn_marks.TWINGATE for n in range(251, 255)},
}
#: Ranges in which only one client numbers its interfaces. https://tailscale.com/kb/1033/ip-and-dns-addresses
_RANGES = {"fd7a:115c:a1e0::/48": vpn_marks.TAILSCALE}
_LINK_LOCAL = ("169.254.0.0/16", "fe80::/10")
_PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
#: Tunnels of other kinds: IPv6 in IPv4, and the networks of clusters. https://docs.tigera.io/calico/latest/reference/host-endpoints/
_NO_VPN = re.compile(
    r"sit[0-9]+|tunl[0-9]+|(?:wireguard|vxlan|tunl)\.?(?:cali|calico).*|wg[v6]*\.cali.*|flannel.*|cilium.*"
)


def traces(facts: HostFacts) -> Iterator[VpnMark]:
    """Yield what the facts of other sources than the clients themselves show."""
    yield from _by_addresses(facts)
    yield from _by_servers(facts)
    for looked_up in facts.routes:
        route = looked_up.route.seen_or(None)
        if route is not None and route.kind == "tunnel" and route.interface and not _NO_VPN.fullmatch(route.interface):
            product = _product_of(facts, route.interface)
            seen = f"leads to {route.interface}, a tunnel"
            yield VpnMark(product, f"route to {looked_up.destination}", seen, route.interface, connected=True)
    conf = facts.resolv_conf.seen_or(None)
    for comment in conf.comments if conf is not None else ():
        if product := vpn_marks.of_comment(comment):
            yield VpnMark(product, "/etc/resolv.conf", comment.lstrip("#; "), connected=True)


def usable_addresses(facts: HostFacts) -> tuple[InterfaceAddress, ...]:
    """Return the host's addresses that others can reach: none of the loopback interface, none of the link alone."""
    own = facts.addresses.seen_or(())
    return tuple(a for a in own if not is_loopback(a.address) and not any(contains(r, a.address) for r in _LINK_LOCAL))


def is_no_vpn(interface: str) -> bool:
    """Tell whether it is a tunnel of another kind than a VPN's, by its name."""
    return _NO_VPN.fullmatch(interface) is not None


def _product_of(facts: HostFacts, interface: str) -> str | None:
    return (vpn_marks.of_adapter if facts.platform == "windows" else vpn_marks.of_interface)(interface)


def _by_addresses(facts: HostFacts) -> Iterator[VpnMark]:
    own = usable_addresses(facts)
    for address in own:
        product = _product_of(facts, address.interface)
        product = product or next((p for r, p in _RANGES.items() if contains(r, address.address)), None)
        shared = vpn_marks.may_be_of_interface(address.interface)
        if product is None and not _is_vpn(facts, address, own):
            continue
        if product is not None or shared or is_tunnel(address.interface):
            seen = f"{address.interface} has {address.address}"
            yield VpnMark(product, "addresses of this host", seen, address.interface, connected=True)


def _is_vpn(facts: HostFacts, address: InterfaceAddress, own: tuple[InterfaceAddress, ...]) -> bool:
    """Tell whether a tunnel may be a VPN's, by its address.

    macOS has tunnels of its own for devices, with IPv6 alone; a line to the internet by PPP has a public address; a container
    without root has a tap of its engine.
    """
    name = address.interface
    if is_no_vpn(name) or (name.startswith("tap") and any(m.of == "slirp" for m in facts.marks)):
        return False
    if facts.platform == "macos" and name.startswith("utun"):
        return any(a.interface == name and ":" not in a.address for a in own)
    return not name.startswith("ppp") or any(contains(r, address.address) for r in _PRIVATE)


def _by_servers(facts: HostFacts) -> Iterator[VpnMark]:
    """Yield interfaces for which a forwarder is set that only one client has, and forwarders without an interface."""
    resolved = facts.resolved.seen_or(None)
    listed = [(link.interface, link.servers, "resolvectl status") for link in (resolved.links if resolved else ())]
    listed += [(r.interface, r.nameservers, "scutil --dns") for r in facts.scutil.seen_or(())]
    listed += [(i.interface, i.servers, "Get-DnsClientServerAddress") for i in facts.interface_servers.seen_or(())]
    listed += [(None, rule.servers, rule.source) for rule in facts.nrpt.seen_or(())]
    conf = facts.resolv_conf.seen_or(None)
    listed += [(None, conf.listed, conf.path)] if conf is not None and facts.platform == "linux" else []
    for interface, servers, source in listed:
        own = interface if interface and (facts.platform == "windows" or is_tunnel(interface)) else None
        for server in servers:
            if product := FORWARDERS.get(server.lower()):
                seen = f"{own} has the DNS server {server}" if own else f"the DNS server {server}"
                yield VpnMark(product, source, seen, own, connected=True)
