"""AWS Cloud Map, writing. Every operation succeeds at once.

https://docs.aws.amazon.com/cloud-map/latest/api/API_Operations.html
"""

from __future__ import annotations

from datetime import UTC, datetime

from sddoctor.lab import derive
from sddoctor.lab.aws.account import Account, Params, Wire, serves
from sddoctor.lab.aws.errors import ApiError, invalid
from sddoctor.lab.aws.service_discovery_find import find_namespace, find_service, service_shape
from sddoctor.lab.objects import LiveNamespace, LiveOperation, LiveService, Registered
from sddoctor.lab.zones import LiveZone

SERVICE = "servicediscovery"


def _operation(account: Account, kind: str, error_code: str | None = None, **targets: str) -> Wire:
    """Record an operation; one with an error code has failed."""
    state = account.state
    state.changed()
    operation_id = "op-" + state.fresh_id("operation")
    status = "FAIL" if error_code else "SUCCESS"
    state.operations[operation_id] = LiveOperation(
        operation_id, kind, status, datetime.now(UTC), targets, error_code, error_code and error_code.capitalize()
    )
    return {"OperationId": operation_id}


@serves(SERVICE, "CreatePrivateDnsNamespace")
def create_private_dns_namespace(account: Account, params: Params) -> Wire:
    """Create a namespace and its zone; the operation fails if the VPC has a zone of that name already."""
    state = account.state
    name, vpc_id = params["Name"], params["Vpc"]
    if vpc_id not in state.vpcs:
        raise invalid(SERVICE, f"The VPC {vpc_id} is not valid.")
    if any(zone.name == name.lower() and vpc_id in zone.vpcs for zone in state.zones.values()):
        return _operation(account, "CREATE_NAMESPACE", "CANNOT_CREATE_HOSTED_ZONE")
    namespace_id, zone_id = "ns-" + state.fresh_id("namespace", 16), "Z0" + state.fresh_id("zone").upper()
    soa_ttl = params.get("Properties", {}).get("DnsProperties", {}).get("SOA", {}).get("TTL", 15)
    state.namespaces[namespace_id] = LiveNamespace(
        id=namespace_id,
        arn=state.arn(SERVICE, f"namespace/{namespace_id}"),
        name=name,
        type="DNS_PRIVATE",
        owner=state.account,
        zone_id=zone_id,
        soa_ttl=soa_ttl,
        http_name=name,
        created_at=datetime.now(UTC),
        description=params.get("Description", ""),
        tags={t["Key"]: t["Value"] for t in params.get("Tags", [])},
    )
    state.zones[zone_id] = LiveZone(
        zone_id, name.lower(), True, state.account, [vpc_id], soa_ttl=soa_ttl, namespace_id=namespace_id
    )
    return _operation(account, "CREATE_NAMESPACE", NAMESPACE=namespace_id)


@serves(SERVICE, "UpdatePrivateDnsNamespace")
def update_private_dns_namespace(account: Account, params: Params) -> Wire:
    """Change the SOA's TTL or the description."""
    namespace = find_namespace(account, params["Id"])
    change = params["Namespace"]
    ttl = change.get("Properties", {}).get("DnsProperties", {}).get("SOA", {}).get("TTL")
    if ttl is not None:
        namespace.soa_ttl = ttl
        if namespace.zone_id in account.state.zones:
            account.state.zones[namespace.zone_id].soa_ttl = ttl
    namespace.description = change.get("Description", namespace.description)
    return _operation(account, "UPDATE_NAMESPACE", NAMESPACE=namespace.id)


@serves(SERVICE, "CreateService")
def create_service(account: Account, params: Params) -> Wire:
    """Create a service. One with DNS settings in a DNS namespace has records, any other is for the API only."""
    state = account.state
    config = params.get("DnsConfig") or {}
    namespace_id = params.get("NamespaceId") or config.get("NamespaceId")
    if namespace_id is None:
        raise invalid(SERVICE, "NamespaceId is required.")
    namespace = find_namespace(account, namespace_id)
    records = {r["Type"]: r["TTL"] for r in config.get("DnsRecords", [])}
    if records and (namespace.type == "HTTP" or params.get("Type") == "HTTP"):
        raise invalid(SERVICE, "DnsConfig is not valid for a service that is found by HTTP only.")
    for other in state.services.values():
        if other.namespace_id == namespace.id and other.name.lower() == params["Name"].lower():
            raise ApiError("ServiceAlreadyExists", f"The service {params['Name']} already exists.")
    if "HealthCheckConfig" in params and "HealthCheckCustomConfig" in params:
        raise invalid(SERVICE, "Specify HealthCheckConfig or HealthCheckCustomConfig, not both.")
    health = "custom" if "HealthCheckCustomConfig" in params else "none"
    service_id = "srv-" + state.fresh_id("service", 16)
    state.services[service_id] = LiveService(
        id=service_id,
        arn=state.arn(SERVICE, f"service/{service_id}"),
        name=params["Name"],
        namespace_id=namespace.id,
        type="DNS_HTTP" if records else "HTTP",
        records=records,
        routing=config.get("RoutingPolicy", "MULTIVALUE"),
        health="route53" if "HealthCheckConfig" in params else health,
        created_at=datetime.now(UTC),
        description=params.get("Description", ""),
        tags={t["Key"]: t["Value"] for t in params.get("Tags", [])},
    )
    state.changed()
    return {"Service": service_shape(state.services[service_id], detailed=True)}


