"""Names that AWS gives: who answers for them, with what, and what is said of one that does not exist."""

import pytest

RESOLVER, HOME = "10.10.0.2", "192.168.1.1"
REGION = "ap-northeast-1"
SHOP = f"internal-shop-12.{REGION}.elb.amazonaws.com"
BALANCER = {
    "name": "shop",
    "id": "12",
    "addresses": ["10.10.5.1", "10.10.6.1"],
    "groups": [{"name": "web", "targets": []}],
}


def data(reply):
    return reply.rcode, [(r.owner, r.type, r.ttl, r.data) for r in reply.answers]


@pytest.mark.parametrize("server", [RESOLVER, HOME])
@pytest.mark.parametrize("name", [SHOP, f"dualstack.{SHOP}"])
def test_a_load_balancer_is_a_public_name_whoever_asks(build, server, name):
    service = build({"load_balancers": [BALANCER]})
    assert data(service.resolve(server, name, "A")) == (
        "NOERROR",
        [(name, "A", 60, "10.10.5.1"), (name, "A", 60, "10.10.6.1")],
    )
    other = service.resolve(server, name, "AAAA")
    assert (data(other), other.authority[0].owner) == (("NOERROR", []), f"{REGION}.elb.amazonaws.com")


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        (f"internal-gone-7.{REGION}.elb.amazonaws.com", f"{REGION}.elb.amazonaws.com"),
        (f"gone-0123456789abcdef.elb.{REGION}.amazonaws.com", f"elb.{REGION}.amazonaws.com"),
    ],
)
def test_a_load_balancer_that_is_deleted_is_denied_by_the_zone_of_the_region(build, name, zone):
    reply = build({"load_balancers": [BALANCER]}).resolve(RESOLVER, name, "A")
    assert (reply.rcode, reply.authority[0].owner) == ("NXDOMAIN", zone)


def test_a_load_balancer_that_failed_has_no_address(build):
    service = build({"load_balancers": [{**BALANCER, "state": "failed"}]})
    assert data(service.resolve(RESOLVER, SHOP, "A")) == ("NXDOMAIN", [])


def test_an_instance_that_is_an_alias_answers_with_the_addresses_of_its_load_balancer(build):
    instance = {"id": "main", "attributes": {"AWS_ALIAS_DNS_NAME": SHOP}}
    name = "dev-api.example.internal"
    service = build({"load_balancers": [BALANCER]}, [instance], routing="WEIGHTED", health="none")
    assert data(service.resolve(RESOLVER, name, "A")) == (
        "NOERROR",
        [(name, "A", 60, "10.10.5.1"), (name, "A", 60, "10.10.6.1")],
    )
    gone = build({}, [instance], routing="WEIGHTED", health="none")
    assert data(gone.resolve(RESOLVER, name, "A")) == ("NOERROR", [])


@pytest.mark.parametrize(
    ("targets", "evaluates", "expected"),
    [
        ([{"id": "10.10.1.1"}], True, ("10.10.5.1", "10.10.6.1")),
        ([{"id": "10.10.1.1", "state": "unhealthy"}], True, ("10.10.9.9",)),
        ([], True, ("10.10.9.9",)),
        ([{"id": "10.10.1.1", "state": "unhealthy"}], False, ("10.10.5.1", "10.10.6.1")),
    ],
)
def test_an_alias_that_evaluates_its_target_gives_way_when_no_target_is_healthy(build, targets, evaluates, expected):
    records = [
        {
            "name": "w.corp.example",
            "set_identifier": "1",
            "failover": "PRIMARY",
            "alias": {"name": SHOP, "evaluates": evaluates},
        },
        {"name": "w.corp.example", "set_identifier": "2", "failover": "SECONDARY", "values": ["10.10.9.9"]},
    ]
    zone = {"id": "Z2", "name": "corp.example", "vpcs": ["vpc-1"], "records": records}
    balancer = {**BALANCER, "groups": [{"name": "web", "targets": targets}]}
    service = build({"zones": [zone], "load_balancers": [balancer]})
    assert service.resolve(RESOLVER, "w.corp.example", "A").addresses == expected


DATABASES = {
    "instances": [
        {"id": "ledger-1", "address": "10.10.7.1"},
        {"id": "ledger-2", "address": "10.10.7.2"},
        {"id": "new"},
    ],
    "clusters": [
        {"id": "ledger", "writer": "ledger-1", "readers": ["ledger-2"]},
        {"id": "single", "writer": "ledger-1"},
        {"id": "empty", "writer": "new"},
    ],
    "proxies": [{"name": "pool", "addresses": ["10.10.7.8", "10.10.7.9"]}],
}


