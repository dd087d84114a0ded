"""VPNs that configure DNS on their clients (OpenVPN, WireGuard, AWS Client VPN), and NRPT of Windows.

https://github.com/OpenVPN/openvpn/blob/master/doc/man-sections/client-options.rst
https://docs.aws.amazon.com/cli/latest/reference/ec2/modify-client-vpn-endpoint.html
"""

from __future__ import annotations

import re

from sddoctor.case.dns import Server
from sddoctor.splitdns.format import Format, mark_of
from sddoctor.splitdns.model import SplitDns, SplitDnsError, from_domains
from sddoctor.splitdns.servers import require_port_53


def render_openvpn(config: SplitDns) -> str:
    """Return server-side directives; the pushed routes send queries to the resolver through the tunnel.

    ``dhcp-option`` is for clients up to 2.5 and for ``up`` scripts, ``DNS6`` for 2.4, which takes IPv4 only as ``DNS``;
    ``dns server`` is for 2.6 and later and for OpenVPN 3, and overrides the other. Older clients log and ignore it.
    """
    require_port_53(config, "OpenVPN")
    pushed = [f"dhcp-option {'DNS6' if ':' in s.address else 'DNS'} {s.address}" for s in config.servers]
    pushed += [f"dhcp-option DOMAIN-ROUTE {d}" for d in config.domains]
    for number, server in enumerate(config.servers):
        pushed.append(f"dns server {number} address {server.address}")
        # One at a time: a directive has at most sixteen words.
        pushed += [f"dns server {number} resolve-domains {d}" for d in config.domains]
    pushed += [_openvpn_route(s.address) for s in config.servers if "%" not in s.address]
    return mark_of(config.domain) + "".join(f'push "{words}"\n' for words in pushed)


def _openvpn_route(address: str) -> str:
    return f"route-ipv6 {address}/128" if ":" in address else f"route {address} 255.255.255.255"


def parse_openvpn(text: str) -> SplitDns:
    """Read what :func:`render_openvpn` wrote. Raises :class:`SplitDnsError`."""
    servers = re.findall(r'^push "dhcp-option DNS6? (\S+)"$', text, re.MULTILINE)
    domains = re.findall(r'^push "dhcp-option DOMAIN-ROUTE (\S+)"$', text, re.MULTILINE)
    return from_domains(domains, [Server(s) for s in servers])


def render_wireguard(config: SplitDns) -> str:
    """Return a line for [Interface] on Linux: ``DNS =`` there would make search domains, not routing domains."""
    require_port_53(config, "WireGuard's resolvectl hook")
    servers = " ".join(s.address for s in config.servers)
    domains = " ".join(f"~{d}" for d in config.domains)
    return f"{mark_of(config.domain)}PostUp = resolvectl dns %i {servers}; resolvectl domain %i {domains}\n"


def parse_wireguard(text: str) -> SplitDns:
    """Read what :func:`render_wireguard` wrote. Raises :class:`SplitDnsError`."""
    found = re.search(r"^PostUp = resolvectl dns %i ([^;]+); resolvectl domain %i (.+)$", text, re.MULTILINE)
    if found is None:
        raise SplitDnsError("The text has no PostUp line with resolvectl.")
    return from_domains(
        [d.removeprefix("~") for d in found.group(2).split()], [Server(s) for s in found.group(1).split()]
    )


def render_client_vpn(config: SplitDns) -> str:
    """Return the aws command. An endpoint assigns servers for every name: it cannot route by domain.

    Raises :class:`SplitDnsError` for a port, and for more than two servers.
    """
    require_port_53(config, "AWS Client VPN")
    if len(config.servers) > 2:
        raise SplitDnsError(f"An AWS Client VPN hands out two servers, and {len(config.servers)} were given.")
    servers = ",".join(s.address for s in config.servers)
    return (
        f"{mark_of(config.domain)}# domains: {' '.join(config.domains)}\n"
        f'aws ec2 modify-client-vpn-endpoint --client-vpn-endpoint-id "$CLIENT_VPN_ENDPOINT_ID" '
        f"--dns-servers 'CustomDnsServers={servers},Enabled=true'\n"
    )


def parse_client_vpn(text: str) -> SplitDns:
    """Read what :func:`render_client_vpn` wrote. Raises :class:`SplitDnsError`."""
    domains = re.search(r"^# domains: (.+)$", text, re.MULTILINE)
    servers = re.search(r"CustomDnsServers=(.+),Enabled=true", text)
    if domains is None or servers is None:
        raise SplitDnsError("The text has no domains or no CustomDnsServers.")
    return from_domains(domains.group(1).split(), [Server(s) for s in servers.group(1).split(",")])


def render_nrpt(config: SplitDns) -> str:
    """Return PowerShell; the leading dot makes a rule match all names below the domain.

    https://learn.microsoft.com/powershell/module/dnsclient/add-dnsclientnrptrule
    """
    require_port_53(config, "Windows")
    servers = ", ".join(f"'{s.address}'" for s in config.servers)
    rules = [f"Add-DnsClientNrptRule -Namespace '.{d}' -NameServers {servers}\n" for d in config.domains]
    return mark_of(config.domain) + "".join(rules)


def parse_nrpt(text: str) -> SplitDns:
    """Read what :func:`render_nrpt` wrote. Raises :class:`SplitDnsError`."""
    found = re.findall(r"^Add-DnsClientNrptRule -Namespace '\.([^']+)' -NameServers (.+)$", text, re.MULTILINE)
    servers = re.findall(r"'([^']+)'", found[0][1]) if found else []
    return from_domains([d for d, _ in found], [Server(s) for s in servers])


OPENVPN = Format(
    "openvpn",
    "OpenVPN, server side",
    "any",
    "Add it to the server's configuration; clients must reconnect. On Linux up to 2.6 they apply DNS by an up script, such as "
    "update-systemd-resolved. A route for IPv6 needs IPv6 in the tunnel (server-ipv6).",
    render_openvpn,
    parse_openvpn,
)
WIREGUARD = Format(
    "wireguard",
    "WireGuard on Linux (wg-quick)",
    "linux",
    "Add it to the [Interface] section, then bring the tunnel down and up.",
    render_wireguard,
    parse_wireguard,
)
CLIENT_VPN = Format(
    "client-vpn",
    "AWS Client VPN",
    "any",
    "Set CLIENT_VPN_ENDPOINT_ID and run it; clients must reconnect.",
    render_client_vpn,
    parse_client_vpn,
    warning="it hands out these servers, at most two, for every name: an endpoint cannot pair a server with a domain.",
)
NRPT = Format(
    "windows-nrpt",
    "Windows, Name Resolution Policy Table",
    "windows",
    "Run it in PowerShell as administrator.",
    render_nrpt,
    parse_nrpt,
)
