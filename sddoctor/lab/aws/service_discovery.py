"""AWS Cloud Map, reading.

https://docs.aws.amazon.com/cloud-map/latest/api/API_Operations.html
"""

from __future__ import annotations

from sddoctor.lab.aws import service_discovery_discover, service_discovery_writes
from sddoctor.lab.aws.account import Account, Params, Wire, serves
from sddoctor.lab.aws.errors import ApiError, denied, invalid
from sddoctor.lab.aws.service_discovery_find import (
    find_namespace,
    find_service,
    named_namespaces,
    owner_of,
    service_shape,
)
from sddoctor.lab.objects import LiveNamespace, LiveOperation, Registered
from sddoctor.lab.state import LabState

SERVICE = "servicediscovery"
#: Imported for the operations that they register.
ALSO = (service_discovery_discover, service_discovery_writes)


def _matches(values: dict[str, str | None], filters: list[Wire]) -> bool:
    """Tell whether all filters match. Besides equality the lab implements ``BEGINS_WITH`` only."""
    for wanted in filters:
        value = values.get(wanted["Name"])
        condition = wanted.get("Condition", "EQ")
        if condition not in ("EQ", "IN", "BEGINS_WITH"):
            raise invalid(SERVICE, f"Condition {condition} is not valid for {wanted['Name']}")
        if wanted["Name"] not in values:
            raise invalid(SERVICE, f"Filter {wanted['Name']} is not valid here")
        if condition == "BEGINS_WITH":
            if value is None or not any(value.startswith(v) for v in wanted["Values"]):
                return False
        elif value not in wanted["Values"]:
            return False
    return True


def _namespace(account: Account, namespace: LiveNamespace) -> Wire:
    state = account.state
    properties: Wire = {"HttpProperties": {"HttpName": namespace.http_name}}
    if namespace.zone_id is not None:
        properties["DnsProperties"] = {"HostedZoneId": namespace.zone_id, "SOA": {"TTL": namespace.soa_ttl}}
    return {
        "Id": namespace.id,
        "Arn": namespace.arn,
        "ResourceOwner": namespace.owner,
        "Name": namespace.name,
        "Type": namespace.type,
        "Description": namespace.description or None,
        "ServiceCount": sum(s.namespace_id == namespace.id for s in state.services.values()),
        "Properties": properties,
        "CreateDate": namespace.created_at,
    }


@serves(SERVICE, "ListNamespaces")
def list_namespaces(account: Account, params: Params) -> Wire:
    """List namespaces. Filters apply after paging, so that a page may be empty without being the last.

    https://docs.aws.amazon.com/cloud-map/latest/api/API_ListNamespaces.html
    """
    state = account.state
    page, token = account.page(list(state.namespaces.values()), params.get("NextToken"), params.get("MaxResults"))
    found = [
        _namespace(account, n)
        for n in page
        if _matches(
            {"TYPE": n.type, "NAME": n.name, "HTTP_NAME": n.http_name, "RESOURCE_OWNER": owner_of(state, n.owner)},
            params.get("Filters", []),
        )
    ]
    return {"Namespaces": found, "NextToken": token}


@serves(SERVICE, "GetNamespace")
def get_namespace(account: Account, params: Params) -> Wire:
    """Return a namespace. Cloud Map never shows its VPCs, only Route 53 does."""
    return {
        "Namespace": {
            **_namespace(account, find_namespace(account, params["Id"])),
            "CreatorRequestId": "lab",
        }
    }


@serves(SERVICE, "ListServices")
def list_services(account: Account, params: Params) -> Wire:
    """List services. Filters apply after paging, and name a shared namespace by its ARN.

    https://docs.aws.amazon.com/cloud-map/latest/api/API_ServiceFilter.html
    """
    state = account.state
    page, token = account.page(list(state.services.values()), params.get("NextToken"), params.get("MaxResults"))
    filters = [_by_id(account, f) for f in params.get("Filters", [])]
    found = [
        service_shape(s, detailed=False)
        for s in page
        if _matches({"NAMESPACE_ID": s.namespace_id, "RESOURCE_OWNER": owner_of(state, s.owner)}, filters)
    ]
    return {"Services": found, "NextToken": token}


def _by_id(account: Account, wanted: Wire) -> Wire:
    """Return a filter with ids in place of ARNs; unknown ones match nothing."""
    if wanted["Name"] != "NAMESPACE_ID":
        return wanted
    return {**wanted, "Values": [n.id for v in wanted["Values"] for n in named_namespaces(account, v)]}


