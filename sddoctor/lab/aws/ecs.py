"""Amazon ECS, reading.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

from typing import Any

from sddoctor.lab.aws.account import Account, Params, Wire, serves
from sddoctor.lab.aws.errors import ApiError, invalid
from sddoctor.lab.objects import LiveCluster

SERVICE = "ecs"


def last(name: str) -> str:
    """Return the last part of an ARN, or the name itself."""
    return name.rsplit("/", 1)[-1]


def missing(arn: str) -> Wire:
    """Return the entry of ``failures`` for an ARN that does not exist.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html
    """
    return {"arn": arn, "reason": "MISSING"}


def find_cluster(account: Account, params: Params) -> LiveCluster:
    """Return the cluster that a call names. Raises :class:`ApiError`."""
    cluster = account.state.clusters.get(last(params.get("cluster", "default")))
    if cluster is None:
        raise ApiError("ClusterNotFoundException", "Cluster not found.")
    return cluster


def find_service(cluster: LiveCluster, name: str) -> Wire:
    """Return an ECS service that has not been deleted. Raises :class:`ApiError`."""
    service = cluster.services.get(last(name))
    if service is None:
        raise ApiError("ServiceNotFoundException", "Service not found.")
    return service


def find_definition(account: Account, name: str) -> Wire | None:
    """Return a task definition by ``family``, ``family:revision`` or ARN."""
    family, _, revision = last(name).partition(":")
    found = [d for d in account.state.task_definitions.values() if d["family"] == family]
    if revision:
        found = [d for d in found if str(d["revision"]) == revision]
    return max(found, key=lambda d: d["revision"], default=None)


def _arns(account: Account, arns: list[str], params: Params, default: int = 100) -> tuple[list[str], str | None]:
    wanted = params.get("maxResults")
    if wanted is not None and not 1 <= wanted <= 100:
        raise invalid(SERVICE, "maxResults must be between 1 and 100.")
    return account.page(arns, params.get("nextToken"), wanted, default)


@serves(SERVICE, "ListClusters")
def list_clusters(account: Account, params: Params) -> Wire:
    """List the clusters."""
    page, token = _arns(account, [c.arn for c in account.state.clusters.values()], params)
    return {"clusterArns": page, "nextToken": token}


@serves(SERVICE, "DescribeClusters")
def describe_clusters(account: Account, params: Params) -> Wire:
    """Describe clusters, the one called ``default`` if none is named."""
    found, failures = [], []
    for name in params.get("clusters") or ["default"]:
        cluster = account.state.clusters.get(last(name))
        if cluster is None:
            failures.append(missing(name if ":" in name else account.state.arn(SERVICE, f"cluster/{name}")))
            continue
        tasks = cluster.tasks.values()
        found.append(
            {
                "clusterArn": cluster.arn,
                "clusterName": cluster.name,
                "status": "ACTIVE",
                "registeredContainerInstancesCount": len(cluster.container_instances),
                "runningTasksCount": sum(t["lastStatus"] == "RUNNING" for t in tasks),
                "pendingTasksCount": sum(t["lastStatus"] == "PENDING" for t in tasks),
                "activeServicesCount": sum(s["status"] == "ACTIVE" for s in cluster.services.values()),
            }
        )
    return {"clusters": found, "failures": failures}


@serves(SERVICE, "ListServices")
def list_services(account: Account, params: Params) -> Wire:
    """List services, ten a page by default.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListServices.html
    """
    cluster = find_cluster(account, params)
    services = [s for s in cluster.services.values() if s["status"] != "INACTIVE"]
    if "launchType" in params:
        services = [s for s in services if s.get("launchType") == params["launchType"]]
    page, token = _arns(account, [s["serviceArn"] for s in services], params, default=10)
    return {"serviceArns": page, "nextToken": token}


@serves(SERVICE, "DescribeServices")
def describe_services(account: Account, params: Params) -> Wire:
    """Describe up to ten services."""
    names = params["services"]
    if len(names) > 10:
        raise invalid(SERVICE, "services cannot have more than 10 entries.")
    if not names:
        raise invalid(SERVICE, "services can not be empty.")
    cluster = find_cluster(account, params)
    found, failures = [], []
    for name in names:
        service = cluster.services.get(last(name))
        if service is None or (name.startswith("arn:") and name != service["serviceArn"]):
            failures.append(_missing(account, cluster, "service", name))
        else:
            found.append(service)
    return {"services": found, "failures": failures}


def _missing(account: Account, cluster: LiveCluster, kind: str, name: str) -> Wire:
    arn = account.state.arn(SERVICE, f"{kind}/{cluster.name}/{last(name)}")
    return missing(name if name.startswith("arn:") else arn)


def _described(account: Account, params: Params, kind: str, key: str) -> Wire:
    """Return what the names under ``key`` stand for, all of one kind, with the ``failures``."""
    cluster = find_cluster(account, params)
    items = cluster.tasks if kind == "task" else cluster.container_instances
    return {
        key: [items[last(name)] for name in params[key] if last(name) in items],
        "failures": [_missing(account, cluster, kind, name) for name in params[key] if last(name) not in items],
    }


@serves(SERVICE, "DescribeTaskSets")
def describe_task_sets(account: Account, params: Params) -> Wire:
    """Describe the task sets of a service."""
    service = find_service(find_cluster(account, params), params["service"])
    wanted = [last(n) for n in params.get("taskSets", [])]
    sets = service.get("taskSets", [])
    known = {s["id"] for s in sets}
    return {
        "taskSets": [s for s in sets if not wanted or s["id"] in wanted],
        "failures": [missing(name) for name in wanted if name not in known],
    }


@serves(SERVICE, "ListTasks")
def list_tasks(account: Account, params: Params) -> Wire:
    """List tasks by their *desired* status, RUNNING by default; there are none for PENDING.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTasks.html
    """
    cluster = find_cluster(account, params)
    if "startedBy" in params and {"serviceName", "family"} & set(params):
        raise invalid(SERVICE, "startedBy cannot be combined with other filters.")
    if "serviceName" in params:
        find_service(cluster, params["serviceName"])
    page, token = _arns(account, [t["taskArn"] for t in cluster.tasks.values() if _selected(t, params)], params)
    return {"taskArns": page, "nextToken": token}


def _selected(task: Wire, params: Params) -> bool:
    definition = last(task["taskDefinitionArn"]).split(":", maxsplit=1)[0]
    checks: dict[str, Any] = {
        "serviceName": lambda v: task.get("group") == f"service:{last(v)}",
        "family": lambda v: definition == v,
        "startedBy": lambda v: task.get("startedBy") == v,
        "launchType": lambda v: task.get("launchType") == v,
        "containerInstance": lambda v: last(task.get("containerInstanceArn", "")) == last(v),
    }
    if task["desiredStatus"] != params.get("desiredStatus", "RUNNING"):
        return False
    return all(check(params[key]) for key, check in checks.items() if key in params)


@serves(SERVICE, "DescribeTasks")
def describe_tasks(account: Account, params: Params) -> Wire:
    """Describe up to a hundred tasks, by id or ARN, stopped ones too."""
    names = params["tasks"]
    if not names:
        raise invalid(SERVICE, "Tasks cannot be empty.")
    if len(names) > 100:
        raise invalid(SERVICE, "Tasks cannot have more than 100 entries.")
    return _described(account, params, "task", "tasks")


@serves(SERVICE, "DescribeTaskDefinition")
def describe_task_definition(account: Account, params: Params) -> Wire:
    """Describe the newest revision of a family, or the one named."""
    found = find_definition(account, params["taskDefinition"])
    if found is None:
        raise ApiError("ClientException", "Unable to describe task definition.")
    return {"taskDefinition": found, "tags": []}


@serves(SERVICE, "DescribeContainerInstances")
def describe_container_instances(account: Account, params: Params) -> Wire:
    """Describe container instances."""
    return _described(account, params, "container-instance", "containerInstances")


@serves(SERVICE, "ExecuteCommand")
def execute_command(account: Account, params: Params) -> Wire:
    """Fail as ECS does for a task without ECS Exec: the lab has no containers to run a command in."""
    cluster = find_cluster(account, params)
    if last(params["task"]) not in cluster.tasks:
        raise invalid(SERVICE, "The referenced task was not found.")
    raise invalid(
        SERVICE,
        "The execute command failed because execute command was not enabled when the task was run "
        "or the execute command agent isn't running. Wait and try again or run a new task with execute "
        "command enabled and try again.",
    )
