"""Linux: systemd-resolved and NetworkManager.

A server can be paired with a domain only on a link: systemd-resolved's global setting cannot.
systemd.network(5), nm-settings-keyfile(5)
"""

from __future__ import annotations

import re

from sddoctor.case.dns import Server
from sddoctor.splitdns.format import Format, comment
from sddoctor.splitdns.model import LINK, SplitDns, SplitDnsError, make


def _with_port(server: Server) -> str:
    if server.port == 53:
        return server.address
    return f"[{server.address}]:{server.port}" if ":" in server.address else f"{server.address}:{server.port}"


def _server(word: str) -> Server:
    if word.startswith("["):
        address, _, port = word[1:].partition("]:")
        return Server(address, int(port))
    if word.count(":") == 1:
        address, _, port = word.partition(":")
        return Server(address, int(port))
    return Server(word)


def render_resolved(config: SplitDns) -> str:
    """Return a .network file: the tilde makes a domain route without being a search domain."""
    servers = " ".join(_with_port(s) for s in config.servers)
    domains = " ".join(f"~{d}" for d in config.domains)
    return (
        f"{comment(config)}[Match]\nName={config.link}\n\n[Network]\nDNS={servers}\nDomains={domains}\nDNSDefaultRoute=no\n"
        "KeepConfiguration=yes\n"
    )


def parse_resolved(text: str) -> SplitDns:
    """Read what :func:`render_resolved` wrote. Raises :class:`SplitDnsError`."""
    servers = re.search(r"^DNS=(.+)$", text, re.MULTILINE)
    domains = re.search(r"^Domains=(.+)$", text, re.MULTILINE)
    if servers is None or domains is None:
        raise SplitDnsError("The text names no DNS= or no Domains=.")
    first, *reverse = (d.removeprefix("~") for d in domains.group(1).split())
    link = re.search(r"^Name=(.+)$", text, re.MULTILINE)
    addresses = tuple(_server(w) for w in servers.group(1).split())
    return make(first, addresses, tuple(reverse), link.group(1) if link else LINK)


def render_networkmanager(config: SplitDns) -> str:
    """Return the DNS part of a connection's keyfile. Raises :class:`SplitDnsError` for a port: NetworkManager has none."""
    if any(s.port != 53 for s in config.servers):
        raise SplitDnsError("NetworkManager asks port 53 only.")
    domains = "".join(f"~{d};" for d in config.domains)
    text = comment(config)
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
    first, *reverse = (d.removeprefix("~") for d in domains.group(1).split(";") if d)
    return make(first, tuple(Server(a) for a in servers), tuple(reverse))


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
