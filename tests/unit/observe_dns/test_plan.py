import random
import socket
import threading
from collections import Counter

import pytest

from sddoctor.case.dns import Server, VpcResolver
from sddoctor.case.seen import NotAttempted, Seen
from sddoctor.observe.budget import Budget
from sddoctor.observe.dns.client import DnsClient
from sddoctor.observe.dns.network import Network
from sddoctor.observe.dns.plan import AGAIN, DnsObserver, merge

NAME = "dev-api.example.internal"
ZONE = "example.internal"
SOA = "example.internal. 15 SOA ns-1536.awsdns-00.co.uk. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400"


def resolvers(*servers):
    return Seen(tuple(VpcResolver(s, "vpc-1", "vpc+2") for s in servers), "test")


def observe(seconds=8.0, samples=40):
    return DnsObserver(NAME, DnsClient(Network(), Budget(seconds)), samples)


def zone(make_reply, answers, soa=SOA):
    """A server that has ``answers`` (type -> records) at the name, and denies all else."""

    def behave(query, _):
        name, kind = query.question[0].name.to_text(True).lower(), query.question[0].rdtype.name
        if name == ZONE and kind == "SOA":
            return [make_reply(query, soa).to_wire()]
        if name != NAME or not answers:
            return [make_reply(query, rcode="NXDOMAIN", authority=(soa,)).to_wire()]
        found = answers.get(kind, ())
        return [make_reply(query, *found, authority=() if found else (soa,)).to_wire()]

    return behave


def test_a_healthy_name_needs_few_questions_and_no_wait(serve, make_reply):
    it = serve(zone(make_reply, {"A": ("@ 10 A 10.10.211.50", "@ 10 A 10.10.212.150")}))
    probes = observe().vpc(resolvers(it.server), (ZONE,))
    asked = {(NAME, "A", "udp"), (NAME, "A", "tcp"), (NAME, "AAAA", "udp"), (NAME, "SRV", "udp"), (ZONE, "SOA", "udp")}
    assert Counter(it.seen) == Counter(asked)
    assert {(p.name, p.type, p.transport) for p in probes} == asked
    assert {p.role for p in probes} == {"vpc"}


def test_a_denial_is_looked_at_again_and_beside(serve, make_reply):
    it = serve(zone(make_reply, {}))
    probes = observe().vpc(resolvers(it.server), (ZONE,))
    by_udp = [p for p in probes if p.name == NAME and p.type == "A" and p.transport == "udp"]
    assert len(by_udp) == 2
    assert (by_udp[1].at - by_udp[0].at).total_seconds() >= 1.0
    others = {p.name: p.type for p in probes if p.name not in (NAME, ZONE)}
    assert others.pop("internal") == "SOA"
    (invented,) = others
    assert invented.endswith("." + ZONE)


def test_a_denial_without_soa_is_followed_by_those_of_the_zone_and_its_parent(serve, make_reply):
    def behave(query, _):
        if query.question[0].rdtype.name == "SOA":
            return [make_reply(query, "@ 900 SOA ns1.example. h.example. 7 1 1 1 1").to_wire()]
        return [make_reply(query, rcode="NXDOMAIN").to_wire()]

    for namespaces in ((ZONE,), ()):
        it = serve(behave)
        for probes in (observe().vpc(resolvers(it.server), namespaces), observe().host((it.server,), namespaces)):
            asked = [p for p in probes if p.type == "SOA" and p.name in (ZONE, "internal")]
            assert {p.name: p.outcome.value.answers[0].data for p in asked} == dict.fromkeys(
                (ZONE, "internal"), "ns1.example h.example 7 1 1 1 1"
            )
            assert len(asked) == 2


def test_a_name_with_srv_only_is_followed_to_its_targets(serve, make_reply):
    target = f"0f4a.{NAME}"
    inner = zone(make_reply, {"SRV": (f"@ 10 SRV 1 1 3000 {target}.",)})

    def behave(query, transport):
        if query.question[0].name.to_text(True) == target:
            return [make_reply(query, "@ 10 A 10.10.211.50").to_wire()]
        return inner(query, transport)

    it = serve(behave)
    probes = observe().vpc(resolvers(it.server), (ZONE,))
    (of_target,) = [p for p in probes if p.name == target]
    assert of_target.outcome.value.addresses == ("10.10.211.50",)
    assert len([p for p in probes if p.name == NAME and p.type == "A"]) == 2  # udp and tcp, no second look


