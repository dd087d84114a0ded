"""Servers that keep timing out get a shorter timeout during a scan."""

from __future__ import annotations

import threading

from sddoctor.case.dns import Probe, Server
from sddoctor.case.seen import Seen

#: Queries that a server may leave unanswered before it counts as silent: those of two names.
ENOUGH = 12
#: The timeout in seconds of queries to a silent server. Once it answers it is not silent any more.
SHORT = 0.3


class SilentServers:
    """Which servers have left queries for many names unanswered. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._unanswered: dict[Server, int] = {}
        self._answering: set[Server] = set()

    def note(self, probe: Probe) -> None:
        """Note whether a server answered."""
        with self._lock:
            if isinstance(probe.outcome, Seen):
                self._answering.add(probe.server)
            elif probe.silent:
                self._unanswered[probe.server] = self._unanswered.get(probe.server, 0) + 1

    def timeout(self, server: Server, usual: float) -> float:
        """Return the timeout in seconds of a query to the server."""
        with self._lock:
            silent = server not in self._answering and self._unanswered.get(server, 0) >= ENOUGH
        return min(usual, SHORT) if silent else usual
