"""Amazon Route 53: hosted zones, their VPCs and their records.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from sddoctor.lab.aws.account import Account, Params, Wire, serves
from sddoctor.lab.aws.errors import ApiError, invalid
from sddoctor.lab.derive import made_up_id
from sddoctor.lab.objects import LiveZone, RecordSet
from sddoctor.lab.records import PRIVATE_NAME_SERVERS, PUBLIC_NAME_SERVERS, records_of_zone

SERVICE = "route53"
LARGEST_PAGE = 300


def _find(account: Account, name: str, action: str) -> LiveZone:
    """Return a zone of this account. Raises :class:`ApiError`; another account's zone is denied."""
    zone_id = name.rsplit("/", 1)[-1]
    zone = account.state.zones.get(zone_id)
    if zone is None:
        raise ApiError("NoSuchHostedZone", f"No hosted zone found with ID: {zone_id}", 404)
    if zone.owner != account.state.account:
        text = f"User: {account.caller} is not authorized to perform: {action} on resource: "
        raise ApiError("AccessDenied", f"{text}arn:aws:route53:::hostedzone/{zone_id}", 403)
    return zone


def escaped(name: str) -> str:
    """Return a name as Route 53 writes it: with a final dot, and unusual characters in octal.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html
    """
    return re.sub(r"[^a-z0-9._\-]", lambda m: f"\\{ord(m[0]):03o}", name.rstrip(".").lower()) + "."


def unescaped(name: str) -> str:
    """Undo :func:`escaped`."""
    return re.sub(r"\\([0-7]{3})", lambda m: chr(int(m[1], 8)), name).lower().rstrip(".")


def _order(record: RecordSet) -> tuple[list[str], str, str]:
    """Return the sort key of a record set: labels from the right, then type, then identifier."""
    return list(reversed(escaped(record.name).rstrip(".").split("."))), record.type, record.set_identifier or ""


def _zone(account: Account, zone: LiveZone) -> Wire:
    namespace = account.state.namespaces.get(zone.namespace_id or "")
    made_by_cloud_map = namespace is not None
    return {
        "Id": f"/hostedzone/{zone.id}",
        "Name": escaped(zone.name),
        "CallerReference": f"lab-{zone.id}",
        "Config": {
            "Comment": "Created by AWS Cloud Map" if made_by_cloud_map else "",
            "PrivateZone": zone.private,
        },
        "ResourceRecordSetCount": len(records_of_zone(account.state, zone.id)),
        "LinkedService": {
            "ServicePrincipal": "servicediscovery.amazonaws.com",
            "Description": f"arn:aws:servicediscovery:{account.state.region}:{zone.owner}:namespace/"
            f"{zone.namespace_id}",
        }
        if made_by_cloud_map
        else None,
    }


@serves(SERVICE, "GetHostedZone")
def get_hosted_zone(account: Account, params: Params) -> Wire:
    """Return a zone with its VPCs."""
    zone = _find(account, params["Id"], "route53:GetHostedZone")
    answer: Wire = {"HostedZone": _zone(account, zone)}
    servers = PRIVATE_NAME_SERVERS if zone.private else PUBLIC_NAME_SERVERS
    if zone.private:
        answer["VPCs"] = [{"VPCRegion": account.state.region, "VPCId": v} for v in zone.vpcs]
    else:
        answer["DelegationSet"] = {"NameServers": list(servers)}
    return answer


@serves(SERVICE, "ListHostedZones")
def list_hosted_zones(account: Account, params: Params) -> Wire:
    """List the zones of this account."""
    own = [z for z in account.state.zones.values() if z.owner == account.state.account]
    size = _size(params, 100)
    page, token = account.page(own, params.get("Marker"), size)
    return {
        "HostedZones": [_zone(account, z) for z in page],
        "Marker": params.get("Marker"),
        "IsTruncated": token is not None,
        "NextMarker": token,
        "MaxItems": str(size),
    }


def _size(params: Params, largest: int) -> int:
    text = str(params.get("MaxItems", largest))
    if not text.isdecimal() or int(text) < 1:
        raise invalid(SERVICE, f"The value {text} is not valid for MaxItems.")
    return min(int(text), largest)


