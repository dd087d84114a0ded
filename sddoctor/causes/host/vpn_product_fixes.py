"""How each VPN product comes to send a domain to a server, in its own words; in words with the interface's name where it is unknown.

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
https://www.infradead.org/openconnect/vpnc-script.html
https://docs.strongswan.org/docs/latest/plugins/attr.html
https://mullvad.net/en/help/how-use-mullvad-cli
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


class Wanted(NamedTuple):
    """A domain that a server should get, and by which platform and interface."""

    zone: str
    server: str
    platform: Platform
    client: VpnClient
    with_resolved: bool = False
    policy: VpnPolicy | None = None


def send(wanted: Wanted) -> tuple[Fix, ...]:
    """Return how the client comes to send the domain to the server."""
    return _SEND.get(wanted.client.product or "", _unknown)(wanted)


def _unknown(wanted: Wanted) -> tuple[Fix, ...]:
    title = (
        f"In the settings of {wanted.client.name}: hand out {wanted.server} as the DNS server for {wanted.zone} "
        "(split DNS, match domain)"
    )
    return (Fix(title, "vpn", verified_by="After a reconnect a program gets the addresses."),)


def _tailscale(wanted: Wanted) -> tuple[Fix, ...]:
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


def _netbird(wanted: Wanted) -> tuple[Fix, ...]:
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


def _warp(wanted: Wanted) -> tuple[Fix, ...]:
    title = (
        f"In Cloudflare One, the device profile of WARP, Local Domain Fallback: add {wanted.zone} with the DNS server "
        f"{wanted.server} (or a resolver policy for it)"
    )
    verify = f"{command('warp-cli', 'settings')} lists {wanted.zone} below the fallback domains."
    return (Fix(title, "vpn", changes="Devices with that profile get it at their next update.", verified_by=verify),)


def _twingate(wanted: Wanted) -> tuple[Fix, ...]:
    title = f"In Twingate's Admin Console: add the Resource *.{wanted.zone} to the Remote Network whose Connector is in the VPC"
    verify = "The name gets an address of 100.64.0.0/10, and a connection to it succeeds."
    return (Fix(title, "vpn", verified_by=verify),)


def _zscaler(wanted: Wanted) -> tuple[Fix, ...]:
    title = (
        f"In Zscaler Private Access: add *.{wanted.zone} to an application segment that App Connectors in the VPC serve"
    )
    verify = "The name gets an address of 100.64.0.0/16, and a connection to it succeeds."
    return (Fix(title, "vpn", verified_by=verify),)


def _zerotier(wanted: Wanted) -> tuple[Fix, ...]:
    title = (
        f"In ZeroTier Central, the network's DNS settings: the search domain {wanted.zone} with the server {wanted.server}; on "
        "this host allow DNS for the network"
    )
    verify = "zerotier-cli listnetworks -j shows the server below dns."
    return (Fix(title, "vpn", config="zerotier-cli set NETWORK-ID allowDNS=1", verified_by=verify),)


def _openvpn(wanted: Wanted) -> tuple[Fix, ...]:
    push = Fix(
        f"In the OpenVPN server's configuration: push {wanted.server} for {wanted.zone}; clients must reconnect and apply it",
        "vpn",
        config=f'push "dhcp-option DNS {wanted.server}"\npush "dhcp-option DOMAIN-ROUTE {wanted.zone}"',
        changes="Clients that apply pushed DNS options send the domain to it.",
        verified_by="After a reconnect a program gets the addresses.",
    )
    apply = _APPLIES.get(wanted.client.product or "")
    return (push, Fix(apply, "vpn")) if apply else (push,)


def _wireguard(wanted: Wanted) -> tuple[Fix, ...]:
    interface = wanted.client.interface or "the tunnel"
    if wanted.platform != "linux":
        title = f"In the [Interface] section of {interface}: the resolver and the domain, for every name while the tunnel is up"
        config = f"DNS = {wanted.server}, {wanted.zone}"
        return (
            Fix(title, "vpn", config=config, verified_by="After the tunnel is up again a program gets the addresses."),
        )
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


def _aws(wanted: Wanted) -> tuple[Fix, ...]:
    title = f"Let the Client VPN endpoint hand out {wanted.server}, for every name; clients must reconnect"
    config = (
        "aws ec2 modify-client-vpn-endpoint --client-vpn-endpoint-id CLIENT-VPN-ENDPOINT-ID --dns-servers "
        f"CustomDnsServers={wanted.server},Enabled=true"
    )
    return (Fix(title, "vpn", config=config, verified_by="After a reconnect a program gets the addresses."),)


def _gateway(words: str) -> Callable[[Wanted], tuple[Fix, ...]]:
    """Return the fix of a product whose gateway hands out DNS, in its words."""

    def fixes(wanted: Wanted) -> tuple[Fix, ...]:
        title = words.format(zone=wanted.zone, server=wanted.server)
        return (Fix(title, "vpn", verified_by="After a reconnect a program gets the addresses."),)

    return fixes


def _openconnect(wanted: Wanted) -> tuple[Fix, ...]:
    """The gateway hands it out; whether the domain alone goes there is up to vpnc-script."""
    gateway = Fix(
        f"In the gateway's settings: {wanted.server} as DNS server, and {wanted.zone} as a split DNS domain, which the vpnc-script of "
        "openconnect applies",
        "vpn",
        verified_by="After a reconnect a program gets the addresses.",
    )
    return (gateway,)


def _mullvad(wanted: Wanted) -> tuple[Fix, ...]:
    """It knows no servers for single domains. https://mullvad.net/en/help/how-use-mullvad-cli"""
    change = Fix(
        "Mullvad sends every name to one list of servers: name a forwarder there that knows the domain",
        "vpn",
        config=f"mullvad dns set custom {wanted.server}",
        changes=f"Every name is then asked of {wanted.server}, which must be reached beside the tunnel (Local network sharing).",
        verified_by="mullvad dns get shows the server, and a program gets the addresses.",
    )
    return (change,)


#: What makes clients apply what an OpenVPN server pushes.
_APPLIES = {
    product.OPENVPN3: "With OpenVPN 3 Linux send only pushed domains there: openvpn3 config-manage --config NAME --dns-scope tunnel",
    product.TUNNELBLICK: "Tunnelblick sends every name to pushed servers or none: for one domain write a file of /etc/resolver",
    product.VISCOSITY: "In Viscosity, Networking: the DNS mode Split DNS, with the domain",
}
_SEND: dict[str, Callable[[Wanted], tuple[Fix, ...]]] = {
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
    product.OPENCONNECT: _openconnect,
    product.OPENFORTIVPN: _gateway(
        "In the FortiGate's VPN portal: split DNS for {zone} with the server {server}; openfortivpn itself knows no split DNS, so with "
        "set-dns = 0 a script of /etc/ppp/ip-up.d has to set the domain"
    ),
    product.STRONGSWAN: _gateway(
        "In the IPsec gateway's settings: the attribute DNS server {server}, and {zone} as a domain of split DNS (INTERNAL_DNS_DOMAIN)"
    ),
    product.MULLVAD: _mullvad,
    product.IVANTI: _gateway(
        "In the gateway's connection profile (Ivanti, Pulse Secure): the DNS server {server}, and the DNS domain {zone} searched there"
    ),
    product.NETSKOPE: _gateway(
        "In Netskope Private Access: {zone} as a private app (*.{zone}), served by a publisher in the VPC"
    ),
    product.NORDLAYER: _gateway(
        "In NordLayer's Control Panel, the gateway's custom DNS: {server}, which must resolve {zone}"
    ),
}
