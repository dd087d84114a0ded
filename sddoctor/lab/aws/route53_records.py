"""Amazon Route 53: the records of a hosted zone, and their changes.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListResourceRecordSets.html
https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html
"""

from __future__ import annotations

from typing import Any

from sddoctor.lab.aws.account import Account, Params, Wire, serves
from sddoctor.lab.aws.errors import ApiError, invalid
from sddoctor.lab.aws.route53_shapes import (
    SERVICE,
    change_info,
    escaped,
    find,
    page_size,
    reversed_name,
    unescaped,
)
from sddoctor.lab.parts.route53 import Alias
from sddoctor.lab.records import records_of_zone
from sddoctor.lab.zones import LiveZone, RecordSet

LARGEST_PAGE = 300
#: Policies that the lab keeps as they are written.
OTHER_POLICIES = ("CidrRoutingConfig", "GeoProximityLocation", "AZAffinity")


def _order(record: RecordSet) -> tuple[str, str, str]:
    """Return the sort key of a record set: its name from the right, then type, then identifier."""
    return reversed_name(record.name), record.type, record.set_identifier or ""


def _record_set(record: RecordSet) -> Wire:
    """Return a record set; an alias has no TTL of its own."""
    target = record.alias
    return {
        "Name": escaped(record.name),
        "Type": record.type,
        "SetIdentifier": record.set_identifier,
        "Weight": record.weight,
        "Region": record.region,
        "GeoLocation": {"CountryCode": record.country} if record.country else None,
        "Failover": record.failover,
        "MultiValueAnswer": True if record.multivalue else None,
        "TTL": record.ttl if target is None else None,
        "ResourceRecords": [{"Value": v} for v in record.values] if target is None else None,
        "AliasTarget": {
            "HostedZoneId": target.zone,
            "DNSName": escaped(target.name),
            "EvaluateTargetHealth": target.evaluates,
        }
        if target is not None
        else None,
        "HealthCheckId": record.health_check,
        **record.policy,
    }


@serves(SERVICE, "ListResourceRecordSets")
def list_resource_record_sets(account: Account, params: Params) -> Wire:
    """List records by reversed labels, beginning with a name (and type, and identifier)."""
    zone = find(account, params["HostedZoneId"], "route53:ListResourceRecordSets")
    if "StartRecordType" in params and "StartRecordName" not in params:
        raise invalid(SERVICE, "The type cannot be specified without a name.")
    ordered = sorted(records_of_zone(account.state, zone.id), key=_order)
    if "StartRecordName" in params:
        name = reversed_name(params["StartRecordName"])
        start = (name, params.get("StartRecordType", ""), params.get("StartRecordIdentifier", ""))
        ordered = [r for r in ordered if _order(r) >= start]
    size = page_size(params, LARGEST_PAGE)
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


@serves(SERVICE, "ChangeResourceRecordSets")
def change_resource_record_sets(account: Account, params: Params) -> Wire:
    """Create, replace or delete record sets; the whole batch or none of it. Cloud Map's own cannot be changed."""
    zone = find(account, params["HostedZoneId"], "route53:ChangeResourceRecordSets")
    if zone.namespace_id is not None or zone.linked is not None:
        service = "AWS Cloud Map" if zone.namespace_id is not None else zone.linked
        raise ApiError("AccessDenied", f"The resource hostedzone/{zone.id} can only be managed through {service}", 403)
    records = list(zone.records)
    for change in params["ChangeBatch"]["Changes"]:
        wanted = _record_of(zone, change["ResourceRecordSet"])
        same = [r for r in records if _order(r) == _order(wanted)]
        name = f"[name='{escaped(wanted.name)}', type='{wanted.type}']"
        if change["Action"] == "CREATE" and same:
            raise ApiError("InvalidChangeBatch", f"[Tried to create resource record set {name} but it already exists]")
        if change["Action"] == "DELETE" and [_record_set(r) for r in same] != [_record_set(wanted)]:
            why = "the values provided do not match the current values" if same else "it was not found"
            raise ApiError("InvalidChangeBatch", f"[Tried to delete resource record set {name} but {why}]")
        records = [r for r in records if r not in same]
        if change["Action"] != "DELETE":
            _refuse_conflict(zone, records, wanted)
            records.append(wanted)
    _refuse_missing_target(account, zone, records)
    zone.records[:] = records
    account.state.changed()
    return change_info(params["ChangeBatch"].get("Comment"))


def _refuse_conflict(zone: LiveZone, records: list[RecordSet], wanted: RecordSet) -> None:
    """Raise :class:`ApiError` where a CNAME would not be alone at its name, or would be at the top of the zone.

    RFC 1034, section 3.6.2
    """
    others = {r.type for r in records if r.name == wanted.name} - {wanted.type}
    said = f"[RRSet of type {wanted.type} with DNS name {escaped(wanted.name)} is not permitted"
    if wanted.type == "CNAME" and wanted.name == zone.name:
        raise ApiError("InvalidChangeBatch", f"{said} at apex in zone {escaped(zone.name)}]")
    if wanted.type == "CNAME" and others:
        why = "as it conflicts with other records with the same DNS name"
        raise ApiError("InvalidChangeBatch", f"{said} {why} in zone {escaped(zone.name)}]")
    if "CNAME" in others:
        why = "because a conflicting RRSet of type CNAME with the same DNS name already exists"
        raise ApiError("InvalidChangeBatch", f"{said} {why} in zone {escaped(zone.name)}]")


def _refuse_missing_target(account: Account, zone: LiveZone, records: list[RecordSet]) -> None:
    """Raise :class:`ApiError` where a new alias is of a record of the zone that does not exist."""
    known = {(r.name, r.type) for r in (*records, *records_of_zone(account.state, zone.id))}
    for alias, kind in ((r.alias, r.type) for r in records if r not in zone.records):
        if alias is not None and alias.zone == zone.id and (alias.name, kind) not in known:
            text = f"[Tried to create an alias that targets {escaped(alias.name)}, type {kind} in zone {zone.id}, "
            raise ApiError("InvalidChangeBatch", f"{text}but that target was not found]")


def _record_of(zone: LiveZone, record: dict[str, Any]) -> RecordSet:
    name = unescaped(record["Name"])
    if name != zone.name and not name.endswith(f".{zone.name}"):
        text = f"[RRSet with DNS name {escaped(name)} is not permitted in zone {escaped(zone.name)}]"
        raise ApiError("InvalidChangeBatch", text)
    target, values = record.get("AliasTarget"), record.get("ResourceRecords")
    if bool(target) == bool(values):
        raise ApiError("InvalidChangeBatch", "[Expected exactly one of AliasTarget or ResourceRecords]")
    if values and "TTL" not in record:
        raise ApiError("InvalidChangeBatch", "[Missing field 'TTL' in RRSet]")
    return RecordSet(
        name,
        record["Type"],
        record.get("TTL", 60),
        tuple(v["Value"] for v in values or ()),
        record.get("SetIdentifier"),
        multivalue=bool(record.get("MultiValueAnswer")),
        weight=record.get("Weight"),
        failover=record.get("Failover"),
        region=record.get("Region"),
        country=record.get("GeoLocation", {}).get("CountryCode"),
        policy={k: record[k] for k in OTHER_POLICIES if k in record},
        health_check=record.get("HealthCheckId"),
        alias=Alias(
            name=unescaped(target["DNSName"]), zone=target["HostedZoneId"], evaluates=target["EvaluateTargetHealth"]
        )
        if target
        else None,
    )
