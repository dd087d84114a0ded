"""The name leads to a load balancer, a database or a VPC endpoint of which AWS says that it does not serve."""

from __future__ import annotations

from sddoctor.case.targets import Target
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.text.shell import aws
from sddoctor.text.words import in_order
from sddoctor.trail.target_serving import SOURCES, serving
from sddoctor.trail.trail import Trail


@cause(
    "target-not-serving",
    hop="route53",
    at=("records", "registry"),
    symptoms=("not-serving",),
    title="What the name leads to does not serve",
)
def target_not_serving(trail: Trail) -> Finding | None:
    """The load balancer has no healthy target, or the database or endpoint is in a state in which it takes no connection.

    The name resolves all the same: DNS does not know of it.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
    """
    target = trail.case.aws.target.value
    state = serving(target)
    if state.state != "does-not-serve" or not (trail.owner.is_of_records or trail.promise.target_is_down):
        return None
    return Finding(
        summary=f"{target.words[:1].upper()}{target.words[1:]}, which {trail.name} leads to, {state.why}.",
        detail=(
            "The records are right, and every resolver may pass them on: whoever connects to the addresses finds nobody who "
            "serves. The fault lies with what stands behind the name, not with DNS."
        ),
        evidence=tuple(_evidence(target)),
        fixes=_fixes(target),
        addresses=in_order(trail.promise.not_serving),
    )


def _evidence(target: Target) -> list[Evidence]:
    found = [Evidence(SOURCES[target.kind], target.name, target.state, _SOUND[target.kind])]
    for group in target.groups:
        states = tuple(
            f"{t.id}{f':{t.port}' if t.port else ''} {t.state}{f' ({t.reason})' if t.reason else ''}"
            for t in group.targets
        )
        of_cluster = target.kind == "database-cluster"
        source = "rds:DescribeDBInstances" if of_cluster else "elasticloadbalancing:DescribeTargetHealth"
        found.append(
            Evidence(source, group.name, states or "no target", "available" if of_cluster else "a healthy target")
        )
    return found


_SOUND = {
    "load-balancer": "active",
    "database": "available",
    "database-cluster": "available",
    "database-proxy": "available",
    "vpc-endpoint": "available",
}


def _fixes(target: Target) -> tuple[Fix, ...]:
    if target.kind == "load-balancer":
        look = tuple(aws("elbv2", "describe-target-health", target_group_arn=g.arn) for g in target.groups)
        return (
            Fix("See what the load balancer says of each target", "aws", look, "Nothing: it only reads."),
            Fix("Start the targets, or correct the path, the port or the matcher of the health check", "app"),
        )
    if target.kind == "vpc-endpoint":
        look = (aws("ec2", "describe-vpc-endpoints", vpc_endpoint_ids=target.id),)
        return (Fix("See the state of the endpoint", "aws", look, "Nothing: it only reads."),)
    operation, option = _DATABASE[target.kind]
    read = aws("rds", f"describe-{operation}", **{option: target.id})
    fixes = [Fix("See the state of the database", "aws", (read,), "Nothing: it only reads.")]
    if target.state == "stopped":
        start = aws("rds", f"start-{operation.removesuffix('s')}", **{option: target.id})
        verified = "Its state becomes available, and the port answers."
        fixes.insert(0, Fix("Start it", "aws", (start,), f"Starts {target.words}, which costs money again.", verified))
    return tuple(fixes)


_DATABASE = {
    "database": ("db-instances", "db_instance_identifier"),
    "database-cluster": ("db-clusters", "db_cluster_identifier"),
    "database-proxy": ("db-proxies", "db_proxy_name"),
}
