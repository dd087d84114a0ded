"""The world file: a small AWS account, its network and one host, described in YAML.

What a world leaves out has the value that a sound system would have, so that a file holds only what is special:
a task of an ECS service that has a registry is registered in Cloud Map with its own id and address, its instance
has the health that ECS would report, and the instance has its record in the zone. Every one of these steps can be
switched off or overridden, which is how a world is broken.

Times are ages: ``started_ago: 3600`` means that it started an hour before the lab did.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal, TypeAlias

import msgspec
from msgspec import Struct

#: What a world may be called that another one builds on.
_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")


class Part(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of a world. Unknown keys are errors: a misspelled fault would make a healthy world."""


class Dhcp(Part, frozen=True):
    """DHCP options."""

    id: str = "dopt-0default"
    servers: tuple[str, ...] = ("AmazonProvidedDNS",)
    domain: str | None = None


class Vpc(Part, frozen=True):
    """A VPC. ``profiles`` are ids of Route 53 Profiles associated with it."""

    id: str
    cidr: str
    secondary_cidrs: tuple[str, ...] = ()
    name: str = ""
    dns_support: bool = True
    dns_hostnames: bool = True
    dhcp: Dhcp = Dhcp()
    profiles: tuple[str, ...] = ()
    owner: str | None = None


class Instance(Part, frozen=True):
    """An instance registered by hand (or left over). ``record`` false: Route 53 has no record for it.

    ``owned`` false: no network interface has its address.
    """

    id: str
    ipv4: str | None = None
    ipv6: str | None = None
    port: int | None = None
    attributes: dict[str, str] = {}
    health: Literal["HEALTHY", "UNHEALTHY", "UNKNOWN"] | None = None
    record: bool = True
    owned: bool = True
    cluster: str | None = None
    ecs_service: str | None = None


class DnsRecord(Part, frozen=True):
    """A record type with its TTL in seconds."""

    type: str = "A"
    ttl: int = 10


class Operation(Part, frozen=True):
    """A Cloud Map operation."""

    id: str
    type: str = "REGISTER_INSTANCE"
    status: str = "FAIL"
    error_code: str | None = None
    error_message: str | None = None
    instance_id: str | None = None
    ago: float = 60


class Service(Part, frozen=True):
    """A Cloud Map service.

    ``type`` follows from ``records`` when left out. ``all_unhealthy`` says what DNS does when every instance is
    UNHEALTHY, which AWS does not settle: ``answers`` (fail open) or ``withholds``.
    """

    id: str
    name: str
    records: tuple[DnsRecord, ...] = (DnsRecord(),)
    routing: Literal["MULTIVALUE", "WEIGHTED"] = "MULTIVALUE"
    health: Literal["custom", "route53", "none"] = "custom"
    type: Literal["HTTP", "DNS_HTTP", "DNS"] | None = None
    created_ago: float = 30 * 86400
    description: str = ""
    tags: dict[str, str] = {}
    instances: tuple[Instance, ...] = ()
    operations: tuple[Operation, ...] = ()
    all_unhealthy: Literal["answers", "withholds"] = "withholds"


class Namespace(Part, frozen=True):
    """A namespace. ``vpcs`` are the VPCs that its zone is associated with. ``zone`` null: it was deleted.

    A public one that is not ``delegated`` is denied by its parent, or by another zone of its name, if the parent
    delegates to the servers ``delegated_to``.
    """

    id: str
    name: str
    type: Literal["DNS_PRIVATE", "DNS_PUBLIC", "HTTP"] = "DNS_PRIVATE"
    zone: str | None = None
    zone_deleted: bool = False
    vpcs: tuple[str, ...] = ()
    soa_ttl: int = 15
    owner: str | None = None
    http_name: str | None = None
    services: tuple[Service, ...] = ()
    delegated: bool = True
    delegated_to: tuple[str, ...] = ()


class Container(Part, frozen=True):
    """A container of a running task. ``health`` follows from the task's when left out."""

    name: str
    health: Literal["HEALTHY", "UNHEALTHY", "UNKNOWN"] | None = None
    last_status: str = "RUNNING"
    reason: str = ""
    exit_code: int | None = None
    host_port: int | None = None