@serves(SERVICE, "UpdateService")
def update_service(account: Account, params: Params) -> Wire:
    """Change TTLs, description or the Route 53 health check. Record types and custom health are fixed.

    https://docs.aws.amazon.com/cloud-map/latest/api/API_UpdateService.html
    """
    service = find_service(account, params["Id"])
    change = params["Service"]
    if "DnsConfig" in change:
        records = {r["Type"]: r["TTL"] for r in change["DnsConfig"]["DnsRecords"]}
        if set(records) - set(service.records):
            raise invalid(SERVICE, "The types of DNS records cannot be changed.")
        service.records = records
    service.description = change.get("Description", service.description)
    if service.health != "custom":
        service.health = "route53" if "HealthCheckConfig" in change else "none"
    return _operation(account, "UPDATE_SERVICE", SERVICE=service.id)


@serves(SERVICE, "DeleteService")
def delete_service(account: Account, params: Params) -> Wire:
    """Delete a service that has no instances."""
    service = find_service(account, params["Id"])
    if service.instances:
        raise ApiError("ResourceInUse", "The service still has registered instances.")
    del account.state.services[service.id]
    account.state.changed()
    return {}


@serves(SERVICE, "RegisterInstance")
def register_instance(account: Account, params: Params) -> Wire:
    """Register an instance, or replace the one with that id. Without its zone the operation fails."""
    service = find_service(account, params["ServiceId"])
    attributes = dict(params["Attributes"])
    for kind, key in (("A", "AWS_INSTANCE_IPV4"), ("AAAA", "AWS_INSTANCE_IPV6"), ("CNAME", "AWS_INSTANCE_CNAME")):
        if list(service.records) == [kind] and key not in attributes:
            raise invalid(SERVICE, f"The attribute {key} is required for a service with {kind} records.")
    if "SRV" in service.records and "AWS_INSTANCE_PORT" not in attributes:
        raise invalid(SERVICE, "The attribute AWS_INSTANCE_PORT is required for a service with SRV records.")
    if not attributes.get("AWS_INSTANCE_PORT", "1").isdecimal():
        raise invalid(SERVICE, "The attribute AWS_INSTANCE_PORT is not a number.")
    targets = {"SERVICE": service.id, "INSTANCE": params["InstanceId"]}
    zone_id = account.state.namespaces[service.namespace_id].zone_id
    if service.records and zone_id not in account.state.zones:
        return _operation(account, "REGISTER_INSTANCE", "HOSTED_ZONE_NOT_FOUND", **targets)
    _drop_leftover_record(account, service, params["InstanceId"])
    put(service, derive.registered(params["InstanceId"], attributes, service.health))
    return _operation(account, "REGISTER_INSTANCE", **targets)


def _drop_leftover_record(account: Account, service: LiveService, instance_id: str) -> None:
    """Drop a leftover record with the instance's id as its set identifier: the instance's replaces it."""
    namespace = account.state.namespaces[service.namespace_id]
    zone = account.state.zones.get(namespace.zone_id or "")
    if zone is not None:
        name = f"{service.name}.{namespace.name}".lower()
        zone.records[:] = [r for r in zone.records if (r.name, r.set_identifier) != (name, instance_id)]


def put(service: LiveService, instance: Registered) -> None:
    """Add an instance to a service, or replace the one with its id."""
    remove(service, instance.id)
    service.instances.append(instance)
    service.revision += 1


def remove(service: LiveService, instance_id: str) -> None:
    """Remove an instance from a service, if it is registered."""
    kept = [i for i in service.instances if i.id != instance_id]
    service.revision += len(kept) != len(service.instances)
    service.instances[:] = kept


@serves(SERVICE, "DeregisterInstance")
def deregister_instance(account: Account, params: Params) -> Wire:
    """Remove an instance and its records."""
    service = find_service(account, params["ServiceId"])
    if service.instance(params["InstanceId"]) is None:
        raise ApiError("InstanceNotFound", f"Instance with id {params['InstanceId']} not found.")
    remove(service, params["InstanceId"])
    return _operation(account, "DEREGISTER_INSTANCE", SERVICE=service.id, INSTANCE=params["InstanceId"])


@serves(SERVICE, "UpdateInstanceCustomHealthStatus")
def update_instance_custom_health_status(account: Account, params: Params) -> Wire:
    """Set the health of an instance, at once.

    https://docs.aws.amazon.com/cloud-map/latest/api/API_UpdateInstanceCustomHealthStatus.html
    """
    service = find_service(account, params["ServiceId"])
    if service.health != "custom":
        raise ApiError("CustomHealthNotFound", "The service has no custom health check.")
    instance = service.instance(params["InstanceId"])
    if instance is None:
        raise ApiError("InstanceNotFound", f"Instance with id {params['InstanceId']} not found.")
    instance.health = params["Status"]
    instance.health_known = True
    account.state.changed()
    return {}
