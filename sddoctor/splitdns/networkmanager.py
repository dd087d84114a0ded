"""NetworkManager: the DNS part of a connection's keyfile.

https://networkmanager.dev/docs/api/latest/nm-settings-keyfile.html, https://wiki.gnome.org/Projects/NetworkManager/DNS
"""

from __future__ import annotations

import re

from sddoctor.case.dns import Server
from sddoctor.splitdns.format import Format, mark_of
from sddoctor.splitdns.model import SplitDns, SplitDnsError, from_domains
from sddoctor.splitdns.servers import require_port_53


def render(config: SplitDns) -> str:
    """Return a part for each address family; the tilde makes a domain routing-only.

    ``never-default`` is not written: it decides about routes, not about names. Raises :class:`SplitDnsError` for a port,
    which NetworkManager cannot express.
    """
    require_port_53(config, "NetworkManager")
    domains = "".join(f"~{d};" for d in config.domains)
    text = mark_of(config.domain)
    for section, servers in (("ipv4", _family(config, 4)), ("ipv6", _family(config, 6))):
        if servers:
            text += f"[{section}]\ndns={''.join(f'{s};' for s in servers)}\ndns-search={domains}\n"
    return text


def _family(config: SplitDns, version: int) -> list[str]:
    return [s.address for s in config.servers if (":" in s.address) == (version == 6)]


def parse(text: str) -> SplitDns:
    """Read what :func:`render` wrote. Raises :class:`SplitDnsError`."""
    servers = [a for line in re.findall(r"^dns=(.+)$", text, re.MULTILINE) for a in line.split(";") if a]
    domains = re.search(r"^dns-search=(.+)$", text, re.MULTILINE)
    if domains is None:
        raise SplitDnsError("The text names no dns-search=.")
    routed = [d.removeprefix("~") for d in domains.group(1).split(";") if d]
    return from_domains(routed, [Server(a) for a in servers])


FORMAT = Format(
    name="networkmanager",
    title="NetworkManager, in the keyfile of the VPN connection",
    platform="linux",
    steps=(
        "Merge it into the connection's file in /etc/NetworkManager/system-connections, then nmcli connection reload and "
        "bring the connection up anew. It needs dns=systemd-resolved or dns=dnsmasq in NetworkManager.conf."
    ),
    render=render,
    parse=parse,
    warning=(
        "a connection that takes the default route sends every name to these servers. never-default=true in its [ipv4] "
        "and [ipv6] ends that, but it changes the routing: all other traffic then leaves the tunnel. So it is not written here."
    ),
)