@serves(SERVICE, "GetService")
def get_service(account: Account, params: Params) -> Wire:
    """Return a service."""
    return {"Service": service_shape(find_service(account, params["Id"]), detailed=True)}


def _instance(account: Account, instance: Registered) -> Wire:
    return {
        "Id": instance.id,
        "Attributes": instance.attributes,
        "CreatedByAccount": account.state.account,
    }


@serves(SERVICE, "ListInstances")
def list_instances(account: Account, params: Params) -> Wire:
    """List the instances of a service."""
    service = find_service(account, params["ServiceId"])
    page, token = account.page(service.instances, params.get("NextToken"), params.get("MaxResults"))
    return {
        "ResourceOwner": service.owner,
        "Instances": [_instance(account, i) for i in page],
        "NextToken": token,
    }


@serves(SERVICE, "GetInstance")
def get_instance(account: Account, params: Params) -> Wire:
    """Return an instance."""
    service = find_service(account, params["ServiceId"])
    instance = service.instance(params["InstanceId"])
    if instance is None:
        raise ApiError("InstanceNotFound", f"Instance with id {params['InstanceId']} not found.")
    return {"ResourceOwner": service.owner, "Instance": _instance(account, instance)}


@serves(SERVICE, "GetInstancesHealthStatus")
def get_instances_health_status(account: Account, params: Params) -> Wire:
    """Map instances to their health. New ones may be missing; without a health check all are UNKNOWN.

    https://docs.aws.amazon.com/cloud-map/latest/api/API_GetInstancesHealthStatus.html
    """
    service = find_service(account, params["ServiceId"])
    wanted = params.get("Instances")
    if wanted is not None:
        missing = next((i for i in wanted if service.instance(i) is None), None)
        if missing is not None:
            raise ApiError("InstanceNotFound", f"Instance with id {missing} not found.")
    chosen = [i for i in service.instances if wanted is None or i.id in wanted]
    page, token = account.page(chosen, params.get("NextToken"), params.get("MaxResults"))
    return {"Status": {i.id: i.health for i in page if i.health_known}, "NextToken": token}


@serves(SERVICE, "ListOperations")
def list_operations(account: Account, params: Params) -> Wire:
    """List operations, the newest first. Filters apply after paging."""
    state = account.state
    ordered = sorted(state.operations.values(), key=lambda o: o.at, reverse=True)
    page, token = account.page(ordered, params.get("NextToken"), params.get("MaxResults"))
    found = [{"Id": o.id, "Status": o.status} for o in page if _selected(state, o, params.get("Filters", []))]
    return {"Operations": found, "NextToken": token}


def _selected(state: LabState, operation: LiveOperation, filters: list[Wire]) -> bool:
    service = state.services.get(operation.targets.get("SERVICE", ""))
    namespace = operation.targets.get("NAMESPACE") or (service.namespace_id if service else None)
    values = {
        "NAMESPACE_ID": namespace,
        "SERVICE_ID": operation.targets.get("SERVICE"),
        "STATUS": operation.status,
        "TYPE": operation.type,
    }
    between = [f for f in filters if f["Name"] == "UPDATE_DATE"]
    for wanted in between:
        low, high = (float(v) / 1000 for v in wanted["Values"])
        if not low <= operation.at.timestamp() <= high:
            return False
    return _matches(values, [f for f in filters if f not in between])


@serves(SERVICE, "GetOperation")
def get_operation(account: Account, params: Params) -> Wire:
    """Return an operation with its error."""
    operation = account.state.operations.get(params["OperationId"])
    if operation is None:
        raise ApiError("OperationNotFound", f"Operation with id {params['OperationId']} not found.")
    return {
        "Operation": {
            "Id": operation.id,
            "Type": operation.type,
            "Status": operation.status,
            "ErrorCode": operation.error_code,
            "ErrorMessage": operation.error_message,
            "CreateDate": operation.at,
            "UpdateDate": operation.at,
            "Targets": operation.targets,
        }
    }


@serves(SERVICE, "ListTagsForResource")
def list_tags_for_resource(account: Account, params: Params) -> Wire:
    """Return the tags of a namespace or a service."""
    name = params["ResourceARN"].rsplit("/", 1)[-1]
    state = account.state
    found = state.services.get(name) or state.namespaces.get(name)
    if found is None or found.arn != params["ResourceARN"]:
        raise ApiError("ResourceNotFoundException", f"Resource {params['ResourceARN']} not found.")
    if found.owner != state.account:
        raise denied(SERVICE, "servicediscovery:ListTagsForResource", found.arn, account.caller)
    return {"Tags": [{"Key": key, "Value": value} for key, value in found.tags.items()]}
