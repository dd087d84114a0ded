"""AWS Cloud Map: discovery, by the names of a namespace and a service.

https://docs.aws.amazon.com/cloud-map/latest/api/API_DiscoverInstances.html
"""

from __future__ import annotations

import random
from typing import Any

from sddoctor.lab.aws.account import Account, Params, Wire, serves
from sddoctor.lab.aws.errors import ApiError
from sddoctor.lab.objects import LiveNamespace, LiveService

SERVICE = "servicediscovery"


def _discovered(account: Account, params: Params) -> tuple[LiveNamespace, LiveService]:
    state = account.state
    owner = params.get("OwnerAccount", state.account)
    namespaces = [n for n in state.namespaces.values() if n.http_name == params["NamespaceName"] and n.owner == owner]
    if not namespaces:
        raise ApiError("NamespaceNotFound", f"Namespace {params['NamespaceName']} not found.")
    for namespace in namespaces:
        for service in state.services.values():
            if service.namespace_id == namespace.id and service.name == params["ServiceName"]:
                return namespace, service
    raise ApiError("ServiceNotFound", f"Service {params['ServiceName']} not found.")


@serves(SERVICE, "DiscoverInstances")
def discover_instances(account: Account, params: Params) -> Wire:
    """Return a random sample of the instances. Without a health check the health filter is ignored.

    The model has no default for ``HealthStatus``; by the developer guide it is HEALTHY.
    https://docs.aws.amazon.com/cloud-map/latest/api/API_DiscoverInstances.html
    """
    namespace, service = _discovered(account, params)
    query = params.get("QueryParameters", {})
    found = [i for i in service.instances if all(i.attributes.get(k) == v for k, v in query.items())]
    preferred = [i for i in found if all(i.attributes.get(k) == v for k, v in _optional(params).items())]
    found = preferred or found
    if service.health != "none":
        wanted = params.get("HealthStatus", "HEALTHY")
        healthy = [i for i in found if i.health == "HEALTHY"]
        by_health = {
            "HEALTHY": healthy,
            "UNHEALTHY": [i for i in found if i.health == "UNHEALTHY"],
            "HEALTHY_OR_ELSE_ALL": healthy or found,
        }
        found = by_health.get(wanted, found)
    sample = random.sample(found, min(len(found), params.get("MaxResults", 100)))
    return {
        "Instances": [
            {
                "InstanceId": i.id,
                "NamespaceName": namespace.http_name,
                "ServiceName": service.name,
                "HealthStatus": i.health,
                "Attributes": i.attributes,
            }
            for i in sample
        ],
        "InstancesRevision": service.revision,
    }


def _optional(params: Params) -> dict[str, Any]:
    found: dict[str, Any] = params.get("OptionalParameters", {})
    return found


@serves(SERVICE, "DiscoverInstancesRevision")
def discover_instances_revision(account: Account, params: Params) -> Wire:
    """Return a number that grows when instances come and go, not when their health changes."""
    return {"InstancesRevision": _discovered(account, params)[1].revision}
