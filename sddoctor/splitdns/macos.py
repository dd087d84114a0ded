"""macOS: files in /etc/resolver, one for each domain. resolver(5)

Apple's parser wants the keyword in the first column, one blank, a numeric address, and LF; it reads three servers.
"""

from __future__ import annotations

from sddoctor.case.dns import Server
from sddoctor.formats.host import resolver_file
from sddoctor.splitdns.format import Existing, Format, mark_of
from sddoctor.splitdns.model import SplitDns, SplitDnsError, from_domains

MAX_SERVERS = 3


def render(config: SplitDns) -> str:
    """Return all files, one after the other, each under a comment with its domain."""
    return "".join(text for _, text in split(config))


def split(config: SplitDns) -> tuple[tuple[str, str], ...]:
    """Return the file of each domain. Raises :class:`SplitDnsError` for more than three servers or unequal ports."""
    if len(config.servers) > MAX_SERVERS:
        raise SplitDnsError(f"macOS reads {MAX_SERVERS} servers of a file, and {len(config.servers)} were given.")
    ports = {s.port for s in config.servers}
    if len(ports) > 1:
        raise SplitDnsError("macOS takes one port for all servers of a file.")
    port = next(iter(ports))
    lines = "".join(f"nameserver {s.address}\n" for s in config.servers)
    lines += f"port {port}\n" if port != 53 else ""
    return tuple((domain, f"{mark_of(config.domain)}domain {domain}\n{lines}") for domain in config.domains)


def parse(text: str) -> SplitDns:
    """Read what :func:`render` wrote. Raises :class:`SplitDnsError`."""
    domains: dict[str, None] = {}
    addresses: dict[str, None] = {}
    port = 53
    for line in text.splitlines():
        key, _, value = line.partition(" ")
        if key == "domain":
            domains[value] = None
        elif key == "nameserver":
            addresses[value] = None
        elif key == "port" and value.isdigit():
            port = int(value)
    if not domains:
        raise SplitDnsError("The file names no domain.")
    return from_domains(list(domains), [Server(a, port) for a in addresses])


def holds(file: Existing, config: SplitDns) -> bool:
    """Tell whether macOS reads from a file that the domain goes to these servers."""
    read = resolver_file.parse(file.text.encode(), file.path)
    plain = read.created and not (read.misread or read.scoped or read.interface or any(read.address_ports))
    return plain and (read.domain or "").lower() == config.domain and set(read.servers) == set(config.servers)


FORMAT = Format(
    name="macos",
    title="macOS, /etc/resolver",
    platform="macos",
    steps="Write each part into /etc/resolver/DOMAIN (mode 0644), then flush the cache.",
    render=render,
    parse=parse,
    directory="/etc/resolver",
    split=split,
    after=(("dscacheutil", "-flushcache"), ("killall", "-HUP", "mDNSResponder")),
    holds=holds,
)
