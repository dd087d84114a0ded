"""Amazon Route 53: hosted zones, reading.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

from sddoctor.lab.aws import route53_records, route53_vpcs
from sddoctor.lab.aws.account import Account, Params, Wire, serves
from sddoctor.lab.aws.errors import ApiError, invalid
from sddoctor.lab.aws.route53_shapes import SERVICE, escaped, find, page_size, reversed_name
from sddoctor.lab.records import PRIVATE_NAME_SERVERS, PUBLIC_NAME_SERVERS, records_of_zone
from sddoctor.lab.zones import LiveZone

#: Imported for the operations that they register.
ALSO = (route53_records, route53_vpcs)
LARGEST_PAGE = 100


def _zone(account: Account, zone: LiveZone) -> Wire:
    made_by_cloud_map = zone.namespace_id in account.state.namespaces
    return {
        "Id": f"/hostedzone/{zone.id}",
        "Name": escaped(zone.name),
        "CallerReference": f"lab-{zone.id}",
        "Config": {
            "Comment": "Created by AWS Cloud Map" if made_by_cloud_map else zone.comment,
            "PrivateZone": zone.private,
        },
        "ResourceRecordSetCount": len(records_of_zone(account.state, zone.id)),
        "LinkedService": _linked_service(account, zone, made_by_cloud_map),
    }


def _linked_service(account: Account, zone: LiveZone, made_by_cloud_map: bool) -> Wire | None:
    """Return the service that made the zone: Cloud Map describes it by the namespace."""
    if made_by_cloud_map:
        arn = f"arn:aws:servicediscovery:{account.state.region}:{zone.owner}:namespace/{zone.namespace_id}"
        return {"ServicePrincipal": "servicediscovery.amazonaws.com", "Description": arn}
    return {"ServicePrincipal": zone.linked, "Description": ""} if zone.linked else None


@serves(SERVICE, "GetHostedZone")
def get_hosted_zone(account: Account, params: Params) -> Wire:
    """Return a zone with its VPCs."""
    zone = find(account, params["Id"], "route53:GetHostedZone")
    answer: Wire = {"HostedZone": _zone(account, zone)}
    servers = PRIVATE_NAME_SERVERS if zone.private else PUBLIC_NAME_SERVERS
    if zone.private:
        answer["VPCs"] = [{"VPCRegion": account.state.region, "VPCId": v} for v in zone.vpcs]
        answer["VPCs"] += [{"VPCRegion": region, "VPCId": v} for v, region in zone.other_vpcs.items()]
    else:
        answer["DelegationSet"] = {"NameServers": list(servers)}
    return answer


@serves(SERVICE, "ListHostedZones")
def list_hosted_zones(account: Account, params: Params) -> Wire:
    """List the zones of this account, in no order."""
    own = [z for z in _own(account) if z.private or "HostedZoneType" not in params]
    size = page_size(params, LARGEST_PAGE)
    page, token = account.page(own, params.get("Marker"), size)
    return {
        "HostedZones": [_zone(account, z) for z in page],
        "Marker": params.get("Marker"),
        "IsTruncated": token is not None,
        "NextMarker": token,
        "MaxItems": str(size),
    }


def _own(account: Account) -> list[LiveZone]:
    return [z for z in account.state.zones.values() if z.owner == account.state.account]


@serves(SERVICE, "ListHostedZonesByName")
def list_hosted_zones_by_name(account: Account, params: Params) -> Wire:
    """List the zones of this account by name, then id, beginning with ``DNSName`` and ``HostedZoneId``.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListHostedZonesByName.html
    """
    if "HostedZoneId" in params and "DNSName" not in params:
        raise invalid(SERVICE, "The hosted zone ID cannot be specified without a DNS name.")
    begin = reversed_name(params.get("DNSName", "")), params.get("HostedZoneId", "").rsplit("/", 1)[-1]
    ordered = sorted(_own(account), key=_by_name)
    listed = [z for z in ordered if _by_name(z) >= begin]
    size = page_size(params, LARGEST_PAGE)
    shown = size if account.page_size is None else min(size, account.page_size)
    following = listed[shown] if len(listed) > shown else None
    return {
        "HostedZones": [_zone(account, z) for z in listed[:shown]],
        "DNSName": params.get("DNSName"),
        "HostedZoneId": params.get("HostedZoneId"),
        "IsTruncated": following is not None,
        "NextDNSName": escaped(following.name) if following else None,
        "NextHostedZoneId": following.id if following else None,
        "MaxItems": str(size),
    }


def _by_name(zone: LiveZone) -> tuple[str, str]:
    return reversed_name(zone.name), zone.id


@serves(SERVICE, "GetHealthCheckStatus")
def get_health_check_status(account: Account, params: Params) -> Wire:
    """Return what three of the checkers say; a health check exists if a record names it.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_GetHealthCheckStatus.html
    """
    wanted = params["HealthCheckId"]
    records = (r for z in account.state.zones.values() for r in z.records)
    record = next((r for r in records if r.health_check == wanted), None)
    if record is None:
        raise ApiError("NoSuchHealthCheck", f"No health check exists with the ID {wanted}", 404)
    sound = "Success: HTTP Status Code 200, OK"
    said = sound if record.health == "HEALTHY" else "Failure: Connection timed out. The endpoint did not respond."
    return {
        "HealthCheckObservations": [
            {
                "Region": region,
                "IPAddress": address,
                "StatusReport": {"Status": said, "CheckedTime": account.state.ago(20)},
            }
            for region, address in (
                ("us-east-1", "192.0.2.81"),
                ("eu-west-1", "192.0.2.82"),
                ("sa-east-1", "192.0.2.83"),
            )
        ]
    }
