"""systemd-resolved: on the link of a tunnel, or, since systemd 258, for the whole host by a DNS delegate.

systemd.network(5), systemd.dns-delegate(5). A server and a domain belong together only there: the DNS= of resolved.conf
is global, and serves all domains.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from sddoctor.formats.host.addresses import read_server
from sddoctor.splitdns.format import Existing, Format, mark_of
from sddoctor.splitdns.model import LINK, SplitDns, SplitDnsError, from_domains
from sddoctor.splitdns.servers import bracketed, parse_bracketed

#: The first version of systemd that reads delegates.
DELEGATES_SINCE = 258
_TRUE = ("1", "yes", "y", "true", "t", "on")


def _assignments(config: SplitDns) -> str:
    """Return the servers and domains: the tilde makes a domain routing-only, not a search domain."""
    return (
        f"DNS={' '.join(bracketed(s) for s in config.servers)}\nDomains={' '.join(f'~{d}' for d in config.domains)}\n"
    )


def render_network(config: SplitDns) -> str:
    """Return a .network file for the tunnel's link."""
    return (
        f"{mark_of(config.domain)}[Match]\nName={config.link}\n\n[Network]\n{_assignments(config)}DNSDefaultRoute=no\n"
        "KeepConfiguration=yes\n"
    )


def render_delegate(config: SplitDns) -> str:
    """Return a .dns-delegate file."""
    return f"{mark_of(config.domain)}[Delegate]\n{_assignments(config)}"


def parse(text: str) -> SplitDns:
    """Read what either of the two wrote. Raises :class:`SplitDnsError`."""
    servers = re.search(r"^DNS=(.+)$", text, re.MULTILINE)
    domains = re.search(r"^Domains=(.+)$", text, re.MULTILINE)
    if servers is None or domains is None:
        raise SplitDnsError("The text names no DNS= or no Domains=.")
    routed = [d.removeprefix("~") for d in domains.group(1).split()]
    link = re.search(r"^Name=(.+)$", text, re.MULTILINE)
    addresses = [parse_bracketed(w) for w in servers.group(1).split()]
    return from_domains(routed, addresses, link.group(1) if link else LINK)


def network_holds(file: Existing, config: SplitDns) -> bool:
    """Tell whether a .network file, as systemd-networkd reads it, does for the link what is wanted."""
    match, network = (_settings(file.text, section) for section in ("Match", "Network"))
    names = match.get("Name", [])
    if set(match) != {"Name"} or not any(fnmatchcase(config.link, name) for name in names):
        return False
    routing_only = any(d.startswith("~") for d in network.get("Domains", []))
    default = [v.lower() in _TRUE for v in network.get("DNSDefaultRoute", [])] or [not routing_only]
    return not default[-1] and _routes(network, config)


def delegate_holds(file: Existing, config: SplitDns) -> bool:
    """Tell whether a .dns-delegate file does what is wanted."""
    delegate = _settings(file.text, "Delegate")
    default = delegate.get("DefaultRoute", ["no"])[-1].lower() in _TRUE
    return not default and _routes(delegate, config)


def _routes(settings: dict[str, list[str]], config: SplitDns) -> bool:
    servers = {read_server(word) for word in settings.get("DNS", [])}
    domains = {d.removeprefix("~").lower().strip(".") for d in settings.get("Domains", [])}
    return servers == set(config.servers) and domains >= set(config.domains) and not domains & {"", "*"}


def _settings(text: str, section: str) -> dict[str, list[str]]:
    """Return the words of each setting of a section. An empty value clears what was before. systemd.syntax(7)"""
    found: dict[str, list[str]] = {}
    current = ""
    for raw in text.replace("\\\n", " ").splitlines():
        line = raw.strip()
        if line.startswith("["):
            current = line.strip("[]")
        elif current == section and line and not line.startswith(("#", ";")):
            key, _, value = (part.strip() for part in line.partition("="))
            found[key] = [*found.get(key, []), *value.split()] if value else []
    return {key: words for key, words in found.items() if words}


RESOLVED = Format(
    name="systemd-resolved",
    title="systemd-resolved, by a .network file of the tunnel",
    platform="linux",
    steps=(
        "Write it into /etc/systemd/network, then networkctl reload. Its Name= must be the tunnel's interface. For a tunnel "
        "that networkd does not manage, run resolvectl dns and resolvectl domain with the same values."
    ),
    render=render_network,
    parse=parse,
    directory="/etc/systemd/network",
    file_name="50-{domain}.network",
    after=(("networkctl", "reload"),),
    warning=(
        "it works only on a link that systemd-networkd manages. The DNS= of resolved.conf is no replacement: it is global "
        "and cannot pair a server with a domain."
    ),
    holds=network_holds,
)
DELEGATE = Format(
    name="systemd-dns-delegate",
    title=f"systemd-resolved, by a DNS delegate (systemd {DELEGATES_SINCE} and later)",
    platform="linux",
    steps="Write it into /etc/systemd/dns-delegate.d as NAME.dns-delegate, then restart systemd-resolved.",
    render=render_delegate,
    parse=parse,
    directory="/etc/systemd/dns-delegate.d",
    file_name="{domain}.dns-delegate",
    after=(("systemctl", "restart", "systemd-resolved"),),
    holds=delegate_holds,
)
