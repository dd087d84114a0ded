"""How sure it is that one transport is blocked, by how often it was tried and what came back."""

from __future__ import annotations

import pytest
from msgspec import structs

from sddoctor.case.dns import Probe
from sddoctor.case.seen import Unreachable
from sddoctor.causes.registry import CAUSES
from sddoctor.causes.run import run
from sddoctor.trail.trail import Trail
from tests.resolver_cases import ADDRESS, addresses, from_outside, probe

ANSWERED = probe(addresses(ADDRESS))
BY_TCP = structs.replace(ANSWERED, transport="tcp")
LOST = structs.replace(probe(None), transport="tcp")
REFUSED_BY_TCP = structs.replace(
    LOST, outcome=Unreachable("an answer", "connection refused", "a DNS server", "refused")
)


def _sureness(*probes: Probe) -> str | None:
    found = run(CAUSES, Trail(from_outside(*probes)))
    finding = next((o.finding for o in found if o.finding and o.cause.code == "tcp-53-blocked"), None)
    return finding and ("certain" if finding.would_tell is None else "likely")


@pytest.mark.parametrize(
    ("by_tcp", "sureness"),
    [
        ((LOST,), "likely"),
        ((LOST, LOST), "certain"),
        ((REFUSED_BY_TCP,), "certain"),
        ((LOST, BY_TCP), None),
        ((BY_TCP,), None),
        ((), None),
    ],
)
def test_one_question_without_an_answer_is_no_proof(by_tcp: tuple[Probe, ...], sureness: str | None) -> None:
    assert _sureness(ANSWERED, *by_tcp) == sureness
