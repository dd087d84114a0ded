"""Whether tasks accept TCP connections, from any place that tried."""

from __future__ import annotations

from sddoctor.case.case import Case
from sddoctor.case.seen import Gap, Seen, Unreachable, UnseenFactError
from sddoctor.places.same_moment import fits


class ReachTrail:
    """The connections of one case, over all places that were observed at the same time as AWS."""

    def __init__(self, case: Case) -> None:
        self._connections = tuple(c for p in case.places if fits(p, case) for c in p.connections)

    def accepts(self, address: str, port: int) -> bool:
        """Tell whether the address accepted a connection on the port. Raises when that was not seen.

        One place that gets through is proof; a refusal counts only where no place got through.
        """
        tries = [c for c in self._connections if c.address == address and c.port == port]
        seen = [c.accepted.value for c in tries if isinstance(c.accepted, Seen)]
        if seen:
            return any(seen)
        for connection in tries:
            connection.accepted.value  # noqa: B018 - raises with the reason of the first
        raise UnseenFactError(
            Gap(f"a TCP connection to {address}:{port}", "nobody tried one", "a place from which the VPC is reached")
        )

    def silent(self, address: str, port: int) -> bool:
        """Tell whether connections were tried, and every one was refused or went unanswered."""
        tries = [c.accepted for c in self._connections if c.address == address and c.port == port]
        tried = [a for a in tries if isinstance(a, (Seen, Unreachable))]
        return bool(tried) and not any(a.seen_or(None) for a in tried)
