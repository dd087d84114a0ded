"""The names of VPC endpoints, what they lead to, and the private zones that AWS makes for them.

https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from sddoctor.lab.derive import availability_zone, made_up_id
from sddoctor.lab.leads import Leads, OwnInterface
from sddoctor.lab.parts.vpc_endpoints import VpcEndpoint
from sddoctor.lab.world import World
from sddoctor.lab.zones import LiveZone, RecordSet

#: Who owns the zones of endpoints.
OWNER = "vpce.amazonaws.com"
TTL = 60
#: Services that can be asked in every region, with or without an endpoint.
_SERVICES = ("ecs", "ec2", "servicediscovery", "data-servicediscovery", "route53resolver", "logs", "sts", "rds")
#: Services whose names are not those of their endpoints, reversed.
_ANY_BELOW = ("ecr.dkr", "execute-api")


def service_name(world: World, endpoint: VpcEndpoint) -> str:
    """Return the whole name of the service that an endpoint is for."""
    whole = endpoint.service.startswith("com.amazonaws.") or ".vpce." in endpoint.service
    return endpoint.service if whole else f"com.amazonaws.{world.region}.{endpoint.service}"


def private_names(world: World, endpoint: VpcEndpoint) -> tuple[str, ...]:
    """Return the names that an interface endpoint answers for in its VPC: the public ones of its service."""
    if endpoint.type != "Interface" or not endpoint.private_dns:
        return ()
    if endpoint.private_names:
        return tuple(n.lower().rstrip(".") for n in endpoint.private_names)
    short = service_name(world, endpoint).removeprefix(f"com.amazonaws.{world.region}.")
    if ".vpce." in short:
        return ()
    name = f"{'.'.join(reversed(short.split('.')))}.{world.region}.amazonaws.com"
    return (name, f"*.{name}") if short in _ANY_BELOW else (name,)


def own_names(world: World, endpoint: VpcEndpoint) -> dict[str, tuple[str, ...]]:
    """Return the names of an interface endpoint itself, with their addresses: of all zones, then of each."""
    if endpoint.type != "Interface":
        return {}
    whole = service_name(world, endpoint)
    end = whole.rpartition(".")[2] if ".vpce." in whole else ""
    short = end or whole.removeprefix(f"com.amazonaws.{world.region}.")
    first = f"{endpoint.id}-{made_up_id('vpce', endpoint.id, length=8)}"
    rest = f"{short}.{world.region}.vpce.amazonaws.com"
    found = {f"{first}.{rest}": endpoint.addresses}
    for zone in dict.fromkeys(availability_zone(world.region, a) for a in endpoint.addresses):
        there = tuple(a for a in endpoint.addresses if availability_zone(world.region, a) == zone)
        found[f"{first}-{zone}.{rest}"] = there
    return found


def endpoint_names(world: World) -> dict[str, Leads]:
    """Return where public names lead: those of endpoints to their interfaces, those of services to a public address."""
    found = {f"{s}.{world.region}.amazonaws.com" for s in _SERVICES}
    found |= {n for e in world.vpc_endpoints for n in private_names(world, e) if "*" not in n}
    leads = {n: Leads(TTL, (_public_address(n),)) for n in found if n.endswith(".amazonaws.com")}
    for endpoint in (e for e in world.vpc_endpoints if e.state == "available"):
        leads |= {n: Leads(TTL, addresses) for n, addresses in own_names(world, endpoint).items()}
    return leads


def _public_address(name: str) -> str:
    """Return an address of a documentation range (RFC 5737), always the same for a name."""
    return f"203.0.113.{hashlib.sha256(name.encode()).digest()[0] % 250 + 2}"


def endpoint_zones(world: World) -> Iterator[LiveZone]:
    """Yield the private zones of endpoints with private DNS, which AWS owns."""
    for endpoint in (e for e in world.vpc_endpoints if e.state == "available"):
        names = private_names(world, endpoint)
        for apex in (n for n in names if not n.startswith("*.")):
            records = [RecordSet(n, "A", TTL, endpoint.addresses) for n in names if n in (apex, f"*.{apex}")]
            zone_id = zone_of(endpoint, apex)
            yield LiveZone(zone_id, apex, private=True, owner=OWNER, vpcs=[endpoint.vpc], records=records)


def zone_of(endpoint: VpcEndpoint, name: str) -> str:
    """Return the id of the private zone of an endpoint's name."""
    return "Z0" + made_up_id("vpce-zone", endpoint.id, name.removeprefix("*.")).upper()


def endpoint_interfaces(world: World) -> Iterator[OwnInterface]:
    """Yield the network interfaces of endpoints."""
    for endpoint in world.vpc_endpoints:
        for address in endpoint.addresses:
            yield OwnInterface(
                interface_id(endpoint, address),
                address,
                f"VPC Endpoint Interface {endpoint.id}",
                "vpc_endpoint",
                ports=(443,),
                vpc_id=endpoint.vpc,
                open=endpoint.state == "available",
            )


def interface_id(endpoint: VpcEndpoint, address: str) -> str:
    """Return the id of the network interface of an endpoint that has an address."""
    return "eni-" + made_up_id("eni", endpoint.id, address)
