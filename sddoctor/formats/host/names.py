"""Domain names as resolvers match them: whole labels, without regard to case or a final dot (RFC 4343)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from sddoctor.case.name import fold_name, is_below, label_count

T = TypeVar("T")


def covers(domain: str, name: str) -> bool:
    """Tell whether ``name`` is ``domain`` or below it. The root (``""``) covers everything."""
    return is_below(fold_name(name), fold_name(domain))


def is_multicast(name: str) -> bool:
    """Tell whether the name belongs to multicast DNS: ``local`` or below it (RFC 6762)."""
    return covers("local", name)


def labels(domain: str) -> int:
    """Return the number of labels: of several domains that cover a name, the one with the most decides."""
    return label_count(fold_name(domain))


def most_specific(items: Sequence[T], domain: Callable[[T], str]) -> list[T]:
    """Return the items whose domain has the most labels, in their order."""
    most = max((labels(domain(item)) for item in items), default=0)
    return [item for item in items if labels(domain(item)) == most]
