"""Amazon EC2: network interfaces, reading.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

from sddoctor.lab import derive
from sddoctor.lab.aws.account import Account, Params, Wire, serves
from sddoctor.lab.aws.ec2_shapes import SERVICE, Keys, by_ids, filtered, page
from sddoctor.lab.leads import OwnInterface
from sddoctor.lab.machines import instance_id, machine_interfaces
from sddoctor.lab.parts.network import Machine


def _interface(
    account: Account,
    interface_id: str,
    address: str,
    description: str,
    ipv6: tuple[str, ...] = (),
    instance_id: str | None = None,
) -> Wire | None:
    vpc_id, cidr = derive.subnet_range(account.state.world, address)
    if vpc_id is None:
        return None
    return {
        "NetworkInterfaceId": interface_id,
        "VpcId": vpc_id,
        "SubnetId": derive.subnet_id(cidr),
        "AvailabilityZone": derive.availability_zone(account.state.region, address),
        "OwnerId": account.state.account,
        "Description": description,
        "InterfaceType": "interface",
        "Status": "in-use",
        "PrivateIpAddress": address,
        "PrivateIpAddresses": [{"PrivateIpAddress": address, "Primary": True}],
        "Ipv6Addresses": [{"Ipv6Address": a} for a in ipv6],
        "Attachment": {"InstanceId": instance_id, "DeviceIndex": 0, "Status": "attached"} if instance_id else None,
        "Groups": [
            {"GroupId": g.id, "GroupName": g.id} for g in account.state.security_groups.values() if address in g.members
        ],
        "TagSet": [],
    }


def _interfaces(account: Account) -> list[Wire]:
    """Return the interfaces of awsvpc tasks that have not stopped, of container instances, and of services of AWS."""
    state = account.state
    found = []
    for cluster in state.clusters.values():
        for task in cluster.tasks.values():
            for attachment in task.get("attachments", []):
                details = {d["name"]: d["value"] for d in attachment["details"]}
                if attachment["status"] == "ATTACHED":
                    arn = f"arn:aws:ecs:{state.region}:{state.account}:attachment/{attachment['id']}"
                    four, six = details["privateIPv4Address"], _ipv6_of(task)
                    found.append(_interface(account, details["networkInterfaceId"], four, arn, six))
    for namespace in state.world.namespaces:
        for service in namespace.services:
            found += [
                _interface(account, "eni-" + derive.made_up_id("eni", i.id), i.ipv4, f"Machine {i.id}")
                for i in service.instances
                if i.ipv4 and i.owned and i.ecs_service is None
            ]
    for known in state.world.clusters:
        for instance in known.container_instances:
            if instance.address:
                made = "eni-" + derive.made_up_id("eni", instance.id)
                host = instance.ec2_instance_id
                found.append(_interface(account, made, instance.address, "Primary network interface", instance_id=host))
    for endpoint in (e for e in state.endpoints.values() if account.owns_vpc(e.vpc_id)):
        for address in endpoint.addresses:
            made = "eni-" + derive.made_up_id("eni", endpoint.id, address)
            text = f"Route 53 Resolver: {endpoint.id}:rni-{derive.made_up_id('rni', endpoint.id, address)}"
            found.append(_interface(account, made, address, text))
    for own in (i for i in state.named.interfaces if i.vpc_id is None or account.owns_vpc(i.vpc_id)):
        shown = _interface(account, own.id, own.address, own.description)
        found.append({**shown, "InterfaceType": own.type, "RequesterManaged": True} if shown else None)
    found += [_of_machine(account, m, own) for m, own in machine_interfaces(state.world)]
    return [f for f in found if f is not None]


def _of_machine(account: Account, machine: Machine, own: OwnInterface) -> Wire | None:
    """Return the interface of a machine, or ``None`` if it is another account's."""
    made = instance_id(machine)
    shown = _interface(account, own.id, own.address, own.description, machine.ipv6, made)
    if shown is None or machine.owner not in (None, account.state.account):
        return None
    shown["VpcId"] = machine.vpc or shown["VpcId"]
    if machine.prefix is not None:
        shown["Ipv4Prefixes"] = [{"Ipv4Prefix": machine.prefix}]
    if machine.public is not None:
        shown["Association"] = {"PublicIp": machine.public, "IpOwnerId": account.state.account}
    return shown


def _ipv6_of(task: Wire) -> tuple[str, ...]:
    shown = (i.get("ipv6Address") for c in task.get("containers", []) for i in c.get("networkInterfaces", []))
    return tuple(dict.fromkeys(a for a in shown if a))


@serves(SERVICE, "DescribeNetworkInterfaces")
def describe_network_interfaces(account: Account, params: Params) -> Wire:
    """Describe network interfaces."""
    shown = {i["NetworkInterfaceId"]: i for i in _interfaces(account)}
    ids = params.get("NetworkInterfaceIds", [])
    found = by_ids(shown, ids, "InvalidNetworkInterfaceID.NotFound", "networkInterface")
    keys: Keys = {
        "addresses.private-ip-address": lambda i: [i["PrivateIpAddress"]],
        "private-ip-address": lambda i: [i["PrivateIpAddress"]],
        "ipv6-addresses.ipv6-address": lambda i: [a["Ipv6Address"] for a in i["Ipv6Addresses"]],
        "association.public-ip": lambda i: [i.get("Association", {}).get("PublicIp", "")],
        "vpc-id": lambda i: [i["VpcId"]],
        "subnet-id": lambda i: [i["SubnetId"]],
        "group-id": lambda i: [g["GroupId"] for g in i["Groups"]],
        "network-interface-id": lambda i: [i["NetworkInterfaceId"]],
    }
    return page(account, "NetworkInterfaces", filtered(found, params, keys), params)