class Task(Part, frozen=True):
    """A task. ``registered`` false: Cloud Map has no instance for it. ``instance_*`` override its instance.

    ``listens`` are the ports on which it accepts connections (left out: those of its containers); ``silent``: its host
    is dead, and packets to it are lost.
    """

    id: str
    address: str | None = None
    ipv6: str | None = None
    last_status: str = "RUNNING"
    desired_status: str = "RUNNING"
    health: Literal["HEALTHY", "UNHEALTHY", "UNKNOWN"] = "HEALTHY"
    connectivity: str = "CONNECTED"
    started_ago: float | None = 3600
    created_ago: float | None = None
    stopping_ago: float | None = None
    stopped_ago: float | None = None
    stop_code: str | None = None
    stopped_reason: str = ""
    containers: tuple[Container, ...] = ()
    task_definition: str | None = None
    deployment: str | None = None
    group: str | None = None
    started_by: str | None = None
    launch_type: str | None = None
    container_instance: str | None = None
    registered: bool | None = None
    instance_address: str | None = None
    instance_port: int | None = None
    instance_health: Literal["HEALTHY", "UNHEALTHY", "UNKNOWN"] | None = None
    health_known: bool = True
    record: bool = True
    listens: tuple[int, ...] | None = None
    silent: bool = False


class Registry(Part, frozen=True):
    """A service registry: ``service`` is a Cloud Map service id of this world, or ``arn`` any text."""

    service: str | None = None
    arn: str | None = None
    container_name: str | None = None
    container_port: int | None = None
    port: int | None = None


class Deployment(Part, frozen=True):
    """A deployment of an ECS service; the default one is an old, completed PRIMARY."""

    id: str = "ecs-svc/1000000000000000001"
    status: str = "PRIMARY"
    rollout_state: str = "COMPLETED"
    rollout_reason: str = ""
    created_ago: float = 86400
    task_definition: str | None = None
    desired: int | None = None
    running: int | None = None
    pending: int = 0
    failed: int = 0
    service_connect: dict[str, Any] | None = None


class TaskSet(Part, frozen=True):
    """A task set of a service with an external or CodeDeploy controller."""

    id: str
    external_id: str | None = None
    status: str = "PRIMARY"
    registries: tuple[Registry, ...] = ()
    task_definition: str | None = None
    created_ago: float = 86400
    running: int | None = None


class Event(Part, frozen=True):
    """A message of a service."""

    message: str
    ago: float = 60


class EcsService(Part, frozen=True):
    """An ECS service. ``running`` and ``pending`` are counted from the tasks when left out."""

    name: str
    task_definition: str
    desired: int | None = None
    running: int | None = None
    pending: int | None = None
    status: str = "ACTIVE"
    launch_type: str | None = "FARGATE"
    controller: Literal["ECS", "CODE_DEPLOY", "EXTERNAL"] = "ECS"
    registries: tuple[Registry, ...] = ()
    deployments: tuple[Deployment, ...] = (Deployment(),)
    task_sets: tuple[TaskSet, ...] = ()
    events: tuple[Event, ...] = ()
    minimum_healthy_percent: int = 100
    maximum_percent: int = 200
    strategy: Literal["ROLLING", "BLUE_GREEN", "LINEAR", "CANARY"] | None = None
    created_ago: float = 30 * 86400
    tasks: tuple[Task, ...] = ()


class ContainerInstance(Part, frozen=True):
    """An EC2 or external host of a cluster."""

    id: str
    status: str = "ACTIVE"
    agent_connected: bool = True
    address: str | None = None
    ec2_instance_id: str | None = "i-0123456789abcdef0"


class Cluster(Part, frozen=True):
    """A cluster. ``tasks`` are those that belong to no service."""

    name: str
    services: tuple[EcsService, ...] = ()
    tasks: tuple[Task, ...] = ()
    container_instances: tuple[ContainerInstance, ...] = ()


class HealthCheck(Part, frozen=True):
    """A container health check; times in seconds."""

    command: tuple[str, ...]
    interval: int = 30
    timeout: int = 5
    retries: int = 3
    start_period: int = 0


class ContainerDefinition(Part, frozen=True):
    """A container definition. ``environment`` exists to prove that it is never read into a case."""

    name: str
    image: str = "example/app:1"
    essential: bool = True
    health_check: HealthCheck | None = None
    port: int | None = None
    host_port: int | None = None
    depends_on: dict[str, str] = {}
    start_timeout: int | None = None
    environment: dict[str, str] = {}


