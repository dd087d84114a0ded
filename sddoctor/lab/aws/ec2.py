"""Amazon EC2: VPCs, subnets, interfaces, security groups and Client VPN, reading.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Network

from sddoctor.lab import derive
from sddoctor.lab.aws.account import Account, Params, Wire, serves
from sddoctor.lab.aws.errors import ApiError, invalid
from sddoctor.lab.objects import LiveClientVpn, LiveDhcp, LiveSecurityGroup, LiveVpc

SERVICE = "ec2"
Keys = dict[str, Callable[[Wire], list[str]]]


def _filtered(items: list[Wire], params: Params, keys: Keys) -> list[Wire]:
    """Return the items that all filters match; ``keys`` maps a filter's name to the values of an item."""
    for condition in params.get("Filters", []):
        values_of = keys.get(condition.get("Name", ""))
        if values_of is None:
            raise invalid(SERVICE, f"The filter '{condition.get('Name')}' is invalid")
        items = [i for i in items if set(values_of(i)) & set(condition.get("Values", []))]
    return items


def _by_ids(items: dict[str, Wire], ids: list[str], code: str, kind: str) -> list[Wire]:
    """Return the items with those ids, or all. Raises :class:`ApiError` for an id that does not exist."""
    missing = next((i for i in ids if i not in items), None)
    if missing is not None:
        raise ApiError(code, f"The {kind} ID '{missing}' does not exist")
    return [items[i] for i in ids] if ids else list(items.values())


def _page(account: Account, name: str, items: list[Wire], params: Params) -> Wire:
    page, token = account.page(items, params.get("NextToken"), params.get("MaxResults"), default=1000)
    return {name: page, "NextToken": token}


def _tags(name: str) -> list[Wire]:
    return [{"Key": "Name", "Value": name}] if name else []


def find_vpc(account: Account, vpc_id: str) -> LiveVpc:
    """Return a VPC. Raises :class:`ApiError`."""
    if vpc_id not in account.state.vpcs:
        raise ApiError("InvalidVpcID.NotFound", f"The vpc ID '{vpc_id}' does not exist")
    return account.state.vpcs[vpc_id]


def _vpc(vpc: LiveVpc) -> Wire:
    return {
        "VpcId": vpc.id,
        "State": "available",
        "CidrBlock": vpc.cidr,
        "CidrBlockAssociationSet": [
            {
                "AssociationId": "vpc-cidr-assoc-" + derive.made_up_id(vpc.id, cidr),
                "CidrBlock": cidr,
                "CidrBlockState": {"State": "associated"},
            }
            for cidr in vpc.cidrs
        ],
        "DhcpOptionsId": vpc.dhcp_id,
        "OwnerId": vpc.owner,
        "InstanceTenancy": "default",
        "IsDefault": False,
        "Tags": _tags(vpc.name),
    }


@serves(SERVICE, "DescribeVpcs")
def describe_vpcs(account: Account, params: Params) -> Wire:
    """Describe VPCs."""
    shown = {v.id: _vpc(v) for v in account.state.vpcs.values()}
    found = _by_ids(shown, params.get("VpcIds", []), "InvalidVpcID.NotFound", "vpc")
    keys: Keys = {
        "vpc-id": lambda v: [v["VpcId"]],
        "cidr": lambda v: [v["CidrBlock"]],
        "cidr-block-association.cidr-block": lambda v: [a["CidrBlock"] for a in v["CidrBlockAssociationSet"]],
        "owner-id": lambda v: [v["OwnerId"]],
        "dhcp-options-id": lambda v: [v["DhcpOptionsId"]],
        "tag:Name": lambda v: [t["Value"] for t in v["Tags"]],
    }
    return _page(account, "Vpcs", _filtered(found, params, keys), params)


@serves(SERVICE, "DescribeVpcAttribute")
def describe_vpc_attribute(account: Account, params: Params) -> Wire:
    """Return one attribute of a VPC."""
    vpc = find_vpc(account, params["VpcId"])
    answers = {
        "enableDnsSupport": {"EnableDnsSupport": {"Value": vpc.dns_support}},
        "enableDnsHostnames": {"EnableDnsHostnames": {"Value": vpc.dns_hostnames}},
        "enableNetworkAddressUsageMetrics": {"EnableNetworkAddressUsageMetrics": {"Value": False}},
    }
    return {"VpcId": vpc.id, **answers[params["Attribute"]]}


