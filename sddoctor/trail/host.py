"""Which servers this host queries, by which setting, over which route, and what a program gets."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from ipaddress import ip_address

from msgspec import structs

from sddoctor.case.address import behind_translation
from sddoctor.case.case import Case
from sddoctor.case.dns import Server
from sddoctor.case.host import HostFacts, HostsEntry, InterfaceServers, Lookup, LookupResult, Platform, Route
from sddoctor.case.name import is_below
from sddoctor.case.seen import Fact, Gap, NotAttempted, Seen, UnseenFactError
from sddoctor.resolution.choose import choose_if_seen
from sddoctor.resolution.model import Choice, Entry
from sddoctor.resolution.surroundings import Surroundings, surroundings
from sddoctor.resolution.vpn_clients import VpnClient, vpn_clients
from sddoctor.resolution.windows import deciding_rule, in_order

#: How the name begins that every Kubernetes cluster has in its own domain.
API_SERVER = "kubernetes.default.svc."


class HostTrail:
    """The host of one case, at its first place."""

    #: The lookup that asks systemd-resolved, whoever programs ask.
    OF_RESOLVED = "resolvectl query"

    def __init__(self, case: Case) -> None:
        self._case = case

    @cached_property
    def facts(self) -> HostFacts:
        """Everything seen of the host."""
        return self._case.place.host.value

    @property
    def platform(self) -> Platform:
        """``linux``, ``macos`` or ``windows``."""
        return self.facts.platform

    @cached_property
    def surroundings(self) -> Surroundings:
        """What this host itself is, and what forwards for it: not the cluster's DNS where that denies the cluster's own name."""
        found = surroundings(self.facts)
        own = [p.outcome.seen_or(None) for p in self._case.place.dns.probes if p.name.startswith(API_SERVER)]
        denied = any(a is not None and not a.addresses for a in own)
        return structs.replace(found, forwarder=None) if found.has("cluster-dns") and denied else found

    @cached_property
    def vpn_clients(self) -> tuple[VpnClient, ...]:
        """The VPN clients of this host, those that are connected first."""
        return vpn_clients(self.facts)

    @cached_property
    def decided(self) -> Fact[Choice]:
        """Which servers an ordinary program's query leaves for, or why that was not seen."""
        return choose_if_seen(self._case.name, self._case.place.host)

    @property
    def choice(self) -> Choice:
        """Which servers an ordinary program's query leaves for. Raises when that was not seen."""
        return self.decided.value

    @property
    def servers(self) -> tuple[Server, ...]:
        """The servers that the host queries for the name, in order."""
        return self.choice.servers

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every setting of the host that could send a domain somewhere, in force or not."""
        return self.choice.entries

    @cached_property
    def domain_entries(self) -> tuple[Entry, ...]:
        """Settings for a domain that covers the name and that ordinary lookups use."""
        return tuple(e for e in self.entries if e.usable and e.domain and is_below(self._case.name, e.domain))

    @cached_property
    def adapters(self) -> tuple[InterfaceServers, ...]:
        """The adapters of a Windows host that are in use and have servers, the lowest metric first, where that was seen."""
        return in_order(self.facts)

    @cached_property
    def demands_dnssec(self) -> bool | None:
        """Whether a rule of Windows throws unsigned answers for the name away, ``None`` where that was not shown."""
        decided = deciding_rule(self._case.name, self.facts.nrpt.seen_or(()))
        return decided[0].dnssec_required if decided is not None else False

    def lookup(self, *, final_dot: bool) -> Lookup | None:
        """Return the lookup with, or without, the final dot, if there was one."""
        return next((k for k in self.facts.lookups if k.final_dot is final_dot and k.name == self._case.name), None)

    def result(self, *, final_dot: bool = False) -> LookupResult:
        """Return what a fresh process got. Raises when that was not seen.

        Most programs look the name up without the final dot. Where the lookup that is wanted was not seen, the other stands in
        if it failed: what it got is no sign that programs get it, since the hosts file has no name with a final dot, and
        search domains are not for it. https://man7.org/linux/man-pages/man5/resolv.conf.5.html
        """
        wanted, other = self.lookup(final_dot=final_dot), self.lookup(final_dot=not final_dot)
        outcomes = [self._as_programs_get(k) for k in (wanted, other) if k is not None]
        for outcome in outcomes:
            has_none = not outcome.seen_or(LookupResult()).addresses and not self.has_it_in_hosts_file
            stands_in = outcome is outcomes[0] or has_none
            if isinstance(outcome, Seen) and not outcome.unread and stands_in:
                return _translated(outcome.value)
        for outcome in outcomes:
            return outcome.whole
        raise UnseenFactError(Gap("what a program on this host gets", "no look-up was made", "a look at this host"))

    def _as_programs_get(self, lookup: Lookup) -> Fact[LookupResult]:
        """Return what the lookup gave, if programs look names up the same way: not all of them ask systemd-resolved."""
        choice, outcome = self.decided.seen_or(None), lookup.outcome
        if lookup.source != self.OF_RESOLVED or not isinstance(outcome, Seen) or not outcome.value.addresses:
            return outcome
        if choice is not None and (choice.kind.startswith("resolved-") or choice.stub_is == "systemd-resolved"):
            return outcome
        why = "only systemd-resolved was asked, and nothing shows that programs ask it"
        return NotAttempted("what a program on this host gets", why, f"getent ahosts {lookup.name}")

    @property
    def results(self) -> tuple[LookupResult, ...]:
        """Return what each of several fresh processes got, as :meth:`result` does what one got."""
        plain = [k for k in self.facts.lookups if k.name == self._case.name and not k.final_dot]
        whole = (o.value for k in plain if isinstance(o := self._as_programs_get(k), Seen) and not o.unread)
        seen = tuple(map(_translated, whole))
        return seen or (self.result(),)

    @property
    def hosts_entries(self) -> tuple[HostsEntry, ...]:
        """Lines of the hosts file with the name. Raises where none was seen, and not all of the file was read."""
        return self.facts.hosts.value.entries or self.facts.hosts.whole.entries

    @property
    def has_it_in_hosts_file(self) -> bool:
        """Whether the name is known to come from the hosts file of this host."""
        choice = self.decided.seen_or(None)
        return choice is not None and choice.kind == "hosts-file"

    def has_family(self, version: int) -> bool:
        """Tell whether this host has an address of the IP version, loopback and link-local ones not counted.

        Where the network translates (DNS64), IPv4 addresses are reached by IPv6.
        """
        if any(_is_of_use(a.address, version) for a in self.facts.addresses.value) or (
            version == 4 and self._translates
        ):
            return True
        return any(_is_of_use(a.address, version) for a in self.facts.addresses.whole)

    @cached_property
    def _translates(self) -> bool:
        """Whether programs get IPv6 addresses that lead to IPv4 ones."""
        found = (r for k in self.facts.lookups if (r := k.outcome.seen_or(None)) is not None)
        return any(behind_translation(a) != a for r in found for a in r.addresses)

    def unusable(self, addresses: Iterable[str]) -> frozenset[str]:
        """Return the addresses of an IP version that this host does not have, where it is known to have the other one."""
        host = self._case.place.host.seen_or(None)
        fact = host.addresses if host is not None else None
        own = fact.value if isinstance(fact, Seen) and not fact.unread else ()
        has = [v for v in (4, 6) if any(_is_of_use(a.address, v) for a in own)]
        if has and host is not None and self._translates:
            has.append(4)
        return frozenset(a for a in addresses if has and (6 if ":" in a else 4) not in has)

    def route(self, address: str) -> Route:
        """Return how a packet to the address would leave. Raises when nobody looked."""
        for lookup in self.facts.routes:
            if lookup.destination == address:
                return lookup.route.whole
        raise UnseenFactError(Gap(f"the route to {address}", "it was not looked up", "a look at this host"))


def _translated(result: LookupResult) -> LookupResult:
    """Return what a program got, with IPv4 addresses in place of those that DNS64 made of them."""
    return structs.replace(result, addresses=tuple(dict.fromkeys(map(behind_translation, result.addresses))))


def _is_of_use(address: str, version: int) -> bool:
    try:
        ip = ip_address(address.split("%", 1)[0])
    except ValueError:
        return False
    return ip.version == version and not (ip.is_loopback or ip.is_link_local)
