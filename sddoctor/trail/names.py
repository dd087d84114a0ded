"""Comparing DNS names by whole labels. All names are lower case without a final dot; ``""`` is the root."""

from __future__ import annotations

from ipaddress import ip_address


def is_below(name: str, zone: str) -> bool:
    """Tell whether ``name`` is ``zone`` or lies below it, by whole labels (RFC 1034, section 3.1)."""
    return zone in ("", name) or name.endswith("." + zone)


def relative(name: str, zone: str) -> str:
    """Return the labels of ``name`` in front of ``zone``; ``""`` when they are the same."""
    if name == zone:
        return ""
    return name.removesuffix("." + zone) if zone else name


def label_count(name: str) -> int:
    """Return the number of labels."""
    return len(name.split(".")) if name else 0


def is_srv_form(name: str) -> bool:
    """Tell whether the name has the form ``_service._protocol...`` (RFC 2782): nobody asks it for an address."""
    parts = name.split(".")
    return len(parts) > 2 and parts[0].startswith("_") and parts[1].startswith("_")


def address_of_reverse(name: str) -> str | None:
    """Return the address that a reverse name is about, ``None`` for other names. RFC 1035, section 3.5; RFC 3596"""
    for suffix, size in ((".in-addr.arpa", 4), (".ip6.arpa", 32)):
        labels = name.removesuffix(suffix).split(".")[::-1]
        if not name.endswith(suffix) or len(labels) != size:
            continue
        text = ".".join(labels) if size == 4 else ":".join("".join(labels[i : i + 4]) for i in range(0, 32, 4))
        try:
            return str(ip_address(text))
        except ValueError:
            return None
    return None
