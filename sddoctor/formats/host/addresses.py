"""IP addresses as C libraries read them."""

from __future__ import annotations

import re
from ipaddress import IPv6Address, ip_address

from sddoctor.case.dns import Server

_ZONE = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_IPV4_PART = re.compile(r"0[xX][0-9a-fA-F]+|[0-9]+")


def read_ipv4(text: str) -> str | None:
    """Read an IPv4 address with one to four parts, decimal, octal or hexadecimal, as inet_aton(3) does.

    ``10.10.2`` is 10.10.0.2 and ``010.10.0.2`` is 8.10.0.2. Nothing may follow.
    https://pubs.opengroup.org/onlinepubs/9799919799/functions/inet_addr.html
    """
    parts = text.split(".")
    if not 1 <= len(parts) <= 4:
        return None
    numbers: list[int] = []
    for part in parts:
        number = _ipv4_part(part)
        if number is None:
            return None
        numbers.append(number)
    *head, last = numbers
    if any(number > 255 for number in head) or last >= 1 << 8 * (4 - len(head)):
        return None
    value = last + sum(number << 8 * (3 - place) for place, number in enumerate(head))
    return ".".join(str(value >> shift & 255) for shift in (24, 16, 8, 0))


def _ipv4_part(part: str) -> int | None:
    if len(part) > 20 or not part.isascii() or not _IPV4_PART.fullmatch(part):
        return None
    try:
        if part[:2] in ("0x", "0X"):
            return int(part[2:], 16)
        return int(part, 8 if part.startswith("0") and len(part) > 1 else 10)
    except ValueError:
        return None


def read_ipv6(text: str) -> str | None:
    """Read an IPv6 address as inet_pton(3) does, a zone (``%en0``) allowed and kept."""
    head, mark, zone = text.partition("%")
    try:
        IPv6Address(head)
    except ValueError:
        return None
    if mark and not _ZONE.fullmatch(zone):
        return None
    return f"{head.lower()}{mark}{zone}"


def read_address(text: str) -> str | None:
    """Read an IPv4 or IPv6 address as a C library does, or return ``None``."""
    return read_ipv4(text) or read_ipv6(text)


def read_full_address(text: str) -> str | None:
    """Return an address that is written in full, with an IPv6 zone or without, else ``None``."""
    text = text.strip()
    if ":" in text:
        return read_ipv6(text)
    try:
        return str(ip_address(text))
    except ValueError:
        return None


def read_result(text: str) -> str | None:
    """Read an address that a lookup returned: one that is mapped into IPv6 is the IPv4 address that it is.

    RFC 4291, section 2.5.5.2; ``getaddrinfo`` returns them with ``AI_V4MAPPED``.
    """
    address = read_full_address(text)
    mapped = IPv6Address(address).ipv4_mapped if address and ":" in address and "%" not in address else None
    return str(mapped) if mapped is not None else address


def read_server(text: str) -> Server | None:
    """Read ``10.10.0.2``, ``10.10.0.2:5353``, ``[fd00::1]:53``, ``10.10.0.2#dns.example`` or ``fe80::1%2``.

    The number of a link may stand behind an IPv4 address too: ``10.10.0.2:5353%2#dns.example``.
    """
    word, _, _name = text.strip().partition("#")
    port = 53
    if word.count(":") < 2 and re.fullmatch(r"[^%]+%[0-9]{1,9}", word):
        word = word.partition("%")[0]
    bracketed = re.fullmatch(r"\[([^\]]+)\](?::([0-9]{1,5}))?(%.*)?", word)
    if bracketed:
        word = bracketed.group(1) + (bracketed.group(3) or "")
        port = int(bracketed.group(2) or 53)
    elif word.count(":") == 1:
        word, _, digits = word.partition(":")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 5):
            return None
        port = int(digits)
    address = read_full_address(word)
    return Server(address, port) if address and 0 < port < 65536 else None


def server_at(word: str, port: str) -> Server | None:
    """Return the server at an address; port 53 when ``port`` is no number."""
    address = read_full_address(word)
    number = int(port) if port.isascii() and port.isdigit() and len(port) <= 5 else 53
    return Server(address, number) if address and 0 < number < 65536 else None


def is_loopback(address: str) -> bool:
    """Tell whether an address is this host's own (127.0.0.0/8 or ::1)."""
    try:
        return ip_address(address.partition("%")[0]).is_loopback
    except ValueError:
        return False
