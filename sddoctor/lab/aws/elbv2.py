"""Elastic Load Balancing: load balancers, target groups and the health of targets, reading.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

from sddoctor.lab import derive
from sddoctor.lab.aws.account import Account, Params, Wire, serves
from sddoctor.lab.aws.errors import ApiError, invalid
from sddoctor.lab.balancers import LiveBalancer, LiveGroup
from sddoctor.lab.parts.load_balancers import Target
from sddoctor.lab.target_health import explained, targets_of

SERVICE = "elbv2"
#: The most load balancers, or target groups, that one call may name.
MOST_NAMED = 20
LARGEST_PAGE = 400
#: The hosted zones of load balancers' names, by type and region.
#: https://docs.aws.amazon.com/general/latest/gr/elb.html
_ZONES = {
    ("application", "ap-northeast-1"): "Z14GRHDCWA56QT",
    ("network", "ap-northeast-1"): "Z31USIVHYNEOWT",
    ("application", "eu-central-1"): "Z215JYRZR1TBD5",
    ("network", "eu-central-1"): "Z3F0SRJ5LGBH90",
    ("application", "us-east-1"): "Z35SXDOTRQ7X7K",
    ("network", "us-east-1"): "Z26RNL4JYFTOTI",
}


def _page(account: Account, name: str, items: list[Wire], params: Params) -> Wire:
    size = params.get("PageSize")
    if size is not None and not 1 <= size <= LARGEST_PAGE:
        raise invalid(SERVICE, f"Page size must be between 1 and {LARGEST_PAGE}")
    page, token = account.page(items, params.get("Marker"), size, default=LARGEST_PAGE)
    return {name: page, "NextMarker": token}


def _few(named: list[str], what: str) -> None:
    if len(named) > MOST_NAMED:
        raise invalid(SERVICE, f"Up to {MOST_NAMED} {what} can be described in one request")


@serves(SERVICE, "DescribeLoadBalancers")
def describe_load_balancers(account: Account, params: Params) -> Wire:
    """Describe load balancers, those of the given names or ARNs or all."""
    names, arns = params.get("Names", []), params.get("LoadBalancerArns", [])
    if names and arns:
        raise invalid(SERVICE, "Load balancer names and load balancer ARNs cannot be specified at the same time")
    _few([*names, *arns], "load balancers")
    known = list(account.state.named.balancers.values())
    missing = [n for n in names if n not in {b.part.name for b in known}]
    missing += [a for a in arns if a not in account.state.named.balancers]
    if missing:
        raise ApiError("LoadBalancerNotFound", f"Load balancers '[{', '.join(missing)}]' not found")
    if names or arns:
        known = [b for b in known if b.part.name in names or b.arn in arns]
    return _page(account, "LoadBalancers", [_balancer(account, b) for b in known], params)


def _balancer(account: Account, live: LiveBalancer) -> Wire:
    part = live.part
    four = [a for a in live.addresses if ":" not in a]
    zones = {derive.subnet_id(derive.subnet_range(account.state.world, a)[1]): a for a in four}
    network = part.type == "network"
    return {
        "LoadBalancerArn": live.arn,
        "DNSName": _spelt(part.name, live.dns_name),
        "CanonicalHostedZoneId": _ZONES.get((part.type, account.state.region), "Z0ELB00000000000001"),
        "CreatedTime": account.state.ago(30 * 86400),
        "LoadBalancerName": part.name,
        "Scheme": part.scheme,
        "VpcId": live.vpc_id,
        "State": {"Code": part.state, "Reason": part.reason},
        "Type": part.type,
        "AvailabilityZones": [
            {
                "ZoneName": derive.availability_zone(account.state.region, address),
                "SubnetId": subnet_id,
                "LoadBalancerAddresses": [{"PrivateIPv4Address": address}] if network else [],
            }
            for subnet_id, address in zones.items()
        ],
        "SecurityGroups": list(part.security_groups),
        "IpAddressType": part.ip_address_type,
    }


def _spelt(name: str, dns_name: str) -> str:
    """Return the DNS name with the capitals of the load balancer's name, as the API does."""
    at = dns_name.find(name.lower())
    return dns_name if at < 0 else dns_name[:at] + name + dns_name[at + len(name) :]


