"""The stations of this host: the servers that its settings lead to, its own forwarder, and what a program gets."""

from __future__ import annotations

from collections.abc import Iterator

from sddoctor.case.dns import Server
from sddoctor.case.host import LookupResult
from sddoctor.case.seen import AbsentFactError, UnseenFactError
from sddoctor.formats.host.addresses import is_loopback
from sddoctor.stations.before import Before, differences
from sddoctor.stations.dns import Reply, changing, in_words, losses, reply, whose
from sddoctor.stations.model import Difference, Output, Station, Symptom
from sddoctor.text.words import count
from sddoctor.trail.trail import Trail, optional

#: Failures after which a resolver asks the next server of its list. resolv.conf(5)
_NEXT = ("SERVFAIL", "REFUSED", "NOTIMP", "referral", "silence")
#: What a program calls a failure, and the answers of which it makes that.
_ERRORS = {
    "not found": ("NXDOMAIN", "NODATA"),
    "temporary failure": ("SERVFAIL", "REFUSED", "referral", "silence"),
    "unsecured answer": ("SERVFAIL",),
    "DNSSEC validation failed": ("SERVFAIL",),
}
#: What is no answer, whoever sends it.
_LOST = ("silence", "malformed")


def servers(trail: Trail, before: Before) -> tuple[Output, tuple[Difference, ...]]:
    """Return what the servers answer that the settings lead to, in the order in which they are queried.

    Of scopes that systemd-resolved queries together, the first success counts.
    """
    lists = [[s for s in servers if not is_loopback(s.address)] for servers in _lists(trail)]
    replies = [_in_order(trail, asked) for asked in lists if asked]
    if not replies:
        raise AbsentFactError("a name server that this host queries")
    found = next((r for r in replies if r[-1][1].addresses), replies[0])
    server, got = found[-1]
    output = _output("servers", trail, server, got, before)
    if before.losing and got.symptom in _LOST and _is_of_vpc(trail, server):
        return output, ()
    early = [
        Difference(r.symptom, f"{s} {r.symptom}", "an answer", server=s, says=f"{in_words(trail, str(s), r)}")
        for s, r in found[:-1]
        if r.symptom and got.addresses
    ]
    return output, (*differences(trail, before, output), *early, *_lossy(trail, server))


def stub(trail: Trail, before: Before) -> tuple[Output, tuple[Difference, ...]]:
    """Return what the forwarder on this host answers to programs."""
    if trail.client_is_in_vpc:
        raise AbsentFactError("a forwarder on this host")
    server = _forwarder(trail)
    output = _output("stub", trail, server, _reply(trail, server), before)
    return output, (*differences(trail, before, output), *_lossy(trail, server))


def _forwarder(trail: Trail) -> Server:
    """Return the forwarder that programs ask. resolv.conf names it even where nobody can say whom it asks in turn."""
    choice = trail.host.decided.seen_or(None)
    if choice is None:
        conf = trail.host.facts.resolv_conf.seen_or(None)
        first = next((Server(a) for a in conf.effective), None) if conf is not None else None
        if first is not None and is_loopback(first.address) and trail.answers.was_queried(first):
            return first
        choice = trail.host.choice
    server = choice.stub or next((s for s in choice.servers if is_loopback(s.address)), None)
    if server is None:
        raise AbsentFactError("a forwarder on this host")
    return server


def program(trail: Trail, before: Before) -> tuple[Output, tuple[Difference, ...]]:
    """Return what a fresh process on this host gets. Raises when that was not seen."""
    if trail.client_is_in_vpc or trail.queries_srv:
        raise AbsentFactError("a look-up on this host")
    results = trail.host.results
    result = next((r for r in results if r.addresses), results[0])
    addresses = frozenset(a for r in results for a in r.addresses)
    symptom = None if addresses else _symptom(trail, result, before)
    got = Reply(addresses, symptom)
    who = "a program on this host"
    failed = f"a lookup on this host fails ({result.error or 'no address'})"
    says = f"{who} gets {whose(trail, addresses)}" if addresses else failed
    output = Output("program", says, addresses, before.possible, got.symptom, source="getaddrinfo")
    if _is_passed_on(before, output):
        return output, ()
    again = () if before.losing else _now_and_then(results)
    found = (*differences(trail, before, output), *again)
    usable_lost = before.gone - trail.host.unusable(before.gone)
    if addresses and not found and not usable_lost and trail.host.unusable(addresses) == addresses:
        got_families, has = "IPv6" if ":" in min(addresses) else "IPv4", "IPv4" if ":" in min(addresses) else "IPv6"
        unusable = Difference(
            "unusable", f"{got_families} addresses only", f"{has} addresses, as this host has", addresses
        )
        return output, (unusable,)
    return output, found


