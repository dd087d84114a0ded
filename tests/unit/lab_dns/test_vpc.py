import pytest

NAME = "dev-api.example.internal"
RESOLVER, OTHER = "10.10.0.2", "10.20.0.2"
ROOT = ("NXDOMAIN", ".")
ZONE = ("NXDOMAIN", "example.internal")


def shape(said):
    """What one sees of an answer: addresses, or the rcode and who denies."""
    if said is None:
        return "silence"
    if said.addresses:
        return set(said.addresses)
    return said.rcode, said.authority[0].owner if said.authority else None


@pytest.fixture
def one(instances):
    return instances("10.10.1.1")


def test_only_associated_vpcs_know_the_zone(build, one):
    service = build(instances=one)
    assert shape(service.resolve(RESOLVER, NAME, "A")) == {"10.10.1.1"}
    assert shape(service.resolve(OTHER, NAME, "A")) == ROOT


def test_dns_attributes(build, one):
    off = build({"vpcs": {"vpc-1": {"dns_support": False}}}, one)
    assert shape(off.resolve(RESOLVER, NAME, "A")) == "silence"
    no_names = build({"vpcs": {"vpc-1": {"dns_hostnames": False}}}, one)
    assert shape(no_names.resolve(RESOLVER, NAME, "A")) == ROOT


def test_a_deleted_zone_is_not_consulted(build, one):
    gone = build({"namespaces": {"ns-1": {"zone_deleted": True}}}, one)
    assert shape(gone.resolve(RESOLVER, NAME, "A")) == ROOT


def test_the_most_specific_zone_wins_and_nothing_falls_back(build, one):
    service = build({"zones": [{"id": "Z9", "name": "dev-api.example.internal", "vpcs": ["vpc-1"]}]}, one)
    assert shape(service.resolve(RESOLVER, NAME, "A")) == ("NOERROR", NAME)
    assert shape(service.resolve(RESOLVER, f"x.{NAME}", "A")) == ("NXDOMAIN", NAME)
    elsewhere = build({"zones": [{"id": "Z9", "name": "dev-api.example.internal", "vpcs": ["vpc-2"]}]}, one)
    assert shape(elsewhere.resolve(RESOLVER, NAME, "A")) == {"10.10.1.1"}


def test_a_private_zone_hides_a_public_domain(build):
    service = build({"zones": [{"id": "Z9", "name": "example.com", "vpcs": ["vpc-1"]}]})
    assert shape(service.resolve(RESOLVER, "www.example.com", "A")) == ("NXDOMAIN", "example.com")
    assert service.resolve(OTHER, "www.example.com", "A").addresses


def test_a_profile_brings_a_zone(build, one):
    service = build({"vpcs": {"vpc-2": {"profiles": ["rp-1"]}}, "profiles": [{"id": "rp-1", "zones": ["Z1"]}]}, one)
    assert shape(service.resolve(OTHER, NAME, "A")) == {"10.10.1.1"}


def rule(domain, *, kind="FORWARD", target="10.50.0.53", vpcs=("vpc-1",), status="COMPLETE", number=1):
    return {
        "id": f"rslvr-rr-{number}",
        "domain": domain,
        "type": kind,
        "targets": [target],
        "vpcs": list(vpcs),
        "status": status,
    }


def servers(**more):
    return [{"address": "10.50.0.53", "records": {NAME: ["10.50.1.1"]}, **more}]


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        (NAME, {"10.50.1.1"}),
        ("example.internal.", {"10.50.1.1"}),  # the same name as the zone: the rule wins
        ("internal", {"10.10.1.1"}),  # less specific than the zone
        (".", {"10.10.1.1"}),
        ("api.example.internal", {"10.10.1.1"}),  # does not cover the name
    ],
)
def test_a_forward_rule_wins_only_at_or_below_the_zone(build, one, domain, expected):
    service = build({"rules": [rule(domain)], "servers": servers()}, one)
    assert shape(service.resolve(RESOLVER, NAME, "A")) == expected
    assert shape(service.resolve(OTHER, NAME, "A")) == ROOT


def test_rules_that_do_not_act(build, one):
    for changed in ({"status": "FAILED"}, {"kind": "RECURSIVE"}, {"kind": "SYSTEM"}, {"vpcs": ("vpc-2",)}):
        service = build({"rules": [rule("example.internal", **changed)], "servers": servers()}, one)
        assert shape(service.resolve(RESOLVER, NAME, "A")) == {"10.10.1.1"}, changed


def test_system_takes_a_subdomain_back(build, one):
    rules = [rule("example.internal"), rule(NAME, kind="SYSTEM", number=2)]
    service = build({"rules": rules, "servers": servers()}, one)
    assert shape(service.resolve(RESOLVER, NAME, "A")) == {"10.10.1.1"}


def test_a_profile_brings_a_rule(build, one):
    changes = {
        "rules": [rule("example.internal", vpcs=())],
        "servers": servers(),
        "vpcs": {"vpc-1": {"profiles": ["rp-1"]}},
        "profiles": [{"id": "rp-1", "rules": ["rslvr-rr-1"]}],
    }
    assert shape(build(changes, one).resolve(RESOLVER, NAME, "A")) == {"10.50.1.1"}


