"""A laptop whose own servers deny the name: nothing routes it, a cache is old, or validation keeps it back."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from sddoctor.case.case import Case
from sddoctor.case.dns import Answer, Probe, Rr, Server
from sddoctor.case.host import HostsFile, Lookup, LookupResult, Nscd, ResolvConf, Resolved, ResolvedLink
from sddoctor.case.seen import Fact, Unreachable
from sddoctor.causes.registry import BY_CODE
from sddoctor.causes.run import run
from sddoctor.trail.host_answers import is_amazons
from sddoctor.trail.trail import Trail
from tests import hosts
from tests.cases import NAME
from tests.resolver_cases import ADDRESS, NXDOMAIN, SERVER, addresses, case, probe, seen

ROUTER, STUB = Server("192.168.1.1"), Server("127.0.0.1")
RIGHT = addresses(ADDRESS)


def _own(server: Server, answer: Answer, **flags: Any) -> Probe:
    return structs.replace(probe(answer, server=server), role="host", **flags)


def _laptop(*probes: Probe, asks: Server = ROUTER, stub: Server | None = None, **changes: Any) -> Case:
    it = case(probe(RIGHT), *probes, how="zone", **changes)
    look = Lookup(NAME, final_dot=False, outcome=seen(LookupResult(error="not found")))
    host = hosts.linux(asks, stub, hosts=seen(HostsFile("/etc/hosts")), lookups=(look,))
    asked = structs.replace(it.asked, client_vpc=None)
    return structs.replace(it, asked=asked, places=(structs.replace(it.place, host=seen(host)),))


def _found(it: Case, *codes: str) -> set[str]:
    return {o.cause.code for o in run([BY_CODE[c] for c in codes], Trail(it)) if o.finding is not None}


def test_a_private_name_needs_an_entry_and_a_public_one_does_not() -> None:
    assert _found(_laptop(_own(ROUTER, NXDOMAIN)), "split-dns-missing")
    assert not _found(_laptop(_own(ROUTER, NXDOMAIN), type="DNS_PUBLIC"), "split-dns-missing")


def test_validation_and_a_cache_that_holds_no_signatures_are_told_apart() -> None:
    """Both deny, and give the right answer to CD and DO; only the cache does so to DO alone."""
    both = "dnssec-rejects-zone", "os-cache-stale"
    odd = _own(STUB, NXDOMAIN), _own(STUB, RIGHT, dnssec=True), _own(ROUTER, RIGHT)
    validating = _laptop(*odd, _own(STUB, NXDOMAIN, signed=True), stub=STUB)
    assert _found(validating, *both) == {"dnssec-rejects-zone"}
    caching = _laptop(*odd, _own(STUB, RIGHT, signed=True), stub=STUB)
    assert _found(caching, *both) == {"os-cache-stale"}


def test_an_answer_with_signatures_is_not_what_programs_get() -> None:
    it = _laptop(_own(SERVER, NXDOMAIN, signed=True))
    assert Trail(it).answers.answer(SERVER, "A") == RIGHT


def _denies(owner: str, ttl: int) -> Answer:
    soa = Rr(owner, "SOA", ttl, f"ns1.{owner} hostmaster.{owner} 1 7200 900 1209600 300")
    return Answer("NXDOMAIN", ("QR", "RD", "RA"), authority=(soa,))


@pytest.mark.parametrize(
    ("denial", "is_named"),
    [
        (_denies("example.internal", 12), True),
        (_denies("example.internal", 300), False),
        (_denies("", 12), False),
        (Answer("NXDOMAIN"), False),
        (Answer("SERVFAIL"), False),
        (Answer("REFUSED"), False),
    ],
    ids=["it runs down", "it is fresh", "the root's", "nobody's", "a failure", "a refusal"],
)
def test_a_forwarder_remembers_a_denial_of_the_zone_that_runs_down(denial: Answer, is_named: bool) -> None:
    """300 s are the minimum of the SOA, which is what a denial begins with (RFC 2308)."""
    it = _laptop(_own(STUB, denial), _own(ROUTER, RIGHT), stub=STUB)
    assert ("os-cache-stale" in _found(it, "os-cache-stale")) is is_named


def test_plain_glibc_and_musl_remember_nothing() -> None:
    assert not _found(_laptop(_own(ROUTER, RIGHT)), "os-cache-stale")


def test_a_forwarder_that_answers_rightly_remembers_nothing_old() -> None:
    """A query for signatures shows no more than that it answers; what keeps programs from it is something else."""
    it = _laptop(_own(STUB, RIGHT), _own(STUB, RIGHT, signed=True), _own(ROUTER, RIGHT), stub=STUB)
    assert not _found(it, "os-cache-stale")


def test_a_forwarder_that_denies_the_other_type_alone_remembers_nothing_old() -> None:
    of_ipv6 = structs.replace(_own(STUB, Answer("NOERROR")), type="AAAA")
    it = _laptop(_own(STUB, RIGHT), of_ipv6, _own(STUB, RIGHT, signed=True), _own(ROUTER, RIGHT), stub=STUB)
    assert not _found(it, "os-cache-stale")


@pytest.mark.parametrize(
    ("nscd", "remembers"),
    [
        (seen(Nscd(True)), True),
        (seen(Nscd(False)), False),
        (Unreachable("whether nscd runs", "a socket", "pidof"), True),
    ],
)
def test_nscd_may_remember_what_no_query_shows(nscd: Fact[Nscd], remembers: bool) -> None:
    it = _laptop(_own(STUB, RIGHT), _own(ROUTER, RIGHT), stub=STUB)
    host = structs.replace(it.place.host.value, nscd=nscd)
    it = structs.replace(it, places=(structs.replace(it.place, host=seen(host)),))
    (outcome,) = run([BY_CODE["os-cache-stale"]], Trail(it))
    assert outcome.finding is None
    assert (outcome.gap is not None) is remembers
    assert outcome.gap is None or outcome.gap.needs == f"sudo nscd --invalidate hosts; getent ahosts {NAME}"


def test_whether_nscd_runs_does_not_matter_where_programs_get_what_is_right() -> None:
    it = _laptop(_own(ROUTER, RIGHT))
    got = Lookup(NAME, final_dot=False, outcome=seen(LookupResult((ADDRESS,))))
    unsure = Unreachable("whether nscd runs", "a socket", "pidof nscd")
    host = structs.replace(it.place.host.value, nscd=unsure, lookups=(got,))
    it = structs.replace(it, places=(structs.replace(it.place, host=seen(host)),))
    (outcome,) = run([BY_CODE["os-cache-stale"]], Trail(it))
    assert (outcome.finding, outcome.gap) == (None, None)


def _soa(server: Server, answer: Answer) -> Probe:
    return structs.replace(_own(server, answer), name="example.internal", type="SOA")


@pytest.mark.parametrize(
    ("denial", "soa", "proves"),
    [
        (_denies("", 12), None, True),
        (Answer("NXDOMAIN"), _denies("", 12), True),
        (Answer("NXDOMAIN"), None, False),
        (_denies("rpz.blocked", 12), None, False),
    ],
    ids=["the root denies it", "the root denies the zone", "nobody is named", "a filter denies it"],
)
def test_a_server_that_does_not_know_the_zone_proves_that_split_dns_is_missing(
    denial: Answer, soa: Answer | None, proves: bool
) -> None:
    it = _laptop(_own(ROUTER, denial), *([_soa(ROUTER, soa)] if soa is not None else []))
    (found,) = (o.finding for o in run([BY_CODE["split-dns-missing"]], Trail(it)))
    assert found is not None
    assert (found.would_tell is None) is proves


@pytest.mark.parametrize("answer", [Answer("SERVFAIL"), Answer("REFUSED"), Answer("NOTIMP")], ids=lambda a: a.rcode)
def test_a_server_that_fails_does_not_show_that_split_dns_is_missing(answer: Answer) -> None:
    assert not _found(_laptop(_own(ROUTER, answer)), "split-dns-missing")


def test_a_server_that_answers_for_the_zone_and_denies_the_name_has_the_zone() -> None:
    right = Answer("NOERROR", answers=(Rr("example.internal", "SOA", 900, "ns-1.awsdns.org a.amazon.com 1 2 3 4 5"),))
    assert not _found(_laptop(_own(ROUTER, NXDOMAIN), _soa(ROUTER, right)), "split-dns-missing")


def test_a_server_that_was_not_queried_has_said_nothing() -> None:
    (found,) = (o.finding for o in run([BY_CODE["split-dns-missing"]], Trail(_laptop())))
    assert found is not None
    assert found.would_tell is not None
    assert not any("192.168.1.1" in e.source for e in found.evidence)


@pytest.mark.parametrize(
    ("server", "product"),
    [("100.100.100.100", "Tailscale"), ("100.95.0.252", "Twingate"), ("127.0.2.2", "Cloudflare One")],
)
def test_the_forwarder_of_a_vpn_client_is_told_in_that_product(server: str, product: str) -> None:
    own = Server(server)
    codes = "split-dns-missing", "vpn-client-dns-policy"
    outcomes = run([BY_CODE[c] for c in codes], Trail(_laptop(_own(own, NXDOMAIN), asks=own)))
    (found,) = (o.finding for o in outcomes if o.finding is not None)
    assert found.would_tell is not None
    assert product in found.fixes[0].title
    assert not any(x.commands for x in found.fixes)


@pytest.mark.parametrize("server", ["100.76.0.2", "100.100.100.101"])
def test_an_address_of_shared_space_alone_is_no_vpn_clients(server: str) -> None:
    """Providers number their own servers there. RFC 6598"""
    own = Server(server)
    found = _found(_laptop(_own(own, NXDOMAIN), asks=own), "split-dns-missing", "vpn-client-dns-policy")
    assert found == {"split-dns-missing"}


def test_a_forwarder_of_a_vpn_client_that_was_not_queried_has_said_nothing() -> None:
    it = _laptop(asks=Server("100.100.100.100"))
    (found,) = (o.finding for o in run([BY_CODE["vpn-client-dns-policy"]], Trail(it)))
    assert found is not None
    assert found.would_tell == "dig @100.100.100.100 dev-api.example.internal"
    assert not any("100.100.100.100" in e.source for e in found.evidence)


@pytest.mark.parametrize(("server", "is_named"), [("169.254.169.253", True), ("169.254.20.10", False)])
def test_one_address_of_the_link_is_amazons(server: str, is_named: bool) -> None:
    assert is_amazons(Server(server)) is is_named


@pytest.mark.parametrize(
    ("asks", "said", "is_named"),
    [
        ("127.0.0.53", "DNSSEC validation failed", True),
        ("127.0.0.53", "not found", False),
        ("192.168.1.1", "DNSSEC validation failed", False),
    ],
    ids=["programs ask it", "it says something else", "programs pass it by"],
)
def test_what_systemd_resolved_says_of_validation_is_proof(asks: str, said: str, is_named: bool) -> None:
    it = _laptop()
    link = ResolvedLink("tun0", (SERVER.address,), ("~example.internal",), scopes=("DNS",))
    host = structs.replace(
        it.place.host.value,
        resolv_conf=seen(ResolvConf("/etc/resolv.conf", (asks,), (asks,))),
        resolved=seen(Resolved(links=(link,))),
        lookups=(Lookup(NAME, final_dot=False, outcome=seen(LookupResult(error=said)), source="resolvectl query"),),
    )
    it = structs.replace(it, places=(structs.replace(it.place, host=seen(host)),))
    assert ("dnssec-rejects-zone" in _found(it, "dnssec-rejects-zone")) is is_named
