"""Sends queries through one network, within one budget of time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from sddoctor.case.dns import Probe
from sddoctor.observe.budget import Budget
from sddoctor.observe.dns.ask import ENOUGH, Query, ask
from sddoctor.observe.dns.network import Network
from sddoctor.observe.dns.silent import SilentServers

#: Seconds that one query may take.
PATIENCE = 2.0

Job: TypeAlias = Callable[[], Probe]


class DnsClient:
    """Sends queries. ``silent`` is what other names have shown of servers. Safe to use from several threads."""

    def __init__(self, network: Network, budget: Budget, silent: SilentServers | None = None) -> None:
        self._network = network
        self._silent = silent or SilentServers()
        self.budget = budget

    def send(self, query: Query) -> Probe:
        """Send a query, and wait for its answer no longer than its patience and the budget. Never raises."""
        patience = self._silent.patience(query.server, PATIENCE)
        probe = ask(query, self._network, min(patience, self.budget.remaining()), enough=min(patience, ENOUGH))
        self._silent.note(probe)
        return probe

    def job(self, query: Query) -> Job:
        """Return what sends the query."""
        return partial(self.send, query)
