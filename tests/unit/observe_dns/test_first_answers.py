"""Whom programs on a host query, and whether the first answers are in doubt."""

from __future__ import annotations

import pytest

from sddoctor.case.case import Place
from sddoctor.case.dns import Answer, DnsFacts, Probe, Rr, Server, unanswered
from sddoctor.case.host import HostFacts, Lookup, LookupResult, ResolvConf
from sddoctor.case.seen import Denied, Seen, Unreachable
from sddoctor.observe.dns.first_answers import FirstAnswers, path_servers
from tests import hosts

NAME = "dev-api.example.internal"
STUB, ONE, TWO = Server("127.0.0.1"), Server("10.10.0.2"), Server("192.168.1.1")
RIGHT = Answer("NOERROR", answers=(Rr(NAME, "A", 10, "10.10.211.50"),))
DENIED = Answer("NXDOMAIN")


def resolv_conf(*servers: str) -> Seen[ResolvConf]:
    return Seen(ResolvConf("/etc/resolv.conf", servers, servers), "/etc/resolv.conf")


def test_the_forwarder_comes_before_the_servers_behind_it() -> None:
    assert path_servers(NAME, Seen(hosts.linux(ONE, STUB), "test")) == (STUB, ONE)
    assert path_servers(NAME, Seen(hosts.linux(ONE), "test")) == (ONE,)


def test_without_the_settings_that_decide_those_of_resolv_conf_are_on_the_way() -> None:
    unread = HostFacts("linux", resolv_conf=resolv_conf("127.0.0.53"), resolved=Unreachable("resolved", "no bus", "x"))
    assert path_servers(NAME, Seen(unread, "test")) == (Server("127.0.0.53"),)
    unseen, unread_files = Denied("scutil", "x"), ("/etc/resolver/example.internal",)
    mac = HostFacts("macos", resolv_conf=resolv_conf("192.168.1.1"), scutil=unseen, unread_files=unread_files)
    assert path_servers(NAME, Seen(mac, "test")) == ()
    assert path_servers(NAME, Unreachable("this host", "no time", "more")) == ()


def first(*answers: tuple[Server, Answer | None], result: LookupResult, took_ms: int = 3) -> FirstAnswers:
    lookup = Lookup(NAME, False, Seen(result, "test"), took_ms=took_ms)
    host = hosts.linux(TWO, STUB, lookups=(lookup,))
    probes = tuple(
        Probe(
            s,
            "host",
            NAME,
            "A",
            "udp",
            unanswered("it", s, "no answer", "silence") if a is None else Seen(a, "dns"),
            edns=1232,
        )
        for s, a in answers
    )
    return FirstAnswers(NAME, Place("here", Seen(host, "test"), DnsFacts(Seen((), "test"), probes)), frozenset())


GOT, NOTHING, FAILED = (
    LookupResult(("10.10.211.50",)),
    LookupResult(error="not found"),
    LookupResult(error="temporary failure"),
)


@pytest.mark.parametrize(
    ("answers", "result", "in_doubt"),
    [
        (((STUB, RIGHT), (TWO, RIGHT)), GOT, False),
        (((STUB, DENIED), (TWO, DENIED)), NOTHING, False),
        (((STUB, RIGHT), (TWO, RIGHT)), NOTHING, True),
        (((STUB, DENIED), (TWO, RIGHT)), NOTHING, True),
        (((STUB, RIGHT), (TWO, DENIED)), GOT, True),
        (((STUB, DENIED), (TWO, DENIED)), GOT, True),
        (((STUB, RIGHT), (STUB, None), (TWO, RIGHT)), GOT, True),
        (((STUB, RIGHT), (TWO, RIGHT), (TWO, None)), GOT, True),
        (((STUB, None), (TWO, None)), FAILED, False),
        (((STUB, None), (TWO, RIGHT)), FAILED, False),
        ((), FAILED, False),
    ],
)
def test_in_doubt_is_what_differs_or_is_lost_now_and_then(
    answers: tuple[tuple[Server, Answer | None], ...], result: LookupResult, in_doubt: bool
) -> None:
    assert first(*answers, result=result).in_doubt is in_doubt


@pytest.mark.parametrize(("took_ms", "in_doubt"), [(2499, False), (2500, True)])
def test_a_right_answer_that_comes_late_is_in_doubt(took_ms: int, in_doubt: bool) -> None:
    assert first((STUB, RIGHT), (TWO, RIGHT), result=GOT, took_ms=took_ms).in_doubt is in_doubt


def _with_ipv6(libc: str, ipv6: str) -> FirstAnswers:
    answers = {"A": RIGHT, "AAAA": Answer(ipv6)}
    probes = tuple(Probe(TWO, "host", NAME, t, "udp", Seen(a, "dns"), edns=1232) for t, a in answers.items())
    host = hosts.linux(TWO, libc=libc, lookups=(Lookup(NAME, False, Seen(GOT, "test"), took_ms=3),))
    return FirstAnswers(NAME, Place("here", Seen(host, "test"), DnsFacts(Seen((), "test"), probes)), frozenset())


@pytest.mark.parametrize(
    ("libc", "ipv6", "in_doubt"),
    [("musl", "NXDOMAIN", True), ("musl", "NOERROR", False), ("glibc", "NXDOMAIN", False)],
)
def test_what_musl_gets_is_in_doubt_where_a_server_denies_ipv6(libc: str, ipv6: str, in_doubt: bool) -> None:
    assert _with_ipv6(libc, ipv6).in_doubt is in_doubt
    assert _with_ipv6(libc, ipv6).denies_ipv6(TWO) is (ipv6 == "NXDOMAIN")


@pytest.mark.parametrize(
    ("plain", "dotted", "in_doubt"), [(GOT, NOTHING, True), (NOTHING, GOT, True), (GOT, GOT, False)]
)
def test_lookups_with_and_without_the_dot_that_end_differently_are_in_doubt(
    plain: LookupResult, dotted: LookupResult, in_doubt: bool
) -> None:
    lookups = tuple(Lookup(NAME, dot, Seen(r, "test")) for dot, r in ((False, plain), (True, dotted)))
    place = Place("here", Seen(hosts.linux(TWO, lookups=lookups), "test"), DnsFacts(Seen((), "test"), ()))
    assert FirstAnswers(NAME, place, frozenset()).in_doubt is in_doubt
