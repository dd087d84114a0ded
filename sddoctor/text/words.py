"""Wording that all texts share: lists, counts, ages, and the order of addresses."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import ip_address


def listed(items: Iterable[str], *, most: int = 4) -> str:
    """Join items into a phrase: ``a``, ``a and b``, ``a, b and 3 more``."""
    found = list(items)
    if len(found) > most:
        found = [*found[: most - 1], f"{len(found) - most + 1} more"]
    if len(found) < 2:
        return "".join(found)
    return f"{', '.join(found[:-1])} and {found[-1]}"


def count(number: int, noun: str, plural: str | None = None) -> str:
    """Return ``1 task``, ``2 tasks``."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def age(seconds: float | None) -> str:
    """Return an age in words: ``40 s``, ``12 min``, ``3 h``, ``5 days``."""
    if seconds is None:
        return "an unknown time"
    if seconds < 120:
        return f"{int(seconds)} s"
    if seconds < 7200:
        return f"{int(seconds // 60)} min"
    if seconds < 172800:
        return f"{int(seconds // 3600)} h"
    return f"{int(seconds // 86400)} days"


def in_order(addresses: Iterable[str]) -> tuple[str, ...]:
    """Sort addresses as numbers, IPv4 first; anything else comes last."""
    return tuple(sorted(set(addresses), key=_as_number))


@lru_cache(maxsize=4096)
def _as_number(address: str) -> tuple[int, int, str]:
    try:
        ip = ip_address(address)
    except ValueError:
        return (9, 0, address)
    return (ip.version, int(ip), address)
