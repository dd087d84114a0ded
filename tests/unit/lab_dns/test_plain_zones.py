"""What is answered from zones made by hand: aliases, wildcards, routing policies, names that lead elsewhere."""

import pytest

RESOLVER = "10.10.0.2"
LOAD_BALANCER = "internal-web-1.ap-northeast-1.elb.amazonaws.com"
INTERNET = {LOAD_BALANCER: ["10.10.5.1", "10.10.6.1"], "api.partner.example.com": ["203.0.113.9"]}


@pytest.fixture
def corp(build):
    """Build a world with the private zone corp.example that has these records."""

    def make(*records, **more):
        zone = {"id": "Z2", "name": "corp.example", "vpcs": ["vpc-1"], "records": list(records)}
        changes = {"internet": INTERNET, "zones": [zone], **more}
        return build(changes, [{"id": "t1", "ipv4": "10.10.1.1"}])

    return make


def data(reply):
    return reply.rcode, [(r.owner, r.type, r.data) for r in reply.answers]


def test_a_cname_leads_across_the_zones_of_the_vpc_and_to_public_names(corp):
    service = corp(
        {"name": "api.corp.example", "type": "CNAME", "values": ["dev-api.example.internal."]},
        {"name": "out.corp.example", "type": "CNAME", "values": ["api.partner.example.com"]},
        {"name": "gone.corp.example", "type": "CNAME", "values": ["nobody.example.internal"]},
    )
    assert data(service.resolve(RESOLVER, "api.corp.example", "A")) == (
        "NOERROR",
        [("api.corp.example", "CNAME", "dev-api.example.internal."), ("dev-api.example.internal", "A", "10.10.1.1")],
    )
    assert service.resolve(RESOLVER, "out.corp.example", "A").addresses == ("203.0.113.9",)
    gone = service.resolve(RESOLVER, "gone.corp.example", "A")
    assert (gone.rcode, [r.type for r in gone.answers], gone.authority[0].owner) == (
        "NXDOMAIN",
        ["CNAME"],
        "example.internal",
    )


def test_an_alias_answers_with_the_addresses_of_its_target_under_its_own_name(corp):
    service = corp(
        {"name": "corp.example", "alias": {"name": LOAD_BALANCER}},
        {"name": "www.corp.example", "alias": {"name": "corp.example", "zone": "Z2"}},
        {"name": "www2.corp.example", "alias": {"name": "www.corp.example"}},
    )
    for name in ("corp.example", "www.corp.example", "www2.corp.example"):
        found = service.resolve(RESOLVER, name, "A")
        assert data(found) == ("NOERROR", [(name, "A", "10.10.5.1"), (name, "A", "10.10.6.1")])
        assert {r.ttl for r in found.answers} == {60}
        other = service.resolve(RESOLVER, name, "AAAA")
        assert (other.rcode, other.answers, other.authority[0].owner) == ("NOERROR", (), "corp.example")


@pytest.mark.parametrize(
    "alias",
    [
        {"name": "internal-deleted-2.ap-northeast-1.elb.amazonaws.com"},
        {"name": "nobody.corp.example", "zone": "Z2"},
        {"name": "loop.corp.example", "zone": "Z2"},
    ],
)
def test_an_alias_of_what_is_gone_is_an_empty_answer(corp, alias):
    reply = corp({"name": "loop.corp.example", "alias": alias}).resolve(RESOLVER, "loop.corp.example", "A")
    assert data(reply) == ("NOERROR", [])


def test_a_wildcard_answers_what_does_not_exist_and_nothing_else(corp):
    """RFC 4592, section 2.2.1"""
    service = corp(
        {"name": "*.corp.example", "values": ["10.10.9.9"]},
        {"name": "host1.corp.example", "type": "TXT", "values": ['"x"']},
        {"name": "_ssh._tcp.host2.corp.example", "type": "SRV", "values": ["0 0 22 host1.corp.example."]},
    )
    covered = ("host3.corp.example", "foo.bar.corp.example", "ghost.x.corp.example")
    for name in covered:
        assert service.resolve(RESOLVER, name, "A").addresses == ("10.10.9.9",)
    for name in ("host1.corp.example", "host2.corp.example", "_tcp.host2.corp.example", "host3.corp.example"):
        rdtype = "MX" if name.startswith("host3") else "A"
        assert data(service.resolve(RESOLVER, name, rdtype)) == ("NOERROR", []), name
    for name in ("_telnet._tcp.host1.corp.example", "x.host2.corp.example"):
        assert data(service.resolve(RESOLVER, name, "A")) == ("NXDOMAIN", []), name


def policy(kind, first, second, sick=()):
    """Return two records of one name with the routing policy ``kind``."""
    return [
        {
            "name": "p.corp.example",
            "values": [address],
            "set_identifier": address,
            kind: value,
            "health_check": f"check-{address}",
            "healthy": address not in sick,
        }
        for address, value in (("10.10.8.1", first), ("10.10.8.2", second))
    ]


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        (policy("failover", "PRIMARY", "SECONDARY"), {("10.10.8.1",)}),
        (policy("failover", "PRIMARY", "SECONDARY", ["10.10.8.1"]), {("10.10.8.2",)}),
        (policy("failover", "PRIMARY", "SECONDARY", ["10.10.8.1", "10.10.8.2"]), {("10.10.8.1",)}),
        (policy("weight", 0, 5), {("10.10.8.2",)}),
        (policy("weight", 5, 5), {("10.10.8.1",), ("10.10.8.2",)}),
        (policy("weight", 5, 5, ["10.10.8.1"]), {("10.10.8.2",)}),
        (policy("multivalue", True, True), {("10.10.8.1", "10.10.8.2")}),
        (policy("multivalue", True, True, ["10.10.8.2"]), {("10.10.8.1",)}),
        (policy("latency_region", "eu-west-1", "ap-northeast-1"), {("10.10.8.2",)}),
        (policy("country", "*", "JP"), {("10.10.8.2",)}),
        (policy("country", "*", "DE"), {("10.10.8.1",)}),
        (policy("country", "*", "JP", ["10.10.8.2"]), {("10.10.8.1",)}),
        (policy("country", "FR", "DE"), {()}),
        (policy("policy", {"AZAffinity": {}}, {"AZAffinity": {}}, ["10.10.8.1"]), {("10.10.8.2",)}),
    ],
)
def test_a_routing_policy_chooses_among_the_healthy_ones(corp, records, expected):
    service = corp(*records)
    assert {tuple(sorted(service.resolve(RESOLVER, "p.corp.example", "A").addresses)) for _ in range(30)} == expected


