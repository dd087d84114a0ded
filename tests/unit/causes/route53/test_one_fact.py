"""Causes of Route 53 that are named in a world, and not when one fact of it is another."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from sddoctor.case.case import Case
from sddoctor.case.ecs import RegisteredTask
from sddoctor.case.route53 import ZoneSummary, ZoneVpc
from sddoctor.case.seen import Denied
from tests.changed_cases import (
    ABSENT,
    ADDRESS,
    EMPTY,
    Change,
    a,
    answers,
    asked,
    called,
    host,
    look,
    namespace,
    said,
    service,
    view,
    zone,
)

ANSWERED = answers(a(ADDRESS), role="vpc", type_="A")
CLIENT_VPC = ZoneVpc("vpc-0tools00000000001", "eu-west-1")


def _its_task_is_gone(case: Case) -> Case:
    gone = tuple(RegisteredTask(i.id, "dev", ABSENT) for i in case.aws.cloudmap.views[0].instances.value)
    return replace(case, aws=replace(case.aws, ecs=replace(case.aws.ecs, registered=gone)))


def _written_by_hand(case: Case) -> Case:
    records = case.aws.cloudmap.views[0].records.value
    return view(records=tuple(replace(r, set_identifier=None, values=(ADDRESS,)) for r in records))(case)


def _the_vpc_sees_it(case: Case) -> Case:
    zone_id = case.aws.cloudmap.views[0].namespace.hosted_zone_id
    assert zone_id is not None
    return look(zones=(ZoneSummary(zone_id, "example.internal"),))(case)


NOT_NAMED: dict[str, tuple[str, str, tuple[Change, ...]]] = {
    "the client is elsewhere": (
        "address-family-mismatch",
        "address-family-mismatch",
        (asked(client_vpc="vpc-0a1b2c3d4e5f60718"),),
    ),
    "nothing is published at present": (
        "address-family-mismatch",
        "address-family-mismatch",
        (answers(EMPTY, role="vpc"), host(routes=())),
    ),
    "the namespace is public": ("zone-not-associated", "zone-not-associated", (namespace(type="DNS_PUBLIC"),)),
    "there is no zone": ("zone-not-associated", "zone-not-associated", (view(zone=ABSENT),)),
    "the zone lists the VPC": (
        "zone-not-associated",
        "zone-not-associated-profiles-denied",
        (zone(vpcs=(CLIENT_VPC,)),),
    ),
    "one instance alone is asked for": (
        "answer-is-partial",
        "answer-is-partial-weighted",
        (called("one.dev-api.example.internal"),),
    ),
    "it shows less than an answer holds": ("answer-is-partial", "answer-is-partial", (ANSWERED,)),
    "its task is gone": ("record-missing", "record-missing", (_its_task_is_gone,)),
    "it has no id and the address of an instance": ("record-orphaned", "record-orphaned", (_written_by_hand,)),
    "the namespace has no zone": ("zone-shadowed", "zone-shadowed", (namespace(hosted_zone_id=None),)),
    "addresses are answered as well": ("srv-only", "srv-only", (ANSWERED,)),
    "the service has no record to keep": ("ttl-long", "ttl-long-negative", (service(records=()),)),
    "the VPC still sees the zone": ("hosted-zone-missing", "hosted-zone-missing", (_the_vpc_sees_it,)),
}


@pytest.mark.parametrize("why", NOT_NAMED)
def test_it_is_not_named_when(why: str) -> None:
    code, world, changes = NOT_NAMED[why]
    assert said(code, world) is not None
    assert said(code, world, *changes) is None


def test_records_that_may_not_be_read_are_no_evidence() -> None:
    found = said(
        "zone-shadowed", "zone-shadowed", view(records=Denied("the records", "route53:ListResourceRecordSets"))
    )
    assert found is not None
    assert "route53:ListResourceRecordSets" not in [e.source for e in found.evidence]


def test_nothing_is_written_where_no_address_belongs() -> None:
    found = said("zone-shadowed", "zone-shadowed-and-service-scaled-to-zero")
    assert found is not None
    assert [f.title for f in found.fixes] == ["Take the other zone out of the VPC"]
