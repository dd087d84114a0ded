"""Which name, and which ECS service, is taken to be meant; and what is compared of ids."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from sddoctor.case.case import Case
from sddoctor.case.cloudmap import Attribute, CloudMapFacts, CloudMapService, Instance, Namespace, NamespaceServices
from sddoctor.case.ecs import EcsService, Registry, ServiceTasks, Task
from sddoctor.case.seen import Absent, Denied, Seen, UnseenFactError
from sddoctor.text.likeness import MEANT, likeness
from sddoctor.trail.candidates import resembling
from sddoctor.trail.trail import Trail
from tests.unit.causes.cloudmap.test_registration import changed
from tests.unit.causes.ecs.ecs_case import case, found, service, task

ARN = "arn:aws:servicediscovery:eu-west-1:111122223333:service/"


def other(name: str, number: int, *registries: str, **changes: Any) -> EcsService:
    base = service(name=name, arn=f"arn:aws:ecs:eu-west-1:111122223333:service/dev/{name}-{number}", **changes)
    return replace(base, registries=tuple(Registry(f"{ARN}{r}") for r in registries))


def unattached(*services: EcsService, loose: tuple[Task, ...] = ()) -> Case:
    """An empty Cloud Map service dev-api, beside ECS services of which every one was read."""
    of = changed(case((), of=other("unlike", 0)), services=Seen((entry("dev-api", "srv-1"),), "test"))
    ecs = replace(
        of.aws.ecs,
        services=Seen(services, "test"),
        clusters=Seen(("arn:aws:ecs:eu-west-1:111122223333:cluster/dev",), "test"),
        tasks=(),
        loose_tasks=Seen(loose, "test"),
    )
    return replace(of, aws=replace(of.aws, ecs=ecs))


def entry(name: str, number: str) -> CloudMapService:
    return CloudMapService(number, f"{ARN}{number}", name, "ns-1", "DNS_HTTP")


@pytest.mark.parametrize("name", ["dev-api", "dev-api-service", "DEV-API", "dev-apis", "api", "devapi"])
def test_like_names(name: str) -> None:
    assert likeness("dev-api", name) >= MEANT


@pytest.mark.parametrize("name", ["worker", "billing", "dev-web", "nightly"])
def test_unlike_names(name: str) -> None:
    assert likeness("dev-api", name) < MEANT


def test_the_nearest_comes_first() -> None:
    of = unattached(other("dev-api-service", 1), other("dev-api", 2), other("worker", 3))
    assert [s.name for s in resembling(Trail(of))] == ["dev-api", "dev-api-service"]


def test_a_hint_wins_over_the_spelling() -> None:
    of = unattached(other("dev-api-service", 1), other("dev-api", 2))
    of = replace(of, asked=replace(of.asked, service="dev-api-service"))
    assert [s.name for s in resembling(Trail(of))] == ["dev-api-service", "dev-api"]


def test_a_deleted_service_is_not_meant() -> None:
    assert resembling(Trail(unattached(other("dev-api", 1, status="INACTIVE")))) == []


def test_a_service_that_is_rightly_registered_under_its_own_name_is_not_meant() -> None:
    of = unattached(other("dev-api-v2", 1, "srv-2"))
    of = changed(of, services=Seen((entry("dev-api", "srv-1"), entry("dev-api-v2", "srv-2")), "test"))
    assert resembling(Trail(of)) == []
    assert found("registry-arn-mismatch", of) is None
    assert found("service-not-attached", of) is not None


def test_ids_are_compared_and_not_arns() -> None:
    shared = other("dev-api", 1)
    shared = replace(shared, registries=(Registry("arn:aws:servicediscovery:eu-west-1:999999999999:service/srv-1"),))
    of = unattached(shared)
    assert Trail(of).ecs.attached == (shared,)
    assert found("registry-arn-mismatch", of) is None
    longer = unattached(other("dev-api", 1, "srv-11"))
    assert Trail(longer).ecs.attached == ()
    mismatch = found("registry-arn-mismatch", longer)
    assert mismatch is not None
    assert "srv-11" in mismatch.summary


def test_one_task_under_the_name_is_enough_against_a_mismatch() -> None:
    of = unattached(other("dev-api", 1, "srv-2"))
    theirs = ServiceTasks(of.aws.ecs.services.value[0].arn, Seen((task(1),), "test"), Seen((), "test"))
    of = replace(of, aws=replace(of.aws, ecs=replace(of.aws.ecs, tasks=(theirs,))))
    assert found("registry-arn-mismatch", of) is not None
    by_address = Instance("job-1", (Attribute("AWS_INSTANCE_IPV4", task(1).addresses[0]),))
    assert found("registry-arn-mismatch", changed(of, instances=Seen((by_address,), "test"))) is None


@pytest.mark.parametrize("code", ["service-not-attached", "registry-arn-mismatch", "task-outside-service"])
def test_as_long_as_a_cluster_was_not_read_nobody_is_not_known(code: str) -> None:
    of = unattached(other("dev-api", 1))
    denied = replace(of.aws.ecs, clusters=Denied("the clusters", "ecs:ListClusters"))
    with pytest.raises(UnseenFactError):
        found(code, replace(of, aws=replace(of.aws, ecs=denied)))


def loose(family: str, **changes: Any) -> Task:
    definition = f"arn:aws:ecs:eu-west-1:111122223333:task-definition/{family}:3"
    return task(9, **{"group": f"family:{family}", "started_by": "someone", "task_definition": definition} | changes)


@pytest.mark.parametrize(
    ("of_task", "named"),
    [
        (loose("dev-api"), True),
        (loose("nightly"), False),
        (loose("dev-api", started_by="ecs-svc/7"), False),
        (loose("dev-api", group="service:other"), False),
        (loose("dev-api", last_status="PENDING"), False),
    ],
    ids=["its family", "another family", "of a deployment", "of a service", "not running"],
)
def test_which_task_outside_a_service_is_meant(of_task: Task, named: bool) -> None:
    assert (found("task-outside-service", unattached(loose=(of_task,))) is not None) is named


def asked(name: str, *namespaces: str, services: dict[str, tuple[str, ...]]) -> Case:
    """A name that no namespace is a suffix of."""
    spaces = tuple(Namespace(f"ns-{n}", f"{ARN}ns-{n}", n, "DNS_PRIVATE") for n in namespaces)
    looks = tuple(
        NamespaceServices(f"ns-{n}", Seen(tuple(entry(s, f"srv-{s}") for s in labels), "test"))
        for n, labels in services.items()
    )
    of = case((), answered=())
    cloudmap = CloudMapFacts(Seen(spaces, "test"), (), looks)
    vpc = replace(of.aws.vpc, client=Absent("a VPC", "test"))
    return replace(of, name=name, aws=replace(of.aws, cloudmap=cloudmap, vpc=vpc))


@pytest.mark.parametrize(
    "name",
    ["dev-api.exmaple.internal", "dev-api.local"],
    ids=["a slip in the namespace", "a service of that label elsewhere"],
)
def test_the_namespace_that_was_meant(name: str) -> None:
    of = asked(name, "example.internal", "zzz.test", services={"example.internal": ("dev-api",), "zzz.test": ("pay2",)})
    finding = found("namespace-not-found", of)
    assert finding is not None
    assert finding.summary.endswith("Did you mean dev-api.example.internal?")
    assert finding.would_tell  # no zone of any VPC was read


@pytest.mark.parametrize("name", ["pay.exmaple.internal", "pay.corp"])
def test_whose_name_it_is_stays_open_where_no_service_was_meant(name: str) -> None:
    of = asked(name, "example.internal", "zzz.test", services={"example.internal": ("dev-api",), "zzz.test": ("pay2",)})
    with pytest.raises(UnseenFactError):
        found("namespace-not-found", of)


def test_a_name_of_aws_is_in_no_namespace() -> None:
    of = asked("dev-api.amazonaws.com", "example.internal", services={"example.internal": ("dev-api",)})
    assert found("namespace-not-found", of) is None


@pytest.mark.parametrize(("label", "meant"), [("dev-ap1", "dev-api.example.internal"), ("qqqq", None)])
def test_the_service_that_was_meant(label: str, meant: str | None) -> None:
    of = unattached(other("unlike", 1))
    view = replace(of.aws.cloudmap.views[0], service=Absent("a service", "test"), records=Seen((), "test"))
    cloudmap = replace(of.aws.cloudmap, views=(view,))
    of = replace(of, name=f"{label}.example.internal", aws=replace(of.aws, cloudmap=cloudmap))
    finding = found("service-not-found", of)
    assert finding is not None
    assert ("Did you mean" in finding.summary) is (meant is not None)
    assert meant is None or meant in finding.summary
