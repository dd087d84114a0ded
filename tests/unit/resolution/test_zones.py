"""Which zone has a name, and which of its records answer for it."""

from __future__ import annotations

import pytest

from sddoctor.case.route53 import HostedZone, Record, Zone, ZoneVpc
from sddoctor.case.seen import NOT_NEEDED, Denied, Fact, Seen
from sddoctor.resolution.zones import alias_of, answering, chosen, delegation

CORP = "corp.example"


def zone(name: str, *vpcs: str, private: bool = True, via_profile: str | None = None, zone_id: str = "") -> HostedZone:
    seen: Fact[Zone] = Seen(
        Zone(zone_id or name, name, private, tuple(ZoneVpc(v, "eu-central-1") for v in vpcs)), "route53"
    )
    return HostedZone(zone_id or name, name, private, via_profile=via_profile, zone=seen)


def a(name: str, *values: str, rdtype: str = "A", **more: object) -> Record:
    return Record(name, rdtype, 60, values or ("10.0.0.1",), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("zones", "visible", "expected"),
    [
        ([zone("example", "vpc-1"), zone(CORP, "vpc-1")], (), CORP),
        ([zone("example", "vpc-1"), zone(CORP, "vpc-2")], (), "example"),
        ([zone("example"), zone(CORP, "vpc-2")], (), CORP),
        ([zone(CORP, private=False), zone("example", "vpc-1")], (), "example"),
        ([zone(CORP, private=False), zone("example", private=False)], (), CORP),
        ([zone("example", "vpc-1"), zone(CORP)], (CORP,), CORP),
        ([zone("orp.example", "vpc-1")], (), None),
        ([], (), None),
    ],
    ids=[
        "longest",
        "of this VPC",
        "of another VPC",
        "private first",
        "public",
        "listed for the VPC",
        "no label",
        "none",
    ],
)
def test_the_zone_of_a_name(zones: list[HostedZone], visible: tuple[str, ...], expected: str | None) -> None:
    found = chosen(zones, f"db.{CORP}", "vpc-1", visible)
    assert (found.name if found is not None else None) == expected


def test_of_two_zones_of_one_name_that_of_the_vpc_itself_comes_before_one_of_a_profile() -> None:
    of_profile, own = zone(CORP, zone_id="Z1", via_profile="rp-1"), zone(CORP, "vpc-1", zone_id="Z2")
    found = chosen([of_profile, own], f"db.{CORP}", "vpc-1", ("Z1", "Z2"))
    assert found == own


def test_a_zone_whose_associations_are_not_seen_may_still_be_listed_for_the_vpc() -> None:
    hidden = HostedZone("Z1", CORP, zone=Denied("the zone", "route53:GetHostedZone"))
    assert chosen([hidden, zone("example", "vpc-1")], f"db.{CORP}", "vpc-1", ("Z1",)) == hidden


@pytest.mark.parametrize(
    ("records", "name", "expected"),
    [
        ([a("db.corp.example"), a("*.corp.example")], "db.corp.example", ["db.corp.example"]),
        ([a("*.corp.example")], "db.corp.example", ["*.corp.example"]),
        ([a("*.corp.example")], "a.b.corp.example", ["*.corp.example"]),
        ([a("*.corp.example"), a("*.b.corp.example")], "a.b.corp.example", ["*.b.corp.example"]),
        # RFC 4592, section 4.7: a name that exists, if only because something is below it, blocks the wildcard.
        ([a("*.corp.example"), a("x.b.corp.example")], "a.b.corp.example", []),
        ([a("*.corp.example"), a("x.db.corp.example")], "db.corp.example", []),
        ([a("*.corp.example")], "corp.example", []),
        ([a("other.corp.example")], "db.corp.example", []),
        ([a("db.corp.example", '"x"', rdtype="TXT"), a("*.corp.example")], "db.corp.example", ["db.corp.example"]),
    ],
)
def test_the_records_that_answer(records: list[Record], name: str, expected: list[str]) -> None:
    assert [r.name for r in answering(records, CORP, name)] == expected


def test_an_ns_record_between_zone_and_name_delegates_and_that_of_the_zone_itself_does_not() -> None:
    apex, plant = a(CORP, "ns-0.awsdns-00.com", rdtype="NS"), a("plant.corp.example", "dns1.example", rdtype="NS")
    deeper = a("line.plant.corp.example", "dns2.example", rdtype="NS")
    assert delegation([apex, deeper, plant], CORP, "press.line.plant.corp.example") == plant
    assert delegation([apex, plant], CORP, "db.corp.example") is None
    assert delegation([apex], CORP, CORP) is None


def test_targets_of_cnames_and_of_alias_records_each_once() -> None:
    weighted = [a("w.corp.example", "one.example", rdtype="CNAME"), a("w.corp.example", "two.example", rdtype="CNAME")]
    assert alias_of(weighted) == ("one.example", "two.example")
    to_balancer = [Record("s.corp.example", t, alias_target="edge.elb.amazonaws.com") for t in ("A", "AAAA")]
    assert alias_of(to_balancer) == ("edge.elb.amazonaws.com",)
    assert alias_of([a("db.corp.example")]) == ()


def test_nothing_is_chosen_by_what_was_not_needed() -> None:
    assert chosen([HostedZone("Z1", CORP, zone=NOT_NEEDED)], f"db.{CORP}", "vpc-1") is not None
