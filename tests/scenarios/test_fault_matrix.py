"""AWS and name servers fail in every way: what is said then may be less, but never wrong.

A sample of the matrix; ``make fault-matrix`` tries all of it.
"""

from __future__ import annotations

import pytest

from tests.matrix import cases, sample
from tests.matrix.trial import tried

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("world", cases.WORLDS)
def test_what_is_not_seen_makes_nothing_up(world: str) -> None:
    assert cases.clean(world).report["verdict"] == cases.world(world).expect.verdict
    results = [tried(world, fault) for fault in sample.of(world)]
    wrong = [f"{r.fault.place} {r.fault.way}: {'; '.join(r.problems)}\n{r.words}" for r in results if r.problems]
    assert not wrong, "\n\n".join(wrong)


def test_the_sample_has_every_way_and_every_operation() -> None:
    faults = [fault for world in cases.WORLDS for fault in sample.of(world)]
    assert {f.way for f in faults if f.kind == "aws"} == set(cases.AWS_WAYS)
    assert {f.way for f in faults if f.kind == "dns"} == set(cases.DNS_WAYS)
    called = {operation for world in cases.WORLDS for operation in cases.clean(world).asked}
    assert {f.place for f in faults if f.kind == "aws"} == called | {"*"}


def test_the_worlds_have_a_cause_of_every_hop() -> None:
    hops = {
        f["hop"] for world in cases.WORLDS for f in cases.clean(world).report["findings"] if f["role"] == "root-cause"
    }
    assert hops == {"ecs", "cloudmap", "route53", "vpc-dns", "network", "host"}
