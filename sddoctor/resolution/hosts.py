"""Names that the hosts file resolves."""

from __future__ import annotations

from sddoctor.case.host import HostFacts
from sddoctor.case.name import fold_name
from sddoctor.resolution.model import Choice


def by_hosts_file(name: str, facts: HostFacts) -> Choice | None:
    """Return the choice of a host whose hosts file has the name; ``None`` where it does not, or was not seen."""
    hosts = facts.hosts.seen_or(None)
    if hosts is None or not hosts.entries:
        return None
    why = f"line {hosts.entries[0].line} of {hosts.path} has the name; no DNS query leaves the host"
    return Choice((), "hosts-file", hosts.path, fold_name(name), why=why)