class TaskDefinition(Part, frozen=True):
    """A task definition."""

    family: str
    revision: int = 1
    network_mode: Literal["awsvpc", "bridge", "host", "none"] = "awsvpc"
    containers: tuple[ContainerDefinition, ...] = ()


class Record(Part, frozen=True):
    """A record set that is in a zone besides those of Cloud Map instances."""

    name: str
    type: str = "A"
    ttl: int = 60
    values: tuple[str, ...] = ()
    set_identifier: str | None = None
    multivalue: bool = False


class Zone(Part, frozen=True):
    """A hosted zone that no namespace made (or, with ``id`` of a namespace's zone, more records for that one)."""

    id: str
    name: str = ""
    private: bool = True
    vpcs: tuple[str, ...] = ()
    records: tuple[Record, ...] = ()
    owner: str | None = None


class Rule(Part, frozen=True):
    """A Resolver rule. ``targets`` as ``ADDRESS`` or ``ADDRESS:PORT``; ``vpcs`` it is associated with."""

    id: str
    domain: str
    type: Literal["FORWARD", "SYSTEM", "RECURSIVE", "DELEGATE"] = "FORWARD"
    targets: tuple[str, ...] = ()
    vpcs: tuple[str, ...] = ()
    status: str = "COMPLETE"
    name: str = ""


class FirewallRule(Part, frozen=True):
    """A DNS Firewall rule with its domains; ``managed``: the list cannot be read."""

    name: str
    priority: int
    domains: tuple[str, ...] = ()
    action: Literal["ALLOW", "BLOCK", "ALERT"] = "BLOCK"
    block_response: str | None = "NXDOMAIN"
    override_domain: str | None = None
    qtype: str | None = None
    list_id: str = "rslvr-fdl-1"
    managed: bool = False


class FirewallGroup(Part, frozen=True):
    """A rule group and the VPCs that it is associated with."""

    id: str
    priority: int = 101
    vpcs: tuple[str, ...] = ()
    rules: tuple[FirewallRule, ...] = ()
    name: str = ""


class Endpoint(Part, frozen=True):
    """A Resolver endpoint."""

    id: str
    vpc: str
    addresses: tuple[str, ...]
    direction: Literal["INBOUND", "OUTBOUND"] = "INBOUND"
    status: str = "OPERATIONAL"
    security_groups: tuple[str, ...] = ("sg-0endpoint",)
    protocols: tuple[str, ...] = ("Do53",)


class Profile(Part, frozen=True):
    """A Route 53 Profile and what it brings: ids of zones, rules and firewall groups."""

    id: str
    name: str = "shared"
    zones: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    firewall_groups: tuple[str, ...] = ()


class Ingress(Part, frozen=True):
    """An ingress permission of a security group; protocol ``-1`` is everything."""

    protocol: str = "-1"
    from_port: int | None = None
    to_port: int | None = None
    ranges: tuple[str, ...] = ("0.0.0.0/0",)


class SecurityGroup(Part, frozen=True):
    """A security group."""

    id: str
    ingress: tuple[Ingress, ...] = (Ingress(),)


class ClientVpn(Part, frozen=True):
    """An AWS Client VPN endpoint."""

    id: str
    vpc: str | None
    client_cidr: str = "10.99.0.0/22"
    dns_servers: tuple[str, ...] = ()
    split_tunnel: bool = True
    transit_gateway: bool = False
    routes: tuple[str, ...] = ()
    authorized: tuple[str, ...] = ()


class NameServer(Part, frozen=True):
    """A name server that is not a VPC resolver: a home router, a company's server, a forwarder.

    It looks ``forwards`` up first (domain -> address of another server of the world) and then behaves as ``kind``
    says: ``public`` denies private names as the internet does, ``refuses``, ``servfail`` and ``silent`` do what they
    say, ``hijacks`` answers every unknown name with ``address_for_unknown``. ``rebind_filter`` removes private
    addresses from what it forwards, ``records`` are its own (name -> addresses). ``validates``: it checks DNSSEC, so
    what it forwards is SERVFAIL, the zones being unsigned below a signed parent, unless the question has CD.
    """

    address: str
    kind: Literal["public", "refuses", "servfail", "silent", "hijacks"] = "public"
    forwards: dict[str, str] = {}
    rebind_filter: Literal["no", "empty", "refused"] = "no"
    address_for_unknown: str = "203.0.113.80"
    records: dict[str, tuple[str, ...]] = {}
    remembers: dict[str, int] = {}
    validates: bool = False


