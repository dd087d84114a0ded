"""How the ECS side of a name is found: by instances, by hints, else by a walk over the clusters."""

from __future__ import annotations

from typing import Any

from sddoctor.case.seen import Absent, Denied, NotAttempted, Seen
from tests.unit.observe_aws.conftest import NAMESPACE, OTHER_TASK, SERVICE, TASK, Observe, Observed

LOST = "0" * 31 + "1"


def article_service(**changes: Any) -> dict[str, Any]:
    return {"clusters": {"dev": {"services": {"dev-api-service": changes}}}}


def instances(*items: dict[str, Any]) -> dict[str, Any]:
    return {"namespaces": {NAMESPACE: {"services": {SERVICE: {"instances": list(items)}}}}}


def task_of(look: Observed, instance_id: str) -> Any:
    return next(r.task for r in look.facts.ecs.registered if r.instance_id == instance_id)


def test_without_instances_the_registry_leads_to_the_service(observe: Observe):
    tasks = [{"id": TASK, "address": "10.10.211.50", "registered": False}]
    # With answers in no time it would be chance who asks first.
    look = observe({**article_service(tasks=tasks, desired=1), "faults": {"latency_ms": 150}})
    assert look.view.instances.value == ()
    assert [w.cluster.rsplit("/", 1)[-1] for w in look.facts.ecs.walks] == ["dev"]
    (found,) = look.facts.ecs.tasks
    assert [t.id for t in found.running.value] == [TASK]
    assert look.depth == 7
    rounds = {c.call: c.round for c in look.reads.calls.timings()}
    walk = ("ListClusters", "ListServices", "DescribeServices", "ListTasks", "DescribeTasks")
    assert [rounds[f"ecs:{c}"] for c in walk] == [2, 3, 4, 5, 6]


def test_failed_operations_are_read_when_a_task_is_not_registered(observe: Observe):
    tasks = [{"id": TASK, "address": "10.10.211.50", "registered": False}]
    operation = {"id": "op-1", "error_code": "HOSTED_ZONE_NOT_FOUND", "instance_id": TASK}
    world = {
        **article_service(tasks=tasks, desired=1),
        "namespaces": {NAMESPACE: {"services": {SERVICE: {"operations": [operation]}}}},
    }
    (seen,) = observe(world).view.operations.value
    assert (seen.type, seen.status, seen.error_code, seen.instance_id) == (
        "REGISTER_INSTANCE",
        "FAIL",
        "HOSTED_ZONE_NOT_FOUND",
        TASK,
    )


def test_hints_spare_the_walk(observe: Observe):
    look = observe(article_service(desired=0, tasks=[]), cluster="dev", service="dev-api-service")
    assert [s.name for s in look.facts.ecs.services.value] == ["dev-api-service"]
    assert isinstance(look.facts.ecs.clusters, NotAttempted)
    assert "ecs:ListClusters" not in look.asked


def test_a_service_that_was_deleted_does_not_end_the_search(observe: Observe):
    """ECS describes a deleted service for a while, registry and all; another may have taken its place."""
    registries = [{"service": SERVICE}]
    services = [
        {"name": "old", "task_definition": "dev-api", "status": "INACTIVE", "registries": registries},
        {"name": "new", "task_definition": "dev-api", "desired": 0, "registries": registries},
    ]
    look = observe({"clusters": [{"name": "dev", "services": services}]}, cluster="dev", service="old")
    assert [w.cluster.rsplit("/", 1)[-1] for w in look.facts.ecs.walks] == ["dev"]
    assert [t.service_arn.rsplit("/", 1)[-1] for t in look.facts.ecs.tasks] == ["new"]


def test_a_wrong_hint_does_no_harm(observe: Observe):
    look = observe(cluster="nowhere", service="nothing")
    assert "dev-api-service" in [s.name for s in look.facts.ecs.services.value]
    assert {t.id for t in look.facts.ecs.tasks[0].running.value} == {TASK, OTHER_TASK}


