"""Amazon EC2: VPCs, their DHCP options and subnets, reading.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

from ipaddress import IPv4Network

from sddoctor.lab import derive
from sddoctor.lab.aws import ec2_client_vpn, ec2_endpoints, ec2_groups, ec2_interfaces
from sddoctor.lab.aws.account import Account, Params, Wire, serves
from sddoctor.lab.aws.ec2_shapes import SERVICE, Keys, by_ids, filtered, page, tags
from sddoctor.lab.aws.errors import ApiError
from sddoctor.lab.objects import LiveDhcp, LiveVpc

#: Imported for the operations that they register.
ALSO = (ec2_client_vpn, ec2_endpoints, ec2_groups, ec2_interfaces)


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
        "Tags": tags(vpc.name),
    }


@serves(SERVICE, "DescribeVpcs")
def describe_vpcs(account: Account, params: Params) -> Wire:
    """Describe VPCs."""
    shown = {v.id: _vpc(v) for v in account.state.vpcs.values()}
    found = by_ids(shown, params.get("VpcIds", []), "InvalidVpcID.NotFound", "vpc")
    keys: Keys = {
        "vpc-id": lambda v: [v["VpcId"]],
        "cidr": lambda v: [v["CidrBlock"]],
        "cidr-block-association.cidr-block": lambda v: [a["CidrBlock"] for a in v["CidrBlockAssociationSet"]],
        "owner-id": lambda v: [v["OwnerId"]],
        "dhcp-options-id": lambda v: [v["DhcpOptionsId"]],
        "tag:Name": lambda v: [t["Value"] for t in v["Tags"]],
    }
    return page(account, "Vpcs", filtered(found, params, keys), params)


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
    found = by_ids(shown, params.get("DhcpOptionsIds", []), "InvalidDhcpOptionID.NotFound", "dhcpOption")
    keys: Keys = {"dhcp-options-id": lambda d: [d["DhcpOptionsId"]]}
    return page(account, "DhcpOptions", filtered(found, params, keys), params)


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
            "OwnerId": state.vpcs[s.vpc_id].owner,
            "AvailableIpAddressCount": max(IPv4Network(s.cidr).num_addresses - 5, 0),
            "MapPublicIpOnLaunch": False,
            "DefaultForAz": False,
            "Tags": [],
        }
        for s in state.subnets.values()
    }
    found = by_ids(shown, params.get("SubnetIds", []), "InvalidSubnetID.NotFound", "subnet")
    keys: Keys = {
        "vpc-id": lambda s: [s["VpcId"]],
        "subnet-id": lambda s: [s["SubnetId"]],
        "cidr-block": lambda s: [s["CidrBlock"]],
        "availability-zone": lambda s: [s["AvailabilityZone"]],
    }
    return page(account, "Subnets", filtered(found, params, keys), params)


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
