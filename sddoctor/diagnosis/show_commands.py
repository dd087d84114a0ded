"""The commands that show what comes out of a station, on the platform of the host that was seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from sddoctor.case.dns import Server
from sddoctor.case.seen import FactError
from sddoctor.stations.model import Break, Station
from sddoctor.text.shell import aws, command, powershell
from sddoctor.text.words import in_order
from sddoctor.trail.trail import Trail, optional

_EVENTS = "services[].[serviceName,status,desiredCount,runningCount,pendingCount,events[:5].message]"
_INSTANCES = "Instances[].[Id,Attributes.AWS_INSTANCE_IPV4,Attributes.AWS_INSTANCE_IPV6,Attributes.AWS_INSTANCE_PORT]"
_RECORDS = "ResourceRecordSets[].[Name,Type,TTL,SetIdentifier,ResourceRecords[].Value]"
_SERVICES = "Services[].[Name,Id,Type,InstanceCount]"
#: So often is a query repeated where it is answered only now and then.
_TIMES = 10
#: At most so many addresses are tried.
_MOST_PORTS = 2


def commands(trail: Trail, station: Station, one: Break) -> tuple[str, ...]:
    """Return the commands that show what the break is about at one of its two sides; none without the ids that they need."""
    try:
        return tuple(_OF[station](trail, one))
    except FactError:
        return ()


def _tasks(trail: Trail, one: Break) -> Iterator[str]:
    for service in trail.ecs.attached:
        where = {"cluster": service.cluster_name}
        yield aws("ecs", "describe-services", **where, services=service.name, query=_EVENTS)
        if one.symptom == "missing":
            options = {"desired_status": "STOPPED", "query": "taskArns", "output": "text"}
            yield aws("ecs", "list-tasks", **where, service_name=service.name, **options)


def _registry(trail: Trail, one: Break) -> Iterator[str]:
    view = optional(lambda: trail.cloudmap.view)
    if view is None:
        yield aws("servicediscovery", "list-namespaces", query="Namespaces[].[Name,Id,Type]", output="text")
        return
    service = optional(lambda: trail.cloudmap.service)
    if service is None:
        wanted = f"Name=NAMESPACE_ID,Condition=EQ,Values={view.namespace.id}"
        yield aws("servicediscovery", "list-services", filters=wanted, query=_SERVICES, output="text")
        return
    identifier = service.id if view.namespace.owner == "SELF" else service.arn
    yield aws("servicediscovery", "list-instances", service_id=identifier, query=_INSTANCES, output="text")
    if one.at == "registry":
        yield aws("servicediscovery", "get-instances-health-status", service_id=identifier, query="Status")


def _records(trail: Trail, _one: Break) -> Iterator[str]:
    zone = trail.cloudmap.view.zone.seen_or(None)
    zone_id = zone.id if zone is not None else trail.cloudmap.namespace.hosted_zone_id
    if zone_id is None:
        return
    yield aws(
        "route53", "list-resource-record-sets",
        hosted_zone_id=zone_id, start_record_name=trail.case.name, max_items=10, query=_RECORDS,
    )  # fmt: skip


def _vpc_answer(trail: Trail, one: Break) -> Iterator[str]:
    yield _query(trail, trail.answers.vpc_server, one)


def _path(trail: Trail, one: Break) -> Iterator[str]:
    server = trail.answers.vpc_server
    yield _query(trail, server, one)
    if not _is_windows(trail):
        yield _query(trail, server, one, "+tcp")


def _servers(trail: Trail, one: Break) -> Iterator[str]:
    servers = (one.server,) if one.at == "servers" and one.server else trail.host.servers[:2]
    for server in servers:
        yield _query(trail, server, one)


def _stub(trail: Trail, one: Break) -> Iterator[str]:
    server = one.server if one.at == "stub" and one.server else trail.host.choice.stub
    if server is not None:
        yield _query(trail, server, one)


def _program(trail: Trail, one: Break) -> Iterator[str]:
    name = trail.case.name
    if _is_windows(trail):
        yield _repeated_on_windows(powershell("Resolve-DnsName", "-Name", name), one)
    elif trail.host.platform == "macos":
        yield _repeated(command("dscacheutil", "-q", "host", "-a", "name", name), one)
    else:
        yield _repeated(command("getent", "ahosts", name), one)


def _port(trail: Trail, one: Break) -> Iterator[str]:
    ports = {c.address: c.port for c in trail.case.place.connections if not one.addresses or c.address in one.addresses}
    for address in in_order(ports)[:_MOST_PORTS]:
        if _is_windows(trail):
            yield powershell("Test-NetConnection", "-ComputerName", address, "-Port", str(ports[address]))
        else:
            yield command("nc", "-vz", "-w", "3", address, str(ports[address]))


def _query(trail: Trail, server: Server, one: Break, *options: str) -> str:
    """Return the query for the name to the server; PowerShell can send none to another port than 53."""
    kind = "SRV" if trail.queries_srv else "AAAA" if _is_ipv6(one) else "A"
    if _is_windows(trail) and server.port == 53:
        words = ("Resolve-DnsName", "-Name", trail.case.name, "-Type", kind, "-Server", server.address, "-DnsOnly")
        return _repeated_on_windows(powershell(*words), one)
    port = () if server.port == 53 else ("-p", str(server.port))
    short = ("+short",) if one.symptom == "now-and-then" else ()
    return _repeated(command("dig", f"@{server.address}", *port, trail.case.name, kind, *options, *short), one)


def _is_ipv6(one: Break) -> bool:
    return bool(one.addresses) and all(":" in a for a in one.addresses)


def _repeated(line: str, one: Break) -> str:
    """Return the command, repeated where one answer would not show the fault."""
    if one.symptom != "now-and-then":
        return line
    return f"for n in {' '.join(map(str, range(1, _TIMES + 1)))}; do {line}; done"


def _repeated_on_windows(line: str, one: Break) -> str:
    return f"1..{_TIMES} | ForEach-Object {{ {line} }}" if one.symptom == "now-and-then" else line


def _is_windows(trail: Trail) -> bool:
    return optional(lambda: trail.host.platform) == "windows"


_OF: Mapping[Station, Callable[[Trail, Break], Iterator[str]]] = {
    "tasks": _tasks,
    "registry": _registry,
    "records": _records,
    "vpc-answer": _vpc_answer,
    "path": _path,
    "servers": _servers,
    "stub": _stub,
    "program": _program,
    "port": _port,
}