def test_stopped_tasks_are_read_when_tasks_are_missing(observe: Observe):
    stopped = {
        "id": LOST,
        "last_status": "STOPPED",
        "desired_status": "STOPPED",
        "health": "UNHEALTHY",
        "stopped_ago": 60,
        "stop_code": "ServiceSchedulerInitiated",
        "stopped_reason": "Task failed container health checks",
        "registered": False,
    }
    look = observe(article_service(tasks=[{"id": TASK, "address": "10.10.211.50"}, stopped]))
    (tasks,) = look.facts.ecs.tasks
    assert [t.id for t in tasks.running.value] == [TASK]
    (gone,) = tasks.stopped.value
    assert (gone.id, gone.stopped_reason) == (LOST, "Task failed container health checks")


def test_an_instance_whose_task_ecs_does_not_know_has_an_absent_task(observe: Observe):
    left = {"id": LOST, "ipv4": "10.10.9.9", "cluster": "dev", "ecs_service": "dev-api-service"}
    look = observe(instances(left))
    assert isinstance(task_of(look, LOST), Absent)
    assert isinstance(task_of(look, TASK), Seen)


def test_a_task_in_a_cluster_that_is_gone_is_gone(observe: Observe):
    left = {"id": LOST, "ipv4": "10.10.9.9", "cluster": "deleted", "ecs_service": "old"}
    assert isinstance(task_of(observe(instances(left)), LOST), Absent)


def test_not_in_one_cluster_does_not_mean_gone(observe: Observe):
    """An instance that was registered by hand under a task's id does not say in which cluster the task runs."""
    left = {"id": LOST, "ipv4": "10.10.9.9"}
    fact = task_of(observe(instances(left)), LOST)
    assert isinstance(fact, NotAttempted)
    assert "cluster" in fact.why


def test_an_id_that_is_no_task_id_is_not_asked_for(observe: Observe):
    look = observe(instances({"id": "my-host", "ipv4": "10.10.9.9"}))
    assert {r.instance_id for r in look.facts.ecs.registered} == {TASK, OTHER_TASK}


def test_a_cluster_that_may_not_be_read_is_a_gap_of_the_walk(observe: Observe):
    world = {**article_service(tasks=[], desired=0), "faults": {"deny": ["ecs:ListServices"]}}
    look = observe(world)
    (walk,) = look.facts.ecs.walks
    assert isinstance(walk.services, Denied)


def test_a_service_that_is_not_attached_is_a_candidate_with_its_tasks(observe: Observe):
    look = observe(article_service(registries=[]))
    assert look.view.instances.value == ()
    (candidate,) = look.facts.ecs.tasks
    assert candidate.service_arn.endswith("/dev-api-service")
    assert {t.id for t in candidate.running.value} == {TASK, OTHER_TASK}
    assert look.facts.ecs.task_definitions[0].definition.value.family == "dev-api"


def test_a_service_that_judging_would_take_to_be_meant_is_read(observe: Observe):
    """A short name inside the label is spelled quite otherwise, and meant all the same."""
    look = observe(article_service(name="ap", registries=[]))
    assert [t.service_arn.rsplit("/", 1)[-1] for t in look.facts.ecs.tasks] == ["ap"]


def test_tasks_outside_services_are_read_when_no_service_is_attached(observe: Observe):
    alone = {"id": LOST, "address": "10.10.9.9", "group": "family:dev-api", "task_definition": "dev-api"}
    world = {"clusters": {"dev": {"tasks": [alone], "services": {"dev-api-service": {"registries": []}}}}}
    look = observe(world)
    assert [t.id for t in look.facts.ecs.loose_tasks.value] == [LOST]


def test_hosts_are_described_only_for_tasks_that_have_one(observe: Observe):
    assert isinstance(observe().facts.ecs.container_instances, NotAttempted)
    tasks = [{"id": TASK, "address": "10.10.211.50", "launch_type": "EC2", "container_instance": "c" * 32}]
    world = {
        "clusters": {
            "dev": {
                "container_instances": [{"id": "c" * 32, "status": "DRAINING", "agent_connected": False}],
                "services": {"dev-api-service": {"tasks": tasks, "desired": 1, "launch_type": "EC2"}},
            }
        }
    }
    (host,) = observe(world).facts.ecs.container_instances.value
    assert (host.status, host.agent_connected) == ("DRAINING", False)
