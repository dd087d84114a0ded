"""Cloud Map resources by id or ARN, and the shape of a service.

A resource that another account shares must be named by its ARN.
https://docs.aws.amazon.com/cloud-map/latest/dg/sharing-namespaces.html
"""

from __future__ import annotations

from sddoctor.lab.aws.account import Account, Wire
from sddoctor.lab.aws.errors import ApiError
from sddoctor.lab.objects import LiveNamespace, LiveService
from sddoctor.lab.state import LabState


def owner_of(state: LabState, account: str) -> str:
    """Return the value of the ``RESOURCE_OWNER`` filter for an account's resources."""
    return "SELF" if account == state.account else "OTHER_ACCOUNTS"


def named_namespaces(account: Account, name: str) -> list[LiveNamespace]:
    """Return the namespace with that id or ARN, or none."""
    found = account.state.namespaces.get(name.rsplit("/", 1)[-1])
    return [found] if found is not None and name in _names(account.state, found) else []


def find_namespace(account: Account, name: str) -> LiveNamespace:
    """Return a namespace by id or ARN. Raises :class:`ApiError`."""
    for found in named_namespaces(account, name):
        return found
    raise ApiError("NamespaceNotFound", f"Namespace with id {name} not found.")


def find_service(account: Account, name: str) -> LiveService:
    """Return a service by id or ARN. Raises :class:`ApiError`."""
    found = account.state.services.get(name.rsplit("/", 1)[-1])
    if found is None or name not in _names(account.state, found):
        raise ApiError("ServiceNotFound", f"Service with id {name} not found.")
    return found


def _names(state: LabState, found: LiveNamespace | LiveService) -> tuple[str, ...]:
    return (found.arn, found.id) if found.owner == state.account else (found.arn,)


def service_shape(service: LiveService, *, detailed: bool) -> Wire:
    """Return a service as ``GetService`` (detailed) and ``ListServices`` show it."""
    dns_config = {
        "RoutingPolicy": service.routing,
        "DnsRecords": [{"Type": kind, "TTL": ttl} for kind, ttl in service.records.items()],
    }
    found: Wire = {
        "Id": service.id,
        "Arn": service.arn,
        "ResourceOwner": service.owner,
        "CreatedByAccount": service.owner,
        "Name": service.name,
        "Description": service.description or None,
        "InstanceCount": len(service.instances),
        "Type": service.type,
        "CreateDate": service.created_at,
    }
    if service.records:
        found["DnsConfig"] = {"NamespaceId": service.namespace_id, **dns_config} if detailed else dns_config
    if service.health == "custom":
        found["HealthCheckCustomConfig"] = {"FailureThreshold": 1}
    if service.health == "route53":
        found["HealthCheckConfig"] = {"Type": "HTTP", "ResourcePath": "/", "FailureThreshold": 1}
    if detailed:
        found["NamespaceId"] = service.namespace_id
        found["CreatorRequestId"] = service.creator_request_id or "lab"
    return found
