"""The stations ``vpc-answer`` and ``path``: what the VPC resolver answers, and whether it is reached from here."""

from __future__ import annotations

from collections.abc import Iterator

from sddoctor.case.dns import Probe, Server
from sddoctor.case.seen import AbsentFactError, Seen
from sddoctor.stations.before import Before, differences
from sddoctor.stations.dns import changing, in_words, losses, reply
from sddoctor.stations.model import Difference, Output
from sddoctor.text.words import in_order, listed
from sddoctor.trail.trail import Trail


def answer(trail: Trail, before: Before) -> tuple[Output, tuple[Difference, ...]]:
    """Return what the VPC resolver answers when it is queried directly. Raises when it was not seen to."""
    if trail.case.asked.by_records:
        trail.client_answer  # noqa: B018 - raises with what keeps the answer from following from the records
        raise AbsentFactError("a question to a name server")
    server = trail.answers.vpc_server
    if trail.answers.ignores(server, trail.rdtype):
        return _nothing(server, before)
    said = trail.answers.vpc(trail.rdtype)
    addresses = trail.answers.vpc_srv_addresses if trail.queries_srv else trail.answers.vpc_addresses
    got = reply(trail, server, said, addresses - _by_udp_only(trail, server, before))
    output = Output(
        "vpc-answer",
        in_words(trail, str(server), got),
        got.addresses,
        before.possible,
        got.symptom,
        got.denier,
        server,
        f"dns @{server} {trail.rdtype}",
    )
    return output, (*differences(trail, before, output), *changing(trail, server))


def _nothing(server: Server, before: Before) -> tuple[Output, tuple[Difference, ...]]:
    """It replies to other queries from here, so the way to it is open: it is silent about this name."""
    says = f"{server} answers other queries and none for this name"
    output = Output("vpc-answer", says, symptom="silence", server=server, source=f"dns @{server}")
    return output, (Difference("silence", "no answer for this name", listed(in_order(before.promised), most=4)),)


def _by_udp_only(trail: Trail, server: Server, before: Before) -> frozenset[str]:
    """Return the addresses that come by UDP in place of all that come by TCP, where only the latter may come.

    One resolver has one answer: what differs by transport is put in on the way.
    """
    if trail.queries_srv or trail.client_is_in_vpc:
        return frozenset()
    udp, tcp = (_addresses(trail, server, transport) for transport in ("udp", "tcp"))
    return udp if udp and tcp and tcp <= before.possible and udp.isdisjoint(before.possible) else frozenset()


def _addresses(trail: Trail, server: Server, transport: str) -> frozenset[str]:
    sent = (p for p in trail.answers.probes_for(server, rdtype="A", transport=transport) if p.plain)
    return frozenset(a for p in sent if isinstance(p.outcome, Seen) for a in p.outcome.value.addresses)


def path(trail: Trail, before: Before) -> tuple[Output, tuple[Difference, ...]]:
    """Return whether queries reach the VPC resolver from here and are answered, by UDP and TCP."""
    if trail.client_is_in_vpc or trail.case.asked.by_records:
        raise AbsentFactError("a way from this host: the client is in the VPC")
    server = trail.answers.vpc_server
    if not trail.answers.was_queried(server):
        trail.answers.vpc(trail.rdtype)  # raises with the reason
    if other := _by_udp_only(trail, server, before):
        return _put_in(server, before, other)
    reached = trail.answers.responds(server)
    last = before.output
    says = last.says if reached and last is not None else f"no answer from {server} reaches this host"
    output = Output(
        "path",
        says,
        before.promised,
        before.possible,
        last.symptom if last is not None else None,
        last.denier if last is not None else "zone",
        server,
        f"dns @{server}",
    )
    return output, tuple(_on_the_way(trail, server))


def _put_in(server: Server, before: Before, other: frozenset[str]) -> tuple[Output, tuple[Difference, ...]]:
    words = listed(in_order(other), most=3)
    says = f"by UDP {words} reaches this host from {server}"
    output = Output("path", says, other, before.possible, server=server, source=f"dns @{server}")
    expected = listed(in_order(before.promised), most=4)
    return output, (Difference("foreign", f"{words} by UDP", f"{expected}, as by TCP", other),)


def _on_the_way(trail: Trail, server: Server) -> Iterator[Difference]:
    if trail.answers.ignores(server, trail.rdtype):
        return
    if not trail.answers.responds(server):
        garbled = trail.answers.garbled(server)
        observed = "something that is no DNS answer" if garbled else "no answer by UDP or TCP"
        says = f"what reaches this host from {server} is no DNS answer" if garbled else ""
        yield Difference("malformed" if garbled else "silence", observed, "an answer", server=server, says=says)
        return
    by_udp = [p for p in trail.answers.probes_for(server, rdtype="A", transport="udp") if p.plain]
    by_tcp = [p for p in trail.answers.probes_for(server, rdtype="A", transport="tcp") if p.plain]
    large = trail.answers.tries(server, "A")
    if len(large) > 1 and all(p.lost for p in large):
        bare = any(isinstance(p.outcome, Seen) for p in by_udp)
        observed = "no answer by UDP to queries with EDNS" if bare else "no answer by UDP"
        says = f"{observed} from {server} reaches this host"
        yield Difference("silence", observed, "an answer by UDP as by TCP", server=server, says=says)
    elif lost := losses(trail.answers.tries(server, "A")):
        says = f"{server} leaves {lost}, seen from this host"
        yield Difference("now-and-then", lost, "an answer each time", server=server, says=says)
    if _is_cut(by_udp) and by_tcp and all(p.lost for p in by_tcp):
        says = f"{server} cuts its answers by UDP, and none by TCP reaches this host"
        observed = "no answer by TCP to what UDP cuts"
        yield Difference("silence", observed, "the whole answer by TCP", server=server, says=says)


def _is_cut(probes: list[Probe]) -> bool:
    return any((a := p.outcome.seen_or(None)) is not None and a.truncated for p in probes)
