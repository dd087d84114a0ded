import pytest

from sddoctor.lab.routes import route_to, transports

RESOLVER, ENDPOINT, ROUTER = "10.10.0.2", "10.10.4.4", "192.168.1.1"
UP, DOWN = (True, True), (False, False)


def reach(host, changes, server=RESOLVER):
    it = host(changes)
    return transports(it.state, it.service, server)


@pytest.mark.parametrize(
    ("settings", "kind"),
    [
        ({}, "tunnel"),
        ({"vpn": "down"}, "default"),
        ({"vpn": "none"}, "default"),
        ({"vpn_routes": ["10.20.0.0/16"]}, "default"),
        ({"vpn_routes": ["0.0.0.0/1"]}, "tunnel"),
        ({"interfaces": [{"name": "en0", "address": "10.10.0.77", "prefix": 24}]}, "connected"),
    ],
)
def test_the_longest_range_decides(host, settings, kind):
    assert route_to(host({"host": settings}).state.world, RESOLVER).kind == kind


def test_ways_that_do_not_depend_on_the_vpn(host):
    world = host().state.world
    assert route_to(world, "127.0.0.1").kind == "local"
    assert route_to(world, ROUTER).kind == "connected"
    assert (route_to(world, "8.8.8.8").kind, route_to(world, "8.8.8.8").gateway) == ("default", ROUTER)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, UP),
        ({"host": {"vpn": "down"}}, DOWN),
        ({"host": {"vpn": "none"}}, DOWN),
        ({"host": {"vpn_routes": ["10.20.0.0/16"]}}, DOWN),
        ({"host": {"interfaces": [{"name": "en0", "address": "10.10.0.77", "prefix": 24}]}}, DOWN),
        ({"host": {"vpn": "none", "in_vpc": "vpc-1"}}, UP),
        ({"host": {"vpn": "none", "in_vpc": "vpc-2"}}, DOWN),
        ({"vpcs": {"vpc-1": {"dns_support": False}}}, DOWN),
        ({"vpc_dns": {"silent_udp": True}}, (False, True)),
        ({"vpc_dns": {"silent_tcp": True}}, (True, False)),
        ({"client_vpns": [{"id": "c", "vpc": "vpc-1", "authorized": ["10.20.0.0/16"]}]}, DOWN),
        ({"client_vpns": [{"id": "c", "vpc": "vpc-1", "authorized": ["10.10.0.0/16"]}]}, UP),
        ({"client_vpns": [{"id": "c", "vpc": "vpc-1", "routes": ["10.20.0.0/16"]}]}, DOWN),
    ],
)
def test_who_reaches_the_vpc_resolver(host, changes, expected):
    assert reach(host, changes) == expected


@pytest.mark.parametrize(
    ("ingress", "expected"),
    [
        ([{"protocol": "-1"}], UP),
        ([{"protocol": "udp", "from_port": 53, "to_port": 53}], (True, False)),
        ([{"protocol": "tcp", "from_port": 1, "to_port": 100}], (False, True)),
        ([{"protocol": "udp", "from_port": 443, "to_port": 443}], DOWN),
        ([{"protocol": "-1", "ranges": ["10.10.0.0/16"]}], DOWN),
        ([], DOWN),
    ],
)
def test_an_endpoint_admits_what_its_groups_say(host, ingress, expected):
    changes = {
        "endpoints": [{"id": "e", "vpc": "vpc-1", "addresses": [ENDPOINT], "security_groups": ["sg-1"]}],
        "security_groups": [{"id": "sg-1", "ingress": ingress}],
    }
    assert reach(host, changes, ENDPOINT) == expected
    assert reach(host, {**changes, "host": {"vpn": "down"}}, ENDPOINT) == DOWN


def test_other_servers(host):
    assert reach(host, {"host": {"vpn": "down"}}, ROUTER) == UP
    assert reach(host, {"servers": [{"address": ROUTER, "kind": "silent"}]}, ROUTER) == DOWN
    far = {"servers": [{"address": "10.50.0.53"}]}
    assert reach(host, far, "10.50.0.53") == DOWN
    assert reach(host, {**far, "host": {"vpn_routes": ["10.0.0.0/8"]}}, "10.50.0.53") == UP
    assert reach(host, {"servers": [{"address": "8.8.8.8"}], "host": {"vpn": "down"}}, "8.8.8.8") == UP


def test_link_local_works_in_the_vpc_only(host):
    assert reach(host, {}, "169.254.169.253") == DOWN
    assert reach(host, {"host": {"in_vpc": "vpc-1", "vpn": "none"}}, "169.254.169.253") == UP
