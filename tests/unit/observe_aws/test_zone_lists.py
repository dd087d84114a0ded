"""The hosted zones over a name are found in a list that is in an order of its own, however small its pages are."""

from __future__ import annotations

from typing import Any

import pytest

from sddoctor.case.seen import NOT_NEEDED, Denied, Seen
from tests.unit.observe_aws.conftest import VPC, Observe

DB = "db.corp.example.internal"


def _zone(name: str, number: int, **more: Any) -> dict[str, Any]:
    return {"id": f"Z0{number:018d}", "name": name, "vpcs": [VPC], **more}


CORP = _zone("corp.example.internal", 1, records=[{"name": DB, "ttl": 60, "values": ["10.10.9.9"]}])
#: "corp-a" sorts before "corp" there, since "-" comes before the dot that ends a label.
OTHERS = [
    _zone(n, i + 2)
    for i, n in enumerate(("corp-a.example.internal", "corpa.example.internal", "internal", "other.test", "aaa.test"))
]


@pytest.mark.parametrize("page_size", [1, 2, 3, 100])
def test_every_zone_over_the_name_is_found(observe: Observe, page_size: int):
    look = observe({"name": DB, "zones": [CORP, *OTHERS]}, name=DB, page_size=page_size)
    assert [z.name for z in look.facts.zones.value] == ["corp.example.internal", "internal"]
    zone = look.facts.zones.value[0]
    assert [v.vpc_id for v in zone.zone.value.vpcs] == [VPC]
    assert [(r.name, r.values) for r in zone.records.value] == [(DB, ("10.10.9.9",))]


def test_no_zone_is_looked_for_where_a_cloud_map_service_has_the_name(observe: Observe):
    look = observe({"zones": [CORP, *OTHERS]})
    assert look.facts.zones == NOT_NEEDED
    assert look.asked["route53:ListHostedZonesByName"] == 0


def test_many_zones_between_are_jumped_over(observe: Observe):
    crowd = [_zone(f"n{i:03d}.example.internal", 100 + i) for i in range(250)]
    look = observe({"name": DB, "zones": [CORP, *crowd]}, name=DB)
    assert [z.name for z in look.facts.zones.value] == ["corp.example.internal"]
    assert look.asked["route53:ListHostedZonesByName"] <= len(DB.split("."))


def test_a_denied_list_is_a_gap_and_what_the_vpc_lists_counts(observe: Observe):
    changes = {"name": DB, "zones": [CORP], "faults": {"deny": ["route53:ListHostedZonesByName"]}}
    look = observe(changes, name=DB, client_vpc=VPC)
    assert isinstance(look.facts.zones, Seen)
    assert [z.name for z in look.facts.zones.value] == ["corp.example.internal"]
    assert look.facts.zones.unread


def test_without_either_list_nothing_is_known(observe: Observe):
    deny = ["route53:ListHostedZonesByName", "route53:ListHostedZonesByVPC"]
    look = observe({"name": DB, "zones": [CORP], "faults": {"deny": deny}}, name=DB, client_vpc=VPC)
    assert isinstance(look.facts.zones, Denied)


def test_aliases_are_followed_to_a_service_whose_facts_come_in_their_place(observe: Observe):
    shop = {"name": "shop.corp.example.internal", "type": "CNAME", "ttl": 60, "values": ["www.corp.example.internal"]}
    www = {"name": "www.corp.example.internal", "type": "CNAME", "ttl": 60, "values": ["dev-api.example.internal"]}
    zone = {**CORP, "records": [shop, www]}
    look = observe({"name": shop["name"], "zones": [zone]}, name="shop.corp.example.internal")
    assert [(s.name, s.target, s.kind) for s in look.facts.alias] == [
        ("shop.corp.example.internal", "www.corp.example.internal", "CNAME"),
        ("www.corp.example.internal", "dev-api.example.internal", "CNAME"),
    ]
    assert len(look.view.instances.value) == 2
    assert sum(len(t.running.value) for t in look.facts.ecs.tasks) == 2


def test_a_loop_of_aliases_ends(observe: Observe):
    names = ("a.corp.example.internal", "b.corp.example.internal")
    records = [{"name": x, "type": "CNAME", "ttl": 60, "values": [y]} for x, y in (names, names[::-1])]
    look = observe({"name": names[0], "zones": [{**CORP, "records": records}]}, name=names[0])
    assert [(s.name, s.target) for s in look.facts.alias] == [names]


def _of(record: dict[str, Any]) -> dict[str, Any]:
    # With answers in no time it would be chance who asks first.
    slow = {"latency_ms": 100}
    return {"name": DB, "zones": [{**CORP, "records": [{"name": DB, "ttl": 60, **record}]}], "faults": slow}


BALANCER = {
    "name": "edge",
    "id": "1203948576",
    "vpc": VPC,
    "scheme": "internal",
    "addresses": ["10.10.30.4"],
    "groups": [
        {"name": "web", "type": "ip", "port": 80, "targets": [{"id": "10.10.9.9", "port": 80, "state": "healthy"}]}
    ],
}


def test_a_name_of_a_zone_takes_four_rounds(observe: Observe):
    """Namespaces, zones over the name, their records, who has the addresses."""
    machine = {"machines": [{"id": "eni-0123456789abcdef0", "address": "10.10.9.9"}]}
    assert observe(_of({"values": ["10.10.9.9"]}) | machine, name=DB).depth == 4


def test_for_an_address_that_nothing_has_it_takes_three_more(observe: Observe):
    """The clusters, the tasks that stopped in them, what these were; the prefixes of interfaces are read meanwhile."""
    assert observe(_of({"values": ["10.10.9.9"]}), name=DB).depth <= 8


def test_an_alias_of_a_load_balancer_takes_six_rounds(observe: Observe):
    """Namespaces, zones, records; then load balancers, their target groups, the health of those."""
    alias = {"type": "CNAME", "values": ["internal-edge-1203948576.ap-northeast-1.elb.amazonaws.com"]}
    look = observe({**_of(alias), "load_balancers": [BALANCER]}, name=DB)
    assert look.facts.target.value.groups[0].healthy == 1
    assert look.depth == 6


def test_an_alias_of_a_service_takes_six_rounds(observe: Observe):
    """Namespaces, zones, records, zones over the next name; then what a service takes whose namespace is known."""
    look = observe(_of({"type": "CNAME", "values": ["dev-api.example.internal"]}), name=DB)
    assert len(look.view.instances.value) == 2
    assert look.depth == 6
