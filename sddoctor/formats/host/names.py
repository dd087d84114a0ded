"""Domain names as resolvers match them: whole labels, without regard to case or a final dot (RFC 4343)."""

from __future__ import annotations

from sddoctor.case.name import fold_name


def covers(domain: str, name: str) -> bool:
    """Tell whether ``name`` is ``domain`` or below it. The root (``""``) covers everything."""
    domain, name = fold_name(domain), fold_name(name)
    return not domain or name == domain or name.endswith("." + domain)


def label_count(domain: str) -> int:
    """Return the number of labels; the root has none."""
    domain = fold_name(domain)
    return domain.count(".") + 1 if domain else 0


def is_multicast(name: str) -> bool:
    """Tell whether the name belongs to multicast DNS: ``local`` or below it (RFC 6762)."""
    return covers("local", name)
