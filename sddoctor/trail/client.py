"""What the client gets for the name: the answer that the verdict is about."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct

from sddoctor.case.case import Case
from sddoctor.case.dns import Answer, Server
from sddoctor.case.name import is_srv_form
from sddoctor.case.seen import AbsentFactError, FactError, Gap, Seen, Unreachable, UnseenFactError
from sddoctor.resolution.model import Choice
from sddoctor.trail.answers import AnswersTrail
from sddoctor.trail.by_records import addresses_by_records
from sddoctor.trail.cloudmap import CloudMapTrail
from sddoctor.trail.host import HostTrail
from sddoctor.trail.stand_in import answer_of
from sddoctor.trail.vpc import VpcTrail
from sddoctor.trail.zone import ZoneTrail


class ClientAnswer(Struct, frozen=True):
    """An answer as the client gets it.

    ``who`` names the client in words, ``source`` where the answer was observed. ``error`` is a short reason when there
    is no address. ``derived`` answers were not looked up on the client: they follow from what its server returns.
    ``pinned`` answers come from a hosts file, so they hold only the addresses that somebody wrote into it. ``at_times``: equal
    queries or lookups got it and others failed, with ``error``.
    """

    who: str
    source: str
    addresses: frozenset[str]
    error: str | None = None
    derived: bool = False
    pinned: bool = False
    at_times: bool = False


class ClientTrail:
    """The answer that the client of one case gets."""

    def __init__(
        self,
        case: Case,
        cloudmap: CloudMapTrail,
        zone: ZoneTrail,
        answers: AnswersTrail,
        host: HostTrail,
        vpc: VpcTrail,
    ) -> None:
        self._case = case
        self._cloudmap = cloudmap
        self._zone = zone
        self._answers = answers
        self._host = host
        self._vpc = vpc

    @cached_property
    def is_srv(self) -> bool:
        """Whether clients query the name for SRV: it has that form, and its service publishes nothing else."""
        view = self._case.aws.cloudmap.views
        if not is_srv_form(self._case.name):
            return False
        service = self._cloudmap.view.service.seen_or(None) if view else None
        return service is None or service.record_types == {"SRV"}

    @cached_property
    def is_vpc_client(self) -> bool:
        """Whether the client is a client in a VPC that the user named, not this host."""
        return self._vpc.client_is_elsewhere

    @cached_property
    def answer(self) -> ClientAnswer:
        """What the client gets. Raises when that was not seen."""
        if self.is_vpc_client:
            return self._from_vpc(f"a client in {self._case.asked.client_vpc}")
        if self.is_srv:
            return self._srv_on_host()
        try:
            return self._from_host()
        except UnseenFactError as unseen:
            return self._derived(unseen)

    def _from_vpc(self, who: str) -> ClientAnswer:
        """Query the servers that DHCP assigns in that VPC: its resolver, unless the options name others."""
        if self._case.asked.by_records:
            found = addresses_by_records(self._case, self._cloudmap, self._zone, self._vpc)
            error = None if found else "no record"
            return ClientAnswer(who, f"the records of {self._zone.of_subject.name}", found, error, derived=True)
        dhcp = self._assigned_servers()
        if dhcp:
            return self._from_dhcp(f"{who}, by its DHCP options", dhcp)
        server = self._answers.vpc_server
        if self.is_srv:
            answer = self._answers.vpc("SRV")
            return ClientAnswer(who, f"dns @{server} SRV", self._answers.vpc_srv_addresses, _error(answer))
        if self._answers.ignores(server, "A"):
            return ClientAnswer(who, f"dns @{server} A", frozenset(), "no answer")
        answer = self._answers.vpc("A")
        addresses, failing = self._answers.vpc_addresses, self._answers.failing_at_times(server, "A")
        error = _error(failing[0]) if failing else None if addresses else _error(answer)
        return ClientAnswer(who, f"dns @{server} A", addresses, error, at_times=bool(failing and addresses))

    def _assigned_servers(self) -> tuple[Server, ...]:
        try:
            return tuple(Server(a) for a in self._vpc.assigned_servers)
        except AbsentFactError:
            return ()

    def _from_dhcp(self, who: str, servers: tuple[Server, ...]) -> ClientAnswer:
        """Return the first answer that ends the search; only a failure leads to the next server. resolv.conf(5)"""
        rdtype = "SRV" if self.is_srv else "A"
        for server in servers:
            answer = self._answers.answer(server, rdtype)
            if _leads_on(answer) and server != servers[-1]:
                continue
            more = self._answers.answer(server, "AAAA").addresses if self._has(server, "AAAA") else ()
            found = self._answers.srv_addresses(answer) if self.is_srv else frozenset((*answer.addresses, *more))
            return ClientAnswer(who, f"dns @{server} {rdtype}", found, None if found else _error(answer), derived=True)
        raise AbsentFactError("a name server handed out by DHCP")

    def _from_host(self) -> ClientAnswer:
        results = self._host.results
        result = next((r for r in results if r.addresses), results[0])
        failed = next((r.error for r in results if not r.addresses), None)
        lookup = self._host.lookup(final_dot=False) or self._host.lookup(final_dot=True)
        source = lookup.source if lookup else "getaddrinfo"
        if result.error == "temporary failure" and not self._answers.probes:
            raise UnseenFactError(
                Gap("what a program on this host gets", "no name server answered it", "a working network")
            )
        pinned = self._host.has_it_in_hosts_file
        at_times = bool(result.addresses and failed)
        error = failed if at_times else result.error
        return ClientAnswer("this host", source, frozenset(result.addresses), error, pinned=pinned, at_times=at_times)

    def _srv_on_host(self) -> ClientAnswer:
        for server in self._host.servers:
            answer = answer_of(self._answers, self._host, self._vpc, server, "SRV")
            return ClientAnswer(
                "this host", f"dns @{server} SRV", self._answers.srv_addresses(answer), _error(answer), derived=True
            )
        raise AbsentFactError("a name server that this host asks")

    def _derived(self, unseen: UnseenFactError) -> ClientAnswer:
        """Derive the answer from the host's choice of server, where no lookup was made on the host itself."""
        choice = self._host.decided.seen_or(None)
        if choice is None:
            raise unseen
        if choice.kind == "hosts-file":
            found = frozenset(e.address for e in self._host.hosts_entries)
            return ClientAnswer("this host", choice.source, found, derived=True, pinned=True)
        if self._is_completed_first() or self._host.demands_dnssec is not False or self._may_get_either(choice):
            raise unseen
        for server, answer in self._answering(choice):
            addresses = frozenset(a for a in (*answer.addresses, *self._ipv6(server)) if self._can_use(a))
            may_be_translated = not addresses and any(
                ":" not in a for a in answer.addresses
            )  # DNS64, to a host of IPv6 only
            if may_be_translated or (addresses and self._was_shown_otherwise(addresses)):
                raise unseen
            error = None if addresses else _error(answer) or "no address of a family that it has"
            return ClientAnswer("this host", f"dns @{server} A", addresses, error, derived=True)
        raise unseen

    def _was_shown_otherwise(self, addresses: frozenset[str]) -> bool:
        """Tell whether a lookup was made and what it gave was not understood: then no server's answer stands in for it.

        Addresses that were understood, all of them in the server's answer, show that it does.
        """
        for lookup in self._host.facts.lookups:
            if lookup.name != self._case.name:
                continue
            outcome = lookup.outcome
            if isinstance(outcome, Unreachable) and outcome.kind == "malformed":
                return True
            if (
                isinstance(outcome, Seen)
                and outcome.unread
                and not addresses.issuperset(outcome.value.addresses or ("",))
            ):
                return True
        return False

    def _is_completed_first(self) -> bool:
        """Tell whether programs query the name below each search domain before the name itself. resolv.conf(5), ndots"""
        conf = self._host.facts.resolv_conf.seen_or(None)
        return conf is not None and bool(conf.search) and self._case.name.count(".") < conf.ndots

    def _may_get_either(self, choice: Choice) -> bool:
        """Tell whether servers answer differently that are queried together, or in turn. Raises where one was not seen to answer."""
        if not (choice.together or choice.rotates):
            return False
        answers = [answer_of(self._answers, self._host, self._vpc, s, "A") for s in choice.servers]
        return len({frozenset(a.addresses) for a in answers}) > 1

    def _answering(self, choice: Choice) -> Iterator[tuple[Server, Answer]]:
        """Yield the answer that ends a search: that of the forwarder on this host, else the first that is no failure.

        Raises where a server before it was not seen to answer, nor to be silent.
        """
        servers = (choice.stub,) if choice.stub is not None else choice.servers
        for server in servers:
            if self._answers.unheard(server, "A"):
                continue
            answer = answer_of(self._answers, self._host, self._vpc, server, "A")
            if not _leads_on(answer) or server == servers[-1]:
                yield server, answer

    def _ipv6(self, server: Server) -> tuple[str, ...]:
        try:
            return answer_of(self._answers, self._host, self._vpc, server, "AAAA").addresses
        except UnseenFactError:
            return ()

    def _can_use(self, address: str) -> bool:
        """Tell whether lookups return addresses of that family: only if the host has one (RFC 3493, AI_ADDRCONFIG)."""
        try:
            own = self._host.facts.addresses.whole
            return not own or self._host.has_family(6 if ":" in address else 4)
        except FactError:
            return True

    def _has(self, server: object, rdtype: str) -> bool:
        return any(
            p.server == server and p.type == rdtype and p.outcome.seen_or(None) for p in self._answers.probes_for()
        )


def _leads_on(answer: Answer) -> bool:
    """Tell whether programs ask their next server after this answer. resolv.conf(5), and measured with glibc 2.36"""
    return answer.rcode in ("SERVFAIL", "REFUSED", "NOTIMP") or answer.is_referral


def _error(answer: Answer) -> str | None:
    if answer.rcode != "NOERROR":
        return answer.rcode
    if answer.is_referral:
        return "referral"
    return None if answer.answers else "empty answer"