@serves(SERVICE, "DescribeTargetGroups")
def describe_target_groups(account: Account, params: Params) -> Wire:
    """Describe target groups: of a load balancer, of the given names or ARNs, or all."""
    arn, arns, names = params.get("LoadBalancerArn"), params.get("TargetGroupArns", []), params.get("Names", [])
    if sum(map(bool, (arn, arns, names))) > 1:
        raise invalid(SERVICE, "Target group names, target group ARNs and a load balancer ARN exclude each other")
    state = account.state
    if arn and arn not in state.named.balancers:
        raise ApiError("LoadBalancerNotFound", "One or more load balancers not found")
    known = list(state.named.groups.values())
    missing = {*arns, *names} - {g.arn for g in known} - {g.part.name for g in known}
    if missing:
        raise ApiError("TargetGroupNotFound", "One or more target groups not found")
    if arn:
        known = [g for g in known if g.balancer is not None and g.balancer.arn == arn]
    elif arns or names:
        known = [g for g in known if g.arn in arns or g.part.name in names]
    return _page(account, "TargetGroups", [_group(account, g) for g in known], params)


def _group(account: Account, live: LiveGroup) -> Wire:
    network = live.balancer is not None and live.balancer.part.type == "network"
    vpc = next(iter(account.state.vpcs), "")
    return {
        "TargetGroupArn": live.arn,
        "TargetGroupName": live.part.name,
        "Protocol": "TCP" if network else "HTTP",
        "Port": live.part.port,
        "VpcId": live.balancer.vpc_id if live.balancer is not None else vpc,
        "HealthCheckProtocol": "TCP" if network else "HTTP",
        "HealthCheckPort": "traffic-port",
        "HealthCheckEnabled": True,
        "HealthCheckIntervalSeconds": 30,
        "HealthCheckTimeoutSeconds": 10 if network else 5,
        "HealthyThresholdCount": 5,
        "UnhealthyThresholdCount": 2,
        "HealthCheckPath": None if network else "/",
        "Matcher": None if network else {"HttpCode": "200"},
        "LoadBalancerArns": [live.balancer.arn] if live.balancer is not None else [],
        "TargetType": live.part.type,
        "ProtocolVersion": None if network else "HTTP1",
        "IpAddressType": "ipv4",
    }


def _find(account: Account, params: Params) -> LiveGroup:
    found = account.state.named.groups.get(params["TargetGroupArn"])
    if found is None:
        raise ApiError("TargetGroupNotFound", f"Target groups '{params['TargetGroupArn']}' not found")
    return found


@serves(SERVICE, "DescribeTargetHealth")
def describe_target_health(account: Account, params: Params) -> Wire:
    """Describe the health of all targets of a group, or of some, which need not be registered."""
    group = _find(account, params)
    targets = targets_of(account.state, group)
    asked = params.get("Targets")
    if asked:
        targets = [_asked(targets, t["Id"], t.get("Port")) for t in asked]
    return {"TargetHealthDescriptions": [_health(account, group, t) for t in targets]}


def _asked(targets: list[Target], target_id: str, port: int | None) -> Target:
    known = (t for t in targets if t.id == target_id and port in (None, t.port))
    absent = Target(id=target_id, port=port, state="unused", reason="Target.NotRegistered")
    return next(known, explained(absent))


def _health(account: Account, group: LiveGroup, target: Target) -> Wire:
    port = target.port or group.part.port
    address = "." in target.id or ":" in target.id
    zone = derive.availability_zone(account.state.region, target.id) if address else None
    return {
        "Target": {"Id": target.id, "Port": port, "AvailabilityZone": zone},
        "HealthCheckPort": str(port),
        "TargetHealth": {"State": target.state, "Reason": target.reason, "Description": target.description},
    }


@serves(SERVICE, "DescribeTargetGroupAttributes")
def describe_target_group_attributes(account: Account, params: Params) -> Wire:
    """Return the attributes of a target group, such as its deregistration delay in seconds."""
    part = _find(account, params).part
    attributes = {
        "deregistration_delay.timeout_seconds": str(part.deregistration_delay),
        "stickiness.enabled": "false",
        "load_balancing.cross_zone.enabled": "use_load_balancer_configuration",
        **part.attributes,
    }
    return {"Attributes": [{"Key": k, "Value": v} for k, v in attributes.items()]}