def _in_order(trail: Trail, asked: list[Server]) -> list[tuple[Server, Reply]]:
    """Return what the servers of a list reply, down to the first of which no resolver goes on to the next."""
    found: list[tuple[Server, Reply]] = []
    for server in asked:
        got = _reply(trail, server)
        found.append((server, got))
        if got.symptom not in _NEXT:
            break
    return found


def _lists(trail: Trail) -> tuple[tuple[Server, ...], ...]:
    if trail.client_is_in_vpc:
        return (tuple(Server(a) for a in trail.vpc.assigned_servers),)
    servers, scopes = trail.host.servers, trail.host.choice.scopes
    return scopes if {*servers} == {s for scope in scopes for s in scope} else (servers,)


def _reply(trail: Trail, server: Server) -> Reply:
    """Return what the server replies, ``silence`` where all queries to it went unanswered.

    Programs ask by UDP: that TCP is answered does not help them.
    """
    by_udp = trail.answers.tries(server, trail.rdtype)
    if len(by_udp) > 1 and all(p.silent for p in by_udp):
        return Reply(frozenset(), "silence")
    try:
        answer = trail.answer_of(server, trail.rdtype)
    except UnseenFactError:
        if not trail.answers.was_queried(server):
            raise
        if any(p.garbled for p in trail.answers.probes_for(server)):
            return Reply(frozenset(), "malformed", why=trail.answers.why_garbled(server))
        if any(p.lost for p in trail.answers.probes_for(server)):
            return Reply(frozenset(), "silence")
        raise
    if answer.truncated and trail.answers.lost_by_tcp(server, trail.rdtype):
        return Reply(
            frozenset(), "silence", records="a part only, and leaves the query by TCP for the whole unanswered"
        )
    if trail.queries_srv:
        return reply(trail, server, answer, trail.answers.srv_addresses(answer))
    more = optional(lambda: trail.answer_of(server, "AAAA").addresses) or ()
    again = (a for p in by_udp if (said := p.outcome.seen_or(None)) is not None for a in said.addresses)
    return reply(trail, server, answer, (*answer.addresses, *more, *again))


def _output(station: Station, trail: Trail, server: Server, got: Reply, before: Before) -> Output:
    who = f"{server} on this host" if station == "stub" else str(server)
    says = in_words(trail, who, got)
    possible = before.possible
    source = f"dns @{server} {trail.rdtype}"
    return Output(station, says, got.addresses, possible, got.symptom, got.denier, server, source)


def _lossy(trail: Trail, server: Server) -> Iterator[Difference]:
    if _is_of_vpc(trail, server):
        return  # the way to the VPC resolver is a station of its own
    yield from changing(trail, server)
    if lost := losses(trail.answers.tries(server, trail.rdtype)):
        yield Difference("now-and-then", lost, "an answer each time", server=server, says=f"{server} leaves {lost}")


def _is_of_vpc(trail: Trail, server: Server) -> bool:
    return any(r.server == server for r in trail.answers.facts.resolvers.seen_or(()))


def _symptom(trail: Trail, result: LookupResult, before: Before) -> Symptom:
    """Name what the program's error means; only addresses that the host has no family for are unusable."""
    families = [v for v in (4, 6) if optional(lambda v=v: trail.host.has_family(v)) is not False]  # type: ignore[misc]
    promised = before.promised
    if promised and not any((6 if ":" in a else 4) in families for a in promised):
        return "unusable"
    if result.error is not None and result.error.startswith("no answer"):
        return "silence"
    return _ERRORS.get(result.error or "", ("NODATA",))[0]


def _is_passed_on(before: Before, now: Output) -> bool:
    """Tell whether the program fails as the station before it does."""
    if before.output is None or now.addresses:
        return False
    if before.losing and now.symptom != "unusable":
        return True
    if before.promised:
        return False
    return before.output.symptom is not None and now.symptom != "unusable"


def _now_and_then(results: tuple[LookupResult, ...]) -> Iterator[Difference]:
    failed = [r for r in results if not r.addresses]
    if failed and len(failed) < len(results):
        share = f"{len(failed)} of {count(len(results), 'lookup')}"
        says = f"{share} by a program on this host {'fails' if len(failed) == 1 else 'fail'} ({failed[0].error})"
        yield Difference("now-and-then", f"{share}: {failed[0].error}", "an address each time", says=says)
