"""Which servers a host's settings lead to: the one place where that is worked out, for a host seen now or in a saved case."""

from __future__ import annotations

from collections.abc import Callable

from sddoctor.case.host import HostFacts, Platform
from sddoctor.case.name import fold_name
from sddoctor.case.seen import Fact, Seen
from sddoctor.resolution import linux, macos, windows
from sddoctor.resolution.model import Choice

_BY_PLATFORM: dict[Platform, Callable[[str, HostFacts], Fact[Choice]]] = {
    "linux": linux.choose,
    "macos": macos.choose,
    "windows": windows.choose,
}


def choose(name: str, facts: HostFacts) -> Fact[Choice]:
    """Return which servers an ordinary program's query for ``name`` leaves for, with every setting that was considered.

    ``facts`` are those of a look for that name. A setting that decides and was not seen makes the choice unseen.
    """
    return _BY_PLATFORM[facts.platform](fold_name(name), facts)


def choose_if_seen(name: str, host: Fact[HostFacts]) -> Fact[Choice]:
    """Return the choice of a host that may not have been seen itself."""
    return choose(name, host.value) if isinstance(host, Seen) else host
