"""Further queries, sent only where the first answers are suspicious: they tell similar faults apart.

Nothing here judges: each query has a condition on the answers, and a healthy name meets none of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sddoctor.case.case import Place
from sddoctor.case.dns import PUBLIC_NAME, Answer, Probe, Role, Server
from sddoctor.case.dns64 import IPV4_ONLY, may_be_made_of
from sddoctor.case.host import HostFacts
from sddoctor.case.seen import Seen, Unreachable
from sddoctor.formats.host.names import covers
from sddoctor.observe.dns.apart import invented, of_zone, zone_of
from sddoctor.observe.dns.client import DnsClient, Job
from sddoctor.observe.dns.first_answers import FirstAnswers
from sddoctor.observe.dns.plan import DnsObserver
from sddoctor.observe.dns.query import Query
from sddoctor.observe.work import run_all
from sddoctor.resolution.choose import choose_if_seen
from sddoctor.resolution.surroundings import cluster_domain, surroundings

#: A documentation address, where no server can be (RFC 5737): an answer from there comes from an interceptor.
UNUSED_ADDRESS = Server("192.0.2.1")
#: The name at which a resolver designates encrypted ones (RFC 9462).
DESIGNATION = "_dns.resolver.arpa"
#: An invented name below this suffix must not exist.
PUBLIC_SUFFIX = "com"
#: Equal queries that are sent to a server if some were lost, if its answers are in doubt, and for a lost AAAA answer.
MANY, SOME, FEW = 20, 12, 4
#: Search domains of the host that a server is asked for its authority in.
SEARCH_DOMAINS = 2
#: EDNS sizes that are compared (RFC 6891): more than a tunnel carries, and one that always fits.
LARGE, SMALL = 4096, 512


class FollowUp:
    """Further queries about one name from one place, by ``dns``, which sent the first, and ``client``."""

    def __init__(
        self, first: FirstAnswers, place: Place, namespaces: tuple[str, ...], dns: DnsObserver, client: DnsClient
    ) -> None:
        self._name = dns.name
        self._first = first
        self._place = place
        self._namespaces = namespaces
        self._dns = dns
        self._client = client
        self._host = place.host.seen_or(None)
        self._choice = choose_if_seen(dns.name, place.host).seen_or(None)
        self._probes = place.dns.probes
        self._of_vpc = {p.server for p in self._probes if p.role == "vpc"}

    def probes(self, *, own_servers: bool) -> tuple[Probe, ...]:
        """Send every query that the answers give reason for.

        ``own_servers``: the observed host is this one (or the lab's). Otherwise neither its servers nor the unused address
        are queried: the path from here is not that host's.
        """
        jobs = [
            *self._equal(from_the_host=own_servers),
            *self._lost_by_tcp(),
            *self._sizes(),
            *self._intercepted(from_the_host=own_servers),
        ]
        if own_servers and self._host is not None:
            jobs += [
                *self._searched(self._host),
                *self._invented(),
                *self._own_zones(self._host),
                *self._apart(),
                *self._elsewhere(),
                *self._cluster(self._host),
                *self._reverse(),
                *self._made(self._host),
                *self._ipv6_again(),
                *self._designated(self._host),
            ]
        return tuple(run_all(jobs))

    def _searched(self, host: HostFacts) -> Iterator[Job]:
        """The name resolves differently without the final dot: query below the search domains."""
        plain, dotted = self._lookup(host, final_dot=False), self._lookup(host, final_dot=True)
        choice = self._choice
        if not plain or plain == dotted or choice is None or not choice.servers:
            return
        for domain in _search_domains(host):
            yield self._job(choice.servers[0], f"{self._name}.{domain}", "host")
            yield self._job(choice.servers[0], invented(domain), "host")

    @staticmethod
    def _lookup(host: HostFacts, *, final_dot: bool) -> frozenset[str]:
        lookup = next((k for k in host.lookups if k.final_dot is final_dot), None)
        seen = lookup.outcome.seen_or(None) if lookup is not None else None
        return frozenset(seen.addresses if seen else ())

    def _who_answers(self) -> tuple[Server, ...]:
        """Return the servers behind the forwarder on this host, and that where it answers by itself."""
        choice = self._choice
        if choice is None:
            return ()
        return choice.servers or ((choice.stub,) if choice.stub is not None else ())

    def _invented(self) -> Iterator[Job]:
        """A server of the host returns addresses that no VPC resolver returns: is the zone its own, or does it invent them?

        Asked for the SOA of the zone, and for names that cannot exist.
        """
        of_vpc = self._vpc_addresses()
        parent = zone_of(self._name, self._namespaces)
        for server in self._who_answers():
            returned = _addresses([p for p in self._of("host") if p.server == server])
            if returned - of_vpc and parent and not self._first.are_same(returned, of_vpc):
                yield from (self._client.job(q) for q in of_zone(server, "host", parent)[:1])
            if returned and not returned & of_vpc:
                yield self._job(server, invented(invented(PUBLIC_SUFFIX)), "host")
                if parent:
                    yield self._job(server, invented(parent), "host")

    def _own_zones(self, host: HostFacts) -> Iterator[Job]:
        """A server of the host gives no address: is it the company's, with a zone for the domain that this host is in?"""
        own = [d for d in host.search_domains if "." in d and not covers(d, PUBLIC_NAME)][:SEARCH_DOMAINS]
        for server in self._choice.servers if self._choice is not None else ():
            if server not in self._of_vpc and not _addresses([p for p in self._of("host") if p.server == server]):
                yield from (self._job(server, domain, "other", type="SOA") for domain in own)

    def _reverse(self) -> Iterator[Job]:
        """The name is one of reverse lookups: send the query of such a lookup."""
        choice = self._choice
        if self._name.endswith((".in-addr.arpa", ".ip6.arpa")) and choice is not None:
            for server in choice.servers[:1]:
                yield self._job(server, self._name, "host", type="PTR")

    def _designated(self, host: HostFacts) -> Iterator[Job]:
        """A Mac finds nothing, and its server does: ask the network's own resolvers whether they designate encrypted ones."""
        answers = [self._first.answer(s) for s in self._first.nearest]
        nothing = not self._lookup(host, final_dot=False) and not self._lookup(host, final_dot=True)
        if host.platform != "macos" or not nothing or not any(a is not None and a.addresses for a in answers):
            return
        defaults = (r for r in host.scutil.seen_or(()) if r.section == "default" and not r.domain)
        plain = [a for r in defaults if "Supplemental" not in r.flags and not r.options for a in r.nameservers]
        for address in list(dict.fromkeys(plain))[:FEW]:
            yield self._job(Server(address), DESIGNATION, "other", type="SVCB")

    def _apart(self) -> Iterator[Job]:
        """A forwarder, a server behind it and a program do not say the same: tell apart why, at each that answers."""
        if self._first.differ:
            for server in self._first.servers:
                if self._first.answer(server) is not None:
                    yield from self._dns.apart(server, self._role(server), self._namespaces)

    def _elsewhere(self) -> Iterator[Job]:
        """Programs get nothing from whom they query: query the servers that settings for the domain name, in force or not.

        And the local resolver that has such a setting, where programs do not ask it.
        """
        answers = [self._first.answer(s) for s in self._first.nearest]
        if self._choice is None or not answers or any(a is not None and a.answers for a in answers):
            return
        entries = [e for e in self._choice.entries if e.domain and covers(e.domain, self._name)]
        local = [e.listens for e in entries if e.listens is not None and e.usable and self._choice.stub is None]
        named = [*local, *(s for e in entries for s in e.servers)]
        queried = {p.server for p in self._probes}
        for server in list(dict.fromkeys(s for s in named if s not in queried))[:FEW]:
            yield self._job(server, self._name, "other")

    def _cluster(self, host: HostFacts) -> Iterator[Job]:
        """A pod's server gives no address: query it for a name of the cluster, which the cluster's own DNS has."""
        domain = cluster_domain(host)
        for server in self._choice.servers[:1] if domain is not None and self._choice is not None else ():
            answer = self._first.answer(server)
            if answer is not None and not answer.addresses:
                yield self._job(server, f"kubernetes.default.{domain}", "other")

    def _made(self, host: HostFacts) -> Iterator[Job]:
        """IPv6 addresses came that have IPv4 addresses of the name in them: does a server make them, behind which prefix?"""
        returned = {a for k in host.lookups if (r := k.outcome.seen_or(None)) is not None for a in r.addresses}
        for server in self._first.nearest:
            own = _addresses([p for p in self._probes if p.server == server and p.name == self._name])
            if any(may_be_made_of(a, self._vpc_addresses() | own) for a in own | returned):
                yield self._job(server, IPV4_ONLY, "other", type="AAAA")

    def _ipv6_again(self) -> Iterator[Job]:
        """A server says NXDOMAIN for AAAA and has A records: see how often. It may also do so where lookups fail at times."""
        for server in self._first.servers:
            if self._first.denies_ipv6(server) or (self._first.disagree and self._first.answer(server) is not None):
                for _ in range(FEW):
                    yield self._job(server, self._name, self._role(server), type="AAAA")

    def _vpc_addresses(self) -> frozenset[str]:
        return _addresses(self._of("vpc"))

    def _equal(self, *, from_the_host: bool) -> Iterator[Job]:
        """Some queries to a server were answered and some were not, or its answers are in doubt: send many equal ones.

        Also if all of them were answered, but a program got no answer in time.
        """
        first = self._first
        of_vpc = [p.server for p in self._of("vpc")]
        for server in dict.fromkeys((*first.servers, *of_vpc)):
            lost = first.lost(server)
            count = MANY if lost or (first.is_late and server in first.servers) else 0
            if from_the_host and first.differ and server in first.nearest and first.answer(server) is not None:
                count = max(count, SOME)
            for _ in range(count):
                yield self._job(server, self._name, self._role(server))
            for _ in range(FEW if "AAAA" in lost else 0):
                yield self._job(server, self._name, self._role(server), type="AAAA")

    def _lost_by_tcp(self) -> Iterator[Job]:
        """A server answers by UDP, and nothing came back by TCP: it may be one lost packet, so query again."""
        for server in {p.server for p in self._probes if p.role != "other"}:
            asked = [p for p in self._probes if p.server == server and p.name == self._name and p.type == "A"]
            if any(p.transport == "udp" and isinstance(p.outcome, Seen) for p in asked) and any(
                p.transport == "tcp" and p.silent for p in asked
            ):
                yield self._job(server, self._name, self._role(server), transport="tcp")

    def _sizes(self) -> Iterator[Job]:
        """Queries with EDNS are not answered and those without it are: compare sizes."""
        for server in {p.server for p in self._of("vpc")}:
            asked = [p for p in self._of("vpc") if p.server == server and p.transport == "udp" and p.type == "A"]
            with_edns = [p for p in asked if p.edns]
            without = [p for p in asked if p.edns is None]
            silent = bool(with_edns) and all(isinstance(p.outcome, Unreachable) for p in with_edns)
            if silent and any(isinstance(p.outcome, Seen) for p in without):
                for size in (LARGE, SMALL):
                    yield self._job(server, self._name, "vpc", edns=size)

    def _intercepted(self, *, from_the_host: bool) -> Iterator[Job]:
        """Something may answer in a VPC resolver's place: query an address without a server, and again by UDP and TCP.

        The reason is that UDP and TCP differ, or that the denial has an SOA of another zone than the namespaces'.
        """
        for server in {p.server for p in self._of("vpc")}:
            asked = [p for p in self._of("vpc") if p.server == server and p.type == "A"]
            by_transport = {p.transport: p.outcome.seen_or(None) for p in asked}
            udp, tcp = by_transport.get("udp"), by_transport.get("tcp")
            differ = udp is not None and tcp is not None and not udp.truncated and _gist(udp) != _gist(tcp)
            if differ:
                yield self._job(server, self._name, "vpc")
                yield self._job(server, self._name, "vpc", transport="tcp")
            if from_the_host and (differ or (udp is not None and self._is_strange(udp))):
                yield self._job(UNUSED_ADDRESS, self._name, "other")
                return

    def _is_strange(self, answer: Answer) -> bool:
        """Tell whether a host outside AWS got a denial whose SOA is not of a zone of the namespaces."""
        outside = self._host is not None and not surroundings(self._host).in_aws
        if not outside or not self._namespaces or not answer.denied:
            return False
        return answer.soa is None or not covers(self._namespaces[-1], answer.soa.owner)

    def _role(self, server: Server) -> Role:
        return "vpc" if any(p.server == server and p.role == "vpc" for p in self._probes) else "host"

    def _of(self, role: str) -> list[Probe]:
        return [p for p in self._probes if p.role == role and p.name == self._name]

    def _job(self, server: Server, name: str, role: Role, **how: Any) -> Job:
        return self._client.job(Query(server, name, role=role, **how))


def _gist(answer: Answer) -> tuple[str, str]:
    return answer.rcode, answer.soa.owner if answer.soa else ""


def _addresses(probes: list[Probe]) -> frozenset[str]:
    return frozenset(a for p in probes if (answer := p.outcome.seen_or(None)) for a in answer.addresses)


def _search_domains(host: HostFacts) -> list[str]:
    conf = host.resolv_conf.seen_or(None)
    found = list(conf.search if conf else ())
    found += [d for r in host.scutil.seen_or(()) if r.section == "default" for d in r.search]
    return list(dict.fromkeys(d.lower().rstrip(".") for d in found if d))[:6]
