"""Sends queries through one network, within one budget of time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from sddoctor.case.dns import Probe
from sddoctor.observe.budget import Budget
from sddoctor.observe.dns.network import Network
from sddoctor.observe.dns.query import ENOUGH, Query, send_query
from sddoctor.observe.dns.silent import SilentServers

#: Seconds that one query may take.
QUERY_TIMEOUT = 2.0

Job: TypeAlias = Callable[[], Probe]


class DnsClient:
    """Sends queries. ``silent`` remembers which servers keep timing out. Safe to use from several threads."""

    def __init__(self, network: Network, budget: Budget, silent: SilentServers | None = None) -> None:
        self._network = network
        self._silent = silent or SilentServers()
        self.budget = budget

    def send(self, query: Query) -> Probe:
        """Send a query, and wait for the answer no longer than :data:`QUERY_TIMEOUT` and the budget. Never raises."""
        timeout = self._silent.timeout(query.server, QUERY_TIMEOUT)
        probe = send_query(query, self._network, min(timeout, self.budget.remaining()), enough=min(timeout, ENOUGH))
        self._silent.note(probe)
        return probe

    def job(self, query: Query) -> Job:
        """Return a callable that sends the query."""
        return partial(self.send, query)
