"""Worlds with many names: healthy, but for those that a test breaks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sddoctor.lab.world import World, parse

REGION = "ap-northeast-1"


def estate(
    services: int,
    tasks: int = 2,
    *,
    clusters: int = 1,
    namespaces: int = 1,
    broken: Mapping[int, Mapping[str, Any]] | None = None,
    **changes: Any,
) -> World:
    """Return a world with ``services`` names in all, each of ``tasks`` tasks, spread over clusters and namespaces.

    ``broken`` holds, by the number of the service, what is different about its ECS service.
    """
    by_namespace: list[list[dict[str, Any]]] = [[] for _ in range(namespaces)]
    by_cluster: list[list[dict[str, Any]]] = [[] for _ in range(clusters)]
    definitions = []
    for n in range(services):
        name = f"svc-{n:04d}"
        by_namespace[n % namespaces].append({"id": f"srv-{n:017d}", "name": name})
        service = {
            "name": f"{name}-service",
            "task_definition": name,
            "desired": tasks,
            "registries": [{"service": f"srv-{n:017d}"}],
            "tasks": [{"id": f"{n:016x}{t:016x}", "address": _address(n * tasks + t)} for t in range(tasks)],
        }
        by_cluster[n % clusters].append(service | dict((broken or {}).get(n, {})))
        check = {"command": ["CMD-SHELL", "wget -q -O /dev/null http://127.0.0.1:3000/ || exit 1"], "start_period": 60}
        container = {"name": name, "image": f"example/{name}:1", "port": 3000, "health_check": check}
        definitions.append({"family": name, "revision": 1, "containers": [container]})
    domains = [f"n{n}.internal" for n in range(namespaces)]
    data: dict[str, Any] = {
        "title": f"{services} services",
        "name": f"svc-0000.{domains[0]}",
        "region": REGION,
        "account": "111122223333",
        "vpcs": [{"id": "vpc-0a1b2c3d4e5f60718", "cidr": "10.16.0.0/12"}],
        "namespaces": [
            {
                "id": f"ns-estate{n:010d}",
                "name": domain,
                "zone": f"Z0ESTATE{n:06d}",
                "vpcs": ["vpc-0a1b2c3d4e5f60718"],
                "services": by_namespace[n],
            }
            for n, domain in enumerate(domains)
        ],
        "clusters": [{"name": f"cluster-{n}", "services": found} for n, found in enumerate(by_cluster)],
        "task_definitions": definitions,
        "host": {
            "platform": "macos",
            "version": "14.5",
            "vpn": "up",
            "resolver_files": dict.fromkeys(domains, "nameserver 10.16.0.2\n"),
        },
    }
    return parse(data | changes)


def _address(number: int) -> str:
    high, low = divmod(number + 256, 250)
    return f"10.{16 + high // 250}.{high % 250}.{low + 2}"


def mixed(hand: int = 20, *, wildcard: bool = True, **changes: Any) -> World:
    """Return a world of ten services, and a zone ``corp.internal`` with ``hand`` names of each of five kinds.

    ``hand-N`` is a record of an address that an interface has, ``dead-N`` of one that none has, ``web-N`` an alias of a load
    balancer, ``api-N`` one of the service ``svc-000(N % 10)``, ``gone-N`` one of a service that was never registered.
    """
    base = "n0.internal"
    services = 10
    records: list[dict[str, Any]] = [
        {"name": "corp.internal", "type": "TXT", "values": ['"v=spf1 -all"']},
        {"name": "mail.corp.internal", "type": "MX", "values": ["10 mx.corp.internal"]},
        {"name": "_acme.corp.internal", "type": "CNAME", "values": ["x.acme.example"]},
        {"name": "_sip._tcp.corp.internal", "type": "SRV", "values": ["1 1 5060 hand-0.corp.internal"]},
        {"name": f"svc-0000.{base}.corp.internal", "type": "TXT", "values": ['"owned"']},
    ]
    for n in range(hand):
        records += [
            {"name": f"hand-{n}.corp.internal", "values": [_address(n % (2 * services))]},
            {"name": f"dead-{n}.corp.internal", "values": [f"10.31.{n // 250}.{n % 250 + 2}"]},
            {"name": f"web-{n}.corp.internal", "alias": {"name": f"internal-web-1.{REGION}.elb.amazonaws.com"}},
            {"name": f"api-{n}.corp.internal", "type": "CNAME", "values": [f"svc-{n % services:04d}.{base}"]},
            {"name": f"gone-{n}.corp.internal", "type": "CNAME", "values": [f"never-{n}.{base}"]},
        ]
    if wildcard:
        records.append({"name": "*.corp.internal", "values": [_address(0)]})
    zone = {"id": "Z0CORP0000000000001", "name": "corp.internal", "vpcs": ["vpc-0a1b2c3d4e5f60718"], "records": records}
    balancer = {
        "name": "web",
        "id": "1",
        "addresses": ["10.16.250.1", "10.16.250.2"],
        "groups": [{"name": "web", "port": 8080, "targets": [{"id": _address(0)}]}],
    }
    host = {
        "platform": "macos",
        "version": "14.5",
        "vpn": "up",
        "resolver_files": dict.fromkeys((base, "corp.internal"), "nameserver 10.16.0.2\n"),
    }
    return estate(services, 2, zones=[zone], load_balancers=[balancer], **{"host": host, **changes})
