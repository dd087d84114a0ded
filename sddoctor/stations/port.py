"""The station ``port``: whether the addresses that the client gets accept a connection."""

from __future__ import annotations

from sddoctor.case.seen import Gap, UnseenFactError
from sddoctor.stations.before import Before
from sddoctor.stations.model import Difference, Output
from sddoctor.text.words import in_order, listed
from sddoctor.trail.lacking import in_turn
from sddoctor.trail.trail import Trail, optional


def look(trail: Trail, before: Before) -> tuple[Output, tuple[Difference, ...]]:
    """Return which of the addresses accept connections. Silence proves nothing. Raises when none was tried."""
    given = optional(lambda: in_turn(trail.promise, before.promised)) or before.promised
    seen = {a: s for a in given if (s := trail.promise.serving(a)).port != "unseen"}
    if not seen:
        raise UnseenFactError(Gap("whether the addresses accept connections", "none was tried", ""))
    refused = [a for a, s in seen.items() if s.port == "refused"]
    new = frozenset(refused) - before.wrong
    refuse = f"{listed(in_order(refused))} {'refuses' if len(refused) == 1 else 'refuse'} connections"
    output = Output("port", refuse if refused else "connections are accepted")
    if not new:
        return output, ()
    return output, (Difference("not-serving", f"{listed(in_order(new))} refused", "connections are accepted", new),)
