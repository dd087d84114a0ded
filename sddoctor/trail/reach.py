"""Whether tasks accept TCP connections, from any place that tried."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, TypeAlias

from sddoctor.case.case import Case
from sddoctor.case.reach import Connection
from sddoctor.case.seen import Gap, Seen, Unreachable, UnseenFactError
from sddoctor.places.same_moment import fits

#: What connections to a port showed. Silence proves nothing: a security group may drop this host.
Port: TypeAlias = Literal["open", "refused", "unseen"]


class ReachTrail:
    """The connections of one case, over all places that were observed at the same time as AWS."""

    def __init__(self, case: Case) -> None:
        self._connections = tuple(c for p in case.places if fits(p, case) for c in p.connections)

    @property
    def tries(self) -> int:
        """How many connections were to be tried."""
        return len(self._connections)

    def accepts(self, address: str, port: int) -> bool:
        """Tell whether the address accepted a connection on the port. Raises when that was not seen.

        One place that gets through is proof; a refusal counts only where no place got through.
        """
        tries = self._of(address, port)
        seen = [c.accepted.value for c in tries if isinstance(c.accepted, Seen)]
        if seen:
            return any(seen)
        for connection in tries:
            connection.accepted.value  # noqa: B018 - raises with the reason of the first
        raise UnseenFactError(
            Gap(f"a TCP connection to {address}:{port}", "nobody tried one", "a place from which the VPC is reached")
        )

    def port(self, address: str, port: int) -> Port:
        """Return what connections to the port showed, from all places together."""
        seen = [c.accepted.value for c in self._of(address, port) if isinstance(c.accepted, Seen)]
        if not seen:
            return "unseen"
        return "open" if any(seen) else "refused"

    def tried(self, addresses: Collection[str]) -> frozenset[tuple[str, int]]:
        """Return the ports of these addresses to which connections were tried."""
        return frozenset((c.address, c.port) for c in self._connections if c.address in addresses)

    def _of(self, address: str, port: int) -> list[Connection]:
        return [c for c in self._connections if c.address == address and c.port == port]

    def silent(self, address: str, port: int) -> bool:
        """Tell whether connections were tried, and every one was refused or went unanswered."""
        tried = [c.accepted for c in self._of(address, port) if isinstance(c.accepted, (Seen, Unreachable))]
        return bool(tried) and not any(a.seen_or(None) for a in tried)