@serves(SERVICE, "ListHostedZonesByName")
def list_hosted_zones_by_name(account: Account, params: Params) -> Wire:
    """List the zones of this account by name with reversed labels, beginning with ``DNSName``.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListHostedZonesByName.html
    """
    begin = _reversed(params.get("DNSName", "").lower().rstrip("."))
    own = [z for z in account.state.zones.values() if z.owner == account.state.account and _reversed(z.name) >= begin]
    size = _size(params, 100)
    return {
        "HostedZones": [_zone(account, z) for z in sorted(own, key=lambda z: _reversed(z.name))[:size]],
        "DNSName": params.get("DNSName"),
        "IsTruncated": len(own) > size,
        "MaxItems": str(size),
    }


def _reversed(name: str) -> list[str]:
    return name.split(".")[::-1] if name else []


@serves(SERVICE, "ListHostedZonesByVPC")
def list_hosted_zones_by_vpc(account: Account, params: Params) -> Wire:
    """List the private zones that are associated with a VPC, other accounts' too, but not those of a Profile.

    A zone that Cloud Map made shows its account as the owner.
    https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListHostedZonesByVPC.html
    """
    state = account.state
    vpc = state.vpcs.get(params["VPCId"])
    if vpc is None or params["VPCRegion"] != state.region:
        raise invalid(SERVICE, f"The VPC {params['VPCId']} in region {params['VPCRegion']} is not valid.")
    zones = [z for z in state.zones.values() if z.private and params["VPCId"] in z.vpcs]
    size = _size(params, 100)
    page, token = account.page(zones, params.get("NextToken"), size)
    return {
        "HostedZoneSummaries": [
            {
                "HostedZoneId": z.id,
                "Name": escaped(z.name),
                "Owner": {"OwningService" if "." in z.owner else "OwningAccount": z.owner},
            }
            for z in page
        ],
        "MaxItems": str(size),
        "NextToken": token,
    }


def _record_set(record: RecordSet) -> Wire:
    return {
        "Name": escaped(record.name),
        "Type": record.type,
        "SetIdentifier": record.set_identifier,
        "Weight": record.weight,
        "MultiValueAnswer": True if record.multivalue else None,
        "TTL": record.ttl,
        "ResourceRecords": [{"Value": v} for v in record.values],
    }


@serves(SERVICE, "ListResourceRecordSets")
def list_resource_record_sets(account: Account, params: Params) -> Wire:
    """List records by reversed labels, beginning with a name (and type, and identifier).

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListResourceRecordSets.html
    """
    zone = _find(account, params["HostedZoneId"], "route53:ListResourceRecordSets")
    if "StartRecordType" in params and "StartRecordName" not in params:
        raise invalid(SERVICE, "The type cannot be specified without a name.")
    ordered = sorted(records_of_zone(account.state, zone.id), key=_order)
    if "StartRecordName" in params:
        labels = list(reversed(escaped(unescaped(params["StartRecordName"])).rstrip(".").split(".")))
        start = (labels, params.get("StartRecordType", ""), params.get("StartRecordIdentifier", ""))
        ordered = [r for r in ordered if _order(r) >= start]
    size = _size(params, LARGEST_PAGE)
    shown = size if account.page_size is None else min(size, account.page_size)
    answer: Wire = {
        "ResourceRecordSets": [_record_set(r) for r in ordered[:shown]],
        "IsTruncated": len(ordered) > shown,
        "MaxItems": str(size),
    }
    if len(ordered) > shown:
        following = ordered[shown]
        answer["NextRecordName"] = escaped(following.name)
        answer["NextRecordType"] = following.type
        answer["NextRecordIdentifier"] = following.set_identifier
    return answer


def _change(comment: str | None = None) -> Wire:
    at = datetime.now(UTC)
    return {
        "ChangeInfo": {
            "Id": f"/change/C0{made_up_id(str(at)).upper()}",
            "Status": "INSYNC",
            "SubmittedAt": at,
            "Comment": comment,
        }
    }


@serves(SERVICE, "AssociateVPCWithHostedZone")
def associate_vpc(account: Account, params: Params) -> Wire:
    """Associate a VPC of this account with a private zone; another account's zone must have authorized it.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_AssociateVPCWithHostedZone.html
    """
    state = account.state
    vpc_id = params["VPC"].get("VPCId", "")
    zone = state.zones.get(params["HostedZoneId"])
    if zone is None:
        raise ApiError("NoSuchHostedZone", f"No hosted zone found with ID: {params['HostedZoneId']}", 404)
    if zone.owner != state.account and vpc_id not in zone.authorized_vpcs:
        raise ApiError(
            "NotAuthorizedException", f"The VPC: {vpc_id} is not authorized to associate with the zone.", 401
        )
    if vpc_id not in state.vpcs:
        raise ApiError("InvalidVPCId", f"The VPC: {vpc_id} in region {state.region} that you provided is not valid.")
    if not zone.private:
        raise ApiError("PublicZoneVPCAssociation", "You're trying to associate a VPC with a public hosted zone.")
    for other in state.zones.values():
        if other.name == zone.name and vpc_id in other.vpcs:
            raise ApiError(
                "ConflictingDomainExists", f"The VPC {vpc_id} is already associated with the zone {zone.name}"
            )
    zone.vpcs.append(vpc_id)
    state.changed()
    return _change(params.get("Comment"))


