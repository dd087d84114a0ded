"""Which further questions odd answers lead to, and that sound ones lead to none."""

from __future__ import annotations

import pytest
from msgspec import structs

from sddoctor.case.case import Place
from sddoctor.case.dns import Answer, DnsFacts, Probe, Rr, Server, VpcResolver
from sddoctor.case.forwarder import ForwarderConfig, ForwarderRule
from sddoctor.case.host import Lookup, LookupResult, ResolvConf
from sddoctor.case.seen import Seen, Unreachable
from sddoctor.case.surroundings import Mark
from sddoctor.observe.budget import Budget
from sddoctor.observe.dns.client import DnsClient
from sddoctor.observe.dns.first_answers import LATE, FirstAnswers
from sddoctor.observe.dns.follow_up import FEW, MANY, SOME, UNUSED_ADDRESS, FollowUp
from sddoctor.observe.dns.network import MappedNetwork
from sddoctor.observe.dns.plan import DnsObserver
from tests import hosts

NAME, ZONE = "dev-api.example.internal", "example.internal"
VPC, ROUTER, STUB = Server("10.10.0.2"), Server("192.168.1.1"), Server("127.0.0.1")
RIGHT = Answer("NOERROR", answers=(Rr(NAME, "A", 10, "10.10.211.50"),))
WRONG = Answer("NOERROR", answers=(Rr(NAME, "A", 10, "203.0.113.80"),))
BY_ZONE = Answer("NXDOMAIN", authority=(Rr(ZONE, "SOA", 15, "a b 1 2 3 4 5"),))
BY_ROOT = Answer("NXDOMAIN", authority=(Rr("", "SOA", 900, "a b 1 2 3 4 5"),))


EMPTY = Answer("NOERROR")
FAILED = Answer("SERVFAIL")
OTHERS = Answer("NOERROR", answers=(Rr(NAME, "A", 10, "10.10.212.150"),))
GOT = ("10.10.211.50",)
#: What tells causes apart at one server: (type, transport) for the name itself, and how many queries in all.
ABOUT_NAME, IN_ALL = [("A", "tcp"), ("A", "udp"), ("A", "udp"), ("SOA", "udp")], 8


def _probe(
    answer: Answer | None,
    *,
    server: Server = VPC,
    transport: str = "udp",
    edns: int | None = 1232,
    type: str = "A",  # noqa: A002 - as the field is called
) -> Probe:
    outcome = Unreachable("an answer", "no answer", "a way", "silence") if answer is None else Seen(answer, "test")
    role = "vpc" if server == VPC else "host"
    return Probe(server, role, NAME, type, transport, outcome, edns=edns)  # type: ignore[arg-type]


def _place(*probes: Probe, stub: Server | None = None, asks: Server = ROUTER, **more: object) -> Place:
    host = hosts.linux(asks, stub, **more)
    resolvers = Seen((VpcResolver(VPC, "vpc-1", "vpc+2"),), "test")
    return Place("this host", Seen(host, "test"), DnsFacts(resolvers, probes))


def _follow_up(place: Place, *, own_servers: bool = True, known: tuple[str, ...] = ()) -> list[Probe]:
    client = DnsClient(MappedNetwork(), Budget(60))
    first = FirstAnswers(NAME, place, frozenset(known))
    follow_up = FollowUp(first, place, (ZONE,), DnsObserver(NAME, client, 8), client)
    return list(follow_up.probes(own_servers=own_servers))


def _looks(got: tuple[str, ...], dotted: tuple[str, ...] = (), took_ms: int = 3) -> tuple[Lookup, ...]:
    both = ((False, got), (True, dotted or got))
    return tuple(Lookup(NAME, dot, Seen(LookupResult(found), "test"), took_ms=took_ms) for dot, found in both)


def _asked(
    *probes: Probe, got: tuple[str, ...] = (), dotted: tuple[str, ...] = (), stub: Server | None = None, **more: object
) -> list[tuple[Server, str, str, str, int | None]]:
    found = _follow_up(_place(*probes, stub=stub, lookups=_looks(got, dotted), **more))
    return [(p.server, p.name, p.type, p.transport, p.edns) for p in found]


def test_sound_answers_lead_to_nothing() -> None:
    sound = (_probe(RIGHT), _probe(RIGHT, transport="tcp"), _probe(RIGHT, server=ROUTER), _probe(RIGHT, server=STUB))
    assert _asked(*sound, got=("10.10.211.50",), stub=STUB) == []


