"""A forwarder that answers the domain itself, or has several servers for it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from sddoctor.case.case import Case
from sddoctor.case.dns import Server
from sddoctor.case.forwarder import ForwarderConfig, ForwarderRule
from tests.changed_cases import Change, a, answers, host, said

WRONG, SHADOWED = "resolver-file-wrong-nameserver", "resolver-file-shadowed"
OWN = "resolver-file-wrong-nameserver-local"


def unasked(case: Case) -> Case:
    """Nobody queried a server of this host."""
    probes = tuple(p for p in case.place.dns.probes if not p.server.address.startswith("127."))
    return replace(case, places=(replace(case.place, dns=replace(case.place.dns, probes=probes)), *case.places[1:]))


def rules(*found: ForwarderRule) -> Change:
    """The dnsmasq has these rules."""
    return host(forwarders=(ForwarderConfig("dnsmasq", "/etc/dnsmasq.conf", entries=found),))


def to(*servers: str, line: int = 1) -> ForwarderRule:
    return ForwarderRule(f"/etc/dnsmasq.d/vpc.conf:{line}", "example.internal", tuple(map(Server, servers)))


@pytest.mark.parametrize(
    ("change", "tell"), [(rules(to()), None), (unasked, "dig @127.0.0.1 dev-api.example.internal")]
)
def test_its_own_answer_proves_it(change: Change, tell: str | None) -> None:
    found = said(WRONG, OWN, change)
    assert found is not None
    assert (found.would_tell, "itself" in found.summary) == (tell, True)
    assert said(SHADOWED, OWN, change) is None


def test_a_forwarder_that_answers_rightly_is_right_whatever_its_rules_say() -> None:
    assert said(WRONG, OWN, answers(a("10.10.211.50"), of="127.0.0.1")) is None


def test_servers_of_one_domain_add_up() -> None:
    """No line of dnsmasq takes the domain away from another one for it."""
    assert said(SHADOWED, OWN, rules(to("192.168.1.1"), to("10.10.0.2", line=2))) is None
    longer = ForwarderRule("/etc/dnsmasq.conf:9", "dev-api.example.internal", (Server("192.168.1.1"),))
    assert said(SHADOWED, OWN, rules(longer, to("10.10.0.2"))) is not None
