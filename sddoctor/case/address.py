"""IP addresses as text, checked more strictly than Python does."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

#: Interface names and numbers. Python accepts any text as a zone, even with blanks, line ends and quotes.
_ZONE = re.compile(r"[A-Za-z0-9_.-]{1,64}")

#: What DNS64 puts an IPv4 address behind, unless a network chose a prefix of its own. RFC 6052, section 2.1
_TRANSLATED = IPv6Network("64:ff9b::/96")


def checked_address(text: str) -> str:
    """Return the address in its usual form, with its zone (RFC 4007, section 11) if it has one.

    Raises :class:`ValueError` for anything else, so that an address is safe to write into a file or command.
    """
    address = str(ip_address(text))
    zone = address.partition("%")[2]
    if zone and not _ZONE.fullmatch(zone):
        raise ValueError(f"{text!r} has a zone that no interface can be called")
    return address


def usual_form(address: str) -> str:
    """Return an address in its canonical form (RFC 5952), in which addresses are compared; other text unchanged."""
    try:
        return str(ip_address(address))
    except ValueError:
        return address


def behind_translation(address: str) -> str:
    """Return the IPv4 address that an address made by DNS64 leads to (RFC 6147); any other text unchanged."""
    try:
        ip = IPv6Address(address)
    except ValueError:
        return address
    return str(IPv4Address(int(ip) & 0xFFFFFFFF)) if ip in _TRANSLATED else address


def is_address(text: str) -> bool:
    """Tell whether the text is an IP address, and nothing else."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def contains(cidr: str, address: str) -> bool:
    """Tell whether the range contains the address; false for text that is no range or address."""
    try:
        network, ip = ip_network(cidr, strict=False), ip_address(address.split("%", 1)[0])
    except ValueError:
        return False
    return network.version == ip.version and ip in network


#: The proxy of Service Connect in an ECS task, as ECS writes it into the task's hosts file: one address of each family for
#: every endpoint, the IPv6 one also where the task has no IPv6.
#: https://github.com/aws/containers-roadmap/issues/2742
SERVICE_CONNECT_PROXIES = ("127.255.0.0/16", "2600:f0f0::/96")


def is_service_connect(address: str) -> bool:
    """Tell whether an address is one of the Service Connect proxy in a task."""
    return any(contains(block, address) for block in SERVICE_CONNECT_PROXIES)
