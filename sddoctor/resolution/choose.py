"""Which servers a host queries by its settings: worked out here only, for a host seen now or in a saved case."""

from __future__ import annotations

from collections.abc import Callable

from sddoctor.case.host import HostFacts, Platform
from sddoctor.case.name import fold_name
from sddoctor.case.seen import Fact, NotAttempted, Seen
from sddoctor.resolution import linux, macos, windows
from sddoctor.resolution.model import Choice

_BY_PLATFORM: dict[Platform, Callable[[str, HostFacts], Fact[Choice]]] = {
    "linux": linux.choose,
    "macos": macos.choose,
    "windows": windows.choose,
}


def choose(name: str, facts: HostFacts) -> Fact[Choice]:
    """Return which servers an ordinary program's query for ``name`` leaves for, with every setting that was considered.

    ``facts`` were observed for that name. If a decisive setting was not seen, the choice is not seen either.
    """
    found = _BY_PLATFORM[facts.platform](fold_name(name), facts)
    gap = facts.hosts.gap_of_unread() if isinstance(facts.hosts, Seen) and not facts.hosts.value.entries else None
    return found if gap is None else NotAttempted("the resolver asked", f"of {gap.what}, {gap.why}", gap.needs)


def choose_if_seen(name: str, host: Fact[HostFacts]) -> Fact[Choice]:
    """Return the choice of a host that may itself not have been seen."""
    return choose(name, host.value) if isinstance(host, Seen) else host
