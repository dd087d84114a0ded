"""The records of a hosted zone: its own, and those that Cloud Map makes for instances.

Both the AWS and the DNS stand-in read them here, so that they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterator

from sddoctor.lab.objects import LiveNamespace, LiveService, Registered
from sddoctor.lab.parts.route53 import Alias
from sddoctor.lab.state import LabState
from sddoctor.lab.zones import ZONE_OF_AWS, RecordSet

#: Reserved for private zones, in the order of a listing in the ECS developer guide.
#: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zones-private.html
PRIVATE_NAME_SERVERS = (
    "ns-1536.awsdns-00.co.uk",
    "ns-0.awsdns-00.com",
    "ns-1024.awsdns-00.org",
    "ns-512.awsdns-00.net",
)
PUBLIC_NAME_SERVERS = (
    "ns-2011.awsdns-59.co.uk",
    "ns-311.awsdns-38.com",
    "ns-1282.awsdns-32.org",
    "ns-761.awsdns-31.net",
)
#: Times of an SOA as Route 53 makes it: serial, refresh, retry, expire, minimum.
SOA_NUMBERS = "1 7200 900 1209600 86400"


def records_of_zone(state: LabState, zone_id: str, about: str | None = None) -> list[RecordSet]:
    """Return the record sets that a zone has now, unordered: NS and SOA, its own, and those of Cloud Map instances.

    ``about`` leaves out services that do not affect the answer for that name: a world may have thousands.
    Hold ``state.lock`` for more than one call. Raises :class:`KeyError` for a zone that does not exist.
    """
    zone = state.zones[zone_id]
    servers = PRIVATE_NAME_SERVERS if zone.private else PUBLIC_NAME_SERVERS
    soa = f"{servers[0]}. awsdns-hostmaster.amazon.com. {SOA_NUMBERS}"
    apex = [
        RecordSet(zone.name, "NS", 172800, tuple(f"{s}." for s in servers)),
        RecordSet(zone.name, "SOA", zone.soa_ttl, (soa,)),
    ]
    own = {(r.name, r.type) for r in zone.records}
    records = [r for r in apex if (r.name, r.type) not in own] + list(zone.records)
    namespace = state.namespaces.get(zone.namespace_id or "")
    if namespace is not None:
        names = _name_and_parents(about, zone.name)
        for service in state.services.values():
            if (
                service.namespace_id == namespace.id
                and service.type != "HTTP"
                and _is_relevant(service, namespace, names)
            ):
                for instance in service.instances:
                    records += _records_of_instance(namespace, service, instance)
    return records


def _name_and_parents(name: str | None, zone: str) -> list[str]:
    """Return the name and its parents below the zone."""
    found = []
    while name and name != zone and name.endswith(zone):
        found.append(name)
        name = name.partition(".")[2]
    return found if name == zone else []


def _is_relevant(service: LiveService, namespace: LiveNamespace, names: list[str]) -> bool:
    """Tell whether the service's name is one of these or below one; without names every service is relevant."""
    if not names:
        return True
    name = f"{service.name}.{namespace.name}".lower()
    return any(name == n or name.endswith(f".{n}") for n in names)


def _records_of_instance(namespace: LiveNamespace, service: LiveService, instance: Registered) -> Iterator[RecordSet]:
    """Yield the records that Cloud Map makes for an instance: an alias is of a load balancer, and has no health.

    https://docs.aws.amazon.com/cloud-map/latest/dg/services-values.html
    """
    if not instance.record:
        return
    name = f"{service.name}.{namespace.name}".lower()
    balancer = instance.attributes.get("AWS_ALIAS_DNS_NAME")
    if balancer is not None:
        for kind in (k for k in service.records if k in ("A", "AAAA")):
            alias = Alias(name=balancer, zone=ZONE_OF_AWS)
            yield RecordSet(name, kind, 60, (), instance.id, weight=1, service_id=service.id, alias=alias)
        return
    values = {
        "A": instance.ipv4,
        "AAAA": instance.ipv6,
        "CNAME": instance.attributes.get("AWS_INSTANCE_CNAME"),
        "SRV": f"1 1 {instance.port} {instance.id}.{name}" if instance.port is not None else None,
    }
    for kind, ttl in service.records.items():
        value = values.get(kind)
        if value is None:
            continue
        yield RecordSet(
            name,
            kind,
            ttl,
            (value,),
            instance.id,
            multivalue=service.routing == "MULTIVALUE",
            weight=1 if service.routing == "WEIGHTED" else None,
            service_id=service.id,
            health=instance.health,
        )
        if kind == "SRV":
            for address_type in ("A", "AAAA"):
                address = values[address_type]
                if address is not None:
                    target = f"{instance.id}.{name}".lower()
                    yield RecordSet(target, address_type, ttl, (address,), service_id=service.id)