def dhcp_shape(account: Account, options: LiveDhcp) -> Wire:
    """Return DHCP options."""
    configurations = [{"Key": "domain-name-servers", "Values": [{"Value": s} for s in options.servers]}]
    region = account.state.region
    usual = "ec2.internal" if region == "us-east-1" else f"{region}.compute.internal"
    configurations.append({"Key": "domain-name", "Values": [{"Value": options.domain or usual}]})
    return {
        "DhcpOptionsId": options.id,
        "OwnerId": account.state.account,
        "DhcpConfigurations": configurations,
        "Tags": [],
    }


@serves(SERVICE, "DescribeDhcpOptions")
def describe_dhcp_options(account: Account, params: Params) -> Wire:
    """Describe DHCP options."""
    shown = {d.id: dhcp_shape(account, d) for d in account.state.dhcp.values()}
    found = _by_ids(shown, params.get("DhcpOptionsIds", []), "InvalidDhcpOptionID.NotFound", "dhcpOption")
    keys: Keys = {"dhcp-options-id": lambda d: [d["DhcpOptionsId"]]}
    return _page(account, "DhcpOptions", _filtered(found, params, keys), params)


@serves(SERVICE, "DescribeSubnets")
def describe_subnets(account: Account, params: Params) -> Wire:
    """Describe subnets."""
    state = account.state
    shown: dict[str, Wire] = {
        s.id: {
            "SubnetId": s.id,
            "SubnetArn": state.arn(SERVICE, f"subnet/{s.id}"),
            "VpcId": s.vpc_id,
            "CidrBlock": s.cidr,
            "AvailabilityZone": s.zone,
            "State": "available",
            "OwnerId": state.account,
            "AvailableIpAddressCount": max(IPv4Network(s.cidr).num_addresses - 5, 0),
            "MapPublicIpOnLaunch": False,
            "DefaultForAz": False,
            "Tags": [],
        }
        for s in state.subnets.values()
    }
    found = _by_ids(shown, params.get("SubnetIds", []), "InvalidSubnetID.NotFound", "subnet")
    keys: Keys = {
        "vpc-id": lambda s: [s["VpcId"]],
        "subnet-id": lambda s: [s["SubnetId"]],
        "cidr-block": lambda s: [s["CidrBlock"]],
        "availability-zone": lambda s: [s["AvailabilityZone"]],
    }
    return _page(account, "Subnets", _filtered(found, params, keys), params)


def _permissions(group: LiveSecurityGroup) -> list[Wire]:
    return [
        {
            "IpProtocol": i.protocol,
            "FromPort": i.from_port,
            "ToPort": i.to_port,
            "IpRanges": [{"CidrIp": r} for r in i.ranges if ":" not in r],
            "Ipv6Ranges": [{"CidrIpv6": r} for r in i.ranges if ":" in r],
            "UserIdGroupPairs": [{"GroupId": g, "UserId": "111122223333"} for g in i.groups],
            "PrefixListIds": [{"PrefixListId": p} for p in i.prefix_lists],
        }
        for i in group.ingress
    ]


@serves(SERVICE, "DescribeSecurityGroups")
def describe_security_groups(account: Account, params: Params) -> Wire:
    """Describe security groups."""
    shown: dict[str, Wire] = {
        g.id: {
            "GroupId": g.id,
            "GroupName": g.id,
            "Description": "",
            "VpcId": g.vpc_id,
            "OwnerId": account.state.account,
            "IpPermissions": _permissions(g),
            "IpPermissionsEgress": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}],
            "Tags": [],
        }
        for g in account.state.security_groups.values()
    }
    found = _by_ids(shown, params.get("GroupIds", []), "InvalidGroup.NotFound", "security group")
    keys: Keys = {"group-id": lambda g: [g["GroupId"]], "vpc-id": lambda g: [g["VpcId"]]}
    return _page(account, "SecurityGroups", _filtered(found, params, keys), params)


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
        "Groups": [],
        "TagSet": [],
    }


def _interfaces(account: Account) -> list[Wire]:
    """Return the interfaces of awsvpc tasks that have not stopped, of container instances and of endpoints."""
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
    for endpoint in state.endpoints.values():
        for address in endpoint.addresses:
            made = "eni-" + derive.made_up_id("eni", endpoint.id, address)
            text = f"Route 53 Resolver: {endpoint.id}:rni-{derive.made_up_id('rni', endpoint.id, address)}"
            found.append(_interface(account, made, address, text))
    return [f for f in found if f is not None]


def _ipv6_of(task: Wire) -> tuple[str, ...]:
    shown = (i.get("ipv6Address") for c in task.get("containers", []) for i in c.get("networkInterfaces", []))
    return tuple(dict.fromkeys(a for a in shown if a))


