"""Which queries go to which server, and which answers lead to more of them."""

from __future__ import annotations

import secrets
import threading
import time
from functools import partial

from msgspec import structs

from sddoctor.case.dns import Answer, Probe, Role, Server, VpcResolver
from sddoctor.case.name import fold_name
from sddoctor.case.seen import Fact
from sddoctor.observe.dns.client import DnsClient, Job
from sddoctor.observe.dns.query import Query
from sddoctor.observe.dns.sampling import sample
from sddoctor.observe.work import Once, Work, run_all

#: Seconds after which the TTL of a cached answer has visibly fallen.
TTL_DELAY = 1.1
#: A public name with public addresses: it tells a server that filters private addresses from one without answers.
PUBLIC_NAME = "one.one.one.one"
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
            if not self._knows(s, t)
        ]
        return tuple(run_all(jobs))

    def _knows(self, server: Server, rdtype: str) -> bool:
        return (server, self.name, rdtype, "udp") in self._first

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
        return probes + self._targets(server, "vpc", probes[2])

    def _tries(self, server: Server, role: Role) -> list[Job]:
        """Return queries that tell loss from silence, and a path that drops EDNS from one that drops everything."""
        return [
            self._client.job(Query(server, self.name, "A", role)),
            self._client.job(Query(server, self.name, "A", role)),
            self._client.job(Query(server, self.name, "A", role, edns=None)),
        ]

    def _about_denial(self, server: Server, answer: Answer, namespaces: tuple[str, ...], began: float) -> list[Job]:
        """Return queries for a name that cannot exist, and once more for this one: a cached denial has a falling TTL."""
        parent = namespaces[0] if namespaces else self.name.partition(".")[2]
        jobs = []
        if parent:
            jobs.append(self._client.job(Query(server, f"sddoctor-{secrets.token_hex(6)}.{parent}", "A", "vpc")))
        if answer.soa is not None:

            def later() -> Probe:
                time.sleep(min(self._client.budget.remaining(), max(0.0, began + TTL_DELAY - time.monotonic())))
                return self._client.job(Query(server, self.name, "A", "vpc"))()

            jobs.append(later)
        return jobs

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
                if first.name == self.name and first.type in ("A", "AAAA") and answer and answer.addresses:
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
            return probes + run_all(
                [*self._tries(server, "host"), self._once(Query(server, self.name, "A", "host", "tcp"))]
            )
        answer = address.outcome.seen_or(None)
        if answer is None:
            return probes
        if answer.rcode == "REFUSED" or (answer.rcode == "NOERROR" and answer.denied):
            jobs = [self._once(Query(server, self.name, t, "host")) for t in ("TXT", "SOA")]
            jobs += [self._once(Query(server, n, "SOA", "host")) for n in namespaces[:1]]
            probes += run_all([*jobs, self._once(Query(server, PUBLIC_NAME, "A", "other"))])
        elif answer.rcode == "SERVFAIL":
            probes.append(self._client.job(Query(server, self.name, "A", "host", dnssec=True))())
        elif answer.truncated:
            probes.append(self._once(Query(server, self.name, "A", "host", "tcp"))())
        return probes + (self._targets(server, "host", probes[2]) if len(types) > 2 else [])

    def _is_of_vpc(self, server: Server) -> bool:
        with self._lock:
            return server in self._of_vpc

    def _once(self, query: Query) -> Job:
        """Send a first query, unless it was sent before, and return what waits for its answer."""
        key = (query.server, query.name, query.type, query.transport)
        work = self._first.get(key, lambda: Work(self._client.job(query), query.what, self._client.budget))
        return lambda: structs.replace(work.value(), role=query.role)


def merge(vpc: tuple[Probe, ...], host: tuple[Probe, ...]) -> tuple[Probe, ...]:
    """Put the probes of both together: of a query that was sent once for both, the one with role ``vpc``."""
    known = {_identity(p) for p in vpc}
    return vpc + tuple(p for p in host if _identity(p) not in known)


def _identity(probe: Probe) -> tuple[object, ...]:
    return probe.server, probe.name, probe.type, probe.transport, probe.at


def _has_records(probe: Probe) -> bool:
    answer = probe.outcome.seen_or(None)
    return answer is not None and bool(answer.answers)


def _distinct(servers: tuple[Server, ...]) -> tuple[Server, ...]:
    return tuple(dict.fromkeys(servers))