def test_silence_is_tried_again_and_without_edns(serve):
    it = serve(lambda q, t: [])
    probes = observe(seconds=1.2).vpc(resolvers(it.server), ())
    tries = [p for p in probes if p.type == "A" and p.transport == "udp"]
    assert len(tries) >= 2
    assert tries[0].silent
    assert None in {p.edns for p in tries}


def test_an_answer_without_edns_only_is_found(serve, make_reply):
    it = serve(lambda q, t: [make_reply(q, "@ 10 A 10.10.211.50").to_wire()] if q.edns < 0 and t == "udp" else [])
    probes = observe().vpc(resolvers(it.server), ())
    answered = [p for p in probes if isinstance(p.outcome, Seen)]
    assert [(p.type, p.edns) for p in answered] == [("A", None)]


def test_more_than_eight_are_sampled(serve, make_reply):
    every = [f"10.10.211.{i}" for i in range(12)]

    def behave(query, transport):
        records = [f"@ 10 A {a}" for a in random.sample(every, 8)]
        return zone(make_reply, {"A": records})(query, transport)

    it = serve(behave)
    probes = observe(samples=200).vpc(resolvers(it.server), (ZONE,))
    shown = {a for p in probes for a in (p.outcome.peek().addresses if p.outcome.peek() else ())}
    assert shown == set(every)
    assert len([p for p in probes if p.type == "A"]) < 60


def test_samples_bound_the_questions(serve, make_reply):
    counter = iter(range(10**6))

    def behave(query, transport):
        records = [f"@ 10 A 10.10.{next(counter) % 200}.{i}" for i in range(8)]
        return zone(make_reply, {"A": records})(query, transport)

    it = serve(behave)
    observe(samples=6).vpc(resolvers(it.server), (ZONE,))
    assert Counter(it.seen)[(NAME, "A", "udp")] == 6


def test_a_single_address_is_asked_three_times(serve, make_reply):
    it = serve(zone(make_reply, {"A": ("@ 10 A 10.10.211.50",)}))
    observe().vpc(resolvers(it.server), (ZONE,))
    assert Counter(it.seen)[(NAME, "A", "udp")] == 3


def test_the_budget_ends_everything(serve):
    servers = [serve(lambda q, t: []).server for _ in range(3)]
    probes = observe(seconds=0.5).vpc(resolvers(*servers), (ZONE,))
    assert not any(isinstance(p.outcome, Seen) for p in probes)
    assert any(isinstance(p.outcome, NotAttempted) for p in probes), "what is asked after silence had no time left"


def test_no_resolver_asks_nothing():
    assert observe().vpc(NotAttempted("the resolver", "no VPC"), (ZONE,)) == ()
    assert observe().host((), (ZONE,)) == ()


def test_an_empty_answer_of_the_hosts_server_is_compared(serve, make_reply):
    def behave(query, _):
        name = query.question[0].name.to_text(True)
        if name == "one.one.one.one":
            return [make_reply(query, "@ 300 A 1.1.1.1").to_wire()]
        return [make_reply(query).to_wire()]

    it = serve(behave)
    probes = observe().host((it.server,), (ZONE,))
    named = {(p.name, p.type, p.transport, p.role) for p in probes if not p.name.startswith("sddoctor-")}
    assert named == {
        (NAME, "A", "udp", "host"),
        (NAME, "A", "tcp", "host"),
        (NAME, "AAAA", "udp", "host"),
        (NAME, "SOA", "udp", "host"),
        (ZONE, "SOA", "udp", "host"),
        ("internal", "SOA", "udp", "host"),
        ("one.one.one.one", "A", "udp", "other"),
    }
    (invented,) = [p for p in probes if p.name.startswith("sddoctor-")]
    assert invented.name.endswith("." + ZONE)


@pytest.mark.parametrize("role", ["host", "vpc"])
def test_a_failure_is_asked_again_and_without_checking(serve, make_reply, role):
    def behave(query, _):
        good = bool(query.flags & 0x0010)
        return [(make_reply(query, "@ 10 A 10.10.211.50") if good else make_reply(query, rcode="SERVFAIL")).to_wire()]

    it = serve(behave)
    probes = observe().host((it.server,), (ZONE,)) if role == "host" else observe().vpc(resolvers(it.server), (ZONE,))
    by_udp = [p for p in probes if (p.name, p.type, p.transport) == (NAME, "A", "udp")]
    assert {p.role for p in by_udp} == {role}
    said = Counter((p.dnssec, p.signed, p.outcome.value.rcode) for p in by_udp)
    assert said == {(False, False, "SERVFAIL"): 1 + AGAIN, (True, False, "NOERROR"): 1, (False, True, "SERVFAIL"): 1}