@pytest.mark.parametrize("server", [RESOLVER, HOME])
@pytest.mark.parametrize(
    ("name", "leads_to", "found"),
    [
        ("ledger-1.", None, ["10.10.7.1"]),
        ("ledger.cluster-", "ledger-1", ["10.10.7.1"]),
        ("ledger.cluster-ro-", "ledger-2", ["10.10.7.2"]),
        ("single.cluster-ro-", "ledger-1", ["10.10.7.1"]),
        ("pool.proxy-", None, ["10.10.7.8", "10.10.7.9"]),
    ],
)
def test_the_name_of_a_cluster_leads_to_an_instance(build, server, name, leads_to, found):
    suffix = f"cq7xexample1.{REGION}.rds.amazonaws.com"
    reply = build({"databases": DATABASES}).resolve(server, name + suffix, "A")
    assert [r.data for r in reply.answers if r.type == "CNAME"] == ([f"{leads_to}.{suffix}"] if leads_to else [])
    assert list(reply.addresses) == found
    assert {r.ttl for r in reply.answers} == {5}


@pytest.mark.parametrize("name", ["new", "gone", "empty.cluster"])
def test_a_database_without_address_does_not_exist(build, name):
    separator = "-" if "." in name else "."
    reply = build({"databases": DATABASES}).resolve(
        RESOLVER, f"{name}{separator}cq7xexample1.{REGION}.rds.amazonaws.com", "A"
    )
    assert (reply.rcode, reply.authority[0].owner) == ("NXDOMAIN", f"{REGION}.rds.amazonaws.com")


def test_a_lattice_service_is_a_public_name_with_a_link_local_address(build):
    service = build(
        {
            "lattice_services": [
                {"name": "orders", "id": "svc-0123456789abcdef0"},
                {"name": "bills", "status": "CREATE_FAILED"},
            ]
        }
    )
    rest = f"7d67968.vpc-lattice-svcs.{REGION}.on.aws"
    for server in (RESOLVER, HOME):
        assert service.resolve(server, f"orders-0123456789abcdef0.{rest}", "A").addresses == ("169.254.171.32",)
        assert service.resolve(server, f"bills-0123456789abcdef0.{rest}", "A").rcode == "NXDOMAIN"


def test_a_global_resolver_answers_everybody_from_its_private_zones(build, instances):
    world = {
        "global_resolvers": [{"id": "gr-1", "zones": ["Z1"], "addresses": ["203.0.113.53"]}],
        "load_balancers": [BALANCER],
    }
    service = build(world, instances("10.10.1.1"))
    assert "203.0.113.53" in service.addresses()
    assert service.resolve("203.0.113.53", "dev-api.example.internal", "A").addresses == ("10.10.1.1",)
    assert service.resolve("203.0.113.53", SHOP, "A").addresses == ("10.10.5.1", "10.10.6.1")
    world["global_resolvers"][0]["status"] = "CREATING"
    assert build(world).resolve("203.0.113.53", "dev-api.example.internal", "A").rcode == "NXDOMAIN"


@pytest.mark.parametrize(("healthy", "expected"), [(True, ("10.10.8.1",)), (False, ("10.10.9.9",))])
def test_an_alias_that_evaluates_records_gives_way_when_none_is_healthy(build, healthy, expected):
    target = {"name": "t.corp.example", "values": ["10.10.8.1"], "health_check": "c", "healthy": healthy}
    primary = {"name": "t.corp.example", "zone": "Z2", "evaluates": True}
    records = [
        {**target, "set_identifier": "only", "multivalue": True},
        {"name": "w.corp.example", "set_identifier": "1", "failover": "PRIMARY", "alias": primary},
        {"name": "w.corp.example", "set_identifier": "2", "failover": "SECONDARY", "values": ["10.10.9.9"]},
    ]
    service = build({"zones": [{"id": "Z2", "name": "corp.example", "vpcs": ["vpc-1"], "records": records}]})
    assert service.resolve(RESOLVER, "w.corp.example", "A").addresses == expected


def test_the_name_for_reading_leads_to_any_reader(build):
    instances = [{"id": f"r{n}", "address": f"10.10.7.{n}"} for n in (1, 2)]
    service = build(
        {"databases": {"instances": instances, "clusters": [{"id": "c", "writer": "r1", "readers": ["r1", "r2"]}]}}
    )
    name = f"c.cluster-ro-cq7xexample1.{REGION}.rds.amazonaws.com"
    assert {service.resolve(RESOLVER, name, "A").addresses for _ in range(40)} == {("10.10.7.1",), ("10.10.7.2",)}


def test_an_answer_has_eight_addresses_of_a_large_load_balancer_each_time_others(build):
    balancer = {"name": "shop", "id": "12", "addresses": [f"10.10.5.{n}" for n in range(1, 13)]}
    records = [{"name": "w.corp.example", "alias": {"name": SHOP}}]
    zone = {"id": "Z2", "name": "corp.example", "vpcs": ["vpc-1"], "records": records}
    service = build({"load_balancers": [balancer], "zones": [zone]})
    for name in (SHOP, "w.corp.example"):
        answers = [service.resolve(RESOLVER, name, "A").addresses for _ in range(30)]
        assert {len(set(a)) for a in answers} == {8}
        assert len({a for answer in answers for a in answer}) == 12