def test_a_silent_target_is_servfail(build, one):
    service = build({"rules": [rule(NAME)], "servers": [{"address": "10.50.0.53", "kind": "silent"}]}, one)
    assert shape(service.resolve(RESOLVER, NAME, "A")) == ("SERVFAIL", None)
    unknown = build({"rules": [rule(NAME, target="10.51.0.53")]}, one)
    assert shape(unknown.resolve(RESOLVER, NAME, "A")) == ("SERVFAIL", None)


def test_a_forwarding_loop_ends(build, one):
    service = build(
        {"rules": [rule(NAME)], "servers": [{"address": "10.50.0.53", "forwards": {"internal": RESOLVER}}]}, one
    )
    assert shape(service.resolve(RESOLVER, NAME, "A")) == ("SERVFAIL", None)


def firewall(*rules):
    return {"firewall": [{"id": "fw-1", "vpcs": ["vpc-1"], "rules": list(rules)}]}


def block(*domains, priority=10, **more):
    return {"name": "r", "priority": priority, "domains": list(domains), "list_id": f"l{priority}", **more}


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([block(NAME)], ("NXDOMAIN", None)),
        ([block("*.example.internal", block_response="NODATA")], ("NOERROR", None)),
        ([block("*")], ("NXDOMAIN", None)),
        ([block("example.internal")], {"10.10.1.1"}),
        ([block("*.dev-api.example.internal")], {"10.10.1.1"}),
        ([block(NAME, qtype="AAAA")], {"10.10.1.1"}),
        ([block(NAME, action="ALERT")], {"10.10.1.1"}),
        ([block("*", priority=20), block(NAME, priority=5, action="ALLOW")], {"10.10.1.1"}),
        ([block(NAME, block_response="OVERRIDE", override_domain="one.one.one.one.")], {"1.1.1.1", "1.0.0.1"}),
    ],
)
def test_firewall(build, one, rules, expected):
    assert shape(build(firewall(*rules), one).resolve(RESOLVER, NAME, "A")) == expected


def test_firewall_of_another_vpc(build, one):
    changes = firewall(block("*"))
    changes["firewall"][0]["vpcs"] = ["vpc-2"]
    assert shape(build(changes, one).resolve(RESOLVER, NAME, "A")) == {"10.10.1.1"}


def test_a_remembered_denial_runs_out(build, one):
    service = build({"vpc_dns": {"remembers_denial": {NAME: 12}}}, one)
    first = service.resolve(RESOLVER, NAME, "A")
    assert shape(first) == ZONE
    assert first.authority[0].ttl == 12
    service.now = 5.0
    assert service.resolve(RESOLVER, NAME, "A").authority[0].ttl == 7
    service.now = 13.0
    assert shape(service.resolve(RESOLVER, NAME, "A")) == {"10.10.1.1"}


def test_remembered_addresses_run_out(build, one):
    service = build({"vpc_dns": {"remembers": {NAME: ["10.10.9.9"]}, "remembered_ttl": 6}}, one)
    service.now = 2.0
    (record,) = service.resolve(RESOLVER, NAME, "A").answers
    assert (record.data, record.ttl) == ("10.10.9.9", 4)
    service.now = 7.0
    assert shape(service.resolve(RESOLVER, NAME, "A")) == {"10.10.1.1"}


def test_reverse_names_are_generic(build):
    service = build()
    (ptr,) = service.resolve(RESOLVER, "50.211.10.10.in-addr.arpa", "PTR").answers
    assert ptr.data.rstrip(".") == "ip-10-10-211-50.ap-northeast-1.compute.internal"
    assert shape(service.resolve(RESOLVER, ptr.data, "A")) == {"10.10.211.50"}
    virginia = build({"region": "us-east-1"})
    (ptr,) = virginia.resolve(RESOLVER, "50.211.10.10.in-addr.arpa", "PTR").answers
    assert ptr.data.rstrip(".") == "ip-10-10-211-50.ec2.internal"
    assert shape(service.resolve(RESOLVER, "8.8.8.8.in-addr.arpa", "PTR"))[0] == "NXDOMAIN"


def test_an_inbound_endpoint_is_the_resolver_of_its_vpc(build, one):
    endpoint = {"id": "rslvr-in-1", "vpc": "vpc-1", "addresses": ["10.10.4.4", "10.10.5.5"]}
    service = build({"endpoints": [endpoint]}, one)
    assert shape(service.resolve("10.10.4.4", NAME, "A")) == {"10.10.1.1"}
    for broken in ({"direction": "OUTBOUND"}, {"status": "ACTION_NEEDED"}, {"protocols": ["DoH"]}):
        assert shape(build({"endpoints": [endpoint | broken]}, one).resolve("10.10.4.4", NAME, "A")) == "silence"


def test_link_local_is_the_resolver_of_the_hosts_vpc(build, one):
    inside = build({"host": {"in_vpc": "vpc-1"}}, one)
    assert shape(inside.resolve("169.254.169.253", NAME, "A")) == {"10.10.1.1"}
    assert shape(build({}, one).resolve("169.254.169.253", NAME, "A")) == "silence"


def test_an_address_without_a_server_is_silent(build):
    assert build().resolve("192.0.2.1", NAME, "A") is None
