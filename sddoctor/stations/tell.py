"""What to look at next where it breaks: one command for each station, which shows what comes out there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from sddoctor.case.dns import Server
from sddoctor.case.seen import FactError
from sddoctor.stations.model import Difference, Station
from sddoctor.text.shell import aws, command
from sddoctor.text.words import in_order
from sddoctor.trail.trail import Trail

_PROGRAM: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "linux": ("getent", "ahosts"),
        "macos": ("dscacheutil", "-q", "host", "-a", "name"),
        "windows": ("Resolve-DnsName",),
    }
)


def tell(trail: Trail, station: Station, difference: Difference) -> str:
    """Return the command that shows what comes out of the station now; empty where what it needs was not seen."""
    try:
        return _BY_STATION[station](trail, difference)
    except FactError:
        return ""


def _tasks(trail: Trail, _: Difference) -> str:
    service = trail.ecs.attached[0]
    query = "services[].[deployments,events[:10]]"
    return aws("ecs", "describe-services", cluster=service.cluster_name, services=service.name, query=query)


def _registry(trail: Trail, _: Difference) -> str:
    return aws("servicediscovery", "list-instances", service_id=trail.cloudmap.service.id)


def _records(trail: Trail, _: Difference) -> str:
    query = f"ResourceRecordSets[?Name=='{trail.name}.']"
    zone = trail.cloudmap.view.zone.value.id
    return aws("route53", "list-resource-record-sets", hosted_zone_id=zone, query=query)


def _server(trail: Trail, difference: Difference) -> str:
    return _dig(trail, difference.server or trail.answers.vpc_server)


def _by_tcp(trail: Trail, _: Difference) -> str:
    return _dig(trail, trail.answers.vpc_server, "+tcp")


def _program(trail: Trail, _: Difference) -> str:
    return command(*_PROGRAM[trail.host.platform], trail.name)


def _port(trail: Trail, difference: Difference) -> str:
    tried = [c for c in trail.case.place.connections if c.address in difference.addresses]
    wanted = in_order(difference.addresses)[0]
    return command("nc", "-vz", wanted, str(next(c.port for c in tried if c.address == wanted)))


def _dig(trail: Trail, server: Server, *options: str) -> str:
    port = ("-p", str(server.port)) if server.port != 53 else ()
    return command("dig", *port, f"@{server.address}", trail.name, trail.rdtype, *options)


_BY_STATION: Mapping[Station, Callable[[Trail, Difference], str]] = MappingProxyType(
    {
        "tasks": _tasks,
        "registry": _registry,
        "records": _records,
        "vpc-answer": _server,
        "path": _by_tcp,
        "servers": _server,
        "stub": _server,
        "program": _program,
        "port": _port,
    }
)
