"""Which namespaces and which service a name means."""

from __future__ import annotations

import pytest

from sddoctor.case.cloudmap import Namespace
from sddoctor.case.seen import Absent, NotAttempted, Seen
from sddoctor.observe.aws.cloudmap_lists import Guess, guess
from sddoctor.observe.aws.vpcs import matching
from tests.unit.observe_aws.conftest import NAMESPACE, SERVICE, TASK, VPC, Observe


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("dev-api.example.internal", Guess("dev-api", "example.internal")),
        ("_http._tcp.example.internal", Guess("_http._tcp", "example.internal")),
        ("_dmarc.example", Guess("_dmarc", "example")),
        ("dev-api", Guess("dev-api", "")),
    ],
)
def test_the_name_alone_suggests_service_and_namespace(name: str, expected: Guess):
    assert guess(name) == expected


def namespaces(*names: str) -> tuple[Namespace, ...]:
    return tuple(Namespace(f"ns-{i}", "", n, "DNS_PRIVATE") for i, n in enumerate(names))


def test_namespaces_match_by_whole_labels_the_longest_first():
    found = matching(
        namespaces("internal", "ample.internal", "api.example.internal", "example.internal"), "dev.api.example.internal"
    )
    assert [n.name for n in found] == ["api.example.internal", "example.internal", "internal"]


def test_twins_of_one_name_are_all_seen(observe: Observe):
    world = {
        "namespaces": [
            {
                "id": NAMESPACE,
                "name": "example.internal",
                "zone": "Z1",
                "vpcs": [VPC],
                "services": [{"id": SERVICE, "name": "dev-api"}],
            },
            {
                "id": "ns-twin",
                "name": "example.internal",
                "zone": "Z2",
                "services": [{"id": "srv-twin", "name": "other"}],
            },
        ]
    }
    look = observe(world)
    views = {v.namespace.id: v for v in look.facts.cloudmap.views}
    assert set(views) == {NAMESPACE, "ns-twin"}
    assert isinstance(views["ns-twin"].service, Absent)
    assert isinstance(views["ns-twin"].instances, Absent)
    assert views["ns-twin"].zone.value.id == "Z2"
    assert views[NAMESPACE].service.value.id == SERVICE


def test_a_service_is_found_whatever_the_case_of_its_name(observe: Observe):
    look = observe({"namespaces": {NAMESPACE: {"services": {SERVICE: {"name": "Dev-API"}}}}})
    assert look.view.service.value.id == SERVICE
    assert len(look.view.instances.value) == 2


def test_of_services_that_differ_by_case_the_one_in_dns_is_meant(observe: Observe):
    shadow = {"id": "srv-shadow", "name": "DEV-API", "type": "HTTP", "records": [], "health": "none"}
    article = {"id": SERVICE, "name": "dev-api"}
    for services in ([article, shadow], [shadow, article]):
        look = observe({"namespaces": {NAMESPACE: {"services": services}}})
        assert look.view.service.value.id == SERVICE


def test_the_target_of_an_srv_record_leads_to_its_service(observe: Observe):
    look = observe(name=f"{TASK}.dev-api.example.internal")
    assert look.view.service.value.id == SERVICE
    assert [s.name for s in look.facts.ecs.services.value] == ["dev-api-service"]


def test_a_service_that_is_missing_is_absent_with_all_that_belongs_to_it(observe: Observe):
    look = observe(name="dev-pi.example.internal")
    view = look.view
    assert [s.name for s in view.services.value] == ["dev-api"]
    assert isinstance(view.service, Absent)
    assert isinstance(view.instances, Absent)
    assert isinstance(view.health, Absent)
    assert view.records.value == ()
    assert look.facts.cloudmap.elsewhere == ()


def test_where_no_namespace_matches_services_elsewhere_are_read(observe: Observe):
    look = observe(name="dev-api.exampel.internal")
    assert look.facts.cloudmap.views == ()
    (elsewhere,) = look.facts.cloudmap.elsewhere
    assert [s.name for s in elsewhere.services.value] == ["dev-api"]
    assert look.observer.zone_names() == ()
    assert not isinstance(look.observer.resolvers(), Seen)


def test_the_namespaces_most_like_the_name_are_read_elsewhere(observe: Observe):
    crowd = [{"id": f"ns-{n}", "name": f"zone{n}.corp", "zone": f"Z{n}"} for n in range(30)]
    near = {
        "id": "ns-near",
        "name": "example.internal",
        "zone": "Z99",
        "services": [{"id": "srv-9", "name": "dev-api"}],
    }
    look = observe({"namespaces": [*crowd, near]}, name="dev-api.exampel.internal")
    assert len(look.facts.cloudmap.elsewhere) == 20
    assert look.facts.cloudmap.elsewhere[0].namespace_id == "ns-near"


def test_an_http_namespace_has_no_zone_and_its_tags_are_read(observe: Observe):
    http = {
        "id": NAMESPACE,
        "name": "example.internal",
        "type": "HTTP",
        "services": [
            {
                "id": SERVICE,
                "name": "dev-api",
                "records": [],
                "health": "none",
                "tags": {"AmazonECSManaged": "true", "team": "x"},
            }
        ],
    }
    view = observe({"namespaces": [http]}).view
    assert view.namespace.type == "HTTP"
    assert isinstance(view.zone, Absent)
    assert isinstance(view.records, Absent)
    assert [(t.key, t.value) for t in view.tags.value] == [("AmazonECSManaged", "true")]


def test_tags_of_a_service_in_dns_are_not_read(observe: Observe):
    look = observe()
    assert isinstance(look.view.tags, NotAttempted)
    assert "servicediscovery:ListTagsForResource" not in look.asked


def test_a_zone_that_was_deleted_is_absent(observe: Observe):
    view = observe({"namespaces": {NAMESPACE: {"zone_deleted": True}}}).view
    assert isinstance(view.zone, Absent)
    assert isinstance(view.records, Absent)


def test_records_below_the_name_are_seen_and_neighbours_are_not(observe: Observe):
    names = ["dev-api-2", "dev-ap", "a.dev-api", "dev-api.x"]
    records = [{"name": f"{n}.example.internal", "values": ["10.10.1.1"]} for n in names]
    look = observe({"zones": [{"id": "Z0EXAMPLEINTERNAL01", "records": records}]}, page_size=1)
    assert {r.name for r in look.view.records.value} == {"dev-api.example.internal", "a.dev-api.example.internal"}


def test_only_attributes_with_a_meaning_are_kept(observe: Observe):
    mine = {"id": "mine", "ipv4": "10.10.9.9", "attributes": {"password": "hush", "DeploymentId": "d-1"}}
    look = observe({"namespaces": {NAMESPACE: {"services": {SERVICE: {"instances": [mine]}}}}})
    instance = next(i for i in look.view.instances.value if i.id == "mine")
    assert instance.get("DeploymentId") == "d-1"
    assert instance.get("password") is None
