"""Where it breaks, and what it may be, in the words of every report."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from sddoctor.diagnosis.model import Candidate
from sddoctor.stations.model import NAME_OF, Break
from sddoctor.text.words import in_order, listed

_COMMAND = re.compile(
    r"(?:sudo )?(?:aws|cat|curl|dig|dscacheutil|getent|grep|host|ip|kdig|kubectl|ls|nc|netstat|nslookup|oc|openssl|ping|resolvectl"
    r"|route|scutil|sddoctor|ss|systemctl|docker|[A-Z][a-z]+-[A-Z]\w+) \S"
)

_WORDS = {"foreign": "should not be there", "not-serving": "not serving"}


class Possible(Struct, frozen=True):
    """Causes that one observation would decide: the codes and titles, whether they fit what was seen, and that observation."""

    causes: tuple[tuple[str, str], ...]
    fits: bool
    tell: str

    @property
    def is_command(self) -> bool:
        """Whether the observation is a command to paste, which is never broken."""
        return _COMMAND.match(self.tell) is not None


def sentence(one: Break) -> str:
    """Return where it breaks, how, and what was expected there."""
    after = f", after {NAME_OF[one.after]}" if one.after is not None else ""
    what = one.symptom
    if one.addresses and what in ("missing", "foreign", "not-serving"):
        what = f"{listed(in_order(one.addresses))} {_WORDS.get(what, what)}"
    seen = [] if one.observed in ("", one.symptom) else [f"seen: {one.observed}"]
    expected = [f"expected: {one.expected}"] if one.expected else []
    details = f" ({'; '.join(seen + expected)})" if seen or expected else ""
    between = "not seen in between" if one.after is not None else "not seen before"
    unseen = f"; {between}: {', '.join(NAME_OF[s] for s in one.unseen)}" if one.unseen else ""
    passing = "; it may pass by itself" if one.transient else ""
    return f"At {NAME_OF[one.at]}{after}: {what}{details}{unseen}{passing}"


def possible(candidates: Sequence[Candidate]) -> tuple[Possible, ...]:
    """Return what it may be: causes that the same observation would decide are one entry."""
    groups: dict[tuple[bool, str], list[tuple[str, str]]] = {}
    for one in candidates:
        groups.setdefault((one.fits, one.tell), []).append((one.code, one.title))
    return tuple(Possible(tuple(causes), fits, tell) for (fits, tell), causes in groups.items())
