"""The station ``port``: whether the addresses that the client gets accept a connection."""

from __future__ import annotations

from sddoctor.case.seen import Gap, UnseenFactError
from sddoctor.stations.before import Before
from sddoctor.stations.model import Difference, Output
from sddoctor.text.words import in_order, listed
from sddoctor.trail.trail import Trail


def look(trail: Trail, before: Before) -> tuple[Output, tuple[Difference, ...]]:
    """Return which of the addresses accept connections. Silence proves nothing. Raises when none was tried."""
    tried = {(c.address, c.port) for c in trail.case.place.connections if c.address in before.promised}
    refused: set[str] = set()
    seen = False
    for address, port in tried:
        try:
            accepts = trail.reach.accepts(address, port)
        except UnseenFactError:
            continue
        seen = True
        if not accepts:
            refused.add(address)
    if not seen:
        raise UnseenFactError(Gap("whether the addresses accept connections", "none was tried", ""))
    new = frozenset(refused) - before.wrong
    output = Output(
        "port", f"{listed(in_order(refused))} refuse connections" if refused else "connections are accepted"
    )
    if not new:
        return output, ()
    return output, (Difference("not-serving", f"{listed(in_order(new))} refused", "connections are accepted", new),)
