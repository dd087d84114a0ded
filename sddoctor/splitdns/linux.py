"""Linux: systemd-resolved and NetworkManager.

A server can be tied to a domain only on a link: the global DNS= of systemd-resolved serves all domains.
systemd.network(5), nm-settings-keyfile(5)
"""

from __future__ import annotations

import re

from sddoctor.case.dns import Server
from sddoctor.splitdns.format import Format, mark_of
from sddoctor.splitdns.model import LINK, SplitDns, SplitDnsError, from_domains
from sddoctor.splitdns.servers import bracketed, parse_bracketed, require_port_53


def render_resolved(config: SplitDns) -> str:
    """Return a .network file: the tilde makes a domain routing-only, not a search domain."""
    servers = " ".join(bracketed(s) for s in config.servers)
    domains = " ".join(f"~{d}" for d in config.domains)
    return (
        f"{mark_of(config.domain)}[Match]\nName={config.link}\n\n[Network]\nDNS={servers}\nDomains={domains}\nDNSDefaultRoute=no\n"
        "KeepConfiguration=yes\n"
    )


def parse_resolved(text: str) -> SplitDns:
    """Read what :func:`render_resolved` wrote. Raises :class:`SplitDnsError`."""
    servers = re.search(r"^DNS=(.+)$", text, re.MULTILINE)
    domains = re.search(r"^Domains=(.+)$", text, re.MULTILINE)
    if servers is None or domains is None:
        raise SplitDnsError("The text names no DNS= or no Domains=.")
    routed = [d.removeprefix("~") for d in domains.group(1).split()]
    link = re.search(r"^Name=(.+)$", text, re.MULTILINE)
    addresses = [parse_bracketed(w) for w in servers.group(1).split()]
    return from_domains(routed, addresses, link.group(1) if link else LINK)


def render_networkmanager(config: SplitDns) -> str:
    """Return the DNS part of a connection's keyfile. Raises :class:`SplitDnsError` for a port: NetworkManager has none."""
    require_port_53(config, "NetworkManager")
    domains = "".join(f"~{d};" for d in config.domains)
    text = mark_of(config.domain)
    for section, servers in (("ipv4", _family(config, 4)), ("ipv6", _family(config, 6))):
        if servers:
            text += f"[{section}]\ndns={''.join(f'{s};' for s in servers)}\ndns-search={domains}\nnever-default=true\n"
    return text


def _family(config: SplitDns, version: int) -> list[str]:
    return [s.address for s in config.servers if (":" in s.address) == (version == 6)]


def parse_networkmanager(text: str) -> SplitDns:
    """Read what :func:`render_networkmanager` wrote. Raises :class:`SplitDnsError`."""
    servers = [a for line in re.findall(r"^dns=(.+)$", text, re.MULTILINE) for a in line.split(";") if a]
    domains = re.search(r"^dns-search=(.+)$", text, re.MULTILINE)
    if domains is None:
        raise SplitDnsError("The text names no dns-search=.")
    routed = [d.removeprefix("~") for d in domains.group(1).split(";") if d]
    return from_domains(routed, [Server(a) for a in servers])


RESOLVED = Format(
    name="systemd-resolved",
    title="systemd-resolved, by a .network file of the tunnel",
    platform="linux",
    steps=(
        "Write it into /etc/systemd/network, then networkctl reload. Its Name= must be the tunnel's interface. For a tunnel "
        "that networkd does not manage, run resolvectl dns and resolvectl domain with the same values."
    ),
    render=render_resolved,
    parse=parse_resolved,
    directory="/etc/systemd/network",
    file_name="50-{domain}.network",
    after=(("networkctl", "reload"),),
)
NETWORKMANAGER = Format(
    name="networkmanager",
    title="NetworkManager, in the keyfile of the VPN connection",
    platform="linux",
    steps="Merge it into the connection's file in /etc/NetworkManager/system-connections, then nmcli connection reload.",
    render=render_networkmanager,
    parse=parse_networkmanager,
)
