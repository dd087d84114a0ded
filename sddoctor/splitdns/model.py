"""A split-DNS configuration, whatever its format: queries for these domains go to these servers."""

from __future__ import annotations

import re
from ipaddress import IPv4Network, ip_network

from msgspec import Struct

from sddoctor.case.address import checked_address
from sddoctor.case.dns import Server
from sddoctor.case.name import BadNameError, parse_name

_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
#: The usual tunnel interface on Linux, for lack of another name.
LINK = "tun0"
#: IFNAMSIZ of Linux leaves fifteen characters; the first character keeps it from being read as an option.
_LINK = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}")


class SplitDnsError(ValueError):
    """A domain, server or file that cannot be used; the message is one sentence."""


class SplitDns(Struct, frozen=True):
    """One domain, and the servers that queries for it go to.

    ``reverse`` are reverse zones (``10.10.in-addr.arpa``) routed to the same servers; ``link`` is the interface that the
    servers are set on, where the format needs one. All parts are checked: no text in it can become syntax, a path or
    a command.
    """

    domain: str
    servers: tuple[Server, ...]
    reverse: tuple[str, ...] = ()
    link: str = LINK

    @property
    def domains(self) -> tuple[str, ...]:
        """All domains that are routed, the namespace first."""
        return (self.domain, *self.reverse)


def make(domain: str, servers: tuple[Server, ...], reverse: tuple[str, ...] = (), link: str = LINK) -> SplitDns:
    """Return a configuration after checking every part. Raises :class:`SplitDnsError`."""
    if not servers:
        raise SplitDnsError("At least one name server is needed.")
    if not _LINK.fullmatch(link):
        raise SplitDnsError(f"{link!r} is not the name of a network interface.")
    return SplitDns(
        checked_domain(domain),
        tuple(_checked_server(s) for s in dict.fromkeys(servers)),
        tuple(checked_domain(r) for r in dict.fromkeys(reverse)),
        link,
    )


def from_domains(domains: list[str], servers: list[Server], link: str = LINK) -> SplitDns:
    """Return what a text configures that routes these domains, the namespace first. Raises :class:`SplitDnsError`."""
    if not domains:
        raise SplitDnsError("The text routes no domain.")
    first, *reverse = dict.fromkeys(domains)
    return make(first, tuple(servers), tuple(reverse), link)


def checked_domain(domain: str) -> str:
    """Return the domain in lower case, in A-labels (RFC 5890) and without a final dot. Raises :class:`SplitDnsError`."""
    try:
        name = parse_name(domain)
    except BadNameError as error:
        raise SplitDnsError(str(error)) from error
    if not all(_LABEL.fullmatch(label) for label in name.split(".")):
        raise SplitDnsError(f"{domain!a} is not a domain name: a label begins or ends with a hyphen.")
    return name


def _checked_server(server: Server) -> Server:
    try:
        address = checked_address(server.address)
    except ValueError as error:
        raise SplitDnsError(f"{server.address!r} is not an IP address.") from error
    if not 0 < server.port < 65536:
        raise SplitDnsError(f"{server.port} is not a port.")
    return Server(address, server.port)


def reverse_zones(cidr: str) -> tuple[str, ...]:
    """Return the reverse zones of an IPv4 range, on octet boundaries (RFC 1035, section 3.5).

    A range that does not end on one gives several zones: 10.10.16.0/20 gives sixteen of /24.
    Raises :class:`SplitDnsError`.
    """
    try:
        network = ip_network(cidr, strict=False)
    except ValueError as error:
        raise SplitDnsError(f"{cidr!r} is not an address range.") from error
    if not isinstance(network, IPv4Network):
        raise SplitDnsError(f"{cidr} is not an IPv4 range.")
    octets = max(1, min(3, -(-network.prefixlen // 8)))
    parts = network.subnets(new_prefix=octets * 8) if network.prefixlen < octets * 8 else [network]
    zones = []
    for part in parts:
        numbers = str(part.network_address).split(".")[:octets]
        zones.append(".".join(reversed(numbers)) + ".in-addr.arpa")
    return tuple(zones)