def test_a_denial_by_the_zone_itself_leads_to_nothing() -> None:
    assert _asked(_probe(BY_ZONE), _probe(BY_ZONE, transport="tcp")) == []


def test_a_denial_by_the_internet_leads_to_the_address_where_nobody_can_be() -> None:
    denied = (_probe(BY_ROOT), _probe(BY_ROOT, transport="tcp"))
    assert [a[0] for a in _asked(*denied)] == [UNUSED_ADDRESS]
    assert _asked(*denied, marks=(Mark("ec2", "sys_vendor", "Amazon EC2"),)) == []


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
    place = _place(_probe(RIGHT), stub=stub, asks=asks, lookups=(look,))
    assert [p.server for p in _follow_up(place, own_servers=False)] == [VPC] * many


def _equal(found: list[Probe], server: Server, type: str = "A") -> int:  # noqa: A002 - as the field is called
    alike = [p for p in found if p.server == server and p.type == type and p.transport == "udp"]
    return sum(p.name == NAME and p.plain for p in alike)


def test_a_late_answer_to_a_program_leads_to_many_at_each_server_on_its_way() -> None:
    answers = (_probe(RIGHT), _probe(RIGHT, server=STUB))
    late = _place(*answers, stub=STUB, asks=VPC, lookups=_looks(GOT, took_ms=LATE))
    assert {s: _equal(_follow_up(late), s) for s in (STUB, VPC)} == {STUB: MANY, VPC: MANY}
    soon = _place(*answers, stub=STUB, asks=VPC, lookups=_looks(GOT, took_ms=LATE - 1))
    assert _follow_up(soon) == []


def test_a_late_answer_is_no_wonder_where_a_server_is_silent() -> None:
    conf = Seen(ResolvConf("/etc/resolv.conf", effective=(VPC.address, ROUTER.address), listed=("x",)), "test")
    place = _place(_probe(RIGHT), _probe(None, server=ROUTER), lookups=_looks(GOT, took_ms=5010))
    both = structs.replace(place.host.value, resolv_conf=conf)
    assert _follow_up(structs.replace(place, host=Seen(both, "test"))) == []


@pytest.mark.parametrize("server", [ROUTER, STUB])
def test_some_lost_answers_of_a_server_of_this_host_lead_to_many(server: Server) -> None:
    right = (_probe(RIGHT), _probe(RIGHT, server=ROUTER), _probe(RIGHT, server=STUB))
    found = _follow_up(
        _place(*right, _probe(None, server=server, type="AAAA"), stub=STUB, lookups=_looks(GOT)),
    )
    assert (_equal(found, server), _equal(found, server, "AAAA"), len(found)) == (MANY, FEW, MANY + FEW)
    assert {p.role for p in found} == {"host"}


@pytest.mark.parametrize("name", [NAME, ZONE])
def test_some_lost_questions_lead_to_many(name: str) -> None:
    asked = _asked(_probe(RIGHT), structs.replace(_probe(None), name=name), got=("10.10.211.50",))
    assert [a[0] for a in asked] == [VPC] * MANY


def test_silence_to_edns_alone_leads_to_sizes() -> None:
    asked = _asked(_probe(None), _probe(None), _probe(RIGHT, edns=None), got=("10.10.211.50",))
    assert [a[4] for a in asked] == [4096, 512]


def test_an_address_that_no_resolver_gives_leads_to_the_zone_there_and_to_invented_names() -> None:
    asked = _asked(_probe(RIGHT), _probe(WRONG, server=ROUTER), got=("203.0.113.80",))
    zone, outside, inside = (a[1] for a in asked)
    assert (zone, asked[0][2]) == (ZONE, "SOA")
    assert outside.startswith("sddoctor-")
    assert outside.endswith(".com")
    assert inside.startswith("sddoctor-")
    assert inside.endswith("." + ZONE)