class VpcDns(Part, frozen=True):
    """What the VPC resolvers do besides answering from the zones.

    ``remembers_denial`` (name -> seconds left) and ``remembers`` (name -> addresses, with ``remembered_ttl`` seconds
    left) are caches; ``loses`` is the share of queries without a reply, ``loses_every`` the same by count (3: every third by UDP);
    ``largest_edns`` drops what offers more by UDP, ``intercepted_by`` answers UDP in their place (a server's address),
    with ``intercepts_tcp`` TCP as well; ``silent_udp`` and ``silent_tcp`` block one
    transport; ``cache`` makes answers keep their TTL counting down.
    """

    remembers_denial: dict[str, int] = {}
    remembers: dict[str, tuple[str, ...]] = {}
    remembered_ttl: int = 8
    loses: float = 0.0
    loses_every: int = 0
    largest_edns: int | None = None
    intercepted_by: str | None = None
    intercepts_tcp: bool = False
    silent_udp: bool = False
    silent_tcp: bool = False


class Interface(Part, frozen=True):
    """A network interface of the host."""

    name: str
    address: str
    prefix: int = 24
    tunnel: bool = False


class Host(Part, frozen=True):
    """The host that asks.

    ``vpn`` up: VPC ranges in ``vpn_routes`` (default: all VPCs with ``reachable``) go into the tunnel. ``in_vpc``: the host is
    an instance or task of that VPC. ``files`` (absolute path -> content) and ``commands`` (command line -> output)
    are laid over what the lab derives. ``nameservers`` is what resolv.conf, or the default resolver, lists.
    ``resolver_files`` are files of /etc/resolver on macOS (name -> content). ``hosts`` are lines at the end of the
    hosts file (name -> address).
    """

    platform: Literal["linux", "macos"] = "macos"
    version: str = ""
    vpn: Literal["up", "down", "none"] = "up"
    vpn_routes: tuple[str, ...] | None = None
    in_vpc: str | None = None
    nameservers: tuple[str, ...] = ("192.168.1.1",)
    search: tuple[str, ...] = ()
    resolver_files: dict[str, str] | None = None
    hosts: dict[str, str] = {}
    interfaces: tuple[Interface, ...] = (Interface(name="en0", address="192.168.1.23"),)
    files: dict[str, str] = {}
    commands: dict[str, str] = {}


#: ``timeout``: what is sent to it is lost; ``late``: it answers when nobody waits any more; ``truncated``: it cuts what it
#: says by UDP, and TCP does not get through. What programs get of most of them is silence.
DnsFault: TypeAlias = Literal[
    "timeout",
    "late",
    "refused",
    "servfail",
    "truncated",
    "wrong-id",
    "wrong-question",
    "garbage",
    "other-name",
    "many-records",
    "cname-loop",
]


class Step(Part, frozen=True):
    """What happens to a task of an ECS service, ``after`` seconds from the start of the lab.

    A task that ``starts`` is RUNNING with health UNKNOWN; one that ``is-registered`` has an instance that is UNHEALTHY
    until it ``answers``; one that ``stops`` stays registered until it ``is-deregistered``.
    """

    after: float
    service: str
    task: str
    does: Literal["starts", "is-healthy", "is-registered", "answers", "stops", "is-deregistered", "is-gone"]
    address: str | None = None


class Faults(Part, frozen=True):
    """Faults of the AWS API itself, by operation (``ecs:DescribeTasks``, ``ecs:*``, ``*``), and of name servers.

    ``deny`` answers as the protocol's denial, in the words for a caller whom nothing allows it, or who is kept from it
    by what ``denied_by`` says; with ``allow`` everything else is denied, too; ``throttle`` maps an operation to how often it is throttled first (-1: always);
    ``errors`` maps one to how its answer is broken: ``http-500``, ``empty``, ``garbage`` (the page of a guest network),
    ``cut`` (the right answer, which ends in the middle), ``hang``, ``reset`` (the connection is closed), ``expired``.
    ``refused`` are services (``ecs``) whose endpoint refuses connections. ``dns`` maps the address of a name server to
    what it does instead of answering.
    """

    deny: tuple[str, ...] = ()
    allow: tuple[str, ...] | None = None
    denied_by: Literal["nothing-allows", "explicit-deny", "scp", "boundary"] = "nothing-allows"
    throttle: dict[str, int] = {}
    errors: dict[str, Literal["http-500", "empty", "garbage", "cut", "hang", "reset", "expired"]] = {}
    refused: tuple[str, ...] = ()
    dns: dict[str, DnsFault] = {}
    latency_ms: int = 0
    page_size: int | None = None


