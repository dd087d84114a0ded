"""What may keep an inbound endpoint from replying, by what AWS says of it, its address and its security groups."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from sddoctor.case.vpc import DetachedAddress, IngressRule
from tests.changed_cases import said, vpc
from tests.world_cases import observed

CODE = "inbound-endpoint-blocked"
FACTS = observed(CODE).case.aws.vpc
ENDPOINT = FACTS.endpoints.value[0]
ADDRESS, GROUP = ENDPOINT.addresses[0], ENDPOINT.security_group_ids[0]


def udp(**changes: Any) -> IngressRule:
    return structs.replace(IngressRule(GROUP, "udp", 53, 53, ("0.0.0.0/0",)), **changes)


#: Ingress rules beside the one for TCP, and what is said: ``None``: nothing; ``True``: proved; else what tells.
RULES: dict[str, tuple[tuple[IngressRule, ...], object]] = {
    "none": ((), True),
    "everybody": ((udp(),), None),
    "by number": ((udp(protocol="17"),), None),
    "all protocols": ((udp(protocol="-1", from_port=None, to_port=None),), None),
    "all ports": ((udp(from_port=0, to_port=65535),), None),
    "another port": ((udp(from_port=5353, to_port=5353),), True),
    "another range": ((udp(ranges=("192.0.2.0/24",)),), True),
    "another group": ((udp(group_id="sg-0of-another-endpoint"),), True),
    "a prefix list": ((udp(ranges=(), referred=("pl-1",)),), "get-managed-prefix-list-entries"),
    "a group": ((udp(ranges=(), referred=("sg-9",)),), "describe-network-interfaces"),
    "a prefix list of another group": ((udp(group_id="sg-0other", ranges=(), referred=("pl-1",)),), True),
    "a prefix list for another port": ((udp(from_port=443, to_port=443, ranges=(), referred=("pl-1",)),), True),
    "a list, and everybody": ((udp(ranges=(), referred=("pl-1",)), udp()), None),
}


@pytest.mark.parametrize("what", RULES)
def test_what_its_groups_let_in(what: str) -> None:
    rules, expected = RULES[what]
    found = said(CODE, CODE, vpc(security_groups=(*FACTS.security_groups.value, *rules)))
    if expected is None:
        assert found is None
    else:
        assert found is not None
        assert found.would_tell is None if expected is True else str(expected) in (found.would_tell or "")


OPEN = vpc(security_groups=(udp(), udp(protocol="tcp")))


@pytest.mark.parametrize("status", ["FAILED_RESOURCE_GONE", "ISOLATED", "LIMPING"])
def test_an_address_that_is_not_attached(status: str) -> None:
    assert said(CODE, CODE, OPEN) is None
    detached = structs.replace(ENDPOINT, addresses=(), detached=(DetachedAddress(ADDRESS, status),))
    found = said(CODE, CODE, OPEN, vpc(endpoints=(detached,)))
    assert found is not None
    assert status in found.summary
