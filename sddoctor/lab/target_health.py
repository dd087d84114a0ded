"""The targets of load balancers in a running lab, and their health."""

from __future__ import annotations

from sddoctor.lab.balancers import LiveBalancer, LiveGroup
from sddoctor.lab.parts.load_balancers import Target
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
            named = (b for b in service.get("loadBalancers", []) if b["targetGroupArn"] == group.arn)
            port = next((b["containerPort"] for b in named), None)
            tasks = [t for t in cluster.tasks.values() if port and t.get("group") == f"service:{name}"]
            for task in (t for t in tasks if t["lastStatus"] in ("RUNNING", "DEACTIVATING")):
                address = _address(task)
                if address is not None:
                    healthy = task["lastStatus"] == "RUNNING"
                    found.append(Target(id=address, port=port, state="healthy" if healthy else "draining"))
    return found


def _address(task: dict[str, object]) -> str | None:
    """Return the address of a task that has one of its own."""
    attachments: list[dict[str, list[dict[str, str]]]] = task.get("attachments", [])  # type: ignore[assignment]
    details = [d for a in attachments for d in a["details"]]
    return next((d["value"] for d in details if d["name"] == "privateIPv4Address"), None)


def serves(state: LabState, balancer: LiveBalancer) -> bool:
    """Tell whether Route 53 counts the load balancer as healthy: each of its groups has a healthy target.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-alias-common.html
    """
    groups = [g for g in state.named.groups.values() if g.balancer is not None and g.balancer.arn == balancer.arn]
    return all(any(t.state == "healthy" for t in targets_of(state, g)) for g in groups)
