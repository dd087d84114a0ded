"""A server that sends something else than answers is not silent, and nothing is concluded from its silence."""

from __future__ import annotations

import pytest
from msgspec import structs

from sddoctor.case.dns import Probe
from sddoctor.case.seen import Unreachable
from sddoctor.causes.registry import CAUSES
from sddoctor.causes.run import run
from sddoctor.diagnosis.diagnose import diagnose
from sddoctor.trail.trail import Trail
from tests.resolver_cases import SERVER, case, from_outside, probe

ABOUT_SILENCE = {"udp-53-blocked", "tcp-53-blocked", "no-route-to-resolver", "vpc-resolver-not-for-outsiders"}

GARBLED = "only malformed answers came"


def nonsense(transport: str) -> Probe:
    outcome = Unreachable(f"the A answer of {SERVER}", GARBLED, f"a DNS server at {SERVER}", "malformed")
    return structs.replace(probe(None), outcome=outcome, transport=transport)


def silence(transport: str) -> Probe:
    return structs.replace(probe(None), transport=transport)


@pytest.mark.parametrize(
    ("probes", "silent", "garbled"),
    [
        ((silence("udp"), silence("tcp")), True, False),
        ((silence("udp"),), False, False),
        ((nonsense("udp"), nonsense("tcp")), False, True),
        ((nonsense("udp"), silence("tcp")), False, True),
    ],
)
def test_what_came_back(probes: tuple[Probe, ...], silent: bool, garbled: bool) -> None:
    answers = Trail(case(*probes)).answers
    assert (answers.silent(SERVER), answers.garbled(SERVER)) == (silent, garbled)


def test_nonsense_is_no_blocked_transport() -> None:
    found = run(CAUSES, Trail(from_outside(nonsense("udp"), nonsense("udp"), nonsense("tcp"))))
    assert not {o.cause.code for o in found if o.finding} & ABOUT_SILENCE


def test_nonsense_is_a_gap_that_names_the_server() -> None:
    diagnosis = diagnose(from_outside(nonsense("udp"), nonsense("tcp")))
    assert [g for g in diagnosis.gaps if g.why == GARBLED and str(SERVER) in g.needs]
