"""Lists are read to their end, however small and however empty their pages are."""

from __future__ import annotations

from msgspec import Struct

from sddoctor.case.seen import Unreachable
from tests.unit.observe_aws.conftest import NAMESPACE, VPC, Observe


def timeless(value: object) -> object:
    """The value without the times at which it was seen."""
    if isinstance(value, Struct):
        fields = [f for f in value.__struct_fields__ if not f.endswith("at")]
        return (type(value).__name__, tuple((f, timeless(getattr(value, f))) for f in fields))
    return tuple(map(timeless, value)) if isinstance(value, tuple) else value


def crowd(count: int) -> list[dict[str, object]]:
    return [
        {
            "id": f"ns-{n}",
            "name": f"n{n}.internal",
            "zone": f"Z{n}",
            "services": [{"id": f"srv-{n}", "name": "dev-api"}],
        }
        for n in range(count)
    ]


def test_small_pages_change_nothing(observe: Observe):
    assert timeless(observe(page_size=1).facts) == timeless(observe().facts)


def test_empty_pages_with_a_token_are_read_past(observe: Observe):
    """Cloud Map filters after paging: with one item a page, most pages of ListServices are empty."""
    look = observe({"namespaces": _with_crowd(4)}, page_size=1)
    assert len(look.facts.cloudmap.namespaces.value) == 5
    assert [v.namespace.id for v in look.facts.cloudmap.views] == [NAMESPACE]
    assert [s.name for s in look.view.services.value] == ["dev-api"]
    assert look.asked["servicediscovery:ListServices"] == 5


def _with_crowd(count: int) -> list[dict[str, object]]:
    article = {
        "id": NAMESPACE,
        "name": "example.internal",
        "zone": "Z0EXAMPLEINTERNAL01",
        "vpcs": [VPC],
        "services": [{"id": "srv-devapi0000000001", "name": "dev-api"}],
    }
    return [*crowd(count), article]


def test_services_are_listed_a_hundred_at_a_time_and_described_by_ten(observe: Observe):
    services = [{"name": f"s{n}", "task_definition": "dev-api"} for n in range(25)]
    look = observe({"clusters": [{"name": "dev", "services": services}]})
    (walk,) = look.facts.ecs.walks
    assert len(walk.services.value) == 25
    assert look.asked["ecs:ListServices"] == 1
    assert look.asked["ecs:DescribeServices"] == 3


def test_many_tasks_are_described_a_hundred_at_a_time(observe: Observe):
    tasks = [{"id": f"{n:032x}", "address": f"10.10.{n // 200}.{n % 200 + 1}"} for n in range(230)]
    look = observe({"clusters": {"dev": {"services": {"dev-api-service": {"desired": 230, "tasks": tasks}}}}})
    assert len(look.view.instances.value) == 230
    assert len(look.view.health.value) == 230
    assert len(look.view.records.value) == 230
    (found,) = look.facts.ecs.tasks
    assert len(found.running.value) == 230
    assert look.asked["ecs:DescribeTasks"] == 3
    assert len(look.facts.ecs.registered) == 230


def test_a_list_of_which_a_page_is_missing_is_not_seen(observe: Observe):
    look = observe({"faults": {"throttle": {"servicediscovery:GetInstancesHealthStatus": -1}}}, page_size=1)
    assert isinstance(look.view.health, Unreachable)