@serves(SERVICE, "DescribeNetworkInterfaces")
def describe_network_interfaces(account: Account, params: Params) -> Wire:
    """Describe network interfaces."""
    shown = {i["NetworkInterfaceId"]: i for i in _interfaces(account)}
    ids = params.get("NetworkInterfaceIds", [])
    found = _by_ids(shown, ids, "InvalidNetworkInterfaceID.NotFound", "networkInterface")
    keys: Keys = {
        "addresses.private-ip-address": lambda i: [i["PrivateIpAddress"]],
        "private-ip-address": lambda i: [i["PrivateIpAddress"]],
        "ipv6-addresses.ipv6-address": lambda i: [a["Ipv6Address"] for a in i["Ipv6Addresses"]],
        "association.public-ip": lambda i: [i.get("Association", {}).get("PublicIp", "")],
        "vpc-id": lambda i: [i["VpcId"]],
        "subnet-id": lambda i: [i["SubnetId"]],
        "network-interface-id": lambda i: [i["NetworkInterfaceId"]],
    }
    return _page(account, "NetworkInterfaces", _filtered(found, params, keys), params)


@serves(SERVICE, "DescribeVpcPeeringConnections")
def describe_vpc_peering_connections(account: Account, params: Params) -> Wire:
    """No world has peering."""
    del account, params
    return {"VpcPeeringConnections": []}


@serves(SERVICE, "DescribeTransitGatewayVpcAttachments")
def describe_transit_gateway_vpc_attachments(account: Account, params: Params) -> Wire:
    """No world describes transit gateways."""
    del account, params
    return {"TransitGatewayVpcAttachments": []}


def find_client_vpn(account: Account, endpoint_id: str) -> LiveClientVpn:
    """Return a Client VPN endpoint. Raises :class:`ApiError`."""
    found = account.state.client_vpns.get(endpoint_id)
    if found is None:
        text = f"Endpoint {endpoint_id} does not exist"
        raise ApiError("InvalidClientVpnEndpointId.NotFound", text)
    return found


@serves(SERVICE, "DescribeClientVpnEndpoints")
def describe_client_vpn_endpoints(account: Account, params: Params) -> Wire:
    """Describe Client VPN endpoints; without DNS servers clients keep their own."""
    for endpoint_id in params.get("ClientVpnEndpointIds", []):
        find_client_vpn(account, endpoint_id)
    wanted = params.get("ClientVpnEndpointIds") or list(account.state.client_vpns)
    found: list[Wire] = [
        {
            "ClientVpnEndpointId": v.id,
            "Status": {"Code": "available"},
            "ClientCidrBlock": v.client_cidr,
            "DnsServers": v.dns_servers,
            "SplitTunnel": v.split_tunnel,
            "VpcId": v.vpc_id,
            "VpnProtocol": "openvpn",
            "TransportProtocol": "udp",
            "VpnPort": 443,
            "TransitGatewayConfiguration": {"TransitGatewayId": "tgw-0lab"} if v.transit_gateway else None,
            "Tags": [],
        }
        for v in account.state.client_vpns.values()
        if v.id in wanted
    ]
    keys: Keys = {"endpoint-id": lambda v: [v["ClientVpnEndpointId"]]}
    return _page(account, "ClientVpnEndpoints", _filtered(found, params, keys), params)


@serves(SERVICE, "DescribeClientVpnRoutes")
def describe_client_vpn_routes(account: Account, params: Params) -> Wire:
    """Describe the routes of a Client VPN endpoint."""
    vpn = find_client_vpn(account, params["ClientVpnEndpointId"])
    found: list[Wire] = [
        {
            "ClientVpnEndpointId": vpn.id,
            "DestinationCidr": cidr,
            "Type": "Nat",
            "Origin": "add-route",
            "Status": {"Code": "active"},
        }
        for cidr in vpn.routes
    ]
    keys: Keys = {"destination-cidr": lambda r: [r["DestinationCidr"]]}
    return _page(account, "Routes", _filtered(found, params, keys), params)


@serves(SERVICE, "DescribeClientVpnAuthorizationRules")
def describe_client_vpn_authorization_rules(account: Account, params: Params) -> Wire:
    """Describe the ranges that clients of a Client VPN endpoint may reach."""
    vpn = find_client_vpn(account, params["ClientVpnEndpointId"])
    found: list[Wire] = [
        {
            "ClientVpnEndpointId": vpn.id,
            "AccessAll": True,
            "DestinationCidr": cidr,
            "Status": {"Code": "active"},
        }
        for cidr in vpn.authorized
    ]
    keys: Keys = {"destination-cidr": lambda r: [r["DestinationCidr"]]}
    return _page(account, "AuthorizationRules", _filtered(found, params, keys), params)