def test_a_name_that_has_no_record_for_whoever_asks_exists_all_the_same(corp):
    reply = corp(*policy("country", "FR", "DE")).resolve(RESOLVER, "p.corp.example", "A")
    assert data(reply) == ("NOERROR", [])


def test_a_public_resolver_follows_names_too(corp):
    public = {
        "id": "Z3",
        "name": "corp.example.com",
        "private": False,
        "records": [{"name": "api.corp.example.com", "type": "CNAME", "values": ["api.partner.example.com"]}],
    }
    service = corp(zones=[public])
    assert service.resolve("192.168.1.1", "api.corp.example.com", "A").addresses == ("203.0.113.9",)
    undelegated = corp(zones=[{**public, "delegated": False}])
    assert data(undelegated.resolve("192.168.1.1", "api.corp.example.com", "A")) == ("NXDOMAIN", [])


def test_a_repeated_denial_has_no_soa_where_the_cache_leaves_it_out(corp):
    service = corp(vpc_dns={"cached_without_soa": True})
    first, second = (service.resolve(RESOLVER, "no.corp.example", "A") for _ in range(2))
    assert (first.rcode, len(first.authority), second.rcode, second.authority) == ("NXDOMAIN", 1, "NXDOMAIN", ())
    assert service.resolve(RESOLVER, "no.corp.example", "AAAA").authority
    service.now = 901.0
    assert service.resolve(RESOLVER, "no.corp.example", "A").authority
    assert corp().resolve(RESOLVER, "no.corp.example", "A").authority


DELEGATION = [
    {"name": "plant.corp.example", "type": "NS", "values": ["ns1.plant.corp.example."]},
    {"name": "ns1.plant.corp.example", "values": ["172.31.7.53"]},
]
OUTBOUND = {"id": "rslvr-out-1", "vpc": "vpc-1", "direction": "OUTBOUND", "addresses": ["10.10.3.3"]}
RULE = {
    "id": "rslvr-rr-1",
    "domain": "plant.corp.example",
    "type": "DELEGATE",
    "vpcs": ["vpc-1"],
    "endpoint": "rslvr-out-1",
}
SERVERS = [
    {"address": "172.31.7.53", "zones": {"plant.corp.example": {"names": {"press.plant.corp.example": ["172.31.8.4"]}}}}
]


@pytest.mark.parametrize(
    ("rule", "endpoint", "servers", "expected"),
    [
        ({}, {}, SERVERS, ("NOERROR", ["172.31.8.4"])),
        ({"vpcs": ["vpc-2"]}, {}, SERVERS, ("SERVFAIL", [])),
        ({"domain": "mill.corp.example"}, {}, SERVERS, ("SERVFAIL", [])),
        ({"type": "FORWARD", "domain": "example.org"}, {}, SERVERS, ("SERVFAIL", [])),
        ({}, {"status": "ACTION_NEEDED"}, SERVERS, ("SERVFAIL", [])),
        ({}, {}, [], ("SERVFAIL", [])),
    ],
)
def test_a_delegation_needs_a_rule_an_endpoint_that_works_and_a_server(corp, rule, endpoint, servers, expected):
    service = corp(*DELEGATION, rules=[{**RULE, **rule}], endpoints=[{**OUTBOUND, **endpoint}], servers=servers)
    reply = service.resolve(RESOLVER, "press.plant.corp.example", "A")
    assert (reply.rcode, [r.data for r in reply.answers]) == expected


@pytest.mark.parametrize(
    ("zone", "server", "checking", "expected"),
    [
        ({}, "192.168.1.1", True, "NOERROR"),
        ({"lame": True}, "192.168.1.1", True, "SERVFAIL"),
        ({"lame": True}, RESOLVER, True, "SERVFAIL"),
        ({"lame": True}, "192.0.2.53", True, "NOERROR"),
        ({"bogus": True}, "192.168.1.1", True, "NOERROR"),
        ({"bogus": True}, RESOLVER, True, "NOERROR"),
        ({"bogus": True}, "192.168.1.2", True, "SERVFAIL"),
        ({"bogus": True}, "192.168.1.2", False, "NOERROR"),
        ({}, "192.168.1.2", True, "NOERROR"),
    ],
)
def test_a_public_zone_that_its_parent_spoils(corp, zone, server, checking, expected):
    public = {
        "id": "Z3",
        "name": "corp.example.com",
        "private": False,
        "records": [{"name": "api.corp.example.com", "values": ["198.51.100.7"]}],
        **zone,
    }
    service = corp(zones=[public], servers=[{"address": "192.168.1.1"}, {"address": "192.168.1.2", "validates": True}])
    assert service.resolve(server, "api.corp.example.com", "A", checking=checking).rcode == expected
