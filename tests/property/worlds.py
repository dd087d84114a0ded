"""Healthy worlds of every legal shape, each made anew from its seed."""

from __future__ import annotations

import random

from tests.property.askers import draw_asker
from tests.property.sketch import REGIONS, Sketch, Vpc
from tests.property.surroundings import draw_surroundings
from tests.property.tasks import PORT, draw_definitions, draw_hosts, draw_tasks

_NAMESPACES = ("example.internal", "svc.prod.corp.internal", "stage.test", "mesh.example.com")
_SERVICES = ("dev-api", "a", "orders", "Orders_2", "v1.orders", "backend-for-frontend-of-the-shop")


def healthy(seed: int) -> Sketch:
    """Draw the healthy world of a seed."""
    sketch = Sketch(seed, random.Random(seed))
    rng = sketch.rng
    sketch.data |= {
        "title": f"Healthy world {seed}",
        "region": rng.choice(REGIONS),
        "account": "".join(rng.choices("123456789", k=12)),
        "namespaces": [],
        "clusters": [],
        "task_definitions": [],
        **{k: [] for k in ("zones", "rules", "firewall", "endpoints", "profiles", "client_vpns")},
    }
    _draw_vpcs(sketch)
    _draw_names(sketch)
    if sketch.chance(0.06):
        _draw_by_hand(sketch)
    else:
        _draw_ecs(sketch)
    draw_surroundings(sketch)
    _draw_view(sketch)
    draw_asker(sketch)
    _draw_details(sketch)
    for kind in ("namespaces", "clusters", "zones", "rules"):
        rng.shuffle(sketch.data[kind])
    return sketch


def _draw_vpcs(sketch: Sketch) -> None:
    """One to four VPCs, some with secondary ranges; a neighbour may even use the same range."""
    rng = sketch.rng
    ranges = [
        f"10.{rng.randrange(10, 90)}.0.0/16",
        f"10.{rng.randrange(110, 200)}.{rng.randrange(4) * 64}.0/18",
        f"172.{rng.randrange(17, 31)}.{rng.randrange(8) * 4}.0/22",
        f"172.16.{rng.randrange(16) * 16}.0/20",
    ]
    rng.shuffle(ranges)
    vpcs = []
    for number, cidr in enumerate(ranges[: rng.choice((1, 2, 2, 3, 4))]):
        secondary = (f"100.{64 + number}.0.0/16",) if rng.random() < 0.3 else ()
        vpcs.append(Vpc(f"vpc-0{sketch.hex(16)}", cidr, secondary, rng))
    sketch.vpc = vpcs[0]
    sketch.client = rng.choice(vpcs[:2])
    sketch.data["vpcs"] = [
        {"id": v.id, "cidr": v.cidr, "secondary_cidrs": list(v.secondary), "name": f"vpc-{n}"}
        for n, v in enumerate(vpcs)
    ]
    rng.shuffle(sketch.data["vpcs"])
    if sketch.vpc.secondary:
        sketch.note("secondary range")


def _draw_names(sketch: Sketch) -> None:
    """The namespace and the Cloud Map service: types, routing, health, TTLs."""
    rng = sketch.rng
    sketch.mode = rng.choice(("awsvpc",) * 6 + ("bridge", "host"))
    public = sketch.mode == "awsvpc" and rng.random() < 0.1
    types: list[str] = rng.choice((["A"], ["A"], ["A"], ["AAAA"], ["A", "AAAA"], ["SRV"]))
    if sketch.mode != "awsvpc":
        types = ["SRV"]
    if public:
        types = ["A"]
    name = rng.choice(_SERVICES)
    if types == ["SRV"] and rng.random() < 0.7:
        name = rng.choice(("_http._tcp", "_api._tcp", "_grpc._udp"))
    ttl = rng.choice((5, 10, 10, 15, 60, 60, 300))
    sketch.service |= {
        "id": f"srv-{sketch.hex(16)}",
        "name": name,
        "records": [{"type": t, "ttl": ttl} for t in types],
        "routing": rng.choice(("MULTIVALUE", "MULTIVALUE", "WEIGHTED")),
        "health": rng.choice(("custom", "custom", "none")),
        "created_ago": 3e7,
    }
    sketch.namespace |= {
        "id": f"ns-{sketch.hex(16)}",
        "name": rng.choice(("example.com", "svc.example.com")) if public else rng.choice(_NAMESPACES),
        "type": "DNS_PUBLIC" if public else "DNS_PRIVATE",
        "zone": f"Z0{sketch.hex(18).upper()}",
        "vpcs": [],
        "soa_ttl": rng.choice((15, 15, 60, 900)),
        "services": [sketch.service],
    }
    sketch.data["namespaces"].append(sketch.namespace)
    sketch.note("+".join(types))
    sketch.note(sketch.mode)
    sketch.note(f"{sketch.service['routing'].lower()}, health {sketch.service['health']}")
    sketch.note("public" if public else "private")


