"""The setting for a domain that this host's choice of servers rests on."""

from __future__ import annotations

from sddoctor.resolution.model import Entry
from sddoctor.trail.trail import Trail


def in_force(trail: Trail) -> Entry | None:
    """Return the per-domain entry that the host's choice rests on, or ``None`` when a default decides."""
    choice = trail.host.choice
    if choice.kind == "nrpt" and choice.matched == ".":
        return Entry(choice.kind, choice.source, "", choice.servers)
    if not choice.matched.lstrip("~.*"):
        return None
    wanted = [e for e in trail.host.domain_entries if set(choice.servers) & set(e.servers)]
    exact = [e for e in wanted if e.source == choice.source and (not choice.scopes or e.kind == choice.kind)]
    found = exact or wanted
    if found:
        return max(found, key=lambda e: len(e.domain))
    return Entry(choice.kind, choice.source, choice.matched.lstrip("~."), choice.servers, None, choice.link)
