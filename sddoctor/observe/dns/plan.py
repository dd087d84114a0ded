"""Which queries go to which server, and which answers lead to more of them."""

from __future__ import annotations

import threading
import time
from functools import partial

from msgspec import structs

from sddoctor.case.dns import PUBLIC_NAME, Answer, Probe, Role, Server, VpcResolver
from sddoctor.case.name import fold_name
from sddoctor.case.seen import Fact
from sddoctor.observe.dns.apart import invented, of_zone, telling_apart, zone_of
from sddoctor.observe.dns.client import DnsClient, Job
from sddoctor.observe.dns.first_answers import is_failure
from sddoctor.observe.dns.query import Query
from sddoctor.observe.dns.sampling import sample
from sddoctor.observe.work import Once, Work, run_all

#: Seconds after which the TTL of a cached answer has visibly fallen.
TTL_DELAY = 1.1
#: Equal queries to a server that fails or denies: enough to see that it does not always.
AGAIN = 4
#: Targets of SRV records whose addresses are queried.
MAX_TARGETS = 16


class DnsObserver:
    """Queries DNS servers for one name. Queries that do not depend on one another are sent at the same time.

    ``samples`` bounds how often the A query is repeated (see :mod:`sampling`). Safe to use from several threads; a first
    query that two callers need is sent once.
    """

    def __init__(self, name: str, client: DnsClient, samples: int) -> None:
        self.name = fold_name(name)
        self._client = client
        self._samples = samples
        self._lock = threading.Lock()
        self._first: Once[Work[Probe]] = Once()
        self._of_vpc: set[Server] = set()
        self._told_apart: set[Server] = set()

    def vpc(self, resolvers: Fact[tuple[VpcResolver, ...]], namespaces: tuple[str, ...]) -> tuple[Probe, ...]:
        """Query the servers that should resolve the name. ``namespaces`` are its suffixes, the longest first."""
        servers = _distinct(tuple(r.server for r in resolvers.seen_or(())))
        if not servers:
            return ()
        with self._lock:
            self._of_vpc.update(servers)
        found = run_all([partial(self._vpc_server, s, namespaces) for s in servers])
        return tuple(p for probes in found for p in probes) + tuple(self._more_samples(found))

    def host(self, servers: tuple[Server, ...], namespaces: tuple[str, ...]) -> tuple[Probe, ...]:
        """Query the servers that this host queries for the name, except those that :meth:`vpc` has queried."""
        jobs = [partial(self._host_server, s, namespaces) for s in _distinct(servers) if not self._is_of_vpc(s)]
        return tuple(p for probes in run_all(jobs) for p in probes)

    def others(self, servers: tuple[Server, ...]) -> tuple[Probe, ...]:
        """Query servers for comparison, unless they were queried for this name already."""
        kinds = ["A", "AAAA", *(["SRV"] if self.name.startswith("_") else [])]
        jobs = [
            self._once(Query(s, self.name, t, "other"))
            for s in _distinct(servers)
            for t in kinds
            if not self._was_sent(Query(s, self.name, t))
        ]
        return tuple(run_all(jobs))

    def _was_sent(self, query: Query) -> bool:
        return _key(query) in self._first

    def _vpc_server(self, server: Server, namespaces: tuple[str, ...]) -> list[Probe]:
        jobs = [self._once(Query(server, self.name, t, "vpc")) for t in ("A", "AAAA", "SRV")]
        jobs.append(self._once(Query(server, self.name, "A", "vpc", "tcp")))
        if namespaces:
            jobs.append(self._once(Query(server, namespaces[0], "SOA", "vpc")))
        began = time.monotonic()
        probes = run_all(jobs)
        address = probes[0]
        if address.silent:
            probes += run_all(self._tries(server, "vpc"))
        answer = address.outcome.seen_or(None)
        if answer is not None and answer.denied and not any(_has_records(p) for p in probes[1:3]):
            return probes + run_all(self._about_denial(server, answer, namespaces, began))
        if is_failure(address):
            return probes + self._about_refusal(server, "vpc", namespaces)
        return probes + self._targets(server, "vpc", probes[2])

    def _tries(self, server: Server, role: Role) -> list[Job]:
        """Return queries that tell loss from silence, and a path that drops EDNS from one that drops everything."""
        return [
            self._client.job(Query(server, self.name, "A", role)),
            self._client.job(Query(server, self.name, "A", role)),
            self._client.job(Query(server, self.name, "A", role, edns=None)),
        ]

    def _about_denial(self, server: Server, answer: Answer, namespaces: tuple[str, ...], began: float) -> list[Job]:
        """Return queries for whose denial it is, and once more for this name: a cached denial has a falling TTL."""
        zone = zone_of(self.name, namespaces)
        jobs = [self._once(q) for q in of_zone(server, "vpc", zone) if not self._was_sent(q)]
        if zone:
            jobs.append(self._client.job(Query(server, invented(zone), "A", "vpc")))
        if answer.soa is not None:

            def later() -> Probe:
                time.sleep(min(self._client.budget.remaining(), max(0.0, began + TTL_DELAY - time.monotonic())))
                return self._client.job(Query(server, self.name, "A", "vpc"))()

            jobs.append(later)
        return jobs

    def _about_refusal(self, server: Server, role: Role, namespaces: tuple[str, ...]) -> list[Probe]:
        """Tell apart why the server fails or denies the name, and whether it always does."""
        again = [self._client.job(Query(server, self.name, role=role))] * AGAIN
        return run_all([*self.apart(server, role, namespaces), *again])

    def apart(self, server: Server, role: Role, namespaces: tuple[str, ...]) -> list[Job]:
        """Return the queries that tell causes apart at a server; none, if they were sent already."""
        with self._lock:
            if server in self._told_apart:
                return []
            self._told_apart.add(server)
        queries = telling_apart(server, role, self.name, zone_of(self.name, namespaces))
        return [self._once(q) for q in queries if not self._was_sent(q)]

    def _targets(self, server: Server, role: Role, srv: Probe) -> list[Probe]:
        """Query the addresses of SRV targets that are not in the additional section."""
        answer = srv.outcome.seen_or(None)
        if answer is None:
            return []
        known = {r.owner for r in answer.additional if r.type in ("A", "AAAA")}
        targets = {r.data.rsplit(" ", 1)[-1]: None for r in answer.answers if r.type == "SRV"}
        missing = [t for t in targets if t not in known and t != "."][:MAX_TARGETS]
        return run_all([self._once(Query(server, t, "A", role)) for t in missing])

    def _more_samples(self, found: list[list[Probe]]) -> list[Probe]:
        """Sample the first server that returned addresses."""
        for probes in found:
            for first in probes:
                answer = first.outcome.seen_or(None)
                wanted = first.name == self.name and first.type in ("A", "AAAA") and first.plain
                if wanted and answer and answer.addresses:
                    again = self._client.job(Query(first.server, self.name, first.type, "vpc", first.transport))
                    return sample(first, again, self._samples, self._client.budget)
        return []

    def _host_server(self, server: Server, namespaces: tuple[str, ...]) -> list[Probe]:
        types = ["A", "AAAA", *(["SRV"] if self.name.startswith("_") else [])]
        probes = run_all([self._once(Query(server, self.name, t, "host")) for t in types])
        address = probes[0]
        if self._is_of_vpc(server):
            return probes  # :meth:`vpc` queries further
        if address.silent:
            further = (Query(server, self.name, "A", "host", "tcp"), Query(server, PUBLIC_NAME, role="other"))
            return probes + run_all([*self._tries(server, "host"), *(self._once(q) for q in further)])
        answer = address.outcome.seen_or(None)
        if answer is None:
            return probes
        if is_failure(address) or (answer.denied and not any(_has_records(p) for p in probes[1:])):
            return probes + self._about_refusal(server, "host", namespaces)
        if answer.truncated:
            probes.append(self._once(Query(server, self.name, "A", "host", "tcp"))())
        return probes + (self._targets(server, "host", probes[2]) if len(types) > 2 else [])

    def _is_of_vpc(self, server: Server) -> bool:
        with self._lock:
            return server in self._of_vpc

    def _once(self, query: Query) -> Job:
        """Send a first query, unless it was sent before, and return what waits for its answer."""
        work = self._first.get(_key(query), lambda: Work(self._client.job(query), query.what, self._client.budget))
        return lambda: structs.replace(work.value(), role=query.role)


def merge(vpc: tuple[Probe, ...], host: tuple[Probe, ...]) -> tuple[Probe, ...]:
    """Put the probes of both together: of a query that was sent once for both, the one with role ``vpc``."""
    known = {_identity(p) for p in vpc}
    return vpc + tuple(p for p in host if _identity(p) not in known)


def _key(query: Query) -> tuple[object, ...]:
    return query.server, query.name, query.type, query.transport, query.dnssec, query.signed


def _identity(probe: Probe) -> tuple[object, ...]:
    return probe.server, probe.name, probe.type, probe.transport, probe.dnssec, probe.signed, probe.at


def _has_records(probe: Probe) -> bool:
    answer = probe.outcome.seen_or(None)
    return answer is not None and bool(answer.answers)


def _distinct(servers: tuple[Server, ...]) -> tuple[Server, ...]:
    return tuple(dict.fromkeys(servers))