class Expect(Part, frozen=True):
    """What sddoctor must, and must not, say about the world."""

    verdict: Literal["healthy", "degraded", "broken", "inconclusive"] = "healthy"
    root_causes: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    exit: int | None = None


class World(Part, frozen=True):
    """A whole world. ``args`` are what ``check`` is called with besides the name."""

    title: str
    about: str = ""
    sources: tuple[str, ...] = ()
    name: str = "dev-api.example.internal"
    args: tuple[str, ...] = ()
    region: str = "ap-northeast-1"
    account: str = "111122223333"
    vpcs: tuple[Vpc, ...] = ()
    namespaces: tuple[Namespace, ...] = ()
    clusters: tuple[Cluster, ...] = ()
    task_definitions: tuple[TaskDefinition, ...] = ()
    zones: tuple[Zone, ...] = ()
    rules: tuple[Rule, ...] = ()
    firewall: tuple[FirewallGroup, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    profiles: tuple[Profile, ...] = ()
    security_groups: tuple[SecurityGroup, ...] = ()
    client_vpns: tuple[ClientVpn, ...] = ()
    servers: tuple[NameServer, ...] = (NameServer(address="192.168.1.1"),)
    vpc_dns: VpcDns = VpcDns()
    host: Host = Host()
    faults: Faults = Faults()
    script: tuple[Step, ...] = ()
    expect: Expect = Expect()


_PACKAGED = Path(__file__).parent / "worlds"


class WorldError(ValueError):
    """A world file that cannot be read; the message is one sentence."""


def load(path: Path) -> World:
    """Read a world file. ``base: OTHER`` (beside it, or a world of the package) is merged below it, key by key.

    Raises :class:`WorldError`.
    """
    return parse(_merged(path, ()), str(path))


def parse(data: Any, label: str = "world") -> World:
    """Build a world from plain data. Raises :class:`WorldError`."""
    try:
        return msgspec.convert(data, World)
    except (msgspec.ValidationError, RecursionError) as error:
        raise WorldError(f"The world {label} is not valid: {error}.") from error


def _merged(path: Path, seen: tuple[Path, ...]) -> Any:
    import yaml

    if path in seen:
        raise WorldError(f"The world {path} is its own base.")
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, AttributeError, yaml.YAMLError, RecursionError) as error:
        # PyYAML lets through what its converters of dates and numbers raise.
        raise WorldError(f"The world {path} cannot be read: {str(error)[:500]}.") from error
    if not isinstance(data, dict):
        raise WorldError(f"The world {path} is not a mapping of keys.")
    base = data.pop("base", None)
    if base is None:
        return data
    if not isinstance(base, str) or not _NAME.fullmatch(base):
        raise WorldError(f"The base of the world {path} is not the name of a world.")
    beside, packaged = (directory / f"{base}.yaml" for directory in (path.parent, _PACKAGED))
    return merge(_merged(beside if beside.is_file() else packaged, (*seen, path)), data)


def merge(below: Any, above: Any) -> Any:
    """Lay plain data over other plain data: mappings key by key, everything else is replaced.

    A list of mappings can be changed in place by a mapping from index or ``id``/``name`` to changes:
    ``clusters: {dev: {services: {dev-api-service: {desired: 0, tasks: []}}}}``.
    """
    if isinstance(below, dict) and isinstance(above, dict):
        return {**below, **{k: merge(below[k], v) if k in below else v for k, v in above.items()}}
    if isinstance(below, list) and isinstance(above, dict):
        return _merge_list(below, above)
    return above


def _merge_list(below: list[Any], above: dict[Any, Any]) -> list[Any]:
    left = dict(above)
    merged = []
    for index, item in enumerate(below):
        keys = [index, *(item.get(k) for k in ("id", "name", "address", "family") if isinstance(item, dict))]
        key = next((k for k in keys if isinstance(k, (str, int)) and k in left), None)
        change = left.pop(key) if key is not None else {}
        if change is not None:
            merged.append(merge(item, change))
    if left:
        raise WorldError(f"The world changes {', '.join(map(repr, left))}, which its base does not have.")
    return merged
