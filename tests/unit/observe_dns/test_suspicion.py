"""Further questions go only where they may: not from here on behalf of another host."""

from __future__ import annotations

import pytest

from sddoctor.case.dns import Answer, DnsFacts, Probe, Server
from sddoctor.case.seen import Seen
from sddoctor.observe.budget import Budget
from sddoctor.observe.dns import suspicion
from tests.cases import NAME, empty_case


def _asked(monkeypatch: pytest.MonkeyPatch, *, own_servers: bool) -> list[str]:
    """Return the servers that would be asked when UDP and TCP differ. Nothing is sent."""
    asked: list[str] = []

    def ask(server: Server, *_: object, **__: object) -> Probe:
        asked.append(server.address)
        return Probe(server, "other", NAME, "A", "udp", Seen(Answer("NXDOMAIN"), "test"))

    monkeypatch.setattr(suspicion, "ask", ask)
    resolver = Server("10.10.0.2")
    probes = (
        Probe(resolver, "vpc", NAME, "A", "udp", Seen(Answer("NXDOMAIN"), "test"), edns=1232),
        Probe(resolver, "vpc", NAME, "A", "tcp", Seen(Answer("NOERROR"), "test"), edns=1232),
    )
    place = empty_case().place
    place = type(place)(place.label, place.host, DnsFacts(place.dns.resolvers, probes))
    suspicion.Suspicion(NAME, place, ("example.internal",), Budget(5)).ask(own_servers=own_servers)
    return asked


def test_the_address_where_nobody_can_be_is_asked_from_the_host_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "192.0.2.1" in _asked(monkeypatch, own_servers=True)


def test_it_is_not_asked_on_behalf_of_another_host(monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(_asked(monkeypatch, own_servers=False)) == {"10.10.0.2"}
