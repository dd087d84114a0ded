"""The world file: a small AWS account, its network and one host, described in YAML.

What a world leaves out has its value in a healthy system, so that a file holds only what is special:
a task of an ECS service that has a registry is registered in Cloud Map with its own id and address, its instance
has the health that ECS would report, and the instance has its record in the zone. Every one of these steps can be
switched off or overridden, which is how a world is broken.

Times are ages: ``started_ago: 3600`` means that it started an hour before the lab did.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

import msgspec

from sddoctor.lab.parts.answers import AnswerRule
from sddoctor.lab.parts.base import Part
from sddoctor.lab.parts.cloudmap import Namespace, Operation
from sddoctor.lab.parts.databases import Databases
from sddoctor.lab.parts.ecs import Cluster, TaskDefinition
from sddoctor.lab.parts.host import Host, NameServer, VpcDns
from sddoctor.lab.parts.lattice import GlobalResolver, LatticeService
from sddoctor.lab.parts.load_balancers import Balancer, TargetGroup
from sddoctor.lab.parts.network import ClientVpn, Endpoint, FirewallGroup, Machine, Profile, Rule, SecurityGroup, Vpc
from sddoctor.lab.parts.route53 import Zone
from sddoctor.lab.parts.vpc_endpoints import PrefixList, VpcEndpoint

#: The name of a world that another one is based on.
_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")


#: ``timeout``: queries are lost; ``late``: replies come when no client waits any longer; ``truncated``: replies by UDP are
#: truncated, and TCP is blocked. From most of them programs get no reply.
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
    """A change to a task of an ECS service, ``after`` seconds from the start of the lab.

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

    ``deny`` operations are denied, by the kind of policy in ``denied_by``; with ``allow`` all others are denied as well.
    ``throttle`` maps an operation to how many of its calls are throttled first (-1: all), ``errors`` to how its answer is
    broken: ``http-500``, ``empty``, ``garbage`` (the page of a guest network), ``cut`` (the right answer, truncated),
    ``hang``, ``reset`` (the connection is closed), ``expired``. ``refused`` are services (``ecs``) whose endpoint refuses
    connections. ``codes`` maps an operation to an error, ``CODE: message``. ``dns`` maps the address of a name server to its fault.
    """

    deny: tuple[str, ...] = ()
    allow: tuple[str, ...] | None = None
    denied_by: Literal["nothing-allows", "explicit-deny", "scp", "boundary", "endpoint"] = "nothing-allows"
    throttle: dict[str, int] = {}
    errors: dict[str, Literal["http-500", "empty", "garbage", "cut", "hang", "reset", "expired"]] = {}
    refused: tuple[str, ...] = ()
    codes: dict[str, str] = {}
    dns: dict[str, DnsFault] = {}
    latency_ms: int = 0
    page_size: int | None = None


class Expect(Part, frozen=True):
    """What sddoctor must report. It is complete: no cause may be found that is neither in ``root_causes`` nor in ``also``.

    ``breaks`` are ``STATION SYMPTOM``, in the order of the path, and complete where they are given. The headline contains
    each of ``says``.
    """

    verdict: Literal["healthy", "degraded", "broken", "inconclusive"] = "healthy"
    root_causes: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    exit: int | None = None
    breaks: tuple[str, ...] | None = None
    says: tuple[str, ...] = ()


class World(Part, frozen=True):
    """A whole world. ``args`` are arguments of ``check`` besides the name; ``answers`` are rules by address of the server.

    ``operations`` are those of Cloud Map that made nothing, such as a namespace. ``internet`` are public names that no
    zone of the world has: addresses, or one other name. ``target_groups`` are those that no load balancer sends requests to.
    """

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
    operations: tuple[Operation, ...] = ()
    rules: tuple[Rule, ...] = ()
    firewall: tuple[FirewallGroup, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    profiles: tuple[Profile, ...] = ()
    security_groups: tuple[SecurityGroup, ...] = ()
    client_vpns: tuple[ClientVpn, ...] = ()
    load_balancers: tuple[Balancer, ...] = ()
    target_groups: tuple[TargetGroup, ...] = ()
    databases: Databases = Databases()
    vpc_endpoints: tuple[VpcEndpoint, ...] = ()
    prefix_lists: tuple[PrefixList, ...] = ()
    machines: tuple[Machine, ...] = ()
    lattice_services: tuple[LatticeService, ...] = ()
    global_resolvers: tuple[GlobalResolver, ...] = ()
    servers: tuple[NameServer, ...] = (NameServer(address="192.168.1.1"),)
    internet: dict[str, tuple[str, ...]] = {}
    vpc_dns: VpcDns = VpcDns()
    answers: dict[str, tuple[AnswerRule, ...]] = {}
    host: Host = Host()
    faults: Faults = Faults()
    script: tuple[Step, ...] = ()
    expect: Expect = Expect()


_PACKAGED = Path(__file__).parent / "worlds"


class WorldError(ValueError):
    """A world file that cannot be read; the message is one sentence."""


def load(path: Path) -> World:
    """Read a world file. ``base: OTHER`` (beside it, or a world of the package) is merged below it, key by key.

    ``expect`` is never taken from the base: it is complete, and each world states its own.

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
    if path in seen:
        raise WorldError(f"The world {path} is its own base.")
    read = plain(path)
    if not isinstance(read, dict):
        raise WorldError(f"The world {path} is not a mapping of keys.")
    base, data = read.get("base"), {k: v for k, v in read.items() if k != "base"}
    if base is None:
        return data
    if not isinstance(base, str) or not _NAME.fullmatch(base):
        raise WorldError(f"The base of the world {path} is not the name of a world.")
    beside, packaged = (directory / f"{base}.yaml" for directory in (path.parent, _PACKAGED))
    below = _merged(beside if beside.is_file() else packaged, (*seen, path))
    return merge({k: v for k, v in below.items() if k != "expect"}, data)


