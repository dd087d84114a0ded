"""What is made of the answers that a server gave, and of those that it did not give."""

from __future__ import annotations

import pytest

from sddoctor.case.dns import Answer, Probe, Rr, Server
from sddoctor.case.seen import Seen, Unreachable
from sddoctor.case.watch import Answered
from sddoctor.observe import watch_answers
from sddoctor.observe.dns.query import Query
from sddoctor.observe.watch_answers import ServerAnswers

NAME, SERVER = "api.example.internal", Server("10.10.0.2")
#: What the server answers, by name, type and transport; it is silent about the rest.
Told = dict[tuple[str, str, str], Answer]


def a(address: str, owner: str = NAME) -> Rr:
    return Rr(owner, "AAAA" if ":" in address else "A", 10, address)


def srv(target: str) -> Rr:
    return Rr(NAME, "SRV", 10, f"1 1 80 {target}")


def answered(monkeypatch: pytest.MonkeyPatch, told: Told, *types: str) -> Answered:
    def send(query: Query, *_: object) -> Probe:
        answer = told.get((query.name, query.type, query.transport))
        outcome = Seen(answer, "dns") if answer else Unreachable("an answer", "no answer within 2 s", "a way")
        return Probe(query.server, query.role, query.name, query.type, query.transport, outcome)

    monkeypatch.setattr(watch_answers, "send_query", send)
    return ServerAnswers(NAME, types, None, 2.0).of("VPC", SERVER)  # type: ignore[arg-type] # nothing is sent


NOTHING, DENIED = Answer("NOERROR"), Answer("NXDOMAIN")


@pytest.mark.parametrize(
    ("told", "types", "expected"),
    [
        ({(NAME, "A", "udp"): Answer("NOERROR", (), (a("10.0.0.1"),))}, ("A",), Answered("VPC", ("10.0.0.1",))),
        ({(NAME, "A", "udp"): DENIED}, ("A",), Answered("VPC", error="NXDOMAIN")),
        ({(NAME, "A", "udp"): NOTHING}, ("A",), Answered("VPC", error="no address")),
        ({}, ("A",), Answered("VPC", error="no answer within 2 s", reached=False)),
        (
            {(NAME, "A", "udp"): NOTHING},
            ("A", "AAAA"),
            Answered("VPC", error="no answer within 2 s", reached=False),
        ),
        (
            {(NAME, "A", "udp"): Answer("NOERROR", ("TC",)), (NAME, "A", "tcp"): Answer("NOERROR", (), (a("10.0.0.1"),))},
            ("A",),
            Answered("VPC", ("10.0.0.1",)),
        ),
        (
            {(NAME, "A", "udp"): Answer("NOERROR", ("TC",), (a("10.0.0.1"),))},
            ("A",),
            Answered("VPC", ("10.0.0.1",)),
        ),
        (
            {
                (NAME, "SRV", "udp"): Answer("NOERROR", (), (srv("t1.x"), srv("t2.x")), (), (a("10.0.0.1", "t1.x"),)),
                ("t2.x", "A", "udp"): Answer("NOERROR", (), (a("10.0.0.2", "t2.x"),)),
            },
            ("SRV",),
            Answered("VPC", ("10.0.0.1", "10.0.0.2")),
        ),
        (
            {(NAME, "SRV", "udp"): Answer("NOERROR", (), (srv("t1.x"),))},
            ("SRV",),
            Answered("VPC", error="no answer within 2 s", reached=False),
        ),
        ({(NAME, "SRV", "udp"): Answer("NOERROR", (), (srv("."),))}, ("SRV",), Answered("VPC", error="no address")),
    ],
    ids=[
        "address", "denied", "empty", "silent", "one-type-lost", "by-tcp", "tcp-is-closed", "targets", "target-lost", "no-target",
    ],
)  # fmt: skip
def test_what_a_server_gave(
    told: Told, types: tuple[str, ...], expected: Answered, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert answered(monkeypatch, told, *types) == expected