def _draw_ecs(sketch: Sketch) -> None:
    """The ECS service that registers, with everything below it."""
    rng = sketch.rng
    registry: dict[str, object] = {"service": sketch.service["id"]}
    if sketch.service["records"][0]["type"] == "SRV":
        by_port = sketch.mode == "awsvpc" and rng.random() < 0.3
        registry |= {"port": PORT} if by_port else {"container_name": "app", "container_port": PORT}
    sketch.ecs |= {
        "name": rng.choice(("api", "dev-api-service", "orders", "OrdersService-x7Kq2")),
        "task_definition": rng.choice(("api", "orders_task")),
        "launch_type": "FARGATE" if sketch.mode == "awsvpc" and rng.random() < 0.7 else "EC2",
        "registries": [registry],
    }
    sketch.cluster |= {"name": rng.choice(("dev", "prod", "default")), "services": [sketch.ecs]}
    sketch.data["clusters"].append(sketch.cluster)
    sketch.note(sketch.ecs["launch_type"])
    draw_definitions(sketch)
    draw_hosts(sketch)
    draw_tasks(sketch)


def _draw_by_hand(sketch: Sketch) -> None:
    """No ECS at all: instances that a script, a Lambda or another account registered."""
    rng = sketch.rng
    sketch.service["records"] = [{"type": "A", "ttl": 30}]
    sketch.service["name"] = "dev-api"
    sketch.mode = "awsvpc"
    sketch.note("by hand")
    shared = sketch.namespace["type"] == "DNS_PRIVATE" and rng.random() < 0.5
    instances = []
    for number in range(rng.randrange(1, 5)):
        instance = {"id": f"host-{number}", "ipv4": sketch.vpc.address()}
        if shared:
            instance |= {"id": sketch.hex(32), "cluster": "theirs", "ecs_service": "api"}
        instances.append(instance)
    sketch.service["instances"] = instances
    if shared:
        sketch.namespace["owner"] = "999988887777"
        sketch.opaque = True
        sketch.note("shared namespace")


def _draw_view(sketch: Sketch) -> None:
    """Let the VPCs see the zone: by association, or the client's by a Profile."""
    if sketch.namespace["type"] != "DNS_PRIVATE":
        return
    sketch.namespace["vpcs"] = [sketch.vpc.id]
    if sketch.client is sketch.vpc:
        return
    if sketch.chance(0.2):
        profile = {"id": f"rp-{sketch.hex(15)}", "zones": [sketch.namespace["zone"]]}
        sketch.data["profiles"].append(profile)
        vpc = next(v for v in sketch.data["vpcs"] if v["id"] == sketch.client.id)
        vpc["profiles"] = [*vpc.get("profiles", ()), profile["id"]]
        sketch.note("zone by Profile")
    else:
        sketch.namespace["vpcs"].append(sketch.client.id)
        sketch.rng.shuffle(sketch.namespace["vpcs"])


def _draw_details(sketch: Sketch) -> None:
    """Small pages of the API, and an answer of the resolver's cache."""
    rng = sketch.rng
    if rng.random() < 0.1:
        sketch.data["faults"] = {"page_size": rng.choice((2, 5, 7))}
        sketch.note("small pages")
    addresses = (
        [t["address"] for t in sketch.running() if "address" in t and (t.get("started_ago") or 0) > 120]
        if sketch.ecs
        else []
    )
    plain = [r["type"] for r in sketch.service["records"]] == ["A"] and len(addresses) <= 8
    settled = sketch.ecs and len(addresses) == sketch.ecs["desired"] == len(list(sketch.running()))
    if plain and settled and sketch.service["routing"] == "MULTIVALUE" and rng.random() < 0.2:
        ttl = sketch.service["records"][0]["ttl"]
        sketch.data["vpc_dns"] = {
            "remembers": {sketch.full_name.lower(): addresses},
            "remembered_ttl": rng.randrange(3, ttl + 1),
        }
        sketch.note("cached answer")
