"""A server that answers nobody is not waited for by every name; one that answers is given all its time."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import structs

from sddoctor.case.dns import Answer, Probe, Server
from sddoctor.case.seen import Seen, Unreachable
from sddoctor.observe.budget import Budget
from sddoctor.observe.dns.client import DnsClient
from sddoctor.observe.dns.network import Network
from sddoctor.observe.dns.query import Query
from sddoctor.observe.dns.silent import ENOUGH, SHORT, SilentServers
from tests.unit.observe_dns.conftest import NameServer

SERVER = Server("10.10.0.2")


def _probe(outcome: object) -> Probe:
    return Probe(SERVER, "vpc", "a.internal", "A", "udp", outcome)  # type: ignore[arg-type]


LOST = _probe(Unreachable("it", "no answer within 2.0 s", "a way", "silence"))
REFUSED = _probe(Unreachable("it", "connection refused", "a way", "refused"))


def test_patience_ends_with_the_last_of_enough_lost_questions() -> None:
    silent = SilentServers()
    for _ in range(ENOUGH - 1):
        silent.note(LOST)
    assert silent.timeout(SERVER, 2.0) == 2.0
    silent.note(LOST)
    assert silent.timeout(SERVER, 2.0) == SHORT
    assert silent.timeout(Server("10.20.0.2"), 2.0) == 2.0


def test_who_has_ever_answered_is_given_all_the_time() -> None:
    silent = SilentServers()
    silent.note(_probe(Seen(Answer("NOERROR"), "dns")))
    for _ in range(2 * ENOUGH):
        silent.note(LOST)
    assert silent.timeout(SERVER, 2.0) == 2.0


def test_a_refusal_is_no_silence() -> None:
    silent = SilentServers()
    for _ in range(2 * ENOUGH):
        silent.note(REFUSED)
    assert silent.timeout(SERVER, 2.0) == 2.0


def test_a_query_to_a_silent_server_gets_less_time_and_is_lost_for_certain(serve: Callable[..., NameServer]) -> None:
    silent, server = SilentServers(), serve(lambda _query, _transport: []).server
    for _ in range(ENOUGH):
        silent.note(structs.replace(LOST, server=server))
    probe = DnsClient(Network(), Budget(20), silent).send(Query(server, "a.internal"))
    assert (probe.silent, probe.outcome.gap().why) == (True, "no answer within 0.3 s")  # type: ignore[union-attr]
