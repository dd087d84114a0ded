"""How a VPC's resolver answers: by firewall, cache, rule, private zone, reverse rule, or public DNS.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-overview-DSN-queries-to-vpc.html
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html
"""

from __future__ import annotations

import random
from ipaddress import IPv4Address, IPv4Network

from sddoctor.case.dns import Rr
from sddoctor.lab.dns.delegation import delegated_to, glue, may_ask
from sddoctor.lab.dns.firewall import blocked_answer, deciding_rule
from sddoctor.lab.dns.internet import answer_from_internet
from sddoctor.lab.dns.result import SERVFAIL, QueryServer, Reply, Result, addresses, covers, followed
from sddoctor.lab.dns.zone import answer_from_zone, negative
from sddoctor.lab.objects import LiveRule, LiveVpc
from sddoctor.lab.state import LabState
from sddoctor.lab.zones import LiveZone

_PRIVATE = tuple(IPv4Network(n) for n in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))


class VpcResolver:
    """The resolver of one VPC. ``age`` is in seconds since the lab began; caches of the world count from there."""

    def __init__(self, state: LabState, vpc: LiveVpc, rng: random.Random, age: float, query: QueryServer) -> None:
        self._state = state
        self._vpc = vpc
        self._rng = rng
        self._age = age
        self._query = query

    def answer(self, name: str, rdtype: str) -> Reply:
        """Answer a query, following CNAMEs; ``None`` if DNS support is off."""
        if not self._vpc.dns_support:
            return None
        first = deciding_rule(self._state, self._vpc, name, rdtype)
        trusted = first is not None and first.trusts and first.action != "BLOCK"

        def once(hop: str, rdtype: str) -> Result:
            if trusted:
                return self._unfiltered(hop, rdtype)
            return self._answer_once(hop, rdtype, redirected=hop != name)

        return followed(name, rdtype, once)

    def _answer_once(self, name: str, rdtype: str, *, redirected: bool = False) -> Result:
        rule = deciding_rule(self._state, self._vpc, name, rdtype, redirected=redirected)
        if rule is not None and rule.action == "BLOCK":
            return blocked_answer(rule, name)
        return self._unfiltered(name, rdtype)

    def _unfiltered(self, name: str, rdtype: str) -> Result:
        return self._from_cache(name, rdtype) or self._resolve(name, rdtype)

    def _from_cache(self, name: str, rdtype: str) -> Result | None:
        dns = self._state.world.vpc_dns
        remaining = round(dns.remembers_denial.get(name, 0) - self._age)
        if remaining > 0:
            if dns.cached_without_soa:
                return Result("NXDOMAIN")
            zone = self._zone(name)
            if zone is not None:
                return negative(self._state, zone, remaining)
            denial = answer_from_internet(self._state, name, rdtype, self._rng)
            return Result("NXDOMAIN", authority=tuple(Rr(r.owner, r.type, remaining, r.data) for r in denial.authority))
        remaining = round(dns.remembered_ttl - self._age)
        if name in dns.remembers and remaining > 0:
            return addresses(name, rdtype, dns.remembers[name], remaining)
        return None

    def _resolve(self, name: str, rdtype: str) -> Result:
        """Apply the most specific rule or zone, and the rule if both have the same name. A zone's answer is final."""
        rule, zone = self._rule(name), self._zone(name)
        if rule is not None and rule.type == "FORWARD" and (zone is None or len(rule.domain) >= len(zone.name)):
            return self._forward(rule, name, rdtype)
        if zone is not None:
            servers = delegated_to(self._state, zone, name)
            if servers:
                return self._delegated(zone, servers, name, rdtype)
            return answer_from_zone(self._state, zone, name, rdtype, self._rng)
        return self._instance_name(name, rdtype) or answer_from_internet(self._state, name, rdtype, self._rng)

    def _profiles(self, kind: str) -> list[str]:
        profiles = [self._state.profiles[p] for p in self._vpc.profiles if p in self._state.profiles]
        return [i for p in profiles for i in getattr(p, kind)]

    def _zone(self, name: str) -> LiveZone | None:
        """Return the most specific private zone for the name, one of the VPC before one of a Profile."""
        if not self._vpc.dns_hostnames:
            return None
        visible = [z for z in self._state.zones.values() if z.private and self._vpc.id in z.vpcs]
        visible += [self._state.zones[i] for i in self._profiles("zones") if i in self._state.zones]
        return max((z for z in visible if covers(z.name, name)), key=lambda z: len(z.name), default=None)

    def _rules(self) -> list[LiveRule]:
        visible = [r for r in self._state.rules.values() if self._vpc.id in r.vpcs]
        return visible + [self._state.rules[i] for i in self._profiles("rules") if i in self._state.rules]

    def _rule(self, name: str) -> LiveRule | None:
        acting = [
            r
            for r in self._rules()
            if r.status == "COMPLETE" and r.type in ("FORWARD", "SYSTEM") and covers(r.domain, name)
        ]
        return max(acting, key=lambda r: len(r.domain), default=None)

    def _forward(self, rule: LiveRule, name: str, rdtype: str) -> Result:
        for target in rule.targets:
            address = target if target.count(":") > 1 else target.partition(":")[0]
            reply = self._query(address, name, rdtype)
            if reply is not None:
                return reply
        return SERVFAIL

    def _delegated(self, zone: LiveZone, servers: tuple[str, ...], name: str, rdtype: str) -> Result:
        """Ask the servers that an NS record of the zone names, where a DELEGATE rule is for them; else SERVFAIL."""
        for server in (s for s in servers if may_ask(self._state, self._rules(), s)):
            found = glue(self._state, zone, server)
            if not found and not covers(zone.name, server):
                found = self._answer_once(server, "A").addresses
            for address in found:
                reply = self._query(address, name, rdtype)
                if reply is not None:
                    return reply
        return SERVFAIL

    def _instance_name(self, name: str, rdtype: str) -> Result | None:
        """Answer reverse names of private addresses, and the host names that they point to.

        https://repost.aws/knowledge-center/route-53-override-reverse-dns-rules
        """
        domain = "ec2.internal" if self._state.region == "us-east-1" else f"{self._state.region}.compute.internal"
        if name.endswith(".in-addr.arpa") and self._vpc.dns_hostnames:
            address = _address(name.removesuffix(".in-addr.arpa").split(".")[::-1])
            ranges = (*_PRIVATE, *map(IPv4Network, self._vpc.cidrs))
            if address is not None and any(address in n for n in ranges):
                host = f"ip-{str(address).replace('.', '-')}.{domain}"
                return Result(answers=(Rr(name, "PTR", 60, host),) if rdtype == "PTR" else ())
        if name.startswith("ip-") and name.endswith("." + domain):
            address = _address(name.removeprefix("ip-").removesuffix("." + domain).split("-"))
            if address is not None:
                return addresses(name, rdtype, (str(address),), 60)
        return None


def _address(octets: list[str]) -> IPv4Address | None:
    try:
        return IPv4Address(".".join(octets))
    except ValueError:
        return None
