"""Which VPC is the client's, how DNS is set up there, and which servers should know the zone."""

from __future__ import annotations

from sddoctor.case.dns import Server, VpcResolver
from sddoctor.case.seen import NOT_NEEDED, Absent, NotAttempted, Opaque, Seen
from sddoctor.case.vpc import ClientVpc
from tests.unit.observe_aws.conftest import NAMESPACE, OTHER_VPC, VPC, Observe

TWO_VPCS = [{"id": VPC, "cidr": "10.10.0.0/16"}, {"id": OTHER_VPC, "cidr": "10.20.64.0/18", "dns_hostnames": False}]


def test_a_vpc_named_by_the_user_is_the_clients(observe: Observe):
    look = observe({"vpcs": TWO_VPCS}, client_vpc=OTHER_VPC)
    assert look.facts.vpc.client.value == ClientVpc(OTHER_VPC, "option")
    (seen,) = look.facts.vpc.looks
    assert (seen.vpc_id, seen.dns_support.value, seen.dns_hostnames.value) == (OTHER_VPC, True, False)
    assert seen.zones.value == ()
    assert look.facts.vpc.endpoints == NOT_NEEDED
    assert "route53resolver:ListResolverEndpoints" not in look.asked
    assert look.observer.resolvers().value == (VpcResolver(Server("10.20.64.2"), OTHER_VPC, "vpc+2"),)


def test_a_named_server_shows_whose_resolver_it_is(observe: Observe):
    look = observe({"vpcs": TWO_VPCS}, nameservers=(Server("10.20.64.2"),))
    assert look.facts.vpc.client.value == ClientVpc(OTHER_VPC, "nameserver")
    assert look.observer.resolvers().value == (VpcResolver(Server("10.20.64.2"), None, "nameserver"),)


def test_a_host_in_aws_is_in_the_vpc_that_has_its_address(observe: Observe):
    options = {"host_addresses": lambda: ("10.20.70.1",), "host_is_aws": lambda: True}
    look = observe({"vpcs": TWO_VPCS}, **options)
    assert look.facts.vpc.client.value == ClientVpc(OTHER_VPC, "host")


def test_a_home_network_in_the_range_of_a_vpc_is_no_vpc(observe: Observe):
    look = observe({"vpcs": TWO_VPCS}, host_addresses=lambda: ("10.20.70.1",), host_is_aws=lambda: False)
    assert look.facts.vpc.client.value == ClientVpc(VPC, "zone")


def test_an_address_that_two_vpcs_could_have_decides_nothing(observe: Observe):
    vpcs = [{"id": VPC, "cidr": "10.10.0.0/16"}, {"id": OTHER_VPC, "cidr": "10.10.0.0/16"}]
    look = observe({"vpcs": vpcs}, host_addresses=lambda: ("10.10.1.1",), host_is_aws=lambda: True)
    assert look.facts.vpc.client.value == ClientVpc(VPC, "zone")


def test_of_two_vpcs_with_the_resolver_named_the_one_of_the_zone_is_meant(observe: Observe):
    vpcs = [{"id": OTHER_VPC, "cidr": "10.10.0.0/16"}, {"id": VPC, "cidr": "10.10.0.0/16"}]
    look = observe({"vpcs": vpcs}, nameservers=(Server("10.10.0.2"),))
    assert look.facts.vpc.client.value == ClientVpc(VPC, "nameserver")


def test_every_vpc_of_the_zone_has_a_resolver_that_should_know_it(observe: Observe):
    look = observe({"vpcs": TWO_VPCS, "namespaces": {NAMESPACE: {"vpcs": [VPC, OTHER_VPC]}}})
    assert [r.server.address for r in look.observer.resolvers().value] == ["10.10.0.2", "10.20.64.2"]


def test_a_zone_without_vpcs_leads_nowhere(observe: Observe):
    look = observe({"namespaces": {NAMESPACE: {"vpcs": []}}})
    assert isinstance(look.facts.vpc.client, NotAttempted)
    assert look.facts.vpc.looks == ()
    assert not isinstance(look.observer.resolvers(), Seen)


def test_inbound_endpoints_are_further_ways_in(observe: Observe):
    endpoint = {"id": "rslvr-in-1", "vpc": VPC, "addresses": ["10.10.5.5"], "security_groups": ["sg-1"]}
    world = {
        "endpoints": [endpoint, {"id": "rslvr-out-1", "vpc": VPC, "addresses": ["10.10.5.6"], "direction": "OUTBOUND"}],
        "security_groups": [{"id": "sg-1", "ingress": [{"protocol": "udp", "from_port": 53, "to_port": 53}]}],
    }
    look = observe(world)
    (seen,) = look.facts.vpc.endpoints.value
    assert (seen.id, seen.addresses, seen.vpc_id) == ("rslvr-in-1", ("10.10.5.5",), VPC)
    (rule,) = look.facts.vpc.security_groups.value
    assert (rule.protocol, rule.from_port) == ("udp", 53)
    assert VpcResolver(Server("10.10.5.5"), VPC, "endpoint") in look.observer.resolvers().value


