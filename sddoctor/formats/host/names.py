"""Domain names as resolvers match them: whole labels, without regard to case or a final dot (RFC 4343)."""

from __future__ import annotations

from sddoctor.case.name import fold_name, is_below


def covers(domain: str, name: str) -> bool:
    """Tell whether ``name`` is ``domain`` or below it. The root (``""``) covers everything."""
    return is_below(fold_name(name), fold_name(domain))


def is_multicast(name: str) -> bool:
    """Tell whether the name belongs to multicast DNS: ``local`` or below it (RFC 6762)."""
    return covers("local", name)
