"""VPNs that configure DNS on their clients (OpenVPN, WireGuard, AWS Client VPN, Tailscale), and NRPT of Windows.

https://community.openvpn.net/openvpn/wiki/Pushing-DNS-to-clients
https://docs.aws.amazon.com/cli/latest/reference/ec2/modify-client-vpn-endpoint.html
https://tailscale.com/api
"""

from __future__ import annotations

import json
import re

from sddoctor.case.dns import Server
from sddoctor.splitdns.format import Format, mark_of
from sddoctor.splitdns.model import SplitDns, SplitDnsError, from_domains
from sddoctor.splitdns.servers import require_port_53


def render_openvpn(config: SplitDns) -> str:
    """Return server-side directives; the pushed route sends queries to the resolver through the tunnel."""
    require_port_53(config, "OpenVPN")
    lines = [f'push "dhcp-option DNS {s.address}"\n' for s in config.servers]
    lines += [f'push "dhcp-option DOMAIN-ROUTE {d}"\n' for d in config.domains]
    lines += [f'push "route {s.address} 255.255.255.255"\n' for s in config.servers if ":" not in s.address]
    return mark_of(config.domain) + "".join(lines)


def parse_openvpn(text: str) -> SplitDns:
    """Read what :func:`render_openvpn` wrote. Raises :class:`SplitDnsError`."""
    servers = re.findall(r'^push "dhcp-option DNS (\S+)"$', text, re.MULTILINE)
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


def render_tailscale(config: SplitDns) -> str:
    """Return the body for Tailscale's split DNS API (or the same values for its admin console)."""
    require_port_53(config, "Tailscale")
    servers = [s.address for s in config.servers]
    return json.dumps(dict.fromkeys(config.domains, servers), indent=2) + "\n"


def parse_tailscale(text: str) -> SplitDns:
    """Read what :func:`render_tailscale` wrote. Raises :class:`SplitDnsError`."""
    try:
        data = json.loads(text)
        domains, servers = list(data), [Server(str(s)) for s in next(iter(data.values()))]
    except (ValueError, AttributeError, TypeError, StopIteration) as error:
        raise SplitDnsError("The text is not a mapping from domains to servers.") from error
    return from_domains(domains, servers)


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
    "Add it to the server's configuration; clients must reconnect and apply pushed DNS options.",
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
    "Set CLIENT_VPN_ENDPOINT_ID and run it; clients must reconnect. At most two servers are handed out, for all names.",
    render_client_vpn,
    parse_client_vpn,
)
TAILSCALE = Format(
    "tailscale",
    "Tailscale split DNS",
    "any",
    "Send it to the tailnet's split DNS API, or enter the same in the admin console under DNS.",
    render_tailscale,
    parse_tailscale,
)
NRPT = Format(
    "windows-nrpt",
    "Windows, Name Resolution Policy Table",
    "windows",
    "Run it in PowerShell as administrator.",
    render_nrpt,
    parse_nrpt,
)