def test_a_denial_of_the_hosts_server_is_told_apart(serve, make_reply):
    it = serve(zone(make_reply, {}))
    observe().host((it.server,), (ZONE,))
    assert Counter(it.seen)[(NAME, "A", "udp")] == 1 + AGAIN + 2


def test_a_name_with_other_records_is_not_denied(serve, make_reply):
    srv = "_api._tcp.example.internal"
    for name, answers in ((NAME, {"AAAA": ("@ 10 AAAA 2001:db8::1",)}), (srv, {"SRV": ("@ 10 SRV 1 1 80 .",)})):
        it = serve(lambda q, _, found=answers: [make_reply(q, *found.get(q.question[0].rdtype.name, ())).to_wire()])
        client = DnsClient(Network(), Budget(60))
        probes = DnsObserver(name, client, 8).host((it.server,), (ZONE,))
        assert {(p.name, p.type) for p in probes} <= {(name, "A"), (name, "AAAA"), (name, "SRV")}
        assert len(probes) == len({p.type for p in probes})


def test_what_tells_apart_is_sent_once(serve, make_reply):
    it = serve(zone(make_reply, {"A": ("@ 10 A 10.10.211.50",)}))
    observer = observe()
    first = observer.vpc(resolvers(it.server), (ZONE,))
    assert Counter(p.transport for p in first if p.type == "A") == {"udp": 3, "tcp": 1}
    found = [job() for job in observer.apart(it.server, "vpc", (ZONE,))]
    assert {(p.type, p.transport, p.dnssec, p.signed) for p in found if p.name == NAME} == {
        ("A", "udp", True, False),
        ("A", "udp", False, True),
        ("SOA", "udp", False, False),
    }
    assert observer.apart(it.server, "vpc", (ZONE,)) == []


def test_a_refusing_port_is_not_tried_again():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        server = Server("127.0.0.1", free.getsockname()[1])
    probes = observe().host((server,), (ZONE,))
    assert len(probes) == 2
    assert {p.outcome.why for p in probes} == {"connection refused"}


def test_a_server_of_both_roles_is_asked_once(serve, make_reply):
    for host_first in (True, False):
        it = serve(zone(make_reply, {"A": ("@ 10 A 10.10.211.50", "@ 10 A 10.10.212.150")}))
        observer = observe()
        results: dict[str, tuple] = {}
        if host_first:
            results["host"] = observer.host((it.server,), (ZONE,))
            results["vpc"] = observer.vpc(resolvers(it.server), (ZONE,))
        else:
            results["vpc"] = observer.vpc(resolvers(it.server), (ZONE,))
            results["host"] = observer.host((it.server,), (ZONE,))
        assert max(Counter(it.seen).values()) == 1
        merged = merge(results["vpc"], results["host"])
        assert len(merged) == len(it.seen) == 5
        assert {p.role for p in merged} == {"vpc"}


def test_both_at_the_same_time_ask_once(serve, make_reply):
    it = serve(lambda q, t: [0.1, *zone(make_reply, {"A": ("@ 1 A 10.1.1.1", "@ 1 A 10.1.1.2")})(q, t)])
    observer = observe()
    thread = threading.Thread(target=observer.host, args=((it.server,), (ZONE,)))
    thread.start()
    observer.vpc(resolvers(it.server), (ZONE,))
    thread.join()
    assert max(Counter(it.seen).values()) == 1


def test_other_servers_are_asked_only_what_nobody_has_asked_them(serve, make_reply):
    known = serve(zone(make_reply, {"A": ("@ 10 A 10.10.211.50",)}))
    new = serve(zone(make_reply, {}))
    it = observe()
    it.vpc(resolvers(known.server), (ZONE,))
    before = len(known.seen)
    probes = it.others((known.server, new.server))
    assert len(known.seen) == before
    assert sorted(new.seen) == [(NAME, "A", "udp"), (NAME, "AAAA", "udp")]
    assert {(p.server, p.role) for p in probes} == {(new.server, "other")}
    assert it.others(()) == ()
