"""Name servers of a world that are not VPC resolvers: home routers, forwarders, servers of a company."""

from __future__ import annotations

import random
from dataclasses import replace
from ipaddress import ip_address

from sddoctor.case.dns import Rr
from sddoctor.lab.dns.internet import ROOT_SOA, answer_from_internet, public_zone
from sddoctor.lab.dns.result import REFUSED, SERVFAIL, QueryServer, Reply, Result, addresses, covers, followed
from sddoctor.lab.parts.host import NameServer, OwnZone
from sddoctor.lab.state import LabState

#: The name at which a resolver designates encrypted ones, and the TTL of RFC 9462's example.
DESIGNATION, DESIGNATION_TTL = "_dns.resolver.arpa", 7200
#: TTL of a server's own records: that of dnsmasq for names in its hosts file.
OWN_TTL = 0
_FIXED: dict[str, Reply] = {"silent": None, "refuses": REFUSED, "servfail": SERVFAIL}


class NameServerBehaviour:
    """A server of the world. ``age`` is in seconds since the lab began."""

    def __init__(self, state: LabState, server: NameServer, rng: random.Random, age: float, query: QueryServer) -> None:
        self._state = state
        self._server = server
        self._rng = rng
        self._age = age
        self._query = query

    def answer(self, name: str, rdtype: str, *, checking: bool = True) -> Reply:
        """Answer as the world describes the server. ``checking``: the query does not have CD set."""
        server = self._server
        if server.designates and name == DESIGNATION:
            record = Rr(name, "SVCB", DESIGNATION_TTL, server.designates)
            return Result(answers=(record,) if rdtype == "SVCB" else ())
        if name in server.records:
            return addresses(name, rdtype, server.records[name], OWN_TTL)
        remaining = round(server.remembers.get(name, 0) - self._age)
        if remaining > 0:
            return Result("NXDOMAIN", authority=(Rr(".", "SOA", remaining, ROOT_SOA.data),))
        own = [z for z in server.zones if covers(z, name)]
        if own and not any(len(d) > len(max(own, key=len)) and covers(d, name) for d in server.forwards):
            zone = max(own, key=len)
            return _from_zone(zone, server.zones[zone], name, rdtype)
        domains = [d for d in server.forwards if covers(d.lower().rstrip("."), name)]
        if domains and server.validates and checking:
            return SERVFAIL
        if domains:
            reply = self._query(server.forwards[max(domains, key=len)], name, rdtype)
            return _filtered(server, replace(reply or SERVFAIL, authoritative=False))
        public = public_zone(self._state, name)
        if public is not None and public.bogus and server.validates and checking:
            return SERVFAIL
        return self._by_kind(name, rdtype)

    def _by_kind(self, name: str, rdtype: str) -> Reply:
        kind = self._server.kind
        if kind in _FIXED:
            return _FIXED[kind]
        found = followed(name, rdtype, lambda n, t: answer_from_internet(self._state, n, t, self._rng))
        if kind == "hijacks" and found.rcode == "NXDOMAIN":
            return addresses(name, rdtype, (self._server.address_for_unknown,), 60)
        return _filtered(self._server, found)


def _from_zone(zone: str, content: OwnZone, name: str, rdtype: str) -> Result:
    """Answer with authority. RFC 1034, section 4.3.2"""
    soa = Rr(zone, "SOA", 300, content.soa)
    if name == zone and rdtype == "SOA":
        return Result(answers=(soa,), authoritative=True)
    if name in content.names and (found := addresses(name, rdtype, content.names[name], OWN_TTL).answers):
        return Result(answers=found, authoritative=True)
    exists = name == zone or any(covers(name, n) for n in content.names)
    return Result("NOERROR" if exists else "NXDOMAIN", authority=(soa,), authoritative=True)


def _filtered(server: NameServer, result: Result) -> Result:
    """Apply protection against DNS rebinding, as dnsmasq's ``stop-dns-rebind`` in its older and newer forms."""
    if server.rebind_filter == "no" or not any(ip_address(a).is_private for a in result.addresses):
        return result
    return REFUSED if server.rebind_filter == "refused" else Result()