@serves(SERVICE, "DisassociateVPCFromHostedZone")
def disassociate_vpc(account: Account, params: Params) -> Wire:
    """Disassociate a VPC from a private zone, which must keep one.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_DisassociateVPCFromHostedZone.html
    """
    zone = _find(account, params["HostedZoneId"], "route53:DisassociateVPCFromHostedZone")
    vpc_id = params["VPC"].get("VPCId", "")
    if vpc_id not in zone.vpcs:
        raise ApiError("VPCAssociationNotFound", f"The VPC {vpc_id} is not associated with the zone.", 404)
    if len(zone.vpcs) == 1:
        raise ApiError("LastVPCAssociation", "The VPC is the last one of the private hosted zone.")
    zone.vpcs.remove(vpc_id)
    account.state.changed()
    return _change(params.get("Comment"))


@serves(SERVICE, "CreateVPCAssociationAuthorization")
def create_vpc_association_authorization(account: Account, params: Params) -> Wire:
    """Allow another account's VPC to be associated."""
    zone = _find(account, params["HostedZoneId"], "route53:CreateVPCAssociationAuthorization")
    zone.authorized_vpcs.append(params["VPC"].get("VPCId", ""))
    account.state.changed()
    return {"HostedZoneId": zone.id, "VPC": params["VPC"]}


@serves(SERVICE, "ChangeResourceRecordSets")
def change_resource_record_sets(account: Account, params: Params) -> Wire:
    """Create, replace or delete record sets; the whole batch or none of it. Cloud Map's own cannot be changed.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html
    """
    zone = _find(account, params["HostedZoneId"], "route53:ChangeResourceRecordSets")
    if zone.namespace_id is not None:
        raise ApiError(
            "AccessDenied", "The resource hostedzone/" + zone.id + " can only be managed through AWS Cloud Map", 403
        )
    records = list(zone.records)
    for change in params["ChangeBatch"]["Changes"]:
        wanted = _record_of(zone, change["ResourceRecordSet"])
        same = [r for r in records if _order(r) == _order(wanted)]
        name = f"[name='{escaped(wanted.name)}', type='{wanted.type}']"
        if change["Action"] == "CREATE" and same:
            raise ApiError("InvalidChangeBatch", f"[Tried to create resource record set {name} but it already exists]")
        if change["Action"] == "DELETE" and not same:
            raise ApiError("InvalidChangeBatch", f"[Tried to delete resource record set {name} but it was not found]")
        records = [r for r in records if r not in same]
        if change["Action"] != "DELETE":
            records.append(wanted)
    zone.records[:] = records
    account.state.changed()
    return _change(params["ChangeBatch"].get("Comment"))


def _record_of(zone: LiveZone, record: dict[str, Any]) -> RecordSet:
    name = unescaped(record["Name"])
    if name != zone.name and not name.endswith(f".{zone.name}"):
        text = f"[RRSet with DNS name {escaped(name)} is not permitted in zone {escaped(zone.name)}]"
        raise ApiError("InvalidChangeBatch", text)
    if not record.get("ResourceRecords"):
        raise ApiError("InvalidChangeBatch", "[The lab takes record sets with resource records only]")
    return RecordSet(
        name,
        record["Type"],
        record.get("TTL", 300),
        tuple(v["Value"] for v in record["ResourceRecords"]),
        record.get("SetIdentifier"),
        multivalue=bool(record.get("MultiValueAnswer")),
        weight=record.get("Weight"),
    )


@serves(SERVICE, "GetHealthCheckStatus")
def get_health_check_status(account: Account, params: Params) -> Wire:
    """No world has Route 53 health checks of its own."""
    del account
    raise ApiError("NoSuchHealthCheck", f"No health check exists with the ID {params['HealthCheckId']}", 404)
