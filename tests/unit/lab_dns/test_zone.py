from collections import Counter

NAME = "dev-api.example.internal"
RESOLVER = "10.10.0.2"
SOA = "ns-1536.awsdns-00.co.uk. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400"


def denial(said, rcode="NXDOMAIN", owner="example.internal", ttl=15):
    assert said.rcode == rcode
    assert said.answers == ()
    (soa,) = said.authority
    assert (soa.owner, soa.type, soa.ttl) == (owner, "SOA", ttl)
    return True


def test_healthy_instances_are_answered_with_the_ttl_of_the_service(build, instances):
    service = build(instances=instances("10.10.1.1", "10.10.1.2"), records=[{"type": "A", "ttl": 7}])
    said = service.resolve(RESOLVER, NAME, "A")
    assert set(said.addresses) == {"10.10.1.1", "10.10.1.2"}
    assert {(r.owner, r.ttl) for r in said.answers} == {(NAME, 7)}
    assert said.authority == ()


def test_the_name_is_not_case_sensitive(build, instances):
    assert build(instances=instances("10.10.1.1")).resolve(RESOLVER, "DEV-Api.Example.INTERNAL.", "A").addresses


def test_at_most_eight_at_random(build, instances):
    every = [f"10.10.1.{i}" for i in range(12)]
    service = build(instances=instances(*every))
    seen = Counter()
    for _ in range(60):
        said = service.resolve(RESOLVER, NAME, "A")
        assert len(set(said.addresses)) == 8
        seen.update(said.addresses)
    assert set(seen) == set(every)
    assert min(seen.values()) > 15


def test_weighted_answers_one(build, instances):
    service = build(instances=instances("10.10.1.1", "10.10.1.2"), routing="WEIGHTED")
    answers = [service.resolve(RESOLVER, NAME, "A").addresses for _ in range(40)]
    assert {len(a) for a in answers} == {1}
    assert {a[0] for a in answers} == {"10.10.1.1", "10.10.1.2"}


def test_unhealthy_ones_are_left_out_and_unknown_ones_are_not(build, instances):
    found = instances("10.10.1.1", "10.10.1.2", "10.10.1.3")
    found[1]["health"], found[2]["health"] = "UNHEALTHY", "UNKNOWN"
    assert set(build(instances=found).resolve(RESOLVER, NAME, "A").addresses) == {"10.10.1.1", "10.10.1.3"}


def test_all_unhealthy_as_the_service_says(build, instances):
    found = instances("10.10.1.1", "10.10.1.2", health="UNHEALTHY")
    assert denial(build(instances=found).resolve(RESOLVER, NAME, "A"))
    answering = build(instances=found, all_unhealthy="answers")
    assert set(answering.resolve(RESOLVER, NAME, "A").addresses) == {"10.10.1.1", "10.10.1.2"}
    weighted = build(instances=found, all_unhealthy="answers", routing="WEIGHTED")
    assert len(weighted.resolve(RESOLVER, NAME, "A").addresses) == 1


def test_no_instance_and_no_service_are_nxdomain_with_the_zones_soa(build):
    service = build()
    assert denial(service.resolve(RESOLVER, NAME, "A"))
    assert denial(service.resolve(RESOLVER, "dev-pi.example.internal", "A"))
    assert service.resolve(RESOLVER, NAME, "A").authority[0].data == SOA


def test_the_negative_ttl_is_the_smaller_of_ttl_and_minimum(build):
    short = build({"namespaces": {"ns-1": {"soa_ttl": 60}}})
    assert denial(short.resolve(RESOLVER, NAME, "A"), ttl=60)
    long = build({"namespaces": {"ns-1": {"soa_ttl": 100000}}})
    assert denial(long.resolve(RESOLVER, NAME, "A"), ttl=86400)


def test_another_type_is_nodata(build, instances):
    assert denial(build(instances=instances("10.10.1.1")).resolve(RESOLVER, NAME, "AAAA"), "NOERROR")


def test_dual_stack(build):
    found = [{"id": "t", "ipv4": "10.10.1.1", "ipv6": "2001:db8::1"}]
    service = build(instances=found, records=[{"type": "A"}, {"type": "AAAA"}])
    assert service.resolve(RESOLVER, NAME, "A").addresses == ("10.10.1.1",)
    assert service.resolve(RESOLVER, NAME, "AAAA").addresses == ("2001:db8::1",)


def test_srv_has_targets_below_the_name(build, instances):
    service = build(instances=instances("10.10.1.1", port=3000), records=[{"type": "SRV", "ttl": 9}])
    (record,) = service.resolve(RESOLVER, NAME, "SRV").answers
    assert (record.ttl, record.data.rstrip(".")) == (9, f"1 1 3000 task0.{NAME}")
    assert service.resolve(RESOLVER, f"task0.{NAME}", "A").addresses == ("10.10.1.1",)
    assert denial(service.resolve(RESOLVER, NAME, "A"), "NOERROR")


def test_apex(build):
    service = build()
    (soa,) = service.resolve(RESOLVER, "example.internal", "SOA").answers
    assert (soa.ttl, soa.data) == (15, SOA)
    assert len(service.resolve(RESOLVER, "example.internal", "NS").answers) == 4
    assert denial(service.resolve(RESOLVER, "example.internal", "A"), "NOERROR")


def test_an_api_only_service_has_no_record(build, instances):
    assert denial(build(instances=instances("10.10.1.1"), type="HTTP").resolve(RESOLVER, NAME, "A"))


def test_an_instance_without_record_is_not_answered(build, instances):
    assert denial(build(instances=instances("10.10.1.1", record=False)).resolve(RESOLVER, NAME, "A"))


def records(*more):
    return {"zones": [{"id": "Z1", "records": list(more)}]}


def test_records_of_its_own_wildcards_and_cnames(build):
    service = build(
        records(
            {"name": "*.apps.example.internal", "values": ["10.10.9.1"]},
            {"name": "fixed.apps.example.internal", "values": ["10.10.9.2", "10.10.9.3"]},
            {"name": "alias.example.internal", "type": "CNAME", "values": ["fixed.apps.example.internal."]},
        )
    )
    assert service.resolve(RESOLVER, "any.apps.example.internal", "A").addresses == ("10.10.9.1",)
    assert service.resolve(RESOLVER, "fixed.apps.example.internal", "A").addresses == ("10.10.9.2", "10.10.9.3")
    chain = service.resolve(RESOLVER, "alias.example.internal", "A")
    assert [(r.owner, r.type) for r in chain.answers] == [
        ("alias.example.internal", "CNAME"),
        ("fixed.apps.example.internal", "A"),
        ("fixed.apps.example.internal", "A"),
    ]
    assert denial(service.resolve(RESOLVER, "x.fixed.apps.example.internal", "A"))
    assert denial(service.resolve(RESOLVER, "apps.example.internal", "A"), "NOERROR")


def test_a_change_of_the_state_shows_at_once(build, instances):
    service = build(instances=instances("10.10.1.1"))
    service.state.services["srv-1"].instances[0].health = "UNHEALTHY"
    assert denial(service.resolve(RESOLVER, NAME, "A"))
