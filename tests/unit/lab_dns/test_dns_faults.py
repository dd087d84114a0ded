"""What servers at fault send, on the wire, and what programs get of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import dns.exception
import dns.flags
import dns.message
import dns.query
import dns.rcode
import pytest

from sddoctor.lab.dns.faults import MANY
from sddoctor.lab.dns.sockets import ServerSockets

NAME, SERVER = "dev-api.example.internal", "10.10.0.2"
Start = Callable[[str], ServerSockets]


@pytest.fixture
def start(build: Any, instances: Any) -> Iterator[Start]:
    """Start the resolver of the world with a fault."""
    running = []

    def begin(fault: str) -> ServerSockets:
        service = build({"faults": {"dns": {SERVER: fault}}}, instances("10.10.1.1"))
        running.append(ServerSockets(service, SERVER))
        return running[-1]

    yield begin
    for sockets in running:
        sockets.close()


def ask(server: ServerSockets, transport: str = "udp", **more: Any) -> dns.message.Message:
    query = dns.message.make_query(NAME, "A", use_edns=0)
    return getattr(dns.query, transport)(query, "127.0.0.1", 2.0, server.port, **more)


@pytest.mark.parametrize(("fault", "rcode"), [("refused", dns.rcode.REFUSED), ("servfail", dns.rcode.SERVFAIL)])
def test_refusal_and_failure(start: Start, fault: str, rcode: dns.rcode.Rcode) -> None:
    for transport in ("udp", "tcp"):
        answer = ask(start(fault), transport)
        assert (answer.rcode(), answer.answer) == (rcode, [])


@pytest.mark.parametrize("fault", ["wrong-id", "wrong-question"])
def test_an_answer_to_something_else(start: Start, fault: str) -> None:
    with pytest.raises(dns.query.BadResponse):
        ask(start(fault))


def test_garbage_is_no_message(start: Start) -> None:
    with pytest.raises((dns.exception.FormError, dns.exception.DNSException)):
        ask(start("garbage"), "tcp")


def test_truncated_by_udp_and_silent_by_tcp(start: Start) -> None:
    server = start("truncated")
    assert ask(server).flags & dns.flags.TC
    with pytest.raises((dns.exception.Timeout, EOFError)):
        dns.query.tcp(dns.message.make_query(NAME, "A"), "127.0.0.1", 0.2, server.port)


def test_records_of_another_name(start: Start) -> None:
    answer = ask(start("other-name"))
    assert answer.question[0].name.to_text() == f"{NAME}."
    assert [r.name.to_text() for r in answer.answer] == ["elsewhere.example.net."]


def test_thousands_of_records_fit_into_one_message_by_tcp(start: Start) -> None:
    server = start("many-records")
    assert ask(server).flags & dns.flags.TC
    assert len(ask(server, "tcp").answer[0]) == MANY


def test_a_loop_of_two_names(start: Start) -> None:
    chain = {r.name.to_text(): r[0].target.to_text() for r in ask(start("cname-loop")).answer}
    assert chain == {f"{NAME}.": f"loop.{NAME}.", f"loop.{NAME}.": f"{NAME}."}


def test_a_late_server_ends_with_its_lab(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sddoctor.lab.dns.sockets.LATE", 3600)
    server = start("late")
    before = set(threading.enumerate())
    with pytest.raises(dns.exception.Timeout):
        dns.query.udp(dns.message.make_query(NAME, "A"), "127.0.0.1", 0.2, server.port)
    server.close()
    for thread in set(threading.enumerate()) - before:
        thread.join(60)
        assert not thread.is_alive(), "the answer is still waited for"


@pytest.mark.parametrize(
    ("fault", "rcode", "count"),
    [("timeout", None, 0), ("late", None, 0), ("wrong-id", None, 0), ("other-name", None, 0), ("truncated", None, 0),
     ("refused", "REFUSED", 0), ("servfail", "SERVFAIL", 0), ("cname-loop", "NOERROR", 0), ("many-records", "NOERROR", MANY)],
)  # fmt: skip
def test_what_programs_get(build: Any, instances: Any, fault: str, rcode: str | None, count: int) -> None:
    service = build({"faults": {"dns": {SERVER: fault}}}, instances("10.10.1.1"))
    said = service.resolve(SERVER, NAME, "A")
    assert (said.rcode if said else None, len(said.addresses) if said else 0) == (rcode, count)
