"""Which further questions odd answers lead to, and that sound ones lead to none."""

from __future__ import annotations

import pytest
from msgspec import structs

from sddoctor.case.case import Place
from sddoctor.case.dns import Answer, DnsFacts, Probe, Rr, Server, VpcResolver
from sddoctor.case.host import Lookup, LookupResult
from sddoctor.case.seen import Seen, Unreachable
from sddoctor.observe.budget import Budget
from sddoctor.observe.dns.client import DnsClient
from sddoctor.observe.dns.follow_up import MANY, UNUSED_ADDRESS, FollowUp
from sddoctor.observe.dns.network import MappedNetwork
from tests import hosts

NAME, ZONE = "dev-api.example.internal", "example.internal"
VPC, ROUTER, STUB = Server("10.10.0.2"), Server("192.168.1.1"), Server("127.0.0.1")
RIGHT = Answer("NOERROR", answers=(Rr(NAME, "A", 10, "10.10.211.50"),))
WRONG = Answer("NOERROR", answers=(Rr(NAME, "A", 10, "203.0.113.80"),))
BY_ZONE = Answer("NXDOMAIN", authority=(Rr(ZONE, "SOA", 15, "a b 1 2 3 4 5"),))
BY_ROOT = Answer("NXDOMAIN", authority=(Rr("", "SOA", 900, "a b 1 2 3 4 5"),))


def _probe(answer: Answer | None, *, server: Server = VPC, transport: str = "udp", edns: int | None = 1232) -> Probe:
    outcome = Unreachable("an answer", "no answer", "a way", "silence") if answer is None else Seen(answer, "test")
    role = "vpc" if server == VPC else "host"
    return Probe(server, role, NAME, "A", transport, outcome, edns=edns)  # type: ignore[arg-type]


def _asked(
    *probes: Probe, got: tuple[str, ...] = (), dotted: tuple[str, ...] = (), stub: Server | None = None, **more: object
) -> list[tuple[Server, str, str, str, int | None]]:
    lookups = tuple(
        Lookup(NAME, dot, Seen(LookupResult(found), "test")) for dot, found in ((False, got), (True, dotted or got))
    )
    host = hosts.linux(ROUTER, stub, lookups=lookups, **more)
    resolvers = Seen((VpcResolver(VPC, "vpc-1", "vpc+2"),), "test")
    place = Place("this host", Seen(host, "test"), DnsFacts(resolvers, probes))
    found = FollowUp(NAME, place, (ZONE,), DnsClient(MappedNetwork(), Budget(60))).probes(own_servers=True)
    return [(p.server, p.name, p.type, p.transport, p.edns) for p in found]


def test_sound_answers_lead_to_nothing() -> None:
    sound = (_probe(RIGHT), _probe(RIGHT, transport="tcp"), _probe(RIGHT, server=ROUTER))
    assert _asked(*sound, got=("10.10.211.50",), stub=STUB) == []


def test_a_denial_by_the_zone_itself_leads_to_nothing() -> None:
    assert _asked(_probe(BY_ZONE), _probe(BY_ZONE, transport="tcp")) == []


def test_a_denial_by_the_internet_leads_to_the_address_where_nobody_can_be() -> None:
    denied = (_probe(BY_ROOT), _probe(BY_ROOT, transport="tcp"))
    assert [a[0] for a in _asked(*denied)] == [UNUSED_ADDRESS]
    assert _asked(*denied, in_aws=True) == []


def test_silence_by_tcp_alone_is_tried_again() -> None:
    assert _asked(_probe(RIGHT), _probe(None, transport="tcp")) == [(VPC, NAME, "A", "tcp", 1232)]


def test_silence_by_both_transports_is_not_asked_about_tcp() -> None:
    assert "tcp" not in {a[3] for a in _asked(_probe(None), _probe(None, transport="tcp"))}


def test_transports_that_differ_are_asked_again() -> None:
    asked = _asked(_probe(BY_ROOT), _probe(RIGHT, transport="tcp"), got=("10.10.211.50",))
    assert [(a[0], a[3]) for a in asked] == [(VPC, "udp"), (VPC, "tcp"), (UNUSED_ADDRESS, "udp")]


@pytest.mark.parametrize(
    ("asks", "stub", "error", "many"),
    [
        (VPC, None, "temporary failure", MANY),
        (VPC, None, "not found", 0),
        (ROUTER, None, "temporary failure", 0),
        (VPC, STUB, "temporary failure", 0),
    ],
)
def test_a_program_that_got_no_reply_from_a_server_that_answers_leads_to_many(
    asks: Server, stub: Server | None, error: str, many: int
) -> None:
    look = Lookup(NAME, False, Seen(LookupResult(error=error), "test"))
    host = hosts.linux(asks, stub, lookups=(look,))
    place = Place("this host", Seen(host, "test"), DnsFacts(Seen((), "test"), (_probe(RIGHT),)))
    found = FollowUp(NAME, place, (ZONE,), DnsClient(MappedNetwork(), Budget(60))).probes(own_servers=False)
    assert [p.server for p in found] == [VPC] * many


@pytest.mark.parametrize("name", [NAME, ZONE])
def test_some_lost_questions_lead_to_many(name: str) -> None:
    asked = _asked(_probe(RIGHT), structs.replace(_probe(None), name=name), got=("10.10.211.50",))
    assert [a[0] for a in asked] == [VPC] * MANY


def test_silence_to_edns_alone_leads_to_sizes() -> None:
    asked = _asked(_probe(None), _probe(None), _probe(RIGHT, edns=None), got=("10.10.211.50",))
    assert [a[4] for a in asked] == [4096, 512]


def test_an_address_that_no_resolver_gives_leads_to_invented_names() -> None:
    asked = _asked(_probe(RIGHT), _probe(WRONG, server=ROUTER), got=("203.0.113.80",))
    outside, inside = (a[1] for a in asked)
    assert outside.startswith("sddoctor-")
    assert outside.endswith(".com")
    assert inside.startswith("sddoctor-")
    assert inside.endswith("." + ZONE)


def test_a_forwarder_is_asked_itself_where_programs_get_nothing() -> None:
    asked = _asked(_probe(RIGHT), got=(), stub=STUB)
    assert {a[0] for a in asked} == {STUB}
    assert [(a[1], a[2]) for a in asked] == [*[(NAME, "A")] * 3, (NAME, "SOA"), ("one.one.one.one", "A")]
