"""IP addresses in any text: a pasted log line, an error message, the output of a command."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network

#: Colour codes in logs: their last letter would hide the beginning of an address (ECMA-48, section 5.4).
_COLOUR = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_IPV4 = r"\d{1,3}(?:\.\d{1,3}){3}"
#: Not part of a longer word or number. ``ip-10-0-0-1`` is the name that AWS gives an address.
_CANDIDATE = re.compile(
    rf"(?<![\w.-])(?P<dashed>ip-\d{{1,3}}(?:-\d{{1,3}}){{3}})(?![\w-])"
    rf"|(?<![\w.:])(?P<six>[0-9a-fA-F]{{0,4}}:[0-9a-fA-F:]*:(?:{_IPV4}|[0-9a-fA-F]{{0,4}}))(?![\w:])"
    rf"|(?<![\w.])(?P<four>{_IPV4})(?!\w|\.\d)(?P<prefix>/\d{{1,2}}(?!\d))?"
)


def in_text(text: str) -> tuple[str, ...]:
    """Return the addresses in a text in their usual form, each once, in order.

    A range (``10.10.0.0/16``) is none. An IPv4-mapped IPv6 address is the IPv4 address (RFC 4291, section 2.5.5.2).
    """
    found: dict[str, None] = {}
    for match in _CANDIDATE.finditer(_COLOUR.sub(" ", text)):
        address = _address(match)
        if address is not None:
            found[address] = None
    return tuple(found)


def only(text: str) -> str | None:
    """Return the address if the text is nothing else, perhaps with a port, in brackets or as AWS's host name."""
    found = in_text(text.strip())
    plain = re.fullmatch(r"\[?[^\s\[\]/]+?\]?(?:%\w+\]?)?(?::\d{1,5})?", text.strip())
    return found[0] if len(found) == 1 and plain else None


def _address(match: re.Match[str]) -> str | None:
    if match["dashed"]:
        return _parsed(match["dashed"].removeprefix("ip-").replace("-", "."))
    if match["six"]:
        # Not a name in a program such as a::b; addresses in use have a digit.
        return _parsed(match["six"]) if any(c.isdigit() for c in match["six"]) else None
    return None if _is_range(match["four"], match["prefix"]) else _parsed(match["four"])


def _is_range(address: str, prefix: str | None) -> bool:
    if prefix is None or prefix == "/32":
        return False
    try:
        ip_network(address + prefix)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=1000)  # a log repeats a few addresses
def _parsed(text: str) -> str | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(address)
