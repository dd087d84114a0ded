"""The targets of load balancers in a running lab, and their health."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sddoctor.lab.balancers import LiveBalancer, LiveGroup
from sddoctor.lab.objects import LiveCluster
from sddoctor.lab.parts.load_balancers import Target, TargetState
from sddoctor.lab.state import LabState

_REASONS = {
    "initial": "Elb.InitialHealthChecking",
    "unhealthy": "Target.FailedHealthChecks",
    "unhealthy.draining": "Target.FailedHealthChecks",
    "unused": "Target.NotInUse",
    "draining": "Target.DeregistrationInProgress",
    "unavailable": "Target.HealthCheckDisabled",
}
#: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
_DESCRIPTIONS = {
    "Elb.RegistrationInProgress": "Target registration is in progress",
    "Elb.InitialHealthChecking": "Initial health checks in progress",
    "Elb.InternalError": "Health checks failed due to an internal error",
    "Target.ResponseCodeMismatch": "Health checks failed with these codes: [502]",
    "Target.Timeout": "Request timed out",
    "Target.FailedHealthChecks": "Health checks failed",
    "Target.NotRegistered": "Target is not registered to the target group",
    "Target.NotInUse": "Target group is not configured to receive traffic from the load balancer",
    "Target.DeregistrationInProgress": "Target deregistration is in progress",
    "Target.HealthCheckDisabled": "Health checks are not enabled for this target group",
}


def targets_of(state: LabState, group: LiveGroup) -> list[Target]:
    """Return the targets of a group, with their reasons: those of the world, else the tasks that register in it now."""
    known = group.part.targets
    targets = list(known) if known is not None else _tasks(state, group)
    if group.balancer is None:
        targets = [Target(id=t.id, port=t.port, state="unused") for t in targets]
    return [explained(t) for t in targets]


def explained(target: Target) -> Target:
    """Return the target with a reason and a description, which a healthy one does not have."""
    reason = target.reason or _REASONS.get(target.state)
    return Target(
        id=target.id,
        port=target.port,
        state=target.state,
        reason=reason,
        description=target.description or _DESCRIPTIONS.get(reason or ""),
    )


def _tasks(state: LabState, group: LiveGroup) -> list[Target]:
    found = []
    for cluster in state.clusters.values():
        for name, service in cluster.services.items():
            named = [b for b in service.get("loadBalancers", []) if b["targetGroupArn"] == group.arn]
            tasks = [t for t in cluster.tasks.values() if t.get("group") == f"service:{name}"]
            for task in (t for t in tasks if t["lastStatus"] in ("RUNNING", "DEACTIVATING")):
                health: TargetState = "healthy" if task["lastStatus"] == "RUNNING" else "draining"
                for target_id, port in (p for b in named[:1] for p in _places(cluster, task, b["containerPort"])):
                    found.append(Target(id=target_id, port=port, state=health))
    return found


def _places(cluster: LiveCluster, task: dict[str, Any], port: int) -> Iterator[tuple[str, int]]:
    """Yield where a task is a target: at its own address, or at the port of its instance that is bound to the container's."""
    details = [d for a in task.get("attachments", []) for d in a["details"]]
    address = next((d["value"] for d in details if d["name"] == "privateIPv4Address"), None)
    if address is not None:
        yield address, port
        return
    instance = cluster.container_instances.get(task.get("containerInstanceArn", "").rsplit("/", 1)[-1], {})
    bindings = [b for c in task.get("containers", []) for b in c.get("networkBindings", [])]
    for bound in (b for b in bindings if b.get("containerPort") == port and "ec2InstanceId" in instance):
        yield instance["ec2InstanceId"], bound["hostPort"]


def serves(state: LabState, balancer: LiveBalancer) -> bool:
    """Tell whether Route 53 counts the load balancer as healthy: each of its groups has a healthy target.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-alias-common.html
    """
    groups = [g for g in state.named.groups.values() if g.balancer is not None and g.balancer.arn == balancer.arn]
    return all(any(t.state == "healthy" for t in targets_of(state, g)) for g in groups)
