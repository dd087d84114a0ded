"""Amazon EC2, writing: DNS attributes, DHCP options, security groups and Client VPN.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

from sddoctor.lab.aws.account import Account, Params, Wire, serves
from sddoctor.lab.aws.ec2 import dhcp_shape, find_vpc
from sddoctor.lab.aws.ec2_client_vpn import find_client_vpn
from sddoctor.lab.aws.ec2_shapes import SERVICE
from sddoctor.lab.aws.errors import ApiError
from sddoctor.lab.objects import LiveDhcp
from sddoctor.lab.parts.network import Ingress


@serves(SERVICE, "ModifyVpcAttribute")
def modify_vpc_attribute(account: Account, params: Params) -> Wire:
    """Set one DNS attribute of a VPC.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcAttribute.html
    """
    vpc = find_vpc(account, params["VpcId"])
    given = [k for k in ("EnableDnsSupport", "EnableDnsHostnames") if k in params]
    if len(given) != 1:
        raise ApiError("InvalidParameterCombination", "Exactly one attribute must be given.")
    value = params[given[0]].get("Value", False)
    if given[0] == "EnableDnsSupport":
        vpc.dns_support = value
    else:
        vpc.dns_hostnames = value
    account.state.changed()
    return {}


@serves(SERVICE, "CreateDhcpOptions")
def create_dhcp_options(account: Account, params: Params) -> Wire:
    """Create DHCP options; without servers they assign none."""
    given = {c.get("Key"): tuple(c.get("Values", [])) for c in params["DhcpConfigurations"]}
    options = LiveDhcp(
        "dopt-" + account.state.fresh_id("dhcp"),
        given.get("domain-name-servers", ()),
        next(iter(given.get("domain-name", ())), None),
    )
    account.state.dhcp[options.id] = options
    account.state.changed()
    return {"DhcpOptions": dhcp_shape(account, options)}


@serves(SERVICE, "AssociateDhcpOptions")
def associate_dhcp_options(account: Account, params: Params) -> Wire:
    """Associate other DHCP options with a VPC (``default``: Amazon's resolver)."""
    vpc = find_vpc(account, params["VpcId"])
    wanted = params["DhcpOptionsId"]
    if wanted == "default":
        account.state.dhcp.setdefault("dopt-0default", LiveDhcp("dopt-0default", ("AmazonProvidedDNS",), None))
        wanted = "dopt-0default"
    if wanted not in account.state.dhcp:
        raise ApiError("InvalidDhcpOptionID.NotFound", f"The dhcpOption ID '{wanted}' does not exist")
    vpc.dhcp_id = wanted
    account.state.changed()
    return {}


@serves(SERVICE, "AuthorizeSecurityGroupIngress")
def authorize_security_group_ingress(account: Account, params: Params) -> Wire:
    """Add permissions to a security group, all or none."""
    group = account.state.security_groups.get(params.get("GroupId", ""))
    if group is None:
        raise ApiError("InvalidGroup.NotFound", f"The security group '{params.get('GroupId')}' does not exist")
    permissions = params.get("IpPermissions") or [
        {
            "IpProtocol": params.get("IpProtocol", "-1"),
            "FromPort": params.get("FromPort"),
            "ToPort": params.get("ToPort"),
            "IpRanges": [{"CidrIp": params["CidrIp"]}] if "CidrIp" in params else [],
        }
    ]
    added = [
        Ingress(
            protocol=p.get("IpProtocol", "-1"),
            from_port=p.get("FromPort"),
            to_port=p.get("ToPort"),
            ranges=tuple(
                [r["CidrIp"] for r in p.get("IpRanges", [])] + [r["CidrIpv6"] for r in p.get("Ipv6Ranges", [])]
            ),
        )
        for p in permissions
    ]
    if any(a in group.ingress for a in added):
        raise ApiError("InvalidPermission.Duplicate", "the specified rule already exists")
    group.ingress += added
    account.state.changed()
    return {
        "Return": True,
        "SecurityGroupRules": [
            {
                "SecurityGroupRuleId": "sgr-" + account.state.fresh_id("sgr"),
                "GroupId": group.id,
                "GroupOwnerId": account.state.account,
                "IsEgress": False,
                "IpProtocol": a.protocol,
                "FromPort": a.from_port,
                "ToPort": a.to_port,
                ("CidrIpv6" if ":" in cidr else "CidrIpv4"): cidr,
            }
            for a in added
            for cidr in a.ranges
        ],
    }


@serves(SERVICE, "CreateClientVpnRoute")
def create_client_vpn_route(account: Account, params: Params) -> Wire:
    """Add a route to a Client VPN endpoint."""
    vpn = find_client_vpn(account, params["ClientVpnEndpointId"])
    if params["DestinationCidrBlock"] in vpn.routes:
        raise ApiError("InvalidClientVpnDuplicateRoute", "The route already exists.")
    vpn.routes.append(params["DestinationCidrBlock"])
    account.state.changed()
    return {"Status": {"Code": "active"}}


@serves(SERVICE, "AuthorizeClientVpnIngress")
def authorize_client_vpn_ingress(account: Account, params: Params) -> Wire:
    """Authorize clients of a Client VPN endpoint to reach a range."""
    vpn = find_client_vpn(account, params["ClientVpnEndpointId"])
    if params["TargetNetworkCidr"] not in vpn.authorized:
        vpn.authorized.append(params["TargetNetworkCidr"])
    account.state.changed()
    return {"Status": {"Code": "active"}}


@serves(SERVICE, "ModifyClientVpnEndpoint")
def modify_client_vpn_endpoint(account: Account, params: Params) -> Wire:
    """Change the DNS servers or the split tunnel of a Client VPN endpoint."""
    vpn = find_client_vpn(account, params["ClientVpnEndpointId"])
    servers = params.get("DnsServers")
    if servers is not None:
        enabled = servers.get("Enabled", bool(servers.get("CustomDnsServers")))
        vpn.dns_servers = list(servers.get("CustomDnsServers", [])) if enabled else []
    vpn.split_tunnel = params.get("SplitTunnel", vpn.split_tunnel)
    account.state.changed()
    return {"Return": True}
