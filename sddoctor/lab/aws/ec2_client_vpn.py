"""Amazon EC2: AWS Client VPN endpoints, reading.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

from sddoctor.lab.aws.account import Account, Params, Wire, serves
from sddoctor.lab.aws.ec2_shapes import SERVICE, Keys, filtered, page
from sddoctor.lab.aws.errors import ApiError
from sddoctor.lab.objects import LiveClientVpn


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
    return page(account, "ClientVpnEndpoints", filtered(found, params, keys), params)


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
    return page(account, "Routes", filtered(found, params, keys), params)


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
    return page(account, "AuthorizationRules", filtered(found, params, keys), params)
