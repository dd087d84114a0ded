"""Reads how AWS says that it is what a name leads to: a load balancer and its targets, a database, a VPC endpoint."""

from __future__ import annotations

from functools import partial

from msgspec import structs

from sddoctor.case.seen import NOT_NEEDED, Absent, Fact, NotAttempted, Seen
from sddoctor.case.targets import Target, TargetGroup, TargetHealth
from sddoctor.formats.aws import targets as shapes
from sddoctor.observe.aws.calls import Calls, joined

#: Target groups of one load balancer whose targets are read.
MOST_GROUPS = 10
_ELB = "elbv2"
#: What leads to the next page in an answer of Elastic Load Balancing, and in the request for it.
_PAGES = ("NextMarker", "Marker")


def target_of(calls: Calls, name: str, region: str | None, vpc_id: str | None) -> Fact[Target]:
    """Return what has the name, if AWS runs it in this account and region and says how it is.

    ``vpc_id`` is the client's VPC: a VPC endpoint in it may take the public name of a service.
    """
    if (balancer := shapes.load_balancer_of(name)) is not None:
        read, place = partial(_load_balancer, calls, name, balancer[0]), balancer[1]
    elif (database := shapes.database_of(name)) is not None:
        read, place = partial(_database, calls, name, database[0], database[1]), database[2]
    elif (endpoint := shapes.endpoint_of(name)) is not None:
        read, place = partial(_endpoint, calls, endpoint[0]), endpoint[1]
    elif (service := _service_of(name)) is not None and vpc_id is not None:
        read, place = partial(_endpoint_of_service, calls, service[0], service[1], vpc_id), service[1]
    else:
        return NOT_NEEDED
    if region is not None and place != region:
        return NotAttempted(f"what has the name {name}", f"it is in {place}", f"--region {place}")
    return read()


def group_health(calls: Calls, arn: str) -> Fact[tuple[TargetHealth, ...]]:
    """Return the targets of a target group and their health."""
    what = f"the targets of {arn.rpartition(':')[2]}"
    fact = calls.get(_ELB, "DescribeTargetHealth", what, TargetGroupArn=arn)
    return fact.map(lambda seen: tuple(shapes.target_health(t) for t in seen.get("TargetHealthDescriptions") or ()))


def _load_balancer(calls: Calls, dns_name: str, name: str) -> Fact[Target]:
    """Load balancers are found by their names, which their DNS names hold in lower case, while names may have capitals."""
    what = f"the load balancer {name}"
    bare = dns_name.removeprefix("dualstack.")
    page = calls.pages(_ELB, "DescribeLoadBalancers", what, "LoadBalancers", page_key=_PAGES)
    if not isinstance(page, Seen):
        return page
    data = next((d for d in page.value if shapes.dns_name(d) == bare), None)
    if data is None:
        return _of_others(what)
    found = shapes.load_balancer(data)
    groups = calls.pages(
        _ELB,
        "DescribeTargetGroups",
        f"the target groups of {name}",
        "TargetGroups",
        page_key=_PAGES,
        LoadBalancerArn=found.id,
    )
    if not isinstance(groups, Seen):
        return groups
    begun = [
        (g, calls.pending(partial(group_health, calls, g["TargetGroupArn"]), f"the targets of {g['TargetGroupName']}"))
        for g in groups.value[:MOST_GROUPS]
    ]
    health = joined(
        (
            f.fact().map(lambda seen, g=g: (shapes.target_group(g, seen),))  # type: ignore[misc]
            for g, f in begun
        ),
        f"{_ELB}:DescribeTargetHealth",
    )
    if not isinstance(health, Seen):
        return health
    every: tuple[TargetGroup, ...] = health.value
    unread = tuple(f"the targets of {g['TargetGroupName']}" for g in groups.value[MOST_GROUPS:])
    return Seen(structs.replace(found, groups=every), f"{_ELB}:DescribeTargetHealth", health.at, unread)


def _database(calls: Calls, name: str, identifier: str, part: str) -> Fact[Target]:
    operation, key, items = {
        "": ("DescribeDBInstances", "DBInstanceIdentifier", "DBInstances"),
        "proxy": ("DescribeDBProxies", "DBProxyName", "DBProxies"),
    }.get(part, ("DescribeDBClusters", "DBClusterIdentifier", "DBClusters"))
    what = f"the database {identifier}"
    if part == "cluster-custom":
        return NotAttempted(what, "its name is that of a custom endpoint", "aws rds describe-db-cluster-endpoints")
    fact = calls.get("rds", operation, what, **{key: identifier})
    if isinstance(fact, Absent):
        return _of_others(what)
    if not isinstance(fact, Seen):
        return fact
    found = next((t for d in fact.value.get(items) or () if (t := shapes.database(d, name)) is not None), None)
    if found is None:
        return _of_others(what)
    return _with_members(calls, found) if found.kind == "database-cluster" else Seen(found, fact.source, fact.at)


def _with_members(calls: Calls, cluster: Target) -> Fact[Target]:
    """Add the instances of a cluster: its own state says nothing of theirs."""
    wanted = [{"Name": "db-cluster-id", "Values": [cluster.id]}]
    what = f"the instances of {cluster.name}"
    fact = calls.pages("rds", "DescribeDBInstances", what, "DBInstances", page_key="Marker", Filters=wanted)
    if not isinstance(fact, Seen):
        return fact
    members = TargetGroup(cluster.id, cluster.name, targets=tuple(shapes.member(d) for d in fact.value))
    return Seen(structs.replace(cluster, groups=(members,)), fact.source, fact.at)


def _endpoint(calls: Calls, identifier: str) -> Fact[Target]:
    what = f"the VPC endpoint {identifier}"
    fact = calls.get("ec2", "DescribeVpcEndpoints", what, Filters=[{"Name": "vpc-endpoint-id", "Values": [identifier]}])
    if not isinstance(fact, Seen):
        return fact
    found = fact.value.get("VpcEndpoints") or ()
    return Seen(shapes.endpoint(found[0]), fact.source, fact.at) if found else _of_others(what)


def _endpoint_of_service(calls: Calls, service: str, region: str, vpc_id: str) -> Fact[Target]:
    """Read the endpoint of the VPC that takes the service's own name, if one does. VPC endpoints: private DNS.

    https://docs.aws.amazon.com/vpc/latest/privatelink/interface-endpoints.html
    """
    what = f"a VPC endpoint of {service} in {vpc_id}"
    wanted = [
        {"Name": "vpc-id", "Values": [vpc_id]},
        {"Name": "service-name", "Values": [f"com.amazonaws.{region}.{service}"]},
    ]
    fact = calls.pages("ec2", "DescribeVpcEndpoints", what, "VpcEndpoints", Filters=wanted)
    if not isinstance(fact, Seen):
        return fact
    found = [t for d in fact.value if (t := shapes.endpoint(d)).private_dns and t.state == "available"]
    return Seen(found[0], fact.source, fact.at) if found else Absent(what, fact.source, fact.at)


def _service_of(name: str) -> tuple[str, str] | None:
    """Return the service and region of a service's own name, ``ecs.eu-central-1.amazonaws.com``."""
    labels = name.split(".")
    if len(labels) < 4 or labels[-2:] != ["amazonaws", "com"]:
        return None
    return ".".join(reversed(labels[:-3])), labels[-3]


def _of_others(what: str) -> NotAttempted:
    """An account sees only its own: that it has none of this name does not mean that there is none."""
    return NotAttempted(what, "this account and region do not have it", "a look from the account that owns it")