@pytest.mark.parametrize("said", [EMPTY, FAILED, BY_ROOT, OTHERS])
def test_a_forwarder_that_differs_from_the_server_behind_it_is_told_apart_and_so_is_that(said: Answer) -> None:
    found = _follow_up(
        _place(_probe(RIGHT), _probe(said, server=STUB), stub=STUB, asks=VPC, lookups=_looks(said.addresses))
    )
    assert _equal(found, STUB) == SOME
    for server, role in ((STUB, "host"), (VPC, "vpc")):
        apart = [p for p in found if p.server == server and not (p.plain and (p.type, p.transport) == ("A", "udp"))]
        assert sorted((p.type, p.transport) for p in apart if p.name == NAME) == ABOUT_NAME
        assert {(p.dnssec, p.signed) for p in apart} == {(True, False), (False, True), (False, False)}
        assert {p.name for p in apart if p.type == "SOA"} == {NAME, ZONE, "internal"}
        others = [p for p in found if p.server == server and p.name not in (NAME, ZONE, "internal")]
        assert [p.role for p in others] == [role, "other"]
        assert others[0].name.endswith(f".{ZONE}")
        assert others[1].name == "one.one.one.one"


def test_a_program_that_differs_from_the_server_is_reason_enough() -> None:
    found = _follow_up(_place(_probe(RIGHT), _probe(RIGHT, server=STUB), stub=STUB, asks=VPC, lookups=_looks(())))
    assert (_equal(found, STUB), len(found)) == (SOME, SOME + 2 * IN_ALL)
    of_another_host = _follow_up(_place(_probe(RIGHT), asks=VPC, lookups=_looks(())), own_servers=False)
    assert of_another_host == []


def test_a_denied_ipv6_address_beside_a_right_ipv4_address_is_a_difference() -> None:
    ipv6 = (_probe(EMPTY, type="AAAA"), _probe(BY_ROOT, server=STUB, type="AAAA"))
    place = _place(_probe(RIGHT), _probe(RIGHT, server=STUB), *ipv6, stub=STUB, asks=VPC, lookups=_looks(GOT))
    assert _equal(_follow_up(place), STUB) == SOME


def test_parts_of_a_larger_answer_do_not_differ() -> None:
    place = _place(_probe(RIGHT), _probe(OTHERS, server=STUB), stub=STUB, asks=VPC, lookups=_looks(("10.10.213.7",)))
    assert _follow_up(place, known=(*GOT, *OTHERS.addresses, "10.10.213.7")) == []
    assert len(_follow_up(place, known=OTHERS.addresses)) == SOME + 2 * IN_ALL


def test_a_program_without_ipv6_does_not_differ() -> None:
    ipv6 = Answer("NOERROR", answers=(Rr(NAME, "AAAA", 10, "2001:db8::1"),))
    assert _follow_up(_place(_probe(RIGHT), _probe(ipv6, type="AAAA"), asks=VPC, lookups=_looks(GOT))) == []


@pytest.mark.parametrize(
    ("said", "asked"),
    [(BY_ROOT, [STUB, Server("10.20.0.2")]), (FAILED, [STUB, Server("10.20.0.2")]), (RIGHT, [])],
)
def test_servers_of_settings_that_are_not_in_force_are_queried_where_the_others_have_nothing(
    said: Answer, asked: list[Server]
) -> None:
    rules = (
        ForwarderRule("/etc/dnsmasq.d/vpn.conf", ZONE, (Server("10.20.0.2"),)),
        ForwarderRule("/etc/dnsmasq.d/vpn.conf", "example.org", (Server("10.30.0.2"),)),
        ForwarderRule("/etc/dnsmasq.conf", "", (Server("9.9.9.9"),)),
    )
    not_in_force = ForwarderConfig("dnsmasq", "/etc/dnsmasq.conf", entries=rules)
    place = _place(_probe(said, server=ROUTER), lookups=_looks(said.addresses))
    host = structs.replace(place.host.value, forwarders=(not_in_force,))
    found = _follow_up(structs.replace(place, host=Seen(host, "test")))
    assert [p.server for p in found if p.role == "other" and p.name == NAME] == asked


@pytest.mark.parametrize(("rcode", "again"), [("NXDOMAIN", FEW), ("NOERROR", 0)])
def test_a_server_that_denies_ipv6_beside_ipv4_is_asked_how_often_it_does(rcode: str, again: int) -> None:
    place = _place(_probe(RIGHT, server=ROUTER), _probe(Answer(rcode), server=ROUTER, type="AAAA"), lookups=_looks(GOT))
    assert _equal(_follow_up(place), ROUTER, "AAAA") == again
