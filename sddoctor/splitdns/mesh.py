"""Mesh VPNs, which are configured centrally: Tailscale, NetBird and Nebula.

https://tailscale.com/api, https://docs.netbird.io/api/resources/dns, https://nebula.defined.net/docs/config/tun
"""

from __future__ import annotations

import json
import re

from sddoctor.case.dns import Server
from sddoctor.splitdns.format import MARK, Format, mark_of
from sddoctor.splitdns.model import SplitDns, SplitDnsError, from_domains
from sddoctor.splitdns.servers import bracketed, parse_bracketed, require_port_53

#: What stands for values that only the administrator knows.
GROUP, GATEWAY = "GROUP_ID", "GATEWAY"
_NETBIRD_NAME, _NETBIRD_SERVERS = 40, 3


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
    except (ValueError, AttributeError, TypeError, StopIteration, RecursionError) as error:
        raise SplitDnsError("The text is not a mapping from domains to servers.") from error
    return from_domains(domains, servers)


def render_netbird(config: SplitDns) -> str:
    """Return the body that creates a nameserver group; one that is not primary gets only the names of its domains.

    Raises :class:`SplitDnsError` for more than three servers.
    """
    if len(config.servers) > _NETBIRD_SERVERS:
        raise SplitDnsError(
            f"A nameserver group of NetBird has at most {_NETBIRD_SERVERS} servers, and {len(config.servers)} were given."
        )
    group = {
        "name": config.domain[:_NETBIRD_NAME],
        "description": f"{MARK}: {config.domain} is asked of its VPC resolver.",
        "nameservers": [{"ip": s.address, "ns_type": "udp", "port": s.port} for s in config.servers],
        "enabled": True,
        "groups": [GROUP],
        "primary": False,
        "domains": list(config.domains),
        "search_domains_enabled": False,
    }
    return json.dumps(group, indent=2) + "\n"


def parse_netbird(text: str) -> SplitDns:
    """Read what :func:`render_netbird` wrote. Raises :class:`SplitDnsError`."""
    try:
        data = json.loads(text)
        domains = [str(d) for d in data["domains"]]
        servers = [Server(str(s["ip"]), int(s["port"])) for s in data["nameservers"]]
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise SplitDnsError("The text is not a nameserver group.") from error
    return from_domains(domains, servers)


def render_nebula(config: SplitDns) -> str:
    """Return the part of a host's config.yml that sends queries to the server through the overlay.

    Nebula sets no DNS server on its hosts, and the DNS of a lighthouse answers for Nebula's own hosts only:
    https://nebula.defined.net/docs/config/lighthouse
    """
    servers = " ".join(bracketed(s) for s in config.servers)
    lines = [mark_of(config.domain), f"# domains: {' '.join(config.domains)}\n", f"# servers: {servers}\n"]
    lines += ["tun:\n", "  unsafe_routes:\n"]
    for address in dict.fromkeys(s.address.partition("%")[0] for s in config.servers):
        lines += [f'    - route: "{address}/{128 if ":" in address else 32}"\n', f"      via: {GATEWAY}\n"]
    return "".join(lines)


def parse_nebula(text: str) -> SplitDns:
    """Read what :func:`render_nebula` wrote. Raises :class:`SplitDnsError`."""
    domains, servers = (re.search(rf"^# {key}: (.+)$", text, re.MULTILINE) for key in ("domains", "servers"))
    if domains is None or servers is None:
        raise SplitDnsError("The text names no domains or no servers.")
    return from_domains(domains.group(1).split(), [parse_bracketed(w) for w in servers.group(1).split()])


TAILSCALE = Format(
    "tailscale",
    "Tailscale split DNS",
    "any",
    "Send it with PATCH to /api/v2/tailnet/TAILNET/dns/split-dns (PUT would remove all other domains), or enter the same in "
    "the admin console under DNS. A subnet router has to advertise the server, and Linux clients need --accept-routes.",
    render_tailscale,
    parse_tailscale,
)
NETBIRD = Format(
    "netbird",
    "NetBird, a nameserver group",
    "any",
    f"Replace {GROUP} by the id of the group whose peers get it (GET /api/groups) and send it with POST to "
    "/api/dns/nameservers, or enter the same in the dashboard under DNS. A network or route has to lead to the server.",
    render_netbird,
    parse_netbird,
)
NEBULA = Format(
    "nebula",
    "Nebula, the route to the server",
    "any",
    f"Merge it into config.yml of each host that should resolve the names, with the Nebula address of the host in the VPC for "
    f"{GATEWAY}; the certificate of that host has to list the route, and it has to forward.",
    render_nebula,
    parse_nebula,
    warning=(
        "Nebula itself sends no domain to a server. Let the resolver of each host do so, with another format, such as "
        "systemd-resolved with --interface nebula1."
    ),
)