def plain(path: Path) -> Any:
    """Return a YAML file as plain data, which callers must not change: it is cached until the file changes.

    Raises :class:`WorldError`.
    """
    try:
        return _parsed(path, path.stat().st_mtime_ns)
    except (OSError, ValueError) as error:
        raise WorldError(f"The world {path} cannot be read: {str(error)[:500]}.") from error


@lru_cache(maxsize=8)
def _parsed(path: Path, _changed_at: int) -> Any:
    import yaml

    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C it is eight times as fast, and as safe
        return yaml.load(path.read_text(encoding="utf-8"), loader)  # noqa: S506
    except (AttributeError, yaml.YAMLError, RecursionError) as error:
        # PyYAML does not wrap what its converters of dates and numbers raise.
        raise ValueError(str(error)) from error


def merge(below: Any, above: Any) -> Any:
    """Merge plain data over other plain data: mappings key by key, everything else is replaced.

    A list of mappings can be changed in place by a mapping from index or ``id``/``name`` to changes:
    ``clusters: {dev: {services: {dev-api-service: {desired: 0, tasks: []}}}}``.
    """
    if isinstance(below, dict) and isinstance(above, dict):
        return {**below, **{k: merge(below[k], v) if k in below else v for k, v in above.items()}}
    if isinstance(below, list) and isinstance(above, dict):
        return _merge_list(below, above)
    return above


def _merge_list(below: list[Any], above: dict[Any, Any]) -> list[Any]:
    unused = dict(above)
    merged = []
    for index, item in enumerate(below):
        keys = [index, *(item.get(k) for k in ("id", "name", "address", "family") if isinstance(item, dict))]
        key = next((k for k in keys if isinstance(k, (str, int)) and k in unused), None)
        change = unused.pop(key) if key is not None else {}
        if change is not None:
            merged.append(merge(item, change))
    if unused:
        raise WorldError(f"The world changes {', '.join(map(repr, unused))}, which its base does not have.")
    return merged
