"""Amazon EC2: VPC endpoints and managed prefix lists, reading.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcEndpoints.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetManagedPrefixListEntries.html
"""

from __future__ import annotations

from sddoctor.lab import derive
from sddoctor.lab.aws.account import Account, Params, Wire, serves
from sddoctor.lab.aws.ec2_shapes import SERVICE, Keys, by_ids, filtered, page
from sddoctor.lab.aws.errors import ApiError
from sddoctor.lab.parts.vpc_endpoints import PrefixList, VpcEndpoint
from sddoctor.lab.vpc_endpoints import interface_id, own_names, private_names, service_name, zone_of


@serves(SERVICE, "DescribeVpcEndpoints")
def describe_vpc_endpoints(account: Account, params: Params) -> Wire:
    """Describe the VPC endpoints of this account, which are in VPCs of its own."""
    own = [e for e in account.state.world.vpc_endpoints if account.owns_vpc(e.vpc)]
    shown = {e.id: _endpoint(account, e) for e in own}
    found = by_ids(shown, params.get("VpcEndpointIds", []), "InvalidVpcEndpointId.NotFound", "Vpc Endpoint")
    keys: Keys = {
        "vpc-endpoint-id": lambda e: [e["VpcEndpointId"]],
        "vpc-id": lambda e: [e["VpcId"]],
        "service-name": lambda e: [e["ServiceName"]],
        "vpc-endpoint-type": lambda e: [e["VpcEndpointType"]],
        "vpc-endpoint-state": lambda e: [e["State"]],
    }
    return page(account, "VpcEndpoints", filtered(found, params, keys), params)


def _endpoint(account: Account, endpoint: VpcEndpoint) -> Wire:
    """Return an endpoint. Its DNS entries are its own names, then the private ones."""
    world = account.state.world
    interface = endpoint.type == "Interface"
    entries = [{"DnsName": n, "HostedZoneId": "Z273ZU8SZ5RJPC"} for n in own_names(world, endpoint)]
    names = private_names(world, endpoint)
    entries += [{"DnsName": n.replace("*", "\\052"), "HostedZoneId": zone_of(endpoint, n)} for n in names]
    subnets = dict.fromkeys(derive.subnet_id(derive.subnet_range(world, a)[1]) for a in endpoint.addresses)
    return {
        "VpcEndpointId": endpoint.id,
        "VpcEndpointType": endpoint.type,
        "VpcId": endpoint.vpc,
        "ServiceName": service_name(world, endpoint),
        "State": endpoint.state,
        "RouteTableIds": [] if interface else ["rtb-" + derive.made_up_id("rtb", endpoint.vpc)],
        "SubnetIds": list(subnets),
        "Groups": [{"GroupId": g, "GroupName": g} for g in endpoint.security_groups],
        "IpAddressType": "ipv4",
        "DnsOptions": {"DnsRecordIpType": "ipv4"} if interface else None,
        "PrivateDnsEnabled": interface and endpoint.private_dns,
        "RequesterManaged": False,
        "NetworkInterfaceIds": [interface_id(endpoint, a) for a in endpoint.addresses],
        "DnsEntries": entries,
        "CreationTimestamp": account.state.ago(30 * 86400),
        "OwnerId": account.state.account,
        "Tags": [],
    }


@serves(SERVICE, "DescribeManagedPrefixLists")
def describe_managed_prefix_lists(account: Account, params: Params) -> Wire:
    """Describe prefix lists: those of the account, those shared with it, and those of AWS."""
    shown = {p.id: _prefix_list(account, p) for p in account.state.world.prefix_lists}
    found = by_ids(shown, params.get("PrefixListIds", []), "InvalidPrefixListID.NotFound", "prefix list")
    keys: Keys = {
        "prefix-list-id": lambda p: [p["PrefixListId"]],
        "prefix-list-name": lambda p: [p["PrefixListName"]],
        "owner-id": lambda p: [p["OwnerId"]],
    }
    return page(account, "PrefixLists", filtered(found, params, keys), params)


def _prefix_list(account: Account, part: PrefixList) -> Wire:
    owner = part.owner or account.state.account
    of_aws = owner == "AWS"
    return {
        "PrefixListId": part.id,
        "AddressFamily": part.family,
        "State": None if of_aws else "create-complete",
        "PrefixListArn": account.state.arn(SERVICE, f"prefix-list/{part.id}", owner.lower()),
        "PrefixListName": part.name or part.id,
        "MaxEntries": None if of_aws else max(len(part.entries), 10),
        "Version": None if of_aws else 1,
        "Tags": [],
        "OwnerId": owner,
    }


@serves(SERVICE, "GetManagedPrefixListEntries")
def get_managed_prefix_list_entries(account: Account, params: Params) -> Wire:
    """Return the ranges of a prefix list."""
    wanted = params["PrefixListId"]
    part = next((p for p in account.state.world.prefix_lists if p.id == wanted), None)
    if part is None:
        raise ApiError("InvalidPrefixListID.NotFound", f"The prefix list ID '{wanted}' does not exist")
    return page(account, "Entries", [{"Cidr": e} for e in part.entries], params)
