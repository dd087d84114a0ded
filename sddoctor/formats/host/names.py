"""Domain names as resolvers match them: whole labels, without regard to case or a final dot (RFC 4343)."""

from __future__ import annotations


def plain(name: str) -> str:
    """Return a domain in lower case without final dots; ``""`` is the root."""
    return name.rstrip(".").lower()


def covers(domain: str, name: str) -> bool:
    """Tell whether ``name`` is ``domain`` or below it. The root (``""``) covers everything."""
    domain, name = plain(domain), plain(name)
    return not domain or name == domain or name.endswith("." + domain)


def label_count(domain: str) -> int:
    """Return the number of labels; the root has none."""
    domain = plain(domain)
    return domain.count(".") + 1 if domain else 0


def is_multicast(name: str) -> bool:
    """Tell whether the name belongs to multicast DNS: ``local`` or below it (RFC 6762)."""
    return covers("local", name)
