"""Who has an address now, and which tasks had it."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from sddoctor.case.address import contains, usual_form
from sddoctor.case.ecs import Task
from sddoctor.case.name import is_below
from sddoctor.case.whois import HeldInterface
from sddoctor.whois.index import Index
from sddoctor.whois.model import Host, InterfaceOwner, Network, Port, TaskOwner, ZoneRecord

#: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html
ECS = "an ECS task"
_KINDS = {
    "nat_gateway": "a NAT gateway",
    "network_load_balancer": "a Network Load Balancer",
    "gateway_load_balancer": "a Gateway Load Balancer",
    "vpc_endpoint": "a VPC endpoint",
    "lambda": "a Lambda function",
    "transit_gateway": "a transit gateway attachment",
    "branch": "a branch interface of an EC2 instance",
    "trunk": "a trunk interface of an EC2 instance",
}
#: How the descriptions begin that services give their interfaces.
#: https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
#: https://docs.aws.amazon.com/efs/latest/ug/accessing-fs.html
_DESCRIPTIONS = {
    "RDSNetworkInterface": "an RDS database",
    "RDS Proxy": "an RDS proxy",
    "VPC Endpoint Interface": "VPC endpoint",
    "ElastiCache": "ElastiCache node",
    "EFS mount target for": "the mount target of EFS file system",
    "AWS Lambda VPC ENI": "a Lambda function",
}
#: AWS services that have interfaces made and describe them freely.
_REQUESTERS = {"amazon-elb": "a load balancer", "amazon-rds": "an RDS database", "amazon-elasticache": "ElastiCache"}


def records_of(index: Index, address: str, registered: frozenset[str]) -> tuple[ZoneRecord, ...]:
    """Return the records that name an address, without those that Cloud Map keeps at or below names it has ``registered``."""
    found = (
        ZoneRecord(n.zone, n.zone_id, n.record.name, n.record.type)
        for z in index.facts.zones.seen_or(())
        for n in z.records.seen_or(())
        if address in {usual_form(v) for v in n.record.values}
        and not any(is_below(n.record.name, r) for r in registered)
    )
    return tuple(sorted(dict.fromkeys(found), key=lambda r: (r.zone, r.name, r.type)))


def tasks_of(index: Index, address: str) -> tuple[tuple[TaskOwner, ...], tuple[TaskOwner, ...]]:
    """Return the tasks that have an address, and those that had it until they stopped, newest first."""
    now: list[TaskOwner] = []
    former: list[TaskOwner] = []
    for task in index.tasks.values():
        if index.task_has(task, address):
            (former if task.last_status == "STOPPED" else now).append(_task(task, "interface"))
        elif not task.addresses and task.last_status != "STOPPED" and _host_has(index, address, task):
            now.append(_task(task, "host"))
    ids = {t.id for t in now}
    now += [_task(t, "registration") for t in _registered_hosts(index, address) if t.id not in ids]
    by_name = sorted(now, key=lambda t: (t.cluster, t.service or "", t.id))
    return tuple(by_name), tuple(sorted(former, key=lambda t: (t.stopped_at or index.facts.at, t.id), reverse=True))


def _host_has(index: Index, address: str, task: Task) -> bool:
    host = index.hosts.get(task.container_instance or "")
    if host is None or not host.ec2_instance_id:
        return False
    return any(i.instance_id == host.ec2_instance_id for i in index.interfaces(address))


def _registered_hosts(index: Index, address: str) -> list[Task]:
    """Return running tasks without an address of their own that are registered with this one.

    This is the only sign where no interface was seen: ECS registers a task with its container instance's address.
    """
    if index.facts.interfaces.seen_or(None) is not None:
        return []
    found = []
    for registered in index.registered():
        task = index.tasks.get(registered.instance.id)
        if task is None or task.addresses or task.last_status == "STOPPED":
            continue
        if address in {usual_form(a) for a in registered.instance.addresses}:
            found.append(task)
    return found


def _task(task: Task, how: str) -> TaskOwner:
    group, _, service = task.group.partition(":")
    ports = tuple(Port(c.name, b.container_port, b.host_port, b.protocol) for c in task.containers for b in c.bindings)
    return TaskOwner(
        id=task.id,
        arn=task.arn,
        cluster=task.cluster_name,
        service=service if group == "service" and service else None,
        task_definition=task.task_definition.rsplit("/", 1)[-1],
        status=task.last_status,
        desired=task.desired_status,
        health=task.health,
        started_at=task.started_at,
        stopped_at=task.stopped_at,
        stopped_reason=task.stopped_reason,
        how=how,  # type: ignore[arg-type] # one of three literals
        container_instance=task.container_instance.rsplit("/", 1)[-1] if task.container_instance else None,
        ports=ports,
    )


def hosts_of(index: Index, address: str) -> tuple[Host, ...]:
    """Return the container instances that have an address."""
    ids = {i.instance_id for i in index.interfaces(address) if i.instance_id}
    return tuple(
        Host(h.arn, h.arn.split("/")[-2] if h.arn.count("/") > 1 else "", h.ec2_instance_id)
        for h in index.hosts.values()
        if h.ec2_instance_id and h.ec2_instance_id in ids
    )


def interfaces_of(index: Index, address: str) -> tuple[InterfaceOwner, ...]:
    """Return the interfaces that have an address, with what their descriptions say."""
    return tuple(
        InterfaceOwner(
            id=i.id,
            what=_what(i),
            vpc_id=i.vpc_id,
            vpc_name=index.vpcs[i.vpc_id].name if i.vpc_id in index.vpcs else "",
            subnet_id=i.subnet_id,
            zone=i.zone,
            description=i.description,
            instance_id=i.instance_id,
            status=i.status,
            type=i.kind,
            requester=i.requester,
        )
        for i in index.interfaces(address)
    )


def _what(interface: HeldInterface) -> str:
    if interface.of_ecs:
        return ECS
    if interface.instance_id:
        return f"EC2 instance {interface.instance_id}"
    # https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-forwarding-inbound-queries.html
    if interface.description.startswith("Route 53 Resolver"):
        return "a Route 53 Resolver endpoint"
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html
    if interface.description.startswith("ELB "):
        return f"load balancer {interface.description.removeprefix('ELB ')}"
    for start, what in _DESCRIPTIONS.items():
        if interface.description.startswith(start):
            named = interface.description.removeprefix(start).strip()
            return f"{what} {named}" if named and not what.startswith(("a ", "an ")) else what
    return _KINDS.get(interface.kind) or _REQUESTERS.get(interface.requester, "")


def networks_of(index: Index, address: str) -> tuple[Network, ...]:
    """Return the VPCs whose range contains an address. VPCs may have the same range, so there may be several."""
    found = []
    for vpc in index.vpcs.values():
        cidr = next((c for c in vpc.cidrs if contains(c, address)), None)
        if cidr is None:
            continue
        subnets = [s for s in index.facts.subnets.seen_or(()) if s.vpc_id == vpc.id]
        subnet = next((s.id for s in subnets if any(contains(c, address) for c in s.cidrs)), None)
        found.append(Network(vpc.id, vpc.name, cidr, subnet))
    return tuple(found)


def reserved_for(index: Index, address: str) -> tuple[str, ...]:
    """Say what AWS uses an address for: the first four and the last one of each subnet, and base plus two of a VPC.

    https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
    https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
    """
    if ip_address(address).version == 6:
        return ()
    found = [f"the resolver of {v.id}" for v in index.vpcs.values() if v.resolver == address]
    if found:
        return tuple(found)
    for subnet in index.facts.subnets.seen_or(()):
        for cidr in subnet.cidrs:
            if not contains(cidr, address):
                continue
            network = ip_network(cidr, strict=False)
            offset = int(ip_address(address)) - int(network.network_address)
            if offset == 1:
                found.append(f"the VPC router in {subnet.id}")
            elif offset in (0, 2, 3) or offset == network.num_addresses - 1:
                found.append(f"AWS itself in {subnet.id} (reserved)")
    return tuple(found)