def test_rules_of_the_vpc_are_read_with_their_targets(observe: Observe):
    rule = {
        "id": "rslvr-rr-1",
        "domain": "Example.internal.",
        "targets": ["192.0.2.1", "192.0.2.2:5353"],
        "vpcs": [VPC],
    }
    elsewhere = {"id": "rslvr-rr-2", "domain": "other.internal", "targets": ["192.0.2.3"]}
    (vpc,) = observe({"rules": [rule, elsewhere]}).facts.vpc.looks
    (seen,) = vpc.rules.value
    assert (seen.id, seen.type, seen.domain) == ("rslvr-rr-1", "FORWARD", "example.internal")
    assert seen.targets == ("192.0.2.1", "192.0.2.2:5353")


def test_the_firewall_is_read_in_the_order_in_which_it_acts(observe: Observe):
    def group(name: str, priority: int, *rules: dict[str, object]) -> dict[str, object]:
        return {"id": f"rslvr-frg-{name}", "priority": priority, "vpcs": [VPC], "rules": list(rules)}

    late = group("late", 300, {"name": "l", "priority": 1, "domains": ["late.internal"], "list_id": "rslvr-fdl-l"})
    early = group(
        "early",
        101,
        {"name": "b", "priority": 20, "domains": ["*.example.internal"], "list_id": "rslvr-fdl-b"},
        {
            "name": "a",
            "priority": 10,
            "managed": True,
            "list_id": "rslvr-fdl-a",
            "action": "ALERT",
            "block_response": None,
        },
    )
    (vpc,) = observe({"firewall": [late, early]}).facts.vpc.looks
    rules = vpc.firewall.value
    assert [(r.group_priority, r.name) for r in rules] == [(101, "a"), (101, "b"), (300, "l")]
    assert rules[1].domains.value == ("*.example.internal",)
    assert not isinstance(rules[0].domains, (Seen, Absent))
    assert isinstance(rules[0].domains, Opaque) or rules[0].domains.gap().needs


def test_what_a_profile_brings_is_marked_with_it(observe: Observe):
    world = {
        "vpcs": [{"id": VPC, "cidr": "10.10.0.0/16", "profiles": ["rp-1"]}],
        "zones": [{"id": "ZPROFILE", "name": "api.example.internal", "vpcs": []}],
        "rules": [{"id": "rslvr-rr-1", "domain": "corp", "targets": ["192.0.2.1"]}],
        "profiles": [{"id": "rp-1", "zones": ["ZPROFILE"], "rules": ["rslvr-rr-1"]}],
    }
    (vpc,) = observe(world).facts.vpc.looks
    (zone,) = vpc.profile_zones.value
    assert (zone.id, zone.name, zone.via_profile) == ("ZPROFILE", "api.example.internal", "rp-1")
    assert [(r.id, r.via_profile) for r in vpc.rules.value] == [("rslvr-rr-1", "rp-1")]


def test_client_vpns_come_with_routes_and_authorizations(observe: Observe):
    vpn = {
        "id": "cvpn-1",
        "vpc": VPC,
        "dns_servers": ["10.10.0.2"],
        "routes": ["10.10.0.0/16"],
        "authorized": ["10.10.0.0/16"],
    }
    (seen,) = observe({"client_vpns": [vpn]}).facts.vpc.client_vpns.value
    assert (seen.id, seen.dns_servers, seen.split_tunnel) == ("cvpn-1", ("10.10.0.2",), True)
    assert seen.routes.value == ("10.10.0.0/16",)
    assert seen.authorized.value == ("10.10.0.0/16",)


def test_owners_are_looked_up_for_addresses_that_ecs_did_not_register(observe: Observe):
    assert observe().facts.vpc.interfaces == NOT_NEEDED
    mine = {"id": "mine", "ipv4": "10.10.9.9", "owned": False}
    look = observe({"namespaces": {NAMESPACE: {"services": {"srv-devapi0000000001": {"instances": [mine]}}}}})
    assert look.facts.vpc.interfaces.value == ()


def test_many_rules_are_picked_from_the_list_of_all(observe: Observe):
    """Five requests a second are allowed, and no rule may be left out: any of them could take the name."""
    rules = [
        {"id": f"rslvr-rr-{n}", "domain": f"d{n}.corp", "targets": ["192.0.2.1"], "vpcs": [VPC]} for n in range(70)
    ]
    look = observe({"rules": [*rules, {"id": "rslvr-rr-x", "domain": "x.corp", "targets": ["192.0.2.1"]}]})
    (vpc,) = look.facts.vpc.looks
    assert {r.domain for r in vpc.rules.value} == {f"d{n}.corp" for n in range(70)}
    assert look.asked["route53resolver:GetResolverRule"] == 0
    assert look.asked["route53resolver:ListResolverRules"] == 1


def test_the_owners_of_all_addresses_are_looked_up(observe: Observe):
    mine = [{"id": f"mine-{n}", "ipv4": f"10.10.{n // 200}.{n % 200 + 1}"} for n in range(250)]
    look = observe({"namespaces": {NAMESPACE: {"services": {"srv-devapi0000000001": {"instances": mine}}}}})
    asked = [c.params["Filters"][0]["Values"] for c in look.calls if c.action == "ec2:DescribeNetworkInterfaces"]
    assert [len(values) for values in asked] == [200, 50]
    assert len({v for values in asked for v in values}) == 250
