"""What a VPN hands out, and Windows: OpenVPN, WireGuard, AWS Client VPN, Tailscale, NRPT.

https://community.openvpn.net/openvpn/wiki/Pushing-DNS-to-clients
https://docs.aws.amazon.com/cli/latest/reference/ec2/modify-client-vpn-endpoint.html
https://tailscale.com/api
"""

from __future__ import annotations

import json
import re

from sddoctor.case.dns import Server
from sddoctor.splitdns.format import Format, comment
from sddoctor.splitdns.model import SplitDns, SplitDnsError, make


def _port_53(config: SplitDns, who: str) -> None:
    if any(s.port != 53 for s in config.servers):
        raise SplitDnsError(f"{who} asks port 53 only.")


def render_openvpn(config: SplitDns) -> str:
    """Return server-side directives; the route makes sure that the resolver is asked through the tunnel."""
    _port_53(config, "OpenVPN")
    lines = [f'push "dhcp-option DNS {s.address}"\n' for s in config.servers]
    lines += [f'push "dhcp-option DOMAIN-ROUTE {d}"\n' for d in config.domains]
    lines += [f'push "route {s.address} 255.255.255.255"\n' for s in config.servers if ":" not in s.address]
    return comment(config) + "".join(lines)


def parse_openvpn(text: str) -> SplitDns:
    """Read what :func:`render_openvpn` wrote. Raises :class:`SplitDnsError`."""
    servers = re.findall(r'^push "dhcp-option DNS (\S+)"$', text, re.MULTILINE)
    domains = re.findall(r'^push "dhcp-option DOMAIN-ROUTE (\S+)"$', text, re.MULTILINE)
    return _of(domains, [Server(s) for s in servers])


def render_wireguard(config: SplitDns) -> str:
    """Return lines for the [Interface] section on Linux: ``DNS =`` there would make search domains, not match domains."""
    _port_53(config, "WireGuard's resolvectl hook")
    servers = " ".join(s.address for s in config.servers)
    domains = " ".join(f"~{d}" for d in config.domains)
    return f"{comment(config)}PostUp = resolvectl dns %i {servers}; resolvectl domain %i {domains}\n"


def parse_wireguard(text: str) -> SplitDns:
    """Read what :func:`render_wireguard` wrote. Raises :class:`SplitDnsError`."""
    found = re.search(r"^PostUp = resolvectl dns %i ([^;]+); resolvectl domain %i (.+)$", text, re.MULTILINE)
    if found is None:
        raise SplitDnsError("The text has no PostUp line with resolvectl.")
    return _of([d.removeprefix("~") for d in found.group(2).split()], [Server(s) for s in found.group(1).split()])


def render_client_vpn(config: SplitDns) -> str:
    """Return the aws command. An endpoint hands out servers for every name: it knows no domains.

    Raises :class:`SplitDnsError` for a port, and for more than two servers.
    """
    _port_53(config, "AWS Client VPN")
    if len(config.servers) > 2:
        raise SplitDnsError(f"An AWS Client VPN hands out two servers, and {len(config.servers)} were given.")
    servers = ",".join(s.address for s in config.servers)
    return (
        f"{comment(config)}# domains: {' '.join(config.domains)}\n"
        f'aws ec2 modify-client-vpn-endpoint --client-vpn-endpoint-id "$CLIENT_VPN_ENDPOINT_ID" '
        f"--dns-servers 'CustomDnsServers={servers},Enabled=true'\n"
    )


def parse_client_vpn(text: str) -> SplitDns:
    """Read what :func:`render_client_vpn` wrote. Raises :class:`SplitDnsError`."""
    domains = re.search(r"^# domains: (.+)$", text, re.MULTILINE)
    servers = re.search(r"CustomDnsServers=(.+),Enabled=true", text)
    if domains is None or servers is None:
        raise SplitDnsError("The text has no domains or no CustomDnsServers.")
    return _of(domains.group(1).split(), [Server(s) for s in servers.group(1).split(",")])


def render_tailscale(config: SplitDns) -> str:
    """Return the body for Tailscale's split DNS API (or the same values for its admin console)."""
    _port_53(config, "Tailscale")
    servers = [s.address for s in config.servers]
    return json.dumps(dict.fromkeys(config.domains, servers), indent=2) + "\n"


def parse_tailscale(text: str) -> SplitDns:
    """Read what :func:`render_tailscale` wrote. Raises :class:`SplitDnsError`."""
    try:
        data = json.loads(text)
        domains, servers = list(data), [Server(str(s)) for s in next(iter(data.values()))]
    except (ValueError, AttributeError, TypeError, StopIteration) as error:
        raise SplitDnsError("The text is not a mapping from domains to servers.") from error
    return _of(domains, servers)


def render_nrpt(config: SplitDns) -> str:
    """Return PowerShell: the leading dot means "and everything below".

    https://learn.microsoft.com/powershell/module/dnsclient/add-dnsclientnrptrule
    """
    _port_53(config, "Windows")
    servers = ", ".join(f"'{s.address}'" for s in config.servers)
    rules = [f"Add-DnsClientNrptRule -Namespace '.{d}' -NameServers {servers}\n" for d in config.domains]
    return comment(config) + "".join(rules)


def parse_nrpt(text: str) -> SplitDns:
    """Read what :func:`render_nrpt` wrote. Raises :class:`SplitDnsError`."""
    found = re.findall(r"^Add-DnsClientNrptRule -Namespace '\.([^']+)' -NameServers (.+)$", text, re.MULTILINE)
    servers = re.findall(r"'([^']+)'", found[0][1]) if found else []
    return _of([d for d, _ in found], [Server(s) for s in servers])


def _of(domains: list[str], servers: list[Server]) -> SplitDns:
    if not domains:
        raise SplitDnsError("The text routes no domain.")
    first, *reverse = domains
    return make(first, tuple(servers), tuple(reverse))


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
