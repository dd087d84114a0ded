"""Public zones that nobody, or somebody else, is delegated to."""

import pytest

from sddoctor.lab.dns.internet import NAME_SERVERS

ROUTER = "192.168.1.1"
NAME = "dev-api.svc.example.com"
OTHERS = ["ns-1.awsdns-01.com", "ns-2.awsdns-02.net"]
PUBLIC = {"type": "DNS_PUBLIC", "name": "svc.example.com", "vpcs": []}


@pytest.fixture
def one(instances):
    return instances("10.10.1.1")


def test_the_zones_own_servers_answer_without_any_delegation(build, one):
    service = build({"namespaces": {"ns-1": {**PUBLIC, "delegated": False}}}, one)
    assert service.resolve(ROUTER, NAME, "A").rcode == "NXDOMAIN"
    for server in NAME_SERVERS.values():
        assert server in service.addresses()
        assert service.resolve(server, NAME, "A").addresses == ("10.10.1.1",)
        assert service.resolve(server, "www.example.net", "A").rcode == "REFUSED"


def test_the_name_servers_have_addresses(build):
    service = build({"namespaces": {"ns-1": PUBLIC}})
    said = [r.data.rstrip(".") for r in service.resolve(ROUTER, "svc.example.com", "NS").answers]
    assert [service.resolve(ROUTER, n, "A").addresses for n in said] == [(NAME_SERVERS[n],) for n in said]


def test_another_zone_of_the_name_denies_with_its_own_soa(build, one):
    service = build({"namespaces": {"ns-1": {**PUBLIC, "delegated_to": OTHERS}}}, one)
    denied = service.resolve(ROUTER, NAME, "A")
    assert (denied.rcode, denied.authority[0].owner) == ("NXDOMAIN", "svc.example.com")
    assert denied.authority[0].data.startswith(OTHERS[0])
    assert [r.data for r in service.resolve(ROUTER, "svc.example.com", "NS").answers] == [f"{s}." for s in OTHERS]


def test_a_world_without_public_zones_has_no_such_servers(build):
    assert not set(NAME_SERVERS.values()) & set(build().addresses())
