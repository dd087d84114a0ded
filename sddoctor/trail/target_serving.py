"""Whether what a name leads to outside ECS serves, by what AWS says of it."""

from __future__ import annotations

from sddoctor.case.targets import Target
from sddoctor.text.words import count
from sddoctor.trail.task_serving import Serving

#: States in which a database takes no connection. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html
_DATABASE_DOWN = (
    "creating",
    "deleting",
    "failed",
    "inaccessible-encryption-credentials",
    "inaccessible-encryption-credentials-recoverable",
    "incompatible-network",
    "incompatible-parameters",
    "incompatible-restore",
    "starting",
    "stopped",
    "stopping",
)
#: And those in which it does. In any other it may be either.
_DATABASE_UP = (
    "available",
    "backing-up",
    "configuring-enhanced-monitoring",
    "configuring-iam-database-auth",
    "configuring-log-exports",
    "delete-precheck",
    "modifying",
    "resetting-master-credentials",
    "scaling-storage",
    "storage-optimization",
)
#: Reasons of targets that no health check is made of, and that get requests.
_NOT_CHECKED = ("Target.HealthCheckDisabled", "Elb.HealthCheckDisabled")
#: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html
_ENDPOINT_DOWN = ("pendingacceptance", "pending", "deleting", "deleted", "rejected", "failed", "expired")

#: Where the state of each kind was seen.
SOURCES = {
    "load-balancer": "elasticloadbalancing:DescribeTargetHealth",
    "database": "rds:DescribeDBInstances",
    "database-cluster": "rds:DescribeDBClusters",
    "database-proxy": "rds:DescribeDBProxies",
    "vpc-endpoint": "ec2:DescribeVpcEndpoints",
}


def serving(target: Target) -> Serving:
    """Return whether the target serves, and why not in words that follow its name."""
    if target.kind == "load-balancer":
        return _load_balancer(target)
    members = [t for g in target.groups for t in g.targets]
    if members and all(t.state in _DATABASE_DOWN for t in members):
        return Serving("does-not-serve", f"has no instance that serves ({members[0].id} is {members[0].state})")
    down = _ENDPOINT_DOWN if target.kind == "vpc-endpoint" else _DATABASE_DOWN
    up = ("available",) if target.kind == "vpc-endpoint" else _DATABASE_UP
    if target.state in down:
        return Serving("does-not-serve", f"is {target.state}")
    return Serving(
        "serves" if target.state in up else "unknown", f"is {target.state or 'in a state that was not seen'}"
    )


def _load_balancer(target: Target) -> Serving:
    """A load balancer without any healthy target has nobody to pass a request on to who would serve it.

    With listeners that answer by themselves it has no target group.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
    """
    if target.state == "failed":
        return Serving("does-not-serve", "has failed")
    targets = [t for g in target.groups for t in g.targets if t.state != "unused"]
    healthy = sum(t.state == "healthy" or t.reason in _NOT_CHECKED for t in targets)
    if healthy or not target.groups:
        return Serving(
            "serves",
            f"is {target.state}" + (f", {healthy} of {count(len(targets), 'target')} healthy" if targets else ""),
        )
    if any(t.state in ("initial", "unavailable") for t in targets):
        some = next(t for t in targets if t.state in ("initial", "unavailable"))
        return Serving("unknown", f"has no healthy target yet ({some.state}, {some.reason or 'without a reason'})")
    if targets:
        return Serving("does-not-serve", f"has no healthy target among {len(targets)}")
    unused = [t for g in target.groups for t in g.targets]
    why = f" in use ({unused[0].description or unused[0].reason})" if unused else ""
    return Serving("does-not-serve", f"has no target{why}")
