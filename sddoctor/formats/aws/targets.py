"""Responses of Elastic Load Balancing, RDS and EC2 about what a name leads to, as facts; and what names say of themselves.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/Welcome.html
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/Welcome.html
"""

from __future__ import annotations

import re
from typing import Any

from sddoctor.case.name import fold_name
from sddoctor.case.targets import Target, TargetGroup, TargetHealth

_LOAD_BALANCER = re.compile(
    r"(?:dualstack\.)?(?:internal-)?(?P<name>[a-z0-9-]+)-(?:\d+|[0-9a-f]{16})\.(?:elb\.)?(?P<region>[a-z0-9-]+)\.(?:elb\.)?amazonaws\.com(?:\.cn)?"
)
_DATABASE = re.compile(
    r"(?P<id>[a-z0-9-]+)\.(?P<part>cluster-ro-|cluster-custom-|cluster-|proxy-)?[a-z0-9]+\.(?P<region>[a-z0-9-]+)\.rds\.amazonaws\.com(?:\.cn)?"
)
_ENDPOINT = re.compile(
    r"(?P<id>vpce-[0-9a-f]+)-[a-z0-9-]+\..+\.(?P<region>[a-z]{2}[a-z0-9-]+)\.vpce\.amazonaws\.com(?:\.cn)?"
)


def load_balancer_of(name: str) -> tuple[str, str] | None:
    """Return the name and region of the load balancer whose DNS name it is; the name in lower case."""
    found = _LOAD_BALANCER.fullmatch(name)
    return (found["name"], found["region"]) if found else None


def database_of(name: str) -> tuple[str, str, str] | None:
    """Return the identifier, the part of the name that tells instance, cluster and proxy, and the region of a database."""
    found = _DATABASE.fullmatch(name)
    return (found["id"], (found["part"] or "").removesuffix("-"), found["region"]) if found else None


def endpoint_of(name: str) -> tuple[str, str] | None:
    """Return the id and region of the VPC endpoint whose own name it is."""
    found = _ENDPOINT.fullmatch(name)
    return (found["id"], found["region"]) if found else None


def load_balancer(data: dict[str, Any]) -> Target:
    """Read an entry of DescribeLoadBalancers."""
    state = (data.get("State") or {}).get("Code") or ""
    return Target("load-balancer", data["LoadBalancerName"], data["LoadBalancerArn"], state, data.get("VpcId") or "")


def dns_name(data: dict[str, Any]) -> str:
    """Return the DNS name of an entry of DescribeLoadBalancers."""
    return fold_name(data.get("DNSName") or "")


def target_group(data: dict[str, Any], targets: tuple[TargetHealth, ...]) -> TargetGroup:
    """Read an entry of DescribeTargetGroups."""
    return TargetGroup(data["TargetGroupArn"], data["TargetGroupName"], data.get("Port"), targets)


def target_health(data: dict[str, Any]) -> TargetHealth:
    """Read an entry of DescribeTargetHealth."""
    target, health = data["Target"], data.get("TargetHealth") or {}
    return TargetHealth(
        id=target["Id"],
        state=health.get("State") or "",
        port=target.get("Port"),
        reason=health.get("Reason") or "",
        description=health.get("Description") or "",
    )


def database(data: dict[str, Any], name: str) -> Target | None:
    """Read an entry of DescribeDBInstances, DescribeDBClusters or DescribeDBProxies, if it has the name."""
    if "DBInstanceIdentifier" in data:
        names = [(data.get("Endpoint") or {}).get("Address")]
        found = Target(
            "database", data["DBInstanceIdentifier"], data["DBInstanceIdentifier"], data.get("DBInstanceStatus") or ""
        )
    elif "DBClusterIdentifier" in data:
        names = [data.get("Endpoint"), data.get("ReaderEndpoint"), *(data.get("CustomEndpoints") or ())]
        found = Target(
            "database-cluster", data["DBClusterIdentifier"], data["DBClusterIdentifier"], data.get("Status") or ""
        )
    else:
        names = [data.get("Endpoint")]
        found = Target("database-proxy", data["DBProxyName"], data["DBProxyName"], data.get("Status") or "")
    return found if name in {fold_name(n) for n in names if n} else None


def member(data: dict[str, Any]) -> TargetHealth:
    """Read an entry of DescribeDBInstances as a part of its cluster."""
    return TargetHealth(data["DBInstanceIdentifier"], data.get("DBInstanceStatus") or "")


def endpoint(data: dict[str, Any]) -> Target:
    """Read an entry of DescribeVpcEndpoints."""
    return Target(
        kind="vpc-endpoint",
        name=f"{data['VpcEndpointId']} of {data.get('ServiceName') or 'a service'}",
        id=data["VpcEndpointId"],
        state=(data.get("State") or "").lower(),
        vpc_id=data.get("VpcId") or "",
        private_dns=bool(data.get("PrivateDnsEnabled")),
    )
